"""The words of conditions: what leads in and out, directions, levels, bars, indicators, dates, events. Data, no logic.

English. All patterns are bounded and match without regard to case; `wording` says how they are put together.
"""

from __future__ import annotations

import re
from typing import Final

from afterbell.reading.conditions.forms import Side
from afterbell.reading.conditions.intervals import NUMBERS

LONGEST: Final = 1000

SPACES = re.compile(r"[\s\u00a0\u2009\u202f]{1,100}")
DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": " - ", "\u2212": "-",
                         "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2265": ">=",
                         "\u2264": "<="})  # fmt: skip
JOINED = (
    (re.compile(
        r"\b(?:at )?([$]?\d[\d.,]{0,20}k?) or (?:lower|less|below|under|worse)\b(?!\s?[$\d])",
        re.IGNORECASE), r"at-or-below \1"),
    (re.compile(
        r"\b(?:at )?([$]?\d[\d.,]{0,20}k?) or (?:higher|more|above|over)\b(?!\s?[$\d])",
        re.IGNORECASE), r"at-or-above \1"),
    (re.compile(
        r"\((?:on )?(?:the )?(\d{1,3} ?(?:m|min|h|d|w)|daily|hourly|weekly)(?: (?:chart|candle|close"
        r"|timeframe))?\)", re.IGNORECASE), r"on \1"),
    (re.compile(r"\bat or (below|under|above|over)\b", re.IGNORECASE), r"at-or-\1"),
    (re.compile(r"\b(below|under|above|over|<|>) or (?:at|equal to)\b", re.IGNORECASE), r"at-or-\1"),
    (re.compile(r"\b(?:at|by|on) the end of (?:the|a) (?:day|session)\b", re.IGNORECASE), "on a daily close"),
    (
        re.compile(r"\b(?:break|move|drop|trade|push)s?\s(?:and|&)\s(?:an?\s|then\s)?(closes?)\b", re.IGNORECASE),
        r"\1",
    ),
    (re.compile(r"\bon or (after|before|by)\b", re.IGNORECASE), r"\1"),
    (re.compile(
        r"(?<!-)\bor (?:more|less|lower|higher|below|under|above|over|later|sooner|earlier"
        r"|beyond)\b(?!\s?[$\d])",
                re.IGNORECASE), "reached"),
    (re.compile(
        r"\b(?:and|or) (?:stays?|holds?|remains?|keeps?) (?:there|below|above|under|over)\b",
        re.IGNORECASE), "staying"),
    (re.compile(r"\bbetween ([$\d][\d.,]{0,20}k?) and ([$\d])", re.IGNORECASE), r"between \1 to \2"),
)  # fmt: skip
LEAD = re.compile(
    r"\A[^\d<>=$]{0,80}?\b(?:if|when|once|as soon as|in case)[\s,]{1,3}"
    r"(?:there is |there's |we (?:see|get) |an? )?"
    r"|\A(?:(?:invalidation|invalidated?|invalid|exit|close(?: out)?|cut|sell|cover|flatten"
    r"|stop(?:ped)?(?: out)?|abandon"
    r"|thesis|the|this|idea|trade|position|setup|plan|long|short|is|are|condition|trigger(?:s|ed)?|kill|void"
    r"|(?:no longer|not) valid|fails?|wrong|dead|over|broken|all|my|our|out|of|immediately|to be|will be|would be"
    r"|becomes?|gets?|hold invalidation|please)[\s:,]{1,3}){0,8}(?:if|when|once|should|upon|on"
    r"|as soon as|unless|in case"
    r"(?: of)?|:)[\s:,]{1,3}(?:there is |there's |we (?:see|get) |an? )?",
    re.IGNORECASE,
)  # fmt: skip
UNLESS = re.compile(
    r"\bunless\b|\bas long as\b|\bwhile\b|\bexcept\b|\bonly (?:if|when)\b"
    r"|(?<!longer )(?<!not )\b(?:valid|good|holds?|intact|alive|fine) (?:if|when)\b"
    r"|\b(?:do not|don't|never) (?:exit|close|sell|cover|cut)\b|\b(?:stay|remain) (?:in|long|short)\b"
    r"|\bkeep (?:it|the|holding)\b",
    re.IGNORECASE,
)
"""Words that turn a condition round: it tells when the thesis holds."""
THEN = re.compile(
    r"[,;.]?\s(?:-\s|=>?\s(?:exit|out|stop|close|sell)\b|then\b|(?:and\s)?(?:so\s)?(?:we|i|you)\s(?:exit|close|sell|cut)|which\b|because\b|since\b"
    r"|(?:then\s)?(?:exit|close|cut|flatten|liquidate|sell|cover)\s(?:out|the|all|half|this|my|our"
    r"|position|immediately|at market)\b"
    r"|(?:the|this)\s(?:long\s|short\s|whole\s)?(?:thesis|idea|setup|trade|position)\s(?:is|fails|no)\b"
    r"|(?:(?:would|will|shall)\s)?(?:invalidat|negat|kill|end|void|break|nullif"
    r"|disprov)\w{0,4}\s(?:the|this|my|our|it)\b"
    r"|(?:invalidates|negates|nullifies|disproves|(?:would|will)\s(?:invalidate|negate|nullify|disprove))\b"
    r").{0,600}\Z",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
REASON = re.compile(
    r"[,;(]?\s?\b(?:confirming|signall?ing|indicating|suggesting|invalidating|breaking|showing"
    r"|negating|implying|marking"
    r"|meaning|as (?:this|that|it)|to confirm|with (?:strong )?(?:momentum"
    r"|conviction))\b[^;]{0,400}?(?=\s(?:or|and)\s|;|\Z)",
    re.IGNORECASE,
)  # fmt: skip
OR = re.compile(r"\s{0,2};\s{0,2}|,?\s(?:or|OR|Or)\s(?:if\s|when\s|once\s|else\s)?|\s\|\|?\s|\s/\s")
AND = re.compile(r",?\s(?:and|AND|And|&&?|while also|along with|together with|accompanied by|plus)\s(?:if\s|when\s)?")
BARE = re.compile(r"(?:at-or-)?(?:below|under|above|over|<|>)", re.IGNORECASE)
PAIR = re.compile(r"\b([A-Z][A-Z0-9]{1,9})[/-](?:USD[TC]?|PERP)\b")
BRACKETS = re.compile(r"\(([^()]{0,200})\)|\[([^\[\]]{0,200})\]")

_NUMBER = (
    r"(?:(?:USD|USDT|US|HK|C|A|EUR"
    r"|GBP)\s?)?[$\u20ac\u00a3\u00a5]?\s?(\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,12})?|\d{1,12}(?:\.\d{1,12})?"
    r"|\.\d{1,12})\s?(k\b|m(?:illion)?\b(?!\s?(?:candle|bar|close|chart|in))|K\b)?"
)
_AFTER_LEVEL = (
    r"(?!\s?(?:%|percent\b|per\s?cent\b|bps\b|bp\b|basis points|pips?\b|-?\s?(?:period|ema|sma|ma|dma|wma"
    r"|vwap|atr|sd\b|std|sigma|week|day|hour|month|min|candle|bar|x\b|times\b)|[mhdw]\b|\d))"
)
LEVEL: Final = rf"{_NUMBER}{_AFTER_LEVEL}"
STOPS: Final = re.compile(
    r"\A(?:(?:hard|mental|initial)\s)?(?:stop(?:[- ]?loss|ped out|\sout|\sorder)?"
    r"|invalidation(?:\s(?:level|price|point))?)"
    rf"(?:\s(?:is|sits|set))?(?:\s(?:at|of|on)|:)?\s(?={LEVEL})",
    re.IGNORECASE,
)
"""A level that is named without saying on which side of it: a stop."""
_THE = (
    r"(?:(?:the|a|an|its|our|my|this|that|key|major|critical|swing|prior|previous|recent|support"
    r"|resistance|level|levels|area|zone|mark|low|high|price|stop|line|value|around|near|about"
    r"|approximately|~|at|of|is|was|psychological|round|structural|breakout|neckline|session|weekly|daily"
    r"|monthly|range)\s{1,2}){0,6}"
)
BELOW = (
    r"at-or-(?:below|under|<)|sub[- ]|below|beneath|underneath|under|less than|lower than|<=|<|loses|lose|lost|losing"
    r"|fail(?:s|ing)? to (?:hold|defend)(?: above)?|failure to hold(?: above)?|not (?:hold|holding|stay"
    r"|staying) above|no longer above|south of"
)
ABOVE = (
    r"at-or-(?:above|over|>)|above|over|greater than|higher than|in excess of|exceeds?|exceeding"
    r"|exceeded|surpass(?:es|ed)?|>=|>"
    r"|reclaims?|reclaimed|reclaiming|recaptures?|regains?|takes? out|clears?|north of|tops"
)
FALLS = (
    r"(?:falls?|fell|drops?|dropped|dips?|slips?|slides?|sinks?|declines?|retreats?|pulls? back"
    r"|comes? down|goes down|trades? down|tumbles?)"
)
RISES = (
    r"(?:rises?|rose|climbs?|rall(?:y|ies)|jumps?|gains?|advances?|spikes?|pops?|moves? up|goes up"
    r"|trades? up|recovers?|bounces?|runs?)"
)
_BREAKS = (
    r"(?:breaks?|broke|breaking|breach(?:es|ed)?|violat(?:es|ed|ing)|crack(?:s|ed)?|cross(?:es|ed|ing)?"
    r"|pierc(?:es|ed)|penetrat(?:es|ed))"
)
TOUCH = r"(?:hits?|touch(?:es|ed)?|reach(?:es|ed)?|tags?|tagged|prints?|trades? at|gets? to|tests?)"
DIRECTIONS: Final = (
    (re.compile(rf"(?:{BELOW})\s{{0,2}}{_THE}{LEVEL}", re.IGNORECASE), Side.BELOW, False),
    (re.compile(rf"(?:{ABOVE})\s{{0,2}}{_THE}{LEVEL}", re.IGNORECASE), Side.ABOVE, False),
    (re.compile(
        rf"\b{FALLS}(?: back| all the way)? (?:to|as low as|into)\s{_THE}{LEVEL}", re.IGNORECASE), Side.BELOW, True),
    (re.compile(
        rf"\b{RISES}(?: back| all the way)? (?:to|as high as|into)\s{_THE}{LEVEL}", re.IGNORECASE), Side.ABOVE, True),
    (re.compile(
        rf"\b{_BREAKS}(?: down)?(?: through)?\s(?:the\s)?(?:\w{{1,12}}\s){{0,2}}support\s(?:\w{{1,8}}\s){{0,2}}{LEVEL}",
        re.IGNORECASE), Side.BELOW, False),
    (re.compile(
        rf"\b{_BREAKS}(?: out"
        rf"| up)?(?: through)?\s(?:the\s)?(?:\w{{1,12}}\s){{0,2}}resistance\s(?:\w{{1,8}}\s){{0,2}}{LEVEL}",
        re.IGNORECASE), Side.ABOVE, False),
    (re.compile(
        rf"\b(?:loss|break|breakdown|breach|violation|failure) (?:of|below|under|at)\s{_THE}{LEVEL}",
        re.IGNORECASE), Side.BELOW, False),
    (re.compile(
        rf"\b(?:breakout|break out|reclaim|recovery) (?:of|above|over|past)\s{_THE}{LEVEL}",
        re.IGNORECASE), Side.ABOVE, False),
    (re.compile(rf"\b{TOUCH}\s{_THE}{LEVEL}", re.IGNORECASE), Side.EITHER, True),
)  # fmt: skip
RANGE = re.compile(rf"\b(?:outside|leaves|exits|out of)\b[^\d$]{{0,40}}{LEVEL}\s?(?:-|to|and)\s?{LEVEL}", re.IGNORECASE)
_FROM_ENTRY = (
    r"(?:entry(?: price| level)?|entry fill|cost(?: basis)?|purchase price|average (?:cost|price|entry)"
    r"|avg(?:\.)? (?:cost|entry)|fill(?: price)?|where (?:we|i) (?:bought|entered))"
)
PERCENT = re.compile(
    rf"(\d{{1,3}}(?:\.\d{{1,6}})?)\s?(?:%|percent|per cent)\s(?:or more\s|reached\s)?(below|under"
    rf"|beneath|above|over|from|off|against)\s(?:the\s|its\s|our\s|my\s)?{_FROM_ENTRY}",
    re.IGNORECASE,
)  # fmt: skip
REACHED = re.compile(r"\bat-or-|<=|>=|\breached\b", re.IGNORECASE)

CLOSES = re.compile(
    r"\b(?:clos(?:e|es|ed|ing|ure)|settle(?:s|d|ment)?|finish(?:es|ed)?|candle(?:s|stick)?"
    r"|ends? the (?:day|session|week))\b",
    re.IGNORECASE,
)  # fmt: skip
_UNIT = r"(?:m|min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days|w|wk|week|weeks)"
INTERVAL = re.compile(
    rf"\b((?:\d{{1,4}}|{'|'.join(NUMBERS)})[ -]?{_UNIT})\b(?!\s(?:of\b|from\b|after\b|high\b|low\b))"
    r"|\b(daily|hourly|weekly|end-of-day|eod)\b|\b(day|hour|week)\b(?=\s(?:candle|close|bar))",
    re.IGNORECASE,
)  # fmt: skip
MONTHLY = re.compile(r"\b(?:monthly|month|quarterly|yearly)\s(?:candle|close|bar|basis|closing)", re.IGNORECASE)
RUN = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(NUMBERS)})[ -](?:consecutive|straight|successive|back-to-back)\b"
    rf"|\b(\d{{1,2}}|{'|'.join(NUMBERS)}|twice)(?: \w{{1,12}}){{0,3}} (?:in a row|running)\b"
    rf"|\bfor (\d{{1,2}}|{'|'.join(NUMBERS)}) (?:\w{{0,3}}[ -]?\w{{1,10}} )?(?:candles|bars|closes|sessions)\b"
    rf"|\b(\d{{1,2}}|{'|'.join(NUMBERS)}) (?:\w{{1,10}}[ -]){{0,2}}(?:candles?|bars?|closes)\b",
    re.IGNORECASE,
)  # fmt: skip
SESSIONS = re.compile(r"\bsessions?\b|\bdays\b", re.IGNORECASE)
LASTING = re.compile(
    rf"\bfor (?:more than |at least |over |longer than |a full )?(?:\d{{1,4}}|{'|'.join(NUMBERS)}"
    rf"|an?)[ -]?{_UNIT}\b(?! (?:candle|bar|close))"
    r"|\bstaying\b|\bsustained\b|\bstays?\b|\bremains?\b|\bholds? (?:below|above)\b"
    r"|\bwithout (?:recovering|reclaiming)\b",
    re.IGNORECASE,
)  # fmt: skip
NEGATED = re.compile(
    r"\b(?:not|never|no|doesn't|does not|don't|do not|hasn't|has not|isn't|won't|without"
    r"|fails? to (?!hold|defend))\b",
    re.IGNORECASE,
)
PLAIN_WORDS = re.compile(
    r"\b(?:the|a|an|its|our|my|this|that|if|when|once|then|price|prices|stock|stocks|share|shares|coin"
    r"|token|asset|spot|perp|perpetual"
    r"|mid|last|mark|index|market|underlying|security|name|pair|future|futures|contract|it|we|see|get"
    r"|there|is|are|be|been|has|have|had"
    r"|any|first|single|full|strong|decisive|decisively|convincing|convincingly|clean|clear|clearly"
    r"|confirmed|confirms?|sustained"
    r"|candle|candles|candlestick|body|bodies|action|bar|bars|close|closes|closed|closing|closings"
    r"|basis|chart|timeframe|time|frame|print|prints|trade|trades|traded|trading"
    r"|move|moves|moving|goes|go|gets|falls?|fell|drops?|dropped|dips?|slips?|slides?|sinks?|declines?"
    r"|retreats?|tumbles?|plunges?|rises?|rose|climbs?|rall(?:y|ies)"
    r"|jumps?|gains?|advances?|spikes?|pops?|recovers?|bounces?|runs?|pushes|push|comes?|cracks?"
    r"|pierces?|breaks?|broke|breaking|breach|breaches|breached|cross|crosses|crossed|crossing"
    r"|settles?|settled|settlement|finish(?:es)?|ends?|back|down|up|out|through|to|at|on|in|of|for"
    r"|with|under|into|by|daily|hourly|weekly|sessions?|regular|intraday|end-of-day|eod|usd|usdt|usdc"
    r"|dollars?"
    r"|level|levels|support|resistance|key|violates?|violated|invalidated?|invalidation|stop|condition"
    r"|exit|position|long|short|thesis|than|more|much|well|just|even|ever|all|fully|again|should|were"
    r"|was|would|will|"
    r"one|invalid|void|negated|handle|consecutive|straight|successive|row|running|m|min|mins|minute"
    r"|minutes|h|hr|hrs|hour|hours|d|day|days|week|weeks|w|s)\b",
    re.IGNORECASE,
)  # fmt: skip
SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(?:[._/-][A-Z0-9]{1,8}){0,2}|\d{4,6}(?:\.[A-Z]{2})?")
_NAMED: Final = (
    ("RSI", r"rsi\d{0,3}|relative strength"), ("MACD", r"macd\d{0,3}"),
    ("EMA", r"\w{0,6}-?ema\d{0,3}|exponential moving average"),
    ("SMA", r"\w{0,6}-?sma\d{0,3}|\d{1,3}-?d?ma|moving averages?|\d{1,3}[ -](?:day|week|period) average|ma\d{1,3}"),
    ("VWAP", r"a?vwap"),
    ("ATR", r"atr|average true range"),
    ("Bollinger bands", r"bollinger|bbands?|lower band|upper band"),
    ("ADX", r"adx|dmi"), ("stochastic", r"stoch(?:astic|rsi)?"), ("OBV", r"obv|on-balance volume"), ("CCI", r"cci"),
    ("Ichimoku", r"ichimoku|kijun|tenkan|kumo"),
    ("SuperTrend", r"super ?trend"),
    ("trend line", r"trend ?-?line|channel"),
    ("Fibonacci", r"fib(?:onacci)?"), ("funding rate", r"funding(?: rate)?"), ("open interest", r"open interest|oi"),
    ("volume", r"volumes?|turnover"), ("divergence", r"divergences?"), ("market structure",
        r"(?:market )?structure|lower lows?|higher highs?|lower highs?|higher lows?"),
    ("momentum", r"momentum"), ("volatility", r"volatility|implied vol|iv rank"), ("breadth", r"breadth"),
)  # fmt: skip
INDICATORS = tuple((name, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for name, pattern in _NAMED)
UNTIL = re.compile(
    r"\b(?:valid|good|holds?|active|in force|stands?|live)\s(?:only\s)?(?:until|till|through|to|up to"
    r"|before)\s(.{4,60})\Z"
    r"|\b(?:expir(?:es|y|ing|ed|ation)|lapses?|ends?|deadline|time stop|void after|invalid after"
    r"|stale after|no longer valid after)\s?"
    r"(?:on|at|by|after|is|:|of)?\s?(.{4,60})\Z"
    r"|\A(?:after|until|by|on|past|beyond|not later than|no later than)\s(.{4,60})\Z"
    r"|\b(?:still (?:open|held)|open|held|holding)\s(?:after|past|beyond|by|on)\s(.{4,60})\Z",
    re.IGNORECASE,
)  # fmt: skip
HELD = re.compile(
    rf"\A(?:(?:the |this )?(?:position|trade|it|we|holding)?\s?(?:is |has been |have |has )?(?:held"
    rf"|open|hold|holding|time stop|max(?:imum)? hold(?:ing)?(?: period| time)?|aged?)\b[\s:]{{0,2}}"
    rf"|after\s|(?:exit\s|close\s)?within\s|expires?\s(?:after|in)\s|valid (?:for"
    rf"|only for)\s|time stop[:\s]{{1,2}}(?:of\s"
    rf"|after\s)?)"
    rf"(?:is |of |for |after |in )?(?:more than |longer than |over |at most |up to "
    rf"|a period of )?(\d{{1,4}}|{'|'.join(NUMBERS)})[ -]?(calendar days?|minutes?|mins?|hours?|hrs?|h"
    rf"|days?|d|weeks?|w)\b"
    r"(?:\s(?:after|from|since|of) (?:the )?(?:entry|entering|opening|fill|purchase|being opened))?\s?(?:reached)?\Z",
    re.IGNORECASE,
)  # fmt: skip
EARNINGS = re.compile(
    r"\A(?:(?:at|on|by|before|after|upon|ahead of|into|through|until|following|prior to|valid (?:until"
    r"|through|to)|held (?:into|through)|open (?:into|through|at|after)|the|its|next|q[1-4]|quarterly"
    r"|first|second|third|fourth|quarter|company|[A-Z][A-Z0-9_.]{0,12}|reports?|releases?|publishes"
    r"|announces|is|are)\s){0,8}"
    r"(?:earnings|results)(?:\s(?:release|report|reports|announcement|call|print|date|day|season"
    r"|are (?:out|released|published)|is (?:out|released)|come out|released|published|event)){0,2}\Z",
    re.IGNORECASE,
)  # fmt: skip
MACRO = re.compile(
    r"\A(?:(?:at|on|by|before|after|upon|ahead of|into|through|until|following|prior to|valid (?:until"
    r"|through|to)|held (?:into|through)|open (?:into|through|at|after)|the|next|us|fed|monthly"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\s){0,6}"
    r"(cpi|ppi|pce|fomc|nonfarm payrolls?|non-farm payrolls?|nfp|jobs report|gdp|ecb|boj|boe|ism"
    r"|retail sales|rate decision|interest rate decision)"
    r"(?:\s(?:release|report|print|rate|interest|decision|meeting|data|minutes|announcement|statement"
    r"|day|is out|press conference)){0,4}\Z",
    re.IGNORECASE,
)  # fmt: skip

_FILLERS = (
    "loss", "break", "breakdown", "breach", "violation", "failure", "breakout", "reclaim", "recovery", "major",
    "critical", "swing", "prior", "previous", "recent", "area", "zone", "mark", "low", "high", "line", "value",
    "around", "near", "about", "approximately", "psychological", "round", "structural", "neckline", "monthly",
    "range", "of", "as", "outside", "leaves", "exits", "pulls?",
)  # fmt: skip
TOLD: Final = re.compile(rf"{PERCENT.pattern}|{BELOW}|{ABOVE}|{TOUCH}|\b(?:{'|'.join(_FILLERS)})\b", re.IGNORECASE)
"""What within a hit tells the direction."""
FIGURES: Final = re.compile(rf"{LEVEL}|at-or-\w{{1,6}}|[<>=$~]", re.IGNORECASE)
"""What within a hit is a figure or a sign."""
