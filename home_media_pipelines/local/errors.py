"""What can go wrong on this one machine, each with a sentence a person can act on.

HomeMediaError
└── LocalError            something on this machine stands in the way
    ├── PostgresError     the embedded database cannot be started or stopped
    ├── ServiceError      a service of `home-media up` does not start or stay up
    └── StoppedError      somebody asked to stop before what was begun was done
"""

from home_media_pipelines.core.errors import HomeMediaError


class LocalError(HomeMediaError):
    """Something on this machine stands in the way."""


class PostgresError(LocalError):
    """The embedded database cannot be started or stopped."""


class ServiceError(LocalError):
    """A service of `home-media up` does not start or does not stay up."""


class StoppedError(LocalError):
    """Somebody asked to stop before what was begun was done."""
