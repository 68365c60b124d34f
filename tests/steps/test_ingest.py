"""Ingest from the outside: what is kept, what is refused, and what a kill at any instant leaves."""

import errno
import gzip
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import orjson
import pytest
import zstandard

from afterbell.disk import commits, evidence, sources
from afterbell.disk.house import House
from afterbell.errors import DiskError, StoreError, UsageError
from afterbell.steps import ingest, receive
from afterbell.steps.store import Store

KEY = b"sk-" + b"proj-" + b"Zx81Qv" * 8  # looks like a key; made up


def span(trace, number, text="", **more):
    facts = [{"key": "gen_ai.output.messages", "value": {"stringValue": text}}]
    return {"traceId": f"{trace:032x}", "spanId": f"{number:016x}", "name": "chat", "attributes": facts,
            "startTimeUnixNano": str(10**18 + number), "endTimeUnixNano": str(10**18 + number + 5), **more}  # fmt: skip


def line(*spans):
    return orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}) + b"\n"


def lines(first, count=20):
    return b"".join(line(span(first << 100, first * 1000 + number, f"said {number}")) for number in range(count))


@pytest.fixture
def house(tmp_path):
    root = tmp_path / "house"
    root.mkdir()
    return House(root)


@pytest.fixture
def put(tmp_path):
    def write(name, data):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    return write


def take(house, *paths, **more):
    return list(ingest.ingest(house, paths, jobs=1, **more))


def state(house):
    """Everything in the store by name and bytes, but the lock."""
    return {
        str(path.relative_to(house.store)): path.read_bytes()
        for path in sorted(house.store.rglob("*"))
        if path.is_file() and path.name != "writer.lock"
    }


def kept_bytes(house, report):
    return b"".join(evidence.chunks(house.evidence, report.evidence))


def spans_of(house):
    return {row.trace_id: row.spans for row in Store(house).rows()}


def test_evidence_is_kept_whole_by_hash_with_a_manifest_row(house, put):
    data = lines(1) + lines(2)
    (report,) = take(house, put("a.jsonl", data))
    assert (report.outcome, report.format, report.spans, report.traces) == ("kept", "otlp-json", 40, 2)
    assert kept_bytes(house, report) == data
    (commit,) = commits.read_all(house.commits)
    (row,) = commit.evidence
    assert (row.sha256, row.received_sha256, row.size, row.traces) == (report.evidence, report.evidence, len(data), 2)
    assert spans_of(house) == {f"{1 << 100:032x}": 20, f"{2 << 100:032x}": 20}
    trace = next(iter(Store(house).traces([f"{1 << 100:032x}"]).values()))
    assert {each.evidence for each in trace.spans} == {report.evidence}


def test_the_same_bytes_twice_change_nothing_whatever_they_are_wrapped_in(house, put):
    data = lines(1)
    paths = [put("a.jsonl", data), put("a.jsonl.gz", gzip.compress(data)), put("a.zst", zstandard.compress(data))]
    first = take(house, *paths)
    assert [report.outcome for report in first] == ["kept", "repeat", "repeat"]
    assert {report.evidence for report in first} == {first[0].evidence}
    before = state(house)
    again = take(house, *paths)
    assert [(report.outcome, report.evidence) for report in again] == [("repeat", first[0].evidence)] * 3
    assert state(house) == before


def test_a_repeat_beside_something_new_adds_only_the_new(house, put):
    take(house, put("a.gz", gzip.compress(lines(1))))
    take(house, put("a.gz", gzip.compress(lines(1))), put("b.jsonl", lines(2)))
    assert spans_of(house) == {f"{1 << 100:032x}": 20, f"{2 << 100:032x}": 20}


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, zstandard.compress])
def test_standard_input_is_read(house, monkeypatch, pack):
    buffer = io.BufferedReader(io.BytesIO(pack(lines(1))))
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": buffer}))
    (report,) = take(house, "-")
    assert (report.path, report.outcome, report.spans) == ("-", "kept", 20)


def test_a_pipe_that_is_named_is_read(house, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_bytes, args=(lines(1),))
    writer.start()
    (report,) = take(house, str(tmp_path / "pipe"))
    writer.join()
    assert (report.outcome, report.spans) == ("kept", 20)


def test_folders_and_globs_come_in_one_commit(house, put, tmp_path):
    for number in range(30):
        put(f"runs/{number:03d}.jsonl", lines(number + 1, 2))
    reports = take(house, str(tmp_path / "in"), str(tmp_path / "in/**/*.jsonl"))
    assert [report.outcome for report in reports] == ["kept"] * 30
    assert len(commits.read_all(house.commits)) == 1
    assert sum(spans_of(house).values()) == 60


