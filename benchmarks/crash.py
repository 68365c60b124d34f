"""Cuts the power at every system call of the log's writer and looks at everything that the disk may then hold.

    python benchmarks/crash.py [--every N] [--mutants] [SCRIPT ...]

Append, seal over several segments, amend, erase and the hand-over of a key run on a disk in memory (`_power.py`). At
every call that changes something, each state that a power cut may leave is enumerated. In each of them the log must
verify or say that a seal was interrupted, every acknowledged entry must be there, nothing that nobody wrote, no text
whose erasure was acknowledged; and the log must go on. What is done beside that (another history taken in, pages, a
first key: `_cases.py`) must be whole or be mended by doing it again. Then the same again: the power fails at every call
of that recovery, and at every call of a recovery that follows a process that was only killed. With --mutants each call
that forces something to the disk is left out once, and a state must show it. Any failure is printed and ends the run
with 1.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import inspect
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from unittest import mock

from _cases import CASES, rooms
from _power import Disk, Image
from _scripts import (
    HOUSE,
    KEY,
    PLACE,
    SCRIPTS,
    SENSITIVE,
    UNLINKED,
    BreachError,
    Promises,
    Script,
    Writer,
    a_signed_log,
    leaf,
    recover,
    rotate,
)
from afterbell.disk import files, keys, settled
from afterbell.disk import journal as journals
from afterbell.errors import LogError
from afterbell.log import lines
from afterbell.log.outside import Outside
from afterbell.log.verdict import Level, Ruling
from afterbell.steps import key

KEYS = Path("/keys")
SEGMENT_LINES = 4  # several segments from a handful of entries
_FORCING = {"fsync", "sync_directory", "sync_file"}
_OF_KEYS = ("first key", "rotate")
_OTHERS = {
    "files.Ops",
    "files.PrivateOps",
    "files.settle",
    "files.settle_data",
    "files.sync_names",
}  # the calls themselves, and what only the store uses


# ---- running them ----


class Simulated:
    """Puts a disk under everything that writes, for as long as it is entered."""

    def __init__(self, disk: Disk, promises: Promises) -> None:
        self.writer = Writer(disk, promises)
        self._stack = contextlib.ExitStack()
        self._disk = disk

    def __enter__(self) -> Writer:
        enter = self._stack.enter_context
        for shared in (files.OPS, files.PRIVATE):
            for name in ("create", "write", "fsync", "close", "link", "rename", "unlink", "mkdir", "sync_directory",
                         "sync_file", "listdir", "read", "opened", "stamps"):  # fmt: skip
                enter(mock.patch.object(shared, name, getattr(self._disk, name), create=True))
        enter(mock.patch.object(journals, "Lock", mock.MagicMock()))
        # The mark that spares an fsync names inodes, which a system may give out again: here it fits always.
        enter(mock.patch.object(settled, "_identity", lambda inner: b"1\n" if self._disk.there(inner) else b""))
        enter(mock.patch.object(lines, "LINES_PER_SEGMENT", SEGMENT_LINES))
        enter(mock.patch.object(keys, "_path", lambda kind, _name: KEYS / kind / "log"))
        enter(mock.patch.object(keys, "_private_directory", files.make_dirs))
        enter(mock.patch.object(keys, "_check_private"))
        enter(mock.patch.dict(os.environ))
        os.environ.pop("AFTERBELL_KEY", None)
        enter(mock.patch.object(key, "journal", return_value=self.writer))
        return self.writer

    def __exit__(self, *error: object) -> None:
        self._stack.close()


Act = Callable[[Writer], None]
_BARE = frozenset({(str(HOUSE), None), (str(KEYS), None), ("/cache", None)})


def live(script: Script, disk: Disk, promises: Promises, watch: Callable[[Disk], None] | None) -> None:
    """Run a script on a disk; `watch` sees the disk before every call, and once more at the end."""
    disk.watch = watch
    with Simulated(disk, promises) as writer:
        script(writer)
    if watch is not None:
        watch(disk)


class Search:
    """Every state of a script, each looked at once."""

    def __init__(self, every: int = 1, every_kill: int = 1) -> None:
        self.every, self.every_kill = every, every_kill
        self.counts: Counter[str] = Counter()
        self.links = True
        self._seen: set[tuple[object, ...]] = set()

    def run(self, name: str, *, again: bool = True) -> None:
        """Try all of one script. Raises BreachError."""
        before, script, recoveries = SCRIPTS[name]
        signed = before is a_signed_log
        promises = Promises(KEY.verifier if signed else None)
        self.links = name not in UNLINKED
        disk = Disk(_BARE, links=self.links)
        live(before, disk, promises, None)
        disk = Disk(disk.image(), links=self.links)
        cuts: dict[Image, Promises] = {}
        kills: list[tuple[Disk, Promises]] = []

        def watch(now: Disk) -> None:
            kills.append((now.killed(), promises.copy()))
            for image in now.cut():
                self.counts["cut"] += 1
                cuts[image] = promises.copy()
                self.look(image, promises)

        live(script, disk, promises, watch)
        self.counts["calls"] += len(kills) - 1
        if not again:
            return
        for recovery in recoveries:
            for killed, kept in itertools.islice(kills, 0, None, self.every_kill):
                self._again("killed, cut", recovery, killed.killed(), kept)
            for image, kept in itertools.islice(cuts.items(), 0, None, self.every):
                self._again("cut, cut", recovery, Disk(image, links=self.links), kept)

    def _again(self, what: str, recovery: Script, disk: Disk, promises: Promises) -> None:
        """Let the power fail at every call of a recovery."""
        kept = promises.copy()

        def watch(now: Disk) -> None:
            for image in now.cut():
                self.counts[what] += 1
                self.look(image, kept)

        live(recovery, disk, kept, watch)

    def look(self, image: Image, promises: Promises) -> None:
        """Raise BreachError if this is not what a power cut may leave; equal ones are looked at once."""
        place = (image, frozenset(promises.kept), promises.head, promises.gone, promises.key)
        if place in self._seen:
            return
        self._seen.add(place)
        self.counts["different"] += 1
        try:
            check(Disk(image, links=self.links), promises)
        except BreachError as breach:
            listing = "\n".join(
                f"    {path} {'' if data is None else data[:70]!r}"
                for path, data in sorted(image, key=lambda each: each[0])
            )
            raise BreachError(f"{breach}\n{listing}") from None


def check(disk: Disk, promises: Promises) -> None:
    """Look at a state as a new process does, then go on from it."""
    if promises.gone and any(SENSITIVE.encode() in data for _, data in disk.image() if data is not None):
        raise BreachError("a text whose erasure was acknowledged is on the disk")
    now = promises.copy()
    with Simulated(disk, now) as writer:
        _check_log(writer, promises, "after the cut", {Ruling.OK, Ruling.STALE})
        try:
            recover(writer)
        except LogError as error:
            raise BreachError(f"the log does not go on: {error.message}") from None
        _check_log(writer, now, "after the recovery", {Ruling.OK})
        if promises.pin:
            now.key = promises.key
            rotate(writer)
            _check_log(writer, now, "after another rotation", {Ruling.OK})
        sealed = writer.verify()
    if (sealed.entries, sealed.pending) != (now.head.size, 0):
        raise BreachError(f"{sealed.entries} entries and {sealed.pending} pending under a head of {now.head.size}")
    left = [path for path, _ in disk.image() if files.TEMPORARY_PREFIX in path and path.startswith(str(PLACE))]
    if left:
        raise BreachError(f"left lying: {left}")


def _check_log(writer: Writer, promises: Promises, when: str, allowed: set[Ruling]) -> None:
    outside = Outside(pins=(promises.pin,) if promises.pin else ())
    verdict = writer.verify(Level.L1, outside)
    nothing_yet = verdict.verdict is Ruling.CANNOT_JUDGE and not promises.kept
    if verdict.verdict not in allowed and not nothing_yet:
        raise BreachError(f"{when}: {verdict.verdict.value}: {verdict.problems}")
    found = {stored.entry.id: stored.leaf for stored in writer.entries()}
    lost = {name for name, each in promises.kept.items() if found.get(name) != each} - promises.erasable
    if lost:
        raise BreachError(f"{when}: {len(lost)} acknowledged entries are not there: {sorted(lost)}")
    odd = {name for name, each in found.items() if name not in promises.asked or each != leaf(promises.asked[name])}
    if odd:
        raise BreachError(f"{when}: entries that nobody wrote: {sorted(odd)}")
    if promises.head.size > writer.head().size:
        raise BreachError(f"{when}: the acknowledged head of {promises.head.size} entries is gone")


class CaseSearch:
    """Every state of what is done beside the log's own writing, each looked at once."""

    def __init__(self, every: int = 1) -> None:
        self.every = every
        self.counts: Counter[str] = Counter()
        self._seen: set[tuple[Image, bool]] = set()

    def run(self, name: str, *, again: bool = True) -> None:
        """Try all of one case. Raises BreachError."""
        case = CASES[name]
        disk = Disk(_BARE)
        self._live(disk, case.before)
        disk = Disk(disk.image())
        cuts: dict[Image, None] = {}
        kills: list[Disk] = []

        def watch(now: Disk) -> None:
            kills.append(now.killed())
            cuts.update(dict.fromkeys(self._cut("cut", now, name, done=False)))

        self._live(disk, case.act, watch)
        self._cut("cut", disk, name, done=True)
        self.counts["calls"] += len(kills)
        for act in case.then if again else ():
            for killed in kills:
                self._again("killed, cut", name, act, killed.killed())
            for image in itertools.islice(cuts, 0, None, self.every):
                self._again("cut, cut", name, act, Disk(image))

    def _again(self, what: str, name: str, act: Act, disk: Disk) -> None:
        self._live(disk, act, lambda now: self._cut(what, now, name, done=False))
        self._cut(what, disk, name, done=act is CASES[name].act)

    def _cut(self, what: str, disk: Disk, name: str, *, done: bool) -> list[Image]:
        """Look at what a cut may leave now, and return it."""
        found = list(disk.cut())
        self.counts[what] += len(found)
        for image in found:
            if (image, done) not in self._seen:
                self._seen.add((image, done))
                self.counts["different"] += 1
                self._live(Disk(image), lambda writer, image=image: CASES[name].look(writer, image, done))  # type: ignore[misc]
        return found

    def _live(self, disk: Disk, act: Act, watch: Callable[[Disk], object] | None = None) -> None:
        disk.watch = watch
        with Simulated(disk, Promises()) as writer, rooms(writer):
            act(writer)


