"""One question in several languages."""

from wagtail.models import Locale

from assessments.domain.translations import Aligned, add_translation, align_translations, languages_missing
from assessments.models import Question
from tests.factories.assessments import QuestionFactory, option


def in_french(row: Question) -> Question:
    french, _created = Locale.objects.get_or_create(language_code="fr")
    return add_translation(question=row, locale=french, by=None)


def test_question_that_was_not_changed_changes_no_other_language(db: None) -> None:
    row = QuestionFactory()
    french = in_french(row)
    assert align_translations(question=row, by=None) == Aligned()
    assert french.revisions.count() == 1


def test_what_is_right_follows_and_wording_stays(db: None) -> None:
    row = QuestionFactory(options=[option("a", correct=True, text="Yes"), option("b", text="No")])
    french = in_french(row)
    french.options = [option("a", correct=True, text="Oui"), option("b", text="Non")]
    french.save()
    row.options = [option("b", correct=True, text="No"), option("a", text="Yes")]
    row.save()
    assert align_translations(question=row, by=None) == Aligned(changed=("fr",))
    french.refresh_from_db()
    assert [(o.id, o.text, o.correct) for o in french.asked().options] == [("b", "Non", True), ("a", "Oui", False)]


def test_new_option_comes_untranslated_and_one_that_is_gone_goes(db: None) -> None:
    row = QuestionFactory(options=[option("a", correct=True), option("b"), option("c")])
    french = in_french(row)
    row.options = [option("a", correct=True), option("b"), option("d", text="New")]
    row.save()
    assert align_translations(question=row, by=None) == Aligned(changed=("fr",), to_translate=("fr",))
    french.refresh_from_db()
    assert [o.id for o in french.asked().options] == ["a", "b", "d"]
    assert french.asked().options[2].text == "New"


def test_short_text_keeps_the_answers_of_its_language(db: None) -> None:
    def accepted(text: str) -> dict:
        return {"type": "accepted", "id": "x", "value": {"text": text, "share": None, "feedback": ""}}

    row = QuestionFactory(kind="short_text", options=[accepted("Sea")])
    french = in_french(row)
    french.options = [accepted("Mer")]
    french.save()
    row.options, row.weight, row.case_sensitive = [accepted("Ocean")], 3, True
    row.save()
    assert align_translations(question=row, by=None) == Aligned(changed=("fr",))
    french.refresh_from_db()
    assert [o.text for o in french.asked().options] == ["Mer"]
    assert (french.weight, french.case_sensitive) == (3, True)


def test_languages_that_are_missing_are_named_once(db: None) -> None:
    row = QuestionFactory()
    french = in_french(row)
    assert in_french(row) == french
    assert "fr" not in {locale.language_code for locale in languages_missing(row)}
