"""Thumbnails: ours, sharp, Immich's pipeline, libvips, Pillow and the limit."""

from functools import partial
from io import BytesIO
from pathlib import Path

import pyvips
import simplejpeg
from PIL import Image, ImageOps

from bench.clock import Cost, Work, cost, in_turn, node
from bench.pictures import SIDES, jpegs
from bench.rows import Bench, Row
from home_media_pipelines.core.pictures.render import LARGE_QUALITY, QUALITY, render
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES
from home_media_pipelines.io.decoder_pool import DecoderPool
from home_media_pipelines.io.thumbnails import ThumbnailJob

THREE = (256, 512, 1440)


def measure(bench: Bench) -> list[Row]:
    """Images per second of one core, from 24 and 12 megapixels."""
    return [
        row
        for megapixels in SIDES
        for row in _rows(
            bench,
            megapixels,
            jpegs(
                bench.peers / "pictures",
                bench.size(2, 1),
                megapixels,
                small=bench.small,
            ),
        )
    ] + [_scaling(bench)]


def _rows(bench: Bench, megapixels: int, files: list[Path]) -> list[Row]:
    sides: dict[str, Work] = {
        "ours, 4": partial(_ours, files, SIZES),
        "ours, 3": partial(_ours, files, THREE),
        "limit 1/8": partial(_decode, files, 8),
        "limit 1/1": partial(_decode, files, 1),
        "libvips": partial(_vips, files),
        "Pillow": partial(_pillow, files),
    }
    if bench.has("sharp"):
        ask = partial(node, "thumbnails.mjs", bench.peers)
        sides["sharp, 4"] = partial(ask, "sharp", _list(SIZES), *files)
        sides["sharp, 3"] = partial(ask, "sharp", _list(THREE), *files)
        sides["Immich"] = partial(ask, "immich", _list(THREE), *files)
    costs = in_turn(sides, bench.size(2, 1) * bench.rounds)
    rate = {name: len(files) / it.cpu for name, it in costs.items()}
    big = megapixels == max(SIDES)

    def row(what: str, one: str, other: str, least: float | None = None) -> list[Row]:
        if other not in rate:
            return []
        figures = f"{rate[one]:.1f}/s", f"{rate[other]:.1f}/s"
        return [
            Row(
                f"{megapixels} MP, {what}",
                *figures,
                rate[one] / rate[other],
                at_least=least if big else None,
            )
        ]

    return [
        *row("256/512/1440, of sharp", "ours, 3", "sharp, 3", 1.6),
        *row("all four sizes, of sharp making the same", "ours, 4", "sharp, 4", 1.6),
        *row("256/512/1440, of Immich's pipeline", "ours, 3", "Immich", 4),
        *row("all four sizes, of Immich's pipeline", "ours, 4", "Immich", 4),
        *row("256/512/1440, of decoding at 1/8 alone", "ours, 3", "limit 1/8", 0.5),
        *row("all four sizes, of decoding at 1/8 alone", "ours, 4", "limit 1/8", 0.5),
        *row("all four sizes, of decoding in full alone", "ours, 4", "limit 1/1"),
        *row("256/512/1440, of libvips' cascade", "ours, 3", "libvips"),
        *row("256/512/1440, of Pillow, one open each", "ours, 3", "Pillow"),
        *row("what 256/512/1024/2048 keep of 256/512/1440", "ours, 4", "ours, 3"),
    ]


def _scaling(bench: Bench) -> Row:
    files = jpegs(bench.peers / "pictures", 4, 12, small=bench.small)
    count = bench.size(16, 4)

    def through(processes: int) -> Cost:
        jobs = [
            ThumbnailJob(
                files[number % len(files)], f"{number:064x}", "jpeg", 1, bench.scratch
            )
            for number in range(count)
        ]
        with DecoderPool(processes) as pool:
            list(pool.map(jobs[:processes]))  # the processes have started then
            return Cost(0, cost(lambda: list(pool.map(jobs))).wall)

    costs = in_turn(
        {"1": partial(through, 1), "2": partial(through, 2)}, bench.rounds, warm=False
    )
    one, two = (count / costs[name].wall for name in ("1", "2"))
    return Row(
        "12 MP written to disk, 2 processes against 1",
        f"{two:.1f}/s",
        f"{one:.1f}/s",
        two / one,
        note="wall time; depends on how many cores are free",
    )


def _list(sizes: tuple[int, ...]) -> str:
    return ",".join(map(str, sizes))


def _ours(files: list[Path], sizes: tuple[int, ...]) -> None:
    for file in files:
        render(file, "jpeg", 1, sizes=sizes)


def _decode(files: list[Path], reduced: int) -> None:
    for file in files:
        data = file.read_bytes()
        height, width = simplejpeg.decode_jpeg_header(data)[:2]
        simplejpeg.decode_jpeg(
            data,
            "RGB",
            min_width=-(-width // reduced),
            min_height=-(-height // reduced),
        )


def _vips(files: list[Path]) -> None:
    for file in files:
        image = pyvips.Image.thumbnail(str(file), max(THREE), size="down").copy_memory()
        for size in sorted(THREE, reverse=True):
            image = image.thumbnail_image(size, size="down").copy_memory()
            image.jpegsave_buffer(Q=QUALITY.get(size, LARGE_QUALITY))


def _pillow(files: list[Path]) -> None:
    for file in files:
        for size in THREE:
            with Image.open(file) as opened:
                image = ImageOps.exif_transpose(opened)
                image.thumbnail((size, size), Image.Resampling.LANCZOS)
                quality = QUALITY.get(size, LARGE_QUALITY)
                image.save(BytesIO(), "JPEG", quality=quality)
