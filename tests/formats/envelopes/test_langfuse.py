"""Langfuse's exports and API answers: every layout and spelling reads alike, nothing is lost or counted twice."""

from __future__ import annotations

import csv
import io
import json
import re
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import langfuse_csv, langfuse_export
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_ERROR, LogRecord, Refusal, Span

GOLDEN = Path(__file__).parents[1] / "golden" / "langfuse_export.jsonl"
ROWS = [json.loads(line) for line in GOLDEN.read_text().splitlines()]


def camel(row):
    inner = {re.sub(r"_([a-z])", lambda hit: hit[1].upper(), key): value for key, value in row.items()}
    inner["model"] = inner.pop("providedModelName", None)
    return inner


def as_csv(rows):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in rows:
        cells = [row.get(key) for key in columns]
        table.writerow([json.dumps(cell) if isinstance(cell, (dict, list)) else cell for cell in cells])
    return text.getvalue().encode()


def read(data):
    envelope = intake.envelope_of(data[:65536], "x")
    return list(envelope.read(BytesIO(data), Context()))


def facts(items):
    """What the trace says, without where it stood."""
    assert not [item for item in items if isinstance(item, Refusal)]
    spans = [item for item in items if isinstance(item, Span)]
    trace = intake.trace_of(spans[0].trace_id, spans, [item for item in items if isinstance(item, LogRecord)])
    return (
        [(call.request_model, call.response_model, call.usage, call.cost, call.output) for call in trace.calls],
        trace.tools, trace.documents, trace.annotations,
    )  # fmt: skip


EXPECTED = facts(read(GOLDEN.read_bytes()))


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(ROWS).encode(),
        json.dumps(ROWS, indent=2).encode(),
        json.dumps({"data": [camel(row) for row in ROWS], "meta": {"page": 1}}).encode(),
        json.dumps({"trace": camel(ROWS[0]), "observations": [camel(row) for row in ROWS[1:7]],
                    "scores": [camel(row) for row in ROWS[7:]]}, indent=1).encode(),
        json.dumps({**camel(ROWS[0]), "observations": [camel(row) for row in ROWS[1:7]],
                    "scores": [camel(row) for row in ROWS[7:]]}).encode(),
    ],
    ids=["list", "list over lines", "API page", "trace with observations", "API trace"],
)  # fmt: skip
def test_every_layout_says_the_same(data):
    assert intake.envelope_of(data[:65536], "x") is langfuse_export
    assert facts(read(data)) == EXPECTED


def test_csv_says_the_same():
    data = as_csv(ROWS[1:7])
    assert intake.envelope_of(data[:65536], "x") is langfuse_csv
    calls, tools, documents, _notes = facts(read(data))
    assert calls == EXPECTED[0]
    assert (tools, documents) == EXPECTED[1:3]


def test_a_csv_row_that_is_cut_or_too_short_is_refused_with_its_number():
    whole = as_csv(ROWS[1:4])
    assert [item.where for item in read(whole + b"a9,only\n") if isinstance(item, Refusal)] == ["row 5"]
    cut = read(whole[:-30])
    assert sum(isinstance(item, Span) for item in cut) == 2
    assert [item.where for item in cut if isinstance(item, Refusal)] == ["row 4"]


def test_scores_stand_alone():
    (record,) = read(json.dumps([camel(ROWS[8])]).encode())
    trace = intake.trace_of(record.trace_id, [], [record])
    assert [(note.name, note.target, str(note.score)) for note in trace.annotations] == [
        ("review", record.trace_id, "0.5")
    ]


def test_ids_status_and_what_the_instrumentation_sent():
    spans = {span.span_id_raw: span for span in read(GOLDEN.read_bytes()) if isinstance(span, Span)}
    asked = spans["a000000000000002"]
    assert asked.parent_span_id == "a000000000000001"
    assert asked.resource == {"service.name": "desk"}
    assert (asked.scope_name, asked.attributes["gen_ai.request.model"]) == ("langfuse-sdk", "gpt-5")
    failed = spans["a000000000000006"]
    assert (failed.status_code, failed.status_message) == (STATUS_ERROR, "Error code: 429 - rate limit")


def test_usage_of_before_usage_details():
    old = {key: value for key, value in camel(ROWS[2]).items() if key != "usageDetails"}
    tokens, letters = (
        {**old, "usage": {"input": 5, "output": 2, "total": 7, "unit": unit}} for unit in ("TOKENS", "CHARACTERS")
    )
    assert facts(read(json.dumps([tokens]).encode()))[0][0][2].total == 7
    assert facts(read(json.dumps([letters]).encode()))[0][0][2].total is None


@pytest.mark.parametrize("row", [{"id": "x"}, {"id": "x", "traceId": "y", "name": "z"}, {"traceId": "y"}, 7])
def test_what_is_no_row_is_refused(row):
    (item,) = langfuse_export.read(BytesIO(json.dumps([row]).encode()), Context())
    assert isinstance(item, Refusal)
