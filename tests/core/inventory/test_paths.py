"""Quoted paths: every legal file name survives, ordinary ones look as they are."""

import os
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from home_media_pipelines.core.errors import PathError
from home_media_pipelines.core.inventory.paths import (
    MAX_FOLDER_BYTES,
    display_name,
    folder_key,
    folder_of,
    locate,
    need_no_quotes,
    quote_path,
    split_folder_key,
    unquote_path,
)

names = st.binary(min_size=1, max_size=255).map(
    lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_")
)
paths = st.lists(names, min_size=1, max_size=4).map(b"/".join)


@given(paths)
@example(b"a\nb\tc")
@example(b"two..dots...jpg")
@example(b"....")
@example(b"\xff\xfe not utf-8")
@example(unicodedata.normalize("NFC", "Öl").encode())
@example(unicodedata.normalize("NFD", "Öl").encode())
@example(b"%41%zz%")
@example(b" a / b ")
@example(("ü" * 127 + "x").encode())
def test_every_legal_path_survives_quoting(raw):
    """The bytes come back exactly: quoting is how we find the file again."""
    quoted = quote_path(raw)
    assert os.fsencode(unquote_path(quoted)) == raw
    assert quote_path(os.fsdecode(raw)) == quoted
    assert quoted.count("/") == raw.count(b"/")


@given(paths)
def test_quoted_paths_hold_nothing_a_key_or_a_database_refuses(raw):
    quoted = quote_path(raw)
    quoted.encode()  # valid Unicode
    assert not re.search(r'[\x00-\x1f\x7f-\x9f,\[\]"*\\\u2028\u2029\u202e]', quoted)
    assert "..." not in quoted
    assert all(part == part.strip(" ") for part in quoted.split("/"))


@given(paths, paths)
def test_two_paths_never_share_a_quoted_form(one, other):
    assert (quote_path(one) == quote_path(other)) == (one == other)


@given(st.lists(names, max_size=5))
def test_the_question_for_a_whole_directory_never_misses_a_name(raw_names):
    """It may be too careful, but must not let a name through that needs quotes."""
    decoded = [os.fsdecode(raw) for raw in raw_names]
    if need_no_quotes(decoded):
        assert [quote_path(name) for name in decoded] == decoded


@pytest.mark.parametrize(
    "ordinary",
    ["2019/2019-06 Nordsee & Reisen/fin de journée.jpg", "日本 旅行.jpg", "-rf"],
)
def test_ordinary_names_look_as_they_are(ordinary):
    assert quote_path(ordinary) == ordinary


@pytest.mark.parametrize(
    ("raw", "quoted"),
    [
        ("100%", "100%25"),
        ("a...b", "a%2E%2E%2Eb"),
        (" x ", "%20x%20"),
        ("a,b", "a%2Cb"),
        ("a\u202eb", "a%E2%80%AEb"),
        ("\udcff", "%FF"),
    ],
)
def test_what_would_not_survive_is_percent_quoted(raw, quoted):
    assert quote_path(raw) == quoted


@pytest.mark.parametrize("bad", ["%", "%4", "%zz", "a%2Fb", "a%00b"])
def test_refuses_what_is_no_quoted_path(bad):
    with pytest.raises(PathError):
        unquote_path(bad)


@pytest.mark.parametrize("bad", ["..", "a/../../b", "/etc/passwd", "%2E%2E/x"])
def test_a_path_never_leads_out_of_its_root(bad, tmp_path):
    with pytest.raises(PathError):
        locate(tmp_path, bad)


@given(names)
def test_names_for_people_are_one_line_of_valid_unicode(raw):
    shown = display_name(quote_path(raw))
    shown.encode()
    assert "\n" not in shown
    assert "\u202e" not in shown


def test_names_for_people_show_what_was_hidden():
    assert display_name(quote_path(b"a\nb\xff.jpg")) == "a\\x0ab\ufffd.jpg"
    assert display_name("2019/100%25 😀.jpg") == "100% 😀.jpg"


def test_keys_name_library_and_folder():
    assert folder_key("photos", ".") == "photos/."
    assert folder_key("photos", "2019/a%2Cb") == "photos/2019/a%2Cb"
    assert split_folder_key("photos/2019/a%2Cb") == ("photos", "2019/a%2Cb")
    with pytest.raises(PathError):
        split_folder_key("photos")


def test_deep_directories_belong_to_their_ancestor():
    assert folder_of("a/b/c/d/e", 3) == "a/b/c"
    assert folder_of("a/b", 3) == "a/b"
    assert folder_of(".", 3) == "."


@given(st.lists(names, min_size=1, max_size=12), st.integers(1, 16))
def test_every_folder_fits_into_a_key(raw_names, depth):
    directory = quote_path(b"/".join(raw_names))
    folder = folder_of(directory, depth)
    assert len(folder.encode()) <= MAX_FOLDER_BYTES
    assert folder == "." or f"{directory}/".startswith(f"{folder}/")
    assert folder_of(folder, depth) == folder
