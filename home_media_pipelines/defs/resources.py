"""What assets and sensors work with: databases, ExifTool, pictures, networks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psycopg
from psycopg_pool import ConnectionPool
from pydantic import Field, PrivateAttr

from home_media_pipelines.core.pictures.decode.picture import Limits
from home_media_pipelines.io.decoder_pool import DecoderPool
from home_media_pipelines.io.disk import GOES_ON_AT, Room, require_room, room
from home_media_pipelines.io.exiftool import ExifTool
from home_media_pipelines.settings import Settings, load_settings

CONNECTIONS = 8
"""At most so many of a run's threads talk to the database at once."""


class Database(dg.ConfigurableResource):
    """Postgres. One `connect` block is one short transaction.

    While a run executes, connections are kept for its next blocks.
    """

    url: str = Field(description="libpq URL of the home_media database")

    _kept: ConnectionPool | None = PrivateAttr(default=None)

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Yield a connection; commit when the block ends, roll back if it raises."""
        if self._kept is not None:
            with self._kept.connection() as conn:
                yield conn
            return
        with psycopg.connect(self.url, application_name="pipelines") as conn:
            yield conn

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Open the pool."""
        if context.run is None:
            return
        self._kept = ConnectionPool(
            self.url,
            min_size=0,
            max_size=CONNECTIONS,
            max_idle=60,
            kwargs={"application_name": "pipelines"},
            check=ConnectionPool.check_connection,
            open=True,
        )

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Let go of the connections."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


class DagsterDatabase(dg.ConfigurableResource):
    """Dagster's own database, for what its API cannot do."""

    url: str = Field(description="libpq URL of Dagster's database")

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Yield a connection; commit when the block ends, roll back if it raises."""
        with psycopg.connect(self.url, application_name="retention") as conn:
            yield conn


class Exif(dg.ConfigurableResource):
    """Long-lived ExifTool processes, started when the first file is read."""

    processes: int = Field(description="ExifTool processes per run")

    @contextmanager
    def reader(self) -> Iterator[ExifTool]:
        """Lend the processes; end them with the block."""
        with ExifTool(processes=self.processes) as exiftool:
            yield exiftool


class HomeClock(dg.ConfigurableResource):
    """Whose clock counts for what only knows UTC, where no place tells better."""

    timezone: str = Field(description="Name of a time zone, such as Europe/Berlin")


class Nas(dg.ConfigurableResource):
    """How files on the NAS are read."""

    debounce_seconds: float = Field(
        description="A file modified less than this ago may still be being copied"
    )


class PictureStore(dg.ConfigurableResource):
    """A directory of derived pictures and the processes that fill it."""

    directory: str = Field(description="Where they lie, never below a library")
    processes: int = Field(description="Files decoded at once")
    max_pixels: int = Field(description="A larger picture is a bomb")
    reserve: int = Field(default=0, description="Bytes of its disk that stay free")

    @property
    def path(self) -> Path:
        """The directory, made when missing."""
        path = Path(self.directory)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def limits(self) -> Limits:
        """What one file may cost."""
        return Limits(pixels=self.max_pixels)

    def require_room(self) -> None:
        """Return when more than the reserve is free.

        Raises:
            StorageFullError: there is less; nothing more is to be written.
        """
        require_room(self.path, self.reserve)

    @contextmanager
    def pool(self) -> Iterator[DecoderPool]:
        """Lend the decoding processes; end them with the block."""
        with DecoderPool(self.processes) as pool:
            yield pool


class Disks(dg.ConfigurableResource):
    """The directories we write to, and how much of their disks stays free."""

    directories: dict[str, str] = Field(description="By name")
    reserve: int = Field(description="Bytes that stay free")

    def rooms(self) -> dict[str, Room]:
        """Return the room on the disk of each directory."""
        return {name: room(Path(path)) for name, path in self.directories.items()}

    def too_full(self) -> str | None:
        """Say which disk has too little room for more work, or return None."""
        for name, it in self.rooms().items():
            if it.free < GOES_ON_AT * self.reserve:
                return (
                    f"waiting for room: {it.free / 1e9:.2f} GB are free on the disk of "
                    f"the {name} directory, and {self.reserve / 1e9:g} stay free"
                )
        return None


class AlertTarget(dg.ConfigurableResource):
    """Where alerts are posted, and how long a person need not know."""

    url: str | None = Field(default=None, description="None: they are only recorded")
    hours: float = Field(description="A library or an agent may be away this long")
    backup_hours: float = Field(description="The latest backup may be this old")


class Networks(dg.ConfigurableResource):
    """Which networks look at pictures, where their weights lie, what they run on."""

    profile: str = Field(description="gpu, cpu, tiny or off")
    weights: str = Field(description="Directory of weights")
    device: str = Field(description="auto, cpu, cuda or mps")
    readers: int = Field(description="Threads that read pictures ahead of a network")
    agents: str = Field(
        default="", description="File of the machines that run them instead, if any"
    )

    @property
    def elsewhere(self) -> bool:
        """Whether they run on another machine: this one needs no packages, no card."""
        return bool(self.agents) and Path(self.agents).is_file()


def networks_of(settings: Settings, *, agents: bool = False) -> Networks:
    """Return the networks that the settings name; with `agents`, wherever they run."""
    return Networks(
        profile=settings.models,
        weights=str(settings.weights),
        device=settings.device,
        readers=min(8, settings.workers),
        agents=str(settings.agents) if agents else "",
    )


@dg.definitions
def resources() -> dg.Definitions:
    """Bind the resources to `HOME_MEDIA_*`."""
    settings = load_settings()
    return dg.Definitions(
        resources={
            "database": Database(url=dg.EnvVar("HOME_MEDIA_DATABASE_URL")),
            "dagster_database": DagsterDatabase(
                url=dg.EnvVar("HOME_MEDIA_DAGSTER_DATABASE_URL")
            ),
            "nas": Nas(debounce_seconds=settings.debounce),
            "home_clock": HomeClock(timezone=settings.timezone),
            "exif_tools": Exif(processes=settings.workers),
            "thumbnail_store": PictureStore(
                directory=str(settings.derived / "thumbnails"),
                processes=settings.workers,
                max_pixels=settings.max_pixels,
                reserve=round(settings.disk_reserve * 1e9),
            ),
            "key_frame_store": PictureStore(
                directory=str(settings.derived / "key_frames"),
                processes=settings.workers,
                max_pixels=settings.max_pixels,
                reserve=round(settings.disk_reserve * 1e9),
            ),
            "disks": Disks(
                directories={
                    "state": str(settings.state),
                    "derived": str(settings.derived),
                },
                reserve=round(settings.disk_reserve * 1e9),
            ),
            "alert_target": AlertTarget(
                url=dg.EnvVar("HOME_MEDIA_ALERT_URL") if settings.alert_url else None,
                hours=settings.alert_hours,
                backup_hours=settings.alert_backup_hours,
            ),
            "networks": networks_of(settings, agents=True),
        }
    )
