"""Cost attribution drift: a cache write charged to the wrong trace, or costs that do not add up.

What it asks
    Was the cost of cached tokens spread over the traces that used them, at the right prices, and does the attributed
    cost add up to the bill?

Why it matters
    A prompt prefix is written to the cache once, at a higher price, and read many times, at a tenth of the input price.
    Charged wholly to one trace, the write makes one idea look dear and the others free; with prices mixed up, all
    figures are wrong while every sum still looks plausible.

How it looks
    Yes when the cost ledger charges a write of a cache key wholly to one trace although other traces read that key, by
    the ledger or, in the whole house, by their own counters and `trading.cache.key` (fair = shares, equal or by tokens
    read, that sum to the write); when the ledger differs from the bill of a period by more than `tolerance` (0.005,
    half a percent); or when tokens times the price as of that date give another amount, so when 5-minute and 1-hour
    writes, reads and plain input are mixed up, or cached tokens are counted twice. Prices are the price book's, else
    the public list's; a list price that merely differs may be a discount and is unknown. A span's own cost charges that
    call only and is held against recomputation, not against other traces. One trace that reads what it wrote: no. All
    cache counters zero: not applicable. No attribution, price or counters: unknown.

What would prevent it
    A ledger row for each token type and lifetime with the cache key; writes spread over readers when the cache
    expires; a nightly sum of the ledger against the bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from afterbell.model.books import Bill, CostRow
from afterbell.model.calls import COSTS, ROLLUP, LlmCall
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.surroundings import CacheRead
from afterbell.reading.model_names import same_model
from afterbell.reading.pricing.shares import CacheWrite, amount_of, cache_writes, is_write
from afterbell.reading.pricing.spans import CACHE_KEY, Counters, added, cache_reads, counters, recomputed, slip
from afterbell.reading.pricing.table import KINDS, READ, WRITE, WRITE_1H, WRITE_5M, Price, close, cost, price_of
from afterbell.reading.times import from_ns

NUMBER = 20
SLUG = "cost_attribution_drift"
QUESTION = (
    "Was the cost of cache writes attributed correctly, or was a single write charged against a single read "
    "instead of many?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"tolerance": Decimal("0.005")}

_SHOWN = 6


class _Check(Struct, frozen=True, kw_only=True):
    """What one comparison says: a fault with its evidence, or what it lacked; neither = it was made and is clean."""

    fault: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""
    figures: tuple[tuple[str, str], ...] = ()


def detect(case: CaseFile) -> Suggestion:
    """Return yes with both figures; no when recomputation agrees; na without cache use; else unknown."""
    tolerance = Decimal(str({**KNOBS, **case.knobs}["tolerance"]))
    calls = [call for call in case.trace.calls if call.operation != ROLLUP and not call.failed]
    ledger = _keyed(case)
    own = [row for row in ledger if row.trace_id == case.trace.trace_id]
    cached = any(_cache_row(row) and (row.tokens or row.amount) for row in own)
    stated = [count for call in calls for count in (call.usage.cache_read, call.usage.cache_write) if count is not None]
    silent = [call for call in calls if call.usage.cache_read is None and call.usage.cache_write is None]
    if not cached and not any(stated):
        if stated and not silent:
            return na("No token of this trace was read from a cache or written to one: all counters are zero.")
        if not calls and all(call.failed for call in case.trace.calls):
            return na("No model call of this trace ended with an answer.")
        lacks = f"cache counters of {len(silent)} of {len(calls)} model calls" if calls else "a call beside roll-ups"
        return unknown("Whether a cache was used is not recorded.", (lacks,))
    checks = [
        *_amortised(case, ledger, tolerance),
        *_rows(case, own, ledger, tolerance),
        *_spans(case, calls, tolerance),
    ]
    attributed = any(row.amount is not None or row.unit_price_per_mtok is not None for row in own) or any(
        call.cost is not None for call in calls
    )
    if not attributed:
        checks.append(
            _Check(missing="an attribution of the cost (cost_ledger rows, or gen_ai.usage.cost on the calls)")
        )
    checks += _billed(case, own, ledger, calls, tolerance)
    return _answer(checks)


def _answer(checks: Sequence[_Check]) -> Suggestion:
    faults = [each for each in checks if each.fault]
    figures: dict[str, Any] = {}
    for each in (*faults, *checks):
        for name, value in each.figures:
            figures.setdefault(name, value)
    missing = tuple(dict.fromkeys(each.missing for each in checks if each.missing))
    if faults:
        told = list(dict.fromkeys(each.fault for each in faults))
        more = f" And {len(told) - 3} more of the kind." if len(told) > 3 else ""  # noqa: PLR2004 - three are readable
        proof = tuple(dict.fromkeys(proof for each in faults for proof in each.evidence))
        return yes(" ".join(told[:3]) + more, proof, figures, missing)
    if missing:
        return unknown("The attributed cost of cached tokens cannot be checked in full.", missing, figures)
    return no("The attributed cost of cached tokens agrees with its recomputation and is charged to those who used"
              " them.", figures)  # fmt: skip


def _cache_row(row: CostRow) -> bool:
    return is_write(row) or row.token_type == READ


def _keyed(case: CaseFile) -> list[CostRow]:
    """Return the ledger; a row without a cache key takes the one that its span states."""
    keys = {
        (run.trace_id, span.span_id): str(span.attributes[CACHE_KEY])
        for run in case.runs for span in run.spans if CACHE_KEY in span.attributes
    }  # fmt: skip
    return [
        row if row.cache_key or not _cache_row(row)
        else structs.replace(row, cache_key=keys.get((row.trace_id, row.span_id), ""))
        for row in case.books.cost_ledger
    ]  # fmt: skip


def _cell(row: CostRow | Bill, column: str, book: str = "cost_ledger", trace_id: str = "") -> Evidence:
    value = getattr(row, column)
    text = "" if value is None else str(value)
    return Evidence(trace_id=trace_id, field=f"{book}:{row.row}:{column}", excerpt=text, end=len(text))


def _charge(row: CostRow, trace_id: str) -> Evidence:
    column = "amount" if row.amount is not None else "tokens" if row.tokens is not None else "token_type"
    return _cell(row, column, trace_id=trace_id)


def _amortised(case: CaseFile, ledger: Sequence[CostRow], tolerance: Decimal) -> Iterator[_Check]:
    """Hold every write that this trace paid for or read against who read it."""
    me = case.trace.trace_id
    seen = _seen_reads(case, ledger)
    for write in cache_writes([*ledger, *(_as_row(each) for each in seen)], tolerance):
        if (me in write.paid or me in write.reads) and not write.fair(tolerance):
            yield _unfair(write, ledger, seen, me)
    mine = {row.token_type == READ for row in ledger if row.trace_id == me and _cache_row(row) and not row.cache_key}
    if any((row.token_type == READ) is not reads for reads in mine for row in ledger
           if row.trace_id != me and _cache_row(row) and not row.cache_key and row.tokens != 0):  # fmt: skip
        yield _Check(missing="cache_key on the ledger's rows of cache reads and writes")


def _seen_reads(case: CaseFile, ledger: Sequence[CostRow]) -> tuple[CacheRead, ...]:
    """Return what traces read of a key by their own counters, where the ledger charges them no read of it."""
    charged = {(row.cache_key, row.trace_id) for row in ledger if row.token_type == READ}
    found = {(each.key, each.trace_id): each for each in case.around.cache_reads}
    for run in case.runs:
        for each in cache_reads(run):
            found.setdefault((each.key, each.trace_id), each)
    return tuple(each for place, each in found.items() if place not in charged)


def _as_row(read: CacheRead) -> CostRow:
    return CostRow(token_type=READ, trace_id=read.trace_id, span_id=read.span_id, cache_key=read.key,
                   tokens=read.tokens, at=from_ns(read.at_ns) if read.at_ns else None)  # fmt: skip


def _unfair(write: CacheWrite, ledger: Sequence[CostRow], seen: Sequence[CacheRead], me: str) -> _Check:
    payers, readers = tuple(write.paid), tuple(write.reads)
    if len(payers) == 1:
        others = write.readers_beside(payers[0])
        whom = "this trace" if payers[0] == me else f"trace {payers[0][:8]}"
        count = "one other trace" if len(others) == 1 else f"{len(others)} other traces"
        told = f"The write of cache key {write.key[:60]} is charged wholly to {whom} although {count} read it."
    else:
        told = (f"The write of cache key {write.key[:60]} is split over {len(payers)} traces neither equally nor by"
                f" tokens read ({len(readers)} traces read it).")  # fmt: skip
    reads = [row for row in ledger if row.cache_key == write.key and row.token_type == READ and row.tokens
             and row.trace_id not in payers]  # fmt: skip
    proof = [
        *(_charge(row, me) for row in write.rows[:_SHOWN]),
        *(_cell(row, "tokens", trace_id=me) for row in reads[:_SHOWN]),
        *(Evidence(trace_id=each.trace_id, span_id=each.span_id, field=CACHE_KEY, excerpt=each.key, end=len(each.key))
          for each in seen[:_SHOWN] if each.key == write.key and each.trace_id not in payers),
    ]  # fmt: skip
    figures = (("payers", str(len(payers))), ("readers", str(len(readers))),
               ("charged", str(sum(write.paid.values(), Decimal(0)))))  # fmt: skip
    return _Check(fault=told, evidence=tuple(proof), figures=figures)


def _at(row: CostRow, call: LlmCall | None) -> datetime | None:
    return row.at or (from_ns(call.started_ns) if call is not None and call.started_ns else None)


def _model(call: LlmCall) -> str:
    return call.response_model or call.request_model


def _rows(case: CaseFile, own: Sequence[CostRow], ledger: Sequence[CostRow], tolerance: Decimal) -> Iterator[_Check]:
    """Recompute each row that charges this trace, and each write that it shares."""
    calls = {each: call for call in case.trace.calls for each in (call.span_id, *call.duplicates)}
    spans = {span.span_id: span for span in case.trace.spans}
    shared = [write for write in cache_writes(ledger, tolerance) if write.shared and case.trace.trace_id in write.paid]
    parts = {row.row for write in shared for row in write.rows}
    for row in own:
        call = calls.get(row.span_id)
        at, model = _at(row, call), row.model or (_model(call) if call else "")
        price = price_of(case.books.model_prices, model, call.provider if call else "", at) if at and model else None
        lifetime = ""
        if call is not None and is_write(row) and row.row not in parts:
            found = counters(call, spans)
            lifetime = found.lifetime if found else ""
        yield from _row(row, price, tolerance, lifetime, case.trace.trace_id, share=row.row in parts)
    for write in shared:
        yield from _summed(write, case, tolerance)
    yield from _tokens(case, own, calls, tolerance)


def _row(
    row: CostRow, price: Price | None, tolerance: Decimal, lifetime: str, me: str, *, share: bool
) -> Iterator[_Check]:
    kind, unit, proof = row.token_type, row.unit_price_per_mtok, (_charge(row, me),)
    if {kind, lifetime} == {WRITE_5M, WRITE_1H}:
        told = f"Row {row.row} of the ledger charges {_words(kind)}, and the span reports {_words(lifetime)}."
        yield _Check(fault=told, evidence=proof)
        return
    if unit is not None and row.amount is not None and row.tokens is not None and not share:
        product = cost(row.tokens, unit)
        if not close(row.amount, product, tolerance):
            told = (f"Row {row.row} of the ledger charges {row.amount} for {row.tokens} tokens at {unit} per million,"
                    f" which is {product.normalize():f}.")  # fmt: skip
            both = (("attributed", str(row.amount)), ("recomputed", f"{product.normalize():f}"))
            yield _Check(fault=told, evidence=proof, figures=both)
            return
    if not row.tokens and unit is None:
        return
    kind = lifetime if kind == WRITE and lifetime else kind
    right = [] if price is None else [rate for rate in map(price.of, (WRITE_5M, WRITE_1H) if kind == WRITE else (kind,))
                                      if rate is not None]  # fmt: skip
    if price is None or not right or (price.currency and row.currency and price.currency != row.currency.upper()):
        yield _Check(missing=f"the price of {_words(kind)} of {row.model or 'the model'} as of the call"
                             f"{' in ' + row.currency if price and right else ''} (model_prices)")  # fmt: skip
        return
    if unit is None and (row.amount is None or share):
        return
    if any(_agrees(row, rate, tolerance) for rate in right):
        return
    mixed = next((each for each in KINDS if each != kind and (rate := price.of(each)) is not None
                  and _agrees(row, rate, tolerance)), "")  # fmt: skip
    charged = unit if unit is not None else row.amount
    expected = right[0] if unit is not None else cost(row.tokens or 0, right[0])
    figures = (("attributed", str(charged)), ("recomputed", f"{expected.normalize():f}"))
    whose = f"row {price.book_row} of the price book" if price.from_book else "the public price list"
    column = "unit_price_per_mtok" if unit is not None else "amount"
    if mixed:
        told = (f"Row {row.row} of the ledger charges {_words(kind)} at the price of {_words(mixed)}: {charged}"
                f" instead of {figures[1][1]} ({whose}).")  # fmt: skip
    elif price.from_book:
        told = f"Row {row.row} of the ledger charges {_words(kind)} with {charged}; {whose} gives {figures[1][1]}."
    else:
        yield _Check(missing=f"the price that holds for {row.model} (model_prices): the ledger's is not the list's",
                     figures=figures)  # fmt: skip
        return
    yield _Check(fault=told, evidence=(_cell(row, column, trace_id=me),), figures=figures)


def _agrees(row: CostRow, rate: Decimal, tolerance: Decimal) -> bool:
    if row.unit_price_per_mtok is not None:
        return abs(row.unit_price_per_mtok - rate) <= tolerance * rate
    return row.amount is not None and close(row.amount, cost(row.tokens or 0, rate), tolerance)


def _words(kind: str) -> str:
    return {WRITE_5M: "5-minute cache writes", WRITE_1H: "1-hour cache writes", WRITE: "cache writes",
            READ: "cache reads"}.get(kind, kind)  # fmt: skip


def _summed(write: CacheWrite, case: CaseFile, tolerance: Decimal) -> Iterator[_Check]:
    """Hold the shares of a write, together, against tokens times price; each row may state its share or all tokens."""
    row = write.rows[0]
    amounts = [each.amount for each in write.rows]
    tokens = [each.tokens for each in write.rows if each.tokens is not None]
    rate = row.unit_price_per_mtok
    price = price_of(case.books.model_prices, row.model, "", row.at) if row.at and row.model else None
    rate = rate if rate is not None else price.of(row.token_type) if price else None
    if rate is None or any(each is None for each in amounts) or len(tokens) != len(amounts):
        return
    total = sum((each for each in amounts if each is not None), Decimal(0))
    right = [cost(sum(tokens), rate), *([cost(tokens[0], rate)] if len(set(tokens)) == 1 else [])]
    if not any(close(total, each, tolerance, len(amounts)) for each in right):
        shown = f"{right[-1].normalize():f}"
        told = f"The shares of the write of cache key {write.key[:60]} sum to {total}, and the write is {shown}."
        yield _Check(fault=told,
                     evidence=tuple(_charge(each, case.trace.trace_id) for each in write.rows[:_SHOWN]),
                     figures=(("attributed", str(total)), ("recomputed", shown)))  # fmt: skip


def _tokens(case: CaseFile, own: Sequence[CostRow], calls: dict[str, LlmCall], tolerance: Decimal) -> Iterator[_Check]:
    """Hold the ledger's tokens of a span against the span's counters; rows without a span against those of the rest.

    Rows of a trace may leave calls out, so that only what they charge too much is a fault.
    """
    spans = {span.span_id: span for span in case.trace.spans}
    by_call: dict[str, list[CostRow]] = {}
    for row in own:
        if row.span_id in calls and row.tokens is not None:
            by_call.setdefault(calls[row.span_id].span_id, []).append(row)
    for span_id, rows in by_call.items():
        found = counters(calls[span_id], spans)
        if found is not None:
            yield from _held(rows, found, "a call that reports", tolerance, case.trace.trace_id)
    loose = [row for row in own if not row.span_id and row.tokens is not None]
    rest = [counters(call, spans) for call in case.trace.calls
            if call.operation != ROLLUP and not call.failed and call.span_id not in by_call]  # fmt: skip
    whole = added(rest)
    if loose and whole is not None:
        yield from _held(loose, whole, "calls that together report", tolerance, case.trace.trace_id, partly=True)


def _held(
    rows: Sequence[CostRow], found: Counters, whom: str, tolerance: Decimal, me: str, *, partly: bool = False
) -> Iterator[_Check]:
    for kind, count in (("input", found.plain), ("output", found.output), (READ, found.read)):
        mine = [row for row in rows if row.token_type == kind]
        charged = sum(row.tokens or 0 for row in mine)
        if not mine or abs(charged - count) <= tolerance * count or (partly and charged < count):
            continue
        twice = kind == "input" and count < charged <= count + found.read + found.write
        why = " (cached tokens are counted twice)" if twice else ""
        told = f"The ledger charges {charged} tokens of {_words(kind)} to {whom} {count}{why}."
        proof = tuple(_cell(row, "tokens", trace_id=me) for row in mine[:_SHOWN])
        figures = (("attributed_tokens", str(charged)), ("reported_tokens", str(count)))
        yield _Check(fault=told, evidence=proof, figures=figures)


def _spans(case: CaseFile, calls: Sequence[LlmCall], tolerance: Decimal) -> Iterator[_Check]:
    """Recompute the cost that a call's own span states."""
    spans = {span.span_id: span for span in case.trace.spans}
    for call in calls:
        stated = call.cost
        if stated is None:
            continue
        tokens, at = counters(call, spans), from_ns(call.started_ns) if call.started_ns else None
        if tokens is None:
            yield _Check(missing="input and output counters of a call that states its cost")
            continue
        price = price_of(case.books.model_prices, _model(call), call.provider, at) if at and _model(call) else None
        other = price and price.currency and call.cost_currency and price.currency != call.cost_currency.upper()
        right = recomputed(tokens, price) if price and not other else ()
        if price is None or not right:
            yield _Check(missing=f"the price of {_model(call) or 'the model'} as of the call (model_prices)")
            continue
        yield _span(case, call, stated, tokens, price, right, tolerance)


