"""The logins of a deployment: each may do what its processes do, and no more.

They are made from the URLs that those processes use, after every migration, because
new tables need new grants.
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composable, Identifier, Literal

from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.errors import RoleError
from home_media_pipelines.db.locks import Lock, lock

VECTORS = ("embeddings", "crop_embeddings")
"""Tables that the pipelines build indexes on, which only an owner may."""

MAINTAIN = 17
"""Postgres that can grant ANALYZE and VACUUM."""


@dataclass(frozen=True, slots=True)
class Logins:
    """libpq URLs whose user and password are to be; None is left alone."""

    pipelines: str | None = None
    api: str | None = None
    dagster: str | None = None
    backup: str | None = None


def ensure_logins(url: str, logins: Logins) -> list[str]:
    """Make or refresh logins and what they may do; return their names.

    Args:
        url: libpq URL of the tables' owner, who may make roles.
        logins: of our database, `dagster` of Dagster's own, which is made if missing.

    Raises:
        RoleError: a URL names no user or no password, two name the same user, or the
            owner may not make roles.
    """
    named = {
        "pipelines": logins.pipelines,
        "api": logins.api,
        "dagster": logins.dagster,
        "backup": logins.backup,
    }
    wanted = {kind: _login(kind, it) for kind, it in named.items() if it is not None}
    try:
        with connect(url) as conn:
            lock(conn, Lock.SCHEMA)
            roles = [conn.info.user, *(role for role, _ in wanted.values())]
            if len(set(roles)) < len(roles):
                raise RoleError(f"two logins have the same name: {', '.join(roles)}")
            for role, password in wanted.values():
                _create(conn, role, password)
            ours = [role for kind, (role, _) in wanted.items() if kind != "dagster"]
            _close(conn, conn.info.dbname, *ours)
            if "pipelines" in wanted:
                _grant_pipelines(conn, wanted["pipelines"][0])
            if "api" in wanted:
                _grant_api(conn, wanted["api"][0])
            if "backup" in wanted:
                _grant_backup(conn, wanted["backup"][0])
        if logins.dagster is not None:
            readers = [wanted["backup"][0]] if "backup" in wanted else []
            _give_database(url, logins.dagster, wanted["dagster"][0], readers)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleError(f"the logins cannot be made: {error}") from error
    return [role for role, _ in wanted.values()]


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
            lock(conn, Lock.SCHEMA)
            role = f"{conn.info.dbname}_api"
            _create(conn, role, password)
            _grant_api(conn, role)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleError(f"the API's role cannot be made: {error}") from error
    return _with_login(url, role, password)


def _login(kind: str, url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    if not parts.username or not parts.password:
        raise RoleError(f"the URL of the {kind} login names no user or no password")
    return unquote(parts.username), unquote(parts.password)


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


def _close(conn: psycopg.Connection, database: str, *roles: str) -> None:
    """Let nobody into a database but its owner and these roles."""
    name = Identifier(database)
    conn.execute(SQL("revoke all on database {} from public").format(name))
    for role in roles:
        conn.execute(
            SQL("grant connect on database {} to {}").format(name, Identifier(role))
        )


def _grant_pipelines(conn: psycopg.Connection, role: str) -> None:
    """Every table is theirs to fill, none to change; what a person said is not.

    Of that they read the latest word on each field, not who said what when.
    """
    maintain = SQL(", maintain")
    if conn.info.server_version < MAINTAIN * 10_000:
        maintain = SQL("")
    names = {
        "role": Identifier(role),
        "database": Identifier(conn.info.dbname),
        "maintain": maintain,
    }
    _run(
        conn,
        names,
        SQL("grant temporary on database {database} to {role}"),
        SQL("grant usage, create on schema public to {role}"),
        SQL("grant usage on schema gallery, curation to {role}"),
        SQL("grant select on all tables in schema gallery to {role}"),
        SQL("revoke select on all tables in schema curation from {role}"),
        SQL("grant select on curation.image_values to {role}"),
        SQL(
            "grant select, insert, update, delete{maintain}"
            " on all tables in schema public to {role}"
        ),
        SQL("revoke insert, update, delete on alembic_version from {role}"),
        SQL("grant usage, select on all sequences in schema public to {role}"),
        SQL("grant execute on all functions in schema public to {role}"),
    )
    for table in VECTORS:
        _own(conn, table, role)


def _own(conn: psycopg.Connection, table: str, role: str) -> None:
    """Hand a table over, once: that waits for everybody who is at work in it."""
    owner = conn.execute(
        "select pg_get_userbyid(relowner) from pg_class"
        " where oid = to_regclass(%(table)s)",
        {"table": table},
    ).fetchone()
    if owner != (role,):
        conn.execute(
            SQL("alter table {} owner to {}").format(
                Identifier(table), Identifier(role)
            )
        )


def _grant_api(conn: psycopg.Connection, role: str) -> None:
    _run(
        conn,
        {"role": Identifier(role)},
        SQL("grant usage on schema gallery, curation to {role}"),
        SQL("grant select on all tables in schema gallery, curation to {role}"),
        SQL(
            "grant insert (image_id, field, value, said_by, undoes)"
            " on curation.events to {role}"
        ),
        SQL("alter role {role} set work_mem = '64MB'"),  # filters hash many ids
    )


def _grant_backup(conn: psycopg.Connection, role: str) -> None:
    """It reads everything, and notes which backups it made."""
    _run(
        conn,
        {"role": Identifier(role)},
        SQL("grant pg_read_all_data to {role}"),
        SQL("grant insert, update, delete on backups to {role}"),
    )


def _give_database(url: str, dagster: str, role: str, readers: list[str]) -> None:
    """Make Dagster's database its login's own, and let nobody else write there."""
    database = urlsplit(dagster).path.strip("/")
    name = Identifier(database)
    with connect(url, autocommit=True) as conn:
        known = conn.execute(
            "select from pg_database where datname = %(database)s",
            {"database": database},
        ).fetchone()
        if known is None:
            conn.execute(SQL("create database {}").format(name))
        conn.execute(
            SQL("alter database {} owner to {}").format(name, Identifier(role))
        )
        conn.execute(  # its events may lose a second in a crash
            SQL("alter database {} set synchronous_commit = off").format(name)
        )
        _close(conn, database, role, *readers)


def _run(
    conn: psycopg.Connection, names: dict[str, Composable], *statements: SQL
) -> None:
    for statement in statements:
        conn.execute(statement.format(**names))


def _with_login(url: str, role: str, password: str) -> str:
    """Return the same address, URL or `key=value` form, with another login."""
    if "://" not in url:
        return make_conninfo(url, user=role, password=password)
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{address}"))
