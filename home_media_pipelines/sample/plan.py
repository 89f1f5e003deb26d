"""Plan the sample library: which picture is taken where, when, by which camera."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import PurePosixPath

import numpy as np

from home_media_pipelines.sample.animals import Appearance
from home_media_pipelines.sample.scenes import Figure
from home_media_pipelines.sample.tags import Notes
from home_media_pipelines.sample.things import CAST

Size = tuple[int, int]
Coordinates = tuple[float, float, float]

FAMILY: dict[str, Figure] = {
    "Mia": Figure(
        "person", "yellow", "Mia", Appearance(1, 2, True, (70, 92, 140)), 0.74
    ),
    "Leo": Figure(
        "person",
        "red",
        "Leo",
        Appearance(0, 3, False, (64, 82, 120), (52, 98, 188)),
        0.64,
    ),
    "Jonas": Figure("person", "blue", "Jonas", Appearance(1, 1, False, (92, 82, 76))),
    "Oma Inge": Figure(
        "person", "purple", "Oma Inge", Appearance(0, 4, True, (84, 76, 92)), 0.9
    ),
}
ZOEY = Figure("zoey", "white", "Zoey")
MIEZI = Figure("cat", "orange", "Miezi")

_SIZES: tuple[Size, ...] = (
    (1600, 1200),
    (1280, 960),
    (1280, 960),
    (1500, 1000),
    (1000, 1500),
    (960, 1280),
)
_HOURS = {"morning": 7, "noon": 12, "overcast": 14, "sunset": 20, "night": 22}


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder: how many of 300 pictures, what they show, from where to where."""

    path: str
    share: int
    kinds: tuple[str, ...]
    start: datetime
    days: int
    camera: str
    prefix: str = "IMG_"
    always: tuple[Figure, ...] = ()
    track: tuple[Coordinates, Coordinates] | None = None
    keywords: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (".jpg",)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to draw, and the files to make of it."""

    path: PurePosixPath
    seed: int
    kind: str
    light: str
    size: Size
    cast: tuple[Figure, ...]
    notes: Notes
    taken: datetime
    extras: frozenset[str] = field(default=frozenset())


def _at(year: int, month: int, day: int, offset: float) -> datetime:
    return datetime(year, month, day, tzinfo=timezone(timedelta(hours=offset)))


FOLDERS: tuple[Folder, ...] = (
    Folder(
        "2019/2019-07 Lake",
        30,
        ("lake", "lake", "meadow"),
        _at(2019, 7, 12, 2),
        6,
        "l1",
        "LRK_",
        track=((47.6231, 8.9904, 412.0), (47.6618, 9.1782, 398.0)),
        keywords=("Holiday|Lake", "Nature|Water"),
    ),
    Folder(
        "2020/2020-05 Garten & Blüten",
        20,
        ("meadow",),
        _at(2020, 5, 9, 2),
        3,
        "pocket",
        "BP20",
        always=(Figure("flower"),),
        track=((48.1372, 11.5756, 519.0), (48.1391, 11.5790, 521.0)),
        keywords=("Home|Garden", "Nature|Flower"),
    ),
    Folder(
        "2020/2020-10 Forest walk",
        20,
        ("forest",),
        _at(2020, 10, 17, 2),
        2,
        "l1",
        "LRK_",
        track=((48.0011, 11.2201, 640.0), (48.0313, 11.2544, 702.0)),
        keywords=("Nature|Forest",),
    ),
    Folder(
        "2021/2021-12 Snow",
        26,
        ("snow",),
        _at(2021, 12, 23, 1),
        8,
        "l2",
        "LRK2",
        track=((47.0702, 11.3021, 1240.0), (47.1093, 11.3610, 1583.0)),
        keywords=("Holiday|Winter", "Nature|Snow"),
    ),
    Folder(
        "2022/Küche 🐈 & Sofa",
        18,
        ("indoor",),
        _at(2022, 2, 5, 1),
        20,
        "old phone",
        "P_2022",
        keywords=("Home|Indoors",),
        suffixes=(".jpg", ".webp"),
    ),
    Folder(
        "Pets/Zoey",
        22,
        ("meadow", "beach", "indoor", "snow", "lake"),
        _at(2021, 3, 2, 1),
        700,
        "phone",
        "ZOEY_",
        always=(ZOEY,),
        keywords=("Pets|Zoey",),
    ),
    Folder(
        "Pets/Miezi",
        10,
        ("indoor", "meadow", "forest"),
        _at(2022, 6, 4, 2),
        240,
        "old phone",
        "MIEZI_",
        always=(MIEZI,),
        keywords=("Pets|Miezi",),
    ),
    Folder(
        "Phone/2023",
        30,
        ("city", "beach", "meadow", "night", "indoor"),
        _at(2023, 5, 30, 2),
        60,
        "phone",
        "IMG_",
        track=((54.4102, 10.2201, 3.0), (54.4481, 10.3310, 5.0)),
        suffixes=(".jpg", ".jpg", ".heic", ".jpg", ".webp"),
    ),
    Folder(
        "Phone/2024 Straße",
        24,
        ("city",),
        _at(2024, 4, 6, 2),
        40,
        "phone",
        "IMG_",
        track=((52.5201, 13.3886, 38.0), (52.5072, 13.4512, 41.0)),
        keywords=("Town",),
        suffixes=(".jpg", ".jpg", ".heic"),
    ),
    Folder(
        "Trips/2022 Küste/Day 1 Harbour/Camera A",
        22,
        ("beach", "beach", "lake"),
        _at(2022, 8, 3, 2),
        1,
        "l2",
        "LRK2",
        track=((53.8701, 8.7010, 2.0), (53.9062, 8.6402, 1.0)),
        keywords=("Trips|Coast", "Nature|Water"),
    ),
    Folder(
        "Trips/2024 Nordkap 🚐/Week 1/Camera B",
        22,
        ("lake", "snow", "night", "meadow"),
        _at(2024, 6, 20, 2),
        7,
        "l2",
        "LRK2",
        track=((60.3913, 5.3221, 20.0), (71.1685, 25.7832, 307.0)),
        keywords=("Trips|North",),
    ),
    Folder(
        "Scans/1987 album",
        12,
        ("beach", "meadow", "snow", "city"),
        _at(1987, 8, 1, 2),
        30,
        "",
        "1987-08 page ",
        suffixes=(".tif", ".jpg", ".jpg"),
    ),
    Folder(
        "Takeout/Photos from 2018",
        8,
        ("meadow", "city"),
        _at(2018, 9, 1, 2),
        60,
        "",
        "photo_",
        track=((50.1109, 8.6821, 112.0), (50.1200, 8.7000, 118.0)),
    ),
)


def plan(seed: int, pictures: int) -> list[Shot]:
    """Return the shots of all folders for a library of about `pictures` pictures."""
    shots: list[Shot] = []
    for number, folder in enumerate(FOLDERS):
        count = max(3, round(folder.share * pictures / 300))
        rng = np.random.default_rng([seed, number])
        shots += [
            _shot(folder, index, count, seed * 100_003 + number * 1009 + index, rng)
            for index in range(count)
        ]
    return shots


def _shot(
    folder: Folder, index: int, count: int, seed: int, rng: np.random.Generator
) -> Shot:
    kind = folder.kinds[index % len(folder.kinds)]
    lights = ("noon", "morning", "noon", "sunset", "noon", "overcast", "noon")
    light = "night" if kind == "night" else lights[int(rng.integers(7))]
    day = folder.start + timedelta(days=folder.days * index // count)
    taken = day + timedelta(
        hours=_HOURS[light],
        minutes=index * 100 / count,
        milliseconds=int(rng.integers(60_000)),
    )
    scans = folder.path.startswith("Scans")
    takeout = folder.path.startswith("Takeout")
    suffix = folder.suffixes[index % len(folder.suffixes)]
    if suffix == ".jpg" and index % 5 == 4 and folder.camera == "l2":
        suffix = ".JPG"
    path = PurePosixPath(folder.path) / f"{folder.prefix}{index * 3 + 412:04d}{suffix}"
    if scans:
        path = path.with_name(f"{folder.prefix}{index + 1:02d}{suffix}")
    cast = _cast(folder, kind, rng)
    size = _size(folder, index, rng)
    notes = Notes() if scans or takeout else _notes(folder, index, count, taken, rng)
    if takeout or suffix != ".jpg":
        notes = _upright(notes)
    return Shot(
        path, seed, kind, light, size, cast, notes, taken, _extras(folder, index)
    )


def _size(folder: Folder, index: int, rng: np.random.Generator) -> Size:
    size = _SIZES[int(rng.integers(len(_SIZES)))]
    if folder.path.startswith("Trips"):
        size = {1: (6000, 4000), 4: (3600, 1000), 9: (3600, 1000)}.get(index, size)
    if folder.path.startswith("2019") and index == 5:
        size = (3600, 1000)
    return (1200, 900) if folder.path.startswith("Scans") else size


def _extras(folder: Folder, index: int) -> frozenset[str]:
    """Return what else is made of a shot, besides its picture."""
    table = {
        ("2021/2021-12 Snow", 0): {"dng"},
        ("2021/2021-12 Snow", 2): {"dng", "xmp"},
        ("Trips/2024 Nordkap 🚐/Week 1/Camera B", 0): {"dng"},
        ("Trips/2024 Nordkap 🚐/Week 1/Camera B", 2): {"dng"},
        ("2019/2019-07 Lake", 0): {"xmp"},
        ("2019/2019-07 Lake", 1): {"long xmp"},
        ("Phone/2023", 0): {"live"},
        ("Phone/2023", 1): {"edited"},
        ("Phone/2023", 2): {"live"},
        ("2022/Küche 🐈 & Sofa", 2): {"long xmp"},
    }
    found = set(table.get((folder.path, index), ()))
    if folder.path.startswith("Takeout"):
        found.add("takeout")
    if folder.path.startswith("Scans"):
        found.add("faded")
        if index % 4 == 0:
            found.add("xmp")
    return frozenset(found)


def _cast(folder: Folder, kind: str, rng: np.random.Generator) -> tuple[Figure, ...]:
    names = list(CAST[kind])
    count = int(rng.choice([1, 2, 3, 4], p=[0.15, 0.3, 0.35, 0.2]))
    cast = list(folder.always)
    kin = list(FAMILY)
    for i in rng.permutation(len(names))[: max(1, count - len(cast) // 2)]:
        if names[i] == "person":
            cast.append(FAMILY[kin.pop(int(rng.integers(len(kin))))])
            if rng.random() < 0.4:
                cast.append(FAMILY[kin.pop(int(rng.integers(len(kin))))])
        elif names[i] == "dog" and rng.random() < 0.4 and ZOEY not in cast:
            cast.append(ZOEY)
        elif names[i] not in {figure.thing for figure in cast}:
            cast.append(Figure(names[i]))
    return tuple(cast)


def _notes(
    folder: Folder, index: int, count: int, taken: datetime, rng: np.random.Generator
) -> Notes:
    place = None
    if folder.track and rng.random() < 0.9:
        share = index / max(1, count - 1)
        start, end = folder.track
        steps = [a + (b - a) * share for a, b in zip(start, end, strict=True)]
        wander = rng.normal(0, 0.0006, 2)
        place = (
            round(steps[0] + float(wander[0]), 6),
            round(steps[1] + float(wander[1]), 6),
            round(steps[2], 1),
        )
    rating = int(rng.choice([0, 3, 4, 5])) if rng.random() < 0.4 else None
    turns = (1, 1, 1, 6, 1, 8, 1, 3)
    title = folder.path.rpartition("/")[2] if index % 4 == 0 else None
    return Notes(
        taken=taken,
        camera=folder.camera,
        place=place,
        rating=rating or None,
        title=title,
        keywords=folder.keywords if index % 3 != 2 else (),
        orientation=turns[index % 8] if folder.camera in ("l1", "phone") else 1,
    )


def _upright(notes: Notes) -> Notes:
    """Return the notes for formats whose decoders turn pictures by themselves."""
    return Notes(
        notes.taken,
        notes.camera,
        notes.place,
        notes.rating,
        notes.title,
        notes.description,
        notes.keywords,
    )
