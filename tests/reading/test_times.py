"""Stamps: every form that is one instant, what is only a stretch, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.times import from_ns, read, to_ns, to_utc

NOON = 1_767_625_445_000_000_000  # 2026-01-05T15:04:05Z


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T15:04:05Z", "2026-01-05t15:04:05z", "2026-01-05 15:04:05+00:00", "2026-01-05T10:04:05-05:00",
        "2026-01-05T15:04:05-00:00", "20260105T150405Z", "2026-01-05T15:04:05 UTC", "2026-01-05 15:04:05 GMT",
        "2026-01-05T10:04:05-0500", "2026-01-05T10:04:05-05", "2026-01-05T10:04:05-05:00[America/New_York]",
        "Mon, 05 Jan 2026 15:04:05 GMT", "Mon, 05 Jan 2026 10:04:05 -0500", "5 Jan 2026 15:04:05 +0000 (UTC)",
        "Jan 5, 2026 3:04:05 PM UTC", "January 5, 2026 at 10:04:05 AM ET", "1767625445", "1767625445000",
        "1767625445000000", "1767625445000000000", " 2026-01-05T15:04:05Z\n", "2026-01-05T15:04:05,000Z",
    ],
)  # fmt: skip
def test_one_instant(text):
    assert to_ns(text) == NOON
    assert to_utc(text) == datetime(2026, 1, 5, 15, 4, 5, tzinfo=UTC)


def test_nanoseconds_are_not_lost():
    assert to_ns("2026-01-05T15:04:05.123456789Z") == NOON + 123_456_789
    assert to_ns("1767625445.123456789") == NOON + 123_456_789
    assert to_ns("2026-01-05T15:04:05.1234567899Z") == NOON + 123_456_789


def test_a_leap_second_is_the_next_instant():
    assert to_ns("2016-12-31T23:59:60Z") == to_ns("2017-01-01T00:00:00Z")


def test_zone_of_the_day():
    assert to_ns("Jul 6, 2026 10:00 AM ET") == to_ns("2026-07-06T14:00:00Z")
    assert to_ns("Jul 6, 2026 12:30 AM EDT") == to_ns("2026-07-06T04:30:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-01-05T15:04:05", "2026-01-05", "20260105", "20260105T150405", "2026-02-30T00:00:00Z",
        "2026-01-05T25:00:00Z", "2026-01-05T24:00:00Z", "2026-01-05T15:04:05+24:00", "2026-01-05T15:04:05 XST",
        "Jan 5, 2026", "Jan 5, 2026 13:04 PM UTC", "Foo 5, 2026 3:04 PM UTC", "12345", "0000-01-01T00:00:00Z", "9" * 400,
        "2026-01-05T15:04:05Z and more", "2026-01-05T15:04:05Z\x00",
    ],
)  # fmt: skip
def test_not_one_instant(text):
    assert to_ns(text) is None


def test_what_has_no_zone_is_a_stretch():
    wall = read("2026-01-05T15:04:05")
    assert wall is not None
    assert not wall.exact
    assert (wall.first, wall.last) == (to_ns("2026-01-05T15:04:05+14:00"), to_ns("2026-01-05T15:04:05-12:00"))
    date = read("2026-01-05")
    assert date is not None
    assert date.last - date.first == 50 * 3600 * 10**9 - 1


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    read(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_round_trip(moment):
    at = to_ns(moment.isoformat())
    assert at is not None
    assert from_ns(at) == moment


def test_beyond_the_calendar():
    assert from_ns(10**30) is None
