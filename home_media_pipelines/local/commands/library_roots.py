"""Which library a directory named on the command line is."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import psycopg

from home_media_pipelines.core.inventory.paths import quote_path
from home_media_pipelines.db.errors import LibraryError
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.db.tables.inventory.libraries import Library
from home_media_pipelines.settings import Settings

NAME_LENGTH = 63


def choose(
    conn: psycopg.Connection, directories: Sequence[Path], settings: Settings
) -> list[Library]:
    """Return the libraries of these directories, adding those that are new.

    Without any directory: all libraries there are.

    Raises:
        LibraryError: a directory is missing, overlaps another library or our state.
    """
    if not directories:
        return libraries.list_all(conn)
    return [add(conn, directory, settings) for directory in directories]


def add(
    conn: psycopg.Connection,
    directory: Path,
    settings: Settings,
    *,
    name: str | None = None,
    depth: int = 3,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Library:
    """Add a directory as a library, named after its folder unless told otherwise.

    One that has this root already is returned as it is, unless another name is asked.

    Raises:
        LibraryError: as `choose`, or the name is in use.
    """
    known = libraries.list_all(conn)
    root = directory.expanduser().absolute()
    label = name or slug(root.name)
    if not root.is_dir():
        raise LibraryError(label, f"{quote_path(str(root))} is not a directory")
    root = root.resolve()
    for ours in (settings.state.resolve(), settings.derived.resolve()):
        if root.is_relative_to(ours) or ours.is_relative_to(root):
            raise LibraryError(
                label,
                f"{quote_path(str(root))} overlaps {ours}, where home-media writes: "
                "choose another --state",
            )
    for library in known:
        if library.path == root and name in (None, library.library):
            return library
    taken = {library.library for library in known}
    return libraries.add(
        conn,
        name or unique(label, taken),
        root,
        depth=depth,
        include=include,
        exclude=exclude,
    )


def slug(name: str) -> str:
    """Return a library name that reads like a folder's: `My Photos` is `my-photos`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-_")
    return words[:NAME_LENGTH].rstrip("-_") or "library"


def unique(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or the first of `name-2`, `name-3`, … that is free."""
    used, number, free = set(taken), 1, name
    while free in used:
        number += 1
        ending = f"-{number}"
        free = f"{name[: NAME_LENGTH - len(ending)]}{ending}"
    return free
