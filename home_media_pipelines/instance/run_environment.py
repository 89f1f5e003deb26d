"""What the process of a run on an agent is told: read once, where it is launched."""

import os
import string
from collections.abc import Mapping

from home_media_pipelines.core.errors import AgentError
from home_media_pipelines.core.operations.agents import Agent

HANDED_ON = (
    "HOME_MEDIA_DATABASE_URL",
    "HOME_MEDIA_DAGSTER_DATABASE_URL",
    "HOME_MEDIA_MODELS",
    "DAGSTER_EVENT_BATCH_SIZE",
)
"""What every run needs: where rows go, and which networks."""

FIXED = {
    "HOME_MEDIA_AGENTS": os.devnull,  # an agent has none of its own
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    # a lid that closes must not hold a lock for hours
    "PGOPTIONS": "-c idle_in_transaction_session_timeout=60s -c tcp_keepalives_idle=300"
    " -c tcp_keepalives_interval=60 -c tcp_keepalives_count=5",
}


def run_environment(
    agent: Agent, ours: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the variables of a run's container.

    The agent's `environment` wins: `NAME` is our own value, and in `NAME=value` each
    `${OTHER}` is. So no secret has to stand in its file.

    Raises:
        AgentError: a variable that is asked for is not set here.
    """
    ours = os.environ if ours is None else ours
    found = {name: ours[name] for name in HANDED_ON if name in ours} | FIXED
    for entry in agent.environment:
        name, given, value = entry.partition("=")
        try:
            found[name] = (
                string.Template(value).substitute(ours) if given else ours[name]
            )
        except KeyError as missing:
            unset = f"{missing.args[0]} is not set where runs are launched"
            raise AgentError(agent.name, unset) from None
        except ValueError as error:
            raise AgentError(agent.name, f"{name}: {error}") from None
    return found
