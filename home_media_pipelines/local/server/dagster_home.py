"""What Dagster's processes find in their home and in their environment."""

from pathlib import Path

from home_media_pipelines.local.server.databases import Databases
from home_media_pipelines.settings import Settings


def prepare(settings: Settings, databases: Databases) -> dict[str, str]:
    """Make `<state>/dagster`; return the variables that lead there.

    They go on top of the environment of every process that runs Dagster code, our own
    included. A thousand events are written per connection instead of one: without
    that a run over many folders takes four times as long.
    """
    home = settings.state / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    instance, here = _instance_file().read_bytes(), home / "dagster.yaml"
    if not here.exists() or here.read_bytes() != instance:  # of an image: read-only
        here.write_bytes(instance)
    return {
        **settings.environment(),
        "HOME_MEDIA_DATABASE_URL": databases.home_media,
        "HOME_MEDIA_DAGSTER_DATABASE_URL": databases.dagster,
        "DAGSTER_HOME": str(home),
        "DAGSTER_EVENT_BATCH_SIZE": "1000",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "PYTHONUNBUFFERED": "1",
    }


def write_workspace(home: Path, port: int) -> Path:
    """Write the workspace that points to our code server on `port`; return its path."""
    workspace = home / "workspace.yaml"
    workspace.write_text(
        "load_from:\n"
        "  - grpc_server:\n"
        "      host: 127.0.0.1\n"
        f"      port: {port}\n"
        "      location_name: home_media\n"
    )
    return workspace


def _instance_file() -> Path:
    """Return `dagster.yaml` of the checkout, or the copy inside an installed wheel."""
    packaged = Path(__file__).with_name("dagster.yaml")
    return packaged if packaged.exists() else Path(__file__).parents[3] / packaged.name
