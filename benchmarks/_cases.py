"""What else must survive a power cut beside the log's own writing, for `crash.py`.

Another history taken in, the pages for people, a log's first key: each case says what may lie there after a cut, and
that doing it again mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from msgspec import Struct

from _power import Disk, Image
from _scripts import HOUSE, ORIGIN, PLACE, SENSITIVE, BreachError, Writer, made
from afterbell.disk import keys, last_pages
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.errors import UsageError
from afterbell.log import entry
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.outside import Outside
from afterbell.log.requeue import requeue
from afterbell.log.special import Erasure
from afterbell.log.verdict import Level, Ruling
from afterbell.model.body import body
from afterbell.model.record import Addendum, Record
from afterbell.model.vocabulary import RecordStatus
from afterbell.render import pages as rendered
from afterbell.steps import key, pages, records, seal

RECORDS = PLACE / "records"
WHEN = datetime(2026, 1, 5, 14, tzinfo=UTC)


class Case(Struct, frozen=True, kw_only=True):
    """What comes before, what is watched, what may follow a cut, and a look at what is left.

    The look's last argument says whether what was watched had ended: then what it said holds.
    """

    before: Callable[[Writer], None]
    act: Callable[[Writer], None]
    then: tuple[Callable[[Writer], None], ...]
    look: Callable[[Writer, Image, bool], None]


# ---- another history is taken in ----


def _both_sealed(writer: Writer) -> None:
    """Seal three entries together and three more on a branch of our own; the trunk's is made beside it."""
    for number in range(3):
        writer.append(made(number))
    writer.seal(ORIGIN)
    for number in range(3, 9):
        writer.append(made(number))
    writer.seal(ORIGIN)
    writer.append(made(9))


def _trunk() -> tuple[dict[str, bytes], tuple[Entry, ...], Head]:
    """Return the trunk's files, and its entries, and its newest head: the same first three, then others."""
    disk = Disk(frozenset({(str(HOUSE), None)}))
    log = Journal(PLACE, disk)
    for number in (0, 1, 2):
        log.append(made(number))
    log.seal(ORIGIN)
    for number in (20, 21):
        log.append(made(number))
    log.seal(ORIGIN)
    log.append(made(22))
    sealed = {path.removeprefix(f"{PLACE}/"): data for path, data in disk.image() if data is not None}
    kept = {name: data for name, data in sealed.items() if name.startswith(("log/", "heads/", "pending/", "checkpoint"))
            and not name.endswith(".settled")}  # fmt: skip
    return kept, tuple(stored.entry for stored in log.entries()), log.head()


def _adopt(writer: Writer) -> None:
    sealed, theirs, newest = _trunk()
    ours = [made(number) for number in range(10)]
    heads = [EMPTY_HEAD, newest]
    writer.adopt(sealed, requeue(ours, {each.id for each in theirs}, heads, newest))


def _look_adopted(writer: Writer, image: Image, done: bool) -> None:
    wanted = {made(number).id for number in (*range(10), 20, 21, 22)}
    ours = {made(number).id for number in range(10)}
    text = b"".join(data for _, data in image if data is not None)
    if lost := {name for name in ours if name.encode() not in text}:
        raise BreachError(f"entries of ours are nowhere: {sorted(lost)}")
    if not done:
        _adopt(writer)
    verdict = writer.verify()
    if verdict.verdict not in {Ruling.OK, Ruling.STALE}:
        raise BreachError(f"what was taken in does not verify: {verdict.problems[:2]}")
    writer.seal(ORIGIN)
    found = {stored.entry.id for stored in writer.entries()}
    if found != wanted or writer.verify().verdict is not Ruling.OK:
        raise BreachError(f"missing: {wanted - found}; odd: {found - wanted}; {writer.verify()}")


# ---- pages ----


def _record(number: int, summary: str) -> Entry:
    record = Record(
        id=made(number).id,
        created=WHEN,
        status=RecordStatus.INCOMPLETE,
        summary=summary,
    )
    return made(number, **body(record))


def _some_pages(writer: Writer) -> None:
    for number in range(4):
        writer.append(_record(number, SENSITIVE if number == 1 else f"loss {number}"))
    writer.seal(ORIGIN)
    pages.write(House(HOUSE))


