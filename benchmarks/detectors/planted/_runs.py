"""Runs of an agent told row by row, and the taking away of what was captured: scenery of planters that read texts.

A `Run` keeps the history that each call repeats, the stage it is in, and the clock. `gone` makes a twin's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from string import ascii_uppercase
from typing import Any

from afterbell.formats.messages import as_text
from plant import Row

SYSTEMS = (
    "You are a research analyst. You read filings and explain the business.",
    "You read annual and quarterly reports and summarise what changed in the business.",
    "Role: fundamental research. Use the tools, cite what you read, and say when something is not known.",
    "You study companies from their own documents. Answer in plain sentences.",
    "You are one of several researchers. Collect facts, weigh them, and hand on a note.",
)
TASKS = (
    "What should we know about {s} before the next report?",
    "Write a short note on the business of {s}.",
    "Review the latest documents of {s} and tell me what matters.",
    "How does {s} earn its money, and what could change that?",
    "Prepare the weekly research memo on {s}.",
)
ASIDES = ("", "I will look this up.", "Let me read the document first.", "One more source is needed.")
QUIET = (
    "The company supplies control systems to makers of packaging machines and sells through its own engineers.",
    "Management described the order book as healthy and expects deliveries to follow the usual season.",
    "The largest customers renewed their framework contracts; terms were not disclosed.",
    "The auditor's opinion is unqualified, and the description of risks is unchanged from the year before.",
    "A new plant for power modules is being fitted out; the permit has been granted.",
    "The board proposes to split the roles of chair and chief executive at the next meeting.",
    "Suppliers in two regions were replaced after quality complaints, without a stop in production.",
    "Research focuses on sensors that need no calibration in the field.",
)
MARKS = ("[REDACTED]", "__REDACTED__", "<redacted>")
KINDS = {
    "prompts": ("call", ("system", "messages")),
    "outputs": ("call", ("output",)),
    "results": ("tool", ("result",)),
    "documents": ("retrieval", ("documents",)),
}
"""What of a run can be gone: the rows that hold it, and their keys."""
_MODELS = (
    ("openai", "gpt-5", "gpt-5-2025-08-07"),
    ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
    ("openai", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"),
    ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"),
)
_AGENTS = {
    "research": "fundamental analyst",
    "decision": "trader",
    "risk": "risk manager",
    "execution": "execution trader",
}
_SPANS = {"research": "research", "decision": "decision", "risk": "risk_check"}


def ticker(chance: Random) -> str:
    return "SYNTHETIC_" + chance.choice(ascii_uppercase[:20]) + chance.choice(("", "", *ascii_uppercase[:4]))


def quiet(chance: Random, most: int = 4) -> str:
    """Return a few sentences about a business that hold no figure."""
    return " ".join(chance.sample(QUIET, chance.randint(1, most)))


def chanced(chance: Random, share: float = 0.5) -> bool:
    """Tell whether a thing of this share happens."""
    return chance.random() < share


class Run:
    """One run of an agent; `rows` tells it. `told` is how stages are recorded: attribute, span, agent or order."""

    def __init__(self, chance: Random, *, at: datetime | None = None, told: str = "", symbol: str = "") -> None:
        self.chance = chance
        self.trace = f"{chance.getrandbits(128):032x}"
        self.symbol = symbol or ticker(chance)
        self.idea = f"IDEA-{chance.randint(100, 9999)}"
        self.at = at or datetime(2025, 1, 6, 14, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 525_000))
        self.told = told or chance.choice(("attribute", "span", "agent"))
        self.system = chance.choice(SYSTEMS)
        self.history: list[Row] = []
        self._model = chance.choice(_MODELS)
        self._inline = chanced(chance, 0.3)
        self._stage = ""
        self._rows: list[dict[str, Any]] = []
        self._run = self._row("run", name="desk", symbol=self.symbol, idea=self.idea, mode="paper")
        self._parent = self._run

    def enter(self, stage: str, system: str = "") -> None:
        """Go on in another stage, with a new history."""
        self._close()
        self._stage, self._parent, self.history = stage, self._run, []
        self.system = system or self.system
        if self.told == "span" and stage in _SPANS:
            self._parent = self._row(_SPANS[stage], idea=self.idea)
        self.wait()

    def wait(self, most: int = 20) -> None:
        self.at += timedelta(seconds=self.chance.randint(1, most), milliseconds=self.chance.randint(0, 999))

    def user(self, text: str) -> None:
        self.history.append({"role": "user", "content": text})

    def answer(self, output: Any, **facts: Any) -> None:
        """Ask the model for its answer to the history so far: a text, or what is written as JSON."""
        self._call(as_text(output), facts)
        self.history.append({"role": "assistant", "content": as_text(output)})

    def tool(self, name: str, arguments: Mapping[str, Any], result: Any, **facts: Any) -> None:
        """Let the model ask for a tool, run it, and feed the result back."""
        call_id = f"call_{self.chance.getrandbits(48):012x}"
        calls = [{"id": call_id, "name": name, "arguments": arguments}]
        asked = {"content": self.chance.choice(ASIDES), "tool_calls": calls}
        self._call(asked, {"finish": "tool_calls"})
        self.step("tool", name=name, call_id=call_id, arguments=arguments, result=result, **facts)
        self.history.append({"role": "assistant", **asked})
        self.history.append({"role": "tool", "tool_call_id": call_id, "content": as_text(result)})

    def retrieve(self, query: str, documents: Sequence[Row], *, pasted: bool = True, **facts: Any) -> None:
        """Fetch documents and, unless told otherwise, paste them into the prompt."""
        self.step("retrieval", name="search", query=query, documents=list(documents), **facts)
        if pasted:
            self.user("Context:\n" + "\n\n".join(f"[{each['id']}] {each['text']}" for each in documents))

    def step(self, kind: str, **facts: Any) -> None:
        row = self._row(kind, **self._staged(), **facts)
        self.wait()
        row["until"] = self.at.isoformat()

    def decide(self, action: str = "", **facts: Any) -> None:
        """Record what was decided, on the open span of the decision or on one of its own."""
        action = action or self.chance.choice(("buy", "hold", "sell", "skip"))
        facts = {"decision": f"DEC-{self.chance.randint(100, 9999)}", "idea": self.idea, "action": action, **facts}
        if self._parent["type"] == "decision":
            self._parent.update(facts)
            return
        self._close()
        self._parent = self._run
        self._stage = ""
        self.step("decision", **facts)

    def rows(self) -> tuple[Row, ...]:
        self._close()
        self._run["until"] = self.at.isoformat()
        return tuple(self._rows)

    def note(self, facts: Mapping[str, Any]) -> None:
        """Set facts of the run itself."""
        self._run.update(facts)

    def _call(self, output: Any, facts: Mapping[str, Any]) -> None:
        provider, model, answered = self._model
        system = {} if self._inline else {"system": self.system}
        first = [{"role": "system", "content": self.system}] if self._inline else []
        self.step(
            "call", provider=provider, model=model, answered=answered,
            response_id=f"resp_{self.chance.getrandbits(40):010x}", **system, messages=[*first, *self.history],
            output=output, **{"finish": "stop", **facts},
            tokens={"input": self.chance.randint(300, 9000), "output": self.chance.randint(20, 900)},
        )  # fmt: skip

    def _staged(self) -> dict[str, Any]:
        if self._stage and self.told == "attribute":
            return {"stage": self._stage}
        return {"agent": _AGENTS[self._stage]} if self._stage and self.told == "agent" else {}

    def _row(self, kind: str, **facts: Any) -> dict[str, Any]:
        row = {"type": kind, "trace": self.trace, "id": f"s{len(self._rows)}", "at": self.at.isoformat(), **facts}
        if self._rows:
            row["parent"] = self._parent["id"]
        self._rows.append(row)
        return row

    def _close(self) -> None:
        if self._parent is not self._run:
            self._parent["until"] = self.at.isoformat()


def stroll(run: Run, most: int = 3) -> None:
    """Let the run read a few things that hold neither prices nor figures."""
    for _ in range(run.chance.randint(0, most)):
        run.chance.choice(_STROLLS)(run)


def _filings(run: Run) -> None:
    forms = run.chance.sample(("10-K", "10-Q", "8-K", "DEF 14A", "S-8"), 3)
    run.tool("list_filings", {"symbol": run.symbol}, [{"form": form, "status": "available"} for form in forms])


def _profile(run: Run) -> None:
    sector = run.chance.choice(("industrial machinery", "software", "medical devices", "logistics", "retail"))
    result = {"symbol": run.symbol, "sector": sector, "about": quiet(run.chance)}
    run.tool("get_profile", {"symbol": run.symbol}, result)


def _news(run: Run) -> None:
    documents = [
        {"id": f"n{number}", "title": f"{run.symbol}: notes on the business", "text": quiet(run.chance, 2)}
        for number in range(1, run.chance.randint(2, 4))
    ]
    run.retrieve(f"{run.symbol} news", documents)


def _transcript(run: Run) -> None:
    remarks = "Operator: Good morning. " + quiet(run.chance)
    run.tool("get_transcript", {"symbol": run.symbol, "part": "remarks"}, remarks)


_STROLLS: tuple[Callable[[Run], None], ...] = (_filings, _profile, _news, _transcript)


def gone(rows: Iterable[Row], chance: Random, kinds: Iterable[str], holding: str = "") -> tuple[Row, ...]:
    """Return rows without the content of some kinds (of `KINDS`), if it holds a text.

    It is absent with a count of what was dropped, or a mark stands for it.
    """
    mark = chance.choice(("", *MARKS))
    wanted = tuple(kinds)
    return tuple(_without(dict(row), mark, wanted, holding) for row in rows)


def _without(row: dict[str, Any], mark: str, kinds: Iterable[str], holding: str) -> Row:
    owned = [names for kind in kinds for owner, names in [KINDS[kind]] if owner == row["type"]]
    held = [name for names in owned if any(holding in _flat(row.get(name, "")) for name in names) for name in names]
    if mark:
        return {key: _marked(value, mark, holding) if key in held else value for key, value in row.items()}
    kept = {key: value for key, value in row.items() if key not in held}
    return {**kept, "dropped": len(row) - len(kept)} if len(kept) < len(row) else kept


def _marked(value: Any, mark: str, holding: str) -> Any:
    """Return content with the mark in place of each text that holds `holding`; ids and roles stay."""
    if holding not in _flat(value):
        return value
    if isinstance(value, list):
        return [_marked(each, mark, holding) for each in value]
    if not isinstance(value, Mapping) or not {"role", "text"} & set(value):
        return mark
    return {
        key: mark if key in {"content", "text", "title"} and holding in _flat(kept) else kept
        for key, kept in value.items()
        if key != "tool_calls" or holding not in _flat(kept)
    }


def _flat(value: Any) -> str:
    """Return all texts and numbers within a value, whatever holds them."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key} {_flat(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(_flat(each) for each in value)
    return as_text(value)
