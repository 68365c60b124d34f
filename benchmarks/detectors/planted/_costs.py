"""A house whose runs share the beginning of a prompt, with its price list, ledger and bill: scenery of costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, UNTOLD, Plant, Row
from planted._days import Made, Run, identifier, moment, notes, stamp, ticker

Pair = tuple[Plant, Plant]
PROVIDERS = ("acme", "northwind", "house")
CENT = Decimal("0.000001")


class House:
    """Runs that share a prompt's beginning, with a price list, a ledger and a bill."""

    def __init__(self, chance: Random, runs: int = 0) -> None:
        self.chance = chance
        self.provider = chance.choice(PROVIDERS)
        self.model = f"{self.provider}-{chance.choice(('large', 'small', 'reason'))}-{chance.randint(1, 9)}"
        self.start = moment(chance, range(8, 16))
        base = Decimal(chance.randint(40, 600)) / 100
        self.prices = {"input": base, "output": base * 5, "cache_read": base / 10, "cache_write_5m": base * 5 / 4,
                       "cache_write_1h": base * 2}  # fmt: skip
        self.listed = [self.listing(self.start - timedelta(days=chance.randint(30, 300)), self.prices)]
        self.key = f"prefix-{chance.getrandbits(32):08x}"
        self.lifetime = chance.choice(("5m", "1h"))
        self.runs = [self._run(number) for number in range(runs or chance.randint(2, 4))]
        self.ledger: list[Made] = []
        self.bill: list[Made] = []

    def listing(self, since: datetime, prices: Mapping[str, Decimal]) -> Made:
        return {"provider": self.provider, "model": self.model, "effective_from": stamp(since), "currency": "USD",
                **{f"{kind}_per_mtok": str(price) for kind, price in prices.items()}}  # fmt: skip

    def _run(self, number: int) -> Run:
        symbol = ticker(self.chance)
        run = Run(
            self.chance, self.start + timedelta(minutes=number), symbol=symbol, idea=identifier(self.chance, "IDEA")
        )
        run.provider, run.model, run.answered = self.provider, self.model, self.model
        run.task(symbol)
        return run

    def write(self, run: Run, tokens: int, lifetime: str = "") -> Made:
        """Let a run write the prompt's beginning to the provider's cache."""
        return self._call(run, tokens, 0, lifetime or self.lifetime)

    def read(self, run: Run, tokens: int, key: str = "") -> Made:
        return self._call(run, 0, tokens, "", key)

    def plain(self, run: Run) -> Made:
        return self._call(run, 0, 0, "")

    def _call(self, run: Run, written: int, read: int, lifetime: str, key: str = "") -> Made:
        fresh, output = self.chance.randint(300, 4000), self.chance.randint(50, 900)
        facts: dict[str, Any] = {}
        if written or read:
            facts["trading.cache.key"] = key or self.key
        if written:
            facts |= {f"anthropic.usage.cache_creation.ephemeral_{each}_input_tokens": written * (each == lifetime)
                      for each in ("5m", "1h")}  # fmt: skip
        tokens = {"input": fresh + written + read, "output": output, "cache_read": read, "cache_write": written}
        run.call(notes(self.chance), tokens=tokens, **facts)
        return run.rows[-1]

    def parts(self, call: Made, lifetime: str = "") -> dict[str, int]:
        """Return the tokens of a call by kind."""
        tokens = call["tokens"]
        written = f"cache_write_{lifetime or self.lifetime}"
        found = {"input": tokens["input"] - tokens["cache_read"] - tokens["cache_write"], "output": tokens["output"],
                 "cache_read": tokens["cache_read"], written: tokens["cache_write"]}  # fmt: skip
        return {kind: count for kind, count in found.items() if count}

    def charge(self, call: Made, kind: str, tokens: int, price: Decimal | None = None, **facts: Any) -> Made:
        """Add a row of the ledger."""
        unit = self.prices[kind] if price is None else price
        amount = (unit * tokens / 1_000_000).quantize(CENT)
        key = call.get("trading.cache.key", "") if kind.startswith("cache") else ""
        self.ledger.append({"at": call["at"], "trace_id": call["trace"], "span_id": "", "model": self.model,
                            "cache_key": key, "token_type": kind, "tokens": tokens, "unit_price_per_mtok": str(unit),
                            "amount": str(amount), "currency": "USD", **facts})  # fmt: skip
        return self.ledger[-1]

    def charge_all(self, *besides: str) -> None:
        """Charge what every call used, but for some kinds."""
        for run in self.runs:
            for call in self.calls(run):
                for kind, tokens in self.parts(call).items():
                    if kind not in besides:
                        self.charge(call, kind, tokens)

    def shown(self, row: Made) -> str:
        """Return the figure that shows a wrong price: the price, or the amount of a ledger that states no prices."""
        if self.chance.random() < 0.5:
            return str(row["unit_price_per_mtok"])
        for each in self.ledger:
            del each["unit_price_per_mtok"]
        return str(row["amount"])

    def calls(self, run: Run) -> list[Made]:
        return [row for row in run.rows if row["type"] == "call"]

    def billed(self, factor: Decimal = Decimal(1), kind: str = "") -> Made:
        """Add a bill for the day: of one kind of tokens or of all, off the ledger by a factor."""
        rows = [row for row in self.ledger if kind in {"", row["token_type"]}]
        amount = sum((Decimal(row["amount"]) for row in rows), Decimal(0)) * factor
        begin = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        made = {"period_start": stamp(begin), "period_end": stamp(begin + timedelta(days=1)), "provider": self.provider,
                "model": self.model, "token_type": kind, "tokens": sum(row["tokens"] for row in rows),
                "amount": str(amount.quantize(CENT)), "currency": "USD"}  # fmt: skip
        self.bill.append(made)
        return made

    def plant(self, wording: str, answers: frozenset[Any], fault: str = "", trace: str = "") -> Plant:
        told = tuple(row for run in self.runs for row in run.told())
        books: dict[str, Sequence[Row]] = {
            "model_prices": self.listed,
            "cost_ledger": self.ledger,
            "billing": self.bill,
        }
        return Plant(wording=wording, rows=told, answers=answers, fault=fault, trace=trace or self.runs[0].trace,
                     books={name: tuple(rows) for name, rows in books.items() if rows})  # fmt: skip

    def pair(self, wording: str, fault: str, trace: str = "") -> Pair:
        """Return the plant and its twin: nothing says what was charged, or the figures of all charges are blank."""
        fall = self.plant(wording, FAULTY, fault, trace)
        rows = tuple({key: value for key, value in row.items() if key != "gen_ai.usage.cost"} for row in fall.rows)
        books = {name: book for name, book in fall.books.items() if name not in {"cost_ledger", "billing"}}
        if self.ledger and self.chance.random() < 0.4:
            blank = {"tokens": "", "unit_price_per_mtok": "", "amount": ""}
            books["cost_ledger"] = tuple({**row, **blank} for row in fall.books["cost_ledger"])
        return fall, structs.replace(fall, rows=rows, books=books, answers=UNTOLD, fault="")
