"""Which legs of a run's record are missing and why: prompts, outputs, ends, parents, evicted attributes, hashes.

A leg is one thing that an auditor would ask for. Content gone is a state (not captured, redacted, truncated, evicted,
offloaded, lost), and each missing leg names its own. Tool calls and trades are read in `tool_legs` and `trade_legs`.
It does not say whether a missing leg matters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall, MessageRef, PartKind
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.log_lines.speaking import speaking, told_by_lines

LOGGED: Final = "the model calls that the lines of the log speak of, one by one"
_WHY = {
    ContentState.NOT_CAPTURED: "not captured",
    ContentState.REDACTED: "redacted",
    ContentState.TRUNCATED: "truncated",
    ContentState.EVICTED: "evicted by a limit on attributes",
    ContentState.REF: "in a file that was not handed in",
    ContentState.LOST: "lost between the model and the record",
}
_NAMES = {"system": "system prompt", "input": "prompt", "output": "model output", "tools": "tool definitions"}
# Where a leg may stand, in the words of the conventions; the first that the span has is cited.
_FIELDS = {
    "system": ("gen_ai.system_instructions", "gen_ai.system_instructions_ref", "gen_ai.system_instructions.ref",
               "llm.input_messages.0.message.content", "gen_ai.prompt.0.content"),
    "input": ("gen_ai.input.messages", "gen_ai.input.messages_ref", "gen_ai.input.messages.ref", "input.value",
              "gen_ai.prompt.0.content", "llm.input_messages.0.message.content", "langfuse.observation.input",
              "inputs"),
    "output": ("gen_ai.output.messages", "gen_ai.output.messages_ref", "gen_ai.output.messages.ref", "output.value",
               "gen_ai.completion.0.content", "llm.output_messages.0.message.content", "langfuse.observation.output",
               "outputs"),
    "tools": ("gen_ai.tool.definitions", "gen_ai.tool.definitions_ref", "gen_ai.tool.definitions.ref",
              "llm.tools.0.tool.json_schema"),
}  # fmt: skip
_MARK = re.compile(
    r"\s{0,9}(?:__REDACTED__|\[REDACTED(?::[^\]\n]{0,80})?\]|<REDACTED>)\s{0,9}"
    r"|(?:…|\.\.\.)\s{0,3}[\[(<]truncated[^\])>\n]{0,60}[\])>]\s{0,9}\Z",
    re.IGNORECASE,
)
_TAIL = 60
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})\Z", re.IGNORECASE)
_HASHED = ("_hash", "_sha256", ".sha256", ".hash")
_REMOTE = 0x300  # OTLP span flags: "the parent is known to be remote"


class Leg(Struct, frozen=True, kw_only=True):
    """One missing leg: what is missing, why, of what it is a part, and where the gap shows.

    `count` is above one where one place stands for several (dropped attributes).
    """

    leg: str
    why: str
    evidence: Evidence
    name: str = ""
    count: int = 1


def why(state: ContentState) -> str:
    """Return the words for a state of content."""
    return _WHY.get(state, str(state).replace("_", " "))


def at(trace: Trace, span_id: str, field: str, excerpt: str = "") -> Evidence:
    """Cite a whole field of a span; without an excerpt, the place where it should stand."""
    return Evidence(trace_id=trace.trace_id, span_id=span_id, field=field, excerpt=excerpt, end=len(excerpt))


def structure(trace: Trace) -> Iterator[Leg]:
    """Yield what the exporter lost: dropped attributes, events, links; parents; ends; spans that only logs name."""
    for span in trace.spans:
        yield from _dropped(trace, span)
        if not span.end_ns:
            yield Leg(leg="end of the run", why="never ended", name=span.name,
                      evidence=at(trace, span.span_id, "end_time"))  # fmt: skip
    for log in trace.logs:
        if log.dropped_attributes:
            place = at(trace, log.span_id, f"log:{log.event_name}.dropped_attributes", str(log.dropped_attributes))
            yield Leg(leg="attributes", why="dropped by the exporter", count=log.dropped_attributes, evidence=place,
                      name=log.event_name)  # fmt: skip
    parents = {span.span_id: span for span in trace.spans}
    for span_id in trace.completeness.missing_parents:
        span = parents[span_id]
        reason = "in another service" if span.flags & _REMOTE == _REMOTE else "not in the trace"
        yield Leg(leg="parent span", why=reason, name=span.name,
                  evidence=at(trace, span_id, "parent_span_id", span.parent_span_id))  # fmt: skip
    for span_id in dict.fromkeys(log.span_id for log in trace.logs if log.span_id and log.span_id not in parents):
        yield Leg(leg="span", why="only its log records are there", evidence=at(trace, span_id, "span_id", span_id))


def _dropped(trace: Trace, span: Span) -> Iterator[Leg]:
    inner = sum(event.dropped_attributes for event in span.events)
    for what, count, field in (
        ("attributes", span.dropped_attributes, "dropped_attributes"),
        ("events", span.dropped_events, "dropped_events"),
        ("links", span.dropped_links, "dropped_links"), ("attributes of events", inner, "events.dropped_attributes"),
    ):  # fmt: skip
        if count:
            yield Leg(leg=what, why="dropped by the exporter", count=count, name=span.name,
                      evidence=at(trace, span.span_id, field, str(count)))  # fmt: skip


def summed(trace: Trace) -> tuple[LlmCall, ...]:
    """Return the sums over model calls that the trace does not hold one by one: what those calls did is unknown."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    inner = {up for call in trace.calls if call.operation != ROLLUP for up in _above(call.span_id, parents)}
    return tuple(call for call in trace.calls if call.operation == ROLLUP and call.span_id not in inner)


