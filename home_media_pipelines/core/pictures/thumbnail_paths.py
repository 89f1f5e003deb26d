"""Which thumbnails a picture has, and where they lie."""

from collections.abc import Sequence
from pathlib import Path

SIZES = (256, 512, 1024, 2048)
"""Long edges in pixels."""


def thumbnail_path(directory: Path, content_id: str, size: int) -> Path:
    """Return where the thumbnail of a content lies, or would."""
    return directory / content_id[:2] / content_id[2:4] / f"{content_id}-{size}.jpg"


def sizes_for(long_edge: int, sizes: Sequence[int] = SIZES) -> tuple[int, ...]:
    """Return the sizes worth making: all below the long edge, and the next one.

    The next one holds the picture as it is, so the largest never loses a pixel below
    2048, and every picture has at least one thumbnail.
    """
    ordered = sorted(sizes)
    below = [0, *ordered]
    return tuple(
        size for size, last in zip(ordered, below, strict=False) if last < long_edge
    )
