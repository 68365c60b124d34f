"""Reads files of real sets through the product's readers, and asks one mode about what was read or about rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from afterbell.catalog import cases, scan, shelves
from afterbell.catalog.intake import HEAD, envelope_of, trace_of
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import BookRow, Books, book_of
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import Policy
from afterbell.model.run import Trace
from afterbell.model.scan import Suggestion
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.vocabulary import Answer
from real import Figure

Row = Mapping[str, Any]


class File(Struct, frozen=True, kw_only=True):
    """What a file held. `format` is empty when no reader knows it."""

    format: str = ""
    traces: Mapping[str, Trace] = {}
    books: tuple[BookRow, ...] = ()
    refused: tuple[Refusal, ...] = ()


def read(path: Path) -> File:
    """Return what the reader that recognises a file makes of it."""
    data = path.read_bytes()
    envelope = envelope_of(data[:HEAD], str(path))
    if envelope is None:
        return File()
    spans: dict[str, list[Span]] = {}
    logs: dict[str, list[LogRecord]] = {}
    books, refused = [], []
    for item in _items(envelope, data, str(path)):
        if isinstance(item, Refusal):
            refused.append(item)
        elif isinstance(item, Span):
            spans.setdefault(item.trace_id, []).append(item)
        elif isinstance(item, LogRecord):
            logs.setdefault(item.trace_id, []).append(item)
        else:
            books.append(item)
    traces = {each: trace_of(each, spans.get(each, ()), logs.get(each, ())) for each in {**spans, **logs}}
    return File(format=envelope.NAME, traces=traces, books=tuple(books), refused=tuple(refused))


def _items(envelope: Any, data: bytes, name: str) -> Iterator[Item]:
    if envelope.UNIT is Unit.STREAM:
        yield from envelope.read(BytesIO(data), Context(name=name, position=1, last=True))
        return
    for position, line in enumerate(data.splitlines(), 1):
        yield from envelope.read(line, Context(name=name, position=position))


def books_of(rows: Iterable[BookRow]) -> Books:
    """Return the books of rows of several files."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(book_of(row).value, []).append(row)
    return Books(**{name: tuple(each) for name, each in found.items()})


def ask(slug: str, trace: Trace, policy: Policy | None = None, books: Books | None = None) -> Suggestion:
    """Return what one mode says of a trace."""
    mode = next(each for each in shelves.modes().values() if each.slug == slug)
    return scan.ask(mode, CaseFile(trace=trace, policy=policy or Policy(), books=books or Books()))


def ask_rows(slug: str, *rows: Row, books: Mapping[str, tuple[Row, ...]] | None = None) -> Suggestion:
    """Return what one mode says of rows of our own lines; each gets a trace, an id and times that follow its place."""
    framed = [{"trace": "t", "id": f"row-{place}", "at": f"2026-01-05T14:{place:02d}:00Z",
               "until": f"2026-01-05T14:{place:02d}:30Z", **row} for place, row in enumerate(rows)]  # fmt: skip
    (trace,) = cases.traces(framed).values()
    return ask(slug, trace, books=cases.books(books or {}))


def tool_result(text: str) -> tuple[Row, Row]:
    """Return the rows of a tool that gave this text, and of the call that asked for it."""
    asked = {"id": "call-1", "name": "search", "arguments": {}}
    return (
        {"type": "call", "model": "m", "messages": "Look it up.", "output": {"content": "", "tool_calls": [asked]}},
        {"type": "tool", "name": "search", "call_id": "call-1", "arguments": {}, "result": text},
    )


def share(hits: int, total: int) -> str:
    """Return "hits of total (percent)"."""
    return f"{hits} of {total}" + (f" ({hits / total:.1%})" if total else "")


def at_least(asked: str, goal: float, hits: int, total: int, name: str) -> Figure:
    """Return a figure whose goal is a least share; it is neither met nor missed where there is nothing to count."""
    return Figure(set=name, asked=asked, goal="all" if goal == 1 else f"at least {goal:.0%}", found=share(hits, total),
                  met=hits >= goal * total if total else None)  # fmt: skip


def at_most(asked: str, goal: float, hits: int, total: int, name: str) -> Figure:
    """Return a figure whose goal is a greatest share."""
    return Figure(set=name, asked=asked, goal=f"at most {goal:.0%}", found=share(hits, total),
                  met=hits <= goal * total if total else None)  # fmt: skip


def injected(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many of these texts, as tool results, are called an injection, and how many there are."""
    kept = list(dict.fromkeys(texts))
    said = [ask_rows("tool_result_injection", *tool_result(text)).answer for text in kept]
    return said.count(Answer.YES), len(kept)


def ingested(folder: Path, *patterns: str) -> Figure:
    """Return how many files of a folder are read without a refusal, naming those that are not."""
    files = sorted(path for pattern in patterns for path in folder.rglob(pattern))
    unknown, refused = [], []
    for path in files:
        found = read(path)
        if not found.format:
            unknown.append(path.name)
        elif any(not each.taken for each in found.refused):
            refused.append(path.name)
    bad = [*unknown, *refused]
    told = f"{share(len(files) - len(bad), len(files))} read whole"
    told += f"; no reader: {', '.join(unknown)}" if unknown else ""
    told += f"; refused in part: {', '.join(refused)}" if refused else ""
    return Figure(set=folder.name, asked="files read, none refused", goal="all", found=told, met=not bad)


def replaced(policy: Policy, **limits: Any) -> Policy:
    """Return a policy with other limits."""
    return structs.replace(policy, limits=structs.replace(policy.limits, **limits))
