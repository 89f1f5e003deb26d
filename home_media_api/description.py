"""What FastAPI cannot know of the API: its words, its problems."""

from typing import Any

from fastapi import FastAPI

from home_media_api.schemas.errors import FieldProblem, ProblemDetails

TEXT = """\
Reads of the family library: the timeline, images, thumbnails, originals and the state
of every folder; what networks see, and search by it. Nothing is written, an uploaded
picture is forgotten. Errors are problems (RFC 9457). Lists are paged by key: pass
`next` as `after`. Times without a zone are local wall time and stay so.
"""
_PROBLEM = {
    "application/problem+json": {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"}
    }
}


def answer(description: str) -> dict[str, Any]:
    """How OpenAPI describes a problem."""
    return {"description": description, "content": _PROBLEM}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: answer("there is no such thing"),
    422: answer("a parameter has no legal value"),
    503: answer("the database or a library root is away; try again"),
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
