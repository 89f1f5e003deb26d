"""A backup made whole: written aside, read again, named, remembered; old ones go."""

import errno
import re
import shutil
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psycopg

from home_media_pipelines.core.errors import BackupError
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.operations import backups
from home_media_pipelines.io.backup_files import (
    MANIFEST,
    Kind,
    Manifest,
    check,
    name_of,
)

UNFINISHED: Final = ".unfinished"
LEFT_BEHIND: Final = 24 * 3600
"""Seconds after which an unfinished backup is what a killed process left."""

_OURS = re.compile(r"home-media-(irreplaceable|full)-\d{8}T\d{12}Z")


def make_backup(
    url: str, directory: Path, kind: Kind, *, keep: int, now: datetime
) -> tuple[Path, Manifest]:
    """Back up into a new directory below `directory`; return it with its manifest.

    A backup has its name only once it is whole and was read again. Then, of the
    backups of its kind, all but the newest `keep` are deleted.

    Raises:
        BackupError: no space, a place in a library, or it reads wrong.
        psycopg.Error: the database cannot be read.
    """
    with connect(url) as conn:
        for root in backups.roots(conn):
            if directory.resolve().is_relative_to(root.resolve()):
                raise BackupError(
                    directory,
                    f"lies in the library at {root}, where nothing is written",
                )
    place = directory / name_of(kind, now)
    unfinished = place.with_name(place.name + UNFINISHED)
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        backups.dump(url, unfinished, kind, made_at=now, program=version("home-media"))
        manifest = check(unfinished)
        unfinished.rename(place)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        reason = "no space left" if full else error.strerror or str(error)
        raise BackupError(directory, reason) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _remember(url, manifest, place, now)
    _forget_old(directory, kind, keep)
    return place, manifest


def _remember(url: str, manifest: Manifest, place: Path, now: datetime) -> None:
    """Note the backup; a login that may only read makes backups all the same."""
    try:
        with connect(url) as conn:
            backups.record(conn, manifest, place, now)
    except psycopg.errors.InsufficientPrivilege:
        return


def _forget_old(directory: Path, kind: Kind, keep: int) -> None:
    """Delete backups of the kind beyond the newest `keep`, and nothing else."""
    ours = sorted(
        path
        for path in directory.iterdir()
        if (named := _OURS.fullmatch(path.name))
        and named[1] == kind
        and (path / MANIFEST).is_file()
    )
    for path in ours[:-keep]:
        shutil.rmtree(path)
    for path in directory.glob(f"home-media-*{UNFINISHED}"):
        if time.time() - path.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(path, ignore_errors=True)
