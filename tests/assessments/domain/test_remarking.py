"""Marking again after a wrong key."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.domain import remarking, voiding
from assessments.domain.marking import result_of
from assessments.domain.remarking import RemarkRefused, preview, remark
from assessments.models import Attempt, MarkChange, Question, Remark
from courses.models import Enrolment, ModulePage, Unit, UnitCompletion
from elearn.core import pending
from elearn.core.models import AuditEvent
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.assessments import QuestionFactory, option
from tests.factories.courses import add_edition, make_lesson
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import answer, begin, make_taken_course, questions_in, set_right, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(learner: User, stranger: User) -> tuple:
    """Two questions, pass mark 70. The learner chose the first wrong option of the second; the stranger the key."""
    course, quiz = make_taken_course()
    second = questions_in(quiz)[1]
    failed = take(course, learner, chosen=("right", "wrong-1"))
    passed = take(course, stranger, chosen=("right", "right"))
    return course, second, failed, passed


def passes() -> set[str]:
    return set(UnitCompletion.objects.standing().values_list("enrolment__person__email", flat=True))


def test_preview_says_who_changes_and_writes_nothing(world: tuple) -> None:
    _course, second, failed, passed = world
    found = preview(question=set_right(second, "wrong-1"))
    lines = {line.attempt.pk: line for line in found.lines}
    assert (found.asked, found.rise, found.fall, found.changed, found.now_pass) == (2, 1, 1, 1, 1)
    assert found.would_not_pass == 1
    assert (lines[failed.pk].result.percent, lines[failed.pk].after.percent) == (50, 100)
    assert (lines[passed.pk].result.percent, lines[passed.pk].result_by_key.percent) == (100, 50)
    assert lines[passed.pk].after.percent == 100
    assert (Remark.objects.count(), MarkChange.objects.count(), Message.objects.count()) == (0, 4, 0)


def test_remark_raises_marks_completes_and_tells(world: tuple, author: User, learner: User) -> None:
    _course, second, failed, passed = world
    done = remark(question=set_right(second, "wrong-1"), by=author, reason="The key was wrong.")
    assert (done.changed, done.outstanding) == (1, False)
    change = MarkChange.objects.get(remark=done.remark)
    assert (change.attempt, change.fraction, change.reason, change.marked_by) == (failed, 1, "remark", author)
    assert result_of(failed).percent == 100
    assert result_of(passed).percent == 100
    assert passes() == {"learner@example.org", "stranger@example.org"}
    mail = Message.objects.get(reason__startswith="marked-again-")
    assert mail.person == learner
    assert "Your result was 50 % and is now 100 %. The pass mark is 70 %." in mail.body
    assert "With this you have passed the quiz." in mail.body
    assert "The reason given: The key was wrong." in mail.body
    events = AuditEvent.objects.filter(action__startswith="assessments.").order_by("pk")
    assert [(event.action, event.subject) for event in events] == [
        ("assessments.remark", None),
        ("assessments.marked_again", learner),
    ]


def test_a_second_remark_finds_nothing_to_change(world: tuple, author: User) -> None:
    second = set_right(world[1], "wrong-1")
    remark(question=second, by=author, reason="The key was wrong.")
    counts = (MarkChange.objects.count(), Message.objects.count(), AuditEvent.objects.count())
    again = remark(question=second, by=author, reason="The key was wrong.")
    assert (again.remark, again.changed) == (None, 0)
    assert (MarkChange.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == counts
    assert Remark.objects.count() == 1


def test_marks_fall_only_when_asked_for_and_the_pass_stays(world: tuple, author: User, stranger: User) -> None:
    second = set_right(world[1], "wrong-1")
    done = remark(question=second, by=author, reason="Wrong.", marks_may_fall=True)
    assert done.changed == 2
    assert result_of(world[3]).percent == 50
    assert passes() == {"learner@example.org", "stranger@example.org"}
    mail = Message.objects.get(reason__startswith="marked-again-", person=stranger)
    assert "Your result was 100 % and is now 50 %." in mail.body
    assert "A pass, once given, stays" in mail.body


def test_a_broken_question_gives_everybody_the_point(world: tuple, author: User) -> None:
    course, second, failed, _passed = world
    open_one = take(course, UserFactory(), chosen=("right", ""))
    done = remark(question=second, by=author, reason="No option was right.", everybody=True)
    assert set(MarkChange.objects.filter(remark=done.remark).values_list("attempt", flat=True)) == {
        failed.pk,
        open_one.pk,
    }
    assert result_of(open_one).percent == 100


def test_the_learner_is_told_in_their_own_language(world: tuple, author: User, learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(language="fr")
    remark(question=set_right(world[1], "wrong-1"), by=author, reason="Wrong.")
    assert "/fr/attempts/" in Message.objects.get(reason__startswith="marked-again-").body


def test_marks_that_the_quiz_never_shows_are_not_in_the_mail(author: User, learner: User) -> None:
    course, quiz = make_taken_course(show_marks="never")
    take(course, learner, chosen=("right", "wrong-1"))
    remark(question=set_right(questions_in(quiz)[1], "wrong-1"), by=author, reason="Wrong.")
    mail = Message.objects.get(reason__startswith="marked-again-")
    assert "%" not in mail.body
    assert "With this you have passed the quiz." in mail.body


def test_a_running_attempt_is_counted_and_left_alone(world: tuple, author: User) -> None:
    course, second, _failed, _passed = world
    running = begin(course, UserFactory())
    answer(running, 2, "wrong-1")
    snapshot = running.snapshot
    corrected = set_right(second, "wrong-1")
    assert preview(question=corrected).running == 1
    remark(question=corrected, by=author, reason="Wrong.")
    running.refresh_from_db()
    assert (running.state, running.snapshot) == ("in_progress", snapshot)
    assert not running.mark_changes.exists()


def test_attempts_of_every_edition_are_found(world: tuple, author: User) -> None:
    course, second, failed, _passed = world
    make_lesson(ModulePage.objects.get(), "added")
    add_edition(course)
    course.refresh_from_db()
    newer = take(course, UserFactory(), chosen=("right", "wrong-1"))
    assert newer.enrolment.edition.number == failed.enrolment.edition.number + 1
    found = preview(question=set_right(second, "wrong-1"))
    assert {line.attempt.pk for line in found.lines if not line.falls} == {failed.pk, newer.pk}


def test_attempts_that_did_not_ask_it_are_not_read(world: tuple) -> None:
    _course, second, _failed, _passed = world
    other, _quiz = make_taken_course("other-course")
    take(other, UserFactory(), chosen=("wrong-1", "wrong-1"))
    found = preview(question=set_right(second, "wrong-1"))
    assert found.asked == 2
    assert [course.code for course in found.courses] == ["rescue-at-sea"]


def test_an_option_that_is_gone_keeps_what_it_earned(world: tuple) -> None:
    _course, second, _failed, _passed = world
    raw = [dict(child) for child in second.options.raw_data]
    second.options = [option("new", correct=True), *[child for child in raw if child["id"] != "right"]]
    second.save()
    found = preview(question=Question.objects.get(pk=second.pk), marks_may_fall=True)
    assert (found.asked, found.lines) == (2, [])


def test_an_accepted_answer_that_was_added_counts(author: User, learner: User) -> None:
    accepted = {"type": "accepted", "id": "a1", "value": {"text": "boat", "share": None, "feedback": ""}}
    question = QuestionFactory(bank__course_code="rescue-at-sea", kind="short_text", options=[accepted])
    course, _quiz = make_taken_course(questions=0, draw=0, bank=question.bank)
    attempt = take(course, learner, chosen=("ship",))
    assert result_of(attempt).percent == 0
    question.options = [accepted, {**accepted, "id": "a2", "value": {**accepted["value"], "text": "ship"}}]
    question.save()
    remark(question=Question.objects.get(pk=question.pk), by=author, reason="A ship is a boat.")
    assert result_of(attempt).percent == 100


def test_another_type_than_then_cannot_be_compared(world: tuple) -> None:
    second = world[1]
    Question.objects.filter(pk=second.pk).update(kind="multiple_choice")
    found = preview(question=Question.objects.get(pk=second.pk))
    assert (found.asked, found.unlike, found.lines) == (2, 2, [])


def test_a_mark_by_a_person_does_not_fall(world: tuple, author: User) -> None:
    _course, second, _failed, passed = world
    MarkChange.objects.create(
        attempt=passed, question_key=second.key, fraction=Decimal("0.5"), reason="manual", marked_by=author
    )
    found = preview(question=set_right(second, "wrong-2"), marks_may_fall=True)
    assert [(line.attempt.pk, line.stays) for line in found.lines] == [(passed.pk, True)]


def test_an_answer_that_was_deleted_keeps_its_mark(world: tuple) -> None:
    _course, second, _failed, passed = world
    passed.responses.all().delete()
    found = preview(question=set_right(second, "wrong-1"), marks_may_fall=True)
    assert passed.pk not in {line.attempt.pk for line in found.lines}


def test_without_a_reason_nothing_is_done(world: tuple, author: User) -> None:
    with pytest.raises(RemarkRefused):
        remark(question=set_right(world[1], "wrong-1"), by=author, reason=" ")
    assert Remark.objects.count() == 0


def test_what_a_person_marks_has_no_key(author: User) -> None:
    essay = QuestionFactory(bank__course_code="rescue-at-sea", kind="essay", options=[])
    course, _quiz = make_taken_course(questions=0, draw=0, bank=essay.bank)
    take(course, UserFactory(), chosen=("My thoughts.",))
    with pytest.raises(RemarkRefused):
        remark(question=essay, by=author, reason="Wrong.")
    assert remark(question=essay, by=author, reason="Broken.", everybody=True).remark is None


def test_many_attempts_are_left_to_a_worker(world: tuple, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    course, second, _failed, _passed = world
    for _number in range(5):
        take(course, UserFactory(), chosen=("right", "wrong-1"))
    monkeypatch.setattr(remarking, "AT_ONCE", 2)
    monkeypatch.setattr(remarking, "CHUNKS_PER_RUN", 1)
    corrected = set_right(second, "wrong-1")
    done = remark(question=corrected, by=author, reason="Wrong.")
    assert done.outstanding
    assert MarkChange.objects.filter(remark=done.remark).count() == 0
    with pytest.raises(RemarkRefused):
        remark(question=corrected, by=author, reason="Wrong.")
    runs = 0
    while pending.work(remarking.KIND, done.remark.pk):
        runs += 1
    assert runs == 5  # Seven attempts, two at a time, and a last look.
    assert MarkChange.objects.filter(remark=done.remark).count() == 6
    assert Message.objects.filter(reason__startswith="marked-again-").count() == 6
    assert Remark.objects.get().work_done_at is not None
    assert len(passes()) == 7


def test_a_lot_done_twice_has_its_effect_once(world: tuple, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarking, "AT_ONCE", 1)
    done = remark(question=set_right(world[1], "wrong-1"), by=author, reason="Wrong.")
    remarking.carry_on(done.remark)
    Remark.objects.filter(pk=done.remark.pk).update(reached=0)
    remarking.carry_on(done.remark)
    assert MarkChange.objects.filter(remark=done.remark).count() == 1
    assert Message.objects.filter(reason__startswith="marked-again-").count() == 1


def test_preview_asks_as_often_for_three_attempts_as_for_one() -> None:
    counts = []
    for number, learners in (("one", 1), ("three", 3)):
        course, quiz = make_taken_course(number)
        for _learner in range(learners):
            take(course, UserFactory(), chosen=("right", "wrong-1"))
        question = set_right(questions_in(quiz)[1], "wrong-1")
        with CaptureQueriesContext(connection) as queries:
            assert preview(question=question).rise == learners
        counts.append(len(queries))
    assert counts[0] == counts[1] == 11


# --- Taking back a pass ------------------------------------------------------------------------------------------


def test_a_pass_in_doubt_is_listed_and_voided_with_a_reason(world: tuple, author: User, manager: User) -> None:
    _course, second, _failed, passed = world
    done = remark(question=set_right(second, "wrong-1"), by=author, reason="Wrong.").remark
    assert voiding.all_in_doubt(done, 10) == [passed]
    with pytest.raises(RemarkRefused):
        voiding.void_pass(remark=done, attempt=passed, by=manager, reason="")
    voiding.void_pass(remark=done, attempt=passed, by=manager, reason="Does not know this.")
    completion = UnitCompletion.objects.get(enrolment=passed.enrolment)
    assert (completion.voided_by, completion.void_reason) == (manager, "Does not know this.")
    mail = Message.objects.get(reason=f"pass-voided-{passed.pk}")
    assert "Does not know this." in mail.body
    assert voiding.all_in_doubt(done, 10) == []
    with pytest.raises(RemarkRefused):
        voiding.void_pass(remark=done, attempt=passed, by=manager, reason="Twice.")


def test_a_pass_that_another_attempt_earned_is_not_in_doubt(world: tuple, author: User) -> None:
    course, second, _failed, passed = world
    take(course, chosen=("right", "wrong-1"), enrolment=passed.enrolment)
    done = remark(question=set_right(second, "wrong-1"), by=author, reason="Wrong.")
    assert done.changed == 2
    assert voiding.all_in_doubt(done.remark, 10) == []
    assert Unit.objects.count() == 1
    assert Enrolment.objects.count() == 2
    assert Attempt.objects.count() == 3
