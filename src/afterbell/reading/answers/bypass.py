"""Outputs that a validator denied, or that fail their declared schema, and the order or decision that rested on them.

An order rests on an output when no later answer of the same step stands between them: of the last model call before it,
of a call within its decision, or of one whose text was handed on to that call. A hold rests on nothing. What happened
in other traces of the idea is for the caller to look up: such a fault is given without a use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import ContentState
from afterbell.reading.answers.schemas import DeclaredSchema, of, on_spans
from afterbell.reading.answers.structures import answer, departures, structure
from afterbell.reading.answers.use import DENIES, PASSES, conversation, is_check, verdict

IDLE = frozenset({"hold", "skip", "none", "wait", "no_action", ""})
_ACTS = ("trading.order.client_order_id", "trading.order.side", "trading.decision.action")
_MOST_CALLS, _DEEPEST, _TELLING = 500, 60, 12


class Fault(Struct, frozen=True, kw_only=True):
    """One output that should not have been used: when it was given or denied, why, and what used it.

    `used` is empty where nothing in the trace did; `corrected` says that a good answer took its place.
    """

    at_ns: int
    span_id: str
    told: str
    evidence: tuple[Evidence, ...]
    used: str = ""
    corrected: bool = False


class Outputs(Struct, frozen=True, kw_only=True):
    """What is known of a trace's outputs: faults, whether anything validates, and what of an output is gone."""

    faults: tuple[Fault, ...] = ()
    validated: bool = False
    missing: tuple[str, ...] = ()


def outputs(trace: Trace) -> Outputs:
    """Return the denied and the failing outputs of a trace with what used them."""
    facts = _Facts(trace)
    schemas = {call.span_id: found for call in facts.calls if (found := facts.schema(call)) is not None}
    faults = [*_denied(facts), *_failing(facts, schemas)]
    gone = tuple(dict.fromkeys(
        f"the output of a call with a declared schema ({state})" for call in facts.calls
        if call.span_id in schemas and not call.failed
        and (state := answer(trace, call).state) is not ContentState.CAPTURED
    ))  # fmt: skip
    seen: dict[str, Fault] = {}
    for fault in faults:
        if fault.span_id not in seen or (fault.used and not seen[fault.span_id].used):
            seen[fault.span_id] = fault
    return Outputs(
        faults=tuple(sorted(seen.values(), key=lambda each: each.at_ns)),
        validated=bool(facts.checks or schemas), missing=gone,
    )  # fmt: skip


class _Facts:
    """A trace with its calls in order of time, its checks, and what acted on an output."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.spans: Mapping[str, Span] = {span.span_id: span for span in trace.spans}
        calls = sorted((call for call in trace.calls if call.operation != ROLLUP), key=lambda call: call.started_ns)
        self.calls = calls[:_MOST_CALLS]
        self.checks = [each for each in trace.trades if is_check(each)]
        self.acts = sorted((
            (self.acted(each), each) for each in trace.of_kind(TradeKind.DECISION, TradeKind.ORDER)
            if each.kind is TradeKind.ORDER or each.action not in IDLE
        ), key=lambda one: one[0])  # fmt: skip
        own = {call.span_id for call in trace.calls}
        self._of_decisions = [(each, self._given_by(each)) for each in on_spans(trace) if each.span_id not in own]

    def acted(self, event: TradeEvent) -> int:
        """Return when an order or decision was made: a decision whose span stands around calls is made at its end."""
        span = self.spans.get(event.source.span_id)
        around = span is not None and any(self.within(call.span_id, span.span_id) for call in self.calls)
        return max(event.at_ns, span.end_ns) if span is not None and around else event.at_ns

    def within(self, span_id: str, outer: str) -> bool:
        """Tell whether a span stands below another."""
        here = self.spans.get(span_id)
        for _ in range(_DEEPEST):
            if here is None or not here.parent_span_id:
                return False
            if here.parent_span_id == outer:
                return True
            here = self.spans.get(here.parent_span_id)
        return False

    def schema(self, call: LlmCall) -> DeclaredSchema | None:
        """Return the schema that a call's answer must keep to: its own, else that of the decision it gives."""
        own = of(self.trace, call, self.spans)
        if own is not None:
            return own
        return next((schema for schema, given in reversed(self._of_decisions) if given is call), None)

    def _given_by(self, schema: DeclaredSchema) -> LlmCall | None:
        """Return the call that gives the decision on whose span a schema stands: the last below it, else before it."""
        span = self.spans.get(schema.span_id)
        ends = span.end_ns or span.start_ns if span else 0
        inside = [each for each in self.calls if self.within(each.span_id, schema.span_id)]
        before = inside or [each for each in self.calls if _ended(each) <= ends]
        return before[-1] if before else None

    def judged(self, check: TradeEvent) -> LlmCall | None:
        """Return the call whose output a check judged: the one it stands below, else the last that ended before it."""
        below = next((call for call in self.calls if self.within(check.source.span_id, call.span_id)), None)
        if below is not None:
            return below
        before = [call for call in self.calls if _ended(call) <= check.at_ns and not call.failed]
        return max(before, key=_ended, default=None)

    def use(self, call: LlmCall, since_ns: int) -> TradeEvent | None:
        """Return the first order or decision after a moment that rests on an output of this call."""
        found = (event for at_ns, event in self.acts if at_ns >= since_ns and self._rests(call, at_ns, event))
        return next(found, None)

    def after(self, check: TradeEvent) -> TradeEvent | None:
        """Return the first order or decision after a check, of the same idea and decision where both say which."""
        return next((event for at_ns, event in self.acts if at_ns >= check.at_ns and _one_idea(check, event)), None)

    def _rests(self, call: LlmCall, at_ns: int, event: TradeEvent) -> bool:
        later = [
            each for each in self.calls
            if each is not call and not each.failed and _ended(call) <= each.started_ns and _ended(each) <= at_ns
        ]  # fmt: skip
        if not later:
            return True
        inside = [each for each in self.calls if self.within(each.span_id, event.source.span_id)]
        if inside and inside[-1] is call:
            return True
        return self._handed_on(call, later)

    def _handed_on(self, call: LlmCall, later: Sequence[LlmCall]) -> bool:
        """Tell whether a later call of another conversation was given this call's answer."""
        said = [part.text.strip() for _message, part, _source in self.trace.parts(call.output)
                if len(part.text.strip()) >= _TELLING]  # fmt: skip
        for each in later:
            if conversation(each) == conversation(call):
                continue
            texts = [part.text for _message, part, _source in self.trace.parts((*each.system, *each.input))]
            if any(text in whole for text in said for whole in texts):
                return True
        return False


