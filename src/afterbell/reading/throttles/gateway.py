"""The rows of the gateway book that concern a trace, each with the model call it was an attempt of.

A row is of a trace by its trace id, or by a request id that is the id of one of the trace's responses. What the rows
mean for a run (a throttle, a fallback) is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from msgspec import Struct

from afterbell.model.books import GatewayRow
from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.model_names import same_model
from afterbell.reading.throttles.notices import http_status

_SKEW: Final = 1_000_000_000  # nanoseconds by which the clocks of client and gateway may differ
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Attempt(Struct, frozen=True, kw_only=True):
    """One row: when it began (nanoseconds, 0 = not stated), and the call it was an attempt of, where that is told."""

    row: GatewayRow
    at_ns: int = 0
    call: LlmCall | None = None

    @property
    def failed(self) -> bool:
        """Whether the attempt brought no answer."""
        return self.row.status != "success" and bool(self.row.status or self.row.error_code or self.row.error_class)

    @property
    def code(self) -> int | None:
        """The provider's HTTP status of a failed attempt."""
        return http_status(self.row.error_code)


class _Index:
    """What a book is looked up by: itself, whatever its rows. A scan asks one book for every trace."""

    def __init__(self, book: tuple[GatewayRow, ...]) -> None:
        self.book = book

    def __hash__(self) -> int:
        return id(self.book)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Index) and other.book is self.book


@lru_cache(maxsize=2)
def _indexed(index: _Index) -> Mapping[tuple[str, str], list[GatewayRow]]:
    """Return the rows of a book by trace and by request, made once."""
    found: dict[tuple[str, str], list[GatewayRow]] = {}
    for row in index.book:
        for key in (("trace", row.trace_id), ("request", row.request_id)):
            if key[1]:
                found.setdefault(key, []).append(row)
    return found


def attempts(trace: Trace, book: tuple[GatewayRow, ...]) -> tuple[Attempt, ...]:
    """Return the attempts of a trace's calls in order of time, as a gateway logged them."""
    calls = sorted((call for call in trace.calls if call.operation != ROLLUP), key=lambda call: call.started_ns)
    by_response = {call.response_id: call for call in calls if call.response_id}
    known = _indexed(_Index(book))
    keys = [("trace", trace.trace_id), *(("request", each) for each in by_response)]
    rows = list({id(row): row for key in keys for row in known.get(key, ())}.values())
    rows.sort(key=lambda row: (_ns(row), row.row))
    found: list[Attempt] = []
    for number, row in enumerate(rows):
        call = by_response.get(row.request_id) or _during(row, calls) or _next(row, rows[number + 1 :], by_response)
        found.append(Attempt(row=row, at_ns=_ns(row) or (call.started_ns if call else 0), call=call))
    return tuple(found)


def of_call(call: LlmCall, every: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Return the attempts of one call."""
    return tuple(each for each in every if each.call is call)


def cell(trace: Trace, row: GatewayRow, column: str) -> Evidence:
    """Cite one cell of a row."""
    text = str(getattr(row, column))
    return Evidence(trace_id=trace.trace_id, field=f"gateway:{row.row}:{column}", excerpt=text, end=len(text))


def _ns(row: GatewayRow) -> int:
    if row.start_time is None:
        return 0
    since = row.start_time - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000


def _during(row: GatewayRow, calls: Sequence[LlmCall]) -> LlmCall | None:
    """Return the call for this model that ran when the attempt began; of several, the one that began last before it."""
    at = _ns(row)
    running = [call for call in calls
               if at and call.started_ns - _SKEW <= at <= call.ended_ns + _SKEW and _asked_for(row, call)]  # fmt: skip
    begun = [call for call in running if call.started_ns <= at]
    return begun[-1] if begun else (running[0] if running else None)


def _asked_for(row: GatewayRow, call: LlmCall) -> bool:
    unnamed = not row.model_group or not call.request_model
    return unnamed or same_model(row.model_group, call.request_model)


def _next(row: GatewayRow, later: Sequence[GatewayRow], by_response: dict[str, LlmCall]) -> LlmCall | None:
    """Return the call that the next attempt for the same model answered: this row was an earlier attempt of it."""
    again = next(
        (each for each in later if each.model_group == row.model_group and each.request_id in by_response), None
    )
    return by_response[again.request_id] if again else None
