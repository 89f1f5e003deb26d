"""Places in the timeline as short opaque texts: cursors and bucket boundaries."""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_PLACE = struct.Struct(">q16s")


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """Where an image stands: by local time, then by id."""

    taken_at: datetime
    image_id: UUID

    @classmethod
    def before(cls, taken_at: datetime) -> Self:
        """The place before every image of `taken_at`."""
        return cls(taken_at, UUID(int=0))


def encode(*cursors: Cursor) -> str:
    """32 URL-safe characters per place."""
    packed = b"".join(
        _PLACE.pack((p.taken_at - _EPOCH) // _MICROSECOND, p.image_id.bytes)
        for p in cursors
    )
    return base64.urlsafe_b64encode(packed).decode()


def decode(text: str) -> tuple[Cursor, ...]:
    """What `encode` was given.

    Raises:
        ValueError: `text` never came from `encode`.
    """
    try:
        packed = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        return tuple(
            Cursor(_EPOCH + microseconds * _MICROSECOND, UUID(bytes=image_id))
            for microseconds, image_id in _PLACE.iter_unpack(packed)
        )
    except (binascii.Error, struct.error, OverflowError) as error:
        raise ValueError("not a place in the timeline") from error


def encode_texts(words: tuple[str, ...]) -> str:
    """Some texts as one URL-safe text."""
    joined = "\0".join(words).encode()
    return base64.urlsafe_b64encode(joined).decode().rstrip("=")


def decode_texts(text: str, count: int) -> tuple[str, ...]:
    """What `encode_texts` was given.

    Raises:
        ValueError: `text` never came from `encode_texts`, or not with `count` texts.
    """
    padded = text + "=" * (-len(text) % 4)
    try:
        joined = base64.b64decode(padded.encode(), altchars=b"-_", validate=True)
        words = tuple(joined.decode().split("\0"))
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not a place in this list") from error
    if len(words) != count:
        raise ValueError("not a place in this list")
    return words
