"""The courses that ship with the product go in, can be released, and come out as they went in."""

import time
from pathlib import Path

import pytest

import courses
from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package

CURRICULA = Path(courses.__file__).parent / "curricula"
SECONDS = 30  # a bound against something quadratic; on one idle core it takes about 3


@pytest.mark.django_db
@pytest.mark.parametrize("folder", sorted(path.name for path in CURRICULA.iterdir() if path.is_dir()))
def test_shipped_course_is_imported_released_and_exported(folder: str, tmp_path: Path) -> None:
    started = time.monotonic()
    outcome = import_package(CURRICULA / folder, and_release=True)
    assert time.monotonic() - started < SECONDS

    export_package(key=folder, target=tmp_path / "out")
    again = import_package(tmp_path / "out", and_release=True)

    assert outcome.edition is not None
    assert (again.plan.is_empty, again.edition) == (True, None)
