"""Worked examples of a thesis that was not exited: events and conditions, bars and wicks, exits, what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterbell.model.case import TriggerCase

_TRACE = "2cf7651916cd43dd8448eb211c80319e"
_OTHER = "3df7651916cd43dd8448eb211c80319f"
_DAY = "2026-01-05"
_SUBJECT = "idea:IDEA-7 thesis:TH-7"


def _thesis(condition: str | None = None, **more: Any) -> dict[str, Any]:
    stated = {} if condition is None else {"invalidation_condition": condition}
    return {"type": "thesis", "trace": _TRACE, "id": "thesis", "at": f"{_DAY}T14:00:00Z", "until": f"{_DAY}T14:00:00Z",
            "idea": "IDEA-7", "thesis": "TH-7", "symbol": "SYNTHETIC_A", "exchange": "CRYPTO", "account": "ACC-1",
            "text": "Demand holds through the quarter.", "status": "accepted"} | stated | more  # fmt: skip


def _invalidated(at: str, **more: Any) -> dict[str, Any]:
    return {"type": "thesis_invalidated", "trace": _TRACE, "span": "thesis", "at": at, "idea": "IDEA-7",
            "thesis": "TH-7", "status": "invalidated"} | more  # fmt: skip


def _fill(clock: str, side: str, quantity: str, **more: Any) -> dict[str, Any]:
    return {"transact_time": f"{_DAY}T{clock}Z", "account_id": "ACC-1", "symbol": "SYNTHETIC_A", "side": side,
            "last_quantity": quantity, "last_price": "4100", "idea_id": "IDEA-7", "exec_id": f"E-{clock}",
            } | more  # fmt: skip


def _bars(closes: Sequence[str], lows: Sequence[str] = ()) -> tuple[dict[str, Any], ...]:
    """Return 3-minute bars that end from 14:06 on."""
    rows = []
    for place, close in enumerate(closes):
        low = lows[place] if lows else close
        rows.append({"at": f"{_DAY}T14:{6 + 3 * place:02d}:00Z", "symbol": "SYNTHETIC_A", "interval": "PT3M",
                     "exchange": "CRYPTO", "open": close, "high": close, "low": low, "close": close})  # fmt: skip
    return tuple(rows)


_ENTRY = _fill("14:03:00", "buy", "2")
_CLOSES_BELOW = "If the price closes below 4000 on a 3-minute candle"

CASES = (
    TriggerCase(
        name="closed below the level and kept",
        teaches="The condition recorded with the thesis came true on the bar that ended at 14:12.",
        fires=((_SUBJECT, "2"),),
        given=(_thesis(_CLOSES_BELOW),),
        books={"fills": (_ENTRY, _fill("14:20:00", "sell", "2")), "prices": _bars(("4080", "4010", "3990", "4020"))},
    ),
    TriggerCase(
        name="a wick is no break",
        teaches="The price traded below the level and closed above it.",
        fires=(),
        given=(_thesis(_CLOSES_BELOW),),
        books={"fills": (_ENTRY, _fill("14:15:00", "sell", "2")),
               "prices": _bars(("4080", "4010", "4005", "4020"), ("4070", "3950", "3990", "4000"))},
    ),
    TriggerCase(
        name="traded below needs no close",
        teaches="The words ask for a trade, so the bar's low is enough.",
        fires=((_SUBJECT, "2"),),
        given=(_thesis("SYNTHETIC_A breaks below 4,000, confirming a deeper correction"),),
        books={"fills": (_ENTRY, _fill("14:15:00", "sell", "2")),
               "prices": _bars(("4080", "4010", "4005", "4020"), ("4070", "3950", "4001", "4010"))},
    ),
    TriggerCase(
        name="an exit at the same instant",
        teaches="The position was closed when the bar closed.",
        fires=(),
        given=(_thesis(_CLOSES_BELOW),),
        books={"fills": (_ENTRY, _fill("14:12:00", "sell", "2")), "prices": _bars(("4080", "4010", "3990"))},
    ),
    TriggerCase(
        name="a part was kept",
        teaches="Fills are netted: half of the position outlived its thesis.",
        fires=((_SUBJECT, "0.5"),),
        given=(_thesis(), _invalidated(f"{_DAY}T15:00:00Z")),
        books={"fills": (_ENTRY, _fill("14:59:00", "sell", "1.5"), _fill("16:00:00", "sell", "0.5"))},
    ),
    TriggerCase(
        name="the invalidation of another idea",
        teaches="An event counts for its own idea only.",
        fires=(),
        given=(_thesis(_CLOSES_BELOW), _invalidated(f"{_DAY}T14:10:00Z", trace=_OTHER, idea="IDEA-8", thesis="TH-8")),
        books={"fills": (_ENTRY, _fill("14:15:00", "sell", "2")), "prices": _bars(("4080", "4010", "4005", "4020"))},
    ),
    TriggerCase(
        name="within the grace period",
        teaches="`thesis_grace` of the strategy allows five minutes.",
        fires=(),
        given=(_thesis(_CLOSES_BELOW, strategy="patient"),),
        books={"fills": (_ENTRY, _fill("14:15:00", "sell", "2")), "prices": _bars(("4080", "4010", "3990", "3980"))},
        policy={"strategy": {"patient": {"thesis_grace": "PT5M"}}},
    ),
    TriggerCase(
        name="its time ran out",
        teaches="A date is a condition too.",
        fires=((_SUBJECT, "2"),),
        given=(_thesis(f"valid until {_DAY}T15:00:00Z"),),
        books={"fills": (_ENTRY, _fill("15:30:00", "sell", "2"))},
    ),
    TriggerCase(
        name="held into the earnings release",
        teaches="A scheduled event of the calendar ends the thesis.",
        fires=((_SUBJECT, "2"),),
        given=(_thesis("Exit before the Q4 earnings release"),),
        books={"fills": (_ENTRY, _fill("22:30:00", "sell", "2")),
               "events": ({"at": f"{_DAY}T21:05:00Z", "symbol": "SYNTHETIC_A", "kind": "earnings"},)},
    ),
    TriggerCase(
        name="reported in the trace, seen open later",
        teaches="Execution reports and a snapshot in the traces stand in for the books.",
        fires=((_SUBJECT, "2"),),
        given=(_thesis(), _invalidated(f"{_DAY}T15:00:00Z"),
               {"type": "execution_report", "trace": _TRACE, "span": "thesis", "at": f"{_DAY}T14:03:00Z",
                "idea": "IDEA-7", "client_order_id": "CO-7", "exec_id": "EX-7", "exec_type": "trade", "side": "buy",
                "status": "filled", "last_quantity": "2", "last_price": "4100"}),
    ),
    TriggerCase(
        name="an indicator",
        teaches="RSI stands in no book: unknown, with the indicator named.",
        fires=(),
        given=(_thesis("If 4H RSI breaks back below 40, signaling momentum failure"),),
        books={"fills": (_ENTRY, _fill("14:15:00", "sell", "2")), "prices": _bars(("4080", "4010", "4005", "4020"))},
    ),
    TriggerCase(
        name="no prices",
        teaches="Nothing tells whether the level was closed below: unknown.",
        fires=(),
        given=(_thesis(_CLOSES_BELOW),),
        books={"fills": (_ENTRY, _fill("14:20:00", "sell", "2"))},
    ),
    TriggerCase(
        name="no fill and no snapshot",
        teaches="The thesis was invalidated, and whether anything was held is not recorded: unknown.",
        fires=(),
        given=(_thesis(), _invalidated(f"{_DAY}T15:00:00Z")),
    ),
)  # fmt: skip
