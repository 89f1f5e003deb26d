"""Why a run failed, in a line for a person."""

import dagster as dg


def why_failed(result: dg.ExecuteInProcessResult) -> str | None:
    """Return why, in the words that the run used; None if it did not fail."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            said = data.user_failure_data and data.user_failure_data.description
            cause = data.error and (data.error.cause or data.error).message
            return (said or cause or "no reason given").strip()
    return None if result.success else "no reason given"
