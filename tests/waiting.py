"""How a test waits for something that has no event: it asks, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def until(
    ask: Callable[[], Answer], seconds: float, what: str, every: float = 0.1
) -> Answer:
    """Ask until the answer is true and return it; fail with what we waited for."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)  # noqa: TID251 - here, and nowhere else
    return answer
