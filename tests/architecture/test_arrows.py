import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOTS = ("elearn", "courses", "assessments", "certificates")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house without its furniture: the Python files and the contracts."""
    for root in ROOTS:
        python_only = lambda folder, names: [  # noqa: E731
            name for name in names if not (Path(folder, name).is_dir() or name.endswith(".py")) or name == "__pycache__"
        ]
        shutil.copytree(settings.BASE_DIR / root, tmp_path / root, ignore=python_only)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    return tmp_path


def test_arrows_are_kept(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "forbidden", "contract"),
    [
        ("courses/domain/progress.py", "certificates.models", "Packages: upper ones use lower ones"),
        ("elearn/core/audit.py", "elearn.people.models", "Packages: upper ones use lower ones"),
        ("courses/models/course.py", "courses.domain.progress", "Inside a package: screens, then domain, then models"),
        ("elearn/people/domain/roles.py", "elearn.people.forms", "Inside a package: screens, then domain, then models"),
        ("elearn/core/models/work.py", "elearn.core.pending", "Inside the ground floor"),
    ],
)
def test_forbidden_import_is_noticed(copy: Path, module: str, forbidden: str, contract: str) -> None:
    with (copy / module).open("a") as text:
        text.write(f"\nimport {forbidden}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


@pytest.mark.parametrize(
    ("module", "contract"),
    [
        ("courses/services.py", "Inside a package: screens, then domain, then models"),
        ("elearn/core/extras.py", "Inside the ground floor"),
        ("elearn/extras.py", "The project: settings and Celery know nobody"),
    ],
)
def test_module_in_no_layer_is_noticed(copy: Path, module: str, contract: str) -> None:
    (copy / module).write_text("")
    result = lint(copy)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
