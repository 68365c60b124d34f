"""Every throttle that a trace shows, on a model or on a data provider, and which calls could have hidden one.

A throttle is cited where it stands and belongs to the logical model call or tool call that met it; an error that
bubbles up through the spans above is the same throttle. A client that retries by itself hides it: such calls are told
from those whose statuses are known. What a throttle led to is not read here (`degradation.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from afterbell.model.calls import LlmCall, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import STATUS_ERROR, Span
from afterbell.reading.throttles.notices import THROTTLED, limit_notice, named_limit, names_limit, throttled_error

FALLBACK: Final = "trading.llm.fallback."
_STATUSES = ("http.response.status_code", "http.status_code")
_RESENT = "http.request.resend_count"
_ROLLUP = "rollup"
_DEEPEST, _LINE = 100, 600


class Throttle(Struct, frozen=True, kw_only=True):
    """One throttle: when, where it stands, and the model call or tool that met it (both None: some other span).

    `from_model` and `to_model` are given where a fallback for this reason is recorded.
    """

    at_ns: int
    span_id: str
    evidence: Evidence
    call: LlmCall | None = None
    tool: ToolCall | None = None
    fallback: bool = False
    from_model: str = ""
    to_model: str = ""


def model_calls(trace: Trace) -> tuple[LlmCall, ...]:
    """Return the logical model calls; sums over several calls are none."""
    return tuple(call for call in trace.calls if call.operation != _ROLLUP)


def throttles(trace: Trace) -> tuple[Throttle, ...]:
    """Return every throttle of a trace in order of time, one for each call or span that met one."""
    owners = _Owners(trace)
    found: dict[tuple[str, str], Throttle] = {}
    marked = [(span, at, proof) for span in trace.spans for at, proof in _on_span(span)]
    hit = {span.span_id for span, _at, _proof in marked}
    over = {up.span_id for span_id in hit for up in owners.above(span_id)}
    for span, at, proof in marked:
        call, tool = owners.call_of(span.span_id), owners.tool_of(span.span_id)
        if span.span_id in over and not (call and span.span_id in {call.span_id, *call.duplicates}):
            continue  # an error that bubbled up from below
        throttle = Throttle(at_ns=at, span_id=span.span_id, evidence=proof, call=call, tool=None if call else tool)
        found.setdefault(_key(throttle), throttle)
    for throttle in (*_in_logs(trace, owners), *_in_results(trace), *_fallbacks(trace, owners)):
        key = _key(throttle)
        if key not in found or (throttle.fallback and not found[key].fallback):
            found[key] = throttle
    return tuple(sorted(found.values(), key=lambda each: each.at_ns))


def _key(throttle: Throttle) -> tuple[str, str]:
    """Return what one throttle is counted by: the call or tool that met it, else its span."""
    if throttle.call is not None:
        return "call", throttle.call.span_id
    if throttle.tool is not None:
        return "tool", throttle.tool.executed_in or throttle.tool.call_id
    return "span", throttle.span_id


def sums_only(trace: Trace) -> bool:
    """Tell whether model calls ran that the trace holds only as a sum, or as an agent's run without its calls."""
    if any(call.operation == _ROLLUP for call in trace.calls):
        return True
    return not trace.calls and any(_runs_models(span) for span in trace.spans)


def _runs_models(span: Span) -> bool:
    said = (span.attributes.get("gen_ai.operation.name"), span.attributes.get("openinference.span.kind"))
    return str(said[0]).lower() in {"invoke_agent", "create_agent"} or str(said[1]).upper() == "AGENT"


def untold(trace: Trace) -> tuple[LlmCall, ...]:
    """Return the model calls of which no status, resend count, HTTP span or error is known: retries may hide there.

    Rows of a gateway would tell them too; no book of them is read yet.
    """
    owners = _Owners(trace)
    told: set[str] = set()
    for span in trace.spans:
        if any(key in span.attributes for key in (*_STATUSES, _RESENT)):
            call = owners.call_of(span.span_id)
            if call is not None:
                told.add(call.span_id)
    told |= {call.span_id for call in model_calls(trace)
             if call.failed or call.http_status is not None or call.resend_count is not None}  # fmt: skip
    return tuple(call for call in model_calls(trace) if call.span_id not in told)


class _Owners:
    """Which logical call or tool a span belongs to: its own, or the nearest above it."""

    def __init__(self, trace: Trace) -> None:
        self._spans = {span.span_id: span for span in trace.spans}
        self._calls = {span_id: call for call in model_calls(trace) for span_id in (call.span_id, *call.duplicates)}
        self._tools = {tool.executed_in: tool for tool in trace.tools if tool.executed_in}

    def above(self, span_id: str) -> Iterator[Span]:
        here = self._spans.get(span_id)
        for _ in range(_DEEPEST):
            here = self._spans.get(here.parent_span_id) if here else None
            if here is None:
                return
            yield here

    def call_of(self, span_id: str) -> LlmCall | None:
        return next((self._calls[each] for each in self._path(span_id) if each in self._calls), None)

    def tool_of(self, span_id: str) -> ToolCall | None:
        return next((self._tools[each] for each in self._path(span_id) if each in self._tools), None)

    def _path(self, span_id: str) -> Iterator[str]:
        yield span_id
        for span in self.above(span_id):
            yield span.span_id


