"""The way in and out: links that let in once, passwords of local accounts, signing out, and links for others."""

from __future__ import annotations

import re
import secrets

from starlette.responses import Response

from afterbell.errors import UsageError
from afterbell.model.access import Role, Viewer, account_subject
from afterbell.steps.access import LINK_SECONDS, SESSION_SECONDS, form_token, is_form_token
from afterbell.steps.accounts import SignIn
from afterbell.web.visit import COOKIE, FIELD, FORM_FIELD, Entry, Visit, cookie_name

WAY = "afterbell-way"
WAY_SECONDS = 3600
_OURS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]{0,2000})?")  # printable ASCII without backslashes, one slash in front
_NOT_IN, _TOO_OFTEN = 403, 429


def enter(visit: Visit) -> Response:
    """Let in who holds a link, and take its secret out of the address; without one show the ways to sign in."""
    token = visit.query.get("token", "")
    if token and not _only_looks(visit):
        secret = visit.access.enter(token)
        if secret is not None:
            return signed_in(visit, secret, visit.query.get("to", "/"))
        return ways_in(visit, _NOT_IN, "This link lets nobody in: it was used already, or it is older than 15 minutes.")
    return ways_in(visit)


def ways_in(visit: Visit, status: int = 200, refusal: str = "") -> Response:
    """Show the ways to sign in, and why the last try was refused.

    The form for a password is bound to this browser: another site cannot sign somebody in under a name of its own.
    """
    way = visit.request.cookies.get(cookie_name(visit.request, WAY), "") or secrets.token_urlsafe(32)
    response = visit.page(
        "enter.html", status=status, refusal=refusal, accounts=visit.rooms.accounts.any(),
        provider=visit.rooms.provider.title if visit.rooms.provider else "", way_field=FIELD.format(form_token(way)),
        to=ours(visit.query.get("to", visit.form.get("to", "/"))),
    )  # fmt: skip
    visit.set_cookie(response, WAY, way, WAY_SECONDS)
    return response


def sign_in(visit: Visit) -> Response:
    """Let in whose name and password fit."""
    way = visit.request.cookies.get(cookie_name(visit.request, WAY), "")
    if not is_form_token(visit.form.get(FORM_FIELD, ""), way):
        return ways_in(visit, _NOT_IN, "The form was too old, or from elsewhere. Try again.")
    name = visit.form.get("name", "").strip().lower()
    tried = visit.rooms.accounts.sign_in(name, visit.form.get("password", ""), address_of(visit))
    refusal = refused(visit, name, tried)
    return refusal or signed_in(visit, tried.secret, visit.form.get("to", "/"))


def refused(visit: Visit, name: str, tried: SignIn) -> Response | None:
    """Keep in the audit how a try ended; return the page that refuses it, or None for one that let in."""
    if tried.wait:
        response = ways_in(visit, _TOO_OFTEN, f"Too many tries. The next one is possible in {tried.wait} seconds.")
        response.headers["Retry-After"] = str(tried.wait)
        return response
    known = name in {account.name for account in visit.rooms.accounts.all()}  # a typed password must not be kept
    who = Viewer(subject=account_subject(name) if known else "", role=visit.viewer.role)
    visit.access.note(who, "sign in", {"from": address_of(visit)}, 200 if tried.secret else _NOT_IN)
    return None if tried.secret else ways_in(visit, _NOT_IN, "Name and password do not fit.")


def signed_in(visit: Visit, secret: str, to: str = "/") -> Response:
    """Answer somebody who has come in: the session's cookie, and the first page, which is one of ours.

    The session that this browser had before ends.
    """
    if visit.secret:
        visit.access.leave(visit.secret)
    response = visit.redirect(ours(to))
    visit.set_cookie(response, COOKIE, secret, SESSION_SECONDS)
    visit.set_cookie(response, WAY, "", 0)
    return response


def ours(to: str) -> str:
    """Return where to go on, which is a page of ours whatever was asked for."""
    return to if _OURS.fullmatch(to) else "/"


def leave(visit: Visit) -> Response:
    """End this session."""
    visit.access.leave(visit.secret)
    response = visit.redirect("/enter")
    visit.set_cookie(response, COOKIE, "", 0)
    return response


def invite(visit: Visit) -> Response:
    """Show a new link for somebody else, or for another browser."""
    role = role_of(visit)
    visit.about["role"] = role.name.lower()
    token = visit.access.link(role, by=visit.viewer.subject)
    address = visit.request.url.replace(path="/enter", query=f"token={token}")
    return visit.page("link.html", address=str(address), given=role.name.lower(), minutes=LINK_SECONDS // 60)


def role_of(visit: Visit) -> Role:
    """Return the role that a form names. Raises UsageError when it names none."""
    named = {role.name.lower(): role for role in Role if role is not Role.NOBODY}
    role = named.get(visit.form.get("role", ""))
    if role is None:
        raise UsageError("a role is reader, operator or facilitator", "choose one of them")
    return role


def address_of(visit: Visit) -> str:
    """Return where a request came from: the peer, or what a trusted proxy says of it."""
    return visit.request.client.host if visit.request.client else ""


def _only_looks(visit: Visit) -> bool:
    """Tell whether a request must not use a link up: a program that looks ahead, not somebody who follows it."""
    said = visit.request.headers
    return visit.request.method == "HEAD" or "prefetch" in said.get("sec-purpose", said.get("purpose", ""))


ENTRIES = (
    Entry(path="/enter", role=Role.NOBODY, answer=enter),
    Entry(path="/enter", role=Role.NOBODY, answer=sign_in, method="POST", audited=False),
    Entry(path="/leave", role=Role.READER, answer=leave, method="POST"),
    Entry(path="/links", role=Role.FACILITATOR, answer=invite, method="POST"),
)
