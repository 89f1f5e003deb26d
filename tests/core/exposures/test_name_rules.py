"""Every rule of naming joins what it is about, and nothing beside it."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime

import pytest

from home_media_pipelines.core.exposures.drafts import GroupableFile
from home_media_pipelines.core.exposures.edit_words import EDIT_WORDS
from home_media_pipelines.core.exposures.grouping import group
from home_media_pipelines.core.exposures.name_rules import RULES, NameRule
from home_media_pipelines.core.inventory.formats import FORMATS, format_of_extension
from home_media_pipelines.core.inventory.paths import quote_path, unquote_path

NOON = datetime(2019, 6, 1, 12, microsecond=250_000)


def file(name: str, **values) -> GroupableFile:
    """A file of content of its own; Takeout's JSON and films by their extension."""
    known = format_of_extension(name)
    if re.search(r"\.MP~\d+$", name):
        known = FORMATS["mp4"]
    if name.endswith(".json"):
        known = FORMATS["takeout"]
    assert known is not None, name
    path = quote_path(name)
    return replace(GroupableFile(path, name, known.name, known.role), **values)


def images(*names: str, **values) -> list[set[str]]:
    """The files of each image."""
    files = [file(name, **values) for name in names]
    return [set(map(unquote_path, it.parts)) for it in group(files)]


def parts(*files: GroupableFile) -> list[dict[str, str]]:
    """The part of each file, image by image."""
    return [
        {unquote_path(path): part for path, part in it.parts.items()}
        for it in group(files)
    ]


every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda it: it.what)


@every_rule
def test_what_a_rule_pairs_is_one_image(rule: NameRule):
    """With what it takes besides the name, where it takes anything."""
    values = {} if rule.proof == "name" else {"taken_at": NOON}
    assert images(*rule.pair, **values) == [set(rule.pair)]


@every_rule
def test_what_a_rule_keeps_apart_stays_apart(rule: NameRule):
    """A small twin without its video is in no image; all else is one of its own."""
    found = images(*rule.apart)
    media = [it for it in rule.apart if file(it).role != "sidecar"]
    assert sorted(map(sorted, found)) == sorted([it] for it in media)


@every_rule
def test_no_name_is_proof_against_another_date_or_camera(rule: NameRule):
    one, other, *_ = rule.pair
    if "sidecar" in (file(one).role, file(other).role):
        pytest.skip("a sidecar's date is that of its writing")
    years = [file(one, taken_at=NOON), file(other, taken_at=NOON.replace(year=2011))]
    cameras = [
        file(one, taken_at=NOON, model="Pixel 8"),
        file(other, taken_at=NOON, model="Canon EOS 6D"),
    ]
    assert len(parts(*years)) == len(parts(*cameras)) == 2


@every_rule
def test_a_rule_says_who_says_so(rule: NameRule):
    assert rule.source
    assert rule.pattern.fullmatch(rule.pair[-1].rpartition(".")[0]) or (
        rule.pattern.fullmatch(rule.pair[0].rpartition(".")[0])
    )


@pytest.mark.parametrize(
    ("language", "word"),
    [(language, word) for language, words in EDIT_WORDS.items() for word in words],
)
def test_an_edit_is_known_by_its_word_in_any_language(language, word):
    """However Unicode writes it, and with a counter behind."""
    for form in ("NFC", "NFD"):
        edit = unicodedata.normalize(form, f"Ferien-{word}")
        assert images("Ferien.jpg", f"{edit}.jpg") == [{"Ferien.jpg", f"{edit}.jpg"}]
        counted = (f"{edit}(1).jpg", "Ferien(1).jpg", "Ferien.jpg(1).json")
        assert images(*counted) == [set(counted)]


def test_an_edit_in_an_unknown_language_is_known_by_the_json_it_lacks():
    """Takeout describes every picture but the edits."""
    names = ("a.jpg", "a.jpg.json", "a-gewyzig.jpg")
    assert images(*names) == [set(names)]
    described = images(*names, "a-gewyzig.jpg.json")
    assert {"a.jpg", "a.jpg.json"} in described
    assert len(described) == 2
    assert len(images("a.jpg", "a-gewyzig.jpg")) == 2


def test_the_json_of_an_original_that_was_not_exported_describes_its_edit():
    names = ("a-edited.jpg", "a.jpg.supplemental-metadata.json")
    assert images(*names) == [set(names)]


