"""Runs an ASGI application until it is told to end; the server is uvicorn."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from afterbell.errors import UsageError

_WAITING_CONNECTIONS = 2048
_GRACE = 10  # seconds for requests under way when the end is asked for


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 is any free one. Raises UsageError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_WAITING_CONNECTIONS)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}", "give another --port") from None


@asynccontextmanager
async def nothing() -> AsyncIterator[None]:
    """Stand around pages that have no live door beside them."""
    yield


def run(
    routes: Iterable[Route], around: AbstractAsyncContextManager[None], listening: socket.socket,
    ready: Callable[[], None],
) -> None:  # fmt: skip
    """Serve the routes within `around` until SIGINT or SIGTERM, and return when it is left. Raises what it raises.

    `ready` is called once `around` is entered: from then on senders are answered.
    """
    config = uvicorn.Config(
        Starlette(routes=list(routes)), http="httptools", ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=_GRACE,
    )  # fmt: skip

    server = uvicorn.Server(config)

    def end(_number: int, _frame: FrameType | None) -> None:
        """End before uvicorn listens to signals, and after it has ended, when it raises the last one again."""
        server.should_exit = True

    async def serve() -> None:
        async with around:
            ready()
            await server.serve(sockets=[listening])

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    asyncio.run(serve())
