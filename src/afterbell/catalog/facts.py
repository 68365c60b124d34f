"""The facts of one trace for the docket: its figures and trades, and what each trigger gathers of it."""

from __future__ import annotations

from msgspec import structs

from afterbell.catalog import shelves
from afterbell.model.casefile import CaseFile
from afterbell.model.docket import RunFacts
from afterbell.model.facts import run_facts
from afterbell.model.policy import Policy
from afterbell.model.run import Trace


def facts_of(trace: Trace, policy: Policy) -> RunFacts:
    """Return the facts of a trace under a policy; a trigger that has nothing to keep leaves nothing."""
    case = CaseFile(trace=trace, policy=policy)
    gathered = {
        name: found for name, trigger in shelves.triggers().items()
        if trigger.gather is not None and (found := trigger.gather(case)) is not None
    }  # fmt: skip
    return structs.replace(run_facts(trace), gathered=gathered)
