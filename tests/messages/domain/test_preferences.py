"""Mail of a category obeys what the person chose, and the clock where they are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from elearn.core import pending
from elearn.messages.domain import digests, preferences, sending, stopping
from elearn.messages.enums import Category, HowOften, Standing
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.people import UserFactory

# Later than today: a row is due from the real now on, where nothing says otherwise.
NOON, EVENING = datetime(2031, 3, 5, 12, tzinfo=UTC), datetime(2031, 3, 5, 21, tzinfo=UTC)  # A Wednesday.
MORNING = datetime(2031, 3, 6, 7, tzinfo=UTC)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def write(person: User, category: Category | None, reason: str = "a-test", **more: object) -> Message:
    return sending.write(person=person, reason=reason, subject=f"On {reason}", body="World", category=category, **more)  # type: ignore[arg-type]


def choose(person: User, category: Category, how: HowOften) -> None:
    preferences.choose(person=person, choices={category: how})


def test_without_a_choice_the_defaults_hold(learner: User) -> None:
    once, daily = HowOften.AT_ONCE, HowOften.DAILY
    assert list(preferences.choices_of(learner).values()) == [once, once, once, once, daily, once]


@pytest.mark.parametrize("category", [None, *Category])
def test_in_the_evening_only_mail_that_must_be_sent_goes_out(
    learner: User, clock: Clock, category: Category | None, mailoutbox: list
) -> None:
    clock(EVENING)
    if category is not None:
        choose(learner, category, HowOften.AT_ONCE)
    message = write(learner, category)
    assert pending.work(sending.KIND, message.pk) is (category is None)
    assert len(mailoutbox) == (category is None)
    assert category is None or Message.objects.get().work_due_at == MORNING


def test_urgent_mail_does_not_wait(learner: User, clock: Clock, mailoutbox: list) -> None:
    clock(EVENING)
    choose(learner, Category.SESSION, HowOften.WEEKLY)
    assert pending.work(sending.KIND, write(learner, Category.SESSION, urgent=True).pk)
    assert len(mailoutbox) == 1


def test_mail_that_a_stopped_worker_finds_in_the_evening_waits_for_the_morning(
    learner: User, clock: Clock, mailoutbox: list
) -> None:
    clock(NOON)
    message = write(learner, Category.TRAINER)
    clock(EVENING)
    pending.work(sending.KIND, message.pk)
    message.refresh_from_db()
    morning = datetime(2031, 3, 6, 7, tzinfo=UTC)
    assert (mailoutbox, message.work_due_at, message.work_done_at) == ([], morning, None)
    clock(morning)
    assert pending.work(sending.KIND, message.pk)
    assert len(mailoutbox) == 1


def test_unwanted_mail_is_written_down_without_its_text_and_not_sent(learner: User, mailoutbox: list) -> None:
    choose(learner, Category.TRAINER, HowOften.NEVER)
    message = write(learner, Category.TRAINER)
    assert not pending.work(sending.KIND, message.pk)
    assert (message.standing, message.subject, message.body) == (Standing.UNWANTED, "On a-test", "")
    assert mailoutbox == []


def test_choice_changes_what_waits(learner: User, clock: Clock, mailoutbox: list) -> None:
    clock(NOON)
    message = write(learner, Category.ANNOUNCEMENT)
    steps = [
        (HowOften.DAILY, Standing.COLLECTED, datetime(2031, 3, 6, 7, tzinfo=UTC)),
        (HowOften.WEEKLY, Standing.COLLECTED, datetime(2031, 3, 10, 7, tzinfo=UTC)),
        (HowOften.AT_ONCE, Standing.WAITS, NOON),
        (HowOften.NEVER, Standing.UNWANTED, NOON),
    ]
    for how, standing, due in steps:
        choose(learner, Category.ANNOUNCEMENT, how)
        message.refresh_from_db()
        assert (message.standing, message.work_due_at) == (standing, due)
    assert not pending.work(sending.KIND, message.pk)
    assert mailoutbox == []


def test_mail_ended_after_it_was_claimed_for_sending_is_not_sent(learner: User, clock: Clock, mailoutbox: list) -> None:
    clock(NOON)
    message = write(learner, Category.TRAINER)
    Message.objects.update(leased_until=NOON + timedelta(minutes=1))
    choose(learner, Category.TRAINER, HowOften.NEVER)
    sending.deliver(Message.objects.get(pk=message.pk))
    assert (mailoutbox, Message.objects.get().standing) == ([], Standing.UNWANTED)


# --- Digests -----------------------------------------------------------------------------------------------------


def test_digest_holds_what_came_by_category_and_is_sent_once(learner: User, clock: Clock, mailoutbox: list) -> None:
    clock(NOON)
    choose(learner, Category.TRAINER, HowOften.DAILY)
    rows = [write(learner, Category.FORUM, "post-1"), write(learner, Category.TRAINER, "word")]
    rows += [write(learner, Category.FORUM, "post-2")]
    assert [pending.work(sending.KIND, row.pk) for row in rows] == [False, False, False]
    assert digests.make_due_digests() == 0
    clock(datetime(2031, 3, 6, 7, tzinfo=UTC))
    assert (digests.make_due_digests(), digests.make_due_digests()) == (1, 0)
    digest = Message.objects.get(is_digest=True)
    assert pending.work(sending.KIND, digest.pk)
    assert not any(pending.work(sending.KIND, row.pk) for row in rows)
    [mail] = mailoutbox
    assert mail.subject.endswith(": 3 messages for you")
    headings = [line for line in mail.body.splitlines() if line.startswith(("===", "On "))]
    trainer, forum = (f"=== {category.label} ===" for category in (Category.TRAINER, Category.FORUM))
    assert headings == [trainer, "On word", forum, "On post-1", "On post-2"]
    stop = stopping.address_of(learner, ["forum", "trainer"])
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert set(digest.collected.all()) == set(rows)
    assert {row.standing for row in digest.collected.all()} == {Standing.SENT}


def test_weekly_and_daily_mail_of_a_monday_is_one(learner: User, clock: Clock) -> None:
    clock(NOON)
    choose(learner, Category.TRAINER, HowOften.WEEKLY)
    write(learner, Category.TRAINER, "word")
    clock(datetime(2031, 3, 9, 12, tzinfo=UTC))
    write(learner, Category.FORUM, "post")
    clock(datetime(2031, 3, 10, 7, tzinfo=UTC))
    assert digests.make_due_digests() == 1
    assert Message.objects.get(is_digest=True).collected.count() == 2


def test_digest_leaves_out_what_is_of_no_use_any_more_and_is_not_sent_empty(learner: User, clock: Clock) -> None:
    clock(NOON)
    write(learner, Category.FORUM, "old", useless_after=MORNING + timedelta(hours=1))
    clock(MORNING + timedelta(hours=2))  # The sweeper was late.
    assert digests.make_due_digests() == 0
    assert Message.objects.get().work_done_at == timezone.now()


def test_digest_is_in_the_readers_language(learner: User, clock: Clock) -> None:
    User.objects.filter(pk=learner.pk).update(language="fr")
    clock(NOON)
    write(learner, Category.FORUM)
    clock(datetime(2031, 3, 6, 7, tzinfo=UTC))
    with translation.override("fr"):
        heading = f"=== {Category.FORUM.label} ==="
    digests.make_due_digests()
    assert heading in Message.objects.get(is_digest=True).body.splitlines()


def test_many_letters_cost_as_few_queries_as_one(learner: User, django_assert_num_queries: Callable) -> None:
    for count, people in ((1, [learner]), (2, [learner, UserFactory()])):
        letters = [sending.Letter(person, f"r-{count}", "S", "B", Category.REMINDER) for person in people]
        with django_assert_num_queries(4):  # A savepoint, the choices, the rows, and its end.
            sending.write_all(letters)
        sending.write_all(letters)
    assert Message.objects.count() == 3


def test_filter_by_standing_agrees_with_the_row(learner: User, clock: Clock) -> None:
    clock(NOON)
    choose(learner, Category.TRAINER, HowOften.NEVER)
    rows = {
        Standing.WAITS: write(learner, Category.SESSION, "waits"),
        Standing.COLLECTED: write(learner, Category.FORUM, "collected"),
        Standing.UNWANTED: write(learner, Category.TRAINER, "unwanted"),
        Standing.SENT: write(learner, None, "sent"),
        Standing.TOO_LATE: write(learner, Category.SESSION, "late", useless_after=NOON),
        Standing.FAILED: write(learner, Category.SESSION, "failed"),
    }
    for standing in (Standing.SENT, Standing.TOO_LATE):
        Message.objects.filter(pk=rows[standing].pk).update(work_done_at=NOON)
    Message.objects.filter(pk=rows[Standing.FAILED].pk).update(work_error="No server")
    assert {standing: Message.objects.standing(standing).get() for standing in Standing} == rows
    assert {row.standing: row for row in Message.objects.all()} == rows


@pytest.mark.parametrize("chosen_first", [True, False])
def test_what_would_be_of_no_use_with_the_weekly_mail_goes_by_itself(
    learner: User, clock: Clock, chosen_first: bool
) -> None:
    clock(NOON)
    if chosen_first:
        choose(learner, Category.SESSION, HowOften.WEEKLY)
    write(learner, Category.SESSION, "cancelled", useless_after=NOON + timedelta(days=2))
    write(learner, Category.SESSION, "planned", useless_after=NOON + timedelta(days=20))
    if not chosen_first:
        choose(learner, Category.SESSION, HowOften.WEEKLY)
    due = {row.reason: (row.digest_due_at is None, row.work_due_at) for row in Message.objects.all()}
    assert due == {"cancelled": (True, NOON), "planned": (False, datetime(2031, 3, 10, 7, tzinfo=UTC))}


def test_digest_that_could_not_be_sent_by_day_waits_for_the_morning(
    learner: User, clock: Clock, mailoutbox: list
) -> None:
    clock(NOON)
    write(learner, Category.FORUM)
    clock(MORNING)
    assert digests.make_due_digests() == 1
    digest = Message.objects.get(is_digest=True)
    clock(MORNING + timedelta(hours=14))
    pending.work(sending.KIND, digest.pk)
    digest.refresh_from_db()
    assert (mailoutbox, digest.work_done_at, digest.work_due_at) == ([], None, MORNING + timedelta(days=1))
