"""Kills `afterbell ingest` and `afterbell append` at random instants and looks at what is left.

    python benchmarks/kill9.py [--rounds 200] [--seed N]

In every round a process runs commands one after the other, as a user would, and is ended with SIGKILL at an instant
drawn evenly from its usual life. What it printed was acknowledged. Then, with nothing repaired in between: the store
and the log must open, everything acknowledged must be there and readable, no process may be left, and running the same
commands again must give the whole result, nothing twice. Any breach is printed and ends the run with 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from afterbell.disk import commits, evidence
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.log import entry
from afterbell.log.verdict import Ruling
from afterbell.model.record import Draft
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.steps.store import Store

_PROGRAM = """
import json, sys
from afterbell.__main__ import main
for arguments in json.loads(sys.argv[1]):
    code = main(arguments)
    sys.stdout.flush()
    if code:
        sys.exit(code)
"""
_FRESH_HOUSE_EVERY = 10
_COMMANDS, _FORMS = 5, 12
_SPANS = 60
_PATIENCE = 60


class BreachError(Exception):
    """Something that was acknowledged is not there, or what is left cannot be used."""


class Result:
    """What a killed process had said, and where the kill struck it."""

    def __init__(self, lines: Sequence[dict[str, object]], *, killed: bool) -> None:
        self.lines = lines
        self.killed = killed

    def place(self, promised: int) -> str:
        """Name the instant by what had been acknowledged."""
        if not self.killed:
            return "after the end"
        if not self.lines:
            return "before the first answer"
        return "between answers" if len(self.lines) < promised else "after the last answer"


def run(commands: Sequence[Sequence[str]], kill_after: float | None) -> Result:
    """Run commands in one process, kill it after so many seconds (None: never), and return what it had said."""
    command = [sys.executable, "-c", _PROGRAM, json.dumps(commands)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        killed = False
        if kill_after is not None:
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.kill()
                killed = True
        try:
            said = process.communicate(timeout=_PATIENCE)[0]  # ends when no process holds the pipe any more
        except subprocess.TimeoutExpired:
            raise BreachError("a process is left, or the command hangs") from None
        errors.seek(0)
        if not killed and process.returncode:
            raise BreachError(f"exit code {process.returncode}: {errors.read().decode()[-500:]}")
    whole = said[: said.rfind(b"\n") + 1]  # a line that the kill cut was not acknowledged
    return Result([orjson.loads(line) for line in whole.splitlines()], killed=killed)


class Ingests:
    """Rounds of ingest: each command brings one plain and one packed file of two traces."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.expected: dict[str, int] = {}

    def commands(self, house: House, scratch: Path) -> list[list[str]]:
        """Write new files and return the commands that ingest them."""
        return [
            ["--house", str(house.root), "ingest", "--json", "--jobs", "2",
             self._file(scratch / f"{number}.jsonl"), self._file(scratch / f"{number}.jsonl.gz")]
            for number in range(_COMMANDS)
        ]  # fmt: skip

    def _file(self, path: Path) -> str:
        trace = f"{self.chance.getrandbits(128):032x}"
        self.expected[trace] = _SPANS
        spans = [
            {"traceId": trace, "spanId": f"{number + 1:016x}", "name": "chat", "startTimeUnixNano": str(number + 1),
             "attributes": [{"key": "gen_ai.output.messages", "value": {"stringValue": f"{trace} {number} " * 40}}]}
            for number in range(_SPANS)
        ]  # fmt: skip
        lines = b"".join(
            orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}) + b"\n" for span in spans
        )
        path.write_bytes(gzip.compress(lines, 1) if path.suffix == ".gz" else lines)
        return str(path)

    def promised(self) -> int:
        """How many answers a whole round gives."""
        return 2 * _COMMANDS

    def check(self, house: House, said: Sequence[dict[str, object]]) -> None:
        """Everything acknowledged is there, readable and whole."""
        store = Store(house)
        named = {kept.sha256 for commit in store.commits for kept in commit.evidence}
        for line in said:
            if line["evidence"] not in named:
                raise BreachError(f"no commit names {line['path']}, which was acknowledged")
            sum(len(chunk) for chunk in evidence.chunks(house.evidence, str(line["evidence"])))
        for bucket in store.buckets():
            for trace in store.shard(bucket):
                if len(trace.spans) != self.expected[trace.trace_id] or not trace.spans[0].attributes:
                    raise BreachError(f"trace {trace.trace_id} has {len(trace.spans)} spans")

    def check_end(self, house: House) -> None:
        """After the commands ran again: everything once, and nothing left lying about."""
        rows = {row.trace_id: row.spans for row in Store(house).rows()}
        if rows != self.expected:
            raise BreachError(f"{len(rows)} traces with {sum(rows.values())} spans, expected {len(self.expected)}")
        named = {part.file for commit in commits.read_all(house.commits) for part in commit.parts}
        lying = {str(path.relative_to(house.store)) for path in house.store.glob("shards/*/*")} - named
        lying |= {str(path) for path in house.store.rglob(".tmp-*")} | {str(path) for path in house.spool.glob("*")}
        if lying:
            raise BreachError(f"left lying: {sorted(lying)[:3]}")

    def fresh(self) -> None:
        """Begin with an empty house."""
        self.expected = {}


