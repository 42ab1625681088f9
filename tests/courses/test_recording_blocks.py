"""Audio and video in a lesson: what a reader gets, and what an author must add before it is published."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection

from courses.blocks import AudioBlock, VideoBlock
from courses.domain.authors import library_of
from courses.models import Course, CoursePage, Enrolment, LessonPage
from elearn.core.files import FileInUse
from elearn.core.models import Recording
from elearn.people.domain.roles import grant_role
from elearn.people.enums import Role
from elearn.people.models import User
from tests.factories.courses import make_course_page, make_lesson, make_module
from tests.factories.people import UserFactory
from tests.factories.recordings import VTT, add_captions, make_poster, make_recording, mp3_bytes, mp4_bytes

AsPerson = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db


def block(recording: Recording, **fields: str) -> dict:
    value = {"file": recording.pk, "title": "At the counter", "transcript": "<p>An officer stands up.</p>", **fields}
    return {"type": recording.kind, "value": value}


def lesson_with(*recordings: Recording) -> LessonPage:
    return make_lesson(make_module(make_course_page(), "m1"), "l1", body=[block(row) for row in recordings])


def rendered(page: LessonPage) -> str:
    page = LessonPage.objects.get(pk=page.pk)
    return "".join(child.render({"page": page, "block_id": child.id}) for child in page.body)


def test_audio_is_played_read_and_kept() -> None:
    row = make_recording("story.mp3", mp3_bytes(1_000))
    html = rendered(lesson_with(row))
    assert f'src="{row.file.url}"' in html
    assert 'controls preload="none"' in html
    assert "autoplay" not in html
    assert "Audio, 24 s, 93.8\xa0KB" in html
    assert f'href="{row.file.url}" download' in html
    assert "<summary>Transcript</summary><p" in html
    assert "An officer stands up." in html


def test_video_has_its_captions_its_poster_and_its_size() -> None:
    row = make_recording("counter.mp4", poster=make_poster())
    english, brazilian = add_captions(row, "en"), add_captions(row, "pt-br")
    html = rendered(lesson_with(row))
    assert 'width="640" height="360"' in html
    assert 'poster="/media/images/poster' in html
    assert f'<track kind="captions" src="{english.file.url}" srclang="en" label="English" default>' in html
    assert f'<track kind="captions" src="{brazilian.file.url}" srclang="pt-BR" label="Português (Brasil)">' in html
    assert "autoplay" not in html


def test_recording_of_a_lesson_is_escaped() -> None:
    row = make_recording("story.mp3", title='"><script>alert(1)</script>')
    page = lesson_with(row)
    page.body[0].value["title"] = "<script>alert(2)</script>"
    page.body[0].value["transcript"].source = "<p onclick=x>Hm<script>alert(3)</script></p>"
    page.save()
    assert "<script" not in rendered(page)
    assert "onclick" not in rendered(page)


def test_recordings_of_a_lesson_take_as_many_queries_for_three_as_for_one() -> None:
    counts = []
    for number in (1, 3):
        rows = [make_recording(f"talk-{number}-{n}.mp4") for n in range(number)]
        for row in rows:
            add_captions(row)
        page = make_lesson(make_module(make_course_page(f"c{number}"), "m1"), "l1", body=[block(row) for row in rows])
        with CaptureQueriesContext(connection) as queries:
            rendered(page)
        counts.append(len(queries))
    assert counts == [3, 3]  # The page, the recordings, their captions.


@pytest.mark.parametrize("missing", ["row", "file"])
def test_lesson_is_read_although_its_recording_is_missing(
    missing: str, course: Course, enrolment: Enrolment, learner: User, as_person: AsPerson
) -> None:
    row = make_recording("story.mp3")
    lesson = LessonPage.objects.get(key="m1-l1")
    lesson.body = [(block(row)["type"], {**block(row)["value"], "file": row})]
    lesson.save_revision().publish()
    if missing == "row":
        Recording.objects.filter(pk=row.pk)._raw_delete(using="default")
    else:
        row.file.storage.delete(row.file.name)
    response = as_person(learner).get(lesson.url)
    assert response.status_code == 200
    assert "An officer stands up." in response.content.decode()


# --- What an author must add -------------------------------------------------------------------------------------


def test_recording_without_a_transcript_is_not_published_and_may_wait_as_a_draft() -> None:
    kind = AudioBlock()
    value = kind.to_python({"file": make_recording("story.mp3").pk, "title": "A story", "transcript": ""})
    with pytest.raises(ValidationError) as refusal:
        kind.clean(value)
    assert list(refusal.value.block_errors) == ["transcript"]
    assert kind.clean_deferred(value)["title"] == "A story"


def test_video_without_captions_is_not_published_and_may_wait_as_a_draft() -> None:
    kind, row = VideoBlock(), make_recording("counter.mp4")
    value = kind.to_python({"file": row.pk, "title": "At the counter", "transcript": "<p>Words.</p>"})
    with pytest.raises(ValidationError) as refusal:
        kind.clean(value)
    assert refusal.value.block_errors["file"].messages == [
        "This video has no captions. Add them to the recording first: edit it under “Recordings”."
    ]
    assert kind.clean_deferred(value)["title"] == "At the counter"
    add_captions(row)
    value = kind.to_python({"file": row.pk, "title": "At the counter", "transcript": "<p>Words.</p>"})
    assert kind.clean(value)["file"] == row


def test_block_refuses_a_recording_of_the_other_kind() -> None:
    kind = AudioBlock()
    value = kind.to_python({"file": make_recording("counter.mp4").pk, "title": "x", "transcript": "<p>x</p>"})
    with pytest.raises(ValidationError) as refusal:
        kind.clean(value)
    assert list(refusal.value.block_errors) == ["file"]


# --- Kept as long as a lesson uses it ----------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["code", "single", "bulk"])
def test_recording_of_a_lesson_is_not_deleted(door: str, admin: User, as_person: AsPerson) -> None:
    row = make_recording("counter.mp4")
    lesson_with(row)
    message = "“counter.mp4” is used in: L1. Nothing was deleted. Take it out there first."
    if door == "code":
        with pytest.raises(FileInUse) as refusal, transaction.atomic():
            row.delete()
        assert str(refusal.value) == message
    elif door == "single":
        url = reverse(row.snippet_viewset.get_url_name("delete"), args=[row.pk])
        assert message in as_person(admin).post(url, follow=True).content.decode()
    else:
        url = reverse("wagtail_bulk_action", args=["core", "recording", "delete"])
        assert message in as_person(admin).post(f"{url}?id={row.pk}", follow=True).content.decode()
    assert Recording.objects.filter(pk=row.pk).exists()
    assert row.file.storage.exists(row.file.name)


def test_poster_of_a_recording_is_not_deleted() -> None:
    poster = make_poster()
    make_recording("counter.mp4", poster=poster)
    with pytest.raises(FileInUse) as refusal, transaction.atomic():
        poster.delete()
    assert "is used in: counter.mp4." in str(refusal.value)


def test_replaced_recording_goes_when_the_new_one_is_stored(django_capture_on_commit_callbacks: Callable) -> None:
    recording = make_recording("talk.mp3")
    storage, before = recording.file.storage, recording.file.name
    with django_capture_on_commit_callbacks(execute=True):
        recording.file = ContentFile(mp3_bytes(60), "talk.mp3")
        recording.save()
    assert recording.file.name != before
    assert (storage.exists(before), storage.exists(recording.file.name)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        recording.title = "Renamed"
        recording.save()
    assert storage.exists(recording.file.name)


def test_unused_recording_goes_with_its_files(django_capture_on_commit_callbacks: Callable) -> None:
    row = make_recording("counter.mp4")
    captions = add_captions(row)
    storage, names = row.file.storage, [row.file.name, captions.file.name]
    with django_capture_on_commit_callbacks(execute=True):
        row.delete()
    assert [name for name in names if storage.exists(name)] == []


# --- The screens of the CMS --------------------------------------------------------------------------------------


def form(**fields: object) -> dict:
    management = {"captions-TOTAL_FORMS": "1", "captions-INITIAL_FORMS": "0"}
    captions = {"captions-0-language": "en", "captions-0-file": SimpleUploadedFile("counter.vtt", VTT.encode())}
    return {"title": "At the counter", "poster": "", **management, **captions, **fields}


def test_author_uploads_a_video_with_captions(course: Course, author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    urls = Recording.snippet_viewset
    data = form(
        file=SimpleUploadedFile("counter.mp4", mp4_bytes()),
        collection=library_of(CoursePage.objects.get().translation_key).pk,
    )
    response = client.post(reverse(urls.get_url_name("add")), data)
    assert response.status_code == 302, response.context["form"].errors
    row = Recording.objects.get()
    assert (row.kind, row.seconds, row.captions.get().language) == ("video", 12, "en")
    assert "At the counter" in client.get(reverse(urls.get_url_name("list"))).content.decode()
    chooser = reverse(urls.chooser_viewset.get_url_name("choose"))
    assert "At the counter" in client.get(f"{chooser}?kind=video").json()["html"]
    assert "At the counter" not in client.get(f"{chooser}?kind=audio").json()["html"]


def test_what_is_no_recording_is_refused_on_the_screen(course: Course, author: User, as_person: AsPerson) -> None:
    data = form(file=SimpleUploadedFile("counter.mp4", b"<html>"), collection=Collection.get_first_root_node().pk)
    response = as_person(author).post(reverse(Recording.snippet_viewset.get_url_name("add")), data)
    assert response.status_code == 200
    assert "counter.mp4 is not a readable MP4 recording." in response.content.decode()
    assert Recording.objects.count() == 0


def test_stranger_does_not_come_to_recordings(stranger: User, as_person: AsPerson) -> None:
    row = make_recording("counter.mp4")
    urls = Recording.snippet_viewset
    for address in (reverse(urls.get_url_name("list")), reverse(urls.get_url_name("edit"), args=[row.pk])):
        assert as_person(stranger).get(address).status_code in (302, 403)


def test_author_of_a_single_course_meets_no_recording_of_another(
    course: Course, manager: User, as_person: AsPerson
) -> None:
    own = make_recording("own.mp3", collection=library_of(course.key))
    other = make_recording("other.mp3")
    person = UserFactory(email="single@example.org")
    grant_role(person=person, role=Role.AUTHOR, granted_by=manager, scope_key=course.key)
    client = as_person(person)
    urls = Recording.snippet_viewset
    chooser = urls.chooser_viewset
    assert client.get(reverse(urls.get_url_name("edit"), args=[own.pk])).status_code == 200
    assert client.get(reverse(urls.get_url_name("edit"), args=[other.pk]), follow=True).status_code == 404
    lists = [
        client.get(reverse(urls.get_url_name("list"))).content.decode(),
        client.get(reverse(chooser.get_url_name("choose"))).json()["html"],
    ]
    assert [("own.mp3" in text, "other.mp3" in text) for text in lists] == [(True, False), (True, False)]
    assert client.get(reverse(chooser.get_url_name("chosen"), args=[other.pk]), follow=True).status_code == 404
    data = form(file=SimpleUploadedFile("a.mp3", mp3_bytes()), collection=Collection.get_first_root_node().pk)
    response = client.post(reverse(urls.get_url_name("add")), data)
    assert response.context["form"].errors.keys() == {"collection"}
