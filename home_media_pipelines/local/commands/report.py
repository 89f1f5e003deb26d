"""`home-media status` and `problems`: how things stand, and what does not work."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from home_media_pipelines.db.admin import status as totals
from home_media_pipelines.db.admin.status import AssetTotals
from home_media_pipelines.db.tables.inventory import problems as known_problems
from home_media_pipelines.db.tables.operations import agents as known_agents
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json, State, database


def status(state: State = None, json: Json = False) -> None:
    """Show libraries, agents, folders in trouble, and how far each asset has come."""
    with database(state) as (_, conn):
        libraries = totals.libraries(conn)
        assets = totals.assets(conn)
        folders = totals.troubled_folders(conn)
        agents = known_agents.list_all(conn)
        queue = known_agents.queue(conn)
    if json:
        console.print_json(
            {
                "libraries": [asdict(row) for row in libraries],
                "assets": [asdict(row) for row in assets],
                "folders": [asdict(row) for row in folders],
                "agents": [asdict(row) for row in agents],
                "gpu_queue": queue and asdict(queue),
            }
        )
        return
    console.print_table(
        ("library", "root", "state", "folders", "files", "images", "reason"),
        [
            (it.library, it.root, it.state, it.folders, it.files, it.images, it.reason)
            for it in libraries
        ],
    )
    console.out.print()
    console.print_table(
        ("asset", "fresh", "stale", "failed", "waiting", "under", "next"),
        [
            (
                it.asset,
                it.fresh,
                it.stale,
                it.failed,
                it.waiting,
                it.model or it.producer_id,
                _next(it),
            )
            for it in assets
        ],
    )
    if agents:
        console.out.print()
        _print_agents(agents, queue)
    if folders:
        console.out.print()
        console.print_table(
            ("folder", "state", "attempts", "next", "reason"),
            [(f.folder, f.state, f.attempts, f.retry_at, f.reason) for f in folders],
        )


def problems(
    retry: Annotated[
        bool, typer.Option("--retry", help="Forget them, so that all are tried again.")
    ] = False,
    state: State = None,
    json: Json = False,
) -> None:
    """List the files that could not be done, and why."""
    with database(state) as (_, conn):
        if retry:
            folders = known_problems.retry(conn)
            if json:
                console.print_json({"folders": folders})
            else:
                console.out.print(f"{len(folders)} folders will be tried again")
            return
        rows = known_problems.list_all(conn)
    if json:
        console.print_json([asdict(row) for row in rows])
        return
    if not rows:
        console.out.print("no problems")
        return
    console.print_table(
        ("file", "asset", "tries", "reason"),
        [(f"{it.library}/{it.path}", it.asset, _tries(it), it.reason) for it in rows],
    )


def _print_agents(
    agents: Sequence[known_agents.KnownAgent], queue: known_agents.GpuQueue | None
) -> None:
    width = max(len(it.agent) for it in agents)
    for it in agents:
        console.out.print(console.printable(f"{it.agent:<{width}}  {_status(it)}"))
    if queue is None:
        return
    said = [
        f"{queue.queued} runs queued, {queue.running} at work",
        f"{queue.contents} contents in {queue.folders} folders wait",
    ]
    if queue.contents and queue.seconds_left is not None:
        said.append(f"about {timedelta(seconds=round(queue.seconds_left))} of work")
    console.out.print("; ".join(said))
    if queue.reason:
        console.out.print(console.printable(queue.reason))


def _status(agent: known_agents.KnownAgent) -> str:
    """Return how an agent is, in a line."""
    said = [agent.state if agent.state == "unknown" else agent.reason or agent.state]
    if agent.since:
        said[0] += f" since {agent.since.astimezone():%d %b %H:%M}"
    if agent.gpu_name:
        said.append(f"{agent.gpu_name}, {(agent.gpu_memory or 0) / 2**30:.0f} GiB")
    said.append(f"version {agent.image_version}" if agent.image_version else "")
    said.append(agent.image or "")
    if agent.runs:
        said.append(f"at work on {', '.join(run[:8] for run in agent.runs)}")
    return "; ".join(it for it in said if it)


def _next(totals: AssetTotals) -> str | None:
    if totals.filling is None:
        return None
    return f"{totals.filling}, {math.floor(100 * (totals.filled or 0))} %"


def _tries(problem: known_problems.KnownProblem) -> str:
    return "final" if problem.permanent else str(problem.attempts)
