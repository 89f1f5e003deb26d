"""Becomes another program that is told to end when its parent dies.

Run as `python tether.py PARENT_PID PROGRAM ARGUMENT…`. Linux tells a child of its
parent's death if it asks. Elsewhere the next `home-media up` ends what is left.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Ask to be told, make sure it is not too late, become the program."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the process that started this one is gone")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # may be inherited as ignored
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
