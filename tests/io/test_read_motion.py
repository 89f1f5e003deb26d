"""Films within pictures, as the real ExifTool and real files tell of them."""

import io
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from blake3 import blake3
from PIL import Image

from home_media_pipelines.core.metadata.parse import Metadata
from home_media_pipelines.io.exiftool import ExifTool
from home_media_pipelines.io.read_metadata import Readable, read_metadata
from tests.conftest import REPOSITORY

BARE = b"".join(
    struct.pack(">I4s", len(body) + 8, kind) + body
    for kind, body in ((b"ftyp", b"mp42\0\0\0\0"), (b"mdat", b"x" * 99), (b"moov", b""))
)
FILM = BARE + struct.pack(">I4s", 10, b"free") + b"\xff\xd9"
"""It ends as a JPEG does: whoever finds it was told where, and did not search."""

CAMERA = 'xmlns:G="http://ns.google.com/photos/1.0/camera/"'
MICRO_VIDEO = CAMERA + ' G:MicroVideoOffset="{}"/'
CONTAINER = """
  xmlns:C="http://ns.google.com/photos/1.0/container/"
  xmlns:I="http://ns.google.com/photos/1.0/container/item/">
  <C:Directory><rdf:Seq>
    <rdf:li rdf:parseType="Resource"><C:Item I:Mime="image/jpeg" I:Semantic="Primary"
      I:Length="0" I:Padding="0"/></rdf:li>
    <rdf:li rdf:parseType="Resource"><C:Item I:Mime="video/mp4"
      I:Semantic="MotionPhoto" I:Length="{}"/></rdf:li>
  </rdf:Seq></C:Directory></rdf:Description"""


def picture(says: str = "") -> bytes:
    """A JPEG with these words in its XMP."""
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'rdf:about="" {says}></rdf:RDF></x:xmpmeta>'
    )
    held = io.BytesIO()
    Image.new("RGB", (32, 24)).save(held, "JPEG", xmp=xmp.encode())
    return held.getvalue()


def read(path: Path, format: str = "jpeg") -> Metadata:
    """What is written in a file."""
    content_id = blake3(str(path).encode()).hexdigest()
    content = Readable(content_id, format, path)
    with ExifTool() as exiftool:
        ((_, found),) = read_metadata([content], exiftool, now=datetime.now(UTC))
    assert isinstance(found, Metadata)
    return found


@pytest.mark.parametrize(
    ("says", "film"), [(MICRO_VIDEO, FILM), (CONTAINER, FILM), ("/", BARE)]
)
def test_the_film_of_a_motion_photo_is_found(tmp_path, says, film):
    """By an offset, by a directory, and where nothing is said."""
    still = picture(says.format(len(film)))
    (tmp_path / "a.jpg").write_bytes(still + film)
    found = read(tmp_path / "a.jpg")
    assert (found.motion_offset, found.motion_length) == (len(still), len(film))


@pytest.mark.parametrize("says", [MICRO_VIDEO, CONTAINER, "/"])
def test_a_film_that_was_cut_off_is_none(tmp_path, says):
    (tmp_path / "a.jpg").write_bytes(picture(says.format(len(FILM))))
    found = read(tmp_path / "a.jpg")
    assert (found.motion_offset, found.motion_length) == (None, None)


def test_the_film_in_a_heic_of_samsung_is_found(media):
    path = media / "library" / "Phones" / "HEIC" / "samsung-one-ui-6.heic"
    found = read(path, "heic")
    assert found.motion_offset is not None
    assert found.motion_length == 3_226_469  # of its box `mpvd`, says ExifTool
    with path.open("rb") as file:
        file.seek(found.motion_offset + 4)
        assert file.read(4) == b"ftyp"


def test_the_film_behind_a_jpeg_of_samsung_is_found():
    path = REPOSITORY.parent / "shared" / "cases" / "30-moves" / "20240301_120000.jpg"
    if not path.is_file():
        pytest.skip("no cases beside the repository")
    found = read(path)
    assert found.motion_offset is not None
    assert found.motion_length is not None
    assert found.motion_offset + found.motion_length == path.stat().st_size
