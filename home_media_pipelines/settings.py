"""Everything `HOME_MEDIA_*` can set, read once and typed."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
import tzlocal
from pydantic import AfterValidator, Field, PositiveFloat, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.core.operations.complaints import complain

PREFIX = "HOME_MEDIA_"
OF_THE_API = (
    "API_HOSTS",
    "API_LISTEN",
    "API_POOL_SIZE",
    "API_POOL_TIMEOUT",
    "API_STATEMENT_TIMEOUT",
    "GALLERY",
)


class SettingsError(HomeMediaError):
    """A setting is unknown or malformed. The message names it, never its value."""


def default_state() -> Path:
    """Return where the database, thumbnails and logs go unless told otherwise.

    Root's own home is closed to the user the database runs as, so root gets a place
    of the system instead.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/home-media")
    return platformdirs.user_data_path("home-media", appauthor=False)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _postgres_url(url: str) -> str:
    """Return `url` in the one spelling that psycopg and SQLAlchemy both read."""
    try:
        parts = urlsplit(url)
        port = parts.port  # raises when it is no number
    except ValueError:
        raise ValueError("not a URL") from None
    if parts.scheme not in ("postgres", "postgresql") or port == 0:
        raise ValueError("should look like postgresql://user:password@host:5432/name")
    if not parts.path.strip("/"):
        raise ValueError("should end in the name of a database")
    return parts._replace(scheme="postgresql").geturl()


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("should be the name of a time zone: Europe/Berlin") from None


def _web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("should look like https://host/path")
    return url


AbsolutePath = Annotated[Path, AfterValidator(_absolute)]
PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Cron = Annotated[str, Field(pattern=r"^\s*([\d*/,A-Za-z-]+\s+){4}[\d*/,A-Za-z-]+\s*$")]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What one process of home-media is told. Flags win over the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="forbid"
    )

    state: AbsolutePath = Field(
        default_factory=default_state,
        description="directory of the database, thumbnails and logs",
    )
    derived: AbsolutePath = Field(
        default_factory=lambda data: data["state"] / "derived",
        description="directory of what can be computed again (thumbnails)",
    )
    port: Port = Field(default=8000, description="gallery and API, on 127.0.0.1")
    dagster_port: Port = Field(default=3000, description="Dagster UI, on 127.0.0.1")
    database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="external Postgres 15 or newer with pgvector and ltree",
    )
    dagster_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="Dagster's own database",
    )
    api_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="the API's login, which sees only views",
    )
    pipelines_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="login of the pipelines, which `db migrate --roles` makes",
    )
    backup_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="login of backups, which `db migrate --roles` makes",
    )
    watch_interval: PositiveFloat = Field(
        default=5, description="seconds between two looks for changed directories"
    )
    walk_schedule: Cron = Field(
        default="*/15 * * * *",
        description="when every library is walked (minute hour day month weekday)",
    )
    debounce: float = Field(
        default=3, ge=0, description="seconds a file must rest before it is read"
    )
    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        default_factory=lambda: os.cpu_count() or 1,
        description="processes that decode pictures",
    )
    max_pixels: int = Field(
        default=2**28,
        ge=1_000_000,
        description="largest picture that is decoded, in pixels",
    )
    models: Literal["gpu", "cpu", "tiny", "off"] = Field(
        default="gpu",
        description="which networks look at pictures: for a graphics card, for a "
        "processor, the tiny ones of the demo, or none",
    )
    weights: AbsolutePath = Field(
        default_factory=lambda data: data["state"] / "weights",
        description="directory of the networks' weights",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="what networks run on"
    )
    timezone: TimeZone = Field(
        default_factory=lambda: tzlocal.get_localzone_name() or "UTC",
        description="whose clock schedules go by",
    )
    nightly: Cron = Field(
        default="0 2 * * *",
        description="when embeddings that are missing or stale are made "
        "(minute hour day month weekday)",
    )
    nightly_hours: PositiveFloat = Field(
        default=5, description="hours that may take; the next night goes on from there"
    )
    log_format: Literal["console", "json"] = Field(
        default="console",
        description="how services write their logs: for a person, or a JSON object a "
        "line",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least that is logged"
    )
    log_days: Annotated[int, Field(ge=1)] = Field(
        default=30, description="days that logs of services and runs are kept"
    )
    disk_reserve: float = Field(
        default=1,
        ge=0,
        description="gigabytes that are left free on the disk of derived pictures",
    )
    alert_url: WebUrl | None = Field(
        default=None,
        repr=False,
        description="where alerts are posted as JSON; none are sent without it",
    )
    alert_hours: float = Field(
        default=6,
        ge=0,
        description="hours a library may be unreachable, or work wait for an agent, "
        "before an alert",
    )
    alert_backup_hours: PositiveFloat = Field(
        default=50, description="age of the latest backup at which an alert is sent"
    )
    agents: AbsolutePath = Field(
        default_factory=lambda data: data["state"] / "agents.toml",
        description="file that describes machines with a graphics card (agents); "
        "without it everything runs here",
    )
    integrity: Cron = Field(
        default="0 3 1 * *",
        description="when originals are read again and compared, the oldest reading "
        "first (minute hour day month weekday)",
    )
    integrity_hours: PositiveFloat = Field(
        default=8, description="hours that may take; the next time goes on from there"
    )
    backups: AbsolutePath = Field(
        default_factory=lambda data: data["state"] / "backups",
        description="directory of backups, best on another disk; never in a library",
    )
    backup_schedule: Cron = Field(
        default="30 1 * * *",
        description="when what cannot be made again is backed up "
        "(minute hour day month weekday)",
    )
    backups_kept: Annotated[int, Field(ge=1)] = Field(
        default=14, description="how many backups of a kind are kept"
    )

    def environment(self) -> dict[str, str]:
        """Return these settings as the variables a child process reads them from."""
        values = self.model_dump(exclude_none=True)
        return {f"{PREFIX}{name.upper()}": str(value) for name, value in values.items()}


def load_settings(
    environment: Mapping[str, str] | None = None, **flags: object
) -> Settings:
    """Read the settings: flags that are not None, then `HOME_MEDIA_*`, then defaults.

    Args:
        environment: checked for unknown names; default the process's own.
        flags: by field name.

    Raises:
        SettingsError: a name is unknown or a value malformed.
    """
    names = os.environ if environment is None else environment
    fields = (*(field.upper() for field in Settings.model_fields), *OF_THE_API)
    known = {f"{PREFIX}{field}" for field in fields}
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise SettingsError(f"{name} is not a setting of home-media{hint}")
    given: dict[str, Any] = {
        name: value for name, value in flags.items() if value is not None
    }
    try:
        return Settings(**given)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        raise SettingsError(complain(errors, prefix=PREFIX, flags=given)) from None
