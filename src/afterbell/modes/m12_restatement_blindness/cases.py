"""Worked examples of restatement blindness."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_FIRST = {"accn": "F-1", "fy": 2024, "fp": "FY", "form": "10-K", "filed": "2025-02-20"}
_AMENDED = {"accn": "F-2", "fy": 2024, "fp": "FY", "form": "10-K/A", "filed": "2025-06-10"}
_YEAR = {"start": "2024-01-01", "end": "2024-12-31"}


def _facts(**concepts: Any) -> Row:
    """One registrant: by concept, unit and the (filing, value) pairs of fiscal 2024."""
    made: dict[str, Any] = {}
    for concept, (unit, *reports) in concepts.items():
        rows = [{**_YEAR, "val": value, **filing} for filing, value in reports]
        made[concept] = {"label": concept, "units": {unit: rows}}
    return {"cik": 9000001, "entityName": "SYNTHETIC_A CORP", "facts": {"us-gaap": made}}


_RESTATED = _facts(Revenues=("USD", (_FIRST, 1200000000), (_AMENDED, 1080000000)))


def _run(
    output: Any, at: str = "2025-09-01", *, symbol: str = "SYNTHETIC_A", result: Any = None, **more: Any
) -> tuple[Row, ...]:
    tool = () if result is None else (
        {"type": "tool", "trace": "t", "id": "k", "at": f"{at}T13:00:00Z", "until": f"{at}T13:00:01Z",
         "name": "get_facts", "call_id": "k1", "arguments": {"symbol": symbol}, "result": result},
    )  # fmt: skip
    decided = {"type": "decision", "trace": "t", "id": "d", "at": f"{at}T14:00:00Z", "symbol": symbol,
               "action": "buy", "idea": "i1", **more}  # fmt: skip
    return (
        *tool,
        {"type": "call", "trace": "t", "id": "c", "at": f"{at}T13:30:00Z", "until": f"{at}T13:30:09Z",
         "model": "model-a", "messages": f"What do the accounts of {symbol} say?", "output": output, "symbol": symbol},
        decided,
    )  # fmt: skip


def _documents(
    output: str, amended: str = "As restated, revenue for fiscal 2024 was $1,080 million."
) -> tuple[Row, ...]:
    found = {"type": "retrieval", "trace": "t", "id": "r", "at": "2025-09-01T13:00:00Z",
             "until": "2025-09-01T13:00:01Z", "query": "annual report", "documents": [
                 {"id": "f1", "title": "Annual report 2024", "content": "Revenue for fiscal 2024 was $1,200 million."},
                 {"id": "f2", "title": "Annual report 2024, amended", "trading.document.restatement_of": "f1",
                  "content": amended}]}  # fmt: skip
    return (found, *_run(output))


CASES = (
    Case(
        name="the first report, eleven weeks after the amendment",
        answer=Answer.YES,
        teaches="The value is the first filing's; an amended one of June had changed it before the decision.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion, so the stock is cheap."),
        books={"facts": (_RESTATED,)},
        excerpt="1.2 billion",
    ),
    Case(
        name="concept and period by the key of the tool's result",
        answer=Answer.YES,
        teaches="A bare figure gets its concept and period from the result that holds the same value.",
        given=_run("At 1,200,000,000 the business has scale.",
                   result={"cik": "0009000001", "revenues": 1200000000, "period_end": "2024-12-31"}),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="an answer in JSON",
        answer=Answer.YES,
        teaches="Keys of an output name the concept too.",
        given=_run('{"fiscal_year": 2024, "revenue": 1200000000, "action": "buy"}'),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="two linked filings and no facts",
        answer=Answer.YES,
        teaches="Both filings were retrieved and the later restates the earlier; the value used is the earlier one's.",
        given=_documents("Fiscal 2024 revenue of $1,200 million supports the thesis."),
        excerpt="1,200 million",
    ),
    Case(
        name="the first value relied on although both are named",
        answer=Answer.YES,
        teaches="Naming the restated value does not help when the words set it aside.",
        given=_run("Revenue for fiscal 2024 was $1.08 billion as restated; the valuation uses the originally reported "
                   "revenue of $1.20 billion for fiscal 2024."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="the restated value",
        answer=Answer.NO,
        teaches="The latest filing's value is right.",
        given=_run("Revenue for fiscal 2024 was $1.08 billion."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="before the amendment",
        answer=Answer.NO,
        teaches="A filing that came after the decision could not be known.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion.", at="2025-04-01"),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="both named, the restated one relied on",
        answer=Answer.NO,
        teaches="An analyst who tells the old value beside the new one is not blind.",
        given=_run("Revenue for fiscal 2024 was first given as $1.2 billion; restated it is $1.08 "
                   "billion, which we use."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="the restated one instead of the original",
        answer=Answer.NO,
        teaches="Words that set the first value aside are no reliance on it.",
        given=_run("We use the restated revenue for fiscal 2024 of $1.08 billion instead of the originally reported "
                   "$1.20 billion."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="rounding",
        answer=Answer.NO,
        teaches="Up to 0.5 % is rounding, not a restatement.",
        given=_run("Revenue for fiscal 2024 was $1,200.4 million."),
        books={"facts": (_facts(Revenues=("USD", (_FIRST, 1200400000), (_AMENDED, 1200000000))),)},
    ),
    Case(
        name="a share split",
        answer=Answer.NO,
        teaches="Four shares for one: earnings per share are a quarter, shares fourfold, net income stays.",
        given=_run("Diluted EPS for fiscal 2024 was $8.00."),
        books={"facts": (_facts(
            EarningsPerShareDiluted=("USD/shares", (_FIRST, 8.00), (_AMENDED, 2.00)),
            WeightedAverageNumberOfDilutedSharesOutstanding=("shares", (_FIRST, 50000000), (_AMENDED, 200000000)),
            NetIncomeLoss=("USD", (_FIRST, 400000000), (_AMENDED, 400000000)),
        ),)},
    ),
    Case(
        name="no split: net income fell too",
        answer=Answer.YES,
        teaches="Earnings per share that fall with net income are restated.",
        given=_run("Diluted EPS for fiscal 2024 was $8.00."),
        books={"facts": (_facts(
            EarningsPerShareDiluted=("USD/shares", (_FIRST, 8.00), (_AMENDED, 7.00)),
            WeightedAverageNumberOfDilutedSharesOutstanding=("shares", (_FIRST, 50000000), (_AMENDED, 50000000)),
            NetIncomeLoss=("USD", (_FIRST, 400000000), (_AMENDED, 350000000)),
        ),)},
    ),
    Case(
        name="crypto",
        answer=Answer.NA,
        teaches="A coin has no registrant.",
        given=_run("Protocol revenue for 2024 was $1.2 billion.", symbol="BTC-USD"),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="no figures of accounts",
        answer=Answer.NA,
        teaches="Nothing was used that a filing could restate.",
        given=_run("The chart looks calm; hold."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="no facts of the registrant",
        answer=Answer.UNKNOWN,
        teaches="Without company facts a restatement cannot be told.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion."),
    ),
    Case(
        name="another registrant's facts",
        answer=Answer.UNKNOWN,
        teaches="Facts of another company say nothing.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion.", symbol="SYNTHETIC_B"),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="on the day of filing",
        answer=Answer.UNKNOWN,
        teaches="With the day of filing alone it cannot be told whether the amendment was out at noon.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion.", at="2025-06-10"),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="accepted in the morning of that day",
        answer=Answer.YES,
        teaches="The time of acceptance settles it.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion.", at="2025-06-10"),
        books={"facts": (_facts(Revenues=(
            "USD", (_FIRST, 1200000000), (_AMENDED | {"accepted": "2025-06-10T10:05:00Z"}, 1080000000))),)},
    ),
    Case(
        name="a concept that the facts lack",
        answer=Answer.UNKNOWN,
        teaches="What the registrant's facts do not hold cannot be checked.",
        given=_run("Gross profit for fiscal 2024 was $700 million."),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="a replay that does not say as of when",
        answer=Answer.UNKNOWN,
        teaches="A backtest decided at no moment that its spans could tell.",
        given=_run("Revenue for fiscal 2024 was $1.2 billion.", mode="backtest"),
        books={"facts": (_RESTATED,)},
    ),
    Case(
        name="the linked amendment is redacted",
        answer=Answer.UNKNOWN,
        teaches="Two filings are linked, and what the later one says is gone: it may restate the value used.",
        given=_documents("Revenue for fiscal 2024 was $1,200 million.", "[REDACTED]"),
    ),
)  # fmt: skip
