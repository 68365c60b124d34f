"""The records of a house as the log holds them: each with its place, its addenda, and how it reads now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from msgspec import Struct

from afterbell import canon
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.errors import LogError, UsageError
from afterbell.log.checkpoint import Head
from afterbell.log.entry import EntryType
from afterbell.model.amendment import Amended, amended
from afterbell.model.body import addendum_from_body, from_body
from afterbell.model.record import Addendum, Record

_SHORTEST = 4
_SIGNED = "\u2014 "  # what a signature line of a note begins with


class Filed(Struct, frozen=True, kw_only=True):
    """A record in its place in the log, and the addenda that came after it, in the order of the log."""

    stored: Stored
    record: Record
    addenda: tuple[Addendum, ...] = ()

    @property
    def view(self) -> Amended:
        """The record as it reads now, each addendum at the field it corrects."""
        return amended(self.record, self.addenda)


def journal(house: House) -> Journal:
    """Return the house's log."""
    return Journal(house.postmortems)


def filed(house: House) -> tuple[Filed, ...]:
    """Return every record in the order of the log. Raises LogError at an entry that cannot be read."""
    return tuple(_filed(journal(house).entries()))


def sealed(log: Journal, size: int, ids: Collection[str] | None = None) -> Iterator[Filed]:
    """Yield the records among the first `size` entries of a log, with the addenda among them, in the order of the log.

    With `ids` only these records are looked up.
    """
    if ids is None:
        yield from _filed(stored for stored in log.since(0) if _below(stored, size))
        return
    found = {stored.entry.id: stored for name in ids for stored in log.mentioning("id", name) if _below(stored, size)}
    for each in _filed(sorted(found.values(), key=lambda stored: stored.index or 0)):
        if each.record.id in ids:
            yield each


def named(log: Journal, ids: Iterable[str]) -> Iterator[Filed]:
    """Yield the records with these ids, sealed or pending, with their addenda; unknown ids are passed over."""
    for name in ids:
        for each in _filed(log.mentioning("id", name)):
            if each.record.id == name:
                yield each


def state(house: House) -> str:
    """Return a digest that changes whenever something is added to the log, or anything in its files is changed."""
    stamps = [sorted(files.stamps(house.postmortems / name).items()) for name in ("log", "pending", "heads")]
    return canon.sha256_hex(repr((journal(house).state(), stamps)).encode())


def _below(stored: Stored, size: int) -> bool:
    return stored.index is not None and stored.index < size


def _filed(entries: Iterable[Stored]) -> Iterator[Filed]:
    records: dict[str, tuple[Stored, Record]] = {}
    addenda: dict[str, list[Addendum]] = {}
    for stored in entries:
        if stored.entry.type is EntryType.POSTMORTEM:
            records[stored.entry.id] = (stored, from_body(stored.entry.body))
        elif stored.entry.type is EntryType.AMENDMENT and stored.entry.parent is not None:
            addenda.setdefault(stored.entry.parent.id, []).append(addendum_from_body(stored.entry.body))
    for name, (stored, record) in records.items():
        yield Filed(stored=stored, record=record, addenda=tuple(sorted(addenda.get(name, ()), key=_written)))


def _written(addendum: Addendum) -> tuple[str, str]:
    return addendum.created.isoformat(), addendum.id


def find(house: House, text: str) -> Filed:
    """Return the one record whose id begins with `text`. Raises UsageError when there is none or more than one."""
    found = list(matching(house, text))
    if not found:
        raise UsageError(f"no record {text!r} in this house", "afterbell log lists them")
    if len(found) > 1:
        raise UsageError(f"{text!r} fits {len(found)} records", "give more of the id")
    return found[0]


def matching(house: House, text: str) -> Iterator[Filed]:
    """Yield the records whose id begins with `text` (at least four characters); of a whole id that one alone."""
    log = journal(house)
    if whole := next(named(log, [text]), None):
        yield whole
        return
    words = dict.fromkeys((text, text.lower()))
    found = {stored.entry.id: stored for word in words for stored in log.mentioning("id", word, beginning=True)}
    for each in _filed(found.values()):
        if len(text) >= _SHORTEST and each.record.id.startswith(text.lower()):
            yield each


def of_event(house: House, event_id: str) -> tuple[str, ...]:
    """Return the ids of the records that tell of an event; none for an empty id."""
    return tuple(telling_of(journal(house), event_id))


def telling_of(log: Journal, event_id: str) -> Iterator[str]:
    """Yield the ids of a log's records that tell of an event; none for an empty id."""
    for stored in log.mentioning("event_id", event_id) if event_id else ():
        if stored.entry.type is EntryType.POSTMORTEM and stored.entry.body.get("event_id") == event_id:
            yield stored.entry.id


class Standing(Struct, frozen=True, kw_only=True):
    """Where an entry lies: pending, or sealed under the newest head; `counted_by` is the first head that counts it.

    `head` has its size and root over all entries, None before the first seal. `signed_by` are the names of the keys
    that signed the newest head, as its lines say: whether a signature holds, verify tells.
    """

    sealed: bool
    head: Head | None
    counted_by: int | None
    signed_by: tuple[str, ...] = ()


def standing(house: House, stored: Stored) -> Standing:
    """Return where an entry lies, as the log's files say; it verifies nothing."""
    current = None
    with suppress(LogError):
        current = journal(house).checkpoint()
    index = stored.index
    if current is None or index is None or index >= current.head.size:
        return Standing(sealed=False, head=current.head if current else None, counted_by=None)
    sizes = (name.removesuffix(".ckpt") for name in files.names(house.postmortems / "heads"))
    counting = [int(size) for size in sizes if size.isdecimal() and int(size) > index]
    signers = dict.fromkeys(line.removeprefix(_SIGNED).partition(" ")[0] for line in current.signatures)
    return Standing(
        sealed=True, head=current.head, counted_by=min(counting, default=current.head.size), signed_by=tuple(signers)
    )


def place(stored: Stored) -> str:
    """Return where an entry lies, for people."""
    if stored.index is None:
        return f"{stored.where} (pending: not sealed yet)"
    return f"{stored.where}, entry {stored.index}"
