"""Holes: where an entry's text was taken away, and the entries that say why. Each must have the other.

Which entries the log holds is known to the caller; what stands in an erasure's reason is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from afterbell.log.problems import Problems
from afterbell.log.special import Erasure
from afterbell.log.verdict import Code


class Holes:
    """The erasures asked for and the holes found. Feed both, then `judge` once."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._indexes: dict[str, int] = {}
        self._erasures: dict[str, Erasure] = {}
        self._leaves: dict[str, str] = {}
        self._asked: list[tuple[str, Erasure, bool]] = []

    def add_hole(self, index: int, leaf: str, where: str) -> None:
        """Take a sealed line of which only the leaf hash (64 hex digits) is left."""
        if leaf in self._indexes:
            self._problems.say(Code.DUPLICATE_ID, where, f"an erased entry's line for the second time: leaf {leaf}")
        else:
            self._indexes[leaf] = index

    def add_erasure(self, gone: Erasure, where: str, *, sealed: bool) -> None:
        """Take the body of an erasure."""
        self._asked.append((where, gone, sealed))
        if sealed:
            self._erasures.setdefault(gone.leaf, gone)
            self._leaves.setdefault(gone.id, gone.leaf)

    def __contains__(self, leaf: str) -> bool:
        """Tell whether the entry with this leaf hash stands in the log as a hole."""
        return leaf in self._indexes

    def leaf(self, name: str) -> str | None:
        """Return the leaf hash of the erased entry with this id, None when none was erased."""
        leaf = self._leaves.get(name)
        return leaf if leaf in self._indexes else None

    def erased(self) -> Iterator[str]:
        """Yield the ids of the entries that were erased."""
        return (name for name, leaf in self._leaves.items() if leaf in self._indexes)

    def judge(
        self, place: Callable[[int], str], erasable: Callable[[str], str | None], waiting: Iterable[tuple[str, str]]
    ) -> None:
        """Say what is wrong with the holes and the erasures.

        `place` gives an index's file and line, `erasable` the leaf hash of the record or amendment with an id, sealed
        or pending, and `waiting` the (id, leaf hash) of the pending entries. A hole that is explained is shown too.
        """
        for where, gone, sealed in self._asked:
            first = self._erasures.get(gone.leaf, gone)
            if first.id != gone.id or (gone.leaf not in self and erasable(gone.id) != gone.leaf):
                words = f"erases {gone.id}, which is no record or amendment of this log with the leaf hash it names"
                self._problems.say(Code.BAD_ERASURE, where, words)
            elif sealed and gone.leaf not in self:
                words = f"the erasure of {gone.id} was not carried out: seal again"
                self._problems.say(Code.UNFINISHED_SEAL, where, words)
        for leaf, index in self._indexes.items():
            reason = self._erasures.get(leaf)
            if reason is None:
                self._problems.say(Code.HOLE, place(index), "an entry's text is gone and no erasure says why")
            else:
                self._problems.say(Code.ERASED, place(index), f"entry {reason.id} was erased: {reason.reason}")
        for name, leaf in waiting:
            kept = self.leaf(name)
            if kept == leaf:
                words = "still holds the text of an erased entry: seal again"
                self._problems.say(Code.UNFINISHED_SEAL, f"pending/{name}.json", words)
            elif kept is not None:
                words = "is not the erased entry that had this id"
                self._problems.say(Code.PENDING_DIFFERS, f"pending/{name}.json", words)
