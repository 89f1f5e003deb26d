"""Key frames: what is in a video, wherever in it, in a few upright pictures."""

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from home_media_pipelines.core.errors import DecodeError, StorageFullError
from home_media_pipelines.io.decoder_pool import DecodeFailure, DecoderPool
from home_media_pipelines.io.key_frames import (
    KeyFramesJob,
    key_frame_path,
    make_key_frames,
)

VIDEO = "a" * 64
RATE = 10


def film(
    path: Path,
    seconds: int,
    *,
    black: range = range(0),
    gop: int = 12,
    size: tuple[int, int] = (320, 240),
) -> Path:
    """A video that shows red as bright as 10 times the second, left half only."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE, options={"g": str(gop)})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.bit_rate, stream.time_base = 2_000_000, Fraction(1, RATE)
        for second in range(seconds):
            pixels = np.zeros((size[1], size[0], 3), np.uint8)
            if second not in black:
                pixels[:, : size[0] // 2, 0] = 50 + 10 * second
                pixels[:, : size[0] // 2, 1] = 250
            for _ in range(RATE):
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def second_shown(path: Path) -> float:
    """Which second of the film a key frame shows, by its own word."""
    red = np.asarray(Image.open(path), float)[:, :100, 0].mean()
    return (red - 50) / 10


@pytest.mark.parametrize("gop", [12, 500])
def test_key_frames_are_spread_over_the_film_and_know_their_time(tmp_path, gop):
    """Also where a codec's own key frames are far apart."""
    source = film(tmp_path / "a.mp4", 16, gop=gop)
    made = make_key_frames(source, VIDEO, "mp4", tmp_path / "out")
    assert [it.frame for it in made] == list(range(8))
    for number, it in enumerate(made):
        assert 2 * number <= it.time_offset < 2 * number + 2
        shown = second_shown(key_frame_path(tmp_path / "out", VIDEO, it.frame))
        assert shown == pytest.approx(int(it.time_offset), abs=0.6)


def test_a_short_video_has_one_key_frame(tmp_path):
    made = make_key_frames(film(tmp_path / "a.mp4", 1), VIDEO, "mp4", tmp_path)
    assert len(made) == 1


def test_black_frames_show_nothing_and_are_left_out(tmp_path):
    source = film(tmp_path / "a.mp4", 8, black=range(3))
    made = make_key_frames(source, VIDEO, "mp4", tmp_path)
    assert [it.frame for it in made] == list(range(5))
    assert made[0].time_offset >= 3


def test_a_film_of_the_night_keeps_one_frame(tmp_path):
    source = film(tmp_path / "a.mp4", 8, black=range(8))
    assert len(make_key_frames(source, VIDEO, "mp4", tmp_path)) == 1


def test_key_frames_are_upright_and_bounded(tmp_path):
    """A phone held upright films lying frames and notes a quarter turn."""
    source = film(tmp_path / "a.mp4", 2, size=(1280, 720))
    data = source.read_bytes()
    plain = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    at = data.rfind(plain)
    source.write_bytes(data[:at] + turned + data[at + len(plain) :])
    made = make_key_frames(source, VIDEO, "mp4", tmp_path)
    assert {(it.width, it.height) for it in made} == {(576, 1024)}
    picture = Image.open(key_frame_path(tmp_path, VIDEO, 0))
    assert picture.size == (576, 1024)
    pixels = np.asarray(picture, float)[..., 1]
    assert pixels[:400].mean() > 200 > 20 > pixels[624:].mean()


def test_what_cannot_be_read_costs_one_video(tmp_path, clock):
    """Workers are the same as those of thumbnails: a death is one failure."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "cut.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    good = film(tmp_path / "a.mp4", 2)
    sources = {"c": tmp_path / "pipe", "a": good, "b": tmp_path / "cut.mp4"}

    def jobs():
        for word, source in sources.items():
            yield KeyFramesJob(source, word * 64, "mp4", tmp_path / "out")
            clock.passed = 600  # while the first is at work

    with DecoderPool(2, timeout=600) as pool:
        made = {content_id[0]: it for content_id, it in pool.map(jobs())}
    assert len(made["a"]) == 2
    assert isinstance(made["b"], DecodeFailure)
    assert made["b"].permanent
    assert isinstance(made["c"], DecodeFailure)
    assert "longer than 600 seconds" in made["c"].reason


def test_a_video_without_pictures_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(DecodeError):
        make_key_frames(tmp_path / "a.mp4", VIDEO, "mp4", tmp_path)


def test_a_full_disk_says_so(tmp_path, small_disk):
    source = film(tmp_path / "a.mp4", 4, size=(1280, 720))
    (small_disk / "full").write_bytes(bytes(240 * 1024))
    with pytest.raises(StorageFullError):
        make_key_frames(source, VIDEO, "mp4", small_disk / "out")
