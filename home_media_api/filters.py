"""Which of all images are meant."""

from dataclasses import asdict, astuple, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Filters:
    """Which images are meant; null means any."""

    since: date | None = None
    until: date | None = None
    kind: str | None = None
    folder: str | None = None
    library: str | None = None
    camera: str | None = None
    lens: str | None = None
    has_gps: bool | None = None
    rating: int | None = None
    taxon: str | None = None
    label: str | None = None
    q: str | None = None

    def values(self) -> dict[str, Any]:
        """As parameters; `narrow` says whether any but the first three is set."""
        _since, _until, _kind, *others = astuple(self)
        return {**asdict(self), "narrow": any(v is not None for v in others)}

    def any(self) -> bool:
        """Whether any filter is set."""
        return self != Filters()
