"""What a file is, told by its first bytes; its extension only breaks ties."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from home_media_pipelines.core.inventory import tiff

Role = Literal["picture", "raw", "video", "sidecar"]
FileRole = Literal["picture", "raw", "video", "sidecar", "other"]
"""`other` is a file that is no medium."""

HEAD_BYTES = 4_096
"""So much of a file's beginning is enough to tell what it is."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; `extensions` without dot, lower case, the usual one first."""

    name: str
    role: Role
    extensions: tuple[str, ...]
    mime: str


_PICTURES = (
    Format("jpeg", "picture", ("jpg", "jpeg", "jpe", "jfif", "mpo"), "image/jpeg"),
    Format("png", "picture", ("png", "apng"), "image/png"),
    Format("webp", "picture", ("webp",), "image/webp"),
    Format("gif", "picture", ("gif",), "image/gif"),
    Format("tiff", "picture", ("tif", "tiff"), "image/tiff"),
    Format("bmp", "picture", ("bmp", "dib"), "image/bmp"),
    Format("heic", "picture", ("heic", "heif", "hif", "heics", "heifs"), "image/heic"),
    Format("avif", "picture", ("avif", "avifs"), "image/avif"),
    Format("jxl", "picture", ("jxl",), "image/jxl"),
    Format("psd", "picture", ("psd", "psb"), "image/vnd.adobe.photoshop"),
)
_RAWS = tuple(
    Format(name, "raw", (name,), mime)
    for name, mime in {
        "dng": "image/x-adobe-dng",
        "cr2": "image/x-canon-cr2",
        "cr3": "image/x-canon-cr3",
        "crw": "image/x-canon-crw",
        "nef": "image/x-nikon-nef",
        "nrw": "image/x-nikon-nrw",
        "arw": "image/x-sony-arw",
        "sr2": "image/x-sony-sr2",
        "srf": "image/x-sony-srf",
        "raf": "image/x-fuji-raf",
        "rw2": "image/x-panasonic-rw2",
        "raw": "image/x-panasonic-raw",
        "rwl": "image/x-leica-rwl",
        "orf": "image/x-olympus-orf",
        "pef": "image/x-pentax-pef",
        "ptx": "image/x-pentax-ptx",
        "srw": "image/x-samsung-srw",
        "x3f": "image/x-sigma-x3f",
        "mrw": "image/x-minolta-mrw",
        "3fr": "image/x-hasselblad-3fr",
        "fff": "image/x-hasselblad-fff",
        "iiq": "image/x-phaseone-iiq",
        "cap": "image/x-phaseone-cap",
        "mos": "image/x-leaf-mos",
        "mef": "image/x-mamiya-mef",
        "erf": "image/x-epson-erf",
        "kdc": "image/x-kodak-kdc",
        "dcr": "image/x-kodak-dcr",
        "k25": "image/x-kodak-k25",
        "gpr": "image/x-gopro-gpr",
        "qtk": "image/x-apple-qtk",
    }.items()
)
_VIDEOS = (
    Format("mp4", "video", ("mp4", "mp"), "video/mp4"),
    Format("mov", "video", ("mov", "qt"), "video/quicktime"),
    Format("m4v", "video", ("m4v",), "video/x-m4v"),
    Format("avi", "video", ("avi",), "video/x-msvideo"),
    Format("mkv", "video", ("mkv",), "video/x-matroska"),
    Format("webm", "video", ("webm",), "video/webm"),
    Format("3gp", "video", ("3gp", "3g2", "3gpp"), "video/3gpp"),
    Format("mts", "video", ("mts", "m2ts", "m2t"), "video/mp2t"),
)
_SIDECARS = (
    Format("xmp", "sidecar", ("xmp",), "application/rdf+xml"),
    Format("aae", "sidecar", ("aae",), "application/x-apple-aae"),
    Format("takeout", "sidecar", (), "application/json"),
    Format("thm", "sidecar", ("thm",), "image/jpeg"),
    Format("lrv", "sidecar", ("lrv", "lrf"), "video/mp4"),
)
_BESIDE = {
    ("jpeg", "thm"): "thm",
    **{(found, small): "lrv" for found in ("mp4", "mov") for small in ("lrv", "lrf")},
}
"""What a camera writes beside a video or RAW, by its bytes and its extension.

THM is a small picture (Canon, GoPro), LRV (GoPro) and LRF (DJI) are small videos.
"""

_UNFINISHED = re.compile(
    r".*(?:~|\.(?:part|partial|filepart|crdownload|opdownload|download)"
    r"|\.[a-z0-9]+_original)",
    re.IGNORECASE | re.DOTALL,
)
FORMATS: dict[str, Format] = {
    known.name: known for known in (*_PICTURES, *_RAWS, *_VIDEOS, *_SIDECARS)
}
"""Every format we inventory, by name. A `.json` is a sidecar only by its content."""

_TAKEOUT_BEGINS = re.compile(
    r'\s*\{\s*"title"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"description"'
)
"""How Google begins: a long description pushes what else it writes out of the head."""

_BY_EXTENSION = {
    extension: known for known in FORMATS.values() for extension in known.extensions
}

