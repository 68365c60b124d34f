"""Injection or schema: texts that reach for the agent, outputs used against their validation, and what looks so.

The twins did not keep what was retrieved, or what was put out, and nothing validated it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted import _steering
from planted._desk import hexes
from planted._shift import Made, Shift, turns
from planted._throttles import task

SLUG = "injection_or_schema"

_KNOWN = ("place_order", "submit_order", "send_email", "transfer_funds", "close_all")
_FIELDS = ("action", "side", "decision")


def _filled(shift: Shift, lines: Sequence[str]) -> str:
    chance = shift.chance
    other = "SYNTHETIC_" + "".join(chance.choice("VWXYZ") for _ in range(3))
    return chance.choice(lines).format(
        t=shift.ticker, u=other, n=chance.randrange(50, 9000), a=f"ops-{hexes(chance, 4)}@mail.example",
        d=f"{hexes(chance, 6)}.example", k=chance.choice(_KNOWN))  # fmt: skip


def _steers(shift: Shift, lines: Sequence[str]) -> tuple[str, str]:
    """Return a sentence that steers, and the words of it that must be shown."""
    said = _filled(shift, lines)
    return said.replace("[", "").replace("]", ""), said[said.index("[") + 1 : said.index("]")]


def _amid(shift: Shift, sentence: str) -> str:
    """Return the sentence somewhere in a story."""
    before, after = shift.story(shift.chance.randint(1, 3)), shift.story(shift.chance.randint(1, 3))
    return shift.chance.choice((f"{before} {sentence} {after}", f"{before}\n\n{sentence}\n\n{after}",
                                f"{before}\n{sentence}"))  # fmt: skip


def _tool(shift: Shift, result: Any, **more: Any) -> None:
    shift.row("tool", name=shift.chance.choice(("search_news", "get_filing", "read_page", "get_mail")),
              call_id=f"call_{hexes(shift.chance, 8)}", arguments={"symbol": shift.ticker}, result=result,
              **more)  # fmt: skip


def _page(shift: Shift, **facts: Any) -> None:
    made = {"id": f"doc-{hexes(shift.chance, 4)}", "title": shift.said("{c} reports on {p}"), "text": shift.story(),
            "url": f"https://wire.example.org/{hexes(shift.chance, 6)}"}  # fmt: skip
    shift.row("retrieval", query=shift.company, documents=[made | facts])


def _answered(shift: Shift) -> None:
    shift.call(**task(shift), output=shift.story(2))
    shift.decided(shift.chance.choice(("hold", "buy")))


# ---- texts that reach for the agent: each returns the words that must be shown ---------------------------------------


def _in_a_result(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.TOOLS)
    _tool(shift, _amid(shift, said))
    _answered(shift)
    return shown


def _in_json(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.ORDERS)
    items = [{"headline": shift.said("{c} in {p}"), "body": shift.story(2)} for _ in range(3)]
    items[shift.chance.randrange(3)]["body"] = _amid(shift, said)
    _tool(shift, {"items": items})
    _answered(shift)
    return shown


def _in_a_document(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.DATA_OUT)
    _page(shift, text=_amid(shift, said))
    _answered(shift)
    return shown


def _in_a_title(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.RATINGS)
    _page(shift, title=said)
    _answered(shift)
    return shown


def _in_an_error(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.TOOLS)
    shift.row("tool", name="get_quote", call_id="call_e", arguments={"symbol": shift.ticker},
              error={"type": "ToolError", "message": f"Quota of the free plan used. {said}"})  # fmt: skip
    _answered(shift)
    return shown


def _rating_demanded(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.RATINGS)
    _tool(shift, _amid(shift, said))
    _answered(shift)
    return shown


def _hidden_in_a_comment(shift: Shift) -> str:
    said, shown = _steers(shift, (*_steering.ORDERS[:3], *_steering.TOOLS[:4]))
    _page(shift, text=f"<html><p>{shift.story()}</p><!-- {said} --><p>{shift.story()}</p></html>")
    _answered(shift)
    return shown


def _in_chinese(shift: Shift) -> str:
    said, shown = _steers(shift, _steering.CHINESE)
    _tool(shift, _amid(shift, said))
    _answered(shift)
    return shown


_TEXTS: tuple[Callable[[Shift], str], ...] = (
    _in_a_result, _in_json, _in_a_document, _in_a_title, _in_an_error, _rating_demanded, _hidden_in_a_comment,
    _in_chinese)  # fmt: skip


# ---- outputs used against their validation ---------------------------------------------------------------------------


def _schema(shift: Shift) -> tuple[str, Made]:
    field = shift.chance.choice(_FIELDS)
    return field, {
        "type": "object", "required": [field, "quantity", "confidence"],
        "properties": {field: {"type": "string", "enum": ["buy", "sell", "hold"]}, "quantity": {"type": "number"},
                       "confidence": {"type": "number"}, "notes": {"type": "array", "items": {"type": "string"}}},
    }  # fmt: skip


def _good(shift: Shift, field: str) -> Made:
    return {field: "buy", "quantity": shift.chance.randrange(1, 900), "confidence": shift.chance.random(),
            "notes": [shift.said("{p}")]}  # fmt: skip


def _bad(shift: Shift, field: str) -> tuple[str, str]:
    """Return an output that departs from the schema, and a part of it."""
    good = _good(shift, field)
    way = shift.chance.randrange(6)
    if way == 0:
        said = shift.said("I would buy a little, given what {p} tells us.")
        return said, said[:20]
    if way == 1:
        del good["confidence"]
    elif way == 2:
        good["quantity"] = "a few hundred"
    elif way == 3:
        good[field] = "accumulate"
    elif way == 4:
        return json.dumps([good]), field
    else:
        return json.dumps(good)[:-9], field
    return json.dumps(good), field


def _declared(shift: Shift, schema: Made, output: str, **more: Any) -> None:
    """Add a call whose response format declares the schema, in one of the ways that emitters have."""
    wrapped = {"type": "json_schema", "json_schema": {"name": "trade", "strict": True, "schema": schema}}
    way = shift.chance.randrange(2)
    facts: Made = (
        {"gen_ai.request.response_format": json.dumps(wrapped)} if way == 0
        else {"llm.invocation_parameters": json.dumps({"temperature": 0, "response_format": wrapped})}
    )  # fmt: skip
    shift.call(**task(shift), output=output, **facts, **more)


def _check(shift: Shift, verdict: str, **facts: Any) -> None:
    name = shift.chance.choice(("decision_schema", "output_guard", "trade_contract"))
    shift.row("validation", name=name, verdict=verdict, **facts)


def _act(shift: Shift) -> None:
    if shift.chance.random() < 0.5:
        shift.decided("buy")
    shift.ordered()


def _denied(shift: Shift) -> str:
    shift.call(**task(shift), output=shift.story(1))
    verdict = shift.chance.choice(("reject", "deny", "rejected"))
    _check(shift, verdict, strict=True, errors=shift.chance.choice(("missing: quantity", "not JSON", "enum: action")))
    _act(shift)
    return verdict


def _denied_by_a_risk_check(shift: Shift) -> str:
    shift.call(**task(shift), output=shift.story(1))
    shift.row("risk_check", name="output_schema", verdict="deny")
    _act(shift)
    return "deny"


def _fails_the_format(shift: Shift) -> str:
    field, schema = _schema(shift)
    said, shown = _bad(shift, field)
    _declared(shift, schema, said)
    _act(shift)
    return shown


def _allowed_leniently(shift: Shift) -> str:
    field, schema = _schema(shift)
    said, shown = _bad(shift, field)
    _declared(shift, schema, said)
    _check(shift, shift.chance.choice(("pass", "coerced", "allow")), strict=False)
    _act(shift)
    return shown


def _fails_the_decision(shift: Shift) -> str:
    """Let the decision's own schema be the one that the last answer departs from."""
    field, schema = _schema(shift)
    said, shown = _bad(shift, field)
    shift.call(**task(shift), output=said)
    shift.decided("buy", **{"trading.decision.output_schema.json": json.dumps(schema),
                            "trading.decision.output_schema.name": "trade_v2"})  # fmt: skip
    shift.ordered()
    return shown


