"""Reads a whole log once, in order, and finds what is wrong with it: what `verify` says.

Takes bytes, gives a Verdict. Memory is bounded by a leaf hash and an id for each entry, never by the entries'
text. What comes from outside (keys, remembered heads, witnesses) is handed in; `outside` judges it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from afterbell.errors import CanonError, LogError
from afterbell.log import entry as entries
from afterbell.log import lines, special, tree
from afterbell.log.entry import EntryType
from afterbell.log.heads import CHECKPOINT, Heads
from afterbell.log.holes import Holes
from afterbell.log.outside import Outside, shown
from afterbell.log.problems import Problems
from afterbell.log.special import KeyChange
from afterbell.log.verdict import NOTED, Code, Level, Verdict, level_reached, ruling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from afterbell.log.entry import Entry, Parent

_POSTMORTEM = EntryType.POSTMORTEM  # once: to ask an enum for a member is slow
_SEGMENT = re.compile(r"[0-9]{6,}\.jsonl")


class Waiting(Struct, frozen=True, kw_only=True):
    """A pending entry: its id, its leaf hash (32 bytes), the parent of an amendment, the change of a key entry."""

    id: str
    leaf: bytes
    type: EntryType = EntryType.POSTMORTEM
    parent: Parent | None = None
    change: KeyChange | None = None


class Examination:
    """One pass over a log. Feed pending files first, then segments in order; then ask.

    `frontier` is the tree over the sealed lines, `waiting` the readable pending entries by id, `heads` the
    checkpoint and its elders, `changes` the sealed changes of keys: with `fresh()` what the writer needs to go on.
    """

    def __init__(
        self, checkpoint: bytes | None, heads: Iterable[tuple[str, bytes]] = (), outside: Outside | None = None
    ) -> None:
        self.frontier = tree.Frontier()
        self.waiting: dict[str, Waiting] = {}
        self._problems = Problems()
        self.heads = Heads(self._problems)
        self._indexes: dict[str, int] = {}
        self._leaves = bytearray()
        self._segments: list[tuple[int, str]] = []
        self._orphans: list[tuple[str, Parent]] = []
        self._uncounted: list[int] = []
        self._unfinished = False
        self._special: set[int] = set()
        self._holes = Holes(self._problems)
        self.changes: list[KeyChange] = []
        if checkpoint is not None:
            self.heads.add_checkpoint(checkpoint)
        for name, data in heads:
            self.heads.add(name, data)
        self._outside = outside or Outside()
        for each in self._outside.remembered:
            self.heads.recall(each.where, each.checkpoint.head)

    def add_pending(self, name: str, data: bytes) -> None:
        """Take `pending/<name>`."""
        where = f"pending/{name}"
        if not name.endswith(".json"):
            self._problems.say(Code.STRAY_FILE, where, "only <id>.json belongs here")
            return
        found = list(lines.split(data))
        if len(found) != 1:
            self._problems.say(Code.MALFORMED, where, f"{len(found)} lines; a pending file holds one")
            return
        line, fault = found[0]
        entry = self._read(line, fault, where)
        if entry is None:
            return
        if name != f"{entry.id}.json":
            self._problems.say(Code.PENDING_NAME, where, f"holds entry {entry.id}")
            return
        try:
            change = self._read_special(entry, where, sealed=False)
        except LogError as error:
            self._problems.say(Code.MALFORMED, where, error.message)
            return
        self.waiting[entry.id] = Waiting(
            id=entry.id, leaf=tree.leaf_hash(line), type=entry.type, parent=entry.parent, change=change
        )
        if self.heads.known.get(entry.after.size) != entry.after.root:
            self._say_after(entry, where)

    def add_segment(self, name: str, data: bytes) -> None:
        """Take the next file of `log/`, whole."""
        where = f"log/{name}"
        if not _SEGMENT.fullmatch(name):
            self._problems.say(Code.STRAY_FILE, where, "only segments NNNNNN.jsonl belong here")
            return
        expected = lines.segment_name(len(self._segments))
        if name != expected:
            self._problems.say(Code.MISSING_SEGMENT, where, f"expected {expected} here")
        start = self.frontier.size
        if self._segments and start - self._segments[-1][0] < lines.LINES_PER_SEGMENT:
            last = f"log/{self._segments[-1][1]}"
            self._problems.say(Code.SEGMENT_LENGTH, last, "too few lines for one that is not the last")
        self._segments.append((start, name))
        self._add_lines(data)
        if rest := lines.torn(data):
            self._add_line(rest, torn=Code.TORN_LINE)
        count = self.frontier.size - start
        if not 0 < count <= lines.LINES_PER_SEGMENT:
            words = f"{count} lines; a segment holds 1 to {lines.LINES_PER_SEGMENT}"
            self._problems.say(Code.SEGMENT_LENGTH, where, words)

    def verdict(self, wanted: Level = Level.L1) -> Verdict:
        """Judge what was fed. Ask once, at the end."""
        self._check_parents()
        self._check_heads()
        self._check_tail()
        checkpoint = self.heads.checkpoint
        self._check_holes()
        levels = shown(self._outside, checkpoint, self.changes, self._problems)
        codes = self._problems.codes() - NOTED
        reached = level_reached(codes, checkpoint is not None, levels)
        before = self._outside.level_before
        if before is not None and checkpoint is not None and not codes and (reached or Level.L0) < before:
            words = f"reached {before.value} last time and {(reached or Level.L0).value} now"
            self._problems.say(Code.LOST_LEVEL, CHECKPOINT, words)
            codes.add(Code.LOST_LEVEL)
        if wanted is Level.L0:
            codes.discard(Code.NO_CHECKPOINT)
        elif wanted > (reached or Level.L0) and not codes:
            words = f"what was given from outside the log lets it be judged up to {(reached or Level.L0).value}"
            self._problems.say(Code.OUT_OF_REACH, CHECKPOINT, words)
            codes.add(Code.OUT_OF_REACH)
        return Verdict(
            verdict=ruling(codes),
            level=reached,
            wanted=wanted,
            entries=self.frontier.size,
            pending=len(self.fresh()),
            root=self.frontier.root().hex(),
            problems=self._problems.listed(),
        )

    def fresh(self) -> tuple[Waiting, ...]:
        """Return the pending entries that no sealed line holds yet, or held until it was erased."""
        found = (item for item in self.waiting.values() if item.id not in self._indexes)
        return tuple(item for item in found if item.leaf.hex() not in self._holes)

    def _read(self, line: bytes, fault: Code | None, where: str) -> Entry | None:
        try:
            if fault is None:
                return entries.parse(line)
            self._problems.say(fault, where, lines.words(fault))
        except (LogError, CanonError) as error:
            self._problems.say(Code.MALFORMED, where, error.message)
        return None

    def _add_lines(self, data: bytes) -> None:
        """Take the whole lines of a segment. A record without any fault takes the short way: there may be a million."""
        frontier, heads, indexes, waiting = self.frontier, self.heads, self._indexes, self.waiting
        leaves, known, roots, sealed_size = self._leaves, heads.known, heads.roots, heads.sealed_size
        for line in lines.cut(data):
            index = frontier.size
            entry = entries.quick(line)
            if (
                entry is None
                or entry.type is not _POSTMORTEM
                or index >= sealed_size
                or entry.id in indexes
                or entry.id in waiting
                or (after := entry.after).size > index
                or known.get(after.size) != after.root
            ):
                self._add_line(line, entry)
                continue
            leaf = tree.leaf_hash(line)
            frontier.push(leaf)
            leaves += leaf
            indexes[entry.id] = index
            if index + 1 in roots:
                heads.note(frontier)

    def _add_line(self, line: bytes, entry: Entry | None = None, torn: Code | None = None) -> None:
        """Take the next sealed line and say all that is wrong with it; `entry` is what `quick` made of it."""
        index = self.frontier.size
        hole = special.erased_leaf(line) if len(line) == special.ERASED_BYTES and not torn else None
        leaf = hole or tree.leaf_hash(line)
        self.frontier.push(leaf)
        if index + 1 in self.heads.roots:
            self.heads.note(self.frontier)
        self._leaves += leaf
        if hole is not None:
            self._holes.add_hole(index, hole.hex(), self._place(index))
            if index >= self.heads.sealed_size:  # a seal publishes its head before it erases
                self._uncounted.append(index)
            return
        if entry is None:
            entry = self._read(line, torn or lines.fault(line), self._place(index))
        twin = self.waiting.get(entry.id) if entry is not None and self.waiting else None
        if index >= self.heads.sealed_size:
            if twin is not None and twin.leaf == leaf:
                self._unfinished = True
            else:
                self._uncounted.append(index)
        if entry is None:
            return
        if twin is not None and twin.leaf != leaf:
            words = f"is not what {self._place(index)} holds under this id"
            self._problems.say(Code.PENDING_DIFFERS, f"pending/{entry.id}.json", words)
        if entry.id in self._indexes:
            words = f"entry {entry.id} stands already at {self._place(self._indexes[entry.id])}"
            self._problems.say(Code.DUPLICATE_ID, self._place(index), words)
            return
        if entry.after.size > index or self.heads.known.get(entry.after.size) != entry.after.root:
            self._say_after(entry, self._place(index), index)
        if entry.type is not _POSTMORTEM:
            self._take_other(entry, self._place(index), index)
        self._indexes[entry.id] = index

    def _take_other(self, entry: Entry, where: str, index: int) -> None:
        """Take what is more than a record: an amendment's parent, an erasure, a change of keys."""
        if entry.parent is not None and entry.parent.id in self._indexes:
            self._check_leaf(entry.parent, self._leaf_at(self._indexes[entry.parent.id]), where)
        elif entry.parent is not None:
            self._orphans.append((where, entry.parent))
        if entry.type not in special.ERASABLE:
            self._special.add(index)
        try:
            change = self._read_special(entry, where, sealed=True)
        except LogError as error:
            self._problems.say(Code.MALFORMED, where, error.message)
            return
        if change is not None:
            self.changes.append(change)

    def _read_special(self, entry: Entry, where: str, *, sealed: bool) -> KeyChange | None:
        """Take an erasure, return a change of keys. Raises LogError for a malformed body of either."""
        if (gone := special.erasure(entry)) is not None:
            self._holes.add_erasure(gone, where, sealed=sealed)
        return special.key_change(entry)

    def _check_holes(self) -> None:
        self._holes.judge(self._place, self._erasable, ((each.id, each.leaf.hex()) for each in self.waiting.values()))
        for name in self._holes.erased():
            if (index := self._indexes.get(name)) is not None:
                self._problems.say(Code.DUPLICATE_ID, self._place(index), f"has the id of an erased entry: {name}")

    def _erasable(self, name: str) -> str | None:
        """Return the leaf hash of the record or amendment with this id, sealed or pending."""
        index, twin = self._indexes.get(name), self.waiting.get(name)
        if index is not None:
            return None if index in self._special else self._leaf_at(index).hex()
        return twin.leaf.hex() if twin is not None and twin.type in special.ERASABLE else None

    def _place(self, index: int) -> str:
        """Return file and line of a sealed entry."""
        at = bisect_right(self._segments, index, key=lambda segment: segment[0]) - 1
        first, name = self._segments[at]
        return f"log/{name}:{index - first + 1}"

    def _span(self, first: int, last: int) -> str:
        """Return the place of entries first to last, both included."""
        return self._place(first) if first == last else f"{self._place(first)} to {self._place(last)}"

    def _leaf_at(self, index: int) -> bytes:
        return bytes(self._leaves[tree.HASH_BYTES * index : tree.HASH_BYTES * (index + 1)])

    def _say_after(self, entry: Entry, where: str, index: int | None = None) -> None:
        seen = entry.after
        words = f"entry {entry.id} was written after head {seen.size} ({seen.root[:16]}), gone from this log"
        if index is not None and seen.size > index:
            words = f"entry {entry.id} has index {index} and was written after {seen.size} entries"
        self._problems.say(Code.UNKNOWN_HEAD, where, words)

    def _check_leaf(self, parent: Parent, leaf: bytes, where: str) -> None:
        if parent.leaf != leaf.hex():
            words = f"amends {parent.id}, whose bytes are no longer those that were amended"
            self._problems.say(Code.PARENT_LEAF, where, words)

    def _check_parents(self) -> None:
        for where, parent in self._orphans:
            if (erased := self._holes.leaf(parent.id)) is not None:
                self._check_leaf(parent, bytes.fromhex(erased), where)
            elif parent.id in self._indexes:
                words = f"amends {parent.id}, which comes no earlier: {self._place(self._indexes[parent.id])}"
                self._problems.say(Code.PARENT_ORDER, where, words)
            else:
                self._problems.say(Code.UNKNOWN_PARENT, where, f"amends {parent.id}, which is not in the log")
        for item in self.fresh():
            if item.parent is None:
                continue
            where = f"pending/{item.id}.json"
            twin = self.waiting.get(item.parent.id)
            if item.parent.id in self._indexes:
                self._check_leaf(item.parent, self._leaf_at(self._indexes[item.parent.id]), where)
            elif (erased := self._holes.leaf(item.parent.id)) is not None:
                self._check_leaf(item.parent, bytes.fromhex(erased), where)
            elif twin is not None:
                self._check_leaf(item.parent, twin.leaf, where)
            else:
                words = f"amends {item.parent.id}, which is not in the log"
                self._problems.say(Code.UNKNOWN_PARENT, where, words)

    def _check_heads(self) -> None:
        change = self.heads.compare(self.frontier.size, self._place)
        if change is None:
            return
        only = [name for name, index in self._indexes.items() if index == change.first == change.last]
        what = f"entry {only[0]}" if only else f"one or more of these {change.last - change.first + 1} entries"
        words = f"{what} edited, moved, inserted or deleted: {change.where} has another root"
        self._problems.say(Code.CHANGED, self._span(change.first, change.last), words)

    def _check_tail(self) -> None:
        """Judge the lines that no checkpoint counts, and a checkpoint that is not there."""
        checkpoint, size, say = self.heads.checkpoint, self.frontier.size, self._problems.say
        if self.heads.damaged:
            return
        if self._uncounted and checkpoint is not None:
            words = f"{len(self._uncounted)} lines that the checkpoint does not count and that were never pending"
            say(Code.BEYOND_HEAD, self._span(self._uncounted[0], self._uncounted[-1]), words)
            if self.heads.newest > checkpoint.head.size:
                say(Code.ROLLED_BACK, CHECKPOINT, f"is older than heads/{self.heads.newest}.ckpt")
        elif checkpoint is None and (self._uncounted or self.heads.newest > size):
            code = Code.MISSING_CHECKPOINT if self.heads.newest else Code.NO_CHECKPOINT
            say(code, CHECKPOINT, f"{size} sealed entries and no checkpoint to compare them with")
        elif self._unfinished:
            say(Code.UNFINISHED_SEAL, CHECKPOINT, "a seal was interrupted: seal again")
        elif checkpoint is None and self.waiting:
            say(
                Code.PENDING_ONLY,
                "pending/",
                f"{len(self.waiting)} entries and none sealed: seal on the trunk",
            )
        elif checkpoint is None and not self._problems.codes():
            say(Code.EMPTY, "", "the log is empty: there is nothing to judge")


def examine(
    segments: Iterable[tuple[str, bytes]],
    pending: Iterable[tuple[str, bytes]] = (),
    checkpoint: bytes | None = None,
    heads: Iterable[tuple[str, bytes]] = (),
    wanted: Level = Level.L1,
    outside: Outside | None = None,
) -> Verdict:
    """Judge a log from its files, each a (name, bytes) pair; raises nothing, what is wrong is in the Verdict.

    Segments come in order and are read one at a time, so an iterator that reads them will do.
    """
    examination = Examination(checkpoint, heads, outside)
    for name, data in pending:
        examination.add_pending(name, data)
    for name, data in segments:
        examination.add_segment(name, data)
    return examination.verdict(wanted)
