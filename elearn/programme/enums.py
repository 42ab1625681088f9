from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    RECEIVED = "received", _("Received")
    ASKED_BACK = "asked_back", _("We asked back")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN_REQUESTS = frozenset({RequestState.RECEIVED, RequestState.ASKED_BACK})


class ReportPeriod(models.TextChoices):
    """What a scheduled report covers: the whole one before the day on which it is made."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")
