"""The film inside a motion photo is found where it is, and nowhere outside the file."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home_media_pipelines.core.metadata.embedded_motion import (
    EmbeddedMotion,
    ReadAt,
    film_at,
    find_motion,
)

JPEG = b"\xff\xd8\xff\xe1" + b"picture" * 9 + b"\xff\xd9"


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


BARE = box(b"ftyp", b"mp42\0\0\0\0mp42isom") + box(b"mdat", b"\1" * 50) + box(b"moov")
FILM = BARE + box(b"free", b"\xff\xd9")
"""It ends as a JPEG does: whoever finds it was told where, and did not search."""


def reader(held: bytes) -> ReadAt:
    """Reads as a file does, and refuses what a file has no room for."""

    def read(offset: int, count: int) -> bytes:
        assert 0 <= offset <= len(held)
        assert 0 <= count <= 1 << 20
        return held[offset : offset + count]

    return read


def found(held: bytes, format: str = "jpeg", **tags) -> bytes | None:
    """The film in these bytes."""
    motion = find_motion(
        {f"XMP-GCamera:{name}": value for name, value in tags.items()},
        format,
        len(held),
        reader(held),
    )
    return motion and held[motion.offset : motion.offset + motion.length]


def directory(*items: tuple[str, object, object]) -> list[dict[str, object]]:
    """A Container directory: semantic, length and padding of each item."""
    return [
        {"Item": {"Semantic": semantic, "Length": length, "Padding": padding}}
        for semantic, length, padding in items
    ]


def sef(start: int, film: bytes = FILM, data: bytes | None = None) -> bytes:
    """Samsung's trailer, the film in it or, as `data`, where it lies."""
    name = b"MotionPhoto_Data"
    block = struct.pack("<HHI", 0, 0x0A30, len(name)) + name + (data or film)
    other = struct.pack("<HHI", 0, 0x0A01, 4) + b"Time"
    entries = struct.pack("<HHII", 0, 0x0A30, len(block) + len(other), len(block))
    entries += struct.pack("<HHII", 0, 0x0A01, len(other), len(other))
    head = b"SEFH" + struct.pack("<II", 107, 2) + entries
    return block + other + head + struct.pack("<I", len(head)) + b"SEFT"


def test_an_offset_from_the_end():
    """As MVIMG files have it; the numbers may come as text."""
    assert found(JPEG + FILM, MicroVideoOffset=len(FILM)) == FILM
    assert found(JPEG + FILM, MicroVideoOffset=str(len(FILM))) == FILM


@pytest.mark.parametrize("name", ["Directory", "ContainerDirectory"])
def test_the_lengths_of_a_directory(name):
    """What lies behind the film, such as a gain map, is not part of it."""
    items = directory(
        ("Primary", 0, 0), ("MotionPhoto", len(FILM), 0), ("GainMap", 9, 0)
    )
    assert found(JPEG + FILM + b"gain ma\xff\xd9", **{name: items}) == FILM


def test_a_directory_of_samsung_counts_what_pads_the_film():
    padded = directory(("Primary", 5, 8), ("MotionPhoto", len(FILM) + 12, 12))
    assert found(JPEG + FILM + box(b"sefd", b"12\xff\xd9"), Directory=padded) == FILM


def test_a_directory_of_google_does_not_count_what_pads_the_film():
    padded = directory(("Primary", 0, 8), ("MotionPhoto", len(FILM), 12))
    assert found(JPEG + FILM + b"\0" * 12, Directory=padded) == FILM


@pytest.mark.parametrize("format", ["heic", "avif"])
def test_the_box_of_a_heic(format):
    heic = box(b"ftyp", b"heic\0\0\0\0") + box(b"mdat", b"picture")
    assert found(heic + box(b"mpvd", FILM) + box(b"free"), format) == FILM
    large = struct.pack(">I4sQ", 1, b"mpvd", len(FILM) + 16) + FILM
    assert found(heic + large, format) == FILM


