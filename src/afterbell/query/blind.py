"""A trade as the model saw it when it decided: messages, tools and documents, and nothing that came later.

**The moment.** The model decides in its last call inside the decision's span that began before anything was done about
the decision (an order, a report, a fill, a tool whose name says that it trades), else in the last call that had ended
when the decision was stated. What counts is what there was when that call began; without such a call, what there was
when the decision was stated. Both are read off the machine's clock, as `data_asof` may be another time.

**What is shown.** Of the deciding call what went into it, not what came out. Of other calls, tools and retrievals those
that had ended by that moment. What has no time, or never ended, cannot be placed and is withheld; how much was withheld
is said. Raw attributes of spans are never shown: the end of a run is often written on its first span.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from afterbell.model.blind import BlindView, Proposal, Seen, SeenKind
from afterbell.model.calls import Document, LlmCall, MessageRef, PartKind, Source, ToolCall
from afterbell.model.proposal import action_of
from afterbell.model.run import Trace
from afterbell.model.trading import TradeEvent, TradeKind

LATER = "came after the decision"
UNPLACED = "has no time or never ended"
OWN_ANSWER = "is the deciding model's own answer"

_MAX_DEPTH = 1000
_ACTS = (TradeKind.ORDER, TradeKind.EXECUTION_REPORT, TradeKind.THESIS_INVALIDATED)
_ACTING = re.compile(r"order|buy|sell|trade|execut|submit|broker|position", re.IGNORECASE)


def blind_view(trace: Trace, decision: TradeEvent, kin: Iterable[Trace] = (), traded_ns: int = 0) -> BlindView:
    """Return what could be seen when `decision` (a proposal of `trace`) was taken.

    `kin` are traces of the same idea; what they hold is shown only where no model call of `trace` had been made by
    then, as it is when one run researches and another trades. `traded_ns` is when a trade of it is first known from
    elsewhere (a book of fills), 0 = not known.
    """
    others = [run for run in kin if run.trace_id != trace.trace_id and decision.idea_id in run.idea_ids]
    end = _acted(decision, (trace, *others), traded_ns)
    deciding = _deciding(trace, decision, end)
    cutoff = deciding.started_ns if deciding else decision.at_ns
    withheld: Counter[str] = Counter()
    found: list[Seen] = []
    number = 0
    for run in (trace,) if deciding else (trace, *others):
        room = _Room(run, deciding if run is trace else None, cutoff, withheld, number)
        found += room.seen()
        number = room.number
    found.sort(key=lambda each: (each.deciding, each.at_ns))
    return BlindView(
        proposal=Proposal(
            at_ns=decision.at_ns, action=action_of(decision), symbol=decision.symbol, quantity=decision.quantity,
            price=decision.price, currency=decision.currency, exchange=decision.exchange,
        ),
        cutoff_ns=cutoff, seen=tuple(found), withheld={why: count for why, count in withheld.items() if count},
    )  # fmt: skip


def _acted(decision: TradeEvent, runs: Iterable[Trace], traded_ns: int) -> int:
    """Return the first moment from the decision on at which anything is known to have been done about it; 0 = none."""
    found = [traded_ns]
    for run in runs:
        found += [each.at_ns for each in run.of_kind(*_ACTS) if each.source != decision.source]
        found += [tool.started_ns for tool in run.tools if _ACTING.search(tool.name)]
    return min((at for at in found if at >= decision.at_ns > 0), default=0)


def _deciding(trace: Trace, decision: TradeEvent, end: int) -> LlmCall | None:
    """Return the call in which the model decided: the last one inside the decision's span before `end`, else before."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    timed = [call for call in trace.calls if call.started_ns]
    inside = [
        call for call in timed
        if _is_inside(call.span_id, decision.source.span_id, parents) and (not end or call.started_ns < end)
    ]  # fmt: skip
    if inside:
        return max(inside, key=lambda call: call.started_ns)
    before = [call for call in timed if call.started_ns <= call.ended_ns <= decision.at_ns]
    return max(before, key=lambda call: (call.ended_ns, call.started_ns), default=None)


def _is_inside(span_id: str, around: str, parents: Mapping[str, str]) -> bool:
    here = span_id
    for _ in range(_MAX_DEPTH):
        if here == around:
            return True
        here = parents.get(here, "")
        if not here:
            return False
    return False


