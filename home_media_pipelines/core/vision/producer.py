"""Who makes a derived row, and the identity that follows from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from blake3 import blake3


@dataclass(frozen=True, slots=True)
class Producer:
    """Asset, code version, model, weights and parameters: another one, other rows.

    `parameters` must be JSON: numbers, strings, booleans, lists and mappings.
    """

    asset: str
    code_version: str
    model: str | None = None
    weights_hash: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def producer_id(self) -> str:
        """The first 16 hex digits of the BLAKE3 of the canonical JSON of all fields."""
        canonical = json.dumps(
            [
                self.asset,
                self.code_version,
                self.model,
                self.weights_hash,
                self.parameters,
            ],
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=True,
            default=dict,
        )
        return blake3(canonical.encode()).hexdigest()[:16]
