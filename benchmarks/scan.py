"""How long the twenty questions take over a store, beside ripgrep looking for the same text patterns in the same bytes.

    python benchmarks/scan.py [--size 1000] [--keep FILE]

Writes the traces of `ingest.py` (`--size` megabytes), ingests them, and then, one after the other: `rg --count -f`
with every pattern of the price language and of the instructions over the file, on one processor, and `afterbell scan
--all --json` over the store. Ripgrep has no look-around, so its patterns are ours without it: less work, never more.
The ratio is of processor seconds, so that it is per core whoever uses more of them; the goal is three. Where ripgrep
is not installed only our own time is printed. At last one shard is scanned question by question, which says where the
time goes.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from afterbell.catalog import scan as catalog
from afterbell.catalog import shelves
from afterbell.reading import instructions, price_language
from afterbell.steps import scan
from ingest import MEGABYTE, Ran, a_file_of_lines, run

GOAL_RATIO = 3.0
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_NEEDLESS = re.compile(r"\\(?=[\"'`/ !<>@:=%,;])")


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    with a_file_of_lines(__doc__) as (lines, scratch):
        house = [sys.executable, "-m", "afterbell", "--house", scratch]
        run([*house, "ingest", "--json", str(lines)])
        peer = ripgrep(lines, Path(scratch) / "patterns.txt")
        ours = run([*house, "scan", "--all", "--json"])
        traces = ours.output.count("\n")
        megabytes = lines.stat().st_size / MEGABYTE
        print(f"{megabytes:.0f} MB, {traces} traces; {len(os.sched_getaffinity(0))} processors")
        print(f"{'':14}{'seconds':>9}{'cpu s':>9}{'MB per cpu s':>14}")
        for name, ran in (("ripgrep", peer), ("scan", ours)):
            if ran:
                print(f"{name:14}{ran.seconds:9.1f}{ran.processor:9.1f}{megabytes / ran.processor:14.1f}")
        print(f"{traces / ours.seconds:.0f} traces a second, twenty questions each")
        by_question(Path(scratch))
    if peer is None:
        print("no ratio: ripgrep (rg) is not installed")
        return 0
    ratio = ours.processor / peer.processor
    print(f"ratio per core {ratio:.2f} (goal {GOAL_RATIO:.0f})")
    return int(ratio > GOAL_RATIO)


def ripgrep(lines: Path, patterns: Path) -> Ran | None:
    """Let ripgrep count the lines that any pattern hits; None where it is not installed."""
    if shutil.which("rg") is None:
        return None
    rules = [*price_language.RULES, *instructions.REQUESTS, *instructions.PHRASES]
    patterns.write_text("\n".join(plain(rule.pattern) for rule in rules) + "\n", encoding="utf-8")
    roomy = ["--dfa-size-limit", "1G", "--regex-size-limit", "1G"]
    command = [
        "rg",
        "--multiline",
        "--ignore-case",
        "--threads",
        "1",
        "--count",
        *roomy,
        "-f",
        str(patterns),
        str(lines),
    ]
    return run(command, fine=(0, 1))  # 1: no line is hit


def plain(pattern: str) -> str:
    """Return a pattern as ripgrep takes it: without look-around, needless escapes and line ends."""
    kept, at = [], 0
    while at < len(pattern):
        if pattern.startswith(_LOOKS, at):
            at = _closing(pattern, at)
        elif pattern[at] == "\\":
            kept.append(pattern[at : at + 2])
            at += 2
        else:
            kept.append(pattern[at])
            at += 1
    return _NEEDLESS.sub("", "".join(kept)).replace("\n", "\\n")


def _closing(pattern: str, at: int) -> int:
    """Return where the group that begins at `at` has ended."""
    depth, in_class = 0, False
    while at < len(pattern):
        sign = pattern[at]
        at += 2 if sign == "\\" else 1
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                break
    return at


def by_question(house: Path) -> None:
    """Scan one shard in this process and print the milliseconds a trace takes, by question."""
    work = scan.ShardWork(root=house, bucket=3)
    store, case_of, beside = scan._context(work.root)  # noqa: SLF001 - what a scan of a shard does, step by step
    spent: Counter[str] = Counter()
    count, before = 0, time.process_time()
    for trace in store.shard(work.bucket):
        case = beside.complete(case_of(trace))
        count += 1
        before = _spent(spent, "(reading the trace)", before)
        for mode in shelves.modes().values():
            catalog.ask(mode, case)
            before = _spent(spent, mode.slug, before)
    total = sum(spent.values())
    print(f"{1000 * total / max(count, 1):.1f} ms of processor time a trace:")
    for name, seconds in spent.most_common():
        print(f"  {name:36}{1000 * seconds / max(count, 1):8.2f} ms")


def _spent(spent: Counter[str], name: str, before: float) -> float:
    now = time.process_time()
    spent[name] += now - before  # type: ignore[assignment]
    return now


if __name__ == "__main__":
    sys.exit(main())
