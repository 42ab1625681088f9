"""A small package that is good as it stands; a test changes one thing in it."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from courses.domain.packages.problems import PackageRefused

COURSE = """\
format: 1
key: first-aid
source_language: en
theme: health
level: foundation
award: completion
review: awaiting
variants:
  - kind: full
    languages: [en]
    modules:
      - key: basics
        units:
          - key: look-first
            kind: lesson
            minutes: 10
          - key: call-help
            kind: lesson
            minutes: 20
            required: false
      - key: advanced
        draft: true
        units: []
"""
COURSE_TEXT = """\
---
title: First aid
summary: What to do first.
purpose: To know what to do.
audience: Everybody.
objectives:
  - Look before you act.
---
About the course. Begin [here](unit:look-first).
"""
MODULE_TEXT = """\
---
title: Basics
purpose: The basics.
---
"""
LESSON_TEXT = """\
---
title: Look first
purpose: You can look.
---
## Stop

Look **around** you, then read [how to call](unit:call-help).

- one
- two

::: picture
file: scene.png
alt: A street with two cars.
:::

::: download
file: card.txt
title: A card
:::

::: worked-case
title: On the road
situation: |
  A car stands still.

  Nobody moves.
resolution: |
  Look first.
:::

::: reflection
key: my-own-road
question: Where do you walk?
:::

::: sources
items:
  - title: A book
    year: "2020"
    url: https://example.org/book
:::
"""
CALL_TEXT = """\
---
title: Call for help
purpose: You can call.
---
Call 112.
"""


def png(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(file, "PNG")
    return file.getvalue()


class PackageFolder:
    """A package as a dictionary of files, written to disk when its path is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, bytes | str] = {
            "course.yaml": COURSE,
            "en/course.md": COURSE_TEXT,
            "en/basics/module.md": MODULE_TEXT,
            "en/basics/look-first.md": LESSON_TEXT,
            "en/basics/look-first.notes.md": "Ask: *what do you see?*\n",
            "en/basics/call-help.md": CALL_TEXT,
            "en/advanced/module.md": MODULE_TEXT.replace("Basics", "Advanced"),
            "media/scene.png": png(),
            "media/card.txt": "Call 112.\n",
        }
        self._written = 0

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.files[name]
        assert isinstance(text, str)
        assert old in text
        self.files[name] = text.replace(old, new, 1)

    def translate(self, language: str) -> None:
        """Have the same pages in another language, with its name before every title."""
        self.replace("course.yaml", "languages: [en", f"languages: [en, {language}")
        for name, text in list(self.files.items()):
            if name.startswith("en/") and isinstance(text, str):
                self.files[name.replace("en/", f"{language}/", 1)] = text.replace("title: ", f"title: {language} ", 1)

    @property
    def path(self) -> Path:
        self._written += 1
        folder = self.root / f"package-{self._written}"
        for name, data in self.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data.encode() if isinstance(data, str) else data)
        return folder

    @property
    def zip(self) -> Path:
        self._written += 1
        path = self.root / f"package-{self._written}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                archive.writestr(f"first-aid/{name}", data)
        return path


@pytest.fixture
def package(tmp_path: Path) -> PackageFolder:
    return PackageFolder(tmp_path)


def problems_of(refused: "pytest.ExceptionInfo[PackageRefused]") -> list[str]:
    return [str(problem) for problem in refused.value.problems]
