"""Company facts as filed with the SEC: what changed between filings, against labels derived by a stated rule."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from afterbell.formats.envelopes import companyfacts
from afterbell.formats.items import Context
from afterbell.model.books import CompanyFact
from afterbell.reading.company_accounts import changes
from real import Figure
from real._asking import share

_GOAL = 0.97
_TOLD = {
    "rounding_or_unit_precision": frozenset({"none", "rounding"}),
    "possible_split_adjustment": frozenset({"split"}),
    "restated_or_reclassified": frozenset({"restated"}),
}


def measure(folder: Path) -> Iterator[Figure]:
    """Yield how often each kind of change is told, and F1 of restatements against the rest."""
    right, total = Counter[str](), Counter[str]()
    cries = 0
    for path in sorted(folder.glob("*.restated.jsonl")):
        name = path.name.split(".")[0]
        items = companyfacts.read(BytesIO((folder / f"{name}.json").read_bytes()), Context(name=name))
        facts = {(item.concept, item.unit): item for item in items if isinstance(item, CompanyFact)}
        splits = changes.splits(tuple(facts.values()))
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            fact = facts[row["concept"], row["unit"]]
            reports = changes.by_period(fact)[row["start"] or "", row["end"]]
            said = changes.change(fact, reports[0], reports[-1], splits).value
            total[row["kind"]] += 1
            right[row["kind"]] += said in _TOLD[row["kind"]]
            cries += said == "restated" and row["kind"] != "restated_or_reclassified"
    hits = right["restated_or_reclassified"]
    misses = total["restated_or_reclassified"] - hits
    f1 = 2 * hits / (2 * hits + cries + misses) if hits else 0.0
    yield Figure(set=folder.name, asked="restatement_blindness: restatements told from rounding and splits",
                 goal=f"F1 of at least {_GOAL}", found=f"F1 {f1:.3f}", met=f1 >= _GOAL)  # fmt: skip
    for kind in _TOLD:
        yield Figure(set=folder.name, asked=f"restatement_blindness: changes labelled {kind}", goal="reported",
                     found=share(right[kind], total[kind]))  # fmt: skip
