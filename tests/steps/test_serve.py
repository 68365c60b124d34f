"""The live door without HTTP: room, one write for many, and a disk that fails."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.disk.inbox import Encoding, Inbox, put_aside, request, waiting
from afterbell.errors import DiskError, UsageError
from afterbell.formats.export_request import Signal
from afterbell.steps import serve
from afterbell.steps.serve import Door, FullError, Limits
from afterbell.steps.store import Store


def body(number):
    request = ExportTraceServiceRequest()
    span = request.resource_spans.add().scope_spans.add().spans.add()
    span.trace_id, span.span_id, span.start_time_unix_nano = b"\x01" * 16, number.to_bytes(8, "big"), 10**18
    return request.SerializeToString()


class Disk(files.PrivateOps):
    """Counts what is forced, and fails to force when told."""

    def __init__(self):
        self.forced, self.fails = 0, False

    def fsync(self, descriptor):
        self.forced += 1
        if self.fails:
            raise OSError(28, "No space left on device")
        super().fsync(descriptor)


@pytest.fixture
def disk(monkeypatch):
    made = Disk()
    monkeypatch.setattr(serve, "Inbox", lambda directory: Inbox(directory, made))
    return made


def test_requests_that_come_together_share_one_fsync(tmp_path, disk):
    house = House(tmp_path)

    async def send():
        door = Door(house, Limits(every=60))
        async with door.open():
            await asyncio.gather(*(door.receive(body(n), Signal.TRACES, json=False) for n in range(1, 101)))
            assert disk.forced <= 2

    asyncio.run(send())
    (row,) = Store(house).rows()
    assert row.spans == 100


def test_a_disk_that_fails_acknowledges_nothing_and_the_next_request_gets_a_new_file(tmp_path, disk):
    house, said = House(tmp_path), []

    async def send():
        door = Door(house, Limits(every=60), said.append)
        async with door.open():
            await door.receive(body(1), Signal.TRACES, json=False)
            disk.fails = True
            with pytest.raises(DiskError, match="No space left"):
                await door.receive(body(2), Signal.TRACES, json=False)
            assert not [path for path in house.inbox.iterdir() if path.name.endswith(".open")]
            disk.fails = False
            await door.receive(body(3), Signal.TRACES, json=False)
            await door.receive(body(2), Signal.TRACES, json=False)

    asyncio.run(send())
    assert len(said) == 1
    assert "No space left" in said[0]
    (row,) = Store(house).rows()
    assert row.spans == 3


def test_beyond_its_room_the_door_says_when_to_come_back(tmp_path):
    async def send():
        door = Door(House(tmp_path), Limits(in_memory=1000, on_disk=5000, every=9))
        async with door.open():
            with door.room() as claim:
                claim(600)
                with door.room() as other, pytest.raises(FullError) as full:
                    other(500)
                assert full.value.retry_after == 1
                claim(400)
            with door.room() as claim:
                claim(1000)
            for number in range(1, 200):
                await door.receive(body(number), Signal.TRACES, json=False)
            with door.room() as claim, pytest.raises(FullError) as full:
                claim(1)
            assert full.value.retry_after == 9
            await door._round()
            with door.room() as claim:
                claim(1)

    asyncio.run(send())


def test_what_the_store_cannot_take_yet_waits(tmp_path, monkeypatch):
    house, said = House(tmp_path), []

    async def send():
        door = Door(house, Limits(every=60), said.append)
        with monkeypatch.context() as patch:
            patch.setattr(Door, "_in_a_process", lambda _self: ([], "another ingest has held the store"))
            async with door.open():
                await door.receive(body(1), Signal.TRACES, json=False)
                await door._round()
                assert len(waiting(house.inbox)) == 1
                patch.undo()

    asyncio.run(send())
    assert set(said) == {"not taken in yet: another ingest has held the store"}
    assert len(Store(house).rows()) == 1


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("cut", [1, 3, 5, 20])
def test_what_a_killed_writer_left_half_is_cut_off_and_the_rest_counts(tmp_path, encoding, cut):
    inbox = Inbox(tmp_path / "inbox")
    given = [request(encoding, b'{"a":\n"%032d"}' % number) for number in range(3)]
    inbox.add(given)
    (path,) = (tmp_path / "inbox").iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-cut])
    inbox = Inbox(tmp_path / "inbox")
    assert inbox.recover() == tuple(each.digest for each in given[:2])
    (path,) = waiting(tmp_path / "inbox")
    assert path.read_bytes() == b"".join(each.record for each in given[:2])
    assert inbox.recover() == tuple(each.digest for each in given[:2])
    inbox.add(given[2:])
    inbox.close()
    assert len(waiting(tmp_path / "inbox")) == 2


@pytest.mark.parametrize("left", [b"", b"\0\0", bytes(4096), b"\0\0\x01\0abc"])
def test_a_file_without_a_whole_request_is_removed(tmp_path, left):
    Inbox(tmp_path)
    (tmp_path / "000000000007.otlp.open").write_bytes(left)
    inbox = Inbox(tmp_path)
    assert inbox.recover() == ()
    assert list(tmp_path.iterdir()) == []


def test_what_the_store_refuses_is_put_aside_not_lost(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.add([request(Encoding.JSON, b"no export")])
    inbox.close()
    (path,) = waiting(tmp_path)
    aside = put_aside(path)
    assert aside.read_bytes() == b"no export\n"
    assert waiting(tmp_path) == ()
    assert inbox.size == 0


def test_a_door_that_has_closed_can_be_opened_again(tmp_path):
    async def open_and_close():
        async with Door(House(tmp_path), Limits()).open():
            with pytest.raises(UsageError, match="another door is open"):
                async with Door(House(tmp_path), Limits()).open():
                    pass

    asyncio.run(open_and_close())
    asyncio.run(open_and_close())
