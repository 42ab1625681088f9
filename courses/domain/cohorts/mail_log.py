"""The mail of a cohort, as its trainers may read it: to whom, when, what became of it, and the words of their own."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from courses.models import Cohort
from elearn.messages.enums import Category, Standing
from elearn.messages.models import Message

# What trainers write themselves. The words of other mail are between the site and the learner.
READABLE = frozenset({Category.TRAINER, Category.ANNOUNCEMENT})


@dataclass(frozen=True)
class MailLine:
    message: Message

    @property
    def standing(self) -> Standing:
        return self.message.standing

    @property
    def kind(self) -> str:
        return str(self.message.get_category_display())

    @property
    def text(self) -> str:
        """Empty for mail that is not theirs to read."""
        return self.message.body if self.message.category in READABLE else ""

    @property
    def is_readable(self) -> bool:
        return self.message.category in READABLE


def mail_of(cohort: Cohort, *, state: str = "", category: str = "", text: str = "") -> QuerySet[Message]:
    """Every mail about the cohort that went to a person, the latest first."""
    rows = Message.objects.filter(about=cohort.public_id, person__isnull=False).select_related("person")
    if state:
        rows = rows.standing(Standing(state))
    if category:
        rows = rows.filter(category=category)
    if text:
        rows = rows.filter(
            Q(person__printed_name__icontains=text)
            | Q(person__latin_name__icontains=text)
            | Q(person__email__icontains=text)
        )
    return rows.order_by("-created_at", "-pk")
