"""What a run on an agent printed, brought to where Dagster's UI shows it.

Without a share that both machines write to it cannot be seen while the run works; when
it has ended, the engine still has it.
"""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import docker.errors
from docker.models.containers import Container

from home_media_pipelines.instance.dagster_internals import (
    IO_TYPE_EXTENSION,
    ComputeIOType,
    LocalComputeLogManager,
)

LINES = 20_000
"""The last ones of a run; an engine keeps some megabytes of each."""


def keep_output(
    instance: dg.DagsterInstance, run_id: str, container: Container
) -> None:
    """Put what a container printed beside the output of runs of this machine.

    Not while the run goes on elsewhere. It is no reason to fail if that cannot be: what
    the run logged is in its events, and so is why there is no more.
    """
    logs, run = instance.compute_log_manager, instance.get_run_by_id(run_id)
    if not isinstance(logs, LocalComputeLogManager) or not (run and run.is_finished):
        return
    captured = instance.all_logs(run_id, of_type=dg.DagsterEventType.LOGS_CAPTURED)
    for it in captured:
        event = it.dagster_event
        file_key = event.logs_captured_data.file_key if event else None
        if file_key is None:
            continue
        try:
            _write(logs, logs.build_log_key_for_run(run_id, file_key), container)
        except (OSError, ValueError, docker.errors.APIError) as error:
            reason = " ".join(str(error).split())[:300]
            said = f"what it printed could not be brought here: {reason}"
            instance.report_engine_event(said, run)


def _write(
    logs: LocalComputeLogManager, log_key: Sequence[str], container: Container
) -> None:
    if logs.is_capture_complete(log_key):
        return
    for kind in (ComputeIOType.STDOUT, ComputeIOType.STDERR):
        out = kind is ComputeIOType.STDOUT
        printed = container.logs(stdout=out, stderr=not out, tail=LINES)
        path = Path(logs.get_captured_local_path(log_key, IO_TYPE_EXTENSION[kind]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(printed))
    Path(logs.complete_artifact_path(log_key)).touch()
