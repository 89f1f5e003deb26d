"""Decoders on real files: every class of outcome that was established for them."""

import json
from pathlib import Path

import pytest

from home_media_pipelines.core.errors import BombError, DecodeError
from home_media_pipelines.core.inventory.formats import sniff
from home_media_pipelines.core.pictures.render import Rendered, render

WHOLE = {"image", "image_needs_jxl_decoder", "video"}
IN_PART = {"damaged_but_partly_decodable", "raw_preview_only"}


def facts(media: Path, name: str) -> dict[str, dict[str, object]]:
    read = json.loads((media / "facts" / f"{name}.json").read_text())
    return read.get("files", read)


def show(path: Path) -> Rendered:
    with path.open("rb") as file:
        found = sniff(file.read(4096), path.name)
    return render(path, found.name if found else "unknown")


def of_class(media: Path, *classes: str) -> list[Path]:
    known = facts(media, "decode").items()
    return [
        media / "library" / name for name, fact in known if fact["class"] in classes
    ]


def test_every_whole_picture_and_video_is_shown(media):
    failed = {}
    for path in of_class(media, *WHOLE):
        try:
            show(path)
        except DecodeError as error:
            failed[path] = error.reason
    assert failed == {}


def test_what_is_damaged_or_only_a_preview_is_shown_with_a_warning(media):
    paths = of_class(media, *IN_PART)
    assert paths
    for path in paths:
        assert show(path).warning, path


def test_the_rest_is_refused_for_good_and_says_why(media):
    refused = ("junk", "undecodable", "empty", "raw_undecodable", "vector", "bomb")
    for path in of_class(media, *refused):
        with pytest.raises(DecodeError) as caught:
            show(path)
        assert caught.value.permanent, path
        assert caught.value.reason, path


def test_a_bomb_is_called_one(media):
    (path,) = of_class(media, "bomb")
    with pytest.raises(BombError, match="20000 × 20000"):
        show(path)


def test_every_picture_stands_upright(media):
    for name, fact in facts(media, "upright").items():
        made = show(media / "library" / name)
        assert [made.width, made.height] == fact["upright_size"], name


def test_metadata_that_say_an_orientation_do_not_turn_a_turned_heic_again(media):
    for name, fact in facts(media, "upright").items():
        if "irot in the file" in str(fact["rule"]):
            path = media / "library" / name
            made = render(path, "heic", 6)
            assert [made.width, made.height] == fact["upright_size"], name
