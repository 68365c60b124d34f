"""How fast the log is: one more record, and the whole of it verified, each against what no program could avoid.

    python benchmarks/log.py [--quick] [--strict]

Both sides of every ratio are measured in the same run, on the same disk, turn by turn, so a busy machine slows both.

append   against the floor of one durable new file: write under another name, fsync, link, unlink, fsync the directory.
         Each append comes from a new `Journal`, as each command does; the log has 0, 1,000 and 10,000 sealed records.
verify   against parsing (orjson) and hashing (leaf hash) the same lines, read from the same files.

A log is built in its files, without being appended to: that is not what is measured. The goals: append at 10,000
records at most twice the floor, verify at most one and a half times parsing and hashing. What is missed is said; with
--strict the run then ends with 1.
"""

from __future__ import annotations

import argparse
import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from afterbell.disk.journal import Journal
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import lines, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.entry import Entry, EntryType
from afterbell.log.verdict import Ruling

ORIGIN = "bench.example/log"
APPEND_GOAL, VERIFY_GOAL = 2.0, 1.5
_SIZES = (0, 1_000, 10_000)
_HEADS = 20
_MODES = 20


def body(number: int) -> dict[str, object]:
    """Return a body of the usual size: twenty answers, nine rows, four factors."""
    trace = f"{number:032x}"
    rows = [
        {
            "at": f"2026-01-05T14:{row:02d}:00Z",
            "event": f"order {number} placed, step {row}",
            "stage": "execution",
            "trace_id": trace,
        }
        for row in range(9)
    ]
    return {
        "answers": [
            {"answer": "no", "mode": f"mode_{mode}", "note": "", "number": mode, "suggested": "no"}
            for mode in range(_MODES)
        ],
        "contributing_factors": [
            {"modes": [f"mode_{each}"], "text": f"No ceiling on step {each} of loop {number}"} for each in range(4)
        ],
        "prevention": "An alert fires when a position outlives its thesis by one minute.",
        "references": [{"kind": "trace", "value": trace}, {"kind": "commit", "value": trace[:12]}],
        "root_cause": "operational",
        "summary": f"Position {number} in SYNTHETIC_A was not closed at 15:47 UTC; realised loss 1.4 percent.",
        "timeline": rows,
    }


def made(number: int, after: Head = EMPTY_HEAD) -> Entry:
    return Entry(
        type=EntryType.POSTMORTEM,
        id=entries.uuid7(1_767_600_000_000 + number, secrets.token_bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=after,
        salt=secrets.token_hex(16),
        body=body(number),
    )


def built(directory: Path, count: int, make: Callable[[int], Entry] = made) -> Journal:
    """Write the files of a log of so many sealed records under twenty heads; `make` gives the entry of a number."""
    for name in ("log", "heads", "pending"):
        (directory / name).mkdir(parents=True)
    frontier, told = tree.Frontier(), b""
    for start in range(0, count, lines.LINES_PER_SEGMENT):
        batch = []
        for number in range(start, min(start + lines.LINES_PER_SEGMENT, count)):
            batch.append(entries.encode(make(number)))
            frontier.push(tree.leaf_hash(batch[-1]))
            if not frontier.size % max(1, count // _HEADS) or frontier.size == count:
                head = Head(size=frontier.size, root=frontier.root().hex())
                told = checkpoints.encode(Checkpoint(origin=ORIGIN, head=head))
                (directory / "heads" / f"{frontier.size}.ckpt").write_bytes(told)
        data = b"".join(line + b"\n" for line in batch)
        (directory / "log" / lines.segment_name(start // lines.LINES_PER_SEGMENT)).write_bytes(data)
    if told:
        (directory / "checkpoint").write_bytes(told)
    os.sync()
    return Journal(directory)


def durable(directory: Path, data: bytes) -> None:
    """Make one new file that survives a power cut, and nothing else."""
    temporary, path = directory / f".tmp-{secrets.token_hex(8)}", directory / secrets.token_hex(16)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    os.link(temporary, path)
    temporary.unlink()
    descriptor = os.open(directory, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def appends(home: Path, count: int, rounds: int) -> tuple[float, float]:
    """Return the medians of the floor and of an append, in seconds."""
    directory, floor = home / f"append-{count}", home / f"floor-{count}"
    floor.mkdir()
    log = built(directory, count)
    Journal(directory).append(made(count, log.head()))  # the first after a seal learns where the ids stand
    low, high = [], []
    for number in range(count + 1, count + 1 + rounds):
        told = made(number, log.head())
        data = entries.encode(told) + b"\n"
        low.append(timed(lambda data=data: durable(floor, data)))  # type: ignore[misc]
        high.append(timed(lambda told=told: Journal(directory).append(told)))  # type: ignore[misc]
    return statistics.median(low), statistics.median(high)


def parsed_and_hashed(directory: Path) -> int:
    """Do what no judge could leave out."""
    count = 0
    for path in sorted((directory / "log").iterdir()):
        for line in path.read_bytes().split(b"\n")[:-1]:
            orjson.loads(line)
            tree.leaf_hash(line)
            count += 1
    return count


def verifies(home: Path, count: int, rounds: int) -> tuple[float, float]:
    """Return the medians of parsing and hashing, and of verifying, in seconds."""
    directory = home / f"verify-{count}"
    log = built(directory, count)
    low, high = [], []
    for _ in range(rounds):
        low.append(timed(lambda: parsed_and_hashed(directory)))
        high.append(timed(lambda: _expect_ok(log, count)))
    return statistics.median(low), statistics.median(high)


def _expect_ok(log: Journal, count: int) -> None:
    verdict = log.verify()
    if verdict.verdict is not Ruling.OK or verdict.entries != count:
        raise SystemExit(f"the log that was built does not verify: {verdict}")


def rows(home: Path, *, quick: bool) -> Iterator[tuple[str, float, float, float | None]]:
    for count in _SIZES:
        low, high = appends(home, count, 40 if quick else 200)
        yield f"append at {count:,}", low, high, APPEND_GOAL if count == _SIZES[-1] else None
    for count, rounds in ((1_000, 101), (10_000 if quick else 100_000, 5)):
        low, high = verifies(home, count, rounds)
        yield f"verify {count:,}", low, high, VERIFY_GOAL
    factor = 1_000_000 // count
    yield f"verify 1,000,000 ({factor} x the line above)", low * factor, high * factor, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and 10,000 records in the place of 100,000")
    parser.add_argument("--directory", type=Path, help="where to measure; a temporary directory in the current one")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a goal is missed")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, medians\n")
    print(f"{'what':<42} {'floor ms':>10} {'ours ms':>10} {'ratio':>6} {'goal':>5}")
    missed = 0
    with tempfile.TemporaryDirectory(dir=asked.directory or Path.cwd(), prefix=".bench-") as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        for what, low, high, goal in rows(Path(name), quick=asked.quick):
            ratio = high / low
            said = "" if goal is None else f"{goal:.1f}"
            print(f"{what:<42} {low * 1e3:>10.3f} {high * 1e3:>10.3f} {ratio:>6.2f} {said:>5}", flush=True)
            missed += goal is not None and ratio > goal
    print("\nall goals met" if not missed else f"\n{missed} goals missed")
    return 1 if missed and asked.strict else 0


if __name__ == "__main__":
    sys.exit(main())
