"""Collecting links to other sites, asking again, and when one counts as broken."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.utils import timezone

from courses.domain import links
from courses.domain.link_client import Answer
from courses.domain.lint.checking import check_course
from courses.enums import LinkOutcome
from courses.models import CoursePage, LessonPage, LinkCheck, ModulePage
from elearn.core import pending
from tests.factories.courses import make_course, make_lesson

MISSING = Answer(LinkOutcome.MISSING, 404)
WORKS = Answer(LinkOutcome.WORKS, 200)


@pytest.fixture
def switched_on(settings) -> None:
    settings.LINK_CHECK = True


@pytest.fixture
def page(db: None) -> CoursePage:
    page = make_course(modules=1, lessons=1)
    body = [
        ("text", "<p><a href='https://a.example/x#part'>One</a> <a href='https://a.example/y'>Two</a></p>"),
        ("sources", {"items": [{"title": "A book", "url": "http://b.example"}]}),
    ]
    make_lesson(ModulePage.objects.get(), "linked", body=body)
    return page


def urls() -> list[str]:
    return list(LinkCheck.objects.order_by("url").values_list("url", flat=True))


def test_nothing_is_collected_or_asked_where_it_is_switched_off(page: CoursePage) -> None:
    assert links.collect_links() == 0
    row = LinkCheck.objects.create(url="https://a.example/x", work_done_at=timezone.now(), ask_again_at=timezone.now())
    assert links.ask_again() == 0
    links.ask_link(row)
    row.refresh_from_db()
    assert (row.outcome, row.checked_at) == (LinkOutcome.NOT_ASKED, None)


def test_links_of_pages_and_drafts_become_rows_once(page: CoursePage, switched_on: None) -> None:
    assert links.collect_links() == 3
    assert urls() == ["http://b.example/", "https://a.example/x", "https://a.example/y"]
    draft = LessonPage.objects.get(key="linked")
    draft.body = [("text", "<p><a href='https://c.example/'>Three</a></p>")]
    draft.save_revision()
    assert links.collect_links() == 1
    draft.get_latest_revision().publish()
    assert links.collect_links() == 0
    assert urls() == ["https://c.example/"]


def test_links_to_one_host_fall_due_one_after_another(page: CoursePage, switched_on: None) -> None:
    links.collect_links()
    due = dict(LinkCheck.objects.values_list("url", "work_due_at"))
    assert due["https://a.example/y"] - due["https://a.example/x"] == links.HOST_PAUSE
    assert due["http://b.example/"] == due["https://a.example/x"]


def test_link_is_broken_after_failing_on_two_days(db: None) -> None:
    row = LinkCheck.objects.create(url="https://a.example/x")
    first = timezone.now().replace(hour=1)
    for hours, days_failed in ((0, 1), (5, 1), (24, 2)):
        links.record_answer(row, MISSING, at=first + timedelta(hours=hours))
        row.refresh_from_db()
        assert (row.days_failed, row.failing_since) == (days_failed, first)
        assert LinkCheck.objects.broken().exists() is (days_failed == 2)
    assert row.ask_again_at == first + timedelta(days=2)
    links.record_answer(row, WORKS, at=first + timedelta(days=3))
    row.refresh_from_db()
    assert (row.days_failed, row.failing_since, row.outcome) == (0, None, "works")
    assert row.ask_again_at == first + timedelta(days=10)


@pytest.mark.parametrize("outcome", [LinkOutcome.DOUBTFUL, LinkOutcome.PRIVATE])
def test_site_that_turns_programs_away_is_not_broken(db: None, outcome: LinkOutcome) -> None:
    row = LinkCheck.objects.create(url="https://a.example/x")
    for day in (0, 1, 2):
        links.record_answer(row, Answer(outcome), at=timezone.now() + timedelta(days=day))
    assert row.days_failed == 0


def test_host_that_was_just_asked_is_asked_later(db: None, switched_on: None) -> None:
    row = LinkCheck.objects.create(url="http://127.0.0.1:9/x")
    cache.add("link-check:127.0.0.1:9", 1, 60)
    assert pending.work(links.WORK, row.pk)
    row.refresh_from_db()
    assert (row.outcome, row.work_done_at is not None) == (LinkOutcome.NOT_ASKED, True)
    assert links.ask_again() == 0
    LinkCheck.objects.update(ask_again_at=timezone.now())
    assert links.ask_again() == 1
    cache.clear()
    assert pending.work(links.WORK, row.pk)
    row.refresh_from_db()
    assert row.outcome == LinkOutcome.PRIVATE  # Asked for, as far as the rule about private networks lets it.


def test_broken_link_is_named_where_it_stands(page: CoursePage, switched_on: None) -> None:
    LinkCheck.objects.create(
        url="https://a.example/x", outcome=LinkOutcome.MISSING, days_failed=2, failing_since=timezone.now()
    )
    [check] = check_course(page, drafts=False)
    found = [
        (part.page.key, finding.place.words, finding.words)
        for part in check.pages
        for finding in part.findings
        if finding.rule == "link-broken"
    ]
    assert found == [
        (
            "linked",
            "block 1, Text",
            f"https://a.example/x#part does not work since {timezone.now().date()}: "
            "the site says that there is no such page. Look for where it has moved to.",
        )
    ]


def test_link_cannot_fail_without_a_first_day(db: None) -> None:
    with pytest.raises(IntegrityError):
        LinkCheck.objects.create(url="https://a.example/x", outcome=LinkOutcome.MISSING, days_failed=1)
