"""Costs charged to the wrong trace, with the wrong price, or beside the bill; and ledgers that add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

from msgspec import structs

from plant import INNOCENT, UNTOLD, Plant, Row
from planted._costs import CENT, House, Pair
from planted._days import Made, notes, turns

SLUG = "cost_attribution_drift"


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield faulty attributions of cost; the twins lack the ledger and span costs, the prices, or the counters."""
    for make in turns(chance, (
        _write_on_one, _write_on_one_in_ledger, _beside_the_bill, _lifetimes_mixed, _read_as_write, _cached_twice,
        _old_price, _span_cost, _product_wrong, _span_lifetime,
        _readers_by_their_spans, _lifetime_by_ttl, _span_counts_twice, _bill_of_reads,
    )):  # fmt: skip
        yield make(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield ledgers that share what was written, follow the prices of the day, and meet the bill."""
    for make in turns(chance, (
        _shared_equally, _shared_by_reads, _own_reads, _rounded, _new_price, _no_cache, _other_key, _span_right,
        _bill_of_many, _no_counters,
        _read_before, _paid_by_all_who_read, _another_currency, _another_period,
    )):  # fmt: skip
        yield make(chance)


def _is(row: Row, kind: str) -> bool:
    return bool(row["token_type"] == kind)


def _used(house: House) -> None:
    """Let the first run write and all others read, some of them twice."""
    written = house.chance.randint(8, 60) * 1024
    house.write(house.runs[0], written)
    for run in house.runs[1:]:
        for _ in range(house.chance.randint(1, 2)):
            house.read(run, written)
    for run in house.runs:
        for _ in range(house.chance.randint(0, 2)):
            house.plain(run)


def _first_write(house: House) -> Made:
    return house.calls(house.runs[0])[0]


def _write_on_one(chance: Random) -> Pair:
    house = House(chance)
    _used(house)
    house.charge_all()
    row = next(row for row in house.ledger if row["token_type"].startswith("cache_write"))
    return house.pair("a write charged to its writer though others read it", row["amount"])


def _write_on_one_in_ledger(chance: Random) -> Pair:
    house = House(chance, 3)
    _used(house)
    house.charge_all(f"cache_write_{house.lifetime}")
    write = _first_write(house)
    reader = house.calls(house.runs[1])[0]
    row = house.charge({**write, "trace": reader["trace"], "at": reader["at"]}, f"cache_write_{house.lifetime}",
                       write["tokens"]["cache_write"])  # fmt: skip
    return house.pair("a write charged to one of its readers", row["amount"], house.runs[1].trace)


def _share_out(house: House, weights: Sequence[int]) -> None:
    """Charge the write in shares."""
    write = _first_write(house)
    kind, tokens = f"cache_write_{house.lifetime}", write["tokens"]["cache_write"]
    left = tokens
    for number, (run, weight) in enumerate(zip(house.runs, weights, strict=True), 1):
        part = left if number == len(weights) else tokens * weight // sum(weights)
        left -= part
        house.charge({**write, "trace": run.trace}, kind, part)


def _fair(chance: Random, runs: int = 0) -> House:
    """Return a house that used a cache and charged it fairly."""
    house = House(chance, runs)
    _used(house)
    house.charge_all(f"cache_write_{house.lifetime}")
    _share_out(house, [1] * len(house.runs))
    return house


def _beside_the_bill(chance: Random) -> Pair:
    house = _fair(chance)
    factor = Decimal(chance.choice((chance.randint(102, 160), chance.randint(55, 97)))) / 100
    kind = chance.choice(("", "", "output", "input"))
    row = house.billed(factor, kind)
    return house.pair("the ledger's sum is not what was billed", row["amount"])


def _lifetimes_mixed(chance: Random) -> Pair:
    house = House(chance, 1)
    house.lifetime = chance.choice(("5m", "1h"))
    wrong = house.prices["cache_write_1h" if house.lifetime == "5m" else "cache_write_5m"]
    tokens = chance.randint(8, 60) * 1024
    write = house.write(house.runs[0], tokens)
    house.read(house.runs[0], tokens)
    house.charge_all(f"cache_write_{house.lifetime}")
    row = house.charge(write, f"cache_write_{house.lifetime}", tokens, wrong)
    return house.pair("the price of the other lifetime", house.shown(row))


def _read_as_write(chance: Random) -> Pair:
    house = _fair(chance)
    row = next(row for row in house.ledger if _is(row, "cache_read"))
    unit = house.prices[chance.choice(("input", "cache_write_5m"))]
    row |= {"unit_price_per_mtok": str(unit), "amount": str((unit * row["tokens"] / 1_000_000).quantize(CENT))}
    return house.pair("a read charged at the price of a write or of new input", house.shown(row), row["trace_id"])


def _cached_twice(chance: Random) -> Pair:
    house = _fair(chance)
    run = house.runs[1]
    call = house.calls(run)[0]
    row = next(row for row in house.ledger if row["trace_id"] == run.trace and _is(row, "input"))
    tokens = call["tokens"]["input"]
    row |= {"tokens": tokens, "amount": str((house.prices["input"] * tokens / 1_000_000).quantize(CENT))}
    return house.pair("cached tokens charged as input once more", str(tokens), run.trace)


def _old_price(chance: Random) -> Pair:
    house = House(chance, 1)
    run = house.runs[0]
    old = {kind: price * chance.choice((2, 3)) for kind, price in house.prices.items()}
    house.listed = [house.listing(house.start - timedelta(days=200), old),
                    house.listing(house.start - timedelta(days=chance.randint(1, 20)), house.prices)]  # fmt: skip
    for _ in range(chance.randint(2, 5)):
        house.plain(run)
    house.read(run, 4096)
    house.charge_all()
    row = chance.choice([row for row in house.ledger if _is(row, "output")])
    unit = old["output"]
    row |= {"unit_price_per_mtok": str(unit), "amount": str((unit * row["tokens"] / 1_000_000).quantize(CENT))}
    return house.pair("the price of before the change", house.shown(row))


def _cost(house: House, call: Made, lifetime: str = "", **prices: Decimal) -> Decimal:
    known = house.prices | prices
    return sum((known[kind] * tokens / 1_000_000 for kind, tokens in house.parts(call, lifetime).items()), Decimal(0))


def _span_cost(chance: Random) -> Pair:
    house = House(chance)
    _used(house)
    house.runs = house.runs[::-1]
    run = house.runs[0]
    for each in house.runs:
        for call in house.calls(each):
            call["gen_ai.usage.cost"] = float(_cost(house, call))
    call = house.calls(run)[0]
    call["gen_ai.usage.cost"] = float(_cost(house, call, cache_read=house.prices["input"]))
    return house.pair("a span's own cost takes cached tokens for new ones", str(call["gen_ai.usage.cost"]))


def _product_wrong(chance: Random) -> Pair:
    house = _fair(chance)
    mine = [row for row in house.ledger if row["trace_id"] == house.runs[0].trace]
    row = chance.choice(mine)
    row["amount"] = str((Decimal(row["amount"]) * Decimal(chance.choice(("1.1", "0.8", "10", "1.5")))).quantize(CENT))
    return house.pair("an amount that is not tokens times price", row["amount"])


def _span_lifetime(chance: Random) -> Pair:
    house = House(chance, 1)
    call = house.write(house.runs[0], chance.randint(8, 60) * 1024)
    house.plain(house.runs[0])
    other = "1h" if house.lifetime == "5m" else "5m"
    for each in house.calls(house.runs[0]):
        each["gen_ai.usage.cost"] = float(_cost(house, each))
    call["gen_ai.usage.cost"] = float(_cost(house, call, other))
    return house.pair("a span's own cost takes one lifetime for the other", str(call["gen_ai.usage.cost"]))


def _readers_by_their_spans(chance: Random) -> Pair:
    house = House(chance)
    _used(house)
    for call in house.calls(house.runs[0]):
        for kind, tokens in house.parts(call).items():
            house.charge(call, kind, tokens)
    row = next(row for row in house.ledger if row["token_type"].startswith("cache_write"))
    return house.pair("a write charged to its writer, its readers known by their own spans", row["amount"])


def _lifetime_by_ttl(chance: Random) -> Pair:
    house = House(chance, 1)
    call = house.write(house.runs[0], chance.randint(8, 60) * 1024)
    for lifetime in ("5m", "1h"):
        call.pop(f"anthropic.usage.cache_creation.ephemeral_{lifetime}_input_tokens")
    call["trading.cache.ttl"] = {"5m": "PT5M", "1h": "PT1H"}[house.lifetime]
    field = chance.choice(("gen_ai.usage.cost", "gen_ai.usage.cost.amount"))
    call[field] = float(_cost(house, call, "1h" if house.lifetime == "5m" else "5m"))
    fall, twin = house.pair("the lifetime stands as a duration", str(call[field]))
    rows = tuple({key: value for key, value in row.items() if key != field} for row in twin.rows)
    return fall, structs.replace(twin, rows=rows)


def _span_counts_twice(chance: Random) -> Pair:
    house = House(chance, 1)
    written = chance.randint(8, 60) * 1024
    house.write(house.runs[0], written)
    call = house.read(house.runs[0], written)
    whole = _cost(house, call) + house.prices["input"] * call["tokens"]["cache_read"] / 1_000_000
    call["gen_ai.usage.cost"] = float(whole)
    return house.pair("a span's own cost takes cached tokens twice", str(call["gen_ai.usage.cost"]))


def _bill_of_reads(chance: Random) -> Pair:
    house = _fair(chance)
    row = house.billed(Decimal(chance.choice((90, 110, 250))) / 100, "cache_read")
    return house.pair("the bill of cache reads alone is another", row["amount"], house.runs[1].trace)


def _shared_equally(chance: Random) -> Plant:
    house = _fair(chance)
    house.billed()
    return house.plant("a write shared out equally", INNOCENT)


def _shared_by_reads(chance: Random) -> Plant:
    house = House(chance)
    _used(house)
    house.charge_all(f"cache_write_{house.lifetime}")
    readers = house.runs[1:]
    weights = [0, *(sum(call["tokens"]["cache_read"] for call in house.calls(run)) for run in readers)]
    if len(readers) == 1:
        weights = [1, 1]
    _share_out(house, weights)
    house.ledger = [row for row in house.ledger if row["tokens"]]
    return house.plant("a write shared out by tokens read", INNOCENT)


def _own_reads(chance: Random) -> Plant:
    house = House(chance)
    for run in house.runs:
        key, tokens = f"{house.key}-{run.trace[:4]}", chance.randint(4, 40) * 1024
        house.write(run, tokens)["trading.cache.key"] = key
        house.read(run, tokens, key)
    house.charge_all()
    house.billed()
    return house.plant("each run reads what it wrote itself", INNOCENT)


def _rounded(chance: Random) -> Plant:
    house = _fair(chance)
    factor = Decimal(chance.choice((9960, 9980, 10_020, 10_040))) / 10_000
    house.billed(factor)
    return house.plant("within half a percent of the bill", INNOCENT)


def _new_price(chance: Random) -> Plant:
    house = House(chance, 1)
    dearer = {kind: price * 3 for kind, price in house.prices.items()}
    house.listed.append(house.listing(house.start + timedelta(days=1), dearer))
    for _ in range(chance.randint(2, 5)):
        house.plain(house.runs[0])
    house.read(house.runs[0], 4096)
    house.charge_all()
    return house.plant("a price that only begins tomorrow", INNOCENT)


def _no_cache(chance: Random) -> Plant:
    house = House(chance)
    for run in house.runs:
        house.plain(run)
    house.charge_all()
    return house.plant("no cache is used", INNOCENT)


def _other_key(chance: Random) -> Plant:
    house = House(chance, 2)
    first, second = house.runs
    tokens = chance.randint(4, 40) * 1024
    house.write(first, tokens)
    house.read(first, tokens)
    house.read(second, tokens, f"{house.key}-other")
    house.charge_all()
    return house.plant("another run reads another prefix", INNOCENT)


def _span_right(chance: Random) -> Plant:
    house = House(chance)
    _used(house)
    for run in house.runs:
        for call in house.calls(run):
            call["gen_ai.usage.cost"] = float(_cost(house, call))
    return house.plant("spans that state what they cost", INNOCENT)


def _bill_of_many(chance: Random) -> Plant:
    house = _fair(chance)
    for kind in sorted({row["token_type"] for row in house.ledger}):
        house.billed(kind=kind)
    return house.plant("bills by kind of token that add up", INNOCENT)


def _no_counters(chance: Random) -> Plant:
    house = House(chance)
    for run in house.runs:
        run.call(notes(chance), tokens={})
    return house.plant("nothing was counted", UNTOLD)


def _read_before(chance: Random) -> Plant:
    house = House(chance, 2)
    first, second = house.runs
    tokens = chance.randint(4, 40) * 1024
    house.read(first, tokens)
    second.at += timedelta(hours=2)
    house.write(second, tokens)
    house.charge_all()
    return house.plant("the other run read an older copy, before the write", INNOCENT, trace=second.trace)


def _paid_by_all_who_read(chance: Random) -> Plant:
    house = House(chance, 3)
    _used(house)
    _share_out(house, [1] * len(house.runs))
    return house.plant("shares of a write, its readers known by their own spans", INNOCENT | UNTOLD)


def _another_currency(chance: Random) -> Plant:
    house = _fair(chance)
    for row in house.ledger:
        row["currency"] = "EUR"
    return house.plant("ledger and prices in different currencies", UNTOLD)


def _another_period(chance: Random) -> Plant:
    house = _fair(chance)
    bill = house.billed(Decimal(3))
    bill["period_start"], bill["period_end"] = "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z"
    return house.plant("the bill of another month", INNOCENT)
