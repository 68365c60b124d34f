"""Turns a draft into a record, complete or incomplete, or says every fault that stands in the way.

The time is handed in; nothing is written anywhere. Language is linted beside this, by `blameless`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from afterbell.model.body import body, from_body
from afterbell.model.fault import Fault
from afterbell.model.judge import judge
from afterbell.model.record import Content, Draft, Gap, Record
from afterbell.model.rules import RECONVENE_DAYS, fault
from afterbell.model.vocabulary import RecordStatus


def record(
    draft: Draft,
    *,
    created: datetime,
    known_modes: Sequence[str],
    commits: Mapping[str, bool] | None = None,
    met: bool = True,
) -> Record | tuple[Fault, ...]:
    """Return the complete record, or all faults; the parameters are those of `judge`, `created` is in UTC."""
    if faults := judge(draft, known_modes=known_modes, commits=commits, met=met):
        return faults
    return _settled(Record(**_content(draft), created=created))


def incomplete(
    draft: Draft,
    reconvene_by: date | None,
    *,
    created: datetime,
    known_modes: Sequence[str],
    commits: Mapping[str, bool] | None = None,
    met: bool = True,
    reconvene_days: int = RECONVENE_DAYS,
) -> Record | tuple[Fault, ...]:
    """Return the record as it stands, its holes listed in `missing`; or the faults that no record may have.

    `reconvene_by` lies from the day of `created` to `reconvene_days` later (the specification: within a week).
    """
    faults = judge(draft, known_modes=known_modes, commits=commits, met=met)
    wrong = tuple(item for item in faults if not item.missing) + _date_faults(reconvene_by, created, reconvene_days)
    if wrong:
        return wrong
    gaps = tuple(Gap(field=item.field, rule=item.rule, message=item.message) for item in faults)
    status = RecordStatus.INCOMPLETE
    filed = Record(**_content(draft), created=created, status=status, missing=gaps, reconvene_by=reconvene_by)
    return _settled(filed)


def draft_of(filed: Record) -> Draft:
    """Return a draft with everything the record holds: where completing an incomplete one begins."""
    return Draft(**_content(filed))


def _content(source: Content) -> dict[str, Any]:
    return {field.name: getattr(source, field.name) for field in msgspec.structs.fields(Content)}


def _settled(filed: Record) -> Record:
    """Return the record exactly as its body will read: figures in plain JSON, times in UTC."""
    return from_body(body(filed))


def _date_faults(reconvene_by: date | None, created: datetime, days: int) -> tuple[Fault, ...]:
    if reconvene_by is None:
        return (fault("reconvene_by.missing", "an incomplete record needs a reconvene date"),)
    first = created.date()
    if first <= reconvene_by <= first + timedelta(days=days):
        return ()
    message = f"{reconvene_by} is not between {first} and {first + timedelta(days=days)}"
    return (fault("reconvene_by.late", message, end=len(str(reconvene_by))),)
