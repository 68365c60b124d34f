"""Results of TradingAgents' runs: reports of news in which the same article stands up to seven times."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afterbell.model.vocabulary import Answer
from real import Figure
from real._asking import ask_rows, at_least, share

_MANY = 5  # exact repeats from which the set's goal asks for a yes


def measure(folder: Path) -> Iterator[Figure]:
    """Yield yes on reports with many exact repeats, no on those with none."""
    many, few, none = [], [], []
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        report = json.loads((folder / row["file"]).read_text("utf-8")).get("full_result", {}).get("news_report")
        if not report or not row["news_articles"]:
            continue
        said = ask_rows(
            "dedup_failure",
            {"type": "tool", "name": "get_news", "arguments": {"ticker": row["ticker"]}, "result": report},
            {"type": "call", "model": "m", "messages": report, "output": "The coverage is broad."},
        ).answer
        if row["exact_duplicate_titles"] >= _MANY:
            many.append(said is Answer.YES)
        else:
            (few if row["exact_duplicate_titles"] else none).append(said is Answer.NO)
    yield at_least(
        "dedup_failure: yes on reports with five exact repeats or more", 1.0, sum(many), len(many), folder.name
    )
    yield Figure(set=folder.name, asked="dedup_failure: no on reports with one to four repeats", goal="reported",
                 found=share(sum(few), len(few)))  # fmt: skip
    yield at_least("dedup_failure: no on reports without repeats", 1.0, sum(none), len(none), folder.name)
