"""Afterbell's own JSON lines: for people without tracing. One object a line; see `docs/guide/own-format.md`.

Each row becomes a span or a log record with the attribute names of OpenTelemetry GenAI and of `trading.*`, so that
nothing above knows that no tracer was there. This module does not interpret; it only spells out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_text
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
_BEGINS = re.compile(rb'\s{0,9}\{\s{0,9}"type"\s{0,9}:\s{0,9}"([a-z_]{1,30})"')
_MARK = b"\xef\xbb\xbf"
_LAST_NS = 2**63 - 1
STATUS_ERROR = 2


class _UnreadableError(ValueError):
    """A row that cannot be taken; its text is the reason."""


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a row of ours: an object with a known `type` and a `trace`."""
    line, _, _ = head.removeprefix(_MARK).partition(b"\n")
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        # The first line may be longer than what is looked at.
        found = _BEGINS.match(line)
        return found is not None and b'"trace"' in line[:400] and found[1].decode("ascii") in _TYPES
    return isinstance(row, dict) and isinstance(row.get("type"), str) and row["type"] in _TYPES and "trace" in row


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into one span or log record, or a refusal that says what is wrong with it."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        row = orjson.loads(line.removeprefix(_MARK) if context.position == 1 else line)
    except orjson.JSONDecodeError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
        return
    try:
        yield item(row, context.position)
    except _UnreadableError as error:
        yield Refusal(where=where, why=str(error))


def item(row: Any, position: int) -> Span | LogRecord:
    """Turn one row into a span or a log record. Raises ValueError with the reason when it cannot be one."""
    if not isinstance(row, dict):
        raise _UnreadableError("the line is not an object")
    kind, trace = row.get("type"), row.get("trace")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise _UnreadableError(f"unknown type {_brief(kind)}; known: {', '.join(sorted(_TYPES))}")
    if not isinstance(trace, str) or not trace:
        raise _UnreadableError("no trace id (key 'trace', a text)")
    # A key without a value states nothing; only a tool can have had nothing to say.
    row = {key: value for key, value in row.items() if value is not None or key == "result"}
    if kind in _TRADING_EVENTS:
        return _event(row, kind, trace, position)
    return _span(row, kind, trace, position)


def _brief(value: Any) -> str:
    return repr(as_text(value)[:40])


def _stamp(row: Mapping[str, Any], key: str) -> int:
    value = row.get(key)
    if value is None:
        return 0
    whole = isinstance(value, int) and not isinstance(value, bool)
    stamp = to_ns(value) if isinstance(value, str) else value if whole else None
    if stamp is None or not 0 <= stamp <= _LAST_NS:
        raise _UnreadableError(
            f"'{key}' is not a time with a zone, or not within the years 1970 to 2262: {_brief(value)}"
        )
    return stamp


def _text(row: Mapping[str, Any], key: str, default: str = "") -> str:
    value = row.get(key, default)
    if not isinstance(value, str):
        raise _UnreadableError(f"'{key}' is not a text: {_brief(value)}")
    return value


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for key, value in row.items():
        if "." in key:
            attributes[key] = value
        elif key in _IDS:
            number = isinstance(value, int) and not isinstance(value, bool)
            attributes[_IDS[key]] = str(value) if number else _text(row, key)
    extra = row.get("attributes", {})
    if not isinstance(extra, dict):
        raise _UnreadableError("'attributes' is not an object")
    return attributes | extra


def _span(row: Mapping[str, Any], kind: str, trace: str, position: int) -> Span:
    attributes = _common(row)
    raw = _text(row, "id") or ("run" if kind == "run" else f"{trace}:{position}")
    build: Callable[[Mapping[str, Any], dict[str, Any]], str] | None = _BUILDERS.get(kind)
    if build is not None:
        name = build(row, attributes)
        known = _FRAME | _KEYS[kind]
        attributes |= {
            f"afterbell.{key}": value for key, value in row.items()
            if key not in known and key not in _IDS and "." not in key
        }  # fmt: skip
    else:
        name, prefix = _TRADING_SPANS[kind]
        for key, value in row.items():
            if key not in _FRAME and "." not in key and key not in _IDS:
                attributes[prefix + key] = value
    error = row.get("error")
    if isinstance(error, dict):
        attributes["error.type"] = _text(error, "type", "error")
    dropped = row.get("dropped", 0)
    if not isinstance(dropped, int) or isinstance(dropped, bool) or not 0 <= dropped <= _LAST_NS:
        raise _UnreadableError(f"'dropped' is not a whole number: {_brief(dropped)}")
    return Span(
        trace_id=trace_hex(trace), trace_id_raw=trace, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id=span_hex(_text(row, "parent")), name=name, start_ns=_stamp(row, "at"),
        end_ns=_stamp(row, "until"), attributes=attributes, events=_events(row),
        status_code=STATUS_ERROR if error else 0,
        status_message=_text(error, "message") if isinstance(error, dict) else str(error or ""),
        dropped_attributes=dropped, format=NAME, position=position,
    )  # fmt: skip


