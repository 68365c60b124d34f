"""Every detector on hostile input: what it answers, and whether twice the input takes twice the time.

    python benchmarks/hostile.py [--only slug] [--huge MEGABYTES] [--seed 20]

Texts of many shapes (prose, figures, tables, near-instructions, deep nesting, NUL, mixed scripts, base64, runs of one
character) stand in every place that a trace has for text at once: system prompt, question, tool arguments and results,
documents, outputs. Traces with very many calls, tools or documents come beside them, plain logs of very many lines,
and traces of random values. Each input grows until it takes a tenth of a second, and then doubles: a detector whose
time more than triples is not linear. At last every detector reads one document of `--huge` megabytes. An exception, or
a doubling that is not linear, ends the run with 1. Written to docs/hostile.md when all detectors were asked.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from _hostile import (
    CROWDS,
    LOGS,
    MEGABYTE,
    PLACES,
    RANDOM_TRACES,
    SHAPES,
    Row,
    filled,
    filled_document,
    random_traces,
)
from afterbell.catalog import cases, shelves
from afterbell.catalog.intake import trace_of
from afterbell.engines import local
from afterbell.formats.envelopes import text_log
from afterbell.formats.items import Context
from afterbell.model.case import Case
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import Answer
from afterbell.reading.needs import lacking

PAGE = Path(__file__).parents[1] / "docs" / "hostile.md"
LEAST_SECONDS = 0.1
MOST_FACTOR = 3.0
START, MOST = 8_000, MEGABYTE
MANY_START, MANY_MOST = 50, 12_800
LONGEST_ANSWER = 100_000  # characters
Given = tuple[Row, ...] | bytes


class Growth(NamedTuple):
    """How a detector's time grew when an input doubled, at the largest size asked; `factor` 0: it stayed tiny."""

    slug: str
    shape: str
    size: int
    seconds: float
    factor: float = 0.0
    fault: str = ""


