"""A route that takes few requests at a time; the rest are refused unread."""

import time
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

BODY_SECONDS = 120.0
"""How long a sender may take over a body: one that stops halfway keeps no place."""


class BoundedRoute(APIRoute):
    """Asks `app.state.uploads` for a place before anything of the body is read.

    A request without a place costs neither memory nor a worker thread, so whoever
    asks for anything else is served meanwhile (load shedding).
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, if there is a place for it.

        Raises (when called):
            UnavailableError: all places are taken.
        """
        answer = super().get_route_handler()

        async def answer_if_admitted(request: Request) -> Response:
            with request.app.state.uploads.admitted():
                receive = _until(time.monotonic() + BODY_SECONDS, request.receive)
                return await answer(Request(request.scope, receive))

        return answer_if_admitted


def _until(deadline: float, receive: Receive) -> Receive:
    async def receive_in_time() -> Message:
        try:
            with anyio.fail_after(max(0.0, deadline - time.monotonic())):
                return await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error

    return receive_in_time
