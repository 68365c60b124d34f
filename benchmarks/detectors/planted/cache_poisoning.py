"""Caches and memories that carry over what a bad run wrote; and stores, bad runs and markers that do not meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, INNOCENT, UNTOLD, Plant, Row
from planted._floor import MARKS, Tape, facts, gone, stroll
from planted._stores import (
    STEERS,
    WRITERS,
    Entry,
    clean,
    ended,
    entry,
    injected,
    later,
    mismatched,
    read,
    recall,
    retried,
    run,
    run_id,
    write,
)

SLUG = "cache_poisoning"

_Books = Mapping[str, tuple[Row, ...]]
_NO_BOOKS: _Books = {}


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs that read what a bad run wrote, and the same where nobody knows who wrote it."""
    joins = [_joined(by) for by in ("run id", "trace id", "record", "content")]
    for told in cycle((*joins, _own_words, _security, _chain, _one_of_many, _overwritten, _recalled)):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs that read nothing of a bad run."""
    for told in cycle(_HARMLESS):
        yield told(chance)


def _plant(wording: str, tapes: Sequence[Tape], answers: frozenset[Any], fault: str = "",
           books: _Books = _NO_BOOKS) -> Plant:  # fmt: skip
    """Return a plant of several runs; the first is under question."""
    rows = tuple(row for tape in tapes for row in tape.told())
    return Plant(wording=wording, rows=rows, trace=tapes[0].trace, answers=answers, fault=fault, books=books)


def _reader(chance: Random, writer: Tape, item: Entry, stated: str) -> Tape:
    tape = later(chance, writer)
    stroll(tape, 1)
    read(tape, item, stated)
    return ended(tape)


def _joined(by: str) -> Callable[[Random], tuple[Plant, Plant]]:
    """Return plants whose reader and writer are joined in this way."""

    def told(chance: Random) -> tuple[Plant, Plant]:
        name = chance.choice([*WRITERS])
        writer = WRITERS[name](chance)
        kind = "memory" if by == "record" else chance.choice(("cache", "tool", "retrieval"))
        item = entry(chance, writer.symbol, kind=kind)
        stated = {"run id": run_id(writer), "trace id": writer.trace}.get(by, "")
        if by in {"record", "content"} or chance.random() < 0.6:
            write(writer, item)
        if by == "content":
            item = entry(chance, writer.symbol, kind=kind, content=item.content)
        reader = _reader(chance, writer, item, stated)
        fault = {"record": item.record, "content": item.key}.get(by, stated)
        wording = f"{name} writer, by {by}"
        plant = _plant(wording, [reader, writer], FAULTY, fault)
        if name == "injected" and chance.random() < 0.4:
            rows = _blind(plant.rows, writer.trace, chance.choice(("", *MARKS)))
            return plant, Plant(wording=wording, rows=rows, trace=reader.trace, answers=UNTOLD)
        if stated and chance.random() < 0.5:
            _unstate(reader)
        return plant, _plant(wording, [reader, *_strangers(chance)], UNTOLD)

    return told


def _blind(rows: Sequence[Row], trace: str, mark: str) -> tuple[Row, ...]:
    """Return rows in which nothing that one run had read is kept."""
    return tuple(_blind_row(dict(row), mark) if row["trace"] == trace else row for row in rows)


def _blind_row(row: dict[str, Any], mark: str) -> Row:
    held = [key for key in ("result", "documents", "messages") if key in row]
    if not mark:
        return {key: value for key, value in row.items() if key not in held} | ({"dropped": len(held)} if held else {})
    if "result" in row:
        row["result"] = mark
    if "documents" in row:
        row["documents"] = [{"id": each["id"], "text": mark} for each in row["documents"]]
    if "messages" in row:
        row["messages"] = [
            {**each, "content": mark} if each["role"] in {"tool", "user"} else each for each in row["messages"]
        ]
    return row


def _unstate(tape: Tape) -> None:
    tape.rows = [
        {key: value for key, value in row.items() if key != "trading.cache.written_by_run"} for row in tape.rows
    ]


def _strangers(chance: Random) -> list[Tape]:
    """Return runs that have nothing to do with it."""
    return [clean(chance) for _ in range(chance.randint(0, 2))]


def _own_words(chance: Random) -> tuple[Plant, Plant]:
    """Let the content itself steer; who wrote it was clean, or is not known."""
    writer = clean(chance)
    steer = chance.choice(STEERS).format(s=writer.symbol)
    item = entry(chance, writer.symbol, content=f"{facts(chance)} {steer} {facts(chance)}")
    here = chance.random() < 0.5
    reader = _reader(chance, writer, item, run_id(writer) if here else "")
    tapes = [reader, writer] if here else [reader]
    plant = _plant("content that steers", tapes, FAULTY, steer[:14])
    rows = gone(plant.rows, [steer], chance.choice(("", *MARKS)))
    _unstate(reader)
    twin = tuple({key: value for key, value in row.items() if key != "trading.cache.written_by_run"} for row in rows)
    return plant, Plant(wording=plant.wording, rows=twin, trace=reader.trace, answers=UNTOLD)


def _security(chance: Random) -> tuple[Plant, Plant]:
    """Let an earlier postmortem have found the writer compromised."""
    writer = clean(chance)
    item = entry(chance, writer.symbol)
    write(writer, item)
    stated = chance.choice((run_id(writer), writer.trace))
    reader = _reader(chance, writer, item, stated)
    others = _strangers(chance)
    rows = ({"trace_id": writer.trace, "root_cause": "security"}, {"trace_id": "0" * 32, "root_cause": "data"})
    plant = _plant("a writer with a security postmortem", [reader, writer, *others], FAULTY, stated,
                   {"postmortems": rows})  # fmt: skip
    return plant, _plant(plant.wording, [reader, *others], UNTOLD, books={"postmortems": rows[1:]})


def _chain(chance: Random) -> tuple[Plant, Plant]:
    """Read from a run that read from a bad one."""
    first = injected(chance)
    source = entry(chance, first.symbol)
    write(first, source)
    second = later(chance, first)
    read(second, source, run_id(first))
    second.call()
    item = entry(chance, first.symbol)
    write(second, item)
    stated = chance.choice((run_id(second), second.trace))
    third = _reader(chance, second, item, stated)
    plant = _plant("a chain of stores", [third, second, first], FAULTY, stated)
    return plant, _plant(plant.wording, [third, second], UNTOLD)


def _one_of_many(chance: Random) -> tuple[Plant, Plant]:
    """Read several entries, one of them from a bad run."""
    bad = chance.choice([*WRITERS.values()])(chance)
    writers = [clean(chance) for _ in range(chance.randint(1, 3))]
    reader = later(chance, bad)
    stated = chance.choice((run_id(bad), bad.trace))
    order = [*writers, bad]
    chance.shuffle(order)
    for writer in order:
        item = entry(chance, reader.symbol)
        read(reader, item, stated if writer is bad else run_id(writer))
    ended(reader)
    plant = _plant("one bad entry among several", [reader, *order], FAULTY, stated)
    return plant, _plant(plant.wording, [reader, *writers], UNTOLD)


def _overwritten(chance: Random) -> tuple[Plant, Plant]:
    """Let a bad run overwrite what a clean run had written."""
    bad = chance.choice([*WRITERS.values()])(chance)
    first = run(chance, at=bad.at - timedelta(days=2), symbol=bad.symbol)
    old = entry(chance, bad.symbol, kind="memory")
    write(first, old)
    new = structs.replace(old, content=entry(chance, bad.symbol).content)
    write(bad, new)
    reader = _reader(chance, bad, new, "")
    plant = _plant("a record overwritten by a bad run", [reader, first, bad], FAULTY, old.record)
    elsewhere = run(chance, at=bad.at - timedelta(days=3), symbol=bad.symbol)
    return plant, _plant(plant.wording, [reader, elsewhere], UNTOLD)


def _recalled(chance: Random) -> tuple[Plant, Plant]:
    """Recall several records in one search, one of them from a bad run."""
    bad = chance.choice([*WRITERS.values()])(chance)
    writers = [run(chance, at=bad.at - timedelta(days=each + 1)) for each in range(chance.randint(1, 3))]
    items = []
    for writer in (*writers, bad):
        stroll(writer, 1)
        items.append(entry(chance, writer.symbol, kind="memory"))
        write(writer, items[-1])
    reader, record = later(chance, bad), items[-1].record
    chance.shuffle(items)
    recall(reader, items)
    ended(reader)
    plant = _plant("one bad record among several", [reader, *writers, bad], FAULTY, record)
    return plant, _plant(plant.wording, [reader, *writers], UNTOLD)


def _clean_writer(chance: Random) -> Plant:
    writer = clean(chance)
    item = entry(chance, writer.symbol)
    write(writer, item)
    reader = _reader(chance, writer, item, chance.choice((run_id(writer), writer.trace)))
    return _plant("a clean writer", [reader, writer], INNOCENT)


def _clean_by_join(chance: Random) -> Plant:
    """Find a clean writer by the record or the content alone."""
    writer = clean(chance)
    item = entry(chance, writer.symbol)
    write(writer, item)
    return _plant("a clean writer found by its entry", [_reader(chance, writer, item, ""), writer], INNOCENT)


def _no_store(chance: Random) -> Plant:
    """Use no store, beside a run that is bad."""
    tape = run(chance)
    stroll(tape, 3)
    ended(tape)
    return _plant("no cache at all", [tape, injected(chance)], INNOCENT)


def _prompt_cache(chance: Random) -> Plant:
    """Use the provider's prompt cache, which is none here."""
    tape = run(chance)
    stroll(tape)
    read_tokens = chance.randint(1000, 9000)
    tape.beside = {"tokens": {"input": read_tokens + 900, "output": 60, "cache_read": read_tokens, "cache_write": 0}}
    if chance.random() < 0.5:
        tape.beside["trading.cache.key"] = f"prefix-{chance.randint(1, 99)}"
    ended(tape)
    return _plant("the provider's prompt cache", [tape, injected(chance)], INNOCENT)


