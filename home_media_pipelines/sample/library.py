"""Draw the sample library: a family's NAS in small, the same for the same seed."""

import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from home_media_pipelines.core.errors import HomeMediaError
from home_media_pipelines.sample import oddities
from home_media_pipelines.sample.dng import RawFacts, encode_dng
from home_media_pipelines.sample.encode import encode, store
from home_media_pipelines.sample.plan import Shot, plan
from home_media_pipelines.sample.scenes import Scene, draw
from home_media_pipelines.sample.tags import (
    AAE,
    CAMERAS,
    Notes,
    Region,
    offset_of,
    takeout_json,
    xmp_packet,
)
from home_media_pipelines.sample.video import encode_video, film

MANIFEST = "sample.json"
VERSION = 1
Progress = Callable[[int, int], None]
Record = dict[str, Any]


class NotEmptyError(HomeMediaError):
    """The directory holds files that are not a finished sample library of ours."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.directory = directory

    def __str__(self) -> str:
        return f"{self.directory} is not empty; choose an empty or a new directory"


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was drawn: counts, bytes; `drawn` is False when it was there already."""

    directory: Path
    pictures: int
    files: int
    bytes: int
    drawn: bool


def draw_library(
    directory: Path,
    *,
    seed: int = 7,
    pictures: int = 300,
    progress: Progress | None = None,
) -> SampleSummary:
    """Draw a sample library of about `pictures` pictures into an empty directory.

    The same seed and count give the same files, modification times included. When
    exactly this library is there already, nothing is touched.

    Args:
        directory: made when it does not exist.
        seed: any non-negative whole number.
        pictures: about how many pictures; below 40 every folder still has a few.
        progress: called with (done, total) after each step.

    Raises:
        NotEmptyError: the directory holds anything else.
    """
    wanted = {"version": VERSION, "seed": seed, "pictures": pictures}
    if (there := _finished(directory, wanted)) is not None:
        return there
    if directory.exists() and any(directory.iterdir()):
        raise NotEmptyError(directory)
    directory.mkdir(parents=True, exist_ok=True)
    shots = plan(seed, pictures)
    shots.sort(key=lambda shot: -shot.size[0] * shot.size[1])
    extras = oddities.jobs(seed, max(4, round(12 * pictures / 300)))
    total = len(shots) + len(extras)
    records: list[Record] = []
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        drawn = pool.map(partial(_make, directory), shots, chunksize=2)
        others = [pool.submit(job, directory) for job in extras]
        for record in drawn:
            records += record
            if progress:
                progress(len(records), total)
        for done, other in enumerate(others, start=len(shots) + 1):
            records += other.result()
            if progress:
                progress(done, total)
    records += oddities.copies(directory, [r["path"] for r in _plain(records)], seed)
    oddities.broken(directory)
    oddities.noise(directory)
    records.sort(key=lambda record: str(record["path"]))
    files = [path for path in directory.rglob("*") if path.is_file()]
    counts = {"files": len(files), "bytes": sum(p.stat().st_size for p in files)}
    manifest = {**wanted, **counts, "truth": records}
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    temporary = directory / (MANIFEST + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(directory / MANIFEST)
    return SampleSummary(directory, len(records), len(files), counts["bytes"], True)


def _plain(records: list[Record]) -> list[Record]:
    """Return the records of ordinary JPEGs, in an order that a pool cannot change."""
    plain = [r for r in records if r["path"].startswith(("2019/", "2021/", "Phone/"))]
    return sorted((r for r in plain if r["path"].endswith(".jpg")), key=_path_of)


def _path_of(record: Record) -> str:
    return str(record["path"])


def _finished(directory: Path, wanted: Mapping[str, object]) -> SampleSummary | None:
    """Return the summary of the library if exactly the wanted one is complete."""
    try:
        found = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        if any(found[key] != value for key, value in wanted.items()):
            return None
        return SampleSummary(
            directory, len(found["truth"]), found["files"], found["bytes"], False
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def truth_of(path: PurePosixPath, scene: Scene) -> Record:
    """Return what is in a picture, for the manifest; boxes are fractions 0-1."""
    return {
        "path": str(path),
        "kind": scene.kind,
        "light": scene.light,
        "caption": scene.caption,
        "objects": [
            {
                "label": thing.label,
                "colour": thing.colour,
                "name": thing.name,
                "box": [round(value, 5) for value in thing.box],
            }
            for thing in scene.objects
        ],
    }


def _make(root: Path, shot: Shot) -> list[Record]:
    """Draw one shot and write its files; runs in a worker process."""
    size = shot.size
    large = size[0] * size[1] > 8_000_000
    drawn = (size[0] // 3, size[1] // 3) if large else size
    scene = draw(shot.seed, shot.kind, drawn, cast=shot.cast, light=shot.light)
    image = scene.image
    if large:
        image = image.resize(size, Image.Resampling.LANCZOS)
    notes = replace(shot.notes, regions=_faces(scene, shot.notes))
    if notes.camera:
        notes = replace(
            notes, description=scene.caption[:1].upper() + scene.caption[1:]
        )
    if "faded" in shot.extras:
        image = _faded(image)
    path, stem = shot.path, shot.path.stem
    inside = notes
    if shot.extras & {"xmp", "long xmp"}:
        inside = replace(notes, rating=None, title=None, keywords=(), regions=())
    if "live" in shot.extras:
        inside = replace(inside, content_identifier=_identifier(shot.seed))
    made = [store(root, path, encode(image, path.suffix.lower(), inside))]
    said = replace(notes, rating=notes.rating or 4, taken=shot.taken)
    if "xmp" in shot.extras:
        made.append(store(root, path.with_suffix(".xmp"), xmp_packet(said, size)))
    if "long xmp" in shot.extras:
        name = f"{path.name}.xmp"
        made.append(store(root, path.with_name(name), xmp_packet(said, size)))
    if "takeout" in shot.extras:
        name = f"{path.name}.json"
        told = takeout_json(path.name, replace(said, place=_street(shot)))
        made.append(store(root, path.with_name(name), told))
    if "dng" in shot.extras:
        made.append(store(root, path.with_suffix(".DNG"), _raw_of(image, shot, notes)))
    if "edited" in shot.extras:
        name = stem.replace("IMG_", "IMG_E") + path.suffix
        warm = image.point(
            [min(255, round(v * g)) for g in (1.1, 1.02, 0.88) for v in range(256)]
        )
        made.append(store(root, path.with_name(name), encode(warm, ".jpg", inside)))
        made.append(store(root, path.with_suffix(".AAE"), AAE))
    if "live" in shot.extras:
        frames = film(shot.seed, shot.kind, "flying bird", (640, 480), 30)
        clip = encode_video(
            frames,
            shot.taken,
            container="mov",
            content_identifier=_identifier(shot.seed),
        )
        made.append(store(root, path.with_suffix(".MOV"), clip))
    for file in made:
        oddities.date(file, shot.taken)
    return [truth_of(path, scene)]


def _identifier(seed: int) -> str:
    """Return a content identifier, shaped like a UUID, that only the seed decides."""
    digits = np.random.default_rng(seed).bytes(16).hex().upper()
    return "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )


def _street(shot: Shot) -> tuple[float, float, float]:
    rng = np.random.default_rng(shot.seed)
    return 50.11 + float(rng.random()) / 100, 8.68 + float(rng.random()) / 50, 112.0


def _faces(scene: Scene, notes: Notes) -> tuple[Region, ...]:
    """Return the faces of named people; none in pictures that are stored turned."""
    if notes.orientation != 1:
        return ()
    return tuple(
        Region(thing.name, x + w / 2, y + h * 0.17, w * 0.5, h * 0.22)
        for thing in scene.objects
        if thing.name and thing.label == "person"
        for x, y, w, h in (thing.box,)
    )


def _faded(image: Image.Image) -> Image.Image:
    """Return the picture as an old print: warm, flat, with a white border."""
    table = [
        round(low + v * (high - low) / 255)
        for low, high in ((52, 250), (38, 226), (34, 190))
        for v in range(256)
    ]
    print_ = Image.blend(image, image.convert("L").convert("RGB"), 0.35).point(table)
    print_ = print_.filter(ImageFilter.GaussianBlur(0.8))
    paper = Image.new("RGB", image.size, (246, 240, 226))
    edge = image.width // 30
    inner = (image.width - 2 * edge, image.height - 2 * edge)
    paper.paste(print_.resize(inner), (edge, edge))
    return paper


def _raw_of(image: Image.Image, shot: Shot, notes: Notes) -> bytes:
    camera = CAMERAS[notes.camera or "l2"]
    small = image.copy()
    small.thumbnail((1000, 1000), Image.Resampling.LANCZOS)
    preview = encode(small, ".jpg", Notes()) if "xmp" in shot.extras else None
    taken = shot.taken.strftime("%Y:%m:%d %H:%M:%S")
    facts = RawFacts(camera.make, camera.model, taken, offset_of(shot.taken))
    return encode_dng(np.asarray(small), facts, preview)