def main() -> int:
    """Ask every detector and print what is not as it should be; 1 when something is not."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="one mode's slug")
    parser.add_argument("--huge", type=int, default=50, help="megabytes of the one huge document")
    parser.add_argument("--seed", type=int, default=20)
    chosen = parser.parse_args()
    modes = [mode for mode in shelves.modes().values() if chosen.only in {"", mode.slug}]
    work = [(mode.number, chosen.huge, chosen.seed) for mode in modes]
    rows, bad = [], 0
    print(f"{'mode':34}{'inputs':>7}{'doubling':>10}  {'of':22}{'MB/s':>9}  {'of':22}{'huge, s':>8}")
    for found in local.run(judge, work, local.processors()):
        rows.append(line := summary(found))
        print(line.text, flush=True)
        for each in found:
            if each.fault or each.factor > MOST_FACTOR:
                bad += 1
                print(f"    {each.shape} of {each.size:,}: {each.fault or f'{each.factor:.1f} times the time'}")
    print(f"{bad} faults" if bad else "no exception, and no detector is slower than linear")
    if not chosen.only:
        write(rows, chosen.huge)
    return int(bool(bad))


def judge(work: tuple[int, int, int]) -> list[Growth]:
    """Ask one detector of every input."""
    number, huge, seed = work
    mode = shelves.modes()[number]
    _asked(mode, "a first one", filled(SHAPES["figures"](START)), START)  # patterns are compiled on first use
    found = [
        _growth(mode, name, lambda size, made=made: filled(made(size)), START, MOST) for name, made in SHAPES.items()
    ]
    found += [_growth(mode, name, made, MANY_START, MANY_MOST) for name, made in (CROWDS | LOGS).items()]
    found += [
        _asked(mode, f"random trace {number}", rows, len(rows)) for number, rows in enumerate(random_traces(seed))
    ]
    found.append(_asked(mode, "an empty trace", (), 0))
    found.append(_asked(mode, f"a document of {huge} MB", filled_document(huge * MEGABYTE), huge * MEGABYTE))
    return found


def _growth(mode: shelves.Mode, shape: str, made: Callable[[int], Given], size: int, most: int) -> Growth:
    """Double an input until its time is long enough to judge, then once more."""
    before = _asked(mode, shape, made(size), size)
    while before.seconds < LEAST_SECONDS and size < most and not before.fault:
        size *= 2
        before = _asked(mode, shape, made(size), size)
    if before.fault or before.seconds < LEAST_SECONDS:
        return before
    after = _asked(mode, shape, made(2 * size), 2 * size)
    factor = after.seconds / before.seconds
    if factor > MOST_FACTOR:  # once more: other programs run here too
        before, after = _asked(mode, shape, made(size), size), _asked(mode, shape, made(2 * size), 2 * size)
        factor = min(factor, after.seconds / before.seconds)
    return after._replace(factor=factor)


def _asked(mode: shelves.Mode, shape: str, rows: Given, size: int) -> Growth:
    """Ask once. The detector itself is called, so that nothing catches what it raises."""
    case = case_of(rows, mode)
    start = time.process_time()
    try:
        forced = next(filter(None, (lacking(case, need) for need in mode.needs)), None)
        answer = forced or mode.detect(case)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return Growth(mode.slug, shape, size, 0.0, fault=f"{type(error).__name__}: {str(error)[:120]}")
    seconds = time.process_time() - start
    said = sum(len(each.excerpt) for each in answer.evidence) + len(answer.reason) + sum(map(len, answer.missing))
    if said > LONGEST_ANSWER:
        return Growth(mode.slug, shape, size, seconds, fault=f"an answer of {said:,} characters")
    if not rows and answer.answer is Answer.YES:
        return Growth(mode.slug, shape, size, seconds, fault="yes of an empty trace")
    return Growth(mode.slug, shape, size, seconds)


def case_of(rows: Given, mode: shelves.Mode) -> CaseFile:
    """Return what a mode sees of these rows, or of this plain log."""
    runs = log_read(rows) if isinstance(rows, bytes) else cases.traces(rows)
    case = cases.seen(Case(name="", answer=Answer.NO, teaches="", given=()), mode.slug, runs)
    return structs.replace(case, knobs=mode.knobs)


def log_read(log: bytes) -> dict[str, Trace]:
    """Return the run that a plain log tells of, by its id."""
    items = list(text_log.read(BytesIO(log), Context(name="run.log")))
    (span,) = (item for item in items if isinstance(item, Span))
    records = [item for item in items if isinstance(item, LogRecord)]
    return {span.trace_id: trace_of(span.trace_id, [span], records)}


class Line(NamedTuple):
    """A line of the table."""

    slug: str
    text: str
    cells: tuple[str, ...]


def summary(found: list[Growth]) -> Line:
    """Return a mode's line: its worst doubling and its slowest text in megabytes a second."""
    judged = [each for each in found if each.factor]
    worst = max(judged, key=lambda each: each.factor, default=found[0])
    texts = [each for each in found if each.shape in SHAPES and each.seconds > LEAST_SECONDS / 10]
    slow = min(texts, key=lambda each: each.size / each.seconds, default=None)
    huge = found[-1]
    speed = f"{PLACES * slow.size / MEGABYTE / slow.seconds:.1f}" if slow else "-"
    factor = f"{worst.factor:.2f}" if judged else "-"
    cells = (str(len(found)), factor, worst.shape if judged else "too fast to judge", speed, slow.shape if slow else "",
             f"{huge.seconds:.1f}")  # fmt: skip
    text = f"{huge.slug:34}{cells[0]:>7}{cells[1]:>10}  {cells[2]:22}{cells[3]:>9}  {cells[4]:22}{cells[5]:>8}"
    return Line(huge.slug, text, cells)


def write(lines: list[Line], huge: int) -> None:
    """Write the page."""
    table = "\n".join(f"| {line.slug} | {' | '.join(line.cells)} |" for line in lines)
    PAGE.write_text(
        f"""# Detectors on hostile input

Written by `make bench-hostile`. Every detector is asked of {len(SHAPES)} shapes of text in every place of a trace, of
traces with very many calls, tools, documents and orders, of plain logs of very many lines, of {RANDOM_TRACES} traces of
random values, of an empty trace, and of one document of {huge} MB. None may raise; none may take more than
{MOST_FACTOR:.0f} times as long for twice the input.

*Doubling* is the worst growth of time when an input doubled (2 is linear), *MB/s* the speed on the slowest shape,
*huge* the seconds for the document of {huge} MB.

| mode | inputs | doubling | of | MB/s | of | huge, s |
|---|--:|--:|---|--:|---|--:|
{table}
""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
