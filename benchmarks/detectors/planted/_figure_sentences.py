"""Sentences for the planter of invented figures: claims to fill in, failed tools, and numbers that claim nothing.

`{a}` and `{b}` are an amount in millions and in billions, `{n}` a count, `{p}` a percentage, `{x}` to `{z}` prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COUNTS = (
    "The company serves {n} customers through its own branches.",
    "It employs {n} people, most of them engineers.",
    "The network has grown to {n} stores.",
    "It holds {n} patents.",
    "Last year {n} machines were delivered.",
)
AMOUNTS = (
    "Backlog stood at ${a} million at the end of the year.",
    "Free cash flow reached ${a} million.",
    "The addressable market is worth ${b} billion.",
    "Capital expenditure was ${a} million, mainly for the new plant.",
    "Management guides to revenue of ${b} billion.",
    "Deferred revenue: USD {a}m.",
)
RATES = (
    "Recurring revenue grew {p}% year on year.",
    "Exports account for {p} percent of sales.",
    "The renewal rate was {p}%.",
    "Segment margins widened to {p} %.",
    "Churn has come down by {p} per cent.",
)
QUOTED = (
    "According to the report, inventory turned over in {p} days.",
    'The filing states: "capacity utilisation averaged {p} percent".',
    "As disclosed in the notes, lease liabilities amount to ${a} million.",
    "Per the 10-K, the pension deficit is ${a} million (see note 14).",
)
CHINESE = ("公司研发人员占比为{p}%。", "期末在手订单为{b}亿元。", "海外收入同比增长{p}%。", "全年交付设备{n}台。")
SHAPED = (
    "Key metrics\n- Days sales outstanding: {d}\n- Book-to-bill: {x}\n",
    "Management sees revenue of between ${b} billion and ${c} billion.",
    "Net leverage stands at {x}x EBITDA.",
    "<table><tr><td>Order intake</td><td>{a}</td></tr></table>",
    "| Metric | Value |\n|---|---|\n| Order intake, million | {a} |\n",
    "On March 3 the company shipped its {n}th machine, and {a} more are on order.",
    "The dividend was raised to ${x} per share.",
    "Capacity: {a} tonnes a year; utilisation {p}%.",
    "order_intake: {a}\nrenewal_rate: {p}%\n",
)
FAILURES: tuple[Mapping[str, Any], ...] = (
    {"result": {"error": "no data for this symbol"}},
    {"result": {"statements": [], "status": "empty"}},
    {"result": "", "error": {"type": "TimeoutError", "message": "the source did not answer"}},
    {"result": "Error: symbol not found"},
    {"result": []},
)
OWN = (
    "Buy up to {q} shares with a limit of ${x}, stop at ${y}, target ${z}.",
    "Entry near ${x}; stop-loss {y}; take-profit {z}; position size {w}% of the book; horizon 9 months.",
    "Scenario weights: bull 25%, base 55%, bear 20%. Confidence 7/10.",
    "Conviction score: 8 out of 10. Risk rating: 3. Review after 6 weeks.",
    "If the gross margin falls below 30 percent, the thesis is void and we exit.",
    "Assume growth of 5% in the bear case and 12% in the bull case; re-rate after 2 quarters.",
    "We would size this at {w}% of capital and exit below ${y}.",
)
MARKERS = (
    "See the 10-K (Item 7 and Item 1A), the 8-K of 14 March and note 12 [3].",
    "1. Business unchanged. 2. Margins stable. 3. Risks known.",
    "The second of three segments is the one to watch in Q3 FY2026, the report of 2025-11-04 says [2][5].",
    "Sources: [1] Form 10-Q, [2] Item 2.02 of the 8-K, [4] ASC 606.",
    "Quality is certified to ISO 9001; the pandemic (COVID-19) and 5G roll-out are mentioned on page 17.",
    "Support is there 24/7, and the S&P 500 and the Russell 2000 both list suppliers (https://example.org/2024/33).",
    "The call begins at 14:30 on 3 March; paragraphs 4 to 6 of Section 3 matter most.",
    "In H2 2025 the first plant goes on line; the 5-year plan runs to 2030.",
)
