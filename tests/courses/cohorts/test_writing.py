"""Trainers' messages: to whom, in which language, once; and the log of the cohort's mail."""

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from courses.domain.cohorts import fillings, mail_log, writing
from courses.domain.cohorts.writing import WritingRefused
from courses.enums import MemberState
from courses.models import Cohort, CohortMember, CohortMessage, ModuleDate, Unit, UnitCompletion
from elearn.core import pending
from elearn.messages.domain import sending
from elearn.messages.enums import Category, Standing
from elearn.messages.models import Message
from tests.factories.cohorts import CohortFactory, make_member
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TEXTS = {"en": {"subject": "{course}", "body": "Hello {name}"}, "fr": {"subject": "Bonjour", "body": "Salut {name}"}}


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


def make_reader(cohort: Cohort, name: str, language: str = "en") -> CohortMember:
    return make_member(cohort, UserFactory(printed_name=name, language=language))


def send(cohort: Cohort, texts: dict, **other: object) -> CohortMessage:
    facts = {"by": cohort.trainer, "members": writing.recipients_of(cohort, None), "client_key": uuid4(), **other}
    return writing.send(cohort=cohort, texts=texts, **facts)


def test_everybody_gets_the_text_in_their_language_or_the_cohorts(cohort: Cohort) -> None:
    people = [make_reader(cohort, name, code) for name, code in (("Ann", "en"), ("Zoé", "fr"), ("Lina", "ar"))]
    message = send(cohort, TEXTS)
    assert pending.work(writing.WORK, message.pk)
    mails = {row.person: row for row in Message.objects.all()}
    assert {person.printed_name: mail.body.split("\n")[0] for person, mail in mails.items()} == {
        "Ann": "Hello Ann",
        "Zoé": "Salut Zoé",
        "Lina": "Hello Lina",
    }
    assert {(mail.category, mail.about, mail.reason) for mail in mails.values()} == {
        ("trainer", cohort.public_id, f"cohort-message-{message.public_id}")
    }
    assert len(people) == message.recipients == 3


def test_worker_that_runs_twice_writes_once(cohort: Cohort) -> None:
    make_reader(cohort, "Ann")
    message = send(cohort, TEXTS)
    for _run in range(2):
        writing.write_mails(message)
    assert Message.objects.count() == 1


def test_same_sending_is_one_message(cohort: Cohort) -> None:
    make_reader(cohort, "Ann")
    key = uuid4()
    assert send(cohort, TEXTS, client_key=key) == send(cohort, TEXTS, client_key=key)
    assert CohortMessage.objects.count() == 1
    changed = {**TEXTS, "en": {"subject": "Mended", "body": "Hello"}}
    assert send(cohort, changed, client_key=key).texts["en"]["subject"] == "Mended"
    assert CohortMessage.objects.count() == 2


def test_who_left_before_the_worker_came_gets_nothing(cohort: Cohort) -> None:
    member = make_reader(cohort, "Ann")
    message = send(cohort, TEXTS)
    CohortMember.objects.filter(pk=member.pk).update(state=MemberState.REMOVED, left_at=timezone.now())
    writing.write_mails(message)
    assert Message.objects.count() == 0


def test_only_the_chosen_who_take_part_are_written_to(cohort: Cohort) -> None:
    ann, bob = make_reader(cohort, "Ann"), make_reader(cohort, "Bob")
    elsewhere = make_reader(CohortFactory(course=cohort.course, edition=cohort.edition), "Eve")
    CohortMember.objects.filter(pk=bob.pk).update(state=MemberState.REMOVED, left_at=timezone.now())
    chosen = [member.public_id for member in (ann, bob, elsewhere)]
    assert list(writing.recipients_of(cohort, chosen)) == [ann]
    assert list(writing.recipients_of(cohort, None)) == [ann]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"fr": TEXTS["fr"]}, "Write subject and text in the language of the cohort."),
        ({"en": {"subject": "A", "body": ""}}, "Write subject and text in the language of the cohort."),
        ({"en": {"subject": "A", "body": "Dear {nmae}"}}, "{nmae} is not known."),
    ],
)
def test_message_is_refused_in_words(cohort: Cohort, texts: dict, words: str) -> None:
    make_reader(cohort, "Ann")
    with pytest.raises(WritingRefused) as refused:
        send(cohort, texts)
    assert str(refused.value) == words
    assert CohortMessage.objects.count() == 0


def test_message_to_nobody_is_refused(cohort: Cohort) -> None:
    with pytest.raises(WritingRefused, match="nobody to write to"):
        send(cohort, TEXTS)


def test_name_with_braces_is_not_filled_again() -> None:
    facts = {"name": "{course}", "course": "Rescue"}
    assert fillings.filled("{name} takes {course} {other}", facts) == "{course} takes Rescue {other}"


def test_subject_is_one_line(cohort: Cohort) -> None:
    member = make_reader(cohort, "Ann\nBcc: x@example.org")
    texts = {"en": {"subject": "Dear {name}", "body": "B"}}
    subject, _body = fillings.Filling(cohort, texts, [member]).mail_to(member.person)
    assert subject == "Dear Ann Bcc: x@example.org"