def _events(row: Mapping[str, Any]) -> tuple[SpanEvent, ...]:
    events = row.get("events", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise _UnreadableError("'events' is not a list of objects")
    return tuple(
        SpanEvent(name=_text(event, "name"), time_ns=_stamp(event, "at"), attributes=_common(event)) for event in events
    )


def _event(row: Mapping[str, Any], kind: str, trace: str, position: int) -> LogRecord:
    attributes = _common(row)
    names = {"execution_report": _REPORT_KEYS, "budget": _BUDGET_KEYS}.get(kind, {})
    for key, value in row.items():
        if key not in _FRAME and "." not in key and key not in _IDS:
            attributes[names.get(key, _TRADING_EVENTS[kind] + key)] = value
    return LogRecord(
        trace_id=trace_hex(trace), span_id=span_hex(_text(row, "span")), time_ns=_stamp(row, "at"),
        event_name=f"trading.{kind}", attributes=attributes, format=NAME, position=position,
    )  # fmt: skip


def _parts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    content, parts = message.get("content"), message.get("parts")
    if isinstance(parts, list):
        return parts
    parts = []
    if message.get("role") == "tool":
        parts.append({"type": "tool_call_response", "id": message.get("tool_call_id", ""), "response": content})
    elif isinstance(content, str) and content:
        parts.append({"type": "text", "content": content})
    elif isinstance(content, list):
        parts += content
    elif content not in (None, ""):
        parts.append({"type": "text", "content": as_text(content)})
    for call in message.get("tool_calls") or ():
        parts.append({"type": "tool_call", "id": call.get("id", ""), "name": call.get("name", ""),
                      "arguments": as_text(call.get("arguments", ""))})  # fmt: skip
    return parts


def _messages(value: Any, role: str) -> str:
    rows = value if isinstance(value, list) else [value]
    found = []
    for each in rows:
        entry = {"content": each} if isinstance(each, str) else each
        if not isinstance(entry, dict):
            raise _UnreadableError("a message is neither a text nor an object")
        calls = entry.get("tool_calls") or []
        if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
            raise _UnreadableError("'tool_calls' is not a list of objects")
        found.append({"role": str(entry.get("role", role)), "parts": _parts({"role": role, **entry})})
    return as_text(found)


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
        attributes["gen_ai.system_instructions"] = as_text([{"type": "text", "content": _text(row, "system")}])
    if "messages" in row:
        attributes["gen_ai.input.messages"] = _messages(row["messages"], "user")
    if "output" in row:
        attributes["gen_ai.output.messages"] = _messages(row["output"], "assistant")
    if "tools" in row:
        attributes["gen_ai.tool.definitions"] = as_text(row["tools"])
    if "finish" in row:
        attributes["gen_ai.response.finish_reasons"] = [_text(row, "finish")]
    prompt, tokens = row.get("prompt", {}), row.get("tokens", {})
    if not isinstance(prompt, dict) or not isinstance(tokens, dict):
        raise _UnreadableError("'prompt' and 'tokens' are objects")
    attributes |= {f"gen_ai.prompt.{key}": value for key, value in prompt.items()}
    for key, value in tokens.items():
        if key not in _TOKENS or not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _UnreadableError(
                f"'tokens' holds {key!r}: {_brief(value)}; known: {', '.join(_TOKENS)} (whole numbers)"
            )
        attributes[_TOKENS[key]] = value
    return f"chat {row.get('model', '')}".strip()


def _tool(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    name = _text(row, "name")
    attributes |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name}
    if "call_id" in row:
        attributes["gen_ai.tool.call.id"] = _text(row, "call_id")
    if "arguments" in row:
        attributes["gen_ai.tool.call.arguments"] = as_text(row["arguments"])
    if "result" in row:
        attributes["gen_ai.tool.call.result"] = as_text(row["result"])
    return f"execute_tool {name}".strip()


def _retrieval(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    attributes["gen_ai.operation.name"] = "retrieval"
    if "query" in row:
        attributes["gen_ai.retrieval.query.text"] = _text(row, "query")
    if "documents" in row:
        documents = row["documents"]
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise _UnreadableError("'documents' is not a list of objects")
        attributes["gen_ai.retrieval.documents"] = as_text(documents)
    return _text(row, "name", "retrieval")


def _plain(row: Mapping[str, Any], attributes: dict[str, Any]) -> str:
    if "kind" in row:
        attributes["openinference.span.kind"] = _text(row, "kind").upper()
    return _text(row, "name")


_KEYS = {
    "run": {"name"},
    "call": {"model", "answered", "provider", "response_id", "task", "system", "messages", "output", "tools", "finish",
             "prompt", "tokens"},
    "tool": {"name", "call_id", "arguments", "result"},
    "retrieval": {"name", "query", "documents"},
    "span": {"name", "kind"},
}  # fmt: skip
_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], dict[str, Any]], str]] = {
    "run": _run, "call": _call, "tool": _tool, "retrieval": _retrieval, "span": _plain,
}  # fmt: skip
