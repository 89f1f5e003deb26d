"""The taxonomy links: which taxa are in an image, by detections and by keywords."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
import psycopg

from home_media_pipelines.core.taxonomy.tree import shipped, shipped_edition
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.taxonomy import counts, taxa
from home_media_pipelines.db.tables.taxonomy import taxonomy_links as rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.conditions import self_healing_without
from home_media_pipelines.defs.folder_pass import FolderPass, report
from home_media_pipelines.defs.partitions import folders, many_folders_per_run
from home_media_pipelines.defs.resources import Database
from home_media_pipelines.models.registry import MODELS

CODE_VERSION = "1"
VOCABULARIES = {
    model.name: model.vocabulary for model in MODELS.values() if model.vocabulary
}
"""Model to the vocabulary of its labels."""


@dataclass(frozen=True, slots=True)
class Linker:
    """A producer of links, and the one whose detections it links, if there is one."""

    producer: Producer
    detector: rows.Detector | None

    @property
    def vocabulary(self) -> str | None:
        """The one of the detector's labels."""
        model = self.detector.model if self.detector else None
        return VOCABULARIES.get(model) if model else None


def link_folders(database: Database, names: Sequence[str]) -> FolderPass:
    """Link the images of the folders, for the detector that is read and the next one.

    While a detector is filled beside the one that is read, so are its links: one
    switch changes both.
    """
    done = FolderPass()
    with database.connect() as conn:
        linkers = _begin(conn)
    for folder in names:
        with database.connect() as conn:
            for linker in linkers:
                linked = rows.relink(
                    conn,
                    folder,
                    producer_id=linker.producer.producer_id,
                    detections=linker.detector and linker.detector.producer_id,
                    vocabulary=linker.vocabulary,
                    threshold=shipped().threshold,
                )
                done.count(
                    folder,
                    links=linked.links,
                    added=linked.added,
                    removed=linked.removed,
                )
    with database.connect() as conn:
        producers.set_target(conn, linkers[-1].producer)
    with database.connect() as conn:
        counts.compact(conn)
    return done


def _begin(conn: psycopg.Connection) -> list[Linker]:
    """Bring in the taxonomy; return who links: first the one that is read from now."""
    if not taxa.is_in(conn, shipped_edition()):
        taxa.bring_in(conn, shipped())
    detectors: list[rows.Detector | None] = [*rows.detectors(conn)]
    linkers = [Linker(_producer(it), it) for it in detectors or [None]]
    for linker in linkers:
        producers.register(conn, linker.producer)
    rows.take_over(conn, linkers[0].producer.producer_id)
    producers.activate(conn, linkers[0].producer)
    return linkers


def _producer(detector: rows.Detector | None) -> Producer:
    return Producer(
        "taxonomy_links",
        CODE_VERSION,
        parameters={
            "taxonomy": shipped_edition(),
            "detections": detector.producer_id if detector else None,
        },
    )


@dg.asset(
    partitions_def=folders,
    deps=["images", "thumbnails", "detections"],
    group_name="vision",
    kinds={"python", "postgres"},
    owners=["team:home"],
    code_version=f"{CODE_VERSION}-{shipped_edition()}",
    backfill_policy=many_folders_per_run,
    automation_condition=self_healing_without("detections"),
)
def taxonomy_links(
    context: dg.AssetExecutionContext, database: Database
) -> dg.MaterializeResult:
    """What is in each image, by the tree of names, from detections and keywords.

    A detection counts from the threshold of its taxon, a keyword by what it means in
    English or German. Another taxonomy links again, and touches no mask or embedding.
    """
    started = time.perf_counter()
    done = link_folders(database, context.partition_keys)
    return report(context, database, done, time.perf_counter() - started)


@dg.asset_check(asset=taxonomy_links)
def labels_mean_a_taxon(database: Database) -> dg.AssetCheckResult:
    """Every label of a detection has a place in the taxonomy."""
    with database.connect() as conn:
        found = taxa.unmapped(conn, VOCABULARIES)
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "labels": len(found),
            "detections": sum(it.detections for it in found),
            "examples": dg.MetadataValue.json(
                {f"{it.model}: {it.label}": it.detections for it in found[:100]}
            ),
        },
    )


@dg.asset_check(asset=taxonomy_links)
def links_of_active_detections(database: Database) -> dg.AssetCheckResult:
    """No link that is read rests on a detection that is not."""
    with database.connect() as conn:
        links = rows.not_active(conn)
    return dg.AssetCheckResult(
        passed=links == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"links": links},
    )
