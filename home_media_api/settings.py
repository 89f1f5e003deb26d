"""Settings of the API, read once from `HOME_MEDIA_*`."""

from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    Field,
    IPvAnyAddress,
    PositiveFloat,
    PositiveInt,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_REPOSITORY = Path(__file__).parents[1]
_PACKAGED = Path(__file__).with_name("gallery")


def _gallery() -> Path:
    built = _REPOSITORY / "frontend" / "dist"
    return built if built.is_dir() or not _PACKAGED.is_dir() else _PACKAGED


class Settings(BaseSettings):
    """Read once from `HOME_MEDIA_*`; a bad value stops the process at start."""

    model_config = SettingsConfigDict(
        env_prefix="HOME_MEDIA_", frozen=True, populate_by_name=True
    )

    database_url: str = Field(
        description="libpq URL of a role that may read schema `gallery`",
        validation_alias=AliasChoices(
            "HOME_MEDIA_API_DATABASE_URL", "HOME_MEDIA_DATABASE_URL"
        ),
    )
    derived: Path = Field(description="where `thumbnails/` is; only read")
    weights: Path = Field(
        default_factory=lambda data: data["derived"].parent / "weights",
        description="directory of the networks' weights; only read",
    )
    gallery: Path = Field(
        default_factory=_gallery, description="directory of the built gallery"
    )
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    api_listen: IPvAnyAddress = Field(
        default=IPv4Address("127.0.0.1"),
        description="address to listen on; everybody who reaches it gets in, so beyond "
        "127.0.0.1 only where a proxy asks who they are",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="for a person, or a JSON object a line"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    api_pool_size: PositiveInt = Field(
        default=8, description="database connections of the API at most"
    )
    api_pool_timeout: PositiveFloat = Field(
        default=3, description="seconds a request waits for a connection before a 503"
    )
    api_statement_timeout: PositiveFloat = Field(
        default=20, description="seconds after which a query is cancelled"
    )
    api_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="names besides localhost that browsers may call us by",
    )

    @field_validator("api_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(name.strip().lower() for name in value.split(",") if name)


@cache
def get_settings() -> Settings:
    """Return the one `Settings`; tests call `get_settings.cache_clear()`."""
    return Settings()  # pyright: ignore[reportCallIssue]: filled from the environment
