"""Evenings, mornings and Mondays, where the reader is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from elearn.messages.domain.hours import by_day, digest_time, is_quiet, zone_of
from elearn.messages.enums import HowOften
from tests.factories.people import UserFactory

TONGA, HONOLULU, LISBON = "Pacific/Tongatapu", "Pacific/Honolulu", "Europe/Lisbon"


@pytest.mark.parametrize(
    ("moment", "zone", "sent"),
    [
        # 20:00 in Tonga (UTC+13) is 07:00 UTC; the next morning begins at 18:00 UTC.
        ("2026-03-01T06:59+00:00", TONGA, "2026-03-01T06:59+00:00"),
        ("2026-03-01T07:00+00:00", TONGA, "2026-03-01T18:00+00:00"),
        ("2026-03-01T17:59+00:00", TONGA, "2026-03-01T18:00+00:00"),
        ("2026-03-01T18:00+00:00", TONGA, "2026-03-01T18:00+00:00"),
        # 20:00 in Honolulu (UTC-10) is 06:00 UTC of the next day; the morning is at 17:00 UTC.
        ("2026-03-01T05:59+00:00", HONOLULU, "2026-03-01T05:59+00:00"),
        ("2026-03-01T06:00+00:00", HONOLULU, "2026-03-01T17:00+00:00"),
        # The night in which Lisbon goes from UTC to UTC+1, and the one in which it goes back.
        ("2026-03-28T21:00+00:00", LISBON, "2026-03-29T06:00+00:00"),
        ("2026-10-24T21:00+00:00", LISBON, "2026-10-25T07:00+00:00"),
    ],
)
def test_mail_is_sent_by_day_where_the_reader_is(moment: str, zone: str, sent: str) -> None:
    assert by_day(datetime.fromisoformat(moment), ZoneInfo(zone)) == datetime.fromisoformat(sent)


@pytest.mark.parametrize(
    ("how", "moment", "zone", "due"),
    [
        (HowOften.DAILY, "2026-03-02T06:59+00:00", LISBON, "2026-03-02T07:00+00:00"),
        (HowOften.DAILY, "2026-03-02T07:00+00:00", LISBON, "2026-03-03T07:00+00:00"),
        (HowOften.DAILY, "2026-03-28T12:00+00:00", LISBON, "2026-03-29T06:00+00:00"),
        # 2 March 2026 is a Monday. In Tonga it begins at 11:00 UTC on Sunday, in Honolulu at 10:00 UTC on Monday.
        (HowOften.WEEKLY, "2026-03-01T12:00+00:00", TONGA, "2026-03-01T18:00+00:00"),
        (HowOften.WEEKLY, "2026-03-01T18:00+00:00", TONGA, "2026-03-08T18:00+00:00"),
        (HowOften.WEEKLY, "2026-03-02T16:59+00:00", HONOLULU, "2026-03-02T17:00+00:00"),
        (HowOften.WEEKLY, "2026-03-02T17:00+00:00", HONOLULU, "2026-03-09T17:00+00:00"),
    ],
)
def test_digest_is_due_at_seven_and_weekly_on_monday(how: HowOften, moment: str, zone: str, due: str) -> None:
    assert digest_time(how, datetime.fromisoformat(moment), ZoneInfo(zone)) == datetime.fromisoformat(due)


def test_unknown_zone_counts_as_utc(db: None) -> None:
    zone = zone_of(UserFactory(time_zone="Mars/Olympus"))
    assert zone == UTC
    assert is_quiet(datetime(2026, 1, 1, 20, tzinfo=UTC), zone)
