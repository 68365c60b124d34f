"""On spans of real clients: a 429 that the client resent in silence is unknown, never no."""

import pytest

from afterbell.catalog.intake import trace_of
from afterbell.formats.envelopes import otlp_json
from afterbell.formats.items import Context
from afterbell.model.casefile import CaseFile
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Answer
from afterbell.modes.m08_rate_limit_degradation import mode

pytestmark = pytest.mark.shared_data


def _asked(folder, name):
    lines = (folder / name).read_bytes().splitlines()
    spans = [item for number, line in enumerate(lines, 1)
             for item in otlp_json.read(line, Context(name=name, position=number)) if isinstance(item, Span)]  # fmt: skip
    return mode.detect(CaseFile(trace=trace_of(spans[0].trace_id, spans, ())))


def test_a_hidden_retry_is_unknown(shared_data):
    said = _asked(shared_data / "genuine_spans", "retry_hidden_429.jsonl")
    assert said.answer is Answer.UNKNOWN
    assert "1 of 2 model calls" in said.missing[0]


def test_resends_that_are_counted_are_told(shared_data):
    assert _asked(shared_data / "genuine_spans", "otel_anthropic.jsonl").answer is Answer.NO


@pytest.mark.parametrize(
    "name", ["otel_genai_openai_span_only.jsonl", "openinference_openai.jsonl", "traceloop_openai.jsonl"]
)
def test_a_definite_429_is_seen(shared_data, name):
    said = _asked(shared_data / "genuine_spans", name)
    assert (said.answer, said.figures["throttles"]) == (Answer.UNKNOWN, 1)
    assert said.evidence
