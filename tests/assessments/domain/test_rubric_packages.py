"""Practicals and their rubrics in course packages."""

import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.domain import rubric_rows
from assessments.models import PracticalPage, Rubric
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.problems import PackageRefused
from tests.assessments.domain.conftest import actions, files_of
from tests.courses.domain.packages.conftest import PackageFolder, problems_of

pytestmark = pytest.mark.django_db

UNIT = """\
          - key: session
            kind: practical
            minutes: 60
            required: false
            rubric: delivery
            files: 2
            pass_mark: 70
            attempts: 3
            wait_hours: 24
            anonymous_marking: true
            second_marks: 10
            borderline: 5
"""
RUBRIC = """\
key: delivery
title: Delivering a session
criteria:
  - key: aim
    title: The aim
    about: |
      What is said
      at the beginning.
    must_reach: clear
    levels:
      - key: none
        title: None
        descriptor: Nothing is said.
        points: 0
      - key: clear
        title: Clear
        descriptor: It is said.
        points: 1.5
  - key: voice
    title: The voice
    levels:
      - key: low
        title: Low
        descriptor: Not heard.
        points: 0
      - key: heard
        title: Heard
        descriptor: Heard.
        points: 2
"""
IN_FRENCH = """\
key: delivery
title: Animer
criteria:
  - key: voice
    title: La voix
    levels:
      - key: low
        title: Faible
        descriptor: Inaudible.
      - key: heard
        title: Audible
        descriptor: On entend.
  - key: aim
    title: Le but
    levels:
      - key: none
        title: Aucun
        descriptor: Rien.
      - key: clear
        title: Clair
        descriptor: C'est dit.
"""
FILE = "en/rubrics/delivery.yaml"


@pytest.fixture
def package(tmp_path: Path) -> PackageFolder:
    package = PackageFolder(tmp_path)
    package.replace("course.yaml", "      - key: advanced", f"{UNIT}      - key: advanced")
    package.files["en/basics/session.md"] = (
        "---\ntitle: Session\npurpose: To do it.\n---\n### Task\n\nRead [this](unit:look-first), then **do** it.\n"
    )
    package.files["en/basics/session.notes.md"] = "Sit at the back.\n"
    package.files[FILE] = RUBRIC
    return package


def test_import_makes_practical_and_rubric(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    page = PracticalPage.objects.get(key="session")
    rubric = Rubric.objects.get()
    assert (page.rubric, page.asks_text, page.asks_files, page.pass_mark, page.attempts_allowed) == (
        rubric,
        True,
        2,
        70,
        3,
    )
    assert (page.wait_hours, page.anonymous_marking, page.second_marks, page.borderline, page.required) == (
        24,
        True,
        10,
        5,
        False,
    )
    assert (rubric.course_code, rubric.key, rubric.title) == ("first-aid", "delivery", "Delivering a session")
    assert rubric.translation_key == uuid.uuid5(uuid.NAMESPACE_URL, "rubric:first-aid/delivery")
    aim, voice = rubric_rows.read_stream(rubric.criteria)
    assert (aim.key, aim.about, aim.must_reach, [each.points for each in aim.levels]) == (
        "aim",
        "What is said\nat the beginning.",
        "clear",
        [Decimal(0), Decimal("1.5")],
    )
    assert (voice.key, voice.must_reach) == ("voice", "")


def test_import_twice_changes_nothing(package: PackageFolder) -> None:
    import_package(package.path)
    assert actions(import_package(package.path)) == []
    assert [rubric.revisions.count() for rubric in Rubric.objects.all()] == [1]


def test_export_and_import_are_the_same(package: PackageFolder, tmp_path: Path) -> None:
    package.translate("fr")
    package.files["fr/rubrics/delivery.yaml"] = IN_FRENCH
    import_package(package.path)
    first, second = tmp_path / "first", tmp_path / "second"
    export_package(key="first-aid", target=first)
    assert actions(import_package(first)) == []
    export_package(key="first-aid", target=second)
    assert files_of(first) == files_of(second)
    assert (first / FILE).read_text() == RUBRIC.replace("1.5", '"1.5"')
    assert "points" not in (first / "fr/rubrics/delivery.yaml").read_text()


def test_translation_in_a_package_has_the_ids_and_points_of_the_first_language(package: PackageFolder) -> None:
    package.translate("fr")
    package.files["fr/rubrics/delivery.yaml"] = IN_FRENCH
    import_package(package.path)
    rows = {row.locale.language_code: row for row in Rubric.objects.all()}
    english, other = (rubric_rows.read_stream(rows[code].criteria) for code in ("en", "fr"))
    assert [(each.key, each.must_reach) for each in other] == [(each.key, each.must_reach) for each in english]
    assert [[(each.key, each.points) for each in entry.levels] for entry in other] == [
        [(each.key, each.points) for each in entry.levels] for entry in english
    ]
    assert [entry.title for entry in other] == ["Le but", "La voix"]
    assert rows["en"].translation_key == rows["fr"].translation_key


def test_changed_rubric_is_updated_and_one_that_is_gone_stays(package: PackageFolder) -> None:
    import_package(package.path)
    package.replace(FILE, "points: 2", "points: 3")
    assert actions(import_package(package.path)) == ["updated en rubric delivery"]
    package.files[FILE] = RUBRIC.replace("key: delivery", "key: another")
    package.files["en/rubrics/another.yaml"] = package.files.pop(FILE)
    package.replace("course.yaml", "rubric: delivery", "rubric: another")
    assert actions(import_package(package.path)) == [
        "created en rubric another",
        "kept en rubric delivery",
        "updated en unit session",
    ]
    assert Rubric.objects.count() == 2


POINTS = "“points” must be a number from 0 to 1000, with a point for at most two decimals."
FALLING = "The levels go from the lowest to the highest: their points must not fall."
UNKNOWN = "“weight” is not known here. Take it out, or look for a slip in the word."


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("key: delivery", "key: other", "The key must be the name of the file, “delivery”."),
        ("must_reach: clear", "must_reach: clearer", "“must_reach” must be the key of a level of this criterion."),
        ("points: 1.5", "points: -1", POINTS),
        ("points: 1.5", "points: 1.555", POINTS),
        ("points: 1.5", "points: many", POINTS),
        ("points: 0\n      - key: clear", "points: 2\n      - key: clear", FALLING),
        ("  - key: voice", "  - key: aim", "The key “aim” is there twice. Keep one."),
        ("    title: The voice\n", "", "“title” is missing."),
        ("    title: The voice\n", "    title: The voice\n    weight: 2\n", UNKNOWN),
    ],
)
def test_wrong_rubric_is_refused_with_its_place(package: PackageFolder, old: str, new: str, problem: str) -> None:
    package.replace(FILE, old, new)
    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)
    assert [line for line in problems_of(refused) if line.endswith(problem)] != []
    assert Rubric.objects.count() == 0


def test_practical_without_its_rubric_is_refused(package: PackageFolder) -> None:
    del package.files[FILE]
    with pytest.raises(PackageRefused, match="There is no rubric “delivery”"):
        import_package(package.path)


def test_translation_with_other_levels_is_refused(package: PackageFolder) -> None:
    package.translate("fr")
    package.files["fr/rubrics/delivery.yaml"] = IN_FRENCH.replace("key: heard", "key: hear")
    with pytest.raises(PackageRefused, match="The levels must be those of the first language"):
        import_package(package.path)
