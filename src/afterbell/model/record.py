"""The postmortem itself: a `Draft` that may have holes, a `Record` that was filed, an `Addendum` to it.

Values only. What a record must satisfy is in `rules` and `judge`; how one is filed, in `filing`; its JSON, in `body`;
how addenda change what a reader sees, in `amendment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from afterbell.model.event import Event
from afterbell.model.scan import ModeAnswer, PersonAnswer
from afterbell.model.vocabulary import RecordStatus, RootCause, RowStage, TriggerName, Verdict

SCHEMA = 1
FIELDS = ("summary", "timeline", "root_cause", "contributing_factors", "fix", "prevention", "references")


class ReferenceKind(StrEnum):
    """What a reference points at."""

    TRACE = "trace"
    COMMIT = "commit"
    PR = "pr"
    TICKET = "ticket"


class TimelineRow(Struct, frozen=True, kw_only=True):
    """One significant moment in UTC, its stage, what happened, and the trace that shows it."""

    at: datetime | None = None
    stage: RowStage | None = None
    event: str = ""
    trace_id: str = ""


class Factor(Struct, frozen=True, kw_only=True):
    """A system condition that made the failure possible, and the modes (slugs) whose yes it explains."""

    text: str
    modes: tuple[str, ...] = ()


class Fix(Struct, frozen=True, kw_only=True):
    """What was changed and where; or, with `changed` false, that nothing was and which ticket carries it."""

    paragraph: str = ""
    commit_sha: str | None = None
    ticket: str | None = None
    changed: bool = True


class Reference(Struct, frozen=True, kw_only=True):
    """A trace id, a commit SHA, or the link of a pull request or ticket."""

    kind: ReferenceKind
    value: str


class Gap(Struct, frozen=True, kw_only=True):
    """What an incomplete record still lacks: the field, the rule and the sentence that says it."""

    field: str
    rule: str
    message: str


class Content(Struct, frozen=True, kw_only=True):
    """What a draft and a record share: the seven fields in their order, then what stands beside them.

    `suggestions` are the machine's, `answers` are people's; both are kept. `evidence` are SHA-256 hex digests.
    `roles` are those present, never names. `extra` holds fields that this version does not know, for ever.
    """

    id: str
    summary: str = ""
    timeline: tuple[TimelineRow, ...] = ()
    root_cause: RootCause | None = None
    contributing_factors: tuple[Factor, ...] = ()
    fix: Fix = Fix()
    prevention: str = ""
    references: tuple[Reference, ...] = ()
    event_id: str = ""
    trigger: TriggerName | None = None
    trace_ids: tuple[str, ...] = ()
    event: Event | None = None
    suggestions: tuple[ModeAnswer, ...] = ()
    answers: tuple[PersonAnswer, ...] = ()
    verdict: Verdict | None = None
    evidence: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    extra: Mapping[str, Any] = {}


class Draft(Content, frozen=True, kw_only=True):
    """A form being filled in. `status` is what it will be filed as; incomplete needs `reconvene_by`."""

    status: RecordStatus = RecordStatus.COMPLETE
    reconvene_by: date | None = None


class Record(Content, frozen=True, kw_only=True):
    """A filed postmortem. A complete one has no hole; an incomplete one lists every hole in `missing`.

    Made only by `filing.record`, `filing.incomplete` and `body.from_body`.
    """

    created: datetime
    status: RecordStatus = RecordStatus.COMPLETE
    missing: tuple[Gap, ...] = ()
    reconvene_by: date | None = None
    schema: int = SCHEMA


class Addendum(Struct, frozen=True, kw_only=True):
    """A dated correction keyed to its parent; the parent itself never changes.

    It holds a `note` (to one of the seven fields, or to the whole record when `field` is None), a `replacement`
    of `field` in the JSON form of a record's body, or the `completion` of an incomplete record. `role` wrote it.
    """

    id: str
    parent_id: str
    created: datetime
    role: str
    field: str | None = None
    note: str = ""
    replacement: Any = None
    completion: Record | None = None
    schema: int = SCHEMA
    extra: Mapping[str, Any] = {}
