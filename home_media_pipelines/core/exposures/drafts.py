"""Exposures while they are put together, and how their files are found by name."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from home_media_pipelines.core.exposures.sidecar_names import split_name
from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.inventory.paths import unquote_path

Part = Literal["primary", "raw", "motion", "edited", "sidecar", "copy"]
Key = Callable[[str], str]
"""What is left of a stem when stems are compared."""

SAME_TIME = timedelta(days=1)
"""Clocks of one exposure differ by a time zone at most."""


@dataclass(frozen=True, slots=True)
class GroupableFile:
    """A file of one folder and what its metadata says that helps to group it.

    `path` quoted; `taken_at` local wall time as the file itself says, None rather
    than a guess; `duration` in seconds.
    """

    path: str
    content_id: str | None
    format: str | None
    role: FileRole
    content_identifier: str | None = None
    taken_at: datetime | None = None
    make: str | None = None
    model: str | None = None
    duration: float | None = None

    @property
    def directory(self) -> str:
        """Quoted path of the directory it lies in."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name, as the disk has it."""
        return _name(self.path)

    @property
    def stem(self) -> str:
        """Its name without the extension."""
        return split_name(self.name)[0]


@dataclass(frozen=True, slots=True)
class Exposure:
    """One image: its primary's path, and the part each of its files plays.

    A `copy` is the same picture again: the same bytes as another part, the camera's
    HEIC beside its JPEG and RAW, or its picture without the effect.
    """

    primary: str
    parts: Mapping[str, Part]


@dataclass(slots=True, eq=False)
class Draft:
    """An exposure that is being put together from files of distinct content."""

    primary: GroupableFile
    parts: dict[str, Part]
    files: list[GroupableFile]
    copies: list[GroupableFile] = field(default_factory=list[GroupableFile])
    absorbed: bool = False

    def has(self, part: Part) -> bool:
        """Whether a file plays this part."""
        return part in self.parts.values()

    @property
    def identifiers(self) -> set[str]:
        """The content identifiers of its files."""
        return {it.content_identifier for it in self.files if it.content_identifier}

    def absorb(self, other: "Draft", part: Part) -> None:
        """Take in another draft, whose primary becomes `part` of this one.

        The RAW and the motion of an edit are edits too.
        """
        renamed = {"primary", "raw", "motion"} if part == "edited" else {"primary"}
        for path, old in other.parts.items():
            self.parts[path] = part if old in renamed else old
        self.files += other.files
        self.copies += other.copies
        other.absorbed = True


Named = Callable[[Draft], Iterable[GroupableFile]]
"""Whose names count: those of an exposure's files, or of their copies too."""


def originals(draft: Draft) -> Iterable[GroupableFile]:
    """One file of each content."""
    return draft.files


def with_copies(draft: Draft) -> Iterable[GroupableFile]:
    """All files, so that a copy lends its name."""
    return [*draft.files, *draft.copies]


def by_stem(drafts: Iterable[Draft], named: Named, key: Key) -> Iterator[list[Draft]]:
    """Yield the drafts that share directory and stem, two or more at a time."""
    for members in index(drafts, named, key).values():
        present = [it for it in members if not it.absorbed]
        if len(present) > 1:
            yield present


def index(
    drafts: Iterable[Draft], named: Named, key: Key
) -> dict[tuple[str, str], list[Draft]]:
    """Return the drafts by directory and stem."""
    found: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.absorbed:
            stems = {(it.directory, key(it.stem)) for it in named(draft)}
            for stem in sorted(stems):
                found[stem].append(draft)
    return found


def agree(one: GroupableFile, other: GroupableFile) -> bool:
    """Whether nothing that both say contradicts that they are one exposure."""
    if one.format is None or other.format is None:
        return False
    if one.taken_at and other.taken_at:
        apart = one.taken_at.replace(tzinfo=None) - other.taken_at.replace(tzinfo=None)
        if abs(apart) > SAME_TIME:
            return False
    models = [_letters(it.model) for it in (one, other) if it.model]
    return len(models) < 2 or models[0] in models[1] or models[1] in models[0]


@lru_cache(maxsize=32_768)
def _name(path: str) -> str:
    """Asked of every file a dozen times while its folder is grouped."""
    return unquote_path(path.rpartition("/")[2])


def _letters(model: str) -> str:
    return re.sub(r"[\W_]+", "", model.casefold())
