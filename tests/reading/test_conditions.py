"""Conditions in words as they are written, and where they come true in bars."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.model.books import CalendarEvent, PriceBar
from afterbell.reading.conditions.bars import Bars, Window
from afterbell.reading.conditions.forms import Deadline, Happening, Indicator, Price, Side, Unread
from afterbell.reading.conditions.fulfilled import World, fulfilled
from afterbell.reading.conditions.intervals import seconds, written
from afterbell.reading.conditions.wording import parse

BELOW, ABOVE, EITHER = Side.BELOW, Side.ABOVE, Side.EITHER
START = datetime(2026, 1, 5, tzinfo=UTC)


def price(side: Side, level: str | None, *, percent: str | None = None, **more) -> Price:
    return Price(side=side, level=None if level is None else Decimal(level),
                 percent=None if percent is None else Decimal(percent), **more)  # fmt: skip


def closes(side: Side, level: str, interval: str = "", **more) -> Price:
    return price(side, level, close=True, interval=interval, **more)


ONE = (
    ("If the price closes below 4000 on a 3-minute candle", closes(BELOW, "4000", "PT3M")),
    ("4h close below 111671 (50-EMA)", closes(BELOW, "111671", "PT4H")),
    ("BTC breaks below 105,000, confirming deeper market correction", price(BELOW, "105000", symbol="BTC")),
    ("4-hour close above 3630.245", closes(ABOVE, "3630.245", "PT4H")),
    ("If 4H price closes back above 4150", closes(ABOVE, "4150", "PT4H")),
    ("Close if price drops below 109,500 on a 3-minute closing basis", closes(BELOW, "109500", "PT3M")),
    ("BTC > 111,000 for two consecutive 3m candles", closes(ABOVE, "111000", "PT3M", times=2, symbol="BTC")),
    ("Daily close under $95k", closes(BELOW, "95000", "P1D")),
    ("Thesis is invalid if the stock trades below 42.50", price(BELOW, "42.50")),
    ("falls 8% below entry", price(BELOW, None, percent="-8")),
    ("drops more than 5 percent from the entry price", price(BELOW, None, percent="-5")),
    ("close more than 3% under entry on a daily basis", price(BELOW, None, percent="-3", close=True, interval="P1D")),
    ("SYNTHETIC_A closes below 62.5", closes(BELOW, "62.5", symbol="SYNTHETIC_A")),
    ("price hits 80", price(EITHER, "80", reached=True)),
    ("loses 95 support", price(BELOW, "95")),
    ("fails to hold 95", price(BELOW, "95")),
    ("no longer above 95", price(BELOW, "95")),
    ("Price falls to 88.20", price(BELOW, "88.20", reached=True)),
    ("trades at 77 or lower", price(BELOW, "77", reached=True)),
    ("a weekly close at or below 18.20", closes(BELOW, "18.20", "P1W", reached=True)),
    ("two consecutive daily closes above 130", closes(ABOVE, "130", "P1D", times=2)),
    ("Close the position if ETH 4h candle closes under 3,900", closes(BELOW, "3900", "PT4H", symbol="ETH")),
    ("A 4H candle close below $3,650 would invalidate the setup", closes(BELOW, "3650", "PT4H")),
    ("A daily close below 95 invalidates the thesis", closes(BELOW, "95", "P1D")),
    ("Stop being long if SYNTHETIC_A drops below 95", price(BELOW, "95", symbol="SYNTHETIC_A")),
    ("The long is no longer valid if price closes below 95", closes(BELOW, "95")),
    ("price action under 95 for two 15m closes", closes(BELOW, "95", "PT15M", times=2)),
    ("two 4h closes under 95", closes(BELOW, "95", "PT4H", times=2)),
    ("Hard stop at 95", price(EITHER, "95", reached=True)),
    ("Invalidation level: 95 (daily close)", closes(EITHER, "95", "P1D", reached=True)),
    ("Invalid above 120 on 1h close", closes(ABOVE, "120", "PT1H")),
    ("Daily candle body below 182.40 = exit", closes(BELOW, "182.40", "P1D")),
    ("if price is under 95 at the end of the day", closes(BELOW, "95", "P1D")),
    ("A break and close below 95 on the hourly", closes(BELOW, "95", "PT1H")),
    ("Any 5m close sub-95", closes(BELOW, "95", "PT5M")),
    ("exit within 48h of entry", Deadline(after=timedelta(hours=48))),
    ("4H close below 3,900 invalidates bullish structure", closes(BELOW, "3900", "PT4H")),
    ("price failing to hold above $3,980", price(BELOW, "3980")),
    ("4h RSI14 < 45", Indicator(name="RSI")),
    ("Exit if XRP/USD prints below 2.25", price(BELOW, "2.25", symbol="XRP")),
    ("Close beneath 1.9 (4h)", closes(BELOW, "1.9", "PT4H")),
    ("If BTC breaks below $108k, the long thesis is dead", price(BELOW, "108000", symbol="BTC")),
    ("price closes below 4,000 twice in a row on the 3 minute chart", closes(BELOW, "4000", "PT3M", times=2)),
    ("the settlement price is under 71.35 on two straight sessions", closes(BELOW, "71.35", "P1D", times=2)),
    ("valid until 2026-03-01T16:00:00Z", Deadline(at="2026-03-01T16:00:00Z")),
    ("valid until March 1, 2026", Deadline(at="March 1, 2026")),
    ("expires at the close on 2026-02-20", Deadline(at="2026-02-20")),
    ("still open past 2026-02-20", Deadline(at="2026-02-20")),
    ("Held longer than 10 days", Deadline(after=timedelta(days=10))),
    ("time stop: 48 hours", Deadline(after=timedelta(hours=48))),
    ("after the Q1 earnings release", Happening(kind="earnings")),
    ("Exit before the Q2 earnings call", Happening(kind="earnings")),
    ("the next CPI release", Happening(kind="macro", words=("cpi",))),
    ("FOMC rate decision", Happening(kind="macro", words=("fomc",))),
    ("If 4H RSI breaks back below 40, signaling momentum failure", Indicator(name="RSI")),
    ("Invalidate if 4h MACD crosses negative", Indicator(name="MACD")),
    ("Price closes below 4h 20EMA (109000)", Indicator(name="EMA")),
    ("If price closes below 20-period EMA on 4h", Indicator(name="EMA")),
    ("funding flips negative", Indicator(name="funding rate")),
)  # fmt: skip

UNREAD = (
    "gross margin below 37 percent", "revenue growth under 10", "unless price closes above 100", "the thesis is wrong",
    "price stays below 95 for 2 hours", "no breakout above 120 by 2026-02-15", "BTC dominance above 60",
    "the 10-year yield rises above 4.5", "Exit after 5 trading days", "not filled by 2026-02-20",
    "a monthly close below 30", "Thesis remains valid if price closes above 95", "do not exit if it trades below 95",
    "If BTC drops below 110000 for more than 15 minutes", "if the market closes below 94.5 today", "We're out on a 4h close through 95 to the downside",
    "Stay long if SYNTHETIC_A closes above 95", "x" * 2000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "form"), ONE, ids=[text for text, _form in ONE])
def test_one_form(text: str, form: object) -> None:
    assert parse(text).ways == ((form,),)
    assert parse(text).checkable is not isinstance(form, Indicator)


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_understood_is_kept_as_words(text: str) -> None:
    ways = parse(text).ways
    assert all(isinstance(clause, Unread) for way in ways for clause in way)
    assert ways
    assert not parse(text).checkable


def test_or_and_and() -> None:
    assert parse("if 3m close below 3,950 or 4h MACD histogram turns negative").ways == (
        (closes(BELOW, "3950", "PT3M"),), (Indicator(name="MACD"),),
    )  # fmt: skip
    assert parse("close below 95 and volume above average").ways == (
        (closes(BELOW, "95"), Indicator(name="volume")),
    )  # fmt: skip
    assert parse("closes below 95 or above 120 on a daily basis").ways == (
        (closes(BELOW, "95", "P1D"),), (closes(ABOVE, "120", "P1D"),),
    )  # fmt: skip
    assert parse("If BTC drops below 105k or ETH closes under 3,600 on the daily").ways == (
        (price(BELOW, "105000", symbol="BTC"),), (closes(BELOW, "3600", "P1D", symbol="ETH"),),
    )  # fmt: skip
    assert parse("trades outside 95-105").ways == ((price(BELOW, "95"),), (price(ABOVE, "105"),))
    assert parse("").ways == ()


@given(st.text(max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    assert parse(text).text == text


@given(st.text("closebwa 0123456789.,%$kor<>()/-", max_size=120))
def test_any_text_of_such_letters_is_accepted(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("3m", "PT3M"), ("PT180S", "PT3M"), ("4H", "PT4H"), ("four-hour", "PT4H"), ("daily", "P1D"), ("1d", "P1D"),
     ("P1W", "P1W"), ("15 min", "PT15M"), ("soon", ""), ("", ""), ("P1M", "")],
)  # fmt: skip
def test_lengths_of_bars(text: str, iso: str) -> None:
    assert written(seconds(text)) == iso


def bar(minute: int, close: str, low: str = "", *, length: str = "PT3M", exchange: str = "CRYPTO") -> PriceBar:
    at = START + timedelta(minutes=minute)
    return PriceBar(session_date=date(2026, 1, 5), symbol="S", at=at.isoformat(), interval=length, exchange=exchange,
                    low=Decimal(low or close), high=Decimal(close), close=Decimal(close), row=minute)  # fmt: skip


def window(after: int, until: int, entry: str = "100") -> Window:
    at = [int((START + timedelta(minutes=minute)).timestamp()) * 10**9 for minute in (after, until)]
    return Window(after_ns=at[0], until_ns=at[1], entry=Decimal(entry))


def when(text: str, bars: list[PriceBar], seen: Window, **more) -> tuple[int | None, tuple[str, ...]]:
    """Return the minute at which a condition came true and what is missing."""
    out = fulfilled(parse(text), "S", "CRYPTO", seen, World(bars=Bars(bars), **more))
    return (int((out.at_ns / 10**9 - START.timestamp()) // 60) if out.at_ns else None), out.missing


def test_bars_before_the_entry_and_after_the_exit_do_not_count() -> None:
    bars = [bar(3, "90"), bar(6, "100"), bar(9, "100"), bar(12, "90")]
    assert when("3m close below 95", bars, window(3, 9)) == (None, ())
    assert when("3m close below 95", bars, window(2, 9)) == (3, ())
    assert when("3m close below 95", bars, window(3, 12)) == (12, ())


def test_a_wick_is_no_close() -> None:
    bars = [bar(3, "100", "90"), bar(6, "99", "94")]
    assert when("3m close below 95", bars, window(0, 6)) == (None, ())
    assert when("trades below 95", bars, window(0, 6)) == (3, ())


def test_the_wick_of_the_bar_around_the_entry_may_be_older() -> None:
    assert when("trades below 95", [bar(3, "100", "90"), bar(6, "99")], window(1, 6)) == (None, ())


def test_finer_bars_make_a_longer_one() -> None:
    bars = [bar(minute, "90" if minute in {57, 240} else "100", length="PT3M") for minute in range(3, 244, 3)]
    assert when("4h close below 95", bars, window(0, 243)) == (240, ())
    assert when("1h close below 95", bars, window(0, 237)) == (None, ())


def test_longer_bars_decide_only_what_they_can() -> None:
    assert when("3m close below 95", [bar(60, "90", "88", length="PT1H")], window(0, 60)) == (60, ())
    assert when("3m close below 95", [bar(60, "99", "96", length="PT1H")], window(0, 60)) == (None, ())
    at, missing = when("3m close below 95", [bar(60, "99", "90", length="PT1H")], window(0, 60))
    assert at is None
    assert "PT3M" in missing[0]


def test_so_many_bars_in_a_row() -> None:
    bars = [bar(3, "90"), bar(6, "100"), bar(9, "90"), bar(12, "90")]
    assert when("two consecutive 3m closes below 95", bars, window(0, 12)) == (12, ())


def test_both_at_once() -> None:
    bars = [bar(3, "90"), bar(6, "100"), bar(9, "90")]
    assert when("3m close below 95 and after 2026-01-05T00:05:00Z", bars, window(0, 9)) == (9, ())
    assert when("3m close below 95 and RSI below 30", bars, window(0, 9))[0] is None
    assert "RSI" in when("3m close below 95 and RSI below 30", bars, window(0, 9))[1][0]
    # The part that can be told rules the whole out.
    assert when("3m close below 85 and RSI below 30", bars, window(0, 9)) == (None, ())
    assert when("3m close below 95 or RSI below 30", bars, window(0, 9)) == (3, ())
    assert "RSI" in when("3m close below 85 or RSI below 30", bars, window(0, 9))[1][0]


def test_missing_prices_are_named() -> None:
    assert when("closes below 95", [], window(0, 9))[1] == ("prices of S (the prices book)",)
    for bars in ([bar(30, "100"), bar(33, "100")], [bar(3, "100"), bar(6, "100"), bar(30, "100")], [bar(3, "100")]):
        at, missing = when("3m close below 95", bars, window(0, 33))
        assert at is None
        assert missing


def test_a_share_of_the_entry() -> None:
    bars = [bar(3, "93"), bar(6, "91")]
    assert when("falls 8% below entry", bars, window(0, 6)) == (6, ())


def test_events_of_the_calendar() -> None:
    events = (CalendarEvent(at="2026-01-05T00:05:00+00:00", symbol="S", kind="earnings", row=1),
              CalendarEvent(at="2026-01-05T00:06:00+00:00", kind="macro", title="US CPI (Dec)", row=2))  # fmt: skip
    assert when("before earnings", [], window(0, 9), events=events) == (5, ())
    assert when("after the CPI release", [], window(0, 9), events=events) == (6, ())
    assert when("before earnings", [], window(6, 9), events=events) == (None, ())
    assert when("before earnings", [], window(0, 9))[1] == ("earnings of S in the events book",)


@pytest.mark.shared_data
def test_every_condition_of_the_arena_is_a_price(shared_data: Path) -> None:
    folder = shared_data / "nof1_alpha_arena"
    if not folder.is_dir():
        pytest.skip("the set is not on this machine")
    texts = []
    for path in sorted(folder.glob("conversations.*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            answer = json.loads(line)["llm_response"]
            texts += [each["invalidation_condition"] for each in answer.values() if isinstance(each, dict)]
    left = [text for text in texts if not all(isinstance(each, Price) for each in parse(text).clauses)]
    assert len(texts) > 100
    assert not left
