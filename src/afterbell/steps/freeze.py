"""Freeze: pins the evidence of an incident beside the record, as logs get pruned elsewhere and a store may be remade.

Pinned is what its traces were read from; what their kin, and the runs that wrote what they read, were read from; the
company facts of the registrants they name; and every other book. Doing it again adds only what came in since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import PurePath

from msgspec import Struct

from afterbell.disk import shards
from afterbell.disk.frozen import Frozen, FrozenFiles, Pinned
from afterbell.disk.holding import held
from afterbell.disk.house import House
from afterbell.errors import StoreError
from afterbell.model.casefile import CaseFile
from afterbell.model.event import Event
from afterbell.steps.beside import Beside
from afterbell.steps.store import Casefiles, Store

_LOCK_SECONDS = 600
_NAME_PARTS = 6
_FACTS = "sec-companyfacts"
_AT_ONCE = 256


class Froze(Struct, frozen=True, kw_only=True):
    """The list of an incident's evidence, the SHA-256 that a record cites it by, and how many pieces were new."""

    frozen: Frozen
    sha256: str
    new: int


class Freezer:
    """Freezes the incidents of one state of a store; what they share is looked up once."""

    def __init__(self, store: Store) -> None:
        """Keep the store; nothing is read or written yet."""
        self._store = store
        self._files = FrozenFiles(store.house.frozen)
        self._cases = Casefiles(store)
        self._kept = {kept.sha256: kept for commit in store.commits for kept in commit.evidence}

    def event(self, event: Event) -> Froze:
        """Freeze the evidence of an event. Raises DiskError when it cannot be written."""
        return self.traces(event.event_id, event.trace_ids)

    def traces(self, subject: str, trace_ids: Sequence[str]) -> Froze:
        """Freeze the evidence of these traces under the name of their incident, an event's or trace's id."""
        frozen = self._listed(subject, trace_ids)
        house = self._store.house
        with _locked(house) as pinned:
            new = sum(pinned.pin(house.evidence, each.sha256) for each in frozen.pinned)
            return Froze(frozen=frozen, sha256=pinned.write(frozen), new=new)

    def _listed(self, subject: str, trace_ids: Sequence[str]) -> Frozen:
        own = tuple(dict.fromkeys(trace_ids))
        kin = tuple(each for each in self._kin_of(own) if each not in own)
        beside = list(self._beside_of(own))
        writers = tuple(dict.fromkeys(each for case in beside for each in _writers(case) if each not in own))
        holds: dict[str, list[str]] = {}
        for why, ids in (("trace", own), ("kin", kin), ("writer", writers)):
            for sha256 in self._evidence_of(ids):
                holds.setdefault(sha256, []).append(why)
        for case in beside:
            for fact in case.books.facts:
                if fact.evidence in self._kept:
                    holds.setdefault(fact.evidence, []).append("facts")
        for sha256, kept in self._kept.items():
            if kept.rows and kept.format != _FACTS:
                holds.setdefault(sha256, []).append("book")
        pinned, lost = [], []
        for sha256 in sorted(holds):
            if self._files.has(sha256) or self._files.is_kept(self._store.house.evidence, sha256):
                pinned.append(self._pinned(sha256, holds[sha256]))
            else:
                lost.append(sha256)
        return Frozen(
            subject=subject, trace_ids=own, kin=tuple(dict.fromkeys((*kin, *writers))), pinned=tuple(pinned),
            lost=tuple(lost),
        )  # fmt: skip

    def _pinned(self, sha256: str, holds: list[str]) -> Pinned:
        kept = self._kept[sha256]
        name = "/".join(PurePath(kept.name).parts[-_NAME_PARTS:]).lstrip("/")
        return Pinned(
            sha256=sha256, size=kept.size, format=kept.format, name=name, holds=tuple(dict.fromkeys(holds))
        )  # fmt: skip

    def _kin_of(self, own: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for trace_id in own for each in self._cases.kin_ids.get(trace_id, ())))

    def _beside_of(self, own: Iterable[str]) -> Iterator[CaseFile]:
        """Yield the case files of traces about which questions may need more than kin: a cache they read, or facts."""
        for trace_id in own:
            asked = self._has_facts or trace_id in self._touching
            trace = self._store.traces([trace_id]).get(trace_id) if asked else None
            if trace is not None:
                yield self._beside.complete(self._cases.of(trace))

    @cached_property
    def _has_facts(self) -> bool:
        return bool(self._store.registrants())

    @cached_property
    def _touching(self) -> frozenset[str]:
        return frozenset(self._store.writers()[0])

    @cached_property
    def _beside(self) -> Beside:
        return Beside(self._store, self._cases.of)

    def _evidence_of(self, trace_ids: Sequence[str]) -> Iterator[str]:
        """Yield the hashes of the evidence that spans and log records of these traces came from, each once."""
        seen: set[str] = set()
        for commit in self._store.commits if trace_ids else ():
            for table in ("spans", "logs"):
                for place in range(0, len(trace_ids), _AT_ONCE):
                    some = list(trace_ids[place : place + _AT_ONCE])
                    sql = f"SELECT DISTINCT source FROM t WHERE trace_id IN ({', '.join('?' for _ in some)})"  # noqa: S608 - marks
                    rows = shards.query(self._store.house.store, [commit], table, sql, some)
                    for (source,) in rows:
                        sha256 = self._store.sha256_of[commit.number, source]
                        if sha256 not in seen:
                            seen.add(sha256)
                            yield sha256


@contextmanager
def _locked(house: House) -> Iterator[FrozenFiles]:
    """Lend the pinned evidence to one writer at a time, without what dead ones left. Raises StoreError after long."""
    house.make_store()
    busy = StoreError("another process has pinned evidence for ten minutes", "wait for it, or end it")
    with held(house.store / "freeze.lock", busy, seconds=_LOCK_SECONDS):
        pinned = FrozenFiles(house.frozen)
        pinned.sweep()
        yield pinned


def pin(house: House, source: House, hashes: Iterable[str]) -> None:
    """Pin evidence of another house, such as a replay's, beside the records of this one."""
    with _locked(house) as pinned:
        for sha256 in hashes:
            pinned.pin(source.evidence, sha256)


def freeze(store: Store, subject: str, trace_ids: Sequence[str]) -> Froze:
    """Freeze the evidence of one incident."""
    return Freezer(store).traces(subject, trace_ids)


def freeze_new(house: House, events: Iterable[Event]) -> tuple[Froze, ...]:
    """Freeze the evidence of those events that never were; what came in later is added when a form is drafted."""
    pinned = FrozenFiles(house.frozen)
    new = [event for event in events if not pinned.is_listed(event.event_id)]
    freezer = Freezer(Store(house)) if new else None
    return tuple(freezer.event(event) for event in new) if freezer else ()


def _writers(case: CaseFile) -> Iterator[str]:
    for writers in case.writers.values():
        yield from (writer.trace_id for writer in writers if writer.here and writer.trace_id)
