"""Processes append to one log at once and are killed at random; every acknowledged record must be there exactly once.

    python benchmarks/writers.py [--writers 8] [--records 500] [--kills 80] [--seed N]

Every writer adds its records one after the other and says so after each; now and then it seals. A writer that is ended
with SIGKILL is started again and goes on with the first record that it had not acknowledged; being told that this one
exists counts as acknowledged. At the end the log is sealed and must verify, with every record once and no other. Any
breach is printed and ends the run with 1.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from afterbell.disk.journal import Journal
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
SEAL_EVERY = 50
_PROGRAM = """
import sys
from pathlib import Path
from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log.entry import Entry, EntryType

directory, origin, who, first, records, seal_every = sys.argv[1:]
journal = Journal(Path(directory))
for number in range(int(first), int(records)):
    try:
        journal.append(Entry(
            type=EntryType.POSTMORTEM, id=f"writer-{who}-{number}", created="2026-01-05T14:00:00Z",
            actor="system operator", after=journal.head(), salt=f"{number:032x}", body={"number": number},
        ))
    except LogError as error:
        if number != int(first) or "already exists" not in error.message:
            raise
    print(number, flush=True)
    if number % int(seal_every) == int(seal_every) - 1:
        journal.seal(origin)
"""


class BreachError(Exception):
    """A record is lost, there twice, or the log does not verify."""


class Writer:
    """One writer, through all its lives."""

    def __init__(self, directory: Path, who: int, records: int) -> None:
        self.directory, self.who, self.records = directory, who, records
        self.said = 0
        self.lives = 0
        self.start()

    def start(self) -> None:
        """Begin with the first record that was not acknowledged."""
        self.lives += 1
        command = [sys.executable, "-c", _PROGRAM, str(self.directory), ORIGIN, str(self.who), str(self.said),
                   str(self.records), str(SEAL_EVERY)]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self._rest = b""

    @property
    def output(self) -> IO[bytes]:
        """What it prints."""
        if self.process.stdout is None:
            raise BreachError("a writer without output")
        return self.process.stdout

    def listen(self) -> bool:
        """Take what it said; return whether it has more to say. A line that a kill cut was not said."""
        data = self.output.read(65_536) or b""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if whole:
            self.said = int(whole[-1]) + 1
        return bool(data)

    def end(self) -> None:
        """Take its exit. Raises BreachError when it failed by itself."""
        errors = self.process.stderr.read() if self.process.stderr else b""
        code = self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        if code not in {0, -9}:
            raise BreachError(f"writer {self.who} ended with {code}: {errors.decode()[-400:]}")


def torture(directory: Path, writers: int, records: int, kills: int, chance: random.Random) -> int:
    """Run all writers to their end and check the log; return how many kills struck a living writer."""
    every = [Writer(directory, who, records) for who in range(writers)]
    ends = sorted((chance.randrange(writers * records) for _ in range(kills)), reverse=True)
    struck = 0
    with selectors.DefaultSelector() as selector:
        for writer in every:
            selector.register(writer.output, selectors.EVENT_READ, writer)
        while selector.get_map():
            for chosen, _ in selector.select():
                writer = chosen.data
                if writer.listen():
                    continue
                selector.unregister(chosen.fileobj)
                writer.end()
                if writer.said < records:
                    writer.start()
                    selector.register(writer.output, selectors.EVENT_READ, writer)
            if ends and sum(writer.said for writer in every) >= ends[-1]:
                ends.pop()
                victim = chance.choice(every)
                time.sleep(chance.random() / 100)
                struck += victim.process.poll() is None
                victim.process.kill()
    check(directory, every)
    return struck


def check(directory: Path, every: Sequence[Writer]) -> None:
    """Raise BreachError unless every record is there once and the log verifies."""
    journal = Journal(directory)
    before = journal.verify()
    if before.verdict not in {Ruling.OK, Ruling.STALE}:
        raise BreachError(f"the log does not verify: {before.problems[:2]}")
    ids = [stored.entry.id for stored in journal.entries()]
    wanted = {f"writer-{writer.who}-{number}" for writer in every for number in range(writer.records)}
    if len(ids) != len(set(ids)) or set(ids) != wanted:
        raise BreachError(f"{len(ids)} entries, {len(set(ids))} ids, {len(wanted)} acknowledged")
    journal.seal(ORIGIN)
    verdict = journal.verify()
    if (verdict.verdict, verdict.entries, verdict.pending) != (Ruling.OK, len(wanted), 0):
        raise BreachError(f"after the last seal: {verdict}")
    left = list(directory.rglob(".tmp-*"))
    if left:
        raise BreachError(f"left lying: {left[:3]}")


def main() -> int:
    """Run it and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--records", type=int, default=500, help="of each writer")
    parser.add_argument("--kills", type=int, default=80)
    parser.add_argument("--seed", type=int, default=None, help="draws whom and when (default: a new one each time)")
    chosen = parser.parse_args()
    seed = secrets.randbits(32) if chosen.seed is None else chosen.seed
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="afterbell-writers-") as scratch:
        os.environ["XDG_CACHE_HOME"] = str(Path(scratch) / "cache")
        try:
            struck = torture(Path(scratch) / "log", chosen.writers, chosen.records, chosen.kills, random.Random(seed))  # noqa: S311 - no secret
        except BreachError as breach:
            print(f"writers: LOST (seed {seed}): {breach}")
            return 1
    print(f"writers: {chosen.writers} processes, {chosen.writers * chosen.records} records, {struck} of {chosen.kills} "
          f"kills struck a living writer; every record there once, verify ok; {time.perf_counter() - start:.0f} s "
          f"(seed {seed})")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
