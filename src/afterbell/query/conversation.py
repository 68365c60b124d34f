"""A run told as steps in order of time: each message, tool call, document, order and fill once, where it became known.

A prompt is known when it was sent, an answer, a result and what a span says of a trade when they came back or the span
ended; what states no time stands last. Each chat span repeats the whole history, so a message that an earlier step
shows is counted and not shown again, and a text that an earlier step shows is referred to. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from afterbell.model.calls import ROLLUP, Document, LlmCall, Message, MessageRef, Part, PartKind, ToolCall
from afterbell.model.run import Trace
from afterbell.model.trace import STATUS_ERROR, LogRecord, Span
from afterbell.model.trace_page import Lane, Passage, Step
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import ContentState
from afterbell.query.span_fields import as_text

_NEVER = 2**63
_SHORTEST = 40  # a shorter text is shown again: "yes" of one step is not the "yes" of another
_TOLD_ELSEWHERE = ("gen_ai.", "trading.")
_LANES = {
    TradeKind.ORDER: Lane.ORDERS,
    TradeKind.EXECUTION_REPORT: Lane.FILLS,
    TradeKind.POSITION_SNAPSHOT: Lane.FILLS,
    TradeKind.ACCOUNT_SNAPSHOT: Lane.FILLS,
}
_LABELS = {
    PartKind.REASONING: "reasoning",
    PartKind.TOOL_CALL: "asks for tool",
    PartKind.TOOL_RESULT: "result of tool",
    PartKind.OTHER: "other content",
}


class Conversation(Struct, frozen=True, kw_only=True):
    """The steps of a run, and the step that shows each message, by the message's hash."""

    steps: tuple[Step, ...]
    homes: Mapping[str, int]


class _Due(Struct, frozen=True, kw_only=True):
    """Something that became known at a time; `rank` orders what became known at once, `tell` makes its step."""

    at_ns: int
    rank: int
    tell: Callable[[int], Step]

    @property
    def order(self) -> tuple[int, int]:
        return self.at_ns or _NEVER, self.rank


def told(trace: Trace) -> Conversation:
    """Return the run as steps, numbered from 1."""
    telling = _Telling(trace)
    due = sorted(telling.due(), key=lambda each: each.order)  # stable: the trace's own order breaks ties
    steps = tuple(each.tell(number) for number, each in enumerate(due, 1))
    return Conversation(steps=steps, homes=telling.homes)


