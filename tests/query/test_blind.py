"""The blind view never shows anything later than the decision, whatever the trace looks like."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from afterbell.catalog import cases
from afterbell.model.blind import BlindView, SeenKind
from afterbell.model.proposal import proposals
from afterbell.model.run import Trace
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeKind
from afterbell.query.blind import LATER, OWN_ANSWER, UNPLACED, blind_view

_START = datetime(2026, 1, 5, 14, tzinfo=UTC)
_TOKEN = re.compile(r"KNOWN-(\d+)-")
LAST = 60
DECIDED = 30


def at(minute: int) -> str:
    return f"{_START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"


def ns(minute: int) -> int:
    return int((_START + timedelta(minutes=minute)).timestamp()) * 10**9


class Teller:
    """Writes rows in which every text says from which minute on it was known."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.count = 0
        self.history: list[dict[str, Any]] = []

    def known(self, minute: int) -> str:
        self.count += 1
        return f"KNOWN-{minute}-{self.count}"

    def row(self, kind: str, trace: str, start: int, end: int | None, **more: Any) -> None:
        self.count += 1
        until = {} if end is None else {"until": at(end)}
        row = {"type": kind, "trace": trace, "id": f"{kind}-{self.count}", "parent": "run", "at": at(start)}
        self.rows.append(row | until | more)

    def call(self, trace: str, start: int, end: int | None, *, careless: bool, **more: Any) -> None:
        """A model call; its messages repeat the history. A careless tracer writes the list down after the answer."""
        asked = {"role": "user", "content": self.known(start)}
        answer = {"role": "assistant", "content": self.known(LAST if end is None else end)}
        sent = [each for each in self.history if int(_TOKEN.findall(str(each))[0]) <= start] + [asked]
        self.history += [asked, answer]
        messages = [*sent, answer] if careless else sent
        self.row("call", trace, start, end, model="model-a", system=self.known(0), messages=messages,
                 output=answer["content"], **more)  # fmt: skip

    def tool(self, trace: str, start: int, end: int | None, call_id: str, **more: Any) -> None:
        told = self.known(LAST if end is None else end)
        self.row("tool", trace, start, end, name="get_news", call_id=call_id, arguments={"q": self.known(start)},
                 result=told, **more)  # fmt: skip
        self.history.append({"role": "tool", "tool_call_id": call_id, "content": told})

    def documents(self, trace: str, start: int, end: int | None, **more: Any) -> None:
        known = LAST if end is None else end
        document = {"id": f"d{self.count}", "title": self.known(known), "text": self.known(known)}
        self.row("retrieval", trace, start, end, query=self.known(start), documents=[document], **more)


spans = st.tuples(
    st.sampled_from(["call", "tool", "documents"]), st.integers(1, LAST - 2), st.integers(0, 12), st.booleans(),
    st.booleans(), st.sampled_from(["run-1", "run-1", "run-1", "run-2"]), st.integers(0, 2),
)  # fmt: skip


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[dict[str, Any]], int]:
    """Rows of a run that decides at minute 30, with its kin; and the first minute at which something was done."""
    teller = Teller()
    around = draw(st.integers(0, 20))
    acted = DECIDED + draw(st.integers(0, 15))
    for trace in ("run-1", "run-2"):
        teller.rows.append({"type": "run", "trace": trace, "name": "agent", "at": at(0), "until": at(LAST),
                            "attributes": {"output.value": teller.known(LAST), "trading.account.equity": "1"}})  # fmt: skip
        teller.row("idea", trace, 0, LAST, idea="IDEA-1")
    stated = draw(st.booleans())
    teller.rows.append({"type": "decision", "trace": "run-1", "id": "decision", "parent": "run", "at": at(DECIDED),
                        "until": at(DECIDED + around), "idea": "IDEA-1", "decision": "DEC-1", "action": "buy",
                        "symbol": "SYNTHETIC_A", "reason": teller.known(DECIDED + around),
                        **({"quantity": "100"} if stated else {})})  # fmt: skip
    drawn = draw(st.lists(spans, max_size=12))
    for kind, start, length, ends, careless, trace, call_id in sorted(drawn, key=lambda each: each[1]):
        inside = trace == "run-1" and start >= DECIDED and draw(st.booleans())
        more = {"parent": "decision"} if inside else {}
        end = min(start + length, LAST) if ends or draw(st.booleans()) else None
        if kind == "call":
            teller.call(trace, start, end, careless=careless, **more)
        elif kind == "tool":
            teller.tool(trace, start, end, f"c{call_id}", **more)
        else:
            teller.documents(trace, start, end, **more)
    teller.row("order", "run-1", acted, acted, idea="IDEA-1", decision="DEC-1", client_order_id="CO-1", side="buy",
               quantity="70", status="filled", **{"trading.order.text": teller.known(acted)})  # fmt: skip
    order = teller.rows[-1]["id"]
    teller.rows.append({"type": "execution_report", "trace": "run-1", "span": order, "at": at(acted), "exec_id": "EX-1",
                        "client_order_id": "CO-1", "last_quantity": "70", "last_price": "62.48",
                        "realized_pnl": "-4321"})  # fmt: skip
    return draw(st.permutations(teller.rows)), acted


