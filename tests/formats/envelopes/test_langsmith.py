"""LangSmith's exports and batches as spans: nothing lost, nothing guessed, nothing raised."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats.envelopes import langsmith_export, langsmith_runs
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_ERROR, STATUS_OK, STATUS_UNSET, Refusal, Span

ROOT = "0a000000-0000-4000-8000-000000000001"
NOON = 1767614400 * 10**9  # 2026-01-05T12:00:00Z


def run(number=1, **more):
    return {"id": f"0a000000-0000-4000-8000-{number:012d}", "name": "step", "run_type": "chain", "status": "success",
            "start_time": "2026-01-05T12:00:00", "end_time": "2026-01-05T12:00:01.5", **more}  # fmt: skip


def export(**more):
    return {"metadata": {"trace_id": ROOT}, "analysis": {"trace_id": ROOT, "run_types": {}}, "trace_data": run(**more)}


def read(value, envelope=langsmith_export):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(envelope.read(BytesIO(data), Context()))


def test_found_by_content():
    assert intake.envelope_of(json.dumps(export()).encode(), "x") is langsmith_export
    long = {**export(), "analysis": {"trace_id": ROOT, "run_types": {}, "errors": ["x" * 90_000]}}
    assert intake.envelope_of(json.dumps(long).encode()[:65536], "x") is langsmith_export
    for rows in ({"post": [run(trace_id=ROOT)]}, [run(trace_id=ROOT)], run(trace_id=ROOT)):
        assert intake.envelope_of(json.dumps(rows, indent=1).encode(), "x") is langsmith_runs
    inside = json.dumps({"note": json.dumps(export()) + json.dumps(run(trace_id=ROOT))}).encode()
    assert not langsmith_export.recognise(inside, "x")
    assert not langsmith_runs.recognise(inside, "x")


def test_runs_become_spans_with_every_key_under_its_own_name():
    (span,) = read(export(inputs_summary={"a": [1]}, extra={"metadata": {"trading.idea.id": "I-1"}}, odd=None))
    assert (span.trace_id_raw, span.span_id_raw, span.name) == (ROOT, ROOT, "step")
    assert (span.start_ns, span.end_ns, span.status_code) == (NOON, NOON + 1_500_000_000, STATUS_OK)
    assert span.attributes["langsmith.run_type"] == "chain"
    assert span.attributes["langsmith.inputs_summary"] == '{"a":[1]}'
    assert span.attributes["langsmith.start_time"] == "2026-01-05T12:00:00"
    assert span.attributes["langsmith.odd"] is None
    assert span.attributes["trading.idea.id"] == "I-1"
    assert span.attributes["langsmith.export.metadata"] == json.dumps({"trace_id": ROOT}, separators=(",", ":"))


@pytest.mark.parametrize(
    "stamp", ["2026-01-05T12:00:00", "2026-01-05T12:00:00Z", "2026-01-05 13:00:00+01:00", NOON // 10**9, NOON // 10**6]
)
def test_times_without_a_zone_are_utc(stamp):
    (span,) = read(export(start_time=stamp))
    assert span.start_ns == NOON


@pytest.mark.parametrize("stamp", [None, "", "soon", True, {}, "9999-12-31T00:00:00", 1e300, float("nan")])
def test_a_time_that_is_none_is_zero(stamp):
    (span,) = read(export(start_time=stamp, end_time=stamp))
    assert (span.start_ns, span.end_ns) == (0, 0)


def test_a_pending_run_never_ended():
    (span,) = read(export(status="pending", end_time=None))
    assert (span.end_ns, span.status_code) == (0, STATUS_UNSET)


def test_an_error_is_the_spans():
    words = "GraphRecursionError('Recursion limit of 25 reached')Traceback (most recent call last): ..."
    (span,) = read(export(status="error", error=words))
    assert (span.status_code, span.status_message) == (STATUS_ERROR, words)


def test_runs_nest_to_any_depth_and_parents_come_first():
    tree = run(200)
    for number in range(199, 0, -1):
        tree = run(number, child_runs=[tree])
    spans = read({"trace_data": tree})
    assert len(spans) == 200
    assert [span.position for span in spans] == list(range(1, 201))
    assert all(inner.parent_span_id == outer.span_id for outer, inner in pairwise(spans))
    assert {span.trace_id for span in spans} == {spans[0].trace_id}


def test_children_without_an_id_are_told_apart():
    nameless = {"name": "x", "run_type": "chain"}
    spans = read(export(child_runs=[nameless, nameless, 7]))
    assert len({span.span_id for span in spans if isinstance(span, Span)}) == 3
    assert [item.why for item in spans if isinstance(item, Refusal)] == ["the run is not an object"]


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"trace_data": {"id": "a"', b"[]", b"7", b'{"trace_data": []}', b"[" * 9000]
)
def test_what_is_no_export_is_refused(data):
    (refusal,) = read(data)
    assert isinstance(refusal, Refusal)
    assert refusal.why


def test_a_patch_completes_its_run():
    post = run(1, trace_id=ROOT, end_time=None, outputs=None, error=None)
    patch = {"id": post["id"], "end_time": "2026-01-05T12:00:05", "outputs": {"output": "x"}, "name": None}
    (span,) = read({"post": [post], "patch": [patch]}, langsmith_runs)
    assert (span.name, span.end_ns - span.start_ns) == ("step", 5 * 10**9)
    assert span.attributes["langsmith.outputs"] == '{"output":"x"}'


def test_a_patch_alone_starts_where_its_order_says():
    order = f"20260105T120000000000Z{ROOT}.20260105T120001250000Z0b000000-0000-4000-8000-000000000002"
    rows = {"patch": [{"id": "0b000000-0000-4000-8000-000000000002", "trace_id": ROOT, "dotted_order": order}]}
    (span,) = read(rows, langsmith_runs)
    assert span.start_ns == NOON + 1_250_000_000


def test_lists_lines_and_nested_runs_read_alike():
    first, second = run(1, trace_id=ROOT), run(2, trace_id=ROOT, parent_run_id=ROOT)
    nested = run(1, trace_id=ROOT, child_runs=[run(2)])
    lines = json.dumps(first).encode() + b"\n\n" + json.dumps(second).encode() + b"\n"
    forms = [[first, second], {"runs": [first, second]}, lines, nested]
    told = [
        [(span.span_id, span.parent_span_id, span.trace_id) for span in read(form, langsmith_runs)] for form in forms
    ]
    assert all(each == told[0] for each in told)
    assert len(told[0]) == 2


def test_bad_rows_are_refused_with_their_place():
    items = read(json.dumps(run(1)).encode() + b'\n{"id": \n[1]\n', langsmith_runs)
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 2", "run 3"]
    assert sum(isinstance(item, Span) for item in items) == 1


_KEYS = ["id", "trace_id", "parent_run_id", "run_type", "name", "start_time", "end_time", "status", "error", "child_runs",
         "dotted_order", "extra", "metadata", "inputs", "outputs", "post", "patch", "trace_data", "total_tokens"]  # fmt: skip
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(max_size=6)
    | st.sampled_from(["llm", "tool"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(_json, st.dictionaries(st.sampled_from(_KEYS), _json, max_size=9))
def test_any_json_gives_spans_or_refusals(value, inner):
    for envelope, whole in ((langsmith_export, {"trace_data": inner}), (langsmith_runs, [value, inner])):
        data = orjson.dumps(whole)
        assert envelope.recognise(data, "") in (True, False)
        items = read(data, envelope)
        assert items
        spans = [item for item in items if isinstance(item, Span)]
        for trace_id in {span.trace_id for span in spans}:
            intake.trace_of(trace_id, [span for span in spans if span.trace_id == trace_id], [])


@given(st.binary(max_size=60))
def test_any_bytes(data):
    for envelope in (langsmith_export, langsmith_runs):
        assert envelope.recognise(data, "") in (True, False)
        assert all(isinstance(item, (Span, Refusal)) for item in read(data, envelope))
