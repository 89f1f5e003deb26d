"""Make what every NAS has too: films, bursts, copies, odd formats, broken files."""

import io
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image, ImageEnhance

from home_media_pipelines.sample.encode import encode, encode_animation, store
from home_media_pipelines.sample.plan import FAMILY, ZOEY
from home_media_pipelines.sample.scenes import Figure, Scene, draw
from home_media_pipelines.sample.tags import Notes
from home_media_pipelines.sample.video import encode_video, film

Record = dict[str, Any]
Job = Callable[[Path], list[Record]]
_SUMMER = timezone(timedelta(hours=2))
_FILMS = (
    ("Videos/VID_20220804_101500.mp4", "beach", "boat", (960, 540), "mp4", 0),
    ("Videos/VID_20220806_183010.mp4", "meadow", "balloon", (960, 540), "mp4", 0),
    ("Videos/Zoey rennt.mp4", "meadow", "zoey", (960, 540), "mp4", 0),
    ("Videos/upright.mp4", "city", "car", (960, 540), "mp4", 90),
    ("Videos/Feuerwehr 🚒.mov", "city", "truck", (640, 360), "mov", 0),
)


def date(file: Path, taken: datetime) -> None:
    """Give a file the modification time of its picture."""
    os.utime(file, (taken.timestamp(), taken.timestamp()))


def jobs(seed: int, burst: int) -> list[Job]:
    """Return what is made besides the shots, each to be called with the root."""
    films = [partial(_film, seed * 31 + n, spec) for n, spec in enumerate(_FILMS)]
    return [*films, partial(_burst, seed, burst), partial(_formats, seed)]


def _film(
    seed: int,
    spec: tuple[str, str, str, tuple[int, int], str, int],
    root: Path,
) -> list[Record]:
    """Write one film of two to three seconds."""
    name, kind, mover, size, container, rotation = spec
    taken = datetime(2022, 8, 4, 10, 15, seed % 60, tzinfo=_SUMMER)
    frames = film(seed, kind, mover, size, 48 + seed % 24)
    if rotation:
        frames = [f.transpose(Image.Transpose.ROTATE_90) for f in frames]
    content = encode_video(frames, taken, container=container, rotation=rotation)
    date(store(root, PurePosixPath(name), content), taken)
    return []


def _record(path: PurePosixPath, scene: Scene) -> Record:
    """Return the truth without boxes: the picture was cropped or turned after."""
    return {"path": str(path), "kind": scene.kind, "caption": scene.caption}


def _burst(seed: int, count: int, root: Path) -> list[Record]:
    """Write a burst: the same moment, the camera trembling a little."""
    cast = (ZOEY, FAMILY["Mia"], Figure("ball", "red"))
    scene = draw(seed * 17, "beach", (1320, 990), cast=cast, light="noon")
    records: list[Record] = []
    start = datetime(2023, 7, 22, 15, 4, 11, tzinfo=_SUMMER)
    for n in range(count):
        left, top = 12 + (n * 7) % 24, 10 + (n * 11) % 20
        frame = scene.image.crop((left, top, left + 1280, top + 960))
        frame = ImageEnhance.Brightness(frame).enhance(1 + (n % 3 - 1) * 0.015)
        taken = start + timedelta(milliseconds=n * 125)
        path = PurePosixPath(f"Burst/BURST{n + 1:03d}.jpg")
        notes = Notes(taken=taken, camera="phone", place=(54.4211, 10.2519, 2.0))
        date(store(root, path, encode(frame, ".jpg", notes)), taken)
        records.append(_record(path, scene))
    return records


