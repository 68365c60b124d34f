"""Who may ask for what, as somebody sees it who tries to get in where they should not."""

from __future__ import annotations

import pytest
from starlette.responses import Response, StreamingResponse

from afterbell.disk import audit
from afterbell.errors import DiskError, StoreError
from afterbell.model.access import Role
from afterbell.web.visit import COOKIE, Entry, Visit

SECURE = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def said(visit: Visit) -> Response:
    return visit.say({"said": visit.form.get("said", "")})


def fallen(_visit: Visit) -> Response:
    raise RuntimeError("a-secret-of-the-house")


def full(_visit: Visit) -> Response:
    raise DiskError("/home/somebody/desk cannot be written", "make room")


async def stream(_visit: Visit) -> Response:
    async def endless():
        while True:
            yield b": still here\n\n"

    return StreamingResponse(endless(), media_type="text/event-stream")


ENTRIES = (
    Entry(path="/read", role=Role.READER, answer=said),
    Entry(path="/write/{name}", role=Role.OPERATOR, answer=said, method="POST"),
    Entry(path="/open", role=Role.NOBODY, answer=said, method="POST"),
    Entry(path="/fallen", role=Role.NOBODY, answer=fallen),
    Entry(path="/full", role=Role.NOBODY, answer=full),
    Entry(path="/stream", role=Role.READER, answer=stream),
)


@pytest.fixture
def small(desk):
    return desk(ENTRIES)


def test_another_name_for_this_machine_is_refused(small):
    client = small.browser(Role.READER)
    wrong = (
        "localhost:abc",
        "localhost:99999",
        "localhost:",
        "[::1",
        "[::1]x",
        "localhost:80:80",
        "localhost/",
        "127.0.0.1.evil.example",
    )
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "", *wrong):
        assert client.get("/read", headers={"host": host}).status_code == 421, host
    for host in ("localhost", "localhost:4318", "LOCALHOST", "127.0.0.1:4318", "[::1]:4318"):
        assert client.get("/read", headers={"host": host, "cookie": f"{COOKIE}=x"}).status_code != 421, host


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/read", 200), ("HEAD", "/read", 200), ("GET", "/nothing", 404), ("GET", "/read/", 404),
        ("DELETE", "/read", 405), ("TRACE", "/read", 405), ("POST", "/write/a", 403), ("GET", "/full", 503),
        ("GET", "/fallen", 500),
    ],
)  # fmt: skip
def test_every_answer_has_the_headers(small, method, path, status):
    answer = small.browser(Role.READER, raise_server_exceptions=False).request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SECURE} == SECURE
    assert "somebody/desk" not in answer.text
    assert "a-secret-of-the-house" not in answer.text


def test_what_asks_for_more_than_it_may_is_answered_before_its_body_is_read(small):
    read = []

    def body():
        for _ in range(64):
            read.append(1)
            yield b"x" * 65536

    stranger = small.browser(headers={"accept": "application/json"})
    assert stranger.post("/write/a", content=body()).status_code == 401
    assert small.browser(Role.READER).post("/write/a", content=body()).status_code == 403
    told = small.browser(Role.OPERATOR).post("/write/a", content=b"", headers={"content-length": "9000000"})
    assert told.status_code == 413
    assert stranger.post("/open", content=body()).status_code == 413