def _new_pages(writer: Writer) -> None:
    """Seal a record, an addendum and an erasure, and write the pages."""
    first, secret = _record(0, "loss 0"), _record(1, SENSITIVE)
    addendum = Addendum(id=made(5).id, parent_id=first.id, created=WHEN, role="facilitator", note="A replay.")
    gone = Erasure(id=secret.id, leaf=entry.leaf_hex(entry.encode(secret)), reason="personal data")
    parent = Parent(id=first.id, leaf=entry.leaf_hex(entry.encode(first)))
    there = {stored.entry.id for stored in writer.entries()}
    for item in (
        _record(4, "one more"),
        made(5, EntryType.AMENDMENT, parent, **body(addendum)),
        made(6, EntryType.ERASURE, id=gone.id, leaf=gone.leaf, reason=gone.reason),
    ):
        if item.id not in there:
            writer.append(item)
    writer.seal(ORIGIN)
    pages.write(House(HOUSE))


def _look_pages(writer: Writer, image: Image, done: bool) -> None:
    lying = {Path(path).name: data for path, data in image if data is not None and Path(path).parent == RECORDS}
    for name, data in lying.items():
        if name.endswith(".md") and not data.endswith(b"`afterbell verify`.\n"):
            raise BreachError(f"a page that is not whole: {name}: {data[-40:]!r}")
    if done and any(SENSITIVE.encode() in data for _, data in image if data is not None):
        raise BreachError("the text of an erased record is on the disk")
    if done and {name: data for name, data in lying.items() if name.endswith(".md")} != _whole(writer):
        raise BreachError("pages that were written are not there")
    _new_pages(writer)
    after = {Path(path).name: data for path, data in writer.disk.image() if data and Path(path).parent == RECORDS}
    if after != _whole(writer):
        whole = _whole(writer)
        odd = sorted(name for name in after.keys() | whole.keys() if after.get(name) != whole.get(name))
        raise BreachError(f"after another seal the pages are not those of the log: {odd}")


def _whole(writer: Writer) -> dict[str, bytes]:
    found = [rendered.page(each.view) for each in records.sealed(writer, writer.head().size)]
    texts = {page.name: page.text for page in found} | {rendered.INDEX: rendered.index(page.row for page in found)}
    return {name: text.encode() for name, text in texts.items()}


# ---- the first key ----


def _no_key(writer: Writer) -> None:
    writer.append(_record(0, "loss 0"))


def _seal_house(_writer: Writer) -> None:
    seal.seal(House(HOUSE))


def _new_key(writer: Writer) -> None:
    """Make a key, and believe what the answer says: that there is one."""
    try:
        key.new(House(HOUSE))
    except UsageError as error:
        if "already" not in error.message:
            raise
    writer.promises.key = keys.pins(ORIGIN)[0] if keys.pins(ORIGIN) else None


def _look_key(writer: Writer, _image: Image, done: bool) -> None:
    held, pinned = keys.signer(ORIGIN), keys.pins(ORIGIN)
    if done and (held is None or pinned != (held.verifier,)):
        raise BreachError(f"a key that was made is not there, or is not pinned: {held}, {pinned}")
    if pinned and (held is None or pinned != (held.verifier,)):
        raise BreachError("a key is pinned that is not there")
    head = writer.checkpoint()
    if head is not None and head.signatures and held is None:
        raise BreachError("the log is signed by a key that is gone")
    _new_key(writer)
    now = keys.signer(ORIGIN)
    if now is None or keys.pins(ORIGIN) != (now.verifier,):
        raise BreachError("making a key again left none, or left it without its pin")
    if held is not None and now != held:
        raise BreachError("another key was made in the place of one that was there")
    seal.seal(House(HOUSE))
    verdict = writer.verify(Level.L2, Outside(pins=keys.pins(ORIGIN)))
    if verdict.verdict is not Ruling.OK:
        raise BreachError(f"what the key signed does not hold: {verdict.problems[:2]}")


CASES = {
    "adopt": Case(before=_both_sealed, act=_adopt, then=(_adopt,), look=_look_adopted),
    "pages": Case(before=_some_pages, act=_new_pages, then=(_new_pages,), look=_look_pages),
    "first key": Case(before=_no_key, act=_new_key, then=(_new_key, _seal_house), look=_look_key),
}


@contextmanager
def rooms(writer: Writer) -> Iterator[None]:
    """Put a simulated writer where the steps ask for the house's log."""
    with (
        mock.patch.object(pages, "journal", return_value=writer),
        mock.patch.object(records, "journal", return_value=writer),
        mock.patch.object(seal, "journal", return_value=writer),
        mock.patch.object(key, "origin_of", return_value=ORIGIN),
        mock.patch.object(seal, "origin_of", return_value=ORIGIN),
        mock.patch.object(last_pages, "_path", return_value=Path("/cache/pages")),
    ):
        yield
