"""Asking with a picture: bounded, decoded elsewhere, kept nowhere, hostile or not."""

import struct
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from io import BytesIO
from itertools import islice
from pathlib import Path
from threading import Event

import anyio
import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from home_media_api import bounded_route
from home_media_api.app import create_app
from home_media_api.encoder.query_encoder import QueryEncoder
from home_media_api.limits import LARGEST_PICTURE
from home_media_api.media.uploads import PLACES
from home_media_pipelines.models.errors import NoGpuError
from tests.api.encoder.drawn_network import Opened, ThreeColours
from tests.api.rows import add_image
from tests.api.seen import EMBEDDER, add_embedding, add_producer

ADDRESS = "/api/search/image"
RED, GREEN, BLUE = (250, 5, 5), (5, 250, 5), (5, 5, 250)


@pytest.fixture
def network() -> ThreeColours:
    return ThreeColours(4)


@pytest.fixture
def client(settings, conn, network):
    add_producer(conn, "embeddings", EMBEDDER, model="four")
    app = create_app(settings)
    app.state.encoder = QueryEncoder(Opened(four=network), patience=5)
    with TestClient(app, base_url="http://localhost") as browser:
        yield browser


def encoded(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def flag(left=RED, right=BLUE) -> Image.Image:
    """200 × 100: one colour left, another right."""
    picture = Image.new("RGB", (200, 100), left)
    picture.paste(right, (100, 0, 200, 100))
    return picture


def ask(client, data: bytes, headers=None, name="a.png", **params):
    return client.post(
        ADDRESS, files={"file": (name, data)}, params=params, headers=headers
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_a_picture_finds_what_looks_like_it(client, conn, kind):
    beach, sea = add_image(conn), add_image(conn)
    add_embedding(conn, beach.content_id, [1, 0, 0, 0])
    add_embedding(conn, sea.content_id, [0, 0, 1, 0])
    answer = ask(client, encoded(Image.new("RGB", (80, 60), RED), kind))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["query"] is None
    assert found["taxon"] is None
    assert found["producer"] == {"model": "four", "producer_id": EMBEDDER}
    ids = [hit["image_id"] for hit in [*found["likely"], *found["possible"]]]
    assert ids == [str(beach.image_id), str(sea.image_id)]


def test_a_part_of_it_can_be_meant(client, network):
    part = {"x": 0.5, "y": 0, "width": 0.5, "height": 1}
    assert ask(client, encoded(flag()), **part).status_code == 200
    (seen,) = network.seen
    assert seen.size == (100, 100)
    assert np.asarray(seen).mean((0, 1)) == pytest.approx(BLUE, abs=6)


def test_a_part_is_of_the_picture_turned_upright(client, network):
    """What a person marked is what they saw: here the upper half, red."""
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(flag(), "JPEG", exif=exif, quality=95)
    ask(client, data, x=0, y=0, width=1, height=0.5)
    (seen,) = network.seen
    assert seen.size == (100, 100)
    assert np.asarray(seen).mean((0, 1)) == pytest.approx(RED, abs=8)


@pytest.mark.parametrize(
    "part",
    [
        {"x": 0.5},
        {"x": 0.5, "y": 0, "width": 0.6, "height": 1},
        {"x": 0, "y": 0, "width": 0, "height": 1},
        {"x": -1, "y": 0, "width": 1, "height": 1},
        {"x": "nan", "y": 0, "width": 1, "height": 1},
    ],
)
def test_a_part_that_is_none_is_refused(client, part):
    assert ask(client, encoded(flag()), **part).status_code == 422


def test_filters_hold_for_pictures_too(client, conn):
    inside, outside = add_image(conn), add_image(conn, kind="video")
    for one in (inside, outside):
        add_embedding(conn, one.content_id, [1, 0, 0, 0])
    found = ask(client, encoded(flag()), kind="picture").json()
    assert [hit["image_id"] for hit in found["possible"]] == [str(inside.image_id)]


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 415),
        (b"no picture", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", 415),
        (b"%PDF-1.7", 415),
        (b"%!PS-Adobe-3.0 EPSF-3.0", 415),
        (b"push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'", 415),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", 415),
        (b"II*\0" + bytes(300), 422),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 422),
        (b"\xff\xd8\xff\xe0" + bytes(100), 422),
        (bomb(), 413),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "pdf",
        "eps",
        "mvg",
        "mp4",
        "tiff",
        "png",
        "jpeg",
        "bomb",
    ],
)
def test_what_is_no_picture_is_refused_by_what_it_is(client, network, data, status):
    """By its bytes: names and media types say what the sender likes."""
    answer = ask(client, data, name="innocent.jpg")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "/dev/fd" not in answer.text
    assert network.seen == []
    assert ask(client, encoded(flag())).status_code == 200, "the next one is served"


def test_a_large_file_is_refused(client):
    assert ask(client, encoded(flag()) + bytes(LARGEST_PICTURE)).status_code == 413
    assert ask(client, bytes(LARGEST_PICTURE + 200_000)).status_code == 413


