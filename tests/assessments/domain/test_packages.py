from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.models import Question, QuestionBank, QuizPage
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.problems import PackageRefused
from courses.models import CoursePage
from tests.assessments.domain.conftest import BANK, BANK_IN_FRENCH, FILE, actions, files_of, in_french
from tests.courses.domain.packages.conftest import PackageFolder, problems_of

pytestmark = pytest.mark.django_db


def test_import_makes_quiz_bank_and_questions(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)

    quiz = QuizPage.objects.get(key="check")
    question = Question.objects.get(key="what-first")
    assert (quiz.bank.key, quiz.draw, quiz.pass_mark, quiz.attempts_allowed, quiz.shuffle) == (
        "first-things",
        2,
        50,
        3,
        False,
    )
    assert (question.prompt, question.feedback) == (
        "<p>What do you do <b>first</b>?</p>",
        "<p>Looking takes a second.</p>",
    )
    assert [(option.id, option.text, option.correct, option.feedback) for option in question.asked().options] == [
        ("look", "<p>Look.</p>", True, "<p>Right.</p>"),
        ("run", "<p>Run.</p>", False, ""),
    ]
    assert [q.key for q in quiz.bank.questions.all()] == ["what-first", "who-helps", "always-safe"]
    assert question.revisions.count() == 1


def test_import_twice_changes_no_question(package: PackageFolder) -> None:
    import_package(package.path)

    outcome = import_package(package.path)

    assert actions(outcome) == []
    assert [question.revisions.count() for question in Question.objects.all()] == [1, 1, 1]


def test_import_changed_question_gets_a_revision(package: PackageFolder) -> None:
    import_package(package.path)
    package.replace(FILE, "text: Run.", "text: Run away.")

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en question first-things/what-first"]
    assert Question.objects.get(key="what-first").revisions.count() == 2


def test_import_question_gone_is_archived_and_may_come_back(package: PackageFolder) -> None:
    import_package(package.path)
    whole = str(package.files[FILE])
    package.files[FILE] = whole[: whole.index("  - key: always-safe")]

    assert actions(import_package(package.path)) == ["archived en question first-things/always-safe"]
    assert Question.objects.get(key="always-safe").archived_at is not None
    assert import_package(package.path).plan.is_empty
    package.files[FILE] = whole
    assert actions(import_package(package.path)) == ["restored en question first-things/always-safe"]
    assert Question.objects.get(key="always-safe").archived_at is None


def test_import_new_order_of_questions_makes_no_revision(package: PackageFolder) -> None:
    import_package(package.path)
    whole = str(package.files[FILE])
    start, end = whole.index("  - key: what-first"), whole.index("  - key: who-helps")
    package.files[FILE] = whole[:start] + whole[end:] + whole[start:end]

    assert actions(import_package(package.path)) == ["moved en bank first-things: the order of its questions"]
    assert list(Question.objects.values_list("key", flat=True)) == ["who-helps", "always-safe", "what-first"]
    assert Question.objects.get(key="what-first").revisions.count() == 1
    assert import_package(package.path).plan.is_empty


def test_import_translation_takes_its_answers_from_the_source(package: PackageFolder) -> None:
    in_french(package)
    import_package(package.path)

    english = Question.objects.get(key="what-first", locale__language_code="en")
    french = Question.objects.get(key="what-first", locale__language_code="fr")
    assert french.translation_key == english.translation_key
    assert [(option.id, option.text, option.correct) for option in french.asked().options] == [
        ("look", "<p>Regarder.</p>", True),
        ("run", "<p>Courir.</p>", False),
    ]
    assert QuestionBank.objects.count() == 1


def test_import_right_answer_changed_in_the_source_changes_the_translation(package: PackageFolder) -> None:
    in_french(package)
    import_package(package.path)
    package.replace(FILE, "answer: false", "answer: true")

    outcome = import_package(package.path)

    assert actions(outcome) == [
        "updated en question first-things/always-safe",
        "updated fr question first-things/always-safe",
    ]
    french = Question.objects.get(key="always-safe", locale__language_code="fr")
    assert [option.correct for option in french.asked().options] == [True, False]


def test_export_writes_what_was_imported(package: PackageFolder, tmp_path: Path) -> None:
    in_french(package)
    import_package(package.path)

    export_package(key="first-aid", target=tmp_path / "out")

    files = files_of(tmp_path / "out")
    assert files[FILE].decode() == BANK
    assert files["fr/banks/first-things.yaml"].decode() == BANK_IN_FRENCH
    assert files["course.yaml"].decode() == package.files["course.yaml"]


