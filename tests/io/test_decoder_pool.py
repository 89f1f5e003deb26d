"""The pool: a decoder that dies, hangs or eats memory costs one content."""

import os
import random
import signal
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from home_media_pipelines.core.errors import StorageFullError
from home_media_pipelines.io.decoder_pool import (
    DecodeFailure,
    DecoderPool,
)
from home_media_pipelines.io.thumbnail_store import remove_orphans, thumbnails_exist
from home_media_pipelines.io.thumbnails import ThumbnailJob, Thumbnails
from tests.core.drawings import draw, noise

HANGS = "f" * 64


def job(source: Path, number: int, directory: Path) -> ThumbnailJob:
    return ThumbnailJob(source, f"{number:064x}", "jpeg", None, directory)


@pytest.fixture
def picture(tmp_path):
    draw().save(tmp_path / "a.jpg")
    return tmp_path / "a.jpg"


@pytest.fixture
def hanging(tmp_path):
    """A job that never ends: a pipe into which nobody writes."""
    os.mkfifo(tmp_path / "pipe")
    return ThumbnailJob(tmp_path / "pipe", HANGS, "jpeg", None, tmp_path / "out")


def workers() -> list[psutil.Process]:
    """Ours that live; what another test left may lie about as a zombie."""
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE
        and any("decoder_worker" in part for part in child.cmdline())
    ]


def test_every_job_is_answered_and_its_thumbnails_are_there(picture, tmp_path):
    jobs = [job(picture, n, tmp_path / "out") for n in range(9)]
    with DecoderPool(2) as pool:
        results = dict(pool.map(jobs))
    assert set(results) == {j.content_id for j in jobs}
    for content_id, made in results.items():
        assert isinstance(made, Thumbnails)
        assert thumbnails_exist(tmp_path / "out", content_id, made.sizes)
    assert workers() == []


def test_a_bad_file_is_a_failure_and_the_others_go_on(picture, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    jobs = [job(picture, 1, tmp_path), job(tmp_path / "bad.jpg", 2, tmp_path)]
    jobs += [job(tmp_path / "gone.jpg", 3, tmp_path), job(picture, 4, tmp_path)]
    with DecoderPool(2) as pool:
        results = [made for _, made in sorted(pool.map(jobs))]
    assert isinstance(results[0], Thumbnails)
    assert isinstance(results[1], DecodeFailure)
    assert results[1].permanent
    assert isinstance(results[2], DecodeFailure)
    assert not results[2].permanent
    assert isinstance(results[3], Thumbnails)


def test_a_killed_worker_costs_one_content(picture, hanging, tmp_path):
    jobs = [hanging, *(job(picture, n, tmp_path / "out") for n in range(6))]
    with DecoderPool(2) as pool:
        results = {}
        for content_id, made in pool.map(jobs):
            results[content_id] = made
            if len(results) == 6:  # only the hanging one is left
                for worker in workers():
                    worker.kill()
    assert results.pop(HANGS) == DecodeFailure(
        "the decoder was killed by SIGKILL", permanent=False
    )
    assert len(results) == 6
    assert all(isinstance(made, Thumbnails) for made in results.values())


def test_workers_killed_at_random_lose_only_what_they_had(picture, tmp_path):
    jobs = [job(picture, n, tmp_path / "out") for n in range(120)]
    chance, killed, results = random.Random(1), 0, []
    with DecoderPool(2) as pool:
        for result in pool.map(jobs):
            results.append(result)
            if len(results) % 20 == 0:
                chance.choice(workers()).kill()
                killed += 1
    assert sorted(c for c, _ in results) == sorted(j.content_id for j in jobs)
    lost = [made for _, made in results if isinstance(made, DecodeFailure)]
    assert len(lost) <= killed
    assert all("SIGKILL" in made.reason for made in lost)


def test_a_crash_in_native_code_will_happen_again_so_it_is_permanent(hanging):
    def jobs():
        yield hanging
        workers()[0].send_signal(signal.SIGSEGV)

    with DecoderPool(2) as pool:
        ((_, made),) = pool.map(jobs())
    assert made == DecodeFailure("the decoder was killed by SIGSEGV", permanent=True)


def test_a_file_that_takes_too_long_is_given_up(picture, hanging, tmp_path, clock):
    def jobs():
        yield hanging
        clock.passed = 600
        yield job(picture, 1, tmp_path / "out")

    with DecoderPool(2, timeout=600) as pool:
        results = dict(pool.map(jobs()))
    failure = results.pop(HANGS)
    assert isinstance(failure, DecodeFailure)
    assert "longer than 600 seconds" in failure.reason
    assert isinstance(*results.values(), Thumbnails)


def test_memory_is_limited_per_picture(tmp_path):
    noise(3000, 2000).save(tmp_path / "a.jpg", progressive=True)
    with DecoderPool(1, memory=16 * 2**20) as pool:
        ((_, made),) = pool.map([job(tmp_path / "a.jpg", 1, tmp_path)])
    assert isinstance(made, DecodeFailure)
    assert made.permanent


def test_a_full_disk_stops_the_whole_map(tmp_path, small_disk):
    noise(2400, 1600).save(tmp_path / "a.jpg", quality=95)
    jobs = [job(tmp_path / "a.jpg", n, small_disk) for n in range(4)]
    with DecoderPool(2) as pool, pytest.raises(StorageFullError):
        list(pool.map(jobs))
    remove_orphans(small_disk)  # as each run does first: the others were killed
    assert not list(small_disk.rglob("*.tmp"))


def test_jobs_are_taken_as_workers_become_free(picture, tmp_path):
    """A library of a million contents must not be queued in memory."""
    taken = []

    def jobs():
        for n in range(20):
            taken.append(n)
            yield job(picture, n, tmp_path / "out")

    with DecoderPool(2) as pool:
        for done, _ in enumerate(pool.map(jobs()), start=1):
            assert len(taken) <= done + 4


def test_a_caller_that_stops_early_leaves_no_worker_behind(picture, hanging, tmp_path):
    with DecoderPool(2) as pool:
        for _ in pool.map([hanging, job(picture, 1, tmp_path / "out")]):
            break
    assert workers() == []  # nobody waited for the one that never ends


def test_one_pool_serves_several_maps(picture, tmp_path):
    with DecoderPool(1) as pool:
        for n in range(3):
            ((_, made),) = pool.map([replace(job(picture, n, tmp_path / "out"))])
            assert isinstance(made, Thumbnails)
        assert len(workers()) == 1
