"""When a derived asset is computed without anybody asking."""

import dagster as dg

from home_media_pipelines.defs.batches import BATCH_TAG

_condition = dg.AutomationCondition

_newly_updated = (
    _condition.newly_updated()
    & ~_condition.executed_with_root_target()
    & ~_condition.executed_with_tags(tag_keys={BATCH_TAG})
) | _condition.will_be_requested()
_input_updated = _condition.any_deps_match(_newly_updated).with_label("input_updated")
"""An input was updated, by a run that does not bring this asset up to date itself.

A batch does the whole chain. Dagster decides over events up to the start of its tick,
but looks at what is under way some seconds later: without the tag it would ask again
for what a batch finished in between.
"""


def _healing(
    label: str,
    inputs_missing: dg.AutomationCondition,
    input_updated: dg.AutomationCondition,
    inputs_in_progress: dg.AutomationCondition,
) -> dg.AutomationCondition:
    return (
        (
            _condition.missing()
            | input_updated.since(_condition.newly_updated())
            | _condition.code_version_changed().since(_condition.newly_updated())
        )
        & ~inputs_missing
        & ~inputs_in_progress
        & ~_condition.in_progress()
        & (
            ~_condition.execution_failed()
            | input_updated.since(_condition.newly_requested())
        )
    ).with_label(label)


self_healing = _healing(
    "self_healing",
    _condition.any_deps_missing(),
    _input_updated,
    _condition.any_deps_in_progress(),
)
"""Missing, behind its inputs or made by older code; and nothing of it is under way.

`eager()` reacts to changes only: a folder whose run was lost stays missing for ever.
This one looks at the state, so it comes back; a folder that failed waits until one of
its inputs is updated, so it is not requested for ever.
"""


def self_healing_without(*optional: str) -> dg.AutomationCondition:
    """Return the same for an asset that is of use before these inputs are there.

    Nor does it follow them: whoever makes them asks for it, with a list of folders.
    Dagster would ask for a run for each folder of a list.
    """
    others = dg.AssetSelection.assets(*optional)
    return _healing(
        f"self_healing_without_{'_'.join(optional)}",
        _condition.any_deps_missing().ignore(others),
        _condition.any_deps_match(_newly_updated)
        .ignore(others)
        .with_label("input_updated"),
        _condition.any_deps_in_progress().ignore(others),
    )
