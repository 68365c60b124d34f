"""What a page gets to see of a request, and the table of what can be asked for: one `Entry` for each route."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, quote

import msgspec
from markupsafe import Markup
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from afterbell.disk.house import House
from afterbell.disk.state import State
from afterbell.errors import UsageError
from afterbell.model.access import Role, Viewer
from afterbell.render import html
from afterbell.steps.access import Access, form_token
from afterbell.steps.accounts import Accounts, Passwords

if TYPE_CHECKING:  # an extra of its own
    from afterbell.steps.sso import Provider

COOKIE = "afterbell"
FORM_FIELD = "csrf"
HEADER = "x-afterbell-token"
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 150
_MOST_FIELDS = 1000
FIELD = Markup('<input type="hidden" name="csrf" value="{}">')
_Shared = TypeVar("_Shared")


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """Return what a cookie of ours is called here.

    Browsers send cookies to every port of a host, so two houses on one machine have different ones; over TLS the prefix
    `__Host-` keeps a neighbouring host from setting it.
    """
    port = f"-{request.url.port}" if request.url.port else ""
    return f"{'__Host-' if request.url.scheme == 'https' else ''}{name}{port}"


class Rooms:
    """What all visits share: the house, the state, the way in, and what pages keep between requests."""

    def __init__(
        self, house: House, state: State, hosts: frozenset[str] | None, provider: Provider | None = None,
        passwords: Passwords | None = None,
    ) -> None:  # fmt: skip
        """`hosts` are the names under which one may ask, beside numeric addresses; None for any.

        `provider` is who else says who somebody is; `passwords` hashes those of local accounts.
        """
        self.house, self.state, self.hosts, self.provider = house, state, hosts, provider
        self.access, self.accounts = Access(state), Accounts(state, passwords)
        self.ending = False
        self._shared: dict[type, Any] = {}
        self._making = Lock()

    def end(self) -> None:
        """Let the streams end, which the server would wait for."""
        self.ending = True

    def shared(self, kind: type[_Shared]) -> _Shared:
        """Return the one thing of a kind that all visits share, made as `kind(rooms)` when first asked for."""
        with self._making:
            if kind not in self._shared:
                self._shared[kind] = kind(self)  # type: ignore[call-arg]
            made: _Shared = self._shared[kind]
        return made


class Visit:
    """One request: who asks, for what, and the answers a page can give."""

    def __init__(self, rooms: Rooms, request: Request, viewer: Viewer, secret: str, body: bytes) -> None:
        """`secret` is of the session, empty for strangers; `body` the whole body.

        `about` is what the audit keeps of the request beside its route; a page adds what it changes.
        """
        self.rooms, self.viewer, self.body, self.secret = rooms, viewer, body, secret
        self.house, self.state, self.access = rooms.house, rooms.state, rooms.access
        self.request = request
        self.path: Mapping[str, str] = request.path_params
        self.query: Mapping[str, str] = request.query_params
        self.about: dict[str, str] = {name: str(value) for name, value in request.path_params.items()}

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of a posted form; of a field that is given twice, the last. Raises UsageError for what is none."""
        try:
            pairs = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise UsageError(f"a form has {_MOST_FIELDS} fields at most", "reload the page") from None
        return {name: values[-1] for name, values in pairs.items()}

    def json(self, kind: type[_Shared]) -> _Shared:
        """Return the body as a value of a kind. Raises UsageError for what is not one."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise UsageError(f"the request cannot be read: {error}", "reload the page") from None

    def number(self, name: str, default: int, most: int) -> int:
        """Return a number of the query, at least 0 and at most `most`; the default for what is none."""
        text = self.query.get(name, "")
        return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < len(str(most)) + 2 else default

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Answer with a page; every value is escaped where it is printed."""
        token = form_token(self.secret) if self.secret else ""
        text = html.room(
            template, viewer=self.viewer, role=self.viewer.role, roles=Role, here=self.request.url.path, csrf=token,
            csrf_field=FIELD.format(token), house=self.house.root.name, **values,
        )  # fmt: skip
        return Response(text, status, media_type="text/html")

    def redirect(self, path: str, **query: str) -> Response:
        """Answer a form with the page to go on with; `path` is one of ours."""
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        return RedirectResponse(path + (f"?{asked}" if asked else ""), 303)

    def set_cookie(self, response: Response, name: str, secret: str, seconds: int) -> None:
        """Give the browser a secret that no script can read; for 0 seconds, take it away.

        Requests that another site sends do not carry it, following a link to a page of ours does (SameSite=Lax): what
        changes something needs the token of a form besides.
        """
        response.set_cookie(
            cookie_name(self.request, name), secret, max_age=seconds, path="/", httponly=True, samesite="lax",
            secure=self.request.url.scheme == "https",
        )  # fmt: skip

    def say(self, value: Any, status: int = 200) -> Response:
        """Answer a script with JSON."""
        return Response(msgspec.json.encode(value), status, media_type="application/json")

    def download(self, name: str, content: bytes, kind: str = "application/octet-stream") -> Response:
        """Answer with a file to keep."""
        plain = _NOT_PLAIN.sub("_", name.rpartition("/")[2]).lstrip(".")[-_LONGEST_NAME:] or "file"
        return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{plain}"'})


class Entry(Struct, frozen=True, kw_only=True):
    """One route: `role` is the least that may ask. `answer` runs in a thread; what is async is awaited in the loop.

    `audited` is left out only where each change is kept elsewhere (the operations of a meeting).
    """

    path: str
    role: Role
    answer: Callable[[Visit], Response | Awaitable[Response]]
    method: str = "GET"
    audited: bool = True
