"""A fallback answered in another structure than the primary's, and its answer was used unchecked.

The twin holds no answer of the fallback, or nothing that tells what structure was wanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from msgspec import Struct

from plant import FAULTY, GENAI, INNOCENT, NATIVE, OPENINFERENCE, UNTOLD, Plant
from planted._shift import Made, Shift, turns
from planted._throttles import gateway_row

SLUG = "fallback_schema_mismatch"

Value = dict[str, Any]

_SYSTEMS = (
    "You grade a company from its filing. Answer in the agreed JSON.", "Return one JSON object with your view.",
    "You turn notes into a trade proposal. JSON only.", "You are the analyst; a parser reads your answer.",
)  # fmt: skip
_ASKS = ("Grade {c} ({t}).\n\n{s}", "Notes on {t}:\n{s}", "{s}\n\nWhat is your view of {c}?")


def _answer(shift: Shift) -> Value:
    """Return an answer in the primary's structure."""
    chance = shift.chance
    return {
        "action": chance.choice(("buy", "sell", "hold")), "confidence": round(chance.uniform(0.41, 0.93), 2),
        "size": {"quantity": chance.randrange(5, 90) * 10, "unit": "shares"}, "rationale": shift.story(1),
        "sources": [shift.said("{p} filing") for _ in range(chance.randint(1, 4))],
    }  # fmt: skip


_SCHEMA: Value = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["buy", "sell", "hold"]}, "confidence": {"type": "number"},
        "size": {"type": "object", "properties": {"quantity": {"type": "number"}, "unit": {"type": "string"}},
                 "required": ["quantity", "unit"]},
        "rationale": {"type": "string"}, "sources": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"}, "tags": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["action", "confidence", "size", "rationale", "sources"],
}  # fmt: skip

# ---- what a fallback may make of it: the output and the part of it that is wrong ------------------------------------

Broken = tuple[str, str]


def _prose(shift: Shift, value: Value) -> Broken:
    said = f"I would {value['action']} {shift.ticker}. {shift.story(2)} My confidence is about {value['confidence']}."
    return said, said[:30]


def _renamed(_shift: Shift, value: Value) -> Broken:
    return json.dumps(
        {"recommendation" if key == "action" else key: each for key, each in value.items()}
    ), "recommendation"


def _missing(shift: Shift, value: Value) -> Broken:
    gone = shift.chance.choice(("size", "confidence", "rationale"))
    return json.dumps({key: each for key, each in value.items() if key != gone}), '"action"'


def _typed(shift: Shift, value: Value) -> Broken:
    word = shift.chance.choice(("high", "medium", "very sure"))
    return json.dumps({**value, "confidence": word}), word


def _flat(_shift: Shift, value: Value) -> Broken:
    text = f"{value['size']['quantity']} shares"
    return json.dumps({**value, "size": text}), text


def _nested(_shift: Shift, value: Value) -> Broken:
    return json.dumps({"result": value}, indent=1), '"result"'


def _listed(_shift: Shift, value: Value) -> Broken:
    return json.dumps([value]), "[{"


def _cut(shift: Shift, value: Value) -> Broken:
    whole = json.dumps(value)
    return whole[: shift.chance.randrange(60, len(whole) - 20)], whole[:20]


def _error_body(shift: Shift, _value: Value) -> Broken:
    body = {"error": {"message": "The upstream model is not available", "code": shift.chance.randrange(500, 530)}}
    return json.dumps(body), "upstream"


def _null(shift: Shift, value: Value) -> Broken:
    key = shift.chance.choice(("confidence", "rationale"))
    return json.dumps({**value, key: None}), "null"


def _number_in_text(_shift: Shift, value: Value) -> Broken:
    text = f'"{value["confidence"]}"'
    return json.dumps({**value, "confidence": str(value["confidence"])}), text


def _yaml(_shift: Shift, value: Value) -> Broken:
    lines = [f"{key}: {each}" for key, each in value.items() if isinstance(each, (str, float))]
    return "\n".join(lines), lines[0]


def _thinks_first(shift: Shift, value: Value) -> Broken:
    # The parser meets the thoughts before the object.
    return f"<think>{shift.story(2)}</think>\n{value['action'].upper()} it is.", "<think>"


