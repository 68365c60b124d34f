"""What a token overrun rests on, where the worked examples of the trigger do not reach."""

from __future__ import annotations

from datetime import UTC, datetime

from afterbell.model.calls import Source
from afterbell.model.docket import CallFacts, Docket, RunFacts
from afterbell.model.policy import from_mapping
from afterbell.model.trading import Budget, BudgetScope
from afterbell.triggers.token_overrun.trigger import PLAN, fire, notes

ONE, TWO = "a" * 32, "b" * 32
START = int(datetime(2026, 1, 5, 14, tzinfo=UTC).timestamp()) * 10**9


def call(name: str, tokens: int | None, *, under: tuple[str, ...] = (), failed: bool = False, at: int = 0) -> CallFacts:
    source = Source(trace_id=ONE, span_id=name, field="gen_ai.usage.input_tokens")
    return CallFacts(span_id=name, ancestors=under, tokens=tokens, failed=failed, source=source, figure=str(tokens),
                     started_ns=START + at)  # fmt: skip


def plan(scope: BudgetScope, planned: int, span_id: str = "root", idea: str = "", trace: str = ONE) -> Budget:
    place = Source(trace_id=trace, span_id=span_id, field=PLAN)
    return Budget(scope=scope, span_id=span_id, idea_id=idea, tokens_planned=planned, source=place)


def run(*calls: CallFacts, budgets: tuple[Budget, ...] = (), trace: str = ONE, **more) -> RunFacts:
    return RunFacts(trace_id=trace, started_ns=START, ended_ns=START + 10**9, calls=calls, budgets=budgets, **more)


def fired(*runs: RunFacts, **policy: object) -> list[tuple[str, str, str]]:
    docket = Docket(runs=runs, policy=from_mapping({"policy": policy}, {}))
    return [(event.subject, event.measured, event.limit) for event in fire(docket)]


def test_figure_limit_moment_and_evidence() -> None:
    facts = run(call("1", 300, at=1000), call("2", 900, at=2000), call("3", 5, at=3000),
                budgets=(plan(BudgetScope.TRACE, 100),))  # fmt: skip
    (event,) = fire(Docket(runs=(facts,)))
    assert (event.subject, event.measured, event.limit, event.unit) == (f"trace:{ONE}", "1205", "500", "tokens")
    assert event.occurred_at == datetime(2026, 1, 5, 14, 0, 0, 2, tzinfo=UTC)
    assert [(each.field, each.excerpt) for each in event.evidence[:2]] == [
        (PLAN, "100"), ("gen_ai.usage.input_tokens", "900"),
    ]  # fmt: skip


def test_a_failed_call_hides_nothing_but_a_silent_one_does() -> None:
    budgets = (plan(BudgetScope.TRACE, 100),)
    assert not notes(Docket(runs=(run(call("1", 10), call("2", None, failed=True), budgets=budgets),)))
    (note,) = notes(Docket(runs=(run(call("1", 10), call("2", None), budgets=budgets),)))
    assert "1 of 2 calls" in note


def test_each_plan_is_judged_by_itself() -> None:
    facts = run(
        call("1", 60, under=("agent", "root")), call("2", 600, under=("root",)),
        budgets=(plan(BudgetScope.TRACE, 1000), plan(BudgetScope.SUBTREE, 10, "agent")),
    )  # fmt: skip
    assert fired(facts) == [(f"trace:{ONE} span:agent", "60", "50")]


def test_an_ideas_plan_covers_its_traces_and_no_others() -> None:
    first = run(call("1", 300), budgets=(plan(BudgetScope.IDEA, 100, idea="I"),), idea_ids=("I",))
    second = run(call("2", 250), trace=TWO, idea_ids=("I",))
    other = run(call("3", 9000), trace="c" * 32, idea_ids=("J",))
    assert fired(first, second, other) == [("idea:I", "550", "500")]
    (event,) = fire(Docket(runs=(first, second, other)))
    assert event.trace_ids == (ONE, TWO)


def test_a_run_on_several_ideas_gives_each_only_what_is_below_its_plan() -> None:
    facts = run(
        call("1", 60, under=("idea-i",)), call("2", 9000, under=("idea-j",)), idea_ids=("I", "J"),
        budgets=(plan(BudgetScope.IDEA, 100, "idea-i", "I"), plan(BudgetScope.IDEA, 5000, "idea-j", "J")),
    )  # fmt: skip
    assert fired(facts) == []


def test_the_policy_plans_where_nothing_is_stated() -> None:
    stated = run(call("1", 400), budgets=(plan(BudgetScope.TRACE, 100),))
    bare = run(call("2", 400), trace=TWO, strategy_ids=("carry",))
    assert fired(stated, bare, tokens_planned=10) == [(f"trace:{TWO}", "400", "50")]
    assert fired(bare, tokens_planned=10, strategy={"carry": {"tokens_planned": 1000}}) == []
    tighter = fired(bare, tokens_planned=100, token_overrun_factor="4")  # noqa: S106 - a factor, not a password
    assert tighter == [(f"trace:{TWO}", "400", "400")]
    assert notes(Docket(runs=(stated, bare))) == (
        f"token_overrun: unknown, 1 trace has neither a stated plan ({PLAN}) nor one in the policy",
    )


def test_a_plan_of_nothing_is_no_plan() -> None:
    assert fired(run(call("1", 400), budgets=(plan(BudgetScope.TRACE, 0),))) == []
