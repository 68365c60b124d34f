"""Similar: the records most like a record or an event, by their words, modes and triggers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.disk.house import House
from afterbell.disk.search_index import SearchIndex
from afterbell.errors import UsageError
from afterbell.model.event import Event
from afterbell.query import records as query
from afterbell.query import similarity
from afterbell.query.similarity import Similar
from afterbell.steps import search, trigger
from afterbell.steps.records import Filed, matching
from afterbell.steps.store import Store

MOST = 10
_CANDIDATES = 4  # so many times as many are looked at closer: FTS5 gives words of half the records no weight


class Subject(Struct, frozen=True, kw_only=True):
    """What others are compared with: a record or an event, by its text."""

    id: str
    text: str
    row: query.Row | None = None
    trigger: str | None = None


def similar(house: House, text: str, *, most: int = MOST) -> tuple[Similar, ...]:
    """Return the records most like the record or event whose id begins with `text`, the nearest first.

    The traces are looked at when the event is not known yet. Raises UsageError when nothing or more than one fits.
    """
    subject = known(house, text, trigger.seen(house).all())
    if subject is None:
        store = Store(house)
        subject = of_event(trigger.named(store, trigger.fire(store).events, text))
    return nearest(house, subject, most=most)


def known(house: House, text: str, events: Iterable[Event]) -> Subject | None:
    """Return the record whose id begins with `text`, or the one of these events that has this id; None without one.

    Raises UsageError when several records fit.
    """
    records = list(matching(house, text))
    if len(records) > 1:
        raise UsageError(f"{text!r} fits {len(records)} records", "give more of the id")
    if records:
        return of_record(records[0])
    return next((of_event(each) for each in events if each.event_id == text), None)


def of_record(each: Filed) -> Subject:
    """Return a record as what others are compared with."""
    view = each.view
    row = query.row(view)
    return Subject(id=row.id, text=query.text(view), row=row, trigger=row.trigger)


def of_event(event: Event) -> Subject:
    """Return an event as what records are compared with."""
    texts = (event.trigger.value, event.subject, event.reason, *event.trace_ids)
    return Subject(id=event.event_id, text="\n".join(texts), trigger=event.trigger.value)


def nearest(house: House, subject: Subject, *, most: int = MOST) -> tuple[Similar, ...]:
    """Return the records most like the subject, the nearest first; none where no telling word is shared."""
    with search.opened(house) as index:
        return _nearest(index, subject, most)


def _nearest(index: SearchIndex, subject: Subject, most: int) -> tuple[Similar, ...]:
    total, counts = index.counts(similarity.words(subject.text))
    terms = similarity.telling(subject.text, counts, total, itself=subject.row is not None)
    found = [
        similarity.similar(terms, row, text, subject=subject.row, trigger=subject.trigger)
        for row, text in index.nearest(tuple(terms), subject.id, _CANDIDATES * most)
    ]
    return tuple(sorted(found, key=lambda each: -each.score)[:most])


def as_json(found: Iterable[Similar]) -> Iterable[dict[str, Any]]:
    """Yield each record in the shape of `search`, with its score and what it has in common beside it."""
    for each in found:
        row: dict[str, Any] = msgspec.to_builtins(each.row)
        common = {"modes": each.modes, "trigger": each.trigger, "root_cause": each.cause, "words": each.words}
        yield row | {"score": f"{each.score:.2f}", "common": common}
