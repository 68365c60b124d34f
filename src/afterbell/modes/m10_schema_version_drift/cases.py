"""Worked examples of schema-version drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_RULES = (
    "You rate one stock a time. Use only the filing and the news given. If the evidence is mixed, answer hold."
    " Answer in JSON with action, confidence from 0 to 1 and reason."
)
_LOOSER = _RULES.replace("If the evidence is mixed, answer hold.", "If the evidence is mixed, take the bolder side.")
_WIDER = _RULES.replace("confidence from 0 to 1", "confidence from 0 to 100")
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["buy", "sell", "hold"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
    "required": ["action", "confidence"],
}
_REORDERED = {
    "required": ["confidence", "action"],
    "properties": {
        "confidence": {"maximum": 1.0, "minimum": 0.0, "type": "number"},
        "action": {"enum": ["hold", "buy", "sell"], "type": "string"},
    },
    "type": "object",
}
_TO_HUNDRED = {
    **_SCHEMA,
    "properties": {**_SCHEMA["properties"], "confidence": {"type": "number", "minimum": 0, "maximum": 100}},
}


def _call(
    trace: str, system: str = _RULES, version: str | None = "4", *, batch: bool = True, **more: Any
) -> dict[str, Any]:
    prompt = {"name": "rating"} if version is None else {"name": "rating", "version": version}
    named = {"trading.batch.id": "B-7"} if batch else {}
    return {"type": "call", "trace": trace, "id": f"{trace}-call", "at": f"2026-01-05T09:0{trace[-1]}:02Z",
            "until": f"2026-01-05T09:0{trace[-1]}:09Z", "model": "model-a", "system": system, "prompt": prompt,
            "messages": "Begin.", "output": "{}", **named, **more}  # fmt: skip


def _decision(trace: str, schema: Any, version: str | None = "2", **more: Any) -> Row:
    stated = {} if version is None else {"output_schema.version": version}
    return {"type": "decision", "trace": trace, "id": f"{trace}-decision", "at": f"2026-01-05T09:0{trace[-1]}:20Z",
            "until": f"2026-01-05T09:0{trace[-1]}:21Z", "action": "hold", "trading.batch.id": "B-7",
            **{f"trading.decision.{key}": value for key, value in stated.items()},
            "trading.decision.output_schema.name": "rating",
            "trading.decision.output_schema.json": orjson.dumps(schema).decode(), **more}  # fmt: skip


_PRINTED = f"You rate one stock a time. Answer with JSON that fits {orjson.dumps(_SCHEMA).decode().replace(':', ': ')}."
_PRINTED_ANEW = _PRINTED.replace('"minimum": 0,"maximum": 1', '"maximum": 1, "minimum": 0')


CASES = (
    Case(
        name="a rule changed under one version",
        answer=Answer.YES,
        teaches="The third trace of the batch ran under another rule, and all three say version 4.",
        given=(_call("t1"), _call("t2"), _call("t3", _LOOSER)),
        excerpt="take the bolder side",
        figures={"traces": 3, "batch": "B-7"},
    ),
    Case(
        name="a range in the schema that a prompt prints",
        answer=Answer.YES,
        teaches="The prompt prints the schema of its answer; the third trace allows a confidence of 100.",
        given=(_call("t1", _PRINTED), _call("t2", _PRINTED), _call("t3", _PRINTED.replace('m": 1}', 'm": 100}'))),
        excerpt='maximum": 100',
    ),
    Case(
        name="the keys of a printed schema in another order",
        answer=Answer.NO,
        teaches="A schema that a prompt prints is the same schema whatever the order of its keys.",
        given=(_call("t1", _PRINTED), _call("t2", _PRINTED_ANEW)),
    ),
    Case(
        name="a rule added where the variables are declared",
        answer=Answer.YES,
        teaches="There is no system prompt, but the item is a declared variable: all else in the turn is the template.",
        given=tuple(
            {**_call(trace, ""), "messages": f"{rules}\n\n{item}", "gen_ai.prompt.variable.item": item}
            for trace, rules, item in (
                ("t1", _RULES, "The plant opened. It makes pumps."),
                ("t2", f"{_RULES}\nInsider sales weigh double.", "The court ruled. Both sides appeal."),
            )
        ),
        excerpt="Insider sales",
    ),
    Case(
        name="an output schema's range changed under one version",
        answer=Answer.YES,
        teaches="Confidence runs to 100 instead of 1; the schema's version is 2 before and after.",
        given=(_call("t1"), _decision("t1", _SCHEMA), _call("t2"), _decision("t2", _TO_HUNDRED)),
        excerpt='"maximum":100',
    ),
    Case(
        name="the scale of the answer changed in the prompt",
        answer=Answer.YES,
        teaches="Figures filled in do not count, but the scale that the model must answer in is a rule.",
        given=(_call("t1"), _call("t2", _WIDER)),
        excerpt="0 to 100",
    ),
    Case(
        name="every trace of the batch is told",
        answer=Answer.YES,
        teaches="A trace from before the change is part of the same mixed batch.",
        given=(_call("t1"), _call("t2", _LOOSER)),
        trace="t1",
    ),
    Case(
        name="a run id binds the traces",
        answer=Answer.YES,
        teaches="Without a batch id the traces of one run are the batch.",
        given=(
            _call("t1", batch=False, run="R-1"),
            _call("t2", _LOOSER, batch=False, run="R-1"),
        ),
    ),
    Case(
        name="calls of one trace",
        answer=Answer.YES,
        teaches="Several calls of one trace under one prompt name are a batch too.",
        given=(
            _call("t1", batch=False),
            {**_call("t1", _LOOSER, batch=False), "id": "t1-second", "at": "2026-01-05T09:05:00Z"},
        ),
    ),
    Case(
        name="the version was bumped",
        answer=Answer.NO,
        teaches="A change with its own version is what the record is for.",
        given=(_call("t1"), _call("t2"), _call("t3", _LOOSER, "5")),
    ),
    Case(
        name="another company, another day",
        answer=Answer.NO,
        teaches="Symbol, company, date and figures are filled in, declared or not; the template is one.",
        given=(
            _call("t1", "You rate Synthetic Alpha Inc. (SYNTHA) on 2026-01-05 at 41.20. " + _RULES),
            _call("t2", "You rate Synthetic Beta Holdings (SYNTHB) on Jan 6, 2026 at 1,039.75.\n\n" + _RULES),
        ),
    ),
    Case(
        name="declared variables",
        answer=Answer.NO,
        teaches="What the trace declares as a variable is no change, whatever it says.",
        given=(
            _call(
                "t1",
                "House view: rates stay high. " + _RULES,
            )
            | {"llm.prompt_template.variables": '{"view":"rates stay high"}'},
            _call(
                "t2",
                "House view: the cycle has turned. " + _RULES,
            )
            | {"llm.prompt_template.variables": '{"view":"the cycle has turned"}'},
        ),
    ),
    Case(
        name="a schema in another key order",
        answer=Answer.NO,
        teaches="Key order, the order of enum values and 1 against 1.0 say nothing new.",
        given=(_call("t1"), _decision("t1", _SCHEMA), _call("t2"), _decision("t2", _REORDERED)),
    ),
    Case(
        name="equal texts without a version",
        answer=Answer.NO,
        teaches="Where nothing changed, no version is needed to say so.",
        given=(_call("t1", version=None), _call("t2", version=None)),
    ),
    Case(
        name="a change between batches",
        answer=Answer.NO,
        teaches="The other text belongs to another batch.",
        given=(_call("t1"), _call("t2"), _call("t3", _LOOSER) | {"trading.batch.id": "B-8"}),
    ),
    Case(
        name="one call alone",
        answer=Answer.NA,
        teaches="No batch id and one call: nothing could change in between.",
        given=(_call("t1", batch=False),),
    ),
    Case(
        name="texts differ and no version",
        answer=Answer.UNKNOWN,
        teaches="Nobody can say whether a version was bumped when none is recorded: record gen_ai.prompt.version.",
        given=(_call("t1", version=None), _call("t2", _LOOSER, version=None)),
        excerpt="take the bolder side",
    ),
    Case(
        name="redacted texts",
        answer=Answer.UNKNOWN,
        teaches="Two equal redaction marks are not two equal prompts.",
        given=(_call("t1", "[REDACTED]"), _call("t2", "[REDACTED]")),
    ),
)
