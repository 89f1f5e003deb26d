"""Due folders cut into runs: ranges of new ones, lists of scattered ones."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import dagster as dg

from home_media_pipelines.db.tables.inventory.folders import DueFolder
from home_media_pipelines.defs.partitions import FOLDERS_PER_RUN
from home_media_pipelines.instance.dagster_internals import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)

FILES_PER_RUN = 2_000
"""A run ends after about this many files, so that the first pictures show early."""

BATCH_TAG = "home_media/batch"

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

BROKEN = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dataclass(frozen=True, slots=True)
class Batch:
    """The folders of one run.

    `new`: their keys are no partitions yet. Added together, they are one contiguous
    range, which a single run of the assets can take. Scattered folders would be one
    run each, so they go through the job `changed_folders`, which takes a list.
    """

    batch_id: str
    folders: tuple[str, ...]
    new: bool

    def run_request(self) -> dg.RunRequest:
        """Return the request for this batch's run."""
        if self.new:
            return dg.RunRequest(job_name="new_folders", tags=self.tags())
        return dg.RunRequest(
            job_name="changed_folders", run_config=self.run_config(), tags=self.tags()
        )

    def tags(self) -> dict[str, str]:
        """Return the run's tags: the batch and, for new folders, the range."""
        if not self.new:
            return {BATCH_TAG: self.batch_id}
        return {
            BATCH_TAG: self.batch_id,
            ASSET_PARTITION_RANGE_START_TAG: self.folders[0],
            ASSET_PARTITION_RANGE_END_TAG: self.folders[-1],
        }

    def run_config(self) -> dict[str, object]:
        """Return the list of folders as the job takes it."""
        config = {"folders": list(self.folders)}
        return {"ops": {"ingest_changed": {"config": config}}}


def cut(due: Iterable[DueFolder], partitions: Collection[str]) -> Iterator[Batch]:
    """Cut folders into batches, new ones first, each kind in the order given."""
    known = set(partitions)
    waiting = list(due)
    for new in (True, False):
        batch: list[str] = []
        files = 0
        for folder in (it for it in waiting if (it.folder not in known) is new):
            batch.append(folder.folder)
            files += folder.file_count
            if len(batch) == FOLDERS_PER_RUN or files >= FILES_PER_RUN:
                yield Batch(uuid4().hex, tuple(batch), new)
                batch, files = [], 0
        if batch:
            yield Batch(uuid4().hex, tuple(batch), new)
