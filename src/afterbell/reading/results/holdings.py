"""Whether an idea came to a position, when it was opened and when it was closed.

Looks at execution reports and orders in the trace and in the traces of its ideas, and at the fills. It counts no
quantities: the last fill that closes is the exit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILLED = {"filled", "partially_filled"}
_TRADED = {"trade", "filled", "partially_filled", "trade_correct"}


class Holding(Struct, frozen=True, kw_only=True):
    """When positions of the trace's ideas were traded; times in ns since 1970, 0 = never seen.

    `exit_ns` is the last closing fill, 0 while nothing after it says that the position is closed.
    """

    traded: bool = False
    opened_ns: int = 0
    exit_ns: int = 0
    evidence: tuple[Evidence, ...] = ()


def kin_of_idea(case: CaseFile) -> tuple[Trace, ...]:
    """Return the trace and the traces that share an idea with it."""
    ideas = set(case.trace.idea_ids)
    return (case.trace, *(run for run in case.kin if ideas & set(run.idea_ids)))


def ns(moment: datetime) -> int:
    """Return a moment as nanoseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def holding(case: CaseFile) -> Holding:
    """Return what is known of the positions that the trace's ideas came to."""
    found = sorted((*_reported(case), *_booked(case)), key=lambda each: each[0])
    opening = [each for each in found if not each[1]]
    closing = [each for each in found if each[1]]
    last_open = opening[-1][0] if opening else 0
    done = closing and closing[-1][0] >= last_open
    return Holding(
        traded=bool(found), opened_ns=found[0][0] if found else 0, exit_ns=closing[-1][0] if done else 0,
        evidence=(closing[-1][2],) if done else (),
    )  # fmt: skip


def _reported(case: CaseFile) -> Iterator[tuple[int, bool, Evidence]]:
    """Yield time, whether it closes, and place of each trade in the traces."""
    effects: dict[str, str] = {}
    for run in kin_of_idea(case):
        for event in run.of_kind(TradeKind.ORDER):
            effects.setdefault(event.client_order_id, event.position_effect)
    for run in kin_of_idea(case):
        reported = set()
        for event in run.of_kind(TradeKind.EXECUTION_REPORT):
            if event.exec_type in _TRADED or event.status in _FILLED:
                reported.add(event.client_order_id)
                effect = event.position_effect or effects.get(event.client_order_id, "")
                yield event.at_ns, effect.startswith("c"), _cite(run, event.source.span_id, event.source.field, "")
        for event in run.of_kind(TradeKind.ORDER):
            if event.status in _FILLED and event.client_order_id not in reported:
                proof = _cite(run, event.source.span_id, "trading.order.status", event.status)
                yield event.at_ns, event.position_effect.startswith("c"), proof


def _cite(run: Trace, span_id: str, field: str, excerpt: str) -> Evidence:
    return Evidence(trace_id=run.trace_id, span_id=span_id, field=field, excerpt=excerpt, end=len(excerpt))


def _booked(case: CaseFile) -> Iterator[tuple[int, bool, Evidence]]:
    ideas, runs = set(case.trace.idea_ids), {run.trace_id for run in kin_of_idea(case)}
    for fill in case.books.fills:
        mine = fill.idea_id in ideas if fill.idea_id else bool(fill.trace_id) and trace_hex(fill.trace_id) in runs
        if mine:
            at = fill.transact_time.isoformat()
            proof = Evidence(trace_id=case.trace.trace_id, field=f"fills:{fill.row}:transact_time", excerpt=at,
                             end=len(at))  # fmt: skip
            yield ns(fill.transact_time), fill.position_effect.startswith("c"), proof
