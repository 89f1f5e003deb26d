"""Keeps the networks' libraries from calling home, installing packages, and talking."""

import atexit
import os
import shutil
import tempfile

_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",  # else a missing file is asked for, six times, for 40 s
    "TRANSFORMERS_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",  # it warns when a process forks afterwards
    "ULTRALYTICS_SAFE_LOAD": "1",  # a checkpoint is a pickle: else it may run anything
    "YOLO_AUTOINSTALL": "0",
    "YOLO_OFFLINE": "1",  # no events, no update checks, no probe of the connection
    "YOLO_VERBOSE": "0",
}


def quiet() -> None:
    """Set what the libraries read from the environment when they are imported.

    Must come before the first import of any of them. Ultralytics writes settings
    somewhere: into a directory that goes with this process, unless one is set.
    """
    os.environ.update(_QUIET)
    if "YOLO_CONFIG_DIR" not in os.environ:
        directory = tempfile.mkdtemp(prefix="home-media-ultralytics-")
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        os.environ["YOLO_CONFIG_DIR"] = directory
