"""Requests refused before any route sees them."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from home_media_api.errors import problem

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
LONGEST_ADDRESS = 8192
LARGEST_BODY = 65536
LARGEST_UPLOAD = 20 * 10**6 + LARGEST_BODY
UPLOADS = frozenset({"/api/search/image"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT = re.compile(r":\d{1,5}$")


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
            await problem(*refusal)(scope, receive, send)
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
        if "transfer-encoding" in headers:
            return 411, "The length of the body is not given."
        length = headers.get("content-length", "0")
        largest = LARGEST_UPLOAD if scope["path"] in UPLOADS else LARGEST_BODY
        if not length.isdecimal() or int(length[:20]) > largest:
            return 413, "The body is too large."
        return None

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a browser says that a page of another site asks."""
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "same-origin")
        if site == "cross-site":
            return True
        return origin is not None and urlsplit(origin).hostname not in self._names
