"""The pages over HTTP: finds the entries of `pages/`, lets in who may come in, and answers; the work is the steps'.

Every answer forbids scripts and loads from elsewhere, framing and guessing of types. A change of state needs the token
of a form of the same session, and is kept in the audit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from afterbell.errors import BUG, AfterbellError, DiskError, StoreError, UsageError
from afterbell.model.access import Role
from afterbell.steps.access import is_form_token
from afterbell.web import pages
from afterbell.web.visit import COOKIE, FORM_FIELD, HEADER, Entry, Rooms, Visit

LARGEST = 8 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_SAFE = ("GET", "HEAD")


def entries() -> tuple[Entry, ...]:
    """Return what the modules of `pages/` offer, in the order of their names."""
    names = sorted(module.name for module in iter_modules(pages.__path__))
    return tuple(entry for name in names for entry in import_module(f"{pages.__name__}.{name}").ENTRIES)


def routes(rooms: Rooms, offered: Iterable[Entry] | None = None) -> list[Route]:
    """Return the routes of the pages."""
    return [
        Route(entry.path, _endpoint(rooms, entry), methods=[entry.method], name=f"{entry.method} {entry.path}")
        for entry in (entries() if offered is None else offered)
    ]


def _endpoint(rooms: Rooms, entry: Entry) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        response = await _answered(rooms, entry, request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


async def _answered(rooms: Rooms, entry: Entry, request: Request) -> Response:
    if rooms.hosts is not None and _host(request) not in rooms.hosts:
        return Response("asked for under a name that is not ours\n", 421, media_type="text/plain")
    secret = request.cookies.get(COOKIE, "")
    viewer = await run_in_threadpool(rooms.access.viewer, secret)
    if viewer.role is Role.NOBODY:
        secret = ""
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    visit = Visit(rooms, request, viewer, secret, body or b"")
    if body is None:
        return _refused(visit, 413, f"larger than {LARGEST} bytes", "send less at once")
    if viewer.role < entry.role:
        return _turned_away(visit, entry)
    if request.method not in _SAFE and entry.role > Role.NOBODY and not _ours(visit):
        return _refused(visit, 403, "this form is not from a page of this session", "reload the page and try again")
    response = await _judged(visit, entry)
    if request.method not in _SAFE and entry.audited:
        about = {name: str(value) for name, value in visit.path.items()}
        await run_in_threadpool(rooms.access.note, viewer, f"{entry.method} {entry.path}", about, response.status_code)
    return response


async def _judged(visit: Visit, entry: Entry) -> Response:
    """Return what the page answers; a fault in the world becomes a page that says it."""
    try:
        answered = await run_in_threadpool(entry.answer, visit)
        return await answered if isinstance(answered, Awaitable) else answered
    except UsageError as error:
        return _refused(visit, 404 if visit.request.method in _SAFE else 400, error.message, error.hint)
    except (DiskError, StoreError) as error:
        return _refused(visit, 503, error.message, error.hint)
    except AfterbellError as error:
        return _refused(visit, 409 if error.exit_code != BUG else 500, error.message, error.hint)


def _turned_away(visit: Visit, entry: Entry) -> Response:
    """Show a stranger the way in; tell somebody who is in that their role does not reach."""
    if visit.viewer.role is Role.NOBODY:
        if visit.request.method in _SAFE and _wants_page(visit.request):
            return RedirectResponse("/enter", 303)
        return _refused(visit, 401, "not signed in", "open the link that afterbell printed")
    return _refused(visit, 403, f"this needs the role of {entry.role.name.lower()}", "ask a facilitator for a link")


def _refused(visit: Visit, status: int, message: str, hint: str) -> Response:
    if not _wants_page(visit.request):
        return visit.say({"error": message, "hint": hint}, status)
    return visit.page("refused.html", status=status, code=status, message=message, hint=hint)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "text/html")


def _ours(visit: Visit) -> bool:
    shown = visit.request.headers.get(HEADER) or visit.form.get(FORM_FIELD, "")
    return is_form_token(shown, visit.secret)


def _host(request: Request) -> str:
    """Return the name, without the port, under which the pages were asked for."""
    said = request.headers.get("host", "").lower()
    return said.partition("]")[0] + "]" if said.startswith("[") else said.partition(":")[0]


async def _body(request: Request) -> bytes | None:
    """Return the body; None when it is larger than `LARGEST`."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST:
            return None
        pieces.append(piece)
    return b"".join(pieces)
