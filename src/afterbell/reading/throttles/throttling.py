"""Every throttle that a trace or its gateway shows, on a model or a data provider, and which calls could hide one.

A throttle is cited where it stands and belongs to the logical model call or tool call that met it; an error that
bubbles up through the spans above is the same throttle. A client that retries by itself hides it: such calls are told
from those whose statuses are known. What a throttle led to is not read here (`degradation.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import STATUS_ERROR, LogRecord, Span
from afterbell.reading.ancestors import above
from afterbell.reading.throttles.gateway import Attempt, cell
from afterbell.reading.throttles.notices import (
    OUT,
    THROTTLED,
    http_status,
    limit_notice,
    named_limit,
    named_outage,
    names_limit,
    names_outage,
    outage_error,
    throttled_error,
)

FALLBACK: Final = "trading.llm.fallback."
_STATUSES = ("http.response.status_code", "http.status_code")
_RESENT = "http.request.resend_count"
_DEEPEST, _LINE = 100, 600
_LOUD = frozenset({"WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"})


class Throttle(Struct, frozen=True, kw_only=True):
    """One throttle: when, where it stands, and the model call or tool that met it (both None: some other span).

    `from_model` and `to_model` are given where a fallback for this reason is recorded, `tried` where a gateway turned
    to another model than that asked for; `answered` is where the book names the model that answered in the end.
    `outage` marks a server that failed or a connection that was lost, which is no throttle.
    """

    at_ns: int
    span_id: str
    evidence: Evidence
    call: LlmCall | None = None
    tool: ToolCall | None = None
    fallback: bool = False
    from_model: str = ""
    to_model: str = ""
    tried: str = ""
    answered: Evidence | None = None
    outage: bool = False

    @property
    def word(self) -> str:
        """What it is called in a sentence."""
        return "outage" if self.outage else "throttle"

    @property
    def done(self) -> str:
        """What happened to whom it struck."""
        return "was not available" if self.outage else "was throttled"


def model_calls(trace: Trace) -> tuple[LlmCall, ...]:
    """Return the logical model calls; sums over several calls are none."""
    return tuple(call for call in trace.calls if call.operation != ROLLUP)


def throttles(trace: Trace, gateway: Sequence[Attempt] = (), *, outages: bool = False) -> tuple[Throttle, ...]:
    """Return every throttle of a trace in order of time, one for each call or span that met one.

    `gateway` holds the attempts of the trace's calls that a gateway logged. With `outages`, server errors and lost
    connections count too; a call that met both counts as throttled.
    """
    owners = _Owners(trace)
    found: dict[tuple[str, str], Throttle] = {}
    marked = [(span, at, proof, False) for span in trace.spans for at, proof in _on_span(span)]
    if outages:
        limited = {span.span_id for span, _at, _proof, _out in marked}
        marked += [(span, at, proof, True) for span in trace.spans if span.span_id not in limited
                   for at, proof in _outages_on(span)]  # fmt: skip
    hit = {span.span_id for span, _at, _proof, _out in marked}
    over = {up.span_id for span_id in hit for up in owners.above(span_id)}
    for span, at, proof, out in marked:
        call, tool = owners.call_of(span.span_id), owners.tool_of(span.span_id)
        if span.span_id in over and not (call and span.span_id in {call.span_id, *call.duplicates}):
            continue  # an error that bubbled up from below
        throttle = Throttle(at_ns=at, span_id=span.span_id, evidence=proof, call=call, tool=None if call else tool,
                            outage=out)  # fmt: skip
        found.setdefault(_key(throttle), throttle)
    others = (
        *_in_logs(trace, owners, outages=outages), *_in_results(trace, outages=outages),
        *_fallbacks(trace, owners, outages=outages), *_at_gateway(trace, gateway, outages=outages),
    )  # fmt: skip
    for throttle in others:
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


def untold(trace: Trace, gateway: Sequence[Attempt] = ()) -> tuple[LlmCall, ...]:
    """Return the model calls of which no status, resend count, HTTP span, error or row of a gateway is known.

    Retries may hide there.
    """
    owners = _Owners(trace)
    told = {each.call.span_id for each in gateway if each.call is not None}
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
        return above(span_id, self._spans, _DEEPEST)

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
        if text.isdecimal() and len(text) <= 3:  # noqa: PLR2004 - an HTTP status has three digits
            return key, int(text)
    return None


def _error(span: Span, stated: tuple[str, int] | None) -> tuple[bool, str, int | None]:
    """Tell whether a span failed, with the class of its error and the HTTP status: as stated, else as its class."""
    kind = str(span.attributes.get("error.type", ""))
    return bool(kind) or span.status_code == STATUS_ERROR, kind, stated[1] if stated else http_status(kind)


def _on_span(span: Span) -> Iterator[tuple[int, Evidence]]:
    """Yield the throttles that a span itself shows: its status, its error, its exceptions."""
    stated = _status(span.attributes)
    ended = span.end_ns or span.start_ns
    if stated is not None and stated[1] in THROTTLED:
        yield ended, _at(span, stated[0], str(span.attributes[stated[0]]))
    failed, kind, status = _error(span, stated)
    if failed and throttled_error(status, kind, span.status_message):
        if named_limit(kind) or status in THROTTLED:
            yield ended, _at(span, "error.type", kind)
        yield ended, _within(span, "status.message", span.status_message, named_limit(span.status_message))
    for number, event in enumerate(span.events):
        said = [(key, str(event.attributes[key])) for key in ("exception.type", "exception.message")
                if key in event.attributes]  # fmt: skip
        code = _status(event.attributes)
        when = event.time_ns or ended
        if code is not None and code[1] in THROTTLED:
            yield when, _at(span, f"events[{number}].{code[0]}", str(event.attributes[code[0]]))
        elif said and throttled_error(code[1] if code else status, said[0][1], said[-1][1]):
            key, text = next((each for each in said if named_limit(each[1])), said[0])
            yield when, _within(span, f"events[{number}].{key}", text, named_limit(text))


def _outages_on(span: Span) -> Iterator[tuple[int, Evidence]]:
    """Yield the outages that a span itself shows: a 5xx status, an error or exception of a lost connection."""
    stated = _status(span.attributes)
    ended = span.end_ns or span.start_ns
    if stated is not None and stated[1] in OUT:
        yield ended, _at(span, stated[0], str(span.attributes[stated[0]]))
    failed, kind, status = _error(span, stated)
    if failed and outage_error(status, kind, span.status_message):
        if named_outage(kind) or status in OUT:
            yield ended, _at(span, "error.type", kind)
        yield ended, _within(span, "status.message", span.status_message, named_outage(span.status_message))
    for number, event in enumerate(span.events):
        code = _status(event.attributes)
        said = {key: str(event.attributes[key]) for key in ("exception.type", "exception.message")
                if key in event.attributes}  # fmt: skip
        if said and outage_error(code[1] if code else status, *(said.get(f"exception.{key}", "") for key in
                                                               ("type", "message"))):  # fmt: skip
            key, text = next((each for each in said.items() if named_outage(each[1])), next(iter(said.items())))
            yield event.time_ns or ended, _within(span, f"events[{number}].{key}", text, named_outage(text))


def shows_throttle(span: Span) -> bool:
    """Tell whether a span itself shows a throttle."""
    return any(True for _each in _on_span(span))


def _in_logs(trace: Trace, owners: _Owners, *, outages: bool) -> Iterator[Throttle]:
    for log in trace.logs:
        out = False
        code = _status(log.attributes)
        kind, said = (str(log.attributes.get(key, "")) for key in ("exception.type", "exception.message"))
        if code is not None and code[1] in THROTTLED:
            field, text = code[0], str(log.attributes[code[0]])
        elif (kind or said) and throttled_error(code[1] if code else None, kind, said):
            field, text = ("exception.type", kind) if named_limit(kind) else ("exception.message", said)
        elif isinstance(log.body, str) and len(log.body) <= _LINE and named_limit(log.body):
            field, text = "body", log.body
        elif outages and code is not None and code[1] in OUT:
            field, text, out = code[0], str(log.attributes[code[0]]), True
        elif outages and (kind or said) and outage_error(None, kind, said):
            field, text, out = *(("exception.type", kind) if named_outage(kind) else ("exception.message", said)), True
        elif outages and isinstance(log.body, str) and len(log.body) <= _LINE and _tells_outage(log):
            field, text, out = "body", log.body, True
        else:
            continue
        start, end = (named_outage(text) if out else named_limit(text)) or (0, len(text))
        proof = Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{log.event_name}.{field}",
                         excerpt=text[start:end], start=start, end=end)  # fmt: skip
        yield Throttle(at_ns=log.time_ns or log.observed_ns, span_id=log.span_id, evidence=proof,
                       call=owners.call_of(log.span_id), tool=owners.tool_of(log.span_id), outage=out)  # fmt: skip


def _tells_outage(log: LogRecord) -> bool:
    """Tell whether a log line reports an outage: it names one, and it is a warning or an error."""
    return log.severity.upper() in _LOUD and named_outage(str(log.body)) is not None


def _in_results(trace: Trace, *, outages: bool) -> Iterator[Throttle]:
    """Yield the tools whose result is a notice that the data provider throttled us."""
    for tool in trace.tools:
        out = False
        if tool.is_error:
            place = named_limit(tool.result) or (0, min(len(tool.result), 160))
            throttled = throttled_error(None, tool.error_type, tool.result)
            if not throttled and outages and outage_error(None, tool.error_type, tool.result):
                place = named_outage(tool.result) or place
                throttled = out = True
        else:
            place = limit_notice(tool.result) or (0, 0)
            throttled = place != (0, 0)
        if not throttled:
            continue
        (start, end), source = place, tool.result_source
        span_id = source.span_id if source else tool.executed_in
        proof = Evidence(trace_id=trace.trace_id, span_id=span_id, field=source.field if source else "",
                         excerpt=tool.result[start:end], start=start, end=end)  # fmt: skip
        yield Throttle(at_ns=tool.ended_ns or tool.started_ns, span_id=span_id, evidence=proof, tool=tool,
                       outage=out)  # fmt: skip


def _fallbacks(trace: Trace, owners: _Owners, *, outages: bool) -> Iterator[Throttle]:
    """Yield the fallbacks whose recorded reason is a throttle."""
    for span in trace.spans:
        for place, attributes, when in (
            ("", span.attributes, span.start_ns),
            *((f"events[{number}].", event.attributes, event.time_ns or span.start_ns)
              for number, event in enumerate(span.events)),
        ):  # fmt: skip
            reason = str(attributes.get(f"{FALLBACK}reason", ""))
            limited = names_limit(reason)
            if limited or (outages and names_outage(reason)):
                proof = _at(span, f"{place}{FALLBACK}reason", reason)
                yield Throttle(
                    at_ns=when, span_id=span.span_id, evidence=proof, call=owners.call_of(span.span_id), fallback=True,
                    from_model=str(attributes.get(f"{FALLBACK}from_model", "")),
                    to_model=str(attributes.get(f"{FALLBACK}to_model", "")), outage=not limited,
                )  # fmt: skip


def _at_gateway(trace: Trace, gateway: Sequence[Attempt], *, outages: bool) -> Iterator[Throttle]:
    """Yield the attempts that a gateway saw throttled, with the model that it found an answer at."""
    for number, each in enumerate(gateway):
        row = each.row
        limited = each.failed and throttled_error(each.code, row.error_class, "")
        if not limited and not (outages and each.failed and outage_error(each.code, row.error_class, "")):
            continue
        good = next((later.row for later in gateway[number + 1 :] if not later.failed and later.row.model and (
            later.call is each.call if each.call else later.row.model_group == row.model_group)), None)  # fmt: skip
        yield Throttle(
            at_ns=each.at_ns, span_id=each.call.span_id if each.call else "", call=each.call, fallback=good is not None,
            evidence=cell(trace, row, "error_code" if row.error_code else "error_class"),
            from_model=row.model_group or row.model, to_model=good.model if good else "", tried=row.model,
            answered=cell(trace, good, "model") if good else None, outage=not limited,
        )  # fmt: skip


def _at(span: Span, field: str, text: str) -> Evidence:
    return Evidence(trace_id=span.trace_id, span_id=span.span_id, field=field, excerpt=text, end=len(text))


def _within(span: Span, field: str, text: str, named: tuple[int, int] | None) -> Evidence:
    """Cite the words that name the fault, else the text's beginning."""
    start, end = named or (0, min(len(text), 160))
    return Evidence(
        trace_id=span.trace_id, span_id=span.span_id, field=field, excerpt=text[start:end], start=start, end=end
    )
