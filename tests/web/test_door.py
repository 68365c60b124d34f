"""The live door as its senders see it: a real process, real sockets, and what is in the store afterwards."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import zlib

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from afterbell.__main__ import main
from afterbell.disk import evidence
from afterbell.errors import UsageError
from afterbell.steps.store import Store

JSON = "application/json"


def test_what_is_acknowledged_is_in_the_store_when_the_door_has_closed(opened, requests):
    protobuf, as_json = requests
    door = opened("--every", "60")
    assert door.post("/v1/traces", protobuf(range(1, 4)))[0] == 200
    assert door.post("/v1/traces", gzip.compress(protobuf(range(4, 7))), content_encoding="gzip")[0] == 200
    assert door.post("/v1/traces", zlib.compress(protobuf(range(7, 9))), content_encoding="deflate")[0] == 200
    status, headers, body = door.post("/v1/traces", as_json(range(9, 12)), JSON)
    assert (status, headers["content-type"], body) == (200, JSON, b"{}")
    assert list(door.house.inbox.iterdir())
    assert door.end() == ""
    assert door.process.returncode == 0
    assert sorted(int(span, 16) for span in door.spans()) == list(range(1, 12))
    assert list(door.house.inbox.iterdir()) == []
    assert {kept.format for commit in Store(door.house).commits for kept in commit.evidence} == {
        "otlp-proto",
        "otlp-json",
    }


def test_it_is_taken_in_while_the_door_is_open_and_interrupting_ends_it_well(opened, requests):
    protobuf, _as_json = requests
    door = opened("--every", "0.05")
    assert door.post("/v1/traces", protobuf(range(1, 4)))[0] == 200
    while not Store(door.house).rows():
        assert door.process.poll() is None
    assert door.post("/v1/traces", protobuf(range(4, 6)))[0] == 200
    assert door.end(signal.SIGINT) == ""
    assert door.process.returncode == 0
    assert len(door.spans()) == 5


def test_log_records_come_in_by_their_own_path(opened):
    request = ExportLogsServiceRequest()
    record = request.resource_logs.add().scope_logs.add().log_records.add()
    record.trace_id, record.time_unix_nano, record.event_name = (
        (7).to_bytes(16, "big"),
        10**18,
        "trading.account_snapshot",
    )
    door = opened()
    status, _headers, body = door.post("/v1/logs", request.SerializeToString())
    assert (status, body) == (200, b"")
    assert door.post("/v1/logs", json.dumps({"resourceLogs": []}).encode(), JSON)[0] == 200
    door.end()
    (trace,) = Store(door.house).traces([f"{7:032x}"]).values()
    assert [log.event_name for log in trace.logs] == ["trading.account_snapshot"]


def test_what_cannot_be_read_of_a_request_is_told_at_once(opened, requests):
    _protobuf, as_json = requests
    mixed = ExportTraceServiceRequest()
    scope = mixed.resource_spans.add().scope_spans.add()
    for ids in ((b"\x01" * 16, b"\x01" * 8), (b"", b"\x02" * 8), (b"\0" * 16, b"\x03" * 8)):
        span = scope.spans.add()
        span.trace_id, span.span_id = ids
    door = opened()
    status, _headers, body = door.post("/v1/traces", mixed.SerializeToString())
    told = ExportTraceServiceResponse.FromString(body).partial_success
    assert (status, told.rejected_spans, told.error_message) == (200, 2, "no trace id or no span id")
    status, _headers, body = door.post("/v1/traces", as_json(range(1, 3), traceId=""), JSON)
    assert status == 200
    assert json.loads(body) == {"partialSuccess": {"rejectedSpans": "2", "errorMessage": "no trace id or no span id"}}
    assert "no trace id" in door.end(), "the store says again what it refused"
    assert list(door.spans()) == ["01" * 8], "of the second request nothing could be read, so it was not kept"


def test_a_request_that_is_none_is_refused_with_its_reason(opened, requests):
    protobuf, as_json = requests
    door = opened()
    good = protobuf(range(1, 2))
    for status, path, body, kind, headers in (
        (401, "/v1/traces", good, "application/x-protobuf", {"authorization": "Bearer another"}),
        (401, "/v1/traces", good, "application/x-protobuf", {"authorization": ""}),
        (415, "/v1/traces", good, "text/plain", {}),
        (415, "/v1/traces", good, "application/x-protobuf", {"content_encoding": "br"}),
        (400, "/v1/traces", b"\xff\xff", "application/x-protobuf", {}),
        (400, "/v1/traces", good, JSON, {}),
        (400, "/v1/traces", b'{"resourceLogs": []}', JSON, {}),
        (400, "/v1/traces", b"[" * 5000, JSON, {}),
        (400, "/v1/traces", gzip.compress(good)[:-4], "application/x-protobuf", {"content_encoding": "gzip"}),
        (400, "/v1/traces", good, "application/x-protobuf", {"content_encoding": "gzip"}),
        (404, "/v1/metrics", good, "application/x-protobuf", {}),
        (404, "/v2/traces", good, "application/x-protobuf", {}),
        (413, "/v1/traces", bytes(17 * 2**20), "application/x-protobuf", {}),
        (413, "/v1/traces", gzip.compress(bytes(17 * 2**20)), "application/x-protobuf", {"content_encoding": "gzip"}),
    ):
        assert door.post(path, body, kind, **headers)[0] == status, (status, path, kind, headers, body[:40])
    assert json.loads(door.post("/v1/traces", b"{", JSON)[2])["code"] == 3
    assert door.post("/v1/traces", as_json(range(2, 3)), JSON)[0] == 200
    door.end()
    assert list(door.spans()) == [f"{2:016x}"]


def test_the_same_request_again_is_acknowledged_and_kept_once(opened, requests):
    protobuf, _as_json = requests
    door = opened("--every", "60")
    for _time in range(3):
        assert door.post("/v1/traces", protobuf(range(1, 4)))[0] == 200
    door.end(signal.SIGKILL)
    door = opened("--every", "60", house=door.house)
    assert door.post("/v1/traces", protobuf(range(1, 4)))[0] == 200
    door.end()
    (kept,) = [kept for commit in Store(door.house).commits for kept in commit.evidence]
    assert kept.spans == 3


def test_what_a_killed_door_acknowledged_is_taken_in_by_the_next(opened, requests):
    protobuf, as_json = requests
    door, sent = opened("--every", "60"), 0
    for kill in range(3):
        for number in range(10):
            body, kind = (as_json(range(sent, sent + 5), spanId=f"{sent + 1:016x}"), JSON) if number % 5 == 4 else (
                protobuf(range(sent + 1, sent + 6)), "application/x-protobuf")  # fmt: skip
            assert door.post("/v1/traces", body, kind)[0] == 200
            sent += 5
        if kill == 2:
            break
        door.end(signal.SIGKILL)
        door = opened("--every", "0.05" if kill == 0 else "60", house=door.house)
    door.end()
    found = {int(span, 16) for span in door.spans()}
    assert found == {n for at in range(0, sent, 5) for n in ((at + 1,) if at // 5 % 5 == 4 else range(at + 1, at + 6))}


def test_secrets_do_not_reach_the_evidence_and_what_waits_is_private(opened, requests):
    protobuf, _as_json = requests
    secret = "sk-ant-api03-" + "Zx9Qw7Er5Ty3Ui1Op8As6Df4Gh2Jk0Lz" * 2 + "-Ab12Cd34EfAA"
    door = opened("--every", "60")
    assert door.post("/v1/traces", protobuf(range(1, 3), f"the key is {secret}."))[0] == 200
    assert door.house.inbox.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in door.house.inbox.iterdir())
    door.end()
    (kept,) = [kept for commit in Store(door.house).commits for kept in commit.evidence]
    assert kept.redacted
    assert secret.encode() not in b"".join(evidence.chunks(door.house.evidence, kept.sha256))


def test_one_door_a_house(opened):
    door = opened()
    with pytest.raises(AssertionError, match="another door is open"):
        opened(house=door.house)


def test_without_a_token_only_this_machine_is_let_in(tmp_path):
    from afterbell.disk.house import House
    from afterbell.steps.serve import token_of

    house = House(tmp_path)
    assert token_of(house, "127.0.0.1", "", none=True) == ""
    with pytest.raises(UsageError, match="without a token"):
        token_of(house, "0.0.0.0", "", none=True)  # noqa: S104 - it is refused
    made = token_of(house, "0.0.0.0", "", none=False)  # noqa: S104
    assert len(made) > 40
    assert token_of(house, "127.0.0.1", "", none=False) == made


def test_without_its_packages_the_hint_is_the_command_that_installs_them(monkeypatch, tmp_path, capsys):
    for name in ("door", "server", "rooms"):
        monkeypatch.delitem(sys.modules, f"afterbell.web.{name}", raising=False)
        monkeypatch.delattr(f"afterbell.web.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    assert main(["--house", str(tmp_path), "serve"]) == 2
    assert "pip install 'afterbell[serve]'" in capsys.readouterr().err


def test_the_help_loads_no_server():
    program = (
        "import sys; import afterbell.cli.commands.serve; print('starlette' in sys.modules or 'uvicorn' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_without_a_token_a_page_that_gives_this_machine_a_name_of_its_own_sends_nothing(opened, requests):
    protobuf, _as_json = requests
    door = opened("--no-token", "--host-name", "desk.example.org")
    door.headers = {}
    answers = {
        name: door.post("/v1/traces", protobuf(range(1, 3)), Host=name)[0]
        for name in ("rebound.example.com:4318", "", "localhost:1", "127.0.0.1", "[::1]:4318", "desk.example.org")
    }
    door.end()
    assert list(answers.values()) == [421, 421, 200, 200, 200, 200]
