"""One pass of an asset over the folders of a run, and how it is reported."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import dagster as dg

from home_media_pipelines.db.admin import status
from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.defs.resources import Database


@dataclass(slots=True)
class FolderPass:
    """What an asset did: counts by folder, and folders it could not do, with why.

    `notes` are about the pass as a whole, by whom and how fast. `left` are folders for
    which there was no time.
    """

    by_folder: dict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter[str])
    )
    failed: dict[str, str] = field(default_factory=dict[str, str])
    notes: dict[str, int | float | str] = field(
        default_factory=dict[str, int | float | str]
    )
    left: list[str] = field(default_factory=list[str])

    def count(self, folder: str, **counts: int) -> None:
        """Add to the counts of a folder."""
        self.by_folder[folder].update(counts)

    def numbers(self, seconds: float) -> dict[str, int | float]:
        """Return totals that plot over time; with bytes, also MB/s."""
        totals = sum(self.by_folder.values(), Counter[str]())
        numbers: dict[str, int | float] = {**totals, "seconds": round(seconds, 3)}
        if "bytes" in totals:
            rate = totals["bytes"] / 1e6 / max(seconds, 1e-3)
            numbers["mb_per_s"] = round(rate, 1)
        return numbers


def report(
    context: dg.AssetExecutionContext,
    database: Database,
    done: FolderPass,
    seconds: float,
) -> dg.MaterializeResult:
    """Return the result of a pass, or fail while keeping what succeeded.

    A run over many folders reports one result for all. When some failed, those that
    succeeded are reported one by one and the step fails, so that Dagster shows exactly
    the failed folders as failed and the others as done.

    Raises:
        dg.Failure: at least one folder failed; its description names them.
    """
    keys = list(context.partition_keys)
    asset = context.asset_key.to_user_string()
    with database.connect() as conn:
        columns = status.columns(conn, asset)
    metadata = {
        "folders": len(keys),
        **done.numbers(seconds),
        **done.notes,
        "dagster/table_name": asset,
        "dagster/column_schema": dg.TableSchema(
            [
                dg.TableColumn(name, type_, description=comment)
                for name, type_, comment in columns
            ]
        ),
    }
    if done.failed:
        good = [key for key in keys if key not in done.failed]
        report_each(context, context.assets_def, good, done)
        raise failure(keys, done.failed)
    return dg.MaterializeResult(metadata=metadata)


def report_each(
    context: dg.AssetExecutionContext | dg.OpExecutionContext,
    asset: dg.AssetsDefinition,
    keys: Sequence[str],
    done: FolderPass,
) -> None:
    """Report one materialization of the asset for each folder, with its counts."""
    code_version = asset.code_versions_by_key[asset.key]
    for key in keys:
        context.log_event(
            dg.AssetMaterialization(
                asset.key,
                partition=key,
                metadata={**done.by_folder.get(key, {}), **done.notes},
                tags={"dagster/code_version": code_version or ""},
            )
        )


def failure(keys: Sequence[str], failed: Mapping[str, str]) -> dg.Failure:
    """Say which folders failed, and that they are tried again."""
    reasons = "\n".join(f"{key}: {why}" for key, why in failed.items())
    return dg.Failure(
        f"{len(failed)} of {len(keys)} folders failed. They are tried again at growing "
        f"intervals, and at once when something changes in them.\n{reasons}",
        allow_retries=False,
    )


def check_problems(database: Database, asset: str) -> dg.AssetCheckResult:
    """Say how many present files an asset could not do, and why, most common first."""
    with database.connect() as conn:
        found = problems.summary(conn, asset)
    return dg.AssetCheckResult(
        passed=not found.files,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "files": found.files,
            "reasons": dg.MetadataValue.json(found.reasons),
            "examples": dg.MetadataValue.json(found.examples),
        },
    )
