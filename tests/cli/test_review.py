"""A blind review from the question to the event: what is kept before the outcome is told, and what is final."""

import json
from pathlib import Path

import pytest

from afterbell.model.trace import trace_hex

DAY = "2026-01-05"
ROW = {"trace": "run-1", "parent": "run"}
RUN = [
    {"type": "run", "trace": "run-1", "name": "carry loop", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T20:00:00Z",
     "strategy": "carry", "idea": "IDEA-1", "symbol": "SYNTHETIC_A", "attributes": {"output.value": "lost 4321"}},
    {"type": "call", "id": "ask", "at": f"{DAY}T14:01:00Z", "until": f"{DAY}T14:02:00Z", "model": "model-a",
     "system": "You trade carry.", "messages": "Rates were left unchanged.", "output": "buy 100"} | ROW,
    {"type": "decision", "id": "decision", "at": f"{DAY}T14:03:00Z", "until": f"{DAY}T14:03:00Z", "idea": "IDEA-1",
     "decision": "DEC-1", "action": "buy", "quantity": "100", "symbol": "SYNTHETIC_A"} | ROW,
    {"type": "order", "id": "order", "at": f"{DAY}T14:04:00Z", "until": f"{DAY}T14:04:00Z", "idea": "IDEA-1",
     "decision": "DEC-1", "client_order_id": "CO-1", "side": "buy", "quantity": "100", "price": "62.5"} | ROW,
    {"type": "execution_report", "trace": "run-1", "span": "order", "at": f"{DAY}T14:04:01Z", "exec_id": "EX-1",
     "client_order_id": "CO-1", "side": "buy", "last_quantity": "100", "last_price": "62.48"},
]  # fmt: skip
FILLS = (
    "transact_time,symbol,side,last_quantity,last_price,realized_pnl,idea_id\n"
    f"{DAY}T19:30:00Z,SYNTHETIC_A,sell,100,19.27,-4321,IDEA-1\n"
)


@pytest.fixture
def house(at_desk):
    Path("run.jsonl").write_text("".join(json.dumps(row) + "\n" for row in RUN), encoding="utf-8")
    Path("fills.csv").write_text(FILLS, encoding="utf-8")
    at_desk("init")
    at_desk("ingest", "run.jsonl", "fills.csv")
    return at_desk


def test_the_page_shows_what_the_model_saw_and_nothing_that_leads_to_the_outcome(house):
    page = house("review", "next", "--seed", "s")
    assert "Rates were left unchanged." in page
    assert "buy 100 SYNTHETIC_A" in page
    shape = json.loads(house("review", "next", "--json"))
    for text in (page, json.dumps(shape)):
        for later in ("4321", "62.48", "19.27", "CO-1", "EX-1", trace_hex("run-1"), "carry loop"):
            assert later not in text
    assert shape["withheld"] == {"is the deciding model's own answer": 1}
    assert len(list(Path("postmortems/reviews").iterdir())) == 1, "asked again, not drawn again"


def test_an_answer_is_kept_before_the_outcome_is_told_and_makes_an_event(house):
    review = json.loads(house("review", "next", "--json"))["review_id"]
    done = json.loads(
        house("review", "answer", review, "resize", "--quantity", "25", "--reason", "one source only", "--json")
    )
    assert any("-4321" in row["event"] for row in done["outcome"])
    assert done["event"]["measured"] == "25"
    assert (done["review"]["model_quantity"], done["review"]["outcome_shown_at"]) == ("100", None)
    fired = [json.loads(line) for line in house("triggers", "--json").splitlines()]
    assert done["event"]["event_id"] in {event["event_id"] for event in fired}
    answer = json.loads(Path(f"postmortems/reviews/{review}.answer.jsonl").read_text(encoding="utf-8"))
    shown = json.loads(Path(f"postmortems/reviews/{review}.shown.json").read_text(encoding="utf-8"))
    assert answer["answered_at"] <= shown["outcome_shown_at"]
    house("review", "answer", review, "approve", "--reason", "on reflection", code=2)
    house("review", "next")
    rows = [json.loads(line) for line in house("review", "report", "--json").splitlines()]
    assert rows[-1]["answered"] == 1
    assert rows[-1]["resized"] == 1
    assert rows[-1]["agreement"] == "0.000"


def test_what_does_not_fit_is_refused_and_nothing_is_kept(house):
    review = json.loads(house("review", "next", "--json"))["review_id"]
    house("review", "answer", review, "resize", "--reason", "smaller", code=2)
    house("review", "answer", review, "approve", "--quantity", "5", "--reason", "fine", code=2)
    house("review", "answer", review, "resize", "--quantity", "NaN", "--reason", "odd", code=2)
    house("review", "answer", review, "decline", "--reason", "The operator should have known better.", code=1)
    house("review", "answer", "0000", "decline", "--reason", "thin", code=2)
    house("review", "next", "--role", "J. Doe", code=2)
    house("review", "next", "--seed", "another", code=2)
    assert not list(Path("postmortems/reviews").glob("*.answer.jsonl"))


def test_an_answer_that_a_kill_left_outside_the_store_is_taken_in_later(house):
    review = json.loads(house("review", "next", "--json"))["review_id"]
    row = {"review_id": review, "trace_id": trace_hex("run-1"), "decision_id": "DEC-1", "reviewer_role": "reviewer",
           "answered_at": "2026-01-06T09:00:00Z", "answer": "decline", "model_quantity": "100"}  # fmt: skip
    Path(f"postmortems/reviews/{review}.answer.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert "operator_would_not_approve" not in house("triggers", "--json", "--no-freeze")
    assert "operator_would_not_approve" in house("triggers", "--json")
    assert "0.000" in house("review", "report")


def test_a_trade_can_be_named_and_another_role_gets_a_review_of_its_own(house):
    first = json.loads(house("review", "next", "--json"))
    second = json.loads(house("review", "next", "--role", "code owner", "--trace", trace_hex("run-1")[:8], "--json"))
    assert (first["stratum"], second["stratum"]) == ("first_of_strategy", "chosen")
    assert first["review_id"] != second["review_id"]


def test_what_came_of_a_trade_is_told_of_its_idea_and_not_of_its_batch(house):
    other = [{"trace": "run-2", **row, **({"idea": "IDEA-2"} if "idea" in row else {})} for row in RUN]
    other = [row | {"trace": "run-2", "trading.batch.id": "B"} for row in other]
    same = [row | ({"trading.batch.id": "B"} if row["type"] == "run" else {}) for row in RUN]
    Path("batch.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (*same, *other)), encoding="utf-8")
    house("ingest", "batch.jsonl")
    review = json.loads(house("review", "next", "--trace", trace_hex("run-1")[:8], "--json"))["review_id"]
    done = json.loads(house("review", "answer", review, "approve", "--reason", "the source supports it", "--json"))
    assert {row["trace_id"] for row in done["outcome"]} == {trace_hex("run-1")}
