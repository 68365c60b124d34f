"""Serve: the live door. What it acknowledges is on the disk first, and reaches the store within seconds.

Requests that come in together share one fsync. A bounded amount of bytes may wait in memory and on the disk; beyond
it the door refuses, before anything is promised. It speaks no HTTP: that is `web/`'s work.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import multiprocessing
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from msgspec import Struct

from afterbell.catalog import intake
from afterbell.disk import door_keys, inbox
from afterbell.disk.holding import held
from afterbell.disk.house import House
from afterbell.disk.inbox import Encoding, Inbox, Request
from afterbell.errors import AfterbellError, DiskError, UsageError
from afterbell.formats import export_request
from afterbell.formats.export_request import Signal, Verdict
from afterbell.formats.items import Context, Item
from afterbell.steps import take_in

MIB = 1024 * 1024
_REMEMBERED = 4096
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Limits(Struct, frozen=True, kw_only=True):
    """Sizes in bytes, times in seconds.

    `largest` is of one request, unpacked; `in_memory` of all that are not on the disk yet; `on_disk` of what is not
    in the store yet. `every` is how often the store takes in, `patience` how long a request may take to arrive.
    """

    largest: int = 16 * MIB
    in_memory: int = 64 * MIB
    on_disk: int = 1024 * MIB
    every: float = 5
    patience: float = 30


class FullError(Exception):
    """There is no room now; `retry_after` says in how many seconds to ask again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("no room")
        self.retry_after = retry_after