def behind(sums: Sequence[LlmCall]) -> tuple[str, ...]:
    """Name what the trace would have to hold instead of sums."""
    return tuple(f"the model calls behind the sum on span {call.span_id}, one by one" for call in sums)


def unheld(trace: Trace) -> tuple[str, ...]:
    """Name the model calls that ran and are not held one by one.

    Those behind sums; in a trace without calls those of agents, and those that the lines of a log speak of.
    """
    if trace.calls:
        return behind(summed(trace))
    runs = tuple(f"the model calls of the agent's run on span {span.span_id}, one by one" for span in trace.spans
                 if _runs_models(span))  # fmt: skip
    return runs or ((LOGGED,) if speaking(trace) is not None else ())


def _runs_models(span: Span) -> bool:
    said = (span.attributes.get("gen_ai.operation.name"), span.attributes.get("openinference.span.kind"))
    return str(said[0]).lower() in {"invoke_agent", "create_agent"} or str(said[1]).upper() == "AGENT"


def content(trace: Trace) -> Iterator[Leg]:
    """Yield the prompts, system prompts and outputs of model calls that are not there, and documents cut or masked."""
    spans = {span.span_id: span for span in trace.spans}
    alone = {call.span_id for call in summed(trace)}
    words = told_by_lines(trace)
    if words is not None:
        yield Leg(leg="model calls", why="only lines of a log speak of them", evidence=words)
    for call in trace.calls:
        if call.operation == ROLLUP:
            if call.span_id in alone:
                field = call.usage.source.field if call.usage.source else ""
                yield Leg(leg="model calls", why="only their sum is recorded", evidence=_sum(trace, spans, call, field))
            continue
        for leg, refs in (("system", call.system), ("input", call.input), ("output", call.output)):
            state = call.states.get(
                leg, ContentState.CAPTURED if refs or leg == "system" else ContentState.NOT_CAPTURED
            )
            if _counts(call, leg, state):
                yield Leg(
                    leg=_NAMES[leg],
                    why=why(state),
                    name=call.agent_name,
                    evidence=_place(trace, spans, call, leg, refs),
                )
        state = call.states.get("tools", ContentState.CAPTURED)
        # Many formats never carry tool definitions: absent ones are no gap, cut or masked ones are.
        if state not in {ContentState.CAPTURED, ContentState.NOT_CAPTURED} and (
            state is not ContentState.EVICTED or _asks(trace, call)
        ):
            yield Leg(leg=_NAMES["tools"], why=why(state), evidence=_place(trace, spans, call, "tools", ()))
    for document in trace.documents:
        if document.state not in {ContentState.CAPTURED, ContentState.NOT_CAPTURED}:
            excerpt = document.text[-_TAIL:]
            start = len(document.text) - len(excerpt)
            yield Leg(
                leg="document", why=why(document.state), name=document.title,
                evidence=Evidence(trace_id=trace.trace_id, span_id=document.source.span_id, field=document.source.field,
                                  excerpt=excerpt, start=start, end=len(document.text)),
            )  # fmt: skip


