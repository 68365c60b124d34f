"""How good the detectors are: on traces with planted faults and their look-alikes, and on real sets where present.

    python benchmarks/detectors [--only SLUG ...] [--count 200] [--seed 20] [--misses] [--real FOLDER]

Without --only the tables are written to docs/detectors.md too. Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import judge
import page
import real
from afterbell.engines.local import processors, run
from judge import NEGATIVE, POSITIVE, TWIN, Row, Work
from plant import FORMS
from real import Figure

_BESIDE = Path(__file__).parents[3] / "shared" / "data"

_HEAD = ("detector", "positives", "negatives", "precision", "recall", "unknown on positives", "unknown on negatives",
         "twins unknown", "evidence correct", "seconds")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print and return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks/detectors", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="SLUG", help="judge only these detectors; writes no page")
    parser.add_argument("--count", type=int, default=200, help="positives, twins and negatives of each (200)")
    parser.add_argument("--seed", type=int, default=20, help="the corpus (20)")
    parser.add_argument("--misses", action="store_true", help="show the plants that were answered wrongly")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="where real sets are (AFTERBELL_REAL_DATA)")
    asked = parser.parse_args(arguments)
    known = judge.slugs()
    wanted = asked.only or known
    if set(wanted) - set(known):
        parser.error(f"no planter for {', '.join(sorted(set(wanted) - set(known)))}; there are {', '.join(known)}")
    work = [Work(slug=slug, count=asked.count, seed=asked.seed) for slug in wanted]
    rows = list(run(judge.judge, work, min(processors(), len(work))))
    print("\n".join(_table(rows)))
    for row in rows:
        for remark in _remarks(row, misses=asked.misses):
            print(remark)
    loud = judge.empty()
    empty = f"An empty trace gets {'a yes from ' + ', '.join(loud) if loud else 'no yes from any mode'}."
    bare = [] if asked.only else [f"Without planted faults: {', '.join(judge.bare()) or 'none'}."]
    below = [*_crossed(rows), empty, *bare]
    print("\n".join(below))
    figures = () if asked.only else tuple(_real(asked.real))
    if not asked.only and not any(row.faults for row in rows):
        page.write(list(page.planted_section(rows, below)), list(page.real_section(figures)) if figures else None)
    return 1 if loud or not all(row.met for row in rows) else 0


def _real(named: Path | None) -> Iterator[Figure]:
    """Yield, and print, what the detectors do on real sets, where there are any."""
    folder = named or Path(os.environ.get("AFTERBELL_REAL_DATA", _BESIDE))
    if not folder.is_dir():
        print("real sets: none here, and the page keeps what it says of them (--real FOLDER)")
        return
    for name in real.absent(folder):
        print(f"{name}: not here")
    for figures in run(real.measure, list(real.sets(folder)), processors()):
        for each in figures:
            print(f"{each.set}: {each.asked}: {each.found} (goal: {each.goal}){' MISSED' if each.met is False else ''}")
            yield each


def cells(row: Row) -> tuple[str, ...]:
    """Return a row of the table as texts."""
    twins = f"{row.unknown(TWIN):.1%}" if row.of(TWIN) else "-"
    return (
        row.slug, str(len(row.of(POSITIVE))), str(len(row.of(NEGATIVE))), f"{row.precision:.3f}", f"{row.recall:.3f}",
        f"{row.unknown(POSITIVE):.1%}", f"{row.unknown(NEGATIVE):.1%}", twins, f"{row.proven:.1%}",
        f"{row.seconds:.1f}",
    )  # fmt: skip


def _table(rows: Sequence[Row]) -> Iterator[str]:
    lines = [_HEAD, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    for line in lines:
        first, *rest = zip(line, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)])


def _crossed(rows: Sequence[Row]) -> Iterator[str]:
    crossings = sum(row.crossings for row in rows)
    loud: Counter[str] = Counter()
    for row in rows:
        loud.update(row.crossed)
    if crossings:
        named = ", ".join(f"{slug} {count}" for slug, count in loud.most_common(5)) or "none"
        mean = loud.total() / crossings
        yield f"On {crossings} look-alikes all other modes were asked too: {mean:.2f} yes each, from {named};"
        yield "some are right, since a look-alike of one question may lack what another asks for."


def _remarks(row: Row, *, misses: bool) -> Iterator[str]:
    """Yield what a reader must know of one detector: faults of its planter, formats that are worse, misses."""
    for fault in row.faults:
        yield f"{row.slug}: FAULT OF THE CORPUS: {fault}"
    for form in FORMS:
        wrong, every = [each for each in row.misses if each.form == form], [e for e in row.asked if e.form == form]
        if wrong:
            yield f"{row.slug}, {form}: {len(wrong)} of {len(every)} wrong"
    by_wording = Counter((each.side, each.wording) for each in row.misses)
    every_wording = Counter((each.side, each.wording) for each in row.asked)
    for (side, wording), count in by_wording.most_common():
        yield f"  {side}, {wording}: {count} of {every_wording[side, wording]} wrong"
    for each in row.misses if misses else ():
        yield f"    {each.number} {each.side} {each.wording} ({each.form}): {each.answer.value}. {each.reason}"
        if each.proven is False:
            yield f"      fault {each.fault!r} not shown in {[text[:200] for text in each.shown]}"


if __name__ == "__main__":
    sys.exit(main())
