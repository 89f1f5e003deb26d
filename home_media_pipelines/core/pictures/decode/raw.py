"""RAW by the preview inside it, else developed by LibRaw, at half size if that does."""

from dataclasses import replace
from io import BytesIO

import rawpy
from PIL import Image

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.pictures.decode import jpeg, pillow
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    from_pixels,
    read_bytes,
    sane,
)

_LARGE = 0.9
"""A preview this share of what is wanted is as good as a development, and its colours
are those the photographer saw."""
_LEAST_BYTES_PER_SENSOR_PIXEL = 0.02
"""No lossless coding comes near: below it the sensor data were cut out of the file."""
_SMALLEST_PREVIEW = 64
_ORIENTATION_OF_FLIP = {0: 1, 3: 3, 5: 8, 6: 6}


def decode(request: Request) -> Picture:
    """Show a RAW file: large preview, development, any preview, in this order.

    See `decode.decode`.
    """
    data = read_bytes(request)
    try:
        with rawpy.imread(BytesIO(data)) as opened:
            return _decode(request, data, opened)
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        return _first_tiff_picture(request, data, _said(error))


def _decode(request: Request, data: bytes, opened: rawpy.RawPy) -> Picture:
    sizes = opened.sizes
    check_pixels(request, sizes.raw_width, sizes.raw_height)
    flip = _ORIENTATION_OF_FLIP.get(sizes.flip, 1)
    turn = flip if request.orientation is None else request.orientation
    preview = _preview(request, opened)
    sensor = sizes.width, sizes.height
    full = _developed_size(opened)  # LibRaw halves its own sizes when it develops
    wanted = _LARGE * min(request.long_edge, max(sensor))
    if preview:
        preview = _turned(preview, turn, sensor)
        if max(preview.width, preview.height) >= wanted:
            return preview
    try:
        pixels = opened.postprocess(
            half_size=max(sensor) / 2 >= wanted,
            use_camera_wb=True,
            user_flip=0,
            output_bps=8,
        )
    except rawpy.LibRawError as error:
        reason = _said(error)
        if preview is None:
            return _first_tiff_picture(request, data, reason)
        return replace(preview, warning=f"only its preview can be read: {reason}")
    if len(data) < _LEAST_BYTES_PER_SENSOR_PIXEL * sizes.raw_width * sizes.raw_height:
        reason = "its sensor data were cut out"
        if preview is None or max(preview.width, preview.height) < _SMALLEST_PREVIEW:
            raise DecodeError(request.source, reason)
        return replace(preview, warning=f"only its preview can be read: {reason}")
    return Picture(from_pixels(pixels), *full, "libraw", turn)


def _developed_size(opened: rawpy.RawPy) -> tuple[int, int]:
    """Return the width and height of a development at full size, pixels made square."""
    sizes = opened.sizes
    width, height, aspect = sizes.width, sizes.height, sizes.pixel_aspect
    if 0 < aspect < 1:
        return width, round(height / aspect)
    return round(width * max(aspect, 1)), height


def _preview(request: Request, opened: rawpy.RawPy) -> Picture | None:
    try:
        thumb = opened.extract_thumb()
    except rawpy.LibRawError:
        return None
    if isinstance(thumb.data, bytes):
        try:
            found = jpeg.decode_bytes(replace(request, orientation=1), thumb.data)
        except DecodeError:
            return None
        return replace(found, decoder="raw-preview")
    height, width = thumb.data.shape[:2]
    return Picture(from_pixels(thumb.data), width, height, "raw-preview")


def _turned(preview: Picture, turn: int, sensor: tuple[int, int]) -> Picture:
    """Turn the preview like the sensor, unless the camera has done so already."""
    lies = (preview.width > preview.height) == (sensor[0] > sensor[1])
    return replace(preview, orientation=turn if turn < 5 or lies else 1)


def _first_tiff_picture(request: Request, data: bytes, reason: str) -> Picture:
    """Show the small picture that TIFF-based RAW files start with.

    Raises:
        DecodeError: there is none, or it is too small or damaged to show.
    """
    try:
        with Image.open(BytesIO(data), formats=("TIFF",)) as first:
            check_pixels(request, *first.size)
            first.load()
            turn = sane(first.getexif().get(0x0112))
            image = pillow.to_vips(first)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError) as error:
        said = f"LibRaw: {reason}; no preview either"
        raise DecodeError(request.source, said) from error
    if max(image.width, image.height) < _SMALLEST_PREVIEW:
        raise DecodeError(request.source, f"LibRaw: {reason}; no preview worth it")
    return Picture(
        image,
        image.width,
        image.height,
        "raw-preview",
        turn if request.orientation is None else request.orientation,
        f"only its preview can be read: {reason}",
    )


def _said(error: Exception) -> str:
    """LibRaw's message is bytes, which `str` would show as such."""
    said = error.args[0] if error.args else type(error).__name__
    return said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
