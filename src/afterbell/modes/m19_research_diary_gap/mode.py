"""Research diary gap: only the ideas that were traded left a record, or it was written once the outcome was known.

What it asks
    Does the record of the days around this run hold accepted ideas only although more was researched than traded, or
    was the diary of this idea written after its outcome?

Why it matters
    A desk that keeps only what it traded cannot tell skill from selection: the nine ideas that were dropped are the
    other half of the experiment. A diary that is written afterwards remembers what happened, not what was thought.

How it looks
    Ideas are counted by id in `window` (P7D) before and after the run, from the diary book and the decisions of all
    traces of the house in these days; what is decided in paper mode counts as a paper idea. Yes when a diary covers the
    window, holds no rejected, skipped, paper or hold idea, no decision was to skip or hold, and more ideas were
    researched than traded; or when the earliest row of an idea of this run was written later than its closing fill or
    its `outcome_at`. `trading.decision.rejected_ideas.count` says that ideas were dropped, but a count is no record of
    them. Neither diary rows nor skip or hold decisions: unknown; so is a redacted status. A run without research, idea
    or decision: not applicable.

What would prevent it
    A row for each idea when it is decided, whatever the decision, written by the pipeline and not by hand.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from afterbell.errors import PolicyError
from afterbell.model.books import DiaryRow
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.policy import duration
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.results.deeds import Deed, deed_of
from afterbell.reading.results.holdings import holding, kin_of_idea, ns
from afterbell.reading.times import from_ns

NUMBER = 19
SLUG = "research_diary_gap"
QUESTION = (
    "Does the research diary keep only accepted ideas although more was researched than traded, or was it written "
    "after the outcome?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS = {"window": "P7D"}

_DROPPED = frozenset({"rejected", "skipped", "paper", "hold"})
_COUNT, _MODE = "trading.decision.rejected_ideas.count", "trading.mode"
_DEFAULT = timedelta(days=7)
_SHOWN = 8


class _Window(Struct, frozen=True, kw_only=True):
    """What the days around the run hold; ideas by id."""

    rows: tuple[DiaryRow, ...]
    dropped: int
    unread: int
    passed: int
    accepted: frozenset[str]
    researched: frozenset[str]
    dropped_count: int


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the rows that show it, no when dropped ideas are on record, unknown without a diary."""
    trace = case.trace
    if not (trace.trades or trace.calls):
        return na("The run holds no research, idea or decision.")
    late = _late(case)
    if late is not None:
        return late
    found = _look(case)
    figures = {
        "diary_rows": len(found.rows),
        "dropped_on_record": found.dropped + found.passed,
        "accepted": len(found.accepted),
        "researched": len(found.researched | found.accepted),
    }
    if found.dropped or found.passed:
        return no("Ideas that were not traded are on record: "
                  f"{found.dropped} diary rows, {found.passed} decisions to skip or hold.", figures)  # fmt: skip
    if not found.rows:
        return unknown("Neither diary rows nor decisions to skip or hold in the window.",
                       ("diary rows of the window",), figures)  # fmt: skip
    if found.unread:
        return unknown("The diary has rows whose status cannot be read.", ("the status of diary rows",), figures)
    more = len(found.researched - found.accepted) or found.dropped_count
    if more:
        return yes(
            f"The diary of the window holds {len(found.accepted)} accepted ideas and no other, although {more} more"
            " were researched.",
            (*(_status(case, row) for row in found.rows[:_SHOWN]), *_counts(case)), figures | {"unrecorded": more},
        )  # fmt: skip
    if found.accepted - found.researched:
        return unknown("The diary holds accepted ideas only, and the research of the window is not at hand.",
                       ("the other traces of the window",), figures)  # fmt: skip
    return no("Every idea that was researched in the window was traded and is in the diary.", figures)


def _late(case: CaseFile) -> Suggestion | None:
    """Return yes when the first row of an idea of this run was written after its outcome."""
    ideas, runs = set(case.trace.idea_ids), {run.trace_id for run in kin_of_idea(case)}
    mine = [
        row for row in case.books.diary
        if (row.idea_id in ideas if row.idea_id else bool(row.trace_id) and trace_hex(row.trace_id) in runs)
    ]  # fmt: skip
    exit_at = holding(case)
    closed = from_ns(exit_at.exit_ns) if exit_at.exit_ns else None
    by_idea: dict[str, list[DiaryRow]] = {}
    for row in mine:
        by_idea.setdefault(row.idea_id, []).append(row)
    for rows in by_idea.values():
        written = [(row.written_at, row.row, row) for row in rows if row.written_at is not None]
        outcomes = [row.outcome_at for row in rows if row.outcome_at is not None]
        outcomes += [closed] if closed is not None and len(by_idea) == 1 else []
        if len(written) < len(rows) or not written or not outcomes:
            continue
        at, _, first = min(written, key=lambda each: each[:2])
        outcome = min(outcomes)
        if at > outcome:
            proof = _cell(case, first, "written_at", _stamp(at))
            known = [_cell(case, row, "outcome_at", _stamp(row.outcome_at)) for row in rows if row.outcome_at == outcome
                     and row.outcome_at is not None]  # fmt: skip
            return yes(
                f"The diary row of {first.idea_id or 'the run'} was written at {_stamp(at)}, after the"
                f" outcome of {_stamp(outcome)}.",
                (proof, *(known[:1] or exit_at.evidence)),
                {"written_at": _stamp(at), "outcome_at": _stamp(outcome)},
            )
    return None


