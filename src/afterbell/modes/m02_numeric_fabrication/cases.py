"""Worked examples of numeric fabrication."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_FILING = (
    "SYNTHETIC_A reported revenue of $412.3 million for fiscal 2025, compared with $380.0 million for fiscal 2024. Net "
    "income was $61.8 million and diluted EPS was $2.31. The company employs 1,840 people."
)
_TABLE = """Statements of income (in thousands, except per share data)

| | 2025 | 2024 |
|---|---|---|
| Revenue | $412,300 | $380,000 |
| Cost of revenue | 247,380 | 239,400 |
| Net income (loss) | 61,845 | (3,120) |
| Diluted EPS | 2.31 | (0.12) |
"""


def _call(output: Any, prompt: Any = "Judge the business.", **more: Any) -> Row:
    return {"type": "call", "trace": "t", "id": "call", "at": "2026-01-05T14:00:10Z", "until": "2026-01-05T14:00:20Z",
            "model": "model-a", "stage": "research", "messages": prompt, "output": output} | more  # fmt: skip


def _document(text: str, **more: Any) -> Row:
    return {"type": "retrieval", "trace": "t", "id": "docs", "at": "2026-01-05T14:00:01Z", "stage": "research",
            "until": "2026-01-05T14:00:02Z", "documents":
            [{"id": "d1", "title": "Annual report", "content": text, **more}]}  # fmt: skip


def _tool(result: Any, **more: Any) -> Row:
    return {"type": "tool", "trace": "t", "id": "tool", "at": "2026-01-05T14:00:03Z", "until": "2026-01-05T14:00:04Z",
            "stage": "research", "name": "get_fundamentals", "call_id": "c1", "arguments": {"symbol": "SYNTHETIC_A"},
            "result": result} | more  # fmt: skip


CASES = (
    Case(
        name="a figure from nowhere, filed with a tool",
        answer=Answer.YES,
        teaches="What the model files in sentences is an output too; the settings of a tool are not.",
        given=(
            _document(_FILING),
            _call(
                {
                    "content": "",
                    "tool_calls": [
                        {
                            "id": "c1",
                            "name": "save_note",
                            "arguments": {
                                "priority": 250,
                                "note": "Revenue was $412.3 million. The backlog stands at $97.4 million.",
                            },
                        }
                    ],
                }
            ),
            _tool("stored", name="save_note", at="2026-01-05T14:00:21Z", until="2026-01-05T14:00:22Z"),
        ),
        excerpt="97.4",
        figures={"grounded": 1, "total": 2},
    ),
    Case(
        name="a figure from nowhere",
        answer=Answer.YES,
        teaches="One figure that no source holds decides; its nearest source figure is listed beside it.",
        given=(_document(_FILING), _call("Revenue was $412.3 million and free cash flow reached $97.4 million.")),
        excerpt="$97.4 million",
        figures={"grounded": 1, "total": 2, "ungrounded": 1},
    ),
    Case(
        name="one digit changed",
        answer=Answer.YES,
        teaches="The right sentence with a wrong digit is a fabrication.",
        given=(_tool(_TABLE), _call("Revenue rose to $413.3 million in 2025, and diluted EPS was $2.31.")),
        excerpt="$413.3 million",
    ),
    Case(
        name="a growth rate that the figures do not give",
        answer=Answer.YES,
        teaches="380.0 to 412.3 million is 8.5 percent, not 14.",
        given=(_document(_FILING), _call("Revenue grew 14% in fiscal 2025.")),
        excerpt="14%",
    ),
    Case(
        name="an earlier agent's invention, repeated",
        answer=Answer.YES,
        teaches="What another agent of the run wrote is no source, also when the next prompt holds it.",
        given=(
            _document(_FILING),
            _call("The order backlog of the company stands at $731 million.", id="first", at="2026-01-05T14:00:05Z"),
            _call(
                "With a backlog of $731 million the year is covered.",
                "Report of the analyst:\nThe order backlog of the company stands at $731 million.\nDecide.",
                id="second",
            ),
        ),
        excerpt="$731 million",
        figures={"ungrounded": 1},
    ),
    Case(
        name="a source that failed was still captured",
        answer=Answer.YES,
        teaches="An error is what the tool returned: it holds no figure, and the figure is unfounded.",
        given=(
            _tool("", error={"type": "RateLimitError", "message": "429 Too Many Requests"}),
            _call("The trailing P/E ratio is 24.6 and revenue was $512 million."),
        ),
        excerpt="24.6",
    ),
    Case(
        name="rounding, scale and one step",
        answer=Answer.NO,
        teaches="Thousands told as millions, rounding to the digits shown, growth, margin and difference are grounded.",
        given=(
            _tool(_TABLE),
            _call(
                "Revenue grew 8.5% to $412.3 million, an increase of $32.3 million. Net margin was 15.0% and gross "
                "profit $164.9 million. Cost of revenue was about $247 million. EPS of $2.31 followed a loss of $0.12."
            ),
        ),
        figures={"ungrounded": 0},
    ),
    Case(
        name="the agent's own numbers are no claims",
        answer=Answer.NO,
        teaches="Stops, targets, sizes, odds, scores, horizons, dates, form names and list numbers are no claims.",
        given=(
            _document(_FILING),
            _call(
                "1. As the 10-K (Item 7) of December 31, 2025 shows [1], revenue was $412.3 million.\n2. Buy with a "
                "limit of $41.50, a stop-loss at $37.20 and a price target of $55.\n3. Allocate 2.5% of the portfolio "
                "for 6 months; confidence 7/10, probability of the bull case 35%.\n4. The stock could fall 12% "
                "if guidance is cut. RSI(14) and the 200-day SMA were not used in FY2025 or Q3."
            ),
        ),
        figures={"grounded": 1, "total": 1},
    ),
    Case(
        name="digits right, scale wrong",
        answer=Answer.NO,
        teaches="$412.3 billion for 412,300 thousand is the business of question 11.",
        given=(_tool(_TABLE), _call("Revenue was $412.3 billion.")),
    ),
    Case(
        name="JSON with keys, and a bare answer",
        answer=Answer.NO,
        teaches="A bare answer is read with the question's words; growth follows in one step.",
        given=(
            _tool({"revenue": {"2025": 412300000, "2024": 380000000}, "profitMargins": 0.1499}),
            _call("8.5%", "What was the growth of revenue from 2024 to 2025?"),
        ),
    ),
    Case(
        name="a prompt is a source",
        answer=Answer.NO,
        teaches="Figures that the user or the system gave may be repeated.",
        given=(
            _call(
                "The account holds 318 shares at an average cost of $40.12.", "You hold 318 shares, cost 40.12 each."
            ),
        ),
    ),
    Case(
        name="no figures",
        answer=Answer.NO,
        teaches="An output without figures claims none.",
        given=(_document(_FILING), _call("The thesis rests on the backlog and on pricing power.")),
        figures={"total": 0},
    ),
    Case(
        name="the result was not captured",
        answer=Answer.UNKNOWN,
        teaches="A result of the same stage that is gone could have held the figure.",
        given=(
            {
                "type": "tool",
                "trace": "t",
                "id": "tool",
                "at": "2026-01-05T14:00:03Z",
                "until": "2026-01-05T14:00:04Z",
                "stage": "research",
                "name": "get_fundamentals",
                "call_id": "c1",
                "arguments": {"symbol": "SYNTHETIC_A"},
            },
            _call("Free cash flow reached $97.4 million."),
        ),
    ),
    Case(
        name="the output was redacted",
        answer=Answer.UNKNOWN,
        teaches="An output that is gone may have held figures.",
        given=(_document(_FILING), _call("[REDACTED]")),
    ),
)
