"""Keeps the network of the active producer ready beside requests.

It is loaded in a thread of its own; while another one is being loaded the old one
answers on.
"""

import logging
import threading
import time

from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from home_media_api.queries import embedders
from home_media_api.queries.embedders import Embedder
from home_media_api.reader import Open, Reader, for_people
from home_media_pipelines.core.errors import HomeMediaError

PATIENCE = 2.0
"""Seconds a search waits for the network while it is being loaded."""

NOBODY = "No model has looked at the pictures yet."
_AGAIN = 30.0
_LOADING = "The model is being loaded; ask again in a moment."
logger = logging.getLogger(__name__)


class Meaning:
    """Keeps the network of the active producer loaded, or says why there is none."""

    def __init__(self, open_network: Open, *, patience: float = PATIENCE) -> None:
        self._open, self._patience = open_network, patience
        self._reader: Reader | None = None
        self._failed: tuple[Embedder, str, float] | None = None
        self._loading: Embedder | None = None
        self._changed = threading.Condition()

    def warm(self, pool: ConnectionPool[Connection]) -> None:
        """Begin to load the network before anyone asks, once the database answers."""
        threading.Thread(target=self._warm, args=[pool], daemon=True).start()

    def _warm(self, pool: ConnectionPool[Connection]) -> None:
        try:
            with pool.connection() as conn:
                self._begin(embedders.active(conn))
        except (PoolTimeout, embedders.Unreadable) as error:
            logger.info("no model yet: %s", type(error).__name__)

    def reason(self, wanted: Embedder | None) -> str | None:
        """Why meaning cannot be searched now, for people; None if it can."""
        if wanted is None:
            return NOBODY
        self._begin(wanted)
        with self._changed:
            if self._reader is not None and self._reader.embedder == wanted:
                return None
            if self._failed is not None and self._failed[0] == wanted:
                return self._failed[1]
        return _LOADING

    def reader(self, wanted: Embedder | None) -> Reader | None:
        """The network of this producer, or the last one while it is being loaded.

        Waits a little for the first one. None if there is none: see `reason`.
        """
        if wanted is None:
            return None
        self._begin(wanted)
        with self._changed:
            if self._reader is None:
                self._changed.wait_for(
                    lambda: self._loading is None, timeout=self._patience
                )
            reader = self._reader
            failed = self._failed is not None and self._failed[0] == wanted
        if reader is None or (failed and reader.embedder != wanted):
            return None
        return reader

    def _begin(self, wanted: Embedder | None) -> None:
        """Load a network in the background, unless it is there or has just failed."""
        with self._changed:
            there = self._reader is not None and self._reader.embedder == wanted
            failed = self._failed
            lately = (
                failed is not None
                and failed[0] == wanted
                and time.monotonic() < failed[2]
            )
            if wanted is None or there or lately or self._loading is not None:
                return
            self._loading = wanted
        threading.Thread(target=self._load, args=[wanted], daemon=True).start()

    def _load(self, wanted: Embedder) -> None:
        reader, failed = None, None
        try:
            reader = Reader(wanted, self._open)
        except Exception as error:
            reason = for_people(wanted.model, error)
            failed = (wanted, reason, time.monotonic() + _AGAIN)
            if not isinstance(error, HomeMediaError):
                logger.exception("the text model cannot be loaded")
        finally:
            with self._changed:
                self._loading = None
                self._failed = failed
                self._reader = self._reader if reader is None else reader
                self._changed.notify_all()
