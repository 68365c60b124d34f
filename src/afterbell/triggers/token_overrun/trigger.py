"""Token overrun: a research loop, a trace or an idea used five times its planned tokens, or more.

The factor is the specification's and is policy (`token_overrun_factor`); exactly five times fires.

Used. Input plus output of every logical call, each counted once however many spans show it; cached input is inside
input and reasoning inside output. Roll-ups on agent or root spans are never added.

Planned. A stated plan (`trading.budget.tokens.planned`) on a `trading.idea` span covers all traces of the idea, on a
root span its trace, on an agent's span what runs below it; each is judged by itself and any may fire. Where a trace
states no plan and no idea of it has one, `tokens_planned` of the policy is the plan for the trace. A hard cap
(`trading.budget.tokens.max`) is no plan.

A call without reported usage may hide an overrun: when the others stay under the limit, that is a note that says
unknown, never a silent no. Failed calls report no usage and hide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from afterbell.model.calls import Source
from afterbell.model.docket import CallFacts, Docket, RunFacts
from afterbell.model.event import Event, event
from afterbell.model.policy import Limits
from afterbell.model.scan import Evidence
from afterbell.model.trading import Budget, BudgetScope
from afterbell.model.vocabulary import TriggerName
from afterbell.reading.loops.plan import covered
from afterbell.reading.times import stated

NAME = "token_overrun"
TITLE = "Five times the planned tokens, or more"
UNIT = "tokens"

PLAN = "trading.budget.tokens.planned"


class Plan(Struct, frozen=True, kw_only=True):
    """One plan and the calls it covers. `source` is None when the policy is the plan."""

    subject: str
    planned: int
    runs: tuple[RunFacts, ...]
    calls: tuple[CallFacts, ...]
    limits: Limits
    source: Source | None = None

    @property
    def used(self) -> int:
        """Inclusive input plus output of the covered calls that report usage."""
        return sum(call.tokens or 0 for call in self.calls)

    @property
    def silent(self) -> int:
        """How many covered calls neither failed nor report usage."""
        return sum(call.tokens is None and not call.failed for call in self.calls)

    @property
    def limit(self) -> Decimal:
        """From how many tokens on the trigger fires."""
        return self.planned * self.limits.token_overrun_factor


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return an event for each plan that was overrun."""
    return tuple(_event(plan) for plan in plans(docket) if plan.used >= plan.limit)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each plan that silent calls leave open, and one for the traces that have none."""
    every = plans(docket)
    found = [
        f"token_overrun, {plan.subject}: unknown, {plan.silent} of {len(plan.calls)} calls report no usage and the"
        f" rest used {plan.used} of the {plan.limit.normalize():f} tokens at which it fires"
        for plan in every
        if plan.silent and plan.used < plan.limit
    ]
    planned = {run.trace_id for plan in every for run in plan.runs}
    bare = sum(bool(run.calls) and run.trace_id not in planned for run in docket.runs)
    if bare:
        have = "1 trace has" if bare == 1 else f"{bare} traces have"
        found.append(f"token_overrun: unknown, {have} neither a stated plan ({PLAN}) nor one in the policy")
    return tuple(found)


def plans(docket: Docket) -> tuple[Plan, ...]:
    """Return every plan of the house with the calls it covers, stated ones first."""
    found = {plan.subject: plan for plan in _stated(docket)}
    planned = {run.trace_id for plan in found.values() for run in plan.runs}
    return (*found.values(), *_of_policy(docket, planned))


def _stated(docket: Docket) -> Iterator[Plan]:
    """Yield the stated plans in order of time, so that a later one for the same subject takes its place."""
    by_idea: dict[str, list[RunFacts]] = {}
    for run in docket.runs:
        for idea in run.idea_ids:
            by_idea.setdefault(idea, []).append(run)
    for run in sorted(docket.runs, key=lambda each: (each.started_ns, each.trace_id)):
        limits = _limits(docket, run)
        for budget in run.budgets:
            if not budget.tokens_planned or budget.tokens_planned < 0:
                continue
            subject, runs = _scope(budget, run, by_idea)
            yield Plan(
                subject=subject, planned=budget.tokens_planned, runs=runs, calls=covered(budget, run, runs),
                limits=limits, source=budget.source,
            )  # fmt: skip


def _scope(budget: Budget, run: RunFacts, by_idea: dict[str, list[RunFacts]]) -> tuple[str, tuple[RunFacts, ...]]:
    """Return what a plan is called and the runs it covers."""
    idea = budget.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
    if budget.scope is BudgetScope.IDEA and idea:
        return f"idea:{idea}", tuple(by_idea.get(idea, [run]))
    if budget.scope is BudgetScope.SUBTREE:
        return f"trace:{run.trace_id} span:{budget.span_id}", (run,)
    return f"trace:{run.trace_id}", (run,)


def _of_policy(docket: Docket, stated: set[str]) -> Iterator[Plan]:
    for run in docket.runs:
        limits = _limits(docket, run)
        if limits.tokens_planned and run.calls and run.trace_id not in stated:
            yield Plan(
                subject=f"trace:{run.trace_id}", planned=limits.tokens_planned, runs=(run,), calls=run.calls,
                limits=limits,
            )  # fmt: skip


def _limits(docket: Docket, run: RunFacts) -> Limits:
    named = [strategy for strategy in run.strategy_ids if strategy in docket.policy.strategies]
    return docket.policy.of(named[0] if named else "")


def _event(plan: Plan) -> Event:
    times = plan.used / Decimal(plan.planned)
    where = "stated in the trace" if plan.source else "the policy's tokens_planned"
    report = "call reports" if plan.silent == 1 else "calls report"
    silent = f"; {plan.silent} {report} no usage, so it was more" if plan.silent else ""
    counted = sum(call.tokens is not None for call in plan.calls)
    return event(
        TriggerName.TOKEN_OVERRUN,
        subject=plan.subject,
        occurred_at=_moment(plan),
        received_at=min((run.received_at for run in plan.runs if run.received_at is not None), default=None),
        due_hours=plan.limits.meeting_due_hours,
        measured=str(plan.used),
        limit=f"{plan.limit.normalize():f}",
        unit=UNIT,
        reason=f"{plan.used} tokens used, {times:.2f} times the {plan.planned} planned ({where}); inclusive input plus"
        f" output of {counted} {'call' if counted == 1 else 'calls'}, each counted once{silent}.",
        trace_ids=tuple(dict.fromkeys(run.trace_id for run in plan.runs)),
        evidence=tuple(_evidence(plan)),
    )


def _moment(plan: Plan) -> datetime | None:
    """Return when the call began that reached the limit; without call times, when the runs ended."""
    total = 0
    for call in sorted(plan.calls, key=lambda each: each.started_ns):
        total += call.tokens or 0
        if total >= plan.limit:
            if (at := stated(call.started_ns)) is not None:
                return at
            break
    return stated(max((run.ended_ns or run.started_ns for run in plan.runs), default=0))


def _evidence(plan: Plan) -> Iterator[Evidence]:
    """Yield the plan's attribute, then the usage of the three largest calls."""
    if plan.source:
        text = str(plan.planned) if plan.source.field == PLAN else ""
        yield _place(plan.source, text)
    largest: Sequence[CallFacts] = sorted(plan.calls, key=lambda call: -(call.tokens or 0))[:3]
    for call in largest:
        if call.source and call.tokens:
            yield _place(call.source, call.figure)


def _place(source: Source, text: str) -> Evidence:
    return Evidence(
        trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=text, end=len(text)
    )  # fmt: skip
