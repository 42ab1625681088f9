from django.db.models import Model


class CacheRouter:
    """Sends the cache table, and nothing else, to the file of its own that the embedded set-up has."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return (db == "cache") == (app_label == "django_cache")