def view(rows: list[dict[str, Any]]) -> BlindView:
    found = cases.traces(rows)
    own = found[trace_hex("run-1")]
    (decision,) = proposals(own.trades)
    return blind_view(own, decision, [run for run in found.values() if run is not own])


@settings(max_examples=300, deadline=None)
@given(runs())
def test_nothing_later_than_the_decision_is_ever_shown(drawn: tuple[list[dict[str, Any]], int]) -> None:
    rows, acted = drawn
    seen = view(rows)
    shown = msgspec.json.encode([seen.seen, seen.proposal]).decode()
    minutes = [int(minute) for minute in _TOKEN.findall(shown)]
    assert all(ns(minute) <= seen.cutoff_ns for minute in minutes)
    assert all(minute <= max(acted, DECIDED) for minute in minutes)
    assert all(piece.at_ns <= seen.cutoff_ns for piece in seen.seen)
    assert seen.cutoff_ns <= ns(max(acted, DECIDED))
    for outcome in ("62.48", "-4321", "EX-1", "filled", "70"):
        assert outcome not in re.sub(r"KNOWN-\d+-\d+|[0-9a-f]{16,32}|\"at_ns\":\d+", "", shown)


@settings(max_examples=100, deadline=None)
@given(runs())
def test_what_went_into_the_last_call_before_the_decision_is_shown_whole(
    drawn: tuple[list[dict[str, Any]], int],
) -> None:
    rows, _acted = drawn
    inside = {row["id"] for row in rows if row.get("parent") == "decision"}
    before = [row for row in rows if row["type"] == "call" and row["trace"] == "run-1" and "until" in row
              and row["until"] <= at(DECIDED) and row["id"] not in inside]  # fmt: skip
    later_inside = any(row["type"] == "call" and row["id"] in inside for row in rows)
    if not before or later_inside:
        return
    last = max(row["until"] for row in before)
    (asked, *others) = [row["messages"] for row in before if row["until"] == last]
    if not others:
        sent = [each["content"] for each in asked if each["role"] == "user"]
        shown = {piece.text for piece in view(rows).seen if piece.deciding}
        assert set(sent) <= shown


def told(*rows: dict[str, Any]) -> tuple[Trace, BlindView]:
    run = {"type": "run", "trace": "run-1", "name": "agent", "at": at(0), "until": at(LAST)}
    found = cases.traces([run, *rows])[trace_hex("run-1")]
    return found, blind_view(found, proposals(found.trades)[0])


DECISION = {"type": "decision", "trace": "run-1", "id": "decision", "parent": "run", "at": at(30), "until": at(40),
            "action": "buy", "quantity": "100", "symbol": "SYNTHETIC_A"}  # fmt: skip


def call(start: int, end: int, asked: str, answer: str, parent: str = "run") -> dict[str, Any]:
    return {"type": "call", "trace": "run-1", "id": f"call-{start}", "parent": parent, "at": at(start), "until": at(end),
            "model": "model-a", "messages": asked, "output": answer}  # fmt: skip


def texts(view: BlindView) -> list[str]:
    return [piece.text for piece in view.seen]


def test_the_model_decides_in_its_last_call_inside_the_decision_before_the_order() -> None:
    order = {"type": "order", "trace": "run-1", "id": "order", "parent": "decision", "at": at(36), "until": at(36),
             "client_order_id": "CO-1", "side": "buy", "quantity": "100"}  # fmt: skip
    _trace, seen = told(DECISION, order, call(31, 32, "read this", "noted", "decision"),
                        call(33, 35, "decide", "buy 100", "decision"),
                        call(37, 38, "the order filled, reflect", "a good one", "decision"))  # fmt: skip
    assert texts(seen) == ["read this", "noted", "decide"]
    assert seen.cutoff_ns == ns(33)
    assert seen.withheld == {LATER: 1, OWN_ANSWER: 1}


def test_a_tool_that_trades_ends_what_is_shown_although_no_order_is_recorded() -> None:
    tool = {"type": "tool", "trace": "run-1", "id": "t", "parent": "decision", "at": at(34), "until": at(35),
            "name": "place_order", "arguments": {}, "result": "filled at 62.48"}  # fmt: skip
    _trace, seen = told(DECISION, tool, call(31, 32, "decide", "buy 100", "decision"),
                        call(36, 37, "filled at 62.48", "done", "decision"))  # fmt: skip
    assert texts(seen) == ["decide"]