# ---- mutants: one call that forces something is left out ----


class Forgetful(ast.NodeTransformer):
    """Takes the statement away in which one forcing call stands."""

    def __init__(self, line: int) -> None:
        self.line = line

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Return the statement, or one that does nothing."""
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.line and _forces(node) else node


def _forces(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    name = call.func if isinstance(call, ast.Call) else None
    return (isinstance(name, ast.Attribute) and name.attr in _FORCING) or (
        isinstance(name, ast.Name) and name.id in _FORCING
    )


def mutants() -> Iterator[tuple[str, FunctionType, CodeType]]:
    """Yield (place, function, the function's code without one forcing call) for the log's rooms of the disk."""
    for module in (files, journals, keys):
        source = inspect.getsource(module)
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Expr) or not _forces(node):
                continue
            tree = ast.fix_missing_locations(Forgetful(node.lineno).visit(ast.parse(source)))
            mutated = compile(tree, module.__file__ or "", "exec")
            for function in _functions(module):
                own = {line for _, _, line in function.__code__.co_lines()}
                room = module.__name__.rpartition(".")[2] + "." + function.__qualname__.partition(".")[0]
                if node.lineno in own and room not in _OTHERS:
                    yield f"{module.__name__}.{function.__qualname__}:{node.lineno}", function, _code(mutated, function)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for holder in (module, *(each for each in vars(module).values() if inspect.isclass(each))):
        for each in vars(holder).values():
            plain = inspect.unwrap(each) if callable(each) else each
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                yield plain


def _code(module: CodeType, function: FunctionType) -> CodeType:
    todo = [module]
    while todo:
        code = todo.pop()
        if code.co_qualname == function.__qualname__:
            return code
        todo += [each for each in code.co_consts if isinstance(each, CodeType)]
    raise LookupError(function.__qualname__)


def caught(every: int, *, of_keys: bool = False) -> str | None:
    """Return the first breach of any script or case, or None; `of_keys` begins with those that write keys."""
    order = sorted((*SCRIPTS, *CASES), key=lambda name: name not in _OF_KEYS) if of_keys else (*SCRIPTS, *CASES)
    for again, name in itertools.product((False, True), order):
        try:
            search(name, every).run(name, again=again)
        except BreachError as breach:
            return f"{name}: {str(breach).partition(chr(10))[0][:90]}"
        except Exception as error:  # noqa: BLE001 - a mutant may break anything
            return f"{name}: {type(error).__name__}: {error}"
    return None


def search(name: str, every: int) -> Search | CaseSearch:
    """Return the search that a script or a case takes."""
    return Search(every) if name in SCRIPTS else CaseSearch(every)


def main() -> int:
    """Run everything and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--every", type=int, default=1, help="in the second round begin at every Nth state (default: 1)"
    )
    parser.add_argument("--mutants", action="store_true", help="leave out each forcing call and see that it is caught")
    parser.add_argument(
        "scripts", nargs="*", default=[*SCRIPTS, *CASES], help=f"which of: {', '.join([*SCRIPTS, *CASES])}"
    )
    chosen = parser.parse_args()
    failed = False
    total: Counter[str] = Counter()
    for name in chosen.scripts:
        start = time.perf_counter()
        found = search(name, chosen.every)
        try:
            found.run(name)
        except BreachError as breach:
            failed = True
            print(f"{name}: FAILED: {breach}")
        counts = found.counts
        total += counts
        print(f"{name}: {counts['calls']} calls; states: {counts['cut']} after a cut, {counts['cut, cut']} after a cut "
              f"in a recovery from it, {counts['killed, cut']} after a cut in a recovery from a kill; "
              f"{counts['different']} different ones looked at; {time.perf_counter() - start:.0f} s")  # fmt: skip
    states = total["cut"] + total["cut, cut"] + total["killed, cut"]
    print(f"in all: {states} states, {total['different']} different, {'FAILED' if failed else '0 failures'}")
    if chosen.mutants:
        for place, function, code in mutants():
            whole = function.__code__
            function.__code__ = code
            try:
                noticed = caught(max(chosen.every, 10), of_keys=".keys." in place)
            finally:
                function.__code__ = whole
            failed = failed or noticed is None
            print(f"without {place}: {noticed or 'NOT CAUGHT'}", flush=True)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
