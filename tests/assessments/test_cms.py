"""Question banks as authors make them in the CMS."""

import uuid
from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessments.models import Question, QuestionBank
from elearn.people.models import User
from tests.factories.assessments import QuestionBankFactory
from tests.factories.courses import make_course_page

AsPerson = Callable[[User | None], Client]


def address(act: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_assessments_questionbank:{act}", args=args)


def test_author_makes_a_bank_for_a_course_that_exists(author: User, as_person: AsPerson) -> None:
    make_course_page()
    client = as_person(author)
    data = {"title": "Waves", "course_code": "rescue-at-see", "key": "waves"}
    assert client.post(address("add"), data).status_code == 200
    assert QuestionBank.objects.count() == 0
    assert client.post(address("add"), data | {"course_code": "rescue-at-sea"}).status_code == 302
    bank = QuestionBank.objects.get()
    assert (bank.title, bank.course_code, bank.key) == ("Waves", "rescue-at-sea", "waves")


def test_author_renames_a_bank_and_its_course_and_key_stay(author: User, as_person: AsPerson) -> None:
    make_course_page("another-course")
    bank = QuestionBankFactory(course_code="rescue-at-sea", key="waves")
    client = as_person(author)
    assert client.get(address("edit", bank.pk)).status_code == 200
    data = {"title": "Big waves", "course_code": "another-course", "key": "tides"}
    assert client.post(address("edit", bank.pk), data).status_code == 302
    changed = QuestionBank.objects.get()
    assert (changed.title, changed.course_code, changed.key, changed.uid) == (
        "Big waves",
        "rescue-at-sea",
        "waves",
        bank.uid,
    )


def test_stranger_makes_no_bank(stranger: User, as_person: AsPerson) -> None:
    response = as_person(stranger).post(address("add"), {"title": "W", "course_code": "rescue-at-sea", "key": "w"})
    assert (response.status_code, QuestionBank.objects.count()) == (302, 0)


def test_bank_and_question_without_a_key_get_one_from_their_words(author: User, as_person: AsPerson) -> None:
    make_course_page()
    client = as_person(author)
    data = {"title": "Waves & wind", "course_code": "rescue-at-sea", "key": ""}
    assert [client.post(address("add"), data).status_code for _time in range(2)] == [302, 302]
    banks = QuestionBank.objects.order_by("pk")
    assert [bank.key for bank in banks] == ["waves-wind", "waves-wind-2"]
    question = nested_form_data(
        {
            "bank": banks[0].pk,
            "kind": "single_choice",
            "prompt": rich_text("<p>Which wave is high?</p>"),
            "options": streamfield(
                [
                    ("option", {"text": rich_text("<p>The first</p>"), "correct": "on", "feedback": rich_text("")}),
                    ("option", {"text": rich_text("<p>The second</p>"), "feedback": rich_text("")}),
                ]
            ),
            "feedback": rich_text(""),
            "weight": 1,
            "key": "",
        }
    )
    question |= {f"options-{place}-id": str(uuid.uuid4()) for place in range(2)}  # As the editor sends them.
    add = reverse("wagtailsnippets_assessments_question:add")
    assert [client.post(add, question).status_code for _time in range(2)] == [302, 302]
    assert [question.key for question in Question.objects.order_by("pk")] == [
        "which-wave-is-high",
        "which-wave-is-high-2",
    ]
    edit = reverse("wagtailsnippets_assessments_question:edit", args=[Question.objects.order_by("pk")[0].pk])
    assert ["w-autosave-interval-value" in client.get(url).content.decode() for url in (add, edit)] == [False, False]
    listed = client.get(reverse("wagtailsnippets_assessments_question:list")).content.decode()
    assert "Which wave is high?" in listed
