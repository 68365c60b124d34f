"""Whose AI-Trader file it is, told from its path: `MARKET/AGENT/log/STEP/log.jsonl`, `MARKET/AGENT/position/...`.

The files carry no account and no market, and one agent's name runs in several markets, so the path is the only hint
there is. It is used for ids alone, never to decide what a file is.
"""

from __future__ import annotations

import re

STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[ T_]\d\d[:-]\d\d(?:[:-]\d\d)?)?", re.ASCII)


def account_of(name: str, folder: str) -> str:
    """Return "MARKET/AGENT" for a path with `folder` ("log" or "position") below the agent's; "" without it."""
    above = _above(name, folder)
    return "/".join(above[-2:])


def step_of(name: str) -> str:
    """Return the stamp of the step that the folder of a step log is named after, or ""."""
    parts = re.split(r"[/\\]", name)
    return parts[-2] if len(parts) > 1 and STAMP.fullmatch(parts[-2]) else ""


def _above(name: str, folder: str) -> list[str]:
    parts = [part for part in re.split(r"[/\\]", name) if part not in {"", ".", ".."}]
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == folder:
            return parts[max(place - 2, 0) : place]
    return []
