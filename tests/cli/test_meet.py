"""`afterbell meet` in a process of its own: it opens a meeting once, prints a way in, and ends when it is told to."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from afterbell.__main__ import main
from afterbell.disk.house import House
from afterbell.model.record import Draft
from afterbell.render.form import to_markdown
from afterbell.steps import init


@pytest.fixture
def form(tmp_path):
    house = House(tmp_path / "desk")
    init.init(house)
    path = house.drafts / "form.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_markdown(Draft(id="0190f3a2-0000-7000-8000-000000000001", event_id="ev-1c8e56d1d47b90a0")))
    return house, path


def serving(house, path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, "-m", "afterbell", "--house", str(house.root), "meet", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("open http://127.0.0.1:"), process.communicate()
    return process, urlsplit(line.removeprefix("open ").strip())


def asked(link, path, cookie=""):
    client = http.client.HTTPConnection(link.netloc, timeout=60)
    client.request("GET", path, headers={"cookie": cookie})
    return client, client.getresponse()


def test_it_opens_the_meeting_and_goes_on_with_it_after_a_kill(form):
    pages = []
    for number in (signal.SIGKILL, signal.SIGTERM):
        process, link = serving(*form)
        try:
            client, entered = asked(link, f"{link.path}?{link.query}")
            client.close()
            cookie, page = entered.headers["set-cookie"].partition(";")[0], entered.headers["location"]
            client, shown = asked(link, page, cookie)
            assert (shown.status, b"Postmortem meeting" in shown.read()) == (200, True)
            client.close()
            client, stream = asked(link, f"{page}/stream", cookie)
            assert stream.readline().startswith(b"retry")
            pages.append(page)
        finally:
            process.send_signal(number)
            said = process.communicate(timeout=120)[1]
        if number is signal.SIGTERM:
            stream.read()
            assert said == "", "the stream ended by itself, and nobody was waited for in vain"
        stream.close()
        client.close()
    assert pages[0] == pages[1], "the same meeting"
    assert "token" not in pages[0]


class Writer(Thread):
    """Writes a letter at a time at the end of the summary, as a browser of its own, until nobody answers."""

    def __init__(self, link, page, cookie, token, letters):
        super().__init__()
        self.client = http.client.HTTPConnection(link.netloc, timeout=60)
        self.page, self.name, self.letters = page, f"writer-{letters[0]}", letters
        self.headers = {"cookie": cookie, "x-afterbell-token": token, "content-type": "application/json"}
        self.acknowledged, self.enough = "", Event()

    def run(self):
        with closing(self.client), suppress(OSError, http.client.HTTPException):
            for count, letter in enumerate(self.letters, 1):
                changes = {"summary": [letter]}
                sent = {"author": self.name, "count": count, "base": 0, "changes": changes}
                self.client.request("POST", f"{self.page}/changes", json.dumps(sent), self.headers)
                answer = self.client.getresponse()
                assert answer.status == 200, answer.read()
                answer.read()
                self.acknowledged += letter
                if count == 20:
                    self.enough.set()
        self.enough.set()


def test_what_was_acknowledged_is_there_after_a_kill(form):
    process, link = serving(*form)
    client, entered = asked(link, f"{link.path}?{link.query}")
    client.close()
    cookie, page = entered.headers["set-cookie"].partition(";")[0], entered.headers["location"]
    client, shown = asked(link, page, cookie)
    token = re.search(rb'name="csrf" content="([^"]+)"', shown.read())[1].decode()
    client.close()
    writers = [
        Writer(link, page, cookie, token, [chr(start + each) for each in range(2000)]) for start in (0x4E00, 0xAC00)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.enough.wait()
    process.kill()
    process.communicate()
    for writer in writers:
        writer.join()
        assert len(writer.acknowledged) >= 20
    process, link = serving(*form)
    try:
        client, entered = asked(link, f"{link.path}?{link.query}")
        client.close()
        client, sheet = asked(link, f"{page}/sheet", entered.headers["set-cookie"].partition(";")[0])
        kept = json.loads(sheet.read())["sheet"]["summary"]
        client.close()
    finally:
        process.terminate()
        process.communicate()
    for writer in writers:
        own = "".join(letter for letter in kept if letter in writer.letters)
        assert len(set(own)) == len(own)
        assert own.startswith(writer.acknowledged)
        assert len(own) <= len(writer.acknowledged) + 1, "one that was not acknowledged may be there, no more"


def test_what_is_not_here_is_said_in_a_line(form, capsys):
    house, _path = form
    assert main(["--house", str(house.root), "meet", "ev-0000000000000000"]) == 2
    assert "no event" in capsys.readouterr().err
