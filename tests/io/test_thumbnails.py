"""Thumbnails: right side up, right colours, right sizes, whole files."""

import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

from home_media_pipelines.core.errors import BombError, DecodeError, StorageFullError
from home_media_pipelines.core.pictures.decode.picture import Limits
from home_media_pipelines.core.pictures.render import render
from home_media_pipelines.core.pictures.thumbnail_paths import (
    SIZES,
    sizes_for,
    thumbnail_path,
)
from home_media_pipelines.io.thumbnail_store import (
    UNFINISHED,
    remove_orphans,
    thumbnails_exist,
    write_thumbnail,
)
from home_media_pipelines.io.thumbnails import make_thumbnails
from tests.core.drawings import draw, noise, ssim

CONTENT = "ab12" + "0" * 60


def opened(directory: Path, size: int) -> Image.Image:
    with Image.open(thumbnail_path(directory, CONTENT, size)) as picture:
        picture.load()
        return picture


@pytest.mark.parametrize(
    ("long_edge", "sizes"),
    [
        (8, (256,)),
        (256, (256,)),
        (257, (256, 512)),
        (640, (256, 512, 1024)),
        (1024, (256, 512, 1024)),
        (2048, SIZES),
        (9000, SIZES),
    ],
)
def test_a_picture_gets_every_size_below_it_and_one_that_holds_all_of_it(
    long_edge, sizes
):
    assert sizes_for(long_edge) == sizes


def test_thumbnails_have_their_long_edge_and_are_never_enlarged(tmp_path):
    draw(900, 600).save(tmp_path / "a.jpg")
    made = make_thumbnails(tmp_path / "a.jpg", CONTENT, "jpeg", None, tmp_path)
    assert (made.width, made.height, made.sizes) == (900, 600, (256, 512, 1024))
    assert opened(tmp_path, 256).size == (256, 171)
    assert opened(tmp_path, 1024).size == (900, 600)
    assert not thumbnail_path(tmp_path, CONTENT, 2048).exists()


def test_thumbnails_lie_under_the_first_bytes_of_their_content(tmp_path):
    draw(80, 60).save(tmp_path / "a.png")
    made = make_thumbnails(tmp_path / "a.png", CONTENT, "png", None, tmp_path / "out")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert files == [tmp_path / "out" / "ab" / "12" / f"{CONTENT}-256.jpg"]
    assert made.bytes == files[0].stat().st_size
    assert thumbnails_exist(tmp_path / "out", CONTENT, made.sizes)
    assert not thumbnails_exist(tmp_path / "out", CONTENT, (256, 512))


def test_mean_colour_and_thumbhash_describe_the_picture(tmp_path):
    Image.new("RGB", (300, 200), (200, 100, 50)).save(tmp_path / "a.png")
    made = render(tmp_path / "a.png", "png")
    assert made.mean_color == 0xC86432
    assert 5 < len(made.thumbhash) < 30


@pytest.mark.parametrize("size", [(3000, 2000), (6000, 4000)])
def test_the_fast_path_is_as_good_as_a_full_decode_and_lanczos(tmp_path, size):
    noise(*size).save(tmp_path / "a.jpg", quality=92)
    make_thumbnails(tmp_path / "a.jpg", CONTENT, "jpeg", None, tmp_path)
    with Image.open(tmp_path / "a.jpg") as full:
        made = opened(tmp_path, 512)
        reference = full.resize(made.size, Image.Resampling.LANCZOS)
        assert ssim(made, reference) >= 0.98


def test_a_wide_gamut_profile_is_converted_and_not_just_dropped(tmp_path):
    """Display P3's (200, 60, 60) is a stronger red in sRGB."""
    p3 = pyvips.Image.profile_load("p3")
    picture = Image.new("RGB", (400, 300), (200, 60, 60))
    picture.save(tmp_path / "a.jpg", icc_profile=p3, quality=95)
    picture.save(tmp_path / "a.png", icc_profile=p3)
    expected = ImageCms.profileToProfile(
        picture,
        ImageCms.ImageCmsProfile(BytesIO(p3)),
        ImageCms.createProfile("sRGB"),
    ).getpixel((0, 0))
    for name, format in (("a.jpg", "jpeg"), ("a.png", "png")):
        mean = render(tmp_path / name, format).mean_color
        got = (mean >> 16, mean >> 8 & 255, mean & 255)
        assert np.abs(np.subtract(got, expected)).max() <= 3
        assert np.abs(np.subtract(got, (200, 60, 60))).max() > 8