def test_due_day_is_that_of_the_first_module_not_done(cohort: Cohort) -> None:
    ann, bob, eve = (make_reader(cohort, name) for name in ("Ann", "Bob", "Eve"))
    structure = cohort.edition.structure
    days = [datetime.date(2199, 3, 8), datetime.date(2199, 4, 8)]
    for key, day in zip(structure.module_keys, days, strict=True):
        ModuleDate.objects.create(cohort=cohort, module=key, due_on=day)
    for member, modules in ((bob, 1), (eve, 2)):
        for key in structure.module_keys[:modules]:
            for unit in Unit.objects.filter(key__in=list(_units(structure, key))):
                UnitCompletion.objects.create(enrolment=member.enrolment, unit=unit, language="en")
    assert fillings.next_due(cohort, [ann, bob, eve]) == {ann.person_id: days[0], bob.person_id: days[1]}
    texts = {"en": {"subject": "S", "body": "Due {due}"}}
    filling = fillings.Filling(cohort, texts, [ann, eve])
    assert [filling.mail_to(member.person)[1] for member in (ann, eve)] == ["Due 8 March 2199", "Due (no day is set)"]


def _units(structure: object, module: object) -> list:
    return [u.uuid for v in structure.variants for m in v.modules if m.uuid == module for u in m.units]


def test_preview_shows_one_mail_for_each_language_and_what_falls_back(cohort: Cohort) -> None:
    for name, code in (("Ann", "en"), ("Bea", "en"), ("Zoé", "fr"), ("Lina", "ar")):
        make_reader(cohort, name, code)
    mails = writing.preview(cohort=cohort, texts=TEXTS, members=writing.recipients_of(cohort, None))
    assert [(m.language, m.count, m.example, m.falls_back, m.body) for m in mails] == [
        ("en", 2, "Ann", False, "Hello Ann"),
        ("ar", 1, "Lina", True, "Hello Lina"),
        ("fr", 1, "Zoé", False, "Salut Zoé"),
    ]


@pytest.mark.parametrize("template", fillings.TEMPLATES, ids=lambda template: template.key)
def test_ready_made_text_has_no_unknown_placeholders_in_any_language(template: fillings.Template, settings) -> None:
    for code, _name in settings.LANGUAGES:
        text = template.said_in(code)
        assert fillings.unknown_in(text["subject"] + text["body"]) == []
    assert template.said_in("en")["body"].startswith("Hello {name}")


def test_500_are_written_to_in_few_queries(cohort: Cohort, django_assert_max_num_queries) -> None:
    for number in range(12):
        make_reader(cohort, f"Reader {number}")
    message = send(cohort, {"en": {"subject": "S", "body": "{name} {due} {link}"}})
    with django_assert_max_num_queries(16):
        writing.write_mails(message)
    assert Message.objects.count() == 12


# --- The log -----------------------------------------------------------------------------------------------------


def write_mail(cohort: Cohort, category: Category, **changes: object) -> Message:
    message = sending.write(
        person=UserFactory(), reason=str(uuid4()), subject="S", body="B", category=category, about=cohort.public_id
    )
    Message.objects.filter(pk=message.pk).update(**{"how": "at_once", "digest_due_at": None, **changes})
    message.refresh_from_db()
    return message


def test_log_has_the_mail_of_this_cohort_alone(cohort: Cohort) -> None:
    other = CohortFactory(course=cohort.course, edition=cohort.edition)
    own = write_mail(cohort, Category.TRAINER)
    write_mail(other, Category.TRAINER)
    sending.write(person=UserFactory(), reason="private", subject="S", body="B")
    assert list(mail_log.mail_of(cohort)) == [own]


def test_words_are_read_of_messages_and_announcements_alone(cohort: Cohort) -> None:
    read = {category: mail_log.MailLine(write_mail(cohort, category)).text for category in Category}
    assert {category for category, text in read.items() if text} == {Category.TRAINER, Category.ANNOUNCEMENT}


def test_log_is_filtered_by_what_became_of_a_mail(cohort: Cohort) -> None:
    now = timezone.now()
    changes = {
        Standing.WAITS: {},
        Standing.COLLECTED: {"digest_due_at": now},
        Standing.SENT: {"work_done_at": now},
        Standing.UNWANTED: {"how": "never", "work_done_at": now},
        Standing.TOO_LATE: {"useless_after": now, "work_done_at": now},
        Standing.FAILED: {"work_error": "SMTP", "work_tries": 2},
    }
    written = {standing: write_mail(cohort, Category.FORUM, **each) for standing, each in changes.items()}
    assert {standing: list(mail_log.mail_of(cohort, state=standing)) for standing in Standing} == {
        standing: [message] for standing, message in written.items()
    }
    assert {standing: mail_log.MailLine(message).standing for standing, message in written.items()} == {
        standing: standing for standing in Standing
    }


def test_log_is_searched_by_name(cohort: Cohort) -> None:
    message = write_mail(cohort, Category.TRAINER)
    write_mail(cohort, Category.TRAINER)
    assert list(mail_log.mail_of(cohort, text=message.person.email.upper())) == [message]
    with translation.override("fr"):
        assert mail_log.MailLine(message).kind
