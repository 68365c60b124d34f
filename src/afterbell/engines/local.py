"""Runs a function over pieces of work in processes of this machine, with results in order and a bounded queue."""

from __future__ import annotations

import mmap
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self, TypeVar

from msgspec import Struct

from afterbell.errors import AfterbellError

Work = TypeVar("Work")
Result = TypeVar("Result")

_FORK = "fork"
_THREADS = Path("/proc/self/task")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[Work], Result], work: Iterable[Work], jobs: int) -> Iterator[Result]:
    """Yield `function(piece)` for each piece, in order; with one job in this process, else in `jobs` others."""
    with Crew(jobs) as crew:
        yield from crew.run(function, work)


class Parcel(Struct, frozen=True, kw_only=True):
    """Bytes on their way to a process: themselves, or the lane they lie in (memory that both see)."""

    data: bytes = b""
    lane: int = -1
    size: int = 0

    def open(self) -> bytes:
        """Return the bytes; call it once, where the work is done."""
        return self.data if self.lane < 0 else _lanes[self.lane][: self.size]


_lanes: list[mmap.mmap] = []  # filled before processes are forked, so that they have the same ones


class Crew:
    """Processes that stay for several runs. None is started before there is work; none outlives this process."""

    def __init__(self, jobs: int, *, lanes: int = 0, room: int = 0) -> None:
        """`jobs` is how many processes; one means that the work is done here. `lanes` of `room` bytes for parcels."""
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._wanted = (lanes, room)
        self._free: list[int] = []
        self._made = False

    def parcel(self, *pieces: bytes | memoryview) -> Parcel:
        """Pack bytes for a piece of work; a pipe would copy them four times. `returned` gives the lane back."""
        if self.jobs > 1:
            self._started()
        size = sum(map(len, pieces))
        if self._free and size <= self._wanted[1]:
            lane, start = self._free.pop(), 0
            for piece in pieces:
                _lanes[lane][start : start + len(piece)] = piece
                start += len(piece)
            return Parcel(lane=lane, size=size)
        return Parcel(data=b"".join(pieces))

    def returned(self, parcel: Parcel) -> None:
        """Take the parcel's lane back: the work on it is done."""
        if parcel.lane >= 0:
            self._free.append(parcel.lane)

    def run(
        self, function: Callable[[Work], Result], work: Iterable[Work],
        weigh: Callable[[Work], int] = lambda _piece: 1, most: int = 0,
    ) -> Iterator[Result]:  # fmt: skip
        """Yield `function(piece)` for each piece, in order. `function` must be importable by name.

        Pieces wait only while they weigh no more than `most` together (unset: two per process), so a generator of
        work stays lazy. Raises AfterbellError when a process was ended from outside.
        """
        if self.jobs <= 1:
            yield from map(function, work)
            return
        limit = most or 2 * self.jobs
        waiting: deque[tuple[Future[Result], int]] = deque()
        load = 0
        try:
            for piece in work:
                waiting.append((self._started().submit(function, piece), weigh(piece)))
                load += waiting[-1][1]
                while load > limit:
                    done, weight = waiting.popleft()
                    load -= weight
                    yield done.result()
            while waiting:
                yield waiting.popleft()[0].result()
        except BrokenProcessPool:
            raise AfterbellError(
                "a worker process was ended from outside", "often memory: try fewer processes with --jobs 1"
            ) from None
        finally:
            for done, _weight in waiting:
                done.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            way, (count, room) = _way(), self._wanted
            if way == _FORK and count and room and not _lanes:
                _lanes[:] = [mmap.mmap(-1, room) for _ in range(count)]
                self._free, self._made = list(range(count)), True
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=get_context(way), initializer=_begin)
        return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            if self._made:
                for lane in _lanes:
                    lane.close()
                _lanes.clear()


def _way() -> str:
    """Return how to start processes: a fork is at work at once, and safe only where no other thread can hold a lock."""
    return _FORK if _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1 else "spawn"


def _begin() -> None:
    """In a new process: leave an interrupt to the parent, and end when the parent is gone, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
