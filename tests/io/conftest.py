"""What tests of `io` share: a clock to put forward."""

import time
from types import SimpleNamespace

import pytest

from home_media_pipelines.io import decoder_pool


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The decoder pool's clock; `passed` puts it forward by so many seconds."""
    fake = SimpleNamespace(passed=0.0)
    fake.monotonic = lambda: time.monotonic() + fake.passed
    monkeypatch.setattr(decoder_pool, "time", fake)
    return fake
