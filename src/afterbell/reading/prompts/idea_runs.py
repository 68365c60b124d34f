"""The runs of one idea: which researched it, which executed it. Runs belong together by `trading.idea.id`.

An execution run holds a decision or an order; a run that holds the research too stands on both sides.
"""

from __future__ import annotations

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.trading import TradeKind
from afterbell.model.vocabulary import Stage

_IDEA = "trading.idea.id"
_EXECUTES = (TradeKind.DECISION, TradeKind.ORDER)
_TRADING = frozenset({Stage.DECISION, Stage.EXECUTION})


class IdeaRuns(Struct, frozen=True, kw_only=True):
    """The runs before the trade and the runs that made it, in order of start. `single` = one run did both."""

    research: tuple[Trace, ...] = ()
    execution: tuple[Trace, ...] = ()
    skipped: bool = False

    @property
    def single(self) -> bool:
        """Whether one run alone is known, and it executed."""
        return not self.research and len(self.execution) == 1


def ideas(trace: Trace) -> tuple[str, ...]:
    """Return the ideas a run names: on its trading facts, or on any span or log record."""
    named = [*trace.idea_ids]
    named += [str(span.attributes[_IDEA]) for span in trace.spans if span.attributes.get(_IDEA) not in (None, "")]
    named += [str(log.attributes[_IDEA]) for log in trace.logs if log.attributes.get(_IDEA) not in (None, "")]
    return tuple(dict.fromkeys(named))


def idea_runs(case: CaseFile) -> IdeaRuns:
    """Return the runs that share an idea with the trace, by what they did.

    `skipped` when every decision was to skip. Of several execution runs the trace itself is taken when it is one.
    Without any decision or order, runs with model calls of the decision or execution stage count as the execution.
    """
    mine = set(ideas(case.trace))
    runs = sorted((each for each in case.runs if mine.intersection(ideas(each))), key=lambda each: each.started_ns)
    execution = [run for run in runs if run.of_kind(*_EXECUTES)]
    decided = [event for run in execution for event in run.of_kind(*_EXECUTES)]
    skipped = bool(decided) and all(event.kind is TradeKind.DECISION and event.action == "skip" for event in decided)
    if not execution:
        execution = [run for run in runs if any(call.stage in _TRADING for call in run.calls)]
    taken = {run.trace_id for run in execution}
    research = [run for run in runs if run.trace_id not in taken]
    if not research and len(execution) > 1:
        # Every run traded: the first is what the others are held against.
        research, execution = execution[:1], execution[1:]
    if any(run is case.trace for run in execution):
        execution = [case.trace]
    return IdeaRuns(research=tuple(research), execution=tuple(execution), skipped=skipped)
