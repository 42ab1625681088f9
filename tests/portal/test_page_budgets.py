"""What pages may cost a reader on a slow line. A page over its budget fails here, before anybody waits for it."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from courses.domain.packages.importing import import_package
from courses.models import Course, CoursePage, LessonPage
from elearn.people.models import User
from tests.bench.copies import CourseCopier
from tests.factories.courses import EnrolmentFactory, make_released_course

AsPerson = Callable[[User | None], Client]

COLD_BYTES = 30_000
COLD_REQUESTS = 6
HEADERS = 500  # bytes that go before each answer
# Style sheets, scripts and the icon: everything that a page itself makes a browser ask for.
NAMED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="([^"]+)"')
# The cards of a page of the catalogue, with all that stands around them.
LIST_BYTES = {"/en/": 4_000, "/en/courses/": 5_000, "/en/desk/": 3_000}


def zipped(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=9, mtime=0)) + HEADERS


def asked_for(page: str) -> list[str]:
    return [address for address in NAMED.findall(page) if address.startswith(settings.STATIC_URL)]


def static_file(address: str) -> bytes:
    path = finders.find(address.removeprefix(settings.STATIC_URL))
    assert path is not None, address
    return Path(path).read_bytes()


def test_longest_shipped_lesson_arrives_within_its_budget(learner: User, as_person: AsPerson) -> None:
    import_package(settings.BASE_DIR / "courses" / "curricula" / "training-of-trainers", and_release=True)
    EnrolmentFactory(person=learner, course=Course.objects.get())
    client = as_person(learner)
    # Typed, or followed from a mail: the style comes along, and as a file for the pages after it.
    pages = {
        lesson.url: client.get(lesson.url, headers={"Sec-Fetch-Site": "none"}) for lesson in LessonPage.objects.live()
    }
    assert {response.status_code for response in pages.values()} == {200}
    longest = max((response.content for response in pages.values()), key=zipped)
    files = asked_for(longest.decode())
    # Each file names no further one, or the browser would ask for more than is counted here.
    assert not any(
        re.search(rb"@import|\bimport\b[^;\n]*[\"']\.|url\((?![\"']?(?:data:|#))", static_file(f)) for f in files
    )
    assert b"<style>" in longest
    assert "css/site.css" in " ".join(files)
    size = zipped(longest) + sum(zipped(static_file(address)) for address in files)
    assert 1 + len(files) <= COLD_REQUESTS, files
    assert size <= COLD_BYTES


def test_lists_do_not_grow_with_the_courses_on_offer(
    learner: User, as_person: AsPerson, django_assert_num_queries
) -> None:
    EnrolmentFactory(person=learner, course=make_released_course(modules=1, lessons=1))
    copier = CourseCopier(CoursePage.objects.get())
    client = as_person(learner)
    sizes: dict[str, list[int]] = {path: [] for path in LIST_BYTES}
    for already, total in ((1, 30), (30, 300)):
        copier.make(total - already, after=already - 1)
        for path, queries in (("/en/", 6), ("/en/courses/", 6), ("/en/desk/", 7)):
            client.get(path)
            with django_assert_num_queries(queries):
                page = client.get(path).content
            sizes[path].append(zipped(page))
            assert page.decode().count('<article class="card course">') == {"/en/": 6, "/en/courses/": 24}.get(path, 0)
        assert f"{total} courses" in client.get("/en/").content.decode()
    for path, (few, many) in sizes.items():
        assert many <= LIST_BYTES[path], path
        assert many - few <= 40, path  # A number with one digit more, other titles: no more than that.


def test_course_page_does_not_grow_with_its_learners(
    course: Course, learner: User, as_person: AsPerson, django_assert_num_queries
) -> None:
    EnrolmentFactory(person=learner, course=course)
    client, url, sizes = as_person(learner), CoursePage.objects.get().url, []
    for more in (0, 20):
        EnrolmentFactory.create_batch(more, course=course)
        client.get(url)
        with django_assert_num_queries(5):
            sizes.append(zipped(client.get(url).content))
    assert abs(sizes[1] - sizes[0]) <= 40
