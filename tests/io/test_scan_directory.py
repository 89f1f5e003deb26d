"""Using the project as a library: a directory becomes two tables."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from home_media_pipelines.core.errors import (
    ExifToolMissingError,
    FolderUnreachableError,
)
from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.io.scan_directory import scan_directory

needs_exiftool = pytest.mark.skipif(
    shutil.which("exiftool") is None, reason="ExifTool is not installed"
)


@needs_exiftool
def test_real_pictures_become_tables_that_pandas_reads(media):
    """RAW, Live Photo, edit and broken files of the real library, as a person sees."""
    images, files = scan_directory(
        media / "library",
        include=["RAW/1996 Kodak DC50", "2021", "2018", "_Inbox/broken"],
    )
    pictures = images.to_pandas().set_index("path")
    parts = files.to_pandas().set_index("path")

    train = pictures.loc["2021/2021-04 Live Photo/train.jpg"]
    assert (train.kind, train.taken_at_source) == ("picture", "exif")
    motion = parts.loc["2021/2021-04 Live Photo/train.mov"]
    assert (motion.part, motion.image_id) == ("motion", train.image_id)
    assert parts.loc["2018/2018-09 Airport/IMG_E4120.JPG"].part == "edited"
    assert parts.loc["RAW/1996 Kodak DC50/DC0010S.KDC"].part == "raw"
    assert parts.loc["_Inbox/broken/empty.jpg"].problem == "empty"
    assert parts.loc["_Inbox/broken/scan0001.jpg"].problem == "not a format we know"
    assert images["image_id"].to_pylist() == list(dict.fromkeys(pictures.image_id))

    facts = json.loads((media / "facts" / "exif.json").read_text())["files"]
    for path, row in pictures.iterrows():
        says = facts[unquote_path(path)].get("DateTimeOriginal")
        if says and row.taken_at_source == "exif":
            assert says[:19] == row.taken_at.strftime("%Y:%m:%d %H:%M:%S")


@needs_exiftool
def test_a_directory_without_pictures_gives_empty_tables(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing here")
    images, files = scan_directory(tmp_path)
    assert (images.num_rows, files.num_rows) == (0, 0)
    assert {"image_id", "path", "taken_at", "taken_at_source"} <= set(
        images.column_names
    )


@needs_exiftool
def test_hostile_names_and_undated_files_are_rows_too(tmp_path):
    name = "a\nb\udcff [1].jpg"
    (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 cut")
    images, files = scan_directory(tmp_path, now=datetime(2030, 1, 1, tzinfo=UTC))
    assert [unquote_path(it) for it in files["path"].to_pylist()] == [name]
    assert images["taken_at_source"].to_pylist() == ["mtime"]


def test_a_missing_directory_is_said_clearly(tmp_path):
    with pytest.raises(FolderUnreachableError, match="No such file"):
        scan_directory(tmp_path / "gone")


def test_missing_exiftool_is_said_clearly(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExifToolMissingError):
        scan_directory(tmp_path)
