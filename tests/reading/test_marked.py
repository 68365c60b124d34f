from __future__ import annotations

from datetime import date
from decimal import Decimal

from afterbell.model.books import PositionRow, PriceBar
from afterbell.reading.results.marked import Prices, marked


def held(day: int, cash: int | None, quantity: int, sequence: int = 0) -> PositionRow:
    return PositionRow(
        session_date=date(2026, 1, day), at=f"2026-01-{day:02d}", sequence=sequence, account_id="A",
        cash=None if cash is None else Decimal(cash), positions={"S": Decimal(quantity)},
    )  # fmt: skip


def bar(day: int, close: int | None, at: str = "", **more: int) -> PriceBar:
    figures = {name: Decimal(value) for name, value in more.items()}
    return PriceBar(session_date=date(2026, 1, day), symbol="S", at=at or f"2026-01-{day:02d}",
                    close=None if close is None else Decimal(close), **figures)  # fmt: skip


def worth(rows: list[PositionRow], bars: list[PriceBar]) -> list[tuple[int, Decimal | None, Decimal]]:
    found = marked(rows, Prices(bars, ["S"]))
    return [(each.session_date.day, each.equity, each.unexplained) for each in found]


def test_every_day_with_prices_is_a_session() -> None:
    rows = [held(5, 100, 1), held(9, 100, 1)]
    assert worth(rows, [bar(day, day) for day in (2, 5, 6, 9, 12)]) == [(5, 105, 0), (6, 106, 0), (9, 109, 0)]


def test_the_last_bar_and_the_last_row_of_a_day_count() -> None:
    rows = [held(5, 100, 1, 2), held(5, 110, 0, 3)]
    bars = [bar(5, 12, "2026-01-05T16:00"), bar(5, 10, "2026-01-05T10:00")]
    assert worth(rows, bars) == [(5, 110, 0)]
    assert worth([held(5, 0, 1)], bars) == [(5, 12, 0)]


def test_an_unfinished_bar_counts_its_open_and_a_missing_day_the_price_before() -> None:
    bars = [bar(5, 10), bar(6, None, open=11), PriceBar(session_date=date(2026, 1, 7), symbol="T", close=Decimal(1))]
    assert worth([held(5, 0, 1), held(7, 0, 1)], bars) == [(5, 10, 0), (6, 11, 0)]


def test_no_price_or_no_cash_is_not_zero() -> None:
    (found,) = marked([held(5, None, 1)], Prices([bar(5, 10)], ["S"]))
    assert (found.equity, found.missing) == (None, "cash")
    both = PositionRow(session_date=date(2026, 1, 5), cash=Decimal(1), positions={"S": Decimal(0), "T": Decimal(1)})
    (found,) = marked([both], Prices([bar(5, 10)], ["S", "T"]))
    assert (found.equity, found.missing) == (None, "a price of T")


def test_trades_within_the_day_explain_cash_and_nothing_else_does() -> None:
    bars = [bar(5, 10), bar(6, 10, low=8, high=12)]
    assert worth([held(5, 100, 0), held(6, 88, 1)], bars)[1] == (6, 98, 0)
    assert worth([held(5, 100, 0), held(6, 92, 1)], bars)[1] == (6, 102, 0)
    assert worth([held(5, 100, 0), held(6, 80, 1)], bars)[1] == (6, 90, -8)
    assert worth([held(5, 100, 0), held(6, 150, 0)], bars)[1] == (6, 150, 50)
