"""What can happen to one piece of practical work at the same moment."""

import pytest
from django.core.files.base import ContentFile

from assessments.domain import practicals, rubrics
from assessments.domain.practicals import PracticalRefused, SavedText
from assessments.enums import HandInState
from assessments.models import HandIn, HandInFile, RubricAssessment, RubricVersion, Script
from courses.domain.releasing import release
from courses.models import Enrolment, Unit
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from tests.factories.courses import EnrolmentFactory, make_course_page, make_module
from tests.factories.people import UserFactory
from tests.factories.practicals import RubricFactory, make_practical
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolment() -> Enrolment:
    page = make_course_page()
    make_practical(make_module(page, "m1"), asks_files=2)
    return EnrolmentFactory(course=release(page=page, by=None).course)


@pytest.fixture
def hand_in(enrolment: Enrolment) -> HandIn:
    begun = practicals.begin(enrolment=enrolment, unit=Unit.objects.get(), language="en")
    practicals.save_text(hand_in=begun, text="My plan", version=0)
    return HandIn.objects.get()


def test_beginning_in_many_tabs_at_once_is_one_hand_in(enrolment: Enrolment) -> None:
    unit = Unit.objects.get()
    results = at_once(*(lambda: practicals.begin(enrolment=enrolment, unit=unit, language="en") for _tab in range(4)))
    assert {type(result) for result in results} == {HandIn}
    assert (HandIn.objects.count(), RubricVersion.objects.count()) == (1, 1)


def test_handing_in_twice_at_once_is_one_script(hand_in: HandIn) -> None:
    results = at_once(*(lambda: practicals.hand_in_work(hand_in=hand_in, version=1) for _click in range(4)))
    assert {type(result) for result in results} == {HandIn}
    assert len({result.handed_in_at for result in results if isinstance(result, HandIn)}) == 1
    assert (Script.objects.count(), HandIn.objects.get().state) == (1, HandInState.HANDED_IN)


def test_file_added_while_handing_in_is_in_it_or_refused(hand_in: HandIn) -> None:
    file = ContentFile(b"%PDF-1.7")
    added, _handed = at_once(
        lambda: practicals.add_file(hand_in=hand_in, file=file, name="plan.pdf"),
        lambda: practicals.hand_in_work(hand_in=hand_in, version=1),
    )
    assert HandIn.objects.get().state == HandInState.HANDED_IN
    if isinstance(added, PracticalRefused):
        assert HandInFile.objects.count() == 0
    else:
        assert HandInFile.objects.get() == added


def test_text_saved_while_handing_in_is_what_was_looked_at(hand_in: HandIn) -> None:
    saved, handed = at_once(
        lambda: practicals.save_text(hand_in=hand_in, text="Changed", version=1),
        lambda: practicals.hand_in_work(hand_in=hand_in, version=1),
    )
    now = HandIn.objects.get()
    if isinstance(handed, PracticalRefused):
        assert (now.text, now.state) == ("Changed", HandInState.DRAFT)
    else:
        assert isinstance(saved, PracticalRefused)
        assert (now.text, now.state) == ("My plan", HandInState.HANDED_IN)


def test_two_texts_at_once_displace_nothing_unseen(hand_in: HandIn) -> None:
    results = at_once(
        *(lambda n=n: practicals.save_text(hand_in=hand_in, text=f"Text {n}", version=1) for n in range(4))
    )
    saved = [result for result in results if isinstance(result, SavedText)]
    assert (len(saved), [result.stands for result in saved].count(True)) == (4, 1)
    assert {result.text for result in saved} == {HandIn.objects.get().text}


def test_same_file_twice_and_one_too_many_at_once(hand_in: HandIn) -> None:
    files = [b"%PDF-1", b"%PDF-1", b"%PDF-2", b"%PDF-3"]
    results = at_once(
        *(
            lambda data=data: practicals.add_file(hand_in=hand_in, file=ContentFile(data), name="plan.pdf")
            for data in files
        )
    )
    assert [result for result in results if not isinstance(result, HandInFile | PracticalRefused)] == []
    assert HandInFile.objects.count() == 2


def test_observation_opened_by_two_at_once_is_one() -> None:
    page = make_course_page()
    make_practical(make_module(page, "m1"), asks_text=False)
    enrolment = EnrolmentFactory(course=release(page=page, by=None).course)
    unit = Unit.objects.get()
    people = [UserFactory() for _person in range(3)]
    for person in people:
        grant_role(person=person, role=Role.ASSESSOR, granted_by=None)
    results = at_once(
        *(
            lambda by=by: practicals.open_for_observation(enrolment=enrolment, unit=unit, by=by, language="en")
            for by in people
        )
    )
    assert {type(result) for result in results} == {HandIn}
    assert (HandIn.objects.count(), Script.objects.count(), RubricAssessment.objects.count()) == (1, 1, 0)


def test_rubric_frozen_at_once_is_one_version() -> None:
    rubric = RubricFactory()
    results = at_once(*(lambda: rubrics.freeze(rubric) for _learner in range(4)))
    assert len({result.pk for result in results if isinstance(result, RubricVersion)}) == 1
    assert RubricVersion.objects.count() == 1
