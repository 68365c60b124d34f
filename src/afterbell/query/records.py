"""Records as rows of a list, and as text to search in. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from afterbell.model.amendment import Amended
from afterbell.model.record import Addendum, Record
from afterbell.model.vocabulary import Answer

_JOINED_BEFORE = re.compile(r"[\w.]")
_JOINED_AFTER = re.compile(r"\w|[.-]\w")


class Row(Struct, frozen=True, kw_only=True):
    """One record in a list, as it reads now. `modes` are the slugs that people answered yes; `addenda` counts."""

    id: str
    created: datetime
    status: str
    root_cause: str | None
    summary: str
    trigger: str | None
    modes: tuple[str, ...]
    trace_ids: tuple[str, ...]
    addenda: int = 0


def row(view: Amended) -> Row:
    """Return the row of a record as amended; `created` is when it was filed."""
    now = view.now
    return Row(
        id=view.filed.id,
        created=view.filed.created,
        status=now.status.value,
        root_cause=now.root_cause.value if now.root_cause else None,
        summary=now.summary,
        trigger=now.trigger.value if now.trigger else None,
        modes=_modes(now),
        trace_ids=now.trace_ids,
        addenda=len(view.whole) + sum(len(items) for items in view.at.values()),
    )


def text(view: Amended) -> str:
    """Return everything a person may search for: both the record as filed and as it reads now, and every addendum."""
    lines = dict.fromkeys(_lines(view.filed))
    lines |= dict.fromkeys(_lines(view.now))
    addenda = (*view.whole, *(item for items in view.at.values() for item in items))
    lines |= dict.fromkeys(line for item in addenda for line in _of_addendum(item))
    return "\n".join(lines)


def names(body: str, ticker: str) -> bool:
    """Tell whether a text names a ticker: as a whole word, as typed or in capitals. "on" is a word, ON a ticker."""
    return any(_is_word(body, form) for form in {ticker, ticker.upper()} if form)


def _is_word(body: str, word: str) -> bool:
    at = body.find(word)
    while at >= 0:
        before, after = body[at - 1 : at] if at else "", body[at + len(word) : at + len(word) + 2]
        if not _JOINED_BEFORE.match(before) and not _JOINED_AFTER.match(after):
            return True
        at = body.find(word, at + 1)
    return False


def _modes(record: Record) -> tuple[str, ...]:
    return tuple(answer.mode for answer in record.answers if answer.answer is Answer.YES)


def _lines(record: Record) -> Iterator[str]:
    yield record.id
    yield record.summary
    for moment in record.timeline:
        yield moment.event
    if record.root_cause:
        yield record.root_cause.value
    for factor in record.contributing_factors:
        yield " ".join((factor.text, *factor.modes))
    yield record.fix.paragraph
    yield from (each for each in (record.fix.commit_sha, record.fix.ticket) if each)
    yield record.prevention
    for reference in record.references:
        yield reference.value
    for answer in record.answers:
        if answer.answer is Answer.YES or answer.note:
            yield f"{answer.mode} {answer.note}".strip()
    for suggestion in record.suggestions:
        if suggestion.suggestion.answer is Answer.YES:
            yield suggestion.suggestion.reason
    if record.trigger:
        yield record.trigger.value
    if record.verdict:
        yield record.verdict.value
    if record.event is not None:
        yield f"{record.event.trigger.value} {record.event.subject} {record.event.reason}"
    yield from record.trace_ids


def _of_addendum(item: Addendum) -> Iterator[str]:
    yield item.note
    yield from _texts(item.replacement)


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a replacement, whatever field it was for: a later one may have taken its place."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
