"""Sources with a date, in the shapes in which tools and retrievers hand it over: a `Shape` reads one into a run.

Each takes the run and the moment of publication (None leaves the date out) and returns the stamp as it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from random import Random
from typing import Any

from msgspec import Struct

from afterbell.formats.messages import as_text
from planted._floor import FACTS, PUBLISHERS, Tape, facts, iso

_ZONES = (timezone(timedelta(hours=-5)), timezone(timedelta(hours=1)), timezone(timedelta(hours=9)))
_HEADLINES = (
    "{s} signs a supply contract in {p}",
    "{s} names a new head of operations for {p}",
    "Union and {s} agree on shifts in {p}",
    "{s} opens a second site near {p}",
    "Dealers in {p} see demand for {s}",
    "{s} ends the dispute over a patent in {p}",
)
_PLACES = ("Leeds", "Turin", "Osaka", "Lyon", "Boise", "Haifa", "Porto", "Quito", "Bergen", "Graz", "Tampere", "Ghent",
           "Malmo", "Bilbao", "Perth", "Dakar", "Lima", "Riga", "Split", "Tampa")  # fmt: skip


class Shape(Struct, frozen=True):
    """A way to hand over a source. `coarse` stamps tell days at best, or an age in words."""

    name: str
    read: Callable[[Tape, datetime | None], str]
    coarse: bool = False


def headline(tape: Tape) -> str:
    """Return a headline that the run has not read yet: what stands twice is dated by either."""
    while True:
        told = tape.chance.choice(_HEADLINES).format(s=tape.symbol, p=tape.chance.choice(_PLACES))
        if not any(told in as_text(row) for row in tape.rows):
            return told


def _page(tape: Tape) -> str:
    """Return a text as long as a page's."""
    return " ".join(tape.chance.sample(FACTS, tape.chance.randint(3, 6)))


def spelled(chance: Random, at: datetime) -> str:
    """Return a moment in RFC 3339, in one of some zones."""
    if chance.random() < 0.5:
        return iso(at.replace(microsecond=0))
    return at.astimezone(chance.choice(_ZONES)).replace(microsecond=0).isoformat()


def _story(tape: Tape) -> dict[str, Any]:
    number = tape.chance.randint(1000, 99999)
    return {"id": f"n{number}", "url": f"https://news.example.org/{number}", "title": headline(tape),
            "source": tape.chance.choice(PUBLISHERS), "text": facts(tape.chance)}  # fmt: skip


def _dated(key: str, stamp: Any) -> dict[str, Any]:
    return {} if stamp == "" else {key: stamp}


def _written(tape: Tape, at: datetime | None) -> str:
    return spelled(tape.chance, at) if at else ""


