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
from msgspec import Struct

MAX_ARTICLES = 5000  # of one text; a search returns tens
_DEEPEST = 8
_LONGEST_REPR = 200_000
_MISSES = 3
_FEW_WORDS = 4
_SOME_WORDS = 8
_CITED = 200

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
_LINE = re.compile(
    r"[ \t]{0,8}(?:[-*•][ \t]{1,3})?\*{0,2}(title|headline|url|link|source|publisher|published(?: at| on| date| time)?"
    r"|publish(?: time| date)|date|time|description|summary|snippet|content|text|body|abstract)\*{0,2}[ \t]?[:\uff1a]"
    r"\*{0,2}[ \t]{0,4}(.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{2,4}[ \t]{1,4}(.{3,500})")
_NUMBERED = re.compile(r"[ \t]{0,4}(?:\[\d{1,3}\]|\d{1,3}[.)])[ \t]{1,4}(.{8,600})")
_ORDINAL = re.compile(r"(?:article|result|item|news|story|source|document)\s{0,3}#?\d{1,4}\W{0,3}\Z", re.IGNORECASE)
_TAIL = re.compile(
    r"\s{1,3}(?:[(\[](?:source|via|from|publisher)[:\s][^()\[\]\n]{1,120}[)\]]"
    r"|[(\[]\d{4}-\d\d-\d\d[^()\[\]\n]{0,40}[)\]])\s{0,4}\Z",
    re.IGNORECASE,
)
_LINKED = re.compile(r"\*{0,2}\[([^\[\]\n]{3,400})\]\((https?://[^()\s]{4,1000})\)")
# "## SYNTHETIC_A News, from 2026-01-01 to 2026-01-07:" announces entries; a report's own title has no period.
_NEWS = re.compile(
    r"\s{0,20}#{1,2}[ \t][^\n]{0,120}(?:\bnews\b|\bheadlines\b|\breddit\b|\u65b0\u95fb)[^\n]{0,120}\d{4}-\d\d",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^[ \t]{0,4}(?:[-*\u2022]|\d{1,3}[.)])[ \t]{1,4}(.{8,600})", re.MULTILINE)
_RULE = re.compile(r"^[ \t]{0,3}(?:-{3,80}|\*{3,80}|={3,80}|_{3,80})[ \t]{0,3}$", re.MULTILINE)
_PAIR = re.compile(
    r'"(title|headline|url|link|content|text|body|summary|description|snippet)"\s{0,4}:\s{0,4}'
    r'"((?:[^"\\]|\\.){0,4000})',
)


class Article(Struct, frozen=True, kw_only=True):
    """One article of a tool's result; `start` and `end` are the character offsets of its headline or first words."""

    title: str = ""
    text: str = ""
    url: str = ""
    start: int = 0
    end: int = 0


class _Draft:
    """An article being read line by line."""

    def __init__(
        self, title: str = "", place: tuple[int, int] = (0, 0), *, marked: bool = False, kind: str = ""
    ) -> None:
        self.title, self.place, self.marked, self.kind = title, place, marked, kind
        self.url = ""
        self.lines: list[str] = []
        self.in_text = False

    def article(self) -> Article | None:
        text = "\n".join(self.lines).strip()
        if not self.marked or not (self.title or (self.url and text)):
            return None
        return Article(title=self.title, text=text, url=self.url, start=self.place[0], end=self.place[1])


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
    elif text[:200].lstrip()[:1] in {"{", "["} and _PAIR.search(text, 0, 20_000):
        found = _in_fields((hit.group(1), _unescaped(hit.group(2)), hit.span(2)) for hit in _PAIR.finditer(text))
    else:
        found = _in_lines(text)
    kept = tuple(islice((article for article in found if article is not None), MAX_ARTICLES))
    if not kept and of_news and value is None:
        kept = tuple(islice(_in_sections(text), MAX_ARTICLES))
    return kept


def _headlines(value: Any) -> tuple[Article, ...]:
    """Return the headlines of a bare list of texts, or of one under a key of its own."""
    lists = [value] if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
    texts = [each for listed in lists if isinstance(listed, list) for each in listed if isinstance(each, str)]
    return tuple(Article(title=text) for text in texts[:MAX_ARTICLES] if _words(text) >= _FEW_WORDS)


def _in_sections(text: str) -> Iterator[Article]:
    """Yield the entries of a plain list, else the sections between rules; one alone is no list."""
    entries = [hit for hit in _ENTRY.finditer(text) if _words(hit.group(1)) >= _FEW_WORDS]
    if len(entries) > 1:
        for hit in entries:
            yield Article(title=hit.group(1).strip(" *"), start=hit.start(1), end=hit.end(1))
        return
    at = 0
    parts = _RULE.split(text)
    for part in parts if len(parts) > 1 else ():
        start = text.find(part, at)
        at = start + len(part)
        if _words(part) >= _SOME_WORDS:
            begin = start + len(part) - len(part.lstrip())
            yield Article(text=part.strip(), start=begin, end=min(begin + _CITED, at))


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


def _words(text: str) -> int:
    return len(text[:400].split()) if text.isascii() else len(text[:400].split()) + len(text[:400]) // 6


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
            if isinstance(each, (Mapping, list)):
                yield from _in_json(each, depth + 1)
            elif isinstance(each, str) and len(each) > _CITED:
                yield from articles(each)


