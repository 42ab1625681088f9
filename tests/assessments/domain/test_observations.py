"""Sessions of a cohort, observed and judged by the rubric of a practical, without any hand-in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.domain import marking_data, observations, practical_data
from assessments.domain.observations import ObservationRefused
from assessments.enums import AssessmentPart, AssessmentState
from assessments.models import HandIn, Rubric, RubricAssessment, Script
from courses.models import Cohort, Course
from elearn.core.models import AuditEvent
from elearn.people.domain.personal_data import Identity, PersonErased
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.people import UserFactory
from tests.factories.practicals import RubricFactory, make_cohort

pytestmark = pytest.mark.django_db
LEVELS = {"aim": "clear", "voice": "heard"}


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return make_cohort(course, starts_on=timezone.localdate() - timedelta(days=30))


@pytest.fixture
def rubric() -> Rubric:
    return RubricFactory()


@pytest.fixture
def assessor(db: None) -> User:
    person = UserFactory(printed_name="Asha Assessor")
    grant_role(person=person, role=Role.ASSESSOR, granted_by=None)
    return person


@pytest.fixture
def subject(cohort: Cohort) -> User:
    """The trainer of the cohort."""
    person = UserFactory(printed_name="Tomas Trainer")
    grant_role(person=person, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    return person


def observe(assessor: User, cohort: Cohort, subject: User, rubric: Rubric, **changes: object) -> RubricAssessment:
    facts: dict = {
        "observed_on": timezone.localdate(),
        "occasion": " Second session ",
        "levels": LEVELS,
        "comments": {"aim": " Good. ", "voice": " ", "of another rubric": "x"},
        "reasons": "Calm and clear.",
    }
    return observations.observe_session(
        assessor=assessor, cohort=cohort, subject=subject, rubric=rubric, **{**facts, **changes}
    )


def test_observation_stands_alone(assessor: User, cohort: Cohort, subject: User, rubric: Rubric) -> None:
    row = observe(assessor, cohort, subject, rubric)
    assert (row.part, row.state, row.script, row.cohort, row.subject, row.assessor) == (
        AssessmentPart.OBSERVATION,
        AssessmentState.FINAL,
        None,
        cohort,
        subject,
        assessor,
    )
    assert (row.levels, row.comments, row.reasons, row.occasion) == (
        LEVELS,
        {"aim": "Good."},
        "Calm and clear.",
        "Second session",
    )
    assert (RubricAssessment.objects.get().fraction, row.passed) == (Decimal("0.80000"), None)
    assert (HandIn.objects.count(), Script.objects.count()) == (0, 0)
    event = AuditEvent.objects.get(action=observations.OBSERVED)
    assert (event.actor, event.subject) == (assessor, subject)


def test_rubric_that_changes_afterwards_changes_no_observation(
    assessor: User, cohort: Cohort, subject: User, rubric: Rubric
) -> None:
    row = observe(assessor, cohort, subject, rubric)
    rubric.title = "Changed"
    rubric.save()
    assert observations.read_observation(row, "en").rubric.title == "Delivering a session"
    assert observations.read_observation(row, "en").percent == 80


def test_learner_of_the_cohort_is_observed_too(assessor: User, cohort: Cohort, learner: User, rubric: Rubric) -> None:
    EnrolmentFactory(person=learner, course=cohort.course, cohort=cohort)
    assert observe(assessor, cohort, learner, rubric).subject == learner


def test_same_sent_twice_is_one(assessor: User, cohort: Cohort, subject: User, rubric: Rubric) -> None:
    first, again = (observe(assessor, cohort, subject, rubric) for _click in range(2))
    other = observe(assessor, cohort, subject, rubric, occasion="Third session")
    assert first.pk == again.pk
    assert RubricAssessment.objects.count() == 2
    assert other.pk != first.pk


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"levels": {"aim": "clear"}}, "Choose a level for every criterion"),
        ({"levels": {"aim": "clear", "voice": "sharp"}}, "Choose a level for every criterion"),
        ({"reasons": " \n"}, "Say in a few words why"),
        ({"observed_on": timezone.localdate() + timedelta(days=2)}, "still to come"),
        ({"observed_on": date(2001, 1, 1)}, "had not begun"),
    ],
)
def test_what_makes_no_sense_is_refused(
    assessor: User, cohort: Cohort, subject: User, rubric: Rubric, changes: dict, words: str
) -> None:
    with pytest.raises(ObservationRefused, match=words):
        observe(assessor, cohort, subject, rubric, **changes)
    assert RubricAssessment.objects.count() == 0


def test_rubric_of_another_course_is_refused(assessor: User, cohort: Cohort, subject: User) -> None:
    with pytest.raises(ObservationRefused, match="belongs to another course"):
        observe(assessor, cohort, subject, RubricFactory(course_code="another"))


def test_stranger_to_the_cohort_is_not_observed_in_it(
    assessor: User, cohort: Cohort, stranger: User, rubric: Rubric
) -> None:
    with pytest.raises(ObservationRefused, match="neither trains nor learns"):
        observe(assessor, cohort, stranger, rubric)


def test_only_who_may_judge_observes(cohort: Cohort, subject: User, stranger: User, rubric: Rubric) -> None:
    """Not the subject, nobody without the role, no co-trainer, and nobody who trained the subject elsewhere."""
    grant_role(person=subject, role=Role.ASSESSOR, granted_by=None)
    co_trainer, prepared = UserFactory(), UserFactory()
    earlier = make_cohort(make_released_course("training-of-trainers"))
    EnrolmentFactory(person=subject, course=earlier.course, cohort=earlier)
    for person, where in [(co_trainer, cohort), (prepared, earlier)]:
        grant_role(person=person, role=Role.ASSESSOR, granted_by=None)
        grant_role(person=person, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=where.public_id)
    for person in (subject, stranger, co_trainer, prepared):
        with pytest.raises(ObservationRefused, match="You cannot assess this person"):
            observe(person, cohort, subject, rubric)
        assert subject not in observations.subjects_for(person, cohort)
    assert RubricAssessment.objects.count() == 0


def test_nothing_is_written_of_somebody_who_was_erased(
    assessor: User, cohort: Cohort, subject: User, rubric: Rubric
) -> None:
    User.objects.filter(pk=subject.pk).update(erased_at=timezone.now())
    with pytest.raises(PersonErased):
        observe(assessor, cohort, subject, rubric)
    assert list(observations.people_of(cohort)) == []


def test_lists_of_an_observer(assessor: User, cohort: Cohort, subject: User, learner: User, rubric: Rubric) -> None:
    EnrolmentFactory(person=learner, course=cohort.course, cohort=cohort)
    RubricFactory(course_code="another")
    row = observe(assessor, cohort, subject, rubric)
    assert list(observations.subjects_for(assessor, cohort)) == [learner, subject]
    assert observations.rubrics_for(cohort, "en") == [rubric]
    assert list(observations.written_by(assessor)) == [row]
    assert [list(observations.open_to(person)) for person in (assessor, subject, learner)] == [[row], [row], []]


def test_words_about_a_person_go_with_the_person_and_points_stay(
    assessor: User, cohort: Cohort, subject: User, rubric: Rubric
) -> None:
    observe(assessor, cohort, subject, rubric)
    (judged,) = next(table for table in marking_data.collect(subject) if table.key == "assessments").rows
    assert (judged["reasons"], judged["assessed_by"], judged["criteria"][0]) == (
        "Calm and clear.",
        "Assessor",
        {"criterion": "Aim", "level": "Clear", "comment": "Good."},
    )
    marking_data.erase(subject, Identity.of(subject))
    row = RubricAssessment.objects.get()
    assert (row.reasons, row.comments, row.occasion, row.levels, row.fraction) == ("", {}, "", LEVELS, Decimal("0.8"))


def test_old_words_are_due_and_go(assessor: User, cohort: Cohort, subject: User, rubric: Rubric) -> None:
    row = observe(assessor, cohort, subject, rubric)
    kept = next(line for line in practical_data.PERIODS if line.key == "observations")
    assert list(kept.due(timezone.now())) == []
    assert list(kept.due(timezone.now() + timedelta(days=2))) == [row]
    kept.apply([row.pk])
    assert list(kept.due(timezone.now() + timedelta(days=2))) == []
