"""Serve the API as `python -m home_media_api` does, with a network of three words."""

import uvicorn

from home_media_api.app import create_app
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.settings import get_settings
from tests.api.encoder.drawn_network import Opened, ThreeColours


def main() -> None:
    """Serve until a signal ends it."""
    settings = get_settings()
    app = create_app(settings)
    app.state.encoder = QueryEncoder(Opened(**{"three-colours": ThreeColours()}))
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
