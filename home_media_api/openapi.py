"""Writes the API's description to openapi.json: `python -m home_media_api.openapi`."""

from pathlib import Path

import orjson

from home_media_api.app import create_app
from home_media_api.settings import Settings

FILE = Path(__file__).with_name("openapi.json")


def document() -> bytes:
    """The OpenAPI document, as it is checked in."""
    app = create_app(Settings(database_url="", derived=Path()))
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(app.openapi(), option=options)


if __name__ == "__main__":
    FILE.write_bytes(document())
