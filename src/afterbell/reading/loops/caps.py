"""Words and classes by which frameworks say that a loop was ended by its cap: recursion, turns, steps, budget.

A full context window, a rate limit of the provider, retries used up and Python's own recursion depth are other faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterbell.model.calls import PartKind
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span

_LONGEST = 4000
_LAST_WORDS = 400  # a framework's own last words are short; in a long report the same words are about something else
_CLASS = re.compile(
    r"(?:^|[.\s:'\"])(?:GraphRecursionError|MaxTurns(?:Exceeded|Reached)|UsageLimitExceeded|LlmCallsLimitExceeded"
    r"|Max(?:imum)?(?:Agent)?(?:Iterations?|Steps?|Loops?)(?:Reached|Exceeded)?|AgentMaxSteps"
    r"|(?:Token)?Budget(?:Limit)?(?:Exceeded|Exhausted)|(?:Iteration|Recursion|Step|Turn|Loop|Cost|ToolCall|ModelCall)Limit(?:Exceeded|Reached))"
    r"(?:Error|Exception)?(?=\Z|[\s:('\"])|\berror_max_(?:turns|budget|steps|iterations)\w{0,10}\b"
)
_UNIT = r"(?:recursion|iterations?|(?:agent )?steps?|turns?|loops?|(?:tool|model|llm|function) calls?)"
_MOST = r"max(?:imum)?(?: number of| allowed)?"
_FIGURE = r"(?: of)?(?: {1,2}\(?\d{1,9}\)?)? ?"
_IS = r"(?: (?:was|were|has been|have been|is))?"
_END = r"(?:reached|exceeded|hit|exhausted|used up)"
_SPENT = r"(?:reached|exceeded|hit|exhausted|used up|spent)"
_DO = r"(?:reached|exceed(?:s|ed|ing)?|hit|due to|because of)(?: the| its| an?)?"
_WORDS = re.compile(
    rf"\b{_UNIT} (?:limit|cap|budget){_FIGURE}{_IS} {_END}\b"
    rf"|\b{_DO} {_MOST} {_UNIT}\b"
    rf"|\b{_DO} (?:max(?:imum)? )?{_UNIT} (?:limit|cap|budget)\b"
    rf"|\b{_MOST} {_UNIT}(?: limit)?{_FIGURE}{_IS} {_END}\b"
    rf"|\b(?:tokens?|cost|spending|total tokens?) budget{_FIGURE}(?: tokens)?{_IS} {_END}\b"
    rf"|\btotal tokens limit{_FIGURE}{_IS} {_END}\b|\bexceeded the (?:total tokens|request|tool calls) limit\b"
    rf"|\bbudget has been exceeded\b"
    rf"|\b{_DO} max(?:imum)? of \d{{1,9}} {_UNIT}\b|\b\d{{1,9}} {_UNIT} used\b"
    rf"|\btoo many {_UNIT}|\b(?:ran|run|running) out of {_UNIT}"
    rf"|\b(?:stopped|tripped|ended|aborted) after \d{{1,9}} {_UNIT}"
    rf"|\b{_UNIT} (?:limit|cap|budget)(?: ?[=:] ?\d{{1,9}})? {_END}\b|\b{_UNIT} (?:limit|cap|budget) {_SPENT}\b"
    rf"|\bmax(?:imum)? consecutive auto replies{_IS} {_END}\b"
    # An error that speaks of a budget of tokens or money for the run; a provider speaks of limits, rates and quotas.
    rf"|\b(?:tokens?|cost|spending) (?:budget|cap|allowance)\b[^.!?\n]{{0,60}}\b{_SPENT}\b"
    rf"|\b(?:used|spent|consumed) [^.!?\n]{{0,40}}\btokens?\b[^.!?\n]{{0,20}}"
    rf"\b(?:budget|cap|allowance)\b[^.!?\n]{{0,20}}"
    rf"|\b(?:over|out of|beyond) (?:the |its )?(?:tokens?|cost) budget\b",
    re.IGNORECASE,
)
_LEVEL = str.maketrans("_-`", "   ")
_PYTHON = re.compile(r"maximum recursion depth exceeded", re.IGNORECASE)
_STOPPED = re.compile(
    r"\b(?:agent )?stopped due to (?:max )?(?:iterations?|steps?|turns?)\b|\bneed more steps to process this request\b",
    re.IGNORECASE,
)
_OUTPUTS = ("output.value", "traceloop.entity.output", "langfuse.observation.output", "mlflow.spanOutputs", "output")


def named_cap(text: str) -> tuple[int, int] | None:
    """Return where an error's class or message names a cap on the loop, as offsets into the text; else None."""
    text = text[:_LONGEST]
    hit = _CLASS.search(text) or _WORDS.search(text.translate(_LEVEL)) or _STOPPED.search(text)
    if hit is None or _PYTHON.search(text):
        return None
    return hit.span()


def caps_named(trace: Trace) -> Iterator[Evidence]:
    """Yield every place where a span, an event or a log record says that a cap ended the run."""
    found = {tool.executed_in for tool in trace.tools} | {each.source.span_id for each in trace.documents}
    for span in trace.spans:
        for field, text in _places(span):
            where = named_cap(text)
            if where is not None:
                yield _proof(trace.trace_id, span.span_id, field, text, where)
        # What was found is not what the loop said.
        for field, text in () if span.span_id in found else _outputs(span):
            hit = _STOPPED.search(text)
            if hit is not None:
                yield _proof(trace.trace_id, span.span_id, field, text, hit.span())
    for call in trace.calls:
        for _message, part, source in trace.parts(call.output):
            hit = _STOPPED.search(part.text) if part.kind is PartKind.TEXT and len(part.text) <= _LAST_WORDS else None
            if hit is not None:
                yield _proof(source.trace_id, source.span_id, source.field, part.text, hit.span())
    for log in trace.logs:
        for key in ("exception.type", "exception.message"):
            text = str(log.attributes.get(key, ""))
            where = named_cap(text)
            if where is not None:
                yield _proof(trace.trace_id, log.span_id, f"log:{log.event_name}.{key}", text, where)


def _places(span: Span) -> Iterator[tuple[str, str]]:
    if span.status_message:
        yield "status.message", span.status_message
    for key in ("error.type", "error.message"):
        if key in span.attributes:
            yield key, str(span.attributes[key])
    for number, event in enumerate(span.events):
        for key in ("exception.type", "exception.message"):
            if key in event.attributes:
                yield f"events[{number}].{key}", str(event.attributes[key])


def _outputs(span: Span) -> Iterator[tuple[str, str]]:
    """Yield the last words that a framework put on a span."""
    for key in _OUTPUTS:
        value = span.attributes.get(key)
        if isinstance(value, str) and len(value) <= _LAST_WORDS:
            yield key, value


def _proof(trace_id: str, span_id: str, field: str, text: str, where: tuple[int, int]) -> Evidence:
    start, end = where
    return Evidence(trace_id=trace_id, span_id=span_id, field=field, excerpt=text[start:end], start=start, end=end)
