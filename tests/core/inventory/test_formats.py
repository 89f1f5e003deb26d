"""Formats by content, on real files and on bytes written by hand."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.inventory.formats import (
    FORMATS,
    HEAD_BYTES,
    format_of_extension,
    sniff,
)

OTHER_NAMES = {
    "Extended WEBP": "webp",
    "JXL Codestream": "jxl",
    "PICT": "qtk",  # the tool reads QuickTake only in part
    "MacOS": None,
    "ZIP": None,
    "TXT": None,
    "PDF": None,
    "SVG": None,
}


def name_of(head: bytes, name: str = "") -> str | None:
    found = sniff(head, name)
    return found.name if found else None


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", len(body) + 4) + body + b"\0" * 16


def tiff(*tags: tuple[int, int, int, int], make: bytes = b"") -> bytes:
    """A little-endian TIFF head of tags (tag, type, count, value)."""
    entries = [*tags]
    offset = 8 + 2 + 12 * (len(tags) + bool(make)) + 4
    if make:
        entries.append((0x10F, 2, len(make) + 1, offset))
    body = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0\0\0\0"
    return head + make + b"\0" * 16


def test_every_real_file_is_what_an_independent_tool_says(media):
    """By content, whatever its extension claims."""
    facts = json.loads((media / "facts" / "decode.json").read_text())["files"]
    wrong = {}
    for path, fact in facts.items():
        with (media / "library" / path).open("rb") as file:
            found = name_of(file.read(HEAD_BYTES), path)
        told = fact["true_type"]
        expected = OTHER_NAMES.get(told, told and told.lower())
        if told is None and path.endswith(".qtk"):
            expected = "qtk"
        if found != expected:
            wrong[path] = (found, expected)
    assert not wrong


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (ftyp(b"heic", b"mif1"), "", "heic"),
        (ftyp(b"mif1", b"heic"), "", "heic"),
        (ftyp(b"mif1", b"avif"), "", "avif"),
        (ftyp(b"crx ", b"isom"), "", "cr3"),
        (ftyp(b"qt  "), "a.mp4", "mov"),
        (ftyp(b"isom", b"mp42"), "a.m4v", "m4v"),
        (ftyp(b"M4V ", b"mp42"), "", "m4v"),
        (ftyp(b"3gp5", b"isom"), "", "3gp"),
        (ftyp(b"M4A ", b"isom"), "a.m4a", None),
        (b"\x1aE\xdf\xa3\x9fB\x82\x84webm", "", "webm"),
        (b"\x1aE\xdf\xa3\x9fB\x82\x88matroska", "", "mkv"),
        ((b"G" + b"\0" * 187) * 6, "", "mts"),
        ((b"\0\0\0\0G" + b"\0" * 187) * 6, "", "mts"),
        (b"8BPS\0\1" + b"\0" * 20, "", "psd"),
        (b"BM but not a bitmap at all", "", None),
        (b"", "a.jpg", None),
    ],
)
def test_containers_are_told_apart_by_what_is_in_them(head, name, expected):
    assert name_of(head, name) == expected


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (tiff(), "scan.tif", "tiff"),
        (tiff(make=b"NIKON CORPORATION"), "scan.tif", "tiff"),
        (tiff(), "scan.nef", "tiff"),
        (tiff(make=b"NIKON CORPORATION"), "a.nrw", "nrw"),
        (tiff((0xFE, 4, 1, 1), (0x14A, 4, 2, 8), make=b"SONY"), "a.jpg", "arw"),
        (tiff((0x106, 3, 1, 32803), make=b"SAMSUNG"), "a", "srw"),
        (tiff((0xC612, 1, 4, 0x0401), make=b"Apple"), "a.jpg", "dng"),
        (tiff((0xC612, 1, 4, 0x0401), make=b"GoPro"), "a.gpr", "gpr"),
        (tiff(make=b"Hasselblad"), "a.fff", "fff"),
        (tiff(make=b"Unheard of"), "a.mos", "mos"),
        (b"II*\0\x00\x00\x10\x00" + b"\0" * 50, "a.pef", "pef"),
        (b"II*\0\x00\x00\x10\x00" + b"\0" * 50, "a.tif", "tiff"),
        (b"II*\0\x10\0\0\0CR\2\0" + b"\0" * 50, "a.tif", "cr2"),
        (b"IIU\0" + b"\0" * 50, "a.rwl", "rwl"),
        (b"IIRO" + b"\0" * 50, "a.jpg", "orf"),
    ],
)
def test_raw_is_told_from_tiff_and_the_extension_breaks_ties(head, name, expected):
    assert name_of(head, name) == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ('<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">', "a.xmp", "xmp"),
        ('\ufeff<?xml version="1.0"?>\n<!-- x -->\n<rdf:RDF>', "a", "xmp"),
        ("<?xml?><svg><metadata><rdf:RDF>", "a.svg", None),
        ("<plist><key>adjustmentFormatIdentifier", "a", "aae"),
        ("<plist>", "a.aae", "aae"),
        ('{"title": "a.jpg", "photoTakenTime": {}}', "a.jpg.json", "takeout"),
        ('{"name": "package"}', "package.json", None),
        ("just notes", "notes.xmp", None),
    ],
)
def test_sidecars_are_told_by_what_they_must_say(text, name, expected):
    assert name_of(text.encode(), name) == expected


@given(st.binary(max_size=300), st.sampled_from(["", "a.nef", "a.json", "a.mov"]))
def test_any_bytes_get_an_answer(head, name):
    """A hostile file is at worst nothing we know."""
    for magic in (b"", b"II*\0", b"MM\0*", b"\0\0\0\x18ftyp", b"\x1aE\xdf\xa3"):
        found = sniff(magic + head, name)
        assert found is None or found is FORMATS[found.name]


def test_extensions_in_any_case_claim_a_format():
    assert format_of_extension("IMG.JPEG") is FORMATS["jpeg"]
    assert format_of_extension("a.b.Nef") is FORMATS["nef"]
    assert format_of_extension("jpg") is None
    assert format_of_extension("a.json") is None


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"\xff\xd8\xff\xe1", "MVI_1234.THM", "thm"),
        (ftyp(b"mp41"), "GL010042.LRV", "lrv"),
        (ftyp(b"qt  "), "DJI_0001.lrf", "lrv"),
        (ftyp(b"mp42"), "PXL_1.MP", "mp4"),
        (ftyp(b"mp42"), "PXL_1.MP~2", "mp4"),
    ],
)
def test_what_a_camera_writes_beside_a_video_is_told_by_its_extension(
    head, name, expected
):
    """The same bytes in a file of another name are a picture, or a video."""
    assert name_of(head, name) == expected
    assert FORMATS[expected].role == ("video" if expected == "mp4" else "sidecar")


@pytest.mark.parametrize(
    "name",
    [
        "a.jpg_original",
        "a.DNG_Original",
        "a.jpg.part",
        "a.jpg~",
        "a.jpg.crdownload",
        "a.mp4.filepart",
    ],
)
def test_what_a_program_left_behind_is_no_medium(name):
    assert name_of(b"\xff\xd8\xff\xe1", name) is None
    assert format_of_extension(name) is None


@pytest.mark.parametrize("name", ["original.jpg", "part.jpg", "a~2.jpg", "my_original"])
def test_a_name_that_only_sounds_like_a_leftover_is_a_picture(name):
    assert name_of(b"\xff\xd8\xff\xe1", name) == "jpeg"


def test_a_long_description_hides_nothing_of_a_takeout_sidecar():
    """What Google writes after it lies beyond the first bytes of the file."""
    told = {"title": 'a "b.jpg', "description": "ö" * 9_000, "photoTakenTime": {}}
    head = json.dumps(told, indent=2).encode()[:HEAD_BYTES]
    found = sniff(head, "a.jpg.json")
    assert found is not None
    assert found.name == "takeout"
    assert sniff(b'{"title": "x", "description": "y"}', "a.json") is None