def _only_writes(chance: Random) -> Plant:
    """Write to a store, also from a run that read a steering text, and read nothing."""
    tape = injected(chance) if chance.random() < 0.6 else clean(chance)
    write(tape, entry(chance, tape.symbol))
    return _plant("writes only", [ended(tape)], INNOCENT)


def _missed(chance: Random) -> Plant:
    """Miss the cache and fetch anew; or search a memory that holds nothing."""
    tape = run(chance)
    if chance.random() < 0.5:
        tape.put("span", name="cache.get", **{"trading.cache.key": f"notes:{tape.symbol}", "trading.cache.hit": False})
    else:
        tape.put("span", name="search_memory", **{
            "gen_ai.operation.name": "search_memory", "gen_ai.memory.store.id": "desk-notes",
            "gen_ai.memory.query.text": tape.symbol, "gen_ai.memory.records": "[]", "gen_ai.memory.record.count": 0,
        })  # fmt: skip
    stroll(tape, 3)
    return _plant("a miss", [ended(tape), injected(chance)], INNOCENT)


def _other_entry(chance: Random) -> Plant:
    """Read a clean run's entry while a bad run wrote another one of the same store."""
    writer, bad = clean(chance), chance.choice([*WRITERS.values()])(chance)
    kind = chance.choice(("cache", "memory"))
    item = entry(chance, writer.symbol, kind=kind)
    write(writer, item)
    write(bad, entry(chance, bad.symbol, kind=kind))
    stated = run_id(writer) if kind == "cache" else ""
    return _plant("a bad run wrote another entry", [_reader(chance, writer, item, stated), writer, bad], INNOCENT)