@pytest.mark.parametrize("body", ["&".join(f"n{i}=1" for i in range(1001)), "%ff=%fe", "csrf"])
def test_a_form_that_is_none_is_refused(small, body):
    client = small.browser(Role.OPERATOR)
    answer = client.post("/write/a", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in {400, 403}


def test_a_change_needs_the_token_of_its_own_session(small):
    mine, other = small.browser(Role.OPERATOR), small.browser(Role.OPERATOR)
    assert mine.post("/write/a", data={"csrf": small.token(mine), "said": "x"}).json() == {"said": "x"}
    assert mine.post("/write/a", headers={"x-afterbell-token": small.token(mine)}).status_code == 200
    assert mine.post("/write/a", data={"csrf": small.token(other)}).status_code == 403
    assert mine.post("/write/a", data={"csrf": "é"}).status_code == 403
    assert mine.post("/write/a", data={}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
def test_what_another_site_sends_is_refused_with_the_right_token_too(small, headers):
    client = small.browser(Role.OPERATOR)
    assert client.post("/write/a", data={"csrf": small.token(client)}, headers=headers).status_code == 403
    assert (
        client.post("/write/a", data={"csrf": small.token(client)}, headers={"origin": "http://localhost"}).status_code
        == 200
    )


def test_what_was_refused_is_in_the_audit_as_what_was_done_is(small):
    reader, operator = small.browser(Role.READER, "account:reader"), small.browser(Role.OPERATOR, "account:operator")
    operator.post("/write/a", data={"csrf": small.token(operator)})
    operator.post("/write/b")
    reader.post("/write/c")
    kept = [(act.subject, act.action, act.about, act.outcome) for act in audit.latest(small.rooms.state, 10)]
    assert kept == [
        ("account:reader", "POST /write/{name}", {"name": "c"}, 403),
        ("account:operator", "POST /write/{name}", {"name": "b"}, 403),
        ("account:operator", "POST /write/{name}", {"name": "a"}, 200),
    ]


def test_a_change_is_in_the_audit_before_it_is_made(desk):
    during = []

    def looked(visit: Visit) -> Response:
        during.extend(audit.latest(visit.state, 1))
        visit.about["made"] = "x1"
        return visit.say({})

    house = desk([*ENTRIES, Entry(path="/look/{name}", role=Role.OPERATOR, answer=looked, method="POST"),
                  Entry(path="/fall/{name}", role=Role.OPERATOR, answer=fallen, method="POST")])  # fmt: skip
    client = house.browser(Role.OPERATOR, raise_server_exceptions=False)
    form = {"csrf": house.token(client)}
    assert client.post("/look/a", data=form).status_code == 200
    assert client.post("/fall/b", data=form).status_code == 500
    kept = [(act.action, act.about, act.outcome) for act in (*during, *audit.latest(house.rooms.state, 10))]
    assert kept == [
        ("POST /look/{name}", {"name": "a"}, 0),
        ("POST /fall/{name}", {"name": "b"}, 0),
        ("POST /look/{name}", {"name": "a", "made": "x1"}, 200),
    ]


def test_nothing_is_changed_that_the_audit_cannot_keep(desk, monkeypatch):
    made = []

    def full(_state, _act):
        raise StoreError("no room", "")

    entry = Entry(path="/make", role=Role.OPERATOR, answer=lambda visit: made.append(1) or visit.say({}), method="POST")
    house = desk([entry])
    client = house.browser(Role.OPERATOR)
    monkeypatch.setattr(audit, "add", full)
    assert client.post("/make", data={"csrf": house.token(client)}).status_code == 503
    assert made == []


def test_what_the_audit_keeps_of_a_request_has_an_end(small):
    client = small.browser(Role.READER)
    client.post("/write/" + "x" * 5000)
    assert len(audit.latest(small.rooms.state, 1)[0].about["name"]) == 200


def test_a_stranger_is_led_to_the_way_in_and_then_to_what_they_asked_for(small):
    assert small.browser().get("/read?a=1&b=%2F").headers["location"] == "/enter?to=%2Fread%3Fa%3D1%26b%3D%252F"
    assert small.browser().head("/read").headers["location"] == "/enter?to=%2Fread"


def test_strangers_fill_no_audit(small):
    small.browser().post("/write/a")
    assert audit.latest(small.rooms.state, 10) == ()


def test_a_stream_that_is_asked_for_its_head_ends(small):
    answer = small.browser(Role.READER).head("/stream")
    assert answer.status_code == 200
    assert answer.content == b""


def test_a_state_that_cannot_be_had_tells_strangers_nothing(small, monkeypatch):
    client = small.browser(Role.READER)
    monkeypatch.setattr(small.rooms.access, "viewer", fallen_state)
    answer = client.get("/read")
    assert answer.status_code == 503
    assert "10.0.0.7" not in answer.text


def fallen_state(_secret):
    from afterbell.errors import StoreError

    raise StoreError("the state of the pages cannot be used: no route to 10.0.0.7", "")


def test_a_name_of_a_download_is_plain():
    from types import SimpleNamespace

    visit = Visit.__new__(Visit)
    visit.request = SimpleNamespace()
    for name in ("a\r\nset-cookie: x=1", 'a"; filename="b', "é/../ü", "結果.json", "", "..", "." * 300):
        sent = visit.download(name, b"x").headers["content-disposition"]
        assert "\r" not in sent
        assert "set-cookie: " not in sent
        assert sent.count('"') == 2
        assert sent.isascii()
