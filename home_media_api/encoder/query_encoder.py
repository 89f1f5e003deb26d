"""Keeps the network of the active producer ready beside requests.

It is loaded in a thread of its own; while another one is being loaded the old one
answers on.
"""

import logging
import threading
import time

from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from home_media_api.encoder.network import EncoderNetwork, Open, for_people
from home_media_api.queries import embedders
from home_media_api.queries.embedders import Embedder
from home_media_pipelines.core.errors import HomeMediaError

PATIENCE = 2.0
"""Seconds a search waits for the network while it is being loaded."""

NOBODY = "No model has looked at the pictures yet."
_AGAIN = 30.0
_LOADING = "The model is being loaded; ask again in a moment."
logger = logging.getLogger(__name__)


class QueryEncoder:
    """Keeps the network of the active producer loaded, or says why there is none."""

    def __init__(self, open_network: Open, *, patience: float = PATIENCE) -> None:
        self._open, self._patience = open_network, patience
        self._network: EncoderNetwork | None = None
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

    def reason(self, active: Embedder | None) -> str | None:
        """Why meaning cannot be searched now, for people; None if it can."""
        if active is None:
            return NOBODY
        self._begin(active)
        with self._changed:
            if self._network is not None and self._network.embedder == active:
                return None
            if self._failed is not None and self._failed[0] == active:
                return self._failed[1]
        return _LOADING

    def network(self, active: Embedder | None) -> EncoderNetwork | None:
        """The network of this producer, or the last one while it is being loaded.

        Waits a little for the first one. None if there is none: see `reason`.
        """
        if active is None:
            return None
        self._begin(active)
        with self._changed:
            if self._network is None:
                self._changed.wait_for(
                    lambda: self._loading is None, timeout=self._patience
                )
            network = self._network
            failed = self._failed is not None and self._failed[0] == active
        if network is None or (failed and network.embedder != active):
            return None
        return network

    def _begin(self, active: Embedder | None) -> None:
        """Load a network in the background, unless it is there or has just failed."""
        with self._changed:
            there = self._network is not None and self._network.embedder == active
            failed = self._failed
            lately = (
                failed is not None
                and failed[0] == active
                and time.monotonic() < failed[2]
            )
            if active is None or there or lately or self._loading is not None:
                return
            self._loading = active
        threading.Thread(target=self._load, args=[active], daemon=True).start()

    def _load(self, active: Embedder) -> None:
        network, failed = None, None
        try:
            network = EncoderNetwork(active, self._open)
        except Exception as error:
            reason = for_people(active.model, error)
            failed = (active, reason, time.monotonic() + _AGAIN)
            if not isinstance(error, HomeMediaError):
                logger.exception("the text model cannot be loaded")
        finally:
            with self._changed:
                self._loading = None
                self._failed = failed
                self._network = self._network if network is None else network
                self._changed.notify_all()
