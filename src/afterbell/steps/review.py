"""Review: draws a trade, shows it as the model saw it, keeps the answer, and only then tells what came of it.

The order is what makes it blind: what was asked is on the disk before the page is shown, and the answer before the
outcome is. Answers are rows of the reviews book, ingested like any other, so the trigger finds them.
"""

from __future__ import annotations

import hashlib
import secrets
from decimal import Decimal

import msgspec
from msgspec import Struct

from afterbell import clock
from afterbell.blameless.lint import lint_text
from afterbell.catalog import shelves
from afterbell.disk.house import House
from afterbell.disk.reviews import Asked, Reviews
from afterbell.errors import UsageError
from afterbell.model.blind import BlindView
from afterbell.model.books import Books, Fill, Review
from afterbell.model.docket import Docket
from afterbell.model.event import Event
from afterbell.model.facts import run_facts
from afterbell.model.fault import Fault
from afterbell.model.judge_beside import role_faults
from afterbell.model.proposal import action_of, proposals
from afterbell.model.record import TimelineRow
from afterbell.model.run import Trace
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Book, TriggerName
from afterbell.query import agreement, sampling
from afterbell.query.agreement import Report
from afterbell.query.blind import blind_view
from afterbell.query.sampling import Draw, Population, Stratum
from afterbell.query.timeline import timeline
from afterbell.reading.blind_reviews import APPROVE, DECLINE, RESIZE
from afterbell.reading.times import from_ns
from afterbell.steps import ingest
from afterbell.steps.entries import new_id
from afterbell.steps.lint import parser_of
from afterbell.steps.store import Store, policy_of

REVIEWER = "reviewer"
ANSWERS = (APPROVE, DECLINE, RESIZE)
_SEED_BYTES = 8
_ID_SHORTEST = 4


class Page(Struct, frozen=True, kw_only=True):
    """A review to be answered: its id, why the trade was drawn, what to show; `again` = it was asked before."""

    review_id: str
    stratum: str
    view: BlindView
    again: bool = False


class Queue(Struct, frozen=True, kw_only=True):
    """The page, None when every trade has been asked; how many are left after it, and what could not be drawn."""

    page: Page | None
    left: int
    unstated: int
    gone: tuple[str, ...] = ()


class Answered(Struct, frozen=True, kw_only=True):
    """An answer as it was kept, what came of the trade, the event it makes; or faults, and nothing was kept."""

    review: Review | None
    faults: tuple[Fault, ...] = ()
    outcome: tuple[TimelineRow, ...] = ()
    event: Event | None = None


class _Trade(Struct, frozen=True, kw_only=True):
    """A trade in its run, with the other runs of its idea."""

    trace: Trace
    decision: TradeEvent
    kin: tuple[Trace, ...]


def ask(house: House, *, role: str = REVIEWER, seed: str = "", trace: str = "") -> Queue:
    """Return the review that this role has not answered yet, else draw the next one and record that it was asked.

    The first draw fixes the seed of the house's reviews (`seed`, else a random one). `trace` names a trade instead of
    drawing it. Raises UsageError for a role that is none, another seed, or a trace without a trade.
    """
    if next(role_faults((role,)), None):
        raise UsageError(f"{role[:60]!r} does not read as a role", "a role, never a name: reviewer, code owner")
    kept, store = Reviews(house.reviews), Store(house)
    asked = kept.asked()
    answered = kept.answered()
    if seed and asked and asked[0].seed != seed:
        raise UsageError(f"the reviews of this house are drawn with the seed {asked[0].seed}", "leave --seed away")
    seed = asked[0].seed if asked else seed or secrets.token_hex(_SEED_BYTES)
    given = _population(store)
    left = len({each.place for each in given.candidates} - _places(asked))
    gone: list[str] = []
    for each in asked:
        if each.reviewer_role == role and each.review_id not in answered and not trace:
            trade = _trade(store, each.trace_id, each.span_id)
            if trade is not None:
                page = Page(review_id=each.review_id, stratum=each.stratum, view=_view(store, trade), again=True)
                return Queue(page=page, left=left, unstated=given.unstated, gone=tuple(gone))
            gone.append(each.review_id)
    drawn = _chosen(store, trace) if trace else sampling.draw(given, _places(asked), seed=seed, number=_drawn(asked))
    if drawn is None:
        return Queue(page=None, left=0, unstated=given.unstated, gone=tuple(gone))
    page = _recorded(kept, store, drawn, given, role=role, seed=seed, number=_drawn(asked))
    return Queue(page=page, left=max(0, left - 1), unstated=given.unstated, gone=tuple(gone))


