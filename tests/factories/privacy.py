"""A person about whom every table knows something, and what can be found of them afterwards."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from assessments.models import Adjustment, HandInFile, MarkChange, Response
from certificates.domain import issuing
from certificates.models import Certificate
from courses.domain.enrolment import enrol
from courses.domain.progress import complete_unit, save_reflection, void_completion
from courses.domain.releasing import release
from courses.models import CohortMember, Enrolment, ImportRow, MemberImport, Unit
from elearn.core import audit, pending
from elearn.messages.domain import sending
from elearn.people.domain import exports, notices, personal_data
from elearn.people.enums import AgeBand, Gender, MembershipState
from elearn.people.models import DataExport, Membership, RoleGrant, User
from tests.factories.assessments import make_quiz
from tests.factories.cohorts import CohortFactory
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.marking import SHARP, judge, make_assessor, make_practical_script
from tests.factories.papers import make_paper_entry
from tests.factories.people import InstitutionFactory, UserFactory
from tests.factories.surveys import answer_survey, answers, make_survey

NAME, LATIN_NAME = "Σωτηρία Ζαφειροπούλου", "Sotiria Zafeiropoulou"
ADDRESS, SECOND_ADDRESS = "sotiria.zafeiropoulou@example.org", "sz-private@example.net"
NOTE = "My brother crossed the river Evros in 1994"
POST = "Deputy head of the night desk at Nea Vyssa"
WRITTEN = "An essay about my own asylum claim"
COMMENT = "She wrote this from her own life"
OPINION = "As the only Greek lawyer of the group I found it short"
# What must be found before an erasure, and nowhere after it.
TRACES = (
    NAME,
    LATIN_NAME,
    "zafeiropoulou",
    ADDRESS,
    SECOND_ADDRESS,
    NOTE,
    POST,
    WRITTEN,
    COMMENT,
    OPINION,
    "198.51.100.77",
)


def make_known_person(marker: User) -> User:
    person = UserFactory(
        email=ADDRESS,
        printed_name=NAME,
        latin_name=LATIN_NAME,
        country="GR",
        gender=Gender.WOMAN,
        age_band=AgeBand.FROM_35,
        statistics_consent_at=timezone.now(),
    )
    notices.accept(person=person, version=1, language="en")
    _logins(person)
    _places(person, marker)
    _learning(person, marker)
    sending.write(person=person, reason="a-test", subject=f"For {NAME}", body=f"Hello {NAME}")
    sending.write_to_address(address=ADDRESS, reason="login_code", subject="Code", body="ABCD-EFGH")
    audit.record(action="people.export", actor=marker, subject=person, note=f"Asked by {NAME}", rows=3)
    audit.record(action="people.look", actor=person, subject=marker, by=LATIN_NAME)
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        label=NAME,
        action="wagtail.edit",
        timestamp=timezone.now(),
    )
    for certificate in Certificate.objects.filter(enrolment__person=person):
        pending.work(issuing.KIND, certificate.pk)
    exports.ask_for_export(person=person)
    pending.work(exports.KIND, DataExport.objects.get(person=person).pk)
    return User.objects.get(pk=person.pk)


def _logins(person: User) -> None:
    EmailAddress.objects.create(user=person, email=ADDRESS, primary=True, verified=True)
    EmailAddress.objects.create(user=person, email=SECOND_ADDRESS, primary=False, verified=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "a-secret-of-the-second-step"})
    SocialAccount.objects.create(user=person, provider="oidc", uid="77", extra_data={"name": NAME, "email": ADDRESS})
    client = Client()
    client.force_login(person)
    UserSession.objects.update_or_create(
        session_key=client.session.session_key,
        defaults={"user": person, "ip": "198.51.100.77", "user_agent": f"Browser of {LATIN_NAME}"},
    )
    UserProfile.objects.create(user=person, avatar=ContentFile(NAME.encode(), "sotiria.png"))


def _places(person: User, marker: User) -> None:
    now = timezone.now()
    Membership.objects.create(
        person=person,
        institution=InstitutionFactory(name="Border Service of Nowhere"),
        post=POST,
        reason=f"{NAME} showed her card",
        state=MembershipState.CONFIRMED,
        starts_on=now.date(),
        decided_by=marker,
        decided_at=now,
    )
    RoleGrant.objects.create(
        person=person,
        role="trainer",
        starts_at=now - timedelta(days=9),
        ends_at=now - timedelta(days=1),
        granted_by=marker,
    )


def _learning(person: User, marker: User) -> None:
    page = make_course_page("sotirias-course")
    module = make_module(page, "m1")
    lesson, quiz = make_lesson(module, "lesson"), make_quiz(module, questions=2)
    survey = make_survey(module, anonymous=False)
    enrolment = enrol(person=person, course=release(page=page, by=None).course)
    unit = Unit.objects.get(key=lesson.translation_key)
    save_reflection(enrolment=enrolment, unit=unit, block_id="b1", text=NOTE)
    done = complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    void_completion(completion=done, by=marker, reason=f"{NAME} read the wrong one")
    complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    attempt = start_attempt(enrolment=enrolment, unit=Unit.objects.get(key=quiz.translation_key), language="en")
    for question in attempt.snapshot:
        save_response(
            attempt=attempt,
            question_key=question["key"],
            posted={"": ["right"]},
            client_key=uuid.uuid4(),
            based_on=0,
            language="en",
        )
    submit_attempt(attempt=attempt, language="en", revision=None)
    make_paper_entry(attempt, marker)
    answer_survey(enrolment, Unit.objects.get(key=survey.translation_key), answers(words=OPINION))
    # What a later type of question would let somebody write.
    Response.objects.filter(attempt=attempt, sequence=1).update(answer=["right", WRITTEN])
    MarkChange.objects.create(
        attempt=attempt, question_key="extra", fraction=1, reason="manual", comment=COMMENT, marked_by=marker
    )
    _practical(enrolment, Unit.objects.get(key=quiz.translation_key))
    Adjustment.objects.create(
        person=person, course=enrolment.course, extra_time=25, reason=f"{NAME} reads slowly", granted_by=marker
    )
    _cohorts(enrolment)
    enrolment.refresh_from_db()
    issuing.issue(enrolment=enrolment)


def _cohorts(enrolment: Enrolment) -> None:
    """A place in a cohort that was left, an invitation to another address, and a row of a list."""
    cohort = CohortFactory(course=enrolment.course)
    left = {"enrolment": enrolment, "seated_at": timezone.now(), "left_at": timezone.now()}
    facts = {"cohort": cohort, "source": "list", "name": NAME}
    CohortMember.objects.create(
        person=enrolment.person, state="removed", email=ADDRESS, words=NOTE, reason=f"{NAME} moved", **left, **facts
    )
    CohortMember.objects.create(
        email=SECOND_ADDRESS.upper(), state="invited", token="sotiria", expires_at=timezone.now(), **facts
    )
    batch = MemberImport.objects.create(
        cohort=cohort, by=cohort.trainer, name="list.csv", stage="done", work_done_at=timezone.now()
    )
    ImportRow.objects.create(batch=batch, number=1, email=ADDRESS, name=NAME, fate="seat", person=enrolment.person)
    ImportRow.objects.create(batch=batch, number=2, email=SECOND_ADDRESS, name=NAME, fate="twice")


def _practical(enrolment: Enrolment, unit: Unit) -> None:
    """Something handed in, with a file, that somebody has judged in words."""
    script = make_practical_script(enrolment, unit=unit, text=WRITTEN)
    HandInFile.objects.create(
        hand_in=script.hand_in,
        file=ContentFile(f"%PDF-1.4 {NAME}".encode(), name="plan.pdf"),
        name=f"{LATIN_NAME}.pdf",
        size=8,
        sha256="0" * 64,
    )
    judge(script, make_assessor(), levels=SHARP, reasons=f"{NAME} led it well")


def found_in_tables(traces: tuple[str, ...] = TRACES) -> dict[str, set[str]]:
    """Where in the database one of these can be read: by "table.column". Sessions are decoded first."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    _note(found, f"{table}.{column}", str(value), traces)
    for session in Session.objects.all():
        _note(found, "session", str(session.get_decoded()), traces)
    return found


