"""The OpenAI Agents SDK's traces: content where it was kept, and what a response span leaves out stays visible."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import openai_agents
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.vocabulary import ContentState

TEXT = (Path(__file__).parents[1] / "golden" / "openai_agents.jsonl").read_text()
ROWS = [json.loads(line) for line in TEXT.splitlines()]


def read(data):
    return list(openai_agents.read(BytesIO(data.encode()), Context()))


@pytest.mark.parametrize("data", [TEXT, json.dumps(ROWS, indent=1), json.dumps({"data": ROWS})])
def test_layouts(data):
    items = read(data)
    spans = [item for item in items if isinstance(item, Span)]
    trace = intake.trace_of(spans[0].trace_id, spans, [item for item in items if isinstance(item, LogRecord)])
    assert (len(spans), len(trace.logs)) == (5, 1)
    assert [call.usage.total for call in trace.calls] == [1599, 930, None]
    assert trace.calls[1].states["output"] is ContentState.NOT_CAPTURED
    assert trace.calls[2].http_status == 429


def test_what_is_no_span_is_refused_and_the_rest_kept():
    items = read('{"object": "trace.span", "id": "span_1"}\n7\n' + TEXT)
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 1", "line 2"]
    assert sum(isinstance(item, Span) for item in items) == 5