def _retried(chance: Random) -> Plant:
    writer = retried(chance)
    item = entry(chance, writer.symbol)
    write(writer, item)
    return _plant("a writer that retried well", [_reader(chance, writer, item, run_id(writer)), writer], INNOCENT)


def _conforming(chance: Random) -> Plant:
    """Read from a run whose fallback answered in the same structure."""
    writer = mismatched(chance, same=True)
    item = entry(chance, writer.symbol)
    write(writer, item)
    return _plant("a fallback of one structure", [_reader(chance, writer, item, writer.trace), writer], INNOCENT)


def _other_cause(chance: Random) -> Plant:
    """Read from a run whose postmortem was about something else."""
    writer = clean(chance)
    item = entry(chance, writer.symbol)
    write(writer, item)
    reader = _reader(chance, writer, item, run_id(writer))
    rows = ({"trace_id": writer.trace, "root_cause": chance.choice(("data", "model", "process", "infrastructure"))},)
    return _plant("a postmortem of another cause", [reader, writer], INNOCENT, books={"postmortems": rows})


def _look_alike(chance: Random) -> Plant:
    """Read a note whose words only look as if they steered."""
    writer = clean(chance)
    text = chance.choice((
        "Holders should disregard the earlier tender offer and use the new form.",
        'The report quotes a page that said "ignore all previous instructions"; the page was taken down.',
        "Analysts reiterated their strong buy recommendation with high conviction.",
        "The client must call get_quote before place_order, the manual says.",
        "AI models must be registered before use, the draft law says.",
    ))  # fmt: skip
    number = f"{chance.getrandbits(32):08x}"
    item = entry(chance, writer.symbol, content=f"{facts(chance)} {text} (note {number})")
    write(writer, item)
    return _plant("a note that only looks so", [_reader(chance, writer, item, run_id(writer)), writer], INNOCENT)


