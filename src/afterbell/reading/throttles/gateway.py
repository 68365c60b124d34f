"""The rows of the gateway book that concern a trace, each with the model call it was an attempt of.

A row is of a trace by its trace id, or by a request id that is the id of one of the trace's responses. What the rows
mean for a run (a throttle, a fallback) is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from afterbell.model.books import GatewayRow
from afterbell.model.calls import LlmCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.model_names import same_model

_SKEW: Final = 1_000_000_000  # nanoseconds by which the clocks of client and gateway may differ
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROLLUP = "rollup"


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
        text = self.row.error_code
        return int(text) if text.isdigit() and len(text) == 3 else None  # noqa: PLR2004 - a status has three digits


def attempts(trace: Trace, book: Iterable[GatewayRow]) -> tuple[Attempt, ...]:
    """Return the attempts of a trace's calls in order of time, as a gateway logged them."""
    calls = sorted((call for call in trace.calls if call.operation != _ROLLUP), key=lambda call: call.started_ns)
    by_response = {call.response_id: call for call in calls if call.response_id}
    rows = [row for row in book if row.trace_id == trace.trace_id or row.request_id in by_response]
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