def test_a_refused_file_is_told_how_large_it_may_be(client):
    """By whoever refuses it; the gallery's own number is checked by its compiler."""
    for data in (bytes(LARGEST_PICTURE + 1), bytes(LARGEST_PICTURE + 200_000), bomb()):
        assert ask(client, data).json()["largest"] == LARGEST_PICTURE
    other = client.request("GET", "/api/images", content=b"x" * 70_000)
    assert "largest" not in other.json()


class Stuck(ThreeColours):
    """Looks at no picture until it may."""

    def __init__(self) -> None:
        super().__init__(4)
        self.may_go_on = Event()

    def run(self, batch, /):
        assert self.may_go_on.wait(60)
        return super().run(batch)


def test_many_waiting_pictures_leave_everything_else_served(settings, conn):
    """Each that waits would hold a worker thread, and there are but forty."""
    network = Stuck()
    add_producer(conn, "embeddings", EMBEDDER, model="four")
    app = create_app(settings)
    app.state.encoder = QueryEncoder(Opened(four=network), patience=5)
    with (
        TestClient(app, base_url="http://localhost") as browser,
        ThreadPoolExecutor(50) as people,
    ):
        try:
            data = encoded(flag())
            asked = [people.submit(ask, browser, data) for _ in range(45)]
            refused = list(islice(as_completed(asked, 60), 45 - PLACES))
            page = people.submit(browser.get, "/api/timeline")
            assert page.result(timeout=30).status_code == 200
        finally:
            network.may_go_on.set()
        answers = [each.result(60) for each in asked]
        for answer in (each.result() for each in refused):
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
        assert sorted(a.status_code for a in answers)[:PLACES] == [200] * PLACES
        assert ask(browser, data).status_code == 200, "places are given back"


def test_a_body_that_stops_halfway_keeps_no_place(client, monkeypatch):
    """Six phones that lost their network would end searches by picture for all."""
    monkeypatch.setattr(bounded_route, "BODY_SECONDS", 0.2)
    statuses: list[int] = []

    async def send_half() -> None:
        parts = iter([{"type": "http.request", "body": b"--x\r\n", "more_body": True}])

        async def receive():
            return next(parts, None) or await anyio.sleep_forever()

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {
            "type": "http",
            "method": "POST",
            "path": ADDRESS,
            "raw_path": ADDRESS.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [
                (b"host", b"localhost"),
                (b"content-type", b"multipart/form-data; boundary=x"),
                (b"content-length", b"1000"),
            ],
        }
        await client.app(scope, receive, send)

    for _ in range(PLACES + 1):
        client.portal.call(send_half)
    assert statuses == [408] * (PLACES + 1)


def test_a_body_of_unknown_length_is_refused(client):
    """Else a sender without end would fill the disk."""
    answer = client.post(ADDRESS, content=iter([b"x" * 100]))
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example:8000"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_elsewhere_cannot_ask(client, network, headers):
    """A form there can post files without asking the browser first."""
    answer = ask(client, encoded(flag()), headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert network.seen == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:5173"},  # the gallery in development
        {"Origin": "http://[::1]:8000"},
        {},
    ],
)
def test_our_own_page_and_programs_can(client, headers):
    assert ask(client, encoded(flag()), headers).status_code == 200


def test_nothing_is_kept(client, tmp_path, monkeypatch):
    """Neither by us nor by the parser of the form."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # of the process that decodes
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.rglob("*"))
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600, 3), np.uint8)
    assert ask(client, encoded(Image.fromarray(noise))).status_code == 200
    assert set(tmp_path.rglob("*")) == before


def test_a_network_that_needs_a_gpu_for_pictures_says_so(settings, conn):
    """It may read words all the same."""

    class WordsOnly(Opened):
        def __call__(self, wanted, *, text_only):
            if not text_only:
                raise NoGpuError("four", "none here")
            return super().__call__(wanted, text_only=text_only)

    add_producer(conn, "embeddings", EMBEDDER, model="four")
    app = create_app(settings)
    app.state.encoder = QueryEncoder(WordsOnly(four=ThreeColours(4)), patience=5)
    with TestClient(app, base_url="http://localhost") as browser:
        found = ask(browser, encoded(flag())).json()
        assert found["producer"] is None
        assert "GPU" in found["reason"]
        words = browser.get("/api/search", params={"q": "beach"}).json()
        assert words["producer"] is not None


def test_a_file_is_needed(client):
    assert client.post(ADDRESS, files={}).status_code == 422
    assert client.post(ADDRESS, json={"file": "/etc/passwd"}).status_code == 422
    assert client.post(ADDRESS, data={"file": "/etc/passwd"}).status_code == 422


def test_real_phone_pictures_can_be_asked_with(client, media: Path):
    pictures = sorted(media.rglob("*.heic"))[:1] + sorted(media.rglob("*.HEIC"))[:1]
    for path in pictures:
        if path.stat().st_size < LARGEST_PICTURE:
            assert ask(client, path.read_bytes()).status_code == 200
