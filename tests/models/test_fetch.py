"""Fetching weights, from a real server that misbehaves."""

import fcntl
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from home_media_pipelines.models import fetch as fetching
from home_media_pipelines.models import weights
from home_media_pipelines.models.errors import CorruptWeightsError, FetchError
from home_media_pipelines.models.registry import Model, WeightsFile
from tests.models.file_server import Served, serve

BODY = random.Random(0).randbytes(3_000_000)
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def server() -> Iterator[Served]:
    with serve() as served:
        served.files["/net.pt"] = BODY
        yield served


def model_at(server: Served, sha256: str | None = SHA256) -> Model:
    file = WeightsFile("net.pt", f"{server.url}/net.pt", sha256)
    return Model("net", "detector", "ultralytics", "net", (file,), "MIT", 64)


def fetch(model: Model, directory: Path) -> tuple[Path, ...]:
    return fetching.fetch(model, directory, lambda *_: None, pause=0)


def left_in(directory: Path) -> set[str]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.name for path in files} - {".fetching"}


def test_a_file_arrives_whole_and_its_progress_is_told(server, tmp_path):
    told = []
    model = model_at(server)

    got = fetching.fetch(model, tmp_path, lambda *now: told.append(now), pause=0)

    assert got == (tmp_path / "net" / "net.pt",)
    assert got[0].read_bytes() == BODY
    assert told[-1] == ("net.pt", len(BODY), len(BODY))
    assert left_in(tmp_path) == {"net.pt"}


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    fetch(model_at(server), tmp_path)
    assert fetch(model_at(server), tmp_path) == ()
    assert len(server.asked) == 1


@pytest.mark.parametrize("sha256", [SHA256, None])
def test_after_a_cut_it_goes_on_where_it_stopped(server, tmp_path, sha256):
    server.breaks = [1_000_000, 500_000]

    [path] = fetch(model_at(server, sha256), tmp_path)

    assert path.read_bytes() == BODY
    ranges = [asked for _, asked in server.asked]
    assert ranges == [None, "bytes=1000000-", "bytes=1500000-"]


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(server, tmp_path):
    server.breaks = [1_000_000, *[0] * fetching.TRIES]
    with pytest.raises(FetchError, match="broke after 1,000,000 of 3,000,000 bytes"):
        fetch(model_at(server), tmp_path)
    assert "net.pt" not in left_in(tmp_path)

    fetch(model_at(server), tmp_path)

    assert (tmp_path / "net/net.pt").read_bytes() == BODY
    assert server.asked[-1][1] == "bytes=1000000-"


def test_a_file_that_changed_after_a_cut_is_not_glued_to_the_old_one(server, tmp_path):
    server.breaks = [1_000_000, *[0] * fetching.TRIES]
    with pytest.raises(FetchError):
        fetch(model_at(server, None), tmp_path)
    server.files["/net.pt"], server.etag = BODY[::-1], '"two"'

    [path] = fetch(model_at(server, None), tmp_path)

    assert path.read_bytes() == BODY[::-1]


@pytest.mark.parametrize(("etag", "ranges"), [('"one"', False), (None, True)])
def test_a_server_that_cannot_go_on_is_asked_from_the_beginning(
    server, tmp_path, etag, ranges
):
    server.etag, server.ranges, server.breaks = etag, ranges, [1_000_000]
    [path] = fetch(model_at(server, None), tmp_path)
    assert path.read_bytes() == BODY


def test_a_part_longer_than_the_file_is_dropped(server, tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net/net.pt.part").write_bytes(BODY + b"more")
    fetch(model_at(server), tmp_path)
    assert (tmp_path / "net/net.pt").read_bytes() == BODY


def test_other_bytes_than_promised_are_thrown_away(server, tmp_path):
    server.files["/net.pt"] = BODY[:-1] + b"!"
    with pytest.raises(CorruptWeightsError, match=SHA256) as caught:
        fetch(model_at(server), tmp_path)
    assert caught.value.path == tmp_path / "net" / "net.pt"
    assert left_in(tmp_path) == set()


def test_the_first_fetch_of_an_unknown_file_is_remembered(server, tmp_path):
    fetch(model_at(server, None), tmp_path)
    assert json.loads((tmp_path / weights.LOCK).read_text()) == {"net/net.pt": SHA256}


def test_other_bytes_than_those_remembered_are_refused(server, tmp_path):
    """A file that changes where it is published may be an attack: a person decides."""
    fetch(model_at(server, None), tmp_path)
    (tmp_path / "net/net.pt").unlink()
    server.files["/net.pt"] = b"something else"

    with pytest.raises(CorruptWeightsError, match=r"remove it from lock\.json"):
        fetch(model_at(server, None), tmp_path)
    assert left_in(tmp_path) == {weights.LOCK}


def test_a_file_put_there_by_hand_is_remembered_too(server, tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net/net.pt").write_bytes(b"by hand")
    assert fetch(model_at(server, None), tmp_path) == ()
    assert weights.locked(tmp_path) == {
        "net/net.pt": hashlib.sha256(b"by hand").hexdigest()
    }
    assert server.asked == []


def test_without_a_connection_it_says_which_file_from_where_and_where_to(tmp_path):
    with serve() as gone:
        model = model_at(gone)
    with pytest.raises(FetchError) as caught:
        fetch(model, tmp_path)
    said = str(caught.value)
    assert f"cannot fetch {gone.url}/net.pt: Connection refused" in said
    assert f"put the file at {tmp_path / 'net' / 'net.pt'} by hand" in said
    assert "home-media models verify net" in said


def test_a_file_the_server_does_not_have_is_asked_for_once(server, tmp_path):
    del server.files["/net.pt"]
    with pytest.raises(FetchError, match="the server says 404"):
        fetch(model_at(server), tmp_path)
    assert len(server.asked) == 1


def test_a_server_in_trouble_is_asked_again(server, tmp_path):
    server.status = 503
    with pytest.raises(FetchError, match="the server says 503"):
        fetch(model_at(server), tmp_path)
    assert len(server.asked) == fetching.TRIES


def test_two_processes_do_not_write_the_same_file(server, tmp_path):
    with (tmp_path / ".fetching").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FetchError, match="another process"):
            fetch(model_at(server), tmp_path)
    assert server.asked == []


def test_only_addresses_of_the_web_are_opened(server, tmp_path):
    """A `file:` address would read this machine's files."""
    file = WeightsFile("net.pt", "file:///etc/hostname")
    with pytest.raises(FetchError, match="not an address of the web"):
        fetch(replace(model_at(server), files=(file,)), tmp_path)
