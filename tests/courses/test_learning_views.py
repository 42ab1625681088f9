"""A learner's acts, and everybody else's attempts at them."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from courses.domain.releasing import release
from courses.models import Course, CoursePage, Enrolment, LessonPage, ModulePage, Reflection, Unit, UnitCompletion
from elearn.core.models import Handout
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module

AsPerson = Callable[[User | None], Client]


@pytest.fixture
def rich_lesson(learner: User) -> LessonPage:
    """A released lesson with a reflection, a file and facilitator notes; the learner is enrolled."""
    file = Handout(title="Plan", file=ContentFile(b"%PDF-1.4 plan", name="plan.pdf"))
    file.save()
    page = make_course_page("rich")
    lesson = make_lesson(
        make_module(page, "m1"),
        "only",
        body=[
            {"type": "text", "value": "<p>Read me.</p>", "id": "t1"},
            {"type": "reflection", "value": {"question": "What do you think?", "hint": ""}, "id": "r1"},
            {"type": "download", "value": {"file": file.pk, "title": "The plan", "description": ""}, "id": "d1"},
        ],
        facilitator_notes="<p>Whisper this to trainers.</p>",
    )
    make_lesson(ModulePage.objects.get(key="m1"), "last")
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    return LessonPage.objects.get(pk=lesson.pk)


def complete_url(lesson: LessonPage) -> str:
    return reverse("courses:complete", args=[lesson.translation_key])


def test_enrolling_leads_to_the_first_lesson(course: Course, learner: User, as_person: AsPerson) -> None:
    client = as_person(learner)
    for _click in range(2):
        response = client.post(reverse("courses:enrol", args=[course.key]))
        assert response.headers["Location"] == "/en/courses/rescue-at-sea/m1/m1-l1/"
    assert Enrolment.objects.filter(person=learner).count() == 1


def test_enrolling_asks_to_log_in_first(course: Course, as_person: AsPerson) -> None:
    response = as_person(None).post(reverse("courses:enrol", args=[course.key]))
    assert response.headers["Location"].startswith("/accounts/login/?next=")


def test_enrolling_by_a_link_changes_nothing(course: Course, learner: User, as_person: AsPerson) -> None:
    response = as_person(learner).get(reverse("courses:enrol", args=[course.key]))
    assert (response.status_code, response.headers["Location"]) == (302, "/en/desk/")
    assert Enrolment.objects.count() == 0


def test_act_after_the_login_ran_out_leads_back_to_its_page(
    rich_lesson: LessonPage, learner: User, as_person: AsPerson
) -> None:
    client = as_person(None)
    came_from = {"Referer": f"http://testserver{rich_lesson.url}"}
    response = client.post(complete_url(rich_lesson), headers=came_from)
    assert response.headers["Location"] == f"/accounts/login/?next={rich_lesson.url}"
    assert "this was not saved" in client.get(response.headers["Location"]).content.decode()
    elsewhere = client.post(complete_url(rich_lesson), headers={"Referer": "https://evil.example/en/x/"})
    assert elsewhere.headers["Location"] == "/accounts/login/?next=/en/desk/"
    note = reverse("courses:reflect", args=[rich_lesson.translation_key, "r1"])
    script = client.post(note, {"text": "x"}, headers={"Accept": "application/json"})
    assert (script.status_code, script.json()["saved"]) == (401, False)
    assert (UnitCompletion.objects.count(), Reflection.objects.count()) == (0, 0)


def test_page_under_another_language_leads_to_its_own(
    course: Course, enrolment: Enrolment, as_person: AsPerson
) -> None:
    client = as_person(enrolment.person)
    lesson = LessonPage.objects.get(key="m1-l1")
    for path in ("/", "/courses/", lesson.url.removeprefix("/en")):
        response = client.get(f"/ar{path}")
        assert (response.status_code, response.headers["Location"]) == (302, f"/en{path}")


def test_drafts_of_an_unreleased_course_are_for_those_who_write_it(
    author: User, stranger: User, as_person: AsPerson
) -> None:
    page = make_course_page("secret")
    module = make_module(page, "m1")
    make_lesson(module, "open", title="An open lesson")
    make_lesson(module, "hidden", title="A hidden lesson").unpublish()
    for url in (page.url, module.url):
        assert "A hidden lesson" not in as_person(None).get(url).content.decode()
        assert "A hidden lesson" not in as_person(stranger).get(url).content.decode()
        assert "A hidden lesson" in as_person(author).get(url).content.decode()


def test_course_page_is_public_and_lessons_are_not(course: Course, stranger: User, as_person: AsPerson) -> None:
    course_url = CoursePage.objects.get().url
    lesson_url = LessonPage.objects.get(key="m1-l1").url
    anonymous = as_person(None)
    assert anonymous.get(course_url).status_code == 200
    assert anonymous.get(lesson_url).headers["Location"] == f"/accounts/login/?next={lesson_url}"
    assert as_person(stranger).get(lesson_url).headers["Location"] == course_url


def test_lesson_added_after_the_edition_is_not_open_to_its_learners(
    course: Course, enrolment: Enrolment, as_person: AsPerson
) -> None:
    new = make_lesson(ModulePage.objects.get(key="m1"), "new")
    assert as_person(enrolment.person).get(new.url).status_code == 302


def test_completing_goes_on_and_twice_does_no_harm(course: Course, enrolment: Enrolment, as_person: AsPerson) -> None:
    client = as_person(enrolment.person)
    lesson = LessonPage.objects.get(key="m1-l1")
    for _click in range(2):
        response = client.post(complete_url(lesson), {"revision": lesson.live_revision_id})
        assert response.headers["Location"] == "/en/courses/rescue-at-sea/m1/m1-l2/"
    completion = UnitCompletion.objects.get()
    assert (completion.language, completion.revision) == ("en", lesson.live_revision_id)


def test_completing_the_last_lesson_leads_to_the_desk(
    course: Course, enrolment: Enrolment, as_person: AsPerson
) -> None:
    client = as_person(enrolment.person)
    locations = [
        client.post(complete_url(lesson)).headers["Location"] for lesson in LessonPage.objects.order_by("path")
    ]
    assert locations[-1] == "/en/desk/"
    page = client.get("/en/desk/").content.decode()
    assert "Your certificate is on your desk" in page


def test_stranger_cannot_complete_note_or_fetch(rich_lesson: LessonPage, stranger: User, as_person: AsPerson) -> None:
    client = as_person(stranger)
    key = rich_lesson.translation_key
    assert client.post(complete_url(rich_lesson)).status_code == 404
    assert client.post(reverse("courses:reflect", args=[key, "r1"]), {"text": "x"}).status_code == 404
    assert client.get(reverse("courses:handout", args=[key, Handout.objects.get().pk])).status_code == 404
    assert (UnitCompletion.objects.count(), Reflection.objects.count()) == (0, 0)


def test_note_is_saved_shown_to_its_writer_and_to_nobody_else(
    rich_lesson: LessonPage, learner: User, stranger: User, trainer: User, as_person: AsPerson
) -> None:
    url = reverse("courses:reflect", args=[rich_lesson.translation_key, "r1"])
    response = as_person(learner).post(url, {"text": "My secret thought"})
    assert response.headers["Location"] == f"{rich_lesson.url}#reflection-r1"
    EnrolmentFactory(person=stranger, course=Course.objects.get())
    seen = {
        person.email: "My secret thought" in as_person(person).get(rich_lesson.url).content.decode()
        for person in (learner, stranger, trainer)
    }
    assert seen == {learner.email: True, stranger.email: False, trainer.email: False}


def test_note_answers_a_script_in_json(rich_lesson: LessonPage, learner: User, as_person: AsPerson) -> None:
    url = reverse("courses:reflect", args=[rich_lesson.translation_key, "r1"])
    client = as_person(learner)
    good = client.post(url, {"text": "Hello"}, headers={"Accept": "application/json"})
    assert (good.status_code, good.json()["saved"]) == (200, True)
    long = client.post(url, {"text": "x" * 10_001}, headers={"Accept": "application/json"})
    assert (long.status_code, long.json()["saved"]) == (422, False)
    assert Reflection.objects.get().text == "Hello"


def test_note_on_a_block_that_is_no_reflection_is_not_found(
    rich_lesson: LessonPage, learner: User, as_person: AsPerson
) -> None:
    url = reverse("courses:reflect", args=[rich_lesson.translation_key, "t1"])
    assert as_person(learner).post(url, {"text": "x"}).status_code == 404


def test_facilitator_notes_are_for_trainers_only(
    rich_lesson: LessonPage, learner: User, trainer: User, as_person: AsPerson
) -> None:
    assert "Whisper this" not in as_person(learner).get(rich_lesson.url).content.decode()
    assert "Whisper this" in as_person(trainer).get(rich_lesson.url).content.decode()


def test_file_is_downloaded_as_attachment_by_learners_of_the_lesson(
    rich_lesson: LessonPage, learner: User, as_person: AsPerson
) -> None:
    file = Handout.objects.get()
    client = as_person(learner)
    response = client.get(reverse("courses:handout", args=[rich_lesson.translation_key, file.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.4 plan"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file.filename}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    other = LessonPage.objects.get(key="last")
    assert client.get(reverse("courses:handout", args=[other.translation_key, file.pk])).status_code == 404
    assert client.get(file.url).status_code in (302, 403)


def test_quiz_is_not_completed_like_a_lesson(learner: User, as_person: AsPerson) -> None:
    from tests.factories.assessments import make_quiz

    page = make_course_page()
    quiz = make_quiz(make_module(page, "m1"))
    EnrolmentFactory(person=learner, course=release(page=page, by=None).course)
    assert as_person(learner).post(reverse("courses:complete", args=[quiz.translation_key])).status_code == 404
    assert UnitCompletion.objects.count() == 0


def test_archived_lesson_is_still_served_to_those_who_have_it(
    course: Course, enrolment: Enrolment, manager: User, as_person: AsPerson
) -> None:
    from courses.domain.archiving import set_archived

    lesson = LessonPage.objects.get(key="m1-l1")
    set_archived(page=lesson, archived=True, by=manager)
    client = as_person(enrolment.person)
    assert client.get(lesson.url).status_code == 200
    assert client.post(complete_url(lesson)).status_code == 302
    assert UnitCompletion.objects.get().unit == Unit.objects.get(code="m1-l1")
