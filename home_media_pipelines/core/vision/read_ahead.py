"""Pictures read by threads while a network looks at the ones before."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PIL import Image

from home_media_pipelines.core.errors import DecodeError

Item = TypeVar("Item")
Value = TypeVar("Value")


def read_ahead(
    items: Iterable[Item],
    read: Callable[[Item], Value],
    *,
    threads: int,
    ahead: int,
) -> Iterator[tuple[Item, Value | DecodeError]]:
    """Yield each item with what was read of it, in order.

    Not more than `ahead` values wait at a time. What cannot be decoded comes as the
    error itself, so that one bad file does not end the rest; any other error is raised.
    """
    coming = iter(items)
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="read-ahead") as pool:
        try:
            while True:
                while len(waiting) < max(1, ahead):
                    try:
                        item = next(coming)
                    except StopIteration:
                        break
                    waiting.append((item, pool.submit(read, item)))
                if not waiting:
                    return
                item, value = waiting.popleft()
                try:
                    result: Value | DecodeError = value.result()
                except DecodeError as error:
                    result = error
                yield item, result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def read_jpeg(path: Path, shortest: int | None = None) -> Image.Image:
    """Read one of our own JPEGs: RGB, upright.

    Args:
        path: a thumbnail or key frame.
        shortest: what the short edge must keep, in pixels. libjpeg then leaves out
            what is not needed while it decodes (by 2, 4 or 8): a third of the time.

    Raises:
        DecodeError: it is not there (that may pass), or its bytes are damaged.
    """
    try:
        with Image.open(path, formats=["JPEG"]) as picture:
            if shortest is not None:
                picture.draft("RGB", (shortest, shortest))
            picture.load()
            return picture.convert("RGB")
    except FileNotFoundError as error:
        raise DecodeError(path, "its thumbnail is gone", permanent=False) from error
    except (OSError, SyntaxError, ValueError) as error:
        reason = f"its thumbnail cannot be read: {_plain(error)}"
        raise DecodeError(path, reason, permanent=False) from error


def _plain(error: Exception) -> str:
    """Return what an error says, without the path it is about."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error)
    return "not a JPEG" if "cannot identify" in said else said
