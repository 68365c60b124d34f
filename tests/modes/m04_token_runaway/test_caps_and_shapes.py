"""What counts as a cap on the loop and as going in circles, beside the worked examples of the mode."""

import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import Limits, Policy
from afterbell.model.vocabulary import Answer
from afterbell.modes.m04_token_runaway import mode
from afterbell.reading.loops.caps import named_cap
from afterbell.reading.loops.shapes import alternation, fetched_again, repeated_call

PLANNED = Policy(limits=Limits(tokens_planned=10**9))


def row(kind, number, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:30Z", **more}  # fmt: skip


def call(number, **more):
    return row("call", number, **{"model": "m", "messages": f"Ask {number}.", "output": f"Say {number}.",
                                  "tokens": {"input": 10, "output": 1}, **more})  # fmt: skip


def trace(*rows):
    return next(iter(traces(rows).values()))


def asked(*rows, policy=PLANNED):
    return mode.detect(CaseFile(trace=trace(*rows), policy=policy))


@pytest.mark.parametrize(
    "text",
    [
        "Recursion limit of 25 reached without hitting a stop condition.",
        "langgraph.errors.GraphRecursionError",
        "GraphRecursionError('Recursion limit of 100 reached without hitting a stop condition')",
        "agents.exceptions.MaxTurnsExceeded",
        "Max turns (10) exceeded",
        "pydantic_ai.exceptions.UsageLimitExceeded",
        "Exceeded the total_tokens_limit of 5000 (total_tokens=5120)",
        "Agent stopped due to iteration limit or time limit.",
        "Agent stopped due to max iterations.",
        "Max iterations of 20 reached! Either something went wrong",
        "Maximum number of turns 12 reached.",
        "Reached max steps.",
        "error_max_turns",
        "Token budget of 50000 tokens was exhausted",
        "Budget has been exceeded! Current cost: 12.1, Max budget: 10.0",
        "Max number of llm calls limit of `500` exceeded",
        "run terminated: token allowance of 50000 exhausted",
        "aborted by guard: run used 5100 tokens, budget is 5000",
        "too many tool calls: limit 30",
        "The agent ran out of steps (limit 12).",
        "loop guard tripped after 25 iterations",
        "The agent hit its maximum of 12 iterations",
        "Conversation terminated: max consecutive auto replies reached",
        "step_limit=30 reached",
        "CostLimitExceeded: $5.00",
        "Sorry, need more steps to process this request.",
    ],
)
def test_a_cap_by_its_framework_words(text):
    start, end = named_cap(text)
    assert text[start:end]


@pytest.mark.parametrize(
    "text",
    [
        "Rate limit reached for model-a on tokens per min (TPM): Limit 30000, Used 29000",
        "openai.RateLimitError",
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
        "maximum recursion depth exceeded while calling a Python object",
        "HTTPConnectionPool: Max retries exceeded with url: /v1",
        "You exceeded your current quota, please check your plan and billing details.",
        "Position limit exceeded: order would breach the risk limit",
        "Step 3 reached the limit price of the order",
        "Request timed out.",
        "max_retries=3 reached, giving up",
        "token rate limit exceeded, retry after 8 seconds",
        "credit limit exceeded",
        "Risk budget of the book is used up",
        "",
    ],
)
def test_what_is_no_cap_of_the_loop(text):
    assert named_cap(text) is None


def test_a_halt_reason_is_a_cap():
    decision = row("decision", 5, action="hold", halt_reason="max_steps")
    said = asked(call(1), decision)
    assert said.answer is Answer.YES
    assert said.evidence[0].excerpt == "max_steps"
    assert asked(call(1), {**decision, "halt_reason": "converged"}).answer is Answer.NO


def test_a_cap_on_steps_that_nobody_can_see_past():
    budget = {"trading.budget.steps.max": 2}
    silent = {key: value for key, value in call(2).items() if key != "output"}
    said = asked(row("run", 0, id="run", **budget), {**call(1), "parent": "run"}, {**silent, "parent": "run"})
    assert said.answer is Answer.UNKNOWN
    assert said.missing == ("the output of the last step allowed",)
    more = [{**call(number), "parent": "run"} for number in (1, 2, 3)]
    assert asked(row("run", 0, id="run", **budget), *more).answer is Answer.YES, "a third call is past the cap"


def test_a_cap_on_tokens_alone_that_was_not_reached_is_no():
    run = row("run", 0, **{"trading.budget.tokens.max": 1000})
    assert asked(run, call(1), policy=Policy()).answer is Answer.NO


def test_a_stated_plan_beats_the_policy():
    run = row("run", 0, **{"trading.budget.tokens.planned": 10000})
    said = asked(run, call(1), policy=Policy(limits=Limits(tokens_planned=1)))
    assert (said.answer, said.figures["plan"]) == (Answer.NO, "stated")


def test_a_budget_in_a_log_record_is_cited_there():
    said = asked(call(1), {"type": "budget", "trace": "t", "at": "2026-01-05T14:00:00Z", "tokens_planned": 5},
                 policy=Policy())  # fmt: skip
    assert said.answer is Answer.YES
    assert (said.evidence[0].field, said.evidence[0].excerpt) == (
        "log:trading.budget.trading.budget.tokens.planned", "5",
    )  # fmt: skip


def test_an_unrelated_idea_does_not_share_the_plan():
    mine = (row("run", 0, id="run"), {**call(1), "parent": "run"}, row("decision", 2, idea="a", action="hold"))
    other = {**row("idea", 3, idea="b", **{"trading.budget.tokens.planned": 1}), "trace": "k"}
    found = traces((*mine, other))
    first, *kin = found.values()
    assert mode.detect(CaseFile(trace=first, kin=tuple(kin))).answer is Answer.UNKNOWN


def tool(number, **more):
    return row(
        "tool", number, **{"name": "get", "call_id": f"c{number}", "arguments": {"a": 1}, "result": "[]", **more}
    )


def test_repeats_need_equal_results():
    same, blind = repeated_call(trace(*(tool(number) for number in range(5))))
    assert (same.times, blind) == (5, None)
    assert repeated_call(trace(*(tool(number, result=str(number)) for number in range(5))))[0].times == 1
    unkept = [{key: value for key, value in tool(number).items() if key != "result"} for number in range(5)]
    said = asked(call(9), *unkept)
    assert said.answer is Answer.UNKNOWN
    assert "results of get" in said.missing[0]


def test_one_call_under_two_tracers_is_one_call():
    rows = []
    for number in range(3):
        step = {key: value for key, value in tool(number).items() if key != "call_id"}
        rows += [{**step, "id": f"outer{number}"}, {**step, "id": f"inner{number}", "parent": f"outer{number}"}]
    assert repeated_call(trace(*rows))[0].times == 3


def test_the_same_error_again_is_a_repeat():
    error = {"type": "TimeoutError", "message": "timed out"}
    rows = [{key: value for key, value in tool(number, error=error).items() if key != "result"} for number in range(5)]
    assert asked(call(9), *rows).answer is Answer.YES


def test_repeated_history_is_not_a_repeated_call():
    ask = {"role": "assistant", "tool_calls": [{"id": "c1", "name": "get", "arguments": {"a": 1}}]}
    history = [{"role": "user", "content": "Go."}, ask, {"role": "tool", "tool_call_id": "c1", "content": "[]"}]
    rows = [call(number, messages=[*history, {"role": "user", "content": f"On {number}."}]) for number in range(1, 9)]
    assert asked(tool(0, call_id="c1"), *rows).answer is Answer.NO


def test_four_asks_with_one_answer_are_no_ping_pong():
    talk = [{"role": "user", "content": "Go."}]
    for number in range(4):
        talk += [
            {"role": "assistant", "tool_calls": [{"id": f"c{number}", "name": "get", "arguments": {"a": 1}}]},
            {"role": "tool", "tool_call_id": f"c{number}", "content": "[]"},
        ]
    assert asked(call(9, messages=talk), *(tool(number) for number in range(4))).answer is Answer.NO


def test_two_agents_that_hand_on_the_same_words():
    words = ("Please send the revised valuation first.", "I need the reviewer's figures before I revise it.")
    rows = [call(number, messages=words[number % 2], output=words[(number + 1) % 2]) for number in range(8)]
    turns = alternation(trace(*rows))
    assert turns.times == 4
    assert asked(*rows).answer is Answer.YES


def test_alternating_labels_of_unrelated_calls_are_no_ping_pong():
    rows = [call(number, messages=f"Classify headline {number}.", output=("positive", "negative")[number % 2])
            for number in range(12)]  # fmt: skip
    assert alternation(trace(*rows)) is None


def test_new_content_between_the_fetches_is_progress():
    def fetch(number, text):
        return row("retrieval", number, documents=[{"id": text[:8], "content": text}])

    again = [fetch(number, "The same filing.") for number in range(5)]
    assert fetched_again(trace(*again)).times == 5
    mixed = [fetch(0, "The same filing."), fetch(1, "The same filing."), fetch(2, "Something new."),
             fetch(3, "The same filing."), fetch(4, "The same filing.")]  # fmt: skip
    assert fetched_again(trace(*mixed)).times == 2


@pytest.mark.parametrize(
    "words", ["Agent stopped due to iteration limit.", "Sorry, need more steps to process this request."]
)
def test_last_words_in_the_output_tell_of_the_cap_in_any_format(words):
    rows = [row("span", 1, name="loop", kind="CHAIN"), call(2, output=words)]
    flat = {"openinference.span.kind": "LLM", "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": words}  # fmt: skip
    for told in (rows, [row("span", 3, name="ask", **flat)]):
        assert asked(*told).answer is Answer.YES


def test_a_story_about_a_stopped_agent_is_no_cap():
    story = "Engineers wrote: 'Agent stopped due to iteration limit or time limit.'"
    tool = row(
        "span", 2, name="news", **{"openinference.span.kind": "TOOL", "tool.name": "news", "output.value": story}
    )
    assert asked(call(1), tool).answer is Answer.NO


def test_a_plan_of_the_idea_covers_a_run_that_names_it_on_its_root_alone():
    def run(name, *rows):
        root = {"type": "run", "trace": name, "id": "run", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T15:00:00Z",
                "idea": "IDEA-1"}  # fmt: skip
        return [root, *({**each, "trace": name, "parent": "run"} for each in rows)]

    plan = row("idea", 1, idea="IDEA-1", **{"trading.budget.tokens.planned": 10})
    found = traces([*run("one", plan, call(2)), *run("two", call(3))])
    one, two = found.values()
    assert two.idea_ids == ("IDEA-1",)
    answer = mode.detect(CaseFile(trace=two, kin=(one,)))
    assert (answer.answer, answer.figures["used"]) == (Answer.YES, "22")
