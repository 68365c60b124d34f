"""uvicorn's protocol with bounds on the head of a request: by itself it reads and waits without end."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST = 64 * 1024
PATIENCE = 30.0  # seconds from the connection, or from the first byte of a later request


class Heads(HttpToolsProtocol):
    """Closes connections whose request does not begin as one should."""

    _late: asyncio.TimerHandle | None = None  # while a head is under way
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._done()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came; what belongs to a head that has not ended yet counts."""
        before = self._late
        super().data_received(data)
        if before is not None and self._late is before:
            self._size += len(data)
            if self._size > LARGEST:
                self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to wait for the end of a head."""
        super().on_message_begin()
        if self._late is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no longer."""
        self._done()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._size = 0
        self._late = self.loop.call_later(PATIENCE, self.transport.close)

    def _done(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
