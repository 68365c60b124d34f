"""Worked examples of fallback schema mismatch."""

from __future__ import annotations

from typing import Any

import orjson

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_SYSTEM = "You decide one trade. Answer in JSON with action, confidence and reasons."
_GOOD = orjson.dumps({"action": "hold", "confidence": 0.6, "reasons": ["mixed signals"]}).decode()
_OTHER_KEYS = orjson.dumps({"decision": "BUY", "conviction": "high"}).decode()
_REORDERED = (
    "```json\n"
    + orjson.dumps({"reasons": ["a", "b"], "confidence": 1, "action": "buy"}, option=orjson.OPT_INDENT_2).decode()
    + "\n```"
)
_PROSE = "Given the momentum I would lean towards buying a small position in SYNTHETIC_A today."
_SCHEMA = orjson.dumps({
    "type": "json_schema",
    "json_schema": {
        "name": "trade",
        "schema": {
            "type": "object",
            "properties": {
                "action": {"type": "string", "enum": ["buy", "sell", "hold"]},
                "confidence": {"type": "number"},
                "note": {"type": "string"},
                "weights": {"type": "object", "additionalProperties": {"type": "number"}},
            },
            "required": ["action", "confidence"],
        },
    },
}).decode()  # fmt: skip
_SUBMIT = {
    "type": "function",
    "function": {
        "name": "submit_decision",
        "parameters": {
            "type": "object",
            "properties": {"action": {"type": "string"}, "confidence": {"type": "number"}},
            "required": ["action", "confidence"],
        },
    },
}


def _call(
    ident: str, minute: int, output: Any, model: str = "model-a", answered: str | None = None, **more: Any
) -> Row:
    said = {} if output is None else {"output": output}
    return {"type": "call", "trace": "t", "id": ident, "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:09Z", "model": model, "answered": answered or model,
            "system": _SYSTEM, "messages": "Decide on SYNTHETIC_A.", **said, **more}  # fmt: skip


def _failed(ident: str, minute: int, **more: Any) -> Row:
    row = {
        **_call(ident, minute, None),
        "error": {"type": "RateLimitError", "message": "429 Too Many Requests"},
        **more,
    }
    del row["answered"]
    return row


def _decision(minute: int, action: str = "buy", **more: Any) -> Row:
    return {"type": "decision", "trace": "t", "id": f"d{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:01Z", "action": action, "symbol": "SYNTHETIC_A", **more}  # fmt: skip


def _validation(minute: int, verdict: str, *, strict: bool) -> Row:
    return {"type": "validation", "trace": "t", "id": f"v{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:01Z", "name": "trade", "strict": strict,
            "verdict": verdict}  # fmt: skip


_EARLIER = _call("first", 1, _GOOD)
_FORMAT = {"gen_ai.request.response_format": _SCHEMA}

