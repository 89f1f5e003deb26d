"""Events between connections: who waits for whom, by the word of Postgres."""

from concurrent.futures import Future

import psycopg


def until_blocked(url: str, running: Future[object]) -> bool:
    """Return once some connection to this database waits for a lock.

    False if what runs ended without ever having to wait.
    """
    query = """
        select count(*) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'
    """
    with psycopg.connect(url, autocommit=True) as watch:
        while not running.done():
            if watch.execute(query).fetchone() != (0,):
                return True
    return False
