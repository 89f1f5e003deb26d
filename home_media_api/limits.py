"""How much one request may send."""

from typing import Final

LONGEST_ADDRESS: Final = 8192
"""Characters of path and query."""

LARGEST_BODY: Final = 65536
"""Bytes of any body but an upload's."""

LARGEST_PICTURE: Final = 20_000_000
"""Bytes of an uploaded file. The one such number: OpenAPI tells it to the gallery."""

PICTURES: Final = frozenset({"/api/search/image"})
"""Where a picture may be sent to, in a form."""


def largest_body(path: str) -> int:
    """The most bytes that a body sent to `path` may have."""
    return LARGEST_BODY + (LARGEST_PICTURE if path in PICTURES else 0)


def largest_picture() -> str:
    """The most that a picture may have, for people."""
    return f"{LARGEST_PICTURE // 10**6} MB"