def _sum(trace: Trace, spans: Mapping[str, Span], call: LlmCall, field: str) -> Evidence:
    span = spans.get(call.span_id)
    value = span.attributes.get(field) if span else None
    return at(trace, call.span_id, field, "" if value is None else str(value))


def _above(span_id: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen = {span_id}
    here = parents.get(span_id, "")
    while here and here not in seen:
        seen.add(here)
        yield here
        here = parents.get(here, "")


def _counts(call: LlmCall, leg: str, state: ContentState) -> bool:
    """Tell whether a leg is missing.

    A failed call has no output. An absent system prompt is missing only where the format says that it would have
    stood there: the prompt itself is kept and the state still says not captured.
    """
    if state is ContentState.CAPTURED:
        return False
    if leg == "output" and call.failed and state is ContentState.NOT_CAPTURED:
        return False
    if leg == "system" and state is ContentState.NOT_CAPTURED:
        return call.states.get("input") is ContentState.CAPTURED
    return True


def _asks(trace: Trace, call: LlmCall) -> bool:
    return any(part.kind is PartKind.TOOL_CALL for _message, part, _source in trace.parts(call.output))


def _place(trace: Trace, spans: Mapping[str, Span], call: LlmCall, leg: str, refs: tuple[MessageRef, ...]) -> Evidence:
    """Cite the mark that says the content is gone, else the field in which it should stand."""
    for _message, part, source in trace.parts(refs):
        hit = _MARK.match(part.text) if len(part.text) < 2 * _TAIL else None
        hit = hit or _MARK.search(part.text, max(0, len(part.text) - 2 * _TAIL))
        if hit is not None:
            return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=hit.group(),
                            start=hit.start(), end=hit.end())  # fmt: skip
    span = spans.get(call.span_id)
    attributes: Mapping[str, Any] = span.attributes if span else {}
    field = next((name for name in _FIELDS[leg] if name in attributes), "")
    value = attributes.get(field)
    if not isinstance(value, str):
        return at(trace, call.span_id, field or _FIELDS[leg][0])
    excerpt = value[-_TAIL:]
    return Evidence(trace_id=trace.trace_id, span_id=call.span_id, field=field, excerpt=excerpt,
                    start=len(value) - len(excerpt), end=len(value))  # fmt: skip


def hashes(trace: Trace) -> Iterator[Leg]:
    """Yield texts that do not have the SHA-256 stated beside them (UTF-8, hex in any case, optional `sha256:`)."""
    for document in trace.documents:
        if document.text and document.state is ContentState.CAPTURED and document.stated_sha256:
            found = _mismatch(document.text, document.stated_sha256)
            if found:
                excerpt = document.text[: 2 * _TAIL]
                yield Leg(
                    leg="document", why="its SHA-256 is not the one stated", name=document.title or document.doc_id,
                    evidence=Evidence(trace_id=trace.trace_id, span_id=document.source.span_id, excerpt=excerpt,
                                      field=document.source.field, end=len(excerpt)),
                )  # fmt: skip
    for span in trace.spans:
        for key, stated in span.attributes.items():
            ending = next((each for each in _HASHED if key.endswith(each)), "")
            text = span.attributes.get(key.removesuffix(ending)) if ending else None
            if isinstance(text, str) and isinstance(stated, str) and _mismatch(text, stated):
                yield Leg(leg=key.removesuffix(ending), why="its SHA-256 is not the one stated", name=span.name,
                          evidence=at(trace, span.span_id, key, stated))  # fmt: skip


def _mismatch(text: str, stated: str) -> bool:
    """Tell whether a stated value is a SHA-256 and not that of the text; other kinds of hash are not judged."""
    hit = _DIGEST.match(stated.strip())
    return hit is not None and hit[1].lower() != hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
