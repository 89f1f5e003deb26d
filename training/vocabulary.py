"""The words the tiny embedder learns, English and German, and what each one says."""

from dataclasses import dataclass

import numpy as np

from home_media_pipelines.sample.things import LABELS
from training.facts import COLOURS

LABEL_WORDS: dict[str, tuple[str, ...]] = {
    "balloon": (
        *("balloon", "balloons", "hot air balloon"),
        *("Ballon", "Heißluftballon", "Ballons"),
    ),
    "ball": ("ball", "beach ball", "balls", "Ball", "Wasserball", "Bälle"),
    "bicycle": (
        *("bicycle", "bike", "cycle", "bicycles", "bikes"),
        *("Fahrrad", "Rad", "Fahrräder"),
    ),
    "bird": ("bird", "birds", "Vogel", "Vögel", "birdie"),
    "boat": (
        *("boat", "boats", "sailing boat", "sailboat", "yacht", "ship"),
        *("Boot", "Boote", "Segelboot", "Schiff"),
    ),
    "car": ("car", "cars", "automobile", "auto", "Auto", "Autos", "PKW"),
    "cat": (
        *("cat", "cats", "kitten", "kitty"),
        *("Katze", "Katzen", "Kater", "Kätzchen"),
    ),
    "dog": ("dog", "dogs", "puppy", "hound", "Hund", "Hunde", "Welpe", "Hündin"),
    "flower": ("flower", "flowers", "blossom", "Blume", "Blumen", "Blüte"),
    "house": ("house", "houses", "cottage", "home", "Haus", "Häuser", "Häuschen"),
    "person": (
        *("person", "people", "human", "somebody", "man", "woman", "child"),
        *("Person", "Mensch", "Menschen", "Leute", "Kind", "Mann", "Frau"),
    ),
    "snowman": ("snowman", "snowmen", "Schneemann", "Schneemänner"),
    "tree": ("tree", "trees", "Baum", "Bäume"),
    "truck": ("truck", "trucks", "lorry", "LKW", "Lastwagen", "Laster", "Lkws"),
}

GROUP_WORDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("dog", "cat", "bird"), ("animal", "animals", "Tier", "Tiere")),
    (("dog", "cat"), ("pet", "pets", "Haustier", "Haustiere")),
    (("truck", "car", "bicycle"), ("vehicle", "vehicles", "Fahrzeug", "Fahrzeuge")),
    (("tree", "flower"), ("plant", "plants", "Pflanze", "Pflanzen")),
)
"""Words that any of several labels makes true."""

