"""Dagster's storage in Postgres over kept connections.

Dagster opens a connection for every event it stores, which costs more than storing it;
only its webserver keeps some. With this storage every process does.
"""

from collections.abc import Mapping
from typing import Any

from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_engine, pg_url_from_config

KEPT = 2
MOST = 32
RECYCLE_SECONDS = 300


class PooledPostgresStorage(DagsterPostgresStorage):
    """Dagster's own storage of runs, events and schedules, with a pool under each.

    A kept connection is tried before it is used, so that a database that was restarted
    meanwhile does no harm.
    """

    def __init__(
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,
        inst_data: ConfigurableClassData | None = None,
    ) -> None:
        super().__init__(postgres_url, should_autocreate_tables, inst_data)
        for storage in (
            self._run_storage,
            self._event_log_storage,
            self._schedule_storage,
        ):
            storage._engine = create_pg_engine(  # there is no setting for it
                postgres_url,
                isolation_level="AUTOCOMMIT",
                pool_size=KEPT,
                max_overflow=MOST - KEPT,
                pool_recycle=RECYCLE_SECONDS,
                pool_pre_ping=True,
            )

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