def test_secrets_are_out_before_anything_is_kept_and_counted(house, put):
    data = line(span(1, 1, f"the key is {KEY.decode()} for today")) + lines(2)
    (report,) = take(house, put("a.jsonl", data))
    assert sum(report.redacted.values()) == 1
    stored = b"".join(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
                      for name, data in state(house).items() if name.startswith("evidence"))  # fmt: skip
    assert KEY not in stored
    assert KEY not in b"".join(state(house).values())
    assert kept_bytes(house, report).count(b"\n") == data.count(b"\n")
    row = commits.read_all(house.commits)[0].evidence[0]
    assert row.sha256 != row.received_sha256
    assert row.received_size == len(data)
    assert take(house, put("again.jsonl", data))[0].outcome == "repeat"


def test_bad_lines_are_refused_one_by_one_and_kept_as_evidence(house, put):
    data = lines(1, 3) + b"not json\n" + line({"traceId": "", "spanId": "0"}) + lines(2, 3)
    (report,) = take(house, put("a.jsonl", data))
    assert (report.outcome, report.spans, report.refused_count) == ("kept", 6, 2)
    assert [each.where for each in report.refused] == ["line 4", "line 5, span 1"]
    assert kept_bytes(house, report) == data
    assert commits.read_all(house.commits)[0].evidence[0].refused == 2


def test_pending_copies_are_counted_in_one_remark(house, put):
    pending = [{"key": "logfire.span_type", "value": {"stringValue": "pending_span"}}]
    copies = [line(span(7, number, parentSpanId=f"{1:016x}", attributes=pending)) for number in (2, 3)]
    (report,) = take(house, put("a.jsonl", b"".join((*copies, line(span(7, 1))))))
    assert (report.spans, report.refused_count) == (3, 0)
    (remark,) = ingest.as_json(report)["remarks"]
    assert remark["why"].startswith("2 pending spans")
    trace = Store(house).trace(f"{7:032x}")
    assert (len(trace.spans), trace.completeness.pending) == (1, 2)


