"""Which snapshot answered when a calibrator was trained, told by other traces of the house."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from afterbell.disk.house import House
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.steps import ingest
from afterbell.steps.scan import scan_all, scan_trace
from afterbell.steps.store import Store

OLD, NEW = "model-a-2025-06-01", "model-a-2025-12-01"
FLAT = {"openinference.span.kind": "LLM", "llm.model_name": OLD, "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "hold"}  # fmt: skip


def call(trace: str, at: str, answered: str, **more: Any) -> dict[str, Any]:
    return {"type": "call", "trace": trace, "id": f"{trace}-c", "at": at, "until": at, "model": "model-a",
            "answered": answered, "messages": "Decide on SYNTHETIC_A.", "output": "hold", **more}  # fmt: skip


ASKED = (
    call("now", "2026-01-05T14:30:01Z", NEW),
    {"type": "decision", "trace": "now", "id": "d", "at": "2026-01-05T14:30:02Z", "until": "2026-01-05T14:30:03Z",
     "action": "hold", "calibrated_probability": 0.7, "trading.decision.calibrator.model": "model-a",
     "trading.decision.calibrator.trained_at": "2025-10-01T00:00:00Z"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("others", "answer"),
    [
        ([call("then", "2025-09-28T10:00:00Z", OLD)], Answer.YES),
        ([{"type": "span", "trace": "then", "id": "s", "name": "ask", "at": "2025-09-28T10:00:00Z",
           "until": "2025-09-28T10:00:09Z", **FLAT}], Answer.YES),
        ([call("then", "2025-09-28T10:00:00Z", OLD), call("last", "2025-09-30T10:00:00Z", NEW)], Answer.UNKNOWN),
        ([call("later", "2025-10-09T10:00:00Z", OLD)], Answer.UNKNOWN),
        ([call("then", "2025-09-28T10:00:00Z", "model-b-2025-01-01")], Answer.UNKNOWN),
    ],
)  # fmt: skip
def test_the_last_snapshot_before_training(tmp_path: Path, others: list[dict[str, Any]], answer: Answer) -> None:
    root, file = tmp_path / "house", tmp_path / "rows.jsonl"
    root.mkdir()
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in (*ASKED, *others)))
    list(ingest.ingest(House(root), [str(file)], jobs=1))
    asked = frozenset({"calibration_drift"})
    (one,) = scan_trace(Store(House(root)), trace_hex("now"), asked).answers
    assert one.suggestion.answer is answer
    every = {each.trace_id: each.answers[0] for shard in scan_all(House(root), asked, jobs=1) for each in shard}
    assert every[trace_hex("now")] == one
