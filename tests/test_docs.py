"""The docs tell the truth: what is generated is fresh, what is shown runs."""

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from home_media_pipelines.local.server.postgres import EmbeddedPostgres
from home_media_pipelines.settings import Settings
from script import docs, metadata_page

STALE = "run script/docs"


def test_the_readme_lists_today_s_commands_and_settings() -> None:
    text = docs.README.read_text()
    assert text == docs.readme(text), STALE


def test_the_page_of_commands_is_today_s_help() -> None:
    assert docs.CLI.read_text() == docs.cli(), STALE


def test_the_page_of_values_is_what_the_tables_say() -> None:
    """Whose word counts is said once, in the code."""
    assert metadata_page.PAGE.read_text() == metadata_page.page(), STALE


def test_every_setting_and_flag_is_described() -> None:
    """An empty cell helps nobody."""
    rows = [*docs.setting_rows(), *docs.command_rows()]
    assert not [row for row in rows if row.endswith(("None |\n", "|  |\n"))]


def test_the_dump_is_what_the_migrations_make(
    postgres: EmbeddedPostgres, database_url: str
) -> None:
    assert docs.SCHEMA.read_text() == docs.schema(postgres, database_url), STALE


@pytest.mark.parametrize("name", ["MODELS", "DEVICE", "LOG_FORMAT", "LOG_LEVEL"])
def test_the_readme_says_what_a_choice_may_be(name: str) -> None:
    (row,) = [it for it in docs.setting_rows() if f"`HOME_MEDIA_{name}`" in it]
    words = get_args(Settings.model_fields[name.lower()].annotation)
    assert words
    assert all(f"`{word}`" in row for word in words)


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_the_readme_s_snippet_runs(tmp_path: Path) -> None:
    """It is the first thing that somebody pastes."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Larkspur", "L2"
    Image.new("RGB", (64, 48)).save(tmp_path / "a.jpg", exif=exif)
    (tmp_path / "empty.jpg").touch()
    (snippet,) = re.findall(r"```python\n(.*?)```", docs.README.read_text(), re.S)
    names: dict[str, object] = {}

    exec(snippet.replace("/mnt/nas/photos", str(tmp_path)), names)

    assert names["photos_per_camera"].to_dict() == {("Larkspur", "L2"): 1}
    assert list(names["unreadable"]["path"]) == ["empty.jpg"]


def test_every_link_leads_to_a_file() -> None:
    pages = [*docs.REPOSITORY.glob("*.md"), *docs.REPOSITORY.glob("docs/**/*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken
