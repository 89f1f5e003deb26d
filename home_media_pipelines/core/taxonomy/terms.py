"""Words of a search or a keyword, brought into the form in which taxa list them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BETWEEN = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’`´]")
_LONGEST: Final = 200
_MOST_WORDS: Final = 12

_ENDINGS: Final = (
    ("s", ("",), 2),
    ("ies", ("y",), 2),
    ("ves", ("f", "fe"), 2),
    ("es", ("",), 3),
    ("n", ("",), 3),
    ("en", ("",), 3),
    ("innen", ("in",), 3),
)
"""Endings, what stands there in singular, and how much of the word must be left."""

_BEFORE: Final = """
    a all an any are display every find for get give i image images is just list look me
    my only of our photo photos pic pics picture pictures please search see show some
    that the there these this those to us want what where with your
    alle allen aller alles aufnahme aufnahmen bild bilder bitte das dem den der des die
    dies diese diesem diesen dieser ein eine einem einen einer einige finde foto fotos
    gib ich jede jedem jeden jeder jedes mein meine meinem meinen meiner mir mit moechte
    nach nur sehen sind such suche uns unser unsere unserem unseren unserer vom von
    welche will wo zeig zeige
"""
_AFTER: Final = """
    anzeigen bilder bitte finden fotos image images photo photos pics picture pictures
    please sehen suchen zeigen
"""
_ASKS_BEFORE: Final = frozenset(_BEFORE.split())
_ASKS_AFTER: Final = frozenset(_AFTER.split())


def normalise(text: str) -> str:
    """Return lower-case letters and digits with single spaces between words.

    ß is ss and umlauts are ae, oe, ue; other accents and apostrophes go. Hyphens and
    all else that is neither letter nor digit separate words.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    return _separate(_without_accents(plain))


def spellings(word: str) -> list[str]:
    """Return further ways to write a word: without umlauts' e, without spaces."""
    usual = normalise(word)
    ways = [usual.replace(" ", "")]
    if not word.isascii():
        composed = unicodedata.normalize("NFKC", word).casefold()
        bare = _separate(_without_accents(composed))
        ways += [bare, bare.replace(" ", "")]
    return [way for way in dict.fromkeys(ways) if way != usual]


def candidates(query: str) -> list[str]:
    """Return the normalised words that a query may stand for, the likeliest first.

    First as it is written, then without what only asks for something ("show me all",
    "alle Bilder von"), each also in one word; then with the last word in singular. A
    text too long to name a thing has none.
    """
    words = normalise(query[:_LONGEST]).split()
    if not words or len(words) > _MOST_WORDS or len(query) > _LONGEST:
        return []
    asked = list(_asked(words))
    written = [text for core in asked for text in _joined(core)]
    singular = [
        text
        for core in asked
        for stem in _stems(core[-1])
        for text in _joined([*core[:-1], stem])
    ]
    return list(dict.fromkeys([*written, *singular]))


def _asked(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words, then fewer and fewer of them: from the front, then the end."""
    yield words
    first, last = 0, len(words)
    while first < last - 1 and words[first] in _ASKS_BEFORE:
        first += 1
        yield words[first:last]
    while first < last - 1 and words[last - 1] in _ASKS_AFTER:
        last -= 1
        yield words[first:last]


def _joined(words: Sequence[str]) -> Iterable[str]:
    return (" ".join(words), "".join(words)) if len(words) > 1 else words


def _stems(word: str) -> Iterator[str]:
    """Yield what the word may be a plural or another case of, in English or German."""
    if word.endswith("ss"):
        return
    for ending, others, shortest in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= shortest:
            yield from (stem + other for other in others)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )


def _separate(text: str) -> str:
    return _BETWEEN.sub(" ", _APOSTROPHES.sub("", text)).strip()
