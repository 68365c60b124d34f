"""A blind review through the browser: the outcome cannot be had before the answer is kept, by no address of these pages."""

from __future__ import annotations

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from afterbell.model.access import Role
from afterbell.model.trace import trace_hex
from afterbell.render import review as render
from afterbell.steps import ingest, init, review
from afterbell.web.pages import reviews

DAY = "2026-01-05"
LATER = ("4321", "62.48", "19.27", "CO-1", "EX-1", "carry loop", trace_hex("run-1"), "IDEA-1", "DEC-1")


def run(said="Rates were left unchanged.", name="run-1"):
    row = {"trace": name, "parent": "run"}
    return [
        {"type": "run", "trace": name, "name": "carry loop", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T20:00:00Z",
         "strategy": "carry", "idea": "IDEA-1", "symbol": "SYNTHETIC_A", "attributes": {"output.value": "lost 4321"}},
        {"type": "call", "id": "ask", "at": f"{DAY}T14:01:00Z", "until": f"{DAY}T14:02:00Z", "model": "model-a",
         "system": "You trade carry.", "messages": said, "output": "buy 100"} | row,
        {"type": "decision", "id": "decision", "at": f"{DAY}T14:03:00Z", "until": f"{DAY}T14:03:00Z", "idea": "IDEA-1",
         "decision": "DEC-1", "action": "buy", "quantity": "100", "symbol": "SYNTHETIC_A"} | row,
        {"type": "order", "id": "order", "at": f"{DAY}T14:04:00Z", "until": f"{DAY}T14:04:00Z", "idea": "IDEA-1",
         "decision": "DEC-1", "client_order_id": "CO-1", "side": "buy", "quantity": "100", "price": "62.5"} | row,
        {"type": "execution_report", "trace": name, "span": "order", "at": f"{DAY}T14:04:01Z", "exec_id": "EX-1",
         "client_order_id": "CO-1", "side": "buy", "last_quantity": "100", "last_price": "62.48"},
    ]  # fmt: skip


FILLS = (
    "transact_time,symbol,side,last_quantity,last_price,realized_pnl,idea_id\n"
    f"{DAY}T19:30:00Z,SYNTHETIC_A,sell,100,19.27,-4321,IDEA-1\n"
)


@pytest.fixture
def made(desk, tmp_path):
    def build(*runs):
        house = desk(reviews.ENTRIES)
        init.init(house.rooms.house)
        (tmp_path / "run.jsonl").write_text("".join(json.dumps(row) + "\n" for each in runs for row in each))
        (tmp_path / "fills.csv").write_text(FILLS)
        list(ingest.ingest(house.rooms.house, [str(tmp_path / name) for name in ("run.jsonl", "fills.csv")], jobs=1))
        return house

    return build


def post(house, client, path, **form):
    return client.post(path, data={"csrf": house.token(client), **form})


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def drawn(house, client):
    answer = post(house, client, "/reviews/next", role="reviewer")
    assert answer.status_code == 303
    return answer.headers["location"]


def test_the_outcome_is_told_after_the_answer_is_kept_and_by_no_page_before(made):
    house = made(run())
    client = house.browser(Role.OPERATOR)
    path = drawn(house, client)
    name = path.rpartition("/")[2]
    pages = {each: client.get(each) for each in ("/reviews", path, f"{path}/outcome", f"{path}?answer=approve")}
    refused = post(house, client, path, answer="approve", reason=" ")
    for text in (*(page.text for page in pages.values()), refused.text):
        for later in LATER:
            assert later not in text, later
    assert (pages[f"{path}/outcome"].status_code, refused.status_code) == (404, 422)
    assert not list(house.rooms.house.reviews.glob("*.shown.json"))
    kept = post(house, client, path, answer="resize", quantity="25", reason="one source only")
    assert (kept.status_code, kept.headers["location"]) == (303, f"{path}/outcome")
    assert (house.rooms.house.reviews / f"{name}.answer.jsonl").is_file()
    told = client.get(f"{path}/outcome")
    assert "-4321" in told.text
    assert "This is an event" in told.text
    assert client.get(path).headers["location"] == f"{path}/outcome"