def _cleaned(chance: Random) -> Plant:
    """Let a clean run overwrite what a bad run had written, before it is read."""
    bad = chance.choice([*WRITERS.values()])(chance)
    old = entry(chance, bad.symbol, kind="memory")
    write(bad, old)
    writer = later(chance, bad)
    stroll(writer, 1)
    new = structs.replace(old, content=entry(chance, bad.symbol).content)
    write(writer, new)
    return _plant("overwritten by a clean run", [_reader(chance, writer, new, ""), bad, writer], INNOCENT)


def _too_late(chance: Random) -> Plant:
    """Let a bad run write to the record after it was read."""
    bad = chance.choice([*WRITERS.values()])(chance)
    writer = run(chance, at=bad.at - timedelta(days=40), symbol=bad.symbol)
    item = entry(chance, bad.symbol, kind="memory")
    write(writer, item)
    write(bad, item)
    reader = run(chance, at=writer.at + timedelta(hours=3), symbol=bad.symbol)
    read(reader, item)
    return _plant("a bad run wrote afterwards", [ended(reader), writer, bad], INNOCENT)


def _other_store(chance: Random) -> Plant:
    """Let a bad run write a record of the same name to another store."""
    writer, bad = clean(chance), chance.choice([*WRITERS.values()])(chance)
    item = entry(chance, writer.symbol, kind="memory")
    write(writer, item)
    write(bad, structs.replace(item, store="sandbox", content=entry(chance, bad.symbol).content))
    reader = run(chance, at=max(writer.at, bad.at) + timedelta(hours=1), symbol=writer.symbol)
    read(reader, item)
    return _plant("the same record of another store", [ended(reader), writer, bad], INNOCENT)


_HARMLESS: tuple[Callable[[Random], Plant], ...] = (
    _clean_writer, _clean_by_join, _no_store, _prompt_cache, _only_writes, _missed, _other_entry, _retried, _conforming,
    _other_cause, _look_alike, _cleaned, _too_late, _other_store,
)  # fmt: skip
