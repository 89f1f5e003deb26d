"""What belongs to one exposure is joined, what may not is left apart."""

import json
import time
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.exposures.drafts import Exposure, GroupableFile
from home_media_pipelines.core.exposures.grouping import group
from home_media_pipelines.core.inventory.formats import FORMATS, format_of_extension
from home_media_pipelines.core.inventory.paths import quote_path, unquote_path
from home_media_pipelines.core.inventory.scan import scan_folder
from home_media_pipelines.core.inventory.walk import summarise, walk

NOON = datetime(2019, 6, 1, 12)


def file(name: str, content: str | None = None, **values) -> GroupableFile:
    known = format_of_extension(name) or FORMATS["takeout"]
    return replace(
        GroupableFile(quote_path(name), content or name, known.name, known.role),
        **values,
    )


def grouped(*files: GroupableFile) -> list[dict[str, str]]:
    return [dict(it.parts) for it in group(files)]


def together(*names: str) -> bool:
    """Whether exactly these files, all of different content, are one exposure."""
    return [set(it) for it in grouped(*map(file, names))] == [set(names)]


def test_raw_jpeg_heic_and_sidecars_are_one_image():
    names = ("a.nef", "a.jpg", "a.heic", "a.xmp", "a.nef.xmp")
    assert grouped(*map(file, names)) == [
        {
            "a.jpg": "primary",
            "a.heic": "copy",
            "a.nef": "raw",
            "a.nef.xmp": "sidecar",
            "a.xmp": "sidecar",
        }
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("DC0010S.KDC", "dc0010s.jpg"),
        ("a.CR3", "a.HEIC"),
        ("A.JPG", "a.xmp"),
        ("a.jpg", "a.JPG.xmp"),
        ("Öl.jpg", "O\u0308l.xmp"),
        ("a.jpg", "a.jpg.json"),
        ("a.jpg", "a.jpg.supplemental-metadata.json"),
        ("a.mp4", "a.mp4.json"),
        ("a(1).jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
        ("a(1).jpg", "a(1).jpg.json"),
        ("a.jpg", "a.json"),
        ("b" * 50 + ".jpg", "b" * 46 + ".json"),
        ("c" * 36 + ".jpg", "c" * 36 + ".jpg.suppl.json"),
        ("IMG_4120.JPG", "IMG_4120.AAE"),
        ("IMG_4120.JPG", "IMG_E4120.JPG", "IMG_4120.AAE"),
        ("IMG_4120.HEIC", "IMG_E4120.JPG", "IMG_O4120.AAE"),
        ("two..dots...jpg", "two..dots...xmp"),
    ],
)
def test_names_that_belong_together_are_joined(names):
    assert [set(map(unquote_path, it)) for it in grouped(*map(file, names))] == [
        set(names)
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("IMG_0001.JPG", "img_0001.jpg"),
        ("2015-02-04.jpg", "2015-02-04(1).jpg"),
        ("a.jpg", "a.png"),
        ("a.jpg", "a.heic"),
        ("a.jpg", "a.jpeg", "a.nef"),
        ("a.nef", "a.dng", "a.jpg"),
        ("a.nef", "b/a.jpg"),
        ("IMG_4120.JPG", "IMG_E4120.JPG"),
        ("a.jpg", "a.mov"),
        ("IMG_0001.JPG", "img_0001.jpg", "Img_0001.NEF"),
    ],
)
def test_ambiguous_names_stay_apart(names):
    assert len(grouped(*map(file, names))) == len(names)


@pytest.mark.parametrize(
    "names",
    [("a.gif", "a.jpg", "a.xmp"), ("a(1).jpg", "a.jpg.json"), ("b.jpg", "a.xmp")],
)
def test_a_sidecar_that_may_mean_several_files_or_none_is_left_out(names):
    assert not any("sidecar" in it.values() for it in grouped(*map(file, names)))


def test_a_sidecar_of_a_name_goes_to_the_raw_when_its_jpeg_is_another_exposure():
    """Adobe writes `a.xmp` for RAW files and into all others."""
    raw = file("a.nef", taken_at=NOON)
    jpeg = file("a.jpg", taken_at=NOON.replace(year=2011))
    assert grouped(raw, jpeg, file("a.xmp")) == [
        {"a.jpg": "primary"},
        {"a.nef": "primary", "a.xmp": "sidecar"},
    ]


