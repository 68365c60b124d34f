"""Worked examples of price-blind leak: tests, documentation and `explain` in one."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_SYSTEM = (
    "You are a research analyst for equities. Judge the business from its filings. Never mention the current price, "
    "percentage moves or our position; prices are withheld from you on purpose."
)
_FACTS = (
    "SYNTHETIC_A reports revenue of $412 million, up 12% on the year, diluted EPS of $2.31 and a dividend of $0.25 per "
    "share. Steel prices fell 8%, backlog rose 30% and its market share increased 2 percentage points to 19%. "
    "Book value is $45.10 per share and the list price of its pump is $1,299."
)


def _call(user: str, *, system: str = _SYSTEM, stage: str = "research", second: int = 1, **more: Any) -> Row:
    return {
        "type": "call", "trace": "case-1", "id": f"call-{second}", "at": f"2026-01-05T14:00:{second:02d}.000Z",
        "until": f"2026-01-05T14:00:{second + 1:02d}.000Z", "model": "model-a", "stage": stage, "system": system,
        "messages": [{"role": "user", "content": user}], "output": "The thesis rests on the backlog.",
    } | more  # fmt: skip


def _tool(result: Any, stage: str = "research") -> Row:
    return {
        "type": "tool", "trace": "case-1", "id": "tool-1", "at": "2026-01-05T14:00:00.000Z", "name": "lookup",
        "until": "2026-01-05T14:00:01.000Z", "stage": stage, "arguments": {"symbol": "SYNTHETIC_A"}, "result": result,
    }  # fmt: skip


def _document(text: str) -> Row:
    return {
        "type": "retrieval", "trace": "case-1", "id": "docs-1", "at": "2026-01-05T14:00:00.000Z", "stage": "research",
        "documents": [{"id": "doc-1", "title": "Quarterly report", "content": text}],
    }  # fmt: skip


CASES: tuple[Case, ...] = (
    Case(
        name="a quote in the user's turn",
        answer=Answer.YES,
        teaches="One explicit quote of the security decides.",
        given=(_call(f"{_FACTS} It is trading at $41.20."),),
        excerpt="trading at $41.20",
        figures={"quote": 1, "position": 0},
    ),
    Case(
        name="a percentage move in a retrieved document",
        answer=Answer.YES,
        teaches="Documents of the research stage are part of what the prompt told.",
        given=(
            _document("Margins widened. Shares of SYNTHETIC_A fell more than 6% after the call."),
            _call("Summarise the report."),
        ),
        excerpt="fell more than 6%",
    ),
    Case(
        name="our position, without a figure",
        answer=Answer.YES,
        teaches="Position language leaks with or without numbers.",
        given=(_call("Does the new guidance threaten our existing position in SYNTHETIC_A?"),),
        figures={"position": 1},
    ),
    Case(
        name="a quote as JSON in a tool's result",
        answer=Answer.YES,
        teaches="Keys of JSON are read as well as prose.",
        given=(_tool({"symbol": "SYNTHETIC_A", "revenue": 412, "regularMarketPrice": 41.2}), _call("Assess the moat.")),
        excerpt="41.2",
    ),
    Case(
        name="Chinese: the price and what is held",
        answer=Answer.YES,
        teaches="Logs in Chinese are read with rules of their own.",
        given=(_call("请研究 SYNTHETIC_A 的基本面。现价 41.20 元，我们目前持有 300 股。", system="你是研究员。"),),
        excerpt="持有 300 股",
    ),
    Case(
        name="two words of charts",
        answer=Answer.YES,
        teaches="Medium matches decide together from 1.0 on: a direction and a chart pattern.",
        given=(_call("The stock has been in an uptrend and broke through resistance. What do the filings say?"),),
        figures={"medium_score": 1.0},
    ),
    Case(
        name="figures of a business are no quotes",
        answer=Answer.NO,
        teaches="Revenue, EPS, dividends, book value, input costs, market share and list prices are no leak.",
        given=(_call(_FACTS),),
    ),
    Case(
        name="the decision stage may see prices",
        answer=Answer.NO,
        teaches="Only calls of the research stage count.",
        given=(
            _call(_FACTS),
            _call(
                "SYNTHETIC_A trades at $41.20, up 3% today; you hold 300 shares. Decide.", stage="decision", second=5
            ),
        ),
    ),
    Case(
        name="a prompt that forbids prices",
        answer=Answer.NO,
        teaches="A sentence that forbids prices, even with examples, tells none.",
        given=(
            _call(
                'Do not write phrases such as "the stock is up 5%" or "trading at $120". No prices, moves or P&L are '
                "provided. Judge the filing."
            ),
        ),
    ),
    Case(
        name="Chinese figures of a business",
        answer=Answer.NO,
        teaches="Growth of revenue and prices of raw materials are no move of the security.",
        given=(
            _call(
                "营收同比增长 12%，毛利率下降 3 个百分点，原材料价格上涨 8%，市场份额上升 2 个百分点。",
                system="不要提及股价。",
            ),
        ),
    ),
    Case(
        name="sentiment alone",
        answer=Answer.NO,
        teaches="Words of sentiment are counted and never decide.",
        given=(_call("Sentiment among customers and investors is bullish, even euphoric. Read the filing."),),
        figures={"sentiment": 2},
    ),
    Case(
        name="only a decision call",
        answer=Answer.NA,
        teaches="Without a research call the question does not apply.",
        given=(_call("SYNTHETIC_A trades at $41.20. Decide.", stage="decision"),),
    ),
    Case(
        name="the prompt is redacted",
        answer=Answer.UNKNOWN,
        teaches="Content that is gone gives unknown, never a quiet no.",
        given=(_call("[REDACTED]"),),
    ),
    Case(
        name="documents of a retrieval not kept",
        answer=Answer.UNKNOWN,
        teaches="A retrieval that names no documents may have brought the price.",
        given=(
            {key: value for key, value in _document("").items() if key != "documents"} | {"dropped": 1},
            _call("What does the latest report say?"),
        ),
    ),
    Case(
        name="redacted, but what is left tells",
        answer=Answer.YES,
        teaches="A leak in the visible part is a leak.",
        given=(_tool("Last price: $41.20"), _call("[REDACTED]")),
        excerpt="41.20",
    ),
)
