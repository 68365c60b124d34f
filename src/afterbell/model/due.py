"""What has not happened yet: a meeting, its record, a reconvened meeting, a fix to be shown. Values only."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Step(StrEnum):
    """What has to happen."""

    MEETING = "meeting"
    FILE = "file"
    RECONVENE = "reconvene"
    FIX = "fix"


class Due(Struct, frozen=True, kw_only=True):
    """One thing that has not happened yet: for which event or record, in which state, by when, and by which roles.

    `due_by` is in UTC, None where no deadline is set; `overdue` tells whether it has passed.
    """

    step: Step
    subject: str
    due_by: datetime | None
    overdue: bool
    about: str
    state: str = ""
    roles: tuple[str, ...] = ()
