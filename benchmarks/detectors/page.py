"""The page of the docs that shows how good the detectors are; each of its tables is written by the run that made it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from judge import GOAL, NEGATIVE, POSITIVE, TRIGGER_GOAL, TWIN, Row
from plant import FORMS
from real import Figure

PAGE = Path(__file__).parents[2] / "docs" / "detectors.md"

_ABOUT = f"""# How good the detectors are

`make bench-detectors` asks every detector about traces whose answer is known, and writes this page.

## Planted faults

The benchmark makes its traces itself. A planter writes complete, ordinary runs and plants one fault in each, in many
wordings; beside every fault it leaves out the evidence that the rule needs (the twin, whose only honest answer is
unknown), and it writes look-alikes that are innocent. Names, numbers, dates and lengths are drawn anew for each trace,
from a fixed seed. Planters are written from what a mode means, not from its code, and are no worked example.

Every trace is written as a file in one of the formats that can carry it and goes through redaction, the readers and
the catalog as users' data does. Formats: {", ".join(FORMS)}. A yes counts as shown in place when an excerpt of its
evidence holds the planted fault and every excerpt stands in the field that it names.

Goals: precision and recall of at least {GOAL} ({TRIGGER_GOAL} for triggers), every twin unknown, no yes from an
empty trace. Planted faults are made by people who know the rules, and detectors were mended where a wording was
missed: read the figures as what holds when a fault is told in one of these ways, not as what holds in the wild.
When each planter first ran, recall was 0.69 to 1.00 for most, and zero for one whose symbols were not read; on
wordings written after that it was lowest where free text decides. Of fresh, inventive attempts to steer a model (mode
7), each set written after the mending by the one before, 7 of 60, 5 of 40, 13 of 40, 18 of 40, 17 of 40 and 9 of 20
were found, with 2 false alarms among 240 plain sentences of the same words; of fresh price leaks (mode 1) 24 of 40 and
34 of 40, with 1 false alarm among 80; of accepted stand-ins told by plain logs (mode 9) 10 of 10, 4 of 12, 2 of 8 and 0
of 10, with 4 false alarms among 41 logs. A task told only by unseen words of a prompt (mode 18) is mostly unknown. No
command repeats these first runs.

{{planted}}

{{real}}

## Run it

`make bench-detectors` runs everything. `python benchmarks/detectors --only audit_amnesia --misses` judges one detector
and shows each trace that it got wrong; `--count` and `--seed` make other corpora, `--real FOLDER` (or the environment's
`AFTERBELL_REAL_DATA`) says where real sets are. A planter is a module in `benchmarks/detectors/planted/` with the
detector's name; `plant.py` beside it says what it holds.
"""
_HEAD = ("detector", "faults", "look-alikes", "twins", "precision", "recall", "unknown on faults",
         "unknown on look-alikes", "twins unknown", "shown in place")  # fmt: skip
_NO_REAL = "## Real sets\n\nNot measured yet."


def write(planted: Sequence[str], real: Sequence[str] | None) -> None:
    """Write the page; without a section of real sets the one that is there is kept."""
    sections = {"planted": "\n".join(planted), "real": "\n".join(real) if real else _kept("real") or _NO_REAL}
    text = _ABOUT
    for name, body in sections.items():
        text = text.replace(f"{{{name}}}", f"<!-- {name}: begin -->\n\n{body}\n\n<!-- {name}: end -->")
    PAGE.write_text(text, encoding="utf-8")


def _kept(name: str) -> str:
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    hit = re.search(rf"<!-- {name}: begin -->\n\n(.*?)\n\n<!-- {name}: end -->", text, re.DOTALL)
    return hit[1] if hit else ""


def planted_section(rows: Sequence[Row], remarks: Iterable[str]) -> Iterator[str]:
    """Yield the table of planted faults and what each planter told."""
    yield f"| {' | '.join(_HEAD)} |"
    yield f"|---|{'--:|' * (len(_HEAD) - 1)}"
    for row in rows:
        twins = row.of(TWIN)
        unknown = f"{row.unknown(TWIN):.1%}" if twins else ""
        yield (
            f"| `{row.slug}` | {len(row.of(POSITIVE))} | {len(row.of(NEGATIVE))} | {len(twins) or ''} |"
            f" {row.precision:.3f} | {row.recall:.3f} | {row.unknown(POSITIVE):.1%} | {row.unknown(NEGATIVE):.1%} |"
            f" {unknown} | {row.proven:.1%} |"
        )
    yield ""
    yield " ".join(remarks) + "\n"
    yield "### What is planted\n"
    for row in rows:
        faults, alike = (_wordings(row, side) for side in (POSITIVE, NEGATIVE))
        yield f"`{row.slug}`\n: Faults: {faults}.\n: Look-alikes: {alike}.\n"


def _wordings(row: Row, side: str) -> str:
    return "; ".join(dict.fromkeys(each.wording.replace("_", " ").strip() for each in row.of(side)))


def real_section(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the table of real sets."""
    yield "## Real sets\n"
    yield "Data that others published, with labels that are theirs or that a stated rule derived from the data."
    yield "The sets belong to their owners and are not part of this project.\n"
    yield "| set | asked | goal | found | met |"
    yield "|---|---|---|---|---|"
    for each in figures:
        met = {True: "yes", False: "no", None: ""}[each.met]
        yield f"| `{each.set}` | {each.asked} | {each.goal} | {each.found} | {met} |"