def _status(attributes: Mapping[str, Any]) -> tuple[str, int] | None:
    for key in _STATUSES:
        text = str(attributes.get(key, ""))
        if text.isdigit() and len(text) <= 3:  # noqa: PLR2004 - an HTTP status has three digits
            return key, int(text)
    return None


def _on_span(span: Span) -> Iterator[tuple[int, Evidence]]:
    """Yield the throttles that a span itself shows: its status, its error, its exceptions."""
    stated = _status(span.attributes)
    ended = span.end_ns or span.start_ns
    if stated is not None and stated[1] in THROTTLED:
        yield ended, _at(span, stated[0], str(span.attributes[stated[0]]))
    kind = str(span.attributes.get("error.type", ""))
    failed = bool(kind) or span.status_code == STATUS_ERROR
    status = stated[1] if stated else int(kind) if kind.isdigit() and len(kind) == 3 else None  # noqa: PLR2004 - a status
    if failed and throttled_error(status, kind, span.status_message):
        if named_limit(kind) or status in THROTTLED:
            yield ended, _at(span, "error.type", kind)
        yield ended, _within(span, "status.message", span.status_message)
    for number, event in enumerate(span.events):
        said = [(key, str(event.attributes[key])) for key in ("exception.type", "exception.message")
                if key in event.attributes]  # fmt: skip
        code = _status(event.attributes)
        when = event.time_ns or ended
        if code is not None and code[1] in THROTTLED:
            yield when, _at(span, f"events[{number}].{code[0]}", str(event.attributes[code[0]]))
        elif said and throttled_error(code[1] if code else status, said[0][1], said[-1][1]):
            key, text = next((each for each in said if named_limit(each[1])), said[0])
            yield when, _within(span, f"events[{number}].{key}", text)


def shows_throttle(span: Span) -> bool:
    """Tell whether a span itself shows a throttle."""
    return any(True for _each in _on_span(span))


def _in_logs(trace: Trace, owners: _Owners) -> Iterator[Throttle]:
    for log in trace.logs:
        code = _status(log.attributes)
        kind, said = (str(log.attributes.get(key, "")) for key in ("exception.type", "exception.message"))
        if code is not None and code[1] in THROTTLED:
            field, text = code[0], str(log.attributes[code[0]])
        elif (kind or said) and throttled_error(code[1] if code else None, kind, said):
            field, text = ("exception.type", kind) if named_limit(kind) else ("exception.message", said)
        elif isinstance(log.body, str) and len(log.body) <= _LINE and named_limit(log.body):
            field, text = "body", log.body
        else:
            continue
        start, end = named_limit(text) or (0, len(text))
        proof = Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{log.event_name}.{field}",
                         excerpt=text[start:end], start=start, end=end)  # fmt: skip
        yield Throttle(at_ns=log.time_ns or log.observed_ns, span_id=log.span_id, evidence=proof,
                       call=owners.call_of(log.span_id), tool=owners.tool_of(log.span_id))  # fmt: skip


def _in_results(trace: Trace) -> Iterator[Throttle]:
    """Yield the tools whose result is a notice that the data provider throttled us."""
    for tool in trace.tools:
        if tool.is_error:
            place = named_limit(tool.result) or (0, min(len(tool.result), 160))
            throttled = throttled_error(None, tool.error_type, tool.result)
        else:
            place = limit_notice(tool.result) or (0, 0)
            throttled = place != (0, 0)
        if not throttled:
            continue
        (start, end), source = place, tool.result_source
        span_id = source.span_id if source else tool.executed_in
        proof = Evidence(trace_id=trace.trace_id, span_id=span_id, field=source.field if source else "",
                         excerpt=tool.result[start:end], start=start, end=end)  # fmt: skip
        yield Throttle(at_ns=tool.ended_ns or tool.started_ns, span_id=span_id, evidence=proof, tool=tool)


def _fallbacks(trace: Trace, owners: _Owners) -> Iterator[Throttle]:
    """Yield the fallbacks whose recorded reason is a throttle."""
    for span in trace.spans:
        for place, attributes, when in (
            ("", span.attributes, span.start_ns),
            *((f"events[{number}].", event.attributes, event.time_ns or span.start_ns)
              for number, event in enumerate(span.events)),
        ):  # fmt: skip
            reason = str(attributes.get(f"{FALLBACK}reason", ""))
            if names_limit(reason):
                proof = _at(span, f"{place}{FALLBACK}reason", reason)
                yield Throttle(
                    at_ns=when, span_id=span.span_id, evidence=proof, call=owners.call_of(span.span_id), fallback=True,
                    from_model=str(attributes.get(f"{FALLBACK}from_model", "")),
                    to_model=str(attributes.get(f"{FALLBACK}to_model", "")),
                )  # fmt: skip


def _at(span: Span, field: str, text: str) -> Evidence:
    return Evidence(trace_id=span.trace_id, span_id=span.span_id, field=field, excerpt=text, end=len(text))


def _within(span: Span, field: str, text: str) -> Evidence:
    start, end = named_limit(text) or (0, min(len(text), 160))
    return Evidence(
        trace_id=span.trace_id, span_id=span.span_id, field=field, excerpt=text[start:end], start=start, end=end
    )
