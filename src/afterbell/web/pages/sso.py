"""Signing in with an organisation's OpenID provider: the way there, and the way back."""

from __future__ import annotations

import secrets
from urllib.parse import quote, unquote

from starlette.responses import RedirectResponse, Response

from afterbell.errors import ProviderError, UsageError
from afterbell.model.access import Role
from afterbell.web.pages.way_in import ours, ways_in
from afterbell.web.pages.way_in import signed_in as entered
from afterbell.web.visit import Entry, Visit, cookie_name

SSO = "afterbell-sso"
_SECONDS = 600
_THEN = "."  # stands in the cookie between its secret and where to go on
_BACK = "/enter/sso/back"
_NOT_IN, _NOT_NOW, _DONE = 403, 503, 200


def start(visit: Visit) -> Response:
    """Lead to the provider; what its answer is held against stays in a cookie."""
    if visit.rooms.provider is None:
        raise UsageError("no provider signs people in here", "see docs/guide/access.md")
    secret = f"{secrets.token_urlsafe(32)}{_THEN}{quote(ours(visit.query.get('to', '/')), safe='')}"
    try:
        response = RedirectResponse(visit.rooms.provider.start(secret, _back(visit)), 303)
    except ProviderError as error:
        return ways_in(visit, _NOT_NOW, f"{error.message}.")
    visit.set_cookie(response, SSO, secret, _SECONDS)
    return response


def back(visit: Visit) -> Response:
    """Let in who comes back with an answer that can be trusted."""
    if visit.rooms.provider is None:
        raise UsageError("no provider signs people in here", "see docs/guide/access.md")
    secret = visit.request.cookies.get(cookie_name(visit.request, SSO), "")
    try:
        viewer = visit.rooms.provider.finish(secret, visit.query, _back(visit))
    except ProviderError as error:
        response = ways_in(visit, _NOT_IN, f"{error.message}.")
    else:
        visit.access.note(viewer, "sign in by provider", {}, _DONE)
        response = entered(visit, visit.access.begin(viewer), unquote(secret.partition(_THEN)[2]))
    visit.set_cookie(response, SSO, "", 0)
    return response


def _back(visit: Visit) -> str:
    return str(visit.request.url.replace(path=_BACK, query="", fragment=""))


ENTRIES = (
    Entry(path="/enter/sso", role=Role.NOBODY, answer=start),
    Entry(path=_BACK, role=Role.NOBODY, answer=back),
)
