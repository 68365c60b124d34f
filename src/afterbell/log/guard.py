"""What a change between two commits may do to a log: add, seal, erase with a reason, and nothing else.

Both states come in as file names with object ids and a way to read an object; where they come from is not known here.
For a hook that refuses a push, or a CI job on a pull request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import lines, special, tree
from afterbell.log.examine import Examination
from afterbell.log.heads import CHECKPOINT
from afterbell.log.outside import Outside, Remembered
from afterbell.log.verdict import NOTED, UNJUDGED, WAITING, Code, Problem

_PENDING, _LOG, _HEADS = "pending/", "log/", "heads/"


class State(Struct, frozen=True):
    """The files of a log in one commit: path inside the log's directory -> object id, and how to read an object."""

    files: Mapping[str, str]
    read: Callable[[str], bytes]

    def under(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield (name, object id) of the files of a folder, segments in their order."""
        names = (path.removeprefix(folder) for path in self.files if path.startswith(folder))
        for name in sorted(names, key=lambda name: (len(name), name) if folder == _LOG else (0, name)):
            yield name, self.files[folder + name]

    def bytes_of(self, path: str) -> bytes | None:
        """Return a file's bytes, None when it is not there."""
        return self.read(self.files[path]) if path in self.files else None


def judge(base: State, head: State) -> tuple[Problem, ...]:
    """Return everything in `head` that `base` does not allow; empty means that the log only grew."""
    return (*_whole(base, head), *_segments(base, head), *_heads(base, head), *_pending(base, head))


def _whole(base: State, head: State) -> Iterator[Problem]:
    """Judge the new state by itself, and as grown out of the old checkpoint."""
    remembered: tuple[Remembered, ...] = ()
    old = base.bytes_of(CHECKPOINT)
    if old is not None:
        try:
            remembered = (Remembered(where="the base's checkpoint", checkpoint=checkpoints.parse(old)),)
        except LogError as error:
            yield Problem(code=Code.BAD_CHECKPOINT, where=f"base:{CHECKPOINT}", message=error.message)
        if CHECKPOINT not in head.files:
            yield Problem(code=Code.MISSING_CHECKPOINT, where=CHECKPOINT, message="the base has one, and this has none")
    heads = ((name, head.read(oid)) for name, oid in head.under(_HEADS) if name.endswith(".ckpt"))
    examination = Examination(head.bytes_of(CHECKPOINT), heads, Outside(remembered=remembered))
    for name, oid in head.under(_PENDING):
        examination.add_pending(name, head.read(oid))
    for name, oid in head.under(_LOG):
        examination.add_segment(name, head.read(oid))
    for problem in examination.verdict().problems:
        if problem.code not in NOTED | UNJUDGED | WAITING:
            yield problem


def _segments(base: State, head: State) -> Iterator[Problem]:
    """Ask that every old line is still there, in its place, or was erased by an entry."""
    for name, oid in base.under(_LOG):
        now = head.files.get(_LOG + name)
        if now == oid:
            continue
        if now is None:
            yield Problem(code=Code.MISSING_SEGMENT, where=_LOG + name, message="the base has this segment")
            continue
        old = [line for line, _ in lines.split(base.read(oid))]
        new = [line for line, _ in lines.split(head.read(now))]
        for number, line in enumerate(old, start=1):
            if number > len(new):
                words = f"the base has {len(old)} lines here, this has {len(new)}"
                yield Problem(code=Code.MISSING_ENTRIES, where=f"{_LOG}{name}:{number}", message=words)
                break
            erased = special.erased_leaf(new[number - 1])
            if line != new[number - 1] and (erased is None or erased != special.leaf_of(line)):
                yield Problem(code=Code.CHANGED, where=f"{_LOG}{name}:{number}", message="is not the base's line")


def _heads(base: State, head: State) -> Iterator[Problem]:
    for name, oid in base.under(_HEADS):
        now = head.files.get(_HEADS + name)
        if now is None:
            yield Problem(code=Code.MISSING_HEAD, where=_HEADS + name, message="the base has this head")
        elif now != oid:
            yield Problem(code=Code.FALSE_HEAD, where=_HEADS + name, message="is not the base's head")


def _pending(base: State, head: State) -> Iterator[Problem]:
    """Ask that every pending entry waits unchanged or was sealed with the same bytes."""
    gone = []
    for name, oid in base.under(_PENDING):
        now = head.files.get(_PENDING + name)
        if now is None:
            gone.append((name, oid))
        elif now != oid:
            yield Problem(code=Code.PENDING_DIFFERS, where=_PENDING + name, message="was changed while it waited")
    # Most were sealed by this very change; a copy of one that was sealed long ago costs a reading of the whole log.
    for changed in (True, False):
        segments = [oid for name, oid in head.under(_LOG) if (base.files.get(_LOG + name) != oid) is changed]
        sealed = {special.leaf_of(line) for oid in segments if gone for line, _ in lines.split(head.read(oid))}
        gone = [each for each in gone if tree.leaf_hash(base.read(each[1]).removesuffix(b"\n")) not in sealed]
    for name, _ in gone:
        yield Problem(code=Code.MISSING_ENTRIES, where=_PENDING + name, message="was deleted and not sealed")
