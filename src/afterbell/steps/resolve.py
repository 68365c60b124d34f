"""Whether what records cite can still be found: evidence by hash, commits, traces. Warnings, not verdicts.

The log does not depend on the store or on git; but a record whose evidence is gone proves less than it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from afterbell.disk import evidence, git
from afterbell.disk.house import House
from afterbell.model.record import ReferenceKind
from afterbell.model.trace import trace_hex
from afterbell.steps import pages
from afterbell.steps.records import Filed, filed
from afterbell.steps.store import Store


class Unresolved(Struct, frozen=True, kw_only=True):
    """Something a record cites that is not found here: the record, what it is, its name, and where it was sought."""

    record: str
    kind: str
    name: str
    message: str


def unresolved(house: House) -> tuple[Unresolved, ...]:
    """Return what the records of a house cite and this house cannot show."""
    records = filed(house)
    shas = [sha for each in records for sha in _commits(each)]
    known = git.commits(house.root, shas)
    traces = {row.trace_id for row in Store(house).rows()} if house.commits.is_dir() else None
    found = [each for filed_ in records for each in _of(filed_, house, known, traces)]
    found += [
        Unresolved(record="", kind="page", name=f"records/{name}", message="does not match the log")
        for name in pages.differing(house)
    ]
    return (*found, *_copies(records))


def _of(each: Filed, house: House, commits: Mapping[str, bool], traces: set[str] | None) -> Iterator[Unresolved]:
    record = each.view.now
    for sha in record.evidence:
        if not evidence.place(house.evidence, sha).is_file():
            yield Unresolved(record=record.id, kind="evidence", name=sha, message="is not in this house's store")
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
