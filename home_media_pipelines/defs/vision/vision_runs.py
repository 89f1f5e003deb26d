"""Which folders are being looked at, and which rest after a run that broke off.

Dagster's own records tell: a run names its folders in its configuration, or in its
tags when a person started it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from home_media_pipelines.db.tables.inventory.folders import FIRST_RETRY, LAST_RETRY
from home_media_pipelines.db.tables.vision.backlog import WaitingFolder
from home_media_pipelines.defs.batches import BROKEN, UNFINISHED
from home_media_pipelines.defs.partitions import FOLDERS_PER_QUERY
from home_media_pipelines.instance.run_folders import of_run

JOB = "vision_job"
OP = "run_networks"

CONTENTS_PER_RUN = 1_000
"""A run ends after about this many contents, so that what is newer may come first."""

AT_ONCE = 2
"""Runs that wait or work at a time: while one works, the next is started."""

MOST = 8
"""The same when what is newer comes while others wait for a graphics card."""

REMEMBERED = timedelta(days=1)

POOL = "gpu"


def run_config(folders: Iterable[str], **options: object) -> dict[str, object]:
    """Return the configuration of a run over these folders."""
    return {"ops": {OP: {"config": {"folders": list(folders), **options}}}}


def one_at_a_time(instance: dg.DagsterInstance) -> None:
    """Let one run of networks work at a time, unless somebody chose another number.

    Two would each hold their networks in the memory of the same card. A limit of a
    pool cannot be written in `dagster.yaml`; it lives in the database.
    """
    storage = instance.event_log_storage
    if storage.supports_global_concurrency_limits:
        chosen = {it.name for it in storage.get_pool_limits() if not it.from_default}
        if POOL not in chosen:
            storage.set_concurrency_slots(POOL, 1)


def at_once(instance: dg.DagsterInstance) -> int:
    """Return how many runs to ask for: one more than may work at a time."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return AT_ONCE
    limits = {it.name: it.limit or 0 for it in storage.get_pool_limits()}
    return max(AT_ONCE, limits.get(POOL, 0) + 1)


def newer(
    free: Iterable[WaitingFolder], due: Iterable[WaitingFolder], busy: Collection[str]
) -> list[WaitingFolder]:
    """Return the free folders that are newer than all that is under way.

    While a machine sleeps for days, the runs that wait for it grow old.
    """
    newest = max((it.newest for it in due if it.folder in busy), default=None)
    return [it for it in free if newest is not None and it.newest > newest]


def under_way(instance: dg.DagsterInstance) -> set[str]:
    """Return the folders of runs that wait or work, those a person started too."""
    found: set[str] = set()
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        if run.job_name == JOB or needs_card(run):
            found.update(folders_of(instance, run))
    return found


def folders_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """Return the folders that a run looks at, whoever started it."""
    if run.job_name == JOB:
        return _folders(run)
    return list(of_run(instance, run.tags))


def needs_card(run: dg.DagsterRun) -> bool:
    """Whether the run takes a place in the pool of graphics cards."""
    return POOL in _pools(run)


def unfinished(instance: dg.DagsterInstance) -> int:
    """Count the runs of the job that wait or work."""
    filters = dg.RunsFilter(statuses=UNFINISHED, job_name=JOB)
    return instance.get_runs_count(filters)


def resting(instance: dg.DagsterInstance, now: datetime) -> set[str]:
    """Return the folders whose runs broke off, for twice as long each time.

    From two minutes to six hours; a day later all is forgotten.
    """
    broken: dict[str, tuple[int, datetime]] = {}
    records = instance.get_run_records(
        dg.RunsFilter(job_name=JOB, statuses=BROKEN, updated_after=now - REMEMBERED)
    )
    for record in records:
        ended = record.update_timestamp
        ended = ended if ended.tzinfo else ended.replace(tzinfo=UTC)
        for folder in _folders(record.dagster_run):
            times, last = broken.get(folder, (0, ended))
            broken[folder] = (times + 1, max(last, ended))
    return {
        folder
        for folder, (times, last) in broken.items()
        if now < last + min(FIRST_RETRY * 2 ** min(times, 20), LAST_RETRY)
    }


def portions(due: Iterable[WaitingFolder]) -> Iterator[list[str]]:
    """Cut folders into runs, in the order given."""
    folders: list[str] = []
    contents = 0
    for it in due:
        folders.append(it.folder)
        contents += it.contents
        if len(folders) == FOLDERS_PER_QUERY or contents >= CONTENTS_PER_RUN:
            yield folders
            folders, contents = [], 0
    if folders:
        yield folders


def _folders(run: dg.DagsterRun) -> list[str]:
    try:
        return list(run.run_config["ops"][OP]["config"]["folders"])  # pyright: ignore[reportIndexIssue]
    except (KeyError, TypeError):  # started by hand with a configuration that is none
        return []


def _pools(run: dg.DagsterRun) -> set[str]:
    concurrency = run.run_op_concurrency
    return set(concurrency.all_pools or ()) if concurrency else set()
