"""The live door over HTTP: OTLP/HTTP as every OpenTelemetry SDK and collector exports it, traces and logs.

A 200 says that what was sent is durable; 429 and 503 say when to send it again. Source of paths, statuses and bodies:
opentelemetry.io/docs/specs/otlp.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from afterbell.errors import DiskError, FormatError
from afterbell.formats import export_request
from afterbell.formats.export_request import Signal
from afterbell.steps.serve import Door, FullError, same
from afterbell.web import names, unpacking
from afterbell.web.unpacking import BrokenError, TooLargeError

_PROTOBUF, _JSON = "application/x-protobuf", "application/json"
_INVALID, _DEADLINE, _DENIED, _EXHAUSTED = 3, 4, 7, 8  # google.rpc.Code
_UNIMPLEMENTED, _UNAVAILABLE, _UNAUTHENTICATED = 12, 14, 16
_BEARER = "bearer "


class _NoError(Exception):
    """A request that is not acknowledged: its HTTP status, the code of google.rpc, why, and headers."""

    def __init__(self, status: int, code: int, why: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status, self.code, self.why, self.headers = status, code, why, headers or {}


class _Guard(NamedTuple):
    """Who is let in: who bears the token; without one, who asks under one of the names (None = any)."""

    token: str
    hosts: frozenset[str] | None


def routes(door: Door, token: str, hosts: frozenset[str] | None) -> list[Route]:
    """Return the routes of an open door.

    Without a token every request is let in that came under one of `hosts` (None = any) or a numeric address.
    """
    guard = _Guard(token, hosts)

    async def traces(request: Request) -> Response:
        return await _answer(door, guard, request, Signal.TRACES)

    async def logs(request: Request) -> Response:
        return await _answer(door, guard, request, Signal.LOGS)

    async def metrics(request: Request) -> Response:
        json = _media_type(request) == _JSON
        return _refusal(_NoError(404, _UNIMPLEMENTED, "metrics are not read here: send traces and logs"), json=json)

    async def health(_request: Request) -> Response:
        return Response(b"open\n", media_type="text/plain")

    return [
        Route("/v1/traces", traces, methods=["POST"]),
        Route("/v1/logs", logs, methods=["POST"]),
        Route("/v1/metrics", metrics, methods=["POST"]),
        Route("/health", health),
    ]


async def _answer(door: Door, guard: _Guard, request: Request, signal: Signal) -> Response:
    json = _media_type(request) == _JSON
    try:
        with door.room() as claim:
            body = await _received(door, guard, request, claim)
            verdict = await door.receive(body, signal, json=json)
    except _NoError as no:
        return _refusal(no, json=json)
    except FormatError as error:
        return _refusal(_NoError(400, _INVALID, error.message), json=json)
    except FullError as full:
        wait = {"Retry-After": str(full.retry_after)}
        return _refusal(_NoError(429, _EXHAUSTED, "too much is waiting; send it again later", wait), json=json)
    except DiskError as error:
        return _refusal(_NoError(503, _UNAVAILABLE, error.message, {"Retry-After": "5"}), json=json)
    return Response(export_request.answer(verdict, signal, json=json), media_type=_JSON if json else _PROTOBUF)


async def _received(door: Door, guard: _Guard, request: Request, claim: Callable[[int], None]) -> bytes:
    """Return the unpacked body of a request that may come in. Raises _NoError, and FullError of `claim`."""
    _admit(guard, request)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in unpacking.ENCODINGS:
        known = ", ".join(unpacking.ENCODINGS)
        raise _NoError(415, _INVALID, f"content encoding {encoding!r} is not read", {"Accept-Encoding": known})
    limit = door.limits.largest
    length = request.headers.get("content-length", "")
    said = int(length) if length.isdecimal() else 0
    try:
        _within(limit, said)
        claim(said)
        packed = await _body(request, limit, said, claim, door.limits.patience)
        if encoding == "identity":
            return packed
        body = unpacking.unpack(packed, encoding, limit)
        claim(len(body))
    except TooLargeError:
        raise _NoError(413, _INVALID, f"larger than {limit} bytes; send smaller batches") from None
    except BrokenError as error:
        raise _NoError(400, _INVALID, str(error)) from None
    return body


def _admit(guard: _Guard, request: Request) -> None:
    shown = request.headers.get("authorization", "")
    if not guard.token and not names.is_ours(request, guard.hosts):
        raise _NoError(names.REFUSED, _DENIED, names.REFUSAL)
    if guard.token and not (shown.lower().startswith(_BEARER) and same(guard.token, shown[len(_BEARER) :].strip())):
        raise _NoError(401, _UNAUTHENTICATED, "no token, or a wrong one", {"WWW-Authenticate": "Bearer"})
    if _media_type(request) not in {_PROTOBUF, _JSON}:
        raise _NoError(415, _INVALID, f"content type must be {_PROTOBUF} or {_JSON}")


async def _body(request: Request, limit: int, said: int, claim: Callable[[int], None], patience: float) -> bytes:
    """Read the body as it comes; what goes beyond what was said is claimed too. Raises TooLargeError and _NoError."""
    pieces, size = [], 0
    try:
        async with asyncio.timeout(patience):
            async for piece in request.stream():
                size += len(piece)
                _within(limit, size)
                if size > said:
                    claim(min(len(piece), size - said))
                pieces.append(piece)
    except TimeoutError:
        raise _NoError(408, _DEADLINE, "the request took too long to arrive", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise _NoError(400, _INVALID, "the request ended early") from None
    return b"".join(pieces)


def _within(limit: int, size: int) -> None:
    if size > limit:
        raise TooLargeError


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refusal(no: _NoError, *, json: bool) -> Response:
    body = export_request.fault(no.code, no.why, json=json)
    return Response(body, no.status, no.headers, media_type=_JSON if json else _PROTOBUF)
