"""What a model call should have cost by its own counters, and which usual slip a stated cost shows when it differs.

Counters are inclusive (cached tokens lie inside input). A write's lifetime is read from the call's span; where it is
not stated, either price of a write is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, structs

from afterbell.model.calls import LlmCall
from afterbell.model.run import Trace
from afterbell.model.surroundings import CacheRead
from afterbell.model.trace import Span
from afterbell.reading.pricing.table import INPUT, OUTPUT, READ, WRITE, WRITE_1H, WRITE_5M, Price, close, cost

CACHE_KEY: Final = "trading.cache.key"
_5M: Final = ("cache_creation.ephemeral_5m_input_tokens", "ephemeral_5m_input_tokens", "cache_creation_5m")
_1H: Final = ("cache_creation.ephemeral_1h_input_tokens", "ephemeral_1h_input_tokens", "cache_creation_1h")
_TTLS: Final = {
    "PT5M": WRITE_5M,
    "PT300S": WRITE_5M,
    "5M": WRITE_5M,
    "PT1H": WRITE_1H,
    "PT60M": WRITE_1H,
    "1H": WRITE_1H,
}


class Counters(Struct, frozen=True, kw_only=True):
    """Tokens of one call, each counted once. `lifetime` is the kind of its writes; cache_write where not stated."""

    plain: int = 0
    output: int = 0
    read: int = 0
    write: int = 0
    lifetime: str = WRITE
    write_5m: int = 0
    write_1h: int = 0


def counters(call: LlmCall, spans: Mapping[str, Span]) -> Counters | None:
    """Return the counters of a call; None where input or output is not reported."""
    usage = call.usage
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    read, write = usage.cache_read or 0, usage.cache_write or 0
    short, long, ttl = 0, 0, ""
    for each in (call.span_id, *call.duplicates):
        attributes: Mapping[str, Any] = spans[each].attributes if each in spans else {}
        short = short or _count(attributes, _5M)
        long = long or _count(attributes, _1H)
        ttl = ttl or str(attributes.get("trading.cache.ttl", "")).upper()
    if write and not short and not long:
        lifetime = _TTLS.get(ttl, WRITE)
        short, long = (write if lifetime == WRITE_5M else 0), (write if lifetime == WRITE_1H else 0)
    else:
        lifetime = WRITE_5M if short and not long else WRITE_1H if long and not short else WRITE
    return Counters(
        plain=max(0, usage.input_tokens - read - write), output=usage.output_tokens, read=read, write=write,
        lifetime=lifetime, write_5m=short, write_1h=long,
    )  # fmt: skip


def added(parts: Sequence[Counters | None]) -> Counters | None:
    """Return the counters of several calls together; None where one is not reported, or there is none."""
    known = [each for each in parts if each is not None]
    if not known or len(known) < len(parts):
        return None
    return Counters(
        plain=sum(each.plain for each in known), output=sum(each.output for each in known),
        read=sum(each.read for each in known), write=sum(each.write for each in known),
    )  # fmt: skip


def cache_reads(run: Trace) -> tuple[CacheRead, ...]:
    """Return what a trace read from a provider's cache under keys that its spans name, one for each key."""
    found: dict[str, CacheRead] = {}
    spans = {span.span_id: span for span in run.spans}
    for call in run.calls:
        named = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
        span = next((each for each in named if CACHE_KEY in each.attributes), None)
        if span is None or not call.usage.cache_read:
            continue
        key = str(span.attributes[CACHE_KEY])
        first = found.get(key) or CacheRead(
            key=key, trace_id=run.trace_id, tokens=0, at_ns=call.started_ns, span_id=span.span_id
        )
        found[key] = structs.replace(first, tokens=first.tokens + call.usage.cache_read)
    return tuple(found.values())


def _count(attributes: Mapping[str, Any], endings: tuple[str, ...]) -> int:
    for key, value in attributes.items():
        if key.endswith(endings) and str(value).isdecimal():
            return int(str(value)[:15])
    return 0


def recomputed(tokens: Counters, price: Price) -> tuple[Decimal, ...]:
    """Return what the call may rightly have cost (several where a write's lifetime is open); none without a price."""
    rates = [price.of(kind) for kind, count in ((INPUT, tokens.plain), (OUTPUT, tokens.output), (READ, tokens.read))
             if count]  # fmt: skip
    if any(rate is None for rate in rates):
        return ()
    fixed = _sum(price, ((tokens.plain, INPUT), (tokens.output, OUTPUT), (tokens.read, READ)))
    return tuple(fixed + each for each in _writes(tokens, price))


def _writes(tokens: Counters, price: Price) -> Iterator[Decimal]:
    if not tokens.write:
        yield Decimal(0)
    elif tokens.write_5m or tokens.write_1h:
        known = price.of(WRITE_5M), price.of(WRITE_1H)
        if (known[0] is not None or not tokens.write_5m) and (known[1] is not None or not tokens.write_1h):
            yield cost(tokens.write_5m, known[0] or Decimal(0)) + cost(tokens.write_1h, known[1] or Decimal(0))
    else:
        for kind in (WRITE_5M, WRITE_1H):
            rate = price.of(kind)
            if rate is not None:
                yield cost(tokens.write, rate)


def slip(stated: Decimal, tokens: Counters, price: Price, tolerance: Decimal) -> str:
    """Name the slip that gives exactly the stated cost, or nothing: prices mixed up, or cached tokens taken twice."""
    base = _sum(price, ((tokens.plain, INPUT), (tokens.output, OUTPUT)))
    kinds = (tokens.lifetime,) if tokens.lifetime != WRITE else (WRITE_5M, WRITE_1H)
    for kind in kinds:
        for told, read_at, write_at, twice in (
            ("cached tokens are charged as input and once more as cached", READ, kind, True),
            ("cache reads are charged at the input price", INPUT, kind, False),
            ("cache writes are charged at the input price", READ, INPUT, False),
            ("cached tokens are charged at the input price", INPUT, INPUT, False),
            ("cache reads are charged at the write price", kind, kind, False),
            ("cache writes are charged at the read price", READ, READ, False),
            ("5-minute writes are charged at the 1-hour price", READ, WRITE_1H, False),
            ("1-hour writes are charged at the 5-minute price", READ, WRITE_5M, False),
        ):
            rates = price.of(read_at) if tokens.read else Decimal(0), price.of(write_at) if tokens.write else Decimal(0)
            if rates[0] is None or rates[1] is None:
                continue
            whole = base + cost(tokens.read, rates[0]) + cost(tokens.write, rates[1])
            if twice:
                whole += _sum(price, ((tokens.read + tokens.write, INPUT),))
            if close(stated, whole, tolerance):
                return told
    return ""


def _sum(price: Price, parts: tuple[tuple[int, str], ...]) -> Decimal:
    return sum((cost(count, price.of(kind) or Decimal(0)) for count, kind in parts), Decimal(0))