def test_a_fill_known_from_a_book_ends_what_is_shown() -> None:
    trace, _seen = told(DECISION, call(31, 32, "decide", "buy 100", "decision"),
                        call(36, 37, "filled at 62.48", "done", "decision"))  # fmt: skip
    assert texts(blind_view(trace, proposals(trace.trades)[0], traded_ns=ns(35))) == ["decide"]


def test_what_never_ended_is_withheld_and_counted() -> None:
    tool = {"type": "tool", "trace": "run-1", "id": "t", "parent": "run", "at": at(5), "name": "get_news",
            "arguments": {}, "result": "news"}  # fmt: skip
    _trace, seen = told(DECISION, tool)
    assert (texts(seen), seen.withheld) == ([], {UNPLACED: 1})


def test_an_answer_that_a_tracer_wrote_into_the_prompt_is_cut_off() -> None:
    row = call(10, 12, "", "buy 100")
    row["messages"] = [{"role": "user", "content": "decide"}, {"role": "assistant", "content": "buy 100"}]
    assert texts(told(DECISION, row)[1]) == ["decide"]


def test_an_earlier_answer_in_the_history_stays() -> None:
    row = call(20, 22, "", "hold")
    row["messages"] = [{"role": "user", "content": "first"}, {"role": "assistant", "content": "hold"},
                       {"role": "user", "content": "second"}]  # fmt: skip
    _trace, seen = told(DECISION, call(10, 12, "first", "hold"), row)
    assert [piece.text for piece in seen.seen if piece.deciding] == ["first", "hold", "second"]


def test_orders_are_the_proposal_where_no_decision_is_stated_and_holds_propose_nothing() -> None:
    order = {"type": "order", "trace": "run-1", "id": "order", "parent": "run", "at": at(36), "until": at(36),
             "client_order_id": "CO-1", "side": "buy", "quantity": "100", "price": "62.5"}  # fmt: skip
    trace, seen = told(order, call(10, 12, "decide", "buy"))
    assert [each.kind for each in proposals(trace.trades)] == [TradeKind.ORDER]
    assert (seen.proposal.action, str(seen.proposal.quantity), str(seen.proposal.price)) == ("buy", "100", "62.5")
    hold = cases.traces([DECISION | {"action": "hold"}, order])
    assert proposals(hold[trace_hex("run-1")].trades) == ()


def test_a_result_that_only_a_later_prompt_tells_is_withheld() -> None:
    tool = {"type": "tool", "trace": "run-1", "id": "t", "parent": "run", "at": at(5), "until": at(6),
            "name": "get_news", "call_id": "c1", "arguments": {}}  # fmt: skip
    later = call(50, 51, "", "sold")
    later["messages"] = [{"role": "tool", "tool_call_id": "c1", "content": "the news"}]
    trace, seen = told(DECISION, tool, later)
    assert trace.tools[0].result == "the news"
    assert ([piece.kind for piece in seen.seen], texts(seen), seen.withheld) == ([SeenKind.TOOL], [""], {LATER: 2})


def test_a_message_that_a_later_span_wrote_is_withheld() -> None:
    trace, _seen = told(DECISION, call(10, 12, "decide", "buy"), call(50, 51, "after", "sold"))
    first, last = trace.calls
    joined = structs.replace(first, input=(*first.input, *last.input))
    seen = blind_view(structs.replace(trace, calls=(joined, last)), proposals(trace.trades)[0])
    assert texts(seen) == ["decide"]
    assert seen.withheld == {LATER: 2, OWN_ANSWER: 1}


def test_other_runs_of_the_idea_are_read_only_where_the_run_itself_asked_no_model() -> None:
    idea = {"idea": "IDEA-1"}
    other = call(10, 12, "research", "a thesis") | {"trace": "run-2"}
    rows = [
        {"type": "run", "trace": name, "name": "agent", "at": at(0), "until": at(LAST)} for name in ("run-1", "run-2")
    ]
    rows += [
        DECISION | idea,
        other,
        {"type": "idea", "trace": "run-2", "id": "i", "parent": "run", "at": at(1), "until": at(2)} | idea,
    ]
    found = cases.traces(rows)
    kin = [found[trace_hex("run-2")]]
    own = found[trace_hex("run-1")]
    assert texts(blind_view(own, proposals(own.trades)[0], kin)) == ["research", "a thesis"]
    own = cases.traces([*rows, call(20, 22, "decide", "buy")])[trace_hex("run-1")]
    assert texts(blind_view(own, proposals(own.trades)[0], kin)) == ["decide"]
