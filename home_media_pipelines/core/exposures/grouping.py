"""Which files of a folder are one exposure.

Evidence, strongest first: equal bytes; the content identifier of a Live Photo; the
name. Names that agree while dates or cameras contradict, and names that fit several
files, prove nothing: such files stay apart.

The primary is what a camera shows: JPEG before HEIC before RAW, the still before its
motion, the original before an edit, so that editing never changes which image it is.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from home_media_pipelines.core.exposures.sidecar_names import (
    is_edit,
    loose,
    split_name,
    takeout_titles,
    unedited,
)
from home_media_pipelines.core.inventory.formats import FileRole
from home_media_pipelines.core.inventory.paths import unquote_path

Part = Literal["primary", "raw", "motion", "edited", "sidecar", "copy"]

MOTION_SECONDS = 6.0
"""A longer video beside a picture of the same name is a video of its own."""

SAME_TIME = timedelta(days=1)
"""Clocks of one exposure differ by a time zone at most."""

_CAMERA_FORMATS = ("jpeg", "heic")
_MOTION_FORMATS = frozenset({"mov", "mp4", "m4v"})
_PREFERENCE = {"jpeg": 0, "heic": 1}


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


@dataclass(frozen=True, slots=True)
class Exposure:
    """One image: its primary's path, and the part each of its files plays.

    A `copy` is the same picture again: the same bytes as another part, or the
    camera's HEIC beside its JPEG and RAW.
    """

    primary: str
    parts: Mapping[str, Part]


@dataclass(slots=True, eq=False)
class _Draft:
    """An exposure that is being put together from files of distinct content."""

    primary: GroupableFile
    parts: dict[str, Part]
    files: list[GroupableFile]
    copies: list[GroupableFile]
    kinds: set[str] = field(default_factory=set[str])
    absorbed: bool = False

    def has(self, part: Part) -> bool:
        return part in self.parts.values()

    def absorb(self, other: "_Draft", part: Part) -> None:
        """Take in another draft, whose primary becomes `part` of this one.

        The RAW and the motion of an edit are edits too.
        """
        renamed = {"primary", "raw", "motion"} if part == "edited" else {"primary"}
        for path, old in other.parts.items():
            self.parts[path] = part if old in renamed else old
        self.files += other.files
        self.copies += other.copies
        self.kinds |= other.kinds
        other.absorbed = True


_Named = Callable[[_Draft], Iterable[GroupableFile]]


def group(files: Sequence[GroupableFile]) -> list[Exposure]:
    """Return the exposures of a folder, by path of their primary.

    Every picture, RAW and video is in exactly one; a sidecar in one at most: those
    without their file, and those that could mean several, are in none. The order of
    `files` does not matter.
    """
    ordered = sorted(files, key=lambda it: it.path)
    drafts = _join_copies(it for it in ordered if it.role in _MEDIA_ROLES)
    sidecars = [it for it in ordered if it.role == "sidecar"]
    # Copies lend their names only after the originals have found their parts.
    for named in (_originals, _with_copies):
        for key in (str, loose):
            for members in _by_stem(drafts, named, key):
                _join_raw(members)
        _join_motion_by_identifier(drafts)
        for key in (str, loose):
            for members in _by_stem(drafts, named, key):
                _join_motion_by_name(members)
        for key in (str, loose):
            _join_edits(drafts, sidecars, named, key)
        for key in (str, loose):
            sidecars = _join_sidecars(drafts, sidecars, named, key)
        drafts = [it for it in drafts if not it.absorbed]
    return sorted(
        (Exposure(it.primary.path, dict(sorted(it.parts.items()))) for it in drafts),
        key=lambda exposure: exposure.primary,
    )


_MEDIA_ROLES = frozenset({"picture", "raw", "video"})


def _join_copies(files: Iterable[GroupableFile]) -> list[_Draft]:
    """One draft per content; files that are no medium inside are never copies."""
    same: dict[str, list[GroupableFile]] = defaultdict(list)
    for it in files:
        known = it.content_id is not None and it.format is not None
        same[f"content {it.content_id}" if known else f"path {it.path}"].append(it)
    drafts: list[_Draft] = []
    for copies in same.values():
        first, *rest = sorted(copies, key=lambda it: (len(_name(it.path)), it.path))
        parts: dict[str, Part] = {it.path: "copy" for it in rest}
        drafts.append(_Draft(first, {first.path: "primary", **parts}, [first], rest))
    return drafts


def _originals(draft: _Draft) -> Iterable[GroupableFile]:
    return draft.files


def _with_copies(draft: _Draft) -> Iterable[GroupableFile]:
    return [*draft.files, *draft.copies]


def _by_stem(
    drafts: Iterable[_Draft], named: _Named, key: Callable[[str], str]
) -> Iterator[list[_Draft]]:
    """Yield the drafts that share directory and stem, two or more at a time."""
    for members in _index(drafts, named, key).values():
        present = [it for it in members if not it.absorbed]
        if len(present) > 1:
            yield present


def _index(
    drafts: Iterable[_Draft], named: _Named, key: Callable[[str], str]
) -> dict[tuple[str, str], list[_Draft]]:
    found: dict[tuple[str, str], list[_Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.absorbed:
            stems = {(_directory(it.path), key(_stem(it.path))) for it in named(draft)}
            for stem in sorted(stems):
                found[stem].append(draft)
    return found


def _join_raw(members: list[_Draft]) -> None:
    """A RAW and the JPEG, the HEIC or both that its camera wrote beside it."""
    raws = [it for it in members if it.primary.role == "raw" or it.has("raw")]
    if len(raws) != 1 or raws[0].primary.role != "raw":
        return
    raw = raws[0]
    shown: list[_Draft] = []
    for name in _CAMERA_FORMATS:
        found = [it for it in members if it.primary.format == name]
        if len(found) > 1:
            return
        shown += [it for it in found if _agree(it.primary, raw.primary)]
    if shown:
        primary, *others = shown
        for other in others:
            if _agree(primary.primary, other.primary):
                _absorb_shown(primary, other, "copy")
        _absorb_shown(primary, raw, "raw")


def _absorb_shown(primary: _Draft, other: _Draft, part: Part) -> None:
    """Two pictures that each found a motion of their own are two exposures."""
    if not (primary.has("motion") and other.has("motion")):
        primary.absorb(other, part)


def _join_motion_by_identifier(drafts: Iterable[_Draft]) -> None:
    """Apple writes the same identifier into both parts of a Live Photo."""
    by_identifier: dict[str, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.absorbed:
            for identifier in sorted(_identifiers(draft)):
                by_identifier[identifier].append(draft)
    for members in by_identifier.values():
        videos = [it for it in members if it.primary.role == "video"]
        stills = [it for it in members if it.primary.role != "video"]
        for named in (_unedited_only, _all):
            some_stills, some_videos = named(stills), named(videos)
            if len(some_stills) == 1 and len(some_videos) == 1:
                _absorb_motion(some_stills[0], some_videos[0])
                break
        else:
            _join_motion_by_stem(stills, videos)


def _all(drafts: list[_Draft]) -> list[_Draft]:
    return drafts


def _unedited_only(drafts: list[_Draft]) -> list[_Draft]:
    return [it for it in drafts if not is_edit(_stem(it.primary.path))]


def _join_motion_by_stem(stills: list[_Draft], videos: list[_Draft]) -> None:
    """Several bursts or exports share an identifier: then the stem must be equal."""
    for members in _by_stem([*stills, *videos], _originals, str):
        found = [it for it in members if it.primary.role != "video"]
        motion = [it for it in members if it.primary.role == "video"]
        if len(found) == 1 and len(motion) == 1:
            _absorb_motion(found[0], motion[0])


def _join_motion_by_name(members: list[_Draft]) -> None:
    """A short video and the one picture of its name, if nothing contradicts."""
    videos = [it for it in members if it.primary.role == "video"]
    stills = [
        it
        for it in members
        if it.primary.format in _CAMERA_FORMATS or it.primary.role == "raw"
    ]
    if len(videos) != 1 or len(stills) != 1:
        return
    video, still = videos[0].primary, stills[0].primary
    short = video.duration is not None and 0 < video.duration <= MOTION_SECONDS
    same = not (
        video.content_identifier
        and still.content_identifier
        and video.content_identifier != still.content_identifier
    )
    if short and same and _agree(video, still):
        _absorb_motion(stills[0], videos[0])


def _absorb_motion(still: _Draft, video: _Draft) -> None:
    if video.primary.format in _MOTION_FORMATS and not still.has("motion"):
        still.absorb(video, "motion")


def _join_edits(
    drafts: Iterable[_Draft],
    sidecars: Iterable[GroupableFile],
    named: _Named,
    key: Callable[[str], str],
) -> None:
    """`IMG_E4120` belongs to `IMG_4120` if an AAE, an identifier or a date says so."""
    drafts = [it for it in drafts if not it.absorbed]
    by_stem = _index(drafts, named, key)
    adjusted = {
        (_directory(it.path), key(unedited(_stem(it.path)) or _stem(it.path)))
        for it in sidecars
        if it.format == "aae"
    }
    for edit in drafts:
        stem = _stem(edit.primary.path)
        base = unedited(stem) if is_edit(stem) else None
        if base is None:
            continue
        place = _directory(edit.primary.path), key(base)
        bases = [
            it
            for it in by_stem.get(place, [])
            if it is not edit and not it.absorbed and it.primary.format is not None
        ]
        if len(bases) != 1 or not _agree(bases[0].primary, edit.primary):
            continue
        same_taken_at = bases[0].primary.taken_at == edit.primary.taken_at is not None
        same_identifier = bool(_identifiers(bases[0]) & _identifiers(edit))
        if place in adjusted or same_identifier or same_taken_at:
            bases[0].absorb(edit, "edited")


def _join_sidecars(
    drafts: Iterable[_Draft],
    sidecars: Iterable[GroupableFile],
    named: _Named,
    key: Callable[[str], str],
) -> list[GroupableFile]:
    """Give each sidecar to the one exposure it means; return those left over."""
    drafts = [it for it in drafts if not it.absorbed]
    by_stem = _index(drafts, named, key)
    by_name: dict[tuple[str, str], list[_Draft]] = defaultdict(list)
    by_title: dict[tuple[str, str], list[_Draft]] = defaultdict(list)
    for draft in drafts:
        for it in named(draft):
            directory, name = _directory(it.path), key(_name(it.path))
            by_name[directory, name].append(draft)
            for title in takeout_titles(name):
                by_title[directory, title].append(draft)
    left: list[GroupableFile] = []
    found: list[tuple[_Draft, GroupableFile]] = []
    for sidecar in sidecars:
        directory, name = _directory(sidecar.path), key(_name(sidecar.path))
        stem, extension = split_name(name)
        owners = by_name.get((directory, stem), [])
        if not owners and extension.lower() == ".json":
            owners = by_title.get((directory, stem), [])
        if not owners:
            owners = by_stem.get((directory, stem), [])
        if not owners and (base := unedited(stem)):
            owners = by_stem.get((directory, key(base)), [])
        owner = _only(owners)
        kind = extension.lower()
        if owner and (named is _originals or kind not in owner.kinds):
            found.append((owner, sidecar))
        else:
            left.append(sidecar)
    for owner, sidecar in found:
        owner.parts[sidecar.path] = "sidecar"
        owner.kinds.add(split_name(_name(sidecar.path))[1].lower())
    return left


def _only(owners: Sequence[_Draft]) -> _Draft | None:
    """The single owner; among several of one name, the one that has a RAW."""
    distinct = {it.primary.path: it for it in owners}
    if len(distinct) > 1:
        distinct = {
            path: it
            for path, it in distinct.items()
            if it.primary.role == "raw" or it.has("raw")
        }
    return next(iter(distinct.values())) if len(distinct) == 1 else None


def _agree(one: GroupableFile, other: GroupableFile) -> bool:
    """Whether nothing that both say contradicts that they are one exposure."""
    if one.format is None or other.format is None:
        return False
    if one.taken_at and other.taken_at:
        apart = one.taken_at.replace(tzinfo=None) - other.taken_at.replace(tzinfo=None)
        if abs(apart) > SAME_TIME:
            return False
    models = [_letters(it.model) for it in (one, other) if it.model]
    return len(models) < 2 or models[0] in models[1] or models[1] in models[0]


def _letters(model: str) -> str:
    return re.sub(r"[\W_]+", "", model.casefold())


def _identifiers(draft: _Draft) -> set[str]:
    return {it.content_identifier for it in draft.files if it.content_identifier}


def _directory(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return unquote_path(path.rpartition("/")[2])


def _stem(path: str) -> str:
    return split_name(_name(path))[0]
