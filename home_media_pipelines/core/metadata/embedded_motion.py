"""The film inside a motion photo: where in the picture's file it lies.

Four ways of saying so, each only believed where an ISO media file (ISO/IEC 14496-12,
it begins with the box `ftyp`) really lies at that place within the file:

- XMP `GCamera:MicroVideoOffset`: bytes from the end (Google, MVIMG files);
- XMP `Container:Directory`: the lengths of all that follows the picture
  (developer.android.com/media/platform/motion-photo-format);
- the box `mpvd` of a HEIC or AVIF (same page);
- Samsung's trailer: `SEFT` at the very end, before it a directory `SEFH` with entries,
  of which type 0x0a30 is `MotionPhoto_Data` (ExifTool, Samsung.pm, ProcessSamsung).

A film that nothing points at is searched for behind a JPEG that does not end as one.
Every number in here is a stranger's: nothing is read outside the file.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from home_media_pipelines.core.metadata.tags import Json, Tag, by_name, number_of

ReadAt = Callable[[int, int], bytes]
"""Offset and count to bytes: fewer at the end of the file, none beyond it."""

FORMATS_WITH_MOTION = frozenset({"jpeg", "heic", "avif"})

_BOX_HEADER = 16
_BOXES = 64
_ITEMS = 32
_FTYP_LIMIT = 4_096
_CHUNK = 1 << 20
_SEARCH_LIMIT = 1 << 28
_CANDIDATES = 64
_TAIL = 1_024
_SEF_ENTRIES = 256
_SEF_MOTION = 0x0A30
_SAMSUNG_TRAILER = b"sefd"
_JPEG_END = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class EmbeddedMotion:
    """A film within a file: `length` bytes from `offset`, none beyond its end."""

    offset: int
    length: int


def find_motion(
    tags: Mapping[str, Json], format: str | None, size: int, read: ReadAt
) -> EmbeddedMotion | None:
    """Return where the film of a motion photo lies, None if there is none.

    Args:
        tags: what ExifTool read, as `core.metadata.tags` describes; not trusted.
        format: of the content.
        size: of the file, bytes.
        read: reads from it.
    """
    if format not in FORMATS_WITH_MOTION:
        return None
    for start, end in _claims(tags, format, size, read):
        if found := film_at(read, start, end, size):
            return found
    return _search(size, read) if format == "jpeg" else None


def film_at(read: ReadAt, start: int, end: int, size: int) -> EmbeddedMotion | None:
    """The film from `start`, which ends at `end` at the latest; None if none is there.

    What follows its last box, such as a trailer, is not part of it.
    """
    if not 0 < start < end <= size:
        return None
    boxes = list(_boxes(read, start, end))
    if not boxes or boxes[0][0] != b"ftyp" or boxes[0][2] > _FTYP_LIMIT:
        return None
    whole = any(kind == b"moov" for kind, _, _ in boxes)
    last = boxes[-1]
    stop = last[1] + last[2] if whole else end
    return EmbeddedMotion(start, stop - start)


def _boxes(read: ReadAt, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, offset and length of the boxes one after the other, as far as they are."""
    for _ in range(_BOXES):
        header = read(start, min(_BOX_HEADER, end - start))
        if len(header) < 8:
            return
        length, kind = struct.unpack(">I4s", header[:8])
        if length == 1 and len(header) == _BOX_HEADER:
            length = int.from_bytes(header[8:], "big")
        elif length == 0:
            length = end - start
        if length < 8 or length > end - start or not _is_box(kind):
            return
        if kind == _SAMSUNG_TRAILER:
            return
        yield kind, start, length
        start += length


def _is_box(kind: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)