CASES = (
    Case(
        name="other keys after a rate limit",
        answer=Answer.YES,
        teaches="The primary answers with action and confidence, the fallback with other keys; it is traded.",
        given=(_EARLIER, _failed("second", 2), _call("third", 3, _OTHER_KEYS, "model-b"), _decision(4)),
        excerpt="conviction",
        figures={"primary": "model-a", "fallback": "model-b", "validation": "none"},
    ),
    Case(
        name="prose where a schema is declared",
        answer=Answer.YES,
        teaches="The request declares a schema; the fallback talks, and a lenient check lets it pass.",
        given=(
            _failed("first", 1, **_FORMAT),
            _call("second", 2, _PROSE, "model-b", **_FORMAT),
            _validation(3, "pass", strict=False),
            _decision(4),
        ),
        excerpt="lean towards buying",
        figures={"validation": "lenient"},
    ),
    Case(
        name="cut by the length limit",
        answer=Answer.YES,
        teaches="The router answered with another model than asked, and its JSON ends early.",
        given=(
            _EARLIER,
            _call("second", 2, '{"action": "buy", "confid', answered="model-c", finish="length"),
            _decision(3),
        ),
        excerpt="model-c",
    ),
    Case(
        name="a submit tool that was not called",
        answer=Answer.YES,
        teaches="The answer must come through the submit tool; the recorded fallback wrote a sentence instead.",
        given=(
            _failed("first", 1, tools=[_SUBMIT]),
            _call(
                "second",
                2,
                _PROSE,
                "model-b",
                tools=[_SUBMIT],
                **{
                    "trading.llm.fallback.from_model": "model-a",
                    "trading.llm.fallback.to_model": "model-b",
                    "trading.llm.fallback.reason": "rate_limit",
                },
            ),
            _decision(3),
        ),
        excerpt="rate_limit",
    ),
    Case(
        name="a number in words",
        answer=Answer.YES,
        teaches="Confidence as a word is another type; rejected, and traded all the same.",
        given=(
            _EARLIER,
            _failed("second", 2),
            _call("third", 3, '{"action":"buy","confidence":"high","reasons":[]}', "model-b"),
            _validation(4, "reject", strict=True),
            _decision(5),
        ),
        excerpt='"confidence":"high"',
        figures={"validation": "rejected"},
    ),
    Case(
        name="equal JSON in a code fence",
        answer=Answer.NO,
        teaches="Fences, key order, white space, list length and a whole number for a number are no other structure.",
        given=(_EARLIER, _failed("second", 2), _call("third", 3, _REORDERED, "model-b"), _decision(4)),
    ),
    Case(
        name="optional and open keys",
        answer=Answer.NO,
        teaches="An absent optional key and other keys of an open map fit the schema.",
        given=(
            _failed("first", 1, **_FORMAT),
            _call("second", 2, '{"action":"buy","confidence":1,"weights":{"SYNTHETIC_B":0.5}}', "model-b", **_FORMAT),
            _decision(3),
        ),
    ),
    Case(
        name="rejected and unused",
        answer=Answer.NO,
        teaches="A strict validator rejected the answer and the run held still.",
        given=(
            _EARLIER,
            _failed("second", 2),
            _call("third", 3, _PROSE, "model-b"),
            _validation(4, "reject", strict=True),
            _decision(5, "hold"),
        ),
    ),
    Case(
        name="a conforming answer came before the use",
        answer=Answer.NO,
        teaches="The fallback was asked again and then answered in the right structure.",
        given=(
            _EARLIER,
            _failed("second", 2),
            _call("third", 3, _PROSE, "model-b"),
            _validation(4, "reject", strict=True),
            _call("fourth", 5, _GOOD, "model-b"),
            _decision(6),
        ),
    ),
    Case(
        name="a retry on the same model",
        answer=Answer.NA,
        teaches="The same model answered on the second try: nothing fell back.",
        given=(_failed("first", 1), _call("second", 2, _GOOD, answered="model-a-2026-01-01"), _decision(3)),
    ),
    Case(
        name="another model on another prompt",
        answer=Answer.NA,
        teaches="A second model with its own task replaces nobody.",
        given=(
            _EARLIER,
            {**_call("second", 2, _PROSE, "model-b"), "system": "You write a note to the desk."},
            _decision(3),
        ),
    ),
    Case(
        name="the answer was not kept",
        answer=Answer.UNKNOWN,
        teaches="A redacted answer has no structure to compare.",
        given=(_EARLIER, _failed("second", 2), _call("third", 3, "[REDACTED]", "model-b"), _decision(4)),
    ),
    Case(
        name="nothing to hold it against",
        answer=Answer.UNKNOWN,
        teaches="No schema is declared and the primary never answered this prompt.",
        given=(_failed("first", 1), _call("second", 2, _GOOD, "model-b"), _decision(3)),
    ),
    Case(
        name="several models behind one call",
        answer=Answer.YES,
        teaches="The trace shows one call that went well; the gateway's book tells that another model answered it.",
        given=(_EARLIER, {**_call("second", 2, _OTHER_KEYS, answered=""), "response_id": "resp-2"}, _decision(3)),
        books={
            "gateway": (
                {
                    "request_id": "r1",
                    "trace_id": "t",
                    "startTime": "2026-01-05T14:02:01Z",
                    "model_group": "model-a",
                    "model": "model-a",
                    "status": "failure",
                    "error_information": {"error_code": "500"},
                },
                {
                    "request_id": "resp-2",
                    "trace_id": "t",
                    "startTime": "2026-01-05T14:02:03Z",
                    "model_group": "model-a",
                    "model": "model-b",
                    "status": "success",
                },
            ),
        },
        excerpt="model-b",
    ),
    Case(
        name="one model behind the gateway's own name",
        answer=Answer.NA,
        teaches="The gateway calls a group of models by a name of its own; every attempt went to the same model.",
        given=({**_call("first", 1, _GOOD, "house-large", "house-large"), "response_id": "resp-1"}, _decision(3)),
        books={
            "gateway": (
                {
                    "request_id": "r1",
                    "trace_id": "t",
                    "startTime": "2026-01-05T14:01:01Z",
                    "model_group": "house-large",
                    "model": "model-a",
                    "status": "failure",
                    "error_information": {"error_code": "429"},
                },
                {
                    "request_id": "resp-1",
                    "trace_id": "t",
                    "startTime": "2026-01-05T14:01:02Z",
                    "model_group": "house-large",
                    "model": "model-a",
                    "status": "success",
                },
            ),
        },
    ),
    Case(
        name="rejected, and nothing used it",
        answer=Answer.NO,
        teaches="A strict validator refused the answer and the run ended there; what was wanted is not needed.",
        given=(_failed("first", 1), _call("second", 2, _PROSE, "model-b"), _validation(3, "reject", strict=True)),
    ),
)
