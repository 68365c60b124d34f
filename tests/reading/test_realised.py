from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from afterbell.model.books import Fill
from afterbell.reading.results.realised import realised


def fills(*rows: tuple, **more) -> list[Fill]:
    start = datetime(2026, 1, 5, 15, tzinfo=UTC)
    return [
        Fill(
            transact_time=start + timedelta(minutes=place), symbol="S", side=side, last_quantity=Decimal(quantity),
            last_price=Decimal(price), row=place, **(rest[0] if rest else {}), **more,
        )
        for place, (side, quantity, price, *rest) in enumerate(rows)
    ]  # fmt: skip


def results(*rows: tuple) -> list[Decimal | None]:
    return [each.pnl for each in realised(fills(*rows))]


def test_average_cost_of_a_long_and_of_a_short() -> None:
    assert results(("buy", 10, 10), ("buy", 10, 20), ("sell", 5, 18), ("sell", 15, 14)) == [0, 0, 15, -15]
    assert results(("sell_short", 10, 50), ("buy", 4, 40), ("buy", 6, 60)) == [0, 40, -60]


def test_commissions_of_opening_and_closing_are_in_the_result() -> None:
    fee = {"commission": Decimal(2)}
    assert results(("buy", 10, 10, fee), ("sell", 5, 10, fee), ("sell", 5, 10, fee)) == [0, -3, -3]
    assert results(("sell_short", 10, 10, fee), ("buy", 10, 10, fee)) == [0, -4]


def test_a_fill_may_close_and_open_the_other_way() -> None:
    assert results(("buy", 10, 10), ("sell", 15, 12), ("buy", 5, 11)) == [0, 20, 5]


def test_an_entry_that_is_not_in_the_book_is_not_guessed() -> None:
    assert results(("sell", 10, 10), ("buy", 10, 9)) == [None, None]
    assert results(("buy", 5, 10), ("sell", 10, 12, {"position_effect": "close"})) == [0, None]
    # What is said to open is an opening, whatever the position looked like.
    assert results(("sell", 10, 10, {"position_effect": "open"}), ("buy", 10, 9)) == [0, 10]


def test_a_stated_result_wins() -> None:
    rows = fills(("buy", 10, 10), ("sell", 10, 12, {"realized_pnl": Decimal("17.5")}))
    assert [(each.pnl, each.stated) for each in realised(rows)] == [(0, False), (Decimal("17.5"), True)]


def test_repeats_count_once() -> None:
    rows = fills(("buy", 10, 10, {"exec_id": "1"}), ("sell", 10, 12, {"exec_id": "2"}))
    assert len(realised([*rows, *rows])) == 2
    # Without ids: two equal fills of one file are two; the same file given twice under two names is one.
    same = [Fill(transact_time=rows[0].transact_time, symbol="S", side="buy", last_quantity=Decimal(1),
                 last_price=Decimal(1), evidence=evidence, row=row) for evidence in "ab" for row in (2, 3)]  # fmt: skip
    assert len(realised(same)) == 2


def test_a_short_that_is_opened_beside_a_long_is_a_position_of_its_own() -> None:
    assert results(("buy", 26, 1), ("sell_short", 26, 2), ("buy", 26, 1), ("sell", 26, 3)) == [0, 0, 26, 52]


def left(rows: list[tuple[str, int, int]]) -> tuple[int, int]:
    """Return what is held long and short after these fills."""
    long = short = 0
    for side, quantity, _price in rows:
        closing = {"buy": min(quantity, short), "sell": min(quantity, long)}.get(side, 0)
        if side == "buy":
            long, short = long + quantity - closing, short - closing
        else:
            long, short = long - closing, short + quantity - closing
    return long, short


@given(st.lists(st.tuples(st.sampled_from(("buy", "sell_short", "sell")), st.integers(1, 50), st.integers(1, 99)),
                max_size=12))  # fmt: skip
def test_what_was_made_and_what_is_held_add_up_to_the_cash_that_moved(rows: list[tuple[str, int, int]]) -> None:
    found = realised(fills(*rows))
    if any(each.pnl is None for each in found):
        return
    # Close what is left at 50: then everything is realised and must equal the cash.
    held = sum(quantity if side == "buy" else -quantity for side, quantity, _ in rows)
    cash = sum(quantity * price * (-1 if side == "buy" else 1) for side, quantity, price in rows) + held * 50
    long, short = left(rows)
    last = [(side, much, 50, {"position_effect": "close"}) for side, much in (("sell", long), ("buy", short)) if much]
    every = realised(fills(*rows, *last))
    assert abs(sum(each.pnl or 0 for each in every) - cash) < Decimal("0.0001")