def answer(
    house: House, review_id: str, said: str, *, reason: str, quantity: Decimal | None = None
) -> Answered:  # fmt: skip
    """Keep an answer (approve, decline, resize) and then tell what came of the trade.

    `quantity` is what the reviewer would take, needed to resize. Returns the faults of the reason's language instead,
    with nothing kept. Raises UsageError for an id that is none, a second answer, or a quantity that does not fit.
    """
    kept, store = Reviews(house.reviews), Store(house)
    asked = _find(kept, review_id)
    _fits(said, quantity, reason)
    if faults := lint_text(reason, "note", parser_of(house)):
        return Answered(review=None, faults=faults)
    trade = _trade(store, asked.trace_id, asked.span_id)
    if trade is None:
        raise _gone(asked)
    model_quantity = trade.decision.quantity if trade.decision.quantity is not None else _ordered(trade)
    row = Review(
        review_id=asked.review_id, trace_id=asked.trace_id, decision_id=asked.decision_id, idea_id=asked.idea_id,
        reviewer_role=asked.reviewer_role, asked_at=asked.asked_at, answered_at=clock.now(), answer=said,
        action=action_of(trade.decision), quantity=model_quantity if said == APPROVE else quantity,
        model_quantity=model_quantity, note=reason.strip(),
    )  # fmt: skip
    shape = {name: value for name in _COLUMNS if (value := getattr(row, name)) not in {None, ""}}
    kept.answer(asked.review_id, shape)
    taken_in(house)
    return _told(house, kept, asked, trade, row)


def shown(house: House, review_id: str) -> Page:
    """Return the page of a review that waits for its answer; nothing is drawn. Raises UsageError for any other."""
    asked = _find(Reviews(house.reviews), review_id)
    store = Store(house)
    trade = _trade(store, asked.trace_id, asked.span_id)
    if trade is None:
        raise _gone(asked)
    return Page(review_id=asked.review_id, stratum=asked.stratum, view=_view(store, trade), again=True)


def told(house: House, review_id: str) -> Answered:
    """Return what came of a trade whose review is answered.

    Raises UsageError for one that is not answered yet, and while another review of the same trade waits.
    """
    kept, store = Reviews(house.reviews), Store(house)
    waiting, answered = standing(house)
    asked = next((each for each in answered if each.review_id == review_id), None)
    if asked is None:
        raise UsageError(f"review {review_id[:60]!r} has no answer yet", "the outcome is told after the answer is kept")
    if (asked.trace_id, asked.span_id) in {(each.trace_id, each.span_id) for each in waiting}:
        raise UsageError("another review of this trade waits for its answer", "the outcome is told once that is kept")
    trade = _trade(store, asked.trace_id, asked.span_id)
    if trade is None:
        raise _gone(asked)
    taken_in(house)
    return _told(house, kept, asked, trade)


