"""`home-media models …`: the networks, their weights, and which of them are read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from home_media_pipelines.db.admin import prune as pruning
from home_media_pipelines.db.tables.vision import models as model_rows
from home_media_pipelines.db.tables.vision.models import ActiveModel
from home_media_pipelines.local.commands import console
from home_media_pipelines.local.commands.options import Json, State, database
from home_media_pipelines.local.errors import LocalError
from home_media_pipelines.models import fetch as fetching
from home_media_pipelines.models import registry, weights
from home_media_pipelines.models.errors import ModelError
from home_media_pipelines.models.registry import ROLES, Model, Role
from home_media_pipelines.settings import Settings, load_settings

commands = typer.Typer(
    no_args_is_help=True, help="The networks that look at pictures, and their weights."
)

Names = Annotated[list[str] | None, typer.Argument(metavar="MODEL")]
Roles = Annotated[
    list[str] | None,
    typer.Argument(metavar="ROLE", help="detector, segmenter or embedder."),
]


@commands.command("list")
def list_all(state: State = None, json: Json = False) -> None:
    """List the models, whether their weights are here, and which are wanted.

    A checksum is pinned by home-media, or recorded by the first fetch here, or unknown
    until then.
    """
    with database(state) as (settings, conn):
        wanted = _wanted(settings, model_rows.choices(conn))
        chosen = set(model_rows.choices(conn).values())
    rows = [
        {
            "model": model.name,
            "role": model.role,
            "weights": _presence(model, settings),
            "checksum": weights.checksum(model, settings.weights),
            "wanted": _why(model, wanted, chosen, settings),
            "licence": model.licence,
            "input": model.input_size,
            "dimension": model.dimension,
            "needs_gpu": model.needs_gpu,
        }
        for model in sorted(
            registry.MODELS.values(), key=lambda it: ROLES.index(it.role)
        )
    ]
    if json:
        console.print_json(rows)
        return
    console.print_table(
        ("model", "role", "weights", "checksum", "wanted", "licence", "runs on"),
        [
            (
                row["model"],
                row["role"],
                row["weights"],
                row["checksum"],
                row["wanted"],
                row["licence"],
                "GPU" if row["needs_gpu"] else "any",
            )
            for row in rows
        ],
        styles={
            "here": "green",
            "missing": "dim",
            "in part": "yellow",
            "unknown": "yellow",
        },
    )


@commands.command()
def fetch(names: Names = None, state: State = None, json: Json = False) -> None:
    """Fetch the weights of models, by default of those that are wanted.

    What was cut off goes on where it stopped. Nothing else of home-media ever goes
    out to fetch something.
    """
    if names:
        settings = load_settings(state=state)
        models = [registry.get(name) for name in names]
    else:
        with database(state) as (settings, conn):
            wanted = _wanted(settings, model_rows.choices(conn))
        models = [model for model in wanted.values() if model]
    fetched: list[str] = []
    with console.progress_bar() as bar:
        for model in models:

            def tell(
                file: str, size: int, total: int | None, of: Model = model
            ) -> None:
                whole = None if total is None else -(-total // 1_000_000)
                bar(f"{of.name}: {file}, MB", size // 1_000_000, whole)

            known = weights.checksum(model, settings.weights)
            new = fetching.fetch(model, settings.weights, tell)
            fetched += [str(path) for path in new]
            if new and not json:
                console.note(f"{model.name} is here (licence: {model.licence})")
            if known == "unknown" and not json:
                console.note(
                    f"nobody could say what {model.name} should be: what it is now is "
                    f"recorded in {settings.weights / weights.LOCK}"
                )
    if json:
        console.print_json({"models": [it.name for it in models], "fetched": fetched})
    elif not models:
        console.out.print("no models are wanted: HOME_MEDIA_MODELS is off")
    else:
        console.out.print(f"{', '.join(it.name for it in models)}: complete")


@commands.command()
def verify(names: Names = None, state: State = None, json: Json = False) -> None:
    """Read weights and compare their checksums, by default all that are here.

    With those that home-media pins, else with those of the first fetch here.
    Exit status 1 when a file is missing or damaged.
    """
    settings = load_settings(state=state)
    models = (
        [registry.get(name) for name in names]
        if names
        else [
            it for it in registry.MODELS.values() if _presence(it, settings) == "here"
        ]
    )
    rows: list[dict[str, str | None]] = []
    for model in models:
        row: dict[str, str | None] = {
            "model": model.name,
            "weights_hash": None,
            "checksum": None,
            "error": None,
        }
        try:
            row["checksum"] = weights.checksum(model, settings.weights)
            row["weights_hash"] = weights.verify(model, settings.weights)
        except ModelError as error:
            row["error"] = str(error)
        rows.append(row)
    if json:
        console.print_json(rows)
    else:
        for row in rows:
            if row["error"]:
                console.fail(row["error"])
                continue
            said = f"{row['weights_hash']} ({row['checksum']})"
            console.out.print(f"{row['model']}: {said}")
            if row["checksum"] == "unknown":
                console.note(
                    f"{row['model']} was compared with nothing: `home-media models "
                    f"fetch {row['model']}` records what it is"
                )
    if any(row["error"] for row in rows):
        raise typer.Exit(1)


@commands.command()
def use(
    choices: Annotated[
        list[str],
        typer.Argument(
            metavar="ROLE=MODEL",
            help="As embedder=clip-b32-256. MODEL is default for the profile's, and "
            "segmenter=none for the detector's own masks.",
        ),
    ],
    state: State = None,
) -> None:
    """Choose models. What is read stays until the new one has seen everything."""
    read = [_choice(text) for text in choices]
    with database(state) as (settings, conn):
        for role, name in read:
            if name == "default":
                model_rows.forget_choice(conn, role)
            else:
                model_rows.choose(conn, role, name)
        wanted = _wanted(settings, model_rows.choices(conn))
    for role, _ in read:
        model = wanted[role]
        console.out.print(f"{role}: {model.name if model else 'none'}")
        if model and weights.missing(model, settings.weights):
            console.note(
                f"its weights are not here: run `home-media models fetch {model.name}`"
            )


@commands.command()
def switch(
    roles: Roles = None,
    now: Annotated[
        bool, typer.Option("--now", help="Even if it has not seen everything.")
    ] = False,
    state: State = None,
    json: Json = False,
) -> None:
    """Read what new models found, as soon as they have seen everything.

    Happens by itself when they have; what was read before is kept for `rollback`.
    """
    share = 0.0 if now else model_rows.ENOUGH
    with database(state) as (_, conn):
        rows = model_rows.switch(conn, _assets(roles), share=share)
    _print_active(rows, json, "no model is being filled")


@commands.command()
def rollback(roles: Roles = None, state: State = None, json: Json = False) -> None:
    """Read again what was read before the last switch."""
    with database(state) as (_, conn):
        rows = model_rows.rollback(conn, _assets(roles))
    _print_active(rows, json, "there is nothing to go back to")


@commands.command()
def prune(state: State = None, json: Json = False) -> None:
    """Delete what models found that are neither read, nor filled, nor the way back."""
    with database(state) as (_, conn):
        pruned = pruning.prune(conn)
    if json:
        console.print_json([asdict(row) for row in pruned])
        return
    for row in pruned:
        console.out.print(f"{row.asset} of {row.model}: {row.rows:,} rows deleted")
    if not pruned:
        console.out.print("there is nothing to delete")


def _wanted(settings: Settings, choices: Mapping[str, str]) -> dict[Role, Model | None]:
    """Return the model of each role: a person's choice, or that of the profile."""
    wanted = registry.of_profile(settings.models)
    if settings.models == "off":
        return wanted
    for role in ROLES:
        if name := choices.get(role):
            wanted[role] = None if name == "none" else registry.get(name)
    return wanted


