"""An edit, and the picture or video it was made of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from home_media_pipelines.core.exposures.drafts import (
    Draft,
    GroupableFile,
    Key,
    Named,
    agree,
    index,
)
from home_media_pipelines.core.exposures.name_rules import Proof, originals_of
from home_media_pipelines.core.exposures.sidecar_names import (
    loose,
    split_name,
    takeout_titles,
    unadjusted,
)

StemKey = tuple[str, str]
"""A directory, and a stem or name in it."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What sidecars say about edits: where an original was adjusted or described."""

    adjusted: frozenset[StemKey]
    described: frozenset[StemKey]


def witnesses(sidecars: Iterable[GroupableFile]) -> Witnesses:
    """Read the names of sidecars: AAE adjusts a stem, Takeout's JSON has a title."""
    adjusted: set[StemKey] = set()
    described: set[StemKey] = set()
    for it in sidecars:
        if it.format == "aae":
            adjusted.add((it.directory, loose(unadjusted(it.stem) or it.stem)))
        elif it.format == "takeout":
            described.add((it.directory, loose(it.stem)))
    return Witnesses(frozenset(adjusted), frozenset(described))


def join_edits(
    drafts: Iterable[Draft], known: Witnesses, named: Named, key: Key
) -> None:
    """Give each edit to its original, where the name and what it takes besides agree.

    Of several that could be meant, it is the one of the same format.
    """
    drafts = [it for it in drafts if not it.absorbed]
    by_stem = index(drafts, named, key)
    for edit in drafts:
        found = _originals(edit, by_stem, known, key)
        same = [it for it in found if it.primary.format == edit.primary.format]
        if len(found) == 1 or len(same) == 1:
            (found[0] if len(found) == 1 else same[0]).absorb(edit, "edited")


def _originals(
    edit: Draft, by_stem: dict[StemKey, list[Draft]], known: Witnesses, key: Key
) -> list[Draft]:
    for stem, proof in _named_after(edit.primary, known):
        found = [
            it
            for it in by_stem.get((edit.primary.directory, key(stem)), [])
            if it is not edit
            and not it.absorbed
            and _same_kind(it, edit)
            and agree(it.primary, edit.primary)
            and _PROVEN[proof](it, edit, stem, known)
        ]
        if found:
            return found
    return []


def _named_after(edit: GroupableFile, known: Witnesses) -> Iterator[tuple[str, Proof]]:
    """The stems it may come from, and what it takes to believe that.

    Whatever the language of its word: where Takeout describes `a.jpg` and not
    `a-word.jpg`, the latter is an edit, as everything else has a JSON of its own.
    """
    stem, extension = split_name(edit.name)
    for base, rule in originals_of(stem, extension):
        yield base, rule.proof
    base, hyphen, word = stem.rpartition("-")
    if hyphen and base and word.replace(" ", "").isalpha():
        described = _described(edit.directory, base + extension, known)
        if described and not _described(edit.directory, edit.name, known):
            yield base, "name"


def _described(directory: str, name: str, known: Witnesses) -> bool:
    return any(
        (directory, title) in known.described for title in takeout_titles(loose(name))
    )


def _same_kind(original: Draft, edit: Draft) -> bool:
    """A film can be the edit of a picture only where that has a film too."""
    if original.primary.format is None:
        return False
    if (edit.primary.role == "video") == (original.primary.role == "video"):
        return True
    return edit.primary.role == "video" and original.has("motion")


def _by_name(original: Draft, edit: Draft, stem: str, known: Witnesses) -> bool:
    return True


def _by_moment(original: Draft, edit: Draft, stem: str, known: Witnesses) -> bool:
    same_taken_at = original.primary.taken_at == edit.primary.taken_at is not None
    return (
        same_taken_at
        or bool(original.identifiers & edit.identifiers)
        or (edit.primary.directory, loose(stem)) in known.adjusted
    )


def _by_instant(original: Draft, edit: Draft, stem: str, known: Witnesses) -> bool:
    taken_at = original.primary.taken_at
    same = taken_at is not None and taken_at == edit.primary.taken_at
    return same and taken_at is not None and taken_at.microsecond > 0


_PROVEN: dict[Proof, Callable[[Draft, Draft, str, Witnesses], bool]] = {
    "name": _by_name,
    "moment": _by_moment,
    "instant": _by_instant,
}
