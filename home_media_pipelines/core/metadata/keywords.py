"""What a picture is filed under: keywords, flat and as paths of a hierarchy."""

from collections.abc import Mapping

from home_media_pipelines.core.metadata.tags import Tag, plain, safe_text

_WORDS = 1_000


def read_keywords(names: Mapping[str, list[Tag]]) -> tuple[list[str], list[str]]:
    """Words, and paths such as `Animals|Dogs`, each once in the order found."""
    paths: dict[str, None] = {}
    for name, separator in (
        ("HierarchicalSubject", "|"),
        ("TagsList", "/"),
        ("CatalogSets", "|"),
        ("LastKeywordXMP", "/"),
    ):
        for text in _texts(names, name):
            parts = [part.strip() for part in text.split(separator)]
            paths["|".join(part for part in parts if part)] = None
    words: dict[str, None] = {}
    for name in ("Subject", "Keywords"):
        words.update(dict.fromkeys(_texts(names, name)))
    for text in _texts(names, "XPKeywords"):
        words.update(dict.fromkeys(w.strip() for w in text.split(";") if w.strip()))
    words.update(dict.fromkeys(path.rpartition("|")[2] for path in paths if path))
    return list(words)[:_WORDS], [path for path in paths if path][:_WORDS]


def _texts(names: Mapping[str, list[Tag]], name: str) -> list[str]:
    found: list[str] = []
    for tag in names.get(name, []):
        for item in tag.value if isinstance(tag.value, list) else [tag.value]:
            text = safe_text(plain(item), 256).strip()
            if text:
                found.append(text)
    return found
