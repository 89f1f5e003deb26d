"""What runs and sensors write to their console: JSON lines, if the settings say so.

Dagster's services take `--log-format json`; these two know only the coloured one.
"""

import logging

import dagster as dg

from home_media_pipelines.instance.dagster_internals import use_console_loggers
from home_media_pipelines.io.logs import formatter

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


def _logger(name: str, level: str | int, service: str) -> logging.Logger:
    logger = logging.getLoggerClass()(name, level)
    handler = _RunHandler()
    handler.setFormatter(formatter("json", service))
    logger.addHandler(handler)
    return logger


def _of_run(context: dg.InitLoggerContext) -> logging.Logger:
    config = context.logger_config or {}
    name, level = config.get("name", "dagster"), config.get("log_level", "INFO")
    return _logger(name, level, "run")


def _of_sensor(name: str, level: str | int) -> logging.Logger:
    return _logger(name, level, "sensor")


json_lines = dg.LoggerDefinition(
    _of_run,
    config_schema={
        "log_level": dg.Field(str, is_required=False),
        "name": dg.Field(str, is_required=False),
    },
    description="One JSON object a line.",
)


def use_json() -> None:
    """Let runs and sensors of this process write JSON lines."""
    use_console_loggers(json_lines, _of_sensor)
