"""Each leg's own rule, beside the worked examples of the mode: what is missing, and what only looks like it."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from afterbell.catalog.cases import traces
from afterbell.model.books import Books, Fill
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Span, SpanEvent
from afterbell.model.vocabulary import Answer, ContentState
from afterbell.modes.m05_audit_amnesia import mode
from afterbell.modes.m05_audit_amnesia.cases import _WHOLE


def row(kind, number, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "parent": "run", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:30Z", **more}  # fmt: skip


RUN = {**row("run", 0, id="run"), "parent": ""}


def call(number, **more):
    return row("call", number, **{"model": "m", "messages": f"Ask {number}.", "output": f"Say {number}.", **more})


def ask(ident, name="get_news"):
    return {"role": "assistant", "tool_calls": [{"id": ident, "name": name, "arguments": {"s": "A"}}]}


def tool(number, ident, **more):
    return row(
        "tool", number, **{"name": "get_news", "call_id": ident, "arguments": {"s": "A"}, "result": "News.", **more}
    )


def trace(*rows):
    return next(iter(traces((RUN, *rows)).values()))


def legs(found, **more):
    said = mode.detect(CaseFile(trace=found, **more))
    return {(each["leg"], each["why"]) for each in said.figures.get("missing", ())}


def missing(*rows, **more):
    return legs(trace(*rows), **more)


def test_every_kind_of_gap_is_listed_at_once():
    lost = {key: value for key, value in call(1).items() if key not in {"output", "until"}}
    said = mode.detect(CaseFile(trace=trace({**lost, "dropped": 7}, call(2, parent="gone"))))
    assert said.answer is Answer.YES
    assert {each["leg"] for each in said.figures["missing"]} == {
        "attributes", "end of the run", "parent span", "model output", "system prompt",
    }  # fmt: skip
    assert said.figures["dropped_attributes"] == 7
    assert all(each["spans"] for each in said.figures["missing"])


def test_dropped_events_links_and_attributes_of_logs():
    span = Span(trace_id="t", span_id="a", name="x", start_ns=1, end_ns=2, dropped_events=2, dropped_links=3,
                events=(SpanEvent(name="e", dropped_attributes=4),))  # fmt: skip
    log = LogRecord(trace_id="t", span_id="b", event_name="gen_ai.choice", dropped_attributes=5)
    said = mode.detect(CaseFile(trace=Trace(trace_id="t", spans=(span,), logs=(log,))))
    counts = {each["leg"]: each["count"] for each in said.figures["missing"]}
    assert counts == {"events": 2, "links": 3, "attributes of events": 4, "attributes": 5, "span": 1}


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ContentState.REDACTED, "redacted"),
        (ContentState.REF, "in a file that was not handed in"),
        (ContentState.EVICTED, "evicted by a limit on attributes"),
    ],
)
def test_a_state_names_its_reason(state, why):
    found = trace(call(1))
    gone = structs.replace(found.calls[0], states={**found.calls[0].states, "input": state})
    assert ("prompt", why) in legs(structs.replace(found, calls=(gone,)))


def test_a_missing_system_prompt_counts_only_where_the_format_says_so():
    found = trace(call(1))
    assert legs(found) == set()
    known = structs.replace(found.calls[0], states={**found.calls[0].states, "system": ContentState.NOT_CAPTURED})
    assert legs(structs.replace(found, calls=(known,))) == {("system prompt", "not captured")}


def test_a_roll_up_alone_is_no_record_of_its_calls():
    agent = row(
        "span", 1, name="agent", kind="agent", **{"llm.token_count.prompt": 10, "llm.token_count.completion": 5}
    )
    assert missing(agent) == {("model calls", "only their sum is recorded")}
    assert missing(agent, {**call(2), "parent": "span1"}) == set(), "the call below is the record"


def test_a_step_of_the_workflow_needs_no_ask():
    step = {key: value for key, value in tool(1, "").items() if key != "call_id"}
    assert missing(step, call(2)) == set()


def test_an_ask_in_the_history_is_an_ask():
    history = [
        {"role": "user", "content": "Go."},
        ask("c1"),
        {"role": "tool", "tool_call_id": "c1", "content": "News."},
    ]
    assert missing(tool(1, "c1"), call(2, messages=history)) == set()


def test_an_earlier_turn_was_executed_elsewhere():
    history = [{"role": "user", "content": "Go."}, ask("old"), {"role": "tool", "tool_call_id": "old", "content": "News."},
               {"role": "assistant", "content": "Done."}, {"role": "user", "content": "And now?"}]  # fmt: skip
    assert missing(call(1, messages=history)) == set()


def test_a_span_that_only_names_the_tool_is_its_execution():
    step = {key: value for key, value in tool(2, "").items() if key not in {"call_id", "arguments"}}
    assert missing(call(1, output=ask("c1")), step) == set()


def test_the_order_is_the_execution_of_the_tool_that_submits_it():
    order = row("order", 2, symbol="A", client_order_id="1", status="rejected")
    assert missing(call(1, output=ask("c1", "submit_order")), order) == set()
    assert missing(call(1, output=ask("c1", "submit_order"))) == {("tool call executed", "no span of its execution")}


def test_another_agent_need_not_read_the_answer():
    rows = (call(1, output=ask("c1"), agent="news analyst"), tool(2, "c1"))
    assert missing(*rows, call(3, agent="risk manager")) == set()
    assert missing(*rows, call(3, agent="news analyst")) == {
        ("tool result fed back", "a later prompt does not hold it")
    }


def test_an_empty_answer_and_an_error():
    history = [{"role": "user", "content": "Go."}, ask("c1"), {"role": "tool", "tool_call_id": "c1", "content": ""}]
    asked = call(1, output=ask("c1"))
    bare = {key: value for key, value in tool(2, "c1").items() if key != "result"}
    said = mode.detect(CaseFile(trace=trace(asked, bare, call(3, messages=history))))
    assert (said.answer, said.figures["empty_results"]) == (Answer.NO, 1), "an empty answer was kept, and is named"
    failed = {**bare, "error": {"type": "TimeoutError", "message": "timed out"}}
    assert missing(asked, failed) == set()


def decision(number=5, **more):
    return row("decision", number, **{"symbol": "A", "action": "buy", "idea": "i", **more})


NO_TRADE = {("executed trade", "neither an execution report nor a fill")}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, NO_TRADE),
        ({"action": "reduce"}, NO_TRADE),
        ({"action": "skip"}, set()),
        ({"quantity": "0"}, set()),
        ({"mode": "shadow"}, set()),
        ({"mode": "paper"}, NO_TRADE),
    ],
)
def test_which_decisions_need_a_trade(change, expected):
    assert missing(decision(**change)) == expected


@pytest.mark.parametrize(
    ("fill", "found"),
    [
        ({"idea_id": "i"}, True),
        ({"trace_id": "t"}, True),
        ({"client_order_id": "C9"}, True),
        ({"idea_id": "other", "symbol": "A"}, False),
        ({"trace_id": "t", "symbol": "B"}, False),
    ],
)
def test_which_fills_show_the_trade(fill, found):
    books = Books(fills=(Fill(transact_time=datetime(2026, 1, 5, 15, tzinfo=UTC), **fill),))
    order = row("order", 6, symbol="A", idea="i", client_order_id="C9")
    assert (missing(decision(), order, books=books) == set()) is found


def test_a_denial_that_was_lifted_and_one_that_was_not():
    deny = row("risk_check", 6, idea="i", name="limit", verdict="deny")
    assert missing(decision(), deny) == set()
    assert missing(decision(), deny, row("risk_check", 7, idea="i", name="limit", verdict="allow")) == NO_TRADE
    assert missing(decision(), deny, row("risk_check", 7, idea="i", name="other", verdict="allow")) == set()


def test_a_cancel_after_a_partial_fill_still_needs_its_report():
    ended = row("order", 6, symbol="A", idea="i", client_order_id="1", status="canceled")
    assert missing(decision(), ended) == set()
    part = row("order", 7, symbol="A", idea="i", client_order_id="2", status="partially_filled")
    assert ("executed trade", "the order is called filled without a report or fill") in missing(decision(), ended, part)


def test_another_idea_s_report_does_not_count():
    report = {"type": "execution_report", "trace": "t", "at": "2026-01-05T14:06:00Z", "idea": "j", "exec_type": "trade",
              "last_quantity": "1"}  # fmt: skip
    assert missing(decision(), report) == NO_TRADE
    assert missing(decision(), {**report, "idea": "i"}) == set()


def test_a_position_that_shrinks_or_was_ordered_is_no_gap():
    def snapshot(minute, quantity):
        return {"type": "position_snapshot", "trace": "t", "at": f"2026-01-05T14:{minute:02d}:00Z", "symbol": "A",
                "quantity": quantity}  # fmt: skip

    grown = ("order", "the position grew from 100 to 300 without one")
    assert missing(snapshot(1, "100"), snapshot(9, "300")) == {grown}
    assert missing(snapshot(1, "100"), snapshot(9, "40")) == set()
    assert missing(snapshot(1, "-100"), snapshot(9, "-300"))
    order = row("order", 5, symbol="A", client_order_id="1")
    assert missing(snapshot(1, "100"), order, snapshot(9, "300")) == set()
    late = row("order", 10, symbol="A", client_order_id="1")
    assert missing(snapshot(1, "100"), snapshot(9, "300"), late) == {grown}


def test_a_hash_beside_its_text_on_a_span():
    thesis = row("thesis", 3, text="Margins recover.", text_hash="0" * 64)
    assert missing(call(1), thesis) == {("trading.thesis.text", "its SHA-256 is not the one stated")}
    assert missing(call(1), {**thesis, "text_hash": "md5:1234"}) == set(), "another kind of hash is not judged"


def test_the_reason_is_one_sentence_and_names_the_counts():
    said = mode.detect(CaseFile(trace=trace(*(call(number, messages="[REDACTED]") for number in (1, 2, 3)))))
    assert said.reason == "Missing: 3 x prompt: redacted."
    assert [proof.excerpt for proof in said.evidence] == ["[REDACTED]"] * 3


def test_the_whole_example_holds_every_leg():
    assert mode.detect(CaseFile(trace=next(iter(traces(_WHOLE).values())))).answer is Answer.NO


@pytest.mark.parametrize(
    ("drop", "attributes", "leg", "excerpt"),
    [
        ("output", {"gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"The mar'},
         ("model output", "truncated"), '"The mar'),
        ("messages", {"gen_ai.input.messages.ref": "s3://bucket/input.json"},
         ("prompt", "in a file that was not handed in"), "s3://bucket/input.json"),
        ("output", {"gen_ai.output.messages": "[]", "gen_ai.usage.output_tokens": 40},
         ("model output", "lost between the model and the record"), "[]"),
        ("messages", {"gen_ai.input.messages": "<redacted>"}, ("prompt", "redacted"), "<redacted>"),
    ],
)  # fmt: skip
def test_content_that_is_gone_is_cited_where_it_went(drop, attributes, leg, excerpt):
    rest = {key: value for key, value in call(1).items() if key != drop}
    found = trace({**rest, **attributes})
    said = mode.detect(CaseFile(trace=found))
    assert leg in {(each["leg"], each["why"]) for each in said.figures["missing"]}
    proof = next(each for each in said.evidence if excerpt in each.excerpt)
    assert found.span(proof.span_id).attributes[proof.field][proof.start : proof.end] == proof.excerpt


def test_a_redacted_tool_result_is_missing_and_a_word_in_it_is_not():
    asked = call(1, output=ask("c1"))
    assert missing(asked, tool(2, "c1", result="__REDACTED__")) == {("tool result", "redacted")}
    assert missing(asked, tool(2, "c1", result="Names are [REDACTED] in the filing.")) == set()


def test_a_report_that_names_the_order_counts_from_any_trace():
    order = row("order", 6, symbol="A", idea="i", client_order_id="C9")
    report = {"type": "execution_report", "trace": "k", "at": "2026-01-05T14:07:00Z", "exec_type": "trade",
              "client_order_id": "C9", "last_quantity": "1"}  # fmt: skip
    first, *kin = traces((RUN, decision(), order, report)).values()
    assert legs(first, kin=tuple(kin)) == set()
    other = traces((RUN, decision(), order, {**report, "client_order_id": "C8"})).values()
    first, *kin = other
    assert legs(first, kin=tuple(kin)) == NO_TRADE


def test_a_thousand_calls_without_content_are_one_finding():
    rows = [{"type": "call", "trace": "t", "id": f"c{number}", "parent": "run", "at": "2026-01-05T14:01:00Z",
             "until": "2026-01-05T14:01:01Z", "model": "m"} for number in range(1000)]  # fmt: skip
    said = mode.detect(CaseFile(trace=trace(*rows)))
    assert [each["count"] for each in said.figures["missing"]] == [1000, 1000]
    assert len(said.evidence) <= 40


def test_a_list_of_documents_cut_inside_its_json_is_cited_where_it_stands():
    cut = '[{"title": "A plant opens", "text": "The regulator in'
    facts = {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": cut}
    said = mode.detect(CaseFile(trace=trace(call(1, system="s"), row("span", 2, name="retrieval", attributes=facts))))
    assert [(proof.field, cut[proof.start : proof.end]) for proof in said.evidence] == [
        ("gen_ai.retrieval.documents", said.evidence[0].excerpt)
    ]


def test_an_id_that_nothing_asked_for_is_cited_under_the_name_that_its_span_has():
    facts = {"openinference.span.kind": "TOOL", "tool.name": "get_news", "tool.id": "c9", "output.value": "News."}
    said = mode.detect(CaseFile(trace=trace(call(1, system="s"), row("span", 2, name="get_news", attributes=facts))))
    assert [(proof.field, proof.excerpt) for proof in said.evidence] == [("tool.id", "c9")]
