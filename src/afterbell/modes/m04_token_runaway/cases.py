"""Worked examples of token runaway."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_FILING = "Item 7. Management's discussion: revenue rose 12 percent, margins were stable. " * 6


def _run(trace: str, **more: Any) -> Row:
    return {"type": "run", "trace": trace, "id": f"{trace}-run", "at": "2026-01-05T14:00:00Z",
            "until": "2026-01-05T14:30:00Z", **more}  # fmt: skip


def _call(trace: str, number: int, tokens: tuple[int, int] | None = (1000, 200), **more: Any) -> Row:
    counted = {} if tokens is None else {"tokens": {"input": tokens[0], "output": tokens[1]}}
    return {"type": "call", "trace": trace, "id": f"{trace}-c{number}", "parent": f"{trace}-run",
            "at": f"2026-01-05T14:{number:02d}:01Z", "until": f"2026-01-05T14:{number:02d}:09Z", "model": "model-a",
            "messages": f"Step {number}: research SYNTHETIC_A.", "output": f"Finding {number}.",
            **counted, **more}  # fmt: skip


def _tool(trace: str, number: int, arguments: Any, result: Any = None, **more: Any) -> Row:
    kept = {} if result is None else {"result": result}
    return {"type": "tool", "trace": trace, "id": f"{trace}-t{number}", "parent": f"{trace}-run",
            "at": f"2026-01-05T14:{number:02d}:20Z", "until": f"2026-01-05T14:{number:02d}:21Z", "name": "get_news",
            "call_id": f"{trace}-call-{number}", "arguments": arguments, **kept, **more}  # fmt: skip


def _plan(**plan: Any) -> dict[str, Any]:
    return {f"trading.budget.{key.replace('_', '.')}": value for key, value in plan.items()}


def _asking(number: int) -> dict[str, Any]:
    ask = {"id": f"ask-{number}", "name": "get_news", "arguments": {"page": number}}
    return {"output": {"role": "assistant", "content": "", "tool_calls": [ask]}, "finish": "tool_calls"}


def _talk(*said: str) -> list[Row]:
    roles = ("user", "assistant")
    return [{"role": roles[number % 2], "content": text} for number, text in enumerate(said)]


_ROUND = ("Please send the revised valuation.", "I need the reviewer's figures before I can revise it.")

CASES = (
    Case(
        name="more than twice the plan",
        answer=Answer.YES,
        teaches="Three calls use 3,600 tokens against 1,700 planned: 2.12 times.",
        given=(_run("t", **_plan(tokens_planned=1700)), *(_call("t", number) for number in range(1, 4))),
        excerpt="1700",
        figures={"used": "3600", "planned": "1700", "ratio": "2.12"},
    ),
    Case(
        name="the policy's plan",
        answer=Answer.YES,
        teaches="Where the trace states no plan, tokens_planned of the policy holds.",
        given=(_run("t"), _call("t", 1, (9000, 1001))),
        policy={"tokens_planned": 5000},
        excerpt="9000",
        figures={"plan": "policy"},
    ),
    Case(
        name="cost over plan",
        answer=Answer.YES,
        teaches="A plan in money is held against the calls' stated cost.",
        given=(
            _run("t", **_plan(cost_planned="0.10")),
            {**_call("t", 1), "gen_ai.usage.cost": 0.15},
            {**_call("t", 2), "gen_ai.usage.cost": 0.06},
        ),
        excerpt="0.15",
        figures={"unit": "cost", "used": "0.21"},
    ),
    Case(
        name="an idea's plan covers its traces",
        answer=Answer.YES,
        teaches="The plan stands on the idea in another trace; both traces together use 2.4 times as much.",
        given=(
            _run("t"),
            {"type": "decision", "trace": "t", "id": "d", "parent": "t-run", "idea": "idea-1", "action": "hold",
             "at": "2026-01-05T14:20:00Z", "until": "2026-01-05T14:20:01Z"},
            _call("t", 1),
            {"type": "idea", "trace": "k", "id": "i", "idea": "idea-1", "at": "2026-01-05T13:00:00Z",
             "until": "2026-01-05T13:30:00Z", **_plan(tokens_planned=1000)},
            {**_call("k", 2), "parent": "i"},
        ),
        figures={"scope": "idea", "used": "2400"},
    ),
    Case(
        name="an agent's own plan",
        answer=Answer.YES,
        teaches="A plan on an agent's span covers what runs below it, whatever the trace as a whole may use.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            {"type": "span", "trace": "t", "id": "agent", "parent": "t-run", "name": "news agent", "kind": "agent",
             "at": "2026-01-05T14:00:01Z", "until": "2026-01-05T14:10:00Z", **_plan(tokens_planned=500)},
            {**_call("t", 1), "parent": "agent"},
            _call("t", 2),
        ),
        excerpt="500",
        figures={"scope": "subtree", "used": "1200"},
    ),
    Case(
        name="hard cap on tokens reached",
        answer=Answer.YES,
        teaches="The cap was reached exactly; no plan is needed to see it.",
        given=(_run("t", **_plan(tokens_max=2400)), _call("t", 1), _call("t", 2)),
        excerpt="2400",
    ),
    Case(
        name="steps ran out",
        answer=Answer.YES,
        teaches="At the last step allowed the model still asked for a tool.",
        given=(
            _run("t", **_plan(steps_max=3, tokens_planned=10000)),
            *(_call("t", number, **_asking(number)) for number in range(1, 4)),
        ),
        excerpt="3",
    ),
    Case(
        name="an error names the cap",
        answer=Answer.YES,
        teaches="LangGraph's recursion limit ended the run.",
        given=(
            _run("t", error={"type": "langgraph.errors.GraphRecursionError",
                             "message": "Recursion limit of 25 reached without hitting a stop condition."}),
            _call("t", 1),
        ),
        excerpt="Recursion limit of 25 reached",
    ),
    Case(
        name="the same call five times",
        answer=Answer.YES,
        teaches="Same tool, same arguments (key order does not matter), same result: no progress.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            _call("t", 9),
            *(_tool("t", number, {"symbol": "SYNTHETIC_A", "page": 1}, "[]") for number in range(1, 5)),
            _tool("t", 5, {"page": 1, "symbol": "SYNTHETIC_A"}, "[]"),
        ),
        excerpt="SYNTHETIC_A",
    ),
    Case(
        name="one filing fetched again and again",
        answer=Answer.YES,
        teaches="Five searches in other words brought the same document and nothing else.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            _call("t", 9),
            *(
                {"type": "retrieval", "trace": "t", "id": f"r{number}", "parent": "t-run", "query": f"margins {number}",
                 "at": f"2026-01-05T14:0{number}:00Z", "until": f"2026-01-05T14:0{number}:01Z",
                 "documents": [{"id": "10-K", "url": "https://filings.example/10-k", "content": _FILING}]}
                for number in range(1, 6)
            ),
        ),
        excerpt="Item 7.",
    ),
    Case(
        name="two agents wait for each other",
        answer=Answer.YES,
        teaches="Two messages take turns for four rounds.",
        given=(_run("t", **_plan(tokens_planned=100000)), _call("t", 1, messages=_talk(*_ROUND * 4))),
        excerpt="revised valuation",
    ),
    Case(
        name="exactly twice the plan",
        answer=Answer.NO,
        teaches="2.0 times is not more than 2.0 times.",
        given=(_run("t", **_plan(tokens_planned=1200)), _call("t", 1), _call("t", 2)),
        figures={"ratio": "2.00"},
    ),
    Case(
        name="history and roll-up are not counted twice",
        answer=Answer.NO,
        teaches="The agent's span repeats the sum of its calls; each call counts once.",
        given=(
            _run("t", **_plan(tokens_planned=2400)),
            {"type": "span", "trace": "t", "id": "agent", "parent": "t-run", "name": "research agent", "kind": "agent",
             "at": "2026-01-05T14:00:01Z", "until": "2026-01-05T14:10:00Z",
             "llm.token_count.prompt": 3000, "llm.token_count.completion": 600},
            *({**_call("t", number), "parent": "agent"} for number in range(1, 4)),
        ),
        figures={"used": "3600", "ratio": "1.50"},
    ),
    Case(
        name="last step ended with an answer",
        answer=Answer.NO,
        teaches="The cap of three steps was used up, but the third step answered.",
        given=(
            _run("t", **_plan(steps_max=3, tokens_planned=10000)),
            _call("t", 1, **_asking(1)), _call("t", 2, **_asking(2)), _call("t", 3),
        ),
    ),
    Case(
        name="polling with new results",
        answer=Answer.NO,
        teaches="The same call with another result each time is a watch, not a loop; nor are four equal ones.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            _call("t", 15),
            *(_tool("t", number, {"symbol": "SYNTHETIC_A"}, f"bid {number}") for number in range(1, 9)),
            *(_tool("t", number, {"symbol": "SYNTHETIC_B"}, "no news") for number in range(9, 13)),
        ),
    ),
    Case(
        name="a rate limit is no cap of the loop",
        answer=Answer.NO,
        teaches="Throttling by the provider, retries and a full context window are other faults.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            _call("t", 1, None, error={"type": "openai.RateLimitError",
                                       "message": "Rate limit reached for model-a on tokens per min: Limit 30000"}),
            _call("t", 2, None, error={"type": "BadRequestError",
                                       "message": "This model's maximum context length is 8192 tokens."}),
            _call("t", 3),
        ),
    ),
    Case(
        name="three rounds of talk",
        answer=Answer.NO,
        teaches="Three equal rounds and then an answer are not yet a loop.",
        given=(
            _run("t", **_plan(tokens_planned=100000)),
            _call("t", 1, messages=_talk(*_ROUND * 3, "Here are the figures: 12 and 14.")),
        ),
    ),
    Case(
        name="no model call",
        answer=Answer.NA,
        teaches="Without a model call there are no tokens to run away.",
        given=(_run("t", **_plan(tokens_planned=100)), _tool("t", 1, {"symbol": "SYNTHETIC_A"}, "none")),
    ),
    Case(
        name="no plan anywhere",
        answer=Answer.UNKNOWN,
        teaches="Without a plan nobody can say that the spend was twice it.",
        given=(_run("t"), _call("t", 1)),
    ),
    Case(
        name="usage not reported",
        answer=Answer.UNKNOWN,
        teaches="One call reports nothing and the other is under the limit.",
        given=(_run("t", **_plan(tokens_planned=1000)), _call("t", 1), _call("t", 2, None)),
    ),
    Case(
        name="usage missing and already over",
        answer=Answer.YES,
        teaches="What is reported is over twice the plan; what is missing can only add to it.",
        given=(_run("t", **_plan(tokens_planned=500)), _call("t", 1), _call("t", 2, None)),
    ),
)  # fmt: skip
