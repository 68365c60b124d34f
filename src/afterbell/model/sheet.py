"""The sheet of a meeting: the keys of its shared document, which of them are prose and which choices, and their limits.

A key that is not listed here cannot be changed from a page. How a draft becomes a sheet and a sheet a draft is in
`render/sheet`; how two people's changes are joined, in `edits`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from afterbell.model.edits import Changes
from afterbell.model.record import FIELDS
from afterbell.model.rules import ROLES
from afterbell.model.vocabulary import Answer, RootCause, RowStage, Verdict

AGENDA = ("roles", "answers", *FIELDS, "verdict")
"""The order of a meeting: who is there, the twenty questions, the seven fields in the template's order, the end."""
LONGEST = 20_000
MOST_KEYS = 2_000
STARTED, RECORD, STATUS, WHERE = "meeting.started", "meeting.record", "meeting.status", "meeting.where"
"""Set by the house alone: when the thirty minutes began (RFC 3339), and what was filed, how and where."""

HERE, HERE_ITEM = "here", "here-item"
"""Where the facilitator is, and with it every projector: the part of the agenda, and the question or row in it."""

_ID = r"[a-z0-9]{1,24}"
_SLUG = r"[a-z0-9_]{1,80}"
_PROSE = re.compile(
    r"summary|prevention|fix\.(?:paragraph|commit_sha|ticket)"
    rf"|row\.{_ID}\.(?:at|event|trace_id)|factor\.{_ID}\.text|reference\.{_ID}\.value|answer\.{_SLUG}\.note"
    rf"|role\.[1-{ROLES}]\.name"
)


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)) + "|")


_CHOICES = tuple(
    (re.compile(pattern), allowed)
    for pattern, allowed in (
        ("root_cause", _words(*RootCause)),
        ("verdict", _words(*Verdict)),
        (r"fix\.changed", _words("yes", "no")),
        (rf"row\.{_ID}\.stage", _words(*RowStage)),
        (rf"reference\.{_ID}\.kind", _words("trace", "commit", "pr", "ticket")),
        (rf"(?:row|factor|reference)\.{_ID}\.kept", _words("yes", "no", "suggested")),
        (rf"factor\.{_ID}\.mode\.{_SLUG}", _words("yes")),
        (rf"answer\.{_SLUG}\.value", _words(*Answer)),
        (rf"role\.[1-{ROLES}]\.present", _words("yes")),
        (HERE, _words(*AGENDA)),
        (HERE_ITEM, re.compile(rf"question\.[1-9]\d{{0,3}}|(?:row|factor|reference)\.{_ID}|")),
        ("reconvene_by", re.compile(r"\d{4}-\d\d-\d\d|")),
    )
)


def refusal(changes: Changes, sheet: Mapping[str, str]) -> str:
    """Return why people may not make these changes to a sheet, "" when they may. Whether edits fit is not judged."""
    for key, change in changes.items():
        if isinstance(change, str):
            allowed = next((allowed for pattern, allowed in _CHOICES if pattern.fullmatch(key)), None)
            if allowed is None:
                return f"{key[:60]!r} is no choice of a meeting"
            if not allowed.fullmatch(change):
                return f"{change[:60]!r} is not among the choices of {key}"
        elif not _PROSE.fullmatch(key):
            return f"{key[:60]!r} is no text of a meeting"
        elif len(change) > LONGEST or sum(len(step) for step in change if isinstance(step, str)) > LONGEST:
            return f"more than {LONGEST:,} characters at once"
    if len(sheet.keys() | changes.keys()) > MOST_KEYS:
        return f"more than {MOST_KEYS:,} entries"
    return ""


def too_long(sheet: Mapping[str, str]) -> str:
    """Return the key of a text that is longer than any may be, "" when none is."""
    return next((key for key, text in sheet.items() if len(text) > LONGEST), "")
