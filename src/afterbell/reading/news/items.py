"""The news and other documents that a run read: documents on spans, articles in tool results, articles in prompts.

One item is one appearance: what two searches return is there twice, what a history repeats once. A reranker's list, a
span inside another that holds the same document, and a tool whose retriever holds its documents are not new
appearances. A prompt's own
articles are read apart, call by call. It does not compare items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, structs

from afterbell.model.calls import Document, PartKind, Source, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.masks import is_mask
from afterbell.reading.news.articles import articles
from afterbell.reading.news.lines import Article
from afterbell.reading.news.near_duplicates import Item

MAX_ITEMS = 20_000
CITED = 160
_SHORTEST_PROSE = 20
_MAX_DEPTH = 200
# Whole words of a tool's name: `get_price_history` tells no story and `research` is no search.
_READS = re.compile(
    r"(?<![a-z])(?:news|articles?|headlines?|search|retriev\w{1,6}|documents?|filings?|transcripts?|rss|feeds?|stor(?:y|ies)"
    r"|web|crawl\w{0,4}|scrap\w{1,4}|(?:fetch|open|read|visit|view|load|get)_(?:page|url|link|site)|brows\w{1,4}|reddit"
    r"|twitter|tweets?|social|press)(?![a-z])"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOTICE = re.compile(
    r"\bno (?:\w{1,20} ){0,3}(?:found|available|results?|data|news|articles?)\b|\bnot (?:found|available)\b"
    r"|\b(?:error|failed|unavailable|unable to|rate limit|timed? ?out|exception|disabled|pending)\b",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 800
_RETRIEVES = {
    "gen_ai.operation.name": "retrieval",
    "openinference.span.kind": "retriever",
    "langfuse.observation.type": "retriever",
    "traceloop.span.kind": "retriever",
    "mlflow.spanType": "retriever",
}


class NewsItem(Struct, frozen=True, kw_only=True):
    """One appearance of a document: what is compared of it, and where it stands.

    `published` is its date as it is written; `document` is there where a span recorded one.
    """

    item: Item
    evidence: Evidence
    published: str = ""
    document: Document | None = None

    @property
    def shown(self) -> str:
        """How the item is named to people: its headline, else its first words, else its address."""
        return (self.item.title or self.item.body[:80] or self.item.url)[:120]


class Reading(Struct, frozen=True, kw_only=True):
    """All items of a trace; `missing` names, with counts, what was retrieved but is not there to be compared.

    `stated` are facts that a tool's span states of a document which is the tool's own result.
    """

    items: tuple[NewsItem, ...] = ()
    missing: tuple[str, ...] = ()
    lost: int = 0
    stated: tuple[Document, ...] = ()


def read(trace: Trace) -> Reading:
    """Return the items that the run retrieved, in order of place."""
    above = _Above(trace)
    returned = {tool.executed_in for tool in trace.tools if tool.result}
    every = tuple(_documents(trace, above))
    # A tool's span may state facts of a document whose text is the tool's result.
    stated = tuple(each for each in every if each.source.span_id in returned and not _has_content(each))
    bare = {id(each) for each in stated}
    documents = [_unmasked(document) for document in every if id(document) not in bare]
    kept = [document for document in documents if _has_content(document)]
    items = [_of_document(document) for document in kept]
    lost = len(documents) - len(kept)
    missing = [f"text, headline or address of {lost} retrieved documents"] if lost else []
    holders = {up for document in documents for up in above.chain(document.source.span_id)}
    fetched: set[tuple[str, str, str]] = set()
    for tool in _tools(trace, holders, above):
        found = _of_tool(tool)
        key = (tool.name, tool.arguments, tool.result)
        # The very same page fetched again is a loop (mode 4), not a second witness; a search's list counts each time.
        if len(found) == 1 and found[0].item.body == tool.result and key in fetched:
            continue
        fetched.add(key)
        items += found
        if not found and _unread(tool):
            missing.append(f"result of {tool.name or 'a tool'} ({tool.result_state.replace('_', ' ')})")
    for message_text, source in _loose_results(trace):
        items += _of_text(message_text, source)
    told = {document.source.span_id for document in documents} | returned
    empty = [span for span in trace.spans if _retrieves(span.attributes) and span.span_id not in holders]
    silent = [each for each in empty if told.isdisjoint(above.chain(each.span_id)) and not _found_nothing(each)]
    if silent:
        missing.append(f"documents of {len(silent)} retrieval spans")
    return Reading(items=tuple(items[:MAX_ITEMS]), missing=tuple(dict.fromkeys(missing)), lost=lost,
                   stated=stated)  # fmt: skip


def _has_content(document: Document) -> bool:
    return bool(document.text or document.title or document.url)


def in_prompts(trace: Trace) -> Iterator[tuple[NewsItem, ...]]:
    """Yield, for each call whose prompt holds any, the articles in its user and system text."""
    known: dict[str, list[tuple[Article, ...]]] = {}
    for call in trace.calls:
        found: list[NewsItem] = []
        for ref in (*call.system, *call.input):
            message = trace.message(ref)
            if message.role == "assistant":
                continue
            if ref.sha256 not in known:
                known[ref.sha256] = [
                    articles(part.text) if part.kind is PartKind.TEXT else () for part in message.parts
                ]
            for part, source, held in zip(message.parts, ref.sources, known[ref.sha256], strict=True):
                found += [_item(article, part.text, source) for article in held]
        if found:
            yield tuple(found[:MAX_ITEMS])


class _Above:
    """The spans above a span."""

    def __init__(self, trace: Trace) -> None:
        self._parents = {span.span_id: span.parent_span_id for span in trace.spans}

    def chain(self, span_id: str) -> tuple[str, ...]:
        """Return the span itself and those above it, the nearest first."""
        found: dict[str, None] = {}
        here = span_id
        while here and here not in found and len(found) < _MAX_DEPTH:
            found[here] = None
            here = self._parents.get(here, "")
        return tuple(found)


def _documents(trace: Trace, above: _Above) -> Iterator[Document]:
    """Yield each document once per retrieval: not from a reranker that got it, not from a span within its span."""
    first_hand = [each for each in trace.documents if not each.source.field.startswith("reranker.")]
    held: dict[tuple[str, str, str, str], set[str]] = {}
    for document in first_hand or trace.documents:
        key = (document.doc_id, document.url, document.title, document.text)
        held.setdefault(key, set()).add(document.source.span_id)
    for document in first_hand or trace.documents:
        key = (document.doc_id, document.url, document.title, document.text)
        if held[key].isdisjoint(above.chain(document.source.span_id)[1:]):
            yield document


def _unmasked(document: Document) -> Document:
    """Return the document without fields that are a redaction mark as a whole: equal marks are no equal texts."""
    gone = {name: "" for name in ("text", "title", "url") if is_mask(getattr(document, name))}
    return structs.replace(document, **gone) if gone else document


def _of_document(document: Document) -> NewsItem:
    item = Item(title=document.title, body=document.text, url=document.url)
    field, excerpt = document.source.field, document.text[:CITED]
    if not excerpt:
        excerpt = document.title or document.url
        key = next((name for name, value in document.metadata.items() if value == excerpt), "")
        field = f"{field}.{key}" if key else field
    return NewsItem(
        item=item,
        evidence=Evidence(
            trace_id=document.source.trace_id, span_id=document.source.span_id, field=field, excerpt=excerpt, start=0,
            end=len(excerpt),
        ),
        published=document.published_at, document=document,
    )  # fmt: skip


def _tools(trace: Trace, holders: set[str], above: _Above) -> Iterator[ToolCall]:
    """Yield tool calls whose results are their own: no retriever below holds them, no tool above returned the same."""
    returned: dict[str, str] = {tool.executed_in: tool.result for tool in trace.tools if tool.executed_in}
    for tool in trace.tools:
        if tool.executed_in and tool.executed_in in holders:
            continue
        outer = above.chain(tool.executed_in)[1:] if tool.executed_in else ()
        if not (tool.result and any(returned.get(up) == tool.result for up in outer)):
            yield tool


def _of_tool(tool: ToolCall) -> list[NewsItem]:
    if not tool.result or tool.is_error or tool.result_source is None:
        return []
    reads = _reads(tool.name)
    found = _of_text(tool.result, tool.result_source, of_news=reads)
    prose = not found and reads and tool.result[:50].lstrip()[:1] not in {"{", "["}
    if prose and len(tool.result[:2000].split()) >= _SHORTEST_PROSE and not _notice(tool.result):
        found = [_item(Article(text=tool.result, end=CITED), tool.result, tool.result_source)]
    return found


def _reads(name: str) -> bool:
    """Tell whether a tool's name says that it fetches documents."""
    return bool(_READS.search(_HUMP.sub("_", name[:200]).lower()))


