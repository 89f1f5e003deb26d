"""Every error as a problem, RFC 9457, without a word about our insides."""

import logging
from http import HTTPStatus

import orjson
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from home_media_api.limits import LARGEST_PICTURE
from home_media_api.schemas.errors import FieldProblem, ProblemDetails
from home_media_pipelines.core.errors import HomeMediaError

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class ApiError(HomeMediaError):
    """A request that gets a problem instead of an answer."""

    status = 500

    def __init__(self, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail, headers)
        self.detail, self.headers = detail, headers

    def __str__(self) -> str:
        return self.detail


class NotFoundError(ApiError):
    """What was asked for is not in the database, or its file is not there."""

    status = 404


class UnsatisfiableRangeError(ApiError):
    """The bytes asked for lie beyond the file's end."""

    status = 416


class TooLargeError(ApiError):
    """A picture that was sent is more than we take; the problem says how much."""

    status = 413


class UnsupportedError(ApiError):
    """What was sent is of a kind that we do not read."""

    status = 415


class NotAPictureError(ApiError):
    """What was sent cannot be read although its kind is known."""

    status = 422


class UnavailableError(ApiError):
    """The database or a library root is away; another try may succeed."""

    status = 503


def problem(
    status: int,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
    of_picture: bool = False,
) -> Response:
    """A problem as an answer; `detail` is for people and names no internals."""
    title = HTTPStatus(status).phrase
    body = ProblemDetails(
        title=title,
        status=status,
        detail=detail,
        errors=errors,
        largest=LARGEST_PICTURE if of_picture else None,
    )
    return Response(
        orjson.dumps(body.model_dump(exclude_none=True)),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        MEDIA_TYPE,
    )


def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        FieldProblem(field=".".join(map(str, e["loc"])), message=e["msg"])
        for e in error.errors()
    ]
    return problem(422, "A parameter has no legal value.", errors=errors)


_DETAILS = {
    400: "The body is malformed.",
    408: "The body did not arrive in time.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
}


def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = error.status_code
    detail = _DETAILS.get(status, HTTPStatus(status).phrase)
    return problem(status, detail, headers=dict(error.headers or {}))


def _ours(_: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        return problem(
            error.status,
            error.detail,
            headers=error.headers,
            of_picture=isinstance(error, TooLargeError),
        )
    logger.error("refused", exc_info=error)
    return problem(500, "The server could not make sense of its own data.")


def _database_away(_: Request, error: Exception) -> Response:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return problem(503, "The question took too long.", headers={"Retry-After": "5"})
    logger.warning("database unreachable: %s", type(error).__name__)
    detail = "The database does not answer."
    return problem(503, detail, headers={"Retry-After": "2"})


def _not_migrated(_: Request, error: Exception) -> Response:
    logger.error("schema does not fit", exc_info=error)
    detail = "The database is not set up for this version."
    return problem(503, detail, headers={"Retry-After": "5"})


def _bug(_: Request, __: Exception) -> Response:
    return problem(500, "The server made a mistake. Its log says which.")


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem."""
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(HomeMediaError, _ours)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)
    app.add_exception_handler(psycopg.errors.UndefinedTable, _not_migrated)
    app.add_exception_handler(psycopg.errors.UndefinedColumn, _not_migrated)
    app.add_exception_handler(psycopg.errors.InvalidSchemaName, _not_migrated)
    app.add_exception_handler(psycopg.errors.InsufficientPrivilege, _not_migrated)
    app.add_exception_handler(Exception, _bug)
