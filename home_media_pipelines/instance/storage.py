"""Dagster's storage in Postgres over kept connections.

Dagster opens a connection for every event it stores, which costs more than storing it,
and looks for its tables whenever it makes an instance, as a code server does for each
tick of a sensor. With this storage a process does both once.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_engine, pg_url_from_config
from sqlalchemy.engine import Engine

from home_media_pipelines.instance.dagster_internals import (
    ConfigurableClassData,
    use_engine,
)

KEPT = 4
MOST = 96
RECYCLE_SECONDS = 300


class PooledPostgresStorage(DagsterPostgresStorage):
    """Dagster's own storage of runs, events and schedules over one pool per process.

    A kept connection is tried before it is used, so that a database that was restarted
    meanwhile does no harm.
    """

    def __init__(
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,
        inst_data: ConfigurableClassData | None = None,
    ) -> None:
        place = postgres_url, os.getpid()  # a connection is no thing to share by fork
        look_for_tables = should_autocreate_tables and place not in _has_tables
        super().__init__(postgres_url, look_for_tables, inst_data)
        if look_for_tables:
            _has_tables.add(place)
        use_engine(self, _engine(*place))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "PooledPostgresStorage":
        """Make it from what `dagster.yaml` says, which is as for Dagster's own."""
        return cls(
            pg_url_from_config(config_value),
            config_value.get("should_autocreate_tables", True),
            inst_data,
        )


_has_tables: set[tuple[str, int]] = set()


@cache
def _engine(postgres_url: str, _pid: int) -> Engine:
    return create_pg_engine(
        postgres_url,
        isolation_level="AUTOCOMMIT",
        pool_size=KEPT,
        max_overflow=MOST - KEPT,
        pool_recycle=RECYCLE_SECONDS,
        pool_pre_ping=True,
    )