def _formats(seed: int, root: Path) -> list[Record]:
    """Write one picture in each further format: alpha, animations, BMP, AVIF."""
    taken = datetime(2023, 11, 5, 16, 20, 0, tzinfo=timezone(timedelta(hours=1)))
    folder = PurePosixPath("Misc & Odd formats")
    records: list[Record] = []

    def keep(name: str, content: bytes, scene: Scene) -> None:
        date(store(root, folder / name, content), taken)
        records.append(_record(folder / name, scene))

    notes = Notes(taken=taken, camera="l1", rating=5, keywords=("Formats",))
    suffixes = (".png", ".webp", ".avif", ".heic", ".tif", ".bmp", ".gif")
    for n, suffix in enumerate(suffixes):
        kind = ("meadow", "lake", "beach", "snow", "city", "forest", "indoor")[n]
        scene = draw(seed * 53 + n, kind, (900, 675))
        keep(f"drawing{suffix}", encode(scene.image, suffix, notes), scene)
    scene = draw(seed * 53 + 8, "snow", (800, 800), cast=("snowman",), grain=0.0)
    sticker = scene.image.convert("RGBA")
    mask = Image.fromarray(scene.objects[0].mask)
    sticker.putalpha(mask.convert("L"))
    keep("sticker with alpha.png", encode(sticker, ".png", notes), scene)
    screen = draw(seed * 53 + 9, "night", (720, 1440), grain=0.0)
    name = "Screenshot_20231105-162000.png"
    keep(name, encode(screen.image, ".png", Notes()), screen)
    for suffix, mover in ((".gif", "balloon"), (".webp", "boat")):
        frames = film(seed * 3, "lake", mover, (480, 360), 12)
        scene = draw(seed * 3, "lake", (120, 90), cast=(mover,), light="noon")
        keep(f"animated{suffix}", encode_animation(frames, suffix), scene)
    return records


def copies(root: Path, paths: list[str], seed: int) -> list[Record]:
    """Write exact copies of some pictures, and some that were altered since."""
    step = max(1, len(paths) // 16)
    records: list[Record] = []
    for n, path in enumerate(paths[seed % step :: step]):
        source, old = root / path, PurePosixPath("Backup/old disk")
        target = old / source.name
        if n % 2 == 0:
            (root / old).mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, root / target)
        else:
            target = old / f"{source.stem} ({('small', 'bright', 'web')[n % 3]}).jpg"
            with Image.open(source) as image:
                exif = image.info.get("exif", b"")
                altered = _altered(image.convert("RGB"), n % 3)
            out = io.BytesIO()
            altered.save(out, "JPEG", quality=(80, 84, 45)[n % 3], exif=exif)
            file = store(root, target, out.getvalue())
            later = source.stat().st_mtime_ns + 10**9
            os.utime(file, ns=(later, later))
        records.append({"path": str(target), "copy_of": path})
    return records


def _altered(image: Image.Image, how: int) -> Image.Image:
    if how == 0:
        return image.resize((image.width // 2, image.height // 2))
    return ImageEnhance.Brightness(image).enhance(1.12) if how == 1 else image


def broken(root: Path) -> None:
    """Write files that are not what they say, or not all there."""
    inbox = PurePosixPath("_Inbox/broken")
    scene = draw(3, "meadow", (640, 480))
    whole = encode(scene.image, ".jpg", Notes())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("readme.txt"), "this is no picture")
    files = {
        "truncated.jpg": whole[: len(whole) // 3],
        "only a header.jpg": whole[:24],
        "empty.jpg": b"",
        "shopping list.jpg": b"milk\nbread\napples\ncat food\n",
        "archive.heic": packed.getvalue(),
        "bomb.png": _bomb(30_000),
        "zeros.png": bytes(4096),
        "cut.mp4": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2\0\0\0\x08mdat",
        "really a jpeg.png": whole,
    }
    for name, content in files.items():
        date(store(root, inbox / name, content), datetime(2024, 1, 2, tzinfo=_SUMMER))


def _bomb(side: int) -> bytes:
    """Return a PNG of side × side pixels whose data is a few zero bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(4096))
    pieces = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + pieces


def noise(root: Path) -> None:
    """Write what NAS systems and desktops leave behind."""
    for name, content in {
        "2019/.DS_Store": b"\0\0\0\1Bud1" + bytes(64),
        "2019/2019-07 Lake/Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
        "2019/2019-07 Lake/@eaDir/LRK_0412.jpg/SYNOPHOTO_THUMB_S.jpg": b"\xff\xd8\xff",
        "Phone/2023/._IMG_0412.jpg": b"\0\5\x16\7" + bytes(60),
        "#recycle/old.jpg": b"\xff\xd8\xff",
    }.items():
        stamp = datetime(2024, 1, 3, tzinfo=_SUMMER)
        date(store(root, PurePosixPath(name), content), stamp)
