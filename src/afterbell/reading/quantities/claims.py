"""Which figures of a model's output are claims about the world, and what their words ask for.

Not claims: prices the agent would trade at (stop, target, limit, entry), size, weight, leverage, horizon, probabilities of
scenarios, scores, settings and thresholds of indicators, what could happen, counts up to twelve, lengths of time. Dates,
form names and list numbers never were figures (`grammar`). It does not look for sources.
"""

# ruff: noqa: RUF001 - Chinese words are what is read here

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from afterbell.reading.quantities import grammar, labels, text
from afterbell.reading.quantities.derivations import Step
from afterbell.reading.quantities.grounding import ALL_STEPS, Claim
from afterbell.reading.quantities.quantity import Kind, Quantity

MAX_CLAIMS = 4000
_SMALL = 12
_SHORT = 160
_BEFORE, _AFTER, _SENTENCE = 70, 40, 200
_BOUND = re.compile(r"[.!?;]\s|[。！？；\n|]")
_JOINT = re.compile(r",\s|\band\b|，|、")
_WORDED = re.compile(r"[A-Za-z]{3}|[\u4e00-\u9fff]{2}")
_OWN = re.compile(
    r"\b(?:stop(?:s|[- ]?loss(?:es)?)?|take[- ]profits?|(?:profit|price|upside|downside|my|our|initial|first|second) targets?"
    r"|targets? (?:of|at|is|price|near|around|zone|range)|targeting|entry|entries|limit(?: orders?| price)|trailing stops?"
    r"|positions? siz\w{1,4}|sizing|risk (?:no more than|up to|per|at most)|hold(?:ing)? (?:for|period)|horizon|time ?frame"
    r"|confidence|conviction|probabilit(?:y|ies)|likelihood|chances?|odds|scenarios?|(?:sentiment |overall |risk |final )?scored?"
    r"|risk[-/ ]?(?:to[- ])?reward|(?:buy|sell|add|accumulate|trim|short)(?:ing)? (?:at|below|above|near|around|on|if|zone|between|more|up|\d)"
    r"|invalidat\w{1,5}|trigger\w{0,3}|overbought|oversold|max(?:imum)? (?:loss|drawdown|position|risk)|expected value"
    r"|(?:bull|bear|base) case|(?:break|close|breakout|fall|drop|move|dip|pullback|retest)s? (?:above|below|to|of|towards?|back)"
    r"|tranches?|clips?|participation|urgency|peg(?:ged)?|qty|tighten|(?:parent|child|market|stop|limit) orders?|re-?evaluat\w{1,4})\b"
    r"|止损|止盈|目标价|仓位|置信|概率|评分|入场|建仓|加仓|减仓|杠杆|情景",
    re.IGNORECASE,
)
_OWN_IN_PLANS = re.compile(
    r"\b(?:allocat\w{1,5}|weight(?:ing|s)?|portfolio|leverage|exit(?:ing|s)?|enter(?:ing)?|targets?|limits?|caps?|capped|slic\w{1,4}"
    r"|thresholds?|hedg\w{1,3}|quantity|monitor|rebalanc\w{1,4}|ratings?|rated|ranked|scores?|set (?:a|the|at)|sleeve|exposure|size)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:buy|sell|long|short|trade|trades|trading|order|orders|position|initiate|execute|execution|recommend\w{0,6}|invest \w{1,9} of"
    r"|scale|we|our|your|you|should|consider|ensure|maintain|keep|place|deploy)\b|建议|买入|卖出",
    re.IGNORECASE,
)
_OTHERS_TARGET = re.compile(
    r"analyst|consensus|wall street|street|median|mean|average|brokers?|rais|lower|机构", re.IGNORECASE
)
_OWN_AFTER = re.compile(
    r"\W{0,4}(?:\w{1,12}\s){0,2}(?:stop[- ]?loss|stops?\b|take[- ]profit|target\b|entry|allocation|weight|position\b|of (?:the |your |our |total )?(?:portfolio|capital|account|nav|equity portfolio|position)"
    r"|confidence|probability|chance|likelihood|conviction|out of (?:10|5|100)\b|score|leverage|risk[-/ ]reward|(?:overbought|oversold)|threshold|[- ]?(?:period|dma|sma|ema|ma)\b)",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"\b(?:if|should|could|would|might|may|assum(?:e|es|ing|ptions?)|suppose|hypothetical(?:ly)?)\b|如果|若|可能",
    re.IGNORECASE,
)
_SHARES = re.compile(r"\b(?:allocat\w{1,5}|weight(?:ing|s)?|portfolio|sleeve|exposure)\b", re.IGNORECASE)
_UPPER_END = re.compile(r"\A\s?(?:-|–|—|to)\s?[$€£]?\d[\d.,]{0,12}\s?%?")
_COMPARED = re.compile(r"[<>≤≥]=?\s?\Z")
_ORDERING = re.compile(
    r"\b(?:buy|sell|short|purchase|trim|accumulate|order|bid|offer)(?:ing)?\s(?:(?:up|to|about|at|for|an?|another|roughly|exactly|order)\s){0,3}[$€£]?\Z",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:[SEWH]?MA|RSI|MACD|ATR|ADX|CCI|VWMA|MFI|KDJ|bands?|bollinger|stochastic|lookback|look_back\w{0,10}|window|period)[\s(:,\d-]{0,8}\Z",
    re.IGNORECASE,
)
_OWN_KEYS: Final = frozenset(
    "stop loss target entry exit limit size sizing allocation weight leverage horizon confidence conviction probability likelihood"
    " score rating rank quantity qty priority threshold step iteration attempt round id version index timeframe trailing position"
    " budget token probabilitie max min invalidation reward risk".split()
)
_ACTIONS: Final = frozenset({"buy", "sell", "hold", "short", "long", "close", "order", "trade"})
_ORDERED: Final = frozenset({"price", "share", "amount", "notional", "unit", "contract", "cash", "percent", "pct", "usd"})
_HINTS: Final = (
    (Step.MEAN, re.compile(r"\baverag|\bmean\b|平均", re.IGNORECASE)),
    (
        Step.GROWTH,
        re.compile(
            r"\bgr(?:ow|ew)|\bro?i?se\b|\brising|\bf[ae]ll|\bincreas|\bdecreas|\bdeclin|\bchang|\bgain|\bdrop|\bup\b|\bdown\b|\bhigher"
            r"|\blower|\bjump|\bsurg|\bclimb|\bslip|\bplung|\bexpan|\bcontract|\breturn|\byoy|\by/y|\bqoq|\bmore than|\bless than|\bpremium"
            r"|\bdiscount|\bupside|\bdownside|\bmov|增|降|涨|跌|同比|环比",
            re.IGNORECASE,
        ),
    ),
    (
        Step.RATIO,
        re.compile(
            r"\bratio|\bproportion|\bpercent(?:age)? of|% of|\bmargin|\bshare of|\bas a percent|\baccount|\brepresent|\bmade up|\bmakes? up"
            r"|\bturnover|\byield|\bpayout|\bmultiple|\bconversion|\bper\b|\bconstitut|\bp/e\b|\btimes\b|占|率",
            re.IGNORECASE,
        ),
    ),
    (Step.SUM, re.compile(r"\btotal|\bsum\b|\bcombined|\b(?:al)?together|\boverall|\baggregate|\bboth\b|合计|总", re.IGNORECASE)),
    (
        Step.DIFFERENCE,
        re.compile(
            r"\bdifference|\bchang|\bincreas|\bdecreas|\bmore\b|\bless\b|\bgr[oe]w|\brose|\bf[ae]ll|\bdeclin|\bspread|\bgap\b|\bhigher|\blower"
            r"|\bup\b|\bdown\b|\bexpan|\bcontract|\bnet of|\bgain|\bdrop|\bexcess|\bimprov|增|降|差",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
_PERCENT_WORDS = re.compile(r"percent|per cent|%|百分", re.IGNORECASE)


class Claimed(Struct, frozen=True, kw_only=True):
    """A claim of an output: the figure with its words (`claim`), and the sentence or row it stands in."""

    claim: Claim
    sentence: str

    @property
    def figure(self) -> Quantity:
        """The figure as it stands in the output."""
        return self.claim.figure


def claims(output: str, question: str = "") -> tuple[Claimed, ...]:
    """Return the claims of an output in order. `question` is what was asked: a bare answer is read with its words."""
    plain = grammar.plain(output)
    found = []
    for figure in text.read(output):
        sentence = _sentence(plain, figure)
        if not _is_claim(plain, figure, sentence):
            continue
        words = figure.label
        bare = figure.row_label if len(plain) < _SHORT else words
        if question and not bare - labels.years(bare):
            words |= labels.words(question)
            sentence = f"{question} {sentence}"
        percent = figure.kind is not Kind.PERCENT and bool(_PERCENT_WORDS.search(sentence))
        found.append(
            Claimed(claim=Claim(figure=figure, words=words, steps=steps(sentence), percent=percent), sentence=sentence)
        )
        if len(found) >= MAX_CLAIMS:
            break
    return tuple(found)


def steps(sentence: str) -> frozenset[Step]:
    """Return the steps of arithmetic that the words of a claim ask for; all of them when its words ask for none."""
    return frozenset(step for step, pattern in _HINTS if pattern.search(sentence)) or ALL_STEPS


def _sentence(plain: str, figure: Quantity) -> str:
    back = plain[max(0, figure.start - _SENTENCE) : figure.start]
    on = plain[figure.end : figure.end + _SENTENCE]
    bounds = [hit.end() for hit in _BOUND.finditer(back)]
    stop = _BOUND.search(on)
    return (
        back[bounds[-1] if bounds else 0 :] + plain[figure.start : figure.end] + on[: stop.start() if stop else len(on)]
    )


def _clause(back: str) -> str:
    """Return the last clause with words in it of what stands before a figure in its sentence."""
    bounds = [hit.end() for hit in _BOUND.finditer(back)]
    back = back[bounds[-1] if bounds else 0 :]
    for hit in reversed(list(_JOINT.finditer(back))):
        if _WORDED.search(back, hit.end()):
            return back[hit.end() :]
    return back


def _is_claim(plain: str, figure: Quantity, sentence: str) -> bool:
    """Tell whether a figure says something about the world that a source could hold."""
    if not figure.value:
        return False
    in_data = figure.groups[:1] and figure.groups[0][0] in "ro"
    whole = not figure.shown and not figure.scale
    if figure.kind is Kind.TIME and whole:
        return False
    if in_data and not figure.row_label.isdisjoint(_OWN_KEYS):
        return False
    if in_data and not figure.label.isdisjoint(_ACTIONS) and not figure.row_label.isdisjoint(_ORDERED):
        return False
    if (
        not in_data
        and whole
        and figure.kind in {Kind.PLAIN, Kind.COUNT, Kind.MULTIPLE}
        and abs(figure.digits) <= _SMALL
    ):
        return False
    back = _clause(plain[max(0, figure.start - _BEFORE) : figure.start])
    after = plain[figure.end : figure.end + _AFTER]
    own = None
    for own in _OWN.finditer(back):  # noqa: B007 - the last one is the nearest
        pass
    after = _UPPER_END.sub("", after)
    if own is None and (_PLAN.search(sentence) or (figure.kind is Kind.PERCENT and _SHARES.search(back))):
        own = _OWN_IN_PLANS.search(back)
    if own is not None and not ("target" in own.group().lower() and _OTHERS_TARGET.search(sentence)):
        return False
    if (
        _OWN_AFTER.match(after)
        or _MAYBE.search(back)
        or _COMPARED.search(plain, max(0, figure.start - 4), figure.start)
    ):
        return False
    return not (_ORDERING.search(back) or (whole and _SETTING.search(back)))
