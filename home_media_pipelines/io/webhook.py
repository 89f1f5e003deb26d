"""Posts JSON to an address that a person chose."""

import http.client
import json
import urllib.error
import urllib.request

from home_media_pipelines.core.errors import WebhookError

SECONDS = 10.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What was said for one address is not repeated to another."""

    def redirect_request(self, *args: object, **_: object) -> None:
        return None


def post(url: str, body: object, *, seconds: float = SECONDS) -> None:
    """Post `body` as JSON; any answer of 200 to 299 will do.

    Raises:
        WebhookError: it was not taken. The message does not hold the address, which
            may be a secret.
    """
    request = urllib.request.Request(  # noqa: S310 the settings allow http and https
        url,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "home-media"},
        method="POST",
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with opener.open(request, timeout=seconds) as answer:
            answer.read(65536)
    except urllib.error.HTTPError as error:
        error.close()
        raise WebhookError(f"it answered {error.code}") from None
    except urllib.error.URLError as error:
        raise WebhookError(_reason(error.reason)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise WebhookError(_reason(error)) from None


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    said = error.strerror if isinstance(error, OSError) else None
    return f"it cannot be reached ({said or type(error).__name__})"
