"""Keeps the newest of something that takes long to make; while it is made anew, the older one can be had."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Generic, TypeVar

from afterbell.steps.crowd import Crowd

CROWD = 16  # how many may wait for the first: the overview is where most people begin
_Made = TypeVar("_Made")


class Latest(Generic[_Made]):
    """One value, made by `make` whenever `stamp` says that something has changed; several threads may ask at once."""

    def __init__(self, stamp: Callable[[], Hashable], make: Callable[[], _Made]) -> None:
        """Nothing is made yet."""
        self._stamp, self._make = stamp, make
        self._lock = Lock()
        self._crowd = Crowd(CROWD, "this is counted for the first time, and many wait for it")
        self._kept: tuple[Hashable, _Made] | None = None
        self._making: Future[_Made] | None = None

    def get(self, patience: float) -> tuple[_Made, bool]:
        """Return the value, and whether it is of the present state.

        An older one is returned when the new one takes longer than `patience` seconds, or cannot be made; the first
        is waited for. Raises what `make` raises where there is no older one, StoreError while `CROWD` others wait.
        """
        stamp = self._stamp()
        with self._lock:
            kept = self._kept
            if kept is not None and kept[0] == stamp:
                return kept[1], True
            if self._making is None:
                self._making = Future()
                Thread(target=self._work, args=(stamp, self._making), daemon=True).start()
            making = self._making
        if kept is None:
            with self._crowd.place():
                return making.result(), True
        wait([making], patience)
        if not making.done() or making.exception() is not None:
            return kept[1], False
        return making.result(), True

    def _work(self, stamp: Hashable, making: Future[_Made]) -> None:
        made: _Made | None = None
        failed: BaseException | None = None
        try:
            made = self._make()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            failed = error
        with self._lock:
            self._making = None
            if failed is None:
                self._kept = (stamp, made)  # type: ignore[assignment]
        if failed is None:
            making.set_result(made)  # type: ignore[arg-type]
        else:
            making.set_exception(failed)
