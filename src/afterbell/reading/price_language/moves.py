"""Rules that read a move of a security: a figure is of high severity, a direction or a word of charts medium.

Rules are data; `price_language` decides where one counts, above all whether what moved is a security.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

from collections.abc import Iterable

from afterbell.reading.price_language.words import (
    ABOUT,
    CURRENCY,
    END,
    GAP,
    NUMBER,
    PART,
    PERCENT,
    SAYS,
    TICKER,
    WEIGHTS,
    PriceRule,
    Subject,
)

FAMILY = "move"

_WENT = (
    r"up|down|off|higher|lower|shr(?:ank|unk)|ros(?:e)|ris(?:en|es|ing)|f(?:e|a)ll(?:en|s|ing)?|gain(?:ed|s|ing)?|los(?:t|es|ing)"
    r"|drop(?:ped|s|ping)?"
    r"|declin(?:ed|es|ing)|climb(?:ed|s|ing)?|jump(?:ed|s|ing)?|surg(?:ed|es|ing)|soar(?:ed|s|ing)?|rall(?:ied|ies"
    r"|ying)|slid(?:es|ing)?"
    r"|slump(?:ed|s|ing)?|s[au]nk|sinks|tumbl(?:ed|es|ing)|plung(?:ed|es|ing)|plummet(?:ed|s|ing)?|crash(?:ed|es"
    r"|ing)?|dip(?:ped|s|ping)?"
    r"|slip(?:ped|s|ping)?|eas(?:ed|es)|edg(?:ed|es)|advanc(?:ed|es|ing)|add(?:ed|s)|shed(?:s|ding)?|spik(?:ed|es"
    r"|ing)|popp(?:ed|ing)"
    r"|return(?:ed|s)|rebound(?:ed|s|ing)?|recover(?:ed|s|ing)?|retreat(?:ed|s|ing)?|pull(?:ed|s|ing)\sback|sold\soff"
    r"|ripp(?:ed|ing)"
    r"|dump(?:ed|ing)|mov(?:ed|es|ing)|swung|gapped|increas(?:ed|es|ing)|decreas(?:ed|es|ing)|appreciat(?:ed|es|ing)"
    r"|depreciat(?:ed|es|ing)|out-?perform(?:ed|s|ing)?|under-?perform(?:ed|s|ing)?|finish(?:ed|es)|clos(?:ed|es|ing)"
    r"|end(?:ed|s)"
    r"|open(?:ed|s)|trad(?:ed|es|ing)|ticked|added|sagg(?:ed|ing)|bounc(?:ed|es|ing)|corrected|drifted|melted"
)
_HARD = (
    r"rall(?:ied|ies|ying)|sold\soff|selling\soff|sell-?off|plung(?:ed|es|ing)|tumbl(?:ed|es|ing)|soar(?:ed|s|ing)"
    r"|crash(?:ed|es|ing)"
    r"|slump(?:ed|s|ing)|surg(?:ed|es|ing)|ripp(?:ed|ing)|dump(?:ed|ing)|plummet(?:ed|s|ing)|spik(?:ed|es|ing)|slid"
    r"|sank|skyrocket(?:ed|ing)"
    r"|melt(?:ed|ing)[ -](?:up|down)|nosediv(?:ed|ing)|cratered|jumped|climbed|dropp(?:ed|ing)|fell|falling|rose"
    r"|rising|rebounded"
    r"|bounced|slipped|gained|declined|retreated|pulled\sback|drifted|drifting"
)
_NOUN = (
    r"gains?|drops?|declines?|rises?|rall(?:y|ies)|jumps?|surges?|slides?|sell-?offs?|pull-?backs?|corrections?"
    r"|drawdowns?|advances?|bounces?"
    r"|rebounds?|loss(?:es)?|moves?|dips?|crash(?:es)?|runs?|run-?ups?|plunges?|spikes?|swings?|increases?|returns?"
    r"|slumps?|retreats?"
    r"|retracements?|pops?|changes?|upside|downside\smove|falls?"
)
_WHEN = (
    r"pre-?market|after[- ]hours|after\sthe\s(?:bell|close|open)|on\sthe\s(?:day|session|tape)|intraday|overnight"
    r"|in\s(?:early|late|morning|afternoon|pre-?market|after-?hours|extended|regular)[ -]?(?:hours\s)?trad(?:e|ing)"
    r"|at\sthe\s(?:open|close)"
    r"|since\s(?:the\s(?:open|close|last\sclose|print)|yesterday|mon|tues|wednes|thurs|fri|we\s(?:bought|entered)"
    r"|entry)"
    r"|from\swhere\swe|(?:from|off|below|above)\s(?:its|the|their|a|an|last|yesterday'?s|monday'?s"
    r"|friday'?s)?\s?(?:[\w-]{1,12}\s){0,2}(?:high|low|peak|trough"
    r"|price|open|close|ath|moving\saverage|average|vwap)s?\b|over\sthe\s(?:last|past)\s(?:[\w-]{1,8}\s)?(?:sessions?"
    r"|trading\sdays?|hours?|days?)"
    r"|in\sthe\s(?:last|past)\s(?:[\w-]{1,8}\s)?(?:sessions?|trading\sdays?|hours?)|this\s(?:session|morning|afternoon)"
    r"|in\s(?:one|two|three|four|five|ten|\d{1,2})\s(?:sessions?|(?:trading\s)?days?|hours?|weeks?)"
)
_SPAN = (
    r"(?:\d{1,3}|one|five|seven|thirty|trailing)[- ]?(?:d|day|days|h|hr|hour|hours|w|wk|week|weeks|m|mo|month|months"
    r"|y|yr|year)"
    r"|ytd|mtd|qtd|wtd|day'?s?|daily|weekly|monthly|intraday|pre-?market|after-?hours|overnight|session|price|stock"
    r"|share|since\sopen"
)
_KEYS = (
    r"(?:price[_ -]?)?(?:change|chg|return)[_ -]?(?:pct|percent(?:age)?|%)(?:[_ -]?(?:24h|1d|7d|1h|30d))?"
    r"|(?:pct|percent(?:age)?)[_ -]?(?:change|chg)(?:[_ -]?(?:24h|1d|7d|1h|30d))?|price[_ -]?change(?:[_ -]?24h)?"
    r"|regular[_ -]?market[_ -]?change(?:[_ -]?percent)?|(?:daily|day|weekly|monthly|ytd|intraday|overnight|24h|1h|1d"
    r"|5d|7d|1w|1m|30d|1y)"
    r"[_ -]?(?:return|change|chg|pct|perf(?:ormance)?)(?:[_ -]?(?:pct|percent))?|(?:return|change|chg|perf|move)[_ -]?"
    r"(?:24h|1h|1d|5d|7d|1w|1m|3m|30d|1y|ytd)"
)
_SIGNED = rf"[+\-−–]?\s?{NUMBER}"

_WHEN_HEAD = rf"(?<![\w.])[+\-−]?{PERCENT}"
_LABEL_HEAD = rf"(?<![\w-])(?:{_SPAN})[ _-]"


def _high(
    name: str,
    pattern: str,
    examples: Iterable[str],
    counterexamples: Iterable[str],
    subject: Subject = "security",
    gate: str = "",
) -> PriceRule:
    return PriceRule(
        id=f"move.{name}", family=FAMILY, pattern=pattern, severity="high", weight=WEIGHTS["high"],
        numeric=True, subject=subject, examples=tuple(examples), counterexamples=tuple(counterexamples), gate=gate,
    )  # fmt: skip


def _medium(
    name: str, pattern: str, examples: Iterable[str], counterexamples: Iterable[str], subject: Subject = ""
) -> PriceRule:
    return PriceRule(
        id=f"move.{name}", family=FAMILY, pattern=pattern, severity="medium", weight=WEIGHTS["medium"], subject=subject,
        examples=tuple(examples), counterexamples=tuple(counterexamples),
    )  # fmt: skip


MOVES: tuple[PriceRule, ...] = (
    _high(
        "verb",
        rf"(?<![\w-])(?:{_WENT})\b{ABOUT}\s{{0,2}}[~≈+\-−(]{{0,2}}\s?(?:{CURRENCY})?{PERCENT}",
        (
            "The stock is up 4.2% today.",
            "Shares of the company fell by more than 12 percent after the call.",
            "SYNTHETIC_A has dropped 6 % in five sessions.",
            "The S&P 500 closed up 1.1%.",
            "Bitcoin slid roughly 3%.",
            "the share price has increased by 8%",
        ),
        (
            "Revenue rose 12% to $4.1 billion.",
            "Steel prices fell 8% in the quarter.",
            "Market share increased 3 percentage points.",
            "Backlog is up 30% year to date.",
            "Shares outstanding declined 2% on buybacks.",
            "Earnings per share rose 14%.",
            "Stock-based compensation increased 9%.",
            "The company raised list prices by 5%.",
        ),
    ),
    _high(
        "noun",
        rf"{PERCENT}[- ](?:[a-z]{{1,14}}[- ]){{0,2}}?(?:{_NOUN})\b",
        (
            "a 5% drop in the share price",
            "The stock's 12 percent rally this month",
            "Consider the 4% pullback in the stock.",
        ),
        (
            "a 5% increase in revenue",
            "the 12% decline in input costs",
            "a 14% return on equity",
            "a 3% gain in market share",
        ),
    ),
    _high(
        "against",
        rf"\b(?:out|under)-?perform(?:ed|s|ing)?\b[^.\n]{{1,50}}?\bby\s(?:about\s|over\s|nearly\s)?{PERCENT}"
        rf"|{PERCENT}\s(?:lower|higher)\b",
        ("SYNTHETIC_A outperformed the index by 8%.", "Traders sent the shares 9% lower.", "the stock is 3% higher"),
        ("The cloud unit outperformed its plan by 8%.", "Costs were 9% lower.", "Revenue came in 3% higher."),
    ),
    _high(
        "noun_of",
        rf"\b(?:{_NOUN})\sof\s(?:about\s|over\s|nearly\s|more\sthan\s|roughly\s)?[+\-−]?{PERCENT}",
        (
            "The share price shows a decline of 12%.",
            "a gain of 4.2% in the stock",
            "Shares posted a drop of about 6 percent.",
        ),
        ("Revenue growth of 12%", "an increase of 5% in backlog", "Sales showed a decline of 12%."),
    ),
    _high(
        "when",
        rf"(?:{_WHEN_HEAD})"
        rf"\s?\)?(?:\s[a-z]{{1,12}}){{0,2}}?\s(?:{_WHEN})",
        (
            "down 6% over the last five sessions",
            "It is 20% below its 52-week high.",
            "+3.1% pre-market",
            "The move is 4.2 percent in early trading.",
        ),
        (
            "Revenue is up 12% over the past 90 days.",
            "Occupancy is 4% below the peak.",
            "The margin is 3% above the average.",
        ),
        "not_fundamental",
        gate=_WHEN_HEAD,
    ),
    _high(
        "label",
        rf"(?:{_LABEL_HEAD})"
        r"(?:price[ _-]|total[ _-])?(?:change|returns?|perf(?:ormance)?|moves?|gain|loss"
        r"|chg)s?\b(?:\s\([\w%/ ]{1,12}\)"
        rf"|\s(?:of|for|on|in)\s(?:the\s)?(?:stock|shares|security|price|{TICKER})|\s(?:over|in"
        rf"|since)\s[\w ]{{1,18}})?{SAYS}[+\-−–]?\s?{PERCENT}",
        ("1-day change: +2.1%", "| 5d return | -4.0% |", "YTD performance: 23 %", "Price change (24h): -3.2%"),
        ("Price increases: 5%", "Daily active users change: 3%", "Stock compensation: 5%"),
        "not_fundamental",
        gate=_LABEL_HEAD,
    ),
    _high(
        "span",
        rf"(?<![\w-])(?:24h|1h|1d|5d|7d|1w|1m|3m|ytd|mtd|today|chg|change){GAP}{{1,5}}[+\-−▲▼]\s?{PERCENT}",
        ("24h: -3.2%", "SYNTHETIC_A 1d +2.0%", "Today: +1.4%", "Chg: -0.8%"),
        ("Revenue YTD: +12%", "Subscribers 3m: +4%", "24h support line"),
        "not_fundamental",
    ),
    _high(
        "key",
        rf"(?:\\{{0,2}}[\"'](?:{_KEYS})\\{{0,2}}[\"']\s{{0,3}}:"
        rf"|(?<![\w\"'-])(?:{_KEYS})\s{{0,2}}=)\s{{0,3}}(?:\\{{0,2}}[\"'])?{_SIGNED}",
        (
            '{"change_pct": -3.2}',
            "{'regularMarketChangePercent': 1.4}",
            "price_change_24h = -0.031",
            '"ytd_return": "0.23"',
        ),
        ('{"change_pct": null}', '{"revenue_change_pct": 12.0}', '{"churn_pct": 3}'),
        "",
    ),
    _high(
        "tape",
        rf"(?<![\w$]){TICKER}\)?\s{{0,2}}[(:|,]?\s{{0,2}}[+\-−▲▼↑↓]\s?{PERCENT}",
        ("SYNTHETIC_A +4.2%", "$SYNB (-3.1%)", "Movers: SYNTHETIC_A ▲2.0%"),
        ("EPS +12%", "EMEA -3%", "CPI +3.1%"),
    ),
    _high(
        "arrow",
        rf"[▲▼△▽⬆⬇📈📉]\s?{PERCENT}",
        ("▲ 3.2%", "last session ▼1.4%", "Index 📉 2%"),
        ("Revenue ▲ 12%", "Backlog ▲3%", "▲ see note 3"),
        "not_fundamental",
    ),
    _high(
        "points",
        rf"(?<![\w-])(?:{_WENT})\b(?:\s(?:by|about|around|nearly|almost|another|more|than|over|as|much|some"
        rf"|roughly)){{0,4}}\s(?:{CURRENCY}{NUMBER}{END}(?!\s(?:per|a)\s(?!share))|{NUMBER}\s(?:points"
        rf"|cents|ticks)\b)",
        ("Shares fell $4.20 on the news.", "The Nasdaq gained 120 points.", "the stock lost 35 cents"),
        ("The dividend rose 2 cents.", "NPS gained 12 points.", "Costs fell $4.20 per unit."),
    ),
    _high(
        "table",
        rf"(?:(?:{_SPAN})[ \t]{{0,4}}[|,\t][ \t]{{0,4}}){{2}}[^\n]{{0,80}}\n(?:[|:\-\s+]{{3,200}}\n)?"
        rf"[^\n]{{0,60}}?[+\-−]?\d{{1,3}}(?:\.\d{{1,3}})?\s?%",
        (
            "Performance of the shares\n| 1 day | 1 week | 1 month |\n|---|---|---|\n| -2.1% | 4.2% | -11.3% |",
            "1D, 1W, YTD\n+0.4%, -2.2%, 18.0%",
            "SYNTHETIC_B\n5 days | 30 days | YTD\n-1.1% | 3.0% | 9.4%",
        ),
        (
            "| 1 month | 3 months |\n| 412 | 398 |",
            "Returns over 1 day, 1 week and 1 month are withheld.",
            "Revenue growth\n| 1 year | 3 years | 5 years |\n|---|---|---|\n| 2.1% | 4.2% | 11.3% |",
        ),
        "not_fundamental",
    ),
    _high(
        "multiple",
        r"\b(?:(?:has|have|had|was|were|more\sthan|nearly|almost)\s){0,3}(?:doubled|tripled|quadrupled|halved)\b"
        rf"|\b(?:lost|shed|gained|added|erased)\s(?:about\s|over\s|nearly\s"
        rf"|almost\s)?{PART}\sof\sits\s(?:market\s)?value"
        rf"|\b(?:{_WENT})\s(?:by\s)?(?:about\s|over\s|nearly\s|almost\s)?{PART}\b",
        (
            "The stock has doubled since January.",
            "The share price halved.",
            "the shares lost a third of its value",
            "The stock's market value shrank by a fifth.",
        ),
        ("Revenue doubled.", "The customer base has tripled.", "Costs were halved."),
    ),
    _medium(
        "direction",
        rf"(?<![\w-])(?:{_HARD})\b",
        ("Shares rallied after the announcement.", "The stock sold off into the close.", "Bitcoin is ripping."),
        ("Sales rallied in the fourth quarter.", "Costs soared.", "Users dropped off at checkout."),
        "security",
    ),
    _medium(
        "after_the_fact",
        r"\b(?:after|following|despite|given|amid|during|into|since)\s(?:the|this|its|today's|yesterday's"
        r"|last\sweek's|a)\s"
        r"(?:[\w-]{1,12}\s){0,2}(?:rally|sell-?off|crash|run-?up|drawdown|pull-?back|melt-?up|squeeze|slump|plunge"
        r"|spike|bounce|breakout)\b",
        ("after the rally", "Following the recent sell-off, sentiment cooled.", "given the sharp pullback in the name"),
        ("after the election", "following the merger", "given the drop-off in demand"),
        "not_fundamental",
    ),
    _medium(
        "chart",
        r"\b(?:up|down)-?trend(?:s|ing)?\b|\bhead[- ]and[- ]shoulders\b|\bdouble\s(?:top|bottom)\b"
        r"|\bcup[- ]and[- ]handle\b"
        r"|\b(?:ascending|descending|symmetrical)\striangle\b|\b(?:golden|death)\scross\b|\b(?:bull"
        r"|bear)(?:ish)?\s(?:flag|pennant|engulfing)\b"
        r"|\bcandlesticks?\b|\bdoji\b|\bover(?:sold|bought)\b|\bfibonacci\b|\btrend-?lines?\b|\bhigher\s(?:highs"
        r"|lows)\b"
        r"|\blower\s(?:highs|lows)\b|\bprice\s(?:action|momentum|trend|chart|pattern)\b|\bshort\ssqueeze\b"
        r"|\bgapp?(?:ed|ing|s)?\s(?:up|down)\b"
        r"|\blimit[- ](?:up|down)\b|\bbollinger\sbands?\b|\brange-?bound\b",
        ("The chart shows a clear uptrend.", "It printed a head and shoulders.", "momentum looks oversold"),
        ("The team is upbeat.", "a long-term growth trend", "customers at both ends of the range"),
    ),
    _medium(
        "level_words",
        r"\b(?:broke|breaks|breaking|broken|crossed|crossing|bounced|held|holding|reclaimed|lost|testing|tested|above"
        r"|below|near|through)\s"
        r"(?:out\s(?:of|from|above)\s|off\s|above\s|below\s|through\s)?(?:(?:its|the|a|key|major"
        r"|long-?term)\s){0,2}(?:support|resistance"
        r"|(?:\d{1,3}[- ](?:day|week|period)\s)?moving\saverages?|neckline|vwap|trading\srange)\b|\b(?:break-?out"
        r"|broke(?:n)?\sout)\b",
        ("It broke through resistance.", "below its 200-day moving average", "a clean breakout"),
        ("The outage hit customer support.", "above the average", "a breakdown of revenue by segment"),
        "not_fundamental",
    ),
    _medium(
        "extreme",
        r"\b(?:52[- ]?w(?:ee)?k|all-?time|multi-?(?:year|month)|(?:fresh|new)(?:\s(?:[\w-]{1,12}))?)\s(?:highs?"
        r"|lows?)\b(?!-)",
        ("The stock sits near its 52-week high.", "Shares set a fresh low.", "an all-time high for the token"),
        ("Record-high revenue.", "Backlog is at an all-time high.", "a new high-speed line"),
        "not_fundamental",
    ),
)
