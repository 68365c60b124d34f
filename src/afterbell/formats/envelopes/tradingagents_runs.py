"""TradingAgents' runs: result files with messages written as Python text, and logs of full states.

A run becomes a trace: the run, an agent for each analyst whose messages were kept, a model call for each answer, a tool
step for each result, the collected news, and the decision. The calls of the debates leave only their texts, on the run.

What the format never carries stays visible as not captured: prompts of the system, the tools' definitions, and what
a model was asked before its first answer. A run states when it ended and how long it took, without a zone (read as
UTC); its spans stand one nanosecond apart, in the order of the messages. A log of full states has a date only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attributes, as_decimal, as_text
from afterbell.formats.python_repr import ReprError, fields
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_UNSET, Refusal, Span, span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "tradingagents-runs"
TITLE = "TradingAgents results and logs of full states"
UNIT = Unit.STREAM
RANK = 40

PREFIX = "tradingagents."
_MESSAGES = "_messages"
_NEWS = "news_report"
_SECOND = 10**9
_ACTIONS = {"BUY": "buy", "SELL": "sell", "HOLD": "hold"}


class _Run(Struct, frozen=True, kw_only=True):
    """What all spans of a run share."""

    raw: str
    start_ns: int
    end_ns: int
    position: int


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether a result file or a log of full states begins here."""
    if not json_rows.begins(head):
        return False
    keys = json_rows.keys(head)
    results = {"ticker", "trade_date"} <= keys and ("full_result" in keys or "traceback" in keys)
    return results or ("company_of_interest" in keys and {"trade_date", "market_report"} <= keys)


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Read the runs into spans; messages that cannot be read are refused by name and number."""
    for position, row in enumerate(json_rows.rows(stream), 1):
        if isinstance(row, Refusal):
            yield row
            continue
        found = list(_runs(row.value))
        if not found:
            yield Refusal(where=row.where, why="no run: neither full_result nor a state with company_of_interest")
        for top, state in found:
            yield from _spans(top, state, f"{row.where}, ", context.name, position)


def _runs(value: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield what stands around a state, and the state: of one run, or of one for each date."""
    if not isinstance(value, Mapping):
        return
    inner = value.get("full_result")
    state = inner if isinstance(inner, Mapping) else {}
    if isinstance(inner, Mapping) or ("ticker" in value and "error" in value):
        yield {key: each for key, each in value.items() if key != "full_result"}, state
    elif value.keys() >= {"company_of_interest"}:
        yield {}, value
    else:
        for each in value.values():
            if isinstance(each, Mapping) and "company_of_interest" in each:
                yield {}, each


def _spans(top: Mapping[str, Any], state: Mapping[str, Any], where: str, name: str, position: int) -> Iterator[Item]:
    symbol = as_text(top.get("ticker") or state.get("company_of_interest"))
    day = as_text(top.get("trade_date") or state.get("trade_date"))
    ended = stamp(top.get("timestamp"))
    took = as_decimal(top.get("execution_time"))
    start = ended - int(took * _SECOND) if ended and took is not None else ended or stamp(f"{day}T00:00:00Z")
    raw = f"TradingAgents/{symbol}/{as_text(top.get('timestamp')) or f'{day} {name}'}"
    run = _Run(raw=raw, start_ns=max(start, 0), end_ns=ended or start + 1, position=position)
    error = as_text(top.get("error"))
    facts = {key: value for key, value in {**state, **top}.items() if not key.endswith(_MESSAGES) and key != _NEWS}
    lifted = {"trading.symbol": symbol}
    told = lifted | as_attributes(PREFIX, facts)
    yield _span(run, "", 0, f"TradingAgents {symbol} {day}".strip(), told, error=error, whole=True)
    place = 1
    seen: set[str] = set()
    for key, listed in state.items():
        if key.endswith(_MESSAGES) and isinstance(listed, list) and listed:
            agent = _span(run, "run", place, f"{key.removesuffix(_MESSAGES)} analyst", {f"{PREFIX}agent": key})
            yield agent
            yield from _steps(run, agent, listed, place, where + key, seen)
            place += len(listed) + 1
    if isinstance(state.get(_NEWS), str) and state[_NEWS]:
        yield _span(run, "run", place, "news collection", {f"{PREFIX}{_NEWS}": state[_NEWS]})
        place += 1
    word = as_text(top.get("final_decision") or state.get("processed_signal")).strip().upper()
    reason = as_text(state.get("final_trade_decision"))
    if word or reason:
        action = {"trading.decision.action": _ACTIONS[word]} if word in _ACTIONS else {}
        yield _span(run, "run", place, "trading.decision", lifted | action | {
            "trading.decision.reason": reason, "trading.decision.data_asof": day,
        })  # fmt: skip


def _steps(run: _Run, agent: Span, listed: list[Any], place: int, where: str, seen: set[str]) -> Iterator[Item]:
    """Yield a call for each answer of a model and a step for each result of a tool; an answer met before is none."""
    new: list[dict[str, Any]] = []
    for number, text in enumerate(listed, 1):
        place += 1
        try:
            said = dict(text) if isinstance(text, Mapping) else fields(as_text(text))
        except ReprError as error:
            yield Refusal(where=f"{where} {number}", why=f"not a message: {error}")
            continue
        role = _role(said)
        message = {
            "role": role, "content": said.get("content"),
            **({"tool_calls": _calls(said)} if role == "assistant" else {}),
            **({"tool_call_id": said["tool_call_id"]} if role == "tool" else {}),
        }  # fmt: skip
        own = as_text(said.get("id"))
        if role != "assistant":
            new.append(message)
        if role == "tool":
            told = {"tool_call_id": said["tool_call_id"], "tool": said.get("name"), "result": said.get("content")}
            facts = {PREFIX + key: as_text(value) for key, value in told.items()}
            yield _span(run, agent.span_id, place, "tool result", facts)
        elif role == "assistant" and not (own and own in seen):
            seen.add(own)
            metadata = {key: said[key] for key in ("response_metadata", "usage_metadata", "id") if said.get(key)}
            facts = {f"{PREFIX}input": as_text(new), f"{PREFIX}output": as_text([message])}
            yield _span(run, agent.span_id, place, "model call", facts | as_attributes(PREFIX, metadata))
            new = []


def _role(said: Mapping[str, Any]) -> str:
    if said.get("tool_call_id"):
        return "tool"
    told = said.get("usage_metadata") or said.get("tool_calls") or said.get("response_metadata")
    return "assistant" if told or as_text(said.get("id")).startswith("run-") else "user"


def _calls(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = said.get("tool_calls")
    return [
        {"id": call.get("id"), "name": call.get("name"), "arguments": call.get("args")}
        for call in (listed if isinstance(listed, list) else ()) if isinstance(call, Mapping)
    ]  # fmt: skip


def _span(
    run: _Run, parent: str, place: int, name: str, facts: Mapping[str, Any], *, error: str = "", whole: bool = False
) -> Span:
    raw = f"{run.raw}:{place}" if parent else f"{run.raw}:run"
    above = span_hex(f"{run.raw}:run") if parent == "run" else parent
    start = run.start_ns + place
    return Span(
        trace_id=trace_hex(run.raw), trace_id_raw=run.raw, span_id=span_hex(raw), span_id_raw=raw, parent_span_id=above,
        name=name, start_ns=start, end_ns=max(run.end_ns, start) if whole else start,
        status_code=STATUS_ERROR if error else STATUS_UNSET, status_message=error, attributes=dict(facts),
        resource={"service.name": "TradingAgents"}, format=NAME, position=run.position,
    )  # fmt: skip
