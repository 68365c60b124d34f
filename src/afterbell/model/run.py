"""A `Trace`: one run of the agents with both layers, and how complete it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from afterbell.model.calls import Annotation, Document, LlmCall, Message, MessageRef, Part, Source, ToolCall
from afterbell.model.trace import LogRecord, Span
from afterbell.model.trading import Budget, TradeEvent, TradeKind


class Completeness(Struct, frozen=True, kw_only=True):
    """How much of the run was recorded. Counts; span ids where a finding has a place.

    `pending` are copies sent when a span began, dropped because the span itself is there.
    """

    spans: int = 0
    repeats: int = 0
    pending: int = 0
    roots: tuple[str, ...] = ()
    missing_parents: tuple[str, ...] = ()
    unended: tuple[str, ...] = ()
    dropped_attributes: int = 0
    dropped_events: int = 0
    dropped_links: int = 0
    dropping_spans: tuple[str, ...] = ()


class Trace(Struct, frozen=True, kw_only=True, dict=True):
    """One run. Spans are in order of start; the logical values are derived from them and cite them."""

    trace_id: str
    spans: tuple[Span, ...] = ()
    logs: tuple[LogRecord, ...] = ()
    messages: Mapping[str, Message] = {}
    calls: tuple[LlmCall, ...] = ()
    tools: tuple[ToolCall, ...] = ()
    documents: tuple[Document, ...] = ()
    trades: tuple[TradeEvent, ...] = ()
    budgets: tuple[Budget, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    completeness: Completeness = Completeness()

    @property
    def started_ns(self) -> int:
        """The first moment any span or log states, or 0."""
        stamps = [span.start_ns for span in self.spans if span.start_ns]
        stamps += [log.time_ns for log in self.logs if log.time_ns]
        return min(stamps, default=0)

    @property
    def ended_ns(self) -> int:
        """The last moment any span states, or 0."""
        return max((max(span.end_ns, span.start_ns) for span in self.spans), default=0)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats the spans came in, in order of first use."""
        found = [span.format for span in self.spans] + [log.format for log in self.logs]
        return tuple(dict.fromkeys(name for name in found if name))

    @cached_property
    def idea_ids(self) -> tuple[str, ...]:
        """The ideas this run worked on: those of its spans, then those that only events name, in order of mention."""
        told = (str(span.attributes.get("trading.idea.id") or "") for span in self.spans)
        return tuple(dict.fromkeys(each for each in (*told, *(trade.idea_id for trade in self.trades)) if each))

    @cached_property
    def strategy_ids(self) -> tuple[str, ...]:
        """The strategies this run names: on its spans, then on events alone, in order of mention."""
        told = (str(span.attributes.get("trading.strategy.id") or "") for span in self.spans)
        return tuple(dict.fromkeys(each for each in (*told, *(trade.strategy_id for trade in self.trades)) if each))

    def span(self, span_id: str) -> Span | None:
        """Return the span with this id, or None."""
        return self._spans_by_id.get(span_id)

    @cached_property
    def _spans_by_id(self) -> dict[str, Span]:
        return {span.span_id: span for span in reversed(self.spans)}  # of two with one id the first counts

    def of_kind(self, *kinds: TradeKind) -> tuple[TradeEvent, ...]:
        """Return the trading facts of these kinds, in order of time."""
        return tuple(trade for trade in self.trades if trade.kind in kinds)

    def message(self, ref: MessageRef) -> Message:
        """Return the message behind a reference."""
        return self.messages[ref.sha256]

    def parts(self, refs: tuple[MessageRef, ...]) -> Iterator[tuple[Message, Part, Source]]:
        """Yield every part of the referenced messages with its own source."""
        for ref in refs:
            message = self.messages[ref.sha256]
            for part, source in zip(message.parts, ref.sources, strict=True):
                yield message, part, source
