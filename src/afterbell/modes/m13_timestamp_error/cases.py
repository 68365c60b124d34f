"""Worked examples of timestamp error."""

from __future__ import annotations

from typing import Any

import orjson

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer


def _document(title: str, published: str = "", **more: Any) -> dict[str, Any]:
    text = f"{title}. The company said so in a statement to the press on the day."
    dated = {"published_at": published} if published else {}
    return {"title": title, "text": text, "url": f"https://wire.example/{abs(len(title))}", **dated, **more}


def _search(*documents: Any, at: str = "2026-01-05T13:59:00Z", **more: Any) -> Row:
    return {"type": "retrieval", "trace": "t", "id": "news", "at": at, "until": at, "query": "SYNTHETIC_A",
            "documents": list(documents), **more}  # fmt: skip


def _tool(name: str, result: Any, at: str = "2026-01-05T13:58:00Z", **more: Any) -> Row:
    told = result if isinstance(result, str) else orjson.dumps(result).decode()
    return {"type": "tool", "trace": "t", "id": name, "at": at, "until": at, "name": name, "call_id": f"call-{name}",
            "arguments": {"symbol": "SYNTHETIC_A"}, "result": told, **more}  # fmt: skip


def _decision(at: str = "2026-01-05T14:00:00Z", **more: Any) -> Row:
    return {"type": "decision", "trace": "t", "id": "decision", "at": at, "until": at, "idea": "IDEA-1",
            "symbol": "SYNTHETIC_A", "action": "buy", **more}  # fmt: skip


_FRESH = _document("SYNTHETIC_A confirms its outlook", "2026-01-05T09:30:00Z")
_PAGE = (
    "SYNTHETIC_A opens a second plant\n{}The company said that the second line will start in spring, once the permit"
    " of the county is there, and that it has hired most of the people."
)
_BARS = [{"date": f"2025-12-{day:02d}", "open": "61", "high": "63", "low": "60", "close": "62"} for day in range(1, 20)]

