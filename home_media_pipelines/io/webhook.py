"""Posts JSON to an address that a person chose."""

import httpx

from home_media_pipelines.core.errors import WebhookError

SECONDS = 10.0


def post(url: str, body: object, *, seconds: float = SECONDS) -> None:
    """Post `body` as JSON; any answer of 200 to 299 will do, its body is not read.

    What was said for one address is not repeated to another: no redirect is followed
    and no proxy asked.

    Raises:
        WebhookError: it was not taken. The message does not hold the address, which
            may be a secret.
    """
    try:
        with httpx.stream(
            "POST",
            url,
            json=body,
            headers={"User-Agent": "home-media"},
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
        ) as answer:
            if not answer.is_success:
                raise WebhookError(f"it answered {answer.status_code}")
    except httpx.TimeoutException:
        raise WebhookError("it did not answer in time") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise WebhookError(f"it cannot be reached ({_reason(error)})") from None


def _reason(error: BaseException) -> str:
    """Return the words of the system that are behind an error, else its name."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
