"""Logs, positions and prices of AI-Trader's agents, with labels by day, by step and by article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from afterbell.catalog import shelves
from afterbell.model.docket import Docket
from afterbell.model.run import Trace
from afterbell.model.vocabulary import Answer
from afterbell.triggers.drawdown import trigger
from real import Figure
from real._asking import ask, at_least, books_of, read

_ROUNDED = Decimal("0.0006")  # the labels' percentages have three places
_ONE, _FIVE = 1, 3  # percent: the limits for one and for five sessions
_DECAY_DAYS = 7  # the default decay window


def measure(folder: Path) -> Iterator[Figure]:
    """Yield agreement with the labels of sessions, steps and articles."""
    yield from _sessions(folder)
    steps = {row["file"]: row for row in _labels(folder, "labels_steps.jsonl")}
    ages: dict[str, list[bool]] = {}
    for row in _labels(folder, "labels_news_age.jsonl"):
        ages.setdefault(row["file"], []).append(not 0 <= row["age_days"] <= _DECAY_DAYS)
    silent, without_system, stale, fresh = [], [], [], []
    for name, row in steps.items():
        (trace,) = read(folder / name).traces.values()
        missing = _missing(trace)
        without_system.append("system prompt" in missing)
        if not row["has_model_output"]:
            silent.append("model output" in missing)
        if name in ages:
            told = ask("timestamp_error", trace).answer is Answer.YES
            (stale if any(ages[name]) else fresh).append(told)
    for asked, right in (
        ("audit_amnesia: a missing system prompt is named on every step", without_system),
        ("audit_amnesia: yes on steps without model output", silent),
        ("timestamp_error: yes on steps that read an article outside its window", stale),
        ("timestamp_error: no yes on steps whose labelled articles are inside", [not each for each in fresh]),
    ):  # fmt: skip
        yield at_least(asked, 1.0, sum(right), len(right), folder.name)


def _labels(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for line in (folder / name).read_text("utf-8").splitlines():
        yield json.loads(line)


def _missing(trace: Trace) -> set[str]:
    return {each["leg"] for each in ask("audit_amnesia", trace).figures.get("missing", ())}


def _sessions(folder: Path) -> Iterator[Figure]:
    paths = [path for path in sorted((folder / "data").rglob("*.jsonl")) if path.name != "log.jsonl"]
    docket = Docket(books=books_of(row for path in paths for row in read(path).books))
    labels = {(row["unit"], row["date"]): row for row in _labels(folder, "labels_daily_equity.jsonl")}
    judged = {(each.account.account_id, each.result.session_date.isoformat()): each for each in trigger.judge(docket)}
    agree = [
        key in judged and _same(judged[key].session_loss, row["ret_1d_pct"])
        and _same(judged[key].rolling_loss, row["ret_5d_pct"]) for key, row in labels.items()
    ]  # fmt: skip
    # The labels fire at the line, the trigger above it; and money that nothing explains decides nothing for it.
    at_line = {key for key, each in judged.items()
               if each.session_loss == _ONE or each.rolling_loss == _FIVE or each.doubtful}  # fmt: skip
    wanted = {f"account:{unit} session:{day}" for (unit, day), row in labels.items()
              if (row["trigger_1d"] or row["trigger_5d"]) and (unit, day) not in at_line}  # fmt: skip
    fired = {event.subject for event in shelves.triggers()["drawdown"].fire(docket)}
    for asked, hits, total in (
        ("drawdown: losses of one and of five sessions as labelled", sum(agree), len(agree)),
        ("drawdown: fires on the labelled days, and on no other", len(fired & wanted), len(fired | wanted)),
    ):
        yield at_least(asked, 1.0, hits, total, folder.name)


def _same(ours: Decimal | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(-ours - Decimal(str(theirs))) < _ROUNDED
