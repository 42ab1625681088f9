"""How gunicorn serves the site: `gunicorn --config python:elearn.gunicorn_settings elearn.wsgi`.

`manage.py start` and a service of one's own say the same thing by it. What the operator chooses comes from the site's
settings; options of the command line win over this.
"""

import os
import shutil
from logging.config import DictConfigurator
from typing import Any

from django.conf import settings
from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")

bind = f"{settings.BIND}:{settings.PORT}"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 8
control_socket_disable = True
loglevel = "warning"


class ServerLog(Logger):
    """gunicorn's own lines in the form of all others: one of them names the address of a visitor."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        form = dict(settings.LOGGING["formatters"][settings.LOG_FORMAT])
        for handler in self.error_log.handlers:
            handler.setFormatter(DictConfigurator(settings.LOGGING).configure_formatter(form))


logger_class = ServerLog


def on_starting(server: object) -> None:
    """Remove what earlier processes counted: the monitor knows that counts begin anew, and files would pile up."""
    if settings.METRICS_TOKEN:
        shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
        settings.METRICS_DIR.mkdir(parents=True, exist_ok=True)
