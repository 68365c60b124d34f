"""Runs of a desk over hours and days, told row by row: scenery of planters that count tokens, clocks, ideas and costs.

A `Run` keeps its clock and the history that each call repeats. It does not know what is planted in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from string import ascii_uppercase
from typing import Any

import orjson

from plant import Row

Made = dict[str, Any]

SYSTEMS = (
    "You are a research analyst. You read filings and explain the business.",
    "Collect facts about a company with the tools you have, then hand on a note of at most ten sentences.",
    "Role: portfolio manager of a small long-only book. Be brief. State what would prove you wrong.",
    "You study companies from their own documents. Say when something is not known.",
    "Du liest Geschaeftsberichte und schreibst kurze Vermerke fuer das Handelsteam.",
)
TASKS = (
    "What should we know about {s} before the committee meets?",
    "Write a short note on the business of {s}.",
    "Review the latest documents of {s} and tell me what matters.",
    "Does the case for {s} still hold? Check it against what was published since.",
    "Prepare the weekly memo on {s}.",
)
NOTES = (
    "The order book is described as healthy; terms of the new framework contract were not disclosed.",
    "Two suppliers were replaced after complaints, without a stop in production.",
    "The auditor's opinion is unqualified and the description of risks is unchanged.",
    "A new plant is being fitted out. The permit has been granted and hiring has begun.",
    "Customers in two regions asked for longer terms of payment; the company agreed in most cases.",
    "Research concentrates on sensors that need no calibration in the field.",
    "The board proposes to split the roles of chair and chief executive.",
    "Working capital rose with inventories of spare parts, which management calls deliberate.",
    "Der Vorstand rechnet mit einer ruhigen zweiten Jahreshaelfte; Sondereffekte wurden nicht genannt.",
    "Churn among small customers is higher than a year ago, and the sales team was moved to larger accounts.",
)
TOOLS = (
    ("get_filing", "form", ("10-K", "10-Q", "8-K", "20-F")),
    ("search_news", "query", ("outlook", "suppliers", "management", "litigation", "capacity")),
    ("get_profile", "section", ("business", "people", "risks")),
    ("list_contracts", "region", ("north", "south", "overseas")),
    ("read_transcript", "part", ("remarks", "questions")),
)
MODELS = (
    ("openai", "gpt-5", "gpt-5-2025-08-07"),
    ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
    ("openai", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"),
    ("mistral_ai", "mistral-large-2", "mistral-large-2"),
    ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"),
)
DESKS = ("desk", "slow_value", "event_desk", "nightly-research", "agent-loop", "pairs", "committee")


def ticker(chance: Random) -> str:
    return "SYNTHETIC_" + chance.choice(ascii_uppercase) + chance.choice(("", *ascii_uppercase))


def moment(chance: Random, hours: Sequence[int] = range(24)) -> datetime:
    """Return a moment of 2024 to 2026, in UTC."""
    day = datetime(2024, 2, 1, tzinfo=UTC) + timedelta(days=chance.randint(0, 700))
    return day + timedelta(
        hours=chance.choice(hours), minutes=chance.randint(0, 59), seconds=chance.randint(0, 59),
        milliseconds=chance.randint(0, 999),
    )  # fmt: skip


def stamp(at: datetime) -> str:
    """Return a moment in UTC as rows and books have it."""
    return at.isoformat().replace("+00:00", "Z")


def identifier(chance: Random, prefix: str) -> str:
    return f"{prefix}-{chance.randint(1000, 999_999)}"


def notes(chance: Random, most: int = 4) -> str:
    return " ".join(chance.sample(NOTES, chance.randint(1, most)))


class Run:
    """One trace. Rows can be changed until they are taken; `at` is where its clock stands."""

    def __init__(self, chance: Random, at: datetime, **facts: Any) -> None:
        self.chance, self.at = chance, at
        self.trace = f"{chance.getrandbits(128):032x}"
        self.rows: list[Made] = []
        self.system = chance.choice(SYSTEMS)
        self.provider, self.model, self.answered = chance.choice(MODELS)
        self.history: list[Row] = []
        self.root = self._made("run", name=chance.choice(DESKS), **facts)

    def wait(self, least: float = 0.2, most: float = 20) -> None:
        self.at += timedelta(milliseconds=self.chance.randint(int(least * 1000), int(most * 1000)))

    def row(self, kind: str, /, *, under: Made | None = None, **facts: Any) -> Made:
        """Add a row that takes a moment; it hangs under the root unless told otherwise."""
        made = self._made(kind, parent=(under or self.root)["id"], **facts)
        self.wait()
        made["until"] = stamp(self.at)
        return made

    def open(self, kind: str, /, *, under: Made | None = None, **facts: Any) -> Made:
        """Add a row that others hang under; `shut` ends it."""
        return self._made(kind, parent=(under or self.root)["id"], **facts)

    def shut(self, row: Made) -> None:
        row["until"] = stamp(self.at)

    def event(self, kind: str, span: Made | None = None, **facts: Any) -> Made:
        """Add an event at this moment."""
        made = {"type": kind, "trace": self.trace, "at": stamp(self.at), **facts}
        self.rows.append(made if span is None else {**made, "span": span["id"]})
        return self.rows[-1]

    def say(self, text: str) -> None:
        """Open a conversation: the history of the calls that follow."""
        self.history = [{"role": "user", "content": text}]

    def call(self, output: Any, *, under: Made | None = None, **facts: Any) -> Made:
        """Ask the model. `output` None is a call that failed; the rest is added to its history."""
        made = {
            "provider": self.provider, "model": self.model, "answered": self.answered,
            "response_id": f"resp_{self.chance.getrandbits(48):012x}", "system": self.system,
            "messages": list(self.history), "output": output, "finish": "stop",
            "tokens": {"input": self.chance.randint(300, 6000), "output": self.chance.randint(20, 700)}, **facts,
        }  # fmt: skip
        if output is None:
            made = {key: value for key, value in made.items()
                    if key not in {"answered", "response_id", "output", "finish", "tokens"}}  # fmt: skip
        else:
            said = output if isinstance(output, Mapping) else {"content": output}
            self.history.append({"role": "assistant", **said})
        return self.row("call", under=under, **made)

    def use(self, name: str, arguments: Any, result: Any, *, under: Made | None = None, **facts: Any) -> Made:
        """Let the model ask for a tool, run it and feed the result back. Returns the tool's row."""
        call_id = f"call_{self.chance.getrandbits(48):012x}"
        said = {"content": self.chance.choice(("", "", "I will look this up.", "One more source is needed.")),
                "tool_calls": [{"id": call_id, "name": name, "arguments": arguments}]}  # fmt: skip
        self.call(said, under=under, **{"finish": "tool_calls", **facts})
        made = self.row("tool", under=under, name=name, call_id=call_id, arguments=arguments)
        if isinstance(result, Exception):
            made["error"] = {"type": type(result).__name__, "message": str(result)}
        else:
            made["result"] = result
        self.history.append({"role": "tool", "tool_call_id": call_id, "content": _text(result)})
        return made

    def browse(self, symbol: str, least: int = 0, most: int = 3, under: Made | None = None) -> None:
        """Use a few tools, each with other arguments."""
        asked = [(name, key, value) for name, key, values in TOOLS for value in values]
        for name, key, value in self.chance.sample(asked, self.chance.randint(least, most)):
            result = {"symbol": symbol, key: value, "text": notes(self.chance)}
            self.use(name, {"symbol": symbol, key: value}, result, under=under)

    def task(self, symbol: str) -> None:
        self.say(self.chance.choice(TASKS).format(s=symbol))

    def told(self) -> tuple[Row, ...]:
        """Return all rows, the root ended."""
        self.root["until"] = stamp(self.at)
        return tuple(self.rows)

    def _made(self, kind: str, /, **facts: Any) -> Made:
        made = {"type": kind, "trace": self.trace, "id": f"s{len(self.rows)}", "at": stamp(self.at), **facts}
        self.rows.append(made)
        return made


def _text(value: Any) -> str:
    return orjson.dumps(value).decode() if isinstance(value, (list, dict)) else str(value)


def without(rows: Iterable[Row], kind: str, *keys: str) -> tuple[Row, ...]:
    """Return the rows; those of a kind lose some keys, and count them as dropped when it is content that is lost."""
    return tuple(_less(row, keys) if row["type"] == kind else row for row in rows)


def _less(row: Row, keys: Sequence[str]) -> Row:
    lost = sum(key in row for key in keys)
    found = {key: value for key, value in row.items() if key not in keys}
    return {**found, "dropped": found.get("dropped", 0) + lost} if lost else row


def turns(chance: Random, makers: Sequence[Any]) -> Iterator[Any]:
    """Yield makers without end, each once before any comes again, in a new order every time."""
    while True:
        yield from chance.sample(list(makers), len(makers))