_BREAKS: tuple[Callable[[Shift, Value], Broken], ...] = (
    _prose, _renamed, _missing, _typed, _flat, _nested, _listed, _cut, _error_body, _null,
    _number_in_text, _yaml, _thinks_first)  # fmt: skip


def _enum(shift: Shift, value: Value) -> Broken:
    """Needs a declared enum."""
    word = shift.chance.choice(("strong_buy", "accumulate", "overweight"))
    return json.dumps({**value, "action": word}), word


class Desk(Struct, kw_only=True):
    """One task of a shift: what is asked, how its structure is known, the gateway's rows."""

    shift: Shift
    system: str
    declared: str
    gateway: list[Made] = []

    def asked(self) -> Made:
        """Return a prompt of this task, about the same matter every time but in its data."""
        shift = self.shift
        text = shift.chance.choice(_ASKS).format(c=shift.company, t=shift.ticker, s=shift.story())
        facts: Made = {"system": self.system, "messages": text}
        if self.declared == "tool":
            facts["tools"] = [{"type": "function", "function": {"name": "submit_view", "parameters": _SCHEMA}}]
        if self.declared == "request":
            wanted = {"type": "json_schema", "json_schema": {"name": "view", "schema": _SCHEMA}}
            facts["gen_ai.request.response_format"] = wanted
        return facts


def _desk(shift: Shift) -> Desk:
    declared = shift.chance.choice(("request", "decision", "primary", "primary"))
    desk = Desk(shift=shift, system=shift.chance.choice(_SYSTEMS), declared=declared)
    if declared == "primary":
        for _ in range(shift.chance.randint(1, 3)):
            call = shift.call(**desk.asked(), output=json.dumps(_answer(shift)))
            desk.gateway.append(gateway_row(shift, call, model=shift.snapshot))
            shift.around(0, 1)
    return desk


# ---- how a fallback shows -------------------------------------------------------------------------------------------

_OTHERS = (("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-4.1"), ("gcp.gemini", "gemini-2.5-flash"),
           ("deepseek", "deepseek-chat"))  # fmt: skip


def _other(shift: Shift) -> tuple[str, str]:
    return shift.chance.choice([pair for pair in _OTHERS if pair[0] != shift.provider])


def _stated(desk: Desk, output: str, **facts: Any) -> None:
    provider, model = _other(desk.shift)
    reason = desk.shift.chance.choice(("rate_limit", "error", "timeout"))
    desk.shift.call(model=model, provider=provider, **desk.asked(), output=output, **facts,
                    **{"trading.llm.fallback.from_model": desk.shift.model, "trading.llm.fallback.to_model": model,
                       "trading.llm.fallback.reason": reason})  # fmt: skip


def _answered_by_another(desk: Desk, output: str, **facts: Any) -> None:
    _provider, model = _other(desk.shift)
    desk.shift.call(model=desk.shift.model, answered=model, **desk.asked(), output=output, **facts)


def _after_an_error(desk: Desk, output: str, **facts: Any) -> None:
    provider, model = _other(desk.shift)
    asked = desk.asked()
    kind = desk.shift.chance.choice(("APITimeoutError", "InternalServerError", "RateLimitError"))
    desk.shift.failed(kind, "The request failed.", **asked)
    desk.shift.call(model=model, provider=provider, **asked, output=output, **facts)


def _at_the_gateway(desk: Desk, output: str, **facts: Any) -> None:
    # The call carries no model that answered; the gateway's rows tell of two providers.
    provider, model = _other(desk.shift)
    call = desk.shift.call(**desk.asked(), output=output, **facts)
    del call["answered"]
    desk.gateway += [gateway_row(desk.shift, call, model=desk.shift.model, code="503"),
                     gateway_row(desk.shift, call, model=model, name=provider)]  # fmt: skip


def _told_by_an_event(desk: Desk, output: str, **facts: Any) -> None:
    # A router's span around the attempts says in an event what it fell back from and to.
    provider, model = _other(desk.shift)
    asked, router = desk.asked(), desk.shift.row("span", kind="CHAIN", name="llm router")
    router["events"] = [{"name": "fallback", "at": router["until"], "trading.llm.fallback.from_model": desk.shift.model,
                         "trading.llm.fallback.to_model": model}]  # fmt: skip
    desk.shift.call(model=model, provider=provider, parent=router["id"], **asked, output=output, **facts)
    router["until"] = desk.shift.tick()


