"""Recommendations with a confidence of 1 to 10 and what became of them in seven days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afterbell.model.vocabulary import Answer
from real import Figure
from real._asking import ask_rows


def measure(folder: Path) -> Iterator[Figure]:
    """Yield whether reliability is called flat, and on how many pairs."""
    rows = json.loads((folder / "performance_database.json").read_text("utf-8"))["recommendations_by_date"]
    book = [
        {"forecast_id": f"{day}-{place}", "made_at": f"{day}T00:00:00Z", "symbol": each["ticker"], "model": "m",
         "probability": str(each["confidence"] / 10), "outcome": str(int(each["win_7d"])),
         "resolved_at": f"{day}T00:00:01Z"}
        for day, listed in rows.items() for place, each in enumerate(listed) if each.get("win_7d") is not None
    ]  # fmt: skip
    said = ask_rows(
        "calibration_drift",
        {"type": "call", "model": "m", "answered": "m", "messages": "How sure?", "output": '{"confidence": 0.9}'},
        {"type": "decision", "action": "buy", "confidence": 0.9},
        books={"forecasts": tuple(book)},
    )
    found = f"{said.answer.value} on {len(book)} pairs: {said.reason}"
    yield Figure(set=folder.name, asked="calibration_drift: reliability is flat, with the sample size", goal="yes",
                 found=found, met=said.answer is Answer.YES)  # fmt: skip
