"""Surveys in course packages."""

from pathlib import Path

import pytest

from assessments.domain.surveys.questions import Option, questions_of
from assessments.models import SurveyPage
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.problems import PackageRefused
from courses.models import CoursePage
from tests.assessments.domain.conftest import files_of
from tests.courses.domain.packages.conftest import PackageFolder, problems_of

pytestmark = pytest.mark.django_db

SURVEY = """\
          - key: ask
            kind: survey
            minutes: 5
            survey: before
            anonymous: false
"""
TEXT = """\
---
title: Before you begin
purpose: To see what you can do already.
---
A few questions. Then [this](unit:look-first).

::: competency
key: plan
text: I can plan a session.
competency: plan-a-session
:::

::: agreement
key: useful
text: This matters to my work.
optional: true
:::

::: one-choice
key: length
text: How long have you done this work?
options:
  - key: short
    text: Less than a year
  - key: long
    text: Longer
:::

::: several-choices
key: ways
text: How do you learn best?
options:
  - key: reading
    text: By reading
  - key: "no"
    text: "No"
:::

::: free-text
key: words
text: What do you hope for?
optional: true
:::
"""
FILE = "en/basics/ask.md"


@pytest.fixture
def package(tmp_path: Path) -> PackageFolder:
    package = PackageFolder(tmp_path)
    package.replace("course.yaml", "      - key: advanced", f"{SURVEY}      - key: advanced")
    package.files[FILE] = TEXT
    return package


def test_import_makes_the_survey(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    page = SurveyPage.objects.get()
    assert (page.survey_kind, page.anonymous, page.minutes) == ("before", False, 5)
    assert page.introduction.startswith("<p>A few questions. Then <a ")
    found = questions_of(page)
    assert [(q.id, q.kind.value, q.required, q.competency) for q in found] == [
        ("plan", "competency", True, "plan-a-session"),
        ("useful", "agreement", False, ""),
        ("length", "one_choice", True, ""),
        ("ways", "several_choices", True, ""),
        ("words", "free_text", False, ""),
    ]
    assert found[2].options == (Option("short", "Less than a year"), Option("long", "Longer"))


def test_import_twice_changes_nothing(package: PackageFolder) -> None:
    import_package(package.path)
    assert import_package(package.path).plan.is_empty


def test_questions_have_the_same_ids_in_every_language_and_after_a_new_order(package: PackageFolder) -> None:
    package.translate("fr")
    import_package(package.path)
    english, french = (SurveyPage.objects.get(locale__language_code=code) for code in ("en", "fr"))
    assert [(q.id, q.options) for q in questions_of(english)] == [(q.id, q.options) for q in questions_of(french)]
    start, end = TEXT.index("::: competency"), TEXT.index("::: agreement")
    package.files[FILE] = TEXT[:start] + TEXT[end:] + "\n" + TEXT[start:end].rstrip() + "\n"
    import_package(package.path)
    english = SurveyPage.objects.get(locale__language_code="en")
    assert [q.id for q in questions_of(english)] == ["useful", "length", "ways", "words", "plan"]


def test_export_writes_what_was_imported(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    export_package(key="first-aid", target=tmp_path / "out")
    files = files_of(tmp_path / "out")
    assert files[FILE].decode() == TEXT
    assert files["course.yaml"].decode() == package.files["course.yaml"]


def test_export_import_export_gives_identical_bytes(package: PackageFolder, tmp_path: Path) -> None:
    package.translate("fr")
    import_package(package.path)
    export_package(key="first-aid", target=tmp_path / "one")
    for page in CoursePage.objects.all():
        page.delete()
    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_months_after_the_course_are_read_and_written(package: PackageFolder, tmp_path: Path) -> None:
    words = "            survey: follow-up\n            months_after: 3\n"
    package.replace("course.yaml", "            survey: before\n", words)
    import_package(package.path)
    assert SurveyPage.objects.get().months_after == 3
    export_package(key="first-aid", target=tmp_path / "out")
    assert words in files_of(tmp_path / "out")["course.yaml"].decode()


def test_other_numbers_of_months_are_refused(package: PackageFolder) -> None:
    package.replace(
        "course.yaml", "            survey: before\n", "            survey: before\n            months_after: 4\n"
    )
    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)
    assert problems_of(refused) == ["course.yaml:25: “months_after” must be one of: 0, 3, 6."]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("competency: plan-a-session\n", "", "en/basics/ask.md:8: “competency” is missing."),
        ("key: useful", "key: plan", "en/basics/ask.md:14: The key “plan” is there twice in the lesson."),
        (
            "  - key: short",
            "  - key: long",
            "en/basics/ask.md:25: The key “long” is there twice.",
        ),
        (
            "  - key: long\n    text: Longer\n",
            "",
            "en/basics/ask.md:23: A question has from 2 to 10 answers to choose from.",
        ),
        (
            "::: agreement",
            "More.\n\n::: agreement",
            "en/basics/ask.md:12: Text stands before the first question of a survey only. Move it there.",
        ),
    ],
)
def test_faults_are_told_with_their_line(package: PackageFolder, old: str, new: str, problem: str) -> None:
    package.replace(FILE, old, new)
    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)
    assert problems_of(refused) == [problem]
