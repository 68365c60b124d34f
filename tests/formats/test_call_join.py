"""One call however many spans describe it; roll-ups count only for what nothing below them counts."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.call_join import RUN_TOTAL, fill, join
from afterbell.model.calls import ROLLUP, LlmCall, MessageRef, Usage
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState

SAID = (MessageRef(sha256="0" * 64, sources=()),)


def call(name, start=0, end=100, *, model="gpt-5", tokens=None, **more):
    usage = more.pop("usage", Usage(input_tokens=tokens, output_tokens=0) if tokens is not None else Usage())
    return LlmCall(call_id=name, span_id=name, request_model=model, started_ns=start, ended_ns=end, usage=usage, **more)


def joined(calls, **parents):
    spans = {name: Span(trace_id="t", span_id=name, parent_span_id=up) for name, up in parents.items()}
    for each in calls:
        spans.setdefault(each.span_id, Span(trace_id="t", span_id=each.span_id))
    return join(calls, spans)


def counts(found):
    return [(each.span_id, each.duplicates, each.usage.total) for each in found]


def test_spans_of_one_response_id_are_one_call():
    found = joined(
        [
            call("a", tokens=10, response_id="msg_1"),
            call("b", 10, 90, tokens=10, response_id="msg_1"),
            call("c", 20, 80, tokens=10, response_id="msg_1"),
        ],
        b="a", c="b",
    )  # fmt: skip
    assert counts(found) == [("a", ("b", "c"), 10)]


def test_a_record_beside_its_span_holds_the_streamed_answer():
    ask = {"input": SAID, "states": {"input": ContentState.CAPTURED, "output": ContentState.NOT_CAPTURED}}
    told = {"input": SAID, "output": SAID, "tokens": 7, "states": {"output": ContentState.CAPTURED}}
    (found,) = joined([call("a", 0, 10, **ask), call("b", 40, 40, **told)], a="run", b="run")
    assert (found.span_id, found.duplicates, found.usage.total, found.output) == ("b", ("a",), 7, SAID)
    other = (MessageRef(sha256="1" * 64, sources=()),)
    for late in (
        call("b", 40, 50, **told),
        call("b", 40, 40, **{**told, "input": other}),
        call("b", 40, 40, model="m-2", **told),
    ):
        assert len(joined([call("a", 0, 10, **ask), late], a="run", b="run")) == 2
    assert (
        len(joined([call("a", 0, 10, **ask, error_type="Timeout"), call("b", 40, 40, **told)], a="run", b="run")) == 2
    )
    assert len(joined([call("a", 0, 10, **ask), call("b", 40, 40, **told)], a="run", b="other")) == 2
    twice = [call("a", 0, 10, **ask), call("b", 40, 40, **told), call("c", 50, 60, **ask), call("d", 70, 70, **told)]
    assert counts(joined(twice, **dict.fromkeys("abcd", "run"))) == [("b", ("a",), 7), ("d", ("c",), 7)]


def test_a_response_id_joins_spans_that_do_not_nest_but_meet():
    pair = [call("a", tokens=10, response_id="r"), call("b", 50, 120, tokens=10, response_id="r", model="")]
    assert counts(joined(pair)) == [("a", ("b",), 10)]


def test_servers_that_use_a_response_id_again_do_not_hide_calls():
    pair = [
        call("a", 0, 100, tokens=10, response_id="chatcmpl-1"),
        call("b", 200, 300, tokens=7, response_id="chatcmpl-1"),
    ]
    assert counts(joined(pair)) == [("a", (), 10), ("b", (), 7)]


def test_nested_spans_of_one_model_are_one_call_without_an_id():
    found = joined([call("outer"), call("inner", 10, 90, model="gpt-5-2025-08-07", tokens=12)], inner="outer")
    assert counts(found) == [("inner", ("outer",), 12)]


def test_nesting_over_a_span_that_is_no_call():
    found = joined([call("outer", output=SAID), call("inner", 10, 90, tokens=12)], inner="http", http="outer")
    assert counts(found) == [("outer", ("inner",), 12)]


def test_what_differs_stays_two_calls():
    others = (
        call("b", 10, 90, model="o3", tokens=1),
        call("b", 10, 190, tokens=1),
        call("b", 10, 90, tokens=1, response_id="r2"),
    )
    for other in others:
        outer = call("a", tokens=2, response_id="r1")
        assert len(joined([outer, other], b="a")) == 2


def test_a_span_over_several_calls_is_their_sum():
    outer = call("loop", 0, 500, tokens=30, output=SAID)
    steps = [call("a", 10, 90, tokens=10, response_id="r1"), call("b", 100, 200, tokens=20, response_id="r2")]
    assert counts(joined([outer, *steps], a="loop", b="loop")) == [("a", (), 10), ("b", (), 20)]
    silent = [msgspec.structs.replace(step, usage=Usage()) for step in steps]
    assert sum(each.usage.total or 0 for each in joined([outer, *silent], a="loop", b="loop")) == 30


def test_a_rollup_counts_only_where_nothing_below_reports():
    agent = call("agent", 0, 500, tokens=99, operation=ROLLUP)
    assert counts(joined([agent, call("a", 10, 90, tokens=10)], a="agent")) == [("a", (), 10)]
    (alone,) = joined([agent])
    assert (alone.usage.total, alone.operation) == (99, ROLLUP)
    workflow = call("workflow", 0, 600, tokens=99, operation=ROLLUP)
    assert counts(joined([workflow, agent], agent="workflow")) == [("agent", (), 99)]


def test_a_rollup_never_takes_a_call_for_itself():
    agent = call("agent", 0, 500, tokens=10, operation=ROLLUP, response_id="r")
    assert counts(joined([agent, call("a", 10, 90, tokens=10, response_id="r")], a="agent")) == [("a", (), 10)]


def node(name, total, start=0, **more):
    return call(name, start, start + 1, model="", usage=Usage(stated_total=total), operation=RUN_TOTAL, **more)


def test_a_stated_total_equal_to_its_parts_is_not_counted_again():
    root = call("root", 0, 9, usage=Usage(input_tokens=20, output_tokens=10), operation=RUN_TOTAL)
    found = joined([root, node("a", 12, 1), node("b", 18, 2)], a="root", b="root")
    assert counts(found) == [("a", (), 12), ("b", (), 18)]
    assert {each.operation for each in found} == {ROLLUP}


def test_what_the_parts_of_a_stated_total_leave_open_stays_with_the_run():
    root = call("root", 0, 9, usage=Usage(input_tokens=20, output_tokens=10), operation=RUN_TOTAL)
    found = joined([root, node("a", 12, 1)], a="root")
    assert counts(found) == [("root", (), 18), ("a", (), 12)]
    told = call("a", 1, 2, usage=Usage(input_tokens=8, output_tokens=4))
    rest = joined([root, told], a="root")[0]
    assert (rest.usage.input_tokens, rest.usage.output_tokens) == (12, 6)


def test_steps_that_overlap_give_way_to_the_stated_total():
    root = node("root", 30)
    assert counts(joined([root, node("a", 25, 1), node("b", 20, 2)], a="root", b="root")) == [("root", (), 30)]
    measured = [call("a", 1, 2, tokens=25), call("b", 3, 4, tokens=20)]
    assert sum(each.usage.total or 0 for each in joined([root, *measured], a="root", b="root")) == 45


def test_stated_totals_on_every_level():
    runs = [node("root", 30), node("mid", 25, 1), node("leaf", 20, 2)]
    found = joined(runs, mid="root", leaf="mid")
    assert sorted(counts(found)) == [("leaf", (), 20), ("mid", (), 5), ("root", (), 5)]


def test_one_thing_seen_on_many_levels_is_one_call():
    runs = [node("root", 30), node("mid", 30, 1), node("leaf", 30, 2, output=SAID)]
    assert counts(joined(runs, mid="root", leaf="mid")) == [("leaf", ("mid", "root"), 30)]
    chain = [node(f"n{number}", 7, number) for number in range(1500)]
    parents = {f"n{number}": f"n{number - 1}" for number in range(1, 1500)}
    assert sum(each.usage.total for each in joined(chain, **parents)) <= 14


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9), st.integers(1, 30))
def test_the_stated_total_of_a_run_is_what_its_steps_add_up_to(steps, total):
    runs, parents = [node("n0", total)], {}
    for number, (tokens, up) in enumerate(steps, 1):
        parents[f"n{number}"] = f"n{up % number}"
        if tokens:
            runs.append(node(f"n{number}", tokens, number))
    found = joined(runs, n0="", **parents)
    assert sum(each.usage.total for each in found) == total
    assert all(each.usage.total > 0 for each in found)


def test_a_failed_step_without_tokens_is_kept_beside_the_total():
    failed = call("a", 1, 2, error_type="APIError", operation=RUN_TOTAL)
    found = joined([node("root", 30), failed, node("b", 30, 3)], a="root", b="root")
    assert [(each.span_id, each.failed) for each in found] == [("a", True), ("b", False)]


def test_ids_in_a_circle_end():
    assert len(joined([call("a", tokens=1), call("b", 200, 300, tokens=1)], a="b", b="a")) == 2


def test_gaps_are_filled_from_the_other_span():
    first = call("a", states={"input": ContentState.EVICTED, "output": ContentState.NOT_CAPTURED})
    second = call("b", tokens=3, provider="openai", states={"input": ContentState.NOT_CAPTURED,
                                                            "output": ContentState.CAPTURED})  # fmt: skip
    found = fill(first, second)
    assert (found.span_id, found.provider, found.usage.total) == ("a", "openai", 3)
    assert found.states == {"input": ContentState.EVICTED, "output": ContentState.CAPTURED}
