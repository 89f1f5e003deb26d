"""Checks that all assets of networks have in common."""

import dagster as dg

from home_media_pipelines.db.tables.vision import analyses, models, producers
from home_media_pipelines.defs.folder_pass import check_problems
from home_media_pipelines.defs.resources import Database

DRIFT = 0.1
"""By how much the mean score may differ from the previous producer's."""


def coverage_check(asset: dg.AssetsDefinition) -> dg.AssetChecksDefinition:
    """Return the check that every image has been looked at."""
    name = asset.key.to_user_string()

    @dg.asset_check(asset=asset, name=f"{name}_coverage")
    def coverage(database: Database) -> dg.AssetCheckResult:
        """Every image has been looked at by the producer that is read."""
        with database.connect() as conn:
            producer_id = producers.active(conn, name)
            if producer_id is None:
                return dg.AssetCheckResult(passed=True)
            found = models.coverage(conn, name, producer_id)
        without = found.contents - found.done
        share = without / found.contents if found.contents else 0.0
        return dg.AssetCheckResult(
            passed=not without,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "contents": found.contents,
                "without_row": without,
                "share_without_row": share,
                "failed": found.failed,
            },
        )

    return coverage


def problems_check(asset: dg.AssetsDefinition) -> dg.AssetChecksDefinition:
    """Return the check that lists what cannot be looked at, and why."""
    name = asset.key.to_user_string()

    @dg.asset_check(asset=asset, name=f"{name}_problems")
    def problems(database: Database) -> dg.AssetCheckResult:
        """Every picture can be looked at."""
        return check_problems(database, name)

    return problems


def drift_check(asset: dg.AssetsDefinition) -> dg.AssetChecksDefinition:
    """Return the check of the mean score against the previous producer."""
    name = asset.key.to_user_string()

    @dg.asset_check(asset=asset, name=f"{name}_drift")
    def drift(database: Database) -> dg.AssetCheckResult:
        """The mean score is about what it was under the producer before."""
        with database.connect() as conn:
            scores = analyses.mean_scores(conn, name)
            known = {it.asset: it for it in models.active_models(conn)}.get(name)
        if known is None or known.producer_id not in scores:
            return dg.AssetCheckResult(passed=True)
        count, mean = scores[known.producer_id]
        _, before = scores.get(known.previous or "", (0, mean))
        return dg.AssetCheckResult(
            passed=abs(mean - before) <= DRIFT,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"rows": count, "mean_score": mean, "mean_score_before": before},
        )

    return drift
