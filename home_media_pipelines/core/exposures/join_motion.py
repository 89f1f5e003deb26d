"""The short film that a camera takes along with a picture."""

from collections import defaultdict
from collections.abc import Iterable

from home_media_pipelines.core.exposures.drafts import (
    Draft,
    agree,
    by_stem,
    originals,
)
from home_media_pipelines.core.exposures.join_pictures import CAMERA_FORMATS
from home_media_pipelines.core.exposures.name_rules import is_edit
from home_media_pipelines.core.exposures.sidecar_names import split_name

MOTION_SECONDS = 6.0
"""A longer video beside a picture of the same name is a video of its own."""

_MOTION_FORMATS = frozenset({"mov", "mp4", "m4v"})


def join_motion_by_identifier(drafts: Iterable[Draft]) -> None:
    """Apple writes the same identifier into both parts of a Live Photo."""
    by_identifier: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.absorbed:
            for identifier in sorted(draft.identifiers):
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


def _all(drafts: list[Draft]) -> list[Draft]:
    return drafts


def _unedited_only(drafts: list[Draft]) -> list[Draft]:
    return [it for it in drafts if not is_edit(*split_name(it.primary.name))]


def _join_motion_by_stem(stills: list[Draft], videos: list[Draft]) -> None:
    """Several bursts or exports share an identifier: then the stem must be equal."""
    for members in by_stem([*stills, *videos], originals, str):
        found = [it for it in members if it.primary.role != "video"]
        motion = [it for it in members if it.primary.role == "video"]
        if len(found) == 1 and len(motion) == 1:
            _absorb_motion(found[0], motion[0])


def join_motion_by_name(members: list[Draft]) -> None:
    """A short video and the one picture of its name, if nothing contradicts."""
    videos = [it for it in members if it.primary.role == "video"]
    stills = [
        it
        for it in members
        if it.primary.format in CAMERA_FORMATS or it.primary.role == "raw"
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
    if short and same and agree(video, still):
        _absorb_motion(stills[0], videos[0])


def _absorb_motion(still: Draft, video: Draft) -> None:
    if video.primary.format in _MOTION_FORMATS and not still.has("motion"):
        still.absorb(video, "motion")
