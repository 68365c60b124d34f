"""What a question needs before it can be asked of a trace, and the answer that the lack of it forces.

A trace without a recorded model call is one without calls only if nothing in it says that models ran: an agent's run or
a log that speaks of them makes what depends on the calls unknown, not inapplicable.
"""

from __future__ import annotations

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Suggestion, na, unknown
from afterbell.model.vocabulary import ContentState
from afterbell.reading.legs.calls import unheld
from afterbell.reading.log_lines.speaking import speaking, told_by_lines

_MOST_NAMED = 8


def lacking(case: CaseFile, need: Need) -> Suggestion | None:
    """Return the answer that a missing need forces (na or unknown), or None when the need is met."""
    trace = case.trace
    if need is Need.SPANS and not trace.spans and not trace.logs:
        return unknown("The trace holds nothing.", ("spans",))
    if need in {Need.MODEL_CALLS, Need.PROMPT_TEXT} and not trace.calls:
        return uncalled(trace)
    if need is Need.PROMPT_TEXT and not any(call.input or call.system for call in trace.calls):
        gone = sorted({str(call.states.get("input", ContentState.NOT_CAPTURED)) for call in trace.calls})
        return unknown(f"No model call kept its prompt ({', '.join(gone)}).", ("prompt text",))
    return None


def uncalled(trace: Trace) -> Suggestion:
    """Answer for a trace without a recorded model call: na, or unknown where something says that models ran."""
    behind = unheld(trace)[:_MOST_NAMED]
    if not behind:
        return na("No model call in this trace.")
    words = speaking(trace)
    return unknown("No model call is recorded, but models ran.", behind, evidence=(words,) if words else ())


def inapplicable(trace: Trace, said: Suggestion) -> Suggestion:
    """Return an answer `na` as unknown where only lines of a log tell of the run: they do not show what it lacked."""
    words = told_by_lines(trace)
    if words is None:
        return said
    return unknown(f"Only the lines of a log tell of this run, and they do not rule it out. ({said.reason})",
                   ("the run's calls, tools, documents and orders as spans or events",),
                   evidence=(words,))  # fmt: skip