def _span(
    case: CaseFile, call: LlmCall, stated: Decimal, tokens: Counters, price: Price, right: Sequence[Decimal],
    tolerance: Decimal,
) -> _Check:  # fmt: skip
    figures = (("attributed", str(stated)), ("recomputed", f"{right[0].normalize():f}"))
    if any(close(stated, each, tolerance) for each in right):
        return _Check(figures=figures)
    told = slip(stated, tokens, price, tolerance)
    if not told and not price.from_book:
        return _Check(missing=f"the price that holds for {_model(call)} (model_prices): the call's cost of {stated} is"
                              f" not the list's {figures[1][1]}", figures=figures)  # fmt: skip
    whose = f"row {price.book_row} of the price book" if price.from_book else "the public price list"
    why = f": {told}" if told else ""
    return _Check(fault=f"A call states a cost of {stated}; its counters and {whose} give {figures[1][1]}{why}.",
                  evidence=_cost_of(case, call), figures=figures)  # fmt: skip


def _cost_of(case: CaseFile, call: LlmCall) -> tuple[Evidence, ...]:
    for span_id in (call.span_id, *call.duplicates):
        span = case.trace.span(span_id)
        for field in COSTS if span else ():
            if span is not None and field in span.attributes:
                text = str(span.attributes[field])
                return (
                    Evidence(trace_id=case.trace.trace_id, span_id=span_id, field=field, excerpt=text, end=len(text)),
                )
    return (Evidence(trace_id=case.trace.trace_id, span_id=call.span_id),)


