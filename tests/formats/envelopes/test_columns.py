"""Rows that come from Parquet: what a frame or a bulk export holds blank is not there, and a bad row costs itself only."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats.envelopes import langfuse_export, langsmith_bulk, langsmith_runs, phoenix_frame
from afterbell.formats.items import Context
from afterbell.formats.json_rows import Row
from afterbell.formats.langfuse_rows import items
from afterbell.model.trace import Refusal, Span

RUN = {"id": "0a000000-0000-4000-8000-000000000001", "run_type": "llm", "tenant_id": "w1", "name": "ask",
       "start_time": "2026-01-05 14:00:00.25", "end_time": None, "error": None, "inputs": None,
       "extra": '{"metadata": {"trading.idea.id": "I-1"}}'}  # fmt: skip
SPAN = {"name": "ask", "span_kind": "LLM", "start_time": "2026-01-05 14:00:00+00", "context.trace_id": "5b8aa5a2d2c872e8321cf37308d69df2",
        "context.span_id": "0000000000000001", "attributes.llm.token_count.prompt": 12.0, "attributes.tool.name": None}  # fmt: skip


def read(envelope, row):
    line = row if isinstance(row, bytes) else json.dumps(row).encode()
    return list(envelope.read(line, Context(position=3)))


def test_found_by_columns():
    assert intake.envelope_of(json.dumps(RUN).encode(), "x") is langsmith_bulk
    assert intake.envelope_of(json.dumps(SPAN).encode(), "x") is phoenix_frame
    sdk = {**RUN, "trace_id": RUN["id"]}
    del sdk["tenant_id"]
    assert intake.envelope_of(json.dumps(sdk).encode(), "x") is langsmith_runs
    assert intake.envelope_of(json.dumps([RUN]).encode(), "x") is not langsmith_bulk


def test_blank_columns_are_not_there():
    (run,) = read(langsmith_bulk, RUN)
    assert not {"langsmith.error", "langsmith.inputs", "langsmith.end_time"} & set(run.attributes)
    assert run.attributes["trading.idea.id"] == "I-1"
    assert (run.start_ns % 10**9, run.end_ns) == (250_000_000, 0)
    (span,) = read(phoenix_frame, SPAN)
    assert span.attributes == {"llm.token_count.prompt": 12, "openinference.span.kind": "LLM"}
    assert isinstance(span.attributes["llm.token_count.prompt"], int)


def test_the_index_of_a_frame_may_have_lost_its_name():
    row = {("__index_level_0__" if key == "context.span_id" else key): value for key, value in SPAN.items()}
    (span,) = read(phoenix_frame, row)
    assert span.span_id == "0000000000000001"


@pytest.mark.parametrize("envelope", [langsmith_bulk, phoenix_frame])
@pytest.mark.parametrize("line", [b'{"id": "a", "na', b"[1]", b'"a"', b"{}", b"[" * 100_000])
def test_a_bad_row_is_refused_with_its_number(envelope, line):
    (refusal,) = read(envelope, line)
    assert isinstance(refusal, Refusal)
    assert refusal.where == "row 3"
    assert not refusal.taken


def test_an_unknown_type_of_run_is_told_and_read():
    remark, span = read(langsmith_bulk, {**RUN, "run_type": "planner"})
    assert remark.taken
    assert isinstance(span, Span)


@given(st.binary(max_size=200))
def test_any_bytes(line):
    for envelope in (langsmith_bulk, phoenix_frame):
        envelope.recognise(line, "x")
        list(envelope.read(line, Context(position=1)))


@pytest.mark.parametrize(("total", "details", "kept"), [(0, {}, False), (0, {"total": 0}, True), (0.5, {}, True)])
def test_a_cost_that_was_not_computed_is_not_free(total, details, kept):
    row = {
        "id": "a1",
        "trace_id": "t1",
        "start_time": "2026-01-05 14:00:00",
        "total_cost": total,
        "cost_details": details,
    }
    (span,) = items(Row(where="row 1", value=row), langfuse_export.NAME, 1)
    assert ("langfuse.observation.total_cost" in span.attributes) is kept
