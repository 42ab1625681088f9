"""The marking desk on the screen: who opens what, what it shows and hides, and what a form or the script does."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from assessments.domain import judging
from assessments.domain.marking_desk import code_of
from assessments.enums import AssessmentState, SecondMark
from assessments.models import MarkChange, Question, RubricAssessment, Script
from courses.models import Course, Enrolment, ModulePage, Unit
from elearn.core.models import AuditEvent
from elearn.people.models import User
from tests.assessments.marking.screens import OF_A_SCRIPT, QUEUE, SETTLED, AsPerson, address, script_url, text_of
from tests.factories.assessments import QuestionFactory
from tests.factories.courses import EnrolmentFactory, make_released_course
from tests.factories.marking import CLEAR, judge, make_assessor, make_essays, make_practical_script
from tests.factories.practicals import make_practical

# --- Who opens what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        ("learner", set()),
        ("stranger", set()),
        ("focal_point", set()),
        ("author", set()),
        ("trainer", {QUEUE}),
        ("assessor", {QUEUE, SETTLED}),
        ("elsewhere", {QUEUE, SETTLED}),
        ("subject", {QUEUE, SETTLED}),
        ("manager", {QUEUE, SETTLED}),
        ("admin", {QUEUE, SETTLED}),
    ],
)
def test_lists_open_for_those_whose_work_it_is(
    request: pytest.FixtureRequest, as_person: AsPerson, who: str, opened: set
) -> None:
    client = as_person(request.getfixturevalue(who))
    answers = {name: client.get(reverse(name)).status_code for name in (QUEUE, SETTLED)}
    assert answers == {name: 200 if name in opened else 403 for name in (QUEUE, SETTLED)}


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("learner", 403),
        ("stranger", 403),
        ("elsewhere", 404),
        ("subject", 404),
        ("trainer", 200),
        ("assessor", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_work_opens_for_those_who_may_mark_it(
    request: pytest.FixtureRequest, as_person: AsPerson, essay: Script, who: str, code: int
) -> None:
    response = as_person(request.getfixturevalue(who)).get(script_url(essay))
    assert response.status_code == code
    assert ("Because people drown." in response.content.decode()) is (code == 200)
    assert AuditEvent.objects.filter(action="assessments.work_opened").count() == (code == 200)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("learner", 403),
        ("stranger", 403),
        ("trainer", 403),
        ("elsewhere", 404),
        ("subject", 404),
        ("decider", 200),
        ("manager", 200),
        ("admin", 200),
    ],
)
def test_judgements_open_for_those_who_decide(
    request: pytest.FixtureRequest, as_person: AsPerson, disputed: Script, who: str, code: int
) -> None:
    response = as_person(request.getfixturevalue(who)).get(address("assessments:marking_decide", disputed))
    assert response.status_code == code
    assert ("Clear to me." in response.content.decode()) is (code == 200)


@pytest.mark.parametrize("who", ["learner", "stranger", "elsewhere", "subject"])
@pytest.mark.parametrize("name", ["take", "script", "decide"])
def test_nobody_else_judges(
    request: pytest.FixtureRequest, as_person: AsPerson, essay: Script, who: str, name: str
) -> None:
    data = {"points": "7", "reasons": "Good.", "version": "0", "then": "finish"}
    client = as_person(request.getfixturevalue(who))
    assert client.post(address(f"assessments:marking_{name}", essay), data).status_code in (403, 404)
    assert RubricAssessment.objects.count() == 0
    assert Script.objects.get().taken_by is None


def test_nobody_without_a_login_opens_anything(client: Client, essay: Script) -> None:
    for url in (reverse(QUEUE), reverse(SETTLED), *(address(name, essay) for name in OF_A_SCRIPT)):
        assert client.get(url).url.startswith("/accounts/login/")


def test_whoever_must_have_a_second_step_is_turned_away_first(
    assessor: User, as_person: AsPerson, essay: Script, settings
) -> None:
    settings.SECOND_FACTOR_DEMANDED = True
    client = as_person(assessor)
    for url in (reverse(QUEUE), reverse(SETTLED), *(address(name, essay) for name in OF_A_SCRIPT)):
        assert client.get(url).url.startswith("/accounts/2fa/")
    assert client.post(address("assessments:marking_take", essay)).url.startswith("/accounts/2fa/")
    assert RubricAssessment.objects.count() == 0
    assert AuditEvent.objects.filter(action="assessments.work_opened").count() == 0


def test_judgements_of_what_is_not_disputed_or_settled_are_shown_to_nobody(
    manager: User, as_person: AsPerson, enrolment: Enrolment, assessor: User
) -> None:
    script = make_practical_script(enrolment, second=SecondMark.SAMPLE)
    judge(script, assessor, levels=CLEAR)
    assert as_person(manager).get(address("assessments:marking_decide", script)).status_code == 404


# --- Marking -----------------------------------------------------------------------------------------------------


def test_marking_leads_from_the_queue_to_the_next_one(
    enrolment: Enrolment, assessor: User, as_person: AsPerson
) -> None:
    first, following = make_essays(enrolment, "One.", "Two.")
    client = as_person(assessor)
    assert client.post(reverse("assessments:marking_next")).url == script_url(first)
    data = {"points": "7.5", "reasons": "Well argued.", "note": "", "version": "0", "then": "finish"}
    assert client.post(script_url(first), data).url == script_url(following)
    change = MarkChange.objects.get()
    assert (str(change.fraction), change.comment, change.marked_by) == ("0.75000", "Well argued.", assessor)
    assert client.post(script_url(following), data).url == reverse(QUEUE)


def test_form_shows_rubric_and_keeps_what_was_filled_in(
    enrolment: Enrolment, assessor: User, as_person: AsPerson
) -> None:
    script = make_practical_script(enrolment)
    client = as_person(assessor)
    assert client.post(address("assessments:marking_take", script)).url == script_url(script)
    data = {"level-aim": "sharp", "comment-aim": "Fine & clear", "reasons": "Go on.", "version": "0", "then": "save"}
    assert client.post(script_url(script), data).url == script_url(script)
    page = text_of(client, script_url(script))
    assert '<input type="radio" name="level-aim" value="sharp" checked>' in page
    assert page.count(" checked>") == 2  # and the switch of the keys
    assert "One sees sharp." in page and "must reach: Clear" in page
    assert "Fine &amp; clear</textarea>" in page and "Go on.</textarea>" in page
    assert '<input type="hidden" name="version" value="1" id="id_version">' in page


def test_finishing_too_early_keeps_the_draft_and_says_what_is_missing(
    enrolment: Enrolment, assessor: User, as_person: AsPerson
) -> None:
    script = make_practical_script(enrolment)
    client = as_person(assessor)
    client.post(address("assessments:marking_take", script))
    data = {"level-aim": "sharp", "reasons": "", "version": "0", "then": "finish"}
    page = client.post(script_url(script), data, follow=True).content.decode()
    assert "Choose a level for every criterion first." in page
    row = RubricAssessment.objects.get()
    assert (row.state, row.levels) == (AssessmentState.DRAFT, {"aim": "sharp"})


def test_points_that_cannot_be_read_are_asked_for_again(essay: Script, assessor: User, as_person: AsPerson) -> None:
    client = as_person(assessor)
    client.post(address("assessments:marking_take", essay))
    response = client.post(script_url(essay), {"points": "11", "reasons": "Typed.", "version": "0", "then": "save"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Something is missing or not right" in page
    assert 'value="11"' in page and "Typed.</textarea>" in page


def test_levels_are_kept_on_the_page_when_something_else_cannot_be_read(
    enrolment: Enrolment, assessor: User, as_person: AsPerson
) -> None:
    script = make_practical_script(enrolment)
    client = as_person(assessor)
    client.post(address("assessments:marking_take", script))
    data = {"level-aim": "sharp", "comment-voice": "Loud.", "reasons": "x" * 10_001, "version": "0", "then": "save"}
    response = client.post(script_url(script), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert '<input type="radio" name="level-aim" value="sharp" checked>' in page and "Loud.</textarea>" in page


def test_giving_back_frees_the_script(essay: Script, assessor: User, as_person: AsPerson) -> None:
    client = as_person(assessor)
    client.post(address("assessments:marking_take", essay))
    assert client.post(script_url(essay), {"then": "give_back"}).url == reverse(QUEUE)
    assert Script.objects.get().taken_by is None


def test_script_that_a_colleague_has_is_shown_without_a_form(
    essay: Script, assessor: User, second: User, as_person: AsPerson
) -> None:
    judging.take(script=essay, person=second)
    client = as_person(assessor)
    page = text_of(client, script_url(essay))
    assert "A colleague has this one until" in page
    assert "data-marking" not in page and "Sven" not in page
    page = client.post(address("assessments:marking_take", essay), follow=True).content.decode()
    assert "A colleague has this one until" in page


def test_posting_without_having_taken_it_is_no_page(essay: Script, assessor: User, as_person: AsPerson) -> None:
    assert as_person(assessor).post(script_url(essay), {"points": "1", "version": "0"}).status_code == 404


def test_marking_notes_are_those_of_the_question_as_it_stands(
    enrolment: Enrolment, assessor: User, as_person: AsPerson
) -> None:
    (script,) = make_essays(enrolment, "One.")
    key = UUID(script.attempt.snapshot[0]["translation_key"])
    QuestionFactory(kind="essay", options=[], translation_key=key, marking_notes="<p>Look for rule 4.</p>")
    Question.objects.filter(translation_key=uuid4()).update(marking_notes="<p>Of another.</p>")
    assert "Look for rule 4." in text_of(as_person(assessor), script_url(script))


def test_text_of_a_learner_is_no_markup(enrolment: Enrolment, assessor: User, as_person: AsPerson) -> None:
    (script,) = make_essays(enrolment, "<script>alert(1)</script>\n\nSecond paragraph.")
    page = text_of(as_person(assessor), script_url(script))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<p>Second paragraph.</p>" in page


# --- The script of the page --------------------------------------------------------------------------------------


def test_draft_saves_itself_and_answers_its_version(essay: Script, assessor: User, as_person: AsPerson) -> None:
    client = as_person(assessor)
    client.post(address("assessments:marking_take", essay))
    data = {"points": "4", "reasons": "Thin.", "version": "0"}
    reply = client.post(script_url(essay), data, headers={"accept": "application/json"}).json()
    assert reply == {"saved": True, "version": 1, "message": ""}
    again = client.post(script_url(essay), {**data, "reasons": "Other."}, headers={"accept": "application/json"}).json()
    assert again["fields"] == {"points": "4", "reasons": "Thin.\n\nOther.", "note": ""}
    assert again["version"] == 2


def test_script_of_the_page_is_told_what_is_wrong(essay: Script, assessor: User, as_person: AsPerson) -> None:
    client = as_person(assessor)
    client.post(address("assessments:marking_take", essay))
    data = {"points": "40", "version": "0"}
    response = client.post(script_url(essay), data, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["saved"]) == (422, False)


# --- The list ----------------------------------------------------------------------------------------------------


def test_queue_is_filtered_on_the_screen(enrolment: Enrolment, assessor: User, as_person: AsPerson) -> None:
    (here,) = make_essays(enrolment, "Here.")
    (there,) = make_essays(EnrolmentFactory(course=make_released_course("elsewhere")), "There.")
    client = as_person(assessor)
    page = text_of(client, f"{reverse(QUEUE)}?course={here.unit.course.key}")
    assert code_of(here) in page and code_of(there) not in page
    page = text_of(client, f"{reverse(QUEUE)}?course=nonsense&kind=nonsense")
    assert code_of(here) in page and code_of(there) in page
    # What was filtered on the page is what "next" takes from.
    response = client.post(reverse("assessments:marking_next"), {"course": str(there.unit.course.key)})
    assert response.url == script_url(there)


def test_queue_names_question_unit_and_course(essay: Script, assessor: User, as_person: AsPerson) -> None:
    page = text_of(as_person(assessor), reverse(QUEUE))
    for words in ("Why why-1?", "M1-l1", "Rescue at sea", "First mark"):
        assert words in page


def test_practical_shows_its_brief(course: Course, assessor: User, as_person: AsPerson) -> None:
    page = make_practical(ModulePage.objects.get(key="m1"), brief="<p>Plan a session and write it down.</p>")
    unit = Unit.objects.create(course=course, key=page.translation_key, code="practical", kind="practical")
    script = make_practical_script(EnrolmentFactory(course=course), unit=unit)
    assert "Plan a session and write it down." in text_of(as_person(assessor), script_url(script))


def fill_queue(course: Course, how_many: int) -> None:
    for number in range(how_many):
        script = make_essays(EnrolmentFactory(course=course), "One.")[0]
        if number % 2:
            continue
        practical = make_practical_script(EnrolmentFactory(course=course), unit=script.unit)
        assert practical.pk


@pytest.mark.parametrize("how_many", [1, 3, 5, 50])
def test_queue_takes_as_many_queries_however_long(
    course: Course, assessor: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    fill_queue(course, how_many)
    client = as_person(assessor)
    client.get(reverse(QUEUE))
    with django_assert_num_queries(10):
        assert client.get(reverse(QUEUE)).status_code == 200


@pytest.mark.parametrize("how_many", [1, 3])
def test_settled_list_takes_as_many_queries_however_long(
    course: Course, assessor: User, decider: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    for _number in range(how_many):
        judge(make_essays(EnrolmentFactory(course=course), "One.")[0], assessor, points=7)
    client = as_person(decider)
    client.get(reverse(SETTLED))
    with django_assert_num_queries(10):
        assert client.get(reverse(SETTLED)).content.decode().count("70 %") == how_many


@pytest.mark.parametrize("how_many", [1, 3])
def test_one_script_takes_as_many_queries_whatever_was_judged(
    enrolment: Enrolment, decider: User, as_person: AsPerson, django_assert_num_queries, how_many: int
) -> None:
    (script,) = make_essays(enrolment, "One.")
    for number in range(how_many):
        judge(script, make_assessor(), points=6 + number)
    client = as_person(decider)
    url = address("assessments:marking_decide", script)
    client.get(url)
    with django_assert_num_queries(10):
        assert client.get(url).status_code == 200
