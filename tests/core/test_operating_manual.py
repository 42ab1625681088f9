"""docs/operating.md names every variable that the settings read, and none that they do not."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
READ = re.compile(r"""\b(?:env\.\w+|env|flag|number|choice)\(\s*"([A-Z][A-Z_]+)\"""")


def variables_read() -> set[str]:
    names = {name for path in (ROOT / "elearn").glob("*.py") for name in READ.findall(path.read_text())}
    return names | {f"RETENTION_{name.upper()}_DAYS" for name in settings.RETENTION_DAYS}


def manual() -> str:
    return (ROOT / "docs" / "operating.md").read_text()


def test_the_table_of_settings_is_complete_and_true() -> None:
    table = manual().partition("\n## Settings\n")[2]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name for cell in first_cells for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert sorted(named) == sorted(set(named))
    assert set(named) == variables_read()
    assert len(named) > 40


def test_the_example_of_a_file_of_settings_uses_names_that_exist() -> None:
    part = manual().partition("### 3. Settings")[2].partition("### 4.")[0]
    named = set(re.findall(r"^    ([A-Z_]+)=", part, re.MULTILINE))
    assert named <= variables_read()
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"} <= named


def test_no_variable_is_read_past_the_settings() -> None:
    allowed = {"elearn/settings.py", "elearn/wsgi.py", "elearn/celery.py", "elearn/gunicorn_settings.py"}
    allowed |= {"elearn/core/dumps.py"}  # It hands the environment on to PostgreSQL's own tools.
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("elearn", "courses", "assessments", "certificates")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\bos\.(?:environ|getenv)\b", path.read_text())
    }
    assert found == allowed


@pytest.mark.parametrize("name", ["elearn_requests_total", "elearn_sweep_age_seconds", "elearn_enrolments_active"])
def test_the_manual_names_the_numbers(name: str) -> None:
    assert f"`{name}" in manual()
