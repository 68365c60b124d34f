"""Worked examples of research diary gap."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer


def _run(number: int, action: str = "buy", **more: Any) -> tuple[Row, ...]:
    ids = {"trace": f"t{number}", "idea": f"IDEA-{number}", "symbol": f"SYNTHETIC_{number}"}
    at = f"2026-01-05T14:0{number % 10}"
    if "rejected_ideas_count" in more:
        more["trading.decision.rejected_ideas.count"] = more.pop("rejected_ideas_count")
    rows: tuple[Row, ...] = ({"type": "research", "id": "r", "at": f"{at}:00Z", "until": f"{at}:20Z", **ids},)
    if action:
        rows += ({"type": "decision", "id": "d", "at": f"{at}:30Z", "until": f"{at}:31Z", "action": action, **ids,
                  **more},)  # fmt: skip
    return rows


def _row(number: int, status: str, day: int = 5, written: str = "", **more: Any) -> Row:
    at = f"2026-01-{day:02d}T15:00:00Z"
    return {"idea_id": f"IDEA-{number}", "symbol": f"SYNTHETIC_{number}", "status": status, "reason": "as written",
            "decided_at": at, "written_at": written or at, **more}  # fmt: skip


_EXIT: Row = {
    "type": "execution_report", "trace": "t1", "idea": "IDEA-1", "at": "2026-01-08T20:00:00Z", "exec_type": "trade",
    "exec_id": "EX-2", "side": "sell", "status": "filled", "position_effect": "close", "last_quantity": "100",
    "last_price": "58.10",
}  # fmt: skip

CASES = (
    Case(
        name="three researched, one on record",
        answer=Answer.YES,
        teaches="Two ideas were researched in the same days and left no row.",
        given=(*_run(1), *_run(2, ""), *_run(3, "")),
        books={"diary": (_row(1, "accepted"),)},
        excerpt="accepted",
        figures={"unrecorded": 2},
    ),
    Case(
        name="a count is no record",
        answer=Answer.YES,
        teaches="The decision says that nine ideas were dropped; the diary holds none of them.",
        given=_run(1, rejected_ideas_count=9),
        books={"diary": (_row(1, "accepted"),)},
        figures={"unrecorded": 9},
    ),
    Case(
        name="written after the exit",
        answer=Answer.YES,
        teaches="The row was written an hour after the position was closed, in another zone.",
        given=(*_run(1), _EXIT),
        books={"diary": (_row(1, "accepted", written="2026-01-08T16:00:00-05:00"), _row(2, "rejected"))},
        excerpt="2026-01-08T21:00:00Z",
    ),
    Case(
        name="written after the stated outcome",
        answer=Answer.YES,
        teaches="A rejected idea has an outcome too, and its row must be older.",
        given=_run(1, "skip"),
        books={"diary": (_row(1, "rejected", written="2026-01-12T09:00:00Z", outcome_at="2026-01-09T21:00:00Z"),)},
    ),
    Case(
        name="rejected ideas are on record",
        answer=Answer.NO,
        teaches="The other half of the experiment was kept.",
        given=(*_run(1), *_run(2, "")),
        books={"diary": (_row(1, "accepted"), _row(2, "rejected", day=6))},
    ),
    Case(
        name="decisions to skip",
        answer=Answer.NO,
        teaches="Without a diary, decisions to skip are a record of what was not traded.",
        given=(*_run(1, reason="margins"), *_run(2, "skip", reason="no edge after costs")),
    ),
    Case(
        name="corrected after the outcome",
        answer=Answer.NO,
        teaches="The earliest row counts: it was written before the exit, and a second one adds to it.",
        given=(*_run(1), _EXIT),
        books={"diary": (_row(1, "accepted"), _row(1, "accepted", written="2026-01-09T10:00:00Z"), _row(2, "skipped"))},
    ),
    Case(
        name="everything researched was traded",
        answer=Answer.NO,
        teaches="Two ideas, two trades, two rows: nothing was left out.",
        given=(*_run(1), *_run(2)),
        books={"diary": (_row(1, "accepted"), _row(2, "accepted"))},
    ),
    Case(
        name="nothing but a tool",
        answer=Answer.NA,
        teaches="A run without research, idea or decision needs no diary.",
        given=(
            {
                "type": "span",
                "trace": "t1",
                "id": "s",
                "at": "2026-01-05T14:00:00Z",
                "until": "2026-01-05T14:00:01Z",
                "name": "warm cache",
                "kind": "CHAIN",
            },
        ),
    ),
    Case(
        name="no diary",
        answer=Answer.UNKNOWN,
        teaches="One decision to buy says nothing about the ideas that were dropped.",
        given=_run(1),
    ),
    Case(
        name="a diary of another month",
        answer=Answer.UNKNOWN,
        teaches="Rows outside the window do not cover it.",
        given=(*_run(1), *_run(2, "")),
        books={"diary": (_row(8, "rejected", written="2025-11-05T15:00:00Z", decided_at="2025-11-05T15:00:00Z"),)},
    ),
    Case(
        name="the status is redacted",
        answer=Answer.UNKNOWN,
        teaches="Behind a redaction may stand a rejected idea.",
        given=(*_run(1), *_run(2, "")),
        books={"diary": (_row(1, "accepted"), _row(2, "[REDACTED]"))},
    ),
)