@pytest.mark.parametrize(
    "contradiction",
    [{"taken_at": NOON.replace(month=9)}, {"model": "NIKON D70"}],
)
def test_a_counter_that_began_again_joins_nothing(contradiction):
    raw = file("IMG_0001.CR2", taken_at=NOON, model="Canon EOS 6D")
    jpeg = replace(
        file("IMG_0001.JPG", taken_at=NOON, model="Canon EOS 6D"), **contradiction
    )
    assert len(grouped(raw, jpeg)) == 2


def test_a_live_photo_pairs_by_identifier_whatever_its_names():
    still = file("a.heic", content_identifier="X")
    motion = file("b.mov", content_identifier="X")
    assert grouped(still, motion) == [{"a.heic": "primary", "b.mov": "motion"}]


def test_an_edited_live_photo_is_one_image():
    """Original and edit carry the same identifier; the original stays primary."""
    names = ("IMG_1.HEIC", "IMG_1234.HEIC", "IMG_1234.MOV", "IMG_E1234.JPG")
    one, *live = (file(name, content_identifier="X") for name in names)
    files = [*live, file("IMG_E1234.MOV", content_identifier="X")]
    assert grouped(*files, replace(one, content_identifier=None)) == [
        {"IMG_1.HEIC": "primary"},
        {
            "IMG_1234.HEIC": "primary",
            "IMG_1234.MOV": "motion",
            "IMG_E1234.JPG": "edited",
            "IMG_E1234.MOV": "edited",
        },
    ]


@pytest.mark.parametrize(
    ("values", "joined"),
    [
        ({"duration": 2.8}, True),
        ({"duration": 60.0}, False),
        ({"duration": None}, False),
        ({"duration": 2.8, "taken_at": NOON.replace(year=2012)}, False),
        ({"duration": 2.8, "content_identifier": "Y"}, False),
        ({"duration": 2.8, "format": None}, False),
    ],
)
def test_a_motion_pairs_by_name_when_short_and_nothing_contradicts(values, joined):
    still = file("a.jpg", taken_at=NOON, content_identifier="X")
    found = grouped(still, replace(file("a.mov"), **values))
    assert (len(found) == 1) == joined


def test_the_motion_of_an_edit_is_an_edit():
    """Else an edited Live Photo would have two motions."""
    files = [
        file("IMG_1234.jpg", taken_at=NOON),
        file("IMG_1234.mov", duration=2.0),
        file("IMG_E1234.jpg", taken_at=NOON),
        file("IMG_E1234.mov", duration=2.0),
    ]
    (parts,) = grouped(*files)
    assert list(parts.values()) == ["primary", "motion", "edited", "edited"]


def test_a_gif_and_an_empty_video_of_the_same_name_are_their_own():
    files = (file("a.gif"), file("a.jpg"), file("a.mov", format=None, duration=None))
    assert len(grouped(*files)) == 3


def test_equal_bytes_are_copies_and_bring_no_conflict():
    """`(1)` and `copy` keep their partners out of the original's way.

    All but the sidecar, which may say what the original's does not.
    """
    files = [
        file("a (1).jpg", "same"),
        file("a copy.jpg", "same"),
        file("a.jpg", "same"),
        file("a.nef", "raw"),
        file("a (1).nef", "raw"),
        file("a copy.nef", "other raw"),
        file("a.xmp"),
        file("a (1).xmp"),
    ]
    assert grouped(*files) == [
        {"a copy.nef": "primary"},
        {
            "a (1).jpg": "copy",
            "a (1).nef": "copy",
            "a (1).xmp": "sidecar",
            "a copy.jpg": "copy",
            "a.jpg": "primary",
            "a.nef": "raw",
            "a.xmp": "sidecar",
        },
    ]


def test_a_copy_lends_its_name_when_the_original_has_no_partner():
    files = [
        file("deep/x/IMG_1.jpg", "same"),
        file("deep/IMG_1.jpg", "same"),
        file("deep/x/IMG_1.nef", "raw"),
        file("deep/x/IMG_1.xmp", "xmp"),
    ]
    (parts,) = grouped(*files)
    assert parts["deep/x/IMG_1.nef"] == "raw"
    assert parts["deep/x/IMG_1.xmp"] == "sidecar"


