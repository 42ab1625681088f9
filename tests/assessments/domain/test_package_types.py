"""Every type of question, and every rule of a quiz, through a course package and back."""

from pathlib import Path

import pytest

from assessments.domain.quizzes import QuizRules
from assessments.models import Question, QuizPage
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.problems import PackageRefused
from tests.assessments.domain.conftest import FILE, actions, files_of, in_french
from tests.courses.domain.packages.conftest import PackageFolder, problems_of

TYPES = """\
  - key: match
    kind: matching
    weight: 2.5
    category: Law/Treaties
    tags: [capitals, easy]
    name: Capitals
    all_or_nothing: true
    prompt: Which capital?
    pairs:
      - key: br
        text: "**Brazil**"
        match: Brasília
      - key: pe
        text: Peru
        match: Lima
      - key: spare
        match: São Paulo
  - key: order
    kind: ordering
    prompt: In which order?
    items:
      - key: one
        text: First.
      - key: two
        text: Then.
  - key: short
    kind: short_text
    accents_matter: true
    prompt: Which treaty?
    accepted:
      - key: a
        text: Geneva*
      - key: b
        text: "1951"
        share: 50
        feedback: That is its year.
  - key: number
    kind: numeric
    unit_penalty: 10
    prompt: How far?
    numbers:
      - key: a
        text: "3.5"
        tolerance: 0.1
    units:
      - key: km
        text: km
      - key: m
        text: m
        multiplier: 1000
  - key: gaps
    kind: gap_fill
    prompt: Signed in [[2]] in [[1]].
    gaps:
      - key: year
        answers:
          - key: a
            text: "1951"
      - key: town
        control: choice
        weight: 2
        answers:
          - key: a
            text: Geneva
            correct: true
          - key: b
            text: Rome
            feedback: Not there.
  - key: case
    kind: scenario
    prompt: A knock at the door.
    steps:
      - key: s1
        name: start
        text: |
          Somebody knocks.

          - once
          - twice
        choices:
          - key: open
            text: Open.
            leads_to: end
            share: 100
            feedback: Good.
          - key: wait
            text: Wait.
            leads_to: end
      - key: s2
        name: end
        text: It is over.
  - key: essay
    kind: essay
    min_words: 50
    max_words: 200
    prompt: What would you do?
    template: |-
      Dear colleague,

      I would
    marking_notes: Look for **three** steps.
  - key: text
    kind: information
    weight: 0
    prompt: A case.
"""
RULES = """\
            time_limit: 30
            wait_hours: 24
            counts: last
            show_answers: closed
            show_feedback: during
            anonymous_marking: true
            second_marks: 10
            borderline: 5
            selection:
              - questions: [short, match]
              - count: 2
                category: Law
                tag: easy
"""


pytestmark = pytest.mark.django_db


@pytest.fixture
def full(package: PackageFolder) -> PackageFolder:
    package.files[FILE] = str(package.files[FILE]) + TYPES
    package.replace("course.yaml", "            shuffle: false\n", f"            shuffle: false\n{RULES}")
    return package


def test_every_type_and_rule_comes_back_as_it_was_written(full: PackageFolder, tmp_path: Path) -> None:
    import_package(full.path)
    first, second = tmp_path / "first", tmp_path / "second"
    export_package(key="first-aid", target=first)
    assert actions(import_package(first)) == []
    export_package(key="first-aid", target=second)
    assert files_of(first) == files_of(second)
    written = (first / FILE).read_text(encoding="utf-8")
    assert [line for line in ("weight: 2.5", "- easy", "share: 50", "multiplier: 1000") if line in written] == [
        "weight: 2.5",
        "- easy",
        "share: 50",
        "multiplier: 1000",
    ]
    course = (first / "course.yaml").read_text(encoding="utf-8")
    kept = [line.strip() for line in RULES.splitlines() if "questions:" not in line]
    assert [line for line in kept if line not in course] == []


def test_import_makes_questions_that_can_be_asked(full: PackageFolder) -> None:
    import_package(full.path)
    for question in Question.objects.all():
        question.full_clean()
    assert Question.objects.get(key="essay").template == "Dear colleague,\n\nI would"
    assert Question.objects.get(key="match").category.path == "Law/Treaties"
    rules = QuizRules.of_page(QuizPage.objects.get())
    assert (rules.time_limit, rules.wait_hours, rules.counts, rules.show_answers) == (30, 24, "last", "closed")
    fixed, drawn = rules.sources
    keys = {str(q.translation_key): q.key for q in Question.objects.all()}
    assert [keys[key] for key in fixed.questions] == ["short", "match"]
    assert (drawn.count, drawn.tag) == (2, "easy")


def test_translation_says_its_own_accepted_answers(full: PackageFolder) -> None:
    in_french(full)
    full.files[FILE] = str(full.files[FILE]) + TYPES
    full.files["fr/banks/first-things.yaml"] = str(full.files["fr/banks/first-things.yaml"]) + (
        "  - key: short\n    prompt: Quel traité ?\n    accepted:\n      - key: a\n        text: Genève*\n"
        "  - key: order\n    prompt: Dans quel ordre ?\n    items:\n"
        "      - key: two\n        text: Ensuite.\n      - key: one\n        text: D'abord.\n"
    )
    import_package(full.path)
    french = Question.objects.get(key="short", locale__language_code="fr")
    assert ([o.text for o in french.asked().options], french.accents_matter) == (["Genève*"], True)
    order = Question.objects.get(key="order", locale__language_code="fr")
    assert [option.id for option in order.asked().options] == ["one", "two"]


def test_selection_of_what_is_not_there_is_refused(full: PackageFolder) -> None:
    full.replace("course.yaml", "[short, match]", "[short, other/match]")
    with pytest.raises(PackageRefused) as refused:
        import_package(full.path)
    assert [problem.split(": ", 1)[1] for problem in problems_of(refused)] == ["There is no question “other/match”."]
