"""Who paid for each cache write in a cost ledger and who read it. One key may be written more than once.

A read is served by the last write of its key before it. Whether a charge is a fault is for the modes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct

from afterbell.model.books import CostRow
from afterbell.reading.pricing.table import READ, WRITE, close, cost

_NEARLY = Decimal("0.02")  # a share is far from the whole
_NEVER = datetime.min.replace(tzinfo=UTC)


class CacheWrite(Struct, frozen=True, kw_only=True):
    """One write of a key: the rows that charge it, what each trace pays, and the tokens that each trace read of it."""

    key: str
    rows: tuple[CostRow, ...]
    paid: Mapping[str, Decimal]
    reads: Mapping[str, int]

    @property
    def shared(self) -> bool:
        """Whether several traces pay for it."""
        return len(self.paid) > 1

    def readers_beside(self, trace_id: str) -> tuple[str, ...]:
        """Return the other traces that read it."""
        return tuple(each for each in self.reads if each != trace_id)

    def fair(self, tolerance: Decimal) -> bool:
        """Tell whether the charge is fair: nobody else read it, or all who did pay equal shares or by tokens read."""
        payers, readers = set(self.paid), set(self.reads)
        if len(payers) == 1 and readers <= payers:
            return True
        if not readers <= payers:
            return False
        total = sum(self.paid.values(), Decimal(0))
        tokens: dict[str, int] = {}
        for row in self.rows:
            tokens[row.trace_id] = tokens.get(row.trace_id, 0) + (row.tokens or 0)
        written = max(tokens.values(), default=0)
        weights = (
            dict.fromkeys(payers, 1),
            {each: self.reads.get(each, 0) for each in payers},
            {each: self.reads.get(each) or written for each in payers},
            {each: self.reads.get(each, 0) + tokens.get(each, 0) for each in payers},
        )
        return any(self._split(total, each, tolerance) for each in weights)

    def _split(self, total: Decimal, weights: Mapping[str, int], tolerance: Decimal) -> bool:
        whole = sum(weights.values())
        return whole > 0 and all(
            close(paid, total * weights[each] / whole, tolerance) for each, paid in self.paid.items()
        )


def is_write(row: CostRow) -> bool:
    """Tell whether a row charges a cache write."""
    return row.token_type.startswith(WRITE)


def amount_of(row: CostRow) -> Decimal | None:
    """Return what a row charges, multiplied out where only tokens and price are stated."""
    if row.amount is not None:
        return row.amount
    if row.tokens is None or row.unit_price_per_mtok is None:
        return None
    return cost(row.tokens, row.unit_price_per_mtok)


def cache_writes(rows: Sequence[CostRow], tolerance: Decimal) -> tuple[CacheWrite, ...]:
    """Return the writes of every key that the rows name, in order of time; rows without a key are left out.

    Shares of a write may be booked at different times: where they look like shares and are fair taken together, the
    key counts as one write.
    """
    keys: dict[str, list[CostRow]] = {}
    for row in rows:
        if row.cache_key and (is_write(row) or row.token_type == READ):
            keys.setdefault(row.cache_key, []).append(row)
    found: list[CacheWrite] = []
    for key, mine in keys.items():
        writes = [row for row in mine if is_write(row) and _counts(row)]
        reads = [row for row in mine if row.token_type == READ and _counts(row)]
        if not writes:
            continue
        whole = _write(key, writes, reads)
        untimed = any(row.at is None for row in (*writes, *reads))
        parts = all(_is_part(row, reads) for row in writes)
        if untimed or (parts and whole.shared and whole.fair(tolerance)):
            found.append(whole)
        else:
            found += _in_time(key, writes, reads)
    return tuple(found)


def _is_part(row: CostRow, reads: Sequence[CostRow]) -> bool:
    """Tell whether a row may be a share of a write: it charges less than its tokens cost, or less than was read."""
    if row.tokens is None:
        return True
    if row.amount is not None and row.unit_price_per_mtok is not None:
        full = cost(row.tokens, row.unit_price_per_mtok)
        if row.amount < full and not close(row.amount, full, _NEARLY):
            return True
    return row.tokens < max((read.tokens or 0 for read in reads), default=0)


def _in_time(key: str, writes: Sequence[CostRow], reads: Sequence[CostRow]) -> Iterator[CacheWrite]:
    moments = sorted({row.at or _NEVER for row in writes})
    serving: dict[datetime, list[CostRow]] = {each: [] for each in moments}
    for read in reads:
        at = read.at or _NEVER
        own = {row.at for row in writes if row.span_id and row.span_id == read.span_id}
        # A call that reads and writes reads what was there before it.
        before = [each for each in moments if each <= at and each not in own] or [
            each for each in moments if each <= at
        ]
        if before:
            serving[before[-1]].append(read)
    for moment in moments:
        yield _write(key, [row for row in writes if (row.at or _NEVER) == moment], serving[moment])


def _write(key: str, writes: Sequence[CostRow], reads: Sequence[CostRow]) -> CacheWrite:
    paid: dict[str, Decimal] = {}
    for row in writes:
        amount = amount_of(row)
        paid[row.trace_id] = paid.get(row.trace_id, Decimal(0)) + (
            Decimal(row.tokens or 0) if amount is None else amount
        )
    read: dict[str, int] = {}
    for row in reads:
        read[row.trace_id] = read.get(row.trace_id, 0) + (row.tokens or 1)
    return CacheWrite(key=key, rows=tuple(writes), paid=paid, reads=read)


def _counts(row: CostRow) -> bool:
    """Tell whether a row charges anything: a row of zero tokens is no write and no read."""
    return bool(row.tokens) if row.tokens is not None else bool(row.amount)
