"""A small package with a quiz and its bank."""

from pathlib import Path

import pytest

from courses.domain.packages.importing import Outcome
from tests.courses.domain.packages.conftest import PackageFolder

QUIZ = """\
          - key: check
            kind: quiz
            minutes: 5
            bank: first-things
            draw: 2
            pass_mark: 50
            attempts: 3
            shuffle: false
"""
BANK = """\
key: first-things
title: First things
questions:
  - key: what-first
    kind: single_choice
    prompt: |
      What do you do **first**?
    options:
      - key: look
        text: Look.
        correct: true
        feedback: Right.
      - key: run
        text: Run.
    feedback: |
      Looking takes a second.
  - key: who-helps
    kind: multiple_choice
    prompt: |
      Who can help?
    options:
      - key: doctor
        text: A doctor.
        correct: true
      - key: neighbour
        text: A neighbour.
        correct: true
      - key: "no"
        text: Nobody.
  - key: always-safe
    kind: true_false
    prompt: |
      The road is always safe.
    answer: false
    if_true: Look again.
    if_false: Right.
"""
BANK_IN_FRENCH = """\
key: first-things
questions:
  - key: what-first
    prompt: |
      Que faire d'abord ?
    options:
      - key: look
        text: Regarder.
      - key: run
        text: Courir.
  - key: always-safe
    prompt: |
      La route est toujours sûre.
    if_true: Regardez encore.
"""
FILE = "en/banks/first-things.yaml"


@pytest.fixture
def package(tmp_path: Path) -> PackageFolder:
    package = PackageFolder(tmp_path)
    package.replace("course.yaml", "      - key: advanced", f"{QUIZ}      - key: advanced")
    package.files["en/basics/check.md"] = (
        "---\ntitle: Check\npurpose: To see.\n---\nRead [this](unit:look-first) first.\n"
    )
    package.files[FILE] = BANK
    return package


def in_french(package: PackageFolder) -> None:
    del package.files[FILE]
    package.translate("fr")
    package.files[FILE] = BANK
    package.files["fr/banks/first-things.yaml"] = BANK_IN_FRENCH


def actions(outcome: Outcome) -> list[str]:
    return [f"{change.action} {change.label}" for change in outcome.plan.changes() if change.action != "unchanged"]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
