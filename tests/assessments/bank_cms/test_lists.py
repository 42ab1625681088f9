"""Banks of many questions in the CMS: found, ordered and given out by those whose course it is."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from assessments.models import Attempt, Question, QuestionBank, QuestionCategory
from elearn.people.models import User
from tests.assessments.bank_cms.screens import BANKS, QUESTIONS, AsPerson, at, bulk, is_missing
from tests.factories.assessments import QuestionFactory


def listed(client: Client, query: str = "") -> list[str]:
    """The keys of the questions that the list shows."""
    response = client.get(at("list") + query)
    assert response.status_code == 200
    return [row.key for row in response.context["object_list"]]


# --- The list -----------------------------------------------------------------------------------------------------


def test_list_is_searched_and_filtered(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    sea = QuestionCategory.objects.create(bank=mine, path="Sea")
    night = QuestionCategory.objects.create(bank=mine, path="Sea/Night")
    french, _created = Locale.objects.get_or_create(language_code="fr")
    QuestionFactory(bank=mine, key="a", category=sea, name="Waves").tags.add("wind")
    QuestionFactory(bank=mine, key="b", category=night, prompt="<p>How dark?</p>", true_false=True)
    QuestionFactory(bank=mine, key="c", locale=french)
    archived = QuestionFactory(bank=mine, key="d")
    Question.objects.filter(pk=archived.pk).update(archived_at="2026-01-01T00:00Z")
    QuestionFactory(key="e")
    client = as_person(author)
    tag = Question.objects.get(key="a").tags.get()
    found = {
        query: listed(client, query)
        for query in (
            "",
            f"?bank={mine.pk}",
            "?q=dark",
            "?q=Waves",
            f"?category={sea.pk}",
            f"?category={night.pk}",
            f"?tag={tag.pk}",
            "?kind=true_false",
            "?locale=fr",
            "?archived=only",
            f"?archived=too&bank={mine.pk}",
            "?use=yes",
            f"?use=no&bank={mine.pk}",
        )
    }
    assert list(found.values()) == [
        ["a", "b", "c", "e"],
        ["a", "b", "c"],
        ["b"],
        ["a"],
        ["a", "b"],
        ["b"],
        ["a"],
        ["b"],
        ["c"],
        ["d"],
        ["a", "b", "c", "d"],
        [],
        ["a", "b", "c"],
    ]


def test_list_costs_as_much_with_five_as_with_five_hundred(
    mine: QuestionBank, author: User, as_person: AsPerson, django_assert_num_queries: Any
) -> None:
    client = as_person(author)
    category = QuestionCategory.objects.create(bank=mine, path="Sea")
    QuestionFactory.create_batch(5, bank=mine, category=category)
    listed(client)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(listed(client)) == 5
    add_many(mine, category, 495)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(listed(client)) == 50


LIST_QUERIES = 21


def add_many(bank: QuestionBank, category: QuestionCategory, count: int) -> None:
    rows = [
        QuestionFactory.build(bank=bank, category=category, key=f"many-{n}", locale=Locale.get_default())
        for n in range(count)
    ]
    Question.objects.bulk_create(rows)


def test_author_of_another_course_meets_nothing_of_it(
    own_author: User, mine: QuestionBank, theirs: QuestionBank, as_person: AsPerson
) -> None:
    category = QuestionCategory.objects.create(bank=theirs, path="Secret place")
    other = QuestionFactory(bank=theirs, key="secret", category=category)
    other.tags.add("secret-tag")
    QuestionFactory(bank=mine, key="own")
    client = as_person(own_author)
    page = client.get(at("list")).content.decode()
    assert [word for word in ("secret", "Secret place", "Their bank") if word in page] == []
    assert "Their bank" not in client.get(at("import")).content.decode()
    for name in ("edit", "usage", "history", "translate", "inspect", "copy"):
        assert is_missing(client.get(at(name, other.pk))), name
        assert is_missing(client.post(at(name, other.pk), {"language": "fr"})), name
    assert is_missing(client.get(at("categories", theirs.pk, of=BANKS)))
    rename = {"act": "rename_category", "category": category.pk, "name": "Mine"}
    assert is_missing(client.post(at("categories", theirs.pk, of=BANKS), rename))
    assert is_missing(client.post(at("categories", mine.pk, of=BANKS), rename))
    category.refresh_from_db()
    assert category.path == "Secret place"


# --- Many at once -------------------------------------------------------------------------------------------------


BULK = {
    "move": {"path": "Land/Day"},
    "add_tags": {"names": "wind, rain"},
    "remove_tags": {"names": "old"},
    "archive": {},
    "restore": {},
    "export": {"file_format": "gift", "told": "gift"},
}


@pytest.mark.parametrize("action", BULK)
def test_action_on_questions_of_another_course_finds_none(
    action: str, own_author: User, theirs: QuestionBank, as_person: AsPerson
) -> None:
    row = QuestionFactory(bank=theirs)
    row.tags.add("old")
    client = as_person(own_author)
    for query in (f"id={row.pk}", "id=all"):
        assert is_missing(client.get(bulk(action, query)))
        assert is_missing(client.post(bulk(action, query), BULK[action]))
    row.refresh_from_db()
    assert (row.category, row.archived_at, row.tags.get().name) == (None, None, "old")


@pytest.mark.parametrize("action", BULK)
def test_stranger_and_reviewer_change_no_question(
    action: str, stranger: User, reviewer: User, as_person: AsPerson
) -> None:
    row = QuestionFactory()
    row.tags.add("old")
    assert as_person(stranger).post(bulk(action, f"id={row.pk}"), BULK[action]).status_code == 302
    response = as_person(reviewer).post(bulk(action, f"id={row.pk}"), BULK[action])
    # Who may read questions may take them along.
    assert is_missing(response) is (action != "export")
    row.refresh_from_db()
    assert (row.category, row.archived_at, row.tags.get().name) == (None, None, "old")


def test_questions_move_with_their_translations(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    row = QuestionFactory(bank=mine, key="a")
    french, _created = Locale.objects.get_or_create(language_code="fr")
    QuestionFactory(bank=mine, key="a", locale=french, translation_key=row.translation_key)
    assert as_person(author).get(bulk("move", f"id={row.pk}")).status_code == 200
    as_person(author).post(bulk("move", f"id={row.pk}"), BULK["move"])
    assert [r.category.path for r in Question.objects.all()] == ["Land/Day", "Land/Day"]
    as_person(author).post(bulk("add_tags", f"id={row.pk}"), BULK["add_tags"])
    as_person(author).post(bulk("remove_tags", f"id={row.pk}"), {"names": "rain"})
    assert [list(r.tags.names()) for r in Question.objects.all()] == [["wind"], ["wind"]]
    as_person(author).post(bulk("archive", f"id={row.pk}"))
    assert Question.objects.filter(archived_at=None).count() == 0
    as_person(author).post(bulk("restore", f"id={row.pk}"))
    assert Question.objects.filter(archived_at=None).count() == 2


def test_all_means_all_that_the_filters_show(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    QuestionFactory.create_batch(2, bank=mine)
    other = QuestionFactory(key="other")
    shown = reverse(f"{QUESTIONS}:list") + f"?bank={mine.pk}"
    query = f"id=all&next={shown.replace('?', '%3F').replace('=', '%3D')}"
    as_person(author).post(bulk("archive", query))
    assert list(Question.objects.filter(archived_at=None)) == [other]


def test_export_says_what_is_lost_and_then_gives_the_file(
    mine: QuestionBank, author: User, as_person: AsPerson
) -> None:
    row = QuestionFactory(bank=mine, multiple=True, all_or_nothing=True, name="Choice")
    client = as_person(author)
    first = client.post(bulk("export", f"id={row.pk}"), {"file_format": "moodle_xml"})
    assert "That it earns all or nothing is lost." in first.content.decode()
    second = client.post(bulk("export", f"id={row.pk}"), {"file_format": "moodle_xml", "told": "moodle_xml"})
    assert second["Content-Disposition"] == 'attachment; filename="questions.xml"'
    assert b"<text>Choice</text>" in second.content


def test_question_that_was_drawn_or_is_named_is_not_deleted(
    mine: QuestionBank, admin: User, as_person: AsPerson, enrolment: Any
) -> None:
    drawn, free = QuestionFactory(bank=mine, key="drawn"), QuestionFactory(bank=mine, key="free")
    unit = enrolment.course.units.first()
    snapshot = [{"key": "drawn", "translation_key": str(drawn.translation_key), "kind": "single_choice", "points": "1"}]
    Attempt.objects.create(enrolment=enrolment, unit=unit, number=1, pass_mark=70, snapshot=snapshot)
    client = as_person(admin)
    client.post(at("delete", drawn.pk))
    client.post(bulk("delete", f"id={drawn.pk}&id={free.pk}"))
    assert Question.objects.count() == 2
    client.post(at("delete", free.pk))
    assert list(Question.objects.all()) == [drawn]


# --- Categories and tags ------------------------------------------------------------------------------------------


def test_categories_are_renamed_merged_and_removed(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    sea, night, land = (QuestionCategory.objects.create(bank=mine, path=p) for p in ("Sea", "Sea/Night", "Land"))
    QuestionFactory(bank=mine, key="a", category=night).tags.add("wind")
    QuestionFactory(bank=mine, key="b", category=land)
    client, page = as_person(author), at("categories", mine.pk, of=BANKS)
    assert client.get(page).status_code == 200

    def places() -> dict[str, str | None]:
        rows = Question.objects.order_by("key").values_list("key", "category__path")
        return dict(rows)

    client.post(page, {"act": "rename_category", "category": sea.pk, "name": "Water"})
    assert places() == {"a": "Water/Night", "b": "Land"}
    client.post(page, {"act": "rename_category", "category": land.pk, "name": "Water/Night"})
    assert places() == {"a": "Water/Night", "b": "Water/Night"}
    assert list(mine.categories.values_list("path", flat=True)) == ["Water", "Water/Night"]
    client.post(page, {"act": "rename_category", "category": sea.pk, "name": "Water/Deep"})
    assert places() == {"a": "Water/Night", "b": "Water/Night"}
    client.post(page, {"act": "remove_category", "category": night.pk})
    assert places() == {"a": None, "b": None}
    client.post(page, {"act": "rename_tag", "tag": "wind", "name": "storm"})
    assert list(Question.objects.get(key="a").tags.names()) == ["storm"]