class Appends:
    """Rounds of append: each command files one form."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.asked: set[str] = set()
        self._round: list[str] = []

    def commands(self, house: House, scratch: Path) -> list[list[str]]:
        """Write new forms and return the commands that file them, with a seal in the middle and at the end."""
        house.postmortems.mkdir(exist_ok=True)
        made = []
        self._round = []
        for number in range(_FORMS):
            draft = Draft(
                id=entry.uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)), status=RecordStatus.INCOMPLETE,
                summary="The position in SYNTHETIC_A was not closed at 15:47 UTC.",
                reconvene_by=datetime.now(UTC).date() + timedelta(days=3),
            )  # fmt: skip
            form = scratch / f"{number}.md"
            form.write_text(to_markdown(draft), encoding="utf-8")
            self._round.append(draft.id)
            made.append(["--house", str(house.root), "append", "--json", str(form)])
            if number % 2:
                made.append(["--house", str(house.root), "seal", "--json"])
        self.asked |= set(self._round)
        return made

    def promised(self) -> int:
        """How many answers a whole round gives."""
        return _FORMS + _FORMS // 2

    def check(self, house: House, said: Sequence[dict[str, object]]) -> None:
        """Every acknowledged entry is there with its leaf, the log verifies, and a seal loses nothing."""
        log = Journal(house.postmortems)
        found = {stored.entry.id: stored.leaf for stored in log.entries()}
        for line in said:
            if "leaf" in line and found.get(str(line["id"])) != line["leaf"]:
                raise BreachError(f"entry {line['id']} was acknowledged and is not there")
        if not set(found) <= self.asked:
            raise BreachError("an entry that nobody asked for")
        ruling = log.verify()
        if found and ruling.verdict not in {Ruling.OK, Ruling.STALE}:
            raise BreachError(f"the log does not verify: {ruling.verdict.value} {ruling.problems[:2]}")

    def check_end(self, house: House) -> None:
        """After the rest was filed and sealed: every entry once, and the log verifies."""
        log = Journal(house.postmortems)
        ids = [stored.entry.id for stored in log.entries()]
        if len(ids) != len(set(ids)) or set(ids) != self.asked:
            raise BreachError(f"{len(ids)} entries, {len(set(ids))} ids, {len(self.asked)} expected")
        run([["--house", str(house.root), "seal", "--json"]], None)
        if log.verify().verdict is not Ruling.OK:
            raise BreachError("the log does not verify after a seal")
        left = list(house.postmortems.rglob(".tmp-*"))
        if left:
            raise BreachError(f"left lying: {left[:3]}")

    def again(self, house: House, commands: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """Return the commands that are still to be done: an id that is in the log is refused a second time."""
        there = {stored.entry.id for stored in Journal(house.postmortems).entries()}
        forms = [command for command in commands if "append" in command]
        return [command for name, command in zip(self._round, forms, strict=True) if name not in there]

    def fresh(self) -> None:
        """Begin with an empty house."""
        self.asked = set()


def torture(work: Ingests | Appends, rounds: int, scratch: Path) -> Counter[str]:
    """Kill `rounds` processes and check each time. Raises BreachError."""
    places: Counter[str] = Counter()
    usual = 0.0
    house = House(scratch)
    for number in range(rounds + 1):
        if number % _FRESH_HOUSE_EVERY == 0:
            house = House(scratch / f"house-{number}")
            house.root.mkdir()
            work.fresh()
        inputs = scratch / f"in-{number}"
        inputs.mkdir()
        commands = work.commands(house, inputs)
        start = time.perf_counter()
        # The first run is timed, not killed; a fifth of a life is the start of the interpreter.
        instant = work.chance.uniform(0.2 * usual, 1.05 * usual) if number else None
        done = run(commands, instant)
        usual = usual or time.perf_counter() - start
        if number:
            places[done.place(work.promised())] += 1
        work.check(house, done.lines)
        rest = work.again(house, commands) if isinstance(work, Appends) else commands
        if rest:
            run(rest, None)
        work.check_end(house)
    return places


def main() -> int:
    """Run both and print the counts; 1 at the first breach."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=200, help="kills of each command")
    parser.add_argument("--seed", type=int, default=None, help="draws the instants (default: new ones each time)")
    parser.add_argument("--only", choices=["ingest", "append"], default="", help="one of the two")
    chosen = parser.parse_args()
    seed = secrets.randbits(32) if chosen.seed is None else chosen.seed
    kinds: tuple[tuple[str, Callable[[random.Random], Ingests | Appends]], ...] = (
        ("ingest", Ingests),
        ("append", Appends),
    )
    for name, kind in kinds:
        if chosen.only not in {"", name}:
            continue
        with tempfile.TemporaryDirectory(prefix="afterbell-kill9-") as scratch:
            try:
                places = torture(kind(random.Random(seed)), chosen.rounds, Path(scratch))  # noqa: S311 - instants, no secret
            except BreachError as breach:
                print(f"{name}: LOST (seed {seed}): {breach}")
                return 1
        counts = ", ".join(f"{count} {place}" for place, count in sorted(places.items()))
        print(f"{name}: {chosen.rounds} kills, nothing lost: {counts} (seed {seed})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
