"""The author's guide says what the CMS says."""

import io
import re

from django.conf import settings
from django.core.management import call_command

from courses.blocks import lesson_blocks

GUIDE = settings.BASE_DIR / "docs" / "authors.md"
PICTURE_BYTES = 120_000


def test_guide_lists_every_rule_of_the_course_check() -> None:
    out = io.StringIO()
    call_command("check_course", "--rules", stdout=out)
    text = GUIDE.read_text(encoding="utf-8")
    assert (
        text.partition("## What the course check looks for\n")[2].partition("\n### ")[2]
        == out.getvalue().strip().partition("### ")[2] + "\n"
    )


def test_guide_lists_every_block_in_the_order_of_the_menu() -> None:
    section = GUIDE.read_text(encoding="utf-8").partition("## The blocks\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]
    expected: list[str] = []
    for _name, block in lesson_blocks():
        if (heading := f"**{block.meta.group}**") not in expected:
            expected.append(heading)
        expected.append(str(block.label))
    assert rows == expected


def test_pictures_of_the_guide_are_there_and_light() -> None:
    named = re.findall(r"\]\((images/[^)]+)\)", GUIDE.read_text(encoding="utf-8"))
    folder = GUIDE.parent / "images" / "authors"
    assert sorted(named) == sorted(f"images/authors/{path.name}" for path in folder.iterdir())
    assert [path.name for path in folder.iterdir() if path.stat().st_size > PICTURE_BYTES] == []
