from typing import Any

from django.apps import apps as all_apps
from django.apps.registry import Apps

from elearn.people.domain import erasure, notices
from elearn.people.models import User


def keep_account(user: User, **kwargs: Any) -> None:
    """Whoever logs in uses the account: a warning that it would be erased is taken back."""
    erasure.keep_after_login(user)


def make_first_notice(using: str = "default", apps: Apps = all_apps, **kwargs: object) -> None:
    """Write the notice that comes with the product, unless only some migrations have run so far."""
    if using == "default" and "privacynotice" in apps.all_models["people"]:
        notices.ensure_first_notice()
