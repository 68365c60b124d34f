"""One shift of a desk, built row by row: a clock, names, filings and news, tools, an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from planted._desk import hexes

Made = dict[str, Any]

PAIRS = (  # provider, a model, its dated snapshot, a smaller one of the same house, a larger one
    ("openai", "gpt-5", "gpt-5-2025-08-07", "gpt-5-mini", "gpt-5-pro"),
    ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "claude-haiku-4-5", "claude-opus-4-1"),
    ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-pro"),
    ("openai", "gpt-4o", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-5"),
    ("mistral_ai", "mistral-large", "mistral-large-2411", "mistral-small", "mistral-large"),
)

_HOUSES = ("Alderford", "Brixham", "Castellan", "Dunwich", "Eskdale", "Farnley", "Galloway", "Harlow", "Inverness",
           "Jura", "Kelso", "Lindal", "Marlow", "Nairn", "Oban", "Penrith", "Quainton", "Romsey",
           "Selkirk", "Tiverton")  # fmt: skip
_TRADES = ("Foods", "Marine", "Optics", "Rail", "Timber", "Chemicals", "Software", "Clinics", "Cement", "Textiles")
_STORIES = (
    "{c} said its {p} plant ran at {n} percent of capacity in the quarter.",
    "{c} hired {n} people for a service centre in {p}.",
    "Net revenue of {c} came to {n}.{d} million, of which {p} brought about a third.",
    "The works council in {p} accepted a contract that runs for {m} months.",
    "{c} paid down {n} million of a loan that falls due in {m} months.",
    "Backlog rose to {n} million; management named {p} as the strongest region.",
    "A supplier in {p} will deliver {n} thousand units over {m} months.",
    "{c} wrote off {n} million on a line that it closed in {p}.",
    "Capital spending is planned at {n}.{d} million, mostly for {p}.",
    "The auditor's letter names inventory in {p} as a key matter, as it did the year before.",
    "Customers in {p} waited {m} weeks for spare parts, down from {n} days a year ago.",
    "{c} settled a dispute over {n} leases with the city of {p}.",
)
_PLACES = (
    "Leeds",
    "Turin",
    "Osaka",
    "Tampere",
    "Lyon",
    "Gdansk",
    "Haifa",
    "Porto",
    "Durban",
    "Quito",
    "Bergen",
    "Graz",
)
_HEADS = ("{c} reports on {p}", "What {p} means to {c}", "{c}: the quarter in brief", "{c} replies to suppliers")
_TOOLS = ("get_filing", "search_news", "get_transcript", "list_holders", "get_segments", "peer_table")


def turns(chance: Random, ways: Sequence[Any]) -> Iterator[Any]:
    """Yield the ways in turn without end, in an order of its own."""
    mixed = list(ways)
    chance.shuffle(mixed)
    return cycle(mixed)


class Shift:
    """The rows of one trace, in the order of their times."""

    def __init__(self, chance: Random, **facts: Any) -> None:
        self.chance = chance
        self.trace = hexes(chance)
        self.idea = f"IDEA-{hexes(chance, 6)}"
        self.ticker = "SYNTHETIC_" + "".join(
            chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(chance.randint(1, 3))
        )
        self.company = f"{chance.choice(_HOUSES)} {chance.choice(_TRADES)}"
        self.provider, self.model, self.snapshot, self.smaller, self.larger = chance.choice(PAIRS)
        self.now = datetime(2025, 2, 3, 9, tzinfo=UTC) + timedelta(minutes=chance.randrange(700_000))
        self.rows: list[Made] = []
        self.count = 0
        name = chance.choice(("daily_scan", "slow_value", "earnings_watch", "sector_rotation"))
        self.row("run", "run", parent=None, name=name, idea=self.idea, symbol=self.ticker, exchange="XNYS", **facts)

    def tick(self) -> str:
        """Return a moment, a few seconds after the last one."""
        self.now += timedelta(seconds=self.chance.randrange(1, 30), milliseconds=self.chance.randrange(999))
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def row(self, sort: str, key: str = "", /, parent: str | None = "run", **facts: Any) -> Made:
        """Add a row with its frame and return it."""
        self.count += 1
        made: Made = {"type": sort, "trace": self.trace, "id": key or f"{sort}-{self.count}"}
        made |= {"parent": parent} if parent else {}
        made |= {"at": self.tick(), "until": self.tick()} | facts
        self.rows.append(made)
        return made

    def event(self, kind: str, span: str, **facts: Any) -> Made:
        """Add an event of a row."""
        made = {"type": kind, "trace": self.trace, "span": span, "at": self.tick()} | facts
        self.rows.append(made)
        return made

    def call(self, model: str = "", answered: str = "", parent: str = "run", **facts: Any) -> Made:
        """Add a model call that went well; facts that are None are left out."""
        size = self.chance.randrange(900, 5000)
        frame = {
            "provider": self.provider, "model": model or self.model,
            "answered": answered or (self.snapshot if model in {"", self.model} else model),
            "response_id": f"resp_{hexes(self.chance, 14)}", "finish": "stop",
            "tokens": {"input": size, "output": self.chance.randrange(60, 700)},
        }  # fmt: skip
        made = self.row("call", parent=parent, **{**frame, **facts})
        for key in [key for key, value in made.items() if value is None]:
            del made[key]
        return made

    def failed(self, kind: str, message: str, parent: str = "run", **facts: Any) -> Made:
        """Add a model call that failed: no answer, no usage, no model that answered."""
        gone = dict.fromkeys(("answered", "response_id", "finish", "tokens", "output"))
        return self.call(parent=parent, error={"type": kind, "message": message}, **{**facts, **gone})

    def said(self, line: str) -> str:
        """Return a line with its names and numbers."""
        chance = self.chance
        return line.format(c=self.company, t=self.ticker, p=chance.choice(_PLACES), n=chance.randrange(21, 940),
                           d=chance.randrange(1, 9), m=chance.randrange(2, 19))  # fmt: skip

    def story(self, lines: int = 0) -> str:
        """Return a few sentences about the company."""
        return " ".join(self.said(line) for line in self.chance.sample(_STORIES, lines or self.chance.randint(2, 5)))

    def around(self, fewest: int = 1, most: int = 4, parent: str = "run") -> None:
        """Add tools and documents that have nothing to do with the matter."""
        for _ in range(self.chance.randint(fewest, most)):
            if self.chance.random() < 0.4:
                found = [{"id": f"doc-{hexes(self.chance, 4)}", "title": self.said(self.chance.choice(_HEADS)),
                          "url": f"https://wire.example.org/{hexes(self.chance, 6)}", "text": self.story()}
                         for _ in range(self.chance.randint(1, 3))]  # fmt: skip
                self.row(
                    "retrieval", parent=parent, query=f"{self.company} {self.chance.choice(_PLACES)}", documents=found
                )
            else:
                asked = {"symbol": self.ticker, "limit": self.chance.randrange(3, 40)}
                self.row("tool", parent=parent, name=self.chance.choice(_TOOLS), arguments=asked,
                         call_id=f"call_{hexes(self.chance, 10)}", result=self.story(2))  # fmt: skip

    def decided(self, action: str = "buy", **facts: Any) -> Made:
        """Add a decision."""
        return self.row("decision", "decision", idea=self.idea, symbol=self.ticker, decision=f"DEC-{self.trace[:6]}",
                        action=action, **facts)  # fmt: skip

    def ordered(self, side: str = "buy") -> Made:
        """Add an order that was filled."""
        return self.row("order", "order", idea=self.idea, symbol=self.ticker, decision=f"DEC-{self.trace[:6]}",
                        client_order_id=f"CO-{hexes(self.chance, 8)}", side=side, status="filled",
                        quantity=str(self.chance.randrange(1, 90) * 10),
                        price=f"{self.chance.randrange(900, 30_000) / 100:.2f}", position_effect="open")  # fmt: skip

    def done(self) -> tuple[Made, ...]:
        """End the run and return its rows."""
        self.rows[0]["until"] = self.tick()
        return tuple(self.rows)
