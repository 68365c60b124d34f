"""What is a fallback, which structure it is held against, and what stands between an answer and its use."""

import orjson
import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m09_fallback_schema_mismatch import mode

SYSTEM = "Decide one trade. Answer in JSON."
GOOD = {"action": "hold", "confidence": 0.5, "plan": {"stop": 9.5, "targets": [11]}}


def call(ident, minute, output=None, model="m-1", trace="t", **more):
    said = {} if output is None else {"output": output if isinstance(output, str) else orjson.dumps(output).decode()}
    return {"type": "call", "trace": trace, "id": f"{trace}-{ident}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:09Z", "model": model, "answered": model, "system": SYSTEM,
            "messages": "Decide.", **said, **more}  # fmt: skip


def failed(ident, minute, **more):
    row = call(ident, minute, error={"type": "OverloadedError", "message": "529"}, **more)
    del row["answered"]
    return row


def decision(minute, action="buy", trace="t", **more):
    return {"type": "decision", "trace": trace, "id": f"{trace}-d{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:01Z", "action": action, **more}  # fmt: skip


def validation(minute, verdict, **more):
    return {"type": "validation", "trace": "t", "id": f"v{minute}", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:01Z", "verdict": verdict, **more}  # fmt: skip


def asked(*rows):
    first, *others = traces(rows).values()
    said = mode.detect(CaseFile(trace=first, kin=tuple(others)))
    for proof in said.evidence:
        span = next(each for each in (first, *others) if each.trace_id == proof.trace_id).span(proof.span_id)
        if span and isinstance(value := span.attributes.get(proof.field), str):
            assert value[proof.start : proof.end] == proof.excerpt != ""
    return said


def fell(output, *between, use=None, **more):
    return asked(call("a", 1, GOOD), failed("b", 2), call("c", 3, output, "m-2", **more), *between, use or decision(9))


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ({**GOOD, "confidence": "high"}, "confidence is a text"),
        ({"action": "hold", "confidence": 0.5}, "plan is missing"),
        ({"answer": GOOD}, "action is missing"),
        ([GOOD], "is a list"),
        ({**GOOD, "plan": "stop at 9.5"}, "plan is a text"),
        ({**GOOD, "plan": {"stop": "9.5", "targets": []}}, "plan.stop is a text"),
        ("I would hold.", "prose"),
        ("<think>hm</think>" + orjson.dumps(GOOD).decode(), "prose"),
        (orjson.dumps(GOOD).decode()[:-9], "not parseable"),
        ({"error": {"message": "upstream failed", "code": 502}}, "an error body"),
    ],
)
def test_other_structures(output, word):
    said = fell(output)
    assert said.answer is Answer.YES
    assert word in said.reason


@pytest.mark.parametrize(
    "output",
    [
        {"plan": {"targets": [11, 12, 13], "stop": 9}, "confidence": 1, "action": "buy"},
        f"```json\n{orjson.dumps(GOOD, option=orjson.OPT_INDENT_2).decode()}\n```",
        {**GOOD, "note": "thin volume"},
    ],
)
def test_the_same_structure(output):
    assert fell(output).answer is Answer.NO


def test_optional_keys_are_learnt_from_several_answers():
    rows = [call("a", 1, GOOD), call("b", 2, {**GOOD, "note": "x"}), failed("c", 3), call("d", 4, GOOD, "m-2")]
    assert asked(*rows, decision(5)).answer is Answer.NO


def test_keys_that_are_data():
    rows = [call("a", 1, {"weights": {"SYNA": 0.5, "SYNB": 0.5}}), failed("b", 2)]
    assert asked(*rows, call("c", 3, {"weights": {"SYNC": 1}}, "m-2"), decision(4)).answer is Answer.NO
    assert asked(*rows, call("c", 3, {"weights": {"SYNC": "all"}}, "m-2"), decision(4)).answer is Answer.YES


def test_prose_for_prose():
    rows = [call("a", 1, "Hold for now."), failed("b", 2)]
    assert asked(*rows, call("c", 3, "Wait a day.", "m-2"), decision(4)).answer is Answer.NO
    assert asked(*rows, call("c", 3, {"action": "hold"}, "m-2"), decision(4)).answer is Answer.YES
    assert asked(*rows, call("c", 3, "Wait a", "m-2", finish="length"), decision(4)).answer is Answer.YES


def test_the_primary_answered_in_another_trace():
    kin = call("a", 1, GOOD, trace="k")
    rows = [failed("b", 2), call("c", 3, "Hold.", "m-2"), decision(4)]
    assert asked(*rows).answer is Answer.UNKNOWN
    assert asked(*rows, kin).answer is Answer.YES


def test_the_decision_declares_the_schema():
    schema = orjson.dumps({"type": "object", "properties": {"side": {"enum": ["buy", "sell"]}}, "required": ["side"]})
    declared = {"trading.decision.output_schema.json": schema.decode()}
    rows = [failed("b", 2), call("c", 3, {"side": "hold"}, "m-2")]
    assert asked(*rows, decision(4, **declared)).answer is Answer.YES
    assert asked(rows[0], call("c", 3, {"side": "buy"}, "m-2"), decision(4, **declared)).answer is Answer.NO


