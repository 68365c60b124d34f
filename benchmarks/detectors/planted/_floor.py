"""A trading floor for planters: a run told row by row with the history its calls repeat, and its texts taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from afterbell.formats.messages import as_text
from plant import Row

SYSTEMS = (
    "You are an equity analyst. Read what the tools return, then write a short note with a view.",
    "You work for a small trading desk. Weigh the evidence for and against an idea and propose an action.",
    "Role: portfolio assistant. Facts come from tools only. Say what you do not know.",
    "You review companies for a long-short book. Name the strongest argument of each side.",
    "You prepare decisions. Read the sources, state a view and the reason for it in two sentences.",
    "You are the news desk of a fund. Sort what is material from what is noise.",
)
TASKS = (
    "Is there a trade in {s}?",
    "Look at the latest on {s} and propose what to do.",
    "Check whether our view on {s} still holds.",
    "Prepare {s} for the morning meeting.",
    "Go through the new material about {s}.",
    "{s} is on the list for today. What do the sources say?",
)
VIEWS = (
    "The sources agree on the main points; I see no reason for a large change.",
    "Demand looks steady and costs are under control, so a small position is defensible.",
    "The evidence is mixed. I would wait for the next report.",
    "Management's plan is credible, though the timing of the new site is uncertain.",
    "Nothing here changes the view; the risks are known.",
)
FACTS = (
    "The company opened a service centre near the port and moved two teams there.",
    "Its largest customer renewed the framework contract on unchanged terms.",
    "The permit for the second line was granted after the hearing in spring.",
    "Dealers say that stocks of the older model are nearly cleared.",
    "A new head of purchasing joins from a supplier in the autumn.",
    "The works council agreed to the new shift plan.",
    "Quality complaints about the valve have stopped since the supplier changed.",
    "The software unit signed three hospitals as pilot customers.",
    "Lead times for the control boards are back to normal.",
    "The lease of the old headquarters ends and will not be renewed.",
    "A patent dispute with a rival was settled without payment.",
    "The recall in the north was completed and the file was closed.",
)
MARKS = ("[REDACTED]", "__REDACTED__", "<redacted>")
MODELS = (
    ("openai", "gpt-5", "gpt-5-2025-08-07"),
    ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
    ("openai", "gpt-4.1", "gpt-4.1-2025-04-14"),
    ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"),
)
PUBLISHERS = ("Example Wire", "Harbour Daily", "The Ledger Post", "Market Notebook", "Northern Courier")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def symbol(chance: Random) -> str:
    """Return a synthetic ticker."""
    return "SYNTHETIC_" + chance.choice(_LETTERS) + chance.choice(("", *_LETTERS[:6]))


def moment(chance: Random) -> datetime:
    """Return a minute of a year of office hours."""
    day = datetime(2025, 2, 3, 8, tzinfo=UTC) + timedelta(days=chance.randint(0, 330))
    return day + timedelta(minutes=chance.randint(0, 9 * 60), seconds=chance.randint(0, 59))


def facts(chance: Random, most: int = 3) -> str:
    """Return a few sentences about a business that steer nobody."""
    return " ".join(chance.sample(FACTS, chance.randint(1, most)))


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


class Tape:
    """One run; `rows` are what it left. `facts` stand on its root and so for the whole run."""

    def __init__(self, chance: Random, *, at: datetime | None = None, system: str = "", **facts: Any) -> None:
        self.chance = chance
        self.trace = f"{chance.getrandbits(128):032x}"
        self.at = at or moment(chance)
        self.symbol = str(facts.get("symbol") or symbol(chance))
        self.system = system or chance.choice(SYSTEMS)
        self.model = chance.choice(MODELS)
        self.history: list[Row] = []
        self.rows: list[dict[str, Any]] = []
        self.beside: dict[str, Any] = {}  # facts of every model call to come
        self._inline = chance.random() < 0.4
        self.put("run", name=chance.choice(("desk", "agent run", "session")), **{"symbol": self.symbol, **facts})

    def put(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Add a row that takes a moment."""
        name = f"{self.chance.getrandbits(64):016x}"
        row = {"type": kind, "trace": self.trace, "id": name, "at": iso(self.at), **facts}
        if self.rows:
            row.setdefault("parent", self.rows[0]["id"])
        self.wait(9)
        self.rows.append({**row, "until": iso(self.at)})
        return self.rows[-1]

    def wait(self, most: int) -> None:
        self.at += timedelta(seconds=self.chance.randint(1, most), milliseconds=self.chance.randint(1, 999))

    def user(self, text: str = "") -> None:
        text = text or self.chance.choice(TASKS).format(s=self.symbol)
        self.history.append({"role": "user", "content": text})

    def call(self, output: Any = None, **facts: Any) -> dict[str, Any]:
        """Ask the model with the history so far, and remember its answer."""
        said = self.chance.choice(VIEWS) if output is None else output
        provider, model, answered = self.model
        first = [{"role": "system", "content": self.system}] if self._inline else []
        told = {
            "provider": provider, "model": model, "answered": answered, "finish": "stop",
            "response_id": f"resp_{self.chance.getrandbits(48):012x}",
            "tokens": {"input": self.chance.randint(400, 9000), "output": self.chance.randint(20, 700)},
            **({} if self._inline else {"system": self.system}), "messages": [*first, *self.history], "output": said,
        }  # fmt: skip
        row = self.put("call", **{**told, **self.beside, **facts})
        self.history.append(
            {"role": "assistant", **said} if isinstance(said, Mapping) else {"role": "assistant", "content": said}
        )
        return row

    def tool(self, name: str, arguments: Mapping[str, Any], result: Any, **facts: Any) -> dict[str, Any]:
        """Let the model ask for a tool, run it and feed its result back. An `error` is fed back as its message."""
        call_id = f"call_{self.chance.getrandbits(40):010x}"
        self.call({"content": "", "tool_calls": [{"id": call_id, "name": name, "arguments": dict(arguments)}]},
                  finish="tool_calls")  # fmt: skip
        told = {"result": result} if result is not None else {}
        row = self.put("tool", name=name, call_id=call_id, arguments=dict(arguments), **told, **facts)
        back = as_text(result if result is not None else facts["error"]["message"])
        self.history.append({"role": "tool", "tool_call_id": call_id, "content": back})
        return row

    def read(self, query: str, documents: Sequence[Row], **facts: Any) -> dict[str, Any]:
        """Fetch documents and paste their texts into the prompt."""
        row = self.put("retrieval", name="search", query=query, documents=[dict(each) for each in documents], **facts)
        pasted = "\n\n".join(str(each["text"]) for each in documents)
        self.user(f"Sources for {self.symbol}:\n\n{pasted}")
        return row

    def decide(self, action: str = "", **facts: Any) -> dict[str, Any]:
        action = action or self.chance.choice(("buy", "hold", "sell"))
        number = self.chance.randint(100, 9999)
        return self.put("decision", **{"decision": f"DEC-{number}", "action": action, **facts})

    def trade(self, side: str = "buy", **facts: Any) -> None:
        """Submit an order that is filled."""
        quantity = str(self.chance.randint(1, 60) * 10)
        price, number = f"{self.chance.uniform(8, 300):.2f}", f"CO-{self.chance.randint(100, 99999)}"
        sent = {"client_order_id": number, "side": side, "quantity": quantity, "status": "filled"}
        row = self.put("order", price=price, position_effect="open", **sent, **facts)
        self.rows.append({
            "type": "execution_report", "trace": self.trace, "span": row["id"], "at": iso(self.at),
            "exec_type": "trade", "exec_id": f"EX-{number}", "last_quantity": quantity, "last_price": price,
            "leaves_quantity": "0", **sent,
        })  # fmt: skip

    def told(self) -> tuple[Row, ...]:
        """Return the rows; the run ends now."""
        self.rows[0]["until"] = iso(self.at)
        return tuple(self.rows)


