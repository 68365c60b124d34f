"""Runs that read accounts and tell them: for the planter of units and bases."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._accounts import LABELS, WORDS, Accounts, money, shown
from planted._runs import TASKS, Run, chanced, gone, quiet, stroll

_LINES = ("revenue", "gross_profit", "operating_income", "research_and_development")
_NAMES = {"revenue": "Revenue", "gross_profit": "Gross profit", "operating_income": "Operating income",
          "research_and_development": "Research and development expense"}  # fmt: skip
_TOLD = (
    "{n} was ${a}.",
    "{n} for {y} came to ${a}, the statements show.",
    "The company reported {l} of ${a} for fiscal {y}.",
    "In {y}, {l} reached ${a}.",
    "| {n} {y} | ${a} |",
)


def begun(chance: Random) -> Run:
    run = Run(chance)
    run.enter("research")
    run.user(chance.choice(TASKS).format(s=run.symbol))
    stroll(run, 3)
    return run


def read(run: Run, given: Any, **facts: Any) -> None:
    if isinstance(given, str) and (facts or chanced(run.chance)):
        found = {"id": "f1", "title": f"{run.symbol}: report", "text": given}
        run.retrieve(f"{run.symbol} report", [found], **facts)
    else:
        run.tool(run.chance.choice(("get_financials", "read_filing")), {"symbol": run.symbol}, given)


def answered(run: Run, said: str, others: list[str] | None = None) -> tuple[Row, ...]:
    """Let the run end with a note that says something among other sentences."""
    found = [*(others or []), quiet(run.chance, 1), quiet(run.chance, 1)]
    found.insert(run.chance.randint(0, len(found)), said)
    run.answer(("\n\n" if said[0] == "|" else run.chance.choice((" ", "\n\n", "\n- "))).join(found))
    if chanced(run.chance):
        run.decide("hold", confidence=0.5)
    return run.rows()


def faulty(wording: str, rows: tuple[Row, ...], chance: Random, fault: str, scale: str = "") -> tuple[Plant, Plant]:
    """Return a plant and its twin, without what was read or, where a scale is named, often just without that."""
    if scale and chanced(chance, 0.7):
        told = tuple(_without(row, scale) for row in rows)
    else:
        told = gone(rows, chance, ("prompts", "results", "documents"))
    return (Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault),
            Plant(wording=wording, rows=told, answers=UNTOLD))  # fmt: skip


def _without(value: Any, scale: str) -> Any:
    """Return content without the words or the key that state a scale."""
    if isinstance(value, Mapping):
        return {key: _without(each, scale) for key, each in value.items() if key not in {"units", scale}}
    if isinstance(value, (list, tuple)):
        return [_without(each, scale) for each in value]
    if not isinstance(value, str):
        return value
    return value.replace(scale, "audited").replace('"units":"thousands",', "").replace('"units":"millions",', "")


def asserts(said: str) -> bool:
    """Tell whether a sentence says a scale; a bare figure may repeat a table without its header."""
    return any(f" {word}" in said for word in WORDS.values())


def wrong(chance: Random, told: Accounts) -> tuple[str, str]:
    """Return a sentence about a line of the accounts that is off by 10^3 or 10^6, and its figure."""
    key = chance.choice(_LINES)
    value = told.lines[key][0]
    off = chance.choice((-3, 3, 3) if told.unit == "millions" else (-3, -3, 3))
    text = chance.choice(_TOLD)
    told_as = money(value, told.power + off, chance.choice((1, 2)))
    if chanced(chance, 0.3) and (told.power + off or text[0] != "|"):
        told_as = f"{shown(value)} {WORDS[told.power + off]}" if told.power + off else shown(value)
    said = text.format(n=_NAMES[key], l=_NAMES[key].lower(), y=told.year, a=told_as)
    return said, told_as.split()[0]


def innocent(wording: str, rows: tuple[Row, ...]) -> Plant:
    return Plant(wording=wording, rows=rows, answers=INNOCENT)


def a_share(chance: Random) -> tuple[float, float]:
    """Return two amounts a share, the smaller one first."""
    low = round(chance.uniform(0.6, 4.2), 2)
    return low, round(low * chance.uniform(1.12, 1.7) + 0.01, 2)


def marked_table(chance: Random, told: Accounts) -> str:
    """Return accounts as HTML, CSV or Markdown whose columns state the unit."""
    short = {"thousands": "USD thousands", "millions": "$ millions"}[told.unit]
    names = [f"{told.year} ({short})", f"{told.year - 1} ({short})"]
    rows = [[LABELS[key], *(shown(value) for value in pair)] for key, pair in told.lines.items()]
    shape = chance.choice(("html", "markdown", "tab"))
    if shape == "html":
        lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (["", *names], *rows)]
        return "<table>" + "".join(lines) + "</table>"
    if shape == "tab":
        return "\n".join("\t".join(row) for row in (["Item", *names], *rows))
    return "\n".join("| " + " | ".join(row) + " |" for row in (["Item", *names], ["---"] * 3, *rows))


def suffixed(_chance: Random, told: Accounts) -> Any:
    """Return accounts as JSON whose keys end in the unit."""
    lines = {f"{key}_{told.unit}": pair[0] for key, pair in told.lines.items()}
    return {"symbol": told.symbol, "fiscal_year": told.year, **lines}
