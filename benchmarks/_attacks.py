"""Two logs to attack, the specification's and ours, and what each reader says about them: for `attacks.py`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import guard, note, quorum, tree
from afterbell.log.checkpoint import Checkpoint, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.note import KeyType, Signer
from afterbell.log.outside import Outside, Remembered
from afterbell.log.verdict import NOTED, Level, Ruling

ORIGIN = "example.com/log"
KEY = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([1]) * 32)
NEXT = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([2]) * 32)
STRANGER = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([3]) * 32)
WITNESS = Signer(name="witness.example/w", type=KeyType.COSIGNATURE, seed=bytes([4]) * 32)
SEGMENT = "log/000000.jsonl"
DAY = 86_400
NOW = 1_767_600_000
HEADS = {3: NOW - 60 * DAY, 4: NOW - 30 * DAY, 12: NOW - DAY}
"""The sizes of the heads, and when the witness saw each."""
PENDING = 12


def name(number: int) -> str:
    return entries.uuid7(number, bytes(10))


class Spec:
    """The specification's module: a file of records, appended to after a check of the ids, and a file of amendments."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.records, self.amendments = directory / "log.jsonl", directory / "amendments.jsonl"

    @classmethod
    def built(cls, directory: Path) -> Self:
        """Twelve records, the sixth of them amended."""
        made = cls(directory)
        directory.mkdir(parents=True)
        for number in range(12):
            made.append(number)
        made.amend(name(5))
        return made

    def copied(self, directory: Path) -> Self:
        shutil.copytree(self.directory, directory)
        return type(self)(directory)

    def append(self, number: int) -> None:
        """Add a record. Raises ValueError for an id that is in the file, and for a line that is no JSON."""
        known = set()
        if self.records.exists():
            with self.records.open(encoding="utf-8") as lines:
                known = {json.loads(line)["id"] for line in lines if line.strip()}
        if name(number) in known:
            raise ValueError("this id exists already")
        self._add(self.records, {"id": name(number), "summary": f"event {number}"})

    def amend(self, parent: str) -> None:
        """Add an amendment; whether there is such a parent is not asked."""
        self._add(self.amendments, {"parent_id": parent, "note": "a replay shows more"})

    def _add(self, path: Path, value: dict[str, str]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(value, ensure_ascii=False) + "\n")

    def complaint(self) -> str:
        """Return what the next append and amendment would raise, "" for nothing."""
        try:
            self.append(50)
            self.amend(name(1))
        except (ValueError, KeyError, TypeError) as error:
            return type(error).__name__
        return ""

    def lines(self) -> list[bytes]:
        return self.records.read_bytes().splitlines(keepends=True)

    def put(self, lines: Iterable[bytes]) -> None:
        self.records.write_bytes(b"".join(lines))

    def fresh(self, number: int) -> bytes:
        return json.dumps({"id": name(number), "summary": f"event {number}"}).encode() + b"\n"


