"""Counts the figures of a report from events and records. The time is handed in; nothing is read.

What carries no usable date, no event or no answer is counted as such, never left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

from afterbell.model import lifecycle
from afterbell.model.amendment import Amended
from afterbell.model.checklist import CHECKLIST
from afterbell.model.event import Event
from afterbell.model.report import ByMonth, FixRow, Line, ModeAgreement, RecordRow, Wait
from afterbell.model.scan import PersonAnswer
from afterbell.model.vocabulary import Answer, RootCause, TriggerName
from afterbell.query.records import Row

EARLIER, LATER = "earlier", "later"
NOT_STATED = "not stated"
_MONTHS = 12


def known_events(*sources: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events of several sources, each once; of two that tell of the same, the one of the first source.

    Same means same trigger and subject: data that comes in late moves the time of an event and with it the id.
    """
    found: dict[tuple[str, str], Event] = {}
    for source in sources:
        for event in source:
            found.setdefault((event.trigger.value, event.subject or event.event_id), event)
    return tuple(sorted(found.values(), key=lambda event: (utc(event.occurred_at), event.event_id)))


def by_month(dated: Iterable[tuple[str, datetime]], names: Sequence[str], now: datetime) -> ByMonth:
    """Count names by month over the twelve months that end with the month of `now`; `names` gives their order."""
    last = _ordinal(now)
    months = [f"{month // _MONTHS:04}-{month % _MONTHS + 1:02}" for month in range(last - _MONTHS + 1, last + 1)]
    counts: Counter[tuple[str, str]] = Counter()
    for name, at in dated:
        back = last - _ordinal(utc(at))
        counts[name, LATER if back < 0 else EARLIER if back >= _MONTHS else months[-1 - back]] += 1
    used = {month for _name, month in counts}
    columns = (*({EARLIER} & used), *months, *({LATER} & used))
    lines = []
    for name in names:
        each = tuple(counts[name, month] for month in columns)
        lines.append(Line(name=name, counts=each, total=sum(each)))
    return ByMonth(columns=columns, lines=tuple(lines))


def events_by_month(events: Iterable[Event], now: datetime) -> ByMonth:
    """Count events by trigger and month of what happened; all six triggers stand there, also at zero."""
    return by_month(
        ((each.trigger.value, each.occurred_at) for each in events), [each.value for each in TriggerName], now
    )


def causes_by_month(rows: Sequence[Row], now: datetime) -> ByMonth:
    """Count records by root cause and month of filing, those without one too."""
    names = [each.value for each in RootCause]
    return _by_word([(each.root_cause, each.created) for each in rows], names, now)


def triggers_by_month(rows: Sequence[Row], now: datetime) -> ByMonth:
    """Count records by trigger and month of filing, those without one too."""
    names = [each.value for each in TriggerName]
    return _by_word([(each.trigger, each.created) for each in rows], names, now)


def modes_by_month(rows: Sequence[Row], now: datetime) -> ByMonth:
    """Count the yes answers of people by mode and month of filing; modes without any are left out."""
    dated = [(mode, each.created) for each in rows for mode in dict.fromkeys(each.modes)]
    order = [slug for _number, slug in CHECKLIST]
    names = sorted({name for name, _at in dated}, key=lambda name: (order.index(name) if name in order else 99, name))
    return by_month(dated, names, now)


def _by_word(dated: Sequence[tuple[str | None, datetime]], names: Sequence[str], now: datetime) -> ByMonth:
    """Count words of a closed vocabulary; what has none is counted as not stated."""
    said = [(name or NOT_STATED, at) for name, at in dated]
    return by_month(said, [*names, *([NOT_STATED] if any(not name for name, _at in dated) else [])], now)


def records(rows: Iterable[Row]) -> tuple[RecordRow, ...]:
    """Return the list of records, the newest first."""
    found = [
        RecordRow(
            id=each.id, filed_at=utc(each.created), status=each.status, root_cause=each.root_cause or "",
            trigger=each.trigger or "", modes=each.modes, summary=each.summary,
        )
        for each in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.filed_at, each.id), reverse=True))


def waits(views: Iterable[Amended], events: Iterable[Event]) -> tuple[Wait, ...]:
    """Return how long each event waited for its record, the longest first; records of unknown events are left out.

    The log knows when a record was filed, which is the end of its meeting.
    """
    by_id = {event.event_id: event for event in events}
    found = []
    for view in views:
        event = view.filed.event or by_id.get(view.filed.event_id)
        if event is None:
            continue
        begun, filed = utc(event.occurred_at), utc(view.filed.created)
        seconds = int((filed - begun).total_seconds())
        found.append(
            Wait(
                record=view.filed.id, event_id=event.event_id, trigger=event.trigger.value, occurred_at=begun,
                filed_at=filed, seconds=seconds if seconds >= 0 else None, late=filed > utc(event.due_by),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-(each.seconds if each.seconds is not None else -1), each.record)))


def median_wait(found: Iterable[Wait]) -> int | None:
    """Return the median of the waits that could be measured, in seconds."""
    known = [each.seconds for each in found if each.seconds is not None]
    return int(median(known)) if known else None


def fixes(views: Iterable[Amended]) -> tuple[FixRow, ...]:
    """Return what is known of each record's fix, in the order of the log."""
    return tuple(_fix(view) for view in views)


def agreement(views: Iterable[Amended]) -> tuple[ModeAgreement, ...]:
    """Compare the machine's suggestions with people's answers, by question in the checklist's order."""
    asked: dict[tuple[int, str], Counter[str]] = {}
    for view in views:
        for answer in view.now.answers:
            asked.setdefault((answer.number, answer.mode), Counter())[_outcome(answer)] += 1
    return tuple(_agreed(number, mode, counts) for (number, mode), counts in sorted(asked.items()))


def recorded_events(views: Iterable[Amended]) -> Iterator[Event]:
    """Yield the events that records hold, as they were when the record was filed."""
    for view in views:
        if view.filed.event is not None:
            yield view.filed.event


def utc(at: datetime) -> datetime:
    """Return a time in UTC; one without a zone is taken as UTC, one at the ends of the calendar as it stands."""
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def _ordinal(at: datetime) -> int:
    """Return the number of a month, counted from the year 0."""
    return at.year * _MONTHS + at.month - 1


def _cause(view: Amended) -> str:
    return view.now.root_cause.value if view.now.root_cause else ""


def _fix(view: Amended) -> FixRow:
    state, check = lifecycle.fix(view)
    return FixRow(
        record=view.filed.id, root_cause=_cause(view), state=state.value, commit=view.now.fix.commit_sha or "",
        checked=check.outcome.value if check else "",
    )  # fmt: skip


def _outcome(answer: PersonAnswer) -> str:
    said, suggested = answer.answer, answer.suggested
    if said is Answer.UNKNOWN:
        return "people_unknown"
    if suggested is None or suggested is Answer.UNKNOWN:
        return "machine_unknown"
    if (said is Answer.YES) == (suggested is Answer.YES):
        return "same"
    return "not_confirmed" if suggested is Answer.YES else "not_suggested"


def _agreed(number: int, mode: str, counts: Counter[str]) -> ModeAgreement:
    compared = counts["same"] + counts["not_confirmed"] + counts["not_suggested"]
    return ModeAgreement(
        number=number, mode=mode, answered=counts.total(), same=counts["same"],
        not_confirmed=counts["not_confirmed"], not_suggested=counts["not_suggested"],
        machine_unknown=counts["machine_unknown"], people_unknown=counts["people_unknown"],
        agreement=f"{counts['same'] / compared:.3f}" if compared else "",
    )  # fmt: skip
