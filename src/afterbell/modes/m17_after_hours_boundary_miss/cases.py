"""Worked examples of after-hours boundary miss."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer


def _event(
    at: str, kind: str = "earnings", title: str = "SYNTHETIC_A fourth quarter earnings", symbol: str = "SYNTHETIC_A"
) -> Row:
    return {"at": at, "symbol": symbol, "kind": kind, "title": title, "country": "US"}


def _idea(
    thesis: str = "Margins hold through the year.", plan: str = "Buy 100 and hold for three weeks.",
    exchange: str = "XNYS", exit_at: str = "2026-02-02T15:00:00Z", **more: Any,
) -> tuple[Row, ...]:  # fmt: skip
    ids = {"trace": "t", "idea": "IDEA-1", "symbol": "SYNTHETIC_A", **({"exchange": exchange} if exchange else {})}
    rows: list[Row] = [
        {"type": "run", "id": "run", "at": "2026-01-20T14:00:00Z", "until": "2026-01-20T14:09:00Z", **ids},
        {"type": "research", "id": "r", "parent": "run", "at": "2026-01-20T14:00:01Z", "until": "2026-01-20T14:03:00Z",
         **ids},
        {"type": "thesis", "id": "th", "parent": "run", "at": "2026-01-20T14:04:00Z", "until": "2026-01-20T14:04:00Z",
         **ids, **({"text": thesis} if thesis else {"text_hash": "0" * 64}), **more},
        {"type": "decision", "id": "d", "parent": "run", "at": "2026-01-20T14:05:00Z", "until": "2026-01-20T14:05:01Z",
         "decision": "DEC-1", "action": "buy", **({"plan": plan} if plan else {}), **ids},
        {"type": "execution_report", "span": "d", "at": "2026-01-20T15:05:03Z", "client_order_id": "CO-1",
         "exec_id": "EX-1", "exec_type": "trade", "side": "buy", "status": "filled", "position_effect": "open",
         "last_quantity": "100", "last_price": "62.48", **ids},
    ]  # fmt: skip
    if exit_at:
        rows.append({"type": "execution_report", "span": "d", "at": exit_at, "client_order_id": "CO-2",
                     "exec_id": "EX-2", "exec_type": "trade", "side": "sell", "status": "filled",
                     "position_effect": "close", "last_quantity": "100", "last_price": "55.10", **ids})  # fmt: skip
    return tuple(rows)


_AFTER_CLOSE = _event("2026-01-28T21:05:00Z")

CASES = (
    Case(
        name="earnings after the close",
        answer=Answer.YES,
        teaches="The release came five minutes after the close while the position was held, and no text names it.",
        given=_idea(),
        books={"events": (_AFTER_CLOSE,)},
        excerpt="2026-01-28T21:05:00",
    ),
    Case(
        name="symbol and exchange stand on the run alone",
        answer=Answer.YES,
        teaches="What the run says of instrument and exchange holds for everything below it.",
        given=tuple(
            row if row["type"] == "run" else {k: v for k, v in row.items() if k not in {"symbol", "exchange"}}
            for row in _idea()
        ),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="only a past release is named",
        answer=Answer.YES,
        teaches="What was reported in October says nothing about January.",
        given=_idea("Margins hold: the last earnings were above guidance and the company beat on revenue."),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="a print in the lunch break",
        answer=Answer.YES,
        teaches="Lunch breaks are outside regular hours.",
        given=_idea(exchange="XHKG"),
        books={"events": (_event("2026-01-27T04:15:00Z"),)},
    ),
    Case(
        name="a jobs report before the open",
        answer=Answer.YES,
        teaches="A macro print concerns every symbol.",
        given=_idea(exit_at="2026-02-09T15:00:00Z"),
        books={
            "events": (
                _event("2026-02-06T13:30:00Z", "macro", "US nonfarm payrolls", ""),
                _event("2026-03-02T21:05:00Z"),
            )
        },
    ),
    Case(
        name="the afternoon of a half day",
        answer=Answer.YES,
        teaches="On the day after Thanksgiving New York closes at one: two o'clock is outside.",
        given=_idea(exit_at="2026-12-01T15:00:00Z"),
        books={"events": (_event("2026-11-27T19:00:00Z"),)},
    ),
    Case(
        name="the plan names the release",
        answer=Answer.NO,
        teaches="A gap that was planned for is no miss.",
        given=_idea(plan="Buy 100, halve the position before earnings on January 28."),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="during the session",
        answer=Answer.NO,
        teaches="Within regular hours a stop can trade.",
        given=_idea(),
        books={"events": (_event("2026-01-28T19:00:00Z"),)},
    ),
    Case(
        name="the close of summer is not that of winter",
        answer=Answer.NO,
        teaches="In January 20:30 UTC is half past three in New York.",
        given=_idea(),
        books={"events": (_event("2026-01-28T20:30:00Z"),)},
    ),
    Case(
        name="after the exit",
        answer=Answer.NO,
        teaches="The position was closed a day before the release.",
        given=_idea(exit_at="2026-01-27T16:00:00Z"),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="round the clock",
        answer=Answer.NA,
        teaches="A market that never closes has no boundary.",
        given=_idea(exchange="CRYPTO"),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="no position",
        answer=Answer.NA,
        teaches="An idea that was skipped holds nothing over the release.",
        given=(
            {
                "type": "decision",
                "trace": "t",
                "id": "d",
                "at": "2026-01-20T14:05:00Z",
                "until": "2026-01-20T14:05:01Z",
                "idea": "IDEA-1",
                "symbol": "SYNTHETIC_A",
                "exchange": "XNYS",
                "action": "skip",
            },
        ),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="another ticker's calendar",
        answer=Answer.UNKNOWN,
        teaches="A calendar that never names the ticker does not say that it reports nothing.",
        given=_idea(),
        books={"events": (_event("2026-01-28T21:05:00Z", symbol="SYNTHETIC_B"),)},
    ),
    Case(
        name="a day without a time",
        answer=Answer.UNKNOWN,
        teaches="A bare date leaves open whether the release came within hours.",
        given=_idea(),
        books={"events": (_event("2026-01-28"),)},
    ),
    Case(
        name="only the hash of the thesis",
        answer=Answer.UNKNOWN,
        teaches="Nobody can read a hash.",
        given=_idea(thesis=""),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="no exchange",
        answer=Answer.UNKNOWN,
        teaches="Without an exchange there are no hours.",
        given=_idea(exchange=""),
        books={"events": (_AFTER_CLOSE,)},
    ),
    Case(
        name="the policy names the exchange",
        answer=Answer.YES,
        teaches="A house that trades in one place says so once.",
        given=_idea(exchange=""),
        books={"events": (_AFTER_CLOSE,)},
        policy={"exchange": "XNAS"},
    ),
    Case(
        name="still open, until the horizon",
        answer=Answer.YES,
        teaches="An open position is held until the horizon of its thesis.",
        given=_idea(exit_at="", horizon="P20D"),
        books={"events": (_AFTER_CLOSE,)},
    ),
)
