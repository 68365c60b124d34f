from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from afterbell.reading.moments import days as exchange_days
from afterbell.reading.moments import sessions
from afterbell.reading.moments.sessions_data import TABLES


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("exchange", "moment", "trades"),
    [
        ("XNYS", "2026-01-05T14:29", False), ("XNYS", "2026-01-05T14:30", True), ("XNAS", "2026-01-05T21:00", False),
        ("XNYS", "2026-01-05T21:01", False), ("XNYS", "2026-07-06T13:30", True), ("XNYS", "2026-01-03T15:00", False),
        ("XNYS", "2026-11-26T16:00", False), ("XNYS", "2026-11-27T17:59", True), ("XNYS", "2026-11-27T18:00", False),
        ("XNYS", "2025-01-09T16:00", False), ("XLON", "2026-12-24T13:00", False), ("XLON", "2026-12-28T12:00", False),
        ("XETR", "2026-05-01T09:00", False), ("XHKG", "2026-01-05T04:30", False), ("XHKG", "2026-01-05T05:30", True),
        ("XTKS", "2024-11-01T06:15", False), ("XTKS", "2024-11-05T06:15", True), ("XSHG", "2026-02-17T02:00", False),
        ("XSHE", "2026-01-05T04:00", False), ("XSHE", "2026-01-05T05:30", True),
    ],
)  # fmt: skip
def test_it_trades_within_its_hours(exchange: str, moment: str, trades: bool) -> None:
    assert sessions.is_open(exchange, at(moment)) is trades


@pytest.mark.parametrize(("exchange", "moment"), [("XXXX", "2026-01-05T15:00"), ("CRYPTO", "2026-01-05T15:00"),
                                                  ("XNYS", "2014-12-31T15:00"), ("XNYS", "2031-01-05T15:00")])  # fmt: skip
def test_outside_its_knowledge_it_says_so(exchange: str, moment: str) -> None:
    assert sessions.is_open(exchange, at(moment)) is None
    assert not sessions.covers(exchange, at(moment).date())


def test_either_end_of_the_calendar_is_not_known() -> None:
    assert sessions.is_open("XNYS", datetime.min.replace(tzinfo=UTC)) is None
    assert sessions.is_open("XTKS", datetime.max.replace(tzinfo=UTC)) is None


def test_a_half_day_ends_early_and_a_full_one_does_not() -> None:
    short, full = sessions.session("XNYS", date(2026, 11, 27)), sessions.session("XNYS", date(2026, 11, 25))
    assert short is not None
    assert full is not None
    assert (short.half, short.closes) == (True, at("2026-11-27T18:00"))
    assert (full.half, full.closes) == (False, at("2026-11-25T21:00"))
    assert exchange_days.end_of(date(2026, 11, 27), "XNAS") == short.closes


def test_a_lunch_break_makes_two_stretches() -> None:
    held = sessions.session("XTKS", date(2026, 1, 5))
    assert held is not None
    assert len(held.stretches) == 2
    assert (held.opens, held.closes) == (at("2026-01-05T00:00"), at("2026-01-05T06:30"))


def test_a_week_with_a_holiday_has_four_sessions() -> None:
    found = [each.day.day for each in sessions.sessions("XNYS", date(2026, 11, 23), date(2026, 11, 29))]
    assert found == [23, 24, 25, 27]


@pytest.mark.parametrize("exchange", TABLES)
def test_every_table_reads_and_agrees_with_the_regular_close(exchange: str) -> None:
    year = list(sessions.sessions(exchange, date(2026, 1, 1), date(2026, 12, 31)))
    assert 235 <= len(year) <= 260
    for held in year:
        assert held.opens < held.closes
        if exchange_days.known(exchange):
            assert exchange_days.session_of(held.closes, exchange) == held.day
