"""Masks as pictures: white where the object is, nothing elsewhere."""

from io import BytesIO

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from home_media_api.conditional import matches
from home_media_api.queries.detections import FoundMask
from home_media_pipelines.core.vision.rle import CroppedMask, paste


def answer(request: Request, found: FoundMask) -> Response:
    """The mask, or 304 when the client has it.

    It is asked about again each time: a mask of the same object is another one once
    another segmenter is read.
    """
    etag = f'"{found.producer_id}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(png(found.mask), headers=headers, media_type="image/png")


def png(mask: CroppedMask) -> bytes:
    """A PNG of one bit per pixel: opaque white in the mask, transparent elsewhere.

    Raises:
        MaskError: the run lengths do not fill the mask's window.
    """
    picture = Image.fromarray(paste(mask).astype(np.uint8), "P")
    picture.putpalette(bytes([255] * 6))
    file = BytesIO()
    picture.save(file, "PNG", bits=1, transparency=0)
    return file.getvalue()
