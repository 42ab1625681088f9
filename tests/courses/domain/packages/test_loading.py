from collections.abc import Callable

import pytest

from courses.domain.packages.loading import load_package
from courses.domain.packages.problems import PackageRefused
from courses.domain.packages.source import open_source
from tests.courses.domain.packages.conftest import PackageFolder, problems_of


def test_load_package_that_is_good(package: PackageFolder) -> None:
    loaded = load_package(open_source(package.path))

    assert loaded.key == "first-aid"
    assert [(entry.level, entry.key, entry.draft) for entry in loaded.trees["en"].walk()] == [
        ("course", "first-aid", False),
        ("module", "basics", False),
        ("unit", "look-first", False),
        ("unit", "call-help", False),
        ("module", "advanced", True),
    ]
    lesson = loaded.trees["en"].children[0].children[0]
    assert [block.kind for block in lesson.data["body"]] == [
        "text",
        "picture",
        "download",
        "worked_case",
        "reflection",
        "sources",
    ]
    assert lesson.data["notes"] == "Ask: *what do you see?*"


def change(name: str, old: str, new: str) -> Callable[[PackageFolder], None]:
    return lambda package: package.replace(name, old, new)


def put(name: str, data: str | bytes) -> Callable[[PackageFolder], None]:
    return lambda package: package.files.__setitem__(name, data)


def drop(name: str) -> Callable[[PackageFolder], None]:
    return lambda package: package.files.__delitem__(name)