def _ended(call: LlmCall) -> int:
    return call.ended_ns or call.started_ns


def _one_idea(check: TradeEvent, event: TradeEvent) -> bool:
    pairs = ((check.idea_id, event.idea_id), (check.decision_id, event.decision_id), (check.symbol, event.symbol))
    return all(not mine or not its or mine == its for mine, its in pairs)


def _denied(facts: _Facts) -> Iterator[Fault]:
    """Yield what a validator denied; a later pass, or a later answer in its place, corrects it."""
    for number, check in enumerate(facts.checks):
        if check.verdict not in DENIES:
            continue
        call = facts.judged(check)
        event = facts.after(check)
        until = facts.acted(event) if event is not None else 0
        passed = any(
            each.verdict in PASSES and each.at_ns >= check.at_ns and (not until or each.at_ns <= until)
            for each in facts.checks[number + 1 :]
        )
        again = any(
            each.started_ns >= check.at_ns
            and not each.failed
            and (not until or _ended(each) <= until)
            and (call is None or conversation(each) == conversation(call))
            for each in facts.calls
        )
        used = event if event is not None and not passed and not again else None
        yield Fault(
            at_ns=check.at_ns, span_id=call.span_id if call else check.source.span_id,
            told=f"A validator said {check.verdict} to an output", corrected=passed or again,
            evidence=(verdict(check), *((_act(used),) if used else ())), used=_named(used),
        )  # fmt: skip


def _failing(facts: _Facts, schemas: Mapping[str, DeclaredSchema]) -> Iterator[Fault]:
    """Yield answers that depart from their declared schema; a lenient pass does not clear them, a strict one does."""
    for place, call in enumerate(facts.calls):
        schema = schemas.get(call.span_id)
        given = answer(facts.trace, call) if schema is not None and not call.failed else None
        if schema is None or given is None or given.state is not ContentState.CAPTURED:
            continue
        wanted = structure(schema, ())
        wrong = departures(call, given, wanted) if wanted is not None else None
        if not wrong:
            continue
        event = facts.use(call, _ended(call))
        until = facts.acted(event) if event is not None else 0
        strict = any(
            check.verdict in PASSES
            and str(check.attributes.get("trading.validation.strict", "")).lower() == "true"
            and _ended(call) <= check.at_ns
            and (not until or check.at_ns <= until)
            and facts.judged(check) is call
            for check in facts.checks
        )
        mended = _mended(facts, schemas, place, until)
        used = event if event is not None and not strict and not mended else None
        yield Fault(
            at_ns=_ended(call), span_id=call.span_id, corrected=strict or mended, used=_named(used),
            told=f"An output fails its declared schema ({'; '.join(wrong[:3])})",
            evidence=(*((given.proof,) if given.proof else ()), *((_act(used),) if used else ())),
        )  # fmt: skip


def _mended(facts: _Facts, schemas: Mapping[str, DeclaredSchema], place: int, until: int) -> bool:
    """Tell whether a later answer under the same schema keeps to it, before the use."""
    mine = schemas[facts.calls[place].span_id]
    for call in facts.calls[place + 1 :]:
        schema = schemas.get(call.span_id)
        if schema is None or call.failed or schema.key != mine.key or (until and _ended(call) > until):
            continue
        given, wanted = answer(facts.trace, call), structure(schema, ())
        if given.state is ContentState.CAPTURED and wanted is not None and departures(call, given, wanted) == ():
            return True
    return False


def _named(event: TradeEvent | None) -> str:
    if event is None:
        return ""
    what = event.action or event.side
    return f"the {event.kind}{f' ({what})' if what else ''}"


def _act(event: TradeEvent) -> Evidence:
    return _cited(event, next((name for name in _ACTS if name in event.attributes), ""))


def _cited(event: TradeEvent, field: str) -> Evidence:
    text = str(event.attributes.get(field, ""))
    return Evidence(trace_id=event.source.trace_id, span_id=event.source.span_id, field=field or event.source.field,
                    excerpt=text, end=len(text))  # fmt: skip
