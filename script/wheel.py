"""Puts the built gallery and `dagster.yaml` into the wheel, for hatchling."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = {
    "frontend/dist": "home_media_api/gallery",
    "dagster.yaml": "home_media_pipelines/local/server/dagster.yaml",
}


class Hook(BuildHookInterface):
    """A checkout finds both where they are, so an editable install needs neither."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; raise where the gallery has not been built."""
        if version == "editable":
            return
        for source, target in FILES.items():
            path = Path(self.root, source)
            if not path.exists():
                raise FileNotFoundError(f"{path} is missing: run script/build first")
            build_data["force_include"][str(path)] = target
