"""Sources without an end in sight: one line of 2 GB in every kind of envelope, and how much memory `ingest` takes.

    python benchmarks/endless.py [--megabytes 2048] [--only WORD]

Each source is made while it is read and comes through standard input, so that no disk holds it; two come packed. For
each, `afterbell ingest -` runs in a house of its own. It must say in a line what it refused (or have read it), and its
processes together must stay under `MOST_MB`, measured as proportional set size every 20 ms. A breach ends the run with
1. Needs /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import zstandard

MOST_MB = 1200
_MEGABYTE = 1024 * 1024
_EVERY = 0.02
_PIECE = 4 * _MEGABYTE
_SPAN = (
    b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8aa5a2d2c872e8321cf37308d69df2",'
    b'"spanId":"051581bf3cb55c13","name":"'
)
_LANGFUSE = (
    b'{"id":"o1","traceId":"t1","type":"GENERATION","startTime":"2026-01-05T12:00:00Z","parentObservationId":"",'
    b'"usageDetails":{},"output":"'
)
_LANGSMITH = b'{"trace_data":\n{"id":"r","run_type":"llm","start_time":"2026-01-05T12:00:00",\n"child_runs":[\n'
_TABLE = b"id,trace_id,type,name,start_time,parent_observation_id\no1,t1,GENERATION,ask,2026-01-05T12:00:00Z,\n"
_LOG = b"2026-02-03 09:30:01 INFO a\n" * 4 + b"2026-02-03 09:30:02 INFO "
_STEPS = b'{"signature":"m","new_messages":[{"role":"user","content":"a"}]}\n{"signature":"m","new_messages":"'
_BOOK = b"at,account_id,kind,amount,currency\n2026-01-05T10:00:00Z,A,deposit,10,USD\n"


class Endless(NamedTuple):
    """A source: how it begins, what is repeated, how it ends, what packs it, and its format where that is given."""

    what: str
    head: bytes
    filler: bytes
    tail: bytes = b"\n"
    pack: Callable[[Iterator[bytes]], Iterator[bytes]] = iter
    form: str = ""


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(1, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packing.compress(piece)
    yield packing.flush()


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packing = zstandard.ZstdCompressor(level=1).compressobj()
    for piece in pieces:
        yield packing.compress(piece)
    yield packing.flush()


SOURCES = (
    Endless("an OTLP line", _SPAN, b"long words "),
    Endless("an OTLP line, gzip", _SPAN, b"long words ", pack=_gzip),
    Endless("a line of a JSON export", _LANGFUSE, b"long words "),
    Endless("the second line of one", _LANGFUSE + b'"}\n' + _LANGFUSE, b"long words "),
    Endless("a JSON document of many lines", _LANGSMITH, b'{"id":"s"},\n'),
    Endless("a line of a text log", _LOG, b"long words "),
    Endless("a line of a text log, zstd", _LOG, b"long words ", pack=_zstd),
    Endless("a cell of a table", _TABLE + b'o2,"', b"long words ", b'"\n'),
    Endless("a cell of many lines", _TABLE + b'o2,"', b"long words " * 9 + b"\n", b'"\n'),
    Endless("a row of commas", _TABLE + b"o2", b","),
    Endless("a row of a book over many lines", _BOOK, b'"' + b"long words " * 9 + b'\n",'),
    Endless("a line of a step log", _STEPS, b"long words "),
    Endless("a binary file", b"\x0a\xff\xff\xff\xff\x07\x0a\x00\x12", b"\x00\x01\x02\x03", form="otlp-proto"),
)


def main() -> int:
    """Ingest every source and print its time, its memory and what was said; 1 for a breach."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2048)
    parser.add_argument("--only", default="", help="a word of what the source is called")
    chosen = parser.parse_args()
    print(f"{'one line of':34}{'MB':>6}{'s':>7}{'peak MB':>9}  what ingest says", flush=True)
    bad = 0
    for source in SOURCES:
        if chosen.only in source.what:
            bad += _one(source, chosen.megabytes)
    print(f"\n{bad} sources over {MOST_MB} MB or without an answer" if bad else "\nall within bounds")
    return 1 if bad else 0


def _one(source: Endless, megabytes: int) -> bool:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="afterbell-endless-") as house:
        environment = {**os.environ, "XDG_CACHE_HOME": f"{house}/cache", "XDG_STATE_HOME": f"{house}/state"}
        command = [
            sys.executable,
            "-m",
            "afterbell",
            "ingest",
            "-",
            "--json",
            *(("--format", source.form) if source.form else ()),
        ]
        with subprocess.Popen(command, cwd=house, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:  # fmt: skip
            feeder = threading.Thread(target=_feed, args=(source, megabytes, process.stdin), daemon=True)
            watch = _Watch(process.pid)
            feeder.start()
            watch.start()
            out, error = process.stdout.read(), process.stderr.read()  # type: ignore[union-attr]
            process.wait()
            watch.join()
    said = _said(out, error)
    fine = watch.peak <= MOST_MB * _MEGABYTE and process.returncode in (0, 1) and bool(said)
    took, peak = time.monotonic() - began, watch.peak // _MEGABYTE
    print(f"{source.what:34}{megabytes:>6}{took:>7.1f}{peak:>9}  {said[:110]}{'' if fine else '  BREACH'}", flush=True)
    return not fine


def _said(out: bytes, error: bytes) -> str:
    """Return what the report says of the source in a line."""
    try:
        report = json.loads(out.splitlines()[0])
    except (IndexError, ValueError):
        return error.decode("utf-8", "replace").strip().rpartition("\n")[2]
    refused = report["refused"]
    rest = f" (and {report['refused_count'] - 1} more)" if report["refused_count"] > 1 else ""
    why = f"; {refused[0]['where']}: {refused[0]['why']}{rest}" if refused else ""
    return f"{report['outcome']}, {report['spans']} spans, {report['logs']} logs{why}"


def _feed(source: Endless, megabytes: int, pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        for piece in source.pack(_pieces(source, megabytes * _MEGABYTE)):
            pipe.write(piece)
    with suppress(BrokenPipeError):  # what was held back is written then
        pipe.close()


def _pieces(source: Endless, size: int) -> Iterator[bytes]:
    yield source.head
    filler = source.filler * (_PIECE // len(source.filler))
    for _ in range(size // len(filler)):
        yield filler
    yield source.tail


class _Watch(threading.Thread):
    """Watches how much memory a process and its children hold together, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0

    def run(self) -> None:
        while Path(f"/proc/{self._pid}").exists() and (held := sum(map(_held, _family(self._pid)))):
            self.peak = max(self.peak, held)
            time.sleep(_EVERY)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