def _look(case: CaseFile) -> _Window:
    span, around = _span(case), case.around.ideas
    begin, end = case.trace.started_ns - span, max(case.trace.ended_ns, case.trace.started_ns) + span
    runs = [run for run in case.runs if run is case.trace or begin <= run.started_ns <= end]
    rows = [row for row in case.books.diary if _within(row, begin, end)]
    # A row without a time counts where it names a run or an idea at hand.
    own = {idea for run in runs for idea in run.idea_ids}
    ids = {run.trace_id for run in runs}
    rows += [row for row in case.books.diary if _at(row) is None
             and (row.idea_id in own or (row.trace_id and trace_hex(row.trace_id) in ids))]  # fmt: skip
    modes = {run.trace_id: _mode(run) for run in runs}
    decided = [(_of(run, each), deed_of(each.action, each.mode or modes[run.trace_id]))
               for run in runs for each in run.of_kind(TradeKind.DECISION)]  # fmt: skip
    known = {"accepted", *_DROPPED}
    counted = sum(_number(each.attributes.get(_COUNT)) for run in runs for each in run.of_kind(TradeKind.DECISION))
    return _Window(
        rows=tuple(rows),
        dropped=len({_idea(row) for row in rows if row.status in _DROPPED}),
        unread=sum(row.status not in known for row in rows),
        passed=len({*around.passed, *(idea for idea, deed in decided if deed is Deed.PASSED)}),
        accepted=frozenset((*around.traded, *(_idea(row) for row in rows if row.status == "accepted"),
                            *(idea for idea, deed in decided if deed is Deed.TRADED))),
        researched=frozenset((*around.researched, *(idea for run in runs for idea in _researched(run)))),
        # The days around hold the runs at hand too.
        dropped_count=max(around.counted, counted),
    )  # fmt: skip


def _of(run: Trace, decision: TradeEvent) -> str:
    """Return the idea of a decision: as stated, else the run's only one, else the run itself."""
    return decision.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else run.trace_id)


def _mode(run: Trace) -> str:
    """Return the mode that a run states for all of it."""
    return next((str(span.attributes[_MODE]).lower() for span in run.spans if _MODE in span.attributes), "")


def _researched(run: Trace) -> tuple[str, ...]:
    """Return the ideas that a run worked on; a run that names none is one of its own when it called a model."""
    return run.idea_ids or ((run.trace_id,) if run.calls else ())


def _idea(row: DiaryRow) -> str:
    if row.idea_id:
        return row.idea_id
    return trace_hex(row.trace_id) if row.trace_id else f"row {row.row}"


def _span(case: CaseFile) -> int:
    try:
        length = duration(str({**KNOBS, **case.knobs}["window"]))
    except PolicyError:
        length = _DEFAULT
    return (length // timedelta(microseconds=1)) * 1000


def _at(row: DiaryRow) -> datetime | None:
    return row.decided_at or row.written_at


def _within(row: DiaryRow, begin: int, end: int) -> bool:
    at = _at(row)
    return at is not None and begin <= ns(at) <= end


def _number(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() and len(str(value)) < 10 else 0  # noqa: PLR2004 - a count


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def _status(case: CaseFile, row: DiaryRow) -> Evidence:
    return _cell(case, row, "status", row.status)


def _cell(case: CaseFile, row: DiaryRow, column: str, text: str) -> Evidence:
    return Evidence(trace_id=case.trace.trace_id, field=f"diary:{row.row}:{column}", excerpt=text, end=len(text))


def _counts(case: CaseFile) -> tuple[Evidence, ...]:
    found = []
    for each in case.trace.of_kind(TradeKind.DECISION):
        value = str(each.attributes.get(_COUNT, ""))
        if _number(value):
            place = each.source.span_id
            found.append(
                Evidence(trace_id=case.trace.trace_id, span_id=place, field=_COUNT, excerpt=value, end=len(value))
            )
    return tuple(found)