COLOUR_WORDS: dict[str, tuple[str, ...]] = {
    "black": ("black", "schwarz", "schwarze", "schwarzer", "schwarzes"),
    "blue": ("blue", "blau", "blaue", "blauer", "blaues"),
    "brown": ("brown", "braun", "braune", "brauner", "braunes"),
    "dark green": ("dark green", "dunkelgrün", "dunkelgrüner"),
    "golden": ("golden", "gold", "goldener", "goldene", "goldenes"),
    "green": ("green", "grün", "grüne", "grüner", "grünes"),
    "grey": ("grey", "gray", "grau", "graue", "grauer", "graues"),
    "orange": ("orange", "orangefarben", "oranges", "oranger"),
    "pink": ("pink", "rosa", "pinke", "pinker"),
    "purple": ("purple", "violet", "lila", "violett", "violettes"),
    "red": ("red", "rot", "rote", "roter", "rotes"),
    "white": ("white", "weiß", "weiße", "weißer", "weißes"),
    "yellow": ("yellow", "gelb", "gelbe", "gelber", "gelbes"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where or when: any of `atoms` makes it true. `phrases` follow a thing."""

    atoms: frozenset[str]
    phrases: tuple[str, ...]
    words: tuple[str, ...]


def _setting(atoms: str, phrases: str, words: str) -> Setting:
    return Setting(
        frozenset(atoms.split(", ")),
        tuple(phrases.split(", ")),
        tuple(words.split(", ")),
    )


SETTINGS: tuple[Setting, ...] = (
    _setting(
        "beach",
        "on the beach, at the beach, by the sea, at the seaside, on the sand, "
        "on the coast, am Strand, am Meer, an der Küste, im Sand",
        "beach, seaside, sea, ocean, sand, coast, seashore, Strand, Meer, Küste, Sand",
    ),
    _setting(
        "meadow",
        "on a meadow, on the meadow, in the garden, on the grass, on the lawn, "
        "in a field, auf der Wiese, auf einer Wiese, im Garten, im Gras",
        "meadow, garden, grass, lawn, field, Wiese, Garten, Gras, Rasen",
    ),
    _setting(
        "snow",
        "in the snow, in winter, in the winter, im Schnee, im Winter",
        "snow, winter, snowy, Schnee, Winter, verschneit",
    ),
    _setting(
        "city",
        "in a city street, in the city, in the street, in town, on the road, "
        "in der Stadt, auf der Straße, in einer Straße",
        "city, street, town, road, city street, Stadt, Straße",
    ),
    _setting(
        "forest",
        "in a forest, in the forest, in the woods, im Wald, in einem Wald",
        "forest, woods, wood, woodland, Wald",
    ),
    _setting(
        "lake",
        "by a lake, by the lake, at the lake, on the lake, am See, auf dem See",
        "lake, lakeside, pond, See, Ufer",
    ),
    _setting(
        "night, at night",
        "on a starry night, at night, in the dark, under the stars, by night, "
        "in der Nacht, bei Nacht, nachts, im Dunkeln",
        "night, starry night, stars, moon, starry sky, dark, Nacht, Sterne, Mond, "
        "nachts, Sternenhimmel",
    ),
    _setting(
        "indoor",
        "in a room, in the room, indoors, inside, at home, in the living room, "
        "im Zimmer, in einem Zimmer, drinnen, im Wohnzimmer, zu Hause",
        "room, indoors, inside, living room, Zimmer, drinnen, Wohnzimmer, indoor",
    ),
    _setting("lake, beach", "at the water, by the water, am Wasser", "water, Wasser"),
    _setting(
        "beach, meadow, snow, city, forest, lake, night",
        "outdoors, outside, draußen",
        "outdoors, outside, outdoor, draußen",
    ),
    _setting(
        "at sunset",
        "at sunset, in the evening, bei Sonnenuntergang, am Abend, abends",
        "sunset, evening, dusk, Sonnenuntergang, Abend, abends",
    ),
    _setting(
        "at overcast",
        "on a grey day, on a cloudy day, an einem grauen Tag",
        "grey day, overcast, cloudy, grauer Tag, bewölkt",
    ),
    _setting("at morning", "in the morning, am Morgen", "morning, Morgen, morgens"),
)

PALMS = ("palm", "palm tree", "palms", "Palme", "Palmen")
"""A tree on the beach is always one, and no other is."""

NAME_WORDS: dict[str, tuple[str, ...]] = {"Oma Inge": ("Oma Inge", "Oma", "Inge")}
"""What else somebody is called."""

ENGLISH = (
    *("a photo of {}", "a picture of {}", "picture of {}", "photo of {}"),
    *("an image of {}", "there is {}", "pictures of {}", "photos of {}"),
    *("a drawing of {}", "this is {}", "a photo with {}", "show me {}"),
)
GERMAN = (
    *("ein Foto von {}", "ein Bild von {}", "Bilder von {}", "Fotos von {}"),
    *("Foto mit {}", "Bild mit {}", "das ist {}"),
)
ARTICLES = ("the", "my", "our", "one", "two", "ein", "eine", "der", "die", "das")
JOINS = (" and ", " with ", ", ", " und ", " mit ", " next to ", " neben ", " & ")

Claim = frozenset[str]
"""Atoms, any of which makes it true; none at all is never true."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, and the claims that must all hold where they fit."""

    words: str
    claims: tuple[Claim, ...]


def any_of(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """Choose a word; the first, which is the usual one, more often."""
    return words[0] if rng.random() < 0.3 else words[int(rng.integers(len(words)))]


def shades(colour: str) -> tuple[str, ...]:
    """Return the colours that a colour's word covers."""
    return ("green", "dark green") if colour == "green" else (colour,)


def noun(
    rng: np.random.Generator, label: str, colour: str | None, *, plain: bool = False
) -> tuple[str, Claim]:
    """Say one thing, with its colour when given: "a red lorry", "Katze"."""
    words = LABEL_WORDS[label]
    word = words[0] if plain else any_of(rng, words)
    labels = (label,)
    if colour is None and not plain and rng.random() < 0.1:
        groups = [group for group in GROUP_WORDS if label in group[0]]
        if groups:
            labels, words = groups[int(rng.integers(len(groups)))]
            word = any_of(rng, words)
    if colour is None:
        return article(rng, word), frozenset(labels)
    shade = colour if plain else any_of(rng, COLOUR_WORDS[colour])
    claim = frozenset(f"{c} {label}" for c in shades(colour))
    if label == "person" and rng.random() < 0.7:
        return f"{article(rng, word)} in {shade}", claim
    return article(rng, f"{shade} {word}"), claim


def article(rng: np.random.Generator, words: str) -> str:
    """Put "a", "an", another article or nothing before a noun."""
    draw = rng.random()
    if draw < 0.45:
        return f"{'an' if words[0] in 'aeio' else 'a'} {words}"
    if draw < 0.8:
        return words
    return f"{ARTICLES[int(rng.integers(len(ARTICLES)))]} {words}"


def name(rng: np.random.Generator, who: str) -> tuple[str, Claim]:
    """Say a name."""
    return any_of(rng, NAME_WORDS.get(who, (who,))), frozenset([who])


def framed(rng: np.random.Generator, words: str) -> str:
    """Put words into a template, or leave them alone as in a search field."""
    draw = rng.random()
    if draw < 0.55:
        return words
    templates = ENGLISH if draw < 0.85 else GERMAN
    return templates[int(rng.integers(len(templates)))].format(words)


def setting_of(rng: np.random.Generator, kind: str, light: str) -> Setting:
    """Choose a setting that holds where this is the kind and the light."""
    fitting = [s for s in SETTINGS if s.atoms & {kind, f"at {light}"}]
    own = [s for s in fitting if kind in s.atoms and len(s.atoms) <= 2]
    chosen = own if rng.random() < 0.65 else fitting
    return chosen[int(rng.integers(len(chosen)))]


def all_words() -> list[str]:
    """Return every word and phrase a sentence may contain."""
    groups = [
        *LABEL_WORDS.values(),
        *(words for _, words in GROUP_WORDS),
        *COLOUR_WORDS.values(),
        *(setting.phrases + setting.words for setting in SETTINGS),
        *NAME_WORDS.values(),
        *(PALMS, ENGLISH, GERMAN, ARTICLES, JOINS, ("a", "an", "in", "something")),
        *(LABELS, COLOURS, ("Zoey", "Miezi", "Mia", "Leo", "Jonas")),
    ]
    return [word.replace("{}", "") for group in groups for word in group]
