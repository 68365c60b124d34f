"""Judges what stands beside the seven fields: the answers, the event, the verdict, the roles, the evidence.

Whether evidence with a hash exists is the disk's to say, not ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from afterbell.model.fault import Fault
from afterbell.model.record import Content
from afterbell.model.rules import ROLE_NOUNS, ROLES, fault
from afterbell.model.vocabulary import Answer

_EVIDENCE = re.compile(r"[0-9a-f]{64}")
_ROLE_WORD = re.compile(r"[a-z][a-z-]*|[A-Z]{2,5}")
_ROLE_WORDS = 6


def role_faults(roles: Sequence[str], field: str = "roles") -> Iterator[Fault]:
    """Yield a fault for each entry that does not read as a role: lower-case words with a role's noun among them."""
    for number, role in enumerate(roles, 1):
        words = role.split()
        nouns = {part.removesuffix("s") for word in words for part in (word.lower(), *word.lower().split("-"))}
        known = ROLE_NOUNS | {noun.removesuffix("s") for noun in ROLE_NOUNS}
        if not nouns & known or len(words) > _ROLE_WORDS or not all(_ROLE_WORD.fullmatch(word) for word in words):
            path = f"{field}.{number}" if field == "roles" else field
            yield fault("roles.name", f"{role[:60]!r} does not read as a role", field=path, end=len(role))


def answers(draft: Content, known_modes: Sequence[str]) -> Iterator[Fault]:
    """Every question of the checklist answered once, by people; an unknown says what is missing."""
    counts = Counter(row.mode for row in draft.answers)
    suggested = {row.mode for row in draft.suggestions}
    for number, mode in enumerate(known_modes, 1):
        if mode not in counts:
            yield fault("answers.missing", f"question {number} ({mode}) has no answer", field=f"answers.{number}")
    for row in draft.answers:
        path = f"answers.{row.number}"
        if row.mode not in known_modes and row.mode not in suggested:
            yield fault(
                "answers.unknown_mode", f"{row.mode[:60]!r} is not on the checklist", field=path, end=len(row.mode)
            )
        if row.answer is Answer.UNKNOWN and not row.note.strip():
            message = f"question {row.number} ({row.mode}) is unknown, and no note says what is missing"
            yield fault("answers.unknown_note", message, field=path)
    for mode, count in counts.items():
        if count > 1:
            yield fault("answers.twice", f"{mode} is answered {count} times")


def beside(draft: Content, *, met: bool) -> Iterator[Fault]:
    """Id, event, verdict, roles and evidence hashes."""
    if not draft.id.strip():
        yield fault("id.missing", "the record has no id")
    event = draft.event
    if event is not None and (event.event_id, event.trigger) != (draft.event_id, draft.trigger):
        yield fault("event.differs", f"the measured event is {event.event_id} ({event.trigger.value})")
    if met and draft.verdict is None:
        yield fault("verdict.missing", "no verdict is given")
    if met and not draft.roles:
        yield fault("roles.missing", "no roles are named")
    if len(draft.roles) > ROLES:
        yield fault("roles.many", f"{len(draft.roles)} roles were present; at most {ROLES} meet")
    yield from role_faults(draft.roles)
    for number, digest in enumerate(draft.evidence, 1):
        if not _EVIDENCE.fullmatch(digest):
            message = f"{digest[:70]!r} is not a SHA-256"
            yield fault("evidence.form", message, field=f"evidence.{number}", end=len(digest))
