"""`home-media ingest`: the asset graph, run here and now, without any service."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import dagster as dg
import psycopg
import typer
from dagster_postgres.utils import DagsterPostgresException
from sqlalchemy.exc import DBAPIError

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.db.admin import status
from home_media_pipelines.db.admin.status import Step
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory import folders, libraries, problems
from home_media_pipelines.db.tables.inventory.libraries import Library
from home_media_pipelines.defs.batches import Batch, cut
from home_media_pipelines.defs.care.dead_runs import fail_dead_runs
from home_media_pipelines.defs.resources import networks_of
from home_media_pipelines.instance.run_heartbeat import run_heartbeat
from home_media_pipelines.local.commands import console, ingest_vision, library_roots
from home_media_pipelines.local.commands.ingest_summary import IngestSummary, Progress
from home_media_pipelines.local.commands.options import Directories, Json, State
from home_media_pipelines.local.commands.run_failure import why_failed
from home_media_pipelines.local.errors import LocalError
from home_media_pipelines.local.server import dagster_home
from home_media_pipelines.local.server.databases import Databases, open_databases
from home_media_pipelines.settings import Settings, load_settings

ROUNDS = 5
"""A folder that is still being written to is looked at so often."""

POLL_SECONDS = 0.5
DATABASE_GONE = (psycopg.OperationalError, DBAPIError, DagsterPostgresException)
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The console shows progress; what a run has to say is in Dagster's event log."""


def ingest_command(
    directories: Directories = None, state: State = None, json: Json = False
) -> None:
    """Bring new and changed folders up to date, without any service.

    Exit status 1 when a folder could not be done, a library not be reached or the
    checks not be made. A broken file is no failure: `home-media problems` lists it.
    """
    settings = load_settings(state=state)
    with open_databases(settings, console.note) as databases:
        with connect(databases.home_media) as conn:
            chosen = library_roots.choose(conn, directories or [], settings)
        if not chosen:
            raise HomeMediaError(
                "there is no library yet: name a directory of pictures"
            )
        with console.progress_bar() as tell:
            summary = run(settings, databases, chosen, tell)
    if json:
        console.print_json({**asdict(summary), "complete": summary.complete})
    else:
        counts = [(key, value) for key, value in asdict(summary).items() if value]
        for key, value in counts:
            if isinstance(value, int | float):
                shown = f"{value:.1f}" if isinstance(value, float) else f"{value:,}"
                console.out.print(f"{key:9} {shown}")
        for reason in dict.fromkeys(summary.waiting.values()):
            console.note(reason)
        for where, why in (
            *summary.unreachable.items(),
            *summary.failed_folders.items(),
        ):
            console.fail(f"{where}: {why}")
        if summary.unchecked:
            console.fail(f"the checks could not be made: {summary.unchecked}")
    if not summary.complete:
        raise typer.Exit(1)


def run(
    settings: Settings,
    databases: Databases,
    chosen: Sequence[Library],
    tell: Progress,
) -> IngestSummary:
    """Walk the libraries and bring every folder that is due up to date.

    Everything goes through the Dagster instance, so its runs show in the UI. A kill
    loses at most the file at hand: the next call goes on from there.

    Raises:
        LocalError: a run failed, or the database went away.
    """
    try:
        return _ingest(settings, databases, chosen, tell)
    except DATABASE_GONE as error:
        raise LocalError(
            "the database went away during the ingest; the next one goes on from "
            f"there ({str(error).strip().splitlines()[-1]})"
        ) from error


