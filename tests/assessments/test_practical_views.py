"""The pages of a practical as its learner, a stranger and assessors meet them."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain import practicals
from assessments.domain.practicals import PracticalRefused
from assessments.enums import HandInState
from assessments.models import HandIn, HandInFile, PracticalPage, RubricAssessment, Script
from elearn.core.models import AuditEvent
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.hand_ins import assessed, begun, enrolled, handed, pdf, practical_unit
from tests.factories.people import UserFactory
from tests.factories.practicals import make_cohort

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def unit_url() -> str:
    return str(PracticalPage.objects.get().url)


# --- The unit's page ---------------------------------------------------------------------------------------------


def test_learner_sees_task_rules_and_rubric_before_beginning(as_person: AsPerson, learner: User) -> None:
    enrolled(learner, asks_files=2)
    html = page_of(as_person(learner), unit_url())
    for words in (
        "Plan a session of twenty minutes",
        "a text, and up to 2 files if you want",
        "You pass with 60 % of the points or more",
        "Must be reached: Clear",
        "One sees sharp.",
        ">Begin</button>",
    ):
        assert words in html
    assert Script.objects.count() == 0


def test_looking_at_a_practical_writes_nothing(
    as_person: AsPerson, learner: User, django_assert_max_num_queries
) -> None:
    enrolled(learner)
    client = as_person(learner)
    page_of(client, unit_url())
    with django_assert_max_num_queries(25) as queries:
        page_of(client, unit_url())
    assert [query["sql"] for query in queries if not query["sql"].lstrip().upper().startswith("SELECT")] == []


def test_trainer_reads_it_and_begins_nothing(as_person: AsPerson, learner: User, trainer: User) -> None:
    enrolled(learner)
    client = as_person(trainer)
    assert "Learners who take the course hand in their work here." in page_of(client, unit_url())
    assert client.post(address("begin_practical", practical_unit().key)).status_code == 404


def test_stranger_meets_nothing(as_person: AsPerson, learner: User, stranger: User) -> None:
    hand_in = begun(learner, asks_files=1)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    client = as_person(stranger)
    own = [address(name, hand_in.public_id) for name in ("hand_in", "hand_in_confirm")]
    assert [client.get(url).status_code for url in (*own, address("hand_in_file", row.public_id))] == [404] * 3
    acts = [
        (address("begin_practical", hand_in.unit.key), {}),
        (address("hand_in", hand_in.public_id), {"text": "x", "version": 0}),
        (address("hand_in_text", hand_in.public_id), {"text": "x", "version": 0}),
        (address("hand_in_add_file", hand_in.public_id), {"file": SimpleUploadedFile("a.pdf", b"%PDF-")}),
        (address("hand_in_remove_file", hand_in.public_id, row.public_id), {}),
        (address("hand_in_confirm", hand_in.public_id), {"version": 0}),
    ]
    assert [client.post(url, data).status_code for url, data in acts] == [404] * 6
    kept = HandIn.objects.get()
    assert (kept.text, kept.state, HandInFile.objects.count()) == ("", HandInState.DRAFT, 1)


# --- Working, without JavaScript ---------------------------------------------------------------------------------


def test_whole_way_with_plain_forms(as_person: AsPerson, learner: User) -> None:
    enrolled(learner, asks_files=1)
    client = as_person(learner)
    response = client.post(address("begin_practical", practical_unit().key))
    hand_in = HandIn.objects.get()
    work = address("hand_in", hand_in.public_id)
    assert response["Location"] == work
    assert client.post(work, {"text": "My plan", "version": 0})["Location"] == work
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7")
    assert client.post(address("hand_in_add_file", hand_in.public_id), {"file": file})["Location"] == work
    html = page_of(client, work)
    assert ("My plan</textarea>" in html, "plan.pdf" in html, "“plan.pdf” is added." in html) == (True, True, True)
    confirm = address("hand_in_confirm", hand_in.public_id)
    sent = client.post(work, {"text": "My plan, better", "version": 1, "then": "confirm"})
    assert sent["Location"] == confirm
    html = page_of(client, confirm)
    assert "My plan, better" in html and 'name="version" value="2"' in html
    assert client.post(confirm, {"version": 2})["Location"] == work
    assert "it waits for an assessor" in page_of(client, work)
    assert client.get(confirm)["Location"] == work
    assert "Waits for an assessor" in page_of(client, unit_url())


def test_stale_page_shows_both_texts_and_asks(as_person: AsPerson, learner: User) -> None:
    hand_in = begun(learner)
    client = as_person(learner)
    work = address("hand_in", hand_in.public_id)
    client.post(work, {"text": "From the telephone", "version": 0})
    response = client.post(work, {"text": "From the desk", "version": 0})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Another text was saved from another tab or device" in html
    assert "From the telephone</div>" in html and "From the desk</textarea>" in html
    assert 'name="version" value="1"' in html
    assert HandIn.objects.get().text == "From the telephone"
    assert client.post(work, {"text": "From the desk", "version": 1}).status_code == 302
    assert HandIn.objects.get().text == "From the desk"


def test_text_that_comes_after_handing_in_is_shown_and_not_lost(as_person: AsPerson, learner: User) -> None:
    hand_in = handed(begun(learner))
    client = as_person(learner)
    response = client.post(address("hand_in", hand_in.public_id), {"text": "Too late", "version": 1})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Too late</div>" in html and "My plan." in html
    assert HandIn.objects.get().text == "My plan."


def test_script_saves_text_and_hears_of_another(as_person: AsPerson, learner: User) -> None:
    hand_in = begun(learner)
    client = as_person(learner)
    url = address("hand_in_text", hand_in.public_id)
    first = client.post(url, {"text": "One", "version": 0})
    assert (first.status_code, first.json()["saved"], first.json()["version"]) == (200, True, 1)
    stale = client.post(url, {"text": "Two", "version": 0})
    assert (stale.status_code, stale.json()["conflict"], stale.json()["text"], stale.json()["version"]) == (
        409,
        True,
        "One",
        1,
    )
    assert client.post(url, {"text": "Two", "version": "x"}).status_code == 422
    client.logout()
    gone = client.post(url, {"text": "Two", "version": 1}, headers={"accept": "application/json"})
    assert (gone.status_code, gone.json()["saved"]) == (401, False)


def test_refused_file_is_told_in_words(as_person: AsPerson, learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    client = as_person(learner)
    url = address("hand_in_add_file", hand_in.public_id)
    for data, words in [
        ({"file": SimpleUploadedFile("virus.exe", b"MZ")}, "virus.exe: this kind of file cannot be handed in."),
        ({"file": SimpleUploadedFile("empty.pdf", b"")}, "empty.pdf is empty."),
        ({}, "Choose a file first. Nothing was added."),
    ]:
        client.post(url, data)
        assert words in page_of(client, address("hand_in", hand_in.public_id))
    assert HandInFile.objects.count() == 0


def test_confirm_says_what_is_missing_and_offers_no_button(as_person: AsPerson, learner: User) -> None:
    hand_in = begun(learner)
    client = as_person(learner)
    confirm = address("hand_in_confirm", hand_in.public_id)
    html = page_of(client, confirm)
    assert "A text is asked for, and yours is empty." in html
    assert "Hand in now" not in html
    assert client.post(confirm, {"version": 0})["Location"] == confirm
    assert HandIn.objects.get().state == HandInState.DRAFT


# --- Files, handed out -------------------------------------------------------------------------------------------


def test_file_is_handed_out_as_attachment_to_learner_and_assessors(
    as_person: AsPerson, learner: User, stranger: User
) -> None:
    hand_in = begun(learner, asks_files=1)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    url = address("hand_in_file", row.public_id)
    assessor, own_trainer = UserFactory(), UserFactory()
    cohort = make_cohort(hand_in.enrolment.course)
    type(hand_in.enrolment).objects.update(cohort=cohort)
    grant_role(person=assessor, role=Role.ASSESSOR, granted_by=None)
    grant_role(person=own_trainer, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    people = (learner, assessor, own_trainer, stranger)
    assert [as_person(person).get(url).status_code for person in people] == [200, 404, 404, 404]
    handed(hand_in)
    assert [as_person(person).get(url).status_code for person in people] == [200, 200, 404, 404]
    response = as_person(assessor).get(url)
    assert response["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private, no-store")
    assert b"".join(response) == b"%PDF-1.7\n"
    events = AuditEvent.objects.filter(action="assessments.file_opened")
    assert {(event.actor, event.subject) for event in events} == {(assessor, learner)}
    assert as_person(None).get(url).status_code == 302


# --- The outcome -------------------------------------------------------------------------------------------------


def test_outcome_is_not_shown_before_it_is_settled(as_person: AsPerson, learner: User) -> None:
    hand_in = handed(begun(learner))
    RubricAssessment.objects.create(
        subject=learner,
        assessor=UserFactory(),
        part="first",
        script=hand_in.script,
        rubric=hand_in.rubric,
        levels={"aim": "sharp"},
        fraction="0.40000",
        passed=False,
        reasons="Secret so far.",
        state="final",
        final_at=timezone.now(),
    )
    client = as_person(learner)
    for url in (address("hand_in", hand_in.public_id), unit_url()):
        html = page_of(client, url)
        assert ("Secret so far." in html, "Reached" in html, "40&nbsp;%" in html) == (False, False, False)


def test_outcome_shows_levels_comments_reasons_and_what_to_do(as_person: AsPerson, learner: User) -> None:
    hand_in = handed(begun(learner))
    assessment = assessed(hand_in, passed=False, aim="none", voice="heard")
    RubricAssessment.objects.filter(pk=assessment.pk).update(
        comments={"aim": "Say it aloud."}, note="Between markers.", fraction="0.60000"
    )
    html = page_of(as_person(learner), address("hand_in", hand_in.public_id))
    for words in (
        "Not passed yet",
        "60&nbsp;%",
        "6 of 10 points",
        "Your points are enough, but a level that must be reached was not.",
        "Because.",
        "Say it aloud.",
        "Begin again",
        "You can hand in 1 more time.",
        assessment.assessor.printed_name,
    ):
        assert words in html
    assert "Between markers." not in html
    assert html.count('class="reached"') == 2


def test_assessor_stays_unnamed_where_marking_is_anonymous(as_person: AsPerson, learner: User) -> None:
    hand_in = handed(begun(learner, anonymous_marking=True))
    assessment = assessed(hand_in, passed=True, aim="sharp", voice="heard")
    html = page_of(as_person(learner), address("hand_in", hand_in.public_id))
    assert "You have passed" in html
    assert assessment.assessor.printed_name not in html


def test_moderation_displaces_the_first_mark(as_person: AsPerson, learner: User) -> None:
    hand_in = handed(begun(learner))
    assessed(hand_in, passed=False, aim="none", voice="low")
    better = RubricAssessment.objects.create(
        subject=learner,
        assessor=UserFactory(),
        part="moderation",
        script=hand_in.script,
        rubric=hand_in.rubric,
        levels={"aim": "sharp", "voice": "heard"},
        fraction=1,
        passed=True,
        reasons="Moderated.",
        state="final",
        final_at=timezone.now(),
    )
    practicals.settle(hand_in=hand_in, assessment=better)
    html = page_of(as_person(learner), address("hand_in", hand_in.public_id))
    assert ("You have passed" in html, "Moderated." in html, "Because." in html) == (True, True, False)
    with pytest.raises(PracticalRefused, match="passed already"):
        practicals.begin(enrolment=hand_in.enrolment, unit=hand_in.unit, language="en")


def test_preview_of_a_practical_shows_it(as_person: AsPerson, learner: User) -> None:
    enrolled(learner)
    page = PracticalPage.objects.get()
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "Preview" in response.rendered_content
