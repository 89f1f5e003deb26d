"""What a picture is filed under: keywords, flat and as paths of a hierarchy."""

import unicodedata
from collections.abc import Iterator, Mapping

from home_media_pipelines.core.metadata.charsets import undouble
from home_media_pipelines.core.metadata.sources import PATHS, WORDS
from home_media_pipelines.core.metadata.tags import Tag, in_groups, plain, safe_text

_WORDS = 1_000
_BYTES = 256


def read_keywords(
    names: Mapping[str, list[Tag]], refused: dict[str, str]
) -> tuple[list[str], list[str]]:
    """Words, and paths such as `Animals|Dogs`, each once in the order found.

    A word of more than 256 bytes is cut, and `refused` says so. One that somebody
    encoded twice is left out where the right one is there too.
    """
    notes: list[str] = []
    paths: dict[str, None] = {}
    for groups, name, separator in PATHS:
        for text in _texts(names, name, groups, notes):
            parts = [part.strip() for part in text.split(separator)]
            paths["|".join(part for part in parts if part)] = None
    words: dict[str, None] = {}
    for groups, name, separator in WORDS:
        for text in _texts(names, name, groups, notes):
            found = text.split(separator) if separator else [text]
            words.update(dict.fromkeys(w.strip() for w in found if w.strip()))
    words.update(dict.fromkeys(path.rpartition("|")[2] for path in paths if path))
    once = [it for it in words if (right := undouble(it)) == it or right not in words]
    kept = [path for path in paths if path]
    notes += [f"{len(it)} words" for it in (once, kept) if len(it) > _WORDS]
    if notes:
        refused["keywords"] = f"cut: {'; '.join(notes)}"[:1000]
    return once[:_WORDS], kept[:_WORDS]


def _texts(
    names: Mapping[str, list[Tag]],
    name: str,
    groups: tuple[str, ...],
    notes: list[str],
) -> Iterator[str]:
    """The texts of a tag in Unicode's composed form, none longer than its limit."""
    for tag in in_groups(names, name, groups):
        for item in tag.value if isinstance(tag.value, list) else [tag.value]:
            whole = unicodedata.normalize("NFC", plain(item)).strip()
            text = safe_text(whole, _BYTES).strip()
            if len(whole.encode(errors="replace")) > _BYTES:
                notes.append(f"{text[:40]!r} has {len(whole)} characters")
            if text:
                yield text
