"""When two branches both sealed: the trunk's log stands, and what only the other side sealed waits again.

An entry that names a head the trunk never had gets the trunk's head instead, and what speaks of an entry follows that
entry's new bytes; ids, times, salts and the rest of the bodies stay. Pure: entries in, entries out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import structs

from afterbell.log import checkpoint as checkpoints
from afterbell.log import special
from afterbell.log.checkpoint import Head
from afterbell.log.entry import Entry, Parent, encode, leaf_hex


def requeue(
    ours: Iterable[Entry], trunk_ids: Collection[str], trunk_heads: Collection[Head], newest: Head
) -> tuple[Entry, ...]:
    """Return our entries that the trunk lacks as they wait to be sealed on the trunk, each after what it speaks of.

    An entry that was erased here and that the trunk never had cannot be carried over: what amends it, and its erasure,
    are left out with it. `trunk_ids` are the ids of all entries of the trunk, erased ones too.
    """
    waiting: dict[str, Entry] = {}
    rest = [entry for entry in ours if entry.id not in trunk_ids]
    before = -1
    while len(rest) != before:
        before, later = len(rest), []
        for entry in rest:
            about = _about(entry)
            if about is None or about in trunk_ids or about in waiting:
                waiting[entry.id] = _moved(entry, waiting.get(about or ""), trunk_heads, newest)
            else:
                later.append(entry)
        rest = later
    return tuple(waiting.values())


def _about(entry: Entry) -> str | None:
    """Return the id of the entry that this one amends or erases."""
    if entry.parent is not None:
        return entry.parent.id
    gone = special.erasure(entry)
    return None if gone is None else gone.id


def _moved(entry: Entry, target: Entry | None, trunk_heads: Collection[Head], newest: Head) -> Entry:
    known = entry.after == checkpoints.EMPTY_HEAD or entry.after in trunk_heads
    made = entry if known else structs.replace(entry, after=newest)
    if target is None:
        return made
    leaf = leaf_hex(encode(target))
    if entry.parent is not None:
        return structs.replace(made, parent=Parent(id=target.id, leaf=leaf))
    return structs.replace(made, body=made.body | {"leaf": leaf})
