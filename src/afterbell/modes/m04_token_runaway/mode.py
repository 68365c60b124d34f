"""Token runaway: the loop hit its cap, spent far over plan, or ran in circles.

What it asks
    Did the loop hit its token budget or a cap on steps, or spend more than twice what was planned?

Why it matters
    A loop that does not converge costs money on every turn and fills the prompt with its own words; its last answer is
    then the one that happened to stand there when the budget ended.

How it looks
    Yes when a hard cap was reached (`trading.budget.tokens.max`; `trading.budget.steps.max` while the model still asked
    for a tool; an error or halt reason that names a recursion, turn, iteration or usage limit); when used tokens or
    cost exceed `factor` (2.0) times the plan, stated (`trading.budget.tokens.planned`, `.cost.planned`) or, where none
    is stated, in the policy (`tokens_planned`, `cost_planned`); or when the run has the shape of a loop: the same tool
    with the same arguments and the same result at least `repeat_limit` (5) times, one document as the only content
    brought at least as often, two messages in turn for at least `pingpong_rounds` (4) rounds. Used = inclusive input
    plus output of each logical call, counted once. A plan on an idea covers all its traces. No shape, no cap, and plan
    or usage missing: unknown. No model call: not applicable. (The trigger token_overrun fires at five times the plan.)

What would prevent it
    A cap in code on steps and tokens that ends the run with an error; a check that a tool call with known arguments is
    answered from memory; an alert at twice the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import structs

from afterbell.model.calls import COSTS, ROLLUP, LlmCall, PartKind
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.facts import run_facts
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, no, unknown, yes
from afterbell.model.trading import Budget, TradeKind
from afterbell.model.vocabulary import ContentState
from afterbell.reading.loops.caps import caps_named
from afterbell.reading.loops.plan import Spending, covered, spendings
from afterbell.reading.loops.shapes import alternation, fetched_again, repeated_call

NUMBER = 4
SLUG = "token_runaway"
QUESTION = "Did the loop hit its token budget, or exceed twice the planned spend?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"factor": 2.0, "repeat_limit": 5, "pingpong_rounds": 4}

_Found = tuple[str, tuple[Evidence, ...]]

_SHOWN_CALLS = 5
_BUDGET_LOG = "trading.budget"
_HALTED = {"max_steps", "budget"}


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the cap, the spend or the shape; no when plan and usage show neither; else unknown."""
    trace, knobs = case.trace, {**KNOBS, **case.knobs}
    # Of a house of many traces only those of the same idea share a plan.
    ideas = set(trace.idea_ids)
    case = structs.replace(case, kin=tuple(each for each in case.kin if ideas.intersection(each.idea_ids)))
    runs = [run_facts(each) for each in case.runs]
    limits = case.limits
    spent = spendings(runs[0], runs[1:], tokens_planned=limits.tokens_planned, cost_planned=limits.cost_planned)
    figures = _figures(spent, knobs)
    factor = Decimal(str(knobs["factor"]))
    found = [*_caps(case, spent), *_over(case, spent, factor)]
    shapes, blind = _shapes(trace, knobs)
    found += shapes
    if found:
        reasons = [reason for reason, _proof in found[:3]]
        return yes(" ".join(reasons), tuple(each for _reason, proof in found for each in proof), figures)
    missing = [*_missing(trace, spent), *_unseen(case), *blind]
    if missing:
        return unknown("No cap was hit and no loop shows, but the spend cannot be held against a plan.",
                       tuple(missing), figures)  # fmt: skip
    told = [_held(each, factor) for each in spent if each.planned is not None or each.most is not None]
    return no(" ".join(told), figures)


def _figures(spent: Sequence[Spending], knobs: Mapping[str, Any]) -> dict[str, Any]:
    tokens = [each for each in spent if each.unit == "tokens"]
    shown = max(tokens or spent, key=lambda each: each.ratio or Decimal(0), default=None)
    if shown is None:
        return {"factor": str(knobs["factor"])}
    found = {"used": str(shown.used), "unit": shown.unit, "scope": str(shown.scope), "factor": str(knobs["factor"])}
    if shown.planned is not None:
        found |= {"planned": str(shown.planned), "ratio": str(shown.ratio),
                  "plan": "stated" if shown.source else "policy"}  # fmt: skip
    return found | ({"max": str(shown.most)} if shown.most is not None else {})


