from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")


class AttemptMode(models.TextChoices):
    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")


class MarkReason(models.TextChoices):
    AUTOMATIC = "automatic", _("Marked automatically")
    MANUAL = "manual", _("Marked by a person")
    REMARK = "remark", _("Marked again")