class _Telling:
    """Tells steps in order, and remembers which messages and texts were told."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.homes: dict[str, int] = {}
        self._texts: dict[str, int] = {}

    def due(self) -> Iterator[_Due]:
        trace = self._trace
        for call in trace.calls:
            end = call.ended_ns or call.started_ns
            if call.system or call.input or not call.output:
                yield _Due(at_ns=call.started_ns, rank=2, tell=partial(self._prompt, call))
            if call.output or call.failed or _gone(call, "output"):
                yield _Due(at_ns=end, rank=3, tell=partial(self._answer, call))
        for tool in trace.tools:
            if tool.executed_in:
                end = tool.ended_ns or tool.started_ns
                yield _Due(at_ns=tool.started_ns, rank=4, tell=partial(self._run, tool))
                yield _Due(at_ns=end, rank=5, tell=partial(self._result, tool))
        for document in trace.documents:
            span = trace.span(document.source.span_id)
            at = (span.end_ns if span else 0) or document.started_ns
            yield _Due(at_ns=at, rank=1, tell=partial(self._document, document))
        for trade in trace.trades:
            yield _Due(at_ns=self._known(trade), rank=6, tell=partial(self._trade, trade))
        yield from self._others()

    def _others(self) -> Iterator[_Due]:
        """Yield failures of spans that are neither call nor tool, and log records that say nothing of the above."""
        known = {span_id for call in self._trace.calls for span_id in (call.span_id, *call.duplicates)}
        known |= {tool.executed_in for tool in self._trace.tools}
        for span in self._trace.spans:
            if span.status_code == STATUS_ERROR and span.span_id not in known:
                yield _Due(at_ns=span.end_ns or span.start_ns, rank=7,
                           tell=partial(self._failure, span))  # fmt: skip
        for log in self._trace.logs:
            if not log.event_name.startswith(_TOLD_ELSEWHERE) and log.body not in (None, ""):
                yield _Due(at_ns=log.time_ns or log.observed_ns, rank=0,
                           tell=partial(self._log, log))  # fmt: skip

    def _prompt(self, call: LlmCall, number: int) -> Step:
        new: list[MessageRef] = []
        repeated = last = 0
        for ref in (*call.system, *call.input):
            home = self.homes.setdefault(ref.sha256, number)
            if home == number:
                new.append(ref)
            else:
                repeated, last = repeated + 1, max(last, home)
        gone = (*_gone(call, "system"), *_gone(call, "input"))
        facts = [("stage", call.stage.value if call.stage else ""), ("agent", call.agent_name),
                 ("prompt", " ".join(filter(None, (call.prompt_name, call.prompt_version))))]  # fmt: skip
        what = "sum of calls" if call.operation == ROLLUP else "prompt"
        return Step(
            number=number, lane=Lane.PROMPTS, at_ns=call.started_ns, span_id=call.span_id,
            heading=f"{what} to {call.request_model or call.response_model or 'a model that is not named'}",
            passages=tuple(self._messages(number, call, new)), facts=_stated(facts), repeated=repeated,
            repeated_to=last, gone=gone,
        )  # fmt: skip

    def _answer(self, call: LlmCall, number: int) -> Step:
        for ref in call.output:
            self.homes.setdefault(ref.sha256, number)
        passages = [*self._messages(number, call, call.output)]
        if call.failed:
            span = self._trace.span(call.span_id)
            said = (("error.type", call.error_type), ("status.message", call.error_message))
            passages += [
                Passage(label="error", text=text, span_id=call.span_id,
                        field=field if span is None or field in span.attributes else "status.message")
                for field, text in said if text
            ]  # fmt: skip
        used = call.usage
        facts = [
            ("tokens in", _count(used.input_tokens)), ("tokens out", _count(used.output_tokens)),
            ("of them reasoning", _count(used.reasoning)), ("tokens", _count(used.stated_total)),
            ("finish", ", ".join(call.finish_reasons)),
            ("status", "" if call.http_status is None else str(call.http_status)),
        ]  # fmt: skip
        model = call.response_model or call.request_model or "a model that is not named"
        return Step(
            number=number, lane=Lane.ANSWERS, at_ns=call.ended_ns or call.started_ns, span_id=call.span_id,
            heading=f"no answer from {model}: the call failed" if call.failed else f"answer of {model}",
            passages=tuple(passages), facts=_stated(facts), gone=_gone(call, "output"), failed=call.failed,
        )  # fmt: skip

    def _messages(self, number: int, call: LlmCall, refs: Sequence[MessageRef]) -> Iterator[Passage]:
        """Yield the texts of some messages of a call; those of a sum of calls are the state of a step, named by key."""
        summed = call.operation == ROLLUP
        for ref in refs:
            message = self._trace.messages[ref.sha256]
            for part, source in zip(message.parts, ref.sources, strict=True):
                label = _label(message, part) if not summed else source.field.partition("_summary.")[2] or message.role
                yield self._passage(number, label, part.text, source.span_id, source.field)

    def _passage(self, number: int, label: str, text: str, span_id: str, field: str) -> Passage:
        home = self._texts.setdefault(text, number) if len(text) >= _SHORTEST else number
        if home == number:
            return Passage(label=label, text=text, span_id=span_id, field=field)
        return Passage(label=label, span_id=span_id, field=field, same_as=home)

    def _run(self, tool: ToolCall, number: int) -> Step:
        source = tool.arguments_source
        passage = self._passage(number, "arguments", tool.arguments, source.span_id if source else tool.executed_in,
                                source.field if source else "")  # fmt: skip
        asked = "" if tool.asked_in else "no model asked for it" if tool.workflow_step else "not in a kept answer"
        facts = [("stage", tool.stage.value if tool.stage else ""), ("asked", asked)]
        return Step(
            number=number, lane=Lane.TOOLS, at_ns=tool.started_ns, span_id=tool.executed_in,
            heading=f"tool {tool.name or 'without a name'} runs", passages=(passage,) if tool.arguments else (),
            facts=_stated(facts),
        )  # fmt: skip

    def _result(self, tool: ToolCall, number: int) -> Step:
        source = tool.result_source
        place = (source.span_id, source.field) if source else (tool.executed_in, "")
        passages = [self._passage(number, "result", tool.result, *place)] if tool.result else []
        if tool.error_type:
            passages.append(Passage(label="error", text=tool.error_type, span_id=tool.executed_in, field="error.type"))
        lost = tool.result_state is not ContentState.CAPTURED
        return Step(
            number=number, lane=Lane.TOOLS, at_ns=tool.ended_ns or tool.started_ns, span_id=tool.executed_in,
            heading=f"tool {tool.name or 'without a name'} {'fails' if tool.is_error else 'answers'}",
            passages=tuple(passages), failed=tool.is_error,
            gone=(f"result {_words(tool.result_state)}",) if lost else (),
        )  # fmt: skip

    def _document(self, document: Document, number: int) -> Step:
        span_id = document.source.span_id
        span = self._trace.span(span_id)
        facts = [("address", document.url), ("publisher", document.publisher), ("published", document.published_at),
                 ("retrieved", document.retrieved_at)]  # fmt: skip
        passages = [self._passage(number, "text", document.text, span_id, document.source.field)]
        gone = document.state is not ContentState.CAPTURED
        return Step(
            number=number, lane=Lane.DOCUMENTS, at_ns=(span.end_ns if span else 0) or document.started_ns,
            span_id=span_id, heading=f"document {document.title or document.doc_id or 'without a title'}",
            passages=tuple(passages) if document.text else (), facts=_stated(facts),
            gone=(f"text {_words(document.state)}",) if gone else (),
        )  # fmt: skip

    def _trade(self, trade: TradeEvent, number: int) -> Step:
        said = tuple(
            Passage(label=key.removeprefix("trading."), text=as_text(value), span_id=trade.source.span_id, field=key)
            for key, value in trade.attributes.items()
        )
        return Step(
            number=number, lane=_LANES.get(trade.kind, Lane.DECISIONS), at_ns=self._known(trade),
            span_id=trade.source.span_id, heading=trade.said.replace("_", " ", 1), passages=said,
        )  # fmt: skip

    def _known(self, trade: TradeEvent) -> int:
        """Return when a fact was known: what a span says of itself is complete when it ends."""
        span = self._trace.span(trade.source.span_id)
        return max(trade.at_ns, span.end_ns) if span and trade.at_ns == span.start_ns else trade.at_ns

    def _failure(self, span: Span, number: int) -> Step:
        said = Passage(label="error", text=span.status_message, span_id=span.span_id, field="status.message")
        return Step(
            number=number, lane=Lane.OTHER, at_ns=span.end_ns or span.start_ns, span_id=span.span_id,
            heading=f"{span.name or 'a span without a name'} ends in an error",
            passages=(said,) if span.status_message else (), failed=True,
        )  # fmt: skip

    def _log(self, log: LogRecord, number: int) -> Step:
        name = log.event_name or "log record"
        said = self._passage(number, log.severity.lower() or "says", as_text(log.body), log.span_id,
                             f"log:{log.event_name}")  # fmt: skip
        return Step(number=number, lane=Lane.OTHER, at_ns=log.time_ns or log.observed_ns, span_id=log.span_id,
                    heading=name, passages=(said,))  # fmt: skip


def _label(message: Message, part: Part) -> str:
    kind = _LABELS.get(part.kind, "")
    return " ".join(filter(None, (message.role, kind, part.name)))


def _gone(call: LlmCall, leg: str) -> tuple[str, ...]:
    state = call.states.get(leg, ContentState.CAPTURED)
    return () if state is ContentState.CAPTURED else (f"{leg} {_words(state)}",)


def _words(state: ContentState) -> str:
    return "kept elsewhere" if state is ContentState.REF else state.value.replace("_", " ")


def _stated(facts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts if value)


def _count(tokens: int | None) -> str:
    return "" if tokens is None else f"{tokens:,}"
