from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_delete, pre_migrate, pre_save


class CoreConfig(AppConfig):
    name = "elearn.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from elearn.core import (
            checks,  # noqa: F401  Registers the system checks.
            files,
        )

        pre_migrate.connect(make_cache_table, sender=self)
        for name in ("Picture", "Handout", "Recording"):
            files.guard(self.get_model(name))
        for name in ("Recording", "RecordingCaptions"):
            post_delete.connect(files.delete_stored_file, sender=self.get_model(name))
            pre_save.connect(files.delete_replaced_file, sender=self.get_model(name))


def make_cache_table(verbosity: int = 1, **kwargs: object) -> None:
    """Migrations already use the cache, so its table comes before them. Does nothing when it is there."""
    for database in settings.DATABASES:
        call_command("createcachetable", database=database, verbosity=0)
