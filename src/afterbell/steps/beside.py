"""What a case file needs beyond trace, kin and books: company facts, who wrote what it read, what lies around it.

All are looked up for the traces that need them: a house may hold facts of thousands of registrants. Read once per
process and state of the store; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import structs

from afterbell.catalog.writers import Writers
from afterbell.errors import LogError
from afterbell.model.books import CompanyFact
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.vocabulary import RootCause
from afterbell.reading.company_accounts.issuers import issuers, registrants
from afterbell.reading.kept_content import Access, Writings, reads, writes
from afterbell.steps import records
from afterbell.steps.around import Around
from afterbell.steps.store import Store

_MOST_REGISTRANTS = 16
_AT_ONCE = 64


class Beside:
    """Completes case files of one house."""

    def __init__(self, store: Store, case_of: Callable[[Trace], CaseFile]) -> None:
        """`case_of` makes the case file of a trace, without what this adds."""
        self._store = store
        self._case_of = case_of
        self._around = Around(store)
        self._known = store.registrants()
        self._facts: dict[str, tuple[CompanyFact, ...]] = {}
        self._writers: Writers | None = None

    def complete(self, case: CaseFile) -> CaseFile:
        """Return the case file with the facts of the registrants its trace names, the writers, and the surroundings."""
        case = self._around.complete(self._with_facts(case))
        if not reads(case.trace):
            return case
        if self._writers is None:
            self._writers = Writers(_writings(self._store), self._case_by_id, _flagged(self._store))
        return self._writers.fill(case)

    def _with_facts(self, case: CaseFile) -> CaseFile:
        ciks = registrants(issuers(case.trace), self._known)[:_MOST_REGISTRANTS] if self._known else ()
        if not ciks:
            return case
        if len(self._facts) > _MOST_REGISTRANTS:
            self._facts.clear()
        for cik in ciks:
            if cik not in self._facts:
                self._facts[cik] = self._store.facts(cik)
        facts = tuple(fact for cik in ciks for fact in self._facts[cik])
        return structs.replace(case, books=structs.replace(case.books, facts=facts))

    def _case_by_id(self, trace_id: str) -> CaseFile | None:
        trace = self._store.traces([trace_id]).get(trace_id)
        return self._case_of(trace) if trace else None


def _writings(store: Store) -> Writings:
    """Read every trace that touches a cache or memory once, and keep of it what it wrote, without the contents."""
    ids, runs = store.writers()
    return Writings(runs, _written(store, ids))


def _written(store: Store, ids: tuple[str, ...]) -> Iterable[Access]:
    for place in range(0, len(ids), _AT_ONCE):
        for trace in store.traces(ids[place : place + _AT_ONCE]).values():
            for access in writes(trace):
                yield structs.replace(access, contents=())


def _flagged(store: Store) -> frozenset[str]:
    """Return the traces that a postmortem with the root cause security names, as it reads now."""
    try:
        views = [filed.view.now for filed in records.filed(store.house)]
    except LogError:  # `verify` says what is wrong with the log; a scan goes on without it
        return frozenset()
    return frozenset(
        trace_id for now in views if now.root_cause is RootCause.SECURITY for trace_id in now.trace_ids
    )  # fmt: skip
