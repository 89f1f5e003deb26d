"""Looks at what a run finds in a container beside a graphics card. Changes nothing."""

import os
from collections.abc import Iterator

import psycopg

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import libraries
from home_media_pipelines.db.tables.vision import models as model_rows
from home_media_pipelines.local.commands.doctor import Finding, library
from home_media_pipelines.local.server.databases import open_databases
from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.devices import choose
from home_media_pipelines.settings import Settings


def examine(settings: Settings) -> list[Finding]:
    """Return what was found: card, derived pictures, then what the database knows of.

    Raises:
        ModuleNotFoundError: the networks' libraries are not installed.
    """
    return [card(settings), pictures(settings), *_known(settings)]


def card(settings: Settings) -> Finding:
    """Networks find the graphics card."""
    try:
        device = choose(settings.device)
    except HomeMediaError as error:
        return Finding("graphics card", "error", str(error))
    if device.kind == "cpu":
        verdict = "error" if settings.models == "gpu" else "warning"
        return Finding("graphics card", verdict, "none: networks run on the processor")
    memory = f", {device.memory / 2**30:.1f} GiB" if device.memory else ""
    return Finding("graphics card", "ok", f"{device.name}{memory}")


def pictures(settings: Settings) -> Finding:
    """What networks look at can be read here."""
    directory = settings.derived / "thumbnails"
    try:
        with os.scandir(directory) as entries:
            some = next(entries, None)
    except OSError as error:
        return Finding("pictures", "error", f"{directory}: {error.strerror}")
    if some is None:
        return Finding("pictures", "warning", f"{directory} is empty")
    return Finding("pictures", "ok", f"{directory} is readable")


def _known(settings: Settings) -> Iterator[Finding]:
    try:
        with (
            open_databases(settings) as databases,
            connect(databases.home_media) as conn,
        ):
            yield Finding("database", "ok", conn.info.host)
            with connect(databases.dagster) as dagster:
                yield Finding("Dagster's database", "ok", dagster.info.dbname)
            yield from _weights(settings, model_rows.choices(conn))
            yield from map(library, libraries.list_all(conn))
    except (HomeMediaError, psycopg.Error) as error:
        yield Finding("database", "error", str(error).strip())


def _weights(settings: Settings, choices: dict[str, str]) -> Iterator[Finding]:
    for role, model in registry.of_profile(settings.models).items():
        chosen = choices.get(role)
        wanted = registry.get(chosen) if chosen and chosen != "none" else model
        if wanted is None or chosen == "none":
            continue
        missing = weights.missing(wanted, settings.weights)
        detail = f"{wanted.name} is here"
        if missing:
            detail = f"{wanted.name}: {missing[0]} is missing"
        yield Finding(f"weights of the {role}", "error" if missing else "ok", detail)
