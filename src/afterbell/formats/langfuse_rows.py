"""A Langfuse row as a span or a log record: what its exports and its public API share.

An observation becomes a span whose attributes have the names that Langfuse itself gives them in OpenTelemetry
(`langfuse.observation.*`); what an instrumentation sent (`metadata.attributes`) stands beside them under its own names.
A trace and a score are no spans: they become log records `langfuse.trace` and `langfuse.score`. Snake case and camel
case are the same. What the words mean is the dialect's work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterbell.formats.json_rows import Row
from afterbell.formats.messages import as_attribute, as_attributes, as_decimal, as_object, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_OK, LogRecord, Refusal, Span, span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from afterbell.formats.items import Item

PREFIX = "langfuse.observation."
TRACE, SCORE = "langfuse.trace", "langfuse.score"
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_RENAMED = {
    "provided_model_name": "model.name", "model": "model.name", "model_parameters": "model.parameters",
    "prompt_name": "prompt.name", "prompt_version": "prompt.version",
}  # fmt: skip
_IDS = frozenset({"id", "trace_id", "parent_observation_id"})
_ELSEWHERE = _IDS | {"name", "start_time", "end_time", "metadata", "environment"}
_LISTS = ("observations", "data", "scores")
_CAMEL = {"parentObservationId", "usageDetails", "costDetails", "providedModelName", "completionStartTime"}
_SNAKE = {"parent_observation_id", "usage_details", "cost_details", "provided_model_name", "completion_start_time"}
_OLD_USAGE = ("input", "output", "total")


def items(row: Row, name: str, position: int) -> Iterator[Item]:
    """Yield what a record holds: an observation, a trace with or without its observations, a score, or a page."""
    value = row.value
    if not isinstance(value, Mapping):
        yield Refusal(where=row.where, why="no object")
        return
    inner = value.get("trace")
    trace = inner if isinstance(inner, Mapping) else value
    listed = [key for key in _LISTS if isinstance(value.get(key), list)]
    if trace is not value or (listed and "id" in value):
        rest = {key: each for key, each in trace.items() if key not in _LISTS}
        yield from _one(rest, row.where, name, position)
    for key in listed:
        for number, each in enumerate(value[key], 1):
            if isinstance(each, Mapping):
                yield from _one(each, f"{row.where}, {key} {number}", name, position)
            elif not isinstance(each, str):  # a list of traces names its observations by id only
                yield Refusal(where=f"{row.where}, {key} {number}", why="no object")
    if not listed and trace is value:
        yield from _one(value, row.where, name, position)


def _one(value: Mapping[str, Any], where: str, name: str, position: int) -> Iterator[Item]:
    row = {_WORD_START.sub("_", key).lower(): each for key, each in value.items()}
    if not row.get("id"):
        yield Refusal(where=where, why="a row without an id")
    elif row.get("trace_id") and "start_time" in row:
        yield _span(row, name, position)
    elif "value" in row and ("data_type" in row or "observation_id" in row or "string_value" in row):
        yield _score(row, name, position)
    elif "trace_id" not in row and "timestamp" in row:
        yield _record(TRACE, row, as_text(row["id"]), "", row.get("timestamp"), name, position)
    else:
        yield Refusal(where=where, why="neither an observation (trace id and start), nor a score, nor a trace")


def _span(row: dict[str, Any], name: str, position: int) -> Span:
    raw, above, trace = (as_text(row.get(key)) for key in ("id", "parent_observation_id", "trace_id"))
    metadata = as_object(row.get("metadata"))
    sent, scope = as_object(metadata.get("attributes")), as_object(metadata.get("scope"))
    failed = as_text(row.get("level")).upper() == "ERROR"
    return Span(
        trace_id=trace_hex(trace), trace_id_raw=trace, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id=span_hex(above) if above != raw else "", name=as_text(row.get("name")),
        start_ns=stamp(row.get("start_time")), end_ns=stamp(row.get("end_time")),
        status_code=STATUS_ERROR if failed else STATUS_OK, status_message=as_text(row.get("status_message")),
        resource=dict(as_object(metadata.get("resourceAttributes"))), scope_name=as_text(scope.get("name")),
        scope_version=as_text(scope.get("version")), attributes={**sent, **_lifted(metadata), **_own(row, metadata)},
        format=name, position=position,
    )  # fmt: skip


def _own(row: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        if key not in _ELSEWHERE and value not in (None, "", {}, []):
            found[PREFIX + _RENAMED.get(key, key)] = as_attribute(value)
    if not as_object(row.get("cost_details")) and not as_decimal(row.get("total_cost")):
        found.pop(f"{PREFIX}total_cost", None)  # a column that cannot be blank says 0 where no cost was computed
    if not as_object(row.get("usage_details")) and (old := _old_usage(row)):
        found[f"{PREFIX}usage_details"] = as_text(old)
    if row.get("environment"):
        found["langfuse.environment"] = as_text(row["environment"])
    rest = {key: value for key, value in metadata.items() if key not in {"attributes", "resourceAttributes", "scope"}}
    if rest or not metadata:
        kept = rest or row.get("metadata")
        found |= {f"{PREFIX}metadata": as_text(kept)} if kept not in (None, "", {}) else {}
    return found


def _old_usage(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the usage of rows from before `usage_details`; characters, seconds and the like are no tokens."""
    usage = as_object(row.get("usage"))
    if usage.get("unit") not in (None, "", "TOKENS"):
        return {}
    return {key: usage[key] for key in _OLD_USAGE if usage.get(key)}


def _score(row: Mapping[str, Any], name: str, position: int) -> LogRecord:
    return _record(
        SCORE, row, as_text(row.get("trace_id")), as_text(row.get("observation_id")),
        row.get("timestamp") or row.get("created_at"), name, position,
    )  # fmt: skip


def _record(event: str, row: Mapping[str, Any], trace: str, span: str, at: Any, name: str, position: int) -> LogRecord:
    return LogRecord(
        trace_id=trace_hex(trace) if trace else "", span_id=span_hex(span), time_ns=stamp(at), event_name=event,
        attributes=as_attributes(f"{event}.", row),
        format=name, position=position,
    )  # fmt: skip


def _lifted(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key.startswith("trading.")}


def starts_with_row(keys: AbstractSet[str]) -> bool:
    """Tell whether these keys are those of Langfuse's rows."""
    camel = "traceId" in keys and bool(keys & _CAMEL)
    snake = "trace_id" in keys and bool(keys & _SNAKE)
    scores = not keys.isdisjoint({"traceId", "trace_id"}) and {"value", "name"} <= keys and not keys.isdisjoint(
        {"dataType", "data_type", "observationId", "observation_id"}
    )  # fmt: skip
    traces = "bookmarked" in keys and not keys.isdisjoint({"projectId", "project_id"})
    together = "observations" in keys and not keys.isdisjoint({"projectId", "traceId", "sessionId"})
    return camel or snake or scores or traces or together
