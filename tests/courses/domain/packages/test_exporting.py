from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from courses.domain.packages.exporting import export_package
from courses.domain.packages.importing import import_package
from courses.models import CoursePage, LessonPage, ModulePage
from elearn.core.models import Picture
from tests.courses.domain.packages.conftest import PackageFolder

pytestmark = pytest.mark.django_db


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def empty_the_cms() -> None:
    """As on another site: no course, no picture, no file."""
    for page in CoursePage.objects.all():
        page.delete()
    Picture.objects.all().delete()


def test_export_package_writes_what_was_imported(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)

    export_package(key="first-aid", target=tmp_path / "out")

    wanted = {name: data.encode() if isinstance(data, str) else data for name, data in package.files.items()}
    assert files_of(tmp_path / "out") == wanted


def test_export_import_export_gives_identical_bytes(package: PackageFolder, tmp_path: Path) -> None:
    package.translate("fr")
    import_package(package.path)
    export_package(key="first-aid", target=tmp_path / "one")
    assert import_package(tmp_path / "one").plan.is_empty

    empty_the_cms()
    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")

    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert "fr/basics/look-first.md" in files_of(tmp_path / "two")


def test_export_zip_is_the_same_each_time_and_reads_back(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)

    export_package(key="first-aid", target=tmp_path / "one.zip")
    export_package(key="first-aid", target=tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert import_package(tmp_path / "one.zip").plan.is_empty


def edit_as_the_cms_would(lesson: LessonPage, picture: Picture) -> None:
    call = LessonPage.objects.get(key="call-help")
    lesson.title = "Look: first & “last”"
    lesson.purpose = "- not a list"
    lesson.facilitator_notes = '<h2 data-block-key="a1">---</h2><p data-block-key="a2">::: odd</p>'
    lesson.body = [
        ("text", '<p data-block-key="b1">One <b>two </b>three<br/>four</p>'),
        ("text", f'<p data-block-key="b2"><a linktype="page" id="{call.pk}">next</a> 1 &lt; 2</p><p></p>'),
        ("key_point", {"text": '<ul><li data-block-key="c1">a</li></ul>'}),
        ("picture", {"file": picture, "alt": "", "decorative": False, "caption": "yes"}),
        ("steps", {"title": "", "items": [{"title": "null", "text": "<p>x</p>"}]}),
        ("reflection", {"question": "Why?\nHow?", "hint": ""}),
        ("sources", {"items": [{"title": "T: a", "year": "2020", "url": "https://example.org/?a=1&copy=2"}]}),
    ]
    lesson.save_revision().publish()


def test_export_of_pages_edited_in_the_cms(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    picture = Picture.objects.get()
    picture.title = "Two cars, seen from above"
    picture.save()
    edit_as_the_cms_would(LessonPage.objects.get(key="look-first"), picture)
    reflection = LessonPage.objects.get(key="look-first").body[5].id

    export_package(key="first-aid", target=tmp_path / "one")

    files = files_of(tmp_path / "one")
    assert (
        files["en/basics/look-first.md"].decode()
        == f"""\
---
title: "Look: first & “last”"
purpose: "- not a list"
---
One **two** three\\
four

[next](unit:call-help) 1 < 2

::: key-point
text: |
  - a
:::

::: picture
file: two-cars-seen-from-above.png
alt: A street with two cars.
caption: "yes"
:::

::: steps
items:
  - title: "null"
    text: |
      x
:::

::: reflection
key: {reflection}
question: Why? How?
:::

::: sources
items:
  - title: "T: a"
    year: "2020"
    url: https://example.org/?a=1&copy=2
:::
"""
    )
    assert files["en/basics/look-first.notes.md"] == b"## ---\n\n\\::: odd\n"
    assert import_package(tmp_path / "one").plan.is_empty

    empty_the_cms()
    import_package(tmp_path / "one")
    export_package(key="first-aid", target=tmp_path / "two")
    assert files_of(tmp_path / "two") == files


def test_export_of_a_draft_beside_a_published_page(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    page = LessonPage.objects.get(key="call-help")
    page.title = "Not yet"
    page.save_revision()
    LessonPage.objects.get(key="look-first").unpublish()

    export_package(key="first-aid", target=tmp_path / "out")

    files = files_of(tmp_path / "out")
    assert b"title: Call for help" in files["en/basics/call-help.md"]
    assert b"          - key: look-first\n            kind: lesson\n            draft: true\n" in files["course.yaml"]


def test_export_leaves_out_a_language_that_lags_behind(package: PackageFolder, tmp_path: Path) -> None:
    package.translate("fr")
    import_package(package.path)
    LessonPage.objects.get(key="call-help", locale__language_code="fr").unpublish()

    export = export_package(key="first-aid", target=tmp_path / "out")

    assert export.losses == ["fr is left out: its modules and units are not the same as in en."]
    assert not any(name.startswith("fr/") for name in files_of(tmp_path / "out"))


def test_export_says_which_links_it_cannot_hold(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    home = Page.objects.filter(depth=2)[0]
    module = ModulePage.objects.get(key="basics")
    module.introduction = (
        f'<p><a linktype="page" id="{home.pk}">home</a> <a linktype="page" id="{module.pk}">here</a></p>'
    )
    module.save_revision().publish()

    export = export_package(key="first-aid", target=tmp_path / "out")

    assert export.losses == [f"en basics: the link to “page {home.pk}” is left out; its text stays."]
    assert files_of(tmp_path / "out")["en/basics/module.md"].endswith(b"---\nhome [here](module:basics)\n")


def test_export_course_refuses_a_folder_that_is_not_empty(package: PackageFolder, tmp_path: Path) -> None:
    import_package(package.path)
    target = tmp_path / "out"
    target.mkdir()
    call_command("export_course", "first-aid", str(target), verbosity=0)
    before = files_of(target)

    with pytest.raises(CommandError) as refused:
        call_command("export_course", "first-aid", str(target))

    assert str(refused.value) == f"{target} exists and is not an empty folder. Choose another path."
    assert files_of(target) == before


def test_export_course_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no course with the key “nothing” in the CMS\."):
        call_command("export_course", "nothing", str(tmp_path / "out"))

    assert not (tmp_path / "out").exists()
