"""Convergence gate miscalibration: the research loop stopped too early, too late, or only at its cap.

What it asks
    Did the loop halt while its signal still moved, or run on long after it had settled?

Why it matters
    A loop that stops on a weak signal trades on a belief that the next step would have changed; one that runs on buys
    the same answer again and again; one that its cap ends has no gate at all.

How it looks
    The signal, per idea and loop, is `trading.research.posterior`; where none is stated, the probability that each
    step's output says (JSON or prose), else its action or leaning. Yes when the last change is at least `moved` (0.05)
    or the decision differs at the last step; when `settled_steps` (4) or more steps at the end changed it by no more
    than `settled` (0.02); or when a cap ended the run (an error or notice that names a recursion, turn, iteration or
    usage limit, or `trading.decision.halt_reason` max_steps or budget), named as the cap. Steps are model calls of
    research and decision; execution, risk and monitoring calls, failed calls and simple work on single items are not.
    Several steps and no signal: unknown. One call and no loop: not applicable. The limits are the design's defaults.

What would prevent it
    A gate on the change of the posterior over the last steps, recorded with each step; the halt reason on the decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trading import TradeKind
from afterbell.reading.legs.calls import unheld
from afterbell.reading.loops.caps import caps_named
from afterbell.reading.loops.signals import Series, Step, series_of, steps_of

NUMBER = 16
SLUG = "convergence_gate_miscalibration"
QUESTION = "Did the research loop halt on a weak convergence signal, or run long past a confident answer?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS = {"moved": 0.05, "settled": 0.02, "settled_steps": 4}

_HALTED = frozenset({"max_steps", "budget"})
_SHOWN = 6

_Found = tuple[str, tuple[Evidence, ...], Mapping[str, Any]]


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the cap, the last change or the idle steps; no when a signal shows neither; na without a loop."""
    knobs = {**KNOBS, **case.knobs}
    loops = series_of(case.trace, case.kin)
    caps = list(_caps(case))
    found = [*caps, *(each for loop in loops for each in _faults(loop, knobs))]
    if found:
        figures = {"halt": "cap"} if caps else {}
        for each in found:
            figures |= each[2]
        return yes(
            " ".join(each[0] for each in found[:3]), tuple(proof for each in found for proof in each[1]), figures
        )
    if not loops and (behind := unheld(case.trace)):
        return unknown("Model calls ran that are not recorded one by one: a loop among them cannot be seen.", behind)
    if not loops:
        steps = len(steps_of(case.trace))
        return na(f"No loop: none of the {steps} model calls takes up another one." if steps > 1 else
                  "One model call and no loop." if steps else "No loop of research in this trace.")  # fmt: skip
    followed = {loop.idea_id for loop in loops if _judged(loop)}
    # Beside a loop whose signal can be followed, one that never says what it believes is no research of the idea.
    blind = [loop for loop in loops if not _judged(loop) and (_signal(loop) or loop.idea_id not in followed)]
    if blind:
        missing = tuple(dict.fromkeys(each for loop in blind for each in _lacks(loop)))
        return unknown("A loop ran and its signal cannot be followed to its end.", missing,
                       {"steps": max(len(loop.steps) for loop in blind)})  # fmt: skip
    worst = max((loop for loop in loops if _judged(loop)), key=lambda loop: len(loop.steps))
    reason, figures = _held(worst, knobs)
    return no(reason, figures, _proof(_signal(worst)[-2:]))


def _caps(case: CaseFile) -> Iterator[_Found]:
    for decision in case.trace.of_kind(TradeKind.DECISION):
        reason = str(decision.attributes.get("trading.decision.halt_reason", ""))
        if reason.strip().lower() in _HALTED:
            proof = Evidence(trace_id=case.trace.trace_id, span_id=decision.source.span_id,
                             field="trading.decision.halt_reason", excerpt=reason, end=len(reason))  # fmt: skip
            yield f"The cap halted the loop, not its signal (halt reason {reason}).", (proof,), {}
            return
    for proof in caps_named(case.trace):
        named = " ".join(proof.excerpt.split()).strip(" .:'\"")
        yield f"The cap halted the loop, not its signal: {named}.", (proof,), {}
        return


