"""Serve the API and the gallery: `python -m home_media_api`."""

import os
import sys

import uvicorn
from pydantic import ValidationError

from home_media_api.app import create_app
from home_media_api.settings import get_settings
from home_media_pipelines.core.operations.complaints import complain
from home_media_pipelines.io import logs


def main() -> None:
    """Serve until a signal ends it."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a search does not stop the others
    try:
        settings = get_settings()
    except ValidationError as error:  # which shows passwords when it is printed
        errors = error.errors(include_input=False, include_url=False)
        sys.exit(f"home-media: {complain(errors, prefix='HOME_MEDIA_', flags={})}")
    logs.install(settings.log_format, settings.log_level, "gallery")
    uvicorn.run(
        create_app(settings),
        host=str(settings.api_listen),
        port=settings.port,
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
