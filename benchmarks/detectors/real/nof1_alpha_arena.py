"""Alpha Arena: prompts of live trading models, which hold prices and positions in every cycle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afterbell.model.vocabulary import Answer
from real import Figure
from real._asking import ask_rows, at_least


def measure(folder: Path) -> Iterator[Figure]:
    """Yield how many prompts are called a price leak: one call that researches and decides counts as research."""
    said = []
    for path in sorted(folder.glob("conversations.*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            call = {"type": "call", "model": row["model_id"], "messages": row["user_prompt"],
                    "output": json.dumps(row["llm_response"])}  # fmt: skip
            said.append(ask_rows("price_blind_leak", call).answer is Answer.YES)
    yield at_least("price_blind_leak: yes on every prompt", 1.0, sum(said), len(said), folder.name)
