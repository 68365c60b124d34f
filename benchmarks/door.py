"""The live door under load from a second process, beside a bare ASGI handler that only reads the body; then kills.

    python benchmarks/door.py [--seconds 5] [--kills 50] [--seed N] [--only ladder|refusing|kills]

Three parts. A ladder of connections, each step against the bare handler and against the door: spans a second and the
99th percentile of an answer's time. The point where the door starts to refuse: little room on the disk, more sent than
the store takes in; what it acknowledges before and after its first 429. Kills: the door is ended with SIGKILL at random
instants under load, as often as said, and in the end every span that was acknowledged must be in the store, once.

The senders wait for each answer before they send again, so a slow answer slows them. All run on one machine: senders,
server and taking in share its processors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from _senders import TOKEN
from afterbell.disk.house import House
from afterbell.steps.store import Store
from afterbell.web import server

HERE = Path(__file__).parent
SPANS = 50
LADDER = (1, 4, 16, 64, 256)
_PERCENT = 100
_ROOM, _LITTLE = 64, 24  # MiB
_PATIENCE = 600


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Read the body and say yes: what no door can do without."""
    if scope["type"] != "http":
        return
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def serve_bare() -> None:
    """Serve the bare handler as the door is served, and print where."""
    listening = server.bind("127.0.0.1", 0)
    sys.stdout.write(f"at=http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(bare, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


@contextmanager
def running(*command: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server, and yield its address and its process; it is killed at the end if it still runs."""
    environment = {**os.environ, "AFTERBELL_TOKEN": TOKEN}
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout  # noqa: S101 - Popen was asked for it
            yield process.stdout.readline().strip().partition("=")[2], process
        finally:
            if process.poll() is None:
                process.kill()


def door(house: House, *options: str) -> list[str]:
    return ["-m", "afterbell", "--house", str(house.root), "serve", "--port", "0", *options]


def senders(url: str, connections: int, seconds: float, first: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "_senders.py"), url, str(connections), str(seconds), str(first), str(SPANS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def sent(url: str, connections: int, seconds: float, first: int = 1) -> dict[str, Any]:
    with senders(url, connections, seconds, first) as process:
        found: dict[str, Any] = json.loads(process.communicate(timeout=_PATIENCE)[0])
    return found


def p99(took: list[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return 1000 * (statistics.quantiles(took, n=_PERCENT)[-1] if len(took) > 1 else sum(took))


def ladder(seconds: float, scratch: Path) -> None:
    print("| connections | bare, spans/s | door, spans/s | door / bare | bare p99, ms | door p99, ms |")
    print("|--:|--:|--:|--:|--:|--:|")
    for connections in LADDER:
        with running(str(HERE / "door.py"), "--bare") as (url, _process):
            sent(url, connections, 1)
            floor = sent(url, connections, seconds)
        with running(*door(House(scratch / f"ladder-{connections}"), "--on-disk", "4096")) as (url, _process):
            sent(url, connections, 1)
            ours = sent(url, connections, seconds, 10**6)
        rates = [SPANS * len(found["acked"]) / found["seconds"] for found in (floor, ours)]
        print(
            f"| {connections} | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[1] / rates[0]:.2f} "
            f"| {p99(floor['took']):.1f} | {p99(ours['took']):.1f} |",
            flush=True,
        )


def refusing(seconds: float, scratch: Path) -> None:
    house = House(scratch / "refusing")
    with running(*door(house, "--on-disk", str(_ROOM), "--every", "1")) as (url, _process):
        found = sent(url, 64, 6 * seconds)
    until, whole, at = found["refused_at"], found["seconds"], found["acked_at"]
    before = [took for took, when in zip(found["took"], at, strict=True) if when <= until]
    after = found["took"][len(before) :]
    print(
        f"\nWith {_ROOM} MiB of room on the disk and 64 connections, the first 429 came after {until:.1f} s. "
        f"Until then {SPANS * len(before) / until:,.0f} spans/s were acknowledged, p99 {p99(before):.1f} ms; "
        f"in the {whole - until:.0f} s after it {SPANS * len(after) / (whole - until):,.0f} spans/s, "
        f"p99 {p99(after):.1f} ms. Answers that were not 200: {found['others']}."
    )


def kills(rounds: int, chance: random.Random, scratch: Path) -> int:
    """Kill the door again and again; return how much that was acknowledged is not whole in the store, or is twice."""
    house, acked, first = House(scratch / "kills"), [], 1
    for number in range(rounds + 1):
        with running(*door(house, "--every", "0.3", "--on-disk", str(_LITTLE))) as (url, process):
            if number == rounds:
                process.terminate()
                process.communicate(timeout=_PATIENCE)
                break
            with senders(url, chance.choice((1, 8, 32)), 60, first) as sending:
                time.sleep(chance.uniform(0.4, 2.0))
                process.kill()
                process.communicate(timeout=_PATIENCE)  # ends when no process of the door holds the pipe any more
                found = json.loads(sending.communicate(timeout=_PATIENCE)[0])
        acked += found["acked"]
        first += 10**6
    spans = {int(row.trace_id, 16): row.spans for row in Store(house).rows()}
    lost = [number for number in acked if spans.get(number) != SPANS]
    extra = len(spans.keys() - set(acked))
    kept = sum(kept.spans for commit in Store(house).commits for kept in commit.evidence)
    print(
        f"\n{rounds} kills: {len(acked):,} requests ({SPANS * len(acked):,} spans) acknowledged, {len(lost)} of them "
        f"lost, {kept - SPANS * len(spans)} spans kept twice; {extra} more were kept whose answer the kill cut off; "
        f"files left: {len(list(house.inbox.iterdir()))}"
    )
    return len(lost) + kept - SPANS * len(spans)


def main() -> int:
    """Run all three and return 1 when anything that was acknowledged is lost."""
    parser = argparse.ArgumentParser(description="The live door under load, and kills.")
    parser.add_argument("--seconds", type=float, default=5, help="of each step of the ladder")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("ladder", "refusing", "kills"), help="one of the three parts")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        serve_bare()
        return 0
    with tempfile.TemporaryDirectory(prefix="afterbell-door-") as directory:
        scratch = Path(directory)
        if asked.only in {None, "ladder"}:
            ladder(asked.seconds, scratch)
        if asked.only in {None, "refusing"}:
            refusing(asked.seconds, scratch)
        chance = random.Random(asked.seed)  # noqa: S311 - instants, no secrets
        return 1 if asked.only in {None, "kills"} and kills(asked.kills, chance, scratch) else 0


if __name__ == "__main__":
    sys.exit(main())
