"""The words that tell claims about the world from an agent's own numbers, and those that ask for arithmetic.

Data only; `claims` applies them. Words that belong to trading plans alone decide by themselves; words that business
uses too (limit, portfolio, hedge, exposure) decide only in a sentence that plans.
"""

# ruff: noqa: RUF001 - Chinese words are what is read here

from __future__ import annotations

import re
from typing import Final

from afterbell.reading.quantities.derivations import Step

BOUND: Final = re.compile(r"[.!?;]\s|[。！？；\n|\"{}]|\\n")
JOINT: Final = re.compile(r",\s|\band\b|，|、")
WORDED: Final = re.compile(r"[A-Za-z]{3}|[\u4e00-\u9fff]{2}")

OWN: Final = re.compile(
    r"\b(?:stop[- ]?loss(?:es)?|stops|stop (?:at|is|of|price|level|below|above|near)"
    r"|take[- ]profits?|trailing stops?|targeting|entry|entries"
    r"|limit(?: orders?| price)|(?:profit|price|upside|downside|my|our|initial|first|second) targets?"
    r"|targets? (?:of|at|is|price|near|around|zone|range)"
    r"|positions? siz\w{1,4}|sizing|risk (?:no more than|up to|per|at most)|hold(?:ing)? (?:for|period)|horizon"
    r"|time ?frame|confidence|conviction|probabilit(?:y|ies)|likelihood|chances?|odds|scenarios?|scored?"
    r"|risk[-/ ]?(?:to[- ])?reward|max(?:imum)? (?:loss|drawdown|position|risk)|expected value|(?:bull|bear|base) case"
    r"|(?:buy|sell|add|accumulate|trim|short)(?:ing)? (?:at|below|above|near|around|on|if|zone|between|more|up)"
    r"|(?:break|close|breakout|fall|drop|move|dip|pullback|retest)s? (?:above|below|to|of|towards?|back)"
    r"|invalidat\w{1,5}|trigger\w{0,3}|overbought|oversold|tranches?|clips?|participation|urgency|peg(?:ged)?|qty"
    r"|tighten|(?:parent|child|market|stop|limit) orders?|re-?evaluat\w{1,4})\b"
    r"|止损|止盈|目标价|仓位|置信|概率|评分|入场|建仓|加仓|减仓|杠杆|情景",
    re.IGNORECASE,
)
OWN_IN_PLANS: Final = re.compile(
    r"\b(?:allocat\w{1,5}|weight(?:ing|s)?|portfolio|leverage|exit(?:ing|s)?|enter(?:ing)?|targets?|limits?|caps?|capped"
    r"|slic\w{1,4}|thresholds?|hedg\w{1,3}|quantity|monitor|rebalanc\w{1,4}|ratings?|rated|ranked|scores?"
    r"|set (?:a|the|at)|sleeve|exposure|size)\b",
    re.IGNORECASE,
)
PLAN: Final = re.compile(
    r"\b(?:buy|sell|long|short|trades?|trading|orders?|position|initiate|execute|execution|recommend\w{0,6}|scale|we|our"
    r"|invest \w{1,9} of|your|you|should|consider|ensure|maintain|keep|place|deploy)\b|建议|买入|卖出",
    re.IGNORECASE,
)
SHARES_OF_CAPITAL: Final = re.compile(
    r"\b(?:allocat\w{1,5}|weight(?:ing|s)?|portfolio|sleeve|exposure)\b", re.IGNORECASE
)
OTHERS_TARGET: Final = re.compile(
    r"analyst|consensus|wall street|street|median|mean|average|brokers?|rais|lower|机构", re.IGNORECASE
)
OWN_AFTER: Final = re.compile(
    r"\W{0,4}(?:(?!and\b|or\b|with\b|while\b)\w{1,12}\s){0,2}"
    r"(?:stop[- ]?loss|stops?\b|take[- ]profit|target\b|entry|allocation|weight|position\b"
    r"|of (?:the |your |our |total )?(?:portfolio|capital|account|nav|equity portfolio|position)|confidence|probability"
    r"|chance|likelihood|conviction|out of (?:10|5|100)\b|score|leverage|risk[-/ ]reward|overbought|oversold|threshold"
    r"|[- ]?(?:period|dma|sma|ema|ma)\b)",
    re.IGNORECASE,
)
ODDS: Final = re.compile(r"\bscenarios?\b|\bprobabilit|\bodds\b|\bweight(?:s|ing)?\b|情景|概率", re.IGNORECASE)
CASE: Final = re.compile(
    r"\b(?:bull|bear|base|best|worst|up|down|upside|downside|neutral|optimistic|pessimistic|central|flat)(?:ish)?"
    r"(?:[ -]case)?\W{0,4}\Z|[乐悲]观\W{0,4}\Z|(?:基准|中性)\W{0,4}\Z",
    re.IGNORECASE,
)
UPPER_END: Final = re.compile(r"\A\s?(?:-|–|—|to)\s?[$€£]?\d[\d.,]{0,12}\s?%?")
MAYBE: Final = re.compile(
    r"\b(?:if|should|could|would|might|may|assum(?:e|es|ing|ptions?)|suppose|hypothetical(?:ly)?)\b|如果|若|可能",
    re.IGNORECASE,
)
COMPARED: Final = re.compile(r"[<>≤≥]=?\s?\Z")
# The end of a tag and the sign of a quoted line compare nothing.
MARKED_UP: Final = re.compile(r"(?:</?[A-Za-z][^<>]{0,200}|(?:\A|\n)[ \t]{0,8})>\s?\Z")
ORDERING: Final = re.compile(
    r"\b(?:buy|sell|short|purchase|trim|accumulate|order|bid|offer)(?:ing)?\s"
    r"(?:(?:up|to|about|at|for|an?|another|roughly|exactly|order)\s){0,3}[$€£]?\Z"
    r"|@\s?[$€£]?\Z|\b(?:buy|sell|short)\s[A-Z_.]{1,14}\s\Z|(?:买入|卖出|减仓|加仓|增持|减持)了?约?\Z",
    re.IGNORECASE,
)
SETTING: Final = re.compile(
    r"\b(?:[SEWH]?MA|RSI|MACD|ATR|ADX|CCI|VWMA|MFI|KDJ|bands?|bollinger|stochastic|lookback|look_back\w{0,10}|window"
    r"|period)[\s(:,\d-]{0,8}\Z",
    re.IGNORECASE,
)
EVERY_YEAR: Final = re.compile(
    r"(?:19|20)\d\d\s?(?:to|-|–|through|until)\s?(?:fy\s?)?(?:19|20)?\d\d\b|\bbetween (?:fiscal )?20\d\d and 20\d\d"
    r"|\b(?:\d|two|three|four|five)[- ]years?\b|\byears? period\b",
    re.IGNORECASE,
)
PERCENT: Final = re.compile(r"percent|per cent|%|百分", re.IGNORECASE)

