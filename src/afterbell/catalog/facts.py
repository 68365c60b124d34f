"""The facts of the traces for the docket: figures and trades, and what each trigger gathers of one trace.

The rows of a gateway are handed to the trace they belong to, found by their ids, so that no trace reads all of them.
"""

from __future__ import annotations

from msgspec import structs

from afterbell.catalog import shelves
from afterbell.model.books import Books, GatewayRow
from afterbell.model.casefile import CaseFile
from afterbell.model.docket import RunFacts
from afterbell.model.facts import run_facts
from afterbell.model.policy import Policy
from afterbell.model.run import Trace


class Gatherer:
    """Makes the facts of one trace after the other, under one policy and beside one set of books."""

    def __init__(self, policy: Policy, books: Books) -> None:
        """Put the gateway's rows in order of what they belong to."""
        self._policy = policy
        self._gateway: dict[str, list[GatewayRow]] = {}
        for row in books.gateway:
            for key in {row.trace_id, row.request_id} - {""}:
                self._gateway.setdefault(key, []).append(row)

    def facts(self, trace: Trace) -> RunFacts:
        """Return the facts of a trace; a trigger that has nothing to keep of it leaves nothing."""
        case = CaseFile(trace=trace, policy=self._policy, books=Books(gateway=self._rows(trace)))
        gathered = {
            name: found for name, trigger in shelves.triggers().items()
            if trigger.gather is not None and (found := trigger.gather(case)) is not None
        }  # fmt: skip
        return structs.replace(run_facts(trace), gathered=gathered)

    def _rows(self, trace: Trace) -> tuple[GatewayRow, ...]:
        keys = dict.fromkeys((trace.trace_id, *(call.response_id for call in trace.calls)))
        found = {id(row): row for key in keys for row in self._gateway.get(key, ())}
        return tuple(found.values())
