"""An unreachable library is told from an emptied one."""

import pytest

from home_media_pipelines.core.inventory.roots import check_root


def look(root, **recorded):
    values = {"device": None, "mounted": None, "known_files": 0, **recorded}
    return check_root(root, **values)


def test_a_library_that_is_there_tells_its_device(tmp_path):
    (tmp_path / "a.jpg").touch()
    state = look(tmp_path, known_files=1)
    assert state.reachable
    assert state.device == tmp_path.stat().st_dev
    assert state.mounted is False


def test_a_new_library_may_be_empty(tmp_path):
    assert look(tmp_path).reachable


def test_a_reboot_that_renumbers_devices_is_no_fault(tmp_path):
    (tmp_path / "a.jpg").touch()
    assert look(tmp_path, device=-1, known_files=1, known=["a.jpg"]).reachable


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        ({"mounted": True}, "mounted"),
        ({"device": -1, "known": ["b.jpg", "../a.jpg"]}, "another device"),
    ],
)
def test_another_file_system_in_its_place_is_not_the_library(
    tmp_path, recorded, reason
):
    (tmp_path / "a.jpg").touch()
    state = look(tmp_path, known_files=5, **recorded)
    assert not state.reachable
    assert reason in state.reason


def test_a_missing_or_empty_root_is_unreachable(tmp_path):
    """An unmounted share leaves an empty directory, perhaps with noise in it."""
    (tmp_path / ".DS_Store").touch()
    assert "empty" in look(tmp_path, known_files=1).reason
    assert "does not exist" in look(tmp_path / "gone", known_files=0).reason
    (tmp_path / "file").touch()
    assert not look(tmp_path / "file").reachable


def test_what_was_recorded_is_kept_while_unreachable(tmp_path):
    state = look(tmp_path / "gone", device=42, mounted=True)
    assert (state.device, state.mounted) == (42, True)
