"""Locks are told apart by numbers, and the numbers are the order."""

import psycopg
import pytest

from home_media_pipelines.db.locks import Lock, index_lock, lock, try_lock_index


def test_no_two_locks_are_one() -> None:
    """Counting and the taxonomy once waited for each other, as both were 5."""
    assert {it.name: it.value for it in Lock} == {
        "INVENTORY": 1,
        "GROUPING": 2,
        "SCHEMA": 3,
        "ANALYSES": 4,
        "COUNTS": 5,
        "BACKLOG": 6,
        "TAXONOMY": 7,
    }
    assert len(Lock.__members__) == len(list(Lock))


def test_several_are_taken_in_order_whatever_order_they_are_named_in(
    database_url: str,
) -> None:
    with (
        psycopg.connect(database_url) as first,
        psycopg.connect(database_url) as second,
    ):
        lock(first, Lock.INVENTORY)
        second.execute("set lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            lock(second, Lock.COUNTS, Lock.INVENTORY)
        second.rollback()
        lock(first, Lock.COUNTS)  # the other had not begun at the far end


def test_an_index_is_built_by_one_and_dropped_by_nobody_meanwhile(
    database_url: str,
) -> None:
    with (
        psycopg.connect(database_url, autocommit=True) as first,
        psycopg.connect(database_url, autocommit=True) as second,
    ):
        with index_lock(first, "one") as held:
            assert held
            with index_lock(second, "one") as also:
                assert not also
            with index_lock(second, "two") as other:
                assert other
            assert not try_lock_index(second, "one")
        assert try_lock_index(second, "one")
