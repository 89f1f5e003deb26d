"""Posting: taken, or a reason without the address, which is a secret."""

import socket

import pytest

from home_media_pipelines.core.errors import WebhookError
from home_media_pipelines.io.webhook import post
from tests.webhook_server import Webhook


@pytest.fixture
def webhook():
    hook = Webhook()
    yield hook
    hook.close()


def test_what_is_posted_arrives_as_json(webhook):
    post(webhook.url, {"text": "Zürich"})
    assert webhook.taken == [{"text": "Zürich"}]


@pytest.mark.parametrize("status", [302, 308, 404, 500])
def test_a_refusal_is_one_try_and_a_reason(webhook, status):
    """A redirect is one too: what is said to one address is not said to another."""
    webhook.status = status
    with pytest.raises(WebhookError, match=str(status)) as error:
        post(webhook.url, {})
    assert webhook.asked == 1
    assert "s3cret" not in str(error.value)


def test_nobody_there_is_said_without_the_address(webhook):
    webhook.close()
    with pytest.raises(WebhookError, match="cannot be reached") as error:
        post(webhook.url, {})
    assert "s3cret" not in str(error.value)


def test_one_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/s3cret"
        with pytest.raises(WebhookError, match="in time"):
            post(url, {}, seconds=0.2)