def test_an_srgb_profile_costs_no_conversion_and_changes_nothing(tmp_path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    draw().save(tmp_path / "a.png", icc_profile=srgb)
    draw().save(tmp_path / "b.png")
    with_profile = render(tmp_path / "a.png", "png")
    assert with_profile.jpegs == render(tmp_path / "b.png", "png").jpegs


def test_a_broken_profile_does_not_hide_the_picture(tmp_path):
    draw().save(tmp_path / "a.jpg", icc_profile=b"no profile at all" * 20)
    draw().save(tmp_path / "b.jpg")
    made = render(tmp_path / "a.jpg", "jpeg")
    assert made.mean_color == render(tmp_path / "b.jpg", "jpeg").mean_color


def test_transparency_lies_on_a_neutral_ground(tmp_path):
    picture = Image.new("RGBA", (300, 200), (255, 0, 0, 0))
    picture.save(tmp_path / "a.png")
    mean = render(tmp_path / "a.png", "png").mean_color
    assert mean >> 16 == mean >> 8 & 255 == mean & 255
    assert 0 < mean & 255 < 255


def test_more_pixels_than_allowed_are_refused_by_the_header(tmp_path):
    draw(900, 600).save(tmp_path / "a.jpg")
    with pytest.raises(BombError, match="900 × 600"):
        render(tmp_path / "a.jpg", "jpeg", limits=Limits(pixels=500_000))


def test_a_vanished_or_barred_file_may_come_back(tmp_path):
    with pytest.raises(DecodeError) as caught:
        render(tmp_path / "gone.jpg", "jpeg")
    assert not caught.value.permanent


@pytest.mark.parametrize("format", ["jpeg", "png", "heic", "avif", "nef", "mp4", "psd"])
def test_an_empty_or_alien_file_is_refused_for_good_with_a_reason(tmp_path, format):
    for data in (b"", b"nothing that any decoder would know " * 99):
        (tmp_path / "a").write_bytes(data)
        with pytest.raises(DecodeError) as caught:
            render(tmp_path / "a", format)
        assert caught.value.permanent
        assert caught.value.reason


def test_a_hostile_name_is_only_a_name(tmp_path):
    """libvips would read options in brackets, FFmpeg a protocol before a colon."""
    names = [b"a[page=2,dpi=9].png", b"concat:b|c.png", b"\xff\xfe.png", b"-x\n.png"]
    for name in names:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        draw(80, 60).save(tmp_path / "plain.png")
        (tmp_path / "plain.png").rename(path)
        assert render(path, "png").width == 80


def test_temporary_files_of_dead_processes_go_and_only_they(tmp_path):
    """What a killed worker left is tidied up; what another is writing now stays."""
    unfinished = tmp_path / UNFINISHED
    unfinished.mkdir()
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead = unfinished / f"x-256.jpg.aa.{ended.pid}.tmp"
    ours = unfinished / f"y-256.jpg.bb.{os.getpid()}.tmp"
    old = unfinished / f"z-256.jpg.cc.{os.getpid()}.tmp"
    for path in (dead, ours, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    assert remove_orphans(tmp_path, older_than=3600) == 2
    assert list(unfinished.iterdir()) == [ours]


def test_tidying_up_lists_one_directory_however_many_thumbnails_there_are(tmp_path):
    """Each run begins with it, and a million images have four million names."""
    for content_id in ("00" * 32, "ab" * 32):
        write_thumbnail(tmp_path, content_id, 256, b"a picture")
    listed: list[str] = []

    def note(event: str, args: tuple[object, ...]) -> None:
        if noting and event in ("os.listdir", "os.scandir"):
            listed.append(str(args[0]))

    noting = True
    sys.addaudithook(note)
    assert remove_orphans(tmp_path) == 0
    noting = False
    assert set(listed) == {str(tmp_path / UNFINISHED)}


def test_a_write_that_breaks_off_leaves_no_name_and_nothing_unfinished(
    tmp_path, monkeypatch
):
    """The rename comes after the bytes are on the disk, and is the last thing done."""

    def lose_power(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", lose_power)
    with pytest.raises(KeyboardInterrupt):
        write_thumbnail(tmp_path, CONTENT, 256, b"half")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_full_disk_is_said_and_nothing_half_written_stays(tmp_path, small_disk):
    noise(2400, 1600).save(tmp_path / "a.jpg", quality=95)
    with pytest.raises(StorageFullError):
        make_thumbnails(tmp_path / "a.jpg", CONTENT, "jpeg", None, small_disk)
    assert not list(small_disk.rglob("*.tmp"))
    for path in small_disk.rglob("*.jpg"):
        Image.open(path).load()