def found_in_files(traces: tuple[str, ...] = TRACES) -> list[str]:
    """The stored files that could hold one of these: PDFs and archives of a person, and what can be read plainly."""
    return sorted(
        str(path.relative_to(settings.STATE_DIR))
        for folder in ("private", "media")
        for path in files_below(Path(settings.STATE_DIR) / folder)
        if path.suffix in (".pdf", ".zip") or any(trace.encode() in path.read_bytes() for trace in traces)
    )


def remove_files() -> None:
    """What other tests have stored: files are not rolled back."""
    for folder in ("private", "media"):
        for path in list(files_below(Path(settings.STATE_DIR) / folder)):
            path.unlink()


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _note(found: dict[str, set[str]], where: str, text: str, traces: tuple[str, ...]) -> None:
    # JSON may be kept with its letters escaped.
    escaped = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else ""
    for trace in traces:
        if trace.casefold() in text.casefold() or trace.casefold() in escaped.casefold():
            found.setdefault(trace, set()).add(where)


def models_with_rows_of(person: User) -> set[str]:
    """The models that `personal_data` holds and that know something about this person (those of one step)."""
    labels = {label for contribution in personal_data.contributions() for label in contribution.holds}
    found = set()
    for label in labels:
        model_label, _dot, field = label.rpartition(".")
        model = apps.get_model(model_label)
        leads_to_person = model._meta.get_field(field).related_model is User
        if leads_to_person and model._base_manager.filter(**{field: person}).exists():
            found.add(label)
    return found
