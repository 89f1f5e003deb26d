"""Agents: the machines with a graphics card that networks run on."""

from fastapi import APIRouter

from home_media_api.deps import Pool
from home_media_api.queries import agents
from home_media_api.schemas.agents import AgentsState

router = APIRouter(prefix="/agents", tags=["vision"])


@router.get("", operation_id="list_agents")
def list_agents(pool: Pool) -> AgentsState:
    """The machines with a graphics card, whether they are awake, and what waits."""
    with pool.connection() as conn:
        return AgentsState(agents=agents.list_all(conn), queue=agents.queue(conn))
