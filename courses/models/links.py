from datetime import datetime

from django.db import models
from django.db.models import Q

from courses.enums import FAILED_OUTCOMES, LinkOutcome
from elearn.core.models import PendingWork

# One bad day of somebody else's server is no broken link.
DAYS_TO_BE_BROKEN = 2


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def broken(self) -> "LinkCheckQuerySet":
        """Failed on two days or more, with no success between."""
        return self.filter(days_failed__gte=DAYS_TO_BE_BROKEN)

    def to_ask_again(self, now: datetime) -> "LinkCheckQuerySet":
        """Asked before, and due again."""
        return self.filter(work_done_at__isnull=False, ask_again_at__lte=now)


class LinkCheck(PendingWork):
    """What became of asking for an address on another site that pages link to. Its row is the work order for asking.

    Where it stands in the pages is not kept: the check of a course finds it there.
    """

    # As it is asked for: ASCII, without the part after #.
    url = models.CharField(max_length=2000, unique=True)
    outcome = models.CharField(max_length=12, choices=LinkOutcome.choices, default=LinkOutcome.NOT_ASKED)
    status = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status, where there was an answer.")
    checked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True, help_text="The first failure since it last worked.")
    # Different days, in UTC, on which it failed since then.
    days_failed = models.PositiveSmallIntegerField(default=0)
    ask_again_at = models.DateTimeField(null=True, db_index=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days_failed=0, failing_since=None) | Q(days_failed__gt=0, failing_since__isnull=False),
                name="failing_link_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(days_failed=0) | Q(outcome__in=FAILED_OUTCOMES), name="link_that_works_has_no_failed_day"
            ),
        ]

    def __str__(self) -> str:
        return self.url
