"""Runs a function over pieces of work in processes of this machine, with results in order and a bounded queue."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from afterbell.errors import AfterbellError

Work = TypeVar("Work")
Result = TypeVar("Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[Work], Result], work: Iterable[Work], jobs: int) -> Iterator[Result]:
    """Yield `function(piece)` for each piece, in order; with one job in this process, else in `jobs` others.

    `function` must be importable by name. At most two pieces per process wait, so a generator of work stays lazy.
    """
    if jobs <= 1:
        yield from map(function, work)
        return
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            for piece in work:
                waiting.append(pool.submit(function, piece))
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise AfterbellError(
                "a worker process was ended from outside", "often memory: try fewer processes with --jobs 1"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)