_MAGICS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"\xff\x0a", "jxl"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"8BPS\0\1", "psd"),
    (0, b"8BPS\0\2", "psd"),
    (0, b"FUJIFILMCCD-RAW", "raf"),
    (0, b"FOVb", "x3f"),
    (0, b"\0MRM", "mrw"),
    (0, b"qktk", "qtk"),
    (0, b"qktn", "qtk"),
    (6, b"HEAPCCDR", "crw"),
)
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ")
_OTHER_BRANDS = (b"jp2 ", b"jpx ", b"jpm ", b"mjp2", b"jpeg", b"pdf ")
_BRANDS: dict[bytes, str | None] = {
    b"crx ": "cr3",
    b"avif": "avif",
    b"avis": "avif",
    b"qt  ": "mov",
    **dict.fromkeys(_HEIC_BRANDS, "heic"),
    **dict.fromkeys((*_AUDIO_BRANDS, *_OTHER_BRANDS)),
}
_OLD_MOV_BOXES = frozenset({b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_XMP_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:x:xmpmeta|x:xapmeta|rdf:RDF)\b", re.DOTALL
)


def is_unfinished(name: str) -> bool:
    """Whether a program left the file behind: half a download, or a safety copy.

    `.part` (Firefox, rsync), `.crdownload` (Chrome), `.filepart` (WinSCP), `~`
    (editors), `.jpg_original` (ExifTool). Whatever its bytes, it is no medium.
    """
    return _UNFINISHED.fullmatch(name) is not None


def format_of_extension(name: str) -> Format | None:
    """Return what the extension of a file name, in any case, claims."""
    _, dot, extension = name.rpartition(".")
    return _BY_EXTENSION.get(extension.lower()) if dot else None


@cache
def _by_name(name: str) -> Format:
    return FORMATS[name]


def sniff(head: bytes, name: str = "") -> Format | None:
    """Return what a file is by its first bytes, None when it is nothing we know.

    Args:
        head: at least the first `HEAD_BYTES` of the file, or all of it.
        name: the file's name. It decides only between formats whose bytes can be the
            same: the TIFF-based RAW formats, MP4 and M4V, JSON of Takeout, the small
            pictures and videos beside a video. An unfinished file is nothing we know.
    """
    if is_unfinished(name):
        return None
    found = (
        _by_magic(head)
        or tiff.raw_or_tiff(head, _extension(name))
        or _riff(head)
        or _iso_media(head, _extension(name))
        or _matroska(head)
        or _transport_stream(head)
        or _text(head, _extension(name))
    )
    if found is None:
        return None
    return _by_name(_BESIDE.get((found, _extension(name)), found))


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _by_magic(head: bytes) -> str | None:
    for offset, magic, name in _MAGICS:
        if head.startswith(magic, offset):
            return name
    header = int.from_bytes(head[14:18], "little")
    if head[:2] == b"BM" and header in _BMP_HEADERS:
        return "bmp"
    return None


def _riff(head: bytes) -> str | None:
    if head[:4] != b"RIFF":
        return None
    return {b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12])


def _iso_media(head: bytes, extension: str) -> str | None:
    """Tell HEIC, AVIF, CR3, MOV, MP4, M4V and 3GP by the brands of `ftyp`."""
    box = head[4:8]
    if box != b"ftyp":
        return "mov" if box in _OLD_MOV_BOXES and len(head) > 8 else None
    size = min(max(int.from_bytes(head[:4], "big"), 16), len(head))
    major = head[8:12]
    brands = [major, *(head[at : at + 4] for at in range(16, size - 3, 4))]
    if major in _BRANDS:
        return _BRANDS[major]
    if major in {b"mif1", b"mif2", b"msf1", b"miaf"}:
        return "avif" if b"avif" in brands or b"avis" in brands else "heic"
    if major[:3] in {b"3gp", b"3g2", b"3ge", b"3gg", b"3gs"}:
        return "3gp"
    return "m4v" if major[:3] == b"M4V" or extension == "m4v" else "mp4"


def _matroska(head: bytes) -> str | None:
    if head[:4] != b"\x1aE\xdf\xa3":
        return None
    return "webm" if b"webm" in head[:64] else "mkv"


def _transport_stream(head: bytes) -> str | None:
    """MPEG-TS packets are 188 bytes, 192 with a timecode, and start with 0x47."""
    for first, packet in ((0, 188), (4, 192)):
        syncs = head[first : first + 5 * packet : packet]
        if len(syncs) == 5 and syncs == b"G" * 5:
            return "mts"
    return None


def _text(head: bytes, extension: str) -> str | None:
    """Tell sidecars: XMP by its root element, AAE and Takeout by what they must say."""
    if head[:8] == b"bplist00":
        return "aae" if extension == "aae" else None
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    if _XMP_ROOT.match(text):
        return "xmp"
    if "<plist" in text and (extension == "aae" or "adjustmentFormat" in text):
        return "aae"
    if extension == "json" and text.lstrip().startswith("{"):
        keys = ('"photoTakenTime"', '"imageViews"')
        cut = len(head) >= HEAD_BYTES and _TAKEOUT_BEGINS.match(text + '"')
        return "takeout" if cut or any(it in text for it in keys) else None
    return None