def stroll(tape: Tape, most: int = 2) -> None:
    """Let the run read a few things that hold no dates, prices or instructions."""
    chance, s = tape.chance, tape.symbol
    for _ in range(chance.randint(0, most)):
        kind = chance.randrange(4)
        if kind == 0:
            tape.tool("get_profile", {"symbol": s}, {"symbol": s, "sector": chance.choice(("retail", "software")),
                                                     "about": facts(chance)})  # fmt: skip
        elif kind == 1:
            tape.tool("get_transcript", {"symbol": s}, "Operator: Good morning. " + facts(chance))
        elif kind == 2:
            tape.tool("list_suppliers", {"symbol": s, "limit": chance.randint(3, 40)}, {"suppliers": [], "total": 0})
        else:
            documents = [{"id": f"d{chance.randint(10, 999)}", "title": f"Notes on {s}", "text": facts(chance)}
                         for _ in range(chance.randint(1, 3))]  # fmt: skip
            tape.read(f"{s} background", documents)


def gone(rows: Iterable[Row], holding: Sequence[str], mark: str = "") -> tuple[Row, ...]:
    """Return rows in which each text that holds one of these is a mark; without a mark the attribute is dropped."""
    return tuple(_row(row, holding, mark) for row in rows)


_CONTENTS = ("result", "messages", "documents", "output", "system", "error")


def _row(row: Row, holding: Sequence[str], mark: str) -> Row:
    made = dict(row)
    for key in (key for key in row if key in _CONTENTS or key == "attributes" or "." in key):
        if not _holds(row[key], holding):
            continue
        if key == "error":
            made[key] = {**row[key], "message": mark}
        elif not mark:
            del made[key]
            made["dropped"] = made.get("dropped", 0) + 1
        elif key in {"messages", "documents"}:
            made[key] = [_entry(each, holding, mark) for each in row[key]]
        else:
            made[key] = mark
    return made


def _entry(entry: Row, holding: Sequence[str], mark: str) -> Row:
    """Return a message or document with marks; who spoke, and what a document is called, stays."""
    kept = {"id", "url", "role", "tool_call_id"}
    return {key: mark if key not in kept and _holds(value, holding) else value for key, value in entry.items()}


def _holds(value: Any, holding: Sequence[str]) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(each, holding) for each in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(each, holding) for each in value)
    return isinstance(value, str) and any(text in value or _escaped(text) in value for text in holding)


def _escaped(text: str) -> str:
    """Return a text as it stands within JSON."""
    return orjson.dumps(text).decode()[1:-1]
