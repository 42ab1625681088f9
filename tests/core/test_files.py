"""Pictures and files of authors: what a page uses is not deleted, by any door; what none uses goes, file and all."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from courses.domain.releasing import release
from courses.models import CoursePage, LessonPage
from elearn.core.files import FileInUse
from elearn.core.models import Handout, Picture
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory, make_course_page, make_lesson, make_module

AsPerson = Callable[[User | None], Client]
File = Picture | Handout


def make_picture() -> Picture:
    data = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    return Picture.objects.create(
        title="Harbour", file=ContentFile(data.getvalue(), name="harbour.png"), alt_text="A harbour"
    )


def make_handout() -> Handout:
    return Handout.objects.create(title="Plan", file=ContentFile(b"%PDF-1.4 plan", name="plan.pdf"))


MAKE = {"picture": make_picture, "handout": make_handout}
DELETE = {"picture": "wagtailimages:delete", "handout": "wagtaildocs:delete"}
DELETE_MULTIPLE = {"picture": "wagtailimages:delete_multiple", "handout": "wagtaildocs:delete_multiple"}


def block(file: File) -> dict:
    if isinstance(file, Picture):
        return {"type": "picture", "value": {"file": file.pk, "alt": "", "decorative": False, "caption": ""}}
    return {"type": "download", "value": {"file": file.pk, "title": "The plan", "description": ""}}


def lesson_with(file: File, title: str = "Lesson of files") -> LessonPage:
    return make_lesson(make_module(make_course_page(), "m1"), "l1", title=title, body=[block(file)])


@pytest.fixture(params=["picture", "handout"])
def kind(request: pytest.FixtureRequest, db: None) -> str:
    return request.param


def bulk_delete(client: Client, file: File, **options: object):  # type: ignore[no-untyped-def]
    url = reverse("wagtail_bulk_action", args=["core", file._meta.model_name, "delete"])
    return client.post(f"{url}?id={file.pk}", **options)


def test_file_of_a_page_is_not_deleted_in_code(kind: str) -> None:
    file = MAKE[kind]()
    lesson_with(file)
    with pytest.raises(FileInUse) as refusal, transaction.atomic():
        file.delete()
    assert str(refusal.value) == (
        f"“{file.title}” is used in: Lesson of files. Nothing was deleted. Take it out there first."
    )
    with pytest.raises(FileInUse), transaction.atomic():
        type(file).objects.filter(pk=file.pk).delete()
    assert type(file).objects.filter(pk=file.pk).exists()
    assert file.file.storage.exists(file.file.name)


@pytest.mark.parametrize("door", ["single", "bulk"])
def test_file_of_a_page_is_not_deleted_in_the_cms(kind: str, door: str, admin: User, as_person: AsPerson) -> None:
    file = MAKE[kind]()
    lesson_with(file)
    client = as_person(admin)
    if door == "single":
        response = client.post(reverse(DELETE[kind], args=[file.pk]), follow=True)
    else:
        response = bulk_delete(client, file, follow=True)
    assert response.status_code == 200
    assert "is used in: Lesson of files. Nothing was deleted." in response.content.decode()
    assert type(file).objects.filter(pk=file.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_file_of_a_page_is_not_deleted_by_the_upload_screen(kind: str, admin: User, as_person: AsPerson) -> None:
    file = MAKE[kind]()
    lesson_with(file)
    url = reverse(DELETE_MULTIPLE[kind], args=[file.pk])
    response = as_person(admin).post(url, headers={"X-Requested-With": "XMLHttpRequest"})
    assert response.status_code == 403
    assert type(file).objects.filter(pk=file.pk).exists()


def test_file_that_only_the_newest_draft_uses_is_not_deleted(kind: str) -> None:
    file = MAKE[kind]()
    lesson = make_lesson(make_module(make_course_page(), "m1"), "l1", title="Drafted")
    lesson.body = [(block(file)["type"], {**block(file)["value"], "file": file})]
    lesson.save_revision()
    with pytest.raises(FileInUse) as refusal, transaction.atomic():
        file.delete()
    assert "is used in: Drafted." in str(refusal.value)


def test_file_that_only_an_older_version_used_is_deleted(
    kind: str, django_capture_on_commit_callbacks: Callable
) -> None:
    file = MAKE[kind]()
    lesson = lesson_with(file)
    lesson.body = [("text", "<p>Without it.</p>")]
    lesson.save_revision().publish()
    with django_capture_on_commit_callbacks(execute=True):
        file.delete()
    assert not type(file).objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["single", "bulk"])
def test_unused_file_is_deleted_and_gone_from_the_storage(
    kind: str, door: str, admin: User, as_person: AsPerson
) -> None:
    file = MAKE[kind]()
    storage, names = file.file.storage, [file.file.name]
    if isinstance(file, Picture):
        names.append(file.get_rendition("width-4").file.name)
    assert all(storage.exists(name) for name in names)
    client = as_person(admin)
    response = client.post(reverse(DELETE[kind], args=[file.pk])) if door == "single" else bulk_delete(client, file)
    assert response.status_code == 302
    assert not type(file).objects.filter(pk=file.pk).exists()
    assert [name for name in names if storage.exists(name)] == []


@pytest.mark.parametrize("missing", ["row", "stored file"])
def test_lesson_is_read_although_its_file_is_missing(
    kind: str, missing: str, learner: User, as_person: AsPerson
) -> None:
    file = MAKE[kind]()
    lesson = lesson_with(file)
    EnrolmentFactory(person=learner, course=release(page=CoursePage.objects.get(), by=None).course)
    if missing == "row":
        type(file).objects.filter(pk=file.pk)._raw_delete(using="default")
    else:
        file.file.storage.delete(file.file.name)
    client = as_person(learner)
    response = client.get(lesson.url)
    assert response.status_code == 200
    text = response.content.decode()
    if kind == "handout":
        url = reverse("courses:handout", args=[lesson.translation_key, file.pk])
        assert "The plan" in text
        assert (url in text, "This file is not available." in text) == (missing != "row", missing == "row")
        assert client.get(url).status_code == 404
    else:
        assert ("<figure" in text) == (missing != "row")