class Ours:
    """A signed and witnessed log: twelve entries under three heads, entry 8 amends entry 5, and one entry waits."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.journal = Journal(directory)

    @classmethod
    def built(cls, directory: Path) -> Self:
        made = cls(directory)
        for number in range(12):
            parent = None
            if number == 8:  # noqa: PLR2004 - the one amendment
                found = made.journal.find(name(5))
                parent = Parent(id=name(5), leaf=found.leaf) if found else None
            made.journal.append(made.entry(number, parent))
            if number + 1 in HEADS:
                made.seal(at=HEADS[number + 1])
        made.journal.append(made.entry(PENDING))
        return made

    def copied(self, directory: Path) -> Self:
        shutil.copytree(self.directory, directory)
        return type(self)(directory)

    def entry(self, number: int, parent: Parent | None = None, text: str = "") -> Entry:
        return Entry(
            type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
            id=name(number),
            created="2026-01-05T14:00:00Z",
            actor="system operator",
            after=self.journal.head(),
            parent=parent,
            salt=f"{number:032x}",
            body={"summary": text or f"event {number}"},
        )

    def seal(self, *keys: Signer, at: int | None = None) -> None:
        """Seal; a witness that saw the head `at` this time adds its line."""
        self.journal.seal(ORIGIN, *(keys or (KEY,)))
        if at is not None:
            self.sign(WITNESS, at)

    def sign(self, key: Signer, at: int | None = None) -> None:
        """Add a signature to the checkpoint and to its kept head."""
        current = self.checkpoint()
        line = note.sign(checkpoints.text(current), key, at)
        self.tell(msgspec.structs.replace(current, signatures=(*current.signatures, line)))

    def checkpoint(self) -> Checkpoint:
        return checkpoints.parse(self.path("checkpoint").read_bytes())

    def tell(self, checkpoint: Checkpoint) -> None:
        data = checkpoints.encode(checkpoint)
        self.path("checkpoint").write_bytes(data)
        self.path(f"heads/{checkpoint.head.size}.ckpt").write_bytes(data)

    def forge(self, *sizes: int, key: Signer | None = None) -> None:
        """Make heads of these sizes anew for the lines as they are, signed by a key that the forger has."""
        for size in sizes:
            root = tree.root(tree.leaf_hash(line[:-1]) for line in self.lines()[:size])
            made = Checkpoint(origin=ORIGIN, head=Head(size=size, root=root.hex()))
            signed = (note.sign(checkpoints.text(made), key),) if key else ()
            self.tell(msgspec.structs.replace(made, signatures=signed))

    def path(self, inside: str) -> Path:
        return self.directory / inside

    def lines(self) -> list[bytes]:
        return self.path(SEGMENT).read_bytes().splitlines(keepends=True)

    def put(self, lines: Iterable[bytes]) -> None:
        self.path(SEGMENT).write_bytes(b"".join(lines))

    def fresh(self, number: int) -> bytes:
        """Return the line of an entry that was never filed."""
        return entries.encode(self.entry(number)) + b"\n"

    def drop_pending(self) -> None:
        shutil.rmtree(self.path("pending"))

    def rolled_back(self) -> None:
        """Bring every file back to what it was at the head of size 4."""
        self.drop_pending()
        self.put(self.lines()[:4])
        self.path("heads/12.ckpt").unlink()
        self.path("checkpoint").write_bytes(self.path("heads/4.ckpt").read_bytes())

    def begun_again(self, key: Signer | None) -> None:
        """Write another history from its first entry on; only a log's key signs like the log."""
        shutil.rmtree(self.directory)
        for number in range(14):
            self.journal.append(self.entry(number, text="nothing happened"))
        self.journal.seal(ORIGIN, *((key,) if key else ()))

    def judged(self, level: Level, before: Ours) -> str:
        """Return why a reader of this level does not pass the log, "" when it does."""
        verdict = self.journal.verify(level, self._outside(level, before))
        if verdict.verdict is Ruling.OK:
            return ""
        return next(problem.code.value for problem in verdict.problems if problem.code not in NOTED)

    def _outside(self, level: Level, before: Ours) -> Outside:
        pins = (KEY.verifier,) if level > Level.L1 else ()
        if level is Level.L3:
            return Outside(pins=pins, remembered=(Remembered(where="memory", checkpoint=before.checkpoint()),))
        if level is Level.L4:
            policy = f"witness w {WITNESS.verifier}\nquorum w\n".encode()
            # L4 rests on L3, and this reader remembers nothing: what the log itself says is no memory.
            own = self._own()
            return Outside(pins=pins, remembered=own, quorum=quorum.parse(policy), not_before=NOW - 7 * DAY)
        return Outside(pins=pins)

    def _own(self) -> tuple[Remembered, ...]:
        try:
            return (Remembered(where="the log's own head", checkpoint=self.checkpoint()),)
        except (OSError, LogError):
            return ()

    def guarded(self, before: Ours) -> str:
        """Return why the guard on the trunk refuses the change, "" when it lets it pass."""
        problems = guard.judge(before.state(), self.state())
        return problems[0].code.value if problems else ""

    def state(self) -> guard.State:
        """Return the log's files as a commit would hold them."""
        found = {}
        for path in self.directory.rglob("*") if self.directory.is_dir() else ():
            inside = path.relative_to(self.directory).as_posix()
            if path.is_file() and not path.name.startswith(".") and path.name != "journal.lock":
                with path.open("rb") as file:
                    found[inside] = file.read(20_000_000)
        contents = {hashlib.sha256(data).hexdigest(): data for data in found.values()}
        ids = {inside: hashlib.sha256(data).hexdigest() for inside, data in found.items()}
        return guard.State(ids, contents.__getitem__)