LESSON = "en/basics/look-first.md"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (drop("course.yaml"), "course.yaml: The file is missing. A package begins with it."),
        (drop("en/course.md"), "en/course.md: The file is missing; course.yaml:9 asks for it."),
        (drop("en/basics/call-help.md"), "en/basics/call-help.md: The file is missing; course.yaml:17 asks for it."),
        (
            change("course.yaml", "languages: [en]", "languages: [en, fr]"),
            "fr/course.md: The file is missing; course.yaml:9 asks for it.",
        ),
        (put("en/basics/extra.md", "x"), "en/basics/extra.md: This file is not expected."),
        (put("media/spare.txt", "x"), "media/spare.txt: No text uses this file. Use it or take it out."),
        (put("en/basics/extra.notes.md", "x"), "en/basics/extra.notes.md: This file is not expected."),
        (change("course.yaml", "format: 1", "format: 2"), "course.yaml:1: This format is not known"),
        (change("course.yaml", "key: first-aid", "key: First Aid"), "course.yaml:2: “key” must be a key"),
        (
            change("course.yaml", "theme: health", "theme: helth"),
            "course.yaml:4: “theme” must be one of: asylum, borders, health",
        ),
        (change("course.yaml", "languages: [en]", "languages: [xx]"), "course.yaml:10: This site does not have"),
        (change("course.yaml", "languages: [en]", "languages: [pt-br]"), "course.yaml:10: This site does not have"),
        (
            change("course.yaml", "key: call-help", "key: look-first"),
            "course.yaml:17: The unit “look-first” is there twice.",
        ),
        (change("course.yaml", "key: advanced", "key: basics"), "course.yaml:21: The module “basics” is there twice."),
        (change("course.yaml", "key: advanced", "key: banks"), "course.yaml:21: The key “banks” is taken by a folder."),
        (
            change("course.yaml", "kind: lesson", "kind: film"),
            "course.yaml:15: “kind” must be one of: lesson, practical, quiz, survey.",
        ),
        (change("course.yaml", "minutes: 10", "minutes: 0"), "course.yaml:16: “minutes” must be a whole number"),
        (change("course.yaml", "minutes: 10", "minutes: ten"), "course.yaml:16: “minutes” must be a whole number"),
        (change("course.yaml", "minutes: 10", "minuts: 10"), "course.yaml:14: “minutes” is missing."),
        (
            change("course.yaml", "minutes: 10", "minutes: 10\n            colour: red"),
            "course.yaml:17: “colour” is not known",
        ),
        (change("course.yaml", "required: false", "required: no"), "course.yaml:20: “required” must be true or false."),
        (
            change("course.yaml", "required: false", "stands_for: [nothing]"),
            "course.yaml:17: “stands_for” names “nothing”, which the full course lacks.",
        ),
        (
            change("course.yaml", "variants:\n", "variants: &all\n"),
            "course.yaml:8: Anchors (&name) are not allowed.",
        ),
        (change("en/course.md", "title: First aid\n", ""), "en/course.md:2: “title” is missing."),
        (
            change("en/course.md", "summary: What to do first.", f"summary: {'x' * 301}"),
            "en/course.md:3: “summary” has 301 characters; at most 300 fit.",
        ),
        (
            change("en/course.md", "  - Look before you act.", f"  - {'x' * 301}"),
            "en/course.md:7: “objectives”: Ensure this value has at most 300 characters",
        ),
        (
            change("en/course.md", "title: First aid", "title:\n  - First\n  - aid"),
            "en/course.md:3: “title” must be a text.",
        ),
        (change("en/course.md", "---\n", ""), "en/course.md:1: The file must begin with a line “---”"),
        (
            change("en/course.md", "unit:look-first", "unit:look-last"),
            "en/course.md:9: The link leads to “unit:look-last”, which the course does not have.",
        ),
        (change(LESSON, "unit:call-help", "unit:nobody"), f"{LESSON}:7: The link leads to “unit:nobody”"),
        (change(LESSON, "Look **around**", "Look `around`"), f"{LESSON}:7: Code in backticks is not allowed."),
        (change(LESSON, "::: picture", "::: film"), f"{LESSON}:12: There is no block “film”. There are: audio,"),
        (change(LESSON, "::: picture", "::: A picture"), f"{LESSON}:12: A line of colons stands where none can."),
        (change(LESSON, "scene.png", "../course.yaml"), f"{LESSON}:13: There is no file “../course.yaml” in media/."),
        (change(LESSON, "alt: A street with two cars.\n", ""), f"{LESSON}:13: Say under “alt” what the picture shows"),
        (change(LESSON, "file: scene.png", "file: card.txt"), f"{LESSON}:13: card.txt: a picture must be PNG"),
        (put("media/scene.png", b"not a picture"), f"{LESSON}:13: scene.png is not a readable png picture."),
        (change(LESSON, "title: A card", "titel: A card"), f"{LESSON}:19: “titel” is not known here."),
        (change(LESSON, "A car stands still.", "## A car"), f"{LESSON}:25: A heading is not allowed here."),
        (change(LESSON, "Nobody moves.", "<script>x</script>"), f"{LESSON}:27: HTML is not allowed."),
        (change(LESSON, "resolution: |\n  Look first.\n", ""), f"{LESSON}:23: “resolution” is missing."),
        (
            change(LESSON, "resolution: |\n  Look first.\n", "resolution: '.'\nresolution: x\n"),
            f"{LESSON}:29: “resolution” is there twice.",
        ),
        (change(LESSON, "key: my-own-road\n", ""), f"{LESSON}:33: “key” is missing."),
        (change(LESSON, "https://example.org/book", "javascript:alert(1)"), f"{LESSON}:41: “url”: Enter a valid URL."),
        (
            change(LESSON, "items:\n  - title: A book", "items: []\nx:\n  - title: A book"),
            f"{LESSON}:38: “items” needs at least 1",
        ),
        (
            change("en/basics/call-help.md", "Call 112.", "[" * 20_001),
            "en/basics/call-help.md:5: A paragraph is longer than 20,000 characters. Divide it.",
        ),
        (
            change("en/basics/look-first.notes.md", "Ask:", "Ask:\n\n# Big\n\n"),
            "en/basics/look-first.notes.md:3: Only headings with “##” and “###” are allowed.",
        ),
        (
            change("en/basics/module.md", "The basics.\n---\n", "The basics.\n---\n::: key-point\ntext: x\n:::\n"),
            "en/basics/module.md:5: Marked blocks stand in lessons only. Take it out.",
        ),
    ],
)
def test_load_package_names_file_and_line(
    package: PackageFolder, spoil: Callable[[PackageFolder], None], problem: str
) -> None:
    spoil(package)

    with pytest.raises(PackageRefused) as refused:
        load_package(open_source(package.path))

    assert [found for found in problems_of(refused) if found.startswith(problem)] != [], problems_of(refused)


def test_load_package_collects_all_problems(package: PackageFolder) -> None:
    package.replace("course.yaml", "theme: health", "theme: helth")
    package.replace(LESSON, "unit:call-help", "unit:nobody")
    package.files["media/spare.txt"] = "x"

    with pytest.raises(PackageRefused) as refused:
        load_package(open_source(package.path))

    assert [problem.place.file for problem in refused.value.problems] == ["course.yaml", LESSON, "media/spare.txt"]


def test_load_package_key_that_yaml_takes_for_false(package: PackageFolder) -> None:
    package.replace("course.yaml", "key: call-help", "key: no")
    package.replace(LESSON, "unit:call-help", "unit:no")
    package.files["en/basics/no.md"] = package.files.pop("en/basics/call-help.md")

    loaded = load_package(open_source(package.path))

    assert [unit.key for unit in loaded.trees["en"].children[0].children] == ["look-first", "no"]
