"""The pictures that a camera writes of one exposure: RAW, JPEG, HEIC, effect."""

from collections import defaultdict
from collections.abc import Iterable

from home_media_pipelines.core.exposures.drafts import Draft, Part, agree
from home_media_pipelines.core.exposures.name_rules import cover_of

CAMERA_FORMATS = ("jpeg", "heic")
"""What cameras write, the one that is shown first."""


def join_covers(drafts: Iterable[Draft]) -> None:
    """A picture with an effect, which is shown, and the one without."""
    pairs: dict[tuple[str, str], list[tuple[bool, Draft]]] = defaultdict(list)
    for draft in drafts:
        if draft.primary.format in CAMERA_FORMATS and not draft.absorbed:
            found = cover_of(draft.primary.stem)
            if found:
                name, shown = found
                pairs[draft.primary.directory, name].append((shown, draft))
    for members in pairs.values():
        covers = [it for shown, it in members if shown]
        others = [it for shown, it in members if not shown]
        if len(covers) == 1 and len(others) == 1:
            cover, other = covers[0], others[0]
            if agree(cover.primary, other.primary):
                _absorb_shown(cover, other, "copy")


def join_raw(members: list[Draft]) -> None:
    """A RAW and the JPEG, the HEIC or both that its camera wrote beside it."""
    raws = [it for it in members if it.primary.role == "raw" or it.has("raw")]
    if len(raws) != 1 or raws[0].primary.role != "raw":
        return
    raw = raws[0]
    shown: list[Draft] = []
    for name in CAMERA_FORMATS:
        found = [it for it in members if it.primary.format == name]
        if len(found) > 1:
            return
        shown += [it for it in found if agree(it.primary, raw.primary)]
    if shown:
        primary, *others = shown
        for other in others:
            if agree(primary.primary, other.primary):
                _absorb_shown(primary, other, "copy")
        _absorb_shown(primary, raw, "raw")


def _absorb_shown(primary: Draft, other: Draft, part: Part) -> None:
    """Two pictures that each found a motion of their own are two exposures."""
    if not (primary.has("motion") and other.has("motion")):
        primary.absorb(other, part)
