"""What a run read from caches and memories and what it wrote there, and which run wrote what another read.

A cache span without `trading.cache.hit` is a write, hit = true a read; create, update and upsert of a memory are
writes, a search that returned records a read. The prompt cache of a provider is none of these. It judges no content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from msgspec import Struct

from afterbell.model.calls import Source
from afterbell.model.run import Trace
from afterbell.model.trace import Span, trace_hex
from afterbell.reading.json_text import parsed

HIT, KEY, BY = "trading.cache.hit", "trading.cache.key", "trading.cache.written_by_run"
RUN = "trading.run.id"
_STORE, RECORD, RECORDS, _COUNT = (f"gen_ai.memory.{name}" for name in (
    "store.id", "record.id", "records", "record.count"))  # fmt: skip
_OPERATION = "gen_ai.operation.name"
_WRITES = frozenset({"create_memory", "update_memory", "upsert_memory"})
_CONTENT = (
    RECORDS, "gen_ai.memory.content", "gen_ai.tool.call.result", "gen_ai.retrieval.documents", "output.value",
    "gen_ai.output.messages",
)  # fmt: skip
_GIVEN = ("input.value", "gen_ai.tool.call.arguments")  # what a write was given to keep
_FLATTENED = re.compile(r"retrieval\.documents\.\d{1,6}\.document\.(?:content|metadata|title)")
_CALLS = frozenset({"chat", "generate_content", "text_completion"})
_TEXT_KEYS = ("content", "text", "value", "body", "memory")
_CONTROL = frozenset({HIT, KEY, BY, "trading.cache.ttl"})
_DEEPEST = 12


class Content(Struct, frozen=True, kw_only=True):
    """One text as it stands in a field."""

    text: str
    source: Source


class Access(Struct, frozen=True, kw_only=True):
    """One read or write: of a cache key, or of records (store, record) of a memory. `digests` are of its contents."""

    trace_id: str
    span_id: str
    at_ns: int
    key: str = ""
    records: tuple[tuple[str, str], ...] = ()
    written_by: str = ""
    contents: tuple[Content, ...] = ()
    digests: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What was accessed, for people."""
        if self.key:
            return f"the cache entry {self.key[:60]!r}"
        return f"the memory record {self.records[0][1][:60]!r}" if self.records else "a cached content"


def touches(trace: Trace) -> bool:
    """Tell whether the run has any cache or memory span."""
    return any(_side(span) for span in trace.spans)


def reads(trace: Trace) -> tuple[Access, ...]:
    """Return what the run read."""
    return tuple(_access(trace, span) for span in trace.spans if _side(span) == "read")


def writes(trace: Trace) -> tuple[Access, ...]:
    """Return what the run wrote."""
    return tuple(_access(trace, span) for span in trace.spans if _side(span) == "write")


def _side(span: Span) -> str:
    attributes = span.attributes
    operation = str(attributes.get(_OPERATION, ""))
    if operation in _WRITES:
        return "write"
    if operation == "search_memory":
        count = str(attributes.get(_COUNT, ""))
        empty = attributes.get(RECORDS) in (None, "", "[]", [])
        named = attributes.get(RECORD) not in (None, "")
        return "read" if not empty or named or (count.isdecimal() and bool(count.strip("0"))) else "miss"
    if HIT in attributes:
        hit = str(attributes[HIT]).strip().lower() in {"true", "1", "hit"}
        prompt_cache = operation in _CALLS and BY not in attributes and any(
            attributes.get(f"gen_ai.usage.cache_{name}.input_tokens") for name in ("read", "write", "creation")
        )  # fmt: skip
        return "" if hit and prompt_cache else "read" if hit else "miss"
    if (KEY in attributes or BY in attributes) and operation not in _CALLS:
        return "read" if BY in attributes else "write"
    return ""


def _access(trace: Trace, span: Span) -> Access:
    attributes = span.attributes
    store = str(attributes.get(_STORE, ""))
    entries = list(_entries(attributes.get(RECORDS)))
    ids = [str(attributes[RECORD])] if attributes.get(RECORD) else []
    ids += [str(entry["id"]) for entry in entries if entry.get("id") not in (None, "")]
    contents = tuple(_contents(trace.trace_id, span))
    told = [_text_of(entry) for entry in entries] or [text for each in contents for text in _told(each)]
    return Access(
        trace_id=trace.trace_id, span_id=span.span_id, at_ns=span.start_ns, key=str(attributes.get(KEY, "")),
        records=tuple((store, each) for each in dict.fromkeys(ids)), written_by=str(attributes.get(BY, "")),
        contents=contents, digests=tuple(dict.fromkeys(digest(text) for text in told if text.strip())),
    )  # fmt: skip


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    value = parsed(value)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each


