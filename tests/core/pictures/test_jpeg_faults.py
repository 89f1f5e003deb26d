"""JPEGs that viewers show all the same: readable is readable, whoever reads it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode.jpeg_repair import repaired
from home_media_pipelines.core.pictures.decode.picture import Limits
from home_media_pipelines.core.pictures.render import render
from tests.core.drawings import difference, draw


def plain() -> bytes:
    buffer = io.BytesIO()
    draw().save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def segments(data: bytes) -> dict[int, int]:
    """Marker to where its last segment starts."""
    found, at = {}, 2
    while 0xDA not in found:
        found[data[at + 1]] = at
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


def junk(data: bytes) -> bytes:
    at = segments(data)[0xDB]
    return data[:at] + b"\0" + data[at:]


def several_junk(data: bytes) -> bytes:
    at = segments(data)[0xC0]
    return data[:at] + b"junk" + data[at:]


def newer_jfif(data: bytes) -> bytes:
    return data.replace(b"JFIF\0\1\1", b"JFIF\0\2\1")


def without_end(data: bytes) -> bytes:
    return data[:-2]


def two_starts(data: bytes) -> bytes:
    return data[:2] + data


def scan_names(data: bytes) -> bytes:
    changed, at = bytearray(data), segments(data)[0xDA]
    for number in range(3):
        changed[at + 5 + 2 * number] = number + 5
    return bytes(changed)


def frame_names(data: bytes) -> bytes:
    changed, at = bytearray(data), segments(data)[0xC0]
    for number in range(3):
        changed[at + 10 + 3 * number] = 0
    return bytes(changed)


FAULTS = [
    junk,
    several_junk,
    newer_jfif,
    without_end,
    two_starts,
    scan_names,
    frame_names,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda it: it.__name__)
def test_a_fault_in_the_headers_hides_no_picture(tmp_path, fault):
    path = tmp_path / "a.jpg"
    path.write_bytes(fault(plain()))
    rendered = render(path, "jpeg")
    assert rendered.warning.startswith("damaged: ")
    picture = Image.open(io.BytesIO(rendered.jpegs[max(rendered.jpegs)]))
    assert difference(picture, draw()) < 3


@pytest.mark.parametrize("fault", FAULTS, ids=lambda it: it.__name__)
def test_the_tolerant_readers_have_the_limits_of_the_fast_one(tmp_path, fault):
    path = tmp_path / "a.jpg"
    path.write_bytes(fault(plain()))
    with pytest.raises(BombError):
        render(path, "jpeg", limits=Limits(pixels=1000))


def test_a_jpeg_of_which_nothing_can_be_read_is_refused(tmp_path):
    data = plain()
    path = tmp_path / "a.jpg"
    path.write_bytes(data[: segments(data)[0xDA]])
    with pytest.raises(DecodeError):
        render(path, "jpeg")


def test_a_sound_jpeg_is_left_as_it_is():
    assert repaired(plain()) is None


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 800))
def test_mending_never_fails(noise, at):
    data = plain()
    result = repaired(data[:at] + noise + data[at:])
    assert result is None or isinstance(result, bytes)
