"""The taxonomy: the tree of names that is shipped, and the taxon that a word means."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from blake3 import blake3

from home_media_pipelines.core.errors import TaxonomyError
from home_media_pipelines.core.taxonomy.terms import candidates, normalise, spellings

SHIPPED: Final = Path(__file__).parents[2] / "taxonomy" / "taxonomy.toml"
LANGUAGES: Final = ("en", "de")
VOCABULARIES: Final = ("coco80", "objects365", "drawings")
DEEPEST: Final = 6

_PATH = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_FIELDS: Final = {*LANGUAGES, *VOCABULARIES, "threshold"}


@dataclass(frozen=True, slots=True)
class Taxon:
    """A node of the tree: its path, its name by language, and from where it counts.

    `threshold` is the score, 0 to 1, that a detection needs; None for that of the
    nearest ancestor that has one.
    """

    path: str
    names: Mapping[str, str]
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A file of taxa, checked.

    `edition` is its version and a hash of its bytes: another edition, other links.
    `threshold` holds where no taxon on the way up has one. `words` are normalised, and
    each means one taxon; `labels` are by vocabulary and label.
    """

    version: str
    edition: str
    threshold: float
    taxa: Mapping[str, Taxon]
    words: Mapping[str, str]
    labels: Mapping[tuple[str, str], str]


@cache
def shipped() -> Taxonomy:
    """Return the taxonomy of this program, read once."""
    return load(SHIPPED)


@cache
def shipped_edition() -> str:
    """Return its edition, without checking the rest: cheap enough for an import."""
    text = SHIPPED.read_bytes()
    found = re.search(rb'^version = "([^"]*)"', text, re.MULTILINE)
    return _edition(found.group(1).decode() if found else "", text)


def load(path: Path) -> Taxonomy:
    """Read a file of taxa and check it.

    Raises:
        TaxonomyError: lists all that is wrong with it.
    """
    text = path.read_bytes()
    try:
        content = tomllib.loads(text.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaxonomyError([str(error)]) from error
    lines = cast("dict[str, dict[str, Any]]", content.get("taxa", {}))
    version = str(content.get("version", ""))
    threshold = content.get("threshold")
    faults = [*_faults_of_file(version, threshold), *_faults_of_taxa(lines)]
    listed, doubles = _listed(lines)
    labels = [
        ((vocabulary, label), path)
        for path, fields in lines.items()
        for vocabulary in VOCABULARIES
        for label in _split(fields.get(vocabulary))
    ]
    faults += doubles
    faults += [
        f"{vocabulary}: {label!r} is mapped {number} times"
        for (vocabulary, label), number in Counter(it for it, _ in labels).items()
        if number > 1
    ]
    if faults:
        raise TaxonomyError(faults)
    return Taxonomy(
        version,
        _edition(version, text),
        cast("float", threshold),
        {path: _taxon(path, fields) for path, fields in lines.items()},
        listed | _spelled_otherwise(lines, listed),
        dict(labels),
    )


def resolve(taxonomy: Taxonomy, query: str) -> Taxon | None:
    """Return the taxon that a query means as a whole, or None.

    "Trucks", "alle LKW" and "show me the lorries" mean one; "truck at the beach" says
    more than a taxon does, so it means none.
    """
    for candidate in candidates(query):
        if path := taxonomy.words.get(candidate):
            return taxonomy.taxa[path]
    return None


def _edition(version: str, text: bytes) -> str:
    return f"{version}-{blake3(text).hexdigest()[:12]}"


def _taxon(path: str, fields: Mapping[str, Any]) -> Taxon:
    names = {language: _capital(_split(fields[language])[0]) for language in LANGUAGES}
    return Taxon(path, names, fields.get("threshold"))


def _capital(name: str) -> str:
    """Begin with a capital, unless the word has one inside, as an iPad has."""
    return name if name[1:2].isupper() else name[:1].upper() + name[1:]


def _split(field: object) -> list[str]:
    parts = field.split(",") if isinstance(field, str) else []
    return [part.strip() for part in parts if part.strip()]


def _faults_of_file(version: str, threshold: object) -> Iterator[str]:
    if not version:
        yield "the file has no version"
    if not _is_score(threshold):
        yield "the file has no threshold from 0 to 1"


def _faults_of_taxa(lines: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        yield "the file has no taxa"
    seen: set[str] = set()
    for path, fields in lines.items():
        parent = path.rpartition(".")[0]
        if not _PATH.fullmatch(path):
            yield f"{path}: a path is made of a-z, 0-9, _ and dots"
        if path.count(".") >= DEEPEST:
            yield f"{path}: deeper than {DEEPEST} levels"
        if parent and parent not in seen:
            yield f"{path}: its parent does not stand above it"
        for name in fields.keys() - _FIELDS:
            yield f"{path}: {name} is not a field"
        for language in LANGUAGES:
            if not _split(fields.get(language)):
                yield f"{path}: has no name in {language}"
        if "threshold" in fields and not _is_score(fields["threshold"]):
            yield f"{path}: a threshold is a number from 0 to 1"
        seen.add(path)


def _is_score(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _words(lines: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield (word as written, path), in the order of the file."""
    for path, fields in lines.items():
        for language in LANGUAGES:
            for word in _split(fields.get(language)):
                yield word, path


def _listed(
    lines: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, str], list[str]]:
    """Return what each listed word means, and those that mean two things."""
    meanings: dict[str, str] = {}
    faults: list[str] = []
    for word, path in _words(lines):
        key = normalise(word)
        if not key:
            faults.append(f"{path}: {word!r} has neither letters nor digits")
        elif meanings.setdefault(key, path) != path:
            faults.append(f"{word!r} means both {meanings[key]} and {path}")
    return meanings, faults


def _spelled_otherwise(
    lines: Mapping[str, Mapping[str, Any]], listed: Iterable[str]
) -> dict[str, str]:
    """Return other ways to write the words, as far as they mean nothing else.

    Where two taxa have one in common, it means neither.
    """
    known = set(listed)
    found: dict[str, set[str]] = {}
    for word, path in _words(lines):
        for spelling in spellings(word):
            if spelling not in known:
                found.setdefault(spelling, set()).add(path)
    return {word: paths.pop() for word, paths in found.items() if len(paths) == 1}
