"""What an ICC profile says by code points: tag `cicp` of ICC.1:2022, 9.2.17."""

from home_media_pipelines.core.pictures.decode.cicp import Cicp

_TAG_BYTES = 12
_MOST_TAGS = 100


def cicp_of_profile(profile: bytes) -> Cicp | None:
    """Return the code points of a profile; None where it has none, or is nonsense."""
    count = int.from_bytes(profile[128:132], "big")
    for number in range(min(count, _MOST_TAGS)):
        entry = profile[132 + number * _TAG_BYTES :][:_TAG_BYTES]
        if entry[:4] == b"cicp":
            start = int.from_bytes(entry[4:8], "big")
            tag = profile[start : start + 12]
            if len(tag) == 12 and tag[:4] == b"cicp":
                return Cicp(tag[8], tag[9])
    return None
