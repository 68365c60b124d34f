"""When two branches both sealed: the trunk's log stands, and what only the other side sealed waits again.

An entry that names a head the trunk never had gets the trunk's head instead, and an amendment follows its parent's
new bytes; ids, times, salts and bodies stay. Pure: entries in, entries out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import structs

from afterbell.log import checkpoint as checkpoints
from afterbell.log.checkpoint import Head
from afterbell.log.entry import Entry, Parent, encode, leaf_hex


def requeue(
    ours: Iterable[Entry], trunk_ids: Collection[str], trunk_heads: Collection[Head], newest: Head
) -> tuple[Entry, ...]:
    """Return our entries that the trunk lacks, in their order, as they wait to be sealed on the trunk."""
    moved: dict[str, str] = {}
    waiting = []
    for entry in ours:
        if entry.id in trunk_ids:
            continue
        known = entry.after == checkpoints.EMPTY_HEAD or entry.after in trunk_heads
        made = entry if known else structs.replace(entry, after=newest)
        if made.parent is not None and made.parent.id in moved:
            made = structs.replace(made, parent=Parent(id=made.parent.id, leaf=moved[made.parent.id]))
        moved[made.id] = leaf_hex(encode(made))
        waiting.append(made)
    return tuple(waiting)
