"""The meeting over HTTP: two browsers on one sheet, the stream and how it is resumed, roles, and the end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from afterbell.model.access import Role
from afterbell.model.scan import Evidence, ModeAnswer, yes
from afterbell.render.form import to_markdown
from afterbell.steps import ingest, init, lint, meet
from afterbell.steps.records import filed
from afterbell.web.visit import COOKIE, HEADER

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)
ATTACK = "</textarea><script>alert(1)</script>\u202e"


@pytest.fixture
def held(desk, whole, monkeypatch):
    """The pages of a house in which one meeting is open, and its path."""
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    pages = desk()
    init.init(pages.rooms.house)

    def opened(**changes):
        path = pages.rooms.house.drafts / "form.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_markdown(msgspec.structs.replace(whole, **changes)), encoding="utf-8")
        return pages, f"/meetings/{meet.open_form(pages.rooms.house, pages.rooms.state, path).id}"

    return opened


def sent(pages, client, path, value):
    headers = {HEADER: pages.token(client), "accept": "application/json"}
    return client.post(path, content=json.dumps(value), headers=headers)


def changes(author, count, base, **given):
    return {"author": author, "count": count, "base": base, "changes": given}


def heard(pages, client, path, until: Callable[[list[tuple[str, Any]]], bool], **headers) -> list[tuple[str, Any]]:
    """Listen to a stream until enough was heard, then go away as a browser does; return (event, data), with the id."""
    url, _, query = path.partition("?")
    given = {"host": "localhost", "cookie": f"{COOKIE}={client.cookies[COOKIE]}", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "path": url, "raw_path": url.encode(), "query_string": query.encode(), "scheme": "http", "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1), "server": ("localhost", 80),
    }  # fmt: skip
    events: list[tuple[str, Any]] = []

    async def listen() -> None:
        gone, rest = asyncio.Event(), ""
        asked = False

        async def receive():
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            nonlocal rest
            *whole, rest = (rest + message.get("body", b"").decode()).split("\n\n")
            for block in whole:
                fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
                events.append((fields["event"], json.loads(fields["data"])))
            if until(events):
                gone.set()

        await asyncio.wait_for(pages.app(scope, receive, send), 60)

    asyncio.run(listen())
    return events


def seqs(events):
    return [data["seq"] for name, data in events if name == "batch"]


def test_two_browsers_write_and_both_hear_one_order(held):
    pages, path = held(summary="")
    ann, ben = (pages.browser(Role.OPERATOR, subject=name) for name in ("account:ann", "account:ben"))
    assert sent(pages, ann, f"{path}/changes", changes("ann", 1, 0, summary=["one "])).json() == {"seq": 1}
    assert sent(pages, ben, f"{path}/changes", changes("ben", 1, 0, summary=["two"])).json() == {"seq": 2}
    assert sent(pages, ann, f"{path}/changes", changes("ann", 1, 0, summary=["one "])).json() == {"seq": 1}
    for client in (ann, ben):
        now = client.get(f"{path}/sheet").json()
        assert (now["seq"], now["sheet"]["summary"]) == (2, "one two")
        told = heard(pages, client, f"{path}/stream?after=0", lambda events: len(seqs(events)) == 2)
        assert [data["changes"] for name, data in told if name == "batch"] == [
            {"summary": ["one "]},
            {"summary": [4, "two"]},
        ]


def test_a_stream_goes_on_where_the_browser_had_been(held):
    pages, path = held(summary="")
    client = pages.browser(Role.OPERATOR)
    for count in range(1, 5):
        sent(pages, client, f"{path}/changes", changes("ann", count, 0, summary=[str(count)]))
    resumed = heard(
        pages, client, f"{path}/stream?after=0", lambda events: bool(seqs(events)[1:]), last_event_id="2"
    )  # fmt: skip
    assert seqs(resumed) == [3, 4]
    fresh = client.get(f"{path}/sheet?since=3").json()
    assert [batch["seq"] for batch in fresh["batches"]] == [4]
    assert fresh["sheet"]["summary"] == "1234"


def test_the_rules_that_fail_are_told_after_a_change(held, whole):
    pages, path = held(root_cause=None)
    client = pages.browser(Role.OPERATOR)
    typed = changes("ann", 1, 0, prevention=[len(whole.prevention), " We will be more careful."])
    assert sent(pages, client, f"{path}/changes", typed).status_code == 200
    events = heard(pages, client, f"{path}/stream", lambda events: "faults" in [name for name, _data in events])
    (told,) = [data for name, data in events if name == "faults"]
    assert told["seq"] == 1
    assert {(each["part"], each["rule"]) for each in told["faults"]} == {
        ("root_cause", "root_cause.missing"),
        ("prevention", "blame.intention"),
    }
    assert all(each["why"] and each["rewrite"] for each in told["faults"])


def test_what_keeps_the_rules_from_being_judged_is_told_and_the_stream_goes_on(held):
    pages, path = held()
    policy = pages.rooms.house.policy_file
    policy.write_text(policy.read_text() + '\n[policy.language]\nnlp = "perhaps"\n')
    client = pages.browser(Role.OPERATOR)
    events = heard(pages, client, f"{path}/stream", lambda events: "unjudged" in [name for name, _data in events])
    assert "nlp" in events[-1][1]["error"]
    assert "faults" not in [name for name, _data in events]


def test_a_reader_only_watches_and_an_operator_does_not_end(held):
    pages, path = held()
    reader, operator = pages.browser(Role.READER), pages.browser(Role.OPERATOR)
    assert reader.get(path).status_code == 200
    assert sent(pages, reader, f"{path}/changes", changes("ann", 1, 0, root_cause="cost")).status_code == 403
    for action in ("start", "end"):
        assert sent(pages, operator, f"{path}/{action}", {}).status_code == 403
    assert operator.post(f"{path}/changes", content="{}").status_code == 403, "without the token of its session"
    assert reader.get(f"{path}/sheet").json()["seq"] == 0


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"author": "ann"},
        changes("ann", 1, 0, summary=[1.5]),
        changes("ann", 1, 0, summary=["x", -9999]),
        changes("ann", 1, 7, summary=["x"]),
        changes("house", 1, 0, root_cause="cost"),
        changes("ann", 1, 0, **{"meeting.record": "x"}),
    ],
)
def test_what_cannot_be_a_change_is_refused_in_words(held, value):
    pages, path = held(summary="")
    client = pages.browser(Role.OPERATOR)
    answer = sent(pages, client, f"{path}/changes", value)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client.get(f"{path}/sheet").json()["seq"] == 0


def test_half_a_character_is_refused(held):
    pages, path = held(summary="")
    client = pages.browser(Role.OPERATOR)
    body = json.dumps(changes("ann", 1, 0, summary=["\ud800"]))
    assert sent(pages, client, f"{path}/changes", json.loads(body)).status_code == 400


def test_a_meeting_ends_with_a_record_or_with_all_that_stands_in_the_way(held):
    pages, path = held(prevention="", root_cause=None)
    client = pages.browser(Role.FACILITATOR)
    assert sent(pages, client, f"{path}/start", {}).status_code == 200
    assert client.get(f"{path}/sheet").json()["sheet"]["meeting.started"] == NOW.isoformat()
    stopped = sent(pages, client, f"{path}/end", {}).json()
    assert {each["rule"] for each in stopped["faults"]} == {"prevention.missing", "root_cause.missing"}
    assert stopped["record"] == ""
    sent(
        pages, client, f"{path}/changes",
        changes("ann", 1, 0, root_cause="operational", prevention=["An alert fires when a position outlives it."]),
    )  # fmt: skip
    ended = sent(pages, client, f"{path}/end", {}).json()
    assert ended["faults"] == []
    assert [each.record.id for each in filed(pages.rooms.house)] == [ended["record"]]
    assert client.get(f"{path}/sheet").json()["sheet"]["meeting.record"] == ended["record"]
    late = sent(pages, client, f"{path}/changes", changes("ann", 2, 3, root_cause="cost"))
    assert (late.status_code, "has ended" in late.json()["error"]) == (400, True)
    assert ended["record"] in client.get("/meetings").text


def test_the_form_can_be_taken_away_and_is_written_back(held):
    pages, path = held()
    client = pages.browser(Role.OPERATOR)
    sent(pages, client, f"{path}/changes", changes("ann", 1, 0, root_cause="cost"))
    answer = client.get(f"{path}/form")
    assert "attachment" in answer.headers["content-disposition"]
    assert "\ncost\n" in answer.text
    told = sent(pages, client, f"{path}/form", {}).json()
    assert told == {"form": "postmortems/drafts/form.md"}
    assert "\ncost\n" in (pages.rooms.house.root / told["form"]).read_text()


def test_hostile_text_of_a_trace_stays_text_on_the_page(held, whole):
    suggestions = tuple(
        ModeAnswer(
            number=number, mode=mode,
            suggestion=yes(ATTACK, (Evidence(trace_id=ATTACK, span_id=ATTACK, field=ATTACK, excerpt=ATTACK),)),
        )
        for number, mode in enumerate(lint.MODES, 1)
    )  # fmt: skip
    event = msgspec.structs.replace(whole.event, reason=ATTACK, measured=ATTACK)
    pages, path = held(suggestions=suggestions, event=event, trace_ids=(ATTACK,), summary=ATTACK)
    for view in ("", "?view=projector"):
        text = pages.browser(Role.FACILITATOR).get(path + view).text
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "\\u{202E}" in text


def test_both_views_name_everything_that_keys_and_readers_need(held):
    pages, path = held()
    text = pages.browser(Role.FACILITATOR).get(path).text
    for part in ("roles", "answers", "summary", "timeline", "root_cause", "contributing_factors", "fix", "prevention",
                 "references", "verdict"):  # fmt: skip
        assert f'id="part-{part}"' in text
    assert text.count('class="question"') == 20
    assert 'data-edits="yes" data-leads="yes" data-view="room"' in text
    shown = pages.browser(Role.FACILITATOR).get(f"{path}?view=projector").text
    assert 'data-edits="no" data-leads="no" data-view="projector"' in shown
    assert "File the record" not in shown
    reader = pages.browser(Role.READER).get(path).text
    assert 'data-edits="no" data-leads="no"' in reader
    operator = pages.browser(Role.OPERATOR).get(path).text
    assert 'data-edits="yes" data-leads="no"' in operator
    assert "File the record" not in operator


def test_what_is_no_meeting_is_not_found(held):
    pages, path = held()
    client = pages.browser(Role.FACILITATOR)
    assert client.get("/meetings/0000").status_code == 404
    assert client.get(f"{path}/stream?after=x").status_code == 404
    answer = client.post("/meetings", data={"csrf": pages.token(client), "subject": "ev-0000000000000000"})
    assert answer.status_code == 400


@pytest.mark.parametrize("state_url", ["sqlite"], indirect=True)
def test_an_event_that_was_looked_for_is_listed_and_opened(desk, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    pages = desk()
    house = pages.rooms.house
    init.init(house)
    equity = house.root / "equity.csv"
    equity.write_text(
        "session_date,account_id,exchange,currency,deployed_capital,realized_pnl\n"
        "2026-01-05,ACC-1,XNYS,USD,100000,-3500.00\n"
    )
    list(ingest.ingest(house, [str(equity)], jobs=1))
    client = pages.browser(Role.FACILITATOR)
    assert "No meeting is due" in client.get("/meetings").text
    assert "ACC-1" in client.get("/events?look=1").text
    listed = client.get("/meetings").text
    (subject,) = set(re.findall(r'name="subject" value="(ev-[0-9a-f]+)"', listed))
    assert f"Open the meeting about {subject}" in listed
    opened = client.post("/meetings", data={"csrf": pages.token(client), "subject": subject})
    assert opened.status_code == 303
    again = client.post("/meetings", data={"csrf": pages.token(client), "subject": subject[:9]})
    assert again.headers["location"] == opened.headers["location"]
    listed = client.get("/meetings").text
    assert opened.headers["location"] in listed
    assert f'value="{subject}"' not in listed, "an open meeting is not due any more"
    assert client.get(opened.headers["location"]).status_code == 200
