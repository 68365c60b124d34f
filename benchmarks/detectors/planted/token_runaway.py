"""Runs that spend too much or go round in circles, and busy runs that do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, UNTOLD, Plant, Row
from planted._busy_runs import INNOCENT_RUNS, begun, figure, finish, spend
from planted._days import Run, identifier, notes, turns, without

SLUG = "token_runaway"
Pair = tuple[Plant, Plant]
CAPS = (
    ("GraphRecursionError", "Recursion limit of {n} reached without hitting a stop condition.", "ecursion"),
    ("MaxTurnsExceeded", "Max turns ({n}) exceeded", "Max"),
    ("openai_agents.MaxTurnsExceeded", "Max turns ({n}) exceeded", "Max"),
    ("LlmCallsLimitExceededError", "Max number of llm calls limit of `{n}` exceeded", "imit"),
    ("AgentMaxStepsError", "Reached max steps.", "ax"),
    ("WorkflowRuntimeError", "Max iterations of {n} reached! Either something went wrong or you can increase them.",
     "Max iterations"),
    ("UsageLimitExceeded", "The next request would exceed the request_limit of {n}", "imit"),
    ("RuntimeError", "step limit reached: {n} of {n} steps used", "step limit"),
)  # fmt: skip
"""Class, message and what either shows of the cap."""
TOKEN_CAPS = (
    ("UsageLimitExceeded", "Exceeded the total_tokens_limit of {cap} (total_tokens={used})", "xceeded"),
    ("BudgetExceededError", "Budget has been exceeded! Current cost: 4.1, Max budget: 4.0", "xceeded"),
    ("TokenBudgetExceeded", "token budget of {cap} for this run is used up ({used} spent)", "udget"),
    ("RuntimeError", "aborted by guard: run used {used} tokens, budget is {cap}", "{cap}"),
)
ENDINGS = (
    ("Agent stopped due to iteration limit or time limit.", "iteration"),
    ("Agent stopped due to max iterations.", "iterations"),
    ("Sorry, need more steps to process this request.", "more steps"),
)
FAILURES = (
    ("TimeoutError", "upstream did not answer within 20 seconds"),
    ("ValueError", "unknown field 'segment_margin'"),
    ("KeyError", "'fiscal_period'"),
    ("HTTPStatusError", "Client error '404 Not Found' for url 'https://filings.example.org/latest'"),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs that overspend, hit a cap, or repeat themselves; the twins lack counters, plans, caps or content."""
    for make in turns(chance, (
        _over_plan, _over_plan_of_idea, _over_plan_of_agent, _over_cost, _hard_cap, _cap_named, _steps_used_up,
        _limit_error, _limit_told, _same_call, _same_call_fails, _same_document, _ping_pong,
        _document_by_tool, _group_chat, _limit_as_event, _over_policy,
    )):  # fmt: skip
        yield make(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that are busy, long or counted twice, and keep within what was planned."""
    for make in turns(chance, INNOCENT_RUNS):
        yield make(chance)


def _unplanned(chance: Random, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows without any plan or cap, or without any counter."""
    if chance.random() < 0.5:
        return without(rows, "call", "tokens", "gen_ai.usage.cost")
    plain = tuple(row for row in rows if row["type"] != "budget")
    return tuple({key: value for key, value in row.items() if not key.startswith("trading.budget.")} for row in plain)


def _pair(chance: Random, wording: str, rows: tuple[Row, ...], fault: str, twin: tuple[Row, ...] | None = None,
          trace: str = "") -> Pair:  # fmt: skip
    missing = _unplanned(chance, rows) if twin is None else twin
    return (
        Plant(wording=wording, rows=rows, answers=FAULTY, fault=fault, trace=trace),
        Plant(wording=wording, rows=missing, answers=UNTOLD, trace=trace),
    )


def _over_plan(chance: Random) -> Pair:
    run, symbol = begun(chance)
    plan = figure(chance)
    if chance.random() < 0.5:
        run.event("budget", run.root, tokens_planned=plan)
    else:
        run.root["trading.budget.tokens.planned"] = plan
    spend(run, symbol, round(plan * chance.uniform(2.02, 7)))
    return _pair(chance, "more than twice the plan of the run", run.told(), str(plan))


def _over_plan_of_idea(chance: Random) -> Pair:
    idea, plan = identifier(chance, "IDEA"), figure(chance)
    first, symbol = begun(chance, idea=idea)
    first.row("idea", idea=idea, **{"trading.budget.tokens.planned": plan})
    spend(first, symbol, round(plan * chance.uniform(1.1, 1.9)))
    second = Run(chance, first.at + timedelta(hours=chance.randint(1, 30)), symbol=symbol, idea=idea)
    second.task(symbol)
    spend(second, symbol, round(plan * chance.uniform(1.1, 1.9)))
    rows = (*first.told(), *second.told())
    asked = chance.choice((first.trace, second.trace))
    return _pair(chance, "two runs of one idea together", rows, str(plan), trace=asked)


def _over_plan_of_agent(chance: Random) -> Pair:
    run, symbol = begun(chance)
    whole, part = figure(chance, 80_000, 300_000), figure(chance, 4_000, 9_000)
    run.event("budget", run.root, tokens_planned=whole)
    run.call(notes(chance))
    agent = run.open("span", name="news analyst", kind="AGENT", agent="news analyst")
    run.event("budget", agent, tokens_planned=part)
    spend(run, symbol, round(part * chance.uniform(2.05, 4)), under=agent)
    run.shut(agent)
    finish(run, symbol)
    return _pair(chance, "one agent under a run that keeps its own plan", run.told(), str(part))


def _over_cost(chance: Random) -> Pair:
    run, symbol = begun(chance)
    plan = chance.randint(5, 400)
    planned = f"{plan / 100:.2f}"
    run.event("budget", run.root, cost_planned=planned)
    run.model = run.answered = "house-model-7b"
    run.browse(symbol, 2, 5)
    finish(run, symbol)
    calls = [row for row in run.rows if row["type"] == "call"]
    each = plan / 100 * chance.uniform(2.1, 5) / len(calls)
    for row in calls:
        row["gen_ai.usage.cost"] = round(each, 6)
    return _pair(chance, "more than twice the planned cost", run.told(), planned)


def _hard_cap(chance: Random) -> Pair:
    run, symbol = begun(chance)
    cap = figure(chance)
    if chance.random() < 0.5:
        run.event("budget", run.root, tokens_max=cap)
    else:
        run.event("budget", run.root, tokens_max=cap, tokens_planned=round(cap * chance.uniform(0.6, 0.95)))
    spend(run, symbol, cap + chance.choice((0, 0, chance.randint(1, 900))))
    return _pair(chance, "the hard cap on tokens is reached", run.told(), str(cap))


def _cap_named(chance: Random) -> Pair:
    run, symbol = begun(chance)
    cap = figure(chance)
    spend(run, symbol, cap - 800)
    kind, text, shown = chance.choice(TOKEN_CAPS)
    text = text.format(cap=cap, used=cap + chance.randint(1, 700))
    run.call(None, error={"type": kind, "message": text})
    rows = run.told()
    told = tuple({**row, "error": {"type": "error", "message": "[REDACTED]"}} if row.get("error") else row
                 for row in rows)  # fmt: skip
    return _pair(chance, "an error that names the token budget", rows, shown.format(cap=cap), told)


def _steps_used_up(chance: Random) -> Pair:
    run, symbol = begun(chance)
    steps = chance.randint(4, 15)
    run.event("budget", run.root, steps_max=steps)
    for number in range(1, steps):
        run.use("read_report", {"symbol": symbol, "page": number}, {"page": number, "text": notes(chance)})
    asked = {"id": f"call_{chance.getrandbits(48):012x}", "name": "read_report", "arguments": {"page": steps}}
    run.call({"content": "I still need the next page.", "tool_calls": [asked]}, finish="tool_calls")
    rows = run.told()
    twin = tuple(row for row in rows if row["type"] != "budget")
    return _pair(chance, "all steps used while it still asks for a tool", rows, str(steps), twin)


def _limit_error(chance: Random) -> Pair:
    run, symbol = begun(chance)
    kind, text, shown = chance.choice(CAPS)
    text = text.format(n=chance.choice((10, 15, 20, 25, 50)))
    agent = run.open("span", name="agent loop", kind="CHAIN")
    for number in range(chance.randint(4, 9)):
        run.use("search_news", {"query": f"{symbol} {number}"}, [{"title": notes(chance, 1)}], under=agent)
    run.shut(agent)
    failed = agent if chance.random() < 0.5 else run.root
    failed["error"] = {"type": kind, "message": text}
    rows = run.told()
    told = tuple({key: value for key, value in row.items() if key != "error"} for row in rows)
    return _pair(chance, "a recursion, turn or step limit as an error", rows, shown, told)


def _limit_told(chance: Random) -> Pair:
    run, symbol = begun(chance)
    for number in range(chance.randint(4, 9)):
        run.use("search_news", {"query": f"{symbol} {number}"}, [{"title": notes(chance, 1)}])
    ending, shown = chance.choice(ENDINGS)
    last = run.call(ending)
    rows = run.told()
    gone = tuple({key: value for key, value in row.items() if key != "output"} | {"dropped": 1} if row is last else row
                 for row in rows)  # fmt: skip
    return _pair(chance, "an iteration limit told in the output", rows, shown, gone)


def _within(run: Run) -> None:
    """State a plan that the run keeps by far, or none."""
    if run.chance.random() < 0.5:
        run.event("budget", run.root, tokens_planned=400_000)


def _shape_gone(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows without the content that shows a shape, and without a plan."""
    rows = tuple(row for row in rows if row["type"] != "budget")
    rows = without(without(rows, "call", "messages", "output"), "tool", "arguments", "result")
    rows = tuple({key: value for key, value in row.items() if not (key == "error" and row["type"] == "tool")}
                 for row in rows)  # fmt: skip
    return without(rows, "retrieval", "documents", "query")


def _same_call(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    run.browse(symbol)
    form, year = chance.choice(("10-K", "10-Q", "20-F", "annual report")), chance.randint(2019, 2025)
    result = {"form": form, "fiscal_year": year, "text": notes(chance)}
    wanted = [("symbol", symbol), ("form", form), ("fiscal_year", year), ("parts", ["business", {"deep": True}])]
    for _ in range(chance.randint(5, 11)):
        arguments: Any = dict(chance.sample(wanted, len(wanted)))
        run.use("get_filing", arguments, result)
        if chance.random() < 0.2:
            run.browse(symbol, 1, 1)
    finish(run, symbol)
    rows = run.told()
    return _pair(chance, "one tool call again and again", rows, symbol, _shape_gone(rows))


def _same_call_fails(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    run.browse(symbol)
    kind, text = chance.choice(FAILURES)
    failure = type(kind, (Exception,), {})(text)
    query = f"{symbol} segment margins"
    for _ in range(chance.randint(5, 9)):
        run.use("query_warehouse", {"query": query, "limit": 50}, failure)
    if chance.random() < 0.7:
        finish(run, symbol)
    rows = run.told()
    return _pair(chance, "one tool call that fails the same way", rows, query, _shape_gone(rows))


def _same_document(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    host = f"https://papers.example.org/{symbol.lower()}/{chance.randint(100, 999)}"
    document = {
        "id": f"doc-{chance.randint(100, 999)}",
        "url": host,
        "title": f"{symbol}: notes",
        "text": notes(chance),
    }
    asides = chance.sample(("outlook", "capacity", "margin", "customers", "debt", "plant", "people", "orders"), 8)
    for aside in asides[: chance.randint(5, 8)]:
        run.row("retrieval", name="search", query=f"{symbol} {aside}", documents=[document])
        run.history.append({"role": "user", "content": f"Found: {document['text']}"})
        run.call(f"On {aside} the document says little. {notes(chance, 1)}")
    finish(run, symbol)
    rows = run.told()
    return _pair(chance, "one document fetched for every question", rows, document["text"][:30], _shape_gone(rows))


def _ping_pong(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    one, other = chance.choice((
        ("Please ask the risk desk whether the limit may be raised.", "The trader has to state the size first."),
        ('{"action": "request_review"}', '{"action": "revise"}'),
        ("Bitte zuerst die Freigabe einholen.", "Freigabe erst nach Vorlage des Vermerks."),
        (f"I defer to the analyst on {symbol}.", f"I defer to the trader on {symbol}."),
    ))  # fmt: skip
    run.browse(symbol, 0, 2)
    for _ in range(chance.randint(5, 8)):
        run.call(one, agent="trader")
        run.call(other, agent="risk manager")
    rows = run.told()
    return _pair(chance, "two agents that hand the question back", rows, one, _shape_gone(rows))


def _document_by_tool(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    found = {
        "doc_id": f"{symbol}-10-K",
        "url": f"https://papers.example.org/{symbol.lower()}",
        "text": notes(chance, 6) * 2,
    }
    asked = chance.sample(("segments", "risks", "debt", "leases", "taxes", "people", "outlook", "orders", "plants"), 9)
    for topic in asked[: chance.randint(5, 9)]:
        run.use("read_filing", {"symbol": symbol, "topic": topic}, found)
    finish(run, symbol)
    rows = run.told()
    return _pair(
        chance, "a tool that answers every question with one document", rows, found["doc_id"], _shape_gone(rows)
    )


def _group_chat(chance: Random) -> Pair:
    run, symbol = begun(chance)
    _within(run)
    one, other = chance.choice((
        (f"Analyst: the note on {symbol} is ready for review.", "Reviewer: please add the sources."),
        ("I wait for the data team.", "We wait for the analyst."),
        ("TERMINATE?", "Not yet, continue."),
    ))  # fmt: skip
    for _ in range(chance.randint(4, 7)):
        run.history += [{"role": "assistant", "content": one}, {"role": "user", "content": other}]
    run.call(f"Closing the chat. {notes(chance, 1)}")
    rows = run.told()
    return _pair(chance, "two lines in turn within one conversation", rows, one, _shape_gone(rows))


def _limit_as_event(chance: Random) -> Pair:
    run, symbol = begun(chance)
    kind, text, shown = chance.choice(CAPS)
    agent = run.open("span", name="agent loop", kind="AGENT")
    for number in range(chance.randint(3, 7)):
        run.use("search_news", {"query": f"{symbol} {number}"}, [{"title": notes(chance, 1)}], under=agent)
    run.shut(agent)
    said = {"exception.type": kind, "exception.message": text.format(n=chance.randint(5, 60))}
    agent["events"] = [{"name": "exception", "at": agent["until"], **said}]
    rows = run.told()
    twin = tuple({key: value for key, value in row.items() if key != "events"} for row in rows)
    return _pair(chance, "a limit as an exception event of the loop's span", rows, shown, twin)


def _over_policy(chance: Random) -> Pair:
    run, symbol = begun(chance)
    plan = figure(chance)
    spend(run, symbol, round(plan * chance.uniform(2.1, 5)))
    rows = run.told()
    most = max((row["tokens"] for row in rows if "tokens" in row), key=lambda each: each["input"] + each["output"])
    fall, twin = _pair(chance, "more than twice the plan of the policy", rows, str(most["input"]),
                       without(rows, "call", "tokens"))  # fmt: skip
    policy = {"tokens_planned": plan}
    return structs.replace(fall, policy=policy), structs.replace(twin, policy=policy)
