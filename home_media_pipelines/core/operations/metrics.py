"""The numbers that are measured of the pipelines, and what each means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["gauge", "counter"]

PREFIX = "home_media_"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number as of now; of a counter, what it grew by. Its metric is in `METRICS`."""

    metric: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Metric:
    """A kind of number: its labels and its meaning; units are in its name."""

    kind: Kind
    help: str
    labels: tuple[str, ...] = ()


METRICS: Mapping[str, Metric] = {
    "runs_total": Metric(
        "counter", "Runs that ended, by how they did.", ("job", "status")
    ),
    "run_seconds_total": Metric("counter", "What ended runs took together.", ("job",)),
    "materializations_total": Metric(
        "counter", "Folders brought up to date, by asset.", ("asset",)
    ),
    "runs": Metric("gauge", "Runs that wait or work.", ("job", "status")),
    "oldest_queued_seconds": Metric("gauge", "How long the run waits that came first."),
    "asset_updated_timestamp_seconds": Metric(
        "gauge", "When an asset was last materialised.", ("asset",)
    ),
    "daemon_heartbeat_timestamp_seconds": Metric(
        "gauge", "When a daemon of Dagster last said that it lives.", ("daemon",)
    ),
    "contents": Metric(
        "gauge",
        "Contents by asset: fresh, stale (made by another producer), failed, waiting.",
        ("asset", "state"),
    ),
    "folders": Metric(
        "gauge",
        "Folders: reachable, unreachable, vanished; of them behind (their inventory is "
        "not what a walk saw), failing, given_up.",
        ("state",),
    ),
    "images": Metric("gauge", "Images in a library.", ("library",)),
    "files": Metric("gauge", "Files in a library.", ("library",)),
    "library_reachable": Metric(
        "gauge", "1 if the last look could reach it.", ("library",)
    ),
    "library_checked_timestamp_seconds": Metric(
        "gauge", "When a library was last looked at.", ("library",)
    ),
    "problems": Metric("gauge", "Files that an asset could not do.", ("asset",)),
    "damaged_files": Metric(
        "gauge", "Originals whose bytes changed by themselves.", ("library",)
    ),
    "backup_timestamp_seconds": Metric(
        "gauge", "When the latest backup was made.", ("kind",)
    ),
    "agent_ready": Metric("gauge", "1 if runs can be sent to an agent.", ("agent",)),
    "gpu_queued_runs": Metric("gauge", "Runs that wait for an agent."),
    "gpu_waiting_contents": Metric("gauge", "Contents that no network has seen."),
    "gpu_left_seconds": Metric("gauge", "How long the agents will take for them."),
    "disk_free_bytes": Metric(
        "gauge", "What may still be written there.", ("directory",)
    ),
    "disk_size_bytes": Metric("gauge", "Size of the disk.", ("directory",)),
    "disk_reserve_bytes": Metric("gauge", "What stays free."),
    "alerts": Metric("gauge", "What goes on that a person should know of.", ("kind",)),
    "counting_seconds": Metric("gauge", "How long the last count of contents took."),
}
"""By name, without the prefix."""
