"""The list of all words of a course, and the screens on which authors keep it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Course, CoursePage, Enrolment, GlossaryTerm
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import make_lesson, make_module
from tests.factories.glossary import make_term
from tests.factories.people import UserFactory

AsPerson = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def address(course: Course) -> str:
    make_term("Refoulement", source="Convention, article 33")
    make_term("Elsewhere", course="another")
    return reverse("courses:glossary", args=[course.key])


@pytest.mark.parametrize("who", ["learner", "trainer"])
def test_glossary_is_read_by_those_who_read_the_course(
    who: str, address: str, enrolment: Enrolment, as_person: AsPerson, request: pytest.FixtureRequest
) -> None:
    response = as_person(request.getfixturevalue(who)).get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert "<dfn>Refoulement</dfn>" in text
    assert "Convention, article 33" in text
    assert "Elsewhere" not in text


def test_glossary_turns_the_stranger_to_the_course(address: str, stranger: User, as_person: AsPerson) -> None:
    response = as_person(stranger).get(address, follow=True)
    assert response.redirect_chain == [("/en/courses/rescue-at-sea/", 302)]
    assert "Refoulement" not in response.content.decode()


def test_glossary_asks_who_it_is_of_somebody_unknown(address: str, as_person: AsPerson) -> None:
    response = as_person(None).get(address)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={address}"


def test_glossary_of_no_course_is_not_found(learner: User, as_person: AsPerson) -> None:
    address = reverse("courses:glossary", args=["00000000-0000-0000-0000-000000000000"])
    assert as_person(learner).get(address).status_code == 404


def test_used_word_is_not_deleted_in_the_cms(course: Course, admin: User, as_person: AsPerson) -> None:
    term = make_term("Refoulement")
    module = make_module(CoursePage.objects.get(), "words")
    make_lesson(module, "w1", title="Of words", body=[{"type": "glossary", "value": {"terms": [term.pk]}}])
    urls = term.snippet_viewset
    response = as_person(admin).post(reverse(urls.get_url_name("delete"), args=[term.pk]), follow=True)
    assert "is used in: Of words. Nothing was deleted." in response.content.decode()
    assert GlossaryTerm.objects.filter(pk=term.pk).exists()


def test_author_keeps_the_glossary_in_the_cms(course: Course, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    urls = GlossaryTerm.snippet_viewset
    data = {"course_code": "rescue-at-sea", "key": "refoulement", "term": "Refoulement", "definition": "Sending back."}
    response = client.post(reverse(urls.get_url_name("add")), {**data, "other_forms": "", "source": ""})
    assert response.status_code == 302
    term = GlossaryTerm.objects.get()
    assert (term.term, term.locale.language_code) == ("Refoulement", "en")
    assert "Refoulement" in client.get(reverse(urls.get_url_name("list"))).content.decode()


def test_author_of_a_single_course_meets_no_word_of_another(course: Course, manager: User, as_person: AsPerson) -> None:
    own, other = make_term("Own"), make_term("Other", course="another")
    person = UserFactory(email="single@example.org")
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager, scope_key=course.key)
    client = as_person(person)
    urls = GlossaryTerm.snippet_viewset
    assert client.get(reverse(urls.get_url_name("edit"), args=[own.pk])).status_code == 200
    assert client.get(reverse(urls.get_url_name("edit"), args=[other.pk]), follow=True).status_code == 404
    chooser = urls.chooser_viewset
    lists = [
        client.get(reverse(urls.get_url_name("list"))).content.decode(),
        client.get(reverse(chooser.get_url_name("choose"))).json()["html"],
    ]
    assert [("Own" in text, "Other" in text) for text in lists] == [(True, False), (True, False)]
    assert client.get(reverse(chooser.get_url_name("chosen"), args=[other.pk]), follow=True).status_code == 404
    data = {"course_code": "another", "key": "x", "term": "X", "definition": "X.", "other_forms": "", "source": ""}
    response = client.post(reverse(urls.get_url_name("add")), data)
    assert "You do not work on a course with this key." in response.content.decode()