_SHOWN = (_stated, _answered_by_another, _after_an_error, _at_the_gateway, _told_by_an_event)


def _used(desk: Desk) -> None:
    """Let a decision, an order or a next call rest on the last output."""
    shift = desk.shift
    if shift.chance.random() < 0.25:
        shift.row("validation", name="parser", strict=False, verdict=shift.chance.choice(("pass", "coerced")))
    last = [row for row in shift.rows if row["type"] == "call"][-1]
    if desk.declared == "decision":
        shift.decided("buy", **{"trading.decision.output_schema.json": json.dumps(_SCHEMA),
                                "trading.decision.output_schema.name": "view"})  # fmt: skip
    elif shift.chance.random() < 0.3:
        said = last["messages"]
        history = [{"role": "user", "content": said}] if isinstance(said, str) else list(said)
        history += [{"role": "assistant", "content": last["output"]}, {"role": "user", "content": "Size the position."}]
        shift.call(system="You size positions.", messages=history, output=f"{shift.chance.randrange(10, 90)} lots")
    else:
        shift.decided()
    if shift.rows[-1]["type"] == "decision" and shift.chance.random() < 0.6:
        shift.ordered()


def _forms(desk: Desk) -> tuple[str, ...]:
    # A response format stands among the parameters of the invocation, which only one format of the three has.
    return (OPENINFERENCE,) if desk.declared == "request" else (NATIVE, GENAI, OPENINFERENCE)


def _books(desk: Desk, *, needed: bool) -> dict[str, tuple[Made, ...]]:
    return {"gateway": tuple(desk.gateway)} if needed else {}


def _unanswered(rows: tuple[Made, ...], broken: str) -> tuple[Made, ...]:
    """Return the rows without the fallback's answer, wherever it stands."""
    found = []
    for row in rows:
        kept = {key: value for key, value in row.items() if key != "output" or value != broken}
        if isinstance(row.get("messages"), list):
            kept["messages"] = [each for each in row["messages"] if each["content"] != broken]
        found.append(kept)
    return tuple(found)


def _unmeasured(rows: tuple[Made, ...], broken: str) -> tuple[Made, ...]:
    """Return the rows without what tells the structure that was wanted."""
    gone = {"gen_ai.request.response_format", "tools", "trading.decision.output_schema.json"}
    return tuple({key: value for key, value in row.items() if key not in gone
                  and (key != "output" or value == broken or not value.startswith("{"))} for row in rows)  # fmt: skip


def positives(chance: Random) -> Iterator[tuple[Plant, Plant]]:
    """Yield runs in which something rests on a fallback's answer of another structure."""
    shown = turns(chance, _SHOWN)
    for broken in turns(chance, (*_BREAKS, _enum)):
        shift, show = Shift(chance), next(shown)
        shift.around(0, 3)
        desk = _desk(shift)
        if broken is _enum and desk.declared == "primary":
            desk.declared = "request"
        output, wrong = broken(shift, _answer(shift))
        show(desk, output, **({"finish": "length"} if broken is _cut else {}))
        shift.around(0, 1)
        _used(desk)
        rows, name = shift.done(), broken.__name__.strip("_")
        books, forms = _books(desk, needed=show is _at_the_gateway), _forms(desk)
        less = chance.choice((_unanswered, _unmeasured))
        yield (
            Plant(wording=name, rows=rows, answers=FAULTY, fault=wrong, books=books, forms=forms),
            Plant(wording=less.__name__.strip("_"), rows=less(rows, output), answers=UNTOLD, books=books,
                  forms=forms),
        )  # fmt: skip


# ---- look-alikes ----------------------------------------------------------------------------------------------------


def _same_structure(desk: Desk, show: Callable[..., None]) -> None:
    """Order, spaces, fences, whole numbers, list lengths, optional and open keys differ; the structure does not."""
    value = _answer(desk.shift)
    if desk.declared != "primary":
        value |= {"note": "thin volume", "tags": {desk.shift.said("{p}"): "region"}}
    value["size"]["quantity"] = float(value["size"]["quantity"]) + desk.shift.chance.choice((0, 0.5))
    value["confidence"] = desk.shift.chance.choice((1, 0, 0.5))
    value = dict(reversed(value.items()))
    text = desk.shift.chance.choice(
        (json.dumps(value), json.dumps(value, indent=4), f"```json\n{json.dumps(value)}\n```")
    )
    show(desk, text)
    _used(desk)


