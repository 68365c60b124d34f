"""Articles in the lines of a text: `Title:` fields, headings with a source or date, numbered and linked entries.

Offsets point into the given text. Which text may hold articles is the caller's to know (`articles`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from msgspec import Struct

FEW_WORDS = 4
SOME_WORDS = 8
CITED = 200

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
    r"|[(\[](?:[^()\[\]\n]{1,80}[,;|][ \t]{0,3})?\d{4}-\d\d-\d\d[^()\[\]\n]{0,40}[)\]])\s{0,4}\Z",
    re.IGNORECASE,
)
_DATED = re.compile(r"[(\[ ](\d{4}-\d\d-\d\d[^()\[\]\n]{0,40})[)\]]")
_LINKED = re.compile(r"\*{0,2}\[([^\[\]\n]{3,400})\]\((https?://[^()\s]{4,1000})\)")
# "## SYNTHETIC_A News, from 2026-01-01 to 2026-01-07:" announces entries; a report's own title has no period.
_NEWS = re.compile(
    r"\s{0,20}#{1,2}[ \t][^\n]{0,120}(?:\bnews\b|\bheadlines\b|\breddit\b|\u65b0\u95fb)[^\n]{0,120}\d{4}-\d\d",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^[ \t]{0,4}(?:[-*\u2022]|\d{1,3}[.)])[ \t]{1,4}(.{8,600})", re.MULTILINE)
_TAGS = re.compile(
    r"<(/?)(document|article|news|news_item|item|story|doc|passage|excerpt)\b[^<>]{0,300}>", re.IGNORECASE
)
_PARTS = re.compile(
    r"<(/?)(title|headline|link|url|description|summary|content|text|body|pubdate|published|date)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\s{0,99}(?:<!\[CDATA\[\s{0,99})?")
_CLOSE = re.compile(r"\]\]>\s{0,99}\Z")
_RULE = re.compile(r"^[ \t]{0,3}(?:-{3,80}|\*{3,80}|={3,80}|_{3,80})[ \t]{0,3}$", re.MULTILINE)


class Article(Struct, frozen=True, kw_only=True):
    """One article of a tool's result; `start` and `end` are the character offsets of its headline or first words.

    `published` is the date that stands beside it, as it is written there.
    """

    title: str = ""
    text: str = ""
    url: str = ""
    start: int = 0
    end: int = 0
    published: str = ""


class _Draft:
    """An article being read line by line."""

    def __init__(
        self, title: str = "", place: tuple[int, int] = (0, 0), *, marked: bool = False, kind: str = ""
    ) -> None:
        self.title, self.place, self.marked, self.kind = title, place, marked, kind
        self.url = ""
        self.published = ""
        self.lines: list[str] = []
        self.in_text = False

    def article(self) -> Article | None:
        text = "\n".join(self.lines).strip()
        if not self.marked or not (self.title or (self.url and text)):
            return None
        return Article(title=self.title, text=text, url=self.url, start=self.place[0], end=self.place[1],
                       published=self.published)  # fmt: skip


def in_lines(text: str) -> Iterator[Article | None]:
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
    dated = _DATED.search(tail.group()) if tail else None
    found.published = dated.group(1) if dated else ""
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
        if not draft.published and (key.startswith("publish") or key in {"date", "time"}) and key != "publisher":
            draft.published = value
    return True


def in_tags(text: str) -> Iterator[Article]:
    """Yield what stands between the tags that prompts put around documents; nested tags belong to the outer one."""
    opened: re.Match[str] | None = None
    for tag in _TAGS.finditer(text):
        if opened is None and not tag.group(1):
            opened = tag
        elif opened is not None and tag.group(1) and tag.group(2).lower() == opened.group(2).lower():
            inner = text[opened.end() : tag.start()]
            if count_words(inner) >= FEW_WORDS:
                start = opened.end() + len(inner) - len(inner.lstrip())
                whole = Article(text=inner.strip(), start=start, end=start + min(CITED, len(inner.strip())))
                yield _in_parts(inner, opened.end()) or whole
            opened = None


def _in_parts(inner: str, offset: int) -> Article | None:
    """Return the article whose headline and text stand in tags of their own, as in a feed; None where none does."""
    found: dict[str, tuple[str, int]] = {}
    opened: re.Match[str] | None = None
    for tag in _PARTS.finditer(inner):
        if opened is None and not tag.group(1):
            opened = tag
        elif opened is not None and tag.group(1) and tag.group(2).lower() == opened.group(2).lower():
            raw = inner[opened.end() : tag.start()]
            lead = _LEAD.match(raw)
            value = unescape(_CLOSE.sub("", raw[lead.end() if lead else 0 :])).strip()
            if value:
                found.setdefault(opened.group(2).lower(), (value, offset + opened.end() + (lead.end() if lead else 0)))
            opened = None
    title = _first(found, "title", "headline")
    text = _first(found, "content", "text", "body", "description", "summary")
    if not title[0] or not (text[0] or "link" in found or "url" in found):
        return None
    published = _first(found, "pubdate", "published", "date")[0]
    return Article(title=title[0], text=text[0], url=_first(found, "link", "url")[0], start=title[1],
                   end=title[1] + min(CITED, len(title[0])), published=published)  # fmt: skip


def _first(found: Mapping[str, tuple[str, int]], *names: str) -> tuple[str, int]:
    return next((found[name] for name in names if name in found), ("", 0))


def in_sections(text: str) -> Iterator[Article]:
    """Yield the entries of a plain list, else the sections between rules; one alone is no list."""
    entries = [hit for hit in _ENTRY.finditer(text) if count_words(hit.group(1)) >= FEW_WORDS]
    if len(entries) > 1:
        for hit in entries:
            yield Article(title=hit.group(1).strip(" *"), start=hit.start(1), end=hit.end(1))
        return
    at = 0
    parts = _RULE.split(text)
    for part in parts if len(parts) > 1 else ():
        start = text.find(part, at)
        at = start + len(part)
        if count_words(part) >= SOME_WORDS:
            begin = start + len(part) - len(part.lstrip())
            yield Article(text=part.strip(), start=begin, end=begin + min(CITED, len(part.strip())))


def in_fields(fields: Iterator[tuple[str, str, tuple[int, int]]]) -> Iterator[Article | None]:
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
        elif key.lower().startswith(("publish", "pub", "date")):
            draft.published = draft.published or value
        else:
            draft.lines.append(value)
            draft.marked = draft.marked or count_words(value) >= SOME_WORDS
    yield draft.article()


def count_words(text: str) -> int:
    """Return about how many words the first 400 characters hold; scripts without spaces count by characters."""
    return len(text[:400].split()) if text.isascii() else len(text[:400].split()) + len(text[:400]) // 6