def _signal(loop: Series) -> tuple[Step, ...]:
    """Return the steps of the loop's signal: probabilities where at least two steps say one, else leanings."""
    return loop.probabilities if len(loop.probabilities) > 1 else loop.leanings


def _faults(loop: Series, knobs: Mapping[str, Any]) -> Iterator[_Found]:
    moved, settled, most = Decimal(str(knobs["moved"])), Decimal(str(knobs["settled"])), int(knobs["settled_steps"])
    steps = _signal(loop)
    if len(steps) < 2 or _open(loop, steps):  # noqa: PLR2004 - a change needs two steps
        return
    changes = _changes(steps)
    last, before = steps[-1], steps[-2]
    if last.probability is not None and changes[-1] >= moved:
        told = (f"The loop halted while its signal still moved: {before.probability} to {last.probability} at the last"
                f" of {len(steps)} steps (limit {moved}).")  # fmt: skip
        yield told, _proof(steps[-2:]), {"halt": "moving", "last_change": str(changes[-1]), "steps": len(steps)}
    elif last.leaning and before.leaning and last.leaning != before.leaning:
        told = (f"The loop halted at the step that changed its decision from {before.leaning} to {last.leaning}"
                f" ({len(steps)} steps).")  # fmt: skip
        yield told, _proof(steps[-2:]), {"halt": "moving", "steps": len(steps)}
    else:
        idle = _idle(changes, settled)
        if idle >= most:
            told = (f"The loop ran {idle} steps after its signal had settled (limit {most}; {len(steps)} steps in"
                    " all).")  # fmt: skip
            yield told, _proof(steps[-idle - 1 :]), {"halt": "late", "settled_steps": idle, "steps": len(steps)}


def _changes(steps: Sequence[Step]) -> list[Decimal]:
    """Return the change at each step but the first; between leanings it is none or all."""
    found = []
    for before, here in pairwise(steps):
        if here.probability is not None and before.probability is not None:
            found.append(abs(here.probability - before.probability))
        else:
            found.append(Decimal(int(here.leaning != before.leaning)))
    return found


def _idle(changes: Sequence[Decimal], settled: Decimal) -> int:
    """Return how many steps at the end changed the signal by no more than the limit."""
    count = 0
    for change in reversed(changes):
        if change > settled:
            break
        count += 1
    return count


def _open(loop: Series, steps: Sequence[Step]) -> bool:
    """Tell whether the last step's output was not kept, so that the last change is not known."""
    return loop.steps[-1].silent and loop.steps[-1] is not steps[-1]


def _judged(loop: Series) -> bool:
    steps = _signal(loop)
    return len(steps) > 1 and not _open(loop, steps)


def _lacks(loop: Series) -> Iterator[str]:
    steps = _signal(loop)
    if len(steps) > 1:
        yield "the output of the loop's last step"
        return
    silent = sum(1 for step in loop.steps if step.silent)
    if silent:
        yield f"the output of {silent} of {len(loop.steps)} steps"
    yield f"a signal of each of {len(loop.steps)} steps (trading.research.posterior)"


def _held(loop: Series, knobs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    steps = _signal(loop)
    changes = _changes(steps)
    idle = _idle(changes, Decimal(str(knobs["settled"])))
    figures: dict[str, Any] = {"steps": len(steps), "settled_steps": idle}
    if steps[-1].probability is not None:
        figures["last_change"] = str(changes[-1])
        return (f"The last of {len(steps)} steps changed the signal by {changes[-1]} (limit {knobs['moved']}) and"
                f" {_count(idle)} at the end had settled (limit {knobs['settled_steps']})."), figures  # fmt: skip
    return (f"The leaning held over the last of {len(steps)} steps and {_count(idle)} at the end had settled"
            f" (limit {knobs['settled_steps']})."), figures  # fmt: skip


def _proof(steps: Sequence[Step]) -> tuple[Evidence, ...]:
    return tuple(proof for step in steps[-_SHOWN:] for proof in step.evidence)


def _count(number: int) -> str:
    return f"{number} step{'' if number == 1 else 's'}"
