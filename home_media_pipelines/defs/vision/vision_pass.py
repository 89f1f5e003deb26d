"""One pass of a network over the folders of a run: what all assets of vision share."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import dagster as dg
import psycopg
from PIL import Image

from home_media_pipelines.core.errors import NetworkFailedError
from home_media_pipelines.core.pictures.thumbnail_paths import thumbnail_path
from home_media_pipelines.core.vision.inference_pipeline import (
    ContentFailure,
    InferencePipeline,
    one_by_one,
    run_pipeline,
)
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.inventory import problems
from home_media_pipelines.db.tables.vision import analyses, producers
from home_media_pipelines.db.tables.vision.analyses import PendingPicture
from home_media_pipelines.defs.folder_pass import FolderPass
from home_media_pipelines.defs.partitions import FOLDERS_PER_QUERY
from home_media_pipelines.defs.resources import Database, Networks, PictureStore
from home_media_pipelines.defs.vision.target_producers import (
    INPUT,
    Blocked,
    Target,
    target_producers,
)
from home_media_pipelines.io.key_frames import key_frame_path
from home_media_pipelines.models import batching, devices
from home_media_pipelines.models.errors import ModelError
from home_media_pipelines.models.network import Network
from home_media_pipelines.models.open import open_network

GREY = Image.new("RGB", (64, 64), (128, 128, 128))
"""A picture on which only a broken network fails."""

AHEAD = 64
"""Contents read before a network asks for them: a few hundred megabytes at most."""


@dataclass(frozen=True, slots=True)
class VisionResources:
    """The resources that every such asset needs."""

    database: Database
    networks: Networks
    thumbnails: PictureStore
    key_frames: PictureStore


@dataclass(frozen=True, slots=True)
class InputPicture:
    """A picture of a content: itself, or one key frame of a video."""

    frame: int
    time_offset: float | None
    path: Path


class Subject(Protocol):
    """A content with what an asset has to know of it."""

    @property
    def folder(self) -> str:
        """Key of its folder."""
        ...

    @property
    def content_id(self) -> str:
        """BLAKE3 of its bytes."""
        ...


S = TypeVar("S", bound=Subject)
In = TypeVar("In")
Out = TypeVar("Out")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class VisionStep(Generic[S, In, Out, Row]):
    """What is the asset's own: see `InferencePipeline` for `read` and `finish`.

    `prepare` looks up what is to be known of contents. `harmless` is an input on which
    only a broken network fails. `store` replaces the rows of contents in a transaction.
    `counted` names the rows in the metadata.
    """

    prepare: Callable[[psycopg.Connection, Sequence[PendingPicture]], Sequence[S]]
    read: Callable[[S], Sequence[In]]
    finish: Callable[[S, Sequence[Out]], list[Row]]
    store: Callable[[psycopg.Connection, list[Row], Sequence[str]], object]
    harmless: In
    counted: str


def input_pictures(
    resources: VisionResources, picture: PendingPicture
) -> list[InputPicture]:
    """Return what there is to look at: the key frames, or the thumbnail for `INPUT`."""
    if picture.frames:
        root = resources.key_frames.path
        return [
            InputPicture(
                it.frame,
                it.time_offset,
                key_frame_path(root, picture.content_id, it.frame),
            )
            for it in picture.frames
        ]
    size = max((it for it in picture.sizes if it <= INPUT), default=min(picture.sizes))
    path = thumbnail_path(resources.thumbnails.path, picture.content_id, size)
    return [InputPicture(0, None, path)]


def run_vision_pass(
    resources: VisionResources,
    asset: str,
    names: Sequence[str],
    step_for: Callable[[Target], VisionStep[Any, Any, Any, Any]],
    *,
    until: float | None = None,
) -> FolderPass:
    """Look at what no row of the wanted producer is about, in the order of the folders.

    Args:
        resources: where everything is.
        asset: its name.
        names: keys of folders.
        step_for: what the asset does under a producer.
        until: `time.monotonic()` after which no further folders are begun; they are
            in `left` of the result.

    Raises:
        dg.Failure: packages, weights or the device are missing, weights are damaged,
            others are wanted than those of this machine, or the network fails whatever
            it is shown. No content is blamed for it.
    """
    with resources.database.connect() as conn:
        goal = target_producers(conn, resources.networks)[asset]
        if isinstance(goal, Blocked):
            raise dg.Failure(goal.reason, allow_retries=False)
        refuse_others(conn, [goal])
        producer_id = goal.producer.producer_id
    done = FolderPass(notes={"producer": producer_id, "model": goal.model.name})
    step = step_for(goal)
    waiting = _waiting(resources, asset, names, goal, step, until, done)
    first = next(waiting, None)
    if first is None:
        return done
    try:
        _look(resources, goal, step, chain([first], waiting), done)
    except (ModelError, NetworkFailedError) as error:
        raise dg.Failure(f"{asset}: {error}", allow_retries=False) from error
    return done


def refuse_others(conn: psycopg.Connection, goals: Iterable[Target]) -> None:
    """Fail where somebody else than this machine's producer should make an asset.

    Who asks for work chooses the producers: the sensor, the schedule, `home-media
    ingest`. A run makes what was chosen, whoever started it: otherwise an agent with
    other weights would change what the whole library is filled with. Where nobody was
    chosen yet, the first run is.

    Raises:
        dg.Failure: names the assets.
    """
    others = [
        goal.producer.asset
        for goal in goals
        if producers.claim(conn, goal.producer) != goal.producer.producer_id
    ]
    if others:
        raise dg.Failure(
            f"{', '.join(others)}: weights, profile or version of this machine are not "
            "those that were chosen. All machines need the same image and weights; "
            "after a change of models here, the sensor vision_backlog chooses anew.",
            allow_retries=False,
        )


def _waiting(
    resources: VisionResources,
    asset: str,
    names: Sequence[str],
    goal: Target,
    step: VisionStep[S, Any, Any, Any],
    until: float | None,
    done: FolderPass,
) -> Iterator[S]:
    """Yield what waits, folder by folder; asked of the database in portions."""
    for start in range(0, len(names), FOLDERS_PER_QUERY):
        keys = names[start : start + FOLDERS_PER_QUERY]
        with resources.database.connect() as conn:
            pending = analyses.pending(conn, asset, keys, goal.producer.producer_id)
            subjects = step.prepare(conn, pending)
        for number, key in enumerate(keys, start):
            if until is not None and time.monotonic() > until:
                done.left = list(names[number:])
                return
            yield from (it for it in subjects if it.folder == key)


def _look(
    resources: VisionResources,
    goal: Target,
    step: VisionStep[S, In, Out, Row],
    subjects: Iterable[S],
    done: FolderPass,
) -> None:
    started = time.perf_counter()
    device = devices.choose(resources.networks.device)  # pyright: ignore[reportArgumentType]: the settings checked it
    opened: Any = open_network(
        goal.role,  # pyright: ignore[reportArgumentType]: whichever it is
        goal.model,
        Path(resources.networks.weights),
        device,
    )
    network: Network[In, Out] = opened
    loaded = time.perf_counter()
    sizes = [0]

    def run(batch: Sequence[In]) -> Sequence[Out]:
        found = network.run(batch)
        sizes.append(len(batch))
        return found

    careful = one_by_one(run, step.harmless, batching.is_out_of_memory)

    def store(
        folder: str, rows: Sequence[tuple[S, list[Row] | ContentFailure]]
    ) -> None:
        _store(resources.database, goal.producer, step, folder, rows, done)

    steps = InferencePipeline(
        step.read,
        lambda inputs: batching.in_batches(
            inputs, careful, device, goal.model.name, network.first_batch
        ),
        step.finish,
        store,
    )
    run_pipeline(subjects, steps, threads=resources.networks.readers, ahead=AHEAD)
    seconds = time.perf_counter() - loaded
    images = sum(counts["images"] for counts in done.by_folder.values())
    memory = devices.peak_memory(device) if device.kind != "cpu" else None
    done.notes |= {
        "images_per_s": round(images / max(seconds, 1e-3), 2),
        "load_seconds": round(loaded - started, 3),
        "batch_size": max(sizes),
        "device": device.name,
        "gpu_memory_mb": round((memory or 0) / 1e6, 1),
    }


def _store(
    database: Database,
    producer: Producer,
    step: VisionStep[S, Any, Any, Row],
    folder: str,
    found: Sequence[tuple[S, list[Row] | ContentFailure]],
    done: FolderPass,
) -> None:
    """Store rows and problems of a folder in one transaction."""
    good = {it.content_id: rows for it, rows in found if isinstance(rows, list)}
    bad = [
        problems.of_content(it.content_id, failure.reason, permanent=failure.permanent)
        for it, failure in found
        if isinstance(failure, ContentFailure)
    ]
    rows = [row for of_content in good.values() for row in of_content]
    with database.connect() as conn:
        step.store(conn, rows, list(good))
        problems.clear(conn, producer.asset, list(good))
        problems.record(
            conn,
            producer.asset,
            bad,
            producer_id=producer.producer_id,
            now=datetime.now(UTC),
        )
    counts = {"images": len(found), "failed": len(bad), step.counted: len(rows)}
    done.count(folder, **counts)
