"""Which agents there are: what the file of the settings says, read when it changes."""

from functools import lru_cache
from pathlib import Path

from home_media_pipelines.core.operations.agents import Agent, parse_agents
from home_media_pipelines.settings import load_settings


def known_agents() -> tuple[Agent, ...]:
    """Return the agents of this installation; none where there is no file.

    Raises:
        AgentError: something in the file cannot be; it says what.
        SettingsError: a setting is unknown or malformed.
    """
    path = load_settings().agents
    try:
        now = path.stat()
    except FileNotFoundError:
        return ()
    return _read(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=1)
def _read(path: Path, _mtime_ns: int, _size: int) -> tuple[Agent, ...]:
    return parse_agents(path.read_text())
