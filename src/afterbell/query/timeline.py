"""Which moments of a run belong in a record's timeline: at most twenty, from idea to outcome, each with its trace.

It proposes rows from what the trace and the books state; people accept, edit and add.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import accumulate

from msgspec import Struct

from afterbell.model.books import Fill
from afterbell.model.calls import LlmCall
from afterbell.model.event import Event
from afterbell.model.record import TimelineRow
from afterbell.model.rules import TIMELINE_ROWS
from afterbell.model.run import Trace
from afterbell.model.scan import ModeAnswer
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Answer, RowStage, Stage
from afterbell.reading.times import from_ns

_STAGES = {
    TradeKind.IDEA: RowStage.IDEA,
    TradeKind.RESEARCH: RowStage.IDEA,
    TradeKind.THESIS: RowStage.IDEA,
    TradeKind.DECISION: RowStage.DECISION,
    TradeKind.RISK_CHECK: RowStage.DECISION,
    TradeKind.VALIDATION: RowStage.DECISION,
    TradeKind.ORDER: RowStage.EXECUTION,
    TradeKind.EXECUTION_REPORT: RowStage.EXECUTION,
    TradeKind.THESIS_INVALIDATED: RowStage.OUTCOME,
    TradeKind.MONITOR: RowStage.OUTCOME,
    TradeKind.POSITION_SNAPSHOT: RowStage.OUTCOME,
    TradeKind.ACCOUNT_SNAPSHOT: RowStage.OUTCOME,
}
_OF_CALL = {
    Stage.RESEARCH: RowStage.IDEA,
    Stage.DECISION: RowStage.DECISION,
    Stage.RISK: RowStage.DECISION,
    Stage.EXECUTION: RowStage.EXECUTION,
}
# Lower is kept first when there are more moments than rows.
_EVENT, _TRADE, _FOUND, _BUDGET, _FAILURE, _EDGE, _CALL, _MINOR = range(8)
_MINOR_KINDS = {TradeKind.RESEARCH, TradeKind.POSITION_SNAPSHOT, TradeKind.ACCOUNT_SNAPSHOT, TradeKind.MONITOR}
_LONGEST = 160


class _Moment(Struct, frozen=True, kw_only=True):
    rank: int
    row: TimelineRow


def timeline(
    traces: Sequence[Trace],
    *,
    answers: Iterable[ModeAnswer] = (),
    fills: Iterable[Fill] = (),
    event: Event | None = None,
) -> tuple[TimelineRow, ...]:
    """Return the rows in order of time, at most twenty; fewer than five when the traces state fewer moments.

    `answers` are the scan's: the first place of each yes becomes a row. `fills` are those of the traces' ideas that
    no execution report in the traces states.
    """
    found = [moment for trace in traces for moment in _of_trace(trace)]
    found += _of_answers(traces, answers)
    first = traces[0].trace_id if traces else ""
    found += [_of_fill(fill, first) for fill in fills]
    if event is not None:
        found.append(
            _moment(
                _EVENT, event.occurred_at, RowStage.OUTCOME, f"Trigger {event.trigger.value}: {event.reason}", first
            )
        )
    unique = {(moment.row.at, moment.row.event): moment for moment in reversed(found) if moment.row.at is not None}
    few, many = TIMELINE_ROWS
    ranked = sorted(unique.values(), key=lambda moment: (moment.rank, _at(moment)))
    core = [moment for moment in ranked if moment.rank < _CALL]
    chosen = ranked[:few] if len(core) < few else core[:many]
    return tuple(moment.row for moment in sorted(chosen, key=lambda moment: (_at(moment), moment.rank)))


def _at(moment: _Moment) -> datetime:
    return moment.row.at or datetime.max.replace(tzinfo=UTC)


def _moment(rank: int, at: datetime | None, stage: RowStage, text: str, trace_id: str) -> _Moment:
    said = " ".join(text.split())
    short = said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"
    return _Moment(rank=rank, row=TimelineRow(at=at, stage=stage, event=short, trace_id=trace_id))


def _of_trace(trace: Trace) -> Iterator[_Moment]:
    root = next((span for span in trace.spans if not span.parent_span_id), None)
    name = root.name if root else "run"
    yield _moment(
        _EDGE,
        from_ns(trace.started_ns) if trace.started_ns else None,
        RowStage.IDEA,
        f"Run {name} began",
        trace.trace_id,
    )
    for trade in trace.trades:
        if trade.at_ns:
            rank = _MINOR if trade.kind in _MINOR_KINDS else _TRADE
            yield _moment(rank, from_ns(trade.at_ns), _STAGES[trade.kind], _of_trade(trade), trace.trace_id)
    for call in trace.calls:
        stage = _stage(call)
        model = call.response_model or call.request_model or "a model"
        if call.failed:
            why = call.error_type or call.error_message
            yield _moment(
                _FAILURE,
                from_ns(call.ended_ns or call.started_ns),
                stage,
                f"Model call to {model} failed: {why}",
                trace.trace_id,
            )
        elif call.started_ns:
            yield _moment(_CALL, from_ns(call.started_ns), stage, f"Model call to {model}", trace.trace_id)
    yield from _of_budget(trace)
    if root is not None and root.end_ns:
        ended = "ended in an error" if root.status_message else "ended"
        yield _moment(_EDGE, from_ns(root.end_ns), RowStage.OUTCOME, f"Run {name} {ended}", trace.trace_id)


def _of_budget(trace: Trace) -> Iterator[_Moment]:
    """Say when the trace's tokens passed the plan, and twice and five times the plan."""
    plan = next((budget.tokens_planned for budget in trace.budgets if budget.tokens_planned), None)
    if not plan:
        return
    begun = from_ns(trace.started_ns) if trace.started_ns else None
    yield _moment(_BUDGET, begun, RowStage.IDEA, f"Budget set: {plan:,} tokens planned", trace.trace_id)
    totals = list(accumulate(call.usage.total or 0 for call in trace.calls))
    for factor, words in ((1, "the plan"), (2, "2 x the plan"), (5, "5 x the plan")):
        passed = next((index for index, used in enumerate(totals) if used > factor * plan), None)
        if passed is not None:
            call = trace.calls[passed]
            text = f"Tokens used passed {words}: {totals[passed]:,} of {plan:,}"
            at = from_ns(call.ended_ns or call.started_ns)
            yield _moment(_BUDGET, at, _stage(call), text, trace.trace_id)


