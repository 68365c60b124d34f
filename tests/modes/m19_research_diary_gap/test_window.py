"""The window, and whose rows count as late."""

from afterbell.catalog.cases import books, traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m19_research_diary_gap import mode


def run(number, action="buy"):
    ids = {"trace": f"t{number}", "idea": f"I-{number}"}
    at = "2026-01-05T14:00:00Z"
    rows = [{"type": "research", "id": "r", "at": at, "until": at, **ids}]
    return [*rows, {"type": "decision", "id": "d", "at": at, "until": at, "action": action, **ids}] if action else rows


def row(number, status, at, **more):
    return {"idea_id": f"I-{number}", "status": status, "decided_at": at, "written_at": at, **more}


def asked(rows, diary, **knobs):
    first, *kin = traces(rows).values()
    return mode.detect(CaseFile(trace=first, kin=tuple(kin), books=books({"diary": diary}), knobs=knobs))


def test_the_window_is_a_knob():
    rows = [*run(1), *run(2, "")]
    diary = [row(1, "accepted", "2026-01-05T15:00:00Z"), row(2, "rejected", "2025-12-20T15:00:00Z")]
    assert asked(rows, diary).answer is Answer.YES
    assert asked(rows, diary, window="P30D").answer is Answer.NO
    assert asked(rows, diary, window="nonsense").answer is Answer.YES


def test_another_idea_written_late_is_not_this_runs_fault():
    diary = [row(1, "accepted", "2026-01-05T15:00:00Z"),
             row(9, "rejected", "2026-01-06T15:00:00Z", outcome_at="2026-01-06T12:00:00Z")]  # fmt: skip
    assert asked(run(1), diary).answer is Answer.NO


def test_accepted_ideas_without_their_research_leave_it_open():
    diary = [row(number, "accepted", "2026-01-05T15:00:00Z") for number in (1, 2, 3)]
    found = asked(run(1), diary)
    assert (found.answer, found.missing) == (Answer.UNKNOWN, ("the other traces of the window",))
