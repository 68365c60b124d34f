"""What a run read about the market, and the date each piece carries: news, filings, quotes.

A source is an item of `news_items`, a quote with its as-of time, or a stated `trading.quote.asof`. The period a filing
covers, the bars of a requested history, the rows of a calendar, the run's own fills and the dates that a story tells
about are none. It does not judge whether a date is too old.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from msgspec import Struct, structs

from afterbell.model.calls import Document, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.json_text import parsed
from afterbell.reading.moments.pages import own_date
from afterbell.reading.moments.places import Place, is_clock, place
from afterbell.reading.news.items import NewsItem, in_prompts, read
from afterbell.reading.news.lines import SOME_WORDS, count_words
from afterbell.reading.news.near_duplicates import canonical_url, canonical_words

_QUOTE_ASOF = "trading.quote.asof"
_MAX_SOURCES = 5000
_MAX_NODES = 20_000
_MAX_DEPTH = 8
_HEAD = 1500  # characters around an item within which its date stands
_WINDOW = 100_000
_CITED = 160
_FILING_FORM = re.compile(r"(?<![\w-])(?:10-?[KQ]|8-?K|20-?F|6-?K|40-?F|DEF 14A|S-[13])(?:/A)?(?![\w-])")
_FILING_TOOL = re.compile(r"filing|edgar|(?<![a-z])sec(?![a-z])|10[-_]?[kq]|8[-_]?k", re.IGNORECASE)
_QUOTE_TOOL = re.compile(
    r"quote|last_?price|current_?price|latest_?price|spot_?price|live_?price|ticker|(?<![a-z])nbbo", re.IGNORECASE
)
_CALENDAR_TOOL = re.compile(r"calendar|schedule|agenda|upcoming", re.IGNORECASE)
_LISTED = re.compile(r"(.+)\[(\d{1,6})\]")
_AS_OF = re.compile(r"\bas[ _-]of[:=\s]\s{0,4}([\w:.,+/ -]{6,40})", re.IGNORECASE)
_STAMP_IN = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_AS_OF_KEYS = frozenset({
    "quote_time", "quotetime", "quote_timestamp", "last_updated", "lastupdated", "last_update",
    "regularmarkettime", "last_trade_time", "lasttradetime", "updated_at", "price_time",
})  # fmt: skip
_STRICT_KEYS = frozenset({
    "published_at", "publishedat", "publish_time", "publishtime", "datepublished", "date_published", "pubdate",
    "published_date", "publisheddate", "publish_date", "published_time", "epoch", "published_epoch",
    "providerpublishtime", "published_utc", "time_published", "filed_at", "filing_date", "acceptance_datetime",
})  # fmt: skip
_TIME_KEYS = ("timestamp", "time", "datetime", "ts", "date")
_PRICES = frozenset({"price", "last", "last_price", "lastprice", "bid", "ask", "mid", "mark", "mark_price",
                     "regularmarketprice", "current_price", "latest_price"})  # fmt: skip
_OWN = frozenset({"side", "quantity", "qty", "shares", "order_id", "fill_price", "exec_id", "pnl", "entry_price",
                  "realized_pnl", "action", "position", "filled_qty", "avg_price"})  # fmt: skip
_CALENDAR = frozenset({"event", "forecast", "previous", "actual", "eps_estimate", "importance", "release_date",
                       "earnings_date", "ex_date", "impact"})  # fmt: skip


_FORMS = frozenset({"form", "form_type", "filing_type"})


class Kind(StrEnum):
    """What a source is; each kind may have a window of its own."""

    NEWS = "news"
    QUOTE = "quote"
    FILING = "filing"


class DatedSource(Struct, frozen=True, kw_only=True):
    """One thing the run read: its date as written (empty: none), where that lies, and when and where it was read.

    `evidence` shows the date where there is one, else the item. `place` is None where the date cannot be read.
    """

    kind: Kind
    name: str
    stamp: str = ""
    place: Place | None = None
    evidence: Evidence
    read_ns: int = 0
    span_id: str = ""
    trace_id: str = ""


class Sources(Struct, frozen=True, kw_only=True):
    """All sources of a trace; `missing` names what was read but not kept."""

    sources: tuple[DatedSource, ...] = ()
    missing: tuple[str, ...] = ()


def dated_sources(trace: Trace) -> Sources:
    """Return what the run read about the market with the date of each, every item and date once per place."""
    reading = read(trace)
    spans = _Spans(trace)
    held = Counter((each.evidence.span_id, each.evidence.field) for each in reading.items)
    found = [
        _of_item(item, spans, alone=held[item.evidence.span_id, item.evidence.field] == 1) for item in reading.items
    ]
    pasted = (item for items in in_prompts(trace) for item in items)
    found += [_of_item(item, spans) for item in islice(pasted, _MAX_SOURCES)]
    stamps = {(each.evidence.span_id, each.stamp) for each in found if each.stamp}
    found += [each for each in _quotes(trace, spans) if (each.evidence.span_id, each.stamp) not in stamps]
    known = {each.span_id for each in found}
    found += [each for each in (*_stated(reading.stated, spans), *_pages(trace, spans)) if each.span_id not in known]
    return Sources(sources=tuple(_once(found))[:_MAX_SOURCES], missing=reading.missing)


class _Spans:
    """What the spans say around a source: when it was read, and by which tool."""

    def __init__(self, trace: Trace) -> None:
        self.trace_id = trace.trace_id
        self.attributes = {span.span_id: span.attributes for span in trace.spans}
        self._started = {span.span_id: span.start_ns for span in trace.spans}
        self._ended = {span.span_id: span.end_ns or span.start_ns for span in trace.spans}
        self._tools = {tool.executed_in: tool.name for tool in trace.tools if tool.executed_in}
        self._texts: dict[tuple[str, str], str] = {}
        for tool in trace.tools:
            for source in (tool.result_source, *tool.fed_back_in):
                if source is not None:
                    self._texts[source.span_id, source.field] = tool.result
                    self._tools.setdefault(source.span_id, "")
        for call in trace.calls:
            for _message, part, source in trace.parts((*call.system, *call.input)):
                self._texts.setdefault((source.span_id, source.field), part.text)

    def read_ns(self, span_id: str) -> int:
        """Return when the span began: what it read was asked for then."""
        return self._started.get(span_id, 0)

    def known_ns(self, span_id: str) -> int:
        """Return when the span ended: what it read was there then."""
        return self._ended.get(span_id, 0)

    def tool(self, span_id: str) -> str:
        """Return the name of the tool that ran in the span, or nothing."""
        return self._tools.get(span_id, "")

    def states_quote(self, span_id: str) -> bool:
        """Tell whether the span itself states as of when its quote is."""
        return self.attributes.get(span_id, {}).get(_QUOTE_ASOF) not in (None, "")

    def reads_filings(self, span_id: str) -> bool:
        """Tell whether the span says that what it read is a filing, or its tool is one for filings."""
        stated = any(key.startswith("trading.document.filing.") for key in self.attributes.get(span_id, {}))
        return stated or bool(_FILING_TOOL.search(self.tool(span_id)[:100]))

    def text(self, proof: Evidence) -> str:
        """Return the whole text in which an item was found, where it is known."""
        return self._texts.get((proof.span_id, proof.field), "")


def _of_item(item: NewsItem, spans: _Spans, *, alone: bool = False) -> DatedSource:
    """Return an item with its date. One that stands alone in a result may be dated by what stands around it."""
    proof, document = item.evidence, item.document
    kind = Kind.FILING if _is_filing(item, spans) else Kind.NEWS
    read_at = place(document.retrieved_at) if document and document.retrieved_at else None
    known = read_at.stamps[0].first if read_at and read_at.exact else spans.known_ns(proof.span_id)
    stamp, where = item.published.strip(), place(item.published, known)
    if where is not None or is_clock(stamp):
        cited = _document_date(document, spans) if document else _near(spans.text(proof), proof, stamp)
    else:
        text = document.text if document else spans.text(proof)
        own = own_date(item.item.body, known) or (own_date(text, known) if alone else None)
        stamp, where = own or (stamp, None)
        cited = _cite(proof, text, stamp, proof.start) if own else proof
        cited = _cite(proof, text, stamp, 0) if own and cited is proof else cited
    return DatedSource(
        kind=kind, name=item.shown, stamp=stamp, place=where, evidence=cited, read_ns=spans.read_ns(proof.span_id),
        span_id=proof.span_id, trace_id=spans.trace_id,
    )  # fmt: skip


def _stated(documents: Sequence[Document], spans: _Spans) -> Iterator[DatedSource]:
    """Yield what spans of tools state of their results: a date of publication."""
    for document in documents:
        where = place(document.published_at, spans.known_ns(document.source.span_id))
        if where is not None:
            span_id = document.source.span_id
            kind = Kind.FILING if spans.reads_filings(span_id) else Kind.NEWS
            yield DatedSource(
                kind=kind, name=f"the result of {spans.tool(span_id) or 'a tool'}", stamp=document.published_at,
                place=where, evidence=_document_date(document, spans), read_ns=spans.read_ns(span_id), span_id=span_id,
                trace_id=spans.trace_id,
            )  # fmt: skip


def _pages(trace: Trace, spans: _Spans) -> Iterator[DatedSource]:
    """Yield results of tools that say of themselves when they were published, and the texts of undated filings."""
    for tool in trace.tools:
        source = tool.result_source
        if not tool.result or tool.is_error or source is None or _CALENDAR_TOOL.search(tool.name[:100]):
            continue
        value, of_filings = _json(tool.result), spans.reads_filings(source.span_id)
        kind = Kind.FILING if of_filings else Kind.NEWS
        own = None if value is not None else own_date(tool.result, spans.known_ns(source.span_id))
        if own is not None:
            start = tool.result.find(own[0])
            each = _quote(f"the page from {tool.name or 'a tool'}", own[0], source, (start, start + len(own[0])), spans,
                          kind)  # fmt: skip
            yield structs.replace(each, place=own[1])
        elif of_filings and any(_told(entry) for entry, _repeated in _entries(value if value is not None else {})):
            yield _undated(f"the filing from {tool.name or 'a tool'}", tool.result, source, spans, kind)


def _told(entry: Mapping[str, Any]) -> bool:
    """Tell whether an object holds prose."""
    return any(isinstance(each, str) and count_words(each) >= SOME_WORDS for each in entry.values())


def _is_filing(item: NewsItem, spans: _Spans) -> bool:
    facts = item.document.metadata if item.document else {}
    if any(str(key).startswith("filing.") or key in _FORMS for key in facts):
        return True
    named = _FILING_FORM.search(item.item.title[:200]) and not item.item.url.count("news")
    return bool(named or "sec.gov/" in item.item.url[:200] or spans.reads_filings(item.evidence.span_id))


def _near(text: str, proof: Evidence, stamp: str) -> Evidence:
    return _cite(proof, text, stamp, max(0, proof.start - _HEAD))


def _cite(proof: Evidence, text: str, shown: str, start: int) -> Evidence:
    """Return evidence that shows a date in the field of another piece, or that piece where the date is not found."""
    at = text.find(shown, proof.end) if proof.end else -1
    at = at if 0 <= at - proof.end < _HEAD * 2 else text.find(shown, start, start + _WINDOW)
    if at < 0 or not shown:
        return proof
    return Evidence(trace_id=proof.trace_id, span_id=proof.span_id, field=proof.field, excerpt=shown, start=at,
                    end=at + len(shown))  # fmt: skip


def _document_date(document: Document, spans: _Spans) -> Evidence:
    """Cite the fact of a document that holds its date."""
    source = document.source
    key = next((name for name, value in document.metadata.items() if str(value) == document.published_at), "")
    base, _, last = source.field.rpartition(".")
    base = source.field if not base or last.endswith("]") else base
    field = _fact_field(base, key, spans.attributes.get(source.span_id, {})) if key else source.field
    excerpt = document.published_at
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=field, excerpt=excerpt, end=len(excerpt))


def _fact_field(base: str, key: str, attributes: Mapping[str, Any]) -> str:
    """Return where a fact of the document at `base` stands: on the span, beside its text, or in its metadata."""
    stated = f"trading.document.{key}"
    if stated in attributes:
        return stated
    beside = attributes.get(f"{base}.metadata")
    listed = _LISTED.fullmatch(base)
    if listed and listed[1] in attributes:
        documents, number = _parsed(attributes[listed[1]]), int(listed[2])
        entry = documents[number] if isinstance(documents, list) and number < len(documents) else {}
        beside = entry.get("metadata") if isinstance(entry, Mapping) and key not in entry else None
    inner = _parsed(beside)
    return f"{base}.metadata.{key}" if isinstance(inner, Mapping) and key in inner else f"{base}.{key}"


def _parsed(value: Any) -> Any:
    return _attribute(value) if isinstance(value, str) else value


def _once(found: list[DatedSource]) -> Iterator[DatedSource]:
    """Drop an undated appearance of what stands elsewhere with its date, and the same date of the same item."""
    dated = {key for each in found if each.place for key in _keys(each)}
    seen: set[tuple[object, str]] = set()
    for each in found:
        if each.place is None and not each.stamp and not dated.isdisjoint(_keys(each)):
            continue
        key = (canonical_words(each.name) or each.name, each.stamp)
        if key in seen and each.kind is not Kind.QUOTE:
            continue
        seen.add(key)
        yield each


def _keys(source: DatedSource) -> set[object]:
    return {key for key in (canonical_words(source.name), canonical_url(source.name)) if key}


def _quotes(trace: Trace, spans: _Spans) -> Iterator[DatedSource]:
    """Yield stated as-of times, then those in results of tools; a quote without one is undated."""
    for span in trace.spans:
        for field, attributes in (
            ("", span.attributes),
            *((f"events[{n}].", e.attributes) for n, e in enumerate(span.events)),
        ):
            value = attributes.get(_QUOTE_ASOF)
            if value not in (None, ""):
                yield _quote(f"the quote of {attributes.get('trading.symbol') or 'the instrument'}", str(value),
                             Source(trace_id=trace.trace_id, span_id=span.span_id, field=f"{field}{_QUOTE_ASOF}"),
                             (0, len(str(value))), spans)  # fmt: skip
    for tool in trace.tools:
        if not tool.result or tool.is_error or tool.result_source is None or _CALENDAR_TOOL.search(tool.name[:100]):
            continue
        yield from _in_result(tool.name, tool.result, tool.result_source, spans)


def _quote(name: str, stamp: str, source: Source, span: tuple[int, int], spans: _Spans,
           kind: Kind = Kind.QUOTE) -> DatedSource:  # fmt: skip
    proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=stamp, start=span[0],
                     end=span[1])  # fmt: skip
    return DatedSource(
        kind=kind, name=name[:120], stamp=stamp, place=place(stamp, spans.known_ns(source.span_id)),
        evidence=proof, read_ns=spans.read_ns(source.span_id), span_id=source.span_id, trace_id=spans.trace_id,
    )  # fmt: skip


def _in_result(name: str, text: str, source: Source, spans: _Spans) -> Iterator[DatedSource]:
    is_quote = bool(_QUOTE_TOOL.search(name[:100]))
    value = _json(text)
    found: list[tuple[str, str, Kind]] = []
    priced = False
    if value is not None:
        for entry, repeated in _entries(value):
            priced = priced or not _PRICES.isdisjoint(map(_lower, entry))
            found += [] if repeated else list(_stamps(entry))
    elif is_quote:
        priced = any(letter.isdigit() for letter in text[:2000])
        hits = (_STAMP_IN.search(hit[1]) for hit in islice(_AS_OF.finditer(text[:20_000]), 20))
        found = [("quote", hit[0].strip(), Kind.QUOTE) for hit in hits if hit]
    of_filings = bool(_FILING_TOOL.search(name[:100])) or spans.reads_filings(source.span_id)
    at = 0
    for label, stamp, kind in dict.fromkeys(found):
        start = max(0, text.find(stamp, at))
        shown = stamp if text.startswith(stamp, start) else ""
        at = start if shown else at
        each = _quote(f"{label} from {name or 'a tool'}", stamp, source, (start, start + len(shown)), spans,
                      Kind.FILING if kind is Kind.NEWS and of_filings else kind)  # fmt: skip
        if shown:
            yield each
    if is_quote and priced and not found and not spans.states_quote(source.span_id):
        yield _undated(f"the quote from {name}", text, source, spans, Kind.QUOTE)


def _undated(name: str, text: str, source: Source, spans: _Spans, kind: Kind) -> DatedSource:
    """Return a result that is a source and has no date; its evidence is its beginning."""
    proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=text[:_CITED],
                     end=len(text[:_CITED]))  # fmt: skip
    return DatedSource(
        kind=kind, name=name[:120], evidence=proof, read_ns=spans.read_ns(source.span_id), span_id=source.span_id,
        trace_id=spans.trace_id,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _attribute(text: str) -> Any:
    """Return the structure of an attribute that many documents stand in, parsed once for all of them."""
    return _json(text)


def _json(text: str) -> Any:
    return parsed(text) if text[:200].lstrip()[:1] in {"{", "["} else None


def _lower(key: object) -> str:
    return str(key).lower()


def _entries(value: Any) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yield every object of a structure, and whether it is one of several rows of one series."""
    waiting: list[tuple[Any, int, bool]] = [(value, 0, False)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        here, depth, repeated = waiting.pop()
        if isinstance(here, Mapping):
            yield here, repeated
            inner = [(each, depth + 1, repeated) for each in here.values() if isinstance(each, (dict, list))]
        else:
            rows = repeated or _series(here)
            inner = [(each, depth + 1, rows) for each in here if isinstance(each, (dict, list))]
        if depth < _MAX_DEPTH:
            waiting += reversed(inner)


def _series(rows: list[Any]) -> bool:
    """Tell whether rows are bars or ticks of one instrument rather than quotes of several."""
    objects = [row for row in rows if isinstance(row, dict)]
    names = {str(row.get("symbol") or row.get("ticker") or "") for row in objects}
    priced = [row for row in objects if not (_PRICES | {"close", "open"}).isdisjoint(map(_lower, row))]
    return len(priced) > 1 and len(names) < len(objects)


def _stamps(entry: Mapping[str, Any]) -> Iterator[tuple[str, str, Kind]]:
    """Yield the dates of an object that is news, a filing or a quote."""
    keys = {_lower(key): value for key, value in entry.items()}
    if not (_OWN | _CALENDAR).isdisjoint(keys):
        return
    priced = not _PRICES.isdisjoint(keys)
    symbol = str(keys.get("symbol") or keys.get("ticker") or "")[:40]
    label = f"the quote of {symbol}" if symbol else "the quote"
    for key, value in keys.items():
        stated = isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip()
        if not stated:
            continue
        if key in {"as_of", "asof"} or (priced and (key in _AS_OF_KEYS or key in _TIME_KEYS)):
            yield label, str(value), Kind.QUOTE
        elif key in _STRICT_KEYS:
            yield "an item", str(value), Kind.FILING if not _FORMS.isdisjoint(keys) else Kind.NEWS
