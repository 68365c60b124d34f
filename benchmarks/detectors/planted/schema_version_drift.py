"""A prompt or an output schema that changed inside a batch under one version; the twin has no version, or no texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from msgspec import Struct

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._desk import hexes
from planted._prompt_parts import (
    CHANGES,
    NEW_RULES,
    Changed,
    Prompt,
    copy_of,
    enum,
    field_name,
    limits,
    new_prompt,
    required,
)
from planted._shift import Made, Shift, turns

SLUG = "schema_version_drift"


_ASKS = ("Rate the item on {c} ({t}).", "New item for {t}. Apply the rules.", "Bewerte die Meldung zu {c}.")


class Batch(Struct, kw_only=True):
    """Traces that belong together, with the prompts they send; a bare prompt has no system message."""

    chance: Random
    key: str
    id: str
    ask: str
    name: str
    bare: bool
    shifts: list[Shift] = []

    def shift(self, batch: str = "") -> Shift:
        """Open a trace of this batch (or of another)."""
        shift = Shift(self.chance, **{self.key: batch or self.id})
        self.shifts.append(shift)
        shift.around(0, 2)
        return shift

    def rows(self) -> tuple[Made, ...]:
        """Return the rows of all traces."""
        return tuple(row for shift in self.shifts for row in shift.done())


def _batch(chance: Random) -> Batch:
    return Batch(chance=chance, key=chance.choice(("trading.batch.id", "trading.batch.id", "trading.run.id")),
                 id=f"B-{hexes(chance, 6)}", ask=chance.choice(_ASKS),
                 name=chance.choice(("news_grade", "risk_reader", "idea_writer")),
                 bare=chance.random() < 0.3)  # fmt: skip


def _sent(batch: Batch, shift: Shift, text: str, version: str | None = "7", **facts: Any) -> Made:
    """Add a call with this prompt; the item itself is a declared variable."""
    item = shift.story(2)
    asked = batch.ask.format(c=shift.company, t=shift.ticker)
    named = {"name": batch.name} | ({} if version is None else {"version": version})
    said = f"{asked}\n\n{item}"
    shown = {"messages": f"{text}\n\n{said}"} if batch.bare else {"system": text, "messages": said}
    frame = {"prompt": named, "gen_ai.prompt.variable.item": item, "output": '{"verdict": "neutral", "score": 0.5}'}
    return shift.call(**{**frame, **shown, **facts})


def _in_a_batch(chance: Random, change: Callable[[Random, Prompt], Changed]) -> tuple[Batch, str, str]:
    """Return a batch whose prompt changed on the way, the trace under question, and what it must show."""
    batch, old = _batch(chance), new_prompt(chance)
    new, before, after = change(chance, old)
    first, second = chance.randint(1, 3), chance.randint(1, 3)
    for number in range(first + second):
        _sent(batch, batch.shift(), (old if number < first else new).text())
    asked = first + chance.randrange(second) if not before or chance.random() < 0.6 else chance.randrange(first)
    return batch, batch.shifts[asked].trace, after if asked >= first else before


def _in_one_trace(chance: Random, change: Callable[[Random, Prompt], Changed]) -> tuple[Batch, str, str]:
    """Return one trace of several items whose prompt changed between two of them."""
    batch, old = _batch(chance), new_prompt(chance)
    new, _before, after = change(chance, old)
    shift = Shift(chance)
    batch.shifts.append(shift)
    for number in range(chance.randint(3, 6)):
        _sent(batch, shift, (new if number > 1 else old).text())
        shift.around(0, 1)
    return batch, shift.trace, after


def _output_schema(chance: Random, _change: Callable[[Random, Prompt], Changed]) -> tuple[Batch, str, str]:
    """Return a batch whose decisions state another schema under one version, the prompt being the same."""
    batch, old = _batch(chance), new_prompt(chance)
    new, before, after = chance.choice((field_name, enum, limits, required))(chance, old)
    first = chance.randint(1, 3)
    for number in range(first + 2):
        shift = batch.shift()
        _sent(batch, shift, old.text())
        _state(shift, (old if number < first else new).schema, "3")
    asked = first if not before or chance.random() < 0.6 else 0
    return batch, batch.shifts[asked].trace, after if asked else before


def _state(shift: Shift, schema: Made, version: str) -> None:
    shift.decided("hold", **{"trading.decision.output_schema.json": json.dumps(schema),
                             "trading.decision.output_schema.name": "grade",
                             "trading.decision.output_schema.version": version})  # fmt: skip


_PLACES = (_in_a_batch, _in_a_batch, _in_one_trace, _output_schema)


def _unversioned(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    found = []
    for row in rows:
        kept = {key: value for key, value in row.items() if not key.endswith("output_schema.version")}
        if "prompt" in kept:
            kept["prompt"] = {"name": kept["prompt"]["name"]}
        found.append(kept)
    return tuple(found)


def _textless(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    gone = {"system", "messages", "trading.decision.output_schema.json", "gen_ai.prompt.variable.item"}
    return tuple({key: value for key, value in row.items() if key not in gone} for row in rows)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield batches that hold a change without a new version."""
    places = turns(chance, _PLACES)
    for change in turns(chance, CHANGES):
        place = next(places)
        batch, trace, shown = place(chance, change)
        name = "output_schema" if place is _output_schema else change.__name__.strip("_")
        rows = batch.rows()
        less = chance.choice((_unversioned, _textless))
        yield (
            Plant(wording=name, rows=rows, trace=trace, answers=FAULTY, fault=shown),
            Plant(wording=less.__name__.strip("_"), rows=less(rows), trace=trace, answers=UNTOLD),
        )


