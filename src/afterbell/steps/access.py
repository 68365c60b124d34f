"""Access to the pages: links that let in once, sessions, and the audit of every change.

A link is for one browser; whoever may invite makes another. A session's secret is in a cookie and nowhere else; what
protects forms is made from it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from afterbell import clock
from afterbell.disk import audit
from afterbell.disk.audit import Act
from afterbell.disk.sessions import LONGEST_SUBJECT, MADE, Pass, Sessions
from afterbell.disk.state import State
from afterbell.errors import UsageError
from afterbell.model.access import STRANGER, Role, Viewer

LINK_SECONDS = 15 * 60
SESSION_SECONDS = 12 * 3600
ASKED = 0  # the outcome of what was not answered yet
_LINK = "link"
_DONE = 200
_LONGEST = 200  # what the audit keeps of one value, in characters


class Access:
    """Who comes in to one house's pages."""

    def __init__(self, state: State) -> None:
        """Keep the state."""
        self._state = state
        self._sessions = Sessions(state)

    def link(self, role: Role, *, by: str = "", seconds: int = LINK_SECONDS) -> str:
        """Return the secret of a new link that lets one browser in with a role, within so many seconds.

        `by` is the subject of who makes it: when their access ends, so does what came of their links. Raises
        UsageError when too many links stand between them and an account.
        """
        secret = secrets.token_urlsafe(32)
        subject = f"{by}{MADE if by else ''}{_LINK}:{secrets.token_hex(4)}"
        if len(subject) > LONGEST_SUBJECT:
            raise UsageError("this session came of a link of a link too many times", "ask somebody with an account")
        self._sessions.offer(secret, Pass(subject=subject, role=role, ends=_now() + seconds))
        return secret

    def enter(self, secret: str) -> str | None:
        """Use a link up and return the secret of a new session, or None when the link lets nobody in (any more)."""
        made = secrets.token_urlsafe(32)
        taken = self._sessions.trade(secret, made, _now(), SESSION_SECONDS)
        if taken is None:
            return None
        self.note(Viewer(subject=taken.subject, role=Role(taken.role)), "enter by link", {}, _DONE)
        return made

    def begin(self, viewer: Viewer) -> str:
        """Return the secret of a new session of somebody who has shown who they are."""
        secret, at = secrets.token_urlsafe(32), _now()
        given = Pass(subject=viewer.subject, name=viewer.name, role=viewer.role, ends=at + SESSION_SECONDS)
        self._sessions.begin(secret, given, at)
        return secret

    def viewer(self, secret: str) -> Viewer:
        """Return whose session this is; a stranger without one."""
        found = self._sessions.find(secret, _now()) if secret else None
        return Viewer(subject=found.subject, name=found.name, role=Role(found.role)) if found else STRANGER

    def leave(self, secret: str) -> None:
        """End a session."""
        self._sessions.end(secret)

    def note(self, viewer: Viewer, action: str, about: Mapping[str, str], outcome: int = ASKED) -> int:
        """Keep who changes what, before it is done unless there is an outcome; durable when this returns its number."""
        act = Act(
            at=clock.now(), subject=viewer.subject, role=viewer.role, action=action, about=_cut(about), outcome=outcome
        )
        return audit.add(self._state, act)

    def answered(self, number: int, about: Mapping[str, str], outcome: int) -> None:
        """Keep how what was noted without an outcome was answered; durable when this returns."""
        audit.answer(self._state, number, _cut(about), outcome)


def form_token(secret: str) -> str:
    """Return what a form of this session holds; it tells nothing about the session's secret."""
    return hmac.new(secret.encode("utf-8", "replace"), b"afterbell form", hashlib.sha256).hexdigest()


def is_form_token(shown: str, secret: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return bool(secret) and hmac.compare_digest(shown.encode("utf-8", "replace"), form_token(secret).encode())


def _cut(about: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:_LONGEST] for name, value in about.items()}


def _now() -> int:
    return int(clock.now().timestamp())
