from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

DEMO_DOMAIN = "demo.example"


def is_local(host: str) -> bool:
    return host in settings.LOCAL_HOSTS or f"[{host}]" in settings.LOCAL_HOSTS


@register(Tags.security)
def demo_stays_local(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """The demo has passwords that everybody knows: refuse it anywhere but on this computer."""
    hosts = [*settings.ALLOWED_HOSTS, settings.BIND, urlsplit(settings.SITE_URL).hostname or ""]
    public = [host for host in hosts if not is_local(host)]
    if settings.DEMO and public:
        return [
            Error(
                f"DEMO=1 together with the public host {', '.join(public)}.",
                hint=(
                    "The demo people have a known password. Unset DEMO, or let ALLOWED_HOSTS, BIND and SITE_URL name "
                    "this computer only."
                ),
                id="elearn.E001",
            )
        ]
    return []


@register(Tags.database)
def demo_people_stay_local(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Refuse to serve demo people from a database that a public host reads."""
    if "default" not in (databases or []) or all(is_local(host) for host in settings.ALLOWED_HOSTS):
        return []
    try:
        people = get_user_model()._default_manager.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True).count()
    except DatabaseError:
        return [Warning("The tables do not exist yet: run `manage.py migrate`.", id="elearn.W002")]
    if people:
        return [
            Error(
                f"This database holds {people} demo people, whose password is known, and the site is public.",
                hint=f"Remove the accounts at {DEMO_DOMAIN} (or make them inactive), or use another database.",
                id="elearn.E002",
            )
        ]
    return []


@register(Tags.security)
def second_step_is_demanded(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Only the demo may open the CMS and other people's data to a password alone."""
    if settings.DEMO or settings.SECOND_FACTOR_DEMANDED:
        return []
    return [
        Error(
            "SECOND_FACTOR_DEMANDED is off.",
            hint="Whoever enters /cms/ or sees other people's data needs a second step; only the demo does without.",
            id="elearn.E003",
        )
    ]


@register(Tags.security)
def attempts_are_counted_together(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A cache of each process for itself would give an attacker as many attempts as there are processes."""
    if settings.CACHES["default"]["BACKEND"].rpartition(".")[2] not in ("LocMemCache", "DummyCache"):
        return []
    if settings.DEMO:
        return []
    return [
        Error(
            "The default cache belongs to one process, so limits on logging in do not hold.",
            hint="Leave CACHE_URL empty (the database), or name a Redis: redis://host:6379/0.",
            id="elearn.E004",
        )
    ]