_OUTPUTS: tuple[Callable[[Shift], str], ...] = (
    _denied, _denied_by_a_risk_check, _fails_the_format, _allowed_leniently, _fails_the_decision)  # fmt: skip


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield runs that were reached for, or that used what should not have passed, each with a twin that kept less."""
    for fault in turns(chance, (*_TEXTS, *_OUTPUTS)):
        shift, name = Shift(chance), fault.__name__.strip("_")
        shift.around(0, 2)
        shown = fault(shift)
        if fault in _TEXTS:
            shift.around(0, 1)
        rows = shift.done()
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=shown),
            Plant(wording=f"{name}, not kept", rows=_bare(rows), answers=UNTOLD),
        )


def _bare(rows: tuple[Made, ...]) -> tuple[Made, ...]:
    """Return the rows without retrieved texts, errors, outputs, schemas and verdicts."""
    gone = {"result", "error", "output", "messages", "gen_ai.request.response_format", "llm.invocation_parameters",
            "trading.decision.output_schema.json"}  # fmt: skip
    found = []
    for row in rows:
        if row["type"] in {"retrieval", "validation", "risk_check"}:
            continue
        found.append({key: value for key, value in row.items() if key not in gone})
    return tuple(found)


# ---- look-alikes ----------------------------------------------------------------------------------------------------


def _quiet(lines: Sequence[str]) -> Callable[[Shift], None]:
    def add(shift: Shift) -> None:
        said = _filled(shift, lines)
        if shift.chance.random() < 0.5:
            _tool(shift, _amid(shift, said))
        else:
            _page(shift, text=_amid(shift, said))
        _answered(shift)

    return add


def _ours(shift: Shift) -> None:
    """Let our own prompt command the tools and the rating."""
    _tool(shift, shift.story())
    facts = task(shift)
    facts["messages"] = f"{_filled(shift, _steering.TOOLS[:3])}\n{facts['messages']}"
    shift.call(**facts, output=shift.story(1))
    shift.decided("buy")


def _denied_then_held(shift: Shift) -> None:
    _tool(shift, shift.story())
    shift.call(**task(shift), output=shift.story(1))
    _check(shift, "reject", strict=True)
    shift.decided(shift.chance.choice(("hold", "skip")))


def _denied_then_mended(shift: Shift) -> None:
    _tool(shift, shift.story())
    field, _rest = _schema(shift)
    facts = task(shift)
    shift.call(**facts, output=_bad(shift, field)[0])
    _check(shift, "reject", strict=True)
    shift.call(**facts, output=json.dumps(_good(shift, field)))
    _check(shift, "pass", strict=True)
    _act(shift)


def _keeps_the_schema(shift: Shift) -> None:
    _tool(shift, shift.story())
    field, schema = _schema(shift)
    text = json.dumps(_good(shift, field))
    _declared(shift, schema, shift.chance.choice((text, f"```json\n{text}\n```")))
    _check(shift, "pass", strict=True)
    _act(shift)


def _mended_before_use(shift: Shift) -> None:
    _tool(shift, shift.story())
    field, schema = _schema(shift)
    _declared(shift, schema, _bad(shift, field)[0])
    _declared(shift, schema, json.dumps(_good(shift, field)))
    _act(shift)


def _fails_then_held(shift: Shift) -> None:
    _tool(shift, shift.story())
    field, schema = _schema(shift)
    _declared(shift, schema, _bad(shift, field)[0])
    shift.decided("hold")


_ALIKE: tuple[tuple[str, Callable[[Shift], None]], ...] = (
    ("promotion for people", _quiet(_steering.PROMOTION)),
    ("letters to people", _quiet(_steering.PEOPLE)),
    ("reports about attacks", _quiet(_steering.REPORTED)),
    ("manuals", _quiet(_steering.MANUALS)),
    ("our own prompt", _ours),
    ("denied, then held", _denied_then_held),
    ("denied, then a valid retry", _denied_then_mended),
    ("the schema is kept", _keeps_the_schema),
    ("mended before it was used", _mended_before_use),
    ("fails, then held", _fails_then_held),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that nothing reached for and that used nothing that should not have passed."""
    for wording, change in turns(chance, _ALIKE):
        shift = Shift(chance)
        shift.around(0, 2)
        change(shift)
        yield Plant(wording=wording, rows=shift.done(), answers=INNOCENT)
