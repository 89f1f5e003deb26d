"""`home-media status` and `problems`: how things stand, and what does not work."""

import math
from dataclasses import asdict
from typing import Annotated

import typer

from home_media_pipelines.db import problems as known_problems
from home_media_pipelines.db import status as totals
from home_media_pipelines.db.status import AssetTotals
from home_media_pipelines.local import console
from home_media_pipelines.local.options import Json, State, database


def status(state: State = None, json: Json = False) -> None:
    """Show libraries, folders in trouble, and how far each asset has come."""
    with database(state) as (_, conn):
        libraries = totals.libraries(conn)
        assets = totals.assets(conn)
        folders = totals.troubled_folders(conn)
    if json:
        console.print_json(
            {
                "libraries": [asdict(row) for row in libraries],
                "assets": [asdict(row) for row in assets],
                "folders": [asdict(row) for row in folders],
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


def _next(totals: AssetTotals) -> str | None:
    if totals.filling is None:
        return None
    return f"{totals.filling}, {math.floor(100 * (totals.filled or 0))} %"


def _tries(problem: known_problems.KnownProblem) -> str:
    return "final" if problem.permanent else str(problem.attempts)