@pytest.mark.parametrize("length", [46, 47, 50, 51])
@pytest.mark.parametrize("whole", ["", ".supplemental-metadata"])
def test_a_json_is_found_however_far_its_name_was_cut(length, whole):
    for media in ("b" * 47 + ".jpg", "c" * 30 + ".jpg"):
        json = f"{(media + whole)[:length]}.json"
        assert images(media, json) == [{media, json}]


def test_two_names_cut_to_the_same_are_nobodys_json():
    """Better no date than that of another picture."""
    names = ("b" * 46 + "1.jpg", "b" * 46 + "2.jpg", "b" * 46 + ".json")
    assert images(*names) == [{names[0]}, {names[1]}]


def test_a_pixels_motion_photo_with_film_raw_and_edit():
    """As Takeout exports it: the film of each is called like it, without `.jpg`."""
    short = {"duration": 2.0}
    found = parts(
        file("PXL_20240115_100000111.MP.jpg"),
        file("PXL_20240115_100000111.MP", **short),
        file("PXL_20240115_100000111.MP.jpg.supplemental-met.json"),
        file("PXL_20240115_100000111.dng"),
        file("PXL_20240115_100000111.MP~2.jpg"),
        file("PXL_20240115_100000111.MP~2", **short),
    )
    assert found == [
        {
            "PXL_20240115_100000111.MP": "motion",
            "PXL_20240115_100000111.MP.jpg": "primary",
            "PXL_20240115_100000111.MP.jpg.supplemental-met.json": "sidecar",
            "PXL_20240115_100000111.MP~2": "edited",
            "PXL_20240115_100000111.MP~2.jpg": "edited",
            "PXL_20240115_100000111.dng": "raw",
        }
    ]


def test_what_is_shown_of_a_pair_is_its_cover():
    (found,) = parts(
        file("PXL_20210101_120000000.PORTRAIT-02.ORIGINAL.jpg"),
        file("PXL_20210101_120000000.PORTRAIT-01.COVER.jpg"),
    )
    assert list(found.values()) == ["primary", "copy"]


def test_each_picture_of_a_burst_is_an_image():
    names = [f"0000{it}IMG_0000{it}_BURST20181024171225343.jpg" for it in range(3)]
    names += ["PXL_20220101_120000000.BURST-01.COVER.jpg"]
    names += ["PXL_20220101_120000000.BURST-02.jpg", "IMG_2018_BURST001_COVER.jpg"]
    assert len(images(*names, "IMG_2018_BURST002.jpg")) == 7


def test_a_motion_photo_of_old_has_a_film_and_a_raw():
    found = parts(
        file("MVIMG_20181101_120000.jpg"),
        file("MVIMG_20181101_120000.mp4", duration=1.5),
        file("IMG_20181101_120000.dng"),
    )
    assert [sorted(it.values()) for it in found] == [["motion", "primary", "raw"]]


def test_an_edited_live_photo_of_osxphotos_is_one_image():
    found = parts(
        file("IMG_1.HEIC", content_identifier="X"),
        file("IMG_1.MOV", content_identifier="X"),
        file("IMG_1_edited.jpeg", content_identifier="X"),
        file("IMG_1_edited.MOV", content_identifier="X"),
    )
    assert found == [
        {
            "IMG_1.HEIC": "primary",
            "IMG_1.MOV": "motion",
            "IMG_1_edited.MOV": "edited",
            "IMG_1_edited.jpeg": "edited",
        }
    ]


def test_a_film_is_no_edit_of_a_picture():
    assert len(images("a.jpg", "a-edited.mp4")) == 2


@pytest.mark.parametrize(
    ("owner", "twins"),
    [
        ("MVI_1234.AVI", ("MVI_1234.THM",)),
        ("GOPR0042.MP4", ("GOPR0042.THM", "GOPR0042.LRV")),
        ("DSC_0001.DNG", ("dsc_0001.thm",)),
        ("DJI_0001.MP4", ("DJI_0001.LRF",)),
        ("GX010042.MP4", ("GL010042.LRV", "GX010042.THM")),
    ],
)
def test_small_twins_belong_to_their_video_and_are_never_shown(owner, twins):
    """Beside a picture of the same name, too; without their video to nothing."""
    assert images(owner, *twins) == [{owner, *twins}]
    assert images(*twins) == []
    if not owner.endswith("DNG"):
        still = owner.rpartition(".")[0] + ".png"
        assert sorted(map(len, images(owner, still, *twins))) == [1, 1 + len(twins)]
