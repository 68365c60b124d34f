"""Similar: the records most like a record or an event, by their words, modes and triggers; or by what they mean.

By meaning they are found with a sentence model (the `embeddings` extra), and only when it is asked for: what happens to
be installed decides nothing. Its vectors follow the log as the index does; those that are missing are made then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from afterbell.disk.house import House
from afterbell.disk.search_index import SearchIndex
from afterbell.engines.embedder import embedder, installed
from afterbell.errors import UsageError
from afterbell.model.event import Event
from afterbell.query import meaning, similarity
from afterbell.query import records as query
from afterbell.query.meaning import By, Embedder
from afterbell.query.similarity import Similar
from afterbell.steps import search, trigger
from afterbell.steps.records import Filed, matching
from afterbell.steps.store import Store

__all__ = ["By", "Similar", "Subject", "as_json", "known", "nearest", "of_event", "of_record", "similar"]

MOST = 10
_BATCH = 64  # vectors that are kept at once: what is interrupted goes on from there
_CANDIDATES = 4  # so many times as many are looked at closer: FTS5 gives words of half the records no weight

Progress = Callable[[int, int], None]


class Subject(Struct, frozen=True, kw_only=True):
    """What others are compared with: a record or an event, by its text, or by `told`, the one line that says it all."""

    id: str
    text: str
    told: str = ""
    row: query.Row | None = None
    trigger: str | None = None


def similar(
    house: House, text: str, *, most: int = MOST, by: By = By.WORDS, progress: Progress = lambda _done, _whole: None
) -> tuple[Similar, ...]:  # fmt: skip
    """Return the records most like the record or event whose id begins with `text`, the nearest first.

    The traces are looked at when the event is not known yet. Raises UsageError when nothing or more than one fits, and
    as `nearest` does.
    """
    subject = known(house, text, trigger.seen(house).all())
    if subject is None:
        store = Store(house)
        subject = of_event(trigger.named(store, trigger.fire(store).events, text))
    return nearest(house, subject, most=most, by=by, progress=progress)


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
    return Subject(id=row.id, text=query.text(view), told=meaning.of_record(row), row=row, trigger=row.trigger)


def of_event(event: Event) -> Subject:
    """Return an event as what records are compared with."""
    texts = (event.trigger.value, event.subject, event.reason, *event.trace_ids)
    told = meaning.of_event(event)
    return Subject(id=event.event_id, text="\n".join(texts), told=told, trigger=event.trigger.value)


def meaning_is_here() -> bool:
    """Tell whether records can be compared by meaning on this machine."""
    return installed()


def nearest(
    house: House, subject: Subject, *, most: int = MOST, by: By = By.WORDS,
    progress: Progress = lambda _done, _whole: None,
) -> tuple[Similar, ...]:  # fmt: skip
    """Return the records most like the subject, the nearest first.

    By words none is returned where no telling word is shared. By meaning all that have a summary are ordered, however
    far the nearest is; `progress` is told how many vectors of how many are made. Raises MissingExtraError without the
    extra.
    """
    model = embedder() if by is By.MEANING else None
    with search.opened(house) as index:
        if model is None:
            return _by_words(index, subject, most)
        _follow(index, model, progress)
        return _by_meaning(index, subject, most, model)


def _by_words(index: SearchIndex, subject: Subject, most: int) -> tuple[Similar, ...]:
    terms = _terms(index, subject)
    found = [
        similarity.similar(terms, row, text, subject=subject.row, trigger=subject.trigger)
        for row, text in index.nearest(tuple(terms), subject.id, _CANDIDATES * most)
    ]
    return tuple(sorted(found, key=lambda each: -each.score)[:most])


def _by_meaning(index: SearchIndex, subject: Subject, most: int, model: Embedder) -> tuple[Similar, ...]:
    if not subject.told:
        return ()
    terms = _terms(index, subject)
    (vector,) = model.vectors((subject.told,))
    found = []
    for name, cosine in meaning.nearest(vector, index.vectors(model.model, subject.id), most):
        kept = index.named(name)
        if kept is not None:
            each = similarity.similar(terms, *kept, subject=subject.row, trigger=subject.trigger)
            found.append(replace(each, score=cosine))
    return tuple(found)


def _terms(index: SearchIndex, subject: Subject) -> Mapping[str, float]:
    total, counts = index.counts(similarity.words(subject.text))
    return similarity.telling(subject.text, counts, total, itself=subject.row is not None)


def _follow(index: SearchIndex, model: Embedder, progress: Progress) -> None:
    """Make the vectors that are missing, and keep them as they come."""
    missing = tuple(index.without_vector(model.model).items())
    for start in range(0, len(missing), _BATCH):
        some = missing[start : start + _BATCH]
        made = tuple(zip((name for name, _text in some), model.vectors([text for _name, text in some]), strict=True))
        with index.change() as change:
            change.keep_vectors(model.model, made)
        progress(start + len(some), len(missing))


def as_json(found: Iterable[Similar]) -> Iterable[dict[str, Any]]:
    """Yield each record in the shape of `search`, with its score and what it has in common beside it."""
    for each in found:
        row: dict[str, Any] = msgspec.to_builtins(each.row)
        common = {"modes": each.modes, "trigger": each.trigger, "root_cause": each.cause, "words": each.words}
        yield row | {"score": f"{each.score:.2f}", "common": common}
