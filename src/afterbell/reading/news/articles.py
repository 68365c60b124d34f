"""Splits what a search or news tool returned into its articles: JSON lists, lines of fields, headed entries.

An entry is an article when it has a headline and an address, a source, a date or a text; a table row, a section of a
report and a list of people's titles are none. Offsets point into the given text. It does not compare articles.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
from msgspec import structs

from afterbell.reading.news.lines import (
    CITED,
    FEW_WORDS,
    SOME_WORDS,
    Article,
    count_words,
    in_fields,
    in_lines,
    in_sections,
    in_tags,
)

MAX_ARTICLES = 5000  # of one text; a search returns tens
_DEEPEST = 8
_LONGEST_REPR = 200_000
_MISSES = 3
_WINDOW = 100_000  # characters within which the next headline is looked for

_TITLES = ("title", "headline", "news_title", "newsTitle", "articleTitle")
_TEXTS = (
    "content", "text", "page_content", "pageContent", "body", "summary", "description", "snippet", "blurb", "abstract",
    "raw_content", "full_text", "excerpt", "content_preview",
)  # fmt: skip
_URLS = ("url", "link", "source_url", "canonical_url", "canonicalUrl", "clickThroughUrl", "uri", "href", "article_url")
_MARKS = (
    "source", "publisher", "provider", "site", "author", "authors", "source_name", "published_at", "publishedAt",
    "published", "publish_time", "published_time", "publish_date", "published_date", "publication_date", "pubDate",
    "datePublished", "providerPublishTime", "published_utc", "date_published", "time_published", "date", "datetime",
    "created_at",
)  # fmt: skip
# Of a document, when it was published; `date` and `datetime` only where nothing more particular stands.
PUBLISHED = (
    "published_at", "publishedAt", "published", "publish_time", "published_time", "publish_date", "published_date",
    "publication_date", "publishedDate", "pubDate", "datePublished", "date_published", "providerPublishTime",
    "published_utc", "time_published", "published_on", "published_epoch", "filed_at", "filing_date", "filed",
    "acceptance_datetime", "date", "datetime", "created_at", "epoch",
)  # fmt: skip
_PAIR = re.compile(
    r'"(title|headline|url|link|content|text|body|summary|description|snippet)"\s{0,4}:\s{0,4}'
    r'"((?:[^"\\]|\\.){0,4000})',
)

_FIELD = re.compile(
    r'"(title|headline|url|link|content|text|body|summary|description|snippet|published_?(?:at|time|date)?|publish_?(?:time|date)'
    r'|datePublished|pubDate|date|datetime)"\s{0,4}:\s{0,4}"((?:[^"\\]|\\.){0,4000})',
    re.IGNORECASE,
)


def articles(text: str, *, of_news: bool = False) -> tuple[Article, ...]:
    """Return the articles of one tool result in order, none where it holds none. Takes any text; raises nothing.

    `of_news` says that the tool is one for news: then its bare lists of headlines and its sections between rules are
    articles too.
    """
    value = _structure(text)
    found: Iterator[Article | None]
    if value is not None:
        headlines = _headlines(value) if of_news else ()
        found = iter(_placed(text, [each for each in (*_in_json(value, 0), *headlines) if each]))
    elif (first := _PAIR.search(text)) and _PAIR.search(text, first.end()):
        # JSON that was cut off, or that stands within a prompt.
        found = in_fields((hit.group(1), _unescaped(hit.group(2)), hit.span(2)) for hit in _FIELD.finditer(text))
    elif "</" in text and (tagged := tuple(islice(in_tags(text), MAX_ARTICLES))):
        found = iter(tagged)
    else:
        found = in_lines(text)
    kept = tuple(islice((article for article in found if article is not None), MAX_ARTICLES))
    if not kept and of_news and value is None:
        kept = tuple(islice(in_sections(text), MAX_ARTICLES))
    return kept


def _headlines(value: Any) -> tuple[Article, ...]:
    """Return the headlines of a bare list of texts, or of one under a key of its own."""
    lists = [value] if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
    texts = [each for listed in lists if isinstance(listed, list) for each in listed if isinstance(each, str)]
    return tuple(Article(title=text) for text in texts[:MAX_ARTICLES] if count_words(text) >= FEW_WORDS)


def _structure(text: str) -> Any:
    """Return the structure that a text writes as JSON or as Python prints it, or None."""
    head = text[:200].lstrip()[:1]
    if head not in {"{", "["}:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    if len(text) > _LONGEST_REPR or "'" not in text[:2000]:
        return None
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = entry.get(name)
        if isinstance(value, Mapping):
            value = value.get("url") or value.get("href")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _in_json(value: Any, depth: int) -> Iterator[Article | None]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _in_json(each, depth + 1)
    elif isinstance(value, Mapping):
        found = _entry(value)
        if found is not None:
            yield found
            return
        for each in value.values():
            if isinstance(each, (dict, list)):
                yield from _in_json(each, depth + 1)
            elif isinstance(each, str) and len(each) > CITED:
                yield from articles(each)


def _entry(entry: Mapping[Any, Any]) -> Article | None:
    title, text, url = _first(entry, _TITLES), _first(entry, _TEXTS), _first(entry, _URLS)
    marked = any(entry.get(name) for name in _MARKS)
    told = count_words(text) >= SOME_WORDS
    if (title and (url or (text and (told or marked)))) or (told and (url or marked)):
        return Article(title=title, text=text, url=url, published=_published(entry))
    if title and marked and count_words(title) >= FEW_WORDS:
        return Article(title=title, text=text, url=url, published=_published(entry))
    return None


def _published(entry: Mapping[Any, Any]) -> str:
    """Return the date of an entry as it is written; a number is an epoch."""
    for name in PUBLISHED:
        value = entry.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value:
            return str(value)
    return ""


def _placed(text: str, found: list[Article]) -> Iterator[Article]:
    """Give each article the offsets of its headline (else of its first words) in the text as it is written."""
    at = misses = 0
    ascii_only = text.isascii()
    for article in found:
        place = (0, 0)
        if misses < _MISSES:
            place = _find(text, article.title or article.text[:CITED], at, ascii_only=ascii_only)
            misses = 0 if place[1] else misses + 1
            at = place[1] or at
        yield structs.replace(article, start=place[0], end=place[1])


def _find(text: str, wanted: str, at: int, *, ascii_only: bool) -> tuple[int, int]:
    plain = wanted.splitlines()[0][:CITED] if wanted.strip() else ""
    escaped, kept = json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]
    # The likeliest spelling first: a failed search costs the whole window.
    for form in (escaped, plain) if ascii_only else (kept, escaped, plain):
        start = text.find(form, at, at + _WINDOW) if form else -1
        if start >= 0:
            return start, start + len(form)
    return 0, 0


def _unescaped(text: str) -> str:
    try:
        return str(orjson.loads(f'"{text}"'))
    except orjson.JSONDecodeError:
        return text
