"""What runs write to the console of their process: JSON lines, if the settings say so.

Dagster's services take `--log-format json`; its runs know only the coloured one.
"""

import logging

import dagster as dg
from dagster import _loggers

from home_media_pipelines.core.logs import formatter

_SHOWN = ("run_id", "job_name", "op_name", "step_key")


class _RunHandler(logging.StreamHandler):
    """Writes the message as it was given, with run, job and step beside it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        meta = getattr(record, "dagster_meta", None) or {}
        line = logging.LogRecord(
            record.name,
            record.levelno,
            record.pathname,
            record.lineno,
            meta.get("orig_message") or record.getMessage(),
            None,
            record.exc_info,
        )
        line.created = record.created
        line.__dict__.update(
            {key: meta[key] for key in _SHOWN if meta.get(key) is not None}
        )
        super().emit(line)


def _make(context: dg.InitLoggerContext) -> logging.Logger:
    config = context.logger_config or {}
    logger = logging.getLoggerClass()(
        config.get("name", "dagster"), config.get("log_level", "INFO")
    )
    handler = _RunHandler()
    handler.setFormatter(formatter("json", "run"))
    logger.addHandler(handler)
    return logger


json_lines = dg.LoggerDefinition(
    _make,
    config_schema={
        "log_level": dg.Field(str, is_required=False),
        "name": dg.Field(str, is_required=False),
    },
    description="One JSON object a line.",
)


def use_json() -> None:
    """Let runs of this process write JSON lines, unless their configuration differs."""
    _loggers.colored_console_logger = json_lines  # there is no setting for it
