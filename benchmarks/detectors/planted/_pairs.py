"""Two runs of one idea for planters: how a side asks its models, the runs it makes, and prompts that were not kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from msgspec import Struct, structs

from plant import Row
from planted._floor import Tape, iso, moment, stroll, symbol
from planted._floor import facts as facts_of
from planted._templates import OPENINGS, RULES, SAME_MODELS, tools_of

AGENTS = ("equity analyst", "idea agent", "desk agent", "portfolio agent", "screener")
_OTHERS = ("order router", "compliance reader", "report writer")


class Side(Struct, frozen=True, kw_only=True):
    """What a run asked its models with: `facts` stand on every call, `run` on the root."""

    system: str
    tools: tuple[Row, ...] = ()
    facts: Mapping[str, Any] = {}
    run: Mapping[str, Any] = {}
    model: tuple[str, str, str] = ()  # type: ignore[assignment]
    query: Mapping[str, Any] = {}
    kept: bool = True


def side_of(chance: Random) -> Side:
    """Return a way of asking; the role is told by the prompt's name, by the agent's, or not at all."""
    facts: dict[str, Any] = {}
    role = chance.randrange(3)
    if role == 0:
        facts["prompt"] = {"name": chance.choice(("idea-review", "desk/weekly", "analyst_v"))}
    if role <= 1:
        facts["agent"] = chance.choice(AGENTS)
    model = chance.choice(SAME_MODELS)[0]
    return Side(system=system_of(chance), tools=tools_of(chance), facts=facts, model=model)


def system_of(chance: Random, *rules: str) -> str:
    """Return a system prompt; the rules stand somewhere among others."""
    joint, opening = chance.choice((" ", "\n", "\n- ")), chance.choice(OPENINGS)
    lines = [*chance.sample(RULES, chance.randint(2, 5))]
    for rule in rules:
        lines.insert(chance.randint(0, len(lines)), rule)
    return opening + joint + joint.join(lines)


def beside(side: Side, **facts: Any) -> Side:
    return structs.replace(side, facts={**side.facts, **facts})


def versioned(side: Side, version: str) -> Side:
    name = side.facts.get("prompt", {}).get("name") or "main"
    return beside(side, prompt={"name": name, "version": version})


def pair(chance: Random, before: Side, after: Side, *, idea: bool = True, wider: bool = True,
          action: str = "") -> tuple[tuple[Row, ...], str]:  # fmt: skip
    """Return the rows of a research run and of an execution run, and the trace under question."""
    named = {"idea": f"IDEA-{chance.randint(100, 9999)}"} if idea else {}
    about, start = symbol(chance), moment(chance)
    first = run_of(chance, before, start, {**named, "symbol": about})
    first.call(chance.choice(("Worth a closer look.", "The case holds; hand it to execution.", "Keep it on the list.")))
    second = run_of(chance, after, start + timedelta(hours=chance.randint(1, 90)), {**named, "symbol": about})
    if wider and "agent" in after.facts and chance.random() < 0.4:
        other_role(second)
    second.call(chance.choice(("Go ahead with a small size.", '{"action": "buy", "size": "small"}')))
    action = action or chance.choice(("buy", "sell", "buy"))
    second.decide(action, **named)
    if action in {"buy", "sell"}:
        second.trade(action, **named)
    tapes = [first, second] if chance.random() < 0.7 else [second, first]
    rows = tuple(row for tape in tapes for row in tape.told())
    return rows, chance.choice((first.trace, second.trace))


def run_of(chance: Random, side: Side, at: Any, facts: Mapping[str, Any]) -> Tape:
    system = side.system.format_map(_Filled(chance, str(facts["symbol"]), iso(at)))
    tape = Tape(chance, at=at, system=system, **{**facts, **side.run})
    tape.model = side.model
    tape.beside = {**side.facts, **({"tools": list(side.tools)} if side.tools else {})}
    tape.user()
    if side.query:
        about = {"id": "d1", "title": "Outlook", "text": facts_of(chance)}
        tape.read(f"{tape.symbol} outlook", [about], **side.query)
    stroll(tape)
    return tape


class _Filled(dict[str, str]):
    """Fills a template's variables: a new figure, time or name each time."""

    def __init__(self, chance: Random, about: str, at: str) -> None:
        super().__init__(symbol=about, date=at[:10], time=at)
        self.chance = chance

    def __missing__(self, key: str) -> str:
        return f"{self.chance.uniform(1, 90_000):,.2f}" if key == "cash" else str(self.chance.randint(2, 400))


def other_role(tape: Tape) -> None:
    """Let a second agent with its own prompt, tools and model speak in between."""
    kept = tape.history, tape.system, tape.beside, tape.model
    tape.history, tape.system, tape.beside = [], system_of(tape.chance), {"agent": tape.chance.choice(_OTHERS)}
    tape.model = ("openai", "gpt-5-nano", "gpt-5-nano-2025-08-07")
    tape.user("Put the note into the form of the desk.")
    tape.call("Done.")
    tape.history, tape.system, tape.beside, tape.model = kept


def unkept(rows: tuple[Row, ...], mark: str) -> tuple[Row, ...]:
    """Return rows whose prompts are not kept: absent, or marks in both runs."""
    return tuple(_unkept_row(dict(row), mark) for row in rows)


def _unkept_row(row: dict[str, Any], mark: str) -> Row:
    if row["type"] != "call":
        return row
    kept = {key: value for key, value in row.items() if key not in {"system", "messages"}}
    if not mark:
        return kept
    return {**kept, "system": mark, "messages": [{"role": each["role"], "content": mark} for each in row["messages"]]}
