"""Runs routes as an ASGI application until it is told to end; the server is uvicorn.

Every answer, also to what is not there, forbids scripts and loads from elsewhere, framing and guessing of types.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterbell.errors import UsageError
from afterbell.web.heads import Heads

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_WAITING_CONNECTIONS = 2048
_GRACE = 10  # seconds for requests under way when the end is asked for


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 is any free one. Raises UsageError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_WAITING_CONNECTIONS)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}", "give another --port") from None
    # asyncio leaves this out for a socket made elsewhere: each answer then waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class _Server(uvicorn.Server):
    """A server that tells when it is asked to end."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._ending()
        super().handle_exit(sig, frame)


@asynccontextmanager
async def nothing() -> AsyncIterator[None]:
    """Stand around pages that have no live door beside them."""
    yield


def app(routes: Iterable[Route]) -> ASGIApp:
    """Return the application of these routes, every answer of which has `HEADERS` unless it says something else."""
    within = Starlette(routes=list(routes))
    within.router.redirect_slashes = False  # it would lead to whatever name the request was sent to

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await within(scope, receive, sent)

    return answered


def run(
    routes: Iterable[Route], around: AbstractAsyncContextManager[None], listening: socket.socket,
    ready: Callable[[], None], ending: Callable[[], None] = lambda: None, proxy: str = "",
) -> None:  # fmt: skip
    """Serve the routes within `around` until SIGINT or SIGTERM, and return when it is left. Raises what it raises.

    `ready` is called once `around` is entered: from then on senders are answered. `ending` is called when the end is
    asked for, so that streams which would never end can. From `proxy`, addresses with commas
    between them, and from nobody else, it is believed who asked and whether over TLS.
    """
    config = uvicorn.Config(
        app(routes), http=Heads, ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=_GRACE, proxy_headers=bool(proxy), forwarded_allow_ips=proxy,
    )  # fmt: skip

    server = _Server(config, ending)

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
