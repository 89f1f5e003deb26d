"""Videos that start with nothing to see, or in which no place can be reached."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest
from av.error import FFmpegError
from PIL import Image

from home_media_pipelines.core.pictures.decode.picture import Request
from home_media_pipelines.core.pictures.decode.video_frames import decode_frames
from home_media_pipelines.core.pictures.render import render
from tests.core.drawings import difference, draw

FIRST, SECOND = draw(320, 240), draw(320, 240).transpose(Image.Transpose.ROTATE_180)


def film(path, pictures, *, codec="mpeg4"):
    """A video of these arrays, ten a second."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.bit_rate, stream.time_base = 2_000_000, Fraction(1, 10)
        for pixels in pictures:
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def fade(picture, ground, steps=10):
    """Frames from a plain ground to a picture."""
    end, start = np.asarray(picture, float), np.full((240, 320, 3), float(ground))
    return [
        (start + (end - start) * step / steps).astype(np.uint8)
        for step in range(steps + 1)
    ]


def shown(path, format="mp4"):
    jpegs = render(path, format).jpegs
    return Image.open(io.BytesIO(jpegs[max(jpegs)]))


@pytest.mark.parametrize("ground", [0, 128, 255], ids=["black", "grey", "white"])
def test_a_poster_is_the_first_scene_once_it_has_faded_in(tmp_path, ground):
    """Not the blank beginning, not half a fade, and not a later scene."""
    blank = [np.full((240, 320, 3), ground, np.uint8)] * 8
    scenes = [np.asarray(FIRST)] * 10 + [np.asarray(SECOND)] * 60
    film(tmp_path / "a.mp4", [*blank, *fade(FIRST, ground), *scenes])
    assert difference(shown(tmp_path / "a.mp4"), FIRST) < 15


def test_a_film_that_is_blank_for_long_shows_a_later_place(tmp_path):
    blank = [np.full((240, 320, 3), 255, np.uint8)] * 100
    film(tmp_path / "a.mp4", [*blank, *[np.asarray(FIRST)] * 100])
    assert difference(shown(tmp_path / "a.mp4"), FIRST) < 15


def test_a_film_of_nothing_still_has_a_poster(tmp_path):
    film(tmp_path / "a.mp4", [np.full((240, 320, 3), 255, np.uint8)] * 20)
    assert np.asarray(shown(tmp_path / "a.mp4")).min() > 240


@pytest.fixture
def no_place_can_be_reached(monkeypatch):
    """Every seek fails, as in a transport stream cut out of a longer one."""

    class Unseekable:
        def __init__(self, container):
            self._container = container

        def __getattr__(self, name):
            return getattr(self._container, name)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self._container.close()

        def seek(self, *_, **__):
            raise FFmpegError(1, "cannot seek", "a.ts")

    real = av.open
    monkeypatch.setattr(av, "open", lambda *a, **k: Unseekable(real(*a, **k)))


def test_a_stream_that_cannot_be_searched_is_read_from_the_start(
    tmp_path, no_place_can_be_reached
):
    path = tmp_path / "a.ts"
    film(path, [np.asarray(FIRST)] * 30, codec="mpeg2video")
    assert difference(shown(path, "mts"), FIRST) < 15
    frames = list(decode_frames(Request(path, "mts"), 8))
    assert [round(seconds) for seconds, _ in frames] == [0, 1, 2]
