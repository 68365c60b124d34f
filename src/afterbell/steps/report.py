"""Report: counts what a house holds into figures, and writes them as one HTML page that needs nothing else.

It changes nothing in the house but what `review report` and `triggers` change too: answers of reviews that a clone
brought along are taken in. A log that cannot be read is said on the page, and the rest of the page still stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from afterbell import __version__, clock
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import LogError
from afterbell.log.verdict import Ruling
from afterbell.model.amendment import Amended
from afterbell.model.report import Lost, Report, ReportedLog, UnknownRow
from afterbell.query import figures
from afterbell.query.doctor import Blind, examine
from afterbell.query.records import row
from afterbell.render import report_page
from afterbell.steps import resolve, review, scan, trigger, verify
from afterbell.steps.due import due_among
from afterbell.steps.records import filed
from afterbell.steps.store import Store


def report(house: House, *, scanned: bool = False, jobs: int = 0) -> Report:
    """Return the figures of a house now; with `scanned` every trace is asked the questions, which takes its time."""
    reviews = review.agreed(house)
    store, now = Store(house), clock.now()
    fired = trigger.fire(store)
    views, unread = _views(house)
    events = figures.known_events(trigger.seen(house).all(), figures.recorded_events(views), fired.events)
    waits, rows = figures.waits(views, events), [row(view) for view in views]
    scans = [each for shard in scan.scan_all(house, jobs=jobs) for each in shard] if scanned else None
    return Report(
        house=house.root.name, made_at=now, version=__version__, log=_log(house), unread=unread,
        traces=len(store.rows()), events=figures.events_by_month(events, now),
        causes=figures.causes_by_month(rows, now), modes=figures.modes_by_month(rows, now),
        records=figures.records(rows), waits=waits, median_seconds=figures.median_wait(waits),
        no_event=len(views) - len(waits), due=due_among(house, fired.events, views),
        fixes=figures.fixes(views), agreement=figures.agreement(views),
        reviews=reviews.rows,
        reviews_not_counted=reviews.not_counted,
        unknown_records=_unknown(examine(view.now.suggestions for view in views)),
        unknown_traces=_unknown(examine(each.answers for each in scans or ())),
        scanned=None if scans is None else len(scans), notes=fired.notes,
    )  # fmt: skip


def write(found: Report, target: Path) -> None:
    """Write the page of a report. Raises DiskError for a place that cannot be written."""
    files.make_dirs(target.parent)
    files.replace(target, report_page.page(found).encode())


def _views(house: House) -> tuple[tuple[Amended, ...], str]:
    """Return the records as they read now; or none, and why the log cannot be read."""
    try:
        return tuple(each.view for each in filed(house)), ""
    except LogError as error:
        return (), error.message


def _log(house: House) -> ReportedLog:
    done = verify.verify(house, remember=False)
    ruling = done.verdict.verdict
    lost = tuple(
        Lost(record=each.record, kind=each.kind, name=each.name, message=each.message, changed=each.changed)
        for each in (resolve.unresolved(house) if ruling in {Ruling.OK, Ruling.STALE} else ())
    )
    sound = ruling is Ruling.OK and not any(each.changed for each in lost)
    return ReportedLog(**structs.asdict(verify.log_state(done)), sound=sound, lost=lost)


def _unknown(found: Iterable[Blind]) -> tuple[UnknownRow, ...]:
    return tuple(
        UnknownRow(number=each.number, mode=each.mode, unknown=each.unknown, asked=each.asked, missing=each.missing)
        for each in found
    )
