"""How a line of a log looks: for a person, or as one JSON object."""

import logging
from datetime import UTC, datetime
from typing import Literal

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

Style = Literal["console", "json"]
Level = Literal["debug", "info", "warning", "error"]


def formatter(style: Style, service: str) -> logging.Formatter:
    """Return what formats records of `logging`, whoever wrote them.

    In JSON: `timestamp` (UTC), `level`, `logger`, `service`, `event`, what was given as
    `extra`, and `exception`. The keys are those that Dagster's own services use.
    """

    def name_service(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {**line, "service": service}

    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _add_time,
    ]
    last: list[Processor] = (
        [
            name_service,
            structlog.processors.format_exc_info,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
        if style == "json"
        else [
            ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
    return ProcessorFormatter(foreign_pre_chain=shared, processors=last)


def install(style: Style, level: Level, service: str) -> None:
    """Let all of this process's logs go to stderr in this style."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(style, service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def _add_time(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Add when the record was made, which is not when it is written."""
    made = datetime.fromtimestamp(line["_record"].created, UTC)
    line["timestamp"] = made.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return line
