"""What the marking desk keeps to itself: names until it is settled, and the first mark until there is a second."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from assessments.domain.marking_desk import code_of
from assessments.enums import AssessmentPart, ScriptState, SecondMark
from assessments.models import HandInFile, MarkChange, RubricAssessment, Script
from courses.models import Enrolment
from elearn.core.models import AuditEvent
from elearn.people.enums import Role
from elearn.people.models import Membership, User
from tests.assessments.marking.screens import NAME, QUEUE, SETTLED, AsPerson, address, script_url, text_of
from tests.factories.courses import EnrolmentFactory
from tests.factories.marking import CLEAR, QUIET, judge, make_assessor, make_practical_script
from tests.factories.people import MembershipFactory

# --- Without names -----------------------------------------------------------------------------------------------


@pytest.fixture
def nameless(enrolment: Enrolment, learner: User) -> Script:
    """A hand-in that is marked without names, of somebody about whom there is much to leak."""
    membership: Membership = MembershipFactory(person=learner, confirmed=True)
    Enrolment.objects.filter(pk=enrolment.pk).update(institution=membership.institution, country="KE")
    script = make_practical_script(enrolment, is_anonymous=True)
    HandInFile.objects.create(
        hand_in=script.hand_in,
        file=ContentFile(b"%PDF-1.4", name="lea-learner.pdf"),
        name="Lea Learner final.pdf",
        size=8,
        sha256="0" * 64,
    )
    return script


def traces(enrolment: Enrolment) -> list[str]:
    person = enrolment.person
    institution = Membership.objects.get(person=person).institution
    return [NAME, "Lea", person.email, institution.name, "Kenya", str(enrolment.public_id), "lea-learner", "final.pdf"]


def test_anonymous_pages_hold_no_name_until_it_is_settled(
    enrolment: Enrolment, nameless: Script, assessor: User, decider: User, as_person: AsPerson
) -> None:
    client = as_person(assessor)
    before = text_of(client, reverse(QUEUE)) + text_of(client, script_url(nameless))
    client.post(address("assessments:marking_take", nameless))
    before += text_of(client, script_url(nameless))
    assert [trace for trace in traces(enrolment) if trace in before] == []
    assert f"Script {code_of(nameless)}" in before
    data = {"level-aim": "clear", "level-voice": "heard", "reasons": "", "version": "0", "then": "finish"}
    client.post(script_url(nameless), data)
    assert Script.objects.get().state == ScriptState.SETTLED
    assert NAME in text_of(as_person(decider), address("assessments:marking_decide", nameless))
    assert NAME not in text_of(as_person(decider), reverse(SETTLED))


def test_anonymous_dispute_holds_no_name(
    enrolment: Enrolment, nameless: Script, assessor: User, second: User, decider: User, as_person: AsPerson
) -> None:
    Script.objects.update(second_mark=SecondMark.SAMPLE)
    judge(nameless, assessor, levels=CLEAR)
    judge(nameless, second, levels=QUIET)
    page = text_of(as_person(decider), address("assessments:marking_decide", nameless))
    assert "Two people have judged this" in page
    assert [trace for trace in traces(enrolment) if trace in page] == []


def test_trail_knows_whose_anonymous_work_was_opened(nameless: Script, assessor: User, as_person: AsPerson) -> None:
    as_person(assessor).get(script_url(nameless))
    event = AuditEvent.objects.get(action="assessments.work_opened")
    assert (event.actor, event.subject.printed_name) == (assessor, NAME)


def test_file_of_an_anonymous_hand_in_has_a_name_that_tells_nothing(
    nameless: Script, assessor: User, as_person: AsPerson
) -> None:
    file = HandInFile.objects.get()
    response = as_person(assessor).get(address("assessments:marking_file", nameless, file.public_id))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{code_of(nameless)}-1.pdf"'
    assert b"".join(response.streaming_content) == b"%PDF-1.4"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private, no-store")


@pytest.mark.parametrize(("who", "code"), [("learner", 403), ("stranger", 403), ("elsewhere", 404), ("subject", 404)])
def test_file_opens_for_nobody_else(
    request: pytest.FixtureRequest, nameless: Script, as_person: AsPerson, who: str, code: int
) -> None:
    file = HandInFile.objects.get()
    client = as_person(request.getfixturevalue(who))
    assert client.get(address("assessments:marking_file", nameless, file.public_id)).status_code == code


def test_file_of_another_hand_in_is_not_found(
    nameless: Script, essay: Script, assessor: User, as_person: AsPerson
) -> None:
    other = make_practical_script(EnrolmentFactory(course=nameless.unit.course))
    file = HandInFile.objects.get()
    client = as_person(assessor)
    for script in (essay, other):
        assert client.get(address("assessments:marking_file", script, file.public_id)).status_code == 404


def test_work_that_is_not_anonymous_has_a_name_on_its_page_and_none_in_the_list(
    essay: Script, assessor: User, as_person: AsPerson
) -> None:
    client = as_person(assessor)
    assert NAME not in text_of(client, reverse(QUEUE))
    assert f"<h1><bdi>{NAME}</bdi></h1>" in text_of(client, script_url(essay))


# --- Two marks ---------------------------------------------------------------------------------------------------


def test_second_marker_sees_nothing_of_the_first_mark(
    enrolment: Enrolment, assessor: User, second: User, as_person: AsPerson
) -> None:
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE)
    judge(script, assessor, levels=QUIET, reasons="Secret reasons.", note="Secret note.", comments={"aim": "Secret."})
    client = as_person(second)
    pages = text_of(client, reverse(QUEUE)) + text_of(client, script_url(script))
    client.post(address("assessments:marking_take", script))
    pages += text_of(client, script_url(script))
    assert "Secret" not in pages and "Asma" not in pages and "40 %" not in pages and "Judgements" not in pages
    assert "You do not see the first mark" in pages


def test_decision_shows_both_side_by_side_and_what_differs(
    disputed: Script, decider: User, as_person: AsPerson
) -> None:
    client = as_person(decider)
    url = address("assessments:marking_decide", disputed)
    assert client.post(address("assessments:marking_take", disputed)).url == url
    page = text_of(client, url)
    for words in ("Clear to me.", "Too quiet.", "Asma Assessor", "Sven Second", "Ask about the aim.", "80 %", "40 %"):
        assert words in page
    assert page.count('<tr class="differs">') == 2
    data = {"level-aim": "clear", "level-voice": "heard", "reasons": "It was heard.", "version": "0", "then": "finish"}
    assert client.post(url, data).url == reverse(QUEUE)
    assert RubricAssessment.objects.get(part=AssessmentPart.ADJUDICATION).assessor == decider
    assert Script.objects.get().state == ScriptState.SETTLED


def test_moderator_finds_what_is_settled_and_gives_another_mark(
    essay: Script, assessor: User, decider: User, as_person: AsPerson
) -> None:
    judge(essay, assessor, points=3, reasons="Too short.")
    client = as_person(decider)
    page = text_of(client, reverse(SETTLED))
    assert code_of(essay) in page and "30 %" in page
    url = address("assessments:marking_decide", essay)
    assert "3 of 10 points" in text_of(client, url) and "Give another mark" in text_of(client, url)
    client.post(address("assessments:marking_take", essay))
    data = {"points": "8", "reasons": "All of it is there.", "version": "0", "then": "finish"}
    assert client.post(url, data).url == reverse(SETTLED)
    assert [str(change.fraction) for change in MarkChange.objects.order_by("pk")] == ["0.30000", "0.80000"]


def test_marker_sees_what_they_gave_and_nobody_elses(disputed: Script, assessor: User, as_person: AsPerson) -> None:
    trainer = make_assessor(Role.TRAINER, printed_name="Tom Trainer")
    page = text_of(as_person(trainer), script_url(disputed))
    assert "Clear to me." not in page and "Too quiet." not in page
