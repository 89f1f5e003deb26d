"""Which models are read: the switch from one to the next, and the way back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import psycopg
from psycopg.rows import class_row

from home_media_pipelines.db.errors import NotCoveredError
from home_media_pipelines.db.locks import Lock, lock

CHAINS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "detector": ("detections", "masks", "crop_embeddings", "taxonomy_links"),
        "segmenter": ("masks", "crop_embeddings"),
        "embedder": ("embeddings", "crop_embeddings"),
    }
)
"""Role of a model to the assets that change with it."""

ASSETS: Final = (
    "detections", "masks", "embeddings", "crop_embeddings", "taxonomy_links",
)  # fmt: skip
"""Assets of which one producer is filled while another is read."""

ENOUGH: Final = 0.999
"""Share of contents from which a model may be switched to."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a producer is; `failed` have a problem and will not come."""

    asset: str
    producer_id: str
    contents: int
    done: int
    failed: int

    @property
    def share(self) -> float:
        """Done or failed, of all; 1.0 when there is nothing to do."""
        return (self.done + self.failed) / self.contents if self.contents else 1.0


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """Who is read for an asset, who is filled beside it, who was read before."""

    asset: str
    producer_id: str
    model: str | None
    filling: str | None
    filling_model: str | None
    previous: str | None
    previous_model: str | None
    held: bool


def choices(conn: psycopg.Connection) -> dict[str, str]:
    """Return the models that a person chose, by role."""
    rows = conn.execute("select role, model from model_choices order by role")
    return dict(rows.fetchall())


def choose(conn: psycopg.Connection, role: str, model: str) -> None:
    """Note which model a person wants for a role."""
    conn.execute(
        """
        insert into model_choices (role, model) values (%(role)s, %(model)s)
            on conflict (role) do update set model = excluded.model, chosen_at = now()
        """,
        {"role": role, "model": model},
    )
    conn.execute(
        "update active_producers set held = false where asset = any(%(assets)s)",
        {"assets": list(CHAINS[role])},
    )


def forget_choice(conn: psycopg.Connection, role: str) -> None:
    """Let the profile of the settings decide again."""
    conn.execute("delete from model_choices where role = %(role)s", {"role": role})


def active_models(conn: psycopg.Connection) -> list[ActiveModel]:
    """Return who is read for each asset, in the order of the graph."""
    query = """
        select asset, producer_id, model, filling, filling_model, previous,
               previous_model, held
          from gallery.active_producers where asset = any(%(assets)s)
         order by array_position(%(assets)s::text[], asset)
    """
    with conn.cursor(row_factory=class_row(ActiveModel)) as cur:
        return cur.execute(query, {"assets": list(ASSETS)}).fetchall()


def coverage(conn: psycopg.Connection, asset: str, producer_id: str) -> Coverage:
    """Return how far a producer is that is read or filled."""
    known = {it.producer_id: it for it in _coverages(conn, [asset])}
    return known.get(producer_id, Coverage(asset, producer_id, 0, 0, 0))


def _coverages(conn: psycopg.Connection, assets: Collection[str]) -> list[Coverage]:
    query = """
        select asset, producer_id, contents, done, failed
          from gallery.coverage where asset = any(%(assets)s)
    """
    with conn.cursor(row_factory=class_row(Coverage)) as cur:
        return cur.execute(query, {"assets": list(assets)}).fetchall()


def switch_ready(conn: psycopg.Connection, share: float = ENOUGH) -> list[str]:
    """Return the assets that may be switched: all that must go together are covered.

    Left out is what a person went back from.
    """
    filling = {it.asset: it for it in active_models(conn) if it.filling}
    ready: set[str] = set()
    for group in _groups(conn, filling):
        if not any(filling[asset].held for asset in group):
            wanted = {filling[asset].filling for asset in group}
            far = [it for it in _coverages(conn, group) if it.producer_id in wanted]
            if all(it.share >= share for it in far):
                ready |= group
    return [asset for asset in ASSETS if asset in ready]


def switch(
    conn: psycopg.Connection, assets: Collection[str], *, share: float = ENOUGH
) -> list[ActiveModel]:
    """Read what was filled, in one statement; return how things stand then.

    What the new rows build on is switched with them. A share of 0 forces it.

    Raises:
        NotCoveredError: less than `share` of the contents is done; nothing changed.
    """
    lock(conn, Lock.ANALYSES)
    filling = {it.asset: it for it in active_models(conn) if it.filling}
    going: set[str] = set()
    for group in _groups(conn, filling):
        if group & set(assets):
            going |= group
    wanted = {filling[asset].filling for asset in going}
    for it in _coverages(conn, going) if share > 0 else ():
        if it.producer_id in wanted and it.share < share:
            raise NotCoveredError(it.asset, it.share)
    conn.execute(
        """
        update active_producers
           set previous = producer_id, producer_id = filling, filling = null,
               held = false
         where asset = any(%(assets)s) and filling is not null
        """,
        {"assets": sorted(going)},
    )
    return [it for it in active_models(conn) if it.asset in going]


def rollback(conn: psycopg.Connection, assets: Collection[str]) -> list[ActiveModel]:
    """Read what was read before, in one statement; return what went back.

    What was read until now is not switched to again until somebody asks for it. An
    asset stays where it is when its earlier rows build on what is not read then.
    """
    lock(conn, Lock.ANALYSES)
    known = {it.asset: it for it in active_models(conn)}
    going = {name for name in assets if name in known and known[name].previous}
    inputs = _inputs(conn)
    while True:
        then = {
            name: it.previous if name in going else it.producer_id
            for name, it in known.items()
        }
        misfits = {
            name
            for name in going
            if not inputs.get(known[name].previous or "", set()) <= set(then.values())
        }
        if not misfits:
            break
        going -= misfits
    conn.execute(
        """
        update active_producers
           set producer_id = previous, previous = producer_id, filling = null,
               held = true
         where asset = any(%(assets)s)
        """,
        {"assets": sorted(going)},
    )
    return [it for it in active_models(conn) if it.asset in going]


def _groups(
    conn: psycopg.Connection, filling: Mapping[str, ActiveModel]
) -> list[set[str]]:
    """Return the assets in groups that go together: by what builds on what.

    Both kinds of embeddings go together too: they are made by the same model.
    """
    inputs = _inputs(conn)
    groups: list[set[str]] = []
    for asset, it in filling.items():
        above = inputs.get(it.filling or "", set())
        group = {asset} | {name for name, o in filling.items() if o.filling in above}
        if asset == "crop_embeddings":
            group |= {"embeddings"} & filling.keys()
        touching = [other for other in groups if other & group]
        groups = [other for other in groups if not other & group]
        groups.append(group.union(*touching))
    return groups


def _inputs(conn: psycopg.Connection) -> dict[str, set[str]]:
    """Producer to those it builds on, key frames aside."""
    rows = conn.execute(
        """
        select producer_id, array_agg(input_id) from producer_inputs
         where input_asset <> 'key_frames' group by producer_id
        """
    )
    return {producer_id: set(found) for producer_id, found in rows}