def _billed(
    case: CaseFile, own: Sequence[CostRow], ledger: Sequence[CostRow], calls: Sequence[LlmCall], tolerance: Decimal
) -> Iterator[_Check]:
    """Hold the ledger against each bill of a period in which it charges this trace; without a ledger, the spans."""
    for bill in case.books.billing:
        if any(_on(bill, row) for row in own):
            yield _against(bill, [row for row in ledger if _on(bill, row)], tolerance, case)
        elif not own and any(call.cost is not None and _covers(bill, call) for call in calls):
            runs = [call for run in case.runs for call in run.calls if call.operation != ROLLUP]
            total = sum((call.cost or Decimal(0) for call in runs if _covers(bill, call)), Decimal(0))
            figures = (("attributed", str(total)), ("billed", str(bill.amount)))
            if total > bill.amount and not bill.token_type and not close(total, bill.amount, tolerance):
                told = f"The calls' costs sum to {total}, and only {bill.amount} was billed for the period."
                proof = tuple(each for call in calls[:_SHOWN] for each in _cost_of(case, call))
                yield _Check(fault=told, figures=figures,
                             evidence=(*proof, _cell(bill, "amount", "billing", case.trace.trace_id)))  # fmt: skip
            elif bill.token_type or not close(total, bill.amount, tolerance):
                yield _Check(missing="cost_ledger rows of all traces in the billed period", figures=figures)