def _documents(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    story = {**_story(tape), **_dated("published_at", stamp)}
    if tape.chance.random() < 0.5:
        story["retrieved_at"] = iso(tape.at)
    tape.read(f"{tape.symbol} news", [story])
    return stamp


def _metadata(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    key = tape.chance.choice(("published_at", "publishedAt", "datePublished"))
    tape.read(f"{tape.symbol} news", [{**_story(tape), "metadata": {"lang": "en", **_dated(key, stamp)}}])
    return stamp


def _attribute(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    tape.read(f"{tape.symbol} news", [_story(tape)], **_dated("trading.document.published_at", stamp))
    return stamp


def _articles(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    key = tape.chance.choice(("publishedAt", "published_at", "publish_time", "datePublished"))
    story = {"headline": headline(tape), "summary": facts(tape.chance), **_dated(key, stamp)}
    tape.tool("get_news", {"symbol": tape.symbol}, {"status": "ok", "articles": [story]})
    return stamp


def _epoch(tape: Tape, at: datetime | None) -> str:
    stamp = int(at.timestamp()) * tape.chance.choice((1, 1, 1000)) if at else ""
    key = tape.chance.choice(("epoch", "publish_time", "published_at"))
    tape.tool("news_feed", {"q": tape.symbol}, [{"title": headline(tape), "body": facts(tape.chance),
                                                 **_dated(key, stamp)}])  # fmt: skip
    return str(stamp)


def _rss(tape: Tape, at: datetime | None) -> str:
    stamp = format_datetime(at.replace(microsecond=0)) if at else ""
    if tape.chance.random() < 0.4:
        stamp = stamp.replace("+0000", "GMT")
    item = {"title": headline(tape), "description": facts(tape.chance), **_dated("pubDate", stamp)}
    tape.tool("read_feed", {"feed": "https://feeds.example.org/markets"}, {"channel": "Markets", "item": [item]})
    return stamp


def _xml(tape: Tape, at: datetime | None) -> str:
    stamp = format_datetime(at.replace(microsecond=0)) if at else ""
    line = f"<pubDate>{stamp}</pubDate>" if stamp else ""
    text = f"<item><title>{headline(tape)}</title>{line}<description>{facts(tape.chance)}</description></item>"
    tape.tool("fetch_feed", {"symbol": tape.symbol}, f"<rss><channel>{text}</channel></rss>")
    return stamp


def _line(tape: Tape, at: datetime | None) -> str:
    form = tape.chance.choice(("%Y-%m-%d %H:%M UTC", "%Y-%m-%dT%H:%M:%SZ", "%d %B %Y %H:%M UTC", "%B %d, %Y %H:%M UTC"))
    stamp = at.strftime(form) if at else ""
    line = (
        tape.chance.choice(("Published: {}\n", "Published {}\n", "Published on {}.\n")).format(stamp) if stamp else ""
    )
    tape.tool("read_page", {"url": "https://news.example.org/a"}, f"{headline(tape)}\n{line}\n{_page(tape)}")
    return stamp


def _day(tape: Tape, at: datetime | None) -> str:
    form = tape.chance.choice(("%Y-%m-%d", "%B %d, %Y", "%d %b %Y"))
    stamp = at.strftime(form) if at else ""
    line = f"Published: {stamp}\n" if stamp else ""
    tape.read(f"{tape.symbol} articles", [{**_story(tape), "text": f"{line}{facts(tape.chance)}"}])
    return stamp


def _linked_data(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    date = f'"datePublished":"{stamp}",' if stamp else ""
    data = f'{{"@type":"NewsArticle",{date}"headline":"{headline(tape)}"}}'
    page = f'<script type="application/ld+json">{data}</script><article>{_page(tape)}</article>'
    tape.tool("open_url", {"url": "https://news.example.org/b"}, page)
    return stamp


def _ago(tape: Tape, at: datetime | None) -> str:
    stamp = ""
    if at:
        age = tape.at - at
        days = age.days
        units = ((days // 7, "week"), (days, "day")) if days >= 14 else ((days, "day"),)
        count, unit = tape.chance.choice(units) if days >= 1 else (max(1, age.seconds // 3600), "hour")
        stamp = f"{count} {unit}{'s' if count > 1 else ''} ago"
    about = {"title": headline(tape), "snippet": facts(tape.chance), **_dated("date", stamp)}
    if tape.chance.random() < 0.5:
        tape.tool("web_search", {"q": tape.symbol}, {"results": [about]})
    else:
        line = f"Published {stamp}\n" if stamp else ""
        tape.tool("read_page", {"url": "https://news.example.org/c"}, f"{headline(tape)}\n{line}{_page(tape)}")
    return stamp


def _quote(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    last = round(tape.chance.uniform(5, 400), 2)
    tape.tool("get_quote", {"symbol": tape.symbol}, {"symbol": tape.symbol, "last": last, **_dated("as_of", stamp)})
    return stamp


def _quote_attribute(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    last = round(tape.chance.uniform(5, 400), 2)
    tape.tool("get_quote", {"symbol": tape.symbol}, {"bid": last, "ask": round(last * 1.001, 2)},
              **_dated("trading.quote.asof", stamp))  # fmt: skip
    return stamp


def _filing(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    form = tape.chance.choice(("10-Q", "10-K", "8-K"))
    text = f"Form {form}. {facts(tape.chance)}"
    tape.read(f"{tape.symbol} {form}", [{"id": f"f{tape.chance.randint(1, 999)}", "title": form, "text": text,
                                         **_dated("published_at", stamp)}],
              **{"trading.document.filing.form": form})  # fmt: skip
    return stamp


def _filing_tool(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    form = tape.chance.choice(("10-Q", "10-K"))
    tape.tool("get_filing", {"symbol": tape.symbol, "form": form},
              {"form": form, "text": facts(tape.chance), **_dated("published_at", stamp)},
              **{"trading.document.filing.form": form})  # fmt: skip
    return stamp


def _naive_articles(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S" if tape.chance.random() < 0.5 else "%Y-%m-%dT%H:%M:%S") if at else ""
    story = {"headline": headline(tape), "summary": facts(tape.chance), **_dated("published_at", stamp)}
    tape.tool("get_news", {"symbol": tape.symbol}, {"articles": [story]})
    return stamp


def _naive_line(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M") if at else ""
    line = f"Published: {stamp}\n" if stamp else ""
    tape.tool("read_page", {"url": "https://news.example.org/d"}, f"{headline(tape)}\n{line}{_page(tape)}")
    return stamp


def _meta_tag(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    tag = tape.chance.choice((
        '<meta property="article:published_time" content="{}"/>', '<meta content="{}" itemprop="datePublished">',
        '<time itemprop="datePublished" datetime="{}">recently</time>',
    ))  # fmt: skip
    head = f"<title>{headline(tape)}</title>{tag.format(stamp) if stamp else ''}"
    tape.tool(
        "open_page", {"href": "https://news.example.org/e"}, f"<html>{head}<body><p>{_page(tape)}</p></body></html>"
    )
    return stamp


def _markdown(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%b %d, %Y %H:%M UTC") if at else ""
    line = f"**Published:** {stamp}\n\n" if stamp else ""
    tape.tool("scrape_url", {"u": "https://news.example.org/f"}, f"# {headline(tape)}\n\n{line}{_page(tape)}")
    return stamp


def _nested(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    story = {"attributes": {"title": headline(tape), "content": facts(tape.chance), **_dated("publishedAt", stamp)}}
    text = as_text({"data": [{"type": "article", **story}], "meta": {"count": 1}})
    tape.tool("search_articles", {"query": tape.symbol}, text)
    return stamp


def _listed(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
    line = f"Published: {stamp}\n" if stamp else ""
    text = f"Title: {headline(tape)}\nSource: {tape.chance.choice(PUBLISHERS)}\n{line}Summary: {facts(tape.chance)}\n"
    tape.tool("company_news", {"symbol": tape.symbol}, text)
    return stamp


def _ago_elsewhere(tape: Tape, at: datetime | None) -> str:
    stamp = ""
    if at:
        count, (one, several) = max(1, (tape.at - at).days), tape.chance.choice((
            ("vor {} Tag", "vor {} Tagen"), ("hace {} día", "hace {} días"), ("il y a {} jour", "il y a {} jours"),
            ("{}天前", "{}天前"),
        ))  # fmt: skip
        stamp = (one if count == 1 else several).format(count)
    tape.tool("web_search", {"q": tape.symbol}, {"hits": [{"title": headline(tape), "snippet": facts(tape.chance),
                                                           **_dated("publishedAt", stamp)}]})  # fmt: skip
    return stamp


def _quote_text(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else ""
    end = f" as of {stamp}" if stamp else ""
    tape.tool("last_price", {"symbol": tape.symbol}, f"{tape.symbol} {tape.chance.uniform(5, 400):.2f} USD{end}")
    return stamp


def _quotes(tape: Tape, at: datetime | None) -> str:
    stamp = _written(tape, at)
    pair = {name: {"bid": 10.1, "ask": 10.2, **_dated("asOf", stamp)} for name in (tape.symbol, "SYNTHETIC_INDEX")}
    tape.tool("get_quotes", {"symbols": [*pair]}, pair)
    return stamp


def _filing_text(tape: Tape, at: datetime | None) -> str:
    stamp = at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
    line = f"Filed: {stamp}\n" if stamp else ""
    tape.tool("get_filing_text", {"symbol": tape.symbol}, f"FORM 10-Q\n{line}\n{_page(tape)}")
    return stamp


NEWS = (
    Shape("documents", _documents),
    Shape("metadata", _metadata),
    Shape("span attribute", _attribute),
    Shape("articles in JSON", _articles),
    Shape("epoch", _epoch),
    Shape("feed in JSON", _rss),
    Shape("feed in XML", _xml),
    Shape("a published line", _line),
    Shape("a published day", _day, coarse=True),
    Shape("linked data", _linked_data),
    Shape("an age in words", _ago, coarse=True),
    Shape("meta tag", _meta_tag),
    Shape("markdown page", _markdown),
    Shape("nested JSON", _nested),
    Shape("a list of fields", _listed),
    Shape("an age in other languages", _ago_elsewhere, coarse=True),
)
QUOTES = (
    Shape("quote in JSON", _quote),
    Shape("quote attribute", _quote_attribute),
    Shape("quote in words", _quote_text),
    Shape("quotes of several", _quotes),
)
FILINGS = (
    Shape("filing document", _filing),
    Shape("filing tool", _filing_tool),
    Shape("text of a filing", _filing_text),
)
NAIVE = (Shape("JSON without a zone", _naive_articles), Shape("a line without a zone", _naive_line))
