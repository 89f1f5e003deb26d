"""Requests refused before any route sees them."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from home_media_api.errors import problem
from home_media_api.limits import (
    LONGEST_ADDRESS,
    PICTURES,
    largest_body,
    largest_picture,
)

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT = re.compile(r":[0-9]{1,5}\Z")
_LENGTH = re.compile(r"[0-9]{1,19}")
"""Content-Length: more digits, though they be zeros, are nobody's honest mistake."""


class Guard:
    """Refuses foreign host names and pages, long addresses and large bodies.

    A page elsewhere that rebinds its own name to this machine would be of the same
    origin as us, but its requests still carry that name in `Host`. A form elsewhere
    may post files to us unasked, but browsers say so in `Origin` and `Sec-Fetch-Site`.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, LOCAL | hosts
        self._names = frozenset(name.strip("[]") for name in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or pass on with nosniff on the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            status, detail = refusal
            of_picture = status == 413 and scope["path"] in PICTURES
            answer = problem(status, detail, of_picture=of_picture)
            await answer(scope, receive, send)
            return

        async def send_unsniffed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cross-origin-resource-policy", b"same-origin"),
                ]
            await send(message)

        await self._app(scope, receive, send_unsniffed)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = _PORT.sub("", headers.get("host", "").lower())
        if host not in self._hosts:
            return 421, "This server does not go by that name."
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > (
            LONGEST_ADDRESS
        ):
            return 414, "The address is too long."
        if scope["method"] not in SAFE and self._is_foreign(headers):
            return 403, "A page elsewhere may not ask that."
        return _refused_body(headers, scope["path"])

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a browser says that a page of another site asks."""
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "same-origin")
        if site == "cross-site":
            return True
        if origin is None:
            return False
        try:
            return urlsplit(origin).hostname not in self._names
        except ValueError:  # what no browser sends, `http://[` for one
            return True


def _refused_body(headers: Headers, path: str) -> tuple[int, str] | None:
    if "transfer-encoding" in headers:
        return 411, "The length of the body is not given."
    length = headers.get("content-length", "0")
    if _LENGTH.fullmatch(length) is None:
        return 400, "The length of the body is no number."
    if int(length) <= largest_body(path):
        return None
    if path in PICTURES:
        return 413, f"The picture has more than {largest_picture()}."
    return 413, "The body is too large."
