"""Errors this project raises on purpose.

HomeMediaError
├── AgentError              a machine with a graphics card is described wrongly
├── BackupError             a backup cannot be made, or is not what it should be
├── DateRefusedError        a text says no date, or one that cannot be
├── DecodeError             a file's bytes are not a picture we can read
│   └── BombError           a file would cost more than it may
├── ExifToolMissingError    there is no ExifTool to read metadata with
├── FileChangedError        a file's bytes changed while it was read
├── FolderUnreachableError  a folder cannot be seen now, so nothing is known of it
├── MaskError               an array or a run-length code is not a mask
├── NetworkFailedError      a network fails whatever it is shown
├── PathError               a text is not the quoted form of a path
├── SidecarError            a sidecar is not what its name promises
├── StorageFullError        there is no space left to write what was derived
├── TaxonomyError           a file of taxa contradicts itself
├── ValueRefusedError       a tag holds something that cannot be
└── WebhookError            the webhook did not take a message
"""

from pathlib import PurePath


class HomeMediaError(Exception):
    """Base class: catching it catches bad input, never a bug."""


class AgentError(HomeMediaError):
    """A machine with a graphics card is described wrongly: where, and how."""

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(place, fault)
        self.place, self.fault = place, fault

    def __str__(self) -> str:
        return f"{self.place}: {self.fault}"


class BackupError(HomeMediaError):
    """A backup cannot be made, or is not what it should be."""

    def __init__(self, place: PurePath, reason: str) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, reason

    def __str__(self) -> str:
        return f"backup {self.place}: {self.reason}"


class DateRefusedError(HomeMediaError):
    """A text says no date, or one that cannot be."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text, self.reason = text, reason

    def __str__(self) -> str:
        return f"{self.text[:60]!r}: {self.reason}"


class ExifToolMissingError(HomeMediaError):
    """There is no ExifTool to read metadata with."""


class FileChangedError(HomeMediaError):
    """A file's bytes changed while it was read; a later try will do."""

    def __init__(self, path: PurePath) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"changed while it was read: {self.path}"


class FolderUnreachableError(HomeMediaError):
    """A folder cannot be seen now; what is recorded of it must stay as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MaskError(HomeMediaError):
    """An array or a run-length code is not a mask."""


class NetworkFailedError(HomeMediaError):
    """A network fails whatever it is shown: that is not the pictures' fault."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the network fails on every picture: {self.reason}"


class PathError(HomeMediaError):
    """A text is not the quoted form of a path inside a library."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)  # both, so the error survives pickling
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.reason}: {self.path!r}"


class SidecarError(HomeMediaError):
    """A sidecar is not what its name promises."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason

    def __str__(self) -> str:
        return f"not a {self.kind} sidecar: {self.reason}"


class DecodeError(HomeMediaError):
    """A file's bytes are not a picture we can read.

    `permanent` says that another try on the same bytes would fail the same way.
    """

    def __init__(self, path: PurePath, reason: str, permanent: bool = True) -> None:
        super().__init__(path, reason, permanent)  # all, so it survives pickling
        self.path, self.reason, self.permanent = path, reason, permanent

    def __str__(self) -> str:
        return f"cannot decode {self.path}: {self.reason}"


class BombError(DecodeError):
    """A file would need more pixels, bytes or memory than one file may."""


class StorageFullError(HomeMediaError):
    """There is no space left where derived files are written.

    `free` and `reserve` are bytes, where we stopped before the disk did.
    """

    def __init__(
        self, path: PurePath, free: int | None = None, reserve: int | None = None
    ) -> None:
        super().__init__(path, free, reserve)
        self.path, self.free, self.reserve = path, free, reserve

    def __str__(self) -> str:
        if self.free is None or self.reserve is None:
            return f"no space left to write {self.path}"
        return (
            f"no space left to write: {self.free / 1e9:.2f} GB are free on the disk of "
            f"{self.path}, and HOME_MEDIA_DISK_RESERVE keeps {self.reserve / 1e9:g}"
        )


class TaxonomyError(HomeMediaError):
    """A file of taxa contradicts itself; `faults` are all that was found."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "the taxonomy cannot be used: " + "; ".join(self.faults)


class ValueRefusedError(HomeMediaError):
    """A tag holds something that cannot be."""

    def __init__(self, value: object, reason: str) -> None:
        super().__init__(value, reason)
        self.value, self.reason = value, reason

    def __str__(self) -> str:
        said = "" if isinstance(self.value, dict) else str(self.value)
        return f"{said[:60]!r} {self.reason}"


class WebhookError(HomeMediaError):
    """The webhook did not take a message; the reason never holds its address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the webhook did not take the message: {self.reason}"
