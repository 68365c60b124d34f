"""Traces of TradingAgents with a target of tokens that their own tool states, some of them never finished."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from afterbell.catalog import shelves
from afterbell.model.docket import Docket
from afterbell.model.facts import run_facts
from afterbell.model.policy import Policy
from afterbell.model.vocabulary import Answer
from real import Figure
from real._asking import ask, at_least, read, replaced


def measure(folder: Path) -> Iterator[Figure]:
    """Yield overruns of five times the target, runaways of twice, and unfinished runs."""
    overruns, runaways, pending = [], [], []
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        (trace,) = read(folder / row["file"]).traces.values()
        policy = replaced(Policy(), tokens_planned=row["target_tokens"])
        fired = shelves.triggers()["token_overrun"].fire(Docket(runs=(run_facts(trace),), policy=policy))
        overruns.append(bool(fired) is row["over_5x"])
        runaways.append(ask("token_runaway", trace, policy).answer is (Answer.YES if row["over_2x"] else Answer.NO))
        if row["status"] == "pending":
            pending.append(ask("audit_amnesia", trace).answer is Answer.YES)
    for asked, right in (
        ("token_overrun: fires on the traces above five times their target, and on no other", overruns),
        ("token_runaway: yes on the traces above twice their target, no on the others", runaways),
        ("audit_amnesia: yes on runs that never finished", pending),
    ):
        yield at_least(asked, 1.0, sum(right), len(right), folder.name)
