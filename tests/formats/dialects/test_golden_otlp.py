"""Golden traces: OTLP lines made by hand from the documented shapes, and what must be read from them.

`AFTERBELL_REGOLD=1` writes the expectations anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest

from afterbell.formats.assembly import assemble
from afterbell.formats.dialects import genai, openinference
from afterbell.formats.envelopes import otlp_json
from afterbell.formats.items import Context
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Refusal, Span

GOLDEN = Path(__file__).parent.parent / "golden"
NAMES = sorted(path.name.removesuffix(".otlp.jsonl") for path in GOLDEN.glob("*.otlp.jsonl"))


def assembled(name: str) -> Trace:
    lines = (GOLDEN / f"{name}.otlp.jsonl").read_bytes().splitlines()
    found = [item for number, line in enumerate(lines, 1) for item in otlp_json.read(line, Context(position=number))]
    assert not [item for item in found if isinstance(item, Refusal)]
    spans = [item for item in found if isinstance(item, Span)]
    logs = [item for item in found if isinstance(item, LogRecord)]
    return assemble(spans[0].trace_id, spans, logs, (openinference, genai))


def shown(trace: Trace) -> dict[str, object]:
    """The derived values with references spelled out, empty fields left out."""

    def told(refs):
        return [
            f"{message.role} {part.kind} {part.name}({part.call_id}): {part.text} < {source.field}"
            for message, part, source in trace.parts(refs)
        ]

    def lean(value):
        plain = msgspec.to_builtins(value, builtin_types=())
        return {key: item for key, item in plain.items() if item not in ("", None, [], {}, 0, False)}

    calls = []
    for call in trace.calls:
        row = lean(call)
        row |= {leg: told(getattr(call, leg)) for leg in ("system", "input", "output") if getattr(call, leg)}
        row["usage"] = lean(call.usage)
        calls.append(row)
    return {
        "calls": calls,
        "tools": [lean(tool) for tool in trace.tools],
        "documents": [lean(document) for document in trace.documents],
        "annotations": [lean(note) for note in trace.annotations],
    }


@pytest.mark.parametrize("name", NAMES)
def test_golden(name):
    found = json.loads(json.dumps(shown(assembled(name))))
    path = GOLDEN / f"{name}.expected.json"
    if os.environ.get("AFTERBELL_REGOLD"):
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert found == json.loads(path.read_text())
