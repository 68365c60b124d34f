"""nofx's decision records: what a trader's model was told in one cycle, what it answered, and what was done.

A record becomes a trace: the cycle with the account as it stood, one model call, and a decision for each action. The
record states one moment and how long the model took; decisions stand at the end. Tools and tokens are never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import structs

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attributes, as_text
from afterbell.formats.stamps import stamp
from afterbell.formats.usage import tokens
from afterbell.model.trace import STATUS_ERROR, STATUS_OK, STATUS_UNSET, Refusal, Span, SpanEvent, span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "nofx-decisions"
TITLE = "nofx decision records"
UNIT = Unit.STREAM
RANK = 40

PREFIX = "nofx."
_CALL = ("system_prompt", "input_prompt", "raw_response", "cot_trace", "decision_json")
_ACTIONS = {"open_long": "buy", "open_short": "sell", "close_long": "close", "close_short": "close", "wait": "hold"}
_MILLISECOND = 10**6


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether decision records begin here."""
    keys = json_rows.keys(head) if json_rows.begins(head) else frozenset()
    return {"cycle_number", "input_prompt"} <= keys and bool(keys & {"decision_json", "cot_trace", "decisions"})


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the records into spans, or refusals that say where and why."""
    for position, row in enumerate(json_rows.rows(stream), 1):
        if isinstance(row, Refusal):
            yield row
        elif (
            not isinstance(row.value, Mapping)
            or "cycle_number" not in row.value
            or not stamp(row.value.get("timestamp"))
        ):
            yield Refusal(where=row.where, why="no decision record: a cycle_number and a timestamp are needed")
        else:
            yield from _cycle(row.value, position)


def _cycle(record: Mapping[str, Any], position: int) -> Iterator[Span]:
    trader, end = as_text(record.get("trader_id")), stamp(record.get("timestamp"))
    raw = f"nofx/{trader}/{as_text(record['cycle_number'])}/{as_text(record['timestamp'])}"
    start = max(end - (tokens(record.get("ai_request_duration_ms")) or 0) * _MILLISECOND, 0)
    ids = {"trading.account.id": trader, "trading.run.id": trader} if trader else {}
    failed = record.get("success") is False
    around = {key: value for key, value in record.items() if key not in {*_CALL, "decisions"}}
    root = Span(
        trace_id=trace_hex(raw), trace_id_raw=raw, span_id=span_hex(f"{raw}:cycle"), span_id_raw=f"{raw}:cycle",
        name=f"nofx cycle {as_text(record['cycle_number'])}", start_ns=start, end_ns=end,
        status_code=STATUS_ERROR if failed else STATUS_OK,
        status_message=as_text(record.get("error_message")) if failed else "",
        attributes=ids | as_attributes(PREFIX, around),
        events=tuple(_snapshot(record.get("account_state"), end)), resource={"service.name": "nofx"}, format=NAME,
        position=position,
    )  # fmt: skip
    yield root
    yield _below(root, "call", "model call", start, end, as_attributes(PREFIX, {key: record.get(key) for key in _CALL}))
    listed = record.get("decisions")
    for number, decision in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(decision, Mapping):
            at = stamp(decision.get("timestamp")) or end
            yield _below(root, f"decision {number}", "trading.decision", at, at, ids | _decided(decision))


def _decided(decision: Mapping[str, Any]) -> dict[str, Any]:
    word = as_text(decision.get("action")).lower()
    told = {
        "trading.symbol": decision.get("symbol"), "trading.decision.action": _ACTIONS.get(word, word),
        "trading.decision.quantity": decision.get("quantity"), "trading.order.price": decision.get("price"),
        "trading.order.id": decision.get("order_id"), "trading.decision.reason": decision.get("reasoning"),
    }  # fmt: skip
    lifted = {key: as_text(value) for key, value in told.items() if value not in (None, "", 0)}
    return lifted | as_attributes(PREFIX, decision)


def _snapshot(account: Any, at: int) -> Iterator[SpanEvent]:
    if isinstance(account, Mapping) and account.get("total_balance") is not None:
        facts = {"trading.account.equity": as_text(account["total_balance"])}
        yield SpanEvent(name="trading.account_snapshot", time_ns=at, attributes=facts)


def _below(root: Span, raw: str, name: str, start: int, end: int, facts: Mapping[str, Any]) -> Span:
    own = f"{root.trace_id_raw}:{raw}"
    return structs.replace(
        root, span_id=span_hex(own), span_id_raw=own, parent_span_id=root.span_id, name=name, start_ns=start,
        end_ns=end, status_code=STATUS_UNSET, status_message="", attributes=dict(facts), events=(),
    )  # fmt: skip
