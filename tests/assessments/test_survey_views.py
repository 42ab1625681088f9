"""Answering a survey in the browser, and the screens of results."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.domain.surveys.questions import questions_of
from assessments.models import SurveyAnswers, SurveyPage, SurveyResponse
from courses.domain.releasing import release
from courses.models import CoursePage, Enrolment, Unit
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role, Scope
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.factories.surveys import QUESTIONS, crowd, make_cohort, make_survey

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]

FILLED = {
    "q-plan": "4",
    "q-useful": "5",
    "q-length": "length-2",
    "q-ways": ["ways-1", "ways-3"],
    "q-words": "More cases, please.",
}


def make(*, anonymous: bool = True, alone: bool = False) -> Unit:
    module = make_module(make_course_page(), "m1")
    make_survey(module, anonymous=anonymous)
    if not alone:
        make_lesson(module, "last")
    return release(page=CoursePage.objects.get(), by=None).course.units.get(kind="survey")


@pytest.fixture
def unit() -> Unit:
    return make()


@pytest.fixture
def own(learner: User, unit: Unit) -> Enrolment:
    return EnrolmentFactory(person=learner, course=unit.course)


def page_url() -> str:
    return str(SurveyPage.objects.get().url)


def answer_url(unit: Unit) -> str:
    return reverse("assessments:answer_survey", args=[unit.key])


def results_url(unit: Unit) -> str:
    return reverse("assessments:survey_results", args=[unit.key])


# --- Answering ---------------------------------------------------------------------------------------------------


def test_page_says_before_the_questions_what_is_stored(learner: User, own: Enrolment, as_person: AsPerson) -> None:
    text = as_person(learner).get(page_url()).content.decode()
    assert "Your answers are anonymous." in text
    assert text.index("Your answers are anonymous.") < text.index("I can plan a session.")
    assert text.count('type="radio"') == 13
    assert text.count("<fieldset") == 5


def test_page_of_a_named_survey_says_so(learner: User, as_person: AsPerson) -> None:
    EnrolmentFactory(person=learner, course=make(anonymous=False).course)
    text = as_person(learner).get(page_url()).content.decode()
    assert "kept with your name" in text
    assert "anonymous" not in text


def test_answers_are_stored_and_thanked_for(learner: User, own: Enrolment, unit: Unit, as_person: AsPerson) -> None:
    client = as_person(learner)
    response = client.post(answer_url(unit), FILLED, follow=True)
    assert response.redirect_chain == [(page_url(), 302)]
    text = response.content.decode()
    assert "Thank you. Your answers have arrived." in text
    assert "so they cannot be shown here" in text
    assert 'type="radio"' not in text
    row = SurveyAnswers.objects.get()
    assert (row.response, row.answers["length"], row.texts) == (None, "length-2", {"words": "More cases, please."})


def test_second_post_changes_nothing_and_says_so(
    learner: User, own: Enrolment, unit: Unit, as_person: AsPerson
) -> None:
    client = as_person(learner)
    client.post(answer_url(unit), FILLED)
    for data in (FILLED, {**FILLED, "q-plan": "1"}, {}):
        text = client.post(answer_url(unit), data, follow=True).content.decode()
        assert "Your answers had arrived already. Nothing was changed." in text
    assert SurveyAnswers.objects.get().answers["plan"] == 4


def test_missing_answers_show_everything_that_was_typed_again(
    learner: User, own: Enrolment, unit: Unit, as_person: AsPerson
) -> None:
    response = as_person(learner).post(answer_url(unit), {**FILLED, "q-plan": "", "q-ways": []})
    text = response.content.decode()
    assert response.status_code == 422
    assert SurveyResponse.objects.count() == 0
    assert '<a href="#id_q-plan_0">Question 1</a>: Choose a number from 1 to 5.' in text
    assert '<a href="#id_q-ways_0">Question 4</a>: Choose one answer at least.' in text
    assert text.count(" checked") == 2
    assert "More cases, please.</textarea>" in text
    assert 'id="id_q-plan_0"' in text


def test_learner_reads_their_named_answers_later(learner: User, as_person: AsPerson) -> None:
    unit = make(anonymous=False)
    EnrolmentFactory(person=learner, course=unit.course)
    text = as_person(learner).post(answer_url(unit), FILLED, follow=True).content.decode()
    assert "What you answered" in text
    assert "More cases, please." in text
    assert "Option 3 of ways" in text


def test_words_of_a_learner_are_escaped(learner: User, manager: User, as_person: AsPerson) -> None:
    unit = make(anonymous=False)
    EnrolmentFactory(person=learner, course=unit.course)
    crowd(unit, 4)
    attack = {**FILLED, "q-words": "<script>alert(1)</script>"}
    text = as_person(learner).post(answer_url(unit), attack, follow=True).content.decode()
    results = as_person(manager).get(results_url(unit)).content.decode()
    for shown in (text, results):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "<script>alert" not in shown


def test_last_survey_of_a_course_completes_it(learner: User, as_person: AsPerson) -> None:
    unit = make(alone=True)
    enrolment = EnrolmentFactory(person=learner, course=unit.course)
    response = as_person(learner).post(answer_url(unit), FILLED)
    assert response.headers["Location"] == reverse("desk")
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_stranger_cannot_answer(stranger: User, unit: Unit, as_person: AsPerson) -> None:
    assert as_person(stranger).post(answer_url(unit), FILLED).status_code == 404
    assert as_person(None).post(answer_url(unit), FILLED).headers["Location"].startswith("/accounts/login/")
    assert SurveyResponse.objects.count() == 0


def test_trainer_without_an_enrolment_sees_the_questions_and_no_button(
    trainer: User, unit: Unit, as_person: AsPerson
) -> None:
    text = as_person(trainer).get(page_url()).content.decode()
    assert "I can plan a session." in text
    assert "Send my answers" not in text
    assert as_person(trainer).post(answer_url(unit), FILLED).status_code == 404


def test_author_sees_a_preview(author: User, unit: Unit) -> None:
    page = SurveyPage.objects.get()
    response = page.make_preview_request()
    text = response.render().content.decode() if hasattr(response, "render") else response.content.decode()
    assert "Preview: this is how a learner and a trainer will see the draft." in text
    assert "I can plan a session." in text
    assert "Send my answers" not in text


@pytest.mark.parametrize("questions", [1, 3])
def test_survey_takes_as_many_queries_however_long(
    learner: User, as_person: AsPerson, django_assert_num_queries, questions: int
) -> None:
    module = make_module(make_course_page(), "m1")
    make_survey(module, questions=QUESTIONS[:questions])
    EnrolmentFactory(person=learner, course=release(page=CoursePage.objects.get(), by=None).course)
    client, url = as_person(learner), page_url()
    client.get(url)  # What all readers share is looked up once.
    with django_assert_num_queries(7):
        assert client.get(url).status_code == 200


# --- Results -----------------------------------------------------------------------------------------------------


def cohort_trainer(unit: Unit, title: str, people: int) -> User:
    cohort = make_cohort(unit.course, title)
    crowd(unit, people, cohort=cohort, words=f"Words of {title}.")
    person = UserFactory()
    grant_role(person=person, role=Role.TRAINER, granted_by=None, scope=Scope.COHORT, scope_key=cohort.public_id)
    return person


def test_results_show_figures_and_nobody(manager: User, unit: Unit, as_person: AsPerson) -> None:
    enrolments = crowd(unit, 6, rating=3, words="More cases.")
    client = as_person(manager)
    text = client.get(results_url(unit)).content.decode()
    assert "6 (100" in text
    assert "<b>3.0</b> of 5" in text
    assert text.count("More cases.") == 6
    assert [e for e in enrolments if e.person.printed_name in text or e.person.email in text] == []


def test_trainers_see_their_own_cohort_and_no_other(unit: Unit, as_person: AsPerson) -> None:
    first, second = cohort_trainer(unit, "First", 5), cohort_trainer(unit, "Second", 6)
    crowd(unit, 5, words="Words of others.")
    for person, mine, theirs in ((first, "First", "Second"), (second, "Second", "First")):
        client = as_person(person)
        for url in (results_url(unit), reverse("assessments:survey_results_file", args=[unit.key])):
            text = client.get(url).content.decode()
            assert f"Words of {mine}." in text
            assert f"Words of {theirs}." not in text
            assert "Words of others." not in text
            assert client.get(url, {"group": ""}).status_code == 404
            assert client.get(url, {"group": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["stranger", "learner", "reviewer", "trainer", "focal_point"])
def test_results_are_refused_to_those_without_the_right(
    request: pytest.FixtureRequest, unit: Unit, as_person: AsPerson, name: str
) -> None:
    crowd(unit, 5)
    client = as_person(request.getfixturevalue(name))
    assert client.get(results_url(unit)).status_code == 403
    assert client.get(reverse("assessments:survey_results_file", args=[unit.key])).status_code == 403
    assert client.get(reverse("assessments:surveys")).status_code == 403


def test_withheld_results_say_why_and_show_nothing(manager: User, unit: Unit, as_person: AsPerson) -> None:
    crowd(unit, 4, words="Secret.")
    client = as_person(manager)
    text = client.get(results_url(unit)).content.decode()
    file = client.get(reverse("assessments:survey_results_file", args=[unit.key])).content.decode()
    assert "Results are shown for groups of five answers or more" in text
    assert "Secret." not in text + file


def test_file_is_a_table_for_spreadsheets(manager: User, unit: Unit, as_person: AsPerson) -> None:
    crowd(unit, 5, words='=HYPERLINK("http://example.org")')
    response = as_person(manager).get(reverse("assessments:survey_results_file", args=[unit.key]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="survey-survey.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfCourse,Survey,Group,")
    assert b"\"'=HYPERLINK(" in response.content


def test_profile_leads_those_with_the_right_to_the_results(
    manager: User, learner: User, unit: Unit, as_person: AsPerson
) -> None:
    link = reverse("assessments:surveys")
    assert link in as_person(manager).get(reverse("people:profile")).content.decode()
    assert link not in as_person(learner).get(reverse("people:profile")).content.decode()
    text = as_person(manager).get(link).content.decode()
    assert results_url(unit) in text


def test_results_stand_behind_the_second_step(
    manager: User, unit: Unit, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR_DEMANDED", True)
    for name, args in (("surveys", []), ("survey_results", [unit.key]), ("survey_results_file", [unit.key])):
        response = as_person(manager).get(reverse(f"assessments:{name}", args=args))
        assert response.headers["Location"] == reverse("mfa_index")


# --- In the CMS --------------------------------------------------------------------------------------------------


def test_author_writes_a_survey_and_the_key_of_a_competency_is_made(author: User, as_person: AsPerson) -> None:
    module = make_module(make_course_page(), "m1")
    client = as_person(author)
    url = reverse("wagtailadmin_pages:add", args=["assessments", "surveypage", module.pk])
    assert client.get(url).status_code == 200
    asked = [
        ("competency", {"text": "I can plan a session.", "competency": ""}),
        ("one_choice", {"text": "How long?", "options": inline_options("Short", "Long")}),
    ]
    data = nested_form_data(
        {
            "title": "Before",
            "slug": "before",
            "purpose": "To see.",
            "survey_kind": "before",
            "months_after": "0",
            "anonymous": "on",
            "introduction": rich_text("<p>Hello.</p>"),
            "questions": streamfield(asked),
            "minutes": "5",
            "facilitator_notes": rich_text(""),
        }
    )
    response = client.post(url, data)
    assert response.status_code == 302
    page = SurveyPage.objects.get().get_latest_revision_as_object()
    questions = questions_of(page)
    assert [(q.kind.value, q.competency) for q in questions] == [
        ("competency", "i-can-plan-a-session"),
        ("one_choice", ""),
    ]
    assert [option.text for option in questions[1].options] == ["Short", "Long"]
    assert len({q.id for q in questions} | {option.id for option in questions[1].options}) == 4


def inline_options(*texts: str) -> dict[str, object]:
    """A list block as the editor of the CMS sends it."""
    items = {
        str(n): {"deleted": "", "order": str(n), "id": "", "value": text, "type": "item"}
        for n, text in enumerate(texts)
    }
    return {"count": str(len(texts)), **items}
