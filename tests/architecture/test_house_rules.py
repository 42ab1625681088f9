"""Rules of the house that no other tool holds. Each names the files that break it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError, engines

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("elearn", "courses", "assessments", "certificates")
JUNK_DRAWERS = {"utils", "helpers", "services", "common", "misc", "base"}
# A Python file of more lines needs a reason, written here beside its name.
LONGEST = 400
LONG_FOR_A_REASON: dict[str, str] = {}
CLEANER = "elearn/core/html.py"
INLINE = re.compile(r"<style\b|\bstyle\s*=|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
DATA_SCRIPT = re.compile(r"<script\b[^>]*type=[\"']application/(?:ld\+)?json[\"']", re.IGNORECASE)
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?|left|right)\s*:"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def files(*patterns: str, among: tuple[str, ...] = (*PACKAGES, "tests", "templates")) -> Iterator[Path]:
    for folder in among:
        for pattern in patterns:
            yield from sorted((ROOT / folder).rglob(pattern))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_a_junk_drawer() -> None:
    # questions/base.py holds the abstract class of its package: one thing, and the design names it.
    allowed = {"assessments/questions/base.py"}
    found = [named(path) for path in files("*.py") if path.stem in JUNK_DRAWERS or path.parent.name in JUNK_DRAWERS]
    assert sorted(set(found) - allowed) == []


def test_no_python_file_is_long_without_a_reason() -> None:
    found = {named(path) for path in files("*.py") if len(path.read_text().splitlines()) > LONGEST}
    found = {name for name in found if "/migrations/" not in name}
    assert found == set(LONG_FOR_A_REASON)


def test_only_one_module_cleans_html() -> None:
    found = [named(path) for path in files("*.py", among=PACKAGES) if {"bleach", "nh3"} & imported(path)]
    assert found == [CLEANER]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_no_template_holds_a_script_or_style() -> None:
    found = [
        f"{named(path)}:{number}"
        for path in templates()
        if path.suffix == ".html" and not is_for_paper(path)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if INLINE.search(DATA_SCRIPT.sub("", line))
    ]
    assert found == []


def is_for_paper(path: Path) -> bool:
    """Templates of PDFs and mails are no web pages: what they hold never meets the content policy."""
    return "pdf" in path.parts or path.name.endswith(".pdf.html") or "mail" in path.parts


@pytest.mark.parametrize(
    ("line", "is_inline"),
    [
        ("<script>go()</script>", True),
        ('<p style="color: red">', True),
        ('<button onclick="go()">', True),
        ('<a href="javascript:go()">', True),
        ('<script src="x.js" defer></script>', False),
        ('<p class="lifestyle">Personal style of work</p>', False),
    ],
)
def test_inline_is_recognised(line: str, is_inline: bool) -> None:
    assert bool(INLINE.search(line)) is is_inline


def test_style_sheets_use_logical_properties_only() -> None:
    found = [
        f"{named(path)}: {match.group().strip()}"
        for path in files("*.css", among=("elearn/static",))
        for match in PHYSICAL.finditer(COMMENT.sub("", path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "is_physical"),
    [
        ("p { margin-left: 1rem; }", True),
        ("p {left:0}", True),
        ("p { text-align: right; }", True),
        ("p { border-top-left-radius: 2px; }", True),
        ("p { margin-inline-start: 1rem; inset-inline-end: 0; text-align: start; }", False),
        ("p { background-position: left top; }", False),
    ],
)
def test_physical_rule_is_recognised(rule: str, is_physical: bool) -> None:
    assert bool(PHYSICAL.search(rule)) is is_physical


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_lock_file_names_versions_and_hashes_but_no_host(name: str) -> None:
    text = (ROOT / "elearn" / "requirements" / name).read_text()
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url.*|--find-links.*", text) == []
    pinned = re.findall(r"^[a-z0-9][\w.\[\],-]*==\S+", text, re.MULTILINE)
    hashed = re.findall(r"^([a-z0-9][\w.\[\],-]*==\S+)[^\n]* \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) > 50
    assert hashed == pinned


def templates() -> list[Path]:
    return [path for path in files("*.html", "*.txt", among=("templates", *PACKAGES)) if "templates" in path.parts]


@pytest.mark.parametrize("path", templates(), ids=named)
def test_template_compiles(path: Path) -> None:
    engine = engines["django"]
    try:
        engine.from_string(path.read_text())
    except TemplateSyntaxError as error:
        pytest.fail(f"{named(path)}: {error}", pytrace=False)