def test_a_trailer_of_samsung_holds_the_film_or_says_where_it_lies():
    assert found(JPEG + sef(len(JPEG))) == FILM
    pointer = b"mpv2" + struct.pack(">II", len(JPEG), len(FILM))
    assert found(JPEG + FILM + sef(0, data=pointer)) == FILM


@pytest.mark.parametrize("between", [b"", b"\0" * 33, b"MotionPhoto_Data"])
def test_a_film_that_nothing_points_at(between):
    """As some Samsungs and many programs leave it: behind the picture's end."""
    assert found(JPEG + between + BARE) == BARE
    assert found(JPEG + b"\xff" * (1 << 20) + between + BARE) == BARE


@pytest.mark.parametrize("tail", [b"", b"\0" * 40, JPEG])
def test_a_picture_that_ends_as_one_is_not_searched(tail):
    """Bytes that look like a film within a picture are no film."""
    assert found(JPEG + BARE + JPEG + tail) is None


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"MotionPhoto": 1},
        {"MicroVideoOffset": 0},
        {"MicroVideoOffset": -5},
        {"MicroVideoOffset": 10**30},
        {"MicroVideoOffset": "inf"},
        {"MicroVideoOffset": 7},
        {"MicroVideoOffset": [None]},
        {"Directory": "text"},
        {"Directory": [None, 3, {"Item": "x"}, {"Item": {"Semantic": "MotionPhoto"}}]},
        {"Directory": directory(("MotionPhoto", 10**30, -(10**30)))},
        {"Directory": directory(("MotionPhoto", -7, 0))},
    ],
)
def test_what_is_claimed_and_not_there_is_not_believed(tags):
    """A cloud strips the film and keeps the words; a stranger writes what he likes."""
    assert found(JPEG, **tags) is None


def test_the_first_bytes_of_a_file_are_its_picture():
    assert film_at(reader(FILM), 0, len(FILM), len(FILM)) is None


def test_other_formats_have_none():
    assert found(JPEG + FILM, "png", MicroVideoOffset=len(FILM)) is None


numbers = st.one_of(
    st.integers(-(2**70), 2**70),
    st.integers(-300, 300),
    st.floats(),
    st.text(max_size=4),
)
items = st.lists(
    st.one_of(
        st.none(),
        st.fixed_dictionaries(
            {
                "Item": st.fixed_dictionaries(
                    {
                        "Semantic": st.sampled_from(["MotionPhoto", "Primary", "", 3]),
                        "Length": numbers,
                        "Padding": numbers,
                    }
                )
            }
        ),
    ),
    max_size=40,
)
pieces = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([JPEG, FILM, FILM[:20], b"ftyp", b"SEFH", b"SEFT", b"mpvd"]),
        st.integers(0, 2**32 - 1).map(lambda it: struct.pack(">I", it)),
        st.integers(0, 300).map(lambda it: struct.pack("<I", it)),
        st.integers(0, 400).map(sef),
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)).map(
            lambda it: sef(0, data=b"mpv2" + struct.pack(">II", *it))
        ),
        st.tuples(
            st.integers(0, 2**32 - 1), st.sampled_from([b"ftyp", b"mpvd", b"moov"])
        ).map(lambda it: struct.pack(">I4s", *it)),
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(pieces, st.sampled_from(["jpeg", "heic", "avif"]), numbers, items)
def test_no_bytes_and_no_numbers_lead_outside_the_file(held, format, back, listed):
    """And what is found begins as a film does. `reader` refuses a wrong offset."""
    tags = {"XMP-GCamera:MicroVideoOffset": back, "XMP-Container:Directory": listed}
    motion = find_motion(tags, format, len(held), reader(held))
    if motion is not None:
        assert 0 < motion.offset < motion.offset + motion.length <= len(held)
        assert held[motion.offset + 4 : motion.offset + 8] == b"ftyp"


@settings(max_examples=300, deadline=None)
@given(pieces, st.integers(-10, 700), st.integers(-10, 700))
def test_a_claim_is_a_film_within_its_bounds_or_nothing(held, start, end):
    motion = film_at(reader(held), start, end, len(held))
    if motion is not None:
        assert motion == EmbeddedMotion(start, motion.length)
        assert 0 < motion.length <= end - start
