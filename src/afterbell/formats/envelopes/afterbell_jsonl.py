"""Afterbell's own JSON lines: for people without tracing. One object a line; see `docs/guide/own-format.md`.

Each row becomes a span or a log record with the attribute names of OpenTelemetry GenAI and of `trading.*`, so that
nothing above knows that no tracer was there. This module does not interpret; it only spells out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import LogRecord, Refusal, Span, SpanEvent, span_hex, trace_hex
from afterbell.reading.times import to_ns

NAME = "afterbell-jsonl"
TITLE = "Afterbell's own JSON lines"
UNIT = Unit.LINE

_IDS = {
    "idea": "trading.idea.id",
    "decision": "trading.decision.id",
    "thesis": "trading.thesis.id",
    "strategy": "trading.strategy.id",
    "account": "trading.account.id",
    "run": "trading.run.id",
    "symbol": "trading.symbol",
    "exchange": "trading.exchange",
    "currency": "trading.currency",
    "mode": "trading.mode",
    "stage": "trading.stage",
    "agent": "gen_ai.agent.name",
}
_FRAME = {
    "type",
    "trace",
    "id",
    "parent",
    "at",
    "until",
    "attributes",
    "error",
    "span",
    "events",
    "links",
    "dropped",
}
_TRADING_SPANS = {
    "idea": ("trading.idea", "trading.idea."),
    "research": ("trading.research", "trading.research."),
    "thesis": ("trading.thesis", "trading.thesis."),
    "decision": ("trading.decision", "trading.decision."),
    "risk_check": ("trading.risk_check", "trading.risk.check."),
    "validation": ("trading.validation", "trading.validation."),
    "order": ("trading.order.submit", "trading.order."),
    "monitor": ("trading.monitor", "trading.monitor."),
}
_TRADING_EVENTS = {
    "execution_report": "trading.execution.",
    "thesis_invalidated": "trading.thesis.",
    "position_snapshot": "trading.position.",
    "account_snapshot": "trading.account.",
    "budget": "trading.budget.",
}
_REPORT_KEYS = {
    "exec_id": "trading.execution.id",
    "exec_type": "trading.execution.type",
    **{key: f"trading.order.{key}" for key in ("client_order_id", "side", "quantity", "status", "position_effect")},
    "order_id": "trading.order.id",
    "realized_pnl": "trading.position.realized_pnl",
}
_BUDGET_KEYS = {
    "tokens_planned": "trading.budget.tokens.planned",
    "tokens_max": "trading.budget.tokens.max",
    "cost_planned": "trading.budget.cost.planned",
    "steps_max": "trading.budget.steps.max",
}
_TOKENS = {
    "input": "gen_ai.usage.input_tokens",
    "output": "gen_ai.usage.output_tokens",
    "cache_read": "gen_ai.usage.cache_read.input_tokens",
    "cache_write": "gen_ai.usage.cache_write.input_tokens",
    "reasoning": "gen_ai.usage.reasoning.output_tokens",
}
_TYPES = {"run", "call", "tool", "retrieval", "span", *_TRADING_SPANS, *_TRADING_EVENTS}
STATUS_ERROR = 2


class _Unreadable(ValueError):
    """A row that cannot be taken; its text is the reason."""


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a row of ours: an object with a known `type` and a `trace`."""
    line, _, _ = head.partition(b"\n")
    if len(line) >= len(head):
        return head.lstrip().startswith(b'{"type"') and b'"trace"' in head[:400]
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(row, dict) and row.get("type") in _TYPES and "trace" in row


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into one span or log record, or a refusal that says what is wrong with it."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
        return
    try:
        yield item(row, context.position)
    except _Unreadable as error:
        yield Refusal(where=where, why=str(error))