def _claims(
    tags: Mapping[str, Json], format: str, size: int, read: ReadAt
) -> Iterator[tuple[int, int]]:
    """Start and end of the film, by each way of saying so."""
    names = by_name(tags)
    if format != "jpeg":
        for kind, offset, length in _boxes(read, 0, size):
            if kind == b"mpvd":
                yield offset + 8, offset + length
                yield offset + 16, offset + length  # its own length took 64 bits
    yield from _samsung(size, read)
    yield from _container(names, size)
    for tag in names.get("MicroVideoOffset", [])[:_ITEMS]:
        back = number_of(tag.value)
        if back is not None and 0 < back < size:
            yield size - int(back), size


def _container(names: Mapping[str, list[Tag]], size: int) -> Iterator[tuple[int, int]]:
    """The film and all items behind it fill the end of the file.

    The length may or may not count what pads an item: Google and Samsung differ.
    """
    for name in ("ContainerDirectory", "Directory"):
        for tag in names.get(name, []):
            items = _items(tag.value)
            for padded in (False, True):
                end = size
                for semantic, length, padding in reversed(items):
                    start = end - length - (padding if padded else 0)
                    if semantic == "motionphoto":
                        yield start, start + length
                    end = start


def _items(directory: Json) -> list[tuple[str, int, int]]:
    """Semantic, length and padding of each item of a directory."""
    items: list[tuple[str, int, int]] = []
    for entry in directory[:_ITEMS] if isinstance(directory, list) else []:
        item = entry.get("Item", entry) if isinstance(entry, dict) else None
        if not isinstance(item, dict):
            continue
        length, padding = (
            max(0, int(number_of(item.get(it)) or 0)) for it in ("Length", "Padding")
        )
        items.append((str(item.get("Semantic", "")).lower(), length, padding))
    return items


def _samsung(size: int, read: ReadAt) -> Iterator[tuple[int, int]]:
    tail = read(max(0, size - 8), 8)
    if len(tail) < 8 or tail[4:] != b"SEFT":
        return
    at = size - 8 - int.from_bytes(tail[:4], "little")
    if at <= 0:
        return
    head = read(at, 12)
    if len(head) < 12 or head[:4] != b"SEFH":
        return
    count = min(int.from_bytes(head[8:12], "little"), _SEF_ENTRIES)
    entries = read(at + 12, 12 * count)
    for begin in range(0, len(entries) - 11, 12):
        _, kind, back, length = struct.unpack_from("<HHII", entries, begin)
        start = at - back
        if kind == _SEF_MOTION and start > 0 and length <= back:
            yield from _samsung_motion(read, start, start + length)


def _samsung_motion(read: ReadAt, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The film itself, or (`mpv2`) where it lies in the file."""
    header = read(start, 8)
    if len(header) < 8:
        return
    data = start + 8 + int.from_bytes(header[4:], "little")
    found = read(data, 12) if data < end else b""
    if found[:4] == b"mpv2" and len(found) == 12:
        offset, length = struct.unpack(">II", found[4:])
        yield offset, offset + length
    else:
        yield data, end


def _search(size: int, read: ReadAt) -> EmbeddedMotion | None:
    """The first whole film behind a JPEG that ends as something else."""
    tail = read(max(0, size - _TAIL), _TAIL).rstrip(b"\0")
    if tail.endswith(_JPEG_END) or not tail:
        return None
    left = _CANDIDATES
    kept = b""
    for at in range(0, min(size, _SEARCH_LIMIT), _CHUNK):
        chunk = kept + read(at, _CHUNK)
        first = at - len(kept)
        found = chunk.find(b"ftyp")
        while found >= 0 and left:
            left -= 1
            start = first + found - 4
            if (film := film_at(read, start, size, size)) and _is_whole(read, film):
                return film
            found = chunk.find(b"ftyp", found + 1)
        kept = chunk[-3:]
    return None


def _is_whole(read: ReadAt, film: EmbeddedMotion) -> bool:
    kinds = {it[0] for it in _boxes(read, film.offset, film.offset + film.length)}
    return {b"moov", b"mdat"} <= kinds
