"""Whether what records cite can still be found: evidence by hash, commits, traces. Warnings, not verdicts on the log.

The log does not depend on the store or on git; but a record whose evidence is gone proves less than it says, and one
whose pinned evidence was changed proves something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from afterbell.disk import git
from afterbell.disk.frozen import FrozenFiles
from afterbell.disk.house import House
from afterbell.model import fix_check
from afterbell.model.record import ReferenceKind
from afterbell.model.trace import trace_hex
from afterbell.steps import pages
from afterbell.steps.records import Filed, filed
from afterbell.steps.store import Store


class Unresolved(Struct, frozen=True, kw_only=True):
    """Something a record cites that is not found here: the record, what it is, its name, and where it was sought.

    `changed` marks evidence that is here under its hash, but is not what the hash is of.
    """

    record: str
    kind: str
    name: str
    message: str
    changed: bool = False


def unresolved(house: House) -> tuple[Unresolved, ...]:
    """Return what the records of a house cite and this house cannot show."""
    records = filed(house)
    shas = [sha for each in records for sha in _commits(each)]
    known = git.commits(house.root, shas)
    traces = {row.trace_id for row in Store(house).rows()} if house.commits.is_dir() else None
    pinned = _Pinned(house)
    found = [each for filed_ in records for each in _of(filed_, pinned, known, traces)]
    found += [
        Unresolved(record="", kind="page", name=f"records/{name}", message="does not match the log")
        for name in pages.differing(house)
    ]
    return (*found, *_copies(records))


def lacking(house: House, each: Filed) -> tuple[Unresolved, ...]:
    """Return what one record cites and this house cannot show."""
    known = git.commits(house.root, list(_commits(each)))
    wanted = {trace_hex(trace_id) for trace_id in each.view.now.trace_ids}
    traces = Store(house).present(wanted) if house.commits.is_dir() else None
    return tuple(_of(each, _Pinned(house), known, traces))


class _Pinned:
    """What is kept of evidence, pinned beside the records or in the store. Pinned bytes are read once each."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._files = FrozenFiles(house.frozen)
        self._lists = self._files.hashes()
        self._whole: dict[str, bool] = {}

    def lacks(self, record: str, sha256: str) -> Iterator[Unresolved]:
        """Yield what is wrong with a piece of evidence that a record cites, or with what a list of evidence names."""
        if sha256 in self._lists:
            frozen = self._files.find(sha256)
            if frozen is None:
                yield _evidence(record, sha256, "the list of evidence does not match its hash", changed=True)
                return
            for each in frozen.pinned:
                yield from self._piece(record, each.sha256)
        else:
            yield from self._piece(record, sha256)

    def _piece(self, record: str, sha256: str) -> Iterator[Unresolved]:
        if self._files.has(sha256):
            if sha256 not in self._whole:
                self._whole[sha256] = self._files.is_whole(sha256)
            if not self._whole[sha256]:
                yield _evidence(record, sha256, "is pinned here and does not match its hash", changed=True)
        elif not self._files.is_kept(self._house.evidence, sha256):
            yield _evidence(record, sha256, "is neither pinned here nor in this house's store")


def _evidence(record: str, sha256: str, message: str, *, changed: bool = False) -> Unresolved:
    return Unresolved(record=record, kind="evidence", name=sha256, message=message, changed=changed)


def _of(
    each: Filed, pinned: _Pinned, commits: Mapping[str, bool], traces: Collection[str] | None
) -> Iterator[Unresolved]:  # fmt: skip
    record = each.view.now
    for sha in record.evidence:
        yield from pinned.lacks(record.id, sha)
    for check in filter(None, map(fix_check.of, each.addenda)):
        for sha in check.evidence:
            if sha not in record.evidence:
                yield from pinned.lacks(record.id, sha)
    for sha in _commits(each):
        if commits.get(sha) is False:
            yield Unresolved(record=record.id, kind="commit", name=sha, message="is not reachable in this repository")
    for trace_id in record.trace_ids:
        if traces is not None and trace_hex(trace_id) not in traces:
            yield Unresolved(record=record.id, kind="trace", name=trace_id, message="is not in this house's store")


def _copies(records: Sequence[Filed]) -> Iterator[Unresolved]:
    """Yield the records that tell of an event which an earlier record tells of: a correction is an amendment."""
    first: dict[str, str] = {}
    for each in records:
        event = each.record.event_id
        if event and first.setdefault(event, each.record.id) != each.record.id:
            message = f"record {first[event]} tells of already"
            yield Unresolved(record=each.record.id, kind="event", name=event, message=message)


def _commits(each: Filed) -> Iterator[str]:
    record = each.view.now
    if record.fix.commit_sha:
        yield record.fix.commit_sha
    yield from (reference.value for reference in record.references if reference.kind is ReferenceKind.COMMIT)
