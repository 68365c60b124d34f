"""The form: what is written reads back exactly, editors do no harm, and no text gets lost."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterbell.model.record import Draft, Factor, Fix
from afterbell.model.vocabulary import Answer, RecordStatus, RootCause
from afterbell.render.form import to_markdown
from afterbell.render.form_reader import from_markdown, position

few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(data=st.data())
def test_what_is_written_reads_back(any_draft, data):
    draft = data.draw(any_draft)
    form = from_markdown(to_markdown(draft))
    assert form.faults == ()
    assert form.draft == draft


def _crlf(text):
    return text.replace("\n", "\r\n")


def _trailing(text):
    return "\n".join(line + " \t" for line in text.split("\n"))


def _airy(text):
    return re.sub(r"\n\n", "\n\n\n\n", text)


def _padded(text):
    return "\n".join(
        re.sub(r"(?<!\\)\|(?!$)", "|   ", line) if line.startswith("|") else line for line in text.split("\n")
    )


def _marked(text):
    return "\ufeff" + text


def _starred(text):
    return re.sub(r"(?m)^- ", "* ", text)


def _no_end(text):
    return text.rstrip("\n")


@pytest.mark.parametrize("edit", [_crlf, _trailing, _airy, _padded, _marked, _starred, _no_end])
@few
@given(data=st.data())
def test_editors_do_no_harm(any_draft, edit, data):
    draft = data.draw(any_draft)
    form = from_markdown(edit(to_markdown(draft)))
    assert form.faults == ()
    assert form.draft == draft


@few
@given(st.text())
def test_any_text_reads_to_faults(text):
    form = from_markdown(text)
    assert form.faults
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in form.faults)


@few
@given(data=st.data(), place=st.integers(0, 3000), junk=st.text(max_size=5))
def test_a_damaged_form_never_raises(sound, data, place, junk):
    text = to_markdown(sound)
    from_markdown(text[:place] + junk + text[place + data.draw(st.integers(0, 40)) :])


def test_hostile_text_stays_inert(hostile):
    draft = Draft(id="a", summary=hostile, contributing_factors=(Factor(text=hostile),), fix=Fix(paragraph=hostile))
    shown = to_markdown(draft)
    assert "\u202e" not in shown
    assert "<b>" not in shown
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert "https://evil" not in shown
    assert from_markdown(shown).draft == draft


def test_an_empty_draft_is_visibly_empty():
    draft = Draft(id="a")
    shown = to_markdown(draft, checklist=((1, "price_blind_leak"), (2, "numeric_fabrication")))
    assert shown.count("[fill in]") >= 7
    assert "| 2 | numeric_fabrication | [ ] | [ ] |" in shown
    assert from_markdown(shown).draft == draft


def test_people_fill_it_in():
    shown = to_markdown(Draft(id="a"), checklist=((1, "price_blind_leak"),))
    filled = (
        shown.replace("[ ] | [ ] |  |", "[ ] | Yes | it showed the price |")
        .replace("operational. Others become factors. -->\n\n[fill in]", "x -->\n\nSecurity", 1)
        .replace(
            "| --- | --- | --- | --- |\n",
            "| --- | --- | --- | --- |\n| 2026-01-05 14:02Z | idea | began | t1 |\n",
            1,
        )
        .replace("- [fill in]", "- No step ceiling in the `loop`,\n  none at all [token_runaway] [prompt_drift]", 1)
        .replace("status: complete\nreconvene_by:", "status: incomplete\nreconvene_by: 2026-01-12")
    )
    form = from_markdown(filled)
    assert form.faults == ()
    assert form.draft.answers[0].answer is Answer.YES
    assert form.draft.root_cause is RootCause.SECURITY
    assert form.draft.timeline[0].trace_id == "t1"
    assert form.draft.contributing_factors == (
        Factor(text="No step ceiling in the `loop`, none at all", modes=("token_runaway", "prompt_drift")),
    )
    assert form.draft.status is RecordStatus.INCOMPLETE
    start, end = form.places["timeline.1.trace_id"]
    assert filled[start:end] == "t1"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("## Summary", "## Story", "form.heading"),
        ("## Timeline", "## Summary", "form.twice"),
        ("# Postmortem", "Dear diary", "form.stray"),
        ("id: ", "identity: ", "form.front"),
        ("status: complete", "status: done", "form.value"),
        ("\nstatus: complete", "\nid: x\nstatus: complete", "form.twice"),
        ("| idea |", "| hunch |", "form.value"),
        ("| 2026-01-05T14:00:00Z |", "| yesterday |", "form.time"),
        ("| 2026-01-05T14:00:00Z |", "| 2026-13-05T14:00:00Z |", "form.time"),
        ("| idea |", "| idea | extra |", "form.table"),
        ("| stage |", "| step |", "form.table"),
        ("operational\n", "operational\ncost\n", "form.stray"),
        ("yes: hit the step cap", "no: all is well", "form.machine"),
        ('"steps": 40', '"steps": 41.5', "form.machine"),
        ('"steps": 40', '"steps": 40}, "more": {', "form.machine"),
        ("```json", "json", "form.machine"),
        ("\n- trace: ", "\n- memory: ", "form.value"),
        ("\n- trace: ", "\n- ", "form.value"),
        ("- change: yes", "- change: perhaps", "form.value"),
        ("- change: yes", "- change: yes\n- change: no", "form.twice"),
        ("No attribution. -->", "No attribution.", "form.comment"),
        ("filed with the record. Leave it as it is. -->", "filed with", "form.comment"),
        ("reconvene_by: 2026-01-09", "reconvene_by: soon", "form.time"),
        ("| 1 | price_blind_leak | [ ] | no |", "| one | price_blind_leak | [ ] | no |", "form.table"),
        ("| 1 | price_blind_leak | [ ] | no |", "| 2 | price_blind_leak | [ ] | no |", "form.twice"),
        ("| 1 | price_blind_leak | [ ] | no |  |", "| 1 | price_blind_leak | [ ] | | why |", "form.stray"),
    ],
)
def test_what_the_form_cannot_place_is_a_fault(sound, old, new, rule):
    text = to_markdown(sound)
    assert text.count(old) >= 1
    changed = text.replace(old, new, 1)
    faults = from_markdown(changed).faults
    assert rule in {fault.rule for fault in faults}
    assert all(fault.why and fault.rewrite for fault in faults)


def test_faults_know_line_and_column(sound):
    text = to_markdown(sound).replace("| idea |", "| hunch |", 1)
    (fault,) = from_markdown(text).faults
    line, column = position(text, fault.start)
    assert text.split("\n")[line - 1][column - 1 :].startswith("hunch")
    assert text[fault.start : fault.end] == "hunch"


def test_sections_out_of_order_read_but_are_a_fault(sound):
    text = to_markdown(sound)
    first, second = text.index("## Summary"), text.index("## Timeline")
    third = text.index("## Root cause")
    form = from_markdown(text[:first] + text[second:third] + text[first:second] + text[third:])
    assert [fault.rule for fault in form.faults] == ["form.order"]
    assert form.draft == sound


def test_table_columns_may_move():
    text = to_markdown(Draft(id="a")).replace(
        "| time (UTC) | stage | event | trace_id |\n| --- | --- | --- | --- |",
        "| trace_id | stage | event | Time (UTC) |\n|:-|-|-|-:|\n| t | outcome | over | 2026-01-05T14:02:00.125Z |",
    )
    (row,) = from_markdown(text).draft.timeline
    assert (row.trace_id, row.event, row.at.microsecond) == ("t", "over", 125_000)


def test_figures_come_back_as_plain_json(sound):
    from decimal import Decimal

    machine = msgspec.structs.replace(sound.suggestions[0].suggestion, figures={"spend": Decimal("1.50"), "share": 0.5})
    row = msgspec.structs.replace(sound.suggestions[0], suggestion=machine)
    draft = msgspec.structs.replace(sound, suggestions=(row,))
    figures = from_markdown(to_markdown(draft)).draft.suggestions[0].suggestion.figures
    assert figures == {"spend": "1.50", "share": "0.5"}
