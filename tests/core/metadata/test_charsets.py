"""Text that does not say how it is encoded."""

import pytest

from home_media_pipelines.core.metadata.charsets import decode_legacy


def as_exiftool_reads(word: str, encoding: str) -> str:
    return word.encode(encoding).decode("cp1252")


@pytest.mark.parametrize(
    ("word", "encoding"),
    [
        ("München", "utf-8"),
        ("München", "cp1252"),
        ("Озеро", "utf-8"),
        ("Озеро", "cp1251"),
        ("Байкал", "koi8-r"),
        ("café", "latin-1"),
    ],
)
@pytest.mark.parametrize("key", ["IPTC:Keywords", "IFD0:ImageDescription", "PNG:Title"])
def test_text_is_what_was_written(word, encoding, key):
    found, _ = decode_legacy({key: as_exiftool_reads(word, encoding)})
    assert found[key] == word


def test_a_guess_is_noted():
    _, note = decode_legacy({"IPTC:Keywords": as_exiftool_reads("Озеро", "cp1251")})
    assert note
    assert "cp1251" in note


def test_text_that_is_marked_is_left_alone():
    """Somebody may mean it."""
    tags = {"IPTC:CodedCharacterSet": "\x1b%G", "IPTC:Keywords": "MÃ¼nchen"}
    assert decode_legacy(tags) == (tags, None)
