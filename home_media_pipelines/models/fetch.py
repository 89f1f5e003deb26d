"""Brings weights from where they are published: the only code that goes there.

A file is written as `*.part` and gets its name when it is whole and what it should be.
What was cut off goes on where it stopped.
"""

import errno
import fcntl
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from home_media_pipelines.core.errors import StorageFullError
from home_media_pipelines.io.thumbnail_store import sync_directory
from home_media_pipelines.models import weights
from home_media_pipelines.models.errors import CorruptWeightsError, FetchError
from home_media_pipelines.models.registry import Model, WeightsFile

Progress = Callable[[str, int, int | None], None]
"""Is told a file, its bytes so far, and how many it will have if that is known."""

TRIES = 5
"""How often we ask again when nothing more comes; each goes on where it stopped."""

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as broken."""

PAUSE = 1.0
"""Seconds before the second try; twice as long before each next one."""

_CHUNK_BYTES = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


def fetch(
    model: Model, directory: Path, progress: Progress, *, pause: float = PAUSE
) -> tuple[Path, ...]:
    """Fetch those files of a model that are not there, and check all.

    A file whose SHA-256 the registry does not know is remembered in `lock.json`; other
    bytes than those remembered are refused.

    Args:
        model: one of the registry, or like them.
        directory: of the weights; made if it is not there.
        progress: is told how far each file is.
        pause: seconds before the second try.

    Returns:
        The files that were fetched.

    Raises:
        FetchError: no connection, or the server has no such file. What came stays as
            `*.part` for the next time.
        CorruptWeightsError: other bytes came than expected, and were thrown away; or
            a file that was there already is damaged.
        MissingWeightsError: a file that comes with the package is not there.
        StorageFullError: no space is left.
    """
    if model.folder is not None:
        weights.verify(model, directory)
        return ()
    home = weights.folder(model, directory)
    fetched: list[Path] = []
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _alone(model, directory):
            for file in model.files:
                path = home / file.name
                if file.url is not None and not path.is_file():
                    part = _receive_all(model, file, file.url, path, progress, pause)
                    _check(model, file, part, directory)
                    part.replace(path)
                    sync_directory(home)
                    fetched.append(path)
            _remember(model, directory)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError(directory) from error
        raise
    weights.verify(model, directory)
    return tuple(fetched)


@contextmanager
def _alone(model: Model, directory: Path) -> Iterator[None]:
    """Keep two processes from writing the same file.

    Raises:
        FetchError: another one is at it.
    """
    with (directory / ".fetching").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reason = "another process is fetching into this directory"
            raise FetchError(model.name, model.name, directory, reason) from None
        yield


def _receive_all(
    model: Model,
    file: WeightsFile,
    url: str,
    path: Path,
    progress: Progress,
    pause: float,
) -> Path:
    """Bring a file as `*.part`, over as many connections as it takes.

    Raises:
        FetchError: as `fetch`.
    """
    part = path.with_name(f"{path.name}.part")
    in_vain = 0
    while True:
        before = part.stat().st_size if part.is_file() else 0
        try:
            _receive(file, url, part, progress)
            return part
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                raise
            came = part.is_file() and part.stat().st_size > before
            in_vain = 1 if came else in_vain + 1
            if in_vain >= TRIES or not _passes(error):
                reason = _plain(error)
                raise FetchError(model.name, url, path, reason) from error
        time.sleep(pause * 2 ** (in_vain - 1))


def _receive(file: WeightsFile, url: str, part: Path, progress: Progress) -> None:
    """Write what one connection brings; go on after what is there if that is safe.

    Raises:
        OSError, HTTPException: it broke, or brought less than it promised.
    """
    tag = part.with_name(f"{part.name}.etag")
    have = part.stat().st_size if part.is_file() else 0
    validator = tag.read_text() if tag.is_file() else None
    headers = {"User-Agent": "home-media", "Accept-Encoding": "identity"}
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    elif have and file.sha256:  # the checksum at the end tells if the file was changed
        headers |= {"Range": f"bytes={have}-"}
    if not url.startswith(("https://", "http://")):
        raise OSError(f"not an address of the web: {url}")
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # checked above
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)  # it is longer than the file, so another one
            raise OSError("the file was changed there") from error
        raise
    with answer:
        start = have if _goes_on(answer, have) else 0
        if not start:
            part.unlink(missing_ok=True)
        _write_tag(tag, answer.headers.get("ETag"))
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length else file.bytes
        size = start
        with part.open("ab") as output:
            while chunk := answer.read(_CHUNK_BYTES):
                output.write(chunk)
                size += len(chunk)
                progress(file.name, size, total)
            output.flush()
            os.fsync(output.fileno())
    if total is not None and size < total:
        raise OSError(f"the connection broke after {size:,} of {total:,} bytes")
    tag.unlink(missing_ok=True)


def _goes_on(answer: http.client.HTTPResponse, have: int) -> bool:
    """Whether an answer begins where we stopped, and not at the beginning."""
    given = answer.headers.get("Content-Range", "")
    return answer.status == http.HTTPStatus.PARTIAL_CONTENT and given.startswith(
        f"bytes {have}-"
    )


def _write_tag(tag: Path, etag: str | None) -> None:
    """Keep what tells this version of a file from others, if the server says so."""
    if etag and not etag.startswith("W/"):
        tag.write_text(etag)
    else:
        tag.unlink(missing_ok=True)


def _check(model: Model, file: WeightsFile, part: Path, directory: Path) -> None:
    """Throw away what is not what it should be.

    Raises:
        CorruptWeightsError: it was not.
    """
    found = weights.sha256_of(part)
    locked = weights.locked(directory).get(weights.key(model, file))
    expected = file.sha256 or locked
    if expected is None or found == expected:
        return
    part.unlink()
    source = f"{found} at {file.url}"
    if file.sha256 is None:
        source += f"; if it was meant to change, remove it from {weights.LOCK}"
    raise CorruptWeightsError(part.with_suffix(""), expected, source)


def _remember(model: Model, directory: Path) -> None:
    """Write the SHA-256 of files that nobody knew before into `lock.json`."""
    home = weights.folder(model, directory)
    known = dict(weights.locked(directory))
    new = {
        name: weights.sha256_of(home / file.name)
        for file in model.files
        if file.sha256 is None
        and (name := weights.key(model, file)) not in known
        and (home / file.name).is_file()
    }
    if not new:
        return
    path = directory / weights.LOCK
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w") as output:
        json.dump({**known, **new}, output, indent=2, sort_keys=True)
        output.write("\n")
        output.flush()
        os.fsync(output.fileno())
    temporary.replace(path)
    sync_directory(directory)


def _passes(error: Exception) -> bool:
    """Whether another try may help."""
    return not isinstance(error, urllib.error.HTTPError) or error.code in _PASSING


def _plain(error: Exception) -> str:
    """Return why it did not work, as a person would say it."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason) or type(error).__name__
