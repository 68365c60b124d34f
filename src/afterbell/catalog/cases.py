"""Turns worked examples into what detectors and triggers see, through the same readers that users' data takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import count
from typing import Any

import orjson
from msgspec import structs

from afterbell.catalog import shelves
from afterbell.catalog.facts import Gatherer
from afterbell.catalog.intake import trace_of
from afterbell.catalog.writers import Writers
from afterbell.errors import CatalogError
from afterbell.formats.envelopes import afterbell_jsonl, companyfacts
from afterbell.formats.envelopes import books as book_format
from afterbell.formats.items import Context, Item
from afterbell.model.books import Books, book_of
from afterbell.model.case import Case, Row, TriggerCase
from afterbell.model.casefile import CaseFile
from afterbell.model.docket import Docket
from afterbell.model.policy import Limits, Policy, from_mapping
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Refusal, Span, trace_hex
from afterbell.model.vocabulary import Book
from afterbell.reading.kept_content import Writings, run_ids, writes

POSTMORTEMS = "postmortems"  # rows of earlier records in an example: trace_id and root_cause


def traces(rows: Iterable[Row]) -> Mapping[str, Trace]:
    """Return the traces of rows of our own JSON lines, by id. Raises CatalogError for a row that is refused."""
    spans: dict[str, list[Span]] = {}
    logs: dict[str, list[LogRecord]] = {}
    for position, row in zip(count(1), rows):
        for item in afterbell_jsonl.read(orjson.dumps(row), Context(position=position)):
            if isinstance(item, Refusal):
                raise CatalogError(f"case row {item.where}: {item.why}")
            if isinstance(item, Span):
                spans.setdefault(item.trace_id, []).append(item)
            elif isinstance(item, LogRecord):
                logs.setdefault(item.trace_id, []).append(item)
    ids = list(dict.fromkeys([*spans, *logs]))
    return {each: trace_of(each, spans.get(each, ()), logs.get(each, ())) for each in ids}


def books(named: Mapping[str, Iterable[Row]]) -> Books:
    """Return the books of rows by book name. Raises CatalogError for a row that is refused."""
    found: dict[str, list[Any]] = {}
    for name, rows in named.items():
        # A book is one file of rows; of company facts each row is a file.
        sources = [b"".join(orjson.dumps(row) + b"\n" for row in rows)]
        reader: Callable[..., Iterator[Item]] = book_format.read
        if name == Book.FACTS.value:
            sources, reader = [orjson.dumps(row) for row in rows], companyfacts.read
        for item in (each for data in sources for each in reader(BytesIO(data), Context(name=f"{name}.jsonl"))):
            if isinstance(item, Refusal):
                raise CatalogError(f"case book {name}, {item.where}: {item.why}")
            found.setdefault(book_of(item), []).append(item)  # type: ignore[arg-type]
    return Books(**{name: tuple(rows) for name, rows in found.items()})


def policy(table: Mapping[str, Any]) -> Policy:
    """Return the policy of a parsed `[policy]` table."""
    return from_mapping({"policy": table}, shelves.knobs())


def casefile(case: Case, slug: str) -> CaseFile:
    """Return what the mode `slug` sees in a worked example. Raises CatalogError for a row that is refused."""
    return seen(case, slug, traces(case.given))


def seen(case: Case, slug: str, runs: Mapping[str, Trace]) -> CaseFile:
    """Return what the mode `slug` sees in an example whose rows were read as `runs`, whatever format told them."""
    found = dict(runs)
    asked = trace_hex(case.trace) if case.trace else next(iter(found), "")
    trace = found.pop(asked, Trace(trace_id=asked or "0" * 32))
    limits = {key: value for key, value in case.policy.items()
              if key in Limits.__struct_fields__ or key == "model_tiers"}  # fmt: skip
    knobs = {key: value for key, value in case.policy.items() if key not in limits}
    table = limits | ({"mode": {slug: knobs}} if knobs else {})
    rows = {name: rows for name, rows in case.books.items() if name != POSTMORTEMS}
    given = CaseFile(trace=trace, kin=tuple(found.values()), books=books(rows), policy=policy(table))
    return _writers({trace.trace_id: trace, **found}, given, case.books.get(POSTMORTEMS, ())).fill(given)


def _writers(runs: Mapping[str, Trace], given: CaseFile, postmortems: Iterable[Row]) -> Writers:
    """Return who wrote what among the runs of an example."""
    by_run: dict[str, list[str]] = {}
    for run in runs.values():
        for run_id in run_ids(run):
            by_run.setdefault(run_id, []).append(run.trace_id)

    def case_of(trace_id: str) -> CaseFile | None:
        run = runs.get(trace_id)
        return structs.replace(given, trace=run, kin=()) if run else None

    security = [trace_hex(str(row["trace_id"])) for row in postmortems if row.get("root_cause") == "security"]
    return Writers(Writings(by_run, (each for run in runs.values() for each in writes(run))), case_of, security)


def docket(case: TriggerCase) -> Docket:
    """Return what a trigger sees in a worked example. Raises CatalogError for a row that is refused."""
    return watched(case, traces(case.given))


def watched(case: TriggerCase, runs: Mapping[str, Trace]) -> Docket:
    """Return what a trigger sees in an example whose rows were read as `runs`."""
    limits, beside = policy(case.policy), books(case.books)
    gatherer = Gatherer(limits, beside)
    return Docket(runs=tuple(gatherer.facts(trace) for trace in runs.values()), books=beside, policy=limits)
