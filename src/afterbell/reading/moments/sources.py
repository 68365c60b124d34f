"""What a run read about the market, and the date each piece carries: news, filings, quotes.

A source is an item of `news_items`, a quote with its as-of time, or a stated `trading.quote.asof`. The period a filing
covers, the bars of a requested history, the rows of a calendar, the run's own fills and the dates that a story tells
about are none. It does not judge whether a date is too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any

import orjson
from msgspec import Struct

from afterbell.model.calls import Document, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.moments.places import Place, is_clock, place
from afterbell.reading.news.items import NewsItem, in_prompts, read
from afterbell.reading.news.near_duplicates import canonical_url, canonical_words

_MAX_SOURCES = 5000
_MAX_NODES = 20_000
_MAX_DEPTH = 8
_HEAD = 1500  # characters of a text in which its own date may stand
_WINDOW = 100_000
_FILING_FORM = re.compile(r"(?<![\w-])(?:10-?[KQ]|8-?K|20-?F|6-?K|40-?F|DEF 14A|S-[13])(?:/A)?(?![\w-])")
_FILING_TOOL = re.compile(r"filing|edgar|(?<![a-z])sec(?![a-z])|10[-_]?[kq]|8[-_]?k", re.IGNORECASE)
_QUOTE_TOOL = re.compile(
    r"quote|last_?price|current_?price|latest_?price|spot_?price|live_?price|ticker|(?<![a-z])nbbo", re.IGNORECASE
)
_CALENDAR_TOOL = re.compile(r"calendar|schedule|agenda|upcoming", re.IGNORECASE)
_PUBLISHED_LINE = re.compile(
    r"^[^\w\n]{0,6}(?:(?:first |last )?published|publish(?:ed)? (?:time|date)|posted|publication date|filed|filing date"
    r"|date filed|filed as of date|发布时间|发布日期|公告日期)(?: on| at)?"
    r"[ \t]{0,3}[:：]?[ \t]{0,3}\*{0,2}[ \t]{0,3}(.{3,60})$",
    re.IGNORECASE | re.MULTILINE,
)
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
    found = [_of_item(item, spans) for item in reading.items]
    pasted = (item for items in in_prompts(trace) for item in items)
    found += [_of_item(item, spans) for item in islice(pasted, _MAX_SOURCES)]
    stamps = {(each.evidence.span_id, each.stamp) for each in found if each.stamp}
    found += [each for each in _quotes(trace, spans) if (each.evidence.span_id, each.stamp) not in stamps]
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

    def text(self, proof: Evidence) -> str:
        """Return the whole text in which an item was found, where it is known."""
        return self._texts.get((proof.span_id, proof.field), "")


def _of_item(item: NewsItem, spans: _Spans) -> DatedSource:
    proof, document = item.evidence, item.document
    kind = Kind.FILING if _is_filing(item, spans.tool(proof.span_id)) else Kind.NEWS
    read_at = place(document.retrieved_at) if document and document.retrieved_at else None
    known = read_at.stamps[0].first if read_at and read_at.exact else spans.known_ns(proof.span_id)
    stamp, where = item.published.strip(), place(item.published, known)
    if where is not None or is_clock(stamp):
        cited = _document_date(document, spans) if document else _near(spans.text(proof), proof, stamp)
    else:
        line = _own_line(item.item.body, known)
        stamp, where, shown = line or (stamp, None, "")
        text = document.text if document else spans.text(proof)
        cited = _cite(proof, text, shown, proof.start) if shown else proof
    return DatedSource(
        kind=kind, name=item.shown, stamp=stamp, place=where, evidence=cited, read_ns=spans.read_ns(proof.span_id),
        span_id=proof.span_id, trace_id=spans.trace_id,
    )  # fmt: skip


def _is_filing(item: NewsItem, tool: str) -> bool:
    facts = item.document.metadata if item.document else {}
    if any(str(key).startswith("filing.") or key in {"form", "form_type", "filing_type"} for key in facts):
        return True
    named = _FILING_FORM.search(item.item.title[:200]) and not item.item.url.count("news")
    return bool(named or "sec.gov/" in item.item.url[:200] or _FILING_TOOL.search(tool[:100]))


def _own_line(body: str, read_ns: int) -> tuple[str, Place, str] | None:
    """Return the date of the first line that says when the text was published."""
    for line in islice(_PUBLISHED_LINE.finditer(body[:_HEAD]), 5):
        said = line[1].strip(" *")
        for text in (said, said.split(" | ")[0].strip(), said.split(" by ")[0].strip()):
            where = place(text, read_ns)
            if where is not None:
                return text, where, text
    return None


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
    attributes = spans.attributes.get(source.span_id, {})
    stated = f"trading.document.{key}"
    field = stated if stated in attributes else f"{base}.{key}" if key else source.field
    excerpt = document.published_at
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=field, excerpt=excerpt, end=len(excerpt))


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
            value = attributes.get("trading.quote.asof")
            if value not in (None, ""):
                yield _quote(f"the quote of {attributes.get('trading.symbol') or 'the instrument'}", str(value),
                             Source(trace_id=trace.trace_id, span_id=span.span_id, field=f"{field}trading.quote.asof"),
                             (0, len(str(value))), spans)  # fmt: skip
    for tool in trace.tools:
        if not tool.result or tool.is_error or tool.result_source is None or _CALENDAR_TOOL.search(tool.name[:100]):
            continue
        yield from _in_result(tool.name, tool.result, tool.result_source, spans)


def _quote(name: str, stamp: str, source: Source, span: tuple[int, int], spans: _Spans) -> DatedSource:
    proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=stamp, start=span[0],
                     end=span[1])  # fmt: skip
    return DatedSource(
        kind=Kind.QUOTE, name=name[:120], stamp=stamp, place=place(stamp, spans.known_ns(source.span_id)),
        evidence=proof, read_ns=spans.read_ns(source.span_id), span_id=source.span_id, trace_id=spans.trace_id,
    )  # fmt: skip


def _in_result(name: str, text: str, source: Source, spans: _Spans) -> Iterator[DatedSource]:
    is_quote = bool(_QUOTE_TOOL.search(name[:100]))
    value = _json(text)
    found: list[tuple[str, str]] = []
    priced = False
    if value is not None:
        for entry, repeated in _entries(value):
            priced = priced or not _PRICES.isdisjoint(map(_lower, entry))
            found += [] if repeated else list(_stamps(entry))
    elif is_quote:
        priced = any(letter.isdigit() for letter in text[:2000])
        hits = (_STAMP_IN.search(hit[1]) for hit in islice(_AS_OF.finditer(text[:20_000]), 20))
        found = [("quote", hit[0].strip()) for hit in hits if hit]
    at = 0
    for label, stamp in dict.fromkeys(found):
        start = max(0, text.find(stamp, at))
        shown = stamp if text.startswith(stamp, start) else ""
        at = start if shown else at
        each = _quote(f"{label} from {name or 'a tool'}", stamp, source, (start, start + len(shown)), spans)
        if shown:
            yield each
    if is_quote and priced and not found:
        proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=text[:160],
                         end=len(text[:160]))  # fmt: skip
        yield DatedSource(
            kind=Kind.QUOTE, name=f"the quote from {name}"[:120], evidence=proof,
            read_ns=spans.read_ns(source.span_id), span_id=source.span_id, trace_id=spans.trace_id,
        )  # fmt: skip


def _json(text: str) -> Any:
    if text[:200].lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


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


def _stamps(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the dates of an object that is news or a quote."""
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
            yield label, str(value)
        elif key in _STRICT_KEYS:
            yield "an item", str(value)
