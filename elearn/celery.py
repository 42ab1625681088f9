import os

from celery import Celery
from celery.signals import before_task_publish, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings")

app = Celery("elearn")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@before_task_publish.connect
def make_broker_folders(**kwargs: object) -> None:
    """Make the folders of the filesystem transport, which does not make them and fails for good where they are gone."""
    from django.conf import settings  # Read late: this module is imported while settings are still being chosen.

    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        for folder in ("queue", "control"):
            (settings.BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
