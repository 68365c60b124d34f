"""A live door in a process of its own with a plain HTTP client for it, and the pages within this process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.testclient import TestClient

from afterbell.disk.house import House
from afterbell.disk.state import State
from afterbell.model.access import Role, Viewer
from afterbell.steps.access import form_token
from afterbell.steps.accounts import Passwords
from afterbell.steps.store import Store
from afterbell.web import rooms as web
from afterbell.web import server
from afterbell.web.visit import COOKIE, Entry, Rooms

TOKEN = "a-token-of-the-tests"  # noqa: S105 - it opens nothing else


class Door:
    """`afterbell serve` in a process; what it answers, and its end."""

    def __init__(self, house: House, *options: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "AFTERBELL_TOKEN": TOKEN}
        environment.pop("AFTERBELL_NOW", None)
        command = [sys.executable, "-m", "afterbell", "--house", str(house.root), "serve", "--port", "0", *options]
        self.house = house
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.url = line.strip().partition("=")[2]
        self.headers = {"authorization": f"Bearer {TOKEN}"}

    def post(
        self, path: str, body: bytes, kind: str = "application/x-protobuf", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        host = self.url.removeprefix("http://")
        with_dashes = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            connection.request("POST", path, body, {"content-type": kind, **self.headers, **with_dashes})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> str:
        """End it and return what it had said on stderr."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=120)[1]

    def spans(self) -> dict[str, Any]:
        """Return the spans in the store by their ids."""
        store = Store(self.house)
        return {
            span.span_id: span
            for trace in store.traces(row.trace_id for row in store.rows()).values()
            for span in trace.spans
        }


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """Open doors of a house; those that a test leaves open are killed."""
    doors: list[Door] = []

    def start(*options: str, house: House | None = None) -> Door:
        doors.append(Door(house or House(tmp_path / "desk"), *options))
        return doors[-1]

    yield start
    for door in doors:
        if door.process.poll() is None:
            with suppress(OSError):
                door.process.kill()
            door.process.communicate()


def request_of(numbers: range, text: str = "x", trace: int = 1) -> bytes:
    """Return a protobuf request with a span for each number; the number is its id."""
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for number in numbers:
        span = scope.spans.add()
        span.trace_id, span.span_id = trace.to_bytes(16, "big"), number.to_bytes(8, "big")
        span.name, span.start_time_unix_nano, span.end_time_unix_nano = (
            f"step {number}",
            10**18 + number,
            10**18 + number + 1,
        )
        attribute = span.attributes.add()
        attribute.key, attribute.value.string_value = "note", text
    return request.SerializeToString()


def as_json(numbers: range, **changes: Any) -> bytes:
    """Return a JSON request of the same kind, over many lines; `changes` are of each span."""
    spans = [
        {
            "traceId": f"{2:032x}",
            "spanId": f"{number:016x}",
            "name": f"step {number}",
            "kind": 1,
            "startTimeUnixNano": str(10**18 + number),
            "endTimeUnixNano": str(10**18 + number + 1),
            **changes,
        }
        for number in numbers
    ]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}, indent=1).encode()


@pytest.fixture
def requests() -> Any:
    """Return the two makers of requests: protobuf and JSON."""
    return request_of, as_json


class Desk:
    """The pages of an empty house in this process, and browsers that came in with a role."""

    def __init__(self, rooms: Rooms, entries: Iterable[Entry] | None = None) -> None:
        self.rooms = rooms
        self.app = server.app(web.routes(rooms, entries))

    def browser(self, role: Role = Role.NOBODY, subject: str = "account:somebody", **options: Any) -> TestClient:
        """Return a browser with a session of a role; without one, a stranger's."""
        options = {"base_url": "http://localhost", "follow_redirects": False, **options}
        client = TestClient(self.app, **options)
        client.headers["accept"] = "text/html"
        if role is not Role.NOBODY:
            client.cookies.set(COOKIE, self.rooms.access.begin(Viewer(subject=subject, role=role)))
        return client

    @staticmethod
    def token(client: TestClient) -> str:
        """Return what a form of this browser's session holds."""
        return form_token(client.cookies[COOKIE])


@pytest.fixture
def desk(state: State, tmp_path: Path) -> Callable[..., Desk]:
    """A function that makes the pages of an empty house, of the entries given or of all; on both databases."""

    def made(entries: Iterable[Entry] | None = None, **changes: Any) -> Desk:
        weak = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        rooms = Rooms(House(tmp_path / "desk"), state, frozenset({"localhost"}), passwords=weak, **changes)
        return Desk(rooms, entries)

    return made
