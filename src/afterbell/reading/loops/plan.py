"""What a run spent beside what was planned: tokens and cost, for the trace, the idea or one agent's subtree.

Tokens are inclusive input plus output, each logical call once; a plan on an idea covers all traces of the idea, a plan
on the root the trace, a plan on an agent's span its subtree. A stated plan beats the policy's. It knows no factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from afterbell.model.calls import Source
from afterbell.model.docket import CallFacts, RunFacts
from afterbell.model.trading import Budget, BudgetScope


class Spending(Struct, frozen=True, kw_only=True):
    """One plan or cap with what was used under it; `unit` is tokens or the cost's currency-less word `cost`.

    `silent` counts calls that ended well and report no figure: with any, `used` is a lower bound.
    `source` is None where the policy states the plan.
    """

    scope: BudgetScope
    unit: str
    used: Decimal
    planned: Decimal | None = None
    most: Decimal | None = None
    silent: int = 0
    calls: tuple[CallFacts, ...] = ()
    source: Source | None = None

    @property
    def ratio(self) -> Decimal | None:
        """Used over planned, to two digits; None without a plan."""
        return round(self.used / self.planned, 2) if self.planned else None


def covered(budget: Budget, run: RunFacts, others: Sequence[RunFacts] = ()) -> tuple[CallFacts, ...]:
    """Return the calls that a budget of `run` covers; `others` are the runs that may share its idea."""
    below = tuple(call for call in run.calls if budget.span_id in (call.span_id, *call.ancestors))
    if budget.scope is BudgetScope.SUBTREE:
        return below
    if budget.scope is BudgetScope.TRACE:
        return run.calls
    idea = budget.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
    # A run that works on several ideas shares its calls among them; only those below the plan are surely this one's.
    own = run.calls if len(run.idea_ids) <= 1 else below
    shared = [each for each in others if each.idea_ids == (idea,) and each.trace_id != run.trace_id]
    return own + tuple(call for each in shared for call in each.calls)


def spendings(
    run: RunFacts, others: Sequence[RunFacts] = (), *, tokens_planned: int = 0, cost_planned: Decimal = Decimal(0)
) -> tuple[Spending, ...]:
    """Return every plan and cap that covers a run, stated ones first, with what was used under each.

    `others` are runs that may share an idea with it: an idea's plan may stand in any of them. `tokens_planned` and
    `cost_planned` are the policy's plan for a run, 0 for none; each holds only where no plan of its unit is stated.
    """
    found = list(_stated(run, others))
    for unit, plan in (("tokens", Decimal(tokens_planned)), ("cost", cost_planned)):
        if plan > 0 and not any(each.unit == unit and each.planned is not None for each in found):
            found.append(_spending(unit, run.calls, BudgetScope.TRACE, planned=plan))
    return tuple(found)


def _stated(run: RunFacts, others: Sequence[RunFacts]) -> Iterator[Spending]:
    for owner, budget in _budgets(run, others):
        rest = others if owner is run else (run, *others)
        calls = covered(budget, owner, rest)
        tokens, most = _positive(budget.tokens_planned), _positive(budget.tokens_max)
        if tokens is not None or most is not None:
            yield _spending("tokens", calls, budget.scope, planned=tokens, most=most, source=budget.source)
        if budget.cost_planned is not None and budget.cost_planned > 0:
            yield _spending("cost", calls, budget.scope, planned=budget.cost_planned, source=budget.source)


def _budgets(run: RunFacts, others: Sequence[RunFacts]) -> Iterator[tuple[RunFacts, Budget]]:
    """Yield the run's own budgets and those that other runs state for an idea it works on."""
    for budget in run.budgets:
        yield run, budget
    ideas = set(run.idea_ids)
    for other in others:
        for budget in other.budgets:
            if budget.scope is BudgetScope.IDEA and other.trace_id != run.trace_id:
                stated = {budget.idea_id} if budget.idea_id else set(other.idea_ids)
                if stated & ideas:
                    yield other, budget


def _positive(number: int | None) -> Decimal | None:
    return Decimal(number) if number is not None and number > 0 else None


def _spending(
    unit: str, calls: tuple[CallFacts, ...], scope: BudgetScope, *, planned: Decimal | None = None,
    most: Decimal | None = None, source: Source | None = None,
) -> Spending:  # fmt: skip
    figures = [Decimal(call.tokens) if unit == "tokens" and call.tokens is not None else
               call.cost if unit == "cost" else None for call in calls]  # fmt: skip
    silent = sum(1 for call, figure in zip(calls, figures, strict=True) if figure is None and not call.failed)
    used = sum((figure for figure in figures if figure is not None), Decimal(0))
    return Spending(
        scope=scope, unit=unit, used=used, planned=planned, most=most, silent=silent, calls=calls, source=source
    )  # fmt: skip
