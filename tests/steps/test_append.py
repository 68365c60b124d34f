"""Filing: complete or incomplete, once, and completed by an addendum; nothing is written while a fault stands."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.model.record import Draft
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.steps import amend, append, complete, init, lint, seal
from afterbell.steps.records import filed, find, journal
from afterbell.steps.verify import verify

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def form(house, draft, name="form.md"):
    path = house.root / name
    path.write_text(to_markdown(draft), encoding="utf-8")
    return path


def test_a_complete_record_is_filed_once(house, whole):
    path = form(house, whole)
    done = append.append(house, path)
    assert done.findings == ()
    assert done.record.status is RecordStatus.COMPLETE
    with pytest.raises(LogError, match="already exists"):
        append.append(house, path)
    assert [each.record for each in filed(house)] == [done.record]


def test_with_a_fault_nothing_is_written_and_all_faults_are_said(house, whole):
    spoiled = msgspec.structs.replace(
        whole, summary="The operator did not check the dashboard.", prevention="", root_cause=None
    )
    done = append.append(house, form(house, spoiled))
    assert done.stored is None
    rules = {each.fault.rule for each in done.findings}
    assert rules >= {"blame.left_undone", "prevention.missing", "root_cause.missing"}
    assert not list(journal(house).entries())


def test_an_incomplete_record_lists_its_holes_and_is_completed_once(house, whole):
    holes = msgspec.structs.replace(
        whole,
        prevention="",
        root_cause=None,
        status=RecordStatus.INCOMPLETE,
        reconvene_by=(NOW + timedelta(days=5)).date(),
    )
    done = append.append(house, form(house, holes))
    assert done.record.status is RecordStatus.INCOMPLETE
    assert {gap.field for gap in done.record.missing} == {"prevention", "root_cause"}
    other = msgspec.structs.replace(whole, id="0190f3a2-0000-7000-8000-0000000000ff")
    with pytest.raises(UsageError, match="the form is of record"):
        complete.complete(house, whole.id, form(house, other))
    assert complete.complete(house, whole.id, form(house, holes)).findings, "a form with holes completes nothing"
    assert complete.complete(house, whole.id, form(house, whole)).stored is not None
    assert complete.complete(house, whole.id, form(house, whole)).faults[0].rule == "addendum.completion"
    now = find(house, whole.id)
    assert now.record.status is RecordStatus.INCOMPLETE, "what was filed stays as filed"
    assert now.view.now.status is RecordStatus.COMPLETE
    seal.seal(house)
    assert verify(house, remember=False).verdict.problems == ()


@pytest.mark.parametrize("due", [None, date(2026, 1, 5), date(2026, 1, 14)])
def test_an_incomplete_record_reconvenes_within_seven_days(house, due):
    holes = Draft(id="0190f3a2-0000-7000-8000-000000000002", status=RecordStatus.INCOMPLETE, reconvene_by=due)
    done = append.append(house, form(house, holes))
    assert done.stored is None
    assert {each.fault.rule for each in done.findings} <= {"reconvene_by.missing", "reconvene_by.late"}


def test_an_addendum_of_blame_is_refused_like_a_record(house, whole):
    append.append(house, form(house, whole))
    done = amend.amend(house, whole.id, "The reviewer approved a bad prompt.", field="prevention")
    assert done.stored is None
    assert done.faults[0].rule.startswith("blame.")
    with pytest.raises(UsageError, match="no record"):
        amend.amend(house, "ffffffff", "A replay shows more.")
    assert amend.amend(house, whole.id, "A replay shows more.", role="Jane Doe").faults[0].rule == "roles.name"


def test_places_point_into_the_file(house, whole):
    spoiled = msgspec.structs.replace(whole, summary="At 14:02 UTC someone pushed the wrong config.")
    text = form(house, spoiled).read_text()
    (finding,) = lint.check(house, text).findings
    assert text[finding.start : finding.end] == "someone pushed the wrong"
    assert text.split("\n")[finding.line - 1][finding.column - 1 :].startswith("someone pushed")
