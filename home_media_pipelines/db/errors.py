"""Errors of the database room.

HomeMediaError
├── LibraryError     a library cannot be added, or is not known
├── MigrationError   the database cannot hold our schema
│   └── RoleError    a login cannot be made
└── NotCoveredError  a model has not seen enough to be switched to
"""

from home_media_pipelines.core.errors import HomeMediaError


class LibraryError(HomeMediaError):
    """A library cannot be added, or is not known."""

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(library, reason)
        self.library, self.reason = library, reason

    def __str__(self) -> str:
        return f"library {self.library!r}: {self.reason}"


class MigrationError(HomeMediaError):
    """The database cannot hold our schema; the message says what is missing."""


class RoleError(MigrationError):
    """A login cannot be made, or not like this."""


class NotCoveredError(HomeMediaError):
    """A model has not seen enough to be switched to; `share` is of 1."""

    def __init__(self, asset: str, share: float) -> None:
        super().__init__(asset, share)
        self.asset, self.share = asset, share

    def __str__(self) -> str:
        done = int(self.share * 1000) / 10  # never 100.0 of what is not complete
        return f"{self.asset}: only {done} % is done with the new model"
