"""One read gives identity and head, and notices a file that changes meanwhile."""

import os

import pytest
from blake3 import blake3

from home_media_pipelines.core.errors import FileChangedError
from home_media_pipelines.core.inventory import hashing
from home_media_pipelines.core.inventory.formats import HEAD_BYTES
from home_media_pipelines.core.inventory.hashing import hash_file, hash_if


@pytest.mark.parametrize("size", [0, 1, HEAD_BYTES, HEAD_BYTES + 1, 9 << 20])
def test_the_content_id_is_the_blake3_of_all_bytes(tmp_path, size):
    """At the borders of head and buffer, and for files hashed on all cores."""
    data = os.urandom(size)
    path = tmp_path / "a.jpg"
    path.write_bytes(data)

    hashed = hash_file(path)

    assert hashed.content_id == blake3(data).hexdigest()
    assert hashed.size == size
    assert hashed.mtime_ns == path.stat().st_mtime_ns
    assert hashed.head == data[:HEAD_BYTES]


def test_an_unwanted_file_is_read_no_further_than_its_head(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"x" * 10_000)
    heads = []
    assert hash_if(path, lambda head: bool(heads.append(head))) is None
    assert heads == [b"x" * HEAD_BYTES]


@pytest.mark.parametrize("change", ["grow", "shrink", "touch"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, change):
    """Else the bytes of two states would make a content that never was."""
    path = tmp_path / "a.mov"
    path.write_bytes(b"x" * 10_000)

    def alter(head):
        if change == "grow":
            with path.open("ab") as file:
                file.write(b"more")
        elif change == "shrink":
            os.truncate(path, 5_000)
        else:
            os.utime(path, ns=(1, 1))
        return True

    with pytest.raises(FileChangedError):
        hash_if(path, alter)


def test_links_and_pipes_are_never_opened_as_files(tmp_path):
    """A pipe named .jpg must not hang the scan, a link must not lead away."""
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("link.jpg", "pipe.jpg"):
        with pytest.raises(OSError, match=name):
            hash_file(tmp_path / name)


def test_files_of_every_buffer_fill_are_hashed_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(hashing, "_BUFFER_BYTES", 7)
    path = tmp_path / "a"
    path.write_bytes(bytes(range(256)) * 40)
    assert hash_file(path).content_id == blake3(path.read_bytes()).hexdigest()
