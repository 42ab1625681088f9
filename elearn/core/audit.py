from django.contrib.auth.base_user import AbstractBaseUser

from elearn.core.models import AuditEvent


def record(*, action: str, actor: AbstractBaseUser | None, subject: AbstractBaseUser | None, **details: object) -> None:
    """Write that `actor` saw, exported or changed data of `subject`. `details` must be JSON."""
    # This package knows no user model, only that there is one.
    AuditEvent.objects.create(action=action, actor=actor, subject=subject, details=details)  # type: ignore[misc]
