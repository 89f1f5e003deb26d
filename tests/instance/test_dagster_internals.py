"""Dagster's private names are used in one module, and were read in the version we have.

When Dagster moves: run `.venv/bin/pytest -n0 tests/instance tests/docker`, one file of
the latter at a time. A name that is gone makes the import fail; read Dagster's change
log for it, first look whether a public name does the same by now, and mend
`home_media_pipelines/instance/dagster_internals.py` alone. Then write the version that
you have read into its `READ_IN` and its first lines.
"""

import ast
from importlib.metadata import version
from pathlib import Path

import pytest
from dagster_docker import DockerRunLauncher

from home_media_pipelines.instance import dagster_internals

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for room in ("home_media_pipelines", "home_media_api")
    for path in sorted((ROOT / room).rglob("*.py"))
]
ALONE = Path(dagster_internals.__file__)


def private_imports(path: Path) -> list[str]:
    """The private names of Dagster and its libraries that a file imports."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [f"{node.module}.{name.name}" for name in node.names]
    return [
        name
        for name in found
        if name.startswith("dagster")
        and any(part.startswith("_") for part in name.split("."))
    ]


def test_only_one_module_imports_what_is_private():
    using = {path for path in CODE if private_imports(path)}
    assert using == {ALONE}, f"use what {ALONE.name} offers, or add it there"


def test_the_version_we_have_is_the_one_that_was_read():
    """A patch release may be taken as it is: the tests of each use say if it may."""
    read, ours = (
        it.rpartition(".")[0] for it in (dagster_internals.READ_IN, version("dagster"))
    )
    assert ours == read, __doc__


@pytest.mark.parametrize(
    "name",
    ["_get_client", "_launch_container_with_command", "_get_container", "_instance"],
)
def test_the_launcher_of_containers_has_what_ours_builds_on(name):
    assert hasattr(DockerRunLauncher, name), __doc__
