"""The files of weights: where they lie, and whether they are what they should be.

`<weights>/<model>/<file>`, or the folder of a model that comes with the package. What
fetching learned stands beside them in `lock.json`. No torch.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from home_media_pipelines.models.errors import (
    CorruptWeightsError,
    MissingWeightsError,
)
from home_media_pipelines.models.registry import Model, WeightsFile

Checksum = Literal["pinned", "recorded", "unknown"]

LOCK = "lock.json"
_BUFFER_BYTES = 4 << 20


def folder(model: Model, weights: Path) -> Path:
    """Return the folder a model's files lie in, or would."""
    return model.folder or weights / model.name


def missing(model: Model, weights: Path) -> tuple[Path, ...]:
    """Return the model's files that are not there."""
    home = folder(model, weights)
    paths = (home / file.name for file in model.files)
    return tuple(path for path in paths if not path.is_file())


def locate(model: Model, weights: Path) -> Path:
    """Return the folder that holds all of a model's files.

    Asked before any library is: some would fetch what is not there.

    Raises:
        MissingWeightsError: a file is not there.
    """
    home = folder(model, weights)
    for file in model.files:
        if not (home / file.name).is_file():
            raise MissingWeightsError(model.name, home / file.name, file.url)
    return home


def verify(model: Model, weights: Path) -> str:
    """Read a model's files; return the identity of their bytes.

    A file that this process has read before and that has kept size and time of change
    is not read again.

    Returns:
        SHA-256 over the SHA-256 of each file, 64 hex digits.

    Raises:
        MissingWeightsError: a file is not there.
        CorruptWeightsError: a file is not the one of the registry, or of `lock.json`.
    """
    home = locate(model, weights)
    known = locked(weights)
    whole = hashlib.sha256()
    for file in model.files:
        path = home / file.name
        found = sha256_of(path)
        expected = file.sha256 or known.get(key(model, file), found)
        if found != expected:
            raise CorruptWeightsError(path, expected, found)
        whole.update(f"{file.name} {found}\n".encode())
    return whole.hexdigest()


def promised(model: Model, weights: Path) -> str:
    """Return what `verify` would, by the registry and `lock.json`, without the files.

    Raises:
        MissingWeightsError: neither knows a file: nobody fetched it yet.
        CorruptWeightsError: `lock.json` cannot be read.
    """
    known = locked(weights)
    whole = hashlib.sha256()
    for file in model.files:
        expected = file.sha256 or known.get(key(model, file))
        if expected is None:
            path = folder(model, weights) / file.name
            raise MissingWeightsError(model.name, path, file.url)
        whole.update(f"{file.name} {expected}\n".encode())
    return whole.hexdigest()


def checksum(model: Model, weights: Path) -> Checksum:
    """Return who says what a model's bytes should be, of its least known file.

    `pinned`: the registry, or the package that it comes with. `recorded`: `lock.json`,
    since the first fetch here. `unknown`: nobody yet, so whatever comes is taken.

    Raises:
        CorruptWeightsError: `lock.json` cannot be read.
    """
    if model.folder is not None:
        return "pinned"
    unpinned = [file for file in model.files if file.sha256 is None]
    if not unpinned:
        return "pinned"
    known = locked(weights)
    if all(key(model, file) in known for file in unpinned):
        return "recorded"
    return "unknown"


def key(model: Model, file: WeightsFile) -> str:
    """Return the name of a file in `lock.json`."""
    return f"{model.name}/{file.name}"


def locked(weights: Path) -> Mapping[str, str]:
    """Return the SHA-256 of each file at its first fetch, by `key`.

    Raises:
        CorruptWeightsError: `lock.json` cannot be read.
    """
    path = weights / LOCK
    try:
        read: object = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CorruptWeightsError(path, "JSON", str(error)) from error
    if not isinstance(read, dict):
        raise CorruptWeightsError(path, "a JSON object", type(read).__name__)
    return {str(name): str(value) for name, value in read.items()}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hex digits."""
    now = path.stat()
    return _sha256(path, now.st_size, now.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, _size: int, _mtime_ns: int) -> str:
    hasher = hashlib.sha256()
    buffer = memoryview(bytearray(_BUFFER_BYTES))
    with path.open("rb", buffering=0) as file:
        while read := file.readinto(buffer):
            hasher.update(buffer[:read])
    return hasher.hexdigest()
