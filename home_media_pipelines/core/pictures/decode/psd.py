"""PSD by its flattened picture, else by its small preview."""

from dataclasses import replace

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode import jpeg, pillow
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    read_bytes,
)

_PREVIEW = b"8BIM\x04\x0c"
"""Image resource 1036; its name, size and a header of 28 bytes precede a JPEG."""


def decode(request: Request) -> Picture:
    """Decode what a PSD looks like with all its layers; see `decode.decode`."""
    data = read_bytes(request)
    if len(data) < 26:
        raise DecodeError(request.source, "too short for a PSD")
    height, width = (
        int.from_bytes(data[14:18], "big"),
        int.from_bytes(data[18:22], "big"),
    )
    check_pixels(request, width, height)
    try:
        return pillow.decode_bytes(request, data)
    except BombError:
        raise
    except DecodeError as error:
        at = data.find(_PREVIEW)
        start = data.find(b"\xff\xd8\xff", at, at + 64) if at >= 0 else -1
        if start < 0:
            raise
        warning = f"only its small preview can be read: {error.reason}"
    preview = jpeg.decode_bytes(replace(request, orientation=1), data[start:])
    return Picture(
        preview.image, preview.width, preview.height, "psd-preview", 1, warning
    )