def _notice(text: str) -> bool:
    """Tell whether a result only says that there is none: equal notices are no copies of a story."""
    return len(text) < _LONGEST_NOTICE and bool(_NOTICE.search(text[:200]))


def _unread(tool: ToolCall) -> bool:
    """Tell whether a tool that fetches documents has a result that was not kept."""
    if tool.is_error or not _reads(tool.name):
        return False
    return tool.result_state is not ContentState.CAPTURED and bool(tool.executed_in or tool.fed_back_in)


def _loose_results(trace: Trace) -> Iterator[tuple[str, Source]]:
    """Yield results in tool messages that the join of tool calls did not see, each message once."""
    seen = set()
    joined = {(source.span_id, source.field) for tool in trace.tools for source in tool.fed_back_in}
    returned = {tool.result for tool in trace.tools}
    for call in trace.calls:
        for ref in call.input:
            if ref.sha256 in seen:
                continue
            seen.add(ref.sha256)
            message = trace.message(ref)
            if message.role == "tool":
                for part, source in zip(message.parts, ref.sources, strict=True):
                    if part.text and part.text not in returned and (source.span_id, source.field) not in joined:
                        yield part.text, source


def _of_text(text: str, source: Source, *, of_news: bool = False) -> list[NewsItem]:
    return [_item(article, text, source) for article in articles(text, of_news=of_news)]


def _item(article: Article, text: str, source: Source) -> NewsItem:
    end = min(article.end, article.start + CITED, len(text))
    return NewsItem(
        item=Item(title=article.title, body=article.text, url=article.url),
        evidence=Evidence(
            trace_id=source.trace_id, span_id=source.span_id, field=source.field,
            excerpt=text[article.start : end], start=article.start, end=end,
        ),
        published=article.published,
    )  # fmt: skip


def _retrieves(attributes: Mapping[str, object]) -> bool:
    return any(str(attributes.get(key, "")).lower() == word for key, word in _RETRIEVES.items())


def _found_nothing(span: Span) -> bool:
    """Tell whether a retrieval recorded an empty list, which is an answer, rather than nothing."""
    kept = (span.attributes.get("gen_ai.retrieval.documents"), span.attributes.get("output.value"))
    return any(value in ("[]", "") or value == [] for value in kept if value is not None)
