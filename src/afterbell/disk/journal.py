"""The log's only writer.

The layout, inside one directory that git keeps:

    pending/<id>.json    one entry, written once
    log/NNNNNN.jsonl     sealed entries, 256 lines a file, line = leaf
    checkpoint           the newest head
    heads/<size>.ckpt    every head ever sealed, written once

What is right or wrong with a log is judged in `afterbell.log`; here it is read, and only ever added to.
A crash at any moment loses nothing that was acknowledged: the next `seal` takes up what the last one left.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from afterbell import canon
from afterbell.disk import files, settled
from afterbell.disk.lock import Lock
from afterbell.disk.log_files import VERIFY, LogFiles, Stored, erased_by
from afterbell.errors import DiskError, LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import lines, note, special, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.examine import Examination
from afterbell.log.heads import CHECKPOINT
from afterbell.log.note import KeyType
from afterbell.log.order import parents_first
from afterbell.log.verdict import Code, Level, Ruling, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from afterbell.log.entry import Entry
    from afterbell.log.examine import Waiting
    from afterbell.log.note import Signer
    from afterbell.log.outside import Outside
    from afterbell.log.special import KeyChange

LOCK_NAME = "journal.lock"
_LOCK_SECONDS = 600.0  # a seal of a million entries takes a minute
_READS = 3
_ERASURE = b'"type":"erasure"'
_GIT_ATTRIBUTES = b"* -text\n"
_GIT_IGNORE = f"{LOCK_NAME}\n{settled.MARK}\n{files.TEMPORARY_PREFIX}*\n".encode()


class Journal:
    """A log in one directory. Reading needs no lock and no directory; writing makes both."""

    def __init__(self, directory: Path, ops: files.Ops = files.OPS) -> None:
        self.directory = directory
        self._ops = ops
        self._files = LogFiles(directory, ops)
        self._pending = directory / "pending"
        self._log = directory / "log"
        self._heads = directory / "heads"

    def checkpoint(self) -> Checkpoint | None:
        """Return the newest checkpoint, None before the first seal. Raises LogError if it is damaged."""
        data = self._files.read(self.directory / CHECKPOINT, checkpoints.MAX_BYTES)
        return None if data is None else checkpoints.parse(data)

    def head(self) -> Head:
        """Return the newest sealed head: what a new entry says it was written `after`."""
        sealed = self.checkpoint()
        return EMPTY_HEAD if sealed is None else sealed.head

    def entries(self) -> Iterator[Stored]:
        """Yield sealed entries by index, then pending ones by id. Raises LogError at a damaged one."""
        pending = list(self._files.pending())
        sealed: set[str] = set()
        for stored in self._files.sealed():
            sealed |= {stored.entry.id, *erased_by(stored.entry)}
            yield stored
        for name, data in pending:
            if name.removesuffix(".json") not in sealed:
                yield self._files.stored_pending(name, data)

    def find(self, name: str) -> Stored | None:
        """Return the entry with this id, sealed or pending, or None. Raises LogError if it is damaged."""
        file = f"{name}.json"
        there = file in self._files.names(self._pending)
        data = self._files.read(self._pending / file, lines.MAX_PENDING_BYTES) if there else None
        # Pending is read first: sealing makes the second copy before it removes the first.
        sealed, erased = self._files.find(name, self._counted())
        return sealed or (None if data is None or erased else self._files.stored_pending(file, data))

    def mentioning(self, field: str, text: str, *, beginning: bool = False) -> Iterator[Stored]:
        """Yield the entries in which some field of this name holds this text, or begins with it.

        Sealed ones come by index, then pending ones by id. Only these are parsed; for a whole `id` or `event_id` only
        the segments are read that may hold it. Raises LogError at a damaged one.
        """
        needle = f'"{field}":'.encode() + canon.dumps(text)[: -1 if beginning else None]
        waiting = [name.removesuffix(".json") for name, data in self._files.pending() if needle in data]
        yield from self._files.holding(needle, self._counted())
        for name in waiting:
            stored = self.find(name)
            if stored is not None and stored.index is None:
                yield stored

    def since(self, size: int) -> Iterator[Stored]:
        """Yield the sealed entries from index `size` on, also those beyond the newest head; erased ones are left out.

        Raises LogError at a damaged one.
        """
        return self._files.since(size)

    def waiting(self) -> Iterator[Stored]:
        """Yield the pending entries by id, also those that a seal which was interrupted has copied already.

        Raises LogError at a damaged one.
        """
        for name, data in self._files.pending():
            yield self._files.stored_pending(name, data)

    def had(self, head: Head) -> bool:
        """Tell whether this log had a head of at least one entry, and so still begins with its lines."""
        return self._files.had(head)

    def append(self, entry: Entry) -> Stored:
        """Add an entry and return it once it is on the disk.

        Raises LogError for a second use of an id, an unknown parent or one with other bytes, an `after` that this
        log never had, and an erasure or key entry that cannot take effect; CanonError for a body without canonical
        form; DiskError if a write fails.
        """
        line = entries.encode(entry)
        taken = LogError(f"{entry.type.value} {entry.id} already exists; use amend instead", "entries never change")
        with self.locked():
            head = self._counted()
            if any(self._files.find(entry.id, head)):
                raise taken
            self._check_parent(entry)
            self._check_after(entry, head)
            self._check_special(entry)
            path = self._pending / f"{entry.id}.json"
            try:
                files.write_once(path, line + b"\n", self._ops, alone=True)
            except files.ExistsError:
                # Whoever wrote it may have died before the name was on the disk, and we say that it is there.
                files.sync_directory(self._pending, self._ops)
                raise taken from None
        return Stored(entry=entry, index=None, leaf=entries.leaf_hex(line), where=f"pending/{path.name}")

    def seal(self, origin: str, *signers: Signer) -> Head:
        """Move all pending entries into the log and return the new head; the old one if nothing is pending.

        Finishes an interrupted seal first and carries out erasures last. The `signers` sign the head, also an old one.
        Raises LogError if the log does not verify, has another origin or would lose its signature, and DiskError if a
        write fails; both leave everything that was acknowledged in its place.
        """
        with self.locked():
            for path in (self.directory, self._pending, self._log, self._heads):
                files.sweep_temporaries(path, self._ops)
            examination = self._examine()
            verdict = examination.verdict()
            if verdict.verdict is Ruling.TAMPERED or any(x.code is Code.NO_CHECKPOINT for x in verdict.problems):
                first = verdict.problems[0]
                raise LogError(f"not sealed, the log does not verify: {first.where}: {first.message}", VERIFY)
            current = examination.heads.checkpoint
            if current is not None and current.origin != origin:
                raise LogError(f"this log's origin is {current.origin!r}, not {origin!r}", "an origin never changes")
            fresh = parents_first(examination.fresh())
            if not examination.frontier.size and not fresh:
                return EMPTY_HEAD
            changes = (*examination.changes, *(item.change for item in fresh if item.change is not None))
            _check_signers(origin, current, signers)
            _check_handed_on(origin, signers, changes)
            self._settle_pending(fresh)
            expected = examination.frontier
            self._extend(expected.size, fresh)
            for item in fresh:
                expected.push(item.leaf)
            head = Head(size=expected.size, root=expected.root().hex())
            self._reread(head)
            self._publish(_signed(Checkpoint(origin=origin, head=head), signers))
            for name in examination.waiting:
                files.remove(self._pending / f"{name}.json", self._ops)
            files.sync_directory(self._pending, self._ops)
            self._carry_out_erasures()
        return head

    def adopt(self, sealed: Mapping[str, bytes], waiting: Iterable[Entry]) -> None:
        """Put another history's files in the place of this one's and let these entries wait to be sealed.

        The caller holds the present files elsewhere (in a commit); after a crash it runs again.
        """
        kept = {f"{entry.id}.json": entries.encode(entry) + b"\n" for entry in waiting}
        kept |= {name.removeprefix("pending/"): data for name, data in sealed.items() if name.startswith("pending/")}
        with self.locked():
            for folder in (self._log, self._heads):
                files.make_dirs(folder, self._ops)
            for name, data in kept.items():
                files.replace(self._pending / name, data, self._ops)
            for name, data in sealed.items():
                if not name.startswith("pending/"):
                    files.replace(self.directory / name, data, self._ops)
            for folder, prefix in ((self._log, "log/"), (self._heads, "heads/"), (self._pending, "pending/")):
                for name in self._files.names(folder):
                    if prefix + name not in sealed and not (folder == self._pending and name in kept):
                        files.remove(folder / name, self._ops)
                files.sync_directory(folder, self._ops)

    def leaves(self) -> Iterator[bytes]:
        """Yield the leaf hash (32 bytes) of every sealed line, erased or not."""
        return self._files.leaves()

    def bundles(self) -> Iterator[tuple[str, bytes]]:
        """Yield (path, bytes) of the entry bundles of C2SP tlog-tiles; one with an erased entry is left out."""
        return self._files.bundles()

    def take_signatures(self, signed: Checkpoint, signatures: Iterable[str]) -> bool:
        """Add signature lines over the head `signed`, a witness's for example, to the checkpoint file.

        Returns False, and adds nothing, when that is no longer the newest head.
        """
        with self.locked():
            current = self.checkpoint()
            if current is None or checkpoints.text(current) != checkpoints.text(signed):
                return False
            united = tuple(dict.fromkeys((*current.signatures, *signatures)))
            data = checkpoints.encode(msgspec.structs.replace(current, signatures=united))
            files.replace(self.directory / CHECKPOINT, data, self._ops)
        return True

    def verify(self, wanted: Level = Level.L1, outside: Outside | None = None) -> Verdict:
        """Judge the log as it lies on the disk; reads only, so an auditor's read-only clone will do.

        A log that others write all the while is read under their lock in the end.
        """
        for _ in range(_READS):
            before = self._fingerprint()
            verdict = self._examine(outside).verdict(wanted)
            if verdict.verdict is Ruling.OK or self._fingerprint() == before:
                return verdict
        lock = Lock(self.directory / LOCK_NAME, _LOCK_SECONDS)
        with suppress(OSError):  # where this reader may not lock, nothing better can be had
            lock.acquire()
        try:
            return self._examine(outside).verdict(wanted)
        finally:
            lock.release()

    def state(self) -> str:
        """Return a digest that changes whenever an entry is added or sealed; for whoever caches what they read."""
        return canon.sha256_hex(repr(self._fingerprint()).encode())

    def _fingerprint(self) -> tuple[object, ...]:
        """Return what a writer at work would change."""
        checkpoint = self._files.read(self.directory / CHECKPOINT, checkpoints.MAX_BYTES)
        return checkpoint, *(self._files.names(folder) for folder in (self._pending, self._log, self._heads))

    def _examine(self, outside: Outside | None = None) -> Examination:
        checkpoint = self._files.read(self.directory / CHECKPOINT, checkpoints.MAX_BYTES)
        examination = Examination(checkpoint, self._files.heads(), outside)
        for name, data in self._files.pending():
            examination.add_pending(name, data)
        for name, data in self._files.segments():
            examination.add_segment(name, data)
            del data
        return examination

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writers' lock on a directory made ready for writing. The lock file is never removed."""
        settled.settle(self._pending, self._ops)
        lock = Lock(self.directory / LOCK_NAME, _LOCK_SECONDS)
        try:
            lock.acquire()
        except TimeoutError:
            raise DiskError(f"{self.directory / LOCK_NAME} is held by another process", "wait for it") from None
        except OSError as error:
            raise DiskError(f"cannot lock {self.directory}: {error.strerror or error}", "is it writable?") from error
        try:
            for name, data in ((".gitattributes", _GIT_ATTRIBUTES), (".gitignore", _GIT_IGNORE)):
                if self._files.read(self.directory / name, 1) is None:
                    files.write_once(self.directory / name, data, self._ops, alone=True)
            yield
        finally:
            lock.release()

    def _check_parent(self, entry: Entry) -> None:
        if entry.parent is None:
            return
        parent = self.find(entry.parent.id)
        if parent is None:
            raise LogError(f"there is no entry {entry.parent.id} to amend", "`afterbell log` lists what there is")
        if parent.leaf != entry.parent.leaf:
            raise LogError(f"entry {entry.parent.id} has other bytes than the amendment says", "read it again")

    def _counted(self) -> Head | None:
        """Return the newest head, None when there is none or it cannot be read."""
        with suppress(LogError):
            sealed = self.checkpoint()
            return None if sealed is None else sealed.head
        return None

    def _check_after(self, entry: Entry, newest: Head | None) -> None:
        if entry.after in (EMPTY_HEAD, newest):
            return
        data = self._files.read(self._heads / f"{entry.after.size}.ckpt", checkpoints.MAX_BYTES)
        if data is None or checkpoints.parse(data).head != entry.after:
            raise LogError(f"this log never had the head of size {entry.after.size} that the entry names", VERIFY)

    def _check_special(self, entry: Entry) -> None:
        special.key_change(entry)
        gone = special.erasure(entry)
        if gone is None:
            return
        target = self.find(gone.id)
        if target is None or target.leaf != gone.leaf or target.entry.type not in special.ERASABLE:
            raise LogError(f"{gone.id} is no record or amendment with the leaf hash {gone.leaf}", "nothing to erase")

    def _settle_pending(self, fresh: tuple[Waiting, ...]) -> None:
        """Force what is about to be sealed to the disk where it lies.

        After a power cut in the middle of a seal it must be there to explain the new lines. Whoever wrote it may have
        died before doing so, and git never does.
        """
        for item in fresh:
            files.sync_file(self._pending / f"{item.id}.json", self._ops)
        files.sync_directory(self._pending, self._ops)

    def _extend(self, size: int, fresh: tuple[Waiting, ...]) -> None:
        """Write the segments that hold entries size and up, each as a whole file."""
        files.make_dirs(self._log, self._ops)
        # A seal that was killed may have left segments whose names are not on the disk yet, and these come first.
        files.sync_directory(self._log, self._ops)
        at = 0
        while at < len(fresh):
            number, used = divmod(size + at, lines.LINES_PER_SEGMENT)
            path = self._log / lines.segment_name(number)
            batch = fresh[at : at + lines.LINES_PER_SEGMENT - used]
            start = (self._files.read(path, lines.MAX_SEGMENT_BYTES) or b"") if used else b""
            files.replace(path, start + b"".join(self._pending_line(item) for item in batch), self._ops)
            at += len(batch)

    def _pending_line(self, item: Waiting) -> bytes:
        data = self._files.read(self._pending / f"{item.id}.json", lines.MAX_PENDING_BYTES) or b""
        if not data.endswith(b"\n") or tree.leaf_hash(data[:-1]) != item.leaf:
            raise LogError(f"pending/{item.id}.json changed while it was being sealed", VERIFY)
        return data

    def _reread(self, head: Head) -> None:
        """Compare the segments on the disk with the head that is about to be published."""
        frontier = tree.Frontier()
        for _, data in self._files.segments():
            for line, _ in lines.split(data):
                frontier.push(special.leaf_of(line))
        if (frontier.size, frontier.root().hex()) != (head.size, head.root):
            raise DiskError("the segments read back are not those that were written", "no head was published")

    def _publish(self, checkpoint: Checkpoint) -> None:
        """Make a head durable, as evidence and then as checkpoint; a dead seal may have done either.

        Signatures of the same head that are there already (a witness's, say) stay.
        """
        files.make_dirs(self._heads, self._ops)
        path = self._heads / f"{checkpoint.head.size}.ckpt"
        kept = self._files.read(path, checkpoints.MAX_BYTES)
        if kept is None:
            files.write_once(path, checkpoints.encode(checkpoint), self._ops, alone=True)
        elif checkpoints.text(checkpoints.parse(kept)) != checkpoints.text(checkpoint):
            raise LogError(f"heads/{path.name} is another head of the same size", VERIFY)
        else:
            files.sync_directory(self._heads, self._ops)
        current = self._files.read(self.directory / CHECKPOINT, checkpoints.MAX_BYTES)
        data = checkpoints.encode(checkpoints.united(checkpoint, *(each for each in (current, kept) if each)))
        if current != data:  # else it is on the disk: making the directories ready forced their names
            files.replace(self.directory / CHECKPOINT, data, self._ops)

    def _carry_out_erasures(self) -> None:
        """Put a line that keeps only the leaf hash in the place of every entry that an erasure names."""
        found = (special.erasure(stored.entry) for stored in self._files.sealed(_ERASURE))
        leaves = {bytes.fromhex(gone.leaf) for gone in found if gone is not None}
        for name, data in self._files.segments() if leaves else ():
            kept = [line for line, _ in lines.split(data)]
            left = [_without(line, leaves) for line in kept]
            if left != kept:
                files.replace(self._log / name, b"".join(line + b"\n" for line in left), self._ops)