def test_what_nothing_reads_is_refused_with_the_reason(house, put, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "none")
    put("empty", b"")
    put("noise.bin", bytes(range(256)) * 10)
    put("broken.gz", b"\x1f\x8b" + b"no gzip at all")
    reports = {report.path.rsplit("/", 1)[1]: report for report in take(house, str(tmp_path / "in"))}
    assert {report.outcome for report in reports.values()} == {"refused"}
    why = {name: report.refused[0].why for name, report in reports.items()}
    assert why["empty"] == "empty"
    assert "link to nothing" in why["link"]
    assert "damaged" in why["broken.gz"]
    assert why["noise.bin"]
    assert commits.read_all(house.commits) == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(house, put):
    path = put("a.jsonl", lines(1))
    Path(path).chmod(0)
    (report,) = take(house, path)
    assert report.refused[0].why == "cannot be read: Permission denied"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_of_a_cut_file_what_came_before_the_cut_is_kept_and_the_cut_told(house, put, pack):
    data = b"".join(line(span(1, number, os.urandom(300).hex())) for number in range(2000))
    packed = pack(data)
    (report,) = take(house, put("cut", packed[: len(packed) // 2]))
    assert report.outcome == "kept"
    assert 500 < report.spans < 1500
    assert data.startswith(kept_bytes(house, report))
    assert any("cut off" in each.why and each.where == f"byte {report.size}" for each in report.refused)


def test_a_line_that_is_too_long_is_kept_not_read(house, put, monkeypatch):
    monkeypatch.setattr(sources, "BLOCK", 4000)
    monkeypatch.setattr(sources.blocks, "__defaults__", (4000, 20_000))
    data = lines(1, 5) + line(span(3, 1, "word " * 20_000 + KEY.decode())) + lines(2, 5)
    (report,) = take(house, put("a.jsonl", data))
    assert report.spans == 10
    assert [(each.where, each.why[:11]) for each in report.refused] == [("line 6", "longer than")]
    assert sum(report.redacted.values()) == 1
    assert report.size == len(data)
    assert KEY not in kept_bytes(house, report)


def test_a_document_of_text_is_kept_whole_even_where_its_reader_gives_up(house, put, monkeypatch):
    from afterbell.formats.envelopes import otlp_json_document

    monkeypatch.setattr(otlp_json_document, "LARGEST", 1000)
    data = orjson.dumps(
        orjson.loads(line(*(span(1, number, "x" * 50) for number in range(90)))), option=orjson.OPT_INDENT_2
    )
    (report,) = take(house, put("a.json", data))
    assert (report.format, report.spans, report.refused_count) == ("otlp-json-document", 0, 1)
    assert kept_bytes(house, report) == data


def test_a_binary_file_over_the_limit_is_refused(house, put, monkeypatch):
    from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

    message = TracesData()
    made = message.resource_spans.add().scope_spans.add().spans.add(name="chat", trace_id=b"t" * 16, span_id=b"s" * 8)
    made.start_time_unix_nano = 10**18
    data = message.SerializeToString()
    assert take(house, put("a.pb", data))[0].spans == 1
    monkeypatch.setattr(receive, "LARGEST_DOCUMENT", len(data) - 1)
    made.name = "chit"
    (report,) = take(house, put("b.pb", message.SerializeToString()))
    assert (report.outcome, report.evidence) == ("refused", "")
    assert "larger than" in report.refused[0].why


def test_a_format_by_name_and_one_that_nobody_knows(house, put):
    path = put("a.jsonl", lines(1))
    with pytest.raises(UsageError, match="unknown format"):
        take(house, path, format_name="nonsense")
    assert take(house, path, format_name="otlp-json")[0].outcome == "kept"


def test_a_source_under_way_when_the_disk_fails_counts_for_nothing(house, put, monkeypatch):
    take(house, put("a.jsonl", lines(1)))
    before = state(house)

    def fail(*_args):
        raise StoreError("rows could not be written")

    monkeypatch.setattr(ingest.shards, "publish", fail)
    with pytest.raises(StoreError):
        take(house, put("b.jsonl", lines(2)))
    monkeypatch.undo()
    assert spans_of(house) == {f"{1 << 100:032x}": 20}
    assert take(house, put("a.jsonl", lines(1)))[0].outcome == "repeat"
    after = state(house)
    assert {name: data for name, data in after.items() if not name.startswith("evidence")} == {
        name: data for name, data in before.items() if not name.startswith("evidence")
    }


def test_a_full_disk_is_a_fault_of_the_world_not_of_the_source(house, put, monkeypatch):
    class Full:
        def write(self, _data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self):
            pass

    made = evidence.Writer.__init__

    def full(self, directory):
        made(self, directory)
        self._file.close()
        self._file = Full()

    monkeypatch.setattr(evidence.Writer, "__init__", full)
    with pytest.raises(DiskError, match="No space left"):
        take(house, put("a.jsonl", lines(1)))
    monkeypatch.undo()
    assert take(house, put("a.jsonl", lines(1)))[0].outcome == "kept"


def test_texts_are_there_after_a_failed_ingest_in_the_same_process(house, put, monkeypatch):
    """What was spooled in vain must not be taken for stored."""
    path = put("a.jsonl", line(span(1, 1, "long " * 100)))
    monkeypatch.setattr(ingest.shards, "publish", lambda *_args: (_ for _ in ()).throw(StoreError("no")))
    with pytest.raises(StoreError):
        take(house, path)
    monkeypatch.undo()
    take(house, path)
    (trace,) = Store(house).traces([f"{1:032x}"]).values()
    assert trace.spans[0].attributes["gen_ai.output.messages"] == "long " * 100


def started(house, *paths):
    command = [sys.executable, "-m", "afterbell", "--house", str(house.root), "ingest", "--json", "--jobs", "2", *paths]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_two_ingests_at_once_both_count_and_one_of_the_same_bytes_does_not(house, put):
    paths = [put("a.jsonl", lines(1)), put("b.jsonl", lines(2))]
    shared = put("c.jsonl", lines(3))
    running = [started(house, path, shared) for path in paths]
    said = [each.communicate(timeout=60)[0] for each in running]
    outcomes = [[orjson.loads(each)["outcome"] for each in out.splitlines()] for out in said]
    assert sorted(outcomes) == [["kept", "kept"], ["kept", "repeat"]]
    assert set(spans_of(house).values()) == {20}
    assert len(spans_of(house)) == 3


def test_a_killed_ingest_leaves_the_old_store_and_no_process(house, put):
    take(house, put("a.jsonl", lines(1)))
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "afterbell", "--house", str(house.root), "ingest", "--json", "--jobs", "2", "-"]
    with subprocess.Popen(command, stdin=reader, stdout=subprocess.PIPE) as running:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            for _ in range(40):  # more than a pipe and a few blocks hold: the ingest is in the middle of it
                pipe.write(lines(2, 2000))
            running.send_signal(signal.SIGKILL)
            running.wait(timeout=30)
        out = running.stdout.read()  # ends only when no process holds the other end
    assert out == b""
    assert spans_of(house) == {f"{1 << 100:032x}": 20}
    take(house, put("b.jsonl", lines(2)))
    assert spans_of(house) == {f"{1 << 100:032x}": 20, f"{2 << 100:032x}": 20}
    assert not list(house.spool.glob("*"))


def test_many_small_ingests_stay_few_files(house, put, monkeypatch):
    monkeypatch.setattr(ingest.compaction, "MOST_COMMITS", 3)
    for number in range(1, 10):
        (report,) = take(house, put(f"{number}.jsonl", lines(number, 2)))
        assert report.outcome == "kept"
        assert spans_of(house) == {f"{each << 100:032x}": 2 for each in range(1, number + 1)}
    assert len(commits.read_all(house.commits)) <= 4
    assert take(house, put("again.jsonl", lines(1, 2)))[0].outcome == "repeat"
    named = {part.file for commit in commits.read_all(house.commits) for part in commit.parts}
    assert {name for name in state(house) if name.startswith("shards")} == named
