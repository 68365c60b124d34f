"""A draft becomes a sheet and the sheet the same draft again; faults are shown where they were written."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.model.checklist import CHECKLIST
from afterbell.model.judge import judge
from afterbell.model.record import Draft, Factor, TimelineRow
from afterbell.model.scan import ModeAnswer, unknown
from afterbell.model.sheet import _CHOICES, _PROSE, AGENDA
from afterbell.model.vocabulary import Answer, RecordStatus, RowStage
from afterbell.render.form import to_markdown
from afterbell.render.form_reader import from_markdown
from afterbell.render.sheet import SUGGESTED_RULE, filled, placed, sheet

TEXTS = ("summary", "prevention")


def again(draft, changes=None, checklist=()):
    return filled(draft, {**sheet(draft, checklist=checklist), **(changes or {})}, checklist)


@pytest.fixture
def checklist(known_modes):
    return tuple(enumerate(known_modes, 1))


@settings(max_examples=60)
@given(data=st.data())
def test_any_draft_comes_back_but_for_blank_ends(any_draft, data):
    draft = data.draw(any_draft)
    back = again(draft).draft
    assert [getattr(back, name) for name in TEXTS] == [getattr(draft, name).strip() for name in TEXTS]
    assert back.fix.paragraph == draft.fix.paragraph.strip()
    assert [row.event for row in sorted(back.timeline, key=lambda row: row.event)] == sorted(
        row.event.strip() for row in draft.timeline
    )
    assert [factor.text for factor in back.contributing_factors] == [
        factor.text.strip() for factor in draft.contributing_factors
    ]
    assert {row.number: row.answer for row in back.answers} == {row.number: row.answer for row in draft.answers}
    assert (back.event, back.suggestions, back.evidence, back.extra) == (
        draft.event,
        draft.suggestions,
        draft.evidence,
        draft.extra,
    )


def test_a_sound_draft_comes_back_whole(sound, checklist):
    assert again(sound, checklist=checklist).draft == sound
    assert again(sound, checklist=checklist).faults == ()


def test_what_the_machine_drafted_waits_until_somebody_looks(sound, checklist):
    fresh = msgspec.structs.replace(sound, summary="", answers=(), roles=())
    made = again(fresh, checklist=checklist)
    assert [(fault.field, fault.rule) for fault in made.faults] == [
        ("timeline", SUGGESTED_RULE), ("contributing_factors", SUGGESTED_RULE), ("references", SUGGESTED_RULE)
    ]  # fmt: skip
    assert made.faults[0].message == "5 rows suggested by the machine, and nobody has looked at: 1, 2, 3, 4, 5"
    assert all(fault.missing for fault in made.faults)
    accepted = again(fresh, {"row.001.kept": "yes", "row.002.kept": "no"}, checklist)
    assert [row.event for row in accepted.draft.timeline] == [
        row.event for row in sound.timeline if row is not sound.timeline[1]
    ]
    assert accepted.faults[0].message.endswith("nobody has looked at: 2, 3, 4")


def test_rows_stand_in_order_of_time_wherever_they_were_added(sound):
    early = {
        "row.n1.at": "2026-01-05 13:00 UTC",
        "row.n1.event": "budget set",
        "row.n1.kept": "yes",
        "row.n1.stage": "idea",
    }
    made = again(sound, early)
    assert made.draft.timeline[0].event == "budget set"
    assert made.places["timeline.1.event"].key == "row.n1.event"
    assert made.draft.timeline[0].at == sound.timeline[0].at.replace(hour=13, minute=0)


def test_what_is_no_time_is_said_and_not_lost(sound):
    made = again(sound, {"row.001.at": " half past two"})
    (fault,) = made.faults
    assert (fault.field, fault.rule, fault.missing) == ("timeline.5.at", "form.time", False)
    assert placed(fault, made.places) == ("timeline", "row.001.at", 1, 14)


def test_a_fault_is_placed_with_the_blanks_that_were_typed_before(sound, checklist):
    words = "  " + " ".join(["word"] * 41)
    made = again(sound, {"summary": words}, checklist)
    (fault,) = judge(made.draft, known_modes=tuple(mode for _n, mode in checklist))
    assert fault.rule == "summary.words"
    part, key, start, end = placed(fault, made.places)
    assert (part, key, words[start:end]) == ("summary", "summary", "word")


def test_every_fault_of_an_empty_draft_has_its_part(checklist):
    made = again(Draft(id="1"), checklist=checklist)
    parts = {
        placed(fault, made.places)[0] for fault in judge(made.draft, known_modes=tuple(mode for _n, mode in checklist))
    }
    assert parts == {
        "summary",
        "timeline",
        "root_cause",
        "contributing_factors",
        "fix",
        "prevention",
        "references",
        "answers",
        "verdict",
        "roles",
    }


def test_the_note_that_stands_ready_goes_with_an_unknown_only(checklist):
    number, mode = checklist[0]
    machine = ModeAnswer(number=number, mode=mode, suggestion=unknown("no prices", ("market data",)))
    draft = Draft(id="1", suggestions=(machine,))
    assert sheet(draft, checklist=checklist)[f"answer.{mode}.note"] == "missing: market data"
    said = again(draft, {f"answer.{mode}.value": "unknown"}, checklist).draft.answers[0]
    assert (said.answer, said.note, said.suggested) == (Answer.UNKNOWN, "missing: market data", Answer.UNKNOWN)
    assert again(draft, {f"answer.{mode}.value": "no"}, checklist).draft.answers[0].note == ""


def test_roles_are_proposed_and_only_those_present_are_named():
    start = sheet(Draft(id="1"), ("system operator", "code owner", "reviewer"))
    assert start["role.2.name"] == "code owner"
    made = filled(Draft(id="1"), {**start, "role.2.present": "yes"})
    assert made.draft.roles == ("code owner",)
    assert made.places["roles.1"].key == "role.2.name"


def test_a_draft_of_a_meeting_is_complete_until_it_is_filed_otherwise():
    draft = Draft(id="1", status=RecordStatus.INCOMPLETE)
    assert again(draft, {"reconvene_by": "2026-01-12"}).draft.status is RecordStatus.COMPLETE
    assert str(again(draft, {"reconvene_by": "2026-01-12"}).draft.reconvene_by) == "2026-01-12"
    assert again(draft, {"reconvene_by": "2026-02-31"}).draft.reconvene_by is None


def test_a_factor_keeps_its_modes_and_a_struck_one_is_gone():
    draft = Draft(
        id="1",
        summary="x",
        contributing_factors=(Factor(text="no ceiling", modes=("token_runaway",)), Factor(text="b")),
    )
    made = again(draft, {"factor.001.mode.prompt_drift": "yes", "factor.002.kept": "no"})
    assert made.draft.contributing_factors == (Factor(text="no ceiling", modes=("prompt_drift", "token_runaway")),)


def test_a_row_without_a_time_stands_last():
    draft = Draft(
        id="1",
        timeline=(
            TimelineRow(event="when?", stage=RowStage.IDEA),
            TimelineRow(event="then"),
        ),
    )
    made = again(draft, {"row.002.at": "2026-01-05T14:00:00Z"})
    assert [row.event for row in made.draft.timeline] == ["then", "when?"]


_KEYS = st.one_of(st.from_regex(_PROSE, fullmatch=True), *(st.from_regex(key, fullmatch=True) for key, _ in _CHOICES))


@st.composite
def sheets(draw):
    """Draw what people may make of a sheet."""
    made = {}
    for key in draw(st.lists(_KEYS, max_size=20)):
        words = [allowed for pattern, allowed in _CHOICES if pattern.fullmatch(key)]
        prose = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
        made[key] = draw(st.from_regex(words[0], fullmatch=True) if words else prose)
    return made


@settings(max_examples=150)
@given(sheets())
def test_whatever_is_on_a_sheet_each_fault_has_a_place_and_the_form_reads_back(given_):
    made = filled(Draft(id="1"), given_, CHECKLIST)
    for fault in (*made.faults, *judge(made.draft, known_modes=[mode for _number, mode in CHECKLIST])):
        part, key, _start, end = placed(fault, made.places)
        assert part in AGENDA
        assert not key or fault.end == 0 or end <= len(given_[key])
    form = from_markdown(to_markdown(made.draft, checklist=CHECKLIST))
    assert form.faults == ()
    assert (form.draft.summary, form.draft.timeline, form.draft.fix) == (
        made.draft.summary,
        made.draft.timeline,
        made.draft.fix,
    )
