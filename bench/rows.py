"""One line of the table: ours, the peer, their ratio, the target, the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured; `value` is what the target speaks of.

    `ours` and `peer` are written out with their units. `note` says why a target is
    missed, or how the figure came about.
    """

    what: str
    ours: str
    peer: str
    value: float
    unit: str = "×"
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The target as people read it; empty when there is none."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}{_unit(self.unit)}"
        if self.at_most is not None:
            return f"≤ {self.at_most:g}{_unit(self.unit)}"
        return ""

    @property
    def verdict(self) -> str:
        """`met`, `missed`, or nothing where there is no target."""
        if self.at_least is None and self.at_most is None:
            return ""
        low = self.at_least is None or self.value >= self.at_least
        high = self.at_most is None or self.value <= self.at_most
        return "met" if low and high else "missed"

    @property
    def shown(self) -> str:
        """The value with its unit."""
        figure = f"{self.value:.2f}" if self.value < 100 else f"{self.value:,.0f}"
        return f"{figure}{_unit(self.unit)}"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where peers and drawn files are kept, and how large the measurements are."""

    peers: Path
    scratch: Path
    small: bool = False
    rounds: int = field(default=5)

    def size(self, full: int, small: int) -> int:
        """Choose between the real size and a quick try."""
        return small if self.small else full

    def has(self, package: str) -> bool:
        """Whether a peer from npm is installed."""
        return (self.peers / "node_modules" / package).is_dir()


HEADINGS = ("what", "ours", "peer", "ratio or value", "target", "verdict", "note")


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text, in the order of `HEADINGS`."""
    return (
        row.what, row.ours, row.peer, row.shown, row.target, row.verdict, row.note,
    )  # fmt: skip


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def _unit(unit: str) -> str:
    return unit if unit in {"×", "%"} else f" {unit}"
