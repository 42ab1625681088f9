"""Writing and translating a question in the CMS."""

from decimal import Decimal

import pytest
from wagtail.models import Locale
from wagtail.test.utils.form_data import rich_text

from assessments import questions
from assessments.models import Question, QuestionBank, QuestionCategory
from elearn.people.models import User
from tests.assessments.bank_cms.screens import AsPerson, at, posted
from tests.factories.assessments import QuestionFactory, option

# --- Writing ------------------------------------------------------------------------------------------------------


def test_adding_begins_with_the_type(author: User, as_person: AsPerson) -> None:
    page = as_person(author).get(at("add"))
    assert [str(kind.label) for kind in questions.all_types() if f"?kind={kind.key}" not in page.content.decode()] == []
    assert str(questions.get("essay").about) in page.content.decode().replace("&#x27;", "'")
    assert as_person(author).post(at("add"), {"kind": "no such"}).status_code == 200
    assert Question.objects.count() == 0


@pytest.mark.parametrize("kind", [kind.key for kind in questions.all_types()])
def test_form_has_what_its_type_has_and_nothing_else(kind: str, author: User, as_person: AsPerson) -> None:
    form = as_person(author).get(at("add") + f"?kind={kind}").context["form"]
    entry = questions.get(kind)
    rules = {name for name in vars(questions.Rules()) if name in form.fields}
    assert rules == set(entry.rules)
    assert ("weight" in form.fields) is not entry.only_shown
    assert ("marking_notes" in form.fields) is entry.by_a_person
    if entry.blocks:
        assert tuple(form.fields["options"].block.child_blocks) == entry.blocks
    else:
        assert "options" not in form.fields


def test_question_is_written_with_category_and_tags(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    options = [
        ("number", {"text": "7", "tolerance": "1", "share": "", "feedback": rich_text("")}),
        ("unit", {"text": "km", "multiplier": "1"}),
    ]
    response = as_person(author).post(at("add"), posted("numeric", mine, options, unit_penalty="10"))
    assert response.status_code == 302
    row = Question.objects.get()
    assert (row.kind, row.key, row.weight, row.unit_penalty) == ("numeric", "what", Decimal(2), 10)
    assert (row.category.path, sorted(row.tags.names())) == ("Sea/Night", ["rain", "wind"])
    assert [(o.type, o.text) for o in row.asked().options] == [("number", "7"), ("unit", "km")]
    page = as_person(author).get(at("edit", row.pk)).content.decode()
    assert "Sea/Night" in page
    assert as_person(author).get(at("history", row.pk)).status_code == 200


def test_essay_needs_no_options_and_says_what_is_wrong_with_its_rules(
    mine: QuestionBank, author: User, as_person: AsPerson
) -> None:
    fields = {"template": "", "marking_notes": rich_text(""), "min_words": "9", "max_words": "2"}
    data = posted("essay", mine, [], **fields)
    page = as_person(author).post(at("add"), data)
    assert "The least number of words is more than the most." in page.content.decode()
    assert as_person(author).post(at("add"), data | {"max_words": "20"}).status_code == 302
    assert Question.objects.get().kind == "essay"


def test_without_the_editor_of_options_they_stay(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    row = QuestionFactory(bank=mine, key="a")
    before = row.asked().options
    data = posted(row.kind, mine, [], key="a", weight="5", shuffle="on")
    data = {name: value for name, value in data.items() if not name.startswith("options-")}
    assert as_person(author).post(at("edit", row.pk), data).status_code == 302
    row = Question.objects.get()
    assert (row.weight, row.asked().options) == (Decimal(5), before)
    added = as_person(author).post(at("add"), data | {"key": "b"})
    assert "A question needs at least two options." in added.content.decode()


def test_category_of_another_course_is_never_shown_or_taken(
    own_author: User, mine: QuestionBank, theirs: QuestionBank, as_person: AsPerson
) -> None:
    QuestionCategory.objects.create(bank=theirs, path="Sea/Night")
    options = [("option", {"text": rich_text("A"), "correct": "on", "share": "", "feedback": rich_text("")})] * 2
    options[1] = ("option", {"text": rich_text("B"), "share": "", "feedback": rich_text("")})
    client = as_person(own_author)
    refused = client.post(at("add"), posted("single_choice", theirs, options))
    assert (refused.status_code, Question.objects.count()) == (200, 0)
    assert client.post(at("add"), posted("single_choice", mine, options)).status_code == 302
    assert Question.objects.get().category.bank == mine


# --- Languages ----------------------------------------------------------------------------------------------------


def test_translation_is_a_copy_and_follows_what_is_right(mine: QuestionBank, author: User, as_person: AsPerson) -> None:
    Locale.objects.get_or_create(language_code="fr")
    row = QuestionFactory(bank=mine, key="a", name="Waves")
    row.tags.add("wind")
    client = as_person(author)
    assert 'value="fr"' in client.get(at("translate", row.pk)).content.decode()
    client.post(at("translate", row.pk), {"language": "fr"})
    client.post(at("translate", row.pk), {"language": "fr"})
    french = Question.objects.exclude(pk=row.pk).get()
    assert (french.translation_key, french.key, list(french.tags.names())) == (row.translation_key, "a", ["wind"])
    french.options = [option("right", correct=True, text="Juste"), option("wrong-1", text="Faux"), option("wrong-2")]
    french.save()
    changed = [("option", {"text": rich_text("Yes"), "share": "", "feedback": rich_text("")})]
    changed.append(("option", {"text": rich_text("No"), "correct": "on", "share": "", "feedback": rich_text("")}))
    changed.append(("option", {"text": rich_text("New"), "share": "", "feedback": rich_text("")}))
    data = posted("single_choice", mine, changed, key="a", category="Sea", tags="rain", weight="3", shuffle="on")
    data |= {"options-0-id": "right", "options-1-id": "wrong-1", "options-2-id": "new"}
    page = client.post(at("edit", row.pk), data, follow=True).content.decode()
    assert "are now the same in: fr." in page
    assert "Translate them in: fr." in page
    french.refresh_from_db()
    assert [(o.id, o.text, o.correct) for o in french.asked().options][:2] == [
        ("right", "Juste", False),
        ("wrong-1", "Faux", True),
    ]
    assert [o.id for o in french.asked().options] == ["right", "wrong-1", "new"]
    assert (french.weight, french.category.path, list(french.tags.names())) == (Decimal(3), "Sea", ["rain"])
    assert french.revisions.count() == 2
