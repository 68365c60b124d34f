"""Who looks at the pages, and what each role may do. Roles of the pages are not those that a record names."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct


class Role(IntEnum):
    """What a visitor may do; each role may do what those before it may."""

    NOBODY = 0  # see the way in
    READER = 1  # read every page
    OPERATOR = 2  # answer blind reviews, take part in a meeting
    FACILITATOR = 3  # open and end meetings, invite others


class Viewer(Struct, frozen=True, kw_only=True):
    """Somebody who came in: `subject` is an account, or the way they came; `name` is for the pages alone."""

    subject: str
    role: Role
    name: str = ""


STRANGER = Viewer(subject="", role=Role.NOBODY)
SHELL = Viewer(subject="shell", role=Role.FACILITATOR)  # who runs commands in the house

LONGEST_PAUSE = 15 * 60


def pause(failures: int, free: int) -> int:
    """Return how many seconds must pass after so many failures in a row before the next try; the first ones are free.

    It doubles with each failure, up to `LONGEST_PAUSE`.
    """
    return 0 if failures < free else min(2 ** min(failures - free, 20), LONGEST_PAUSE)


def account_subject(name: str) -> str:
    """Return how sessions and the audit name a local account."""
    return f"account:{name}"
