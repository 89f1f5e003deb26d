"""What commands print arrives whole, and nothing is lost with whoever listened."""

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from home_media_pipelines.local.commands import console

LONG = "photos/2024/a folder with a long name/" + "picture-" * 20 + "end.jpg"
TABLE = """\
import sys
from home_media_pipelines.local.commands import console
cells = sys.argv[1:]
console.print_table(("file", "reason")[: len(cells)], [cells])
"""


def printed(*cells: str, **environment: str) -> str:
    """A table with a row of these cells."""
    return subprocess.run(
        [sys.executable, "-c", TABLE, *cells],
        env={"PATH": "/usr/bin", "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("environment", [{}, {"COLUMNS": "60"}, {"TERM": "dumb"}])
def test_a_piped_table_has_one_whole_line_a_row(environment):
    """It goes to `grep` and `xargs`: a name that is cut off names nothing."""
    heading, row = printed(LONG, "no picture " * 30 + "!", **environment).splitlines()
    assert heading.split() == ["file", "reason"]
    assert row.startswith(LONG)
    assert row.endswith("!")


def test_on_a_terminal_what_is_long_is_folded():
    shown = printed(LONG, COLUMNS="60", FORCE_COLOR="1", TERM="xterm")
    _, *lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 60
    assert re.sub(r"\s", "", "".join(lines)) == LONG.replace(" ", "")


def test_a_name_cannot_pretend_to_be_a_row():
    """File names are hostile input, and may hold line ends."""
    _, row = printed("a.jpg\nb.jpg   fine").splitlines()
    assert row == "a.jpg\\nb.jpg   fine"


@pytest.mark.parametrize("tell", [console.note, console.fail])
def test_a_full_disk_behind_stderr_does_not_end_the_work(monkeypatch, tell):
    """`home-media up 2> log` runs for months."""
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closed below
    with pytest.raises(OSError, match="space"):
        print("a line", file=full)
    monkeypatch.setattr(console, "err", Console(file=full))
    tell("the database had died; it runs again")
    with suppress(OSError):
        full.close()