def item(row: Any, position: int) -> Span | LogRecord:
    """Turn one row into a span or a log record. Raises ValueError with the reason when it cannot be one."""
    if not isinstance(row, dict):
        raise _Unreadable("the line is not an object")
    kind, trace = row.get("type"), row.get("trace")
    if kind not in _TYPES:
        raise _Unreadable(f"unknown type {str(kind)[:40]!r}; known: {', '.join(sorted(_TYPES))}")
    if not isinstance(trace, str) or not trace:
        raise _Unreadable("no trace id (key 'trace', a text)")
    if kind in _TRADING_EVENTS:
        return _event(row, kind, trace, position)
    return _span(row, kind, trace, position)


def _stamp(row: Mapping[str, Any], key: str) -> int:
    value = row.get(key)
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    stamp = to_ns(value) if isinstance(value, str) else None
    if stamp is None:
        raise _Unreadable(f"'{key}' is not a time with a zone: {str(value)[:40]!r}")
    return stamp


def _text(row: Mapping[str, Any], key: str, default: str = "") -> str:
    value = row.get(key, default)
    if not isinstance(value, str):
        raise _Unreadable(f"'{key}' is not a text: {str(value)[:40]!r}")
    return value


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for key, value in row.items():
        if "." in key:
            attributes[key] = value
        elif key in _IDS and isinstance(value, str):
            attributes[_IDS[key]] = value
    extra = row.get("attributes", {})
    if not isinstance(extra, dict):
        raise _Unreadable("'attributes' is not an object")
    return attributes | extra


def _span(row: Mapping[str, Any], kind: str, trace: str, position: int) -> Span:
    attributes = _common(row)
    raw = _text(row, "id", "run" if kind == "run" else f"{trace}:{position}")
    build: Callable[[Mapping[str, Any], dict[str, Any]], str] | None = _BUILDERS.get(kind)
    if build is not None:
        name = build(row, attributes)
    else:
        name, prefix = _TRADING_SPANS[kind]
        for key, value in row.items():
            if key not in _FRAME and "." not in key and not (key in _IDS and isinstance(value, str)):
                attributes[prefix + key] = value
    error = row.get("error")
    if isinstance(error, dict):
        attributes["error.type"] = _text(error, "type", "error")
    dropped = row.get("dropped", 0)
    return Span(
        trace_id=trace_hex(trace), trace_id_raw=trace, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id=span_hex(_text(row, "parent")), name=name, start_ns=_stamp(row, "at"),
        end_ns=_stamp(row, "until"), attributes=attributes, events=_events(row),
        status_code=STATUS_ERROR if error else 0,
        status_message=_text(error, "message") if isinstance(error, dict) else str(error or ""),
        dropped_attributes=dropped if isinstance(dropped, int) else 0, format=NAME, position=position,
    )  # fmt: skip


