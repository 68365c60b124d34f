"""The way in and out: a link that lets in once, the way to sign out, and links for others."""

from __future__ import annotations

import re

from starlette.responses import Response

from afterbell.errors import UsageError
from afterbell.model.access import Role
from afterbell.steps.access import LINK_SECONDS, SESSION_SECONDS
from afterbell.web.visit import Entry, Visit, cookie_name

_OURS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")  # printable ASCII without backslashes, one slash in front


def enter(visit: Visit) -> Response:
    """Let in who holds a link, and take its secret out of the address; without one show the ways to sign in."""
    token = visit.query.get("token", "")
    if token and _only_looks(visit):
        return visit.page("enter.html", used=False, ways=())
    secret = visit.access.enter(token) if token else None
    if secret is None:
        return visit.page("enter.html", status=403 if token else 200, used=bool(token), ways=visit.rooms.ways)
    return signed_in(visit, secret, visit.query.get("to", "/"))


def signed_in(visit: Visit, secret: str, to: str = "/") -> Response:
    """Answer somebody who has come in: the session's cookie, and the first page, which is one of ours.

    The session that this browser had before ends. A link to a page of ours that stands elsewhere finds the session
    (SameSite=Lax): what changes something needs the token of a form besides.
    """
    if visit.secret:
        visit.access.leave(visit.secret)
    response = visit.redirect(to if _OURS.fullmatch(to) else "/")
    response.set_cookie(
        cookie_name(visit.request), secret, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="lax",
        secure=visit.request.url.scheme == "https",
    )  # fmt: skip
    return response


def _only_looks(visit: Visit) -> bool:
    """Tell whether a request must not use a link up: a program that looks ahead, not somebody who follows it."""
    said = visit.request.headers
    return visit.request.method == "HEAD" or "prefetch" in said.get("sec-purpose", said.get("purpose", ""))


def leave(visit: Visit) -> Response:
    """End this session."""
    visit.access.leave(visit.secret)
    response = visit.redirect("/enter")
    response.delete_cookie(
        cookie_name(visit.request), path="/", httponly=True, samesite="lax",
        secure=visit.request.url.scheme == "https",
    )  # fmt: skip
    return response


def invite(visit: Visit) -> Response:
    """Show a new link for somebody else, or for another browser."""
    named = {role.name.lower(): role for role in Role if role is not Role.NOBODY}
    role = named.get(visit.form.get("role", ""))
    if role is None:
        raise UsageError("a link is for a reader, an operator or a facilitator", "choose one of them")
    visit.about["role"] = role.name.lower()
    token = visit.access.link(role, by=visit.viewer.subject)
    address = visit.request.url.replace(path="/enter", query=f"token={token}")
    return visit.page("link.html", address=str(address), given=role.name.lower(), minutes=LINK_SECONDS // 60)


ENTRIES = (
    Entry(path="/enter", role=Role.NOBODY, answer=enter),
    Entry(path="/leave", role=Role.READER, answer=leave, method="POST"),
    Entry(path="/links", role=Role.FACILITATOR, answer=invite, method="POST"),
)