def _new_version(chance: Random, batch: Batch) -> None:
    old = new_prompt(chance)
    new, _before, _after = chance.choice(CHANGES)(chance, old)
    for number in range(4):
        _sent(batch, batch.shift(), (new if number > 1 else old).text(), "8" if number > 1 else "7")


def _rendered(chance: Random, batch: Batch) -> None:
    """Symbols, companies, dates and numbers stand in the prompt, undeclared."""
    prompt = new_prompt(chance)
    for _ in range(3):
        shift = batch.shift()
        day, most = shift.now.strftime("%Y-%m-%d"), shift.chance.randrange(2, 40)
        said = f"Today is {day}. You look at {shift.company} ({shift.ticker}). At most {most} open positions."
        _sent(batch, shift, f"{prompt.text()}\n{said}")


def _order_and_space(chance: Random, batch: Batch) -> None:
    prompt = new_prompt(chance)
    for number in range(3):
        shown = copy_of(prompt)
        if number:
            fields = shown.schema["properties"]
            shown.schema = {"required": shown.schema["required"], "properties": dict(reversed(fields.items())),
                            "type": "object"}  # fmt: skip
        text = shown.text()
        _sent(batch, batch.shift(), text.replace("\n", "\n\n") + "\n  " if number == 2 else text)


def _retrieved(chance: Random, batch: Batch) -> None:
    # What was retrieved differs from trace to trace and stands in the prompt.
    prompt = new_prompt(chance)
    for _ in range(3):
        shift = batch.shift()
        found = shift.story(4)
        shift.row("retrieval", query=shift.company, documents=[{"id": f"d-{hexes(chance, 4)}", "text": found}])
        shift.call(system=prompt.text(), messages=f"Context:\n{found}\n\nApply the rules.", output=shift.story(1),
                   prompt={"name": batch.name, "version": "7"})  # fmt: skip


def _other_batch(chance: Random, batch: Batch) -> None:
    # The change lies between two batches.
    old = new_prompt(chance)
    new, _before, _after = chance.choice(CHANGES)(chance, old)
    other = f"B-{hexes(chance, 6)}"
    for number in range(4):
        _sent(batch, batch.shift(other if number > 1 else ""), (new if number > 1 else old).text())


