"""Ports of 127.0.0.1: who listens, which are free."""

import socket
from collections.abc import Mapping

from home_media_pipelines.local.errors import ServiceError


def check_ports(ports: Mapping[str, int]) -> None:
    """Raise ServiceError when a port is taken; `ports` is by the flag that sets it."""
    if len(set(ports.values())) < len(ports):
        raise ServiceError(f"{' and '.join(ports)} must be different ports")
    for flag, port in ports.items():
        if not is_free(port):
            raise ServiceError(
                f"port {port} on 127.0.0.1 is in use by another program: "
                f"choose another with {flag}"
            )


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port: int) -> bool:
    """Whether something listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
