"""Two servers of one state, on both databases; one is killed while people change things through both."""

from __future__ import annotations

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from afterbell.disk import audit
from afterbell.disk.house import House
from afterbell.steps.accounts import Accounts

PASSWORD = "correct horse battery"  # noqa: S105


def ask(door, method, path, body="", **headers):
    connection = http.client.HTTPConnection(door.url.removeprefix("http://"), timeout=120)
    try:
        sent = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded", **headers}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def signed_in(door):
    """Come in by the link that was printed; return the cookie and the token of forms."""
    link = next(line for line in door.process.stdout if line.startswith("open "))
    _status, headers, _body = ask(door, "GET", "/enter" + link.strip().partition("/enter")[2])
    cookie = headers["set-cookie"].partition(";")[0]
    return cookie, re.search(r'name="csrf" value="(\w+)"', ask(door, "GET", "/accounts", cookie=cookie)[2])[1]


def test_what_was_acknowledged_is_there_after_a_kill(opened, state_url, state, tmp_path):
    doors = [opened("--state", state_url, house=House(tmp_path / name)) for name in ("one", "two")]
    ways = [signed_in(door) for door in doors]
    said = []

    def add(number: int) -> None:
        door, (cookie, token) = doors[number % 2], ways[number % 2]
        form = urlencode({"csrf": token, "name": f"name{number}", "role": "reader", "password": PASSWORD})
        if number == 10:
            doors[0].process.kill()
        try:
            status = ask(door, "POST", "/accounts", form, cookie=cookie)[0]
        except (OSError, http.client.HTTPException):
            return
        said.append((f"name{number}", status))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    doors[0].process.communicate()
    assert {status for _name, status in said} == {303}
    assert {f"name{number}" for number in range(1, 20, 2)} <= {name for name, _status in said}
    kept = {account.name for account in Accounts(state).all()}
    assert {name for name, _status in said} <= kept
    acts = audit.latest(state, 100)
    audited = {act.about.get("name") for act in acts}
    assert {name for name, _status in said} <= audited
    assert len(kept - audited) <= sum(not act.outcome for act in acts)
    assert len(kept) - len(said) <= 4  # what was under way when the server was killed
