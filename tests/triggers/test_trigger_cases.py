"""Every worked example of a trigger fires what it says, and says why where it could not judge."""

from __future__ import annotations

import pytest

from afterbell.catalog import cases, shelves
from afterbell.model.case import TriggerCase

_EVERY = [(name, case) for name, trigger in shelves.triggers().items() for case in trigger.cases]


@pytest.mark.parametrize(("name", "case"), _EVERY, ids=[f"{name}-{case.name}" for name, case in _EVERY])
def test_a_case_fires_what_it_says(name: str, case: TriggerCase) -> None:
    trigger, docket = shelves.triggers()[name], cases.docket(case)
    assert sorted((event.subject, event.measured) for event in trigger.fire(docket)) == sorted(case.fires)
    assert trigger.fire(docket) == trigger.fire(docket)


_UNKNOWN = (
    "calls without usage", "four sessions are not five", "an unexplained step", "a closing fill without its entry",
    "no deployed capital", "cash left and no trade says why", "an indicator", "no prices", "no fill and no snapshot",
    "nothing tells of retries", "which is the weaker", "a result that was not kept", "neither texts nor checks",
)  # fmt: skip


@pytest.mark.parametrize(("name", "case"), [each for each in _EVERY if each[1].name in _UNKNOWN], ids=str)
def test_what_cannot_be_judged_is_noted(name: str, case: TriggerCase) -> None:
    assert shelves.triggers()[name].notes(cases.docket(case))