class _Room:
    """What of one run may be seen. Calls are numbered on from `number`."""

    def __init__(
        self, run: Trace, deciding: LlmCall | None, cutoff: int, withheld: Counter[str], number: int
    ) -> None:  # fmt: skip
        self._run = run
        self._deciding = deciding
        self._cutoff = cutoff
        self._withheld = withheld
        self._spans = {span.span_id: (span.start_ns, span.end_ns) for span in run.spans}
        self._open: set[str] = set()
        self._shown: set[str] = set()
        self.number = number

    def seen(self) -> Iterator[Seen]:
        answers: set[str] = set()
        for call in sorted(self._run.calls, key=lambda each: each.started_ns):
            if call is self._deciding or not self._over(call.started_ns, call.ended_ns):
                continue
            self._open |= {call.span_id, *call.duplicates}
            self.number += 1
            answers |= {ref.sha256 for ref in call.output}
            yield from self._new((*call.system, *call.input), call.started_ns)
            yield from self._new(call.output, call.ended_ns)
        if self._deciding is not None:
            yield from self._of_deciding(self._deciding, answers)
        for tool in self._run.tools:
            if tool.executed_in:  # one that was only asked for and fed back stands in the messages
                yield from self._tool(tool)
        for document in self._run.documents:
            yield from self._document(document)

    def _over(self, started: int, ended: int) -> bool:
        """Tell whether something had ended by then, and count why it is withheld if not; 0 = not known."""
        if 0 < started <= ended <= self._cutoff:
            return True
        self._withheld[LATER if max(started, ended) > self._cutoff else UNPLACED] += 1
        return False

    def _is_open(self, source: Source) -> bool:
        """Tell whether what stands at a source was written by then: a span of a shown call, or one that had ended."""
        started, ended = self._spans.get(source.span_id, (0, 0))
        return source.span_id in self._open or 0 < started <= ended <= self._cutoff

    def _new(self, refs: Sequence[MessageRef], at_ns: int) -> Iterator[Seen]:
        """Yield the messages that were not shown before: each call repeats the whole history."""
        new = tuple(ref for ref in refs if ref.sha256 not in self._shown)
        self._shown |= {ref.sha256 for ref in new}
        yield from self._messages(new, at_ns, deciding=False)

    def _of_deciding(self, call: LlmCall, answers: set[str]) -> Iterator[Seen]:
        """Yield everything that went into the deciding call, whole and in its order.

        Some tracers write a list of messages down after the answer was added to it: from that answer on it is cut.
        """
        self._open |= {call.span_id, *call.duplicates}
        self.number += 1
        self._withheld[OWN_ANSWER] += bool(call.output)
        refs = (*call.system, *call.input)
        own = {ref.sha256 for ref in call.output} - answers
        cut = next((place for place, ref in enumerate(refs) if ref.sha256 in own), len(refs))
        yield from self._messages(refs[:cut], call.started_ns, deciding=True)
        if call.tool_definitions:
            yield Seen(
                kind=SeenKind.TOOLS, at_ns=call.started_ns, label="tools it could call", text=call.tool_definitions,
                call=self.number, deciding=True, source=self._at(call.span_id),
            )  # fmt: skip

    def _messages(self, refs: Sequence[MessageRef], at_ns: int, *, deciding: bool) -> Iterator[Seen]:
        for message, part, source in self._run.parts(tuple(refs)):
            if not self._is_open(source):
                self._withheld[LATER] += 1
                continue
            kind = "" if part.kind is PartKind.TEXT else f" {part.kind.value.replace('_', ' ')}"
            yield Seen(
                kind=SeenKind.MESSAGE, at_ns=at_ns, label=f"{message.role}{kind} {part.name}".strip(), text=part.text,
                call=self.number, deciding=deciding, source=source,
            )  # fmt: skip

    def _tool(self, tool: ToolCall) -> Iterator[Seen]:
        started, ended = self._spans.get(tool.executed_in, (tool.started_ns, tool.ended_ns))
        if not self._over(started, ended):
            return
        asked = tool.arguments if tool.arguments_source is None or self._is_open(tool.arguments_source) else ""
        told = tool.result_source is None or self._is_open(tool.result_source)
        self._withheld[LATER] += not told
        yield Seen(
            kind=SeenKind.TOOL, at_ns=ended, label=f"{tool.name or 'tool'}({asked})", text=tool.result if told else "",
            source=self._at(tool.executed_in),
        )  # fmt: skip

    def _document(self, document: Document) -> Iterator[Seen]:
        started, ended = self._spans.get(document.source.span_id, (document.started_ns, 0))
        if self._over(started, ended):
            facts = (document.title or document.url or document.doc_id, document.publisher, document.published_at)
            yield Seen(
                kind=SeenKind.DOCUMENT, at_ns=ended, label=", ".join(each for each in facts if each),
                text=document.text, source=document.source,
            )  # fmt: skip

    def _at(self, span_id: str) -> Source:
        return Source(trace_id=self._run.trace_id, span_id=span_id)
