"""How a loop of calls is told: one that spends so many tokens, and busy ones that keep within what was planned."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from plant import INNOCENT, Plant, Row
from planted._days import Made, Run, identifier, moment, notes, stamp, ticker


def begun(chance: Random, **facts: Any) -> tuple[Run, str]:
    symbol = ticker(chance)
    run = Run(chance, moment(chance), symbol=symbol, mode=chance.choice(("paper", "live")), **facts)
    run.task(symbol)
    return run, symbol


def spend(run: Run, symbol: str, total: int, least: int = 3, most: int = 12, under: Made | None = None) -> None:
    """Spend so many tokens over several calls, input and output together."""
    calls = run.chance.randint(least, most)
    shares = [run.chance.uniform(0.5, 1.5) for _ in range(calls)]
    left = total
    for number, share in enumerate(shares, 1):
        part = left if number == calls else round(total * share / sum(shares))
        left -= part
        output = run.chance.randint(part // 20, part // 5)
        tokens = {"input": part - output, "output": output}
        if number < calls and run.chance.random() < 0.7:
            asked = {"symbol": symbol, "page": number}
            run.use("read_report", asked, {"page": number, "text": notes(run.chance)}, under=under, tokens=tokens)
        else:
            run.call(f"({number}) {notes(run.chance)}", under=under, tokens=tokens)


def finish(run: Run, symbol: str) -> None:
    run.call(f"{symbol}: {notes(run.chance)}")
    if run.chance.random() < 0.5:
        run.row("decision", decision=identifier(run.chance, "DEC"), action=run.chance.choice(("hold", "skip")),
                reason="nothing new")  # fmt: skip


def figure(chance: Random, least: int = 4_000, most: int = 90_000) -> int:
    return chance.choice((round(chance.randint(least, most), -3), chance.randint(least, most)))


def _plant(wording: str, run: Run, *more: Row, trace: str = "") -> Plant:
    return Plant(wording=wording, rows=(*run.told(), *more), answers=INNOCENT, trace=trace)


def _just_within(chance: Random) -> Plant:
    run, symbol = begun(chance)
    plan = figure(chance)
    run.event("budget", run.root, tokens_planned=plan)
    spend(run, symbol, chance.choice((plan * 2, round(plan * chance.uniform(1.3, 1.99)))))
    return _plant("up to exactly twice the plan", run)


def _counted_twice(chance: Random) -> Plant:
    run, symbol = begun(chance)
    plan = figure(chance)
    run.event("budget", run.root, tokens_planned=plan)
    agent = run.open("span", name="invoke_agent analyst", kind="AGENT")
    spend(run, symbol, round(plan * chance.uniform(1.2, 1.9)), most=6, under=agent)
    run.shut(agent)
    calls = [row for row in run.rows if row["type"] == "call"]
    total = {f"gen_ai.usage.{part}_tokens": sum(row["tokens"][part] for row in calls) for part in ("input", "output")}
    agent.update({"gen_ai.operation.name": "invoke_agent", **total})
    for row in calls:
        run.rows.insert(run.rows.index(row) + 1, {**row, "id": f"{row['id']}-sdk", "parent": row["id"]})
    return _plant("spans of one call told twice, and rolled up", run)


def _cached(chance: Random) -> Plant:
    run, symbol = begun(chance)
    plan = figure(chance, 20_000, 60_000)
    run.event("budget", run.root, tokens_planned=plan)
    spend(run, symbol, round(plan * chance.uniform(1.6, 1.95)))
    for row in run.rows:
        if row["type"] == "call":
            tokens = row["tokens"]
            row["tokens"] = {**tokens, "cache_read": tokens["input"] * 9 // 10, "reasoning": tokens["output"] // 2}
    return _plant("cached and reasoning tokens lie inside the sums", run)


def _ends_in_time(chance: Random) -> Plant:
    run, symbol = begun(chance)
    steps = chance.randint(4, 12)
    run.event("budget", run.root, steps_max=steps, tokens_planned=500_000)
    for number in range(1, steps):
        run.use("read_report", {"symbol": symbol, "page": number}, {"page": number, "text": notes(chance)})
    run.call(f"Done: {notes(chance)}")
    return _plant("the last allowed step gives the answer", run)


def _polling(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    order = identifier(chance, "CO")
    filled = 0
    for number in range(chance.randint(6, 10)):
        filled += chance.randint(1, 40)
        run.use("order_status", {"client_order_id": order}, {"status": "working", "filled": filled, "poll": number})
    finish(run, symbol)
    return _plant("the same question whose answer changes", run)


def _many_names(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    for number in range(chance.randint(7, 12)):
        run.use("get_profile", {"symbol": f"{symbol}{number}"}, {"status": "no coverage"})
    finish(run, symbol)
    return _plant("one tool, many arguments, one result", run)


def _four_times(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    for _ in range(4):
        run.use("get_filing", {"symbol": symbol, "form": "10-K"}, {"text": "The filing service is being updated."})
    run.browse(symbol, 1, 4)
    finish(run, symbol)
    return _plant("one tool call four times", run)


def _three_rounds(chance: Random) -> Plant:
    run, _symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    for _ in range(3):
        run.call("The size is too large for the book.", agent="risk manager")
        run.call("Please look at it again.", agent="trader")
    run.call(f"Agreed: half of the size. {notes(chance, 1)}", agent="risk manager")
    for number in range(1, chance.randint(4, 7)):
        run.call(f"Point {number}: {notes(chance, 1)}", agent="trader")
        run.call(f"To point {number}: noted.", agent="risk manager")
    return _plant("three rounds and then an agreement", run)


def _throttled(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    run.browse(symbol, 1, 3)
    kind, text = chance.choice((
        ("RateLimitError", "Error code: 429 - Rate limit reached: Limit 30000 tokens per minute, used 29500."),
        ("BadRequestError", "This model's maximum context length is 128000 tokens, however you requested 140211."),
        ("APIStatusError", "Number of concurrent requests exceeded the limit of 10 for this project."),
    ))  # fmt: skip
    run.call(None, error={"type": kind, "message": text})
    finish(run, symbol)
    return _plant("a limit of the provider, and a good retry", run)


def _told_of_limits(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    text = chance.choice((
        "The project exceeded its budget by a factor of 2.6 and the step limit set by the board was reached.",
        "Engineers wrote: 'Agent stopped due to iteration limit or time limit.' The vendor raised the recursion limit.",
        "Token budget exceeded, said the panel on software costs; the maximum number of turns was cut to ten.",
    ))  # fmt: skip
    run.use("search_news", {"query": symbol}, [{"title": f"{symbol}: overruns", "text": text}])
    finish(run, symbol)
    return _plant("limits and budgets in the news", run)


def _no_model(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=chance.randint(10, 90))
    for _ in range(chance.randint(5, 8)):
        run.row("tool", name="heartbeat", arguments={"symbol": symbol}, result="ok")
    return _plant("no model is called", run)


def _plan_of_both(chance: Random) -> Plant:
    idea, plan = identifier(chance, "IDEA"), figure(chance, 30_000)
    first, symbol = begun(chance, idea=idea)
    first.row("idea", idea=idea, **{"trading.budget.tokens.planned": plan})
    spend(first, symbol, round(plan * chance.uniform(0.2, 0.95)))
    other = Run(chance, first.at + timedelta(hours=2), symbol=symbol, idea=identifier(chance, "IDEA"))
    other.task(symbol)
    spend(other, symbol, plan * 3)
    return _plant("another idea's run spent a lot", first, *other.told(), trace=first.trace)


def _paged_document(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    for number in range(1, chance.randint(6, 9)):
        page = {"id": f"10-K#{number}", "title": f"{symbol} 10-K, part {number}", "retrieved_at": stamp(run.at),
                "text": f"Part {number}. {notes(chance)}"}  # fmt: skip
        run.row("retrieval", name="search", query=f"{symbol} 10-K", documents=[page])
        run.history.append({"role": "user", "content": page["text"]})
        run.call(f"Read part {number}. {notes(chance, 1)}")
    finish(run, symbol)
    return _plant("one filing read part by part", run)


def _fresh_each_time(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000)
    known = {"id": "doc-1", "title": f"{symbol} 10-K", "text": notes(chance)}
    for number in range(chance.randint(5, 8)):
        new = {"id": f"news-{number}", "title": f"{symbol}, item {number}", "text": f"Item {number}. {notes(chance)}"}
        run.row("retrieval", name="search", query=f"{symbol} {number}", documents=[known, new])
        run.call(f"Item {number} adds something. {notes(chance, 1)}")
    finish(run, symbol)
    return _plant("one document comes along with new ones", run)


def _fails_then_works(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000, steps_max=40)
    for _ in range(chance.randint(2, 4)):
        run.use("query_warehouse", {"query": symbol}, TimeoutError("upstream did not answer within 20 seconds"))
    run.use("query_warehouse", {"query": symbol}, {"rows": 12})
    finish(run, symbol)
    return _plant("a tool that fails a few times and then answers", run)


def _settings(chance: Random) -> Plant:
    run, symbol = begun(chance)
    run.event("budget", run.root, tokens_planned=300_000, tokens_max=600_000)
    agent = run.open("span", name="agent loop", kind="AGENT", **{"agent.max_turns": 10, "agent.recursion_limit": 25})
    run.browse(symbol, 2, 5, under=agent)
    run.call(f"Finished well before the maximum of ten turns. {notes(chance)}", under=agent)
    run.shut(agent)
    return _plant("limits that are set and not reached", run)


INNOCENT_RUNS = (
    _just_within, _counted_twice, _cached, _ends_in_time, _polling, _many_names, _four_times, _three_rounds,
    _throttled, _told_of_limits, _no_model, _plan_of_both, _paged_document, _fresh_each_time, _fails_then_works,
    _settings,
)  # fmt: skip
