"""What this package keeps about a person: the mail written to them."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elearn.messages.domain import preferences
from elearn.messages.domain.sending import KEEP_ADDRESSES
from elearn.messages.enums import Standing
from elearn.messages.models import MailPreference, Message
from elearn.people.domain import retention
from elearn.people.domain.personal_data import Contribution, Identity, Table
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    rows = Message.objects.filter(person=person).order_by("created_at")
    mail = [
        {
            "written_at": row.created_at,
            "sent_at": row.work_done_at if row.standing == Standing.SENT else None,
            "subject": row.subject,
            "text": row.body,
        }
        for row in rows
    ]
    chosen = [
        {"about": str(category.label), "how_often": str(how.label)}
        for category, how in preferences.choices_of(person).items()
    ]
    return [Table("mail", _("Mail to you"), mail), Table("mail_choices", _("Mail that you want"), chosen)]


def erase(person: User, identity: Identity) -> None:
    """Blank what was written to the person; the row stays, so that the same cause never writes it again."""
    now = timezone.now()
    written = Message.objects.filter(person=person)
    written.filter(work_done_at=None).update(work_done_at=now)
    written.filter(~Q(subject="") | ~Q(body="") | ~Q(work_error="")).update(subject="", body="", work_error="")
    MailPreference.objects.filter(person=person).delete()
    for word in identity.words:
        Message.objects.filter(person=None, address__iexact=word).delete()


def written_before(cutoff: datetime) -> QuerySet[Message]:
    sent = Message.objects.filter(person__isnull=False, work_done_at__isnull=False)
    return sent.filter(created_at__lt=cutoff).exclude(body="")


def _blank(pks: list[int]) -> None:
    Message.objects.filter(pk__in=pks).update(subject="", body="")


CONTRIBUTION = Contribution(
    name="messages",
    collect=collect,
    erase=erase,
    holds=frozenset(
        {
            "elearn_messages.Message.person",
            "elearn_messages.Message.digest",
            "elearn_messages.MailPreference.person",
        }
    ),
)

PERIODS = (
    Kept(
        key="mail",
        what=gettext_lazy("The text of mail to you, from the day it was written"),
        why=gettext_lazy("To see whether it was sent, and to answer questions about it."),
        then=gettext_lazy("The text is deleted; that there was a mail, and why, stays."),
        due=written_before,
        apply=_blank,
    ),
    Kept(
        key="login_mail",
        what=gettext_lazy(
            "That mail about logging in, or an invitation, went to an address; its text goes as soon as it was sent"
        ),
        why=gettext_lazy("To find out why somebody got no code or invitation."),
        how_long=lazy(retention.in_words, str)(KEEP_ADDRESSES.days),
        then=gettext_lazy("It is deleted."),
    ),
    Kept(
        key="mail_choices",
        what=gettext_lazy("Which mail you want, and how often"),
        why=gettext_lazy("To send you no other."),
        how_long=gettext_lazy("as long as the account exists"),
        then=gettext_lazy("It is deleted with the account."),
    ),
)
