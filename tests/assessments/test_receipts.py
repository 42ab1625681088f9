"""Receipts: what they prove, who sees them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain import personal_data
from assessments.domain.receipts import Proof, check, read_code
from assessments.models import Attempt, Response
from elearn.core.models import AuditEvent
from elearn.people.domain import erasure
from elearn.people.domain.roles import grant_role
from elearn.people.enums import ErasureOrigin, Role
from elearn.people.models import User
from tests.factories.people import UserFactory
from tests.factories.taken_quizzes import begin, make_taken_course, take

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]
LOOK_UP = "/en/receipts/"


@pytest.fixture
def taken(learner: User) -> Attempt:
    attempt = take(make_taken_course()[0], learner, chosen=("right", "wrong-1"))
    return Attempt.objects.get(pk=attempt.pk)


def trainer_of(attempt: Attempt, manager: User) -> User:
    person = UserFactory()
    grant_role(person=person, role=Role.TRAINER, granted_by=manager, scope_key=attempt.enrolment.course.key)
    return person


def test_what_was_submitted_matches(taken: Attempt) -> None:
    found = check(taken)
    assert (found.proof, found.answers, found.seal) == (Proof.MATCHES, 2, taken.receipt)
    assert found.code.replace("-", "").lower() == taken.receipt[:20]


def test_an_attempt_without_answers_matches(learner: User) -> None:
    attempt = take(make_taken_course()[0], learner)
    assert check(attempt).proof == Proof.MATCHES


@pytest.mark.parametrize("change", ["answer", "deleted", "added", "moment"])
def test_a_change_behind_the_back_of_the_system_is_noticed(taken: Attempt, change: str) -> None:
    rows = Response.objects.filter(attempt=taken)
    if change == "answer":
        rows.filter(sequence=2).update(answer=["right"])
    elif change == "deleted":
        rows.filter(sequence=1).delete()
    elif change == "added":
        rows.create(
            attempt=taken, question_key="x", answer=["right"], client_key=taken.public_id, sequence=9, language="en"
        )
    else:
        Attempt.objects.filter(pk=taken.pk).update(submitted_at=taken.submitted_at - timedelta(seconds=1))
    assert check(Attempt.objects.get(pk=taken.pk)).proof == Proof.CHANGED


def test_a_late_answer_changes_nothing(taken: Attempt) -> None:
    taken.responses.create(
        question_key=taken.snapshot[0]["key"],
        answer=["wrong-1"],
        client_key=taken.public_id,
        sequence=9,
        language="en",
        displaces=False,
        is_late=True,
    )
    assert check(taken).proof == Proof.MATCHES


def test_answers_that_are_gone_by_age_are_no_change(taken: Attempt) -> None:
    taken.responses.all().delete()
    assert check(taken).proof == Proof.CHANGED
    taken.submitted_at = timezone.now() - timedelta(days=settings.RETENTION_DAYS["answers"] + 1)
    assert check(taken).proof == Proof.DELETED


def test_answers_that_went_with_the_account_are_no_change(taken: Attempt) -> None:
    Response.objects.filter(attempt=taken, sequence=1).update(answer="written words")
    erasure.erase_now(person=taken.enrolment.person, origin=ErasureOrigin.OPERATOR, reason="Asked.")
    assert check(Attempt.objects.get(pk=taken.pk)).proof == Proof.ERASED
    assert personal_data.collect(taken.enrolment.person)[0].key == "attempts"


@pytest.mark.parametrize("typed", ["", "12", "zzzz-zzzz-zzzz-zzzz-zzzz", "0" * 65])
def test_nonsense_is_no_code(typed: str) -> None:
    with pytest.raises(ValueError, match="no code"):
        read_code(typed)


def test_a_code_is_read_with_spaces_and_small_letters() -> None:
    assert read_code(" abcd-EF01 2345–6789-abcd ") == "abcdef0123456789abcd"


# --- Pages -------------------------------------------------------------------------------------------------------


def test_the_learner_sees_their_own_and_nobody_else_does(
    taken: Attempt, manager: User, stranger: User, as_person: AsPerson
) -> None:
    urls = [reverse(f"assessments:{name}", args=[taken.public_id]) for name in ("receipt", "receipt_code")]
    client = as_person(taken.enrolment.person)
    text = client.get(urls[0]).content.decode()
    assert [words in text for words in (check(taken).code, "Nothing was changed since")] == [True, True]
    picture = client.get(urls[1])
    assert (picture.headers["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    for person in (stranger, manager):
        assert [as_person(person).get(url).status_code for url in urls] == [404, 404]


def test_a_running_attempt_has_no_receipt(learner: User, as_person: AsPerson) -> None:
    attempt = begin(make_taken_course()[0], learner)
    client = as_person(learner)
    for name in ("receipt", "receipt_code"):
        assert client.get(reverse(f"assessments:{name}", args=[attempt.public_id])).status_code == 404


def test_a_trainer_checks_the_receipt_of_a_learner(taken: Attempt, manager: User, as_person: AsPerson) -> None:
    trainer = trainer_of(taken, manager)
    text = as_person(trainer).get(LOOK_UP, {"code": check(taken).code}).content.decode()
    assert [words in text for words in ("Lea Learner", "Nothing was changed since")] == [True, True]
    event = AuditEvent.objects.get(action="assessments.receipt_checked")
    assert (event.actor, event.subject) == (trainer, taken.enrolment.person)
    Response.objects.filter(attempt=taken, sequence=2).update(answer=["right"])
    text = as_person(trainer).get(LOOK_UP, {"code": taken.receipt}).content.decode()
    assert "are not the ones that were submitted" in text


def test_a_trainer_of_another_course_finds_nothing(taken: Attempt, manager: User, as_person: AsPerson) -> None:
    other = take(make_taken_course("other-course")[0])
    response = as_person(trainer_of(other, manager)).get(LOOK_UP, {"code": check(taken).code})
    assert "Lea Learner" not in response.content.decode()
    assert not AuditEvent.objects.filter(action="assessments.receipt_checked").exists()


@pytest.mark.parametrize("who", ["stranger", "learner", "author", "editor", "focal_point"])
def test_nobody_else_looks_up(taken: Attempt, who: str, as_person: AsPerson, request: pytest.FixtureRequest) -> None:
    client = as_person(request.getfixturevalue(who))
    assert client.get(LOOK_UP, {"code": check(taken).code}).status_code == 403


def test_codes_are_not_for_guessing(
    taken: Attempt, manager: User, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", {"look_up_receipt": "2/m/user"})
    client = as_person(manager)
    found = [client.get(LOOK_UP, {"code": check(taken).code}).status_code for _time in range(3)]
    assert found == [200, 200, 429]
    assert client.get(LOOK_UP).status_code == 200