def _events(row: Mapping[str, Any]) -> tuple[SpanEvent, ...]:
    events = row.get("events", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise _Unreadable("'events' is not a list of objects")
    return tuple(
        SpanEvent(name=_text(event, "name"), time_ns=_stamp(event, "at"), attributes=_common(event)) for event in events
    )


def _event(row: Mapping[str, Any], kind: str, trace: str, position: int) -> LogRecord:
    attributes = _common(row)
    names = {"execution_report": _REPORT_KEYS, "budget": _BUDGET_KEYS}.get(kind, {})
    for key, value in row.items():
        if key not in _FRAME and "." not in key and not (key in _IDS and isinstance(value, str)):
            attributes[names.get(key, _TRADING_EVENTS[kind] + key)] = value
    return LogRecord(
        trace_id=trace_hex(trace), span_id=span_hex(_text(row, "span")), time_ns=_stamp(row, "at"),
        event_name=f"trading.{kind}", attributes=attributes, format=NAME, position=position,
    )  # fmt: skip


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


def _as_arguments(value: Any) -> Any:
    return value if isinstance(value, str) else _dump(value)


def _parts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    content = message.get("content")
    if message.get("role") == "tool":
        parts.append({"type": "tool_call_response", "id": message.get("tool_call_id", ""), "response": content})
    elif isinstance(content, str) and content:
        parts.append({"type": "text", "content": content})
    elif isinstance(content, list):
        parts += content
    for call in message.get("tool_calls", []):
        parts.append({"type": "tool_call", "id": call.get("id", ""), "name": call.get("name", ""),
                      "arguments": _as_arguments(call.get("arguments", ""))})  # fmt: skip
    return parts


def _messages(value: Any, role: str) -> str:
    rows = value if isinstance(value, list) else [value]
    found = []
    for each in rows:
        entry = {"content": each} if isinstance(each, str) else each
        if not isinstance(entry, dict):
            raise _Unreadable("a message is neither a text nor an object")
        calls = entry.get("tool_calls", [])
        if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
            raise _Unreadable("'tool_calls' is not a list of objects")
        found.append({"role": str(entry.get("role", role)), "parts": _parts({"role": role, **entry})})
    return _dump(found)


def _run(row: Mapping[str, Any], _attributes: dict[str, Any]) -> str:
    return _text(row, "name", "run")


def _call(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    attributes["gen_ai.operation.name"] = "chat"
    for key, name in (("model", "gen_ai.request.model"), ("answered", "gen_ai.response.model"),
                      ("provider", "gen_ai.provider.name"), ("response_id", "gen_ai.response.id"),
                      ("task", "trading.task.type")):  # fmt: skip
        if key in row:
            attributes[name] = _text(row, key)
    if "system" in row:
        attributes["gen_ai.system_instructions"] = _dump([{"type": "text", "content": _text(row, "system")}])
    if "messages" in row:
        attributes["gen_ai.input.messages"] = _messages(row["messages"], "user")
    if "output" in row:
        attributes["gen_ai.output.messages"] = _messages(row["output"], "assistant")
    if "tools" in row:
        attributes["gen_ai.tool.definitions"] = _dump(row["tools"])
    if "finish" in row:
        attributes["gen_ai.response.finish_reasons"] = [_text(row, "finish")]
    prompt, tokens = row.get("prompt", {}), row.get("tokens", {})
    if not isinstance(prompt, dict) or not isinstance(tokens, dict):
        raise _Unreadable("'prompt' and 'tokens' are objects")
    attributes |= {f"gen_ai.prompt.{key}": value for key, value in prompt.items()}
    for key, value in tokens.items():
        if key not in _TOKENS or not isinstance(value, int) or isinstance(value, bool):
            raise _Unreadable(f"'tokens' holds {key!r}: {str(value)[:24]}; known: {', '.join(_TOKENS)} (whole numbers)")
        attributes[_TOKENS[key]] = value
    return f"chat {row.get('model', '')}".strip()


def _tool(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    name = _text(row, "name")
    attributes |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name}
    if "call_id" in row:
        attributes["gen_ai.tool.call.id"] = _text(row, "call_id")
    if "arguments" in row:
        attributes["gen_ai.tool.call.arguments"] = _as_arguments(row["arguments"])
    if "result" in row:
        attributes["gen_ai.tool.call.result"] = _as_arguments(row["result"])
    return f"execute_tool {name}".strip()


def _retrieval(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    attributes["gen_ai.operation.name"] = "retrieval"
    if "query" in row:
        attributes["gen_ai.retrieval.query.text"] = _text(row, "query")
    documents = row.get("documents", [])
    if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
        raise _Unreadable("'documents' is not a list of objects")
    attributes["gen_ai.retrieval.documents"] = _dump(documents)
    return _text(row, "name", "retrieval")


def _plain(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    if "kind" in row:
        attributes["openinference.span.kind"] = _text(row, "kind").upper()
    return _text(row, "name")


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], dict[str, Any]], str]] = {
    "run": _run, "call": _call, "tool": _tool, "retrieval": _retrieval, "span": _plain,
}  # fmt: skip
