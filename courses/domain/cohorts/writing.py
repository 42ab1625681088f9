"""What trainers write to learners of their cohort: to whom, how it will look, sending."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.fillings import Filling, Texts, unknown_in
from courses.models import Cohort, CohortMember, CohortMessage
from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.domain.sending import Letter
from elearn.messages.enums import Category
from elearn.people.domain import trail
from elearn.people.domain.personal_data import lock_person
from elearn.people.models import User

WORK = "courses.cohort_message"
SENT = "cohorts.message_sent"

SUBJECT_LENGTH = 200
BODY_LENGTH = 10_000
IN_A_BATCH = 100


class WritingRefused(Exception):
    """The act cannot be done; the message says why, in words for the person."""


def recipients_of(cohort: Cohort, public_ids: Iterable[UUID] | None) -> QuerySet[CohortMember]:
    """Those of the chosen members, or of all, who can be written to: they take part and their account is open."""
    rows = CohortMember.objects.seated().filter(cohort=cohort, person__is_active=True).select_related("person")
    rows = rows if public_ids is None else rows.filter(public_id__in=set(public_ids))
    return rows.order_by("person__printed_name", "pk")


def languages_of(cohort: Cohort, members: Iterable[CohortMember]) -> list[str]:
    """The languages of the recipients, the cohort's first: its text is for those without one of their own."""
    theirs = {member.person.language for member in members if member.person}
    return [cohort.language, *sorted(theirs - {cohort.language})]


@dataclass(frozen=True)
class Mail:
    language: str
    falls_back: bool
    example: str
    count: int
    subject: str
    body: str


def preview(*, cohort: Cohort, texts: Texts, members: Iterable[CohortMember]) -> list[Mail]:
    """One mail for each language of the recipients, as the first of its readers gets it."""
    readers: dict[str, list[CohortMember]] = {}
    for member in members:
        if member.person:
            readers.setdefault(member.person.language, []).append(member)
    filling = Filling(cohort, texts, [people[0] for people in readers.values()])
    mails = []
    for language, people in sorted(readers.items(), key=lambda pair: (pair[0] != cohort.language, pair[0])):
        example = people[0].person
        if example is None:
            continue
        subject, body = filling.mail_to(example)
        own = texts.get(language, {})
        falls_back = not (own.get("subject") and own.get("body"))
        mails.append(Mail(language, falls_back, example.printed_name, len(people), subject, body))
    return mails


@transaction.atomic
def send(*, cohort: Cohort, by: User, texts: Texts, members: Iterable[CohortMember], client_key: UUID) -> CohortMessage:
    """Write to learners of a cohort.

    Effects: a row with texts and recipients, once per `client_key` and content; a worker writes a mail to each of
    them in their language. An event in the trail of the cohort's trainers.
    Refusals: WritingRefused without recipients, without a text in the cohort's language, with something unknown in
    braces; PersonErased.
    """
    by = lock_person(by.pk)
    kept = {
        language: {"subject": text["subject"].strip()[:SUBJECT_LENGTH], "body": _plain(text["body"])}
        for language, text in texts.items()
        if text.get("subject", "").strip() and text.get("body", "").strip()
    }
    if cohort.language not in kept:
        raise WritingRefused(_("Write subject and text in the language of the cohort."))
    unknown = [word for text in kept.values() for part in text.values() for word in unknown_in(part)]
    if unknown:
        raise WritingRefused(_("%(word)s is not known.") % {"word": unknown[0]})
    to = sorted(member.pk for member in members)
    if not to:
        raise WritingRefused(_("There is nobody to write to."))
    # The same key with other words, or to others, is another message: somebody went back and changed it.
    client_key = uuid5(client_key, json.dumps([cohort.pk, kept, to], sort_keys=True))
    if sent := CohortMessage.objects.filter(by=by, client_key=client_key).first():
        return sent
    message = CohortMessage.objects.create(cohort=cohort, by=by, texts=kept, to=to, client_key=client_key)
    trail.record(SENT, actor=by, subject=None, cohort=str(cohort.public_id), recipients=len(to))
    pending.wake(WORK, message.pk)
    return message


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()[:BODY_LENGTH]


def reason_of(message: CohortMessage) -> str:
    return f"cohort-message-{message.public_id}"


def write_mails(message: CohortMessage) -> None:
    """Write the mails of a message, a batch at a time; each person gets one, however often this runs.

    Who has left the cohort meanwhile gets none.
    """
    cohort = Cohort.objects.select_related("course").get(pk=message.cohort_id)
    for start in range(0, len(message.to), IN_A_BATCH):
        batch = message.to[start : start + IN_A_BATCH]
        rows = CohortMember.objects.seated().filter(cohort=cohort, pk__in=batch, person__is_active=True)
        members = list(rows.select_related("person").order_by("pk"))
        filling = Filling(cohort, message.texts, members)
        sending.write_all([_letter(message, filling, member.person) for member in members if member.person])


def _letter(message: CohortMessage, filling: Filling, person: User) -> Letter:
    subject, body = filling.mail_to(person)
    with translation.override(person.language):
        ending = _("%(author)s wrote this to you in the cohort “%(cohort)s”.") % {
            "author": message.by.printed_name,
            "cohort": filling.cohort.title,
        }
    return Letter(
        person=person,
        reason=reason_of(message),
        subject=subject,
        body=f"{body}\n\n{ending}\n",
        category=Category.TRAINER,
        about=filling.cohort.public_id,
    )


def register_sentences() -> None:
    trail.register(SENT, gettext_lazy("Wrote to learners of a cohort"))
