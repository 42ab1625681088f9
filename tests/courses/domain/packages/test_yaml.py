import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.values import Keys, Markdown, tidy
from courses.domain.packages.yaml_reading import Mapping, Scalar, Sequence, read_yaml
from courses.domain.packages.yaml_writing import write_yaml

HERE = Place("x.yaml", 1)


def read(text: str) -> tuple[Mapping, list[str]]:
    problems = Problems()
    return read_yaml(text, HERE, problems), [str(problem) for problem in problems.found]


def plain(node: object) -> object:
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.value


def test_read_yaml_words_that_yaml_takes_for_others_stay_words() -> None:
    node, problems = read("key: no\nyear: 2020\nversion: 1.10\nday: 2026-01-01\non: off\n")

    assert plain(node) == {"key": "no", "year": "2020", "version": "1.10", "day": "2026-01-01", "on": "off"}
    assert problems == []


def test_read_yaml_remembers_lines() -> None:
    node, _problems = read("a: 1\nb:\n  - c: |\n      text\n    d: 2\n")
    item = node.entries["b"].items[0]  # type: ignore[attr-defined]

    assert node.keys["b"].line == 2
    assert item.entries["c"].first.line == 4
    assert item.entries["d"].place.line == 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x 1\n", "x.yaml:1: Anchors (&name) are not allowed. Take it out."),
        ("a: 1\nb: *x\n", "x.yaml:2: Aliases (*name) are not allowed. Write the value out."),
        ("a: !!python/object:os.system x\n", "x.yaml:1: Tags (!name) are not allowed. Take it out."),
        ("a: !!str x\n", "x.yaml:1: Tags (!name) are not allowed. Take it out."),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: “a” is there twice. Keep one."),
        ("? [a]\n: 1\n", "x.yaml:1: A name must be a single word."),
        ("- a\n", "x.yaml:1: Expected lines of the form “name: value”."),
        ("---\na: 1\n", "x.yaml:1: Take out the document marker or directive."),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: A second YAML document begins here. Take it out."),
        ("a: [1\n", "x.yaml:2: This is not readable YAML (expected ',' or ']', but got '<stream end>')."),
        ("a: 1\n\tb: 2\n", "x.yaml:2: This is not readable YAML (found character '\\t' that cannot start any token)."),
    ],
)
def test_read_yaml_what_is_refused(text: str, problem: str) -> None:
    node, problems = read(text)

    assert plain(node) == {}
    assert problems == [problem]


def test_read_yaml_nesting_without_end_is_refused() -> None:
    node, problems = read("a: " + "[" * 5000 + "]" * 5000 + "\n")

    assert plain(node) == {}
    assert problems == ["x.yaml:1: The values are nested too deeply."]


def test_write_yaml_looks_as_a_person_would_write_it() -> None:
    data = {
        "title": "A title: with a colon",
        "word": "no",
        "year": "2020",
        "said": '"Yes", she said, "it\'s so."',
        "draft": True,
        "minutes": 5,
        "languages": Keys(["en", "pt-BR"]),
        "units": [],
        "purpose": "Two\nlines",
        "prompt": Markdown("One line."),
        "items": [{"key": "a", "text": Markdown("x\n\ny")}, {"key": "b"}],
        "objectives": ["Do this.", "- and that"],
    }

    assert write_yaml(data) == (
        'title: "A title: with a colon"\n'
        'word: "no"\n'
        'year: "2020"\n'
        "said: '\"Yes\", she said, \"it''s so.\"'\n"
        "draft: true\n"
        "minutes: 5\n"
        "languages: [en, pt-BR]\n"
        "units: []\n"
        "purpose: |\n"
        "  Two\n"
        "  lines\n"
        "prompt: |\n"
        "  One line.\n"
        "items:\n"
        "  - key: a\n"
        "    text: |\n"
        "      x\n"
        "\n"
        "      y\n"
        "  - key: b\n"
        "objectives:\n"
        "  - Do this.\n"
        '  - "- and that"\n'
    )


@given(st.lists(st.text().map(tidy).filter(bool), min_size=1, max_size=4))
def test_write_yaml_any_text_reads_back(texts: list[str]) -> None:
    written = write_yaml({"one": texts[0], "many": texts, "inner": [{"text": text} for text in texts]})
    node, problems = read(written)
    trimmed = [text.strip() for text in texts]

    assert problems == []
    found = plain(node)
    assert [found["one"].strip(), [t.strip() for t in found["many"]], [i["text"].strip() for i in found["inner"]]] == [
        trimmed[0],
        trimmed,
        trimmed,
    ]
    # Whoever reads YAML without our rules gets the same texts.
    assert [text.strip() for text in yaml.safe_load(written)["many"]] == trimmed
