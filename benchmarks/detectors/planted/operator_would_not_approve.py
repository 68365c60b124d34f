"""Operator would not approve: blind reviewers who would not have done a trade, and reviews that only look so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from plant import FAULTY, INNOCENT, UNTOLD, Plant
from planted._desk import Clock, Made, Newsroom, call, hexes, symbol

SLUG = "operator_would_not_approve"

_ROLES = ("reviewer", "system operator", "code owner", "risk officer")
_AGAINST = (
    "the thesis rests on one headline about {c}", "the stated plan says nothing of the {p} inquiry",
    "the filing is older than the {m} report", "the limit for {p} would be passed",
    "no source supports the margin of {n}", "the horizon does not fit the exit in {m}",
)  # fmt: skip
_FOR = ("the filing of {c} supports it", "two sources in {p} agree", "the size fits the limit of {n}",
        "the exit is planned before {m}")  # fmt: skip


class Desk:
    """A traded run in the making, and the reviews of its trade."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.clock, self.news = chance, Clock(chance), Newsroom(chance)
        self.trace, self.idea = hexes(chance), f"IDEA-{hexes(chance, 6)}"
        self.decision = f"DEC-{hexes(chance, 4)}"
        self.quantity = Decimal(chance.randrange(1, 900)) * chance.choice((1, 10, Decimal("0.5")))
        self.reviews: list[Made] = []
        self.rows = self._run()

    def _run(self) -> list[Made]:
        """Research, a decision and its order."""
        shared = {"trace": self.trace, "idea": self.idea, "symbol": symbol(self.chance)}
        root: Made = {
            "type": "run",
            "id": "run",
            "name": "trader",
            "at": self.clock(),
            "until": self.clock(3000),
        } | shared
        asked = call(self.clock, self.trace, "ask", "run", messages=self.news.told("What changed at {c}?"),
                     output=self.news.told("Little changed at {c} since {m}."))  # fmt: skip
        side = self.chance.choice(("buy", "sell"))
        between: Made = {"parent": "run", "decision": self.decision, "quantity": str(self.quantity)} | shared
        decided: Made = {"type": "decision", "id": "decision", "at": self.clock(), "until": self.clock(),
                         "action": side} | between  # fmt: skip
        order: Made = {"type": "order", "id": "order", "at": self.clock(), "until": self.clock(), "side": side,
                       "client_order_id": f"CO-{hexes(self.chance, 5)}"} | between  # fmt: skip
        return [root, asked, decided, order]

    def review(self, answer: str, *, role: str = "", blind: bool | None = None, **facts: Any) -> Made:
        """Add a review. `blind` says whether the outcome was shown after the answer or before; None = never shown."""
        lines = _FOR if answer.startswith(("approve", "accept")) else _AGAINST
        asked, early, answered, late = (self.clock(self.chance.randrange(20, 4000)) for _ in range(4))
        row: Made = {
            "review_id": f"RV-{hexes(self.chance, 6)}", "trace_id": self.trace, "decision_id": self.decision,
            "idea_id": self.idea, "reviewer_role": role or self.chance.choice(_ROLES), "asked_at": asked,
            "answered_at": answered, "answer": answer, "model_quantity": str(self.quantity),
            "note": self.news.told(self.chance.choice(lines)),
        }  # fmt: skip
        if blind is not None:
            row["outcome_shown_at"] = late if blind else early
        self.reviews.append(row | facts)
        return self.reviews[-1]

    def other(self) -> str:
        """Return a quantity that is not the model's."""
        factor = self.chance.choice(("0.1", "0.25", "0.5", "1.5", "3"))
        return f"{(self.quantity * Decimal(factor)).normalize():f}"

    def plant(self, wording: str, answers: Any, fault: str = "", books: Sequence[Made] | None = None) -> Plant:
        """Return the run with its reviews."""
        rows = self.reviews if books is None else books
        return Plant(wording=wording, rows=tuple(self.rows), answers=answers, fault=fault,
                     books={"reviews": tuple(rows)} if rows else {})  # fmt: skip


# ---- faults: each returns the text that must be shown ----------------------------------------------------------------


def _declined(desk: Desk) -> str:
    return desk.review("decline")["note"]


def _declined_then_shown(desk: Desk) -> str:
    return desk.review(desk.chance.choice(("declined", "reject", "Decline")), blind=True)["note"]


