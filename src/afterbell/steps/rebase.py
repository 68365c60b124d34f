"""Rebase: two branches both sealed; the trunk's log is taken and this branch's own entries wait to be sealed again.

Works on commits, so it can be run in the middle of a conflicting merge and be run again after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from afterbell.disk import git
from afterbell.disk.house import House
from afterbell.disk.log_files import erased_by
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import lines, special
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry
from afterbell.log.requeue import requeue
from afterbell.steps.records import journal


class Rebased(Struct, frozen=True, kw_only=True):
    """The ids of the entries that wait again, and the size of the trunk's log."""

    waiting: tuple[str, ...]
    size: int


def rebase(house: House, trunk: str, ours: str = "HEAD") -> Rebased:
    """Put the log of commit `trunk` in the place of this one and re-queue what only `ours` holds.

    Raises UsageError for a commit that is not here, LogError when either log holds a line that is no entry.
    """
    place = git.prefix(house.root) + "postmortems/"
    theirs, own = git.tree(house.root, trunk, place), git.tree(house.root, ours, place)
    with git.objects(house.root) as read:
        known = {name for entry in _entries(theirs, read) for name in (entry.id, *erased_by(entry))}
        heads = [checkpoints.parse(read(oid)).head for name, oid in theirs.items() if name.startswith("heads/")]
        newest = checkpoints.parse(read(theirs["checkpoint"])).head if "checkpoint" in theirs else EMPTY_HEAD
        waiting = requeue(_entries(own, read), known, heads, newest)
        sealed = {name: read(oid) for name, oid in theirs.items() if name.startswith(("log/", "heads/", "pending/"))}
        if "checkpoint" in theirs:
            sealed["checkpoint"] = read(theirs["checkpoint"])
    if not theirs:
        raise UsageError(f"commit {trunk} holds no log", "give the trunk's commit, for example origin/main")
    journal(house).adopt(sealed, waiting)
    return Rebased(waiting=tuple(entry.id for entry in waiting), size=newest.size)


def _entries(tree: dict[str, str], read: Callable[[str], bytes]) -> Iterator[Entry]:
    """Yield the entries of a commit: sealed ones in order, then pending ones by id."""
    segments = sorted((name for name in tree if name.startswith("log/")), key=lambda name: (len(name), name))
    for name in (*segments, *sorted(name for name in tree if name.startswith("pending/"))):
        for line, fault in lines.split(read(tree[name])):
            if fault is not None:
                raise LogError(f"{name}: {lines.words(fault)}", "afterbell verify says more")
            if special.erased_leaf(line) is None:
                yield entries.parse(line)
