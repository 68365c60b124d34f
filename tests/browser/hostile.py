"""The demo's traces with an attack at the end of every text, and a record whose every text is one."""

from __future__ import annotations

import json
import re
from itertools import cycle
from pathlib import Path
from typing import Any

import afterbell
from afterbell.steps.demo import __file__ as demo

ATTACKS = (
    "<script>window.harmed=1</script>",
    "\"><img src=x onerror='window.harmed=2'>",
    "'onfocus='window.harmed=3' autofocus tabindex='1",
    "</textarea></title></style><svg onload=window.harmed=4>",
    "javascript:window.harmed=5//",
    "\u202e\u2066gnirts\u2069 \u200b\u0007\u001b[2J",
    "{{ 7*7 }}{% raw %}${7*7}<!--",
    "</script><script src=//attack.example.org/a.js></script>",
    "W" * 300,
)
_KEPT = re.compile(r"^[0-9a-f]{8,}$|^\d+$|^\d{4}-\d\d-\d\dT|^[0-9.]+$|^$")
_STRUCTURE = frozenset(
    {"trace", "type", "id", "parent", "at", "until", "action", "side", "currency", "exchange", "mode", "stage", "finish", "role",
     "key", "kind", "code"}
)  # fmt: skip
_TELLING = re.compile(
    r"openinference\.span\.kind|gen_ai\.operation\.name|\.role$|\.side$|action$|decision\.id$|^trading\.order"
)


def traces(place: Path) -> list[Path]:
    """Write the demo's traces with attacks in them, and return the files."""
    place.mkdir(parents=True, exist_ok=True)
    attacks, made = cycle(ATTACKS), []
    for source in sorted((Path(demo).parent / "data").glob("*.jsonl")):
        lines = source.read_text("utf-8").splitlines()
        text = "\n".join(json.dumps(_armed(json.loads(line), attacks, ""), ensure_ascii=False) for line in lines)
        target = place / source.name
        target.write_text(text + "\n", "utf-8")
        made.append(target)
    return made


def record(house: Path) -> str:
    """File an incomplete record of attacks and return its id."""
    each = cycle(ATTACKS)
    filed = afterbell.append(
        afterbell.Postmortem(
            summary=f"Halted {next(each)} {next(each)}", root_cause="security",
            timeline=[
                {"at": "2026-01-05T14:02:00Z", "stage": "idea", "event": f"Idea {next(each)}", "trace_id": "5d1c0ffee0000000000000000000a001"}
                for _each in ATTACKS
            ],
            contributing_factors=[f"No check of {next(each)}" for _each in range(4)],
            prevention=f"An alert on {next(each)} {next(each)} {next(each)}",
            fix=f"The reader strips {next(each)} {next(each)}",
        ),
        house / "postmortems" / "log.jsonl",
    )  # fmt: skip
    afterbell.amend(
        filed.id, f"Also {next(each)} {next(each)} {next(each)}", house / "postmortems" / "amendments.jsonl"
    )
    return filed.id


def _armed(value: Any, attacks: Any, key: str) -> Any:
    if isinstance(value, dict):
        telling = _TELLING.search(str(value.get("key", "")))
        return {
            name: item if telling and name == "value" else _armed(item, attacks, name) for name, item in value.items()
        }
    if isinstance(value, list):
        return [_armed(item, attacks, key) for item in value]
    if not isinstance(value, str) or key in _STRUCTURE or _KEPT.match(value) or _TELLING.search(key):
        return value
    if value[:1] in "[{":
        try:
            return json.dumps(_armed(json.loads(value), attacks, key), ensure_ascii=False)
        except ValueError:
            pass
    return f"{value} {next(attacks)}"
