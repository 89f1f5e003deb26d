"""Ended processes, where nobody buries them and where they go on."""

import subprocess

import psutil

from home_media_pipelines.local.server import orphan_processes


def test_nobody_waits_for_a_process_that_only_its_parent_can_bury():
    """In a container without an init, each start and stop would take a minute."""
    with subprocess.Popen(["true"]) as child:
        dead = psutil.Process(child.pid)
        assert orphan_processes.wait([dead], 60) == []
        assert dead.status() == psutil.STATUS_ZOMBIE


def test_who_has_not_ended_in_time_is_named():
    ourselves = psutil.Process()
    assert orphan_processes.wait([ourselves], 0) == [ourselves]