def _told(content: Content) -> Iterator[str]:
    """Yield the texts of the entries that a content writes as JSON (each may have a writer of its own), else itself."""
    if content.source.field.endswith((".metadata", ".title")):
        return
    texts = [text for entry in _entries(content.text) if (text := _text_of(entry))]
    yield from texts or [content.text]


def _text_of(entry: Mapping[str, Any]) -> str:
    found = next((entry[key] for key in _TEXT_KEYS if entry.get(key) not in (None, "")), "")
    return found if isinstance(found, str) else orjson.dumps(found).decode()


def _contents(trace_id: str, span: Span) -> Iterator[Content]:
    held = (*_CONTENT, *_GIVEN) if _side(span) == "write" else _CONTENT
    names = [name for name in held if name in span.attributes]
    names += [name for name in span.attributes if _FLATTENED.fullmatch(name)]
    names += [name for name in span.attributes if name.startswith("trading.cache.") and name not in _CONTROL]
    for name in names:
        for field, text in _leaves(span.attributes[name], name, 0):
            yield Content(text=text, source=Source(trace_id=trace_id, span_id=span.span_id, field=field))


def _leaves(value: Any, field: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, list) and depth < _DEEPEST:
        for place, each in enumerate(value):
            yield from _leaves(each, f"{field}[{place}]", depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, each in value.items():
            yield from _leaves(each, f"{field}.{key}", depth + 1)


def run_ids(trace: Trace) -> tuple[str, ...]:
    """Return the run ids that a trace states, on any span or its resource."""
    found = [str(each[RUN]) for span in trace.spans for each in (span.attributes, span.resource) if each.get(RUN)]
    return tuple(dict.fromkeys(found))


def digest(text: str) -> str:
    """Return the hash by which equal contents are found."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()


class Writings:
    """Who wrote what, over all runs of a house: by run id, by record of a memory, by content."""

    def __init__(self, runs: Mapping[str, Iterable[str]], made: Iterable[Access]) -> None:
        """Take trace ids by run id and the writes of all runs."""
        self._runs = {run: tuple(ids) for run, ids in runs.items()}
        self._records: dict[tuple[str, str], list[Access]] = {}
        self._digests: dict[str, list[Access]] = {}
        for each in sorted(made, key=lambda access: access.at_ns):
            for record in each.records:
                self._records.setdefault(record, []).append(each)
            for one in each.digests:
                self._digests.setdefault(one, []).append(each)

    def writers(self, read: Access) -> tuple[str, ...]:
        """Return the ids of the traces that wrote what was read; several when it holds several records; () = unknown.

        A record without a writer makes the whole unknown: its empty id stands among the others.
        """
        if read.written_by:
            return self._runs.get(read.written_by) or (trace_hex(read.written_by),)
        if read.records:
            found = [self._last(self._records.get(record, ()), read) for record in read.records]
            if all(found):
                return tuple(dict.fromkeys(found))
            by_content = [self._last(self._digests.get(one, ()), read) for one in read.digests]
            return tuple(dict.fromkeys(each for each in (*found, *by_content) if each)) + (
                () if by_content and all(by_content) else ("",))  # fmt: skip
        by_content = [self._last(self._digests.get(one, ()), read) for one in read.digests]
        return tuple(dict.fromkeys(by_content))

    def records(self, read: Access, trace_id: str) -> tuple[str, ...]:
        """Return the ids of the records read that a trace was the last to write."""
        return tuple(
            record[1]
            for record in read.records
            if trace_id and self._last(self._records.get(record, ()), read) == trace_id
        )

    @staticmethod
    def _last(made: Iterable[Access], read: Access) -> str:
        """Return the trace of the last write before a read, or ""."""
        before = [each for each in made if each.span_id != read.span_id
                  and (not read.at_ns or not each.at_ns or each.at_ns <= read.at_ns)]  # fmt: skip
        return before[-1].trace_id if before else ""
