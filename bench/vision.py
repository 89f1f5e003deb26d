"""What networks do from thumbnail to row, beside the bare network on the same device.

Bare: the same pictures, decoded already and handed over in the same batches; nothing
read and nothing stored. The networks are those of the profile, `tiny` unless
`HOME_MEDIA_MODELS` says otherwise: the smaller a network, the harder it is to feed.
"""

import io
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from PIL import Image

from bench.rows import Bench, Row
from bench.server import database, postgres
from home_media_pipelines.core.pictures.thumbnail_paths import thumbnail_path
from home_media_pipelines.core.vision.producer import Producer
from home_media_pipelines.db.tables.vision import detections as detection_rows
from home_media_pipelines.db.tables.vision import producers
from home_media_pipelines.defs.resources import Database, Networks, PictureStore
from home_media_pipelines.defs.vision.detections import detect
from home_media_pipelines.defs.vision.embeddings import embed
from home_media_pipelines.defs.vision.masks import draw_masks
from home_media_pipelines.defs.vision.target_producers import (
    INPUT,
    Target,
    target_producers,
)
from home_media_pipelines.defs.vision.vision_pass import VisionResources
from home_media_pipelines.models import batching, devices
from home_media_pipelines.models.open import open_network
from home_media_pipelines.sample.scenes import KINDS, draw

DRAWN = 24
"""Pictures that are drawn; the others are copies under names of their own."""

FOLDERS = 8
AT_LEAST = {"cpu": 0.9, "cuda": 0.85, "mps": 0.85}

Pass = Callable[[VisionResources, Sequence[str]], Any]


def measure(bench: Bench) -> list[Row]:
    """Images a second of each network, end to end and bare."""
    count = bench.size(480, FOLDERS)
    pictures = _drawn(min(count, DRAWN))
    keys = [f"photos/{number}" for number in range(FOLDERS)]
    with postgres() as server:
        url = database(server, "vision")
        store = bench.scratch / "thumbnails"
        _fill(url, store, pictures, count)
        resources = _resources(url, store, bench.scratch)
        rows: list[Row] = []
        passes: dict[str, Pass] = {
            "detections": detect,
            "masks": draw_masks,
            "embeddings": embed,
        }
        for asset, look in passes.items():
            goal = _goal(resources, asset)
            inputs = _inputs(url, asset, goal, pictures, count)
            look(resources, keys[:1])  # loads
            sides = {
                "whole": partial(_through, resources, asset, look, keys),
                "bare": partial(_bare, resources, goal, inputs),
            }
            rates: dict[str, list[float]] = {side: [] for side in sides}
            for number in range(bench.rounds):
                for side in list(sides)[:: -1 if number % 2 else 1]:
                    rates[side].append(sides[side]())
            if asset == "detections":  # the next pass builds on them
                _through(resources, asset, look, keys)
            rows.append(_row(resources, goal, rates["whole"], rates["bare"]))
    return rows


