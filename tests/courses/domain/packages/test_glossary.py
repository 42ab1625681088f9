"""The glossary in course packages."""

from pathlib import Path

import pytest

from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package, preview_import
from courses.domain.packages.problems import PackageRefused
from courses.models import GlossaryTerm, LessonPage
from tests.courses.domain.packages.conftest import PackageFolder, problems_of
from tests.courses.domain.packages.test_exporting import empty_the_cms, files_of

pytestmark = pytest.mark.django_db

GLOSSARY = """\
terms:
  - key: first-aid
    term: First aid
    definition: What is done until help comes.
  - key: shock
    term: Shock
    other_forms:
      - shocks
      - "in shock: badly"
    definition: A body that has lost too much blood.
    source: A book, 2020
"""
FRENCH = """\
terms:
  - key: shock
    term: Choc
    definition: Un corps qui a perdu trop de sang.
"""
BLOCK = """
::: glossary
terms:
  - shock
  - first-aid
:::
"""
LESSON = "en/basics/look-first.md"


@pytest.fixture
def worded(package: PackageFolder) -> PackageFolder:
    package.files[LESSON] += BLOCK
    package.translate("fr")
    package.files["en/glossary.yaml"] = GLOSSARY
    package.files["fr/glossary.yaml"] = FRENCH
    return package


def test_glossary_goes_there_and_back(worded: PackageFolder, tmp_path: Path) -> None:
    import_package(worded.path)
    shock = GlossaryTerm.objects.get(key="shock", locale__language_code="en")
    assert shock.forms == ["Shock", "shocks", "in shock: badly"]
    french = GlossaryTerm.objects.get(key="shock", locale__language_code="fr")
    assert french.translation_key == shock.translation_key
    lessons = LessonPage.objects.filter(key="look-first").order_by("pk")
    chosen = [[term.term for term in page.body.blocks_by_name("glossary")[0].value["terms"]] for page in lessons]
    assert chosen == [["Shock", "First aid"], ["Choc", "First aid"]]

    export_package(key="first-aid", target=tmp_path / "one")
    wanted = {name: data.encode() if isinstance(data, str) else data for name, data in worded.files.items()}
    assert files_of(tmp_path / "one") == wanted
    assert preview_import(tmp_path / "one").plan.is_empty

    empty_the_cms()
    GlossaryTerm.objects.all().delete()
    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")
    assert files_of(tmp_path / "two") == wanted


def test_term_that_is_gone_is_archived_and_comes_back(worded: PackageFolder) -> None:
    import_package(worded.path)
    worded.replace("fr/glossary.yaml", FRENCH, "terms: []\n")
    plan = import_package(worded.path).plan
    assert [str(change.label) for change in plan.changes() if change.action == "archived"] == ["fr term shock"]
    assert GlossaryTerm.objects.get(key="shock", locale__language_code="fr").archived_at is not None
    worded.files["fr/glossary.yaml"] = FRENCH
    plan = import_package(worded.path).plan
    assert [str(change.label) for change in plan.changes() if change.action == "created"] == ["fr term shock"]
    assert GlossaryTerm.objects.get(key="shock", locale__language_code="fr").archived_at is None


def test_term_that_changes_is_updated(worded: PackageFolder) -> None:
    import_package(worded.path)
    worded.replace("en/glossary.yaml", "until help comes", "until a doctor comes")
    plan = import_package(worded.path).plan
    assert [str(change.label) for change in plan.changes() if change.action == "updated"] == ["en term first-aid"]
    assert preview_import(worded.path).plan.is_empty


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            LESSON,
            "  - shock",
            "  - chock",
            f"{LESSON}:46: There is no term “chock” in glossary.yaml. Add it, or correct the key.",
        ),
        (
            LESSON,
            "  - shock",
            "  - Not a key",
            f"{LESSON}:46: “terms” must be a key: lower-case letters, digits and hyphens, at most 60.",
        ),
        (
            "en/glossary.yaml",
            "key: shock",
            "key: first-aid",
            "en/glossary.yaml:5: The term “first-aid” is there twice. Keep one.",
        ),
        ("en/glossary.yaml", "    term: Shock\n", "", "en/glossary.yaml:5: “term” is missing."),
        (
            "en/glossary.yaml",
            "    definition: A body",
            "    meaning: A body",
            "en/glossary.yaml:10: “meaning” is not known here. Take it out, or look for a slip in the word.",
        ),
        (
            "en/glossary.yaml",
            "terms:",
            "words:",
            "en/glossary.yaml:1: “words” is not known here. Take it out, or look for a slip in the word.",
        ),
        (
            "en/glossary.yaml",
            "Shock",
            "S" * 101,
            "en/glossary.yaml:6: “term” has 101 characters; at most 100 fit. Shorten it.",
        ),
    ],
)
def test_what_is_wrong_with_a_glossary_is_said_with_its_place(
    worded: PackageFolder, name: str, old: str, new: str, problem: str
) -> None:
    worded.replace(name, old, new)
    with pytest.raises(PackageRefused) as refused:
        preview_import(worded.path)
    assert problem in problems_of(refused)


def test_module_may_be_called_glossary(package: PackageFolder) -> None:
    package.replace("course.yaml", "key: advanced", "key: glossary")
    package.files["en/glossary/module.md"] = package.files.pop("en/advanced/module.md")
    package.files["en/glossary.yaml"] = GLOSSARY
    import_package(package.path)
    assert GlossaryTerm.objects.count() == 2


def test_word_of_another_course_is_left_out_of_an_export(worded: PackageFolder, tmp_path: Path) -> None:
    import_package(worded.path)
    GlossaryTerm.objects.filter(key="first-aid").update(course_code="another")
    export = export_package(key="first-aid", target=tmp_path / "out")
    assert (
        export.losses[0] == "en look-first: the term “First aid” is left out; it is not in the glossary of this course."
    )
    assert preview_import(tmp_path / "out").key == "first-aid"
