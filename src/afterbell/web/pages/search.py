"""The list of records, the search over their whole text with the same filters, and what is like a record or event."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from afterbell.catalog import shelves
from afterbell.errors import UsageError
from afterbell.model.access import Role
from afterbell.model.checklist import CHECKLIST
from afterbell.model.paging import pages
from afterbell.model.vocabulary import RecordStatus, RootCause, TriggerName
from afterbell.steps import search as step
from afterbell.steps import similar as alike
from afterbell.steps.crowd import Crowd
from afterbell.steps.search import Hits, Wanted
from afterbell.web.shelf import Shelf
from afterbell.web.visit import Entry, Rooms, Visit

SIZE, HITS = 50, 25  # records on a page of the list, and of a search
CROWD = 8  # how many may compare by meaning or wait for it
_MOST = 10**9
_LONGEST = 1000  # characters of what is searched for
_FILTERS = ("cause", "mode", "trigger", "status", "ticker", "since")


class Comparing(Crowd):
    """One comparison by meaning at a time: the first makes the vectors that are missing, which takes long."""

    def __init__(self, _rooms: Rooms) -> None:
        """Nobody compares yet."""
        super().__init__(CROWD, "too many compare by meaning at once")


def listing(visit: Visit) -> Response:
    """List the records that pass the filters, the newest first."""
    return _found(visit, "", searching=False)


def searched(visit: Visit) -> Response:
    """Show the records that hold the words and pass the filters, the best match first."""
    return _found(visit, visit.query.get("q", "")[:_LONGEST].strip(), searching=True)


def similar(visit: Visit) -> Response:
    """Show the records most like a record, or like an event that is known: by their words, or by what they mean."""
    text = visit.path["subject"]
    by = alike.By.MEANING if visit.query.get("by") == alike.By.MEANING else alike.By.WORDS
    subject = alike.known(visit.house, text, visit.rooms.shared(Shelf).events.known())
    if subject is None:
        raise UsageError(f"no record and no event {text[:60]!r} is known here", "look at the traces again first")
    with visit.rooms.shared(Comparing).turn() if by is alike.By.MEANING else nullcontext():
        found = alike.nearest(visit.house, subject, by=by)
    return visit.page("similar_page.html", subject=subject, by=by, found=found, meaning=alike.meaning_is_here())


def _found(visit: Visit, words: str, *, searching: bool) -> Response:
    given = {name: visit.query.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    page, size = visit.number("page", 1, _MOST), HITS if searching else SIZE
    fault, found = "", Hits(total=0, found=())
    try:
        found = _page(visit, words, _wanted(given), page, size)
    except UsageError as error:
        fault = error.message
    asked = {"q": words} if searching else {}
    kept = {name: value for name, value in {**asked, **given}.items() if value}

    def link(number: int) -> str:
        return f"{'/search' if searching else '/records'}?{urlencode({**kept, 'page': number})}"

    return visit.page(
        "records.html", hits=found.found, pages=pages(found.total, page, size), words=words, given=given, fault=fault,
        filtered=any(given.values()), searching=searching, selects=_selects(given), link=link,
    )  # fmt: skip


def _page(visit: Visit, words: str, wanted: Wanted, page: int, size: int) -> Hits:
    """Return a page of what was found; a page beyond the last one is the last."""
    found = step.find(visit.house, words, wanted, first=(max(1, page) - 1) * size, most=size)
    if found.found or not found.total:
        return found
    return step.find(visit.house, words, wanted, first=pages(found.total, page, size).first - 1, most=size)


def _selects(given: Mapping[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, label and choices of the filters that are chosen; what is asked for is always a choice."""
    modes = dict.fromkeys((*(slug for _number, slug in CHECKLIST), *(mode.slug for mode in shelves.modes().values())))
    known = (
        ("cause", "Root cause", tuple(RootCause)), ("mode", "Mode", tuple(modes)),
        ("trigger", "Trigger", tuple(TriggerName)), ("status", "Status", tuple(RecordStatus)),
    )  # fmt: skip
    return [
        (name, label, choices if given[name] in {"", *choices} else (*choices, given[name]))
        for name, label, choices in known
    ]


def _wanted(given: Mapping[str, str]) -> Wanted:
    """Return the filters. Raises UsageError for a day that is none."""
    since = given["since"]
    try:
        start = datetime.strptime(since, "%Y-%m-%d").replace(tzinfo=UTC) if since else None
    except ValueError:
        raise UsageError(f"{since[:40]!r} is not a day", "as in 2026-01-31") from None
    words = {name: given[name] or None for name in ("cause", "mode", "trigger", "status", "ticker")}
    return Wanted(since=start, **words)


ENTRIES = (
    Entry(path="/records", role=Role.READER, answer=listing),
    Entry(path="/similar/{subject}", role=Role.READER, answer=similar),
    Entry(path="/search", role=Role.READER, answer=searched),
)