def _entry(entry: Mapping[Any, Any]) -> Article | None:
    title, text, url = _first(entry, _TITLES), _first(entry, _TEXTS), _first(entry, _URLS)
    marked = any(entry.get(name) for name in _MARKS)
    told = _words(text) >= _SOME_WORDS
    if (title and (url or (text and (told or marked)))) or (told and (url or marked)):
        return Article(title=title, text=text, url=url)
    if title and marked and _words(title) >= _FEW_WORDS:
        return Article(title=title, text=text, url=url)
    return None


def _placed(text: str, found: list[Article]) -> Iterator[Article]:
    """Give each article the offsets of its headline (else of its first words) in the text as it is written."""
    at = misses = 0
    for article in found:
        place = (0, 0)
        if misses < _MISSES:
            place = _find(text, article.title or article.text[:_CITED], at)
            misses = 0 if place[1] else misses + 1
            at = place[1] or at
        yield Article(title=article.title, text=article.text, url=article.url, start=place[0], end=place[1])


def _find(text: str, wanted: str, at: int) -> tuple[int, int]:
    plain = wanted.splitlines()[0][:_CITED] if wanted.strip() else ""
    # As it is, as JSON that keeps other scripts, as JSON that escapes them.
    for form in (plain, json.dumps(plain, ensure_ascii=False)[1:-1], json.dumps(plain)[1:-1]):
        start = text.find(form, at) if form else -1
        if start >= 0:
            return start, start + len(form)
    return 0, 0


def _unescaped(text: str) -> str:
    try:
        return str(orjson.loads(f'"{text}"'))
    except orjson.JSONDecodeError:
        return text


def _in_fields(fields: Iterator[tuple[str, str, tuple[int, int]]]) -> Iterator[Article | None]:
    """Read articles from the fields of a JSON text that was cut off."""
    draft = _Draft()
    for key, value, place in fields:
        if key in {"title", "headline"}:
            if draft.title:
                yield draft.article()
                draft = _Draft()
            draft.title, draft.place = value, place
        elif key in {"url", "link"}:
            if draft.url:
                yield draft.article()
                draft = _Draft()
            draft.url, draft.marked = value, True
        else:
            draft.lines.append(value)
            draft.marked = draft.marked or _words(value) >= _SOME_WORDS
    yield draft.article()


def _in_lines(text: str) -> Iterator[Article | None]:
    """Read articles from lines: `Title:` fields, headings with a source or date, numbered and linked entries."""
    of_news = bool(_NEWS.match(text))
    draft: _Draft | None = None
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        opened = _opened(line, start, draft, of_news=of_news)
        if opened is not None:
            if draft is not None:
                yield draft.article()
            draft = opened
            continue
        field = _LINE.match(line)
        if field is not None:
            key, value = field.group(1).lower(), field.group(2).strip()
            if draft is None or _again(draft, key):
                if draft is not None:
                    yield draft.article()
                draft = _Draft()
            if _filled(draft, key, value, (start + field.start(2), start + field.start(2) + len(value))):
                continue
        if draft is not None and line.strip():
            draft.lines.append(line)
    if draft is not None:
        yield draft.article()


def _opened(line: str, start: int, draft: _Draft | None, *, of_news: bool) -> _Draft | None:
    """Return the entry that a heading or a numbered line opens."""
    heading = _HEADING.match(line)
    hit = heading or _NUMBERED.match(line)
    if hit is None:
        return None
    title = hit.group(1)
    if _ORDINAL.match(title) and heading:
        return _Draft(kind="heading")
    if _LINE.match(title):
        return None
    linked, tail = _LINKED.match(title), _TAIL.search(title[-200:])
    marked = bool(linked or tail or (of_news and heading and line.startswith("###")))
    if heading is None and not marked:
        if draft is not None and draft.kind != "number":
            return None
        return _Draft(title.strip(" *"), (start + hit.start(1), start + hit.end(1)), kind="number")
    shown = linked.group(1) if linked else title[: len(title) - len(tail.group())] if tail else title
    begin = start + line.find(shown)
    found = _Draft(
        shown.strip(" *"), (begin, begin + len(shown)), marked=marked, kind="heading" if heading else "number"
    )
    if linked:
        found.url = linked.group(2)
    return found


def _again(draft: _Draft, key: str) -> bool:
    """Tell whether a field begins the next article: its headline or address stands already."""
    return (key in {"title", "headline"} and bool(draft.title)) or (key in {"url", "link"} and bool(draft.url))


def _filled(draft: _Draft, key: str, value: str, place: tuple[int, int]) -> bool:
    """Put a field's value where it belongs; return whether it is no text of the article."""
    if key in {"title", "headline"}:
        draft.title, draft.place = value, place
        draft.marked = draft.marked or bool(draft.url)
    elif key in {"url", "link"}:
        draft.url, draft.marked = value.strip("<>"), True
    elif draft.in_text:
        return False
    elif key in {"description", "summary", "snippet", "content", "text", "body", "abstract"}:
        # A description repeats what the text says; where both stand, the text counts.
        draft.lines = [value] if value else draft.lines
        draft.in_text = key in {"content", "text", "body"}
        draft.marked = draft.marked or (bool(draft.title) and bool(value))
    else:
        draft.marked = draft.marked or (bool(draft.title) and bool(value))
    return True