def _on(bill: Bill, row: CostRow) -> bool:
    kinds = not bill.token_type or row.token_type == bill.token_type or (bill.token_type == WRITE and is_write(row))
    inside = row.at is not None and bill.period_start <= row.at < bill.period_end
    return kinds and inside and (not bill.model or not row.model or same_model(bill.model, row.model))


def _covers(bill: Bill, call: LlmCall) -> bool:
    at = from_ns(call.started_ns) if call.started_ns else None
    return at is not None and bill.period_start <= at < bill.period_end and (
        not bill.model or same_model(bill.model, _model(call)))  # fmt: skip


def _against(bill: Bill, rows: Sequence[CostRow], tolerance: Decimal, case: CaseFile) -> _Check:
    me = case.trace.trace_id
    currencies = {row.currency.upper() for row in rows if row.currency}
    if bill.currency and currencies - {bill.currency.upper()}:
        return _Check(missing=f"ledger and bill in one currency ({', '.join(sorted(currencies))}; {bill.currency})")
    if not bill.model and len({each.provider for each in case.books.billing if each.provider}) > 1:
        return _Check(missing="the model on the bills of several providers")
    amounts = [amount_of(row) for row in rows]
    if any(amount is None for amount in amounts):
        return _Check(missing="amounts of the ledger's rows in the billed period")
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    figures = (("attributed", f"{total.normalize():f}"), ("billed", str(bill.amount)))
    # Both are rounded: the ledger row by row, the bill once.
    if close(total, bill.amount, tolerance, len(rows)) or close(bill.amount, total, tolerance):
        return _Check(figures=figures)
    if not bill.token_type and total < bill.amount and all(_cache_row(row) for row in rows):
        return _Check(missing="ledger rows of input and output in the billed period", figures=figures)
    day = f"{bill.period_start:%Y-%m-%d} to {bill.period_end:%Y-%m-%d}"
    what = " ".join(filter(None, (bill.model, _words(bill.token_type) if bill.token_type else "")))
    proof = [_cell(bill, "amount", "billing", me), *(_charge(row, me) for row in rows if row.trace_id == me)]
    told = (
        f"The ledger attributes {figures[0][1]}{' for ' + what if what else ''} and {bill.amount} was billed ({day})."
    )
    return _Check(fault=told, evidence=tuple(proof[: _SHOWN + 1]), figures=figures)