def _sized(desk: Desk) -> str:
    return desk.review("resize", quantity=desk.other(), blind=desk.chance.choice((None, True)))["quantity"]


def _approved_otherwise(desk: Desk) -> str:
    """Approve by the word and differ by the quantity."""
    return desk.review("approve", quantity=desk.other())["quantity"]


def _to_nothing(desk: Desk) -> str:
    return desk.review("resize", quantity="0")["note"]


def _one_of_two(desk: Desk) -> str:
    first, second = desk.chance.sample(_ROLES, 2)
    desk.review("approve", role=first, quantity=str(desk.quantity))
    return desk.review("decline", role=second)["note"]


def _changed_afterwards(desk: Desk) -> str:
    """Decline blind, and approve the same review once the outcome is known."""
    said = desk.review("decline", blind=True)
    desk.review("approve", role=said["reviewer_role"], review_id=said["review_id"], blind=False)
    return said["note"]


def _of_the_idea(desk: Desk) -> str:
    """Name only the idea."""
    return desk.review("decline", trace_id="", decision_id="")["note"]


_FAULTS: Sequence[tuple[str, Callable[[Desk], str]]] = (
    ("declined, outcome never shown", _declined),
    ("declined in other words, outcome shown later", _declined_then_shown),
    ("another size", _sized),
    ("approved with another quantity", _approved_otherwise),
    ("sized to nothing", _to_nothing),
    ("one of two reviewers declines", _one_of_two),
    ("declined blind, approved once the outcome was known", _changed_afterwards),
    ("a review that names only the idea", _of_the_idea),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield trades that a blind reviewer would not have done, each with the same trade that nobody reviewed blind."""
    while True:
        for wording, fault in _FAULTS:
            desk = Desk(chance)
            shown = fault(desk)
            yield desk.plant(wording, FAULTY, shown), desk.plant(wording, UNTOLD, books=_untold(desk))


def _untold(desk: Desk) -> list[Made]:
    """Return the reviews without what makes them count: none, not answered, or answered after the outcome."""
    way = desk.chance.randrange(3)
    if way == 0:
        return []
    if way == 1:
        return [row | {"answer": "", "answered_at": "", "outcome_shown_at": ""} for row in desk.reviews]
    return [row | {"outcome_shown_at": row["asked_at"]} for row in desk.reviews]


# ---- look-alikes -----------------------------------------------------------------------------------------------------


def _approved(desk: Desk) -> None:
    desk.review("approve", quantity=str(desk.quantity))


def _approved_without_size(desk: Desk) -> None:
    desk.review(desk.chance.choice(("approved", "accept")), blind=True)


def _same_in_other_digits(desk: Desk) -> None:
    desk.review("resize", quantity=f"{desk.quantity}{'' if '.' in str(desk.quantity) else '.'}00")


def _two_approve(desk: Desk) -> None:
    first, second = desk.chance.sample(_ROLES, 2)
    desk.review("approve", role=first, quantity=str(desk.quantity), blind=True)
    desk.review("approve", role=second, quantity=str(desk.quantity))


def _approved_then_regretted(desk: Desk) -> None:
    """Approve blind, and decline the same review once the outcome is known."""
    said = desk.review("approve", quantity=str(desk.quantity), blind=True)
    desk.review("decline", role=said["reviewer_role"], review_id=said["review_id"], blind=False)


def _in_doubt(desk: Desk) -> None:
    """Approve with a note that sounds like a refusal."""
    row = desk.review("approve", quantity=str(desk.quantity))
    row["note"] = f"would decline a larger size: {desk.news.told(desk.chance.choice(_AGAINST))}"


_ALIKE: Sequence[tuple[str, Callable[[Desk], None]]] = (
    ("approved with the model's quantity", _approved),
    ("approved without a quantity", _approved_without_size),
    ("the same quantity in other digits", _same_in_other_digits),
    ("two reviewers approve", _two_approve),
    ("approved blind, declined once the outcome was known", _approved_then_regretted),
    ("approved with a note of doubt", _in_doubt),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield trades that blind reviewers approved."""
    while True:
        for wording, alike in _ALIKE:
            desk = Desk(chance)
            alike(desk)
            answers = (
                INNOCENT if wording != "approved blind, declined once the outcome was known" else INNOCENT | UNTOLD
            )
            yield desk.plant(wording, answers)
