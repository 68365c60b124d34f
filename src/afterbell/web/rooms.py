"""The pages over HTTP: finds the entries of `pages/`, lets in who may come in, and answers; the work is the steps'.

A change of state needs the token of a form of the same session, and is kept in the audit before it is made, refused
ones too. What every
answer forbids browsers is said by `server.app`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from afterbell.errors import BUG, AfterbellError, DiskError, StoreError, UsageError
from afterbell.model.access import STRANGER, Role
from afterbell.steps.access import is_form_token
from afterbell.web import names, pages
from afterbell.web.visit import FORM_FIELD, HEADER, Entry, Rooms, Visit, cookie_name

LARGEST = 8 * 1024 * 1024
LARGEST_OF_STRANGERS = 16 * 1024
PATIENCE = 30  # seconds for a body to arrive
_SAFE = ("GET", "HEAD")


def entries() -> tuple[Entry, ...]:
    """Return what the modules of `pages/` offer, in the order of their names."""
    modules = sorted(module.name for module in iter_modules(pages.__path__))
    return tuple(entry for name in modules for entry in import_module(f"{pages.__name__}.{name}").ENTRIES)


def routes(rooms: Rooms, offered: Iterable[Entry] | None = None) -> list[Route]:
    """Return the routes of the pages."""
    return [
        Route(entry.path, _endpoint(rooms, entry), methods=[entry.method], name=f"{entry.method} {entry.path}")
        for entry in (entries() if offered is None else offered)
    ]


def _endpoint(rooms: Rooms, entry: Entry) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        response = await _answered(rooms, entry, request)
        if request.method == "HEAD":  # a stream would not end by itself
            return Response(status_code=response.status_code, headers=response.headers)
        return response

    return answer


async def _answered(rooms: Rooms, entry: Entry, request: Request) -> Response:
    """Let in who may come in, before anything of the body is read; answer; keep who changed or tried to change what."""
    if not names.is_ours(request, rooms.hosts):
        return Response(names.REFUSAL + "\n", names.REFUSED, media_type="text/plain")
    secret = request.cookies.get(cookie_name(request), "")
    try:
        viewer = await run_in_threadpool(rooms.access.viewer, secret)
    except StoreError as error:
        return _unwell(Visit(rooms, request, STRANGER, "", b""), error)
    visit = Visit(rooms, request, viewer, secret if viewer.role > Role.NOBODY else "", b"")
    changes = request.method not in _SAFE
    refused = _turned_away(visit, entry) if viewer.role < entry.role else None
    if refused is None and changes:
        refused = await _received(visit, entry)
    if not changes or not (entry.audited if refused is None else viewer.role > Role.NOBODY):
        return await _judged(visit, entry) if refused is None else refused
    try:
        return await _audited(visit, entry, refused)
    except StoreError as error:
        return _unwell(visit, error)


async def _audited(visit: Visit, entry: Entry, refused: Response | None) -> Response:
    """Answer what changes something, or tried to: what is asked for is kept before, how it was answered after.

    Raises StoreError when it cannot be kept.
    """
    note, action = visit.access.note, f"{entry.method} {entry.path}"
    if refused is not None:
        await run_in_threadpool(note, visit.viewer, action, visit.about, refused.status_code)
        return refused
    number = await run_in_threadpool(note, visit.viewer, action, visit.about)
    response = await _judged(visit, entry)
    await run_in_threadpool(visit.access.answered, number, visit.about, response.status_code)
    return response


async def _received(visit: Visit, entry: Entry) -> Response | None:
    """Read the body of a request that changes something; return the refusal of one that is not from a page of ours."""
    if not _from_here(visit.request):
        return _refused(visit, 403, "this was sent by another site", "use the page itself")
    largest = LARGEST if visit.viewer.role > Role.NOBODY else LARGEST_OF_STRANGERS
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _body(visit.request, largest)
    except ClientDisconnect:
        return Response(status_code=400)
    except TimeoutError:
        return Response("the request took too long to arrive\n", 408, {"Connection": "close"}, "text/plain")
    if body is None:
        return _refused(visit, 413, f"larger than {largest} bytes", "send less at once")
    visit.body = body
    try:
        ours = entry.role is Role.NOBODY or _ours(visit)
    except UsageError as error:
        return _refused(visit, 400, error.message, error.hint)
    return None if ours else _refused(visit, 403, "this form is not from a page of this session", "reload the page")


async def _judged(visit: Visit, entry: Entry) -> Response:
    """Return what the page answers; a fault in the world becomes a page that says it."""
    try:
        answered = await run_in_threadpool(entry.answer, visit)
        return await answered if isinstance(answered, Awaitable) else answered
    except UsageError as error:
        return _refused(visit, 404 if visit.request.method in _SAFE else 400, error.message, error.hint)
    except (DiskError, StoreError) as error:
        return _unwell(visit, error)
    except AfterbellError as error:
        return _refused(visit, 409 if error.exit_code != BUG else 500, error.message, error.hint)


def _turned_away(visit: Visit, entry: Entry) -> Response:
    """Show a stranger the way in; tell somebody who is in that their role does not reach."""
    if visit.viewer.role is Role.NOBODY:
        if visit.request.method in _SAFE and _wants_page(visit.request):
            return visit.redirect("/enter", **_wanted(visit.request))
        return _refused(visit, 401, "not signed in", "open the link that afterbell printed")
    return _refused(visit, 403, f"this needs the role of {entry.role.name.lower()}", "ask a facilitator for a link")


def _wanted(request: Request) -> dict[str, str]:
    """Return what the way in gets to know of the page that was asked for."""
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return {} if place == "/" else {"to": place}


def _unwell(visit: Visit, error: AfterbellError) -> Response:
    """Say what is wrong with the disk or the state: the paths and hosts in it to operators only."""
    if visit.viewer.role < Role.OPERATOR:
        return _refused(visit, 503, "the pages cannot answer now", "try again, or ask who runs them")
    return _refused(visit, 503, error.message, error.hint)


def _refused(visit: Visit, status: int, message: str, hint: str) -> Response:
    if not _wants_page(visit.request):
        return visit.say({"error": message, "hint": hint}, status)
    return visit.page("refused.html", status=status, code=status, message=message, hint=hint)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "text/html")


def _ours(visit: Visit) -> bool:
    shown = visit.request.headers.get(HEADER) or visit.form.get(FORM_FIELD, "")
    return is_form_token(shown, visit.secret)


def _from_here(request: Request) -> bool:
    """Tell whether a change was sent by one of our pages, or by no browser, as far as its headers say.

    Our own forms have the origin `null` where browsers do not say which site sent them: pages of ours name no referrer.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.headers.get("host", "")


async def _body(request: Request, largest: int) -> bytes | None:
    """Return the body; None when it is larger than that, or says it is."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > largest:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            return None
        pieces.append(piece)
    return b"".join(pieces)