_KEYS = (
    "stop loss take tp sl target entry exit limit size sizing allocation weight leverage horizon confidence"
    " conviction probability probabilitie likelihood score rating rank quantity qty priority threshold step"
    " iteration attempt round id version index timeframe trailing position budget token max min invalidation"
    " reward risk"
)
OWN_KEYS: Final = frozenset(_KEYS.split())
ACTIONS: Final = frozenset({"buy", "sell", "hold", "short", "long", "close", "order", "trade"})
ORDERED: Final = frozenset(
    {"price", "share", "amount", "notional", "unit", "contract", "cash", "percent", "pct", "usd"}
)
BESIDE_ORDERED: Final = ORDERED | ACTIONS | {
    "number", "count", "value", "estimated", "total", "average", "avg", "new", "delta", "eur", "gbp", "to", "of", "per",
}  # fmt: skip

STEPS: Final = (
    (Step.MEAN, re.compile(r"\baverag|\bmean\b|平均", re.IGNORECASE)),
    (
        Step.GROWTH,
        re.compile(
            r"\bgr(?:ow|ew)|\bro?i?se\b|\brising|\bf[ae]ll|\b(?:in|de)creas|\bdeclin|\bchang|\bgain|\bdrop|\bup\b|\bdown\b"
            r"|\bhigher|\blower|\bjump|\bsurg|\bclimb|\bslip|\bplung|\bexpan|\bcontract|\breturn|\byoy|\by/y|\bqoq|\bmov"
            r"|\bmore than|\bless than|\bpremium|\bdiscount|\bupside|\bdownside|增|降|涨|跌|同比|环比",
            re.IGNORECASE,
        ),
    ),
    (
        Step.RATIO,
        re.compile(
            r"\bratio|\bproportion|\bpercent(?:age)? of|% of|\bmargin|\bshare of|\bas a percent|\baccount|\brepresent"
            r"|\bmade up|\bmakes? up|\bturnover|\byield|\bpayout|\bmultiple|\bconversion|\bper\b|\bconstitut|\bp/e\b"
            r"|\btimes\b|占|率",
            re.IGNORECASE,
        ),
    ),
    (
        Step.SUM,
        re.compile(
            r"\btotal|\bsum\b|\bcombined|\b(?:al)?together|\boverall|\baggregate|\bboth\b|合计|总", re.IGNORECASE
        ),
    ),
    (
        Step.DIFFERENCE,
        re.compile(
            r"\bdifference|\bchang|\b(?:in|de)creas|\bmore\b|\bless\b|\bgr[oe]w|\brose|\bf[ae]ll|\bdeclin|\bspread|\bgap\b"
            r"|\bhigher|\blower|\bup\b|\bdown\b|\bexpan|\bcontract|\bnet of|\bgain|\bdrop|\bexcess|\bimprov|增|降|差",
            re.IGNORECASE,
        ),
    ),
)
