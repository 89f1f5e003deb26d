"""Errors of the database room.

HomeMediaError
├── LibraryError    a library cannot be added, or is not known
└── MigrationError  the database cannot hold our schema
    └── RoleError   the API's role cannot be made
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
    """The API's role cannot be made."""