def standing(house: House) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Return the reviews that wait for an answer, and those that have one, each in the order they were asked."""
    kept = Reviews(house.reviews)
    asked, answered = kept.asked(), kept.answered()
    waiting = tuple(each for each in asked if each.review_id not in answered)
    return waiting, tuple(each for each in asked if each.review_id in answered)


def _told(house: House, kept: Reviews, asked: Asked, trade: _Trade, row: Review | None = None) -> Answered:
    """Record that the outcome is shown, and return it with the answer as the store has it, else the one given."""
    kept.show(asked.review_id, clock.now())
    books = Store(house).books()
    mine = tuple(each for each in books.reviews if each.review_id == asked.review_id)
    fired = _fired(house, books, trade) if mine else None
    return Answered(review=mine[0] if mine else row, outcome=_outcome(books, trade), event=fired)


def _gone(asked: Asked) -> UsageError:
    return UsageError(f"the trace of review {asked.review_id} is not in this house", "ingest it again")


def taken_in(house: House) -> None:
    """Ingest the answers that the store does not have yet: those of a clone, or of a kill between answer and ingest."""
    paths = [str(path) for path in Reviews(house.reviews).answers()]
    known = {each.review_id for each in Store(house).book(Book.REVIEWS)} if paths else set()
    new = [path for path in paths if path.rpartition("/")[2].partition(".")[0] not in known]
    if new:
        list(ingest.ingest(house, new, jobs=1))


def agreed(house: House) -> Report:
    """Return how often blind reviewers agreed with the model, by month and stratum."""
    taken_in(house)
    strata = {each.review_id: each.stratum for each in Reviews(house.reviews).asked()}
    return agreement.report(Store(house).book(Book.REVIEWS), strata)


_COLUMNS = tuple(name for name in Review.__struct_fields__ if name not in {"evidence", "row"})


def _population(store: Store) -> Population:
    return sampling.population(run_facts(trace) for bucket in store.buckets() for trace in store.shard(bucket))


def _places(asked: tuple[Asked, ...]) -> frozenset[str]:
    return frozenset(f"{each.trace_id} {each.span_id}" for each in asked)


def _drawn(asked: tuple[Asked, ...]) -> int:
    return sum(each.stratum != Stratum.CHOSEN for each in asked)


def _chosen(store: Store, text: str) -> Draw:
    trace_id = store.match(text)
    facts = run_facts(store.trace(trace_id))
    found = proposals(facts.trades)
    if not found:
        raise UsageError(f"trace {trace_id} holds no trade", "a decision or an order that is not a hold")
    first = found[0]
    named = sampling.Candidate(
        trace_id=trace_id, span_id=first.source.span_id, decision_id=first.decision_id, idea_id=first.idea_id
    )
    return Draw(candidate=named, stratum=Stratum.CHOSEN)


def _recorded(
    kept: Reviews, store: Store, drawn: Draw, given: Population, *, role: str, seed: str, number: int
) -> Page:  # fmt: skip
    place = drawn.candidate
    trade = _trade(store, place.trace_id, place.span_id)
    if trade is None:
        raise UsageError(f"trace {place.trace_id} is not in this house", "afterbell traces lists what is")
    view = _view(store, trade)
    asked = Asked(
        review_id=new_id(), reviewer_role=role, asked_at=clock.now(), trace_id=place.trace_id, span_id=place.span_id,
        decision_id=place.decision_id, idea_id=place.idea_id, stratum=drawn.stratum.value, seed=seed, number=number,
        population=len(given.candidates), population_sha256=given.digest,
        view_sha256=hashlib.sha256(msgspec.json.encode(view)).hexdigest(),
    )  # fmt: skip
    kept.ask(asked)
    return Page(review_id=asked.review_id, stratum=asked.stratum, view=view)


def _trade(store: Store, trace_id: str, span_id: str) -> _Trade | None:
    kin_ids = store.kin_ids().get(trace_id, ())
    found = store.traces([trace_id, *kin_ids])
    if trace_id not in found:
        return None
    trace = found[trace_id]
    briefs = proposals(run_facts(trace).trades)
    decision = next((each for each in briefs if each.source.span_id == span_id), None)
    if decision is None:
        return None
    idea = decision.idea_id
    kin = tuple(found[each] for each in kin_ids if each in found and idea and idea in found[each].idea_ids)
    return _Trade(trace=trace, decision=decision, kin=kin)


def _view(store: Store, trade: _Trade) -> BlindView:
    fills = (each.transact_time for each in _fills(store.books(), trade))
    decided = from_ns(trade.decision.at_ns)
    first = min((at for at in fills if decided and at >= decided), default=None)
    traded_ns = int(first.timestamp() * 10**6) * 1000 if first else 0
    return blind_view(trade.trace, trade.decision, trade.kin, traded_ns)


def _fills(books: Books, trade: _Trade) -> list[Fill]:
    ids = {run.trace_id for run in (trade.trace, *trade.kin)}
    idea = trade.decision.idea_id
    return [
        fill for fill in books.fills
        if (fill.trace_id and trace_hex(fill.trace_id) in ids) or (idea and fill.idea_id == idea)
    ]  # fmt: skip


def _ordered(trade: _Trade) -> Decimal | None:
    """Return the quantity of the first order of this decision; what was filled of it is not the model's size."""
    for order in trade.trace.of_kind(TradeKind.ORDER):
        same = (
            not order.decision_id or not trade.decision.decision_id or order.decision_id == trade.decision.decision_id
        )
        if same and order.at_ns >= trade.decision.at_ns and order.quantity is not None:
            return order.quantity
    return None


def _find(kept: Reviews, review_id: str) -> Asked:
    found = [each for each in kept.asked() if len(review_id) >= _ID_SHORTEST and each.review_id.startswith(review_id)]
    if len(found) != 1:
        raise UsageError(f"{len(found) or 'no'} review {review_id!r} in this house", "afterbell review next shows one")
    if found[0].review_id in kept.answered():
        raise UsageError(f"review {found[0].review_id} is answered already", "an answer is final: it was blind")
    return found[0]


def _fits(said: str, quantity: Decimal | None, reason: str) -> None:
    if said not in ANSWERS:
        raise UsageError(f"no answer {said!r}", f"one of {', '.join(ANSWERS)}")
    if not reason.strip():
        raise UsageError("an answer needs a reason", "--reason TEXT")
    if (said == RESIZE) != (quantity is not None):
        raise UsageError(
            f"{said} {'needs a' if said == RESIZE else 'takes no'} quantity", "--quantity goes with resize"
        )
    if quantity is not None and (not quantity.is_finite() or quantity < 0):
        raise UsageError(f"{quantity} is no quantity", "a decimal of zero or more")


def _fired(house: House, books: Books, trade: _Trade) -> Event | None:
    reviews = tuple(each for each in books.reviews if each.trace_id == trade.trace.trace_id)
    docket = Docket(runs=(run_facts(trade.trace),), books=Books(reviews=reviews), policy=policy_of(house))
    fired = shelves.triggers()[TriggerName.OPERATOR_WOULD_NOT_APPROVE.value].fire(docket)
    return next((event for event in fired if trade.trace.trace_id in event.trace_ids), None)


def _outcome(books: Books, trade: _Trade) -> tuple[TimelineRow, ...]:
    decided = from_ns(trade.decision.at_ns)
    rows = timeline((trade.trace, *trade.kin), fills=_fills(books, trade))
    return tuple(row for row in rows if row.at and decided and row.at >= decided)
