"""What is wrong with settings, a sentence for each; values are not repeated."""

from collections.abc import Iterable, Mapping
from typing import Any

_FOLLOWS = "default_factory_not_called"
"""pydantic's word for a default that is made of another setting, which is wrong."""


def complain(
    errors: Iterable[Mapping[str, Any]], *, prefix: str, flags: Mapping[str, object]
) -> str:
    """Return what is wrong with settings, and what only follows from that not.

    Args:
        errors: as pydantic lists them.
        prefix: of the variables.
        flags: fields that flags have set.
    """
    return "; ".join(
        f"{_name(wrong, prefix, flags)}: {_fault(wrong)}"
        for wrong in errors
        if wrong["type"] != _FOLLOWS
    )


def _name(wrong: Mapping[str, Any], prefix: str, flags: Mapping[str, object]) -> str:
    field = str(wrong["loc"][0])
    if field in flags:
        return f"--{field.replace('_', '-')}"
    name = field.upper()
    return name if name.startswith(prefix) else prefix + name


def _fault(wrong: Mapping[str, Any]) -> str:
    if wrong["type"] == "literal_error":
        return f"should be {wrong['ctx']['expected'].replace(chr(39), '')}"
    message = str(wrong["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
