from uuid import UUID

import pytest

from courses.domain.progress import ProgressRefused, complete_unit, save_reflection, void_completion
from courses.enums import EnrolmentState
from courses.models import Course, Enrolment, Reflection, Unit, UnitCompletion
from courses.signals import completion_voided, course_completed
from elearn.core.models import AuditEvent
from elearn.people.models import User
from tests.factories.courses import make_released_course


@pytest.fixture
def announced():
    """The enrolments announced as completed."""
    heard: list[Enrolment] = []

    def listen(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append(enrolment)

    course_completed.connect(listen)
    yield heard
    course_completed.disconnect(listen)


def complete(enrolment: Enrolment, code: str) -> UnitCompletion:
    unit = Unit.objects.get(course=enrolment.course, code=code)
    return complete_unit(enrolment=enrolment, unit=unit, language="en", revision=7)


def test_complete_unit_writes_language_and_revision(enrolment: Enrolment) -> None:
    completion = complete(enrolment, "m1-l1")
    assert (completion.unit.code, completion.language, completion.revision) == ("m1-l1", "en", 7)


def test_complete_unit_twice_is_one_row(enrolment: Enrolment) -> None:
    first, second = complete(enrolment, "m1-l1"), complete(enrolment, "m1-l1")
    assert first.pk == second.pk
    assert UnitCompletion.objects.count() == 1


def test_last_required_unit_completes_the_enrolment_once(
    enrolment: Enrolment, announced: list, django_capture_on_commit_callbacks
) -> None:
    for code in ("m1-l1", "m1-l2", "m2-l1"):
        with django_capture_on_commit_callbacks(execute=True):
            complete(enrolment, code)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.completed_at, announced) == (EnrolmentState.ACTIVE, None, [])
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            complete(enrolment, "m2-l2")
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED
    assert enrolment.completed_at is not None
    assert announced == [enrolment]


def test_optional_unit_is_not_waited_for(learner: User, announced: list, django_capture_on_commit_callbacks) -> None:
    from courses.models import LessonPage
    from tests.factories.courses import EnrolmentFactory, add_edition

    course = make_released_course(modules=1, lessons=2)
    LessonPage.objects.filter(key="m1-l2").update(required=False)
    add_edition(course)
    course.refresh_from_db()
    enrolment = EnrolmentFactory(person=learner, course=course)
    with django_capture_on_commit_callbacks(execute=True):
        complete(enrolment, "m1-l1")
    assert announced == [enrolment]


def test_unit_of_another_course_is_refused(enrolment: Enrolment) -> None:
    other = make_released_course("other", modules=1, lessons=1)
    unit = other.units.get()
    with pytest.raises(ProgressRefused):
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    assert UnitCompletion.objects.count() == 0


@pytest.mark.parametrize("state", [EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED, EnrolmentState.REQUESTED])
def test_closed_enrolment_is_refused(enrolment: Enrolment, state: EnrolmentState) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    with pytest.raises(ProgressRefused):
        complete(enrolment, "m1-l1")


def test_voiding_keeps_the_row_and_opens_the_unit_again(
    enrolment: Enrolment, manager: User, django_capture_on_commit_callbacks
) -> None:
    heard = []

    def listen(completion: UnitCompletion, **kwargs: object) -> None:
        heard.append(completion.pk)

    completion_voided.connect(listen)
    first = complete(enrolment, "m1-l1")
    with django_capture_on_commit_callbacks(execute=True):
        void_completion(completion=first, by=manager, reason="Entered for the wrong person")
        void_completion(completion=first, by=manager, reason="Entered for the wrong person")
    completion_voided.disconnect(listen)
    second = complete(enrolment, "m1-l1")
    assert heard == [first.pk]
    assert second.pk != first.pk
    assert UnitCompletion.objects.count() == 2
    assert list(AuditEvent.objects.values_list("action", "actor", "subject")) == [
        ("completion.void", manager.pk, enrolment.person_id)
    ]


def test_voiding_does_not_reopen_a_completed_enrolment(enrolment: Enrolment, manager: User) -> None:
    for code in ("m1-l1", "m1-l2", "m2-l1", "m2-l2"):
        complete(enrolment, code)
    void_completion(completion=UnitCompletion.objects.get(unit__code="m1-l1"), by=manager, reason="A mistake")
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.COMPLETED


def test_voiding_without_a_reason_is_refused(enrolment: Enrolment, manager: User) -> None:
    completion = complete(enrolment, "m1-l1")
    with pytest.raises(ValueError, match="reason"):
        void_completion(completion=completion, by=manager, reason="  ")
    assert UnitCompletion.objects.standing().count() == 1


def test_condensed_variant_completes_the_edition_as_condensed(course: Course) -> None:
    structure = course.current_edition.structure
    full = structure.variants[0]
    short = type(full)(
        kind="condensed",
        languages=("fr",),
        modules=tuple(
            type(module)(
                key=module.key,
                code=module.code,
                units=(
                    type(module.units[0])(
                        key=str(UUID(int=index + 1)), code=f"short-{index}", kind="lesson", required=True, minutes=30
                    ),
                ),
            )
            for index, module in enumerate(full.modules)
        ),
    )
    both = type(structure)(award=structure.award, titles={}, variants=(full, short))
    first_in_full = {UUID(unit.key) for unit in full.modules[0].units}
    second_in_full = {UUID(unit.key) for unit in full.modules[1].units}
    second_in_short = {UUID(int=2)}
    assert both.complete_in(first_in_full) is None
    assert both.complete_in(first_in_full | second_in_short) == short
    assert both.complete_in(first_in_full | second_in_full) == full
    assert short.hours == 1


def test_reflection_is_kept_replaced_and_removed(enrolment: Enrolment) -> None:
    unit = Unit.objects.get(code="m1-l1")
    for text in ("first", "second\r\nline", "second\r\nline"):
        save_reflection(enrolment=enrolment, unit=unit, block_id="b1", text=text)
    assert list(Reflection.objects.values_list("text", flat=True)) == ["second\nline"]
    save_reflection(enrolment=enrolment, unit=unit, block_id="b1", text=" ")
    assert Reflection.objects.count() == 0
