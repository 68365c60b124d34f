"""What the log's writer does while the power is cut, and what it promised: for `crash.py`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from _power import Disk
from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.errors import LogError
from afterbell.log import entry
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.examine import Waiting
from afterbell.log.note import KeyType, Signer, Verifier
from afterbell.steps import key

ORIGIN = "example.com/log"
HOUSE = Path("/house")
PLACE = HOUSE / "postmortems"
KEY = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([7]) * 32)
SENSITIVE = "SYNTHETIC-SECRET"


class BreachError(Exception):
    """A state that the log must not be in."""


class Promises:
    """What the writer was asked for, and what it acknowledged."""

    def __init__(self, pin: Verifier | None = None) -> None:
        self.pin = pin
        self.asked: dict[str, Entry] = {}
        self.kept: dict[str, str] = {}
        self.head: Head = EMPTY_HEAD
        self.erased: frozenset[str] = frozenset()
        self.erasable: frozenset[str] = frozenset()
        self.gone = False
        self.key: Verifier | None = None

    def copy(self) -> Promises:
        other = Promises(self.pin)
        other.asked, other.kept, other.head = dict(self.asked), dict(self.kept), self.head
        other.erased, other.erasable, other.gone, other.key = self.erased, self.erasable, self.gone, self.key
        return other


class Writer(Journal):
    """A journal whose promises are written down."""

    def __init__(self, disk: Disk, promises: Promises) -> None:
        super().__init__(PLACE, disk)
        self.disk = disk
        self.promises = promises
        self.later: Callable[[Disk], None] | None = None

    def _extend(self, size: int, fresh: tuple[Waiting, ...]) -> None:
        self.disk.watch = self.later or self.disk.watch
        super()._extend(size, fresh)

    def append(self, item: Entry) -> Stored:
        self.promises.asked[item.id] = item
        if item.type is EntryType.ERASURE:
            self.promises.erasable |= {str(item.body["id"])}
        try:
            stored = super().append(item)
        except LogError as error:
            if "already exists" in error.message:  # it is there, we are told, and that is a promise too
                self._acknowledged(item)
            raise
        self._acknowledged(item)
        return stored

    def _acknowledged(self, item: Entry) -> None:
        self.promises.kept[item.id] = leaf(item)
        if item.type is EntryType.ERASURE:
            self.promises.erased |= {str(item.body["id"])}

    def seal(self, origin: str, *signers: Signer) -> Head:
        self.promises.head = super().seal(origin, *signers)
        self.promises.gone = bool(self.promises.erased)  # every script seals what it erases at once
        return self.promises.head


def leaf(item: Entry) -> str:
    return entry.leaf_hex(entry.encode(item))


def made(number: int, kind: EntryType = EntryType.POSTMORTEM, parent: Parent | None = None, **body: object) -> Entry:
    return Entry(
        type=kind,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        parent=parent,
        salt=f"{number:032x}",
        body=body or {"number": number},
    )


# ---- what the writer does; each begins on the disk that `before` left ----


def nothing(_writer: Writer) -> None:
    """Begin with an empty disk."""


def append(writer: Writer) -> None:
    for number in range(3):
        writer.append(made(number))


def record(number: int) -> Entry:
    return made(number, text=SENSITIVE if number == 1 else "plain")


def six(writer: Writer) -> None:
    for number in range(6):
        writer.append(record(number))


def seal_only(writer: Writer) -> None:
    writer.seal(ORIGIN, *(keys.signers(ORIGIN) if writer.promises.pin else ()))


def a_log(writer: Writer) -> None:
    six(writer)
    writer.seal(ORIGIN)


def seal(writer: Writer) -> None:
    """Seal more than two segments, then on into the last of them."""
    for number in range(100, 106):
        writer.append(made(number))
    writer.seal(ORIGIN)
    writer.append(made(106))
    writer.seal(ORIGIN)


def amend(writer: Writer) -> None:
    item = made(200, EntryType.AMENDMENT, Parent(id=made(0).id, leaf=leaf(record(0))))
    stored = writer.append(item)
    writer.append(made(201, EntryType.AMENDMENT, Parent(id=item.id, leaf=stored.leaf)))
    writer.seal(ORIGIN)


def erase(writer: Writer, *targets: int) -> None:
    """Erase entries of two segments in one seal."""
    for target in targets or (1, 5):
        named = record(target)
        writer.append(made(300 + target, EntryType.ERASURE, id=named.id, leaf=leaf(named), reason="a secret"))
    writer.append(made(302))
    writer.seal(ORIGIN)


def erase_one(writer: Writer) -> None:
    """Erase what a seal that died may have left in two places."""
    if writer.find(made(1).id) is not None and not writer.promises.erased:
        erase(writer, 1)


def pull(writer: Writer) -> None:
    """Seal what git laid there, which forces nothing: from the first new line on, the seal answers for it."""
    watch, writer.disk.watch = writer.disk.watch, None
    for number in range(400, 402):
        item = made(number)
        writer.promises.asked[item.id] = item
        writer.disk.write(
            writer.disk.create(PLACE / "pending" / f"{item.id}.json"), memoryview(entry.encode(item) + b"\n")
        )
    writer.later = watch
    writer.seal(ORIGIN)
    writer.promises.kept |= {made(number).id: leaf(made(number)) for number in range(400, 402)}


def a_signed_log(writer: Writer) -> None:
    keys.store(KEY)
    for number in range(3):
        writer.append(made(number))
    writer.seal(ORIGIN, KEY)


def rotate(writer: Writer) -> None:
    made_key = key.rotate(House(HOUSE)).verifier
    if made_key == writer.promises.key:
        raise BreachError("a rotation gave the key that the one before gave")
    writer.promises.key = made_key


def retry(writer: Writer) -> None:
    """Ask for the last entry once more."""
    asked = writer.promises.asked
    if asked:
        with contextlib.suppress(LogError):
            writer.append(list(asked.values())[-1])


def recover(writer: Writer) -> None:
    """Go on as a user would: ask for the last entry once more, add another, seal."""
    retry(writer)
    writer.append(made(900 + len(writer.promises.asked)))
    seal_only(writer)


Script = Callable[[Writer], None]
SCRIPTS: dict[str, tuple[Script, Script, tuple[Script, ...]]] = {
    "append": (nothing, append, (retry, recover)),
    "first seal": (six, seal_only, (seal_only, erase_one)),
    "seal": (a_log, seal, (retry, seal_only, recover)),
    "append without links": (nothing, append, (retry, recover)),
    "seal without links": (a_log, seal, (seal_only, recover)),
    "amend": (a_log, amend, (seal_only, recover)),
    "erase": (a_log, erase, (seal_only, recover)),
    "pull": (a_log, pull, (seal_only,)),
    "rotate": (a_signed_log, rotate, (seal_only, rotate)),
}
"""Name -> what comes before, what is watched, and the recoveries in which the power fails again."""

UNLINKED = frozenset({"append without links", "seal without links"})
"""Those whose disk gives no file a second name."""
