"""Worked examples of audit amnesia."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_NEWS = "SYNTHETIC_A raised its outlook for the year after a strong quarter."


def _at(minute: int, second: int = 0) -> str:
    return f"2026-01-05T14:{minute:02d}:{second:02d}Z"


def _run(trace: str = "t", **more: Any) -> Row:
    return {"type": "run", "trace": trace, "id": f"{trace}-run", "at": _at(0), "until": _at(50), **more}


def _call(number: int, trace: str = "t", **more: Any) -> Row:
    return {"type": "call", "trace": trace, "id": f"{trace}-c{number}", "parent": f"{trace}-run", "at": _at(number),
            "until": _at(number, 9), "model": "model-a", "messages": f"Judge SYNTHETIC_A, step {number}.",
            "output": f"Finding {number}.", **more}  # fmt: skip


_ASK = {"role": "assistant", "content": "", "tool_calls": [{"id": "n1", "name": "get_news",
        "arguments": {"symbol": "SYNTHETIC_A"}}]}  # fmt: skip
_FED = [
    {"role": "user", "content": "Judge SYNTHETIC_A, step 1."}, _ASK,
    {"role": "tool", "tool_call_id": "n1", "content": _NEWS},
]  # fmt: skip
_TOOL: Row = {
    "type": "tool", "trace": "t", "id": "tool", "parent": "t-run", "at": _at(1, 10), "until": _at(1, 11),
    "name": "get_news", "call_id": "n1", "arguments": {"symbol": "SYNTHETIC_A"}, "result": _NEWS,
}  # fmt: skip
_DECISION: Row = {
    "type": "decision", "trace": "t", "id": "decision", "parent": "t-run", "at": _at(5), "until": _at(5, 1),
    "idea": "idea-1", "symbol": "SYNTHETIC_A", "action": "buy", "quantity": "100",
}  # fmt: skip
_ORDER: Row = {
    "type": "order", "trace": "t", "id": "order", "parent": "t-run", "at": _at(6), "until": _at(6, 1), "idea": "idea-1",
    "symbol": "SYNTHETIC_A", "client_order_id": "C-1", "side": "buy", "quantity": "100",
}  # fmt: skip
_REPORT: Row = {
    "type": "execution_report", "trace": "t", "at": _at(7), "idea": "idea-1", "symbol": "SYNTHETIC_A", "exec_id": "E-1",
    "exec_type": "trade", "client_order_id": "C-1", "last_quantity": "100", "last_price": "10.00", "status": "filled",
}  # fmt: skip
_WHOLE: tuple[Row, ...] = (
    _run(), _call(1, output=_ASK), _TOOL, _call(2, messages=_FED), _DECISION, _ORDER, _REPORT,
)  # fmt: skip


def _without(rows: Iterable[Row], *keys: str, ident: str) -> tuple[Row, ...]:
    return tuple({key: value for key, value in row.items() if key not in keys} if row.get("id") == ident else row
                 for row in rows)  # fmt: skip


def _but(ident: str, **changes: Any) -> tuple[Row, ...]:
    return tuple({**row, **changes} if row.get("id") == ident else row for row in _WHOLE)


def _lacking(*idents: str) -> tuple[Row, ...]:
    return tuple(row for row in _WHOLE if row.get("id") not in idents and row.get("exec_id") not in idents)


def _fill(**columns: str) -> dict[str, tuple[Row, ...]]:
    return {"fills": ({"transact_time": _at(7), "symbol": "SYNTHETIC_A", "side": "buy", "last_quantity": "100",
                       "last_price": "10.00", **columns},)}  # fmt: skip


CASES = (
    Case(
        name="output not captured",
        answer=Answer.YES,
        teaches="The call ended well and what it said was not kept.",
        given=_without(_WHOLE, "output", ident="t-c2"),
        figures={"missing_legs": 1},
    ),
    Case(
        name="prompt redacted",
        answer=Answer.YES,
        teaches="A whole field that is a mark is a prompt that nobody can read again.",
        given=_but("t-c2", messages=[{"role": "user", "content": "[REDACTED]"}, *_FED[1:]]),
        excerpt="[REDACTED]",
    ),
    Case(
        name="output cut off",
        answer=Answer.YES,
        teaches="An exporter's mark at the end says how much is gone.",
        given=_but("t-c2", output="The outlook was raised, therefore … [truncated 5120 characters]"),
        excerpt="truncated 5120",
    ),
    Case(
        name="billed and empty",
        answer=Answer.YES,
        teaches="Output tokens were billed, and the output holds nothing.",
        given=_but("t-c2", output="", tokens={"input": 100, "output": 40}),
    ),
    Case(
        name="attributes dropped",
        answer=Answer.YES,
        teaches="A limit on attributes evicted 55 of them from one span; the count is the evidence.",
        given=_but("t-c2", dropped=55),
        excerpt="55",
        figures={"dropped_attributes": 55},
    ),
    Case(
        name="a span without its parent",
        answer=Answer.YES,
        teaches="The parent's span never arrived.",
        given=_but("t-c2", parent="lost"),
        figures={"missing_parents": 1},
    ),
    Case(
        name="the run never ended",
        answer=Answer.YES,
        teaches="A span without an end is a run that died or an export that did.",
        given=_without(_WHOLE, "until", ident="t-run"),
        figures={"unended": 1},
    ),
    Case(
        name="tool asked for and never executed",
        answer=Answer.YES,
        teaches="The ask and the answer are there, the execution is not.",
        given=_lacking("tool"),
        excerpt="SYNTHETIC_A",
    ),
    Case(
        name="a result without an ask",
        answer=Answer.YES,
        teaches="The tool's call id stands in no captured output or history.",
        given=(_run(), _call(1), {**_TOOL, "call_id": "other"}, _call(2), _DECISION, _ORDER, _REPORT),
    ),
    Case(
        name="the answer was not fed back",
        answer=Answer.YES,
        teaches="A later prompt of the same conversation repeats the ask and lacks the result.",
        given=_but("t-c2", messages=_FED[:2]),
    ),
    Case(
        name="tool result missing",
        answer=Answer.YES,
        teaches="The tool ran and what it returned was not kept anywhere.",
        given=_without(_lacking("t-c2"), "result", ident="tool"),
    ),
    Case(
        name="no report of the trade",
        answer=Answer.YES,
        teaches="The decision was to buy, an order went out, and nothing shows the execution.",
        given=_lacking("E-1"),
        excerpt="buy",
    ),
    Case(
        name="called filled",
        answer=Answer.YES,
        teaches="An order's own word that it is filled is not the execution.",
        given=(_run(), {**_ORDER, "status": "filled"}),
        excerpt="filled",
    ),
    Case(
        name="grown without an order",
        answer=Answer.YES,
        teaches="The position went from 100 to 300 and nothing was ordered.",
        given=(_run(), _call(1), *(
            {"type": "position_snapshot", "trace": "t", "at": _at(minute), "symbol": "SYNTHETIC_A",
             "quantity": quantity}
            for minute, quantity in ((2, "100"), (9, "300"))
        )),
        excerpt="300",
    ),
    Case(
        name="text and hash differ",
        answer=Answer.YES,
        teaches="The document is not the one whose SHA-256 was recorded.",
        given=(
            *_WHOLE,
            {"type": "retrieval", "trace": "t", "id": "r", "parent": "t-run", "at": _at(1), "until": _at(1, 1),
             "documents": [{"id": "d1", "content": _NEWS + " Later edited.",
                            "sha256": sha256(_NEWS.encode()).hexdigest()}]},
        ),
        excerpt="Later edited",
    ),
    Case(
        name="everything is there",
        answer=Answer.NO,
        teaches="Prompts, outputs, the tool's three legs, decision, order and report: nothing is missing.",
        given=_WHOLE,
        figures={"missing_legs": 0},
    ),
    Case(
        name="the fill stands in the books",
        answer=Answer.NO,
        teaches="The order's client id leads to a row of the fills.",
        given=_lacking("E-1"),
        books=_fill(client_order_id="C-1"),
    ),
    Case(
        name="the report stands in another trace of the idea",
        answer=Answer.NO,
        teaches="Execution is another process with a trace of its own; the idea's id joins them.",
        given=(*_lacking("E-1", "order"), _run("k"), {**_REPORT, "trace": "k"}),
    ),
    Case(
        name="denied by the risk check",
        answer=Answer.NO,
        teaches="What was not allowed needs no execution.",
        given=(
            *_lacking("E-1", "order"),
            {"type": "risk_check", "trace": "t", "id": "risk", "parent": "t-run", "at": _at(5, 5), "until": _at(5, 6),
             "idea": "idea-1", "name": "position_limit", "verdict": "deny"},
        ),
    ),
    Case(
        name="the order expired",
        answer=Answer.NO,
        teaches="An order that ended without a fill has no execution to keep.",
        given=tuple({**row, "status": "expired"} if row.get("id") == "order" else row for row in _lacking("E-1")),
    ),
    Case(
        name="a hold needs no trade",
        answer=Answer.NO,
        teaches="Hold and skip lead to no order.",
        given=tuple({**row, "action": "hold"} if row.get("id") == "decision" else row
                    for row in _lacking("E-1", "order")),
    ),
    Case(
        name="the last answer is nobody's to read",
        answer=Answer.NO,
        teaches="The tool's result must be fed back only where a later call exists.",
        given=(_run(), _call(1, output=_ASK), _TOOL),
    ),
    Case(
        name="a failed call has no output",
        answer=Answer.NO,
        teaches="The error is its result, and it is kept.",
        given=(_run(), *_without([_call(1, error={"type": "APIError", "message": "Server error."})], "output",
                                 ident="t-c1")),
    ),
    Case(
        name="words about redaction",
        answer=Answer.NO,
        teaches="A document may say [REDACTED] or truncated in its text; only a whole field is a mark.",
        given=_but("t-c2", output="The filing shows names as [REDACTED] and a truncated table, which is usual."),
    ),
    Case(
        name="hash in another spelling",
        answer=Answer.NO,
        teaches="A prefix and capital letters are the same SHA-256.",
        given=(
            *_WHOLE,
            {"type": "retrieval", "trace": "t", "id": "r", "parent": "t-run", "at": _at(1), "until": _at(1, 1),
             "documents": [{"id": "d1", "content": _NEWS,
                            "sha256": "SHA256:" + sha256(_NEWS.encode()).hexdigest().upper()}]},
        ),
    ),
    Case(
        name="nothing to keep",
        answer=Answer.NA,
        teaches="A root span of a health check holds no call, tool, document or order.",
        given=(_run(),),
    ),
    Case(
        name="an empty trace",
        answer=Answer.UNKNOWN,
        teaches="Nothing was ingested under this id: what is missing cannot even be listed.",
        given=(),
    ),
)  # fmt: skip
