import threading
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Locale, Page, Revision

from courses.domain.packages import importing
from courses.domain.packages.importing import import_package, preview_import
from courses.domain.packages.problems import PackageRefused
from courses.models import CoursePage, LessonPage, ModulePage, Unit
from elearn.core.models import Handout, Picture
from tests.courses.domain.packages.conftest import PackageFolder, png, problems_of

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    """Every file in both storages."""
    return {
        str(path)
        for alias in ("default", "private")
        for path in Path(storages[alias].location).rglob("*")
        if path.is_file()
    }


def state() -> tuple[int, ...]:
    return Page.objects.count(), Revision.objects.count(), Picture.objects.count(), Handout.objects.count()


def actions(outcome: importing.Outcome) -> list[str]:
    return [f"{change.action} {change.label}" for change in outcome.plan.changes() if change.action != "unchanged"]


def test_import_package_makes_published_pages(package: PackageFolder) -> None:
    import_package(package.path)

    course = CoursePage.objects.get(key="first-aid")
    lesson = LessonPage.objects.get(key="look-first")
    call = LessonPage.objects.get(key="call-help")
    assert (course.live, course.title, course.theme, course.slug) == (True, "First aid", "health", "first-aid")
    assert course.about == f'<p>About the course. Begin <a linktype="page" id="{lesson.pk}">here</a>.</p>'
    assert [child.value for child in course.objectives] == ["Look before you act."]
    assert (lesson.live, lesson.minutes, lesson.required) == (True, 10, True)
    assert (call.minutes, call.required) == (20, False)
    assert lesson.facilitator_notes == "<p>Ask: <i>what do you see?</i></p>"
    assert lesson.body[0].value.source == (
        "<h2>Stop</h2><p>Look <b>around</b> you, then read "
        f'<a linktype="page" id="{call.pk}">how to call</a>.</p><ul><li>one</li><li>two</li></ul>'
    )
    assert [child.id for child in lesson.body if child.block_type == "reflection"] == ["my-own-road"]


def test_import_package_keeps_drafts_as_drafts(package: PackageFolder) -> None:
    import_package(package.path)

    assert dict(ModulePage.objects.values_list("key", "live")) == {"basics": True, "advanced": False}


def test_import_package_stores_pictures_and_files(package: PackageFolder) -> None:
    import_package(package.path)

    picture, handout = Picture.objects.get(), Handout.objects.get()
    assert (picture.title, picture.alt_text, picture.is_decorative) == ("scene.png", "A street with two cars.", False)
    assert (handout.title, handout.file.storage) == ("card.txt", storages["private"])
    assert handout.file.read() == b"Call 112.\n"
    value = LessonPage.objects.get(key="look-first").body[1].value
    assert (value["file"], value.alt_text) == (picture, "A street with two cars.")


def test_import_package_from_zip_is_the_same(package: PackageFolder) -> None:
    import_package(package.zip)

    assert import_package(package.path).plan.is_empty


def test_import_package_twice_changes_nothing(package: PackageFolder) -> None:
    import_package(package.path)
    before = state(), stored()

    outcome = import_package(package.path)

    assert actions(outcome) == []
    assert (state(), stored()) == before


def test_import_package_touches_only_what_differs(package: PackageFolder) -> None:
    import_package(package.path)
    untouched = LessonPage.objects.get(key="look-first").latest_revision_id
    package.replace("en/basics/call-help.md", "Call 112.", "Call 112 at once.")

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en unit call-help"]
    call = LessonPage.objects.get(key="call-help")
    assert call.body[0].value.source == "<p>Call 112 at once.</p>"
    assert call.revisions.count() == 2
    assert LessonPage.objects.get(key="look-first").latest_revision_id == untouched


def test_import_package_new_picture_under_the_same_name(package: PackageFolder) -> None:
    import_package(package.path)
    package.files["media/scene.png"] = png("blue")

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en unit look-first"]
    shown = LessonPage.objects.get(key="look-first").body[1].value["file"]
    assert shown.file.read() == png("blue")
    assert import_package(package.path).plan.is_empty


def test_import_package_replacing_a_draft_says_so(package: PackageFolder) -> None:
    import_package(package.path)
    page = LessonPage.objects.get(key="call-help")
    page.purpose = "A thought of the author."
    page.save_revision()
    package.replace("en/basics/call-help.md", "You can call.", "You can call for help.")

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en unit call-help – its unpublished draft stays in its history"]
    assert LessonPage.objects.get(key="call-help").purpose == "You can call for help."


