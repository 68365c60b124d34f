"""Price-blind leak: what counts as the research prompt, what missing content does, and where the evidence stands."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from afterbell.catalog import cases
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import Policy
from afterbell.model.run import Trace
from afterbell.model.scan import Suggestion
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.modes.m01_price_blind_leak import mode

QUOTE = "SYNTHETIC_A trades at $41.20."
CLEAN = "Revenue rose 12% to $412 million. What drives the backlog?"


def _row(kind: str, number: int, **keys: Any) -> dict[str, Any]:
    at, until = f"2026-01-05T14:{number:02d}:00.000Z", f"2026-01-05T14:{number:02d}:30.000Z"
    return {"type": kind, "trace": "t", "id": f"{kind}-{number}", "at": at, "until": until} | keys


def _call(number: int, *messages: Any, **keys: Any) -> dict[str, Any]:
    rows = [{"role": "user", "content": each} if isinstance(each, str) else each for each in messages]
    return _row("call", number, model="m", messages=rows, output="Noted.", **keys)


def _trace(*rows: dict[str, Any]) -> Trace:
    return cases.traces(rows)[trace_hex("t")]


def _ask(*rows: dict[str, Any], **knobs: Any) -> Suggestion:
    return mode.detect(CaseFile(trace=_trace(*rows), policy=Policy(), knobs=mode.KNOBS | knobs))


def test_the_stage_of_a_call_decides_whether_it_counts() -> None:
    decision = _row("decision", 5, action="buy", symbol="SYNTHETIC_A")
    assert _ask(_call(1, QUOTE), _call(7, CLEAN), decision).answer is Answer.YES
    assert _ask(_call(1, CLEAN), _call(7, QUOTE), decision).answer is Answer.NO
    assert _ask(_call(1, CLEAN), _call(2, QUOTE, agent="trader")).answer is Answer.NO
    assert _ask(_call(1, CLEAN), _call(2, QUOTE, agent="news analyst")).answer is Answer.YES
    assert _ask(_call(1, QUOTE, stage="risk")).answer is Answer.NA


def test_a_single_call_that_researches_and_decides_is_research() -> None:
    decision = _row("decision", 1, action="buy", symbol="SYNTHETIC_A")
    assert _ask(_call(2, QUOTE), decision).answer is Answer.YES


def test_later_turns_and_tool_messages_are_part_of_the_prompt() -> None:
    told = {"role": "tool", "tool_call_id": "c1", "content": '{"symbol": "SYNTHETIC_A", "last_price": 41.2}'}
    asked = {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "c1", "name": "lookup", "arguments": {"q": QUOTE}}],
    }
    assert _ask(_call(1, CLEAN, asked, told)).answer is Answer.YES
    assert _ask(_call(1, CLEAN, asked)).answer is Answer.NO


def test_the_definition_of_a_tool_and_the_output_are_not_the_prompt() -> None:
    tools = [{"name": "get_quote", "description": f"For example: {QUOTE}"}]
    assert _ask(_call(1, CLEAN, tools=tools) | {"output": QUOTE}).answer is Answer.NO


def test_a_tool_of_the_decision_stage_may_return_prices() -> None:
    tool = _row("tool", 2, name="quote", stage="decision", result={"current_price": 41.2})
    assert _ask(_call(1, CLEAN), tool).answer is Answer.NO
    assert _ask(_call(1, CLEAN), tool | {"stage": "research"}).answer is Answer.YES


def test_a_headline_is_read_and_cited_at_its_own_place() -> None:
    found = [{"id": "d", "title": "SYNTHETIC_A shares jump 5% on Tuesday", "content": "Margins widened."}]
    said = _ask(_row("retrieval", 1, documents=found), _call(2, CLEAN))
    assert said.answer is Answer.YES
    assert said.evidence[0].field == "gen_ai.retrieval.documents[0].title"


@pytest.mark.parametrize(
    "lost",
    [
        _call(1, "[REDACTED]"),
        _call(1, CLEAN, system="__REDACTED__"),
        _call(1, CLEAN, {"role": "user", "content": "The filing says … [truncated 900 characters]"}),
        _row("call", 1, model="m", output="Noted."),
        _row("call", 1, model="m", output="Noted.", attributes={"gen_ai.input.messages.ref": "blob:1"}),
        _row("call", 1, model="m", output="Noted.", dropped=3),
    ],
    ids=["redacted", "system redacted", "truncated", "not captured", "ref", "evicted"],
)
def test_a_prompt_that_is_gone_gives_unknown_unless_the_rest_tells(lost: dict[str, Any]) -> None:
    said = _ask(lost)
    assert said.answer is Answer.UNKNOWN
    assert said.missing
    told = _ask(lost, _call(2, QUOTE))
    assert told.answer is Answer.YES
    assert told.missing


def test_results_and_documents_that_are_gone_give_unknown() -> None:
    tool = _row("tool", 2, name="news", stage="research")
    assert _ask(_call(1, CLEAN), tool).answer is Answer.UNKNOWN
    assert _ask(_call(1, CLEAN), tool | {"result": "[REDACTED]"}).answer is Answer.UNKNOWN
    assert _ask(_call(1, CLEAN), tool | {"result": ""}).answer is Answer.NO
    assert _ask(_call(1, CLEAN), tool | {"error": {"type": "Timeout", "message": "late"}}).answer is Answer.NO
    gone = _row("retrieval", 3, documents=[{"id": "d", "content": "[REDACTED]"}])
    assert _ask(_call(1, CLEAN), gone).answer is Answer.UNKNOWN


def test_a_knob_says_which_families_decide() -> None:
    held = _call(1, "We hold 300 shares of SYNTHETIC_A.")
    assert _ask(held).answer is Answer.YES
    said = _ask(held, high_families=["quote", "move"])
    assert said.answer is Answer.NO
    assert said.figures["position"] == 1


def test_repeated_history_counts_once_and_the_score_saturates() -> None:
    once = _ask(_call(1, QUOTE))
    again = _ask(_call(1, QUOTE), _call(2, QUOTE, "And the margin?"), _call(3, QUOTE, "And the debt?"))
    assert again.figures == once.figures
    many = " ".join(f"Close: {price}.25," for price in range(40, 60))
    assert _ask(_call(1, many)).figures | {"score": 1.0, "band": "contaminated"} == _ask(_call(1, many)).figures


def test_evidence_is_an_exact_part_of_its_field() -> None:
    trace = _trace(_row("tool", 1, name="lookup", stage="research", result=f"ok. {QUOTE}"), _call(2, CLEAN))
    said = mode.detect(CaseFile(trace=trace, knobs=mode.KNOBS))
    for proof in said.evidence:
        span = trace.span(proof.span_id)
        assert span is not None
        assert span.attributes[proof.field][proof.start : proof.end] == proof.excerpt


def test_bands() -> None:
    assert [mode.band(score) for score in (0.0, 0.02, 0.19, 0.2, 0.5, 0.51)] == [
        "clean", "light", "light", "caution", "caution", "contaminated"]  # fmt: skip


def test_an_empty_trace_is_not_applicable() -> None:
    assert mode.detect(CaseFile(trace=structs.replace(_trace(_call(1, QUOTE)), calls=()))).answer is Answer.NA
