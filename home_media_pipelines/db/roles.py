"""The role under which the API reads: it sees the gallery and writes curation."""

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from home_media_pipelines.db.connect import SCHEMA, connect, lock
from home_media_pipelines.db.errors import RoleError


def ensure_api_role(url: str, password: str) -> str:
    """Make or refresh the login role `<database>_api`; return a URL that uses it.

    The role may select from schema `gallery`, select from `curation` and insert into
    `curation.events`. It has no right on any table. The password reaches the server
    hashed.

    Raises:
        RoleError: this connection's role may not create roles.
    """
    try:
        with connect(url) as conn:
            lock(conn, SCHEMA)
            role = f"{conn.info.dbname}_api"
            _create(conn, role, password)
            _grant(conn, role)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleError(f"the API's role cannot be made: {error}") from error
    return _with_login(url, role, password)


def _create(conn: psycopg.Connection, role: str, password: str) -> None:
    known = conn.execute(
        "select from pg_roles where rolname = %(role)s", {"role": role}
    ).fetchone()
    secret = conn.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    statement = (
        SQL("create role {} login password {}")
        if known is None
        else SQL("alter role {} login password {}")
    )
    conn.execute(statement.format(Identifier(role), Literal(secret)))


def _grant(conn: psycopg.Connection, role: str) -> None:
    for statement in (
        SQL("grant usage on schema gallery, curation to {}"),
        SQL("grant select on all tables in schema gallery, curation to {}"),
        SQL(
            "grant insert (image_id, field, value, said_by, undoes)"
            " on curation.events to {}"
        ),
        SQL("alter role {} set work_mem = '64MB'"),  # filters hash many ids
    ):
        conn.execute(statement.format(Identifier(role)))


def _with_login(url: str, role: str, password: str) -> str:
    """Return the same address, URL or `key=value` form, with another login."""
    if "://" not in url:
        return make_conninfo(url, user=role, password=password)
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))