def _stage(call: LlmCall | None) -> RowStage:
    return _OF_CALL.get((call.stage if call else None) or Stage.RESEARCH, RowStage.IDEA)


def _of_trade(trade: TradeEvent) -> str:
    amount = f" {trade.quantity:f}" if trade.quantity is not None else ""
    price = f" at {trade.price:f}" if trade.price is not None else ""
    symbol = f" {trade.symbol}" if trade.symbol else ""
    order = f" ({trade.client_order_id})" if trade.client_order_id else ""
    if trade.kind is TradeKind.DECISION:
        return f"Decision: {trade.action or 'made'}{amount}{symbol}"
    if trade.kind is TradeKind.ORDER:
        return f"Order {trade.side or 'placed'}{amount}{symbol}{price}{order}"
    if trade.kind is TradeKind.EXECUTION_REPORT:
        return f"Execution report: {trade.side or 'trade'}{amount}{symbol}{price}{order}"
    if trade.kind is TradeKind.THESIS_INVALIDATED:
        return f"Thesis {trade.thesis_id or trade.idea_id} invalidated"
    if trade.kind in {TradeKind.RISK_CHECK, TradeKind.VALIDATION}:
        return f"{trade.kind.value.replace('_', ' ').capitalize()}: {trade.verdict or 'no verdict'}"
    return f"{trade.kind.value.replace('_', ' ').capitalize()} {trade.thesis_id or trade.idea_id}{symbol}".strip()


def _of_answers(traces: Sequence[Trace], answers: Iterable[ModeAnswer]) -> Iterator[_Moment]:
    by_id = {trace.trace_id: trace for trace in traces}
    for answer in answers:
        if answer.suggestion.answer is not Answer.YES:
            continue
        for proof in answer.suggestion.evidence:
            trace = by_id.get(proof.trace_id)
            span = trace.span(proof.span_id) if trace else None
            if trace is not None and span is not None and span.start_ns:
                call = next((each for each in trace.calls if each.span_id == span.span_id), None)
                stage = _stage(call)
                text = f"Scan, {answer.mode} in {span.name or 'a span'}: {answer.suggestion.reason}"
                yield _moment(_FOUND, from_ns(span.start_ns), stage, text, trace.trace_id)
                break


def _of_fill(fill: Fill, trace_id: str) -> _Moment:
    amount = f" {fill.last_quantity:f}" if fill.last_quantity is not None else ""
    price = f" at {fill.last_price:f}" if fill.last_price is not None else ""
    result = f", realised {fill.realized_pnl:f}" if fill.realized_pnl is not None else ""
    text = f"Fill: {fill.side}{amount} {fill.symbol}{price}{result}"
    shown = trace_hex(fill.trace_id) if fill.trace_id else trace_id
    return _moment(_TRADE, fill.transact_time, RowStage.EXECUTION, text, shown)