CASES = (
    Case(
        name="a story of last month",
        answer=Answer.YES,
        teaches="A search returns what matches: one of two articles is 25 days old, and the window is 7.",
        given=(_search(_FRESH, _document("SYNTHETIC_A wins a contract", "2025-12-11T07:15:00Z")), _decision()),
        excerpt="2025-12-11T07:15:00Z",
        figures={"at_fault": 1, "sources": 2},
    ),
    Case(
        name="tomorrow's paper in a backtest",
        answer=Answer.YES,
        teaches="The decision pretends to be of the fifth and reads what was published on the seventh.",
        given=(
            _search(_document("SYNTHETIC_A cuts its outlook", "2026-01-07T12:00:00Z"), at="2026-03-01T10:00:00Z"),
            _decision("2026-03-01T10:01:00Z", data_asof="2026-01-05T14:00:00Z", mode="backtest"),
        ),
        excerpt="2026-01-07T12:00:00Z",
    ),
    Case(
        name="no zone near the limit",
        answer=Answer.YES,
        teaches="Without a zone the item is from before or after the decision: it cannot be placed.",
        given=(_search(_document("SYNTHETIC_A halts a plant", "2026-01-05 15:30:00")), _decision()),
        excerpt="2026-01-05 15:30:00",
    ),
    Case(
        name="a quote of yesterday under a window of minutes",
        answer=Answer.YES,
        teaches="Quotes may have a window of their own.",
        given=(
            _tool("get_quote", {"symbol": "SYNTHETIC_A", "price": "62.50", "as_of": "2026-01-04T20:59:58Z"}),
            _decision(),
        ),
        policy={"decay_window_quote": "PT15M"},
        excerpt="2026-01-04T20:59:58Z",
    ),
    Case(
        name="a date line in a text result",
        answer=Answer.YES,
        teaches="RFC 2822 dates in the lines of a text are read; the window of one day is exceeded.",
        given=(
            _tool(
                "search_news",
                "Title: SYNTHETIC_A opens a second plant\nURL: https://wire.example/plant\n"
                "Publish Time: Fri, 02 Jan 2026 09:00:00 -0500\nContent: The plant opened on time and in budget.",
            ),
            _decision(),
        ),
        policy={"decay_window": "P1D"},
        excerpt="Fri, 02 Jan 2026 09:00:00 -0500",
    ),
    Case(
        name="fresh news and a fresh quote",
        answer=Answer.NO,
        teaches="Every source lies within its window.",
        given=(
            _search(_FRESH),
            _tool("get_quote", {"symbol": "SYNTHETIC_A", "price": "62.50", "as_of": 1767621480}),
            _decision(),
        ),
        figures={"sources": 2},
    ),
    Case(
        name="exactly at the limit",
        answer=Answer.NO,
        teaches="Older means older than the window, not as old.",
        given=(_search(_document("SYNTHETIC_A reports", "2025-12-29T14:00:00Z")), _decision()),
    ),
    Case(
        name="an old period in a new filing",
        answer=Answer.NO,
        teaches="The period a filing covers is not its date, and dates a story tells about are not the story's.",
        given=(
            _search(
                {
                    "title": "Annual report 10-K of SYNTHETIC_A",
                    "url": "https://filings.example/a",
                    "text": "For the fiscal year ended September 30, 2025. Founded on 1 March 1999.",
                    "published_at": "2026-01-02T21:10:00Z",
                    "metadata": {"filing.form": "10-K", "filing.period_end": "2025-09-30"},
                }
            ),
            _decision(),
        ),
    ),
    Case(
        name="bars of a requested history",
        answer=Answer.NO,
        teaches="Old bars are what was asked for; the news beside them is fresh.",
        given=(_tool("get_price_history", {"symbol": "SYNTHETIC_A", "bars": _BARS}), _search(_FRESH), _decision()),
        figures={"sources": 1},
    ),
    Case(
        name="no zone, far from either limit",
        answer=Answer.NO,
        teaches="Two days old in every zone: the missing zone changes nothing.",
        given=(_search(_document("SYNTHETIC_A names a chair", "2026-01-03 15:30:00")), _decision()),
    ),
    Case(
        name="a date of the same day",
        answer=Answer.NO,
        teaches="A date without a time is compared by days.",
        given=(_search(_document("SYNTHETIC_A to speak", "2026-01-05")), _decision()),
    ),
    Case(
        name="three hours ago",
        answer=Answer.NO,
        teaches="An age counts from when it was read.",
        given=(
            _tool(
                "search_news",
                [
                    {
                        "title": "SYNTHETIC_A confirms its outlook again",
                        "url": "https://w.example/1",
                        "date": "3 hours ago",
                        "snippet": "It confirmed.",
                    }
                ],
            ),
            _decision(),
        ),
    ),
    Case(
        name="read after the decision",
        answer=Answer.NA,
        teaches="What was read later did not lead to the decision.",
        given=(
            _decision(),
            _search(_document("SYNTHETIC_A wins a contract", "2025-11-11T07:15:00Z"), at="2026-01-05T18:00:00Z"),
        ),
    ),
    Case(
        name="a page that a browser tool read",
        answer=Answer.YES,
        teaches="Whatever the tool is called: a page that says when it was published is a source.",
        given=(_tool("visit", _PAGE.format("Published: 2025-12-11 07:15 UTC\n\n")), _decision()),
        excerpt="2025-12-11 07:15 UTC",
    ),
    Case(
        name="a page with its data for machines",
        answer=Answer.YES,
        teaches="The date of a web page often stands only in its linked data or meta tags.",
        given=(
            _tool(
                "open_url",
                '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished":'
                ' "2025-12-11T07:15:00Z"}</script><article><p>SYNTHETIC_A opens a second plant, the company said on'
                " the day.</p></article>",
            ),
            _decision(),
        ),
        excerpt="2025-12-11T07:15:00Z",
    ),
    Case(
        name="a date that the span of a tool states",
        answer=Answer.YES,
        teaches="trading.document.published_at beside a tool's result dates the result.",
        given=(
            _tool(
                "get_report",
                "Operator: good morning.",
                **{"trading.document.published_at": "2025-12-11T07:15:00Z"},
            ),
            _decision(),
        ),
        excerpt="2025-12-11T07:15:00Z",
    ),
    Case(
        name="a filing that a tool returned as JSON",
        answer=Answer.NO,
        teaches="A result with a form is a filing and has the window of filings.",
        given=(
            _tool("get_document", {"form": "10-Q", "text": "Item 1.", "published_at": "2025-12-11T07:15:00Z"}),
            _decision(),
        ),
        policy={"decay_window_filing": "P90D"},
    ),
    Case(
        name="a form stated on the span of a tool",
        answer=Answer.NO,
        teaches="trading.document.filing.form beside a result makes it a filing; the result itself is what was read.",
        given=(
            _tool(
                "get_document",
                {"text": "Item 1.", "published_at": "2025-12-11T07:15:00Z"},
                **{"trading.document.filing.form": "10-Q"},
            ),
            _decision(),
        ),
        policy={"decay_window_filing": "P90D"},
    ),
    Case(
        name="a quote whose time stands on the span",
        answer=Answer.NO,
        teaches="trading.quote.asof dates the quote in the result beside it.",
        given=(
            _tool("get_quote", {"bid": "62.49", "ask": "62.51"}, **{"trading.quote.asof": "2026-01-05T13:57:58Z"}),
            _decision(),
        ),
        policy={"decay_window_quote": "PT15M"},
    ),
    Case(
        name="a filing that does not say when it was filed",
        answer=Answer.UNKNOWN,
        teaches="The text of a filing is a source in JSON too; a list of forms is none.",
        given=(
            _tool("get_filing", {"form": "10-Q", "text": "Item 1. The company makes pumps and sells them abroad."}),
            _tool("list_filings", [{"form": "10-K", "status": "available"}]),
            _decision(),
        ),
    ),
    Case(
        name="an undated page",
        answer=Answer.UNKNOWN,
        teaches="A page that a tool opened is a source, and nobody can tell how old it is.",
        given=(_tool("open_page", _PAGE.format("")), _decision()),
    ),
    Case(
        name="nothing read",
        answer=Answer.NA,
        teaches="A run that reads neither news nor quotes nor filings has nothing to be old.",
        given=(_tool("add", {"sum": 4}), _decision()),
    ),
    Case(
        name="no date at all",
        answer=Answer.UNKNOWN,
        teaches="Nobody can tell how old an undated article is.",
        given=(_search(_FRESH, _document("SYNTHETIC_A in talks")), _decision()),
    ),
    Case(
        name="a backtest that does not say as of when",
        answer=Answer.UNKNOWN,
        teaches="The clock of the machine is not the time of the decision.",
        given=(_search(_FRESH), _decision(mode="backtest")),
    ),
    Case(
        name="no decision",
        answer=Answer.UNKNOWN,
        teaches="Research alone has no moment from which an age counts.",
        given=(_search(_FRESH),),
    ),
)
