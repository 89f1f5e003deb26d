"""Faults in the headers of a JPEG that its samples do not suffer from, taken out.

Segments by ITU-T T.81 B.1 and B.2. Some cameras and editors write a second start of
image, or name components in the scan otherwise than in the frame; viewers go by order.
"""

_SOI, _SOS = 0xD8, 0xDA
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


def repaired(data: bytes) -> bytes | None:
    """Return the file with such faults mended; None where there is nothing to mend.

    Args:
        data: the whole file, from its first start of image.
    """
    fixed = bytearray(data)
    while fixed.startswith(bytes((0xFF, _SOI)), 2):
        del fixed[:2]
    frame = _segment(fixed, _FRAMES)
    scan = _segment(fixed, frozenset({_SOS}))
    if frame is not None and scan is not None:
        _name_by_order(fixed, frame, scan)
    mended = bytes(fixed)
    return mended if mended != data else None


def _segment(data: bytearray, kinds: frozenset[int]) -> int | None:
    """Return where the first segment of these kinds starts, behind its marker."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF or data[at + 1] in (0x00, 0xFF):
            at += 1  # junk or fill bytes between segments
        elif data[at + 1] in kinds:
            return at + 2
        elif data[at + 1] == _SOS:
            return None
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _name_by_order(data: bytearray, frame: int, scan: int) -> None:
    """Give the components of frame and scan the same names, when they differ."""
    if frame + 8 > len(data) or scan + 3 > len(data):
        return
    count = data[frame + 7]
    if data[scan + 2] != count or not 1 <= count <= 4:
        return  # several scans, each of some components
    framed = [frame + 8 + 3 * number for number in range(count)]
    scanned = [scan + 3 + 2 * number for number in range(count)]
    if max(framed[-1], scanned[-1]) >= len(data):
        return
    names = [data[at] for at in framed]
    if len(set(names)) == count and names == [data[at] for at in scanned]:
        return
    for name, positions in enumerate(zip(framed, scanned, strict=True), start=1):
        for at in positions:
            data[at] = name
