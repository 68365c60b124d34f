"""Retrieved documents (news, filings, transcripts) under the usual spellings of their facts.

Dates stay the emitter's own text: what they mean, and whether they can be trusted, is for the detectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterbell.canon import sha256_hex
from afterbell.formats.content import state_of_value
from afterbell.formats.messages import as_decimal, as_json, as_text
from afterbell.model.calls import Document
from afterbell.model.vocabulary import ContentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from afterbell.model.calls import Source

PREFIX = "trading.document."

_ID = ("id", "doc_id", "document_id", "document.id")
_URL = ("url", "link", "source_url", "canonical_url", "uri", "href")
_TITLE = ("title", "headline", "name")
_TEXT = ("content", "text", "page_content", "pageContent", "body", "summary", "snippet")
_PUBLISHER = ("source", "publisher", "provider", "site", "source_name")
_PUBLISHED = (
    "published_at",
    "publishedAt",
    "published",
    "publish_time",
    "published_time",
    "publish_date",
    "published_date",
    "publication_date",
    "publishedDate",
    "datePublished",
    "pubDate",
    "providerPublishTime",
    "published_utc",
    "date_published",
    "filed_at",
    "filed",
    "date",
    "datetime",
)
_RETRIEVED = (
    "retrieved_at",
    "retrievedAt",
    "fetched_at",
    "fetchedAt",
    "accessed_at",
    "crawled_at",
    "scraped_at",
)
_HASH = ("sha256", "content_sha256", "content_hash")


def document(entry: Mapping[str, Any], at: Callable[[str], Source], *, rank: int = 0, started_ns: int = 0) -> Document:
    """Return a document from one decoded entry; facts may stand in it or in its `metadata`.

    `at` makes the source of a path below the entry; the document's source is that of its text.
    """
    inner = as_json(entry.get("metadata"))
    metadata: dict[str, Any] = dict(inner) if isinstance(inner, Mapping) else {}
    facts = {**metadata, **{key: value for key, value in entry.items() if key != "metadata"}}
    plain = {key.removeprefix(PREFIX): value for key, value in facts.items()}

    def first(names: tuple[str, ...]) -> Any:
        return next((plain[name] for name in names if plain.get(name) not in (None, "")), None)

    key = next((name for name in _TEXT if entry.get(name) not in (None, "")), "")
    text = as_text(entry[key]) if key else ""
    publisher = first(_PUBLISHER)
    if isinstance(publisher, Mapping):
        publisher = publisher.get("name")
    return Document(
        doc_id=as_text(first(_ID)),
        url=as_text(first(_URL)),
        title=as_text(first(_TITLE)),
        text=text,
        publisher=as_text(publisher),
        published_at=as_text(first(_PUBLISHED)),
        retrieved_at=as_text(first(_RETRIEVED)),
        sha256=sha256_hex(text.encode("utf-8", "surrogatepass")) if text else "",
        stated_sha256=as_text(first(_HASH)),
        rank=rank,
        score=as_decimal(plain.get("score")),
        metadata={name: value for name, value in plain.items() if name not in _TEXT},
        source=at(f".{key}" if key else ""),
        started_ns=started_ns,
        state=state_of_value(text) if text else ContentState.NOT_CAPTURED,
    )


def documents(value: Any, at: Callable[[str], Source], *, started_ns: int = 0) -> tuple[Document, ...]:
    """Return the documents of a decoded list; texts in it become documents of their own."""
    rows = value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
    found = []
    for number, row in enumerate(rows):
        entry = row if isinstance(row, Mapping) else {"content": row}
        found.append(document(entry, _below(at, f"[{number}]"), rank=number, started_ns=started_ns))
    return tuple(found)


def stated(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `trading.document.*` attributes state, without the prefix."""
    return {key.removeprefix(PREFIX): value for key, value in attributes.items() if key.startswith(PREFIX)}


def on_span(
    value: Any, attributes: Mapping[str, Any], at: Callable[[str], Source], name: str, started_ns: int = 0
) -> tuple[Document, ...]:
    """Return the documents of a decoded list under attribute `name`, with what `trading.document.*` adds.

    Those attributes describe one document: the only one of the list, or one of their own without a list.
    """
    facts = stated(attributes)
    rows = value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
    if facts and len(rows) == 1 and isinstance(rows[0], Mapping):
        rows = [{**facts, **rows[0]}]
    elif facts and not rows:
        return (document(facts, lambda path: at(PREFIX + path.removeprefix(".")), started_ns=started_ns),)
    return documents(rows, _below(at, name), started_ns=started_ns)


def _below(at: Callable[[str], Source], prefix: str) -> Callable[[str], Source]:
    return lambda path: at(prefix + path)
