"""Serve the API and the gallery on this machine: `python -m home_media_api`."""

import uvicorn

from home_media_api.app import create_app
from home_media_api.settings import get_settings


def main() -> None:
    """Serve until a signal ends it."""
    settings = get_settings()
    uvicorn.run(
        create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
