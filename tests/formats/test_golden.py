"""Golden traces: sources made by hand from the documented shapes, and what must be read from them.

`AFTERBELL_REGOLD=1` writes the expectations anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
import os
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from afterbell.catalog import intake
from afterbell.disk import opening
from afterbell.formats.items import Context, Unit
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Refusal, Span

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))


def assembled(path: Path) -> Trace:
    with opening.open_stream(path) as stream:
        data = b"".join(opening.bytes_of(stream))
    envelope = intake.envelope_of(data[: intake.HEAD], path.name)
    if envelope.UNIT is Unit.LINE:
        lines = enumerate(data.splitlines(), 1)
        found = [item for number, line in lines for item in envelope.read(line, Context(position=number))]
    else:
        found = list(envelope.read(BytesIO(data), Context(name=path.name, last=True)))
    assert not [item for item in found if isinstance(item, Refusal) and not item.taken]
    spans = [item for item in found if isinstance(item, Span)]
    logs = [item for item in found if isinstance(item, LogRecord)]
    return intake.trace_of(spans[0].trace_id, spans, logs)


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
        **({"budgets": [lean(budget) for budget in trace.budgets]} if trace.budgets else {}),
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_golden(source):
    found = json.loads(json.dumps(shown(assembled(source))))
    path = GOLDEN / f"{source.name.partition('.')[0]}.expected.json"
    if os.environ.get("AFTERBELL_REGOLD"):
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    assert found == json.loads(path.read_text())
