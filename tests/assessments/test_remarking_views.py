"""The screens of marking again, and everybody else's attempts at them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Attempt, Question, Remark
from courses.models import UnitCompletion
from elearn.core.models import AuditEvent
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import make_taken_course, questions_in, set_right, take

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


@pytest.fixture
def taken(learner: User) -> tuple[Question, Attempt, Attempt]:
    """A question with a corrected key; one learner gains by it, another would lose."""
    course, quiz = make_taken_course()
    gains = take(course, learner, chosen=("right", "wrong-1"))
    loses = take(course, UserFactory(printed_name="Otto Other"), chosen=("right", "right"))
    return set_right(questions_in(quiz)[1], "wrong-1"), gains, loses


def address(question: Question) -> str:
    return reverse("assessments:remark", args=[question.translation_key])


@pytest.mark.parametrize("who", ["stranger", "learner", "trainer", "reviewer"])
def test_for_others_there_is_no_such_page(
    taken: tuple, who: str, as_person: AsPerson, request: pytest.FixtureRequest
) -> None:
    assert as_person(request.getfixturevalue(who)).get(address(taken[0])).status_code == 404


def test_an_author_sees_how_many_and_not_who(taken: tuple, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    text = client.get(address(taken[0])).content.decode()
    assert [name in text for name in ("Lea Learner", "Otto Other", "Learner 1", "Mark again and tell")] == [
        False,
        False,
        True,
        False,
    ]
    assert client.post(address(taken[0]), {"way": "key", "reason": "Wrong."}).status_code == 403
    assert Remark.objects.count() == 0


def test_an_editor_sees_who_and_does_it(taken: tuple, editor: User, learner: User, as_person: AsPerson) -> None:
    client = as_person(editor)
    text = client.get(address(taken[0])).content.decode()
    assert [words in text for words in ("Lea Learner", "Otto Other", "Passes now", "Keeps the pass")] == [True] * 4
    assert AuditEvent.objects.filter(action="assessments.remark_read", subject=learner, actor=editor).count() == 1
    response = client.post(address(taken[0]), {"way": "key", "reason": "The key was wrong."})
    done = Remark.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/en/remarks/{done.public_id}/")
    text = client.get(response.headers["Location"]).content.decode()
    assert [words in text for words in ("1 mark was changed.", "Otto Other", "For a manager to decide")] == [True] * 3
    again = client.post(address(taken[0]), {"way": "key", "reason": "The key was wrong."}, follow=True)
    assert "so nothing was changed" in again.content.decode()
    assert Remark.objects.count() == 1


def test_an_act_without_a_reason_says_what_is_missing(taken: tuple, editor: User, as_person: AsPerson) -> None:
    response = as_person(editor).post(address(taken[0]), {"way": "key", "reason": ""})
    assert (response.status_code, Remark.objects.count()) == (200, 0)
    assert "Something is missing or not right" in response.content.decode()


def test_an_editor_of_another_course_finds_nothing(taken: tuple, manager: User, as_person: AsPerson) -> None:
    make_taken_course("other-course")
    other = UserFactory()
    key = Attempt.objects.first().unit.course.key
    grant_role(person=other, role=Role.EDITOR, granted_by=manager, scope_key=taken[0].translation_key)
    assert as_person(other).get(address(taken[0])).status_code == 404
    mine = UserFactory()
    grant_role(person=mine, role=Role.EDITOR, granted_by=manager, scope_key=key)
    assert as_person(mine).get(address(taken[0])).status_code == 200


def test_a_manager_takes_a_pass_back_and_an_editor_cannot(
    taken: tuple, editor: User, manager: User, as_person: AsPerson
) -> None:
    question, _gains, loses = taken
    as_person(editor).post(address(question), {"way": "key", "reason": "Wrong."})
    url = reverse("assessments:void_pass", args=[Remark.objects.get().public_id, loses.public_id])
    assert as_person(editor).get(url).status_code == 404
    client = as_person(manager)
    assert "Otto Other" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "To be taken again."}).status_code == 302
    completion = UnitCompletion.objects.get(enrolment=loses.enrolment)
    assert (completion.voided_by, completion.void_reason) == (manager, "To be taken again.")
    assert client.get(url).status_code == 404


def test_the_question_in_the_cms_leads_there(taken: tuple, author: User, as_person: AsPerson) -> None:
    url = reverse("wagtailsnippets_assessments_question:edit", args=[taken[0].pk])
    assert address(taken[0]) in as_person(author).get(url).content.decode()
