"""A `FixCheck`: whether a fix was seen to work, on which evidence. It travels in an addendum to the field `fix`.

It stands in the addendum's body under the key `fix_check`, which a version that does not know it keeps as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.model.record import Addendum

KEY = "fix_check"


class Outcome(StrEnum):
    """What a check found: nothing fires any more, something still fires, or it could not be told."""

    SHOWN = "shown"
    FIRES = "fires"
    UNKNOWN = "unknown"


class Asked(Struct, frozen=True, kw_only=True):
    """One detector that was asked of one trace: a mode (or trigger) and its answer (yes, no, na, unknown)."""

    name: str
    trace_id: str
    answer: str
    reason: str = ""


class FixCheck(Struct, frozen=True, kw_only=True):
    """One check of a fix. `evidence` are the SHA-256 of what was scanned, `case` names the regression case if one was.

    `commit_sha` is the fix's as the record named it then, `version` the version of afterbell that scanned.
    """

    outcome: Outcome
    asked: tuple[Asked, ...]
    evidence: tuple[str, ...]
    case: str = ""
    commit_sha: str = ""
    version: str = ""


def of(addendum: Addendum) -> FixCheck | None:
    """Return the check that an addendum carries; None when it carries none, or one that this version cannot read."""
    held: Any = addendum.extra.get(KEY)
    if addendum.field != "fix" or not isinstance(held, Mapping):
        return None
    try:
        return msgspec.convert(held, FixCheck)
    except msgspec.ValidationError:
        return None


def carried(check: FixCheck) -> Mapping[str, Any]:
    """Return what an addendum carries of a check, in plain JSON."""
    return {KEY: msgspec.to_builtins(check)}
