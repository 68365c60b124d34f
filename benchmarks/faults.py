"""Lets each system call of `afterbell append` and `afterbell seal` fail once, or ends the process there; needs strace.

    python benchmarks/faults.py [--every N]

A process that has all its modules loaded forks; the child runs the command while strace strikes the Nth call of one
kind: SIGKILL, EIO or ENOSPC. N goes up until a child is not struck any more. After each fault, with nothing repaired:
the log must verify or say that a seal was interrupted, every acknowledged entry must be there, the next append and seal
must succeed, and the key's signature must hold. Any breach is printed and ends the run with 1; without strace nothing
is tried, and the run says so and ends with 0.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from afterbell.__main__ import main as afterbell
from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.errors import AfterbellError
from afterbell.log import entry
from afterbell.log.outside import Outside
from afterbell.log.verdict import Level, Ruling
from afterbell.model.record import Draft
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.steps import append, init, key, seal

ORIGIN = "example.com/team/postmortems"
KINDS = ("openat", "write", "fsync", "close", "link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat",
         "mkdir")  # fmt: skip
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
_PATIENCE = 60
_LEAKED = 99


class BreachError(Exception):
    """Something that was acknowledged is not there, or what is left cannot be used."""


class UntracedError(Exception):
    """Strace is here and may not watch other processes."""


def form(place: Path, number: int) -> Path:
    """Write a form that can be filed."""
    draft = Draft(
        id=entry.uuid7(1_767_000_000_000 + number, bytes(10)),
        status=RecordStatus.INCOMPLETE,
        summary="The position in SYNTHETIC_A was not closed at 15:47 UTC.",
        reconvene_by=datetime.now(UTC).date() + timedelta(days=3),
    )
    path = place / f"{number}.md"
    path.write_text(to_markdown(draft), encoding="utf-8")
    return path


def template(place: Path) -> House:
    """Return a house with a key, three sealed and two pending entries."""
    house = House(place / "template")
    house.root.mkdir()
    init.init(house)
    house.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
    key.new(house)
    for number in range(5):
        append.append(house, form(place, number))
        if number == 2:  # noqa: PLR2004 - three of five
            seal.seal(house)
    return house


def child(arguments: Sequence[str], said: Path, ready: int, go: int) -> None:
    """Run one command in this process, its answer into a file; does not return."""
    code = 1
    try:
        descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.write(ready, b"r")
        os.read(go, 1)  # from here on strace counts
        code = afterbell(list(arguments))
        sys.stdout.flush()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException as error:  # noqa: BLE001 - whatever it is, the child ends here
        os.write(2, f"leaked {type(error).__name__}: {error}\n".encode())
        code = _LEAKED
    finally:
        os._exit(code)


def struck(arguments: Sequence[str], said: Path, inject: str, log: Path) -> tuple[bool, int]:
    """Run one command under strace; return whether it was struck, and its exit code (-9 for a kill)."""
    from_child, ready = os.pipe()
    go, to_child = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if not process:
        child(arguments, said, ready, go)
    try:
        os.read(from_child, 1)
        watched = f"trace={inject.partition(':')[0]}"
        command = ["strace", "-p", str(process), "-o", str(log), "-e", watched, "-e", f"inject={inject}"]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        answer = tracer.stderr.readline() if tracer.stderr else ""
        if "attached" not in answer:
            os.kill(process, signal.SIGKILL)
            raise UntracedError(answer.strip())
        os.write(to_child, b"g")
        _, status = os.waitpid(process, 0)
        tracer.communicate(timeout=_PATIENCE)
    finally:
        for descriptor in (from_child, ready, go, to_child):
            os.close(descriptor)
    code = os.waitstatus_to_exitcode(status)
    return code == -signal.SIGKILL or "(INJECTED)" in log.read_text(), code


def check(house: House, said: Path, code: int, possible: set[str], wanted: str | None) -> None:
    """Look at a struck house, then go on in it. Raises BreachError."""
    text = said.read_bytes()
    if code == _LEAKED or b"Traceback" in text:
        raise BreachError(f"the command did not say what was wrong: {text[-300:]!r}")
    log = Journal(house.postmortems)
    pins = Outside(pins=keys.pins(ORIGIN))
    verdict = log.verify(Level.L1, pins)
    if verdict.verdict not in {Ruling.OK, Ruling.STALE}:
        raise BreachError(f"the log does not verify: {verdict.problems[:2]}")
    found = [stored.entry.id for stored in log.entries()]
    acknowledged = {str(orjson.loads(line)["id"]) for line in text.splitlines(keepends=True)
                    if line.startswith(b"{") and line.endswith(b"\n") and b'"leaf"' in line}  # fmt: skip
    if code == 0 and wanted is not None:
        acknowledged.add(wanted)
    if len(found) != len(set(found)) or not acknowledged <= set(found) <= possible:
        raise BreachError(f"{len(found)} entries; acknowledged and gone: {acknowledged - set(found)}")
    seal.seal(house)
    after = log.verify(Level.L2, pins)
    if (after.verdict, after.pending, after.entries) != (Ruling.OK, 0, len(found)):
        raise BreachError(f"after the next seal: {after}")
    left = list(house.postmortems.rglob(".tmp-*"))
    if any(path.parent.name != "records" for path in left):
        raise BreachError(f"left lying: {left}")


def run(place: Path, name: str, every: int) -> Counter[str]:
    """Strike every call of one command."""
    before = place / "template"
    extra = form(place, 9)
    known = {stored.entry.id for stored in Journal(before / "postmortems").entries()}
    wanted = entry.uuid7(1_767_000_000_000 + 9, bytes(10)) if name == "append" else None
    for each in ("append", "seal"):  # once here, so that no child loads a module while it is watched
        with contextlib.redirect_stdout(io.StringIO()):
            house = House(place / "house")
            shutil.copytree(before, house.root)
            afterbell(["--house", str(house.root), each, "--json", *([str(extra)] if each == "append" else [])])
            shutil.rmtree(house.root)
    counts: Counter[str] = Counter()
    said, log = place / "said", place / "strace"
    for kind in KINDS:
        for fault in FAULTS:
            at = 1
            while True:
                house = House(place / "house")
                shutil.copytree(before, house.root)
                arguments = ["--house", str(house.root), name, "--json", *([str(extra)] if wanted else [])]
                hit, code = struck(arguments, said, f"{kind}:{fault}:when={at}", log)
                if hit:
                    counts[f"{kind} {fault.partition('=')[2]}"] += 1
                try:
                    check(house, said, code, known | ({wanted} if wanted else set()), wanted)
                except (BreachError, AfterbellError) as breach:
                    raise BreachError(f"{name}, {kind} number {at}, {fault}: {breach}") from breach
                finally:
                    shutil.rmtree(house.root)
                if not hit:
                    break
                at += every
    return counts


def main() -> int:
    """Run both commands and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="strike every Nth call only (default: 1)")
    chosen = parser.parse_args()
    if shutil.which("strace") is None:
        print("faults: NOT RUN, strace is not installed (Debian, Ubuntu: apt-get install strace)")
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="afterbell-faults-") as scratch:
        place = Path(scratch)
        os.environ |= {"XDG_CONFIG_HOME": str(place / "config"), "XDG_STATE_HOME": str(place / "state"),
                       "XDG_CACHE_HOME": str(place / "cache")}  # fmt: skip
        for name in ("AFTERBELL_KEY", "AFTERBELL_PIN"):
            os.environ.pop(name, None)
        template(place)
        for name in ("append", "seal"):
            start = time.perf_counter()
            try:
                counts = run(place, name, chosen.every)
            except UntracedError as error:
                print(f"{name}: NOT RUN, strace cannot attach to a process here: {error}")
                continue
            except BreachError as breach:
                failed = True
                print(f"{name}: FAILED: {breach}")
                continue
            by_kind = Counter[str]()
            for each, count in counts.items():
                by_kind[each.split()[0]] += count
            listed = ", ".join(f"{count} at {kind}" for kind, count in sorted(by_kind.items()))
            print(
                f"{name}: {counts.total()} faults, 0 failures: {listed}; {time.perf_counter() - start:.0f} s",
                flush=True,
            )
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
