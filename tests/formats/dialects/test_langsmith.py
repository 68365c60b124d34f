"""What LangSmith runs mean: steps that stand for hidden calls, texts cut by an exporter, totals counted once."""

from __future__ import annotations

import json
import os
import re
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import langsmith_export, langsmith_runs
from afterbell.formats.items import Context
from afterbell.formats.messages import as_text
from afterbell.model.calls import PartKind
from afterbell.model.vocabulary import ContentState, UsageConvention

_ROOT = Path(__file__).resolve().parents[3]
SHARED = (
    Path(os.environ.get("AFTERBELL_SHARED_DATA", _ROOT.parent / "shared" / "data")) / "tradingagents_langsmith_traces"
)
GOLDEN = Path(__file__).parents[1] / "golden"
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


def assembled(data, envelope=langsmith_export):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    spans = list(envelope.read(BytesIO(data), Context()))
    return intake.trace_of(spans[0].trace_id, spans, [])


def node(name="step", **more):
    return {"id": name, "name": name, "run_type": "chain", "status": "success", "start_time": "2026-01-05T12:00:00",
            "end_time": "2026-01-05T12:00:01", **more}  # fmt: skip


def model(**more):
    return node("llm", **{"run_type": "llm", "trace_id": "t", **more})


def cut(text, length=900):
    return {"text_preview": text, "full_length": length, "type": "truncated_text"}


def at(trace, source):
    """The value that a source's path leads to."""
    name = next(key for key in trace.span(source.span_id).attributes if source.field.startswith(key))
    value = trace.span(source.span_id).attributes[name]
    for key, number in _STEP.findall(source.field[len(name) :]):
        value = json.loads(value) if isinstance(value, str) else value
        value = value[key] if key else value[int(number)]
    return value


def every_part(trace):
    for call in trace.calls:
        yield from trace.parts((*call.system, *call.input, *call.output))


def used(trace):
    return sum(call.usage.total or 0 for call in trace.calls)


def test_the_runs_total_is_counted_once_whatever_was_exported():
    root = node("root", total_tokens=100, prompt_tokens=80, completion_tokens=20)
    for children in ([], [60, 40], [60], [70, 70], [0, 0], [100]):
        runs = [node(f"n{number}", total_tokens=tokens) for number, tokens in enumerate(children)]
        assert used(assembled({"trace_data": {**root, "child_runs": runs}})) == 100


def test_a_step_without_tokens_is_no_call():
    trace = assembled({"trace_data": node(total_tokens=0, error="KeyError('x')", status="error")})
    assert trace.calls == ()


def test_a_step_that_failed_at_the_provider_is_a_failed_call():
    (call,) = assembled({"trace_data": node(error="openai.RateLimitError('Error code: 429')", status="error")}).calls
    assert (call.error_type, call.http_status, call.usage.total) == ("openai.RateLimitError", 429, None)


def test_a_cut_text_keeps_its_visible_part_and_says_so():
    trace = assembled({"trace_data": node(total_tokens=9, outputs_summary={"report": cut("The margin is")})})
    ((_message, part, source),) = trace.parts(trace.calls[0].output)
    assert (part.text, source.field) == ("The margin is", "langsmith.outputs_summary.report.text_preview")
    assert trace.calls[0].states["output"] is ContentState.TRUNCATED


def test_a_cut_list_keeps_its_sample_and_says_so():
    said = {"type": "ai", "content": cut("I would buy")}
    for count, state in ((1, ContentState.TRUNCATED), (4, ContentState.TRUNCATED)):
        messages = {"count": count, "type": "list", "sample": [said]}
        trace = assembled({"trace_data": node(total_tokens=9, outputs_summary={"messages": messages})})
        ((_message, part, source),) = trace.parts(trace.calls[0].output)
        assert (part.text, at(trace, source)) == ("I would buy", "I would buy")
        assert trace.calls[0].states["output"] is state


def test_what_a_step_hands_on_is_not_what_it_said():
    state = {"report": "Margins are stable.", "messages": [{"type": "human", "content": "Go on."}]}
    answer = {**state, "plan": "Hold.", "messages": [*state["messages"], {"type": "ai", "content": "Held."}]}
    trace = assembled({"trace_data": node(total_tokens=9, inputs=state, outputs=answer)})
    assert [part.text for _m, part, _s in trace.parts(trace.calls[0].output)] == ["Held.", "Hold."]


