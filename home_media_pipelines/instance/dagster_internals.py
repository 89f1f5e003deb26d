"""What we use of Dagster that it does not promise to keep, all of it in one place.

Dagster writes private modules with a leading underscore, and may move what is in them
in any release. Nothing else here imports such a module, and nothing outside of
`instance/` uses what is private; `tests/instance/test_dagster_internals.py` says so,
and what to do when Dagster has moved. Read in Dagster 1.13.27, with dagster-docker and
dagster-postgres 0.29.27. What public names do by now is not here.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import dagster as dg
from dagster import _loggers
from dagster._core.definitions import instigation_logger

# A backfill in the stead of a run: in public there is only GraphQL, of another process.
from dagster._core.execution.backfill import PartitionBackfill
from dagster._core.instance.ref import InstanceRef

# To write a run launcher: Dagster's documentation describes it, `dagster` lacks it.
from dagster._core.launcher.base import (
    CheckRunHealthResult,
    LaunchRunContext,
    RunLauncher,
    WorkerStatus,
)

# Where Dagster's UI finds what a run printed: to put there what a container did.
from dagster._core.storage.compute_log_manager import ComputeIOType
from dagster._core.storage.local_compute_log_manager import (
    IO_TYPE_EXTENSION,
    LocalComputeLogManager,
)

# Which folders a run is for: the tags are documented, the names of them are private.
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from dagster._grpc.types import ExecuteRunArgs

# What `dagster.yaml` names has to be one of these.
from dagster._serdes import ConfigurableClass, ConfigurableClassData

if TYPE_CHECKING:
    from dagster_postgres import DagsterPostgresStorage
    from sqlalchemy.engine import Engine

__all__ = [
    "ASSET_PARTITION_RANGE_END_TAG",
    "ASSET_PARTITION_RANGE_START_TAG",
    "IO_TYPE_EXTENSION",
    "PARTITION_NAME_TAG",
    "READ_IN",
    "CheckRunHealthResult",
    "ComputeIOType",
    "ConfigurableClass",
    "ConfigurableClassData",
    "LaunchRunContext",
    "LocalComputeLogManager",
    "PartitionBackfill",
    "RunLauncher",
    "WorkerStatus",
    "queue_again",
    "run_command",
    "use_console_loggers",
    "use_engine",
]

READ_IN = "1.13.27"
"""The version of Dagster in which all of this was read last."""

_LOGS = "dagster._core.storage.noop_compute_log_manager"
_ARTIFACTS = "dagster._core.storage.root"


def run_command(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str] | None:
    """Return what executes a run on another machine; None for one without an origin.

    `DockerRunLauncher` would call the interpreter by its path on this machine, and hand
    on directories of this machine; it has no setting for either.
    """
    origin = run.job_code_origin
    if origin is None:
        return None
    ref = _ref_there(instance.get_ref())
    args = ExecuteRunArgs(job_origin=origin, run_id=run.run_id, instance_ref=ref)
    return ["dagster", *args.get_command_args()[-3:]]


def _ref_there(ref: InstanceRef) -> InstanceRef:
    """Return the instance as a container can have it: without directories of ours.

    What a run prints stays in the container's log; what it logs is in the event log.
    """
    scratch = "base_dir: /tmp/dagster\n"
    return ref._replace(
        compute_logs_data=ConfigurableClassData(_LOGS, "NoOpComputeLogManager", "{}\n"),
        local_artifact_storage_data=ConfigurableClassData(
            _ARTIFACTS, "LocalArtifactStorage", scratch
        ),
    )


def queue_again(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Put a run that was taken from the queue back into it.

    `DagsterInstance` can only queue what is new.
    """
    queued = dg.DagsterEvent.job_enqueue(run)
    instance.report_dagster_event(queued, run_id=run.run_id)


def use_engine(storage: "DagsterPostgresStorage", engine: "Engine") -> None:
    """Let runs, events and schedules of a storage share an engine.

    Each makes one of its own, without a pool; there is no setting for it.
    """
    for part in (
        storage._run_storage,
        storage._event_log_storage,
        storage._schedule_storage,
    ):
        part._engine = engine


def use_console_loggers(
    run: dg.LoggerDefinition, sensor: Callable[[str, str | int], logging.Logger]
) -> None:
    """Let runs and sensors of this process write to their console by these.

    A job can be given a logger, but then asset jobs and sensors keep the coloured one;
    there is no setting for it.
    """
    _loggers.colored_console_logger = run
    instigation_logger.create_console_logger = sensor  # pyright: ignore[reportPrivateImportUsage]
