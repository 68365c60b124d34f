"""Which trade is reviewed next: by turns the first of a strategy, the largest, and one by lot. Seeded, so repeatable.

The lot is the order of SHA-256 over the seed and the trade's place: whoever has the seed and the trades can draw it
again, and trades that come in later do not change the order among the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from afterbell.model.docket import RunFacts
from afterbell.model.proposal import action_of, proposals
from afterbell.model.trading import TradeEvent, TradeKind


class Stratum(StrEnum):
    """Why a trade was drawn; `chosen` ones were named by a person and are no sample."""

    FIRST = "first_of_strategy"
    LARGEST = "largest"
    RANDOM = "random"
    CHOSEN = "chosen"


TURNS = (Stratum.FIRST, Stratum.LARGEST, Stratum.RANDOM)


class Candidate(Struct, frozen=True, kw_only=True):
    """A trade that can be reviewed. `notional` is quantity times price in `currency`, None when either is not known."""

    trace_id: str
    span_id: str
    decision_id: str = ""
    idea_id: str = ""
    strategy_id: str = ""
    currency: str = ""
    at_ns: int = 0
    notional: Decimal | None = None

    @property
    def place(self) -> str:
        """Where the decision stands: what tells trades apart."""
        return f"{self.trace_id} {self.span_id}"


class Population(Struct, frozen=True, kw_only=True):
    """The trades to draw from, in order of time. `unstated` counts decisions left out as they state no action."""

    candidates: tuple[Candidate, ...] = ()
    unstated: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 over the places of all candidates: which population a draw was made from."""
        return hashlib.sha256("\n".join(sorted(each.place for each in self.candidates)).encode()).hexdigest()


class Draw(Struct, frozen=True, kw_only=True):
    """A candidate and the stratum it was drawn for."""

    candidate: Candidate
    stratum: Stratum


def population(runs: Iterable[RunFacts]) -> Population:
    """Return the trades of these runs that state what was to be done."""
    found: list[Candidate] = []
    unstated = 0
    for run in runs:
        for trade in proposals(run.trades):
            if action_of(trade):
                found.append(_candidate(run, trade))
            else:
                unstated += 1
    return Population(candidates=tuple(sorted(found, key=lambda each: (each.at_ns, each.place))), unstated=unstated)


def _candidate(run: RunFacts, trade: TradeEvent) -> Candidate:
    price = trade.price if trade.price is not None else next(_prices(run, trade), None)
    quantity = trade.quantity
    return Candidate(
        trace_id=run.trace_id, span_id=trade.source.span_id, decision_id=trade.decision_id, idea_id=trade.idea_id,
        strategy_id=trade.strategy_id, currency=trade.currency, at_ns=trade.at_ns,
        notional=None if quantity is None or price is None else abs(quantity * price),
    )  # fmt: skip


def _prices(run: RunFacts, trade: TradeEvent) -> Iterator[Decimal]:
    """Yield what is known of the trade's price: only to rank by size, it is never shown."""
    for other in run.trades:
        acts = other.kind in {TradeKind.ORDER, TradeKind.EXECUTION_REPORT}
        same = not trade.decision_id or not other.decision_id or trade.decision_id == other.decision_id
        if acts and same and other.price is not None and other.symbol in {"", trade.symbol}:
            yield other.price


def draw(given: Population, asked: Collection[str], *, seed: str, number: int) -> Draw | None:
    """Return the next trade to review, None when each has been asked.

    `asked` are the places of earlier draws and `number` how many there were: it says whose turn it is. A stratum that
    has nothing left gives its turn to the next one.
    """
    left = [each for each in given.candidates if each.place not in asked]
    for turn in range(len(TURNS)):
        stratum = TURNS[(number + turn) % len(TURNS)]
        ranked = _ranked(stratum, given.candidates, left, seed)
        if ranked:
            return Draw(candidate=ranked[0], stratum=stratum)
    return None


def _ranked(
    stratum: Stratum, every: Sequence[Candidate], left: Sequence[Candidate], seed: str
) -> list[Candidate]:  # fmt: skip
    if stratum is Stratum.FIRST:
        first: dict[str, Candidate] = {}
        for each in every:
            first.setdefault(each.strategy_id, each)
        places = {each.place for each in first.values()}
        return sorted((each for each in left if each.place in places), key=lambda each: lot(seed, each))
    if stratum is Stratum.LARGEST:
        return _by_size(left, seed)
    return sorted(left, key=lambda each: lot(seed, each))


def _by_size(left: Sequence[Candidate], seed: str) -> list[Candidate]:
    """Rank by size within each currency and take the currencies by turns: amounts in two of them do not compare."""
    ranked: list[tuple[int, str, Candidate]] = []
    known = [each for each in left if each.notional is not None]
    for currency in {each.currency for each in known}:
        own = sorted(
            (each for each in known if each.currency == currency),
            key=lambda each: (-(each.notional or Decimal(0)), lot(seed, each)),
        )  # fmt: skip
        ranked += [(rank, currency, each) for rank, each in enumerate(own)]
    return [each for _rank, _currency, each in sorted(ranked, key=lambda row: row[:2])]


def lot(seed: str, candidate: Candidate) -> str:
    """Return the candidate's lot under a seed: the lowest is drawn first."""
    return hashlib.sha256(f"{seed}\n{candidate.place}".encode()).hexdigest()
