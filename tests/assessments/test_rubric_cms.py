"""Rubrics as authors write them in the CMS."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from assessments.domain.rubric_rows import read_stream
from assessments.models import Rubric
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import make_course_page
from tests.factories.hand_ins import enrolled
from tests.factories.people import UserFactory
from tests.factories.practicals import RubricFactory

pytestmark = pytest.mark.django_db
AsPerson = Callable[[User | None], Client]


def cms(act: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_assessments_rubric:{act}", args=args)


def rubric_form(**changes: object) -> dict:
    data = {
        "title": "Delivering",
        "course_code": "rescue-at-sea",
        "key": "",
        "criteria": streamfield(
            [
                (
                    "criterion",
                    {"title": "Aim", "about": "", "must_reach": "High", "levels": streamfield([])},
                )
            ]
        ),
        **changes,
    }
    form = nested_form_data(data)
    prefix = "criteria-0-value-levels"
    form[f"{prefix}-count"] = "2"
    for number, (title, points) in enumerate([("Low", 0), ("High", 4)]):
        at = f"{prefix}-{number}"
        form |= {f"{at}-deleted": "", f"{at}-order": str(number), f"{at}-id": ""}
        form |= {f"{at}-value-title": title, f"{at}-value-descriptor": "Seen.", f"{at}-value-points": str(points)}
    return form


def test_author_writes_a_rubric_and_its_course_and_key_stay(as_person: AsPerson, author: User) -> None:
    make_course_page()
    client = as_person(author)
    assert client.get(cms("add")).status_code == 200
    assert client.post(cms("add"), rubric_form()).status_code == 302
    rubric = Rubric.objects.get()
    (aim,) = read_stream(rubric.criteria)
    assert (rubric.key, rubric.course_code, aim.title, [level.title for level in aim.levels]) == (
        "delivering",
        "rescue-at-sea",
        "Aim",
        ["Low", "High"],
    )
    assert aim.must_reach == aim.levels[1].key
    assert client.get(cms("edit", rubric.pk)).status_code == 200
    changed = rubric_form(title="Better", course_code="another", key="other")
    assert client.post(cms("edit", rubric.pk), changed).status_code == 302
    rubric.refresh_from_db()
    assert (rubric.title, rubric.course_code, rubric.key) == ("Better", "rescue-at-sea", "delivering")
    assert rubric.revisions.count() == 2


def test_nonsense_in_a_rubric_is_said_in_the_form(as_person: AsPerson, author: User) -> None:
    make_course_page()
    form = rubric_form()
    form["criteria-0-value-must_reach"] = "Higher"
    response = as_person(author).post(cms("add"), form)
    assert response.status_code == 200
    assert "is no level of it" in response.content.decode()
    assert Rubric.objects.count() == 0


def test_copy_is_a_rubric_of_its_own(as_person: AsPerson, author: User) -> None:
    make_course_page()
    original = RubricFactory()
    client = as_person(author)
    assert "Copy of Delivering a session" in client.get(cms("copy", original.pk)).content.decode()
    assert client.post(cms("copy", original.pk), rubric_form(title="Copy of it")).status_code == 302
    copy = Rubric.objects.exclude(pk=original.pk).get()
    assert (copy.title, copy.key, copy.translation_key == original.translation_key) == (
        "Copy of it",
        "copy-of-it",
        False,
    )


def test_rubric_of_another_course_does_not_exist_for_an_author(as_person: AsPerson) -> None:
    mine, other = make_course_page("rescue-at-sea"), make_course_page("another")
    person = UserFactory()
    grant_role(person=person, role=Role.AUTHOR, granted_by=None, scope_key=mine.translation_key)
    own, foreign = RubricFactory(title="Mine"), RubricFactory(course_code=other.key, title="Foreign")
    client = as_person(person)
    listed = client.get(cms("list")).content.decode()
    assert ("Mine" in listed, "Foreign" in listed) == (True, False)
    acts = ("edit", "copy", "delete", "usage", "history", "inspect")
    # What is not found is looked for once more below a language.
    assert [client.get(cms(act, foreign.pk), follow=True).status_code for act in acts] == [404] * 6
    assert [client.get(cms(act, own.pk)).status_code for act in acts] == [200] * 6


def test_used_rubric_is_not_deleted_and_the_screen_says_where(as_person: AsPerson, author: User, learner: User) -> None:
    enrolled(learner)
    rubric = Rubric.objects.get()
    client = as_person(author)
    response = client.post(cms("delete", rubric.pk), follow=True)
    assert "is used in" in response.content.decode()
    assert Rubric.objects.get() == rubric
    assert "Practical" in client.get(cms("usage", rubric.pk)).content.decode()
    free = RubricFactory()
    client.post(cms("delete", free.pk))
    assert Rubric.objects.get() == rubric


def test_reviewer_reads_rubrics_and_changes_none(as_person: AsPerson, reviewer: User) -> None:
    rubric = RubricFactory()
    client = as_person(reviewer)
    assert client.get(cms("inspect", rubric.pk)).status_code == 200
    assert client.get(cms("edit", rubric.pk)).status_code == 302