def _over(case: CaseFile, spent: Sequence[Spending], factor: Decimal) -> Iterator[_Found]:
    for each in spent:
        if each.planned is None or each.used <= factor * each.planned:
            continue
        whose = "the stated" if each.source else "the policy's"
        yield (
            (
                f"{each.used} {each.unit} were used against {whose} plan of {each.planned} for the {each.scope}"
                f" ({each.ratio} times, limit {factor})."
            ),
            (*_plan(case, each, f"trading.budget.{each.unit}.planned"), *_spend(case, each)),
        )


def _plan(case: CaseFile, spending: Spending, attribute: str) -> tuple[Evidence, ...]:
    """Cite the attribute that states a plan or cap; nothing where the policy does."""
    source = spending.source
    if source is None:
        return ()
    proof = _cited(case, source.trace_id, source.span_id, attribute)
    # A format that computes the plan from words of its own names the field it read.
    return proof if proof[0].excerpt else _cited(case, source.trace_id, source.span_id, source.field)


def _cited(case: CaseFile, trace_id: str, span_id: str, attribute: str) -> tuple[Evidence, ...]:
    """Cite an attribute of a span, else of the log record that states the budget."""
    run = next((each for each in case.runs if each.trace_id == trace_id), None)
    span = run.span(span_id) if run else None
    field, value = attribute, span.attributes.get(attribute) if span else None
    if value is None and run is not None:
        logs = (log.attributes for log in run.logs if log.span_id == span_id)
        value = next((attributes[attribute] for attributes in logs if attribute in attributes), None)
        field = f"log:{_BUDGET_LOG}.{attribute}" if value is not None else attribute
    excerpt = "" if value is None else str(value)
    return (Evidence(trace_id=trace_id, span_id=span_id, field=field, excerpt=excerpt, end=len(excerpt)),)


def _spend(case: CaseFile, spending: Spending) -> tuple[Evidence, ...]:
    """Cite the usage (or cost) of the calls that used most."""
    tokens = spending.unit == "tokens"
    largest = sorted(spending.calls, key=lambda call: -((call.tokens if tokens else call.cost) or 0))[:_SHOWN_CALLS]
    found: list[Evidence] = []
    for call in largest:
        home = next((each for each in case.runs if each.span(call.span_id)), case.trace)
        span = home.span(call.span_id)
        if not tokens:
            field = next((name for name in COSTS if span is not None and name in span.attributes), "")
            found += _cited(case, home.trace_id, call.span_id, field)
        elif call.source is not None:
            found += _cited(case, call.source.trace_id, call.source.span_id, call.source.field)
    return tuple(found)


def _held(spending: Spending, factor: Decimal) -> str:
    if spending.planned is None:
        return f"{spending.used} {spending.unit} were used under a cap of {spending.most}."
    return (f"{spending.used} {spending.unit} were used against a plan of {spending.planned} ({spending.ratio} times,"
            f" limit {factor}).")  # fmt: skip


def _missing(trace: Trace, spent: Sequence[Spending]) -> Iterator[str]:
    """Name what keeps the spend from being judged: any one plan or cap with full usage is enough."""
    judged = [each for each in spent if each.planned is not None or each.most is not None]
    if any(not each.silent for each in judged):
        return
    if not judged:
        yield "a plan (trading.budget.tokens.planned, or tokens_planned in the policy)"
        silent = sum(1 for call in trace.calls if call.usage.total is None and not call.failed)
        if silent:
            yield f"usage of {silent} of {len(trace.calls)} model calls"
        return
    for each in judged:
        word = "token usage" if each.unit == "tokens" else "cost"
        yield f"{word} of {each.silent} of {len(each.calls)} model calls"


def _caps(case: CaseFile, spent: Sequence[Spending]) -> Iterator[_Found]:
    for each in spent:
        if each.most is not None and each.used >= each.most:
            proof = _plan(case, each, "trading.budget.tokens.max")
            yield f"The cap of {each.most} tokens was reached ({each.used} used).", (*proof, *_spend(case, each))
    yield from _halted(case.trace)
    yield from _named(case.trace)
    yield from _steps(case)


