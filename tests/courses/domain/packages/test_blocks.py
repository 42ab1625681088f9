"""Blocks in a package: they come out as they went in, and what is wrong with one is said with file and line."""

from pathlib import Path

import pytest

from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.domain.packages.loading import load_package
from courses.domain.packages.problems import PackageRefused
from courses.domain.packages.source import open_source
from courses.models import LessonPage
from elearn.core.models import Picture
from tests.courses.domain.packages.conftest import PackageFolder, png, problems_of

LESSON = "en/basics/look-first.md"
BLOCKS = """\
---
title: Look first
purpose: You can look.
---
::: comparison
caption: Two ways to enter
columns:
  - With a visa
  - Without a visa
rows:
  - heading: Who decides
    cells:
      - |
        The **consulate**, see [how to call](unit:call-help).
      - |
        The officer.
  - heading: When
    cells:
      - |
        Weeks before.
      - |
        On arrival.

        At night too.
:::

::: quotation
text: |
  Tous les êtres humains naissent *libres*.
author: Nations Unies
source: Déclaration universelle des droits de l’homme, 1948
url: https://example.org/droits
language: fr
:::

::: law-article
instrument: Convention relating to the Status of Refugees, 1951
article: Article 33(1)
gist: |
  Nobody is sent back to danger.
extract: |
  No Contracting State shall expel or return a refugee.
language: en
source: United Nations Treaty Collection
url: https://example.org/treaties
:::

::: reveal
title: What would you ask next?
text: |
  Ask what they expect.

  - one
  - two
:::

::: quick-check
question: What do you do first?
options:
  - text: Ask.
    correct: true
    feedback: There may be a plain reason.
  - text: Refuse.
    feedback: A stamp alone proves nothing.
:::

::: gallery
title: Three scenes
items:
  - file: scene.png
    alt: A street with two cars.
    caption: Morning
    credit: Ana, CC BY
  - file: night.png
    decorative: true
  - file: scene.png
    alt: The same street.
:::
"""


@pytest.fixture
def blocks(package: PackageFolder) -> PackageFolder:
    package.files[LESSON] = BLOCKS
    package.files["media/night.png"] = png("black")
    del package.files["media/card.txt"]
    return package


@pytest.mark.django_db
def test_blocks_come_out_as_they_went_in(blocks: PackageFolder, tmp_path: Path) -> None:
    import_package(blocks.path)
    export_package(key="first-aid", target=tmp_path / "out")

    assert (tmp_path / "out" / LESSON).read_text() == BLOCKS
    assert import_package(tmp_path / "out").plan.is_empty
    assert sorted(Picture.objects.values_list("alt_text", "is_decorative")) == [
        ("", True),
        ("A street with two cars.", False),
    ]


def change(old: str, new: str, problem: str) -> tuple[str, str, str]:
    return old, new, problem


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        change("caption: Two ways to enter\n", "", "6: “caption” is missing."),
        change(
            "      - |\n        The officer.\n", "", "11: This row has 1 cell, but the table compares 2 things. Give"
        ),
        change("  - Without a visa\n", "", "8: “columns” needs at least 2 items."),
        change("  - Without a visa\n", "  - B\n  - C\n  - D\n  - E\n  - F\n", "8: “columns” takes at most 5 items."),
        change("  - Without a visa\n", '  - ""\n', "9: “columns” is empty. Write something there."),
        change("        The officer.\n", "        ## The officer.\n", "16: A heading is not allowed here."),
        change("        The officer.\n", "        - The officer.\n", "16: A list is not allowed here."),
        change("language: fr\n", "language: xx\n", "33: “language” must be one of: am, ar,"),
        change("author: Nations Unies\n", "", "28: “author” is missing."),
        change(
            "url: https://example.org/droits\n",
            "url: javascript:alert(1)\n",
            "32: “url”: Enter a valid URL. Write a whole address",
        ),
        change("url: https://example.org/treaties\n", "", "37: “url” is missing."),
        change("source: United Nations Treaty Collection\n", 'source: ""\n', "44: “source” is empty. Write"),
        change("title: What would you ask next?\n", "", "49: “title” is missing."),
        change("    correct: true\n", "", "58: Mark at least one answer as right."),
        change("    correct: true\n", "    correct: yes\n", "61: “correct” must be true or false."),
        change(
            "    feedback: A stamp", "    correct: true\n    feedback: A stamp", "58: Every answer is marked as right."
        ),
        change("    feedback: There may be a plain reason.\n", "", "60: “feedback” is missing."),
        change("    decorative: true\n", "", "74: Say under “alt” what the picture shows"),
        change("    credit: Ana", "    photographer: Ana", "73: “photographer” is not known here."),
        change("file: night.png", "file: ../night.png", "74: There is no file “../night.png” in media/."),
    ],
)
def test_broken_block_is_refused_with_its_line(blocks: PackageFolder, old: str, new: str, problem: str) -> None:
    blocks.replace(LESSON, old, new)

    with pytest.raises(PackageRefused) as refused:
        load_package(open_source(blocks.path))

    assert [found for found in problems_of(refused) if found.startswith(f"{LESSON}:{problem}")], problems_of(refused)


@pytest.mark.django_db
def test_draft_that_lacks_something_is_left_out_of_an_export(blocks: PackageFolder, tmp_path: Path) -> None:
    """Drafts may be kept unfinished; a package with them would be refused by whoever reads it."""
    import_package(blocks.path)
    lesson = LessonPage.objects.get(key="look-first")
    lesson.body[0].value["rows"][1]["cells"].pop()
    lesson.body[3].value["title"] = ""
    for option in lesson.body[4].value["options"]:
        option["correct"] = False
    lesson.body[5].value["items"][0]["file"] = None
    lesson.save_revision().publish()

    export = export_package(key="first-aid", target=tmp_path / "out")

    assert export.losses == [
        "en look-first: a block “comparison” without “cells” is left out.",
        "en look-first: a block “reveal” without “title” is left out.",
        "en look-first: a block “quick-check” without “correct” is left out.",
        "en look-first: a block “gallery” without “file” is left out.",
    ]
    assert (tmp_path / "out" / LESSON).read_text().count(":::") == 4
    assert load_package(open_source(tmp_path / "out")).key == "first-aid"
