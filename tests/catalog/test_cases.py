"""Every worked example on the shelves answers as it says: the examples of the docs are the tests."""

import pytest

from afterbell.catalog import cases, shelves
from afterbell.catalog.scan import ask
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.vocabulary import Answer

MODE_CASES = [
    pytest.param(mode, case, id=f"{mode.slug}: {case.name}") for mode in shelves.modes().values() for case in mode.cases
]
TRIGGER_CASES = [
    pytest.param(trigger, case, id=f"{trigger.name}: {case.name}")
    for trigger in shelves.triggers().values()
    for case in trigger.cases
]


def field_value(trace, proof):
    """The whole text of the field that a piece of evidence names, or None when the test cannot address it."""
    span = trace.span(proof.span_id)
    if span is None:
        return None
    if proof.field in span.attributes:
        value = span.attributes[proof.field]
        return value if isinstance(value, str) else str(value)
    return span.status_message if proof.field == "status.message" else None


@pytest.mark.parametrize(("mode", "case"), MODE_CASES)
def test_a_mode_answers_its_examples(mode, case):
    file = cases.casefile(case, mode.slug)
    said = ask(mode, file)
    assert said.answer is case.answer, said.reason
    assert said.reason.endswith((".", "!", "?", "…"))
    assert "\n" not in said.reason
    if said.answer is Answer.YES:
        assert said.evidence, "a yes must show where"
    if said.answer is Answer.UNKNOWN:
        assert said.missing, "an unknown names what is missing"
    if case.excerpt:
        assert any(case.excerpt in proof.excerpt for proof in said.evidence)
    for name, value in case.figures.items():
        assert said.figures[name] == value
    for proof in said.evidence:
        run = next((run for run in file.runs if run.trace_id == proof.trace_id), None)
        if run is not None and proof.span_id and (whole := field_value(run, proof)) is not None:
            assert proof.excerpt == whole[proof.start : proof.end], f"the excerpt of {proof.field} is not in its place"


@pytest.mark.parametrize("mode", shelves.modes().values(), ids=lambda mode: mode.slug)
def test_an_empty_trace_is_never_a_yes(mode):
    assert ask(mode, CaseFile(trace=Trace(trace_id="0" * 32))).answer is not Answer.YES


@pytest.mark.parametrize(("trigger", "case"), TRIGGER_CASES)
def test_a_trigger_fires_on_its_examples(trigger, case):
    docket = cases.docket(case)
    events = trigger.fire(docket)
    assert [(event.subject, event.measured) for event in events] == list(case.fires)
    assert trigger.fire(docket) == events, "the same facts give the same events"
    assert all(isinstance(note, str) and note for note in trigger.notes(docket))