def _halted(trace: Trace) -> Iterator[_Found]:
    for decision in trace.of_kind(TradeKind.DECISION):
        reason = str(decision.attributes.get("trading.decision.halt_reason", ""))
        if reason.lower() in _HALTED:
            proof = Evidence(trace_id=trace.trace_id, span_id=decision.source.span_id,
                             field="trading.decision.halt_reason", excerpt=reason, end=len(reason))  # fmt: skip
            yield f"The decision records that the loop was halted by its cap ({reason}).", (proof,)
            return


def _named(trace: Trace) -> Iterator[_Found]:
    """Take the first error or last words that name a cap on the loop."""
    for proof in caps_named(trace):
        named = " ".join(proof.excerpt.split()).strip(" .:'\"")
        yield f"The run was ended by a cap: {named}.", (proof,)
        return


def _steps(case: CaseFile) -> Iterator[_Found]:
    """Find a cap on steps that was reached while the model still asked for a tool, or was passed."""
    homes = {call.span_id: each for each in case.runs for call in each.calls}
    for budget, steps in _stepped(case):
        last = steps[(budget.steps_max or 1) - 1]
        if len(steps) > (budget.steps_max or 0) or _asked(homes[last.span_id], last):
            yield (
                (
                    f"The cap of {budget.steps_max} steps was reached while the model still asked for a tool"
                    f" ({len(steps)} model calls)."
                ),
                (*_cited(case, budget.source.trace_id, budget.span_id, "trading.budget.steps.max"),
                 *_last_ask(homes[last.span_id], last)),
            )  # fmt: skip


def _stepped(case: CaseFile) -> Iterator[tuple[Budget, list[LlmCall]]]:
    """Yield each cap on steps that was used up, with the calls it covers in order of start."""
    run, others = run_facts(case.trace), [run_facts(each) for each in case.kin]
    calls = {call.span_id: call for each in case.runs for call in each.calls
             if call.operation != ROLLUP and not call.failed}  # fmt: skip
    for budget in case.trace.budgets:
        if budget.steps_max is not None and budget.steps_max > 0:
            inside = sorted(covered(budget, run, others), key=lambda each: each.started_ns)
            steps = [calls[each.span_id] for each in inside if each.span_id in calls]
            if len(steps) >= budget.steps_max:
                yield budget, steps


def _unseen(case: CaseFile) -> Iterator[str]:
    """Name the last step allowed where nobody can see whether it answered or asked for another."""
    for budget, steps in _stepped(case):
        last = steps[(budget.steps_max or 1) - 1]
        if last.states.get("output") is not ContentState.CAPTURED and not last.finish_reasons:
            yield "the output of the last step allowed"


def _asked(trace: Trace, call: LlmCall) -> bool:
    asks = any(part.kind is PartKind.TOOL_CALL for _message, part, _source in trace.parts(call.output))
    return asks or any(reason.lower() in {"tool_calls", "tool_call", "tool_use"} for reason in call.finish_reasons)


def _last_ask(trace: Trace, call: LlmCall) -> tuple[Evidence, ...]:
    for _message, part, source in trace.parts(call.output):
        if part.kind is PartKind.TOOL_CALL:
            excerpt = part.text[:160]
            return (Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                             end=len(excerpt)),)  # fmt: skip
    return ()


def _shapes(trace: Trace, knobs: Mapping[str, Any]) -> tuple[list[_Found], tuple[str, ...]]:
    """Return the shapes that reach their limits, and what could not be compared."""
    limit, rounds = int(knobs["repeat_limit"]), int(knobs["pingpong_rounds"])
    same, blind = repeated_call(trace)
    again, turns = fetched_again(trace), alternation(trace)
    found: list[_Found] = []
    if same is not None and same.times >= limit:
        told = f"{same.what} was called {same.times} times with the same arguments and the same result."
        found.append((told, same.evidence))
    elif again is not None and again.times >= limit:
        found.append((f"One document came back {again.times} times with nothing new between.", again.evidence))
    if turns is not None and turns.times >= rounds:
        found.append((f"Two messages took turns for {turns.times} rounds.", turns.evidence))
    if blind is not None and blind.times >= limit:
        return found, (f"results of {blind.what}, called {blind.times} times with the same arguments",)
    return found, ()
