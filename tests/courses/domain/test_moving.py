"""Moving up: what the preview says is what the act does, and completions are never touched."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.attempts import save_response, start_attempt, submit_attempt
from assessments.models import Attempt, QuizPage
from courses.domain.moving import MoveRefused, move_up, plan_moves, preview_move
from courses.domain.progress import complete_unit
from courses.domain.releasing import release
from courses.enums import Award, EnrolmentState
from courses.models import (
    Cohort,
    Course,
    CoursePage,
    Edition,
    Enrolment,
    EnrolmentMove,
    LessonPage,
    ModulePage,
    Unit,
    UnitCompletion,
)
from courses.signals import course_completed
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.assessments import make_quiz
from tests.factories.courses import EnrolmentFactory, add_edition, make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory


@pytest.fixture
def announced():
    """The enrolments announced as completed."""
    heard: list[Enrolment] = []

    def listen(enrolment: Enrolment, **kwargs: object) -> None:
        heard.append(enrolment)

    course_completed.connect(listen)
    yield heard
    course_completed.disconnect(listen)


def complete(enrolment: Enrolment, *codes: str) -> None:
    for code in codes:
        unit = Unit.objects.get(course=enrolment.course, code=code)
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)


def next_edition(course: Course, **changes: Any) -> Edition:
    """Release once more: with a lesson `new` in the first module, without `m2-l2`, or with other facts."""
    if changes.get("added", True):
        make_lesson(ModulePage.objects.get(key="m1"), "new", minutes=20)
    if changes.get("without"):
        LessonPage.objects.filter(key=changes["without"]).update(live=False)
    if changes.get("award"):
        CoursePage.objects.filter(translation_key=course.key).update(award=changes["award"])
    edition = add_edition(course)
    course.refresh_from_db()
    return edition


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("edition", "course__current_edition", "cohort").get(pk=enrolment.pk)


def test_only_an_active_enrolment_behind_the_newest_edition_may_move(course: Course, enrolment: Enrolment) -> None:
    assert fresh(enrolment).may_move_up is False
    next_edition(course)
    done = EnrolmentFactory(course=course, edition=enrolment.edition, state="completed", completed_at=timezone.now())
    gone = EnrolmentFactory(course=course, edition=enrolment.edition, state=EnrolmentState.WITHDRAWN)
    newest = EnrolmentFactory(course=course)
    everybody = [fresh(row) for row in (enrolment, done, gone, newest)]
    assert [row.may_move_up for row in everybody] == [True, False, False, False]
    assert [row.is_behind for row in everybody] == [True, True, True, False]
    assert list(Enrolment.objects.movable()) == [enrolment]
    assert set(Enrolment.objects.behind()) == {enrolment, done, gone}


def test_preview_says_what_is_new_gone_and_counts_on(course: Course, enrolment: Enrolment) -> None:
    complete(enrolment, "m1-l1", "m2-l2")
    next_edition(course, without="m2-l2", award=Award.ACHIEVEMENT)
    preview = preview_move(enrolment=fresh(enrolment), language="en")
    assert preview is not None
    assert [unit.title for unit in preview.changes.new] == ["New"]
    assert [(unit.title, unit.is_done) for unit in preview.changes.gone] == [("M2-l2", True)]
    assert preview.changes.facts == ("Certificate: Certificate of achievement (before: Certificate of completion)",)
    assert (preview.counts_on, preview.no_longer_counts) == (1, 1)
    assert (preview.to_do, preview.minutes_to_do) == (3, 50)
    assert (preview.before.percent, preview.after.percent) == (50, 25)
    assert (preview.award, preview.variant, str(preview.hours)) == ("Certificate of achievement", "Full", "1")
    assert (preview.completes, preview.refusal, preview.group) == (None, "", "")
    assert (EnrolmentMove.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_preview_puts_other_rules_into_words(learner: User) -> None:
    page = make_course_page()
    module = make_module(page, "m1")
    make_quiz(module, questions=3, pass_mark=50)
    make_lesson(module, "lesson")
    course = release(page=page, by=None).course
    enrolment = EnrolmentFactory(person=learner, course=course)
    QuizPage.objects.update(pass_mark=80, attempts_allowed=2, draw=0)
    LessonPage.objects.update(required=False)
    add_edition(course)
    preview = preview_move(enrolment=fresh(enrolment), language="en")
    assert preview is not None
    assert {line.unit.title: line.words for line in preview.changes.rules} == {
        "Quiz": (
            "Questions: all (before: 3)",
            "Pass mark: 80 % (before: 50 %)",
            "Attempts: 2 (before: as many as you want)",
        ),
        "Lesson": ("Optional now",),
    }


def test_preview_says_when_a_language_or_hours_are_others(course: Course, enrolment: Enrolment) -> None:
    LessonPage.objects.update(minutes=60)
    page = CoursePage.objects.get()
    french = Locale.objects.create(language_code="fr")
    page.copy_for_translation(french, copy_parents=True, alias=True)
    for original in (*ModulePage.objects.child_of(page), *LessonPage.objects.descendant_of(page)):
        original.copy_for_translation(french, alias=True)
    release(page=page, by=None)
    preview = preview_move(enrolment=fresh(enrolment), language="en")
    assert preview is not None
    assert preview.changes.facts == (
        "Hours of learning: 4 (before: 1)",
        "Languages: English, Français (before: English)",
    )


def test_preview_takes_as_many_queries_however_long_the_course(
    course: Course, enrolment: Enrolment, django_assert_max_num_queries
) -> None:
    next_edition(course)
    row = fresh(enrolment)
    with django_assert_max_num_queries(5):
        preview_move(enrolment=row, language="en")


def test_moving_keeps_completions_and_writes_history(
    course: Course, enrolment: Enrolment, learner: User, announced: list, django_capture_on_commit_callbacks
) -> None:
    complete(enrolment, "m1-l1")
    first, second = enrolment.edition, next_edition(course)
    kept = list(UnitCompletion.objects.values())
    with django_capture_on_commit_callbacks(execute=True):
        move = move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
    enrolment.refresh_from_db()
    assert (enrolment.edition, enrolment.state, announced) == (second, EnrolmentState.ACTIVE, [])
    assert (move.from_edition, move.to_edition, move.moved_by) == (first, second, learner)
    assert list(UnitCompletion.objects.values()) == kept
    event = AuditEvent.objects.get(action="enrolment.move_up")
    assert (event.actor, event.subject) == (learner, learner)
    assert event.details == {"enrolment": enrolment.pk, "from_edition": 1, "to_edition": 2}
    assert Message.objects.count() == 0
    complete(enrolment, "new")
    assert UnitCompletion.objects.count() == 2


def test_moving_twice_is_one_move(course: Course, enrolment: Enrolment, learner: User) -> None:
    second = next_edition(course)
    moves = [move_up(enrolment=enrolment, to_edition=second, moved_by=learner) for _click in range(2)]
    assert moves[0] == moves[1]
    assert (EnrolmentMove.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_click_in_an_old_tab_after_a_second_move_is_refused(
    course: Course, enrolment: Enrolment, learner: User
) -> None:
    second = next_edition(course)
    move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
    third = next_edition(course, added=False, without="m2-l2")
    move_up(enrolment=enrolment, to_edition=third, moved_by=learner)
    with pytest.raises(MoveRefused, match="A newer edition was released in the meantime"):
        move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
    history = EnrolmentMove.objects.values_list("from_edition__number", "to_edition__number")
    assert list(history) == [(1, 2), (2, 3)]


def test_database_refuses_a_second_move_to_an_edition_and_one_that_leads_nowhere(
    course: Course, enrolment: Enrolment, learner: User
) -> None:
    first, second = enrolment.edition, next_edition(course)
    move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
    for start in (first, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            EnrolmentMove.objects.create(enrolment=enrolment, from_edition=start, to_edition=second)


def test_moving_to_an_edition_that_is_done_already_completes_once(
    course: Course, enrolment: Enrolment, learner: User, announced: list, django_capture_on_commit_callbacks
) -> None:
    complete(enrolment, "m1-l1", "m1-l2", "m2-l1")
    second = next_edition(course, added=False, without="m2-l2")
    preview = preview_move(enrolment=fresh(enrolment), language="en")
    assert preview is not None and preview.completes is not None
    for _click in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            move = move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
        assert move.enrolment.completed_at is not None
    enrolment.refresh_from_db()
    assert (enrolment.state, announced) == (EnrolmentState.COMPLETED, [enrolment])


def test_completed_enrolment_never_moves(course: Course, enrolment: Enrolment, learner: User) -> None:
    complete(enrolment, "m1-l1", "m1-l2", "m2-l1", "m2-l2")
    first, second = enrolment.edition, next_edition(course)
    assert preview_move(enrolment=fresh(enrolment), language="en") is None
    with pytest.raises(MoveRefused, match="Your certificate stands on that"):
        move_up(enrolment=enrolment, to_edition=second, moved_by=learner)
    enrolment.refresh_from_db()
    assert (enrolment.edition, EnrolmentMove.objects.count()) == (first, 0)


@pytest.mark.parametrize("state", ["withdrawn", "expired", "requested"])
def test_enrolment_that_is_not_open_never_moves(
    course: Course, enrolment: Enrolment, learner: User, state: str
) -> None:
    second = next_edition(course)
    Enrolment.objects.update(state=state)
    with pytest.raises(MoveRefused, match="not enrolled in this course at the moment"):
        move_up(enrolment=enrolment, to_edition=second, moved_by=learner)


def test_moving_to_an_edition_that_is_not_the_newest_any_more_is_refused(
    course: Course, enrolment: Enrolment, learner: User
) -> None:
    seen = next_edition(course)
    next_edition(course, added=False, without="m2-l2")
    with pytest.raises(MoveRefused, match="A newer edition was released in the meantime"):
        move_up(enrolment=enrolment, to_edition=seen, moved_by=learner)
    with pytest.raises(MoveRefused, match="newest edition already"):
        move_up(enrolment=EnrolmentFactory(course=course), to_edition=course.current_edition, moved_by=learner)
    assert EnrolmentMove.objects.count() == 0


# --- Quizzes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def quiz_enrolment(learner: User) -> Enrolment:
    page = make_course_page()
    module = make_module(page, "m1")
    make_quiz(module, questions=2, pass_mark=50)
    make_lesson(module, "lesson")
    return EnrolmentFactory(person=learner, course=release(page=page, by=None).course)


def attempt_at(enrolment: Enrolment, *, right: bool) -> Attempt:
    attempt = start_attempt(enrolment=enrolment, unit=Unit.objects.get(code="quiz"), language="en")
    finish(attempt, right=right)
    return attempt


def finish(attempt: Attempt, *, right: bool) -> None:
    for question in attempt.snapshot if right else ():
        save_response(
            attempt=attempt,
            question_key=question["key"],
            posted={"": ["right"]},
            client_key=attempt.public_id,
            based_on=0,
            language="en",
        )
    submit_attempt(attempt=attempt, language="en", revision=None)


def test_attempt_in_progress_is_judged_as_it_was_drawn_and_counts_in_the_newer_edition(
    quiz_enrolment: Enrolment, learner: User
) -> None:
    running = start_attempt(enrolment=quiz_enrolment, unit=Unit.objects.get(code="quiz"), language="en")
    QuizPage.objects.update(pass_mark=90)
    second = add_edition(quiz_enrolment.course)
    move_up(enrolment=quiz_enrolment, to_edition=second, moved_by=learner)
    finish(running, right=True)
    running.refresh_from_db()
    assert (running.pass_mark, len(running.snapshot)) == (50, 2)
    assert list(UnitCompletion.objects.values_list("unit__code", flat=True)) == ["quiz"]
    again = start_attempt(enrolment=quiz_enrolment, unit=Unit.objects.get(code="quiz"), language="en")
    assert again.pass_mark == 90


def test_learner_who_could_not_pass_any_more_stays(quiz_enrolment: Enrolment, learner: User) -> None:
    for _try in range(2):
        attempt_at(quiz_enrolment, right=False)
    QuizPage.objects.update(attempts_allowed=2)
    second = add_edition(quiz_enrolment.course)
    words = "The quiz “Quiz” allows 2 attempts in the newest edition"
    preview = preview_move(enrolment=fresh(quiz_enrolment), language="en")
    assert preview is not None and preview.refusal.startswith(words)
    with pytest.raises(MoveRefused, match=words):
        move_up(enrolment=quiz_enrolment, to_edition=second, moved_by=learner)
    attempt_at(quiz_enrolment, right=True)
    move_up(enrolment=quiz_enrolment, to_edition=second, moved_by=learner)
    assert EnrolmentMove.objects.count() == 1


def test_learner_with_an_attempt_left_or_in_progress_may_move(quiz_enrolment: Enrolment, learner: User) -> None:
    attempt_at(quiz_enrolment, right=False)
    QuizPage.objects.update(attempts_allowed=2)
    second = add_edition(quiz_enrolment.course)
    start_attempt(enrolment=quiz_enrolment, unit=Unit.objects.get(code="quiz"), language="en")
    move_up(enrolment=quiz_enrolment, to_edition=second, moved_by=learner)
    assert EnrolmentMove.objects.count() == 1


# --- Several at once ---------------------------------------------------------------------------------------------


@pytest.fixture
def several(course: Course, enrolment: Enrolment) -> list[Enrolment]:
    """Three active learners of edition 1, one of them in a group that takes it; one completed; edition 2 is out."""
    first = enrolment.edition
    cohort = Cohort.objects.create(course=course, edition=first, title="Group", starts_on=timezone.localdate())
    grouped = EnrolmentFactory(course=course, edition=first, cohort=cohort)
    EnrolmentFactory(course=course, edition=first, state="completed", completed_at=timezone.now())
    nearly = EnrolmentFactory(course=course, edition=first, person=UserFactory(language="fr"))
    complete(nearly, "m1-l1", "m1-l2", "m2-l1")
    next_edition(course, added=False, without="m2-l2")
    return [enrolment, grouped, nearly]


def test_plan_counts_whom_a_move_of_everybody_reaches(course: Course, several: list[Enrolment]) -> None:
    plan = plan_moves(course=course)
    assert plan is not None
    assert (plan.total, plan.by_edition, plan.completes, plan.in_groups, plan.stay) == (2, {1: 2}, 1, 1, {})
    everybody = plan_moves(course=course, with_groups=True)
    assert everybody is not None
    assert (everybody.total, everybody.in_groups) == (3, 0)


@pytest.mark.parametrize("learners", [1, 3])
def test_plan_takes_as_many_queries_however_many_learners(
    course: Course, enrolment: Enrolment, learners: int, django_assert_num_queries
) -> None:
    for _learner in range(learners - 1):
        EnrolmentFactory(course=course)
    next_edition(course)
    course = Course.objects.select_related("current_edition").get()
    with django_assert_num_queries(3):
        plan_moves(course=course)


def test_command_says_what_it_would_do_and_does_nothing(several: list[Enrolment]) -> None:
    out = StringIO()
    call_command("move_up", "rescue-at-sea", "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == [
        "2 active learners would move up to edition 2; 1 would complete at once.",
        "  from edition 1: 2",
        "  1 stay with a group that takes another edition.",
    ]
    assert EnrolmentMove.objects.count() == 0


def test_command_moves_tells_the_learners_and_names_who_did_it(
    several: list[Enrolment], manager: User, learner: User
) -> None:
    out = StringIO()
    call_command("move_up", "rescue-at-sea", "--by", manager.email, stdout=out)
    assert out.getvalue().splitlines()[-1] == "2 moved; 1 of them completed the course by it."
    moved = {move.enrolment: move.moved_by for move in EnrolmentMove.objects.all()}
    assert moved == {several[0]: manager, several[2]: manager}
    told = Message.objects.filter(reason__startswith="moved-up-")
    assert {message.person for message in told} == {several[0].person, several[2].person}
    assert "/en/courses/rescue-at-sea/" in told.get(person=learner).body
    call_command("move_up", "rescue-at-sea", stdout=out)
    assert out.getvalue().splitlines()[-1] == "0 moved; 0 of them completed the course by it."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nowhere"], "no released course"), (["rescue-at-sea", "--by", "x@y.example"], "Nobody here")],
)
def test_command_refuses_what_it_does_not_know(course: Course, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("move_up", *arguments)
