"""The files beside a picture or video that describe it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from home_media_pipelines.core.exposures.drafts import (
    Draft,
    GroupableFile,
    Key,
    Named,
    index,
)
from home_media_pipelines.core.exposures.name_rules import originals_of, videos_of
from home_media_pipelines.core.exposures.sidecar_names import (
    split_name,
    takeout_titles,
    unadjusted,
)

_Named = dict[tuple[str, str], list[Draft]]


@dataclass(frozen=True, slots=True)
class _Owners:
    """Drafts by directory and by what a sidecar may be called after."""

    stems: _Named
    names: _Named = field(default_factory=lambda: defaultdict(list[Draft]))
    titles: _Named = field(default_factory=lambda: defaultdict(list[Draft]))
    originals: _Named = field(default_factory=lambda: defaultdict(list[Draft]))


def join_sidecars(
    drafts: Iterable[Draft],
    sidecars: Iterable[GroupableFile],
    named: Named,
    key: Key,
) -> list[GroupableFile]:
    """Give each sidecar to the one exposure it means; return those left over."""
    drafts = [it for it in drafts if not it.absorbed]
    known = _index(drafts, named, key)
    left: list[GroupableFile] = []
    found: list[tuple[Draft, GroupableFile]] = []
    for sidecar in sidecars:
        owner = _owner(sidecar, known, key)
        if owner:
            found.append((owner, sidecar))
        else:
            left.append(sidecar)
    for owner, sidecar in found:
        owner.parts[sidecar.path] = "sidecar"
    return left


def _index(drafts: Sequence[Draft], named: Named, key: Key) -> _Owners:
    known = _Owners(index(drafts, named, key))
    for draft in drafts:
        for it in named(draft):
            name = key(it.name)
            known.names[it.directory, name].append(draft)
            for title in takeout_titles(name):
                known.titles[it.directory, title].append(draft)
            stem, extension = split_name(it.name)
            for base, _ in originals_of(stem, extension):
                for title in takeout_titles(key(base + extension)):
                    known.originals[it.directory, title].append(draft)
    return known


def _owner(sidecar: GroupableFile, known: _Owners, key: Key) -> Draft | None:
    directory, name = sidecar.directory, key(sidecar.name)
    stem, extension = split_name(name)
    if sidecar.format == "thm":
        return _beside(known.stems.get((directory, stem), []), "video", "raw")
    if sidecar.format == "lrv":
        stems = [(directory, key(it)) for it in videos_of(sidecar.stem)]
        return _beside([it for at in stems for it in known.stems.get(at, [])], "video")
    owners = known.names.get((directory, stem), [])
    if not owners and extension.lower() == ".json":
        owners = known.titles.get((directory, stem), [])
    if not owners:
        owners = known.stems.get((directory, stem), [])
    if not owners and (base := unadjusted(stem)):
        owners = known.stems.get((directory, key(base)), [])
    if not owners and extension.lower() == ".json":
        # The original was not exported: its JSON describes the edit that was.
        owners = known.originals.get((directory, stem), [])
    return _only(owners)


def _beside(owners: Sequence[Draft], *roles: str) -> Draft | None:
    """The one video, else the one RAW, that a camera wrote a small twin of."""
    for role in roles:
        distinct = {
            it.primary.path: it
            for it in owners
            if it.primary.role == role or (role == "raw" and it.has("raw"))
        }
        if distinct:
            return next(iter(distinct.values())) if len(distinct) == 1 else None
    return None


def _only(owners: Sequence[Draft]) -> Draft | None:
    """The single owner; among several of one name, the one that has a RAW."""
    distinct = {it.primary.path: it for it in owners}
    if len(distinct) > 1:
        distinct = {
            path: it
            for path, it in distinct.items()
            if it.primary.role == "raw" or it.has("raw")
        }
    return next(iter(distinct.values())) if len(distinct) == 1 else None