def _choice(text: str) -> tuple[Role, str]:
    """Read `ROLE=MODEL`.

    Raises:
        LocalError: it is not that, or the model has another role.
        UnknownModelError: there is no such model.
    """
    first, sign, name = text.partition("=")
    if not sign:
        raise LocalError(f"{text!r} is not ROLE=MODEL, as embedder=clip-b32-256")
    role = _role(first)
    if name == "default" or (role, name) == ("segmenter", "none"):
        return role, name
    model = registry.get(name)
    if model.role != role:
        raise LocalError(f"{name} cannot be {role}: its role is {model.role}")
    return role, name


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise LocalError(f"{text!r} is no role: choose of {', '.join(ROLES)}")


def _assets(roles: Sequence[str] | None) -> list[str]:
    """Return the assets that change with models of these roles, or with any."""
    chains = [model_rows.CHAINS[_role(text)] for text in roles or ROLES]
    return sorted({asset for chain in chains for asset in chain})


def _presence(model: Model, settings: Settings) -> str:
    missing = len(weights.missing(model, settings.weights))
    if not missing:
        return "here"
    return "missing" if missing == len(model.files) else "in part"


def _why(
    model: Model,
    wanted: Mapping[Role, Model | None],
    chosen: set[str],
    settings: Settings,
) -> str | None:
    if wanted[model.role] != model:
        return None
    return "chosen" if model.name in chosen else f"profile {settings.models}"


def _print_active(rows: Sequence[ActiveModel], json: bool, nothing: str) -> None:
    if json:
        console.print_json([asdict(row) for row in rows])
    elif not rows:
        console.out.print(nothing)
    else:
        console.print_table(
            ("asset", "read", "before"),
            [(row.asset, row.model, row.previous_model) for row in rows],
        )
