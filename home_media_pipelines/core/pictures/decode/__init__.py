"""Which decoder reads which format."""

from importlib import import_module

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.inventory.formats import FORMATS
from home_media_pipelines.core.pictures.decode.picture import Picture, Request

_FAMILIES = {
    "jpeg": "jpeg",
    "png": "vips",
    "webp": "vips",
    "gif": "vips",
    "tiff": "vips",
    "bmp": "pillow",
    "avif": "pillow",
    "jxl": "pillow",
    "heic": "heif",
    "psd": "psd",
}
"""Module of this package by format; the others go by their role."""


def decode(request: Request) -> Picture:
    """Decode a file once, large enough for the largest thumbnail.

    A decoder is imported when the first file asks for it: some take long to load.

    Raises:
        DecodeError: its bytes are not a picture we can read.
        BombError: it would need more than its limits.
        OSError: it cannot be read now.
    """
    known = FORMATS.get(request.format)
    family = _FAMILIES.get(request.format)
    if known and known.role in {"raw", "video"}:
        family = known.role
    if family is None:
        raise DecodeError(request.source, _no_picture(request))
    module = import_module(f"{__name__}.{family}")
    picture: Picture = module.decode(request)
    return picture


def _no_picture(request: Request) -> str:
    if request.format:
        return f"no pictures in a file of format {request.format}"
    if request.source.stat().st_size == 0:
        return "the file is empty"
    return "its bytes are no picture or video, whatever its name says"
