"""The API's description; `python -m home_media_api.openapi` writes openapi.json."""

from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI

from home_media_api.schemas import FieldProblem, ProblemDetails

FILE = Path(__file__).with_name("openapi.json")
DESCRIPTION = """\
Reads of the family library: the timeline, images, thumbnails, originals and the state
of every folder. Nothing is written. Errors are problems (RFC 9457). Lists are paged by
key: pass `next` as `after`. Times without a zone are local wall time and stay so.
"""
_PROBLEM = {
    "application/problem+json": {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"}
    }
}


def _answer(description: str) -> dict[str, Any]:
    return {"description": description, "content": _PROBLEM}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: _answer("there is no such thing"),
    422: _answer("a parameter has no legal value"),
    503: _answer("the database or a library root is away; try again"),
}


def describe(app: FastAPI) -> None:
    """Add what FastAPI cannot know to the OpenAPI document of `app`."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document["components"]["schemas"]
            for name, model in (
                ("FieldProblem", FieldProblem),
                ("ProblemDetails", ProblemDetails),
            ):
                schema = model.model_json_schema(
                    ref_template="#/components/schemas/{model}"
                )
                schema.pop("$defs", None)
                schemas[name] = schema
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi


def document() -> bytes:
    """The OpenAPI document, as it is checked in."""
    from home_media_api.app import create_app
    from home_media_api.settings import Settings

    app = create_app(Settings(database_url="", derived=Path()))
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(app.openapi(), option=options)


if __name__ == "__main__":
    FILE.write_bytes(document())