@pytest.mark.parametrize(
    ("between", "answer"),
    [
        ([], Answer.YES),
        ([validation(4, "pass", strict=False)], Answer.YES),
        ([validation(4, "pass")], Answer.YES),
        ([validation(4, "coerced", strict=True)], Answer.YES),
        ([validation(4, "skipped", strict=True)], Answer.YES),
        ([validation(4, "pass", strict=True)], Answer.NO),
        ([validation(4, "reject", strict=True)], Answer.YES),
        ([validation(4, "reject", strict=True), call("d", 5, GOOD, "m-2")], Answer.NO),
        ([call("d", 5, GOOD)], Answer.NO),
        ([validation(4, "reject", strict=True), call("d", 5, "Hold!", "m-2")], Answer.YES),
    ],
)
def test_what_stands_between(between, answer):
    assert fell("Hold.", *between).answer is answer


def test_a_hold_after_a_rejection_uses_nothing():
    assert fell("Hold.", validation(4, "reject", strict=True), use=decision(9, "hold")).answer is Answer.NO
    assert fell("Hold.", use=decision(9, "hold")).answer is Answer.YES


def test_a_later_call_uses_it():
    prose = "Hold the position until the filing is out."
    other = call("z", 9, "Noted.", system="You write the order.", messages=f"Idea: {prose}")
    said = fell(prose, use=other)
    assert said.answer is Answer.YES
    assert "a later call" in said.reason
    said = fell(prose, use=call("z", 9, "Noted.", system="You write the order.", messages="No idea."))
    assert said.answer is Answer.UNKNOWN


def test_a_decision_around_the_call():
    around = {**decision(0), "until": "2026-01-05T14:30:00Z"}
    rows = [{**row, "parent": "t-d0"} for row in (call("a", 1, GOOD), failed("b", 2), call("c", 3, "Buy.", "m-2"))]
    assert asked(around, *rows).answer is Answer.YES


def test_what_is_no_fallback():
    assert asked(call("a", 1, GOOD), failed("b", 2), call("c", 3, "Hold.", "m-1"), decision(4)).answer is Answer.NA
    assert asked(call("a", 1, GOOD, "gpt-5", answered="gpt-5-2025-08-07"), decision(4)).answer is Answer.NA
    assert asked(call("a", 1, GOOD, "prod_gpt-5", answered="gpt-5"), decision(4)).answer is Answer.NA
    assert asked(failed("a", 1), call("b", 2, "x", "m-2", messages="Other."), decision(4)).answer is Answer.NA


def test_a_fallback_recorded_on_a_span_above():
    above = {"type": "span", "name": "router", "trace": "t", "id": "up", "at": "2026-01-05T14:02:00Z",
             "until": "2026-01-05T14:04:00Z", "attributes": {
                 "trading.llm.fallback.from_model": "m-1", "trading.llm.fallback.to_model": "m-2"}}  # fmt: skip
    below = call("c", 3, "Hold.", "m-2", parent="up")
    said = asked(call("a", 1, GOOD), above, below, decision(4))
    assert said.answer is Answer.YES
    assert said.figures["primary"] == "m-1"
    assert asked(call("a", 1, GOOD), above, decision(4)).answer is Answer.UNKNOWN


def test_arguments_of_tools_on_the_way():
    tool = {"type": "function", "function": {"name": "quote", "parameters": {
        "type": "object", "properties": {"symbol": {"type": "string"}}, "required": ["symbol"]}}}  # fmt: skip

    def asking(arguments):
        said = {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "1", "name": "quote", "arguments": arguments}],
        }
        row = call("c", 3, None, "m-2", tools=[tool])
        return asked(call("a", 1, GOOD), failed("b", 2), {**row, "output": said}, decision(4))

    assert asking({"symbol": "SYNA"}).answer is Answer.NO
    assert asking({"ticker": "SYNA"}).answer is Answer.YES


def test_an_exception_event_is_cited_where_it_stands():
    raised = {"name": "exception", "at": "2026-01-05T14:02:01Z", "exception.type": "OverloadedError"}
    first = {**failed("b", 2), "error": {"type": "", "message": "it failed"}, "events": [raised]}
    said = asked(call("a", 1, GOOD), first, call("c", 3, "buy", "m-2"), decision(9))
    assert said.answer is Answer.YES
    assert ("events[0].exception.type", "OverloadedError") in [(each.field, each.excerpt) for each in said.evidence]


def test_a_strict_pass_needs_nothing_to_compare_with():
    alone = (failed("a", 1), call("b", 2, GOOD, "m-2"))
    assert asked(*alone, decision(9)).answer is Answer.UNKNOWN
    assert asked(*alone, validation(3, "pass", strict=True), decision(9)).answer is Answer.NO
    assert asked(*alone, validation(3, "pass", strict=False), decision(9)).answer is Answer.UNKNOWN


@pytest.mark.parametrize("verdict", ["reject", "deny", "block", "blocked"])
def test_a_refusal_in_any_of_its_words_keeps_a_later_hold_from_being_a_use(verdict):
    said = fell("No trade today, I think.", validation(4, verdict), use=decision(9, "hold"))
    assert said.answer is Answer.NO
