"""Erase: takes the text of a sealed entry away and leaves a visible hole: its leaf hash stays, a reason is filed.

For a leaked secret or a legal duty. Copies elsewhere (git's history, clones) are not reached; the hint says so.
"""

from __future__ import annotations

from msgspec import Struct

from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.errors import LogError, UsageError
from afterbell.log.entry import EntryType
from afterbell.log.special import ERASABLE, Erasure
from afterbell.steps import seal
from afterbell.steps.entries import FACILITATOR, add_special
from afterbell.steps.records import journal


class Erased(Struct, frozen=True, kw_only=True):
    """The erased entry as it lay, and the entry that says why."""

    target: Stored
    erasure: Stored


def erase(house: House, entry_id: str, reason: str, *, role: str = FACILITATOR) -> Erased:
    """Erase a sealed record or amendment by its whole id, and seal. The hole is shown by every later verify.

    Raises UsageError without a reason, LogError when no such entry is sealed or it speaks of the log itself.
    """
    if not reason.strip():
        raise UsageError("an erasure needs a reason", "it is filed in the place of the text")
    log = journal(house)
    target = log.find(entry_id)
    if target is None or target.index is None:
        raise LogError(f"no sealed entry {entry_id}", "give the whole id; pending entries are sealed first")
    if target.entry.type not in ERASABLE:
        raise LogError(f"entry {entry_id} speaks of the log itself", "only records and amendments can be erased")
    body = Erasure(id=entry_id, leaf=target.leaf, reason=reason.strip())
    stored = add_special(log, EntryType.ERASURE, body, role)
    seal.seal(house)
    return Erased(target=target, erasure=stored)
