"""A cohort of the demonstration: invented learners of the shipped course, each at another stage."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from assessments.models import Attempt
from assessments.questions import Option
from courses.domain.progress import complete_unit
from courses.enums import AttendanceSource, AttendanceState, CohortPace, EnrolmentSource, MemberSource, MemberState
from courses.models import Attendance, Cohort, CohortMember, Course, Enrolment, Extension, LiveSession, ModuleDate, Unit
from elearn.core.checks import DEMO_DOMAIN
from elearn.people.domain import notices
from elearn.people.domain.roles import grant_role
from elearn.people.enums import InstitutionKind, MembershipState, Role, Scope
from elearn.people.models import Institution, Membership, User
from elearn.portal.domain.demo import ADMIN, INSTITUTION, NO_COUNTRY, PASSWORD, NotTheDemo

TITLE = "Trainers of the academy, first group"
TRAINER = f"trainer@{DEMO_DOMAIN}"
OTHER_INSTITUTION = "Border Academy (invented)"
BEGAN = 42  # days ago


@dataclass(frozen=True)
class DemoLearner:
    """`lessons` are done of the course's units, in their order; `quizzes` says for each attempt whether it passes.

    None leaves the attempt open. `last` is how many days ago they did something.
    """

    login: str
    printed_name: str
    country: str
    zone: str
    language: str
    units: int
    quizzes: tuple[bool | None, ...]
    last: int
    elsewhere: bool = False
    latin_name: str = ""
    # Days beyond the due day of the first module.
    more_time: int = 0

    @property
    def email(self) -> str:
        return f"{self.login}@{DEMO_DOMAIN}"


EVERYTHING = 99
LEARNERS = (
    DemoLearner("fatou", "Fatou Ndiaye", "SN", "Africa/Dakar", "fr", EVERYTHING, (True, True), 2),
    DemoLearner("yusuf", "يوسف حداد", "JO", "Asia/Amman", "ar", 9, (False, True), 1, latin_name="Yusuf Haddad"),
    DemoLearner("beatriz", "Beatriz Nogueira", "BR", "America/Sao_Paulo", "pt-br", 7, (True,), 4, elsewhere=True),
    DemoLearner("dilnoza", "Dilnoza Karimova", "UZ", "Asia/Tashkent", "ru", 3, (), 5),
    DemoLearner("mariam", "Mariam Kaboré", "BF", "Africa/Ouagadougou", "fr", 4, (False, False), 3, True, more_time=20),
    DemoLearner("rajesh", "Rajesh Thapa", "NP", "Asia/Kathmandu", "en", 11, (True, None), 1),
    DemoLearner("lucia", "Lucía Paredes", "PE", "America/Lima", "es", 7, (True,), 16, elsewhere=True),
    DemoLearner("senait", "Senait Tesfaye", "ET", "Africa/Addis_Ababa", "en", 0, (), BEGAN),
)


@transaction.atomic
def make_demo_cohort(course: Course) -> Cohort | None:
    """Make the demo cohort of a released course, once; answers it if it is new.

    Effects: the cohort with the demo trainer, dates, two sessions, and invented learners at different stages.
    Refusals: NotTheDemo unless DEMO=1.
    """
    if not settings.DEMO:
        raise NotTheDemo("Demo people have a password that everybody knows; they are made with DEMO=1 only.")
    if course.current_edition is None or Cohort.objects.filter(course=course, title=TITLE).exists():
        return None
    trainer = User.objects.get(email=TRAINER)
    cohort = _make_cohort(course, trainer)
    units = _units_of(cohort)
    password = make_password(PASSWORD)
    held = _make_sessions(cohort, trainer)
    for number, learner in enumerate(LEARNERS):
        enrolment = _seat(cohort, _make_person(learner, password), trainer)
        _learn(enrolment, learner, units)
        _extend(enrolment, learner, trainer)
        state = (AttendanceState.PRESENT, AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.ABSENT)[
            number % 4
        ]
        Attendance.objects.create(
            session=held, enrolment=enrolment, state=state, source=AttendanceSource.LIST, entered_by=trainer
        )
    return cohort


def _make_cohort(course: Course, trainer: User) -> Cohort:
    today = timezone.localdate()
    cohort = Cohort.objects.create(
        course=course,
        edition=course.current_edition,  # type: ignore[misc]  # make_demo_cohort has asked.
        title=TITLE,
        institution=Institution.objects.get(name=INSTITUTION, country=NO_COUNTRY),
        starts_on=today - timedelta(days=BEGAN),
        ends_on=today + timedelta(days=BEGAN),
        capacity=30,
        pace=CohortPace.DATES,
        opened_by=trainer,
    )
    grant_role(
        person=trainer,
        role=Role.TRAINER,
        granted_by=User.objects.get(email=ADMIN.email),
        scope=Scope.COHORT,
        scope_key=cohort.public_id,
    )
    with_units = [module for module in cohort.edition.structure.variants[0].modules if module.units]
    for place, module in enumerate(with_units):
        opens_on = cohort.starts_on + timedelta(days=place * 20)
        due_on = opens_on + timedelta(days=25)
        ModuleDate.objects.create(cohort=cohort, module=module.uuid, opens_on=opens_on, due_on=due_on)
    return cohort


def _units_of(cohort: Cohort) -> list[Unit]:
    rows = {unit.key: unit for unit in Unit.objects.filter(course=cohort.course)}
    return [rows[entry.uuid] for entry in cohort.edition.structure.variants[0].units()]


def _make_sessions(cohort: Cohort, trainer: User) -> LiveSession:
    """One that was held, which is answered, and one that is to come."""
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    LiveSession.objects.create(
        cohort=cohort,
        title="Practising a short session",
        starts_at=noon + timedelta(days=5),
        ends_at=noon + timedelta(days=5, hours=2),
        link="https://meet.example.org/first-group",
        agenda="Everybody gives the opening of a session.\nFeedback in pairs.",
        created_by=trainer,
    )
    return LiveSession.objects.create(
        cohort=cohort,
        title="Getting to know each other",
        starts_at=noon - timedelta(days=30),
        ends_at=noon - timedelta(days=30) + timedelta(hours=3),
        place="Training room of the academy",
        agenda="Who we are and what we train.\nHow this course works.",
        created_by=trainer,
    )


def _make_person(learner: DemoLearner, password: str) -> User:
    person, made = User.objects.get_or_create(
        email=learner.email,
        defaults={
            "printed_name": learner.printed_name,
            "latin_name": learner.latin_name,
            "country": learner.country,
            "time_zone": learner.zone,
            "language": learner.language,
            "password": password,
        },
    )
    if made:
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        notices.accept(person=person, version=notices.current_version(), language=person.language)
        kind = InstitutionKind.BORDER_SERVICE if learner.elsewhere else InstitutionKind.MINISTRY
        institution, _created = Institution.objects.get_or_create(
            name=OTHER_INSTITUTION if learner.elsewhere else INSTITUTION, country=NO_COUNTRY, defaults={"kind": kind}
        )
        now = timezone.now()
        Membership.objects.create(
            person=person,
            institution=institution,
            post="Trainer",
            state=MembershipState.CONFIRMED,
            starts_on=now.date(),
            decided_by=User.objects.get(email=ADMIN.email),
            decided_at=now,
        )
    return person


def _seat(cohort: Cohort, person: User, trainer: User) -> Enrolment:
    since = timezone.now() - timedelta(days=BEGAN)
    post = Membership.objects.select_related("institution").get(person=person)
    enrolment = Enrolment.objects.create(
        person=person,
        course=cohort.course,
        edition=cohort.edition,
        cohort=cohort,
        source=EnrolmentSource.COHORT,
        institution=post.institution,
        country=person.country,
        created_at=since,
    )
    CohortMember.objects.create(
        cohort=cohort,
        person=person,
        enrolment=enrolment,
        state=MemberState.SEATED,
        source=MemberSource.LIST,
        asked_at=since,
        decided_by=trainer,
        decided_at=since,
        seated_at=since,
    )
    return enrolment


def _extend(enrolment: Enrolment, learner: DemoLearner, trainer: User) -> None:
    first = ModuleDate.objects.filter(cohort=enrolment.cohort).order_by("opens_on").first()
    if learner.more_time and first is not None and first.due_on is not None and enrolment.cohort is not None:
        Extension.objects.create(
            enrolment=enrolment,
            cohort=enrolment.cohort,
            module=first.module,
            due_on=first.due_on + timedelta(days=learner.more_time),
            reason="Was away on duty",
            granted_by=trainer,
        )


def _learn(enrolment: Enrolment, learner: DemoLearner, units: list[Unit]) -> None:
    """Do the first units, one every few days up to the last day; quizzes as they come, with attempts to spare."""
    last = timezone.now() - timedelta(days=learner.last)
    quizzes = list(learner.quizzes)
    done = units[: learner.units]
    step = (last - enrolment.created_at) / (len(done) + 1)
    for place, unit in enumerate(done, start=1):
        at = enrolment.created_at + step * place
        if unit.kind == "quiz":
            passed = False
            while quizzes and not passed:
                passed = bool(_attempt(enrolment, unit, quizzes.pop(0), at))
        completion = complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
        completion.completed_at = at
        completion.save(update_fields=["completed_at"])
    following = next((unit for unit in units[learner.units :] if unit.kind == "quiz"), None)
    for passes in quizzes if following is not None else ():
        _attempt(enrolment, following, passes, last)  # type: ignore[arg-type]
    enrolment.refresh_from_db()
    if enrolment.completed_at is not None:
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=last)


def _attempt(enrolment: Enrolment, unit: Unit, passes: bool | None, at: datetime) -> bool | None:
    """One attempt: all answers right, every second one, or, for None, half of them given and not submitted yet."""
    attempt = start_attempt(enrolment=enrolment, unit=unit, language="en")
    for number, question in enumerate(attempt.snapshot):
        if passes or number % 2 == 0:
            options = map(Option.from_json, question["contents"]["en"]["options"])
            right = [option.id for option in options if option.fraction > 0]
            save_response(
                attempt=attempt,
                question_key=question["key"],
                posted={"": right},
                client_key=uuid4(),
                based_on=0,
                language="en",
            )
    times = {"started_at": at - timedelta(minutes=12)}
    if passes is not None:
        submit_attempt(attempt=attempt, language="en", revision=None)
        times["submitted_at"] = at
    Attempt.objects.filter(pk=attempt.pk).update(**times)
    return passes
