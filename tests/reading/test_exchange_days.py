from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from afterbell.reading.moments import days


@pytest.mark.parametrize(
    ("exchange", "hour", "session"),
    [
        ("XNYS", 1, 4), ("XNYS", 5, 5), ("XSHG", 1, 5), ("XSHG", 17, 6), ("CRYPTO", 23, 5), ("", 23, 5), ("XXXX", 0, 5),
        ("XCME", 22, 5), ("XCME", 23, 6),
    ],
)  # fmt: skip
def test_a_session_is_a_day_of_its_exchange(exchange: str, hour: int, session: int) -> None:
    assert days.session_of(datetime(2026, 1, 5, hour, 30, tzinfo=UTC), exchange) == date(2026, 1, session)


@pytest.mark.parametrize(
    ("exchange", "end"),
    [
        ("XNYS", datetime(2026, 7, 6, 20, tzinfo=UTC)), ("XSHG", datetime(2026, 7, 6, 7, tzinfo=UTC)),
        ("CRYPTO", datetime(2026, 7, 7, tzinfo=UTC)), ("", datetime(2026, 7, 7, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_session_ends_at_its_close(exchange: str, end: datetime) -> None:
    assert days.end_of(date(2026, 7, 6), exchange) == end


def test_every_exchange_has_a_zone_that_exists() -> None:
    for exchange in days._CLOSES:
        assert days.known(exchange)
        assert days.session_of(days.end_of(date(2026, 1, 5), exchange), exchange) == date(2026, 1, 5)
