"""Keeps a few things that take long to make, for as long as nothing changed; several threads may ask at once.

What is asked for while it is being made is waited for, not made twice. A failure is not kept. Of what takes so long
that those who wait would be in the way of others, a crowd is sent away.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import nullcontext
from threading import Lock
from typing import Any, Generic, TypeVar

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.steps.crowd import Crowd
from afterbell.steps.store import Store

_Made = TypeVar("_Made")


class Remembered(Generic[_Made]):
    """The `most` things that were asked for last, by key."""

    def __init__(self, most: int, crowd: int = 0) -> None:
        """Nothing is kept yet. With `crowd` one is made at a time, and so many may make or wait at once."""
        self._most = most
        self._lock = Lock()
        self._turn = Lock()
        self._crowd = Crowd(crowd, "too many wait for what takes long") if crowd else None
        self._found: OrderedDict[Hashable, Future[_Made]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what is kept under a key, else make it. Raises what `make` raises, and StoreError in a crowd."""
        known = self._kept(key)
        if known is not None and known.done():
            return known.result()
        with self._crowd.place() if self._crowd else nullcontext():
            return self._awaited(key, make)

    def _kept(self, key: Hashable) -> Future[_Made] | None:
        with self._lock:
            known = self._found.get(key)
            if known is not None:
                self._found.move_to_end(key)
            return known

    def _awaited(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        with self._lock:
            known = self._found.get(key)
            if known is None:
                made: Future[_Made] = Future()
                self._found[key] = made
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            with self._turn if self._crowd else nullcontext():
                made.set_result(make())
        except BaseException as error:
            made.set_exception(error)
            with self._lock:
                if self._found.get(key) is made:
                    del self._found[key]
            raise
        return made.result()

    def peek(self, key: Hashable) -> _Made | None:
        """Return what is kept under a key and made already, else None."""
        with self._lock:
            known = self._found.get(key)
        return known.result() if known is not None and known.done() and known.exception() is None else None


def state_of(store: Store) -> tuple[Any, ...]:
    """Return a key for everything that suggestions and events of a house are made of: data, policy and the log."""
    return (*data_of(store), repr(store.house.policy()), *_log(store.house))


def data_of(store: Store) -> tuple[Any, ...]:
    """Return a key for the data of a house: what was ingested."""
    return (str(store.house.root), tuple((commit.number, len(commit.parts)) for commit in store.commits))


def _log(house: House) -> tuple[Any, ...]:
    return tuple(
        tuple(sorted(files.stamps(house.postmortems / name).items())) for name in ("log", "pending")
    )  # fmt: skip
