"""What was stored before questions had ten types is read as what it was."""

from importlib import import_module

from assessments.domain.asking import AttemptQuestion

migration = import_module("assessments.migrations.0003_answers_and_options")

OLD = {
    "key": "sign",
    "translation_key": "0e2b1c9e-5f0d-4c37-8a0a-3f3f6a5e8f11",
    "kind": "single_choice",
    "points": 2,
    "options": [{"id": "b", "correct": False}, {"id": "a", "correct": True}],
    "texts": {
        "en": {
            "prompt": "<p>Which sign?</p>",
            "feedback": "<p>Overall.</p>",
            "options": {
                "a": {"text": "a < b & c", "feedback": "Yes."},
                "b": {"text": "<script>alert(1)</script>", "feedback": ""},
            },
        }
    },
}


def test_question_of_an_attempt_keeps_its_order_its_words_and_what_is_right() -> None:
    question = AttemptQuestion(migration.new_entry(OLD))
    asked = question.asked("en")
    assert [option.id for option in asked.shown] == ["b", "a"]
    assert [(option.id, option.text, option.correct) for option in asked.options] == [
        ("a", "a &lt; b &amp; c", True),
        ("b", "&lt;script&gt;alert(1)&lt;/script&gt;", False),
    ]
    assert (question.points, question.kind.mark(["a"], asked), question.kind.mark(["b"], asked)) == (2, 1, 0)


def test_the_way_back_restores_it() -> None:
    assert migration.old_entry(migration.new_entry(OLD)) == OLD


def test_plain_options_become_rich_text_that_shows_the_same() -> None:
    value = {"text": 'Say "no" & go', "correct": True, "feedback": "1 < 2"}
    assert migration.PlainToRich().apply(value) == {
        "text": 'Say "no" &amp; go',
        "correct": True,
        "feedback": "1 &lt; 2",
    }
