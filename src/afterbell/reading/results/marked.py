"""Marked equity: what positions were worth at the prices of each session, and whether prices explain its steps.

Nothing here is realised; callers must say so. Money that came or went without a trade (a deposit, a withdrawal, a
correction) makes a step that prices do not explain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from afterbell.model.books import PositionRow, PriceBar

_ZERO = Decimal(0)
FEES = Decimal("0.005")  # of turnover: dearer than any published commission schedule plus stamp duty
_CENT = Decimal("0.01")


class DayPrice(Struct, frozen=True, kw_only=True):
    """The last price of a symbol in a session and the span it traded in. A bar without a close counts its open."""

    last: Decimal
    low: Decimal
    high: Decimal
    exchange: str = ""


class Marked(Struct, frozen=True, kw_only=True):
    """An account at the end of a session. `equity` is None when a price or the cash is `missing`.

    `unexplained` is the money that came (+) or went (-) since the session before beyond what trades at that day's
    prices can be; 0 when prices explain the step.
    """

    session_date: date
    equity: Decimal | None
    missing: str = ""
    unexplained: Decimal = _ZERO
    exchange: str = ""
    row: PositionRow


class Prices:
    """Day prices by symbol, looked up by session; a session without a bar of the symbol has the price before it."""

    def __init__(self, bars: Iterable[PriceBar], symbols: Iterable[str]) -> None:
        """Take the bars of these symbols in."""
        wanted = set(symbols)
        found: dict[str, dict[date, list[PriceBar]]] = {}
        for bar in bars:
            if bar.symbol in wanted and (bar.close is not None or bar.open is not None):
                found.setdefault(bar.symbol, {}).setdefault(bar.session_date, []).append(bar)
        self._days = {symbol: {day: _day(each) for day, each in days.items()} for symbol, days in found.items()}
        self._dates = {symbol: sorted(days) for symbol, days in self._days.items()}

    def sessions(self, symbols: Iterable[str]) -> set[date]:
        """Return the days on which any of these symbols has a price."""
        return {day for symbol in symbols for day in self._dates.get(symbol, ())}

    def at(self, symbol: str, day: date) -> DayPrice | None:
        """Return the price at the end of that session, or the last one before; None when there is none."""
        dates = self._dates.get(symbol, [])
        place = bisect_right(dates, day)
        return self._days[symbol][dates[place - 1]] if place else None


def _day(bars: Sequence[PriceBar]) -> DayPrice:
    """Sum up a session's bars; they are told apart by their stamps, which sort as text within one source."""
    last = max(enumerate(bars), key=lambda each: (each[1].at, each[0]))[1]
    price = last.close if last.close is not None else last.open
    figures = [figure for bar in bars for figure in (bar.low, bar.high, bar.open, bar.close) if figure is not None]
    return DayPrice(last=price or _ZERO, low=min(figures), high=max(figures), exchange=last.exchange)


def marked(rows: Iterable[PositionRow], prices: Prices) -> tuple[Marked, ...]:
    """Return the marked equity of one account at each session from its first to its last row.

    A session is a day on which a symbol of its positions has a price. Rows of other days count in the next session.
    """
    ordered = sorted(rows, key=lambda row: (row.session_date, row.at, row.sequence, row.row))
    if not ordered:
        return ()
    symbols = {symbol for row in ordered for symbol in row.positions}
    first, last = ordered[0].session_date, ordered[-1].session_date
    found, place = [], 0
    for day in sorted(day for day in prices.sessions(symbols) if first <= day <= last):
        start = place
        while place < len(ordered) and ordered[place].session_date <= day:
            place += 1
        steps = zip(ordered[max(start - 1, 0) : place - 1], ordered[max(start, 1) : place], strict=True)
        unexplained = sum((_unexplained(before, after, day, prices) for before, after in steps), _ZERO)
        found.append(_worth(ordered[place - 1], day, prices, unexplained))
    return tuple(found)


def _worth(row: PositionRow, day: date, prices: Prices, unexplained: Decimal) -> Marked:
    missing = "" if row.cash is not None else "cash"
    worth, exchange = row.cash or _ZERO, row.exchange
    for symbol, quantity in row.positions.items():
        price = prices.at(symbol, day)
        exchange = exchange or (price.exchange if price else "")
        if not quantity:
            continue
        if price is None:
            missing = missing or f"a price of {symbol}"
            continue
        worth += quantity * price.last
    return Marked(
        session_date=day, equity=None if missing else worth, missing=missing, unexplained=unexplained,
        exchange=exchange, row=row,
    )  # fmt: skip


def _unexplained(before: PositionRow, after: PositionRow, day: date, prices: Prices) -> Decimal:
    """Return the change of cash that trades at any price of the day, with fees, cannot account for."""
    moved = _moves(before.positions, after.positions)
    change = (after.cash or _ZERO) - (before.cash or _ZERO)
    least = most = change
    turnover = _ZERO
    for symbol, quantity in moved.items():
        price = prices.at(symbol, day)
        if price is None:
            return _ZERO  # its price is missing, which is said elsewhere
        ends = (quantity * price.low, quantity * price.high)
        least, most = least + min(ends), most + max(ends)
        turnover += abs(quantity) * price.high
    allowed = turnover * FEES + _CENT
    if least > allowed:
        return least
    return most if most < -allowed else _ZERO


def _moves(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    changed = {symbol: quantity - before.get(symbol, _ZERO) for symbol, quantity in after.items()}
    changed |= {symbol: -quantity for symbol, quantity in before.items() if symbol not in after}
    return {symbol: quantity for symbol, quantity in changed.items() if quantity}