def test_the_page_shows_what_the_command_prints(made):
    house = made(run())
    client = house.browser(Role.OPERATOR)
    path = drawn(house, client)
    shown = words(html.unescape(client.get(path).text))
    page = review.ask(house.rooms.house).page
    assert page.review_id == path.rpartition("/")[2], "asked again, not drawn again"
    for piece in page.view.seen:
        assert " ".join(piece.text.split()) in shown
        assert piece.label in shown
    assert render.proposal(page.view.proposal).replace("  ", " ") in shown
    for why in page.view.withheld:
        assert why in shown


def test_an_answer_is_final_also_when_the_button_is_pressed_twice(made):
    house = made(run())
    client = house.browser(Role.OPERATOR)
    path = drawn(house, client)
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(post, house, client, path, answer=said, reason="the source is thin") for said in ("approve", "decline")]  # fmt: skip
        found = [each.result() for each in sent]
    assert [each.status_code for each in found] == [303, 303]
    (kept,) = house.rooms.house.reviews.glob("*.answer.jsonl")
    first = json.loads(kept.read_text())["answer"]
    assert post(house, client, path, answer="resize", quantity="1", reason="once more").status_code == 303
    assert json.loads(kept.read_text())["answer"] == first


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"answer": "approve", "reason": "The trader was careless."}, "blame."),
        ({"answer": "resize", "reason": "thin"}, "needs a quantity"),
        ({"answer": "resize", "quantity": "many", "reason": "thin"}, "not a decimal"),
        ({"answer": "resize", "quantity": "-1", "reason": "thin"}, "is no quantity"),
        ({"answer": "buy", "reason": "thin"}, "no answer"),
        ({"reason": "thin"}, "no answer"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept_or_told(made, form, said):
    house = made(run())
    client = house.browser(Role.OPERATOR)
    path = drawn(house, client)
    answer = post(house, client, path, **form)
    assert (answer.status_code, said in words(answer.text)) == (422, True), words(answer.text)
    assert not list(house.rooms.house.reviews.glob("*.answer.jsonl"))
    assert not any(later in answer.text for later in LATER)
    if "reason" in form:
        assert form["reason"] in answer.text


def test_the_outcome_is_told_to_nobody_while_another_review_of_the_trade_waits(made):
    house = made(run())
    client = house.browser(Role.OPERATOR)
    first = drawn(house, client)
    other = review.ask(house.rooms.house, role="code owner", trace=trace_hex("run-1")).page.review_id
    post(house, client, first, answer="approve", reason="the source is named")
    answer = client.get(f"{first}/outcome")
    assert answer.status_code == 404
    assert not any(later in answer.text for later in LATER)
    post(house, client, f"/reviews/{other}", answer="decline", reason="the source is thin")
    assert "-4321" in client.get(f"{first}/outcome").text


def test_looking_draws_nothing_and_two_who_ask_at_once_share_the_one_that_waits(made):
    house = made(run(), run(name="run-2"))
    client = house.browser(Role.OPERATOR)
    assert client.get("/reviews").status_code == 200
    assert client.get("/reviews/next").status_code == 404
    assert not list(house.rooms.house.postmortems.glob("reviews/*"))
    with ThreadPoolExecutor(2) as pool:
        found = {each.result() for each in [pool.submit(drawn, house, client) for _ in range(2)]}
    assert len(found) == 1
    post(house, client, found.pop(), answer="approve", reason="the source is named")
    other = drawn(house, client)
    post(house, client, other, answer="decline", reason="the source is thin")
    assert drawn(house, client) == "/reviews?none=yes"
    assert "Every trade has been asked" in client.get("/reviews?none=yes").text


def test_hostile_text_changes_nothing_of_the_page_but_its_text(made, hostile):
    house = made(run("plain"), run(f"{hostile}<script>alert(1)</script>\"'><img src=x>", name="run-2"))
    client = house.browser(Role.OPERATOR)
    tags = []
    for _ in range(2):
        path = drawn(house, client)
        page = client.get(path).text
        tags.append(re.findall(r"<(\w+)", page))
        assert not set(page) & set("\0\u202e")
        post(house, client, path, answer="approve", reason="the source is named")
    assert tags[0] == tags[1]


def test_readers_review_nothing(made):
    house = made(run())
    reader = house.browser(Role.READER)
    assert reader.get("/reviews").status_code == 403
    assert post(house, reader, "/reviews/next").status_code == 403
    assert house.browser(Role.OPERATOR).post("/reviews/next").status_code == 403