def _alone(chance: Random, batch: Batch) -> None:
    shift = Shift(chance)
    batch.shifts.append(shift)
    shift.around(1, 3)
    _sent(batch, shift, new_prompt(chance).text())


def _equal_unversioned(chance: Random, batch: Batch) -> None:
    prompt = new_prompt(chance)
    for _ in range(3):
        shift = batch.shift()
        shift.call(system=prompt.text(), messages="Apply the rules to the item above.", output=shift.story(1),
                   prompt={"name": batch.name})  # fmt: skip


def _other_release(chance: Random, batch: Batch) -> None:
    # The service and the model were replaced; the prompt was not.
    prompt = new_prompt(chance)
    for number in range(4):
        _sent(batch, batch.shift(), prompt.text(), answered=f"gpt-5-2025-{'08-07' if number < 2 else '11-13'}",
              **{"service.version": "2.1" if number < 2 else "2.2"})  # fmt: skip


def _other_prompt(chance: Random, batch: Batch) -> None:
    """Two prompts of two names, each always the same."""
    one, two = new_prompt(chance), new_prompt(chance)
    two.rules = [*two.rules, *NEW_RULES[:2]]
    for _ in range(3):
        shift = batch.shift()
        _sent(batch, shift, one.text())
        _sent(batch, shift, two.text(), prompt={"name": f"{batch.name}_check", "version": "7"})


def _new_schema_version(chance: Random, batch: Batch) -> None:
    old = new_prompt(chance)
    new, _before, _after = chance.choice((field_name, enum, limits, required))(chance, old)
    for number in range(4):
        shift = batch.shift()
        _sent(batch, shift, old.text())
        _state(shift, (new if number > 1 else old).schema, "4" if number > 1 else "3")


def _other_items(chance: Random, batch: Batch) -> None:
    # No system prompt and nothing declared: the items were fetched by a tool and pasted below the same orders.
    prompt = new_prompt(chance)
    for _ in range(3):
        shift = batch.shift()
        found = shift.story(3)
        shift.row("tool", name="search_news", call_id="call_news", arguments={"q": shift.company}, result=found)
        shift.call(messages=f"{prompt.text()}\n\n{found}", output=shift.story(1),
                   prompt={"name": batch.name, "version": "7"})  # fmt: skip


def _longer_tables(chance: Random, batch: Batch) -> None:
    # The figures of a table differ in number and value.
    prompt = new_prompt(chance)
    for number in range(3):
        shift = batch.shift()
        rows = "\n".join(f"| {2020 + row} | {shift.chance.randrange(100, 900)}.{row} |" for row in range(3 + number))
        _sent(batch, shift, f"{prompt.text()}\n| year | margin |\n|---|---|\n{rows}")


def _universe(chance: Random, batch: Batch) -> None:
    # Each run looks at other symbols.
    prompt = new_prompt(chance)
    for number in range(3):
        shift = batch.shift()
        named = ", ".join(Shift(chance).ticker for _ in range(2 + number))
        shift.rows[0]["trading.symbol"] = named.split(", ")[0]
        _sent(batch, shift, f"{prompt.text()}\nUniverse: {named}.")


_LOOK_ALIKES: tuple[Callable[[Random, Batch], None], ...] = (
    _new_version, _rendered, _order_and_space, _retrieved, _other_batch, _alone, _equal_unversioned, _other_release,
    _other_prompt, _new_schema_version, _other_items, _longer_tables, _universe)  # fmt: skip


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield batches that changed nothing, or said so."""
    for look_alike in turns(chance, _LOOK_ALIKES):
        batch = _batch(chance)
        look_alike(chance, batch)
        asked = batch.shifts[0] if look_alike is _other_batch else chance.choice(batch.shifts)
        yield Plant(wording=look_alike.__name__.strip("_"), rows=batch.rows(), trace=asked.trace, answers=INNOCENT)
