"""What holds for every importer of a foreign format: any input gives items or refusals, and text is no key."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats import json_rows
from afterbell.formats.envelopes import (
    claude_code,
    langfuse_csv,
    langfuse_export,
    litellm_logs,
    mlflow_traces,
    nofx_decisions,
    openai_agents,
    phoenix_spans,
    tradingagents_runs,
)
from afterbell.formats.items import Context
from afterbell.model.books import GatewayRow
from afterbell.model.trace import LogRecord, Refusal, Span

GOLDEN = Path(__file__).parents[1] / "golden"
SOURCES = {
    langfuse_export: ["langfuse_export.jsonl"],
    langfuse_csv: [],
    phoenix_spans: ["phoenix_spans.jsonl"],
    mlflow_traces: ["mlflow_traces.json"],
    litellm_logs: ["litellm_logs.jsonl"],
    tradingagents_runs: ["tradingagents_runs.json"],
    claude_code: ["claude_code.jsonl"],
    nofx_decisions: ["nofx_decisions.json"],
    openai_agents: ["openai_agents.jsonl"],
}
ENVELOPES = list(SOURCES)
NAMES = [(envelope, name) for envelope, names in SOURCES.items() for name in names]
KEYS = sorted({key for _envelope, name in NAMES for key in json_rows.keys((GOLDEN / name).read_bytes())})
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


def read(envelope, data):
    return list(envelope.read(BytesIO(data), Context(name="x")))


@pytest.mark.parametrize(("envelope", "name"), NAMES, ids=lambda value: value if isinstance(value, str) else "")
def test_found_by_content_alone(envelope, name):
    data = (GOLDEN / name).read_bytes()
    assert intake.envelope_of(data[:65536], "x") is envelope
    inside = json.dumps({"note": data.decode()}).encode()
    assert not envelope.recognise(inside, name)


@pytest.mark.parametrize(("envelope", "name"), NAMES, ids=lambda value: value if isinstance(value, str) else "")
def test_cut_anywhere_it_reads_or_refuses(envelope, name):
    data = (GOLDEN / name).read_bytes()
    whole = len(read(envelope, data))
    for part in range(1, 12):
        items = read(envelope, data[: len(data) * part // 12])
        assert any(isinstance(item, Refusal) and item.where and item.why for item in items) or len(items) <= whole


@settings(max_examples=40, deadline=None)
@given(_json, st.dictionaries(st.sampled_from(KEYS), _json, max_size=12))
def test_any_json_gives_items_or_refusals(value, inner):
    for data in (orjson.dumps(value, default=str), orjson.dumps([inner, inner]), orjson.dumps(inner)):
        for envelope in ENVELOPES:
            assert envelope.recognise(data, "") in (True, False)
            items = read(envelope, data)
            spans = [item for item in items if isinstance(item, Span)]
            logs = [item for item in items if isinstance(item, LogRecord)]
            for trace_id in {item.trace_id for item in (*spans, *logs)}:
                intake.trace_of(
                    trace_id,
                    [span for span in spans if span.trace_id == trace_id],
                    [log for log in logs if log.trace_id == trace_id],
                )


@given(st.binary(max_size=60))
def test_any_bytes(data):
    for envelope in ENVELOPES:
        assert envelope.recognise(data, "") in (True, False)
        assert all(isinstance(item, (Span, LogRecord, GatewayRow, Refusal)) for item in read(envelope, data))