def _ingest(
    settings: Settings,
    databases: Databases,
    chosen: Sequence[Library],
    tell: Progress,
) -> IngestSummary:
    os.environ.update(dagster_home.prepare(settings, databases))
    from home_media_pipelines.definitions import defs  # reads the environment

    started = time.monotonic()
    graph = defs()
    names = {library.library for library in chosen}
    totals = Counter[str]()
    done: set[str] = set()
    with dg.DagsterInstance.get() as instance:
        with connect(databases.home_media, autocommit=True) as conn:
            fail_dead_runs(instance, conn)

        def run(
            job: str, config: Mapping[str, object] = MappingProxyType({}), **how: Any
        ) -> dg.ExecuteInProcessResult:
            run_id = str(uuid4())
            with run_heartbeat(databases.home_media, run_id):
                return graph.resolve_job_def(job).execute_in_process(
                    instance=instance,
                    run_id=run_id,
                    run_config={**config, **QUIET},
                    **how,
                )

        run("walk")
        files = partial(status.progress, names=names)
        with _telling(databases.home_media, files, tell):
            for batch in _batches(databases.home_media, instance, names, settings):
                totals += _take_in(run, batch)
                done |= set(batch.folders)
        with _telling(databases.home_media, ingest_vision.steps, tell):
            seen = ingest_vision.see(
                databases.home_media,
                networks_of(settings),
                names,
                partial(run, raise_on_error=False),
            )
        unchecked = None
        if done or seen.looked_at:
            unchecked = why_failed(run("checks", raise_on_error=False))
    with connect(databases.home_media) as conn:
        troubled = [
            folder
            for folder in status.troubled_folders(conn)
            if folder.library in names and folder.state != "vanished"
        ]
        return IngestSummary(
            folders=len(done),
            seen=totals["seen"],
            new=totals["new"],
            changed=totals["changed"],
            moved=totals["moved"],
            missing=totals["missing"],
            failed=problems.count_files(conn, names),
            looked_at=max(seen.looked_at.values(), default=0),
            seconds=time.monotonic() - started,
            failed_folders={it.folder: it.reason or it.state for it in troubled},
            unreachable={
                library.library: library.reason or "unreachable"
                for library in libraries.list_all(conn)
                if library.library in names and library.state == "unreachable"
            },
            waiting=seen.waiting,
            unchecked=unchecked,
        )


def _batches(
    url: str,
    instance: dg.DagsterInstance,
    names: Collection[str],
    settings: Settings,
) -> Iterator[Batch]:
    """Hand out what is due, then what is stale, then what was still being written."""
    for attempt in range(ROUNDS):
        with connect(url) as conn:
            due = [
                folder
                for folder in folders.due(conn, now=datetime.now(UTC))
                if folder.library in names
            ]
            stale = folders.with_unfinished_work(conn, names)
        keys = {folder.folder for folder in due}
        due += [folder for folder in stale if folder.folder not in keys]
        if not due:
            return
        if attempt:
            time.sleep(settings.debounce)
        for batch in cut(due, instance.get_dynamic_partitions("folder")):
            if batch.new:
                instance.add_dynamic_partitions("folder", list(batch.folders))
            with connect(url) as conn:
                folders.hand_out(conn, batch.folders, batch.batch_id)
            yield batch


def _take_in(
    run: Callable[..., dg.ExecuteInProcessResult], batch: Batch
) -> Counter[str]:
    """Execute the batch's run in this process; return the counts of its files.

    Folders that failed are in the database with the reason, where the caller finds
    them; a run that failed for another reason ends the ingest.

    Raises:
        LocalError: the run itself failed.
    """
    request = batch.run_request()
    result = run(
        request.job_name or "",
        request.run_config,
        tags=request.tags,
        raise_on_error=False,
    )
    counts = dict[str, Counter[str]]()
    for event in result.all_events:
        if event.is_step_failure and not event.step_failure_data.user_failure_data:
            error = event.step_failure_data.error
            cause = (error and (error.cause or error).message) or "no reason given"
            raise LocalError(f"run {result.run_id} failed: {cause.strip()}")
        if event.is_step_materialization and event.asset_key == dg.AssetKey("files"):
            found = event.materialization.metadata
            whole_run = "folders" in found  # the same numbers stand at every folder
            counts["" if whole_run else event.partition or ""] = Counter(
                {
                    label: value.value or 0
                    for label, value in found.items()
                    if isinstance(value, dg.IntMetadataValue)
                }
            )
    return sum(counts.values(), Counter[str]())


@contextmanager
def _telling(
    url: str, steps: Callable[[psycopg.Connection], Iterable[Step]], tell: Progress
) -> Iterator[None]:
    """Report progress from the database while the block runs."""
    stop = threading.Event()

    def poll() -> None:
        with (
            suppress(psycopg.OperationalError),  # the ingest itself says it
            connect(url, autocommit=True) as conn,
        ):
            while not stop.wait(POLL_SECONDS):
                for step in steps(conn):
                    tell(step.what, step.done, step.total)

    watcher = threading.Thread(target=poll, name="progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