def _drawn(count: int) -> list[bytes]:
    """JPEGs of scenes as thumbnails are."""
    made: list[bytes] = []
    for number in range(count):
        scene = draw(number, KINDS[number % len(KINDS)], (INPUT, INPUT * 3 // 4))
        data = io.BytesIO()
        scene.image.save(data, "JPEG", quality=84)
        made.append(data.getvalue())
    return made


def _fill(url: str, store: Path, pictures: Sequence[bytes], count: int) -> None:
    store.mkdir()
    for number in range(count):
        path = thumbnail_path(store, f"{number:064x}", INPUT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pictures[number % len(pictures)])
    with psycopg.connect(url) as conn:
        producer = producers.register(conn, Producer("bench", "1"))
        values = {
            "count": count,
            "folders": FOLDERS,
            "producer": producer,
            "size": INPUT,
        }
        conn.execute(
            """
            insert into libraries (library, root) values ('photos', '/photos')
            """
        )
        conn.execute(
            """
            insert into folders (folder, library, path, name)
            select 'photos/' || n, 'photos', n::text, n::text
              from generate_series(0, %(folders)s - 1) n
            """,
            values,
        )
        conn.execute(
            """
            insert into thumbnails (content_id, producer_id, width, height, sizes,
                                    bytes, thumbhash, mean_color, decoder)
            select lpad(to_hex(n), 64, '0'), %(producer)s, 4000, 3000,
                   array[%(size)s], 100000, '', 0, 'bench'
              from generate_series(0, %(count)s - 1) n
            """,
            values,
        )
        conn.execute(
            """
            insert into images (image_id, folder, content_id, kind, taken_at,
                                timeline_at, search, producer_id, thumbhash, names)
            select md5(n::text)::uuid, 'photos/' || n %% %(folders)s,
                   lpad(to_hex(n), 64, '0'), 'picture', at, at, '', %(producer)s,
                   '', array['DSC.JPG']
              from (select n, timestamp '2014-01-01' + n * interval '1 min' as at
                      from generate_series(0, %(count)s - 1) n) numbered
            """,
            values,
        )
        conn.commit()
        conn.autocommit = True
        conn.execute("vacuum analyze")


def _resources(url: str, store: Path, scratch: Path) -> VisionResources:
    profile = os.environ.get("HOME_MEDIA_MODELS", "tiny")
    weights = os.environ.get("HOME_MEDIA_WEIGHTS", str(scratch))
    networks = Networks(profile=profile, weights=weights, device="auto", readers=4)
    pictures, frames = (
        PictureStore(directory=str(it), processes=1, max_pixels=2**28)
        for it in (store, scratch / "key_frames")
    )
    return VisionResources(Database(url=url), networks, pictures, frames)


def _goal(resources: VisionResources, asset: str) -> Target:
    with resources.database.connect() as conn:
        goal = target_producers(conn, resources.networks)[asset]
    if not isinstance(goal, Target):
        raise RuntimeError(f"{asset}: {goal.reason}")
    return goal


def _inputs(
    url: str, asset: str, goal: Target, pictures: Sequence[bytes], count: int
) -> list[Any]:
    """What the network takes, in the order of the contents."""
    decoded = [Image.open(io.BytesIO(data)).convert("RGB") for data in pictures]
    if asset != "masks":
        return [decoded[number % len(decoded)] for number in range(count)]
    ids = [f"{number:064x}" for number in range(count)]
    boxes: dict[str, list[Any]] = {content_id: [] for content_id in ids}
    with psycopg.connect(url) as conn:
        detections = str(goal.producer.parameters["detections"])
        for it in detection_rows.of_contents(conn, detections, ids):
            boxes[it.content_id].append((it.x, it.y, it.width, it.height))
    return [
        (decoded[int(content_id, 16) % len(decoded)], found)
        for content_id, found in boxes.items()
        if found
    ]


def _through(
    resources: VisionResources, asset: str, look: Pass, keys: Sequence[str]
) -> float:
    """Forget what is known, look again; return images a second."""
    with resources.database.connect() as conn:
        conn.execute("delete from analyses where asset = %(asset)s", {"asset": asset})
    return look(resources, keys).notes["images_per_s"]


def _bare(resources: VisionResources, goal: Target, inputs: Sequence[Any]) -> float:
    device = devices.choose(resources.networks.device)  # pyright: ignore[reportArgumentType]
    network: Any = open_network(
        goal.role,  # pyright: ignore[reportArgumentType]
        goal.model,
        Path(resources.networks.weights),
        device,
    )
    started = time.perf_counter()
    for _ in batching.in_batches(
        inputs, network.run, device, goal.model.name, network.first_batch
    ):
        pass
    return len(inputs) / (time.perf_counter() - started)


def _row(
    resources: VisionResources,
    goal: Target,
    whole: Sequence[float],
    bare: Sequence[float],
) -> Row:
    device = devices.choose(resources.networks.device)  # pyright: ignore[reportArgumentType]
    ours, peer = statistics.median(whole), statistics.median(bare)
    return Row(
        f"{goal.role} {goal.model.name}, thumbnail to row, of the bare network",
        f"{ours:.1f} images/s",
        f"{peer:.1f} images/s",
        ours / peer,
        at_least=AT_LEAST[device.kind],
        note=f"{device.name}",
    )
