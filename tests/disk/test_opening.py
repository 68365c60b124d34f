"""What the Collector's file exporter writes when it compresses: messages packed one by one, or the file as a whole."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from afterbell.disk import opening
from afterbell.disk.house import House
from afterbell.disk.opening import Stream, bytes_of
from afterbell.steps import ingest

GOLDEN = Path(__file__).parents[1] / "formats" / "golden" / "genai_current.otlp.jsonl"
LINES = GOLDEN.read_bytes().splitlines()


def packed(messages, size=None):
    """As the exporter does it: one packer for all, each message whole, its packed length before it, big-endian."""
    frames = (zstandard.ZstdCompressor(write_content_size=size is None).compress(message) for message in messages)
    return b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames)


def opened(data):
    stream = Stream(BytesIO(data))
    return b"".join(bytes_of(stream)), stream


class OneByOne(BytesIO):
    """A pipe that hands out a byte at a time."""

    def read(self, size=-1):
        return super().read(min(size, 1) if size > 0 else size)


@pytest.mark.parametrize("size", [None, 0])
def test_messages_of_json_come_out_as_lines(size):
    found, stream = opened(packed(LINES, size))
    assert found.splitlines() == LINES
    assert (stream.packed, stream.fault) == (True, "")
    assert b"".join(bytes_of(Stream(OneByOne(packed(LINES))))) == found


def test_messages_of_protobuf_keep_their_frames():
    messages = [b"\x0a\x02\x12\x00", b"\x0a\x00" * 300]
    assert opened(packed(messages))[0] == b"".join(len(each).to_bytes(4, "big") + each for each in messages)


@pytest.mark.parametrize("lost", [1, 3, 30])
def test_of_a_cut_file_whole_messages_come_out(lost):
    found, stream = opened(packed(LINES * 3)[:-lost])
    assert found.splitlines() == (LINES * 3)[:-1]
    assert stream.fault.startswith("cut off")


def test_a_damaged_message_costs_itself_only():
    frames = [packed([line]) for line in LINES[:1] * 4]
    frames[1] = frames[1][:12] + bytes(len(frames[1]) - 12)
    found, stream = opened(b"".join(frames))
    assert found.splitlines() == LINES[:1] * 3
    assert stream.fault.startswith("damaged: message 2: ")
    frames[2] = frames[1]
    assert "2 messages in all" in opened(b"".join(frames))[1].fault


def test_a_message_over_the_limit_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(opening, "_LONGEST_MESSAGE", 5000)
    found, stream = opened(packed([b"{" + b" " * 4000, b"{" + b" " * 9000, b"{}"]))
    assert found.splitlines()[1:] == [b"{}"]
    assert "longer than" in stream.fault
    huge = packed([b"{}"]) + (6000).to_bytes(4, "big") + b"x" * 100
    found, stream = opened(huge)
    assert (found, stream.fault[:17]) == (b"{}\n", "damaged: message ")


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00\x00\x00\x05", b"\x00\x00\x00\x05hello", b"a;b;c\n1;2;3\n"])
def test_other_bytes_are_as_they_are(data):
    found, stream = opened(data)
    assert (found, stream.packed) == (data, False)


@pytest.mark.parametrize("whole", [False, True])
def test_ingest_reads_rotated_files_whatever_they_are_called(tmp_path, whole):
    (tmp_path / "house").mkdir()
    (tmp_path / "in").mkdir()
    parts = {"data-2026-01-05T05-02-14.173": LINES, "data": [json.dumps({"resourceSpans": []}).encode()] * 2}
    for name, lines in parts.items():
        data = zstandard.ZstdCompressor().compress(b"\n".join(lines)) if whole else packed(lines)
        (tmp_path / "in" / f"{name}.json").write_bytes(data)
    reports = list(ingest.ingest(House(tmp_path / "house"), [str(tmp_path / "in")], jobs=1))
    assert [(report.outcome, report.format, report.refused_count) for report in reports] == [
        ("kept", "otlp-json", 0)
    ] * 2
    assert reports[0].spans
