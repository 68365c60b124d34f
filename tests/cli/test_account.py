"""afterbell account: what a team's keeper types, and what is never shown or kept."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from afterbell.disk import audit
from afterbell.disk.house import House
from afterbell.disk.state import state

PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture
def typed(monkeypatch):
    """Put lines on stdin, as a pipe would."""

    def put(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return put


def acts():
    kept = state(House(Path.cwd()))
    found = [(act.subject, act.action, act.about, act.outcome) for act in audit.latest(kept, 20)][::-1]
    kept.close()
    return found


def test_accounts_are_added_listed_changed_and_removed(at_desk, typed):
    at_desk("init")
    typed(f"{PASSWORD}\n")
    assert at_desk("account", "add", "ann", "--role", "operator") == "ann may sign in as operator\n"
    (row,) = at_desk("account", "list", "--json").splitlines()
    assert json.loads(row) == {"name": "ann", "role": "operator", "since": "2026-01-06T09:00:00Z"}
    assert "ann" in at_desk("account", "list")
    at_desk("account", "role", "ann", "--role", "facilitator")
    typed(f"{PASSWORD} and more\r\n")
    at_desk("account", "password", "ann")
    at_desk("account", "remove", "ann")
    assert at_desk("account", "list", "--json") == ""
    assert acts() == [
        ("shell", "account add", {"name": "ann", "role": "operator"}, 200),
        ("shell", "account role", {"name": "ann", "role": "facilitator"}, 200),
        ("shell", "account password", {"name": "ann"}, 200),
        ("shell", "account remove", {"name": "ann"}, 200),
    ]
    assert PASSWORD not in at_desk.text
    assert all(PASSWORD.encode() not in file.read_bytes() for file in Path(".afterbell").glob("state.sqlite*"))


@pytest.mark.parametrize(
    ("arguments", "line", "said", "refused"),
    [
        (("add", "ann", "--role", "operator"), "short\n", "12 to 1000 characters", True),
        (("add", "ann", "--role", "operator"), "", "12 to 1000 characters", True),
        (("add", "Ann!", "--role", "operator"), PASSWORD, "a name has", True),
        (("add", "ann", "--role", "root"), PASSWORD, "is not one of", False), (("add", "ann"), PASSWORD, "--role", False),
        (("add", "ann", "--role", "reader", "--password", PASSWORD), "", "No such option", False),
        (("add", "ann", PASSWORD, "--role", "reader"), "", "unexpected extra argument", False),
        (("remove", "ann"), "", "no account ann", True), (("password", "ann"), PASSWORD, "no account ann", True),
        (("role", "ann", "--role", "reader"), "", "no account ann", True),
    ],
)  # fmt: skip
def test_what_will_not_do_is_one_line_and_a_hint(at_desk, typed, arguments, line, said, refused):
    at_desk("init")
    typed(line)
    at_desk("account", *arguments, code=2)
    assert said in at_desk.text
    assert "Traceback" not in at_desk.text
    assert [outcome for _subject, _action, _about, outcome in acts()] == ([400] if refused else [])


def test_the_help_loads_no_database():
    program = "import sys; import afterbell.cli.commands.account; print('sqlalchemy' in sys.modules or 'argon2' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