def test_empty_files_are_no_copies_of_each_other():
    files = (file("a.jpg", "", format=None), file("b.jpg", "", format=None))
    assert len(grouped(*files)) == 2


STEMS = ["IMG_1234", "img_1234", "IMG_E1234", "IMG_1234(1)", "b"]
ENDS = [".jpg", ".JPG", ".heic", ".nef", ".dng", ".mov", ".gif", ".xmp", ".jpg.xmp"]
ENDS += [".aae", ".jpg.json", ".jpg(1).json"]
any_file = st.builds(
    lambda stem, end, content, identifier, day, seconds, directory: file(
        f"{directory}{stem}{end}",
        f"{content}{end[-3:].lower()}",
        content_identifier=identifier,
        taken_at=day and NOON.replace(day=day),
        duration=seconds,
    ),
    st.sampled_from(STEMS),
    st.sampled_from(ENDS),
    st.integers(0, 5),
    st.sampled_from([None, None, "X", "Y"]),
    st.sampled_from([None, 1, 9]),
    st.sampled_from([None, 2.0, 60.0]),
    st.sampled_from(["", "d/"]),
)
folders_of_files = st.lists(any_file, max_size=14, unique_by=lambda it: it.path)


@given(folders_of_files, st.randoms())
def test_the_order_of_files_does_not_matter(files, random):
    shuffled = [*files]
    random.shuffle(shuffled)
    assert group(shuffled) == group(files)


@given(folders_of_files)
def test_every_picture_is_in_exactly_one_exposure(files):
    exposures: list[Exposure] = group(files)
    placed = [path for it in exposures for path in it.parts]
    assert len(placed) == len(set(placed))
    assert {it.path for it in files if it.role != "sidecar"} <= set(placed)
    for exposure in exposures:
        parts = list(exposure.parts.values())
        assert parts.count("primary") == 1
        assert exposure.parts[exposure.primary] == "primary"
        assert parts.count("raw") <= 1
        assert parts.count("motion") <= 1


def test_a_folder_of_thousands_is_grouped_at_once():
    """Takeout folders hold a JSON beside each of 5,000 pictures."""
    names = [f"IMG_{number:05}.jpg" for number in range(5_000)]
    files = [file(name) for it in names for name in (it, f"{it}.json")]
    assert all(len(it.parts) == 2 for it in group(files))


def test_the_real_library_is_grouped_as_its_facts_say(media):
    root = media / "library"
    facts = json.loads((media / "facts" / "groups.json").read_text())
    tags = json.loads((media / "facts" / "exif.json").read_text())["files"]

    def told(path: str) -> dict[str, object]:
        says = tags.get(path, {})
        date = says.get("DateTimeOriginal") or says.get("CreateDate")
        try:
            taken_at = datetime.strptime(str(date)[:19], "%Y:%m:%d %H:%M:%S")
        except ValueError:
            taken_at = None
        return {
            "content_identifier": says.get("ContentIdentifier")
            or says.get("MediaGroupUUID"),
            "taken_at": taken_at,
            "model": str(says["Model"]) if "Model" in says else None,
            "duration": says.get("Duration"),
        }

    image_of = {}
    for folder in summarise(walk(root, depth=3)):
        scan = scan_folder(
            root, folder, {}, depth=3, now_ns=time.time_ns(), debounce_ns=0
        )
        files = [
            GroupableFile(
                it.path,
                it.content_id,
                it.format,
                it.role,
                **told(unquote_path(it.path)),
            )
            for it in scan.files
        ]
        for exposure in group(files):
            for path in exposure.parts:
                image_of[unquote_path(path)] = exposure.primary

    for expected in facts["groups"]:
        assert len({image_of.get(it) for it in expected["files"]}) == 1, expected
        assert expected["files"][0] in image_of
    for one, other in facts["must_not_group"]:
        assert image_of[one] != image_of[other]
    assert not image_of.keys() & {*facts["orphan_sidecars"], *facts["ignore"]}
