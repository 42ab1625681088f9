import os

from celery import Celery
from celery.signals import before_task_publish, celeryd_init, setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")

TRANSPORT_ALIASES["filesystem"] = "elearn.core.broker:Transport"

app = Celery("elearn")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_web_server(**kwargs: object) -> None:
    """Keep Celery from handlers and levels of its own: its lines, too, say nothing about people."""
    from logging.config import dictConfig

    from django.conf import settings  # Read late: this module is imported while settings are still being chosen.

    dictConfig(settings.LOGGING)


@celeryd_init.connect
@before_task_publish.connect
def make_broker_folders(**kwargs: object) -> None:
    """Make the folders of the filesystem transport, which does not make them and fails for good where they are gone."""
    from django.conf import settings  # Read late: this module is imported while settings are still being chosen.

    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        for folder in ("queue", "control"):
            (settings.BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
