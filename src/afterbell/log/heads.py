"""The heads that a log's files claim, compared with the roots that its lines give.

A head says what the first so many entries were. Where a change lies is known as closely as the heads stand
together: after the last head that holds, before the first that does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import tree
from afterbell.log.verdict import Code

if TYPE_CHECKING:
    from collections.abc import Callable

    from afterbell.log.checkpoint import Checkpoint, Head
    from afterbell.log.problems import Problems

CHECKPOINT = "checkpoint"


class Change(Struct, frozen=True, kw_only=True):
    """Some entry from index `first` to `last` is not what it was: the head in `where` has another root."""

    first: int
    last: int
    where: str


class Heads:
    """The checkpoint and every kept head. Feed them first, then the root at each size in `roots`."""

    def __init__(self, problems: Problems) -> None:
        self.checkpoint: Checkpoint | None = None
        self.damaged = False
        self._problems = problems
        self._claims: list[tuple[str, Head]] = []
        self._kept: set[int] = set()
        self._recalled: set[str] = set()
        self.sealed_size = 0
        """How many entries the checkpoint counts; 0 without one."""
        self.known: dict[int, str] = {0: tree.EMPTY_ROOT.hex()}
        """Size and root of every head that the log had; every log began empty."""
        self.roots: dict[int, str] = {0: tree.EMPTY_ROOT.hex()}
        """The root of the log's lines at every size of which a head speaks; empty until `note` is told of it."""

    def add_checkpoint(self, data: bytes) -> None:
        """Take the newest head; one that cannot be read is a problem, and `damaged` says so."""
        self.checkpoint = self._read(CHECKPOINT, data, Code.BAD_CHECKPOINT)
        self.damaged = self.checkpoint is None
        self.sealed_size = self.checkpoint.head.size if self.checkpoint else 0

    def add(self, name: str, data: bytes) -> None:
        """Take `heads/<name>`. Its size must be its name and its origin the checkpoint's."""
        where = f"heads/{name}"
        read = self._read(where, data, Code.BAD_HEAD)
        if read is None:
            return
        if name != f"{read.head.size}.ckpt":
            self._problems.say(Code.BAD_HEAD, where, f"is a head of size {read.head.size}")
        if self.checkpoint is not None and read.origin != self.checkpoint.origin:
            words = f"is a head of {read.origin!r}, not of {self.checkpoint.origin!r}"
            self._problems.say(Code.OTHER_ORIGIN, where, words)
        self._kept.add(read.head.size)
        if read.head.size:
            self.known[read.head.size] = read.head.root

    def recall(self, where: str, head: Head) -> None:
        """Take a head that is remembered elsewhere: the log must have grown out of it."""
        self._recalled.add(where)
        self._claims.append((where, head))
        self.roots.setdefault(head.size, "")

    @property
    def newest(self) -> int:
        """The size of the largest kept head; 0 without any."""
        return max(self._kept, default=0)

    def note(self, frontier: tree.Frontier) -> None:
        """Keep the root of the lines so far, if some head is about this size."""
        if frontier.size in self.roots:
            self.roots[frontier.size] = frontier.root().hex()

    def compare(self, size: int, place: Callable[[int], str]) -> Change | None:
        """Report false heads and missing entries of a log of `size` lines; return where the lines differ."""
        reachable = [(where, head) for where, head in self._claims if head.size <= size]
        wrong = [(where, head) for where, head in reachable if self.roots[head.size] != head.root]
        held = max((head.size for where, head in reachable if self.roots[head.size] == head.root), default=0)
        for where, head in wrong:
            if head.size <= held and where in self._recalled:
                words = f"{where} has another root at size {head.size}: the first {head.size} entries were rewritten"
                self._problems.say(Code.REWRITTEN, place(head.size - 1), words)
            elif head.size <= held:
                words = f"its root is not the log's at size {head.size}, though another head's of {held} is"
                self._problems.say(Code.FALSE_HEAD, where, words)
        where, top = max(self._claims, key=lambda claim: claim[1].size, default=("", checkpoints.EMPTY_HEAD))
        if top.size > size:
            words = f"{where} counts {top.size} entries, the log holds {size}: deleted, or cut off here"
            self._problems.say(Code.MISSING_ENTRIES, place(size - 1) if size else "log/", words)
        if self.checkpoint is not None and self.sealed_size not in self._kept:
            self._problems.say(Code.MISSING_HEAD, f"heads/{self.sealed_size}.ckpt", "the checkpoint's head is gone")
        later = [(where, head) for where, head in wrong if head.size > held]
        if not later:
            return None
        where, head = min(later, key=lambda claim: claim[1].size)
        return Change(first=held, last=head.size - 1, where=where)

    def _read(self, where: str, data: bytes, bad: Code) -> Checkpoint | None:
        try:
            read = checkpoints.parse(data)
        except LogError as error:
            self._problems.say(bad, where, error.message)
            return None
        self._claims.append((where, read.head))
        self.roots.setdefault(read.head.size, "")
        return read
