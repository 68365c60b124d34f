"""Worked examples of unit or GAAP confusion."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_TABLE = """Statements of income (in thousands, except per share data)

| | 2025 | 2024 |
|---|---|---|
| Revenue | $412,300 | $380,000 |
| Net income (loss) | (61,845) | 3,120 |
| Diluted EPS | (2.31) | 0.12 |
| Basic EPS | (2.35) | 0.13 |
| Gross margin | 38.9% | 39.4% |
"""
_BASES = """| (in millions, except per share) | 2025 | 2024 |
|---|---|---|
| GAAP net income | 61.8 | 48.2 |
| Non-GAAP net income | 75.4 | 66.0 |
| Diluted EPS | 2.31 | 1.80 |
| Basic EPS | 2.35 | 1.84 |
"""
_BARE = "| | 2025 | 2024 |\n|---|---|---|\n| Revenue | 412,300 | 380,000 |\n| Net income | 61,845 | 48,210 |\n"


def _call(output: Any, prompt: Any = "Judge the business.", **more: Any) -> Row:
    return {"type": "call", "trace": "t", "id": "call", "at": "2026-01-05T14:00:10Z", "until": "2026-01-05T14:00:20Z",
            "model": "model-a", "stage": "research", "messages": prompt, "output": output} | more  # fmt: skip


def _documents(*documents: dict[str, Any]) -> Row:
    return {"type": "retrieval", "trace": "t", "id": "docs", "at": "2026-01-05T14:00:01Z", "stage": "research",
            "until": "2026-01-05T14:00:02Z", "documents": list(documents)}  # fmt: skip


def _filing(text: str, **more: Any) -> Row:
    return _documents({"id": "d1", "title": "Annual report", "content": text, **more})


def _tool(result: Any) -> Row:
    return {"type": "tool", "trace": "t", "id": "tool", "at": "2026-01-05T14:00:03Z", "until": "2026-01-05T14:00:04Z",
            "stage": "research", "name": "get_fundamentals", "call_id": "c1", "arguments": {"symbol": "SYNTHETIC_A"},
            "result": result}  # fmt: skip


CASES = (
    Case(
        name="thousands read as millions",
        answer=Answer.YES,
        teaches="The header says thousands: 412,300 is 412.3 million, not billion.",
        given=(_filing(_TABLE), _call("Revenue reached $412.3 billion in 2025.")),
        excerpt="$412.3 billion",
        figures={"scale": 1},
    ),
    Case(
        name="thousands read as units",
        answer=Answer.YES,
        teaches="A figure with a currency and without a scale asserts units.",
        given=(_filing(_TABLE), _call("The company has revenue of only $412,300.")),
        excerpt="$412,300",
    ),
    Case(
        name="units that the document states",
        answer=Answer.YES,
        teaches="Where the text has no header, the document's units hold.",
        given=(_filing(_BARE, units="USD thousands"), _call("Net income was $61.845 billion.")),
        excerpt="$61.845 billion",
    ),
    Case(
        name="basis points read as percent",
        answer=Answer.YES,
        teaches="120 basis points are 1.2 percent.",
        given=(
            _filing("Gross margin expanded by 120 basis points in the year."),
            _call("Gross margin expanded by 120%."),
        ),
        excerpt="120%",
    ),
    Case(
        name="brackets lost",
        answer=Answer.YES,
        teaches="A bracketed net income is a loss.",
        given=(_filing(_TABLE), _call("The company earned net income of $61.8 million.")),
        excerpt="$61.8 million",
        figures={"sign": 1},
    ),
    Case(
        name="non-GAAP called GAAP",
        answer=Answer.YES,
        teaches="The claim names a basis, and the figure belongs to the other one.",
        given=(_filing(_BASES), _call("GAAP net income was $75.4 million.")),
        figures={"basis": 1},
    ),
    Case(
        name="diluted and basic",
        answer=Answer.YES,
        teaches="Basic earnings per share passed for diluted.",
        given=(_filing(_BASES), _call("Diluted EPS came in at $2.35.")),
        figures={"basis": 1},
    ),
    Case(
        name="two standards compared",
        answer=Answer.YES,
        teaches="A growth rate from an IFRS year to a US GAAP year, without recasting, compares nothing.",
        given=(
            _documents(
                {
                    "id": "d1",
                    "title": "Report 2024",
                    "content": "Revenue was $380.0 million in 2024.",
                    "accounting_standard": "IFRS",
                },
                {
                    "id": "d2",
                    "title": "Report 2025",
                    "content": "Revenue was $412.3 million in 2025.",
                    "accounting_standard": "US GAAP",
                },
            ),
            _call("Revenue grew 8.5% from 2024 to 2025."),
        ),
        figures={"basis": 1},
    ),
    Case(
        name="万元 read as 亿元",
        answer=Answer.YES,
        teaches="Chinese units are ten thousand and a hundred million.",
        given=(
            _filing("主要数据（单位：万元）\n\n| 项目 | 2025 |\n|---|---|\n| 营业收入 | 41,230 |\n"),
            _call("公司营业收入为41,230亿元。"),
        ),
    ),
    Case(
        name="rescaled as it should be",
        answer=Answer.NO,
        teaches="Thousands told as millions, percent as basis points, a loss told as a loss: all agree.",
        given=(
            _filing(_TABLE),
            _call(
                "Revenue was $412.3 million, up from $380.0 million; the net loss was $61.8 million, a loss of $2.31 "
                "per diluted share. Gross margin fell 50 bps to 38.9%."
            ),
        ),
        figures={"unstated": 0},
    ),
    Case(
        name="non-GAAP called non-GAAP",
        answer=Answer.NO,
        teaches="Naming the basis is what a claim should do.",
        given=(
            _filing(_BASES),
            _call(
                "Non-GAAP net income was $75.4 million against GAAP net income of $61.8 million; diluted EPS was $2.31."
            ),
        ),
    ),
    Case(
        name="a table copied without its header",
        answer=Answer.NO,
        teaches="No scale is asserted, so that none is wrong.",
        given=(_filing(_TABLE), _call("| | 2025 |\n|---|---|\n| Revenue | 412,300 |\n| Diluted EPS | (2.31) |\n")),
    ),
    Case(
        name="no figures",
        answer=Answer.NA,
        teaches="An output without figures cannot confuse units.",
        given=(_filing(_TABLE), _call("The thesis rests on the backlog.")),
    ),
    Case(
        name="nobody states the scale",
        answer=Answer.UNKNOWN,
        teaches="The table has no header: 412,300 may be thousands or not.",
        given=(_filing(_BARE), _call("Revenue was $412.3 million.")),
    ),
    Case(
        name="a result that states no scale",
        answer=Answer.UNKNOWN,
        teaches="A key without units: 412,300 may be thousands, and then $412.3 thousand is wrong.",
        given=(_tool({"symbol": "SYNTHETIC_A", "revenue": 412300}), _call("Revenue was $412.3 thousand.")),
    ),
    Case(
        name="the unit of the document holds for its copy in the prompt",
        answer=Answer.YES,
        teaches="The document states thousands; what the prompt repeats of it is the same table.",
        given=(_filing(_BARE, units="thousands"), _call("Revenue was $412.3 thousand.", prompt=f"Context:\n{_BARE}")),
        excerpt="$412.3 thousand",
    ),
    Case(
        name="the registrant's facts alone",
        answer=Answer.YES,
        teaches="Company facts are in ones: the claim is a thousand times too small.",
        given=(
            {"type": "run", "trace": "t", "id": "run", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:01:00Z",
             "name": "desk", "trading.security.id": "1001", "trading.security.id_source": "cik"},
            _call("Revenue for fiscal 2024 was $412.3 thousand."),
        ),
        books={"facts": (
            {"cik": 1001, "entityName": "SYNTHETIC_A Corp", "facts": {"us-gaap": {"Revenues": {"units": {"USD": [
                {"start": "2024-01-01", "end": "2024-12-31", "val": 412300000, "accn": "a", "fy": 2024, "fp": "FY",
                 "form": "10-K", "filed": "2025-02-20"}]}}}}},
        )},
        excerpt="$412.3 thousand",
    ),
)  # fmt: skip
