import logging
from typing import Any


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in the form `line` or `json`. docs/operating.md explains it."""
    # What Python warns of would otherwise stand between the lines in a form of its own.
    logging.captureWarnings(form == "json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "elearn.core.logs.LineFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "elearn.core.logs.JsonFormatter"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # xhtml2pdf and fontTools report every step of every page at INFO.
            **{name: {"level": "WARNING"} for name in ("xhtml2pdf", "fontTools", "svglib", "PIL", "django_tasks")},
            # A line for every request is for machines; on a terminal it would hide what matters.
            "elearn.requests": {"level": level if form == "json" else "WARNING"},
            # Django's own handlers would write past the formatter, which blots out people.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Every task that comes and goes, and every sweep, at INFO; failures are written all the same.
            "celery": {"level": "WARNING"},
        },
    }
