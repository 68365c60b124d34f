"""A scan in the shape that other programs rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from afterbell.model.scan import ModeAnswer


def as_json(trace_id: str, answers: Iterable[ModeAnswer]) -> dict[str, Any]:
    """Return the scan of one trace as `{"trace_id", "answers": [...]}`."""
    return {
        "trace_id": trace_id,
        "answers": [
            {
                "number": row.number, "mode": row.mode, "answer": row.suggestion.answer.value,
                "reason": row.suggestion.reason, "missing": row.suggestion.missing,
                "figures": row.suggestion.figures, "evidence": row.suggestion.evidence,
            }
            for row in answers
        ],
    }  # fmt: skip
