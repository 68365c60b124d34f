"""Where reasoning tokens are reported, beside the worked examples of the mode."""

import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m18_thinking_token_tax import mode


def asked(*rows, **knobs):
    return mode.detect(CaseFile(trace=next(iter(traces(rows).values())), knobs={**mode.KNOBS, **knobs}))


def call(number, **more):
    return {"type": "call", "trace": "t", "id": f"c{number}", "model": "m", "messages": "Classify the headline.",
            "output": "macro", **more}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
        "gen_ai.usage.details.reasoning_tokens",
    ],
)
def test_every_spelling_is_cited_where_it_stands(name):
    said = asked(call(1, **{name: 512, "gen_ai.usage.output_tokens": 600}))
    assert said.answer is Answer.YES
    assert (said.evidence[0].field, said.evidence[0].excerpt) == (name, "512")


def test_a_thinking_budget_is_no_usage():
    said = asked(call(1, **{"anthropic.thinking.budget_tokens": 4096}, tokens={"input": 10, "output": 20}))
    assert said.answer is Answer.UNKNOWN


def test_the_figure_may_stand_on_the_inner_span_alone():
    outer = call(1, response_id="r", tokens={"input": 10, "output": 900})
    inner = call(2, response_id="r", parent="c1", tokens={"input": 10, "output": 900, "reasoning": 800})
    said = asked(outer, inner)
    assert (said.answer, said.figures["reasoning_tokens"]) == (Answer.YES, 800)


def test_the_knob():
    assert asked(call(1, tokens={"input": 1, "output": 90, "reasoning": 60}), min_tokens=50).answer is Answer.YES


def test_a_sum_of_calls_has_no_task():
    agent = {"type": "span", "trace": "t", "id": "a", "name": "agent", "kind": "agent",
             "llm.token_count.prompt": 10, "llm.token_count.completion": 900,
             "llm.token_count.completion_details.reasoning": 800}  # fmt: skip
    assert asked(agent).answer is Answer.UNKNOWN
