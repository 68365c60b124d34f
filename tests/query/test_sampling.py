"""Draws are seeded and by turns, and every trade is asked once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from afterbell.model.calls import Source
from afterbell.model.docket import RunFacts
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.query.sampling import TURNS, Stratum, draw, population


def run(number, *, strategy="carry", quantity="1", price="10", currency="USD", action="buy"):
    trace = f"{number:032x}"
    decision = TradeEvent(
        kind=TradeKind.DECISION, at_ns=number + 1, action=action, strategy_id=strategy, currency=currency,
        quantity=Decimal(quantity) if quantity else None, source=Source(trace_id=trace, span_id=f"{number:016x}"),
    )  # fmt: skip
    order = TradeEvent(kind=TradeKind.ORDER, at_ns=number + 2, price=Decimal(price) if price else None,
                       source=Source(trace_id=trace, span_id="f" * 16))  # fmt: skip
    return RunFacts(trace_id=trace, trades=(decision, order))


def drawn(given_, seed, many=99):
    asked, found = [], []
    while len(found) < many and (one := draw(given_, asked, seed=seed, number=len(asked))):
        asked.append(one.candidate.place)
        found.append(one)
    return found


runs = st.lists(
    st.builds(lambda strategy, quantity, price, currency: (strategy, quantity, price, currency),
              st.sampled_from(["", "carry", "trend"]), st.sampled_from(["", "1", "5", "40"]), st.sampled_from(["", "10", "3"]),
              st.sampled_from(["USD", "CNY"])), max_size=12,
).map(lambda rows: [run(n, strategy=s, quantity=q, price=p, currency=c) for n, (s, q, p, c) in enumerate(rows)])  # fmt: skip


@given(runs, st.text(max_size=4))
def test_every_trade_is_drawn_once_and_the_same_seed_draws_the_same(facts, seed):
    given_ = population(facts)
    found = drawn(given_, seed)
    assert sorted(each.candidate.place for each in found) == sorted(each.place for each in given_.candidates)
    assert found == drawn(population(list(reversed(facts))), seed)
    assert population(list(reversed(facts))).digest == given_.digest


def test_strata_take_turns():
    facts = [run(number, strategy="ab"[number % 2], quantity=str(number + 1)) for number in range(12)]
    found = drawn(population(facts), "seed", 6)
    assert [each.stratum for each in found] == [*TURNS, *TURNS]
    firsts = {each.candidate.trace_id for each in found if each.stratum is Stratum.FIRST}
    assert firsts == {facts[0].trace_id, facts[1].trace_id}
    largest = next(each for each in found if each.stratum is Stratum.LARGEST)
    assert largest.candidate.trace_id == facts[11].trace_id


def test_the_largest_of_each_currency_take_turns():
    facts = [run(0), run(1, quantity="9"), run(2, quantity="8"), run(3, currency="CNY", quantity="2")]
    given_ = population(facts)
    largest = draw(given_, [], seed="s", number=1)
    after = draw(given_, [largest.candidate.place], seed="s", number=1)
    assert {largest.candidate.trace_id, after.candidate.trace_id} == {facts[1].trace_id, facts[3].trace_id}


def test_a_trade_that_came_later_does_not_change_the_order_of_the_others():
    facts = [run(number, price="") for number in range(30)]
    order = [each.candidate.place for each in drawn(population(facts[:20]), "s") if each.stratum is Stratum.RANDOM]
    more = [each.candidate.place for each in drawn(population(facts), "s") if each.stratum is Stratum.RANDOM]
    assert [place for place in more if place in order] == [place for place in order if place in more]


def test_holds_are_no_trades_and_decisions_without_an_action_are_counted():
    given_ = population([run(0, action="hold"), run(1, action=""), run(2)])
    assert (len(given_.candidates), given_.unstated) == (1, 1)
    assert given_.candidates[0].notional == 10
    assert draw(population([]), [], seed="s", number=0) is None
