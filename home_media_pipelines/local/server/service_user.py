"""The user the embedded Postgres runs as: ourselves, or a powerless one for root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from home_media_pipelines.local.errors import PostgresError

POWERLESS = ("home-media", "nobody")


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """Whom to run Postgres as. `drop` is true when we are root and must step down."""

    name: str
    uid: int
    gid: int
    drop: bool

    def popen_arguments(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that make a child run as this user."""
        if not self.drop:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` itself (not what is below it) to this user."""
        if self.drop:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def service_user(data: Path) -> ServiceUser:
    """Who owns the cluster in `data`, or who shall own it when it is made.

    Postgres refuses to run as root, so root picks `home-media` if that user exists,
    else `nobody`.

    Raises:
        PostgresError: the cluster belongs to somebody we cannot become.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        me = os.geteuid()
        if owner not in (None, me):
            raise PostgresError(
                f"the database in {data} belongs to user {_name(owner)}: start "
                "home-media as that user (or as root), or choose another --state"
            )
        return ServiceUser(_name(me), me, os.getegid(), drop=False)
    for name in (_name(owner),) if owner else POWERLESS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid, drop=True)
    raise PostgresError(
        "Postgres does not run as root, and neither of the users "
        f"{' and '.join(POWERLESS)} exists: start home-media as an ordinary user"
    )


def check_traversable(directory: Path, user: ServiceUser) -> None:
    """Raise PostgresError naming the first parent that `user` may not enter."""
    if not user.drop:
        return
    for parent in reversed((directory, *directory.parents)):
        try:
            entered = subprocess.run(
                ["/bin/sh", "-c", 'cd "$1"', "sh", str(parent)],
                cwd="/",
                stderr=subprocess.DEVNULL,
                check=False,
                **user.popen_arguments(),
            )
        except PermissionError as error:
            raise PostgresError(
                f"root cannot become user {user.name} here ({error.strerror}): "
                "start home-media as an ordinary user"
            ) from error
        if entered.returncode:
            raise PostgresError(
                f"the database runs as user {user.name}, who may not enter {parent}: "
                "choose another directory with --state, for instance "
                "/var/lib/home-media"
            )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
