"""Encode a drawn picture as a file of any format, with what is known of it inside."""

import io
from pathlib import Path, PurePath

import pillow_heif
from PIL import Image, PngImagePlugin

from home_media_pipelines.sample.tags import CAMERAS, Notes, exif_bytes, xmp_packet

_TURNED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def encode(image: Image.Image, suffix: str, notes: Notes, quality: int = 84) -> bytes:
    """Return the bytes of a picture file.

    Args:
        image: upright; stored turned as `notes.orientation` (1, 3, 6, 8) says.
        suffix: lower case with its dot: .jpg .png .webp .heic .avif .tif .gif .bmp
        notes: written as EXIF and XMP where the format can hold them.
        quality: of lossy formats, 0-100.
    """
    stored = image
    if notes.orientation in _TURNED:
        stored = image.transpose(_TURNED[notes.orientation])
    exif = exif_bytes(notes, stored.size)
    xmp = xmp_packet(notes, stored.size)
    out = io.BytesIO()
    if suffix == ".jpg":
        stored.save(out, "JPEG", quality=quality, exif=exif, xmp=xmp)
    elif suffix == ".png":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        stored.save(out, "PNG", exif=exif, pnginfo=info, compress_level=4)
    elif suffix == ".webp":
        stored.save(out, "WEBP", quality=quality, method=2, exif=exif, xmp=xmp)
    elif suffix == ".avif":
        stored.save(out, "AVIF", quality=70, speed=9, max_threads=1, exif=exif, xmp=xmp)
    elif suffix == ".heic":
        pillow_heif.from_pillow(stored).save(
            out,
            quality=70,
            exif=exif,
            xmp=xmp,
            enc_params={"preset": "ultrafast", "x265:pools": "1"},
        )
    elif suffix == ".tif":
        stored.save(
            out, "TIFF", compression="tiff_adobe_deflate", tiffinfo=_tiff_tags(notes)
        )
    elif suffix == ".gif":
        stored.quantize(128).save(out, "GIF")
    else:
        stored.save(out, "BMP")
    return out.getvalue()


def _tiff_tags(notes: Notes) -> dict[int, str | int]:
    """Return the few tags a scanning program writes."""
    tags: dict[int, str | int] = {274: notes.orientation}
    if notes.camera:
        tags |= {271: CAMERAS[notes.camera].make, 272: CAMERAS[notes.camera].model}
    if notes.taken:
        tags[306] = notes.taken.strftime("%Y:%m:%d %H:%M:%S")
    return tags


def encode_animation(frames: list[Image.Image], suffix: str) -> bytes:
    """Return an endless GIF or WebP that shows each frame for 120 ms."""
    out = io.BytesIO()
    if suffix == ".gif":
        frames = [frame.quantize(96) for frame in frames]
    frames[0].save(
        out,
        suffix[1:].upper(),
        save_all=True,
        append_images=frames[1:],
        duration=120,
        loop=0,
    )
    return out.getvalue()


def store(root: Path, path: PurePath, content: bytes) -> Path:
    """Write one file below the root, making its folders; return where it is."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target
