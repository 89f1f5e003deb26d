"""Connections to the home_media database."""

import psycopg


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection:
    """Open a connection that names itself; `with` commits, rolls back and closes it."""
    return psycopg.connect(url, autocommit=autocommit, application_name="home-media")