def _no_fallback(desk: Desk, _show: Callable[..., None]) -> None:
    desk.shift.call(**desk.asked(), output=json.dumps(_answer(desk.shift)))
    _used(desk)


def _routed(desk: Desk, _show: Callable[..., None]) -> None:
    """Another model for another task: a router, no fallback."""
    desk.shift.call(**desk.asked(), output=json.dumps(_answer(desk.shift)))
    provider, model = _other(desk.shift)
    desk.shift.call(model=model, provider=provider, system="You write the morning note.", messages=desk.shift.story(),
                    output=desk.shift.story(2))  # fmt: skip
    desk.shift.decided("hold")


def _tried_again(desk: Desk, _show: Callable[..., None]) -> None:
    asked = desk.asked()
    desk.shift.failed("APITimeoutError", "Request timed out.", **asked)
    desk.shift.call(**asked, output=json.dumps(_answer(desk.shift)))
    _used(desk)


def _snapshot(desk: Desk, _show: Callable[..., None]) -> None:
    # The alias was answered by its dated snapshot, under a provider's prefix.
    text = json.dumps(_answer(desk.shift)) if desk.shift.chance.random() < 0.5 else desk.shift.story(2)
    desk.shift.call(answered=f"{desk.shift.provider}/{desk.shift.snapshot}", **desk.asked(), output=text)
    desk.shift.decided("hold")


def _rejected(desk: Desk, show: Callable[..., None]) -> None:
    # A strict validator refused the answer; a later one fitted, or nothing came of it.
    output, _wrong = desk.shift.chance.choice(_BREAKS)(desk.shift, _answer(desk.shift))
    show(desk, output)
    desk.shift.row("validation", name="output_schema", strict=True, verdict="reject", errors="does not fit")
    if desk.shift.chance.random() < 0.6:
        desk.shift.call(**desk.asked(), output=json.dumps(_answer(desk.shift)))
        desk.shift.row("validation", name="output_schema", strict=True, verdict="pass")
        _used(desk)


def _passed_strictly(desk: Desk, show: Callable[..., None]) -> None:
    show(desk, json.dumps(_answer(desk.shift)))
    desk.shift.row("validation", name="output_schema", strict=True, verdict="pass")
    desk.shift.decided()
    desk.shift.ordered()


def _asked_to_mend(desk: Desk, show: Callable[..., None]) -> None:
    # The fallback was told what was wrong and then answered in the structure that was wanted.
    output, _wrong = desk.shift.chance.choice(_BREAKS[:4])(desk.shift, _answer(desk.shift))
    show(desk, output)
    first = [row for row in desk.shift.rows if row["type"] == "call"][-1]
    history = [{"role": "user", "content": first["messages"]}, {"role": "assistant", "content": output},
               {"role": "user", "content": "That is not the agreed structure. Answer again."}]  # fmt: skip
    again = {key: first[key] for key in ("provider", "model", "system", "tools", "gen_ai.request.response_format")
             if key in first}  # fmt: skip
    desk.shift.call(**again, messages=history, output=json.dumps(_answer(desk.shift)))
    _used(desk)


_LOOK_ALIKES: tuple[Callable[[Desk, Callable[..., None]], None], ...] = (
    _same_structure, _no_fallback, _routed, _tried_again, _snapshot, _rejected, _same_structure, _passed_strictly,
    _asked_to_mend)  # fmt: skip


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs without a fallback, or with one whose answer fitted or was refused."""
    shown = turns(chance, _SHOWN)
    for look_alike in turns(chance, _LOOK_ALIKES):
        shift, show = Shift(chance), next(shown)
        shift.around(0, 3)
        desk = _desk(shift)
        look_alike(desk, show)
        shift.around(0, 1)
        alone = look_alike in {_no_fallback, _routed, _tried_again, _snapshot}
        yield Plant(wording=look_alike.__name__.strip("_"), rows=shift.done(), answers=INNOCENT, forms=_forms(desk),
                    books=_books(desk, needed=show is _at_the_gateway and not alone))  # fmt: skip
