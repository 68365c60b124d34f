"""What a sum over model calls hides, and what it does not."""

import pytest

from afterbell.catalog import intake
from afterbell.model.trace import Span
from afterbell.reading.legs.calls import behind, summed, unheld
from afterbell.reading.quantities.outputs import account

AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 30, "gen_ai.usage.output_tokens": 5}
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "model-a"}


def trace(*spans):
    return intake.trace_of("t", spans, ())


def span(name, up="", **attributes):
    return Span(trace_id="t", span_id=name, parent_span_id=up, start_ns=1, end_ns=9, attributes=attributes)


@pytest.mark.parametrize("agents", [1, 2])
def test_sums_alone_hide_what_was_written(agents):
    run = trace(*(span(f"a{number}", **AGENT) for number in range(agents)))
    names = tuple(f"the model calls behind the sum on span a{number}, one by one" for number in range(agents))
    assert behind(summed(run)) == names
    assert account(run).lost == names


def test_a_sum_over_calls_that_are_there_hides_nothing():
    assert summed(trace(span("a", **AGENT), span("b", "a", **CHAT))) == ()


def test_an_agents_run_without_any_call_hides_its_calls():
    told = {key: AGENT[key] for key in ("gen_ai.operation.name",)}
    assert unheld(trace(span("a", **told))) == ("the model calls of the agent's run on span a, one by one",)
    assert unheld(trace(span("a", **told), span("b", "a", **CHAT))) == ()
    assert unheld(trace(span("a", **AGENT))) == behind(summed(trace(span("a", **AGENT))))
    assert unheld(trace(span("a", **AGENT), span("b", "a", **CHAT))) == ()
    assert unheld(trace(span("a"))) == ()
