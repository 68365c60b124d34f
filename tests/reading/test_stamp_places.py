from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.moments.places import is_clock, place
from afterbell.reading.times import from_ns

NOW = int(datetime(2026, 1, 5, 14, tzinfo=UTC).timestamp()) * 10**9
HOUR = 3600 * 10**9


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05T13:30:00Z", "2026-01-05T13:30:00"), ("Mon, 05 Jan 2026 08:30:00 -0500", "2026-01-05T13:30:00"),
        ("Published: 2026-01-05T13:30:00Z", "2026-01-05T13:30:00"), ("1767619800", "2026-01-05T13:30:00"),
        ("1767619800.25", "2026-01-05T13:30:00"), ("1767619800000", "2026-01-05T13:30:00"),
        ("01/05/2026, 01:30 PM, +0000 UTC", None),
    ],
)  # fmt: skip
def test_instants(text, instant):
    found = place(text)
    assert found is not None
    if instant:
        assert found.exact
        assert from_ns(found.stamps[0].first).replace(tzinfo=None, microsecond=0).isoformat() == instant
    else:
        assert len(found.stamps) == 2  # the fifth of January or the first of May


@pytest.mark.parametrize(
    ("text", "days"),
    [("2026-01-05", [(1, 5)]), ("2026/1/5", [(1, 5)]), ("Jan 5, 2026", [(1, 5)]), ("2026年1月5日", [(1, 5)]),
     ("05.01.2026", [(1, 5)]), ("13/01/2026", [(1, 13)]), ("05/01/2026", [(1, 5), (5, 1)])],
)  # fmt: skip
def test_days(text, days):
    found = place(text)
    assert found is not None
    assert sorted(found.days) == [date(2026, *each) for each in days]


def test_ages_count_from_the_reading():
    found = place("3 hours ago", NOW)
    assert found is not None
    assert (found.stamps[0].first, found.stamps[0].last, found.coarse) == (NOW - 4 * HOUR, NOW - 3 * HOUR, True)
    assert place("3 hours ago") is None
    assert [place(text, NOW) for text in ("3小时前", "hace 3 horas", "vor 3 Stunden", "il y a 3 heures")] == [found] * 4


@pytest.mark.parametrize("text", ["", "unknown", "N/A", "recently", "14:05", "2026-02-30", "x" * 500])
def test_no_date(text):
    assert place(text, NOW) is None
    assert is_clock(text) is (text == "14:05")


@given(st.text(max_size=60))
def test_nothing_raises(text):
    place(text, NOW)
