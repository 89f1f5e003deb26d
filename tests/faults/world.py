"""A library that is drawn, a state of its own, and `home-media` as a process."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import psycopg
from PIL import Image

from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import PREFIX

COMMAND = [sys.executable, "-m", "home_media_pipelines.cli"]

TABLES = {
    "files": "first_seen_at, read_at",
    "exif": "",
    "images": "first_seen_at",
    "image_files": "",
    "thumbnails": "",
    "problems": "attempts, first_at, last_at",
    "folders": "batch, seen_at, scanned_at",
}
"""What an ingest writes, and the columns that tell when rather than what."""


def draw(path: Path, seed: int, size: tuple[int, int] = (160, 120)) -> Path:
    """Save a small picture that no other seed gives, dated by its seed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random_numbers = np.random.default_rng(seed)
    coarse = random_numbers.integers(0, 255, (6, 8, 3), np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    exif = Image.Exif()
    day, second = 1 + seed % 28, seed // 28 % 60
    exif.get_ifd(0x8769)[0x9003] = f"2024:06:{day:02} 12:00:{second:02}"
    picture.save(path, exif=exif)
    return path


def draw_library(
    root: Path, folders: int, each: int, size: tuple[int, int] = (160, 120)
) -> Path:
    """Draw `folders` folders with `each` pictures; their files look old."""
    for folder in range(folders):
        for number in range(each):
            name = f"{2020 + folder % 5}/trip{folder:03}/p{number:03}.jpg"
            age(draw(root / name, folder * each + number, size))
    return root


def age(path: Path, seconds: float = 1000) -> Path:
    """Make a file old enough not to be taken for one that is still being copied."""
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


def manifest(root: Path) -> dict[str, tuple[int, int, int, str]]:
    """Return mode, size, mtime and SHA-256 of everything below a directory."""
    found: dict[str, tuple[int, int, int, str]] = {}
    for path in sorted(root.rglob("*")):
        entry = path.lstat()
        hashed = ""
        if path.is_file() and not path.is_symlink():
            hashed = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(root))] = (
            entry.st_mode,
            entry.st_size if hashed else 0,
            entry.st_mtime_ns,
            hashed,
        )
    return found


@dataclass
class Home:
    """A state directory and the databases that go with it.

    Without URLs the commands use the embedded server of the state.
    """

    state: Path
    home_media: str | None = None
    dagster: str | None = None
    settings: dict[str, str] = field(default_factory=lambda: {"DEBOUNCE": "0"})

    def environment(self) -> dict[str, str]:
        """What a command is started with."""
        ours = {**self.settings, "STATE": str(self.state)}
        if self.home_media and self.dagster:
            ours["DATABASE_URL"] = self.home_media
            ours["DAGSTER_DATABASE_URL"] = self.dagster
        clean = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        return {
            **clean,
            **{f"{PREFIX}{name}": value for name, value in ours.items()},
            "FAULTS_STATE": str(self.state),
        }

    def command(self, *arguments: str) -> list[str]:
        """Return a command line."""
        return [*COMMAND, *arguments]

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start a command and return its process."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def call(
        self, *arguments: str, before: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*before, *COMMAND, *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )

    def ingest(self, *roots: Path, status: int = 0, **options: object) -> dict:
        """Run an ingest that ends with this exit status; return its summary."""
        done = self.call("ingest", *map(str, roots), "--json", **options)
        assert done.returncode == status, done.stderr[-3000:]
        return json.loads(done.stdout)

    def connect(self, dagster: bool = False) -> psycopg.Connection:
        """Open a connection that commits each statement."""
        url = self.dagster if dagster else self.home_media
        server = EmbeddedPostgres(self.state)
        url = url or server.uri("dagster" if dagster else "home_media")
        return psycopg.connect(url, autocommit=True)

    def rows(self, query: str, dagster: bool = False) -> list[tuple]:
        """Return the rows of a query."""
        with self.connect(dagster) as conn:
            return conn.execute(query).fetchall()

    def one(self, query: str, dagster: bool = False) -> object:
        """Return the only value of a query."""
        ((value,),) = self.rows(query, dagster)
        return value

    def tables(self) -> dict[str, list[str]]:
        """Return all that an ingest wrote, row by row, without the when."""
        found: dict[str, list[str]] = {}
        with self.connect() as conn:
            for table, times in TABLES.items():
                without = "{" + times.replace(" ", "") + "}"
                rows = conn.execute(
                    f"select (to_jsonb(t) - %s::text[])::text from {table} t "
                    "order by 1",
                    [without],
                )
                found[table] = [text for (text,) in rows]
        return found

    def versions(self, *tables: str) -> dict[str, dict[str, int]]:
        """Return the transaction that last wrote each row, by content or image."""
        found: dict[str, dict[str, int]] = {}
        with self.connect() as conn:
            for table in tables:
                rows = conn.execute(
                    f"select content_id::text, xmin::text::bigint from {table}"
                )
                found[table] = dict(rows)
        return found

    def runs(self) -> list[tuple[str, str]]:
        """Return job name and status of every run, oldest first."""
        return self.rows("select pipeline_name, status from runs order by id", True)

    def unfinished_runs(self) -> list[tuple[str, str]]:
        """Return the runs that Dagster believes to be at work."""
        ended = ("SUCCESS", "FAILURE", "CANCELED")
        return [run for run in self.runs() if run[1] not in ended]

    def thumbnails(self) -> dict[Path, int]:
        """Return every file below the derived directory with its mtime."""
        return {
            path: path.stat().st_mtime_ns
            for path in (self.state / "derived").rglob("*")
            if path.is_file()
        }

    def temporary(self) -> list[Path]:
        """Return what should never stay below the derived directory."""
        return [path for path in self.thumbnails() if path.suffix != ".jpg"]

    def processes(self) -> list[psutil.Process]:
        """Return the processes that were started for this state and still run."""
        return list(descendants(str(self.state)))


def descendants(state: str) -> Iterator[psutil.Process]:
    """Find processes by the mark in their environment."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("FAULTS_STATE") == state:
                yield process
        except (psutil.Error, OSError):
            continue


def kill(process: subprocess.Popen[str] | int) -> None:
    """kill -9, and wait for the end of a child."""
    if isinstance(process, int):
        os.kill(process, signal.SIGKILL)
        return
    process.kill()
    process.communicate()


def seeded(seed: int) -> random.Random:
    """Chance that comes the same way each time."""
    return random.Random(seed)
