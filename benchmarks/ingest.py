"""How long an ingest takes beside the bare parse of the same lines, and how much memory it needs.

    python benchmarks/ingest.py [--size 1000] [--keep FILE]

Writes a made-up OTLP export of `--size` megabytes: runs of chat spans that repeat their whole history, as tracers write
them, with tool spans between, in lines of 65 to 80 kB. Then two fresh processes read it one after the other:
`orjson.loads` over every line in one process (the floor: no reader of these lines can be faster), and `afterbell
ingest` as a user runs it, from start-up to the printed report. Each is then run again for its peak memory: the sum over
the process and its children, sampled from /proc (PSS, so that shared pages count once; only Linux has it). Sampling
stops a process for milliseconds each time, so what is timed is not sampled. The goal is four times the floor and 600 MB
with two processors.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import orjson

GOAL_RATIO = 4.0
GOAL_MB = 600
MEGABYTE = 1_000_000
_LINE = 64_000
_TURNS = 10
_SAMPLE_SECONDS = 0.05
_FLOOR = """
import sys, orjson
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        orjson.loads(line)
"""
_AS_A_USER = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_SYLLABLES = ("ba", "den", "kor", "li", "mer", "no", "pa", "ris", "sol", "tan", "ul", "vex", "wen", "ost", "gra", "hil")


def main() -> int:
    """Measure and print the table; 1 when a goal is missed."""
    with a_file_of_lines(__doc__) as (lines, scratch):
        size = lines.stat().st_size
        floor = [sys.executable, "-c", _FLOOR, str(lines)]

        def ingest(house: str) -> list[str]:
            (Path(scratch) / house).mkdir()
            return [sys.executable, "-m", "afterbell", "--house", f"{scratch}/{house}", "ingest", "--json", str(lines)]

        timed, sampled = (run(floor), run(ingest("timed"))), (peak_of(floor), peak_of(ingest("sampled")))
        report = json.loads(timed[1].output.splitlines()[-1])
        stored = sum(path.stat().st_size for path in (Path(scratch) / "timed").rglob("*") if path.is_file())
    ratio = timed[1].seconds / timed[0].seconds
    print(f"{size / MEGABYTE:.0f} MB, {report['traces']} traces, {report['spans']} spans; "
          f"kept in {stored / MEGABYTE:.0f} MB; {len(os.sched_getaffinity(0))} processors")  # fmt: skip
    print(f"{'':14}{'seconds':>9}{'cpu s':>9}{'MB/s':>9}{'peak MB':>9}")
    for name, ran, peak in zip(("parse alone", "ingest"), timed, sampled, strict=True):
        speed = size / MEGABYTE / ran.seconds
        print(f"{name:14}{ran.seconds:9.2f}{ran.processor:9.2f}{speed:9.0f}{peak / MEGABYTE:9.0f}")
    print(f"ratio {ratio:.2f} (goal {GOAL_RATIO:.0f}), peak {sampled[1] / MEGABYTE:.0f} MB (goal {GOAL_MB})")
    return int(report["outcome"] != "kept" or ratio > GOAL_RATIO or sampled[1] > GOAL_MB * MEGABYTE)


@contextmanager
def a_file_of_lines(about: str | None) -> Iterator[tuple[Path, str]]:
    """Read --size and --keep, and give the file of trace lines (made unless it is kept) and a folder for scratch."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1000, help="megabytes of trace lines")
    parser.add_argument("--keep", type=Path, help="where to keep the lines; made when it is not there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="afterbell-bench-") as scratch:
        lines = chosen.keep or Path(scratch) / "export.jsonl"
        if not lines.exists():
            write_lines(lines, chosen.size * MEGABYTE)
        yield lines, scratch


class Ran:
    """What one process and its children took: wall seconds and processor seconds; and what it printed."""

    def __init__(self, seconds: float, processor: float, output: str) -> None:
        self.seconds = seconds
        self.processor = processor
        self.output = output


def run(command: Sequence[str], fine: tuple[int, ...] = (0,)) -> Ran:
    """Run a command to its end. Raises when it ends with a code that is not `fine`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=_AS_A_USER, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in fine:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(seconds, used, done.stdout)


def peak_of(command: Sequence[str]) -> int:
    """Run a command to its end and return the most memory in bytes that it and its children held at once."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_AS_A_USER) as process:
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            time.sleep(_SAMPLE_SECONDS)
    return peak


def memory_of(root: int) -> int:
    """Return the proportional memory in bytes of a process and everything it started; 0 where /proc is absent."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(entry.parent.name))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, ())
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            continue
    return total


def write_lines(path: Path, size: int) -> None:
    """Write at least `size` bytes of trace lines; the same bytes each time."""
    chance = random.Random(20)  # noqa: S311 - made-up text, the same each time
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(4000)]
    written = 0
    with path.open("wb") as file:
        for line in _lines(span for _ in count() for span in _run(chance, words)):
            written += file.write(line)
            if written >= size:
                break


def _lines(spans: Iterator[dict[str, object]]) -> Iterator[bytes]:
    """Pack spans into export requests as a collector's batches do."""
    held: list[dict[str, object]] = []
    size = 0
    for span in spans:
        held.append(span)
        size += len(orjson.dumps(span))
        if size > _LINE:
            yield _request(held)
            held, size = [], 0


def _request(spans: list[dict[str, object]]) -> bytes:
    resource_facts = _attributes({"service.name": "synthetic-desk", "service.version": "1.4.2", "host.name": "node-3"})
    scoped = {"scope": {"name": "synthetic.instrumentation", "version": "0.9"}, "spans": spans}
    return (
        orjson.dumps({"resourceSpans": [{"resource": {"attributes": resource_facts}, "scopeSpans": [scoped]}]}) + b"\n"
    )


def _run(chance: random.Random, words: Sequence[str]) -> Iterator[dict[str, object]]:
    """One run: turns of chat, each with the whole history so far, and a tool call between two."""
    trace, at = f"{chance.getrandbits(128):032x}", 1_767_600_000_000_000_000 + chance.getrandbits(44)
    root = f"{chance.getrandbits(64):016x}"

    def prose(count: int) -> str:
        return " ".join(chance.choices(words, k=count))

    def made(name: str, facts: dict[str, object], lasts: int) -> dict[str, object]:
        nonlocal at
        at += lasts
        return {
            "traceId": trace, "spanId": f"{chance.getrandbits(64):016x}", "parentSpanId": root, "name": name, "kind": 3,
            "startTimeUnixNano": str(at - lasts), "endTimeUnixNano": str(at), "attributes": _attributes(facts),
            "status": {"code": 1},
        }  # fmt: skip

    system = prose(350)
    history: list[dict[str, object]] = [_message("user", prose(120))]
    for turn in range(_TURNS):
        said, call = prose(90), f"call_{chance.getrandbits(48):012x}"
        asked = {"type": "tool_call", "id": call, "name": "quote", "arguments": {"symbol": "SYNTHETIC_A", "days": turn}}
        answer = {
            "role": "assistant",
            "parts": [{"type": "text", "content": said}, asked],
            "finish_reason": "tool_call",
        }
        facts: dict[str, object] = {
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "synthetic", "gen_ai.request.model": "model-l",
            "gen_ai.response.model": "model-l-2026-01", "gen_ai.response.id": f"resp_{chance.getrandbits(64):016x}",
            "gen_ai.request.temperature": 0.2, "gen_ai.usage.input_tokens": 900 + 400 * turn,
            "gen_ai.usage.output_tokens": 140, "gen_ai.usage.cache_read.input_tokens": 350 * turn,
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": system}]),
            "gen_ai.input.messages": json.dumps(history), "gen_ai.output.messages": json.dumps([answer]),
        }  # fmt: skip
        yield made("chat model-l", facts, 2_300_000_000)
        result = json.dumps(
            {"symbol": "SYNTHETIC_A", "note": prose(160), "rows": [[d, 100 + d / 7] for d in range(30)]}
        )
        tool: dict[str, object] = {
            "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "quote", "gen_ai.tool.call.id": call,
            "gen_ai.tool.call.arguments": json.dumps(asked["arguments"]), "gen_ai.tool.call.result": result,
        }  # fmt: skip
        yield made("execute_tool quote", tool, 400_000_000)
        history = [
            *history,
            answer,
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": call, "result": result}]},
        ]
    yield {
        "traceId": trace, "spanId": root, "name": "invoke_agent desk", "kind": 1, "startTimeUnixNano": str(at - 10**11),
        "endTimeUnixNano": str(at), "attributes": _attributes({"gen_ai.operation.name": "invoke_agent"}),
    }  # fmt: skip


def _message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _attributes(facts: dict[str, object]) -> list[dict[str, object]]:
    def value(fact: object) -> dict[str, object]:
        if isinstance(fact, int):
            return {"intValue": str(fact)}
        return {"doubleValue": fact} if isinstance(fact, float) else {"stringValue": fact}

    return [{"key": key, "value": value(fact)} for key, fact in facts.items()]


if __name__ == "__main__":
    raise SystemExit(main())
