from django.apps import AppConfig
from django.apps import apps as all_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "elearn.portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from elearn.portal.domain import cohort_trail
        from elearn.portal.views.cohorts import register_tabs

        post_migrate.connect(make_first_pages, sender=self)
        cohort_trail.register()
        register_tabs()


def make_first_pages(using: str = "default", apps: Apps = all_apps, **kwargs: object) -> None:
    """Make the home page and the catalogue, unless only some packages have been migrated so far."""
    # Imported here: models can only be imported once the registry of apps is full.
    from elearn.portal.domain.rights import ensure_cms_rights
    from elearn.portal.domain.site import ensure_site

    if using == "default" and "homepage" in apps.all_models["portal"]:
        ensure_site()
        ensure_cms_rights()
