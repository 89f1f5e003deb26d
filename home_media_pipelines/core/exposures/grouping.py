"""Which files of a folder are one exposure.

Evidence, strongest first: equal bytes; the content identifier of a Live Photo; the
name, by the rules in `name_rules`. Names that agree while dates or cameras contradict,
and names that fit several files, prove nothing: such files stay apart.

The primary is what a camera shows: JPEG before HEIC before RAW, the still before its
motion, the original before an edit, so that editing never changes which image it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from home_media_pipelines.core.exposures.drafts import (
    Draft,
    Exposure,
    GroupableFile,
    Part,
    by_stem,
    originals,
    with_copies,
)
from home_media_pipelines.core.exposures.join_edits import join_edits, witnesses
from home_media_pipelines.core.exposures.join_motion import (
    join_motion_by_identifier,
    join_motion_by_name,
)
from home_media_pipelines.core.exposures.join_pictures import join_covers, join_raw
from home_media_pipelines.core.exposures.join_sidecars import join_sidecars
from home_media_pipelines.core.exposures.name_rules import camera_stem
from home_media_pipelines.core.exposures.sidecar_names import loose

_MEDIA_ROLES = frozenset({"picture", "raw", "video"})
_KEYS = (str, loose, camera_stem)
"""Names are compared as they are, then without case, then as cameras mean them."""


def group(files: Sequence[GroupableFile]) -> list[Exposure]:
    """Return the exposures of a folder, by path of their primary.

    Every picture, RAW and video is in exactly one; a sidecar in one at most: those
    without their file, and those that could mean several, are in none. The order of
    `files` does not matter.
    """
    ordered = sorted(files, key=lambda it: it.path)
    drafts = _join_copies(it for it in ordered if it.role in _MEDIA_ROLES)
    sidecars = [it for it in ordered if it.role == "sidecar"]
    known = witnesses(sidecars)
    # Copies lend their names only after the originals have found their parts.
    for named in (originals, with_copies):
        join_covers(drafts)
        for key in _KEYS:
            for members in by_stem(drafts, named, key):
                join_raw(members)
        join_motion_by_identifier(drafts)
        for key in _KEYS:
            for members in by_stem(drafts, named, key):
                join_motion_by_name(members)
        for key in _KEYS:
            join_edits(drafts, known, named, key)
        for key in (str, loose):
            if sidecars:
                sidecars = join_sidecars(drafts, sidecars, named, key)
        drafts = [it for it in drafts if not it.absorbed]
    return sorted(
        (Exposure(it.primary.path, dict(sorted(it.parts.items()))) for it in drafts),
        key=lambda exposure: exposure.primary,
    )


def _join_copies(files: Iterable[GroupableFile]) -> list[Draft]:
    """One draft per content; files that are no medium inside are never copies."""
    same: dict[str, list[GroupableFile]] = defaultdict(list)
    for it in files:
        known = it.content_id is not None and it.format is not None
        same[f"content {it.content_id}" if known else f"path {it.path}"].append(it)
    drafts: list[Draft] = []
    for copies in same.values():
        first, *rest = sorted(copies, key=lambda it: (len(it.name), it.path))
        parts: dict[str, Part] = {it.path: "copy" for it in rest}
        drafts.append(Draft(first, {first.path: "primary", **parts}, [first], rest))
    return drafts
