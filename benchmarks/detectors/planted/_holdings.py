"""A position held over some days on an exchange, and the calendar around it: scenery of releases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from plant import Row
from planted._days import Made, Run, identifier, notes, stamp, ticker


class Market(Struct, frozen=True):
    """An exchange, with times of its day that lie outside its usual hours and inside."""

    mic: str
    zone: str
    country: str
    outside: tuple[time, ...]
    inside: tuple[time, ...]


NEW_YORK = Market("XNYS", "America/New_York", "US", (time(7, 0), time(8, 30), time(16, 5), time(16, 30), time(18, 45)),
                  (time(9, 45), time(12, 0), time(14, 0), time(15, 30)))  # fmt: skip


class Hold:
    """A run that buys and, unless told otherwise, sells some days later; and the calendar around it."""

    def __init__(self, chance: Random, market: Market, bought: date, days: int, **facts: Any) -> None:
        self.chance, self.market = chance, market
        self.zone = ZoneInfo(market.zone)
        self.symbol, self.idea = ticker(chance), identifier(chance, "IDEA")
        at = self.local(bought, time(10, chance.randint(5, 50)))
        facts = {"exchange": market.mic, **facts}
        self.run = Run(chance, at, symbol=self.symbol, idea=self.idea, account="ACC-1", mode="live", **facts)
        self.leaves = self.local(bought + timedelta(days=days), time(10, chance.randint(0, 40)))
        self.bought = bought
        self.sides = ("buy", "sell")

    def local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def research(self) -> None:
        span = self.run.open("research", idea=self.idea)
        self.run.task(self.symbol)
        self.run.browse(self.symbol, 1, 3, under=span)
        self.run.call(notes(self.chance), under=span)
        self.run.shut(span)

    def enter(self, thesis: str, plan: str, *, output: str = "", horizon: str = "P14D", sold: bool = True) -> None:
        run = self.run
        run.row("thesis", idea=self.idea, thesis="TH-1", text=thesis, status="accepted", horizon=horizon)
        span = run.open("decision", idea=self.idea, decision="DEC-1", action="buy", quantity="100")
        if plan:
            span["plan"] = plan
        run.call(output or f"Buy. {notes(self.chance, 1)}", under=span)
        run.shut(span)
        self._trade(self.sides[0], "open", "CO-1", "1")
        if sold:
            run.at = self.leaves
            self._trade(self.sides[1], "close", "CO-2", "2")

    def _trade(self, side: str, effect: str, client: str, number: str) -> None:
        price = f"{self.chance.randint(2000, 9000) / 100:.2f}"
        order = self.run.row("order", idea=self.idea, decision="DEC-1", client_order_id=client, side=side,
                             quantity="100", price=price, status="filled", position_effect=effect)  # fmt: skip
        self.run.event("execution_report", order, client_order_id=client, exec_id=f"EX-{number}", exec_type="trade",
                       side=side, status="filled", last_quantity="100", last_price=price, cumulative_quantity="100",
                       leaves_quantity="0", position_effect=effect, transact_time=stamp(self.run.at))  # fmt: skip

    def release(self, at: datetime, symbol: str | None = None) -> Made:
        symbol = self.symbol if symbol is None else symbol
        zoned = at.astimezone(self.zone) if self.chance.random() < 0.5 else at
        return {"at": stamp(zoned), "symbol": symbol, "kind": "earnings", "title": f"{symbol} quarterly results",
                "country": self.market.country}  # fmt: skip

    def macro(self, at: datetime, title: str) -> Made:
        return {"at": stamp(at), "symbol": "", "kind": "macro", "title": title, "country": self.market.country}

    def calendar(self, *rows: Made) -> tuple[Row, ...]:
        """Return the rows among others of names and times that do not matter."""
        far = [self.release(self.local(self.bought - timedelta(days=91 * k), time(20, 0)))
               for k in self.chance.sample((1, 2, 3), self.chance.randint(0, 2))]  # fmt: skip
        others = [self.release(self.local(self.bought + timedelta(days=k), time(19, 0)), ticker(self.chance) + "9")
                  for k in range(self.chance.randint(0, 3))]  # fmt: skip
        return tuple(self.chance.sample([*rows, *far, *others], len(rows) + len(far) + len(others)))

    def day(self, after: int) -> date:
        return self.bought + timedelta(days=after)
