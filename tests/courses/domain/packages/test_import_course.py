"""manage.py import_course: what it prints."""

import pytest
from django.core.management import CommandError, call_command

from courses.models import Course, CoursePage
from tests.courses.domain.packages.conftest import PackageFolder

pytestmark = pytest.mark.django_db


def test_import_course_says_what_it_did(package: PackageFolder, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_course", str(package.path), "--release")
    call_command("import_course", str(package.path), "--release")

    assert capsys.readouterr().out == (
        "  created      en course first-aid\n"
        "  created      en module basics\n"
        "  created      en unit look-first\n"
        "  created      en unit call-help\n"
        "  created      en module advanced – as a draft\n"
        "first-aid: 5 created, 0 unchanged.\n"
        "Released edition 1.\n"
        "first-aid: the CMS says what the package says; nothing to change.\n"
        "Nothing to release: structure and rules are those of the current edition.\n"
    )
    assert Course.objects.get().code == "first-aid"


def test_import_course_dry_run_says_so(package: PackageFolder, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_course", str(package.path), "--dry-run")

    assert capsys.readouterr().out.endswith(
        "first-aid: 5 created, 0 unchanged.\nThis was a dry run: nothing was changed.\n"
    )
    assert CoursePage.objects.count() == 0


def test_import_course_broken_package_is_an_error_in_words(package: PackageFolder) -> None:
    package.replace("course.yaml", "theme: health", "theme: helth")

    with pytest.raises(CommandError) as refused:
        call_command("import_course", str(package.path))

    assert str(refused.value) == (
        "The package was refused, and nothing was changed. Mend this and try again:\n"
        "  course.yaml:4: “theme” must be one of: "
        "asylum, borders, health, integration, migration, protection, training."
    )
