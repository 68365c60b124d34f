"""Local accounts and the audit, for facilitators; and one's own password."""

from __future__ import annotations

from starlette.responses import Response

from afterbell.disk import audit
from afterbell.errors import UsageError
from afterbell.model.access import Role, account_subject
from afterbell.web.pages.way_in import address_of, refused, role_of, signed_in
from afterbell.web.visit import Entry, Visit

_SHOWN, _MOST_SHOWN = 200, 5000


def accounts(visit: Visit) -> Response:
    """Show the accounts, and the forms that change them."""
    rows = [(account.name, Role(account.role).name.lower(), account.since) for account in visit.rooms.accounts.all()]
    return visit.page("accounts.html", accounts=rows)


def add(visit: Visit) -> Response:
    """Add an account."""
    name, role = visit.form.get("name", ""), role_of(visit)
    visit.about |= {"name": name[:64], "role": role.name.lower()}
    visit.rooms.accounts.add(name, role, visit.form.get("password", ""))
    return visit.redirect("/accounts")


def set_role(visit: Visit) -> Response:
    """Give an account another role; its sessions end."""
    role = role_of(visit)
    visit.about["role"] = role.name.lower()
    visit.rooms.accounts.set_role(visit.path["name"], role)
    return visit.redirect("/accounts")


def set_password(visit: Visit) -> Response:
    """Give an account another password; its sessions end."""
    visit.rooms.accounts.set_password(visit.path["name"], visit.form.get("password", ""))
    return visit.redirect("/accounts")


def remove(visit: Visit) -> Response:
    """Remove an account; its sessions end."""
    visit.rooms.accounts.remove(visit.path["name"])
    return visit.redirect("/accounts")


def password(visit: Visit) -> Response:
    """Show the form for one's own password."""
    _own(visit)
    return visit.page("password.html")


def renew(visit: Visit) -> Response:
    """Change one's own password; every other session of it ends."""
    name = _own(visit)
    tried = visit.rooms.accounts.renew(
        name, visit.form.get("password", ""), visit.form.get("new", ""), address_of(visit)
    )
    return refused(visit, name, tried) or signed_in(visit, tried.secret)


def acts(visit: Visit) -> Response:
    """Show who changed or tried to change what, the latest first."""
    most = visit.number("most", _SHOWN, _MOST_SHOWN)
    kept = audit.latest(visit.state, most + 1)
    return visit.page("audit.html", acts=kept[:most], most=most, more=len(kept) > most)


def _own(visit: Visit) -> str:
    """Return the name of the account that is signed in. Raises UsageError for who came in otherwise."""
    name = visit.viewer.name
    if not name or visit.viewer.subject != account_subject(name):
        raise UsageError("this session is not of a local account", "it has no password here")
    return name


ENTRIES = (
    Entry(path="/accounts", role=Role.FACILITATOR, answer=accounts),
    Entry(path="/accounts", role=Role.FACILITATOR, answer=add, method="POST"),
    Entry(path="/accounts/{name}/role", role=Role.FACILITATOR, answer=set_role, method="POST"),
    Entry(path="/accounts/{name}/password", role=Role.FACILITATOR, answer=set_password, method="POST"),
    Entry(path="/accounts/{name}/remove", role=Role.FACILITATOR, answer=remove, method="POST"),
    Entry(path="/password", role=Role.READER, answer=password),
    Entry(path="/password", role=Role.READER, answer=renew, method="POST"),
    Entry(path="/audit", role=Role.FACILITATOR, answer=acts),
)
