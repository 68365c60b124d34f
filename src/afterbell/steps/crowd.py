"""Sends away a crowd that would wait: on a server those who wait are in threads that other pages need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from afterbell.errors import AfterbellError, StoreError


class Crowd:
    """So many may be at something, or wait for it, at once; several threads may ask."""

    def __init__(self, most: int, refusal: str, kind: type[AfterbellError] = StoreError) -> None:
        """`refusal` is what all others are told, as an error of this kind."""
        self._places, self._turn = BoundedSemaphore(most), Lock()
        self._refusal, self._kind = refusal, kind

    @contextmanager
    def place(self) -> Iterator[None]:
        """Lend a place. Raises the refusal when there is none."""
        if not self._places.acquire(blocking=False):
            raise self._kind(self._refusal, "try again in a moment")
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Lend a place, and wait in it until nobody else has a turn. Raises the refusal when there is no place."""
        with self.place(), self._turn:
            yield
