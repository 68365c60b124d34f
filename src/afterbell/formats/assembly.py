"""Joins what the dialects read into one `Trace`: repeats dropped, calls counted once, tool legs joined, stages told.

Pure: spans and log records in, a `Trace` out. Dialects are handed in; this module knows none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import structs

from afterbell.formats import call_join, pending, stages, tool_join
from afterbell.formats.items import Readout
from afterbell.model.calls import Document, LlmCall, Message
from afterbell.model.run import Completeness, Trace
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import SpanKind


class Dialect(Protocol):
    """The contract of a module in `dialects/`."""

    NAME: str
    RANK: int

    def speaks(self, span: Span, /) -> bool:
        """Tell whether this dialect understands something of the span."""
        ...

    def read(self, span: Span, logs: tuple[LogRecord, ...], /) -> Readout:
        """Say what it understands."""
        ...


def assemble(trace_id: str, spans: Iterable[Span], logs: Iterable[LogRecord], dialects: Sequence[Dialect]) -> Trace:
    """Return the trace of these spans and log records.

    `dialects` are in order of rank; of several that speak on one span the first wins a fact, the others fill gaps.
    """
    known, copies = pending.settled(spans)
    kept, repeats = _without_repeats(known)
    by_id = {span.span_id: span for span in kept}
    records = tuple(sorted(logs, key=lambda log: (log.time_ns or log.observed_ns, log.position)))
    of_span: dict[str, list[LogRecord]] = {}
    for record in records:
        of_span.setdefault(record.span_id, []).append(record)
    readouts = {span.span_id: _read(span, tuple(of_span.get(span.span_id, ())), dialects) for span in kept}
    loose = [dialect.read_logs(records, by_id) for dialect in dialects if records and hasattr(dialect, "read_logs")]
    every = [*readouts.values(), *loose]

    messages: dict[str, Message] = {}
    for readout in every:
        messages.update((message.sha256, message) for message in readout.messages)
    trades = tuple(sorted((trade for readout in every for trade in readout.trades), key=lambda trade: trade.at_ns))
    stage_of = stages.StageFinder(kept, readouts, trades)
    calls = call_join.join([readout.call for readout in every if readout.call], by_id)
    calls = tuple(_placed(call, stage_of) for call in calls)
    calls = stages.single_shot(calls, trades, stage_of)
    return Trace(
        trace_id=trace_id, spans=kept, logs=records, messages=messages, calls=calls,
        tools=tool_join.join(calls, [readout.tool for readout in every if readout.tool], messages, stage_of),
        documents=tuple(_documents(every, stage_of)), trades=trades,
        budgets=tuple(budget for readout in every for budget in readout.budgets),
        annotations=tuple(note for readout in every for note in readout.annotations),
        completeness=_completeness(kept, by_id, repeats, copies),
    )  # fmt: skip


def kinds(trace: Trace, dialects: Sequence[Dialect]) -> Mapping[str, SpanKind]:
    """Return what each span stands for, by span id; spans that no dialect understands are OTHER."""
    return {span.span_id: _read(span, (), dialects).kind or SpanKind.OTHER for span in trace.spans}


def _without_repeats(spans: Iterable[Span]) -> tuple[tuple[Span, ...], int]:
    """Keep one span per id: the first that ended (a pending copy may precede it), else the first."""
    kept: dict[str, Span] = {}
    repeats = 0
    for span in spans:
        known = kept.get(span.span_id)
        if known is None:
            kept[span.span_id] = span
            continue
        repeats += 1
        if not known.end_ns and span.end_ns:
            kept[span.span_id] = span
    ordered = sorted(kept.values(), key=lambda span: (span.start_ns, span.position))
    return tuple(ordered), repeats


def _read(span: Span, logs: tuple[LogRecord, ...], dialects: Sequence[Dialect]) -> Readout:
    found = Readout()
    for dialect in dialects:
        if dialect.speaks(span):
            found = _merge(found, dialect.read(span, logs))
    return found


def _merge(first: Readout, second: Readout) -> Readout:
    """Lay a later dialect's readout under an earlier one's: lists of facts come from whoever has them first."""
    call = call_join.fill(first.call, second.call) if first.call and second.call else first.call or second.call
    tool = tool_join.fill(first.tool, second.tool) if first.tool and second.tool else first.tool or second.tool
    # What is traded comes first: whatever else the span is, it stands for a trading fact.
    kind = SpanKind.TRADING if second.kind is SpanKind.TRADING else first.kind or second.kind
    return Readout(
        kind=kind, call=call, tool=tool, messages=first.messages + second.messages,
        documents=first.documents or second.documents, trades=first.trades + second.trades,
        budgets=first.budgets or second.budgets, annotations=first.annotations or second.annotations,
        agent_name=first.agent_name or second.agent_name, stage=first.stage or second.stage,
    )  # fmt: skip


def _placed(call: LlmCall, stage_of: stages.StageFinder) -> LlmCall:
    return structs.replace(
        call, agent_name=call.agent_name or stage_of.agent_of(call.span_id),
        stage=call.stage or stage_of(call.span_id, call.agent_name),
    )  # fmt: skip


def _documents(readouts: Iterable[Readout], stage_of: stages.StageFinder) -> Iterable[Document]:
    for readout in readouts:
        for document in readout.documents:
            yield structs.replace(document, stage=document.stage or stage_of(document.source.span_id))


def _completeness(spans: Sequence[Span], by_id: Mapping[str, Span], repeats: int, pending: int) -> Completeness:
    return Completeness(
        spans=len(spans), repeats=repeats, pending=pending,
        roots=tuple(span.span_id for span in spans if not span.parent_span_id),
        missing_parents=tuple(
            span.span_id for span in spans if span.parent_span_id and span.parent_span_id not in by_id
        ),
        unended=tuple(span.span_id for span in spans if not span.end_ns),
        dropped_attributes=sum(span.dropped_attributes for span in spans),
        dropped_events=sum(span.dropped_events for span in spans),
        dropped_links=sum(span.dropped_links for span in spans),
        dropping_spans=tuple(
            span.span_id for span in spans if span.dropped_attributes or span.dropped_events or span.dropped_links
        ),
    )  # fmt: skip
