"""Phoenix's spans: they say what the OTLP they were made of says, whether their attributes are flat or nested."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import phoenix_spans
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_ERROR, Refusal, Span

GOLDEN = Path(__file__).parents[1] / "golden"
ROWS = [json.loads(line) for line in (GOLDEN / "phoenix_spans.jsonl").read_text().splitlines()]


def read(data):
    return list(phoenix_spans.read(BytesIO(data), Context()))


def nested(attributes):
    """Attributes as an inner structure, the way Phoenix keeps them."""
    found = {}
    for key, value in attributes.items():
        here, *rest = found, *key.split(".")
        for step in rest[:-1]:
            here = here.setdefault(step, {})
        here[rest[-1]] = value
    return listed(found)


def listed(value):
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [listed(value[key]) for key in sorted(value, key=int)]
    return {key: listed(inner) for key, inner in value.items()}


def test_says_what_its_otlp_says():
    """But for what Phoenix drops: counts of dropped attributes (why a leg is gone) and links."""
    told = json.loads((GOLDEN / "phoenix_spans.expected.json").read_text())
    same = json.loads((GOLDEN / "openinference.expected.json").read_text())
    for call in (*told["calls"], *same["calls"]):
        del call["states"]
    assert [told[key] for key in ("calls", "tools", "documents")] == [
        same[key] for key in ("calls", "tools", "documents")
    ]


@pytest.mark.parametrize("page", [False, True])
def test_nested_attributes_are_the_same(page):
    gapless = [row for row in ROWS if not any(".3." in key for key in row["attributes"])]
    rows = [{**row, "attributes": nested(row["attributes"])} for row in gapless]
    flat = read("\n".join(map(json.dumps, gapless)).encode())
    found = read(json.dumps({"data": rows, "next_cursor": None} if page else rows, indent=1).encode())
    assert [(span.span_id, span.attributes) for span in found] == [(span.span_id, span.attributes) for span in flat]


def test_status_and_times():
    row = {**ROWS[0], "status_code": "ERROR", "status_message": "timeout", "end_time": None}
    (span,) = read(json.dumps(row).encode())
    assert (span.status_code, span.status_message, span.end_ns) == (STATUS_ERROR, "timeout", 0)


def test_a_row_without_ids_is_refused_and_the_rest_kept():
    lines = [json.dumps(ROWS[0]), json.dumps({**ROWS[0], "context": {}}), json.dumps(ROWS[1])]
    items = read("\n".join(lines).encode())
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 2"]
    assert sum(isinstance(item, Span) for item in items) == 2


def test_found_by_content():
    assert intake.envelope_of(json.dumps(ROWS, indent=1).encode()[:65536], "x") is phoenix_spans
