"""A run that lacks nothing: tools asked for, run and fed back, documents with hashes, a decision and its trade."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import Any

from msgspec import Struct

from afterbell.formats.messages import as_text
from planted._desk import MODELS, TOOLS, Clock, Made, Newsroom, call, hexes, symbol, traded

_SYSTEMS = ("You are an equity analyst. Cite what you read.", "Read filings and report facts only.",
            "You work for a small desk. Answer briefly and name your sources.", "You compare companies.")  # fmt: skip


_VIEWS = (
    "The filings change little.",
    "Orders and the site's report point the same way.",
    "Nothing in the sources speaks against the plan.",
    "The supply chain has more slack than before.",
)


class Scene(Struct, kw_only=True):
    """A complete run: its rows by id, in order, with what a fault may be done to."""

    chance: Random
    clock: Clock
    trace: str
    rows: list[Made]
    asks: list[str] = []
    tools: list[str] = []
    books: dict[str, tuple[Made, ...]] = {}

    def row(self, name: str) -> Made:
        """Return the row with this id."""
        return next(row for row in self.rows if row.get("id") == name)

    def without(self, *kinds: str) -> None:
        """Take out the rows of these types."""
        self.rows = [row for row in self.rows if row["type"] not in kinds]


def scene(chance: Random, *, action: str = "buy") -> Scene:
    """Return a run that lacks nothing: tools asked for, executed, fed back; documents; a decision, an order, a fill."""
    clock, news, trace = Clock(chance), Newsroom(chance), hexes(chance)
    ticker, system, model = symbol(chance), chance.choice(_SYSTEMS), chance.choice(MODELS)
    rows: list[Made] = [{"type": "run", "trace": trace, "id": "run", "at": clock(),
                         "name": chance.choice(("daily_scan", "slow_value")), "idea": f"IDEA-{trace[:8]}",
                         "symbol": ticker}]  # fmt: skip
    parent = "run"
    if chance.random() < 0.5:
        parent = "research"
        rows.append({"type": "research", "trace": trace, "id": parent, "parent": "run", "at": clock(), "until": clock(),
                     "step": 1})  # fmt: skip
    made = Scene(chance=chance, clock=clock, trace=trace, rows=rows)
    history: list[Made] = [{"role": "user", "content": f"{news.told('What changed at {c} since {m}?')} ({ticker})"}]
    if chance.random() < 0.6:
        rows.append(retrieval(made, news, parent))
    for number in range(chance.randrange(1, 4)):
        ask = f"ask-{number}"
        wanted = chance.sample(TOOLS, chance.randrange(1, 3))
        calls = [{"id": f"call_{hexes(chance, 10)}", "name": name,
                  "arguments": {"symbol": ticker, "limit": 10 * number + place + 3}}
                 for place, name in enumerate(wanted)]  # fmt: skip
        said = {"role": "assistant", "content": chance.choice(("", "Let me look that up.")), "tool_calls": calls}
        rows.append(call(clock, trace, ask, parent, model=model, system=system, messages=list(history), output=said,
                         finish="tool_calls"))  # fmt: skip
        made.asks.append(ask)
        history.append(said)
        for each in calls:
            name, result = f"tool-{number}-{each['name']}", _result(chance, news, each["name"])
            rows.append({"type": "tool", "trace": trace, "id": name, "parent": parent, "at": clock(), "until": clock(),
                         "name": each["name"], "call_id": each["id"], "arguments": each["arguments"],
                         "result": result})  # fmt: skip
            made.tools.append(name)
            history.append({"role": "tool", "tool_call_id": each["id"], "content": as_text(result)})
    rows.append(call(clock, trace, "answer", parent, model=model, system=system, messages=list(history),
                     output=f"{chance.choice(_VIEWS)} I would {action}."))  # fmt: skip
    made.asks.append("answer")
    rows += traded(clock, trace, "run", ticker, action=action)
    rows[0]["until"] = clock()
    return made


def _result(chance: Random, news: Newsroom, name: str) -> Any:
    if chance.random() < 0.5:
        return {"tool": name, "notes": [news.told("The {p} site reported {n} orders."), "unchanged since last week"]}
    return news.told("{c} filed its report for {m}; the section on {p} has {n} pages.")


def retrieval(made: Scene, news: Newsroom, parent: str) -> Made:
    """Return a row with one or two documents."""
    documents = []
    for number in range(made.chance.randrange(1, 3)):
        text = news.body()
        documents.append({"id": f"doc-{number}", "title": news.title(), "text": text,
                          "url": f"https://wire.example.org/{hexes(made.chance, 6)}",
                          "sha256": sha256(text.encode()).hexdigest()})  # fmt: skip
    return {"type": "retrieval", "trace": made.trace, "id": "news", "parent": parent, "at": made.clock(),
            "until": made.clock(), "query": news.company, "documents": documents}  # fmt: skip


def last_tool(made: Scene) -> Made:
    """Return the row of the last tool that ran."""
    return made.row(made.tools[-1])


def document(made: Scene) -> Made:
    """Return a document of the run, which gets some where it has none."""
    for row in made.rows:
        if row["type"] == "retrieval":
            return made.chance.choice(row["documents"])
    row = retrieval(made, Newsroom(made.chance), made.row(made.asks[0])["parent"])
    made.rows.insert(2, row)
    return made.chance.choice(row["documents"])


def retold(made: Scene, row: Made, result: str) -> None:
    """Give a tool another result, in its span and in every history."""
    row["result"] = result
    for each in made.rows:
        for message in each["messages"] if each["type"] == "call" else ():
            if message.get("tool_call_id") == row["call_id"]:
                message["content"] = result