def test_import_package_order_follows_the_package(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    text = str(package.files["course.yaml"])
    first = text[text.index("          - key: look-first") : text.index("          - key: call-help")]
    second = text[text.index("          - key: call-help") : text.index("      - key: advanced")]
    package.files["course.yaml"] = text.replace(first + second, second + first)

    outcome = import_package(package.path, and_release=True)

    assert actions(outcome) == ["moved en: the order of modules and units"]
    module = ModulePage.objects.get(key="basics")
    assert [page.slug for page in module.get_children()] == ["call-help", "look-first"]
    assert outcome.edition is not None
    assert outcome.edition.number == 2
    assert Page.find_problems() == ([], [], [], [], [])


def test_import_package_unit_moved_to_another_module(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    key = LessonPage.objects.get(key="call-help").pk
    text = str(package.files["course.yaml"])
    unit = text[text.index("          - key: call-help") : text.index("      - key: advanced")]
    package.files["course.yaml"] = text.replace(unit, "").replace(
        "        draft: true\n        units: []\n", f"        units:\n{unit}"
    )
    package.files["en/advanced/call-help.md"] = package.files.pop("en/basics/call-help.md")

    outcome = import_package(package.path, and_release=True)

    assert actions(outcome) == ["updated en module advanced", "moved en: the order of modules and units"]
    assert LessonPage.objects.get(pk=key).get_parent().slug == "advanced"
    assert Page.find_problems() == ([], [], [], [], [])


def without_call_help(package: PackageFolder) -> None:
    text = str(package.files["course.yaml"])
    unit = text[text.index("          - key: call-help") : text.index("      - key: advanced")]
    package.files["course.yaml"] = text.replace(unit, "")
    package.replace("en/basics/look-first.md", "[how to call](unit:call-help)", "how to call")
    del package.files["en/basics/call-help.md"]


def test_import_package_unit_gone_and_released_is_archived(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    package.translate("fr")
    import_package(package.path, and_release=True)
    fr_text = package.files["course.yaml"]
    without_call_help(package)
    package.files["fr/basics/look-first.md"] = package.files["en/basics/look-first.md"]
    del package.files["fr/basics/call-help.md"]
    assert fr_text != package.files["course.yaml"]

    outcome = import_package(package.path, and_release=True)

    note = "no longer in the package; those whose edition holds it keep it"
    assert [line for line in actions(outcome) if line.startswith("archived")] == [
        f"archived en unit call-help – {note}",
        f"archived fr unit call-help – {note}",
    ]
    assert LessonPage.objects.filter(key="call-help", live=True).count() == 2
    assert list(Unit.objects.filter(archived_at__isnull=False).values_list("code", flat=True)) == ["call-help"]
    assert outcome.edition is not None
    assert import_package(package.path, and_release=True).plan.is_empty


def test_import_package_unit_back_from_the_archive(package: PackageFolder) -> None:
    before = dict(package.files)
    import_package(package.path, and_release=True)
    without_call_help(package)
    import_package(package.path)
    package.files = before

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en unit look-first", "restored en unit call-help – back from the archive"]
    assert not Unit.objects.filter(archived_at__isnull=False).exists()


def test_import_package_unit_gone_and_never_released_is_unpublished(package: PackageFolder) -> None:
    import_package(package.path)
    without_call_help(package)

    outcome = import_package(package.path)

    assert actions(outcome) == [
        "updated en unit look-first",
        "unpublished en unit call-help – no longer in the package",
    ]
    assert not LessonPage.objects.get(key="call-help").live
    assert import_package(package.path).plan.is_empty


def test_import_package_released_unit_cannot_become_a_draft(package: PackageFolder) -> None:
    import_package(package.path, and_release=True)
    before = state()
    package.replace("course.yaml", "required: false", "draft: true")

    with pytest.raises(PackageRefused) as refused:
        import_package(package.path)

    assert problems_of(refused)[0].startswith("course.yaml:17: “call-help” is part of a released edition and cannot")
    assert state() == before


def test_import_package_second_language_shares_keys(package: PackageFolder) -> None:
    import_package(package.path)
    package.translate("pt-BR")

    import_package(package.path)

    portuguese = Locale.objects.get(language_code="pt-br")
    for model in (CoursePage, ModulePage, LessonPage):
        by_key: dict[str, set] = {}
        for page in model.objects.all():
            by_key.setdefault(page.key, set()).add(page.translation_key)
        assert {len(keys) for keys in by_key.values()} == {1}
    lesson = LessonPage.objects.get(key="look-first", locale=portuguese)
    assert lesson.title == "pt-BR Look first"
    assert f'id="{lesson.pk}"' in CoursePage.objects.get(locale=portuguese).about
    assert [page.live for page in lesson.get_ancestors()] == [True] * 5
    assert [child.id for child in lesson.body] == [
        child.id for child in LessonPage.objects.get(key="look-first", locale__language_code="en").body
    ]
    assert Picture.objects.count() == 1
    assert import_package(package.path).plan.is_empty


def test_import_package_language_gone_is_left_alone(package: PackageFolder) -> None:
    english = dict(package.files)
    package.translate("fr")
    import_package(package.path)
    package.files = english

    outcome = import_package(package.path)

    assert outcome.plan.is_empty
    assert actions(outcome) == ["kept fr – not in the package; its pages stay as they are"]
    assert CoursePage.objects.filter(live=True).count() == 2


def test_import_package_page_made_in_the_cms_keeps_its_key(package: PackageFolder) -> None:
    import_package(package.path)
    key = LessonPage.objects.get(key="call-help").translation_key
    module = ModulePage.objects.get(key="basics")
    new = LessonPage(title="Third", slug="third", key="third", purpose="A third.", locale=module.locale)
    module.add_child(instance=new)
    package.replace(
        "course.yaml",
        "      - key: advanced",
        "          - key: third\n            kind: lesson\n            minutes: 5\n      - key: advanced",
    )
    package.files["en/basics/third.md"] = str(package.files["en/basics/call-help.md"]).replace("Call for help", "Third")

    outcome = import_package(package.path)

    assert actions(outcome) == ["updated en unit third"]
    assert LessonPage.objects.get(key="third").translation_key == new.translation_key
    assert LessonPage.objects.get(key="call-help").translation_key == key


def test_preview_import_changes_nothing(package: PackageFolder) -> None:
    before = state(), stored()

    outcome = preview_import(package.path)

    assert "created en unit look-first" in actions(outcome)
    assert (state(), stored()) == before


def test_import_package_that_is_broken_changes_nothing(package: PackageFolder) -> None:
    package.replace("en/basics/call-help.md", "Call 112.", "<b>Call</b> 112.")
    before = state(), stored()

    with pytest.raises(PackageRefused):
        import_package(package.path)

    assert (state(), stored()) == before


def test_import_package_that_fails_half_way_leaves_no_file(
    package: PackageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(), stored()
    during: list[set[str]] = []

    def full_disk(*args: object) -> None:
        during.append(stored())
        raise OSError("No space left on device")

    # The last thing an import does: everything is written by then.
    monkeypatch.setattr(importing._Importer, "_retire", full_disk)
    with pytest.raises(OSError, match="No space left"):
        import_package(package.path)

    assert len(during[0] - before[1]) == 2
    assert (state(), stored()) == before


def test_import_package_that_cannot_be_released_changes_nothing(package: PackageFolder) -> None:
    package.replace("course.yaml", "      - key: basics\n", "      - key: basics\n        draft: true\n")
    before = state(), stored()

    with pytest.raises(CommandError) as refused:
        call_command("import_course", package.path, "--release")

    assert str(refused.value) == (
        "The course cannot be released like this, so nothing was changed:\n"
        "  No language of this course has a published module with a published unit."
    )
    assert (state(), stored()) == before


@pytest.mark.django_db(transaction=True)
def test_import_package_two_at_once_make_one_course(package: PackageFolder) -> None:
    path = package.path
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait()
            import_package(path)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert list(LessonPage.objects.order_by("path").values_list("slug", flat=True)) == ["look-first", "call-help"]
    assert CoursePage.objects.count() == 1
    assert Picture.objects.count() == 1


CONDENSED = """\
  - kind: condensed
    languages: [ar]
    modules:
      - key: basics
        units:
          - key: in-short
            kind: lesson
            minutes: 5
            stands_for: [look-first, call-help]
"""


def test_import_package_condensed_variant(package: PackageFolder) -> None:
    package.replace(
        "course.yaml",
        "        draft: true\n        units: []\n",
        f"        draft: true\n        units: []\n{CONDENSED}",
    )
    package.files["ar/course.md"] = str(package.files["en/course.md"]).replace("unit:look-first", "unit:in-short")
    package.files["ar/basics/module.md"] = package.files["en/basics/module.md"]
    package.files["ar/basics/in-short.md"] = package.files["en/basics/call-help.md"]

    outcome = import_package(package.path, and_release=True)

    assert outcome.edition is not None
    variants = outcome.edition.structure.variants
    assert [(variant.kind, variant.languages) for variant in variants] == [("full", ("en",)), ("condensed", ("ar",))]
    assert [unit.stands_for for unit in variants[1].units()] == [("look-first", "call-help")]
    assert variants[0].modules[0].key == variants[1].modules[0].key
    assert import_package(package.path, and_release=True).plan.is_empty
