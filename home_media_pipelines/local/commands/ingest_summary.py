"""What an ingest did, for people and for scripts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[str, int, int | None], None]
"""Told what is being counted (`folders`, `files`), how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """Counts of files, and what could not be done.

    `looked_at` are contents that networks saw, `waiting` what they still wait for, by
    asset: an ingest is complete without them.
    `failed` are files with a problem row: the rest of their folder is done.
    `failed_folders` and `unreachable` map a folder or library to the reason; they are
    tried again next time. `unchecked` says why the checks could not be made.
    """

    folders: int = 0
    seen: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    failed: int = 0
    looked_at: int = 0
    seconds: float = 0.0
    failed_folders: Mapping[str, str] = field(default_factory=dict[str, str])
    unreachable: Mapping[str, str] = field(default_factory=dict[str, str])
    waiting: Mapping[str, str] = field(default_factory=dict[str, str])
    unchecked: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every folder was done and checked; bad files do not count."""
        return not (self.failed_folders or self.unreachable or self.unchecked)