class Door:
    """One house's live door. Made in one event loop, used in it alone."""

    def __init__(self, house: House, limits: Limits, say: Callable[[str], None] = lambda _text: None) -> None:
        """`say` gets a line for people where something was refused by the store or failed."""
        self._house = house
        self._say = say
        self.limits = limits
        self._inbox: Inbox
        self._in_memory = 0
        self._on_disk = 0
        self._due: list[tuple[Request, asyncio.Future[None]]] = []
        self._came = asyncio.Event()
        self._closing = asyncio.Event()
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._writer = ThreadPoolExecutor(1, "door")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the house's door, and take in what is left when it closes.

        Raises UsageError when another door is at work, DiskError when what a killed one left cannot be read.
        """
        self._house.make_store()
        busy = UsageError("another door is open in this house", "one is enough; end it first")
        with held(self._house.store / "door.lock", busy), self._writer:
            self._inbox = Inbox(self._house.inbox)
            for digest in self._inbox.recover():
                self._remember(digest)
            self._on_disk = self._inbox.size
            writing, taking = asyncio.create_task(self._write()), asyncio.create_task(self._take_in())
            try:
                yield
            finally:
                self._closing.set()
                self._came.set()
                await writing
                await taking
                while await self._round():
                    pass

    @contextmanager
    def room(self) -> Iterator[Callable[[int], None]]:
        """Lend a function that claims so many bytes of memory for a request; all are given back at the end.

        The function raises FullError when there is no room for them.
        """
        claimed = 0

        def claim(size: int) -> None:
            nonlocal claimed
            if self._on_disk + self._in_memory + size > self.limits.on_disk:
                raise FullError(max(1, round(self.limits.every)))
            if self._in_memory + size > self.limits.in_memory:
                raise FullError(1)
            claimed += size
            self._in_memory += size

        try:
            yield claim
        finally:
            self._in_memory -= claimed

    async def receive(self, body: bytes, signal: Signal, *, json: bool) -> Verdict:
        """Return what of a request will be read, once it is durable; one of which nothing will be read is not kept.

        One that was acknowledged a moment ago, and is sent again since its answer was lost, is not kept twice. Raises
        FormatError when it is no export request, DiskError when it may not be durable: the sender keeps it then.
        """
        verdict = export_request.judge(body, signal, _read_json if json else _read_protobuf, json=json)
        if verdict.accepted:
            await self._keep(inbox.request(Encoding.JSON if json else Encoding.PROTOBUF, body))
        return verdict

    async def _keep(self, request: Request) -> None:
        if self._closing.is_set():
            raise DiskError("the door is closing", "send it again")
        digest = request.digest
        if digest in self._known:
            return
        durable = asyncio.get_running_loop().create_future()
        self._due.append((request, durable))
        self._came.set()
        await durable
        self._remember(digest)

    def _remember(self, digest: bytes) -> None:
        self._known[digest] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _write(self) -> None:
        """Write what is due, all at once, until the door closes; what comes in meanwhile is the next write's."""
        loop = asyncio.get_running_loop()
        while not self._closing.is_set() or self._due:
            await self._came.wait()
            self._came.clear()
            due, self._due = self._due, []
            if not due:
                continue
            fault: DiskError | None = None
            try:
                await loop.run_in_executor(self._writer, self._inbox.add, [request for request, _durable in due])
            except DiskError as error:
                fault = error
                self._say(error.message)
            self._on_disk += sum(len(request.record) for request, _durable in due)
            for _request, durable in due:
                if durable.done():
                    continue
                if fault is None:
                    durable.set_result(None)
                else:
                    durable.set_exception(DiskError(fault.message, fault.hint))

    async def _take_in(self) -> None:
        while not self._closing.is_set():
            if await self._round():
                continue
            try:
                await asyncio.wait_for(self._closing.wait(), self.limits.every)
            except TimeoutError:
                continue

    async def _round(self) -> bool:
        """Close the files that are open and take some in; tell whether there are more to take in at once.

        What fails is said, kept, and tried again next time.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._inbox.close)
            if not inbox.waiting(self._house.inbox, 1):
                return False
            reports, fault = await loop.run_in_executor(None, self._in_a_process)
            self._on_disk = await loop.run_in_executor(self._writer, lambda: self._inbox.size)
        except AfterbellError as error:
            self._say(f"not taken in yet: {error.message}")
            return False
        for report in reports:
            self._tell(report)
        if fault:
            self._say(f"not taken in yet: {fault}")
        return bool(inbox.waiting(self._house.inbox, 1)) and not fault

    def _in_a_process(self) -> tuple[list[dict[str, Any]], str]:
        """Take in, in a process of its own that shares nothing with this one, and return its reports and its fault."""
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=take_in.alone, args=(self._house.root, theirs))
        process.start()
        theirs.close()
        try:
            told: tuple[list[dict[str, Any]], str] = ours.recv()
        except EOFError:
            told = [], "the process that takes in ended early"
        process.join()
        return told

    def _tell(self, report: dict[str, Any]) -> None:
        for each in report["refused"]:
            self._say(f"refused by the store: {report['path']} {each['where']}: {each['why']}")


def _read_json(body: bytes) -> Iterable[Item]:
    items: Iterable[Item] = intake.envelope_named("otlp-json").read(body.replace(b"\n", b" "), Context(position=1))
    return items


def _read_protobuf(body: bytes) -> Iterable[Item]:
    items: Iterable[Item] = intake.envelope_named("otlp-proto").read(io.BytesIO(body), Context())
    return items


def token_of(house: House, host: str, given: str, *, none: bool) -> str:
    """Return the token that requests must bear, or nothing where the user asked for none on loopback.

    Without a given one it is made once and kept outside the repository. Raises UsageError for an open door on a
    network.
    """
    if none:
        if host not in _LOOPBACK:
            raise UsageError(f"without a token the door cannot be opened on {host}", "leave out --no-token")
        return ""
    return given or door_keys.token(house.root, lambda: secrets.token_urlsafe(32))


def same(token: str, shown: str) -> bool:
    """Tell whether a token is the right one, in a time that does not depend on where they differ."""
    return secrets.compare_digest(hashlib.sha256(token.encode()).digest(), hashlib.sha256(shown.encode()).digest())
