import gzip
import hashlib
import io
import os
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from afterbell.disk import opening, sources
from afterbell.errors import UsageError

NOWHERE = Path("/nowhere")


class Bytes:
    """A stream of bytes that comes in odd pieces no shorter than asked for."""

    def __init__(self, data):
        self._file = io.BytesIO(data)
        self.fault = ""

    def read(self, size):
        return self._file.read(size)


@given(st.binary(max_size=400) | st.lists(st.binary(max_size=60)).map(b"\n".join), st.integers(0, 70),
       st.integers(1, 40), st.integers(1, 90))  # fmt: skip
def test_blocks_joined_are_the_stream_and_lines_keep_their_numbers(data, head, size, longest):
    size, head = max(size, 1), min(head, len(data))
    found = list(sources.blocks(data[:head], Bytes(data[head:]), size, longest))
    assert b"".join(block.data for block in found) == data
    place = 0
    for block in found:
        assert block.first_line == data.count(b"\n", 0, place) + 1
        place += len(block.data)
        if block.overlong:
            assert block.data.count(b"\n") == block.data.endswith(b"\n")
        elif place < len(data):
            assert block.data.endswith(b"\n")
    for line in data.split(b"\n"):
        if len(line) > longest + size + head:
            assert any(block.overlong for block in found)


def test_a_line_that_is_too_long_is_cut_where_no_secret_can_be():
    word = b'"' + b"k" * 30 + b'"'
    data = b"one\n" + word * 40 + b"\ntwo\n"
    found = list(sources.blocks(b"", Bytes(data), 64, 200))
    stretches = [block for block in found if block.overlong]
    assert {block.first_line for block in stretches} == {2}
    assert all(block.data.endswith((b'"', b"\n")) for block in stretches)
    assert found[-1].data == b"two\n"
    assert found[-1].first_line == 3


def names(found):
    return [Path(source.name).name for source in found]


def test_files_folders_and_globs_are_found_once_in_order(tmp_path):
    for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl", ".hidden", ".git/config", "store/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = sources.expand(
        [str(tmp_path), str(tmp_path / "a.jsonl"), str(tmp_path / "**/*.jsonl"), "-"], tmp_path / "store"
    )
    assert names(found) == ["a.jsonl", "b.jsonl", "c.jsonl", "-"]
    assert found[0].size == 1


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="nothing at"):
        sources.expand([str(tmp_path / "none*")], NOWHERE)


def test_names_with_glob_characters_are_taken_as_they_are(tmp_path):
    (tmp_path / "run[1].jsonl").write_text("x")
    assert names(sources.expand([str(tmp_path / "run[1].jsonl")], NOWHERE)) == ["run[1].jsonl"]


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path):
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    (tmp_path / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    faults = {Path(source.name).name: source.fault for source in sources.expand([str(tmp_path)], NOWHERE)}
    assert set(faults) == {"dangling", "pipe"}
    assert "link to nothing" in faults["dangling"]
    assert "pipe" in faults["pipe"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_listed_is_told(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    assert [source.fault for source in sources.expand([str(tmp_path)], NOWHERE)] == [
        "cannot be read: Permission denied"
    ]


LINES = b"".join(b"%d %s\n" % (number, hashlib.sha256(b"%d" % number).hexdigest().encode()) for number in range(20_000))


def read_all(path, size=70_000):
    pieces = []
    with opening.open_stream(path) as stream:
        while piece := stream.read(size):
            pieces.append(piece)
        assert all(len(piece) == size for piece in pieces[:-1])
        return b"".join(pieces), stream.fault, stream.packed


def several(compress):
    """The lines as several members or frames, as appending loggers write them."""
    return b"".join(compress(LINES[start : start + 200_000]) for start in range(0, len(LINES), 200_000))


PACKED = {"gzip": several(gzip.compress), "zstd": several(zstandard.compress)}


@pytest.mark.parametrize("data", [b"", b"a", b"\x1f", LINES])
def test_plain_bytes_come_as_they_are(tmp_path, data):
    (tmp_path / "plain").write_bytes(data)
    assert read_all(tmp_path / "plain") == (data, "", False)


@pytest.mark.parametrize("kind", PACKED)
def test_packed_bytes_are_unpacked_whatever_the_name(tmp_path, kind):
    (tmp_path / "x.jsonl").write_bytes(PACKED[kind])
    assert read_all(tmp_path / "x.jsonl") == (LINES, "", True)


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("part", [0.05, 0.5, 0.999])
def test_of_a_cut_file_what_came_before_is_kept_and_the_cut_is_told(tmp_path, kind, part):
    cut = int(len(PACKED[kind]) * part)
    (tmp_path / "cut").write_bytes(PACKED[kind][:cut])
    found, fault, _packed = read_all(tmp_path / "cut")
    assert LINES.startswith(found)
    assert len(found) > len(LINES) * part - 200_000
    assert fault.startswith("cut off")


@pytest.mark.parametrize("kind", PACKED)
def test_damage_in_the_middle_keeps_what_came_before(tmp_path, kind):
    data = bytearray(PACKED[kind])
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    (tmp_path / "damaged").write_bytes(data)
    found, fault, _packed = read_all(tmp_path / "damaged")
    assert LINES.startswith(found[: len(LINES) // 4])
    assert len(found) > len(LINES) // 4
    assert fault


def test_padding_after_gzip_is_fine_and_garbage_is_told(tmp_path):
    (tmp_path / "padded").write_bytes(PACKED["gzip"] + bytes(512))
    assert read_all(tmp_path / "padded") == (LINES, "", True)
    (tmp_path / "garbage").write_bytes(PACKED["gzip"] + b"garbage")
    found, fault, _packed = read_all(tmp_path / "garbage")
    assert found == LINES
    assert fault.startswith("damaged")


@pytest.mark.parametrize("kind", PACKED)
def test_a_small_file_that_unpacks_to_much_does_not_fill_memory(tmp_path, kind):
    compress = {"gzip": gzip.compress, "zstd": zstandard.compress}[kind]
    (tmp_path / "bomb").write_bytes(compress(bytes(200_000_000)))
    with opening.open_stream(tmp_path / "bomb") as stream:
        assert len(stream.read(1000)) == 1000
        assert len(stream._ahead) < 64 * 1024 * 1024


def test_standard_input_is_unpacked_too_and_stays_open(monkeypatch):
    for data in (LINES, PACKED["gzip"]):
        buffer = io.BufferedReader(io.BytesIO(data))
        monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": buffer}))
        assert read_all(None)[0] == LINES
        assert not buffer.closed
