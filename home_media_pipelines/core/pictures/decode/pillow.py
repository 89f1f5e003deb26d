"""BMP, AVIF and JPEG XL by Pillow; whatever libvips found faulty, as far as it goes."""

from io import BytesIO

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError
from pillow_jxl import (  # pyright: ignore[reportMissingTypeStubs]
    JpegXLImagePlugin as jpeg_xl,  # noqa: N813
)

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.pictures.decode.heif_boxes import read_boxes
from home_media_pipelines.core.pictures.decode.picture import (
    Picture,
    Request,
    check_pixels,
    from_pixels,
    read_bytes,
    sane,
    with_profile,
)

jpeg_xl.DECODE_THREADS = 0  # pictures are decoded in parallel, not their parts
Image.MAX_IMAGE_PIXELS = None  # `check_pixels` judges, with a limit of our own
_TURNED_BY_DECODER = frozenset({"JXL"})


def decode(request: Request) -> Picture:
    """Decode the first frame of a file; see `decode.decode`."""
    return decode_bytes(request, read_bytes(request))


def decode_bytes(request: Request, data: bytes) -> Picture:
    """Decode a file that was read already."""
    try:
        with Image.open(BytesIO(data)) as opened:
            check_pixels(request, *opened.size)
            return _decode(request, data, opened)
    except UnidentifiedImageError as error:
        raise DecodeError(request.source, "no decoder knows these bytes") from error
    except MemoryError:
        raise
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, KeyError) as error:
        raise DecodeError(request.source, _reason(error)) from error
    except (RuntimeError, OverflowError, IndexError, Image.DecompressionBombError) as e:
        kind = BombError if isinstance(e, Image.DecompressionBombError) else DecodeError
        raise kind(request.source, _reason(e)) from e


def _decode(request: Request, data: bytes, opened: Image.Image) -> Picture:
    width, height = opened.size
    decoder = f"pillow-{(opened.format or 'unknown').lower()}"
    profile: bytes | None = opened.info.get("icc_profile")
    warning = None
    loaded: Image.Image = opened
    try:
        opened.load()
    except (OSError, SyntaxError, EOFError) as error:
        warning = f"damaged: {_reason(error)}"
        loaded = _load_in_part(data)
    if opened.format in _TURNED_BY_DECODER:
        turn = 1
    elif request.orientation is None or opened.format == "AVIF":
        turn = sane(loaded.getexif().get(0x0112))  # a PNG is loaded by this
    else:
        turn = request.orientation
    image = with_profile(to_vips(loaded), profile)
    cicp = read_boxes(data).cicp if opened.format == "AVIF" else None
    return Picture(image, width, height, decoder, turn, warning, cicp)


def _load_in_part(data: bytes) -> Image.Image:
    """Load a truncated picture as far as it goes; the rest stays black."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        opened = Image.open(BytesIO(data))
        opened.load()
        return opened
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def to_vips(loaded: Image.Image) -> pyvips.Image:
    """Hand over the samples: grey, RGB or CMYK, 8 or 16 bits, perhaps with alpha."""
    mode = loaded.mode
    if mode.startswith("I;16"):
        return from_pixels(np.asarray(loaded).astype(np.uint16))
    if mode in {"I", "F"}:
        return from_pixels(_stretched(np.asarray(loaded, np.float32)))
    if "transparency" in loaded.info or mode in {"PA", "RGBa"}:
        mode = "RGBA"
    elif mode == "1":
        mode = "L"
    elif mode not in {"L", "LA", "RGBA", "CMYK"}:
        mode = "RGB"
    return from_pixels(np.asarray(loaded.convert(mode)), cmyk=mode == "CMYK")


def _stretched(samples: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Bring samples of unknown range to 0–255 by their own least and greatest."""
    finite = np.nan_to_num(samples, posinf=0, neginf=0)
    low, high = float(finite.min()), float(finite.max())
    return ((finite - low) * (255 / max(high - low, 1e-6))).astype(np.uint8)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
