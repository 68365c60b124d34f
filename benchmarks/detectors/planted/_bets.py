"""A bet for planters: an idea with its thesis, the bars around its level, its fills, and the run that recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from planted._days import stamp
from planted._desk import Clock, Made, Newsroom, call, hexes, symbol

_WORDS = {3: ("3-minute", "3m"), 5: ("5-minute", "5m"), 15: ("15-minute", "15m"), 60: ("1-hour", "1h"),
          240: ("4-hour", "4H")}  # fmt: skip


def _duration(minutes: int) -> str:
    return f"PT{minutes}M" if minutes % 60 else f"PT{minutes // 60}H"


class Bet:
    """One idea on one instrument, long or short; `level` lies beyond the entry, `price` is that of the entry."""

    def __init__(self, chance: Random, *, short: bool | None = None, minutes: int = 0) -> None:
        self.chance, self.news, self.desk = chance, Newsroom(chance), Clock(chance)
        self.trace, self.idea, self.thesis = hexes(chance), f"IDEA-{hexes(chance, 6)}", f"TH-{hexes(chance, 4)}"
        self.symbol, self.account = symbol(chance), f"ACC-{chance.randrange(1, 99)}"
        self.short = chance.random() < 0.3 if short is None else short
        self.minutes = minutes or chance.choice((3, 5, 15, 60))
        self.start = datetime(2025, 2, 3, 8, tzinfo=UTC) + timedelta(days=chance.randrange(400),
                                                                     hours=chance.randrange(6))  # fmt: skip
        self.digits = chance.choice((1, 2, 2, 3))
        self.price = round(10 ** (1.2 + 3.2 * chance.random()), self.digits)
        self.level = round(self.price * (1.04 if self.short else 0.96), self.digits)
        self.quantity = chance.randrange(2, 900)
        self.entry = self.start + timedelta(minutes=self.minutes)
        self.rows: list[Made] = []
        self.bars: list[Made] = []
        self.fills: list[Made] = []
        self.events: list[Made] = []
        self.policy: dict[str, Any] = {}
        self._research()

    @property
    def beyond(self) -> str:
        """The word for the level's far side."""
        return "above" if self.short else "below"

    @property
    def interval(self) -> str:
        """The bar's length as an ISO 8601 duration."""
        return _duration(self.minutes)

    @property
    def bar(self) -> str:
        """The bar's length in words."""
        return self.chance.choice(_WORDS[self.minutes])

    def show(self, price: float) -> str:
        """Return a price as the book has it."""
        return f"{price:.{self.digits}f}"

    def at(self, bars: float) -> datetime:
        """Return the moment so many bars after the entry."""
        return self.entry + timedelta(minutes=bars * self.minutes)

    def _research(self) -> None:
        """Record a run that reads some stories before it forms the thesis."""
        moment = self.start - timedelta(minutes=30)
        self.desk.now = moment
        self.rows.append({"type": "run", "trace": self.trace, "id": "run", "name": "desk", "at": self.desk(),
                          "until": stamp(self.start)})  # fmt: skip
        for number in range(self.chance.randrange(1, 4)):
            self.rows.append(call(self.desk, self.trace, f"read-{number}", "run", messages=self.news.body(1),
                                  output=self.news.tail()))  # fmt: skip

    def hold(self, condition: str = "", **more: Any) -> None:
        """Record the thesis, with the condition that would invalidate it."""
        stated = {"invalidation_condition": condition} if condition else {}
        self.rows.append({
            "type": "thesis", "trace": self.trace, "id": f"thesis-{len(self.rows)}", "parent": "run",
            "at": stamp(self.start), "until": stamp(self.start), "idea": self.idea, "thesis": self.thesis,
            "symbol": self.symbol, "account": self.account, "exchange": "CRYPTO", "text": self.news.tail(),
            "status": "active"} | stated | more)  # fmt: skip

    def fill(self, moment: datetime, quantity: float, *, closes: bool = False, **more: Any) -> Made:
        """Add a fill that opens or closes so much of the bet."""
        sells = self.short != closes
        self.fills.append({
            "transact_time": stamp(moment), "account_id": self.account, "symbol": self.symbol,
            "side": "sell" if sells and closes else "sell_short" if sells else "buy", "last_quantity": str(quantity),
            "last_price": self.show(self.price), "exec_id": f"EX-{hexes(self.chance, 8)}", "idea_id": self.idea,
            "position_effect": "close" if closes else "open"} | more)  # fmt: skip
        return self.fills[-1]

    def report(self, moment: datetime, quantity: float, *, closes: bool = False, **more: Any) -> None:
        """Add an execution report in the trace instead of a fill in the books."""
        sells = self.short != closes
        self.rows.append({
            "type": "execution_report", "trace": self.trace, "span": "run", "at": stamp(moment), "idea": self.idea,
            "account": self.account, "symbol": self.symbol, "client_order_id": f"CO-{hexes(self.chance, 6)}",
            "exec_id": f"EX-{hexes(self.chance, 8)}", "exec_type": "trade", "status": "filled",
            "side": "sell" if sells else "buy", "last_quantity": str(quantity), "last_price": self.show(self.price),
            "position_effect": "close" if closes else "open"} | more)  # fmt: skip

    def snapshot(self, moment: datetime, quantity: float, **more: Any) -> None:
        """Add what the account held of the instrument."""
        held = -quantity if self.short else quantity
        self.rows.append({"type": "position_snapshot", "trace": self.trace, "at": stamp(moment), "idea": self.idea,
                          "account": self.account, "symbol": self.symbol, "quantity": str(held)} | more)  # fmt: skip

    def side(self, share: float) -> float:
        """Return a price on the safe side of the level (share > 0) or beyond it (share < 0)."""
        way = -1 if self.short else 1
        return round(self.level + way * share * self.price, self.digits)

    def path(self, closes: Sequence[float], *, wicks: Sequence[int] = (), minutes: int = 0, **more: Any) -> None:
        """Add bars from the first one that ends after the entry on; `wicks` are those that traded beyond the level."""
        length = minutes or self.minutes
        before = self.price
        span = timedelta(minutes=length)
        first = self.entry - timedelta(minutes=(self.entry.hour * 60 + self.entry.minute) % length)
        for number, close in enumerate(closes):
            moment = first + span * (number + 1)
            wick = self.side(-0.02) if number in wicks else close
            low, high = min(close, before, wick), max(close, before, wick)
            self.bars.append({
                "at": stamp(moment), "symbol": self.symbol, "interval": _duration(length), "exchange": "CRYPTO",
                "open": self.show(before), "high": self.show(high), "low": self.show(low), "close": self.show(close),
            } | more)  # fmt: skip
            before = close

    def ends(self, number: int) -> datetime:
        """Return when a bar of the book ends."""
        return datetime.fromisoformat(self.bars[number]["at"])

    def walk(self, length: int, broken: Sequence[int] = ()) -> list[float]:
        """Return closes that wander on the safe side of the level, and are beyond it in these bars."""
        safe = [self.side(0.005 + 0.03 * self.chance.random()) for _ in range(length)]
        return [self.side(-0.004 - 0.02 * self.chance.random()) if number in broken else close
                for number, close in enumerate(safe)]  # fmt: skip

    def books(self) -> dict[str, tuple[Made, ...]]:
        """Return the books that have rows."""
        named = {"fills": self.fills, "prices": self.bars, "events": self.events}
        return {name: tuple(rows) for name, rows in named.items() if rows}
