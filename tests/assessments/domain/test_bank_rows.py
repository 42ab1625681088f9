from pathlib import Path

import pytest

from assessments.domain.attempts import start_attempt
from assessments.models import Question, QuestionBank
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.problems import PackageRefused
from courses.models import CoursePage, Unit
from elearn.people.models import User
from tests.assessments.domain.conftest import BANK_IN_FRENCH, FILE, QUIZ, actions, files_of, in_french
from tests.courses.domain.packages.conftest import PackageFolder, problems_of
from tests.factories.assessments import QuestionBankFactory
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db


def without_the_bank(package: PackageFolder) -> None:
    package.replace("course.yaml", QUIZ, "")
    del package.files["en/basics/check.md"], package.files[FILE]


def test_import_without_a_bank_that_an_edition_draws_from_keeps_its_questions(
    package: PackageFolder, learner: User
) -> None:
    course = import_package(package.path, and_release=True).edition.course
    enrolment = EnrolmentFactory(person=learner, course=course)
    without_the_bank(package)

    outcome = import_package(package.path, and_release=True)

    assert actions(outcome) == [
        "kept en bank first-things – not in the package; a released edition draws from it, so it stays",
        "archived en unit check – no longer in the package; those whose edition holds it keep it",
    ]
    assert outcome.edition.number == 2
    assert Question.objects.filter(archived_at=None).count() == 3
    attempt = start_attempt(enrolment=enrolment, unit=Unit.objects.get(code="check"), language="en")
    assert len(attempt.snapshot) == 2
    assert import_package(package.path).plan.is_empty


def test_import_of_an_emptied_bank_that_an_edition_draws_from_keeps_its_questions(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    whole = str(package.files[FILE])
    package.files[FILE] = whole[: whole.index("questions:")] + "questions: []\n"

    import_package(package.path)

    assert Question.objects.filter(archived_at=None).count() == 3


def test_import_without_a_bank_that_no_edition_draws_from_archives_its_questions(package: PackageFolder) -> None:
    import_package(package.path)
    without_the_bank(package)

    import_package(package.path)

    assert Question.objects.filter(archived_at=None).count() == 0


def test_import_gives_a_bank_the_same_uid_on_every_site(package: PackageFolder) -> None:
    import_package(package.path)
    first = QuestionBank.objects.get().uid
    for page in CoursePage.objects.all():
        page.delete()
    Question.objects.all().delete()
    QuestionBank.objects.all().delete()

    import_package(package.path)

    assert QuestionBank.objects.get().uid == first


def test_import_leaves_the_uid_of_a_bank_made_in_the_cms(package: PackageFolder) -> None:
    bank = QuestionBankFactory(course_code="first-aid", key="first-things")

    import_package(package.path)

    renewed = QuestionBank.objects.get()
    assert (renewed.uid, renewed.title) == (bank.uid, "First things")


def test_weight_is_said_once_and_travels_there_and_back(package: PackageFolder, tmp_path: Path) -> None:
    in_french(package)
    package.replace(FILE, "    kind: multiple_choice\n", "    kind: multiple_choice\n    weight: 3\n")
    package.replace(FILE, "    kind: true_false\n", "    kind: true_false\n    weight: 2\n")
    import_package(package.path)

    export_package(key="first-aid", target=tmp_path / "out")

    weights = Question.objects.order_by("locale__language_code", "position")
    assert list(weights.values_list("locale__language_code", "key", "weight")) == [
        ("en", "what-first", 1),
        ("en", "who-helps", 3),
        ("en", "always-safe", 2),
        ("fr", "what-first", 1),
        ("fr", "always-safe", 2),
    ]
    files = files_of(tmp_path / "out")
    assert files[FILE].decode() == package.files[FILE]
    assert files["fr/banks/first-things.yaml"].decode() == BANK_IN_FRENCH
    assert import_package(tmp_path / "out").plan.is_empty


def test_import_changed_weight_reaches_every_language(package: PackageFolder) -> None:
    in_french(package)
    import_package(package.path)
    package.replace(FILE, "    kind: true_false\n", "    kind: true_false\n    weight: 2\n")

    assert actions(import_package(package.path)) == [
        "updated en question first-things/always-safe",
        "updated fr question first-things/always-safe",
    ]


def test_import_weight_in_a_translation_is_refused(package: PackageFolder) -> None:
    in_french(package)
    package.replace("fr/banks/first-things.yaml", "  - key: always-safe\n", "  - key: always-safe\n    weight: 2\n")

    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)

    assert problems_of(refused) == [
        "fr/banks/first-things.yaml:12: “weight” is not known here. Take it out, or look for a slip in the word."
    ]
