"""The page of a blind review for a terminal: what was there to be seen, then what the run proposed.

Neither trace id nor names of runs stand on it: they would lead to the outcome. Whoever prints it makes control
characters inert.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from afterbell.model.blind import BlindView, Proposal, Seen, SeenKind
from afterbell.reading.times import from_ns


def lines(view: BlindView) -> Iterator[str]:
    """Yield the lines of the page; texts are whole, each line of a text behind a bar."""
    earlier = [piece for piece in view.seen if not piece.deciding]
    deciding = [piece for piece in view.seen if piece.deciding]
    if earlier:
        yield "BEFORE"
        for piece in earlier:
            yield from _piece(piece)
    yield "WHAT THE DECIDING MODEL WAS SHOWN"
    if not deciding:
        yield "  No model call of the trade's own run is known; what there was before the decision stands above."
    for piece in deciding:
        yield from _piece(piece)
    for why, count in sorted(view.withheld.items()):
        yield f"withheld: {count} that {why}" if count > 1 else f"withheld: 1 that {why}"
    yield "WHAT WAS PROPOSED"
    yield f"  {proposal(view.proposal)}"


def as_json(review_id: str, stratum: str, view: BlindView) -> dict[str, Any]:
    """Return the page in the shape that other programs rely on; ids of traces and spans are left out here too."""
    given = view.proposal
    return {
        "review_id": review_id,
        "stratum": stratum,
        "seen": [
            {
                "at": moment(piece.at_ns),
                "kind": piece.kind.value,
                "call": piece.call,
                "deciding": piece.deciding,
                "label": piece.label,
                "text": piece.text,
            }
            for piece in view.seen
        ],
        "withheld": dict(sorted(view.withheld.items())),
        "proposal": {
            "at": moment(given.at_ns),
            "action": given.action,
            "symbol": given.symbol,
            "quantity": None if given.quantity is None else f"{given.quantity:f}",
            "price": None if given.price is None else f"{given.price:f}",
            "currency": given.currency,
            "exchange": given.exchange,
        },
    }


def proposal(given: Proposal) -> str:
    """Return the proposal in one line."""
    size = "a quantity that the decision does not state" if given.quantity is None else f"{given.quantity:f}"
    price = "" if given.price is None else f" at {given.price:f} {given.currency}".rstrip()
    where = f" on {given.exchange}" if given.exchange else ""
    action = given.action or "(the decision does not say what)"
    return f"{moment(given.at_ns)}  {action} {size} {given.symbol or '(symbol not stated)'}{price}{where}"


def moment(at_ns: int) -> str:
    """Return nanoseconds since 1970 as a time in UTC."""
    at = from_ns(at_ns)
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else "(time not known)"


def _piece(piece: Seen) -> Iterator[str]:
    call = f"call {piece.call}, " if piece.call else ""
    kind = "" if piece.kind in {SeenKind.MESSAGE, SeenKind.TOOLS} else f"{piece.kind.value} "
    yield f"  {moment(piece.at_ns)}  {call}{kind}{piece.label}"
    for line in piece.text.splitlines() or [""]:
        yield f"    | {line}".rstrip()


def moment_of(at: datetime | None) -> str:
    """Return a time in UTC, or an empty text."""
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else ""
