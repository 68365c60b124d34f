"""On spans that real clients wrote: what an attribute limit evicted is told, and whole traces are whole."""

import pytest

from afterbell.catalog.intake import trace_of
from afterbell.formats.envelopes import otlp_json
from afterbell.formats.items import Context
from afterbell.model.casefile import CaseFile
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import Answer
from afterbell.modes.m05_audit_amnesia import mode

pytestmark = pytest.mark.shared_data


@pytest.fixture
def said(shared_data):
    def ask(*names):
        lines = [line for name in names for line in (shared_data / "genuine_spans" / name).read_bytes().splitlines()]
        items = [item for line in lines for item in otlp_json.read(line, Context(position=1))]
        spans = [item for item in items if isinstance(item, Span)]
        logs = [item for item in items if isinstance(item, LogRecord)]
        return mode.detect(CaseFile(trace=trace_of(spans[0].trace_id, spans, logs)))

    return ask


def test_an_attribute_limit_is_told_with_its_count_and_its_span(said):
    found = said("openinference_dropped_attrs.jsonl")
    assert found.answer is Answer.YES
    assert found.figures["dropped_attributes"] == 55
    assert (found.evidence[0].field, found.evidence[0].excerpt) == ("dropped_attributes", "55")
    assert "system prompt" in found.reason


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        (("otel_genai_openai_span_only.jsonl",), Answer.NO),
        (("otel_genai_openai_event_only.jsonl", "otel_genai_openai_event_only.logs.jsonl"), Answer.NO),
        (("otel_genai_openai_event_only.jsonl",), Answer.YES),
        (("otel_genai_openai_no_content.jsonl",), Answer.YES),
        (("openinference_openai.jsonl",), Answer.NO),
    ],
)
def test_content_counts_wherever_it_was_kept(said, names, answer):
    assert said(*names).answer is answer