def test_an_output_that_holds_nothing_though_tokens_were_charged_is_lost():
    trace = assembled({"trace_data": node(total_tokens=9, inputs={"a": "b"}, outputs={})})
    assert trace.calls[0].states["output"] is ContentState.LOST


@pytest.mark.parametrize(("percent", "planned"), [(50.0, 4000), (5, 40_000), (0, None), (33.33, None), ("5", None)])
def test_the_plan_behind_an_exporters_comparison(percent, planned):
    analysis = {"token_analysis": {"target_comparison": {"total_tokens_vs_target": percent}}}
    budgets = assembled({"analysis": analysis, "trace_data": node(total_tokens=2000)}).budgets
    assert [budget.tokens_planned for budget in budgets] == ([planned] if planned else [])


def test_usage_in_anthropics_own_words_leaves_cached_input_out():
    usage = {
        "input_tokens": 42,
        "cache_read_input_tokens": 8192,
        "cache_creation_input_tokens": 2048,
        "output_tokens": 5,
    }
    (call,) = assembled([model(outputs={"usage": usage})], langsmith_runs).calls
    assert (call.usage.input_tokens, call.usage.convention) == (10_282, UsageConvention.EXCLUSIVE)


def test_counters_of_the_run_are_the_last_resort():
    (call,) = assembled([model(prompt_tokens=7, completion_tokens=3, total_tokens=10)], langsmith_runs).calls
    assert (call.usage.input_tokens, call.usage.output_tokens, call.usage.source.field) == (
        7,
        3,
        "langsmith.total_tokens",
    )


def test_a_prompt_that_is_stored_apart_is_a_reference():
    (call,) = assembled([model(inputs=None, inputs_s3_urls={"ROOT": {"key": "a/b"}})], langsmith_runs).calls
    assert call.states["input"] is ContentState.REF


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("KeyError('x')Traceback (most recent call last): ...", "KeyError"),
        ("langgraph.errors.GraphRecursionError: Recursion limit of 25 reached", "langgraph.errors.GraphRecursionError"),
        ("TimeoutError", "TimeoutError"),
        ("Error code: 429 - slow down", "_OTHER"),
        ("something broke", "_OTHER"),
    ],
)
def test_the_class_of_an_error(words, name):
    (call,) = assembled([model(error=words)], langsmith_runs).calls
    assert (call.error_type, call.error_message) == (name, words)


def test_a_redacted_prompt_is_redacted():
    (call,) = assembled([model(inputs="[REDACTED]", outputs={"output": "x"})], langsmith_runs).calls
    assert (call.input, call.states["input"]) == ((), ContentState.REDACTED)


@pytest.mark.parametrize("envelope", [langsmith_export, langsmith_runs])
def test_paths_lead_to_the_text(envelope):
    trace = assembled((GOLDEN / f"{envelope.__name__.rpartition('.')[2]}.json").read_bytes(), envelope)
    parts = list(every_part(trace))
    assert parts
    for _message, part, source in parts:
        assert as_text(at(trace, source)) == part.text


def test_the_words_of_a_traced_function_are_cited_where_they_stand():
    trace = assembled([model(inputs={"input": "Go on."}, outputs={"output": "Held."})], langsmith_runs)
    assert [(part.text, source.field) for _message, part, source in every_part(trace)] == [
        ("Go on.", "langsmith.inputs.input"),
        ("Held.", "langsmith.outputs.output"),
    ]


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not on this machine")
def test_real_exports():
    labels = [json.loads(line) for line in (SHARED / "labels.jsonl").read_text().splitlines()]
    for label in labels:
        data = (SHARED / label["file"]).read_bytes()
        assert intake.envelope_of(data[: intake.HEAD], label["file"]) is langsmith_export
        trace = assembled(data)
        assert used(trace) == label["total_tokens"]
        assert (used(trace) >= 5 * label["target_tokens"]) is label["over_5x"]
        assert all(budget.tokens_planned == label["target_tokens"] for budget in trace.budgets)
        assert len(trace.spans) == label["child_runs"] + 1
        (root,) = trace.completeness.roots
        assert (root in trace.completeness.unended) is (label["status"] == "pending")
        assert (trace.span(root).status_code == 2) is (label["status"] == "error")
        for _message, part, source in every_part(trace):
            if part.kind is PartKind.TEXT:
                assert as_text(at(trace, source)) == part.text
