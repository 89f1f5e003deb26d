"""Film a drawn scene: a short MP4 or MOV in which something moves across."""

import io
import struct
from datetime import UTC, datetime
from fractions import Fraction

import av
import numpy as np
from PIL import Image

from home_media_pipelines.sample.light import LIGHTS, develop, lit_layer
from home_media_pipelines.sample.paint import Sketch
from home_media_pipelines.sample.scenes import draw
from home_media_pipelines.sample.things import THINGS


def film(
    seed: int, kind: str, mover: str, size: tuple[int, int], count: int
) -> list[Image.Image]:
    """Return `count` frames of `size` pixels in which the mover crosses the scene."""
    rng = np.random.default_rng(seed)
    still = draw(rng, kind, size, cast=(), light="noon", grain=0.0).image
    thing = THINGS[mover]
    tall = size[1] * thing.height * 0.9
    sketch = Sketch(*thing.size, tall * 2 / thing.size[1])
    colours = list(thing.colours.values())
    thing.draw(sketch, colours[int(rng.integers(len(colours)))], rng)
    layer = lit_layer(sketch.finish(2), LIGHTS["noon"])
    height = {"sky": 0.38, "water": 0.56}.get(thing.place, 0.86)
    frames: list[Image.Image] = []
    for number in range(count):
        share = number / max(1, count - 1)
        x = round(-layer.width * 0.3 + share * (size[0] - layer.width * 0.4))
        bob = round(np.sin(share * 14) * size[1] * 0.008)
        frame = still.copy()
        y = round(size[1] * height) - layer.height + int(bob)
        frame.paste(layer.convert("RGB"), (x, y), layer)
        frames.append(develop(frame, rng, 0.0))
    return frames


def encode_video(
    frames: list[Image.Image],
    taken: datetime,
    *,
    container: str = "mp4",
    rate: int = 24,
    rotation: int = 0,
    content_identifier: str | None = None,
) -> bytes:
    """Return an H.264 film.

    Args:
        frames: RGB, even sides, all of one size.
        taken: written as creation_time, in UTC.
        container: mp4 or mov.
        rate: frames a second.
        rotation: 0 or 90, how far a player turns the film clockwise.
        content_identifier: ties a motion part to its picture.
    """
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if content_identifier else {}
    with av.open(out, "w", format=container, options=options) as film_file:
        stamp = taken.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        film_file.metadata["creation_time"] = stamp
        if content_identifier:
            key = "com.apple.quicktime.content.identifier"
            film_file.metadata[key] = content_identifier
        stream = film_file.add_stream("libx264", rate=rate)
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, rate)
        stream.options = {"preset": "veryfast", "crf": "25", "threads": "1"}
        for picture in frames:
            frame = av.VideoFrame.from_image(picture)
            film_file.mux(stream.encode(frame))
        film_file.mux(stream.encode(None))
    data = bytearray(out.getvalue())
    if rotation == 90:
        _turn(data, frames[0].height)
    return bytes(data)


def _turn(data: bytearray, height: int) -> None:
    """Write a quarter turn into the track header's matrix (ISO 14496-12, 8.3.2)."""
    at = data.index(b"tkhd") + 4
    matrix = at + (40 if data[at] == 0 else 52)
    quarter = (0, 1 << 16, 0, -(1 << 16) & 0xFFFFFFFF, 0, 0, height << 16, 0, 1 << 30)
    struct.pack_into(">9I", data, matrix, *quarter)