def _without(line: bytes, leaves: set[bytes]) -> bytes:
    """Return the line, or what stays of it when its leaf is among those erased."""
    leaf = special.leaf_of(line)
    return special.erased_line(leaf.hex()) if leaf in leaves else line


def _check_handed_on(origin: str, signers: tuple[Signer, ...], changes: Iterable[KeyChange]) -> None:
    """Raise LogError for keys that handed the signing on: whoever follows the changes would not take their heads."""
    held = [signer.verifier for signer in signers]
    for key in special.trusted(origin, held, changes):
        if key not in held:
            hint = f"seal with the key {key.name}+{key.key_id.hex()}, also where AFTERBELL_KEY is set"
            raise LogError(f"{origin}'s key was handed on to another, which is not here", hint)


def _check_signers(origin: str, before: Checkpoint | None, signers: tuple[Signer, ...]) -> None:
    """Raise LogError for another log's key, and where a signed log would lose its signature."""
    if not signers and before is not None and any(line.startswith(f"\u2014 {origin} ") for line in before.signatures):
        raise LogError(f"{origin} is signed and its key is not here", "set AFTERBELL_KEY, or seal where the key lies")
    for signer in signers:
        if signer.name != origin or signer.type is not KeyType.NOTE:
            raise LogError(f"the key is of {signer.name!r}, the log of {origin!r}", "a log's key has the log's name")


def _signed(checkpoint: Checkpoint, signers: tuple[Signer, ...]) -> Checkpoint:
    text = checkpoints.text(checkpoint)
    return msgspec.structs.replace(checkpoint, signatures=tuple(note.sign(text, signer) for signer in signers))