def test_export_import_export_gives_identical_bytes(package: PackageFolder, tmp_path: Path) -> None:
    in_french(package)
    import_package(package.path)
    export_package(key="first-aid", target=tmp_path / "one")
    for page in CoursePage.objects.all():
        page.delete()
    Question.objects.all().delete()
    QuestionBank.objects.all().delete()

    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")

    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_export_of_questions_made_in_the_cms_keeps_ids(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    question = Question.objects.get(key="always-safe")
    question.options = [
        {"type": "option", "id": "0f8fad5b", "value": {"text": "True", "correct": True, "feedback": "Yes."}},
        {"type": "option", "id": "7c9e6679", "value": {"text": "False", "correct": False, "feedback": ""}},
    ]
    question.prompt = '<p data-block-key="x1">Is <b>it </b>so?</p>'
    question.save()

    export_package(key="first-aid", target=tmp_path / "out")
    text = (tmp_path / "out" / FILE).read_text()
    assert "      Is **it** so?\n    answer: true\n    if_true: Yes.\n" in text
    assert import_package(tmp_path / "out").plan.is_empty

    package.files[FILE] = text.replace("if_true: Yes.", "if_true: Indeed.")
    import_package(package.path)
    rows = Question.objects.get(key="always-safe").asked().options
    assert [(option.id, option.text, option.feedback) for option in rows] == [
        ("0f8fad5b", "True", "<p>Indeed.</p>"),
        ("7c9e6679", "False", ""),
    ]


def change(name: str, old: str, new: str) -> Callable[[PackageFolder], None]:
    return lambda package: package.replace(name, old, new)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (
            change("course.yaml", "bank: first-things", "bank: last-things"),
            "course.yaml:21: There is no question bank “last-things”. Add banks/last-things.yaml, or correct the key.",
        ),
        (
            change("course.yaml", "pass_mark: 50", "pass_mark: 101"),
            "course.yaml:26: “pass_mark” must be a whole number from 0 to 100.",
        ),
        (
            change(FILE, "key: first-things", "key: other"),
            f"{FILE}:1: The key must be the name of the file, “first-things”.",
        ),
        (
            change(FILE, "kind: single_choice", "kind: riddle"),
            f"{FILE}:5: “kind” must be one of: essay, gap_fill, information, matching, multiple_choice, numeric, "
            "ordering, scenario, short_text, single_choice, true_false.",
        ),
        (
            change(FILE, "kind: single_choice", "kind: single_choice\n    weight: -1"),
            f"{FILE}:6: “weight” must be a number from 0 to 10000, with a point for decimals.",
        ),
        (change(FILE, "        correct: true\n", ""), f"{FILE}:4: Exactly one option must be right."),
        (change(FILE, "        text: Run.\n", ""), f"{FILE}:13: “text” is missing."),
        (change(FILE, "key: run", "key: look"), f"{FILE}:4: Two options have the same key."),
        (
            change(FILE, "key: who-helps", "key: what-first"),
            f"{FILE}:17: The question “what-first” is there twice. Keep one.",
        ),
        (change(FILE, "answer: false", "answer: nope"), f"{FILE}:34: “answer” must be true or false."),
        (
            change(FILE, "answer: false", "answer: false\n    options: []"),
            f"{FILE}:35: “options” is not known here. Take it out, or look for a slip in the word.",
        ),
        (
            change(FILE, "What do you do **first**?", "# What first?"),
            f"{FILE}:7: A heading is not allowed here. Write a paragraph; bold may stand at its beginning.",
        ),
        (change(FILE, "What do you do **first**?", "See [x](https://a.b)."), f"{FILE}:7: A link is not allowed here."),
        (
            change(FILE, "correct: true", "correct: true\n        share: 101"),
            f"{FILE}:12: “share” must be a number from -100 to 100, with a point for decimals.",
        ),
    ],
)
def test_import_broken_bank_names_file_and_line(
    package: PackageFolder, spoil: Callable[[PackageFolder], None], problem: str
) -> None:
    spoil(package)

    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)

    assert problem in problems_of(refused)
    assert Question.objects.count() == 0


def test_import_translation_with_other_options_is_refused(package: PackageFolder) -> None:
    in_french(package)
    package.replace("fr/banks/first-things.yaml", "key: run", "key: walk")

    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)

    assert problems_of(refused) == [
        "fr/banks/first-things.yaml:3: The options must have the same keys as in the language that comes first."
    ]
