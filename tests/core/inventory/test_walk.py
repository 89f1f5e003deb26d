"""The walk sees every file that is part of a library, by stat alone."""

import os
from functools import partial

import pytest

from home_media_pipelines.core.inventory.paths import unquote_path
from home_media_pipelines.core.inventory.walk import (
    signature,
    summarise,
    walk,
    walk_folder,
)


def put(root, *names: str | bytes) -> None:
    for name in names:
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def listed(root, **options) -> set[str]:
    directories = walk(root, depth=options.pop("depth", 3), **options)
    return {unquote_path(it.path) for part in directories for it in part.files}


def test_noise_of_nas_and_systems_is_left_out(tmp_path):
    put(
        tmp_path,
        "a.jpg",
        "#1 best.jpg",
        "@eaDir/a.jpg/x.jpg",
        "._a.jpg",
        ".DS_Store",
        "Thumbs.db",
        "#recycle/a.jpg",
        "#snapshot/a.jpg",
        ".trash-1000/a.jpg",
        ".hidden/a.jpg",
        "b/@eaDir/a.jpg",
        "b/c.jpg",
    )
    assert listed(tmp_path) == {"a.jpg", "#1 best.jpg", "b/c.jpg"}


def test_symbolic_links_are_never_followed(tmp_path):
    """Neither out of the root nor round in circles."""
    root = tmp_path / "root"
    put(tmp_path, "outside/secret.jpg", "root/a/b.jpg")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "secret.jpg").symlink_to(tmp_path / "outside" / "secret.jpg")
    (root / "a" / "round").symlink_to(root)
    assert listed(root) == {"a/b.jpg"}


def test_the_root_itself_may_be_a_link(tmp_path):
    put(tmp_path, "real/a.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert listed(tmp_path / "link") == {"a.jpg"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"exclude": ["*.png"]}, {"a.jpg", "x/b.jpg", "x/y/c.jpg"}),
        ({"exclude": ["x"]}, {"a.jpg", "d.png"}),
        ({"exclude": ["x/*.jpg"]}, {"a.jpg", "d.png", "x/y/c.jpg"}),
        ({"exclude": ["x/**"]}, {"a.jpg", "d.png"}),
        ({"exclude": ["[ab].jpg"]}, {"d.png", "x/y/c.jpg"}),
        ({"include": ["x/y"]}, {"x/y/c.jpg"}),
        ({"include": ["*.png", "**/c.jpg"]}, {"d.png", "x/y/c.jpg"}),
        ({"include": ["x"], "exclude": ["y"]}, {"x/b.jpg"}),
    ],
)
def test_globs_choose_files_and_whole_directories(tmp_path, options, expected):
    put(tmp_path, "a.jpg", "d.png", "x/b.jpg", "x/y/c.jpg")
    assert listed(tmp_path, **options) == expected


HOSTILE = [
    b"new\nline.jpg",
    b"tab\t.jpg",
    b"dots....jpg",
    b"\xff\xfe.jpg",
    "NFC \u00d6.jpg".encode(),
    "NFD O\u0308.jpg".encode(),
    b" space .jpg",
    b"n" * 251 + b".jpg",
    b'100% [a], "b"*\\.jpg',
]


def test_every_legal_name_is_found_and_leads_back_to_its_file(tmp_path):
    put(tmp_path, *(b"dir\n/" + name for name in HOSTILE))
    found = listed(tmp_path)
    assert {os.fsencode(path) for path in found} == {b"dir\n/" + it for it in HOSTILE}


def test_deep_directories_belong_to_their_ancestor(tmp_path):
    put(tmp_path, "1/2/3/a.jpg", "1/2/3/4/b.jpg", "1/2/3/4/5/c.jpg", "1/d.jpg")
    folders = summarise(walk(tmp_path, depth=3))
    assert set(folders) == {"1", "1/2/3"}
    assert folders["1/2/3"].file_count == 3
    assert [path for path, _ in folders["1/2/3"].directories] == [
        "1/2/3",
        "1/2/3/4",
        "1/2/3/4/5",
    ]


def test_a_folder_needs_a_file_that_may_be_media(tmp_path):
    put(tmp_path, "docs/a.txt", "raw/a.CR3", "plain/noextension", "a.jpg")
    assert set(summarise(walk(tmp_path, depth=3))) == {".", "raw", "plain"}


def test_a_path_too_long_for_a_key_belongs_to_the_ancestor_that_fits(tmp_path):
    long = "ü" * 120
    put(tmp_path, f"{long}/{long}/{long}/{long}/{long}/a.jpg")
    (folder,) = summarise(walk(tmp_path, depth=16))
    assert folder == f"{long}/{long}/{long}"
    (summary,) = summarise(walk_folder(tmp_path, folder, depth=16)).values()
    assert summary.file_count == 1


def test_the_folders_together_are_the_whole_walk(tmp_path):
    """Scanning folder by folder must neither miss a directory nor see one twice."""
    put(tmp_path, "a.jpg", "1/b.jpg", "1/2/c.jpg", "1/2/3/d.jpg", "1/2/3/4/e.jpg")
    whole = summarise(walk(tmp_path, depth=2))
    for path, summary in whole.items():
        parts = list(walk_folder(tmp_path, path, depth=2))
        assert summarise(parts) == {path: summary}
        assert signature(parts) == summary.signature


def test_the_signature_changes_with_any_file(tmp_path):
    put(tmp_path, "a.jpg", "b.txt")

    def now() -> str:
        return summarise(walk(tmp_path, depth=3))["."].signature

    seen = [now()]
    assert now() == seen[0]
    touch = partial(os.utime, tmp_path / "a.jpg", ns=(1, 1))
    for change in (
        touch,
        lambda: (tmp_path / "b.txt").write_bytes(b"longer"),
        lambda: (tmp_path / "a.jpg").rename(tmp_path / "c.jpg"),
        lambda: (tmp_path / "c.jpg").chmod(0o400),
        (tmp_path / "b.txt").unlink,
    ):
        change()
        assert now() not in seen
        seen.append(now())


def test_a_directory_that_cannot_be_listed_is_said_so(tmp_path, monkeypatch):
    """Its files are unknown, not gone; and the others are still seen."""
    put(tmp_path, "a/x.jpg", "b/y.jpg")
    really = os.open

    def refuse(path, *args, **options):
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return really(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    folders = summarise(walk(tmp_path, depth=3))
    assert folders["a"].unreadable == "a: Permission denied"
    assert folders["a"].file_count == 0
    assert folders["b"].unreadable is None


def test_the_real_library_is_seen_without_its_noise(media):
    found = listed(media / "library")
    assert len(found) == 414
    assert not any("@eaDir" in it or "/." in f"/{it}" for it in found)
