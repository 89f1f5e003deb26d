"""When a derived asset is computed without anybody asking."""

import dagster as dg

from home_media_pipelines.defs.batches import BATCH_TAG
from home_media_pipelines.defs.vision_runs import LOOK_TAG

_condition = dg.AutomationCondition

_input_updated = _condition.any_deps_match(
    (
        _condition.newly_updated()
        & ~_condition.executed_with_root_target()
        & ~_condition.executed_with_tags(tag_keys={BATCH_TAG})
        & ~_condition.executed_with_tags(tag_keys={LOOK_TAG})
    )
    | _condition.will_be_requested()
).with_label("input_updated")
"""An input was updated, by a run that does not bring this asset up to date itself.

A batch does the whole chain, and `link_folders` follows what networks did. Dagster
decides over events up to the start of its tick, but looks at what is under way some
seconds later: without the tags it would ask again for what finished in between.
"""


def _healing(
    inputs_missing: dg.AutomationCondition, label: str
) -> dg.AutomationCondition:
    return (
        (
            _condition.missing()
            | _input_updated.since(_condition.newly_updated())
            | _condition.code_version_changed().since(_condition.newly_updated())
        )
        & ~inputs_missing
        & ~_condition.any_deps_in_progress()
        & ~_condition.in_progress()
        & (
            ~_condition.execution_failed()
            | _input_updated.since(_condition.newly_requested())
        )
    ).with_label(label)


self_healing = _healing(_condition.any_deps_missing(), "self_healing")
"""Missing, behind its inputs or made by older code; and nothing of it is under way.

`eager()` reacts to changes only: a folder whose run was lost stays missing for ever.
This one looks at the state, so it comes back; a folder that failed waits until one of
its inputs is updated, so it is not requested for ever.
"""


def self_healing_without(*optional: str) -> dg.AutomationCondition:
    """Return the same for an asset that is of use before these inputs are there."""
    optional_inputs = dg.AssetSelection.assets(*optional)
    needed = _condition.any_deps_missing().ignore(optional_inputs)
    return _healing(needed, f"self_healing_without_{'_'.join(optional)}")
