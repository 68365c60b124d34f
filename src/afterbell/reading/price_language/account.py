"""Rules that read what a position cost and earned: cost, profit and loss, orders, entries and exits, the account.

Of high severity with or without a figure: that we entered tells as much as where. Rules are data; `price_language`
decides where one counts.
"""

# ruff: noqa: RUF001 - typographic signs are what is read here

from __future__ import annotations

from afterbell.reading.price_language.positions import ADVERB, NAME, position
from afterbell.reading.price_language.words import (
    END,
    FIGURE,
    LEVEL,
    MONEY,
    NUMBER,
    OURS,
    PERCENT,
    SAYS,
    TICKER,
    WE,
    PriceRule,
)

_PNL = r"(?:p\s?(?:&|&amp;|/|and)\s?l|pnl|profit[- ]and[- ]loss|profit/loss)"
_NOT_PER = r"(?!\s?(?:per|/)\s?(?!share))"

_COST_VALUE_HEAD = (
    rf"\b(?:avg\.?|average|mean|{OURS})[ _-](?:avg\.?\s|average\s)?(?:cost(?:[ _-](?:basis|price))?"
    rf"|purchase\sprice)"
    r"|\b(?:cost\sbasis|entry(?:\sprice)?|(?:bought|entered|filled|opened)\sat)"
)
_PNL_VALUE_HEAD = (
    rf"(?<![\w&]){_PNL}(?:\s(?:today|so\sfar|to\sdate|ytd))?"
    r"(?:\s(?:on|of|for)\s(?:the|this|our|your)\s(?:trade|position|book))?|\bun-?reali[sz]ed\s(?:profit|loss|gain)\b"
)
_RESULT_HEAD = (
    rf"\b(?:{WE}|it|{OURS}\s(?:position|trade|book)|the\s(?:position|trade))(?:\s|')(?:are|is|re|am|has|have"
    rf"|was)\s"
    rf"{ADVERB}(?:sitting\son\s|running\s|showing\s|made\s|lost\s|up\s|down\s|gained\s|losing\s|at\s)"
)
_WINNING_HEAD = (
    r"\b(?:our|your|the|this)\s(?:open\s)?(?:trade|position|bet|book|account|portfolio|desk)\s(?:is|was"
    r"|has\sbeen)\s"
)
_ACCOUNT_HEAD = (
    rf"\b(?:{OURS}|account|available|current|remaining)\s(?:account\s)?(?:value|equity|cash(?:\sbalance)?"
    rf"|balance|margin"
    r"|buying\spower|net\sliquidation)(?:\s\(?(?:usd|cash)\)?)?|\b(?:buying\spower|margin\sused|(?:portfolio"
    r"|account)\svalue)\b"
)
_STOP_VALUE_HEAD = r"\b(?:stop[- ]?loss|take[- ]?profit|trailing\sstop|profit\starget)(?:\s(?:order|price|level))?"
_ORDER_LINE_HEAD = rf"\b(?:buy|sell|bought|sold)\s{NUMBER}\s"


ACCOUNT: tuple[PriceRule, ...] = (
    position(
        "cost",
        rf"\b(?:avg|average|mean)[ _.-]{{1,2}}(?:entry|fill|buy)(?:[ _-](?:price|cost))?\b"
        rf"|\b{OURS}\s(?:avg\.?\s|average\s)?(?:cost\sbasis|entry(?:\sprice)?|break-?even)\b",
        ("our cost basis in the name", "the average entry", "Where is your break-even?"),
        (
            "Inventory is valued by the average cost method.",
            "The weighted average cost of capital is 8%.",
            "Give an entry price and a horizon.",
        ),
    ),
    position(
        "cost_value",
        rf"(?:{_COST_VALUE_HEAD})"
        rf"{SAYS}{FIGURE}{END}{_NOT_PER}",
        ("Average cost: 41.20", "Entry price: $39.10", "bought at $41.20", "cost basis 39"),
        ("The average cost per unit was $4.10.", "Give an entry price.", "average cost of $12.05 per unit"),
        numeric=True,
        gate=_COST_VALUE_HEAD,
    ),
    position(
        "pnl",
        rf"\b(?:un-?)?reali[sz]ed\s{_PNL}|\b{OURS}\s(?:open\s|current\s)?un-?reali[sz]ed\s(?:profit|loss|gain)\b"
        rf"|\b{OURS}\s(?:(?:current|open|daily|total|session|realised|realized|running|floating|paper"
        rf"|mark-to-market)\s)"
        rf"{{0,2}}{_PNL}\b|\b(?:open|daily|session|running|floating|trade|position|day)\s{_PNL}\b"
        r"|\b(?:paper|floating)\s(?:loss|profit|gain)s?\b",
        ("Unrealized P&L: see below", "The desk's daily PnL", "our open profit and loss", "sitting on a paper loss"),
        (
            "Net unrealized gains on available-for-sale securities were $12 million.",
            "the consolidated profit and loss statement",
            "The move reduced P&L leverage.",
        ),
    ),
    position(
        "pnl_value",
        rf"(?:{_PNL_VALUE_HEAD})"
        rf"{SAYS}[+\-−]?\s?(?:{PERCENT}|{FIGURE}{END})",
        ("PnL so far: +320", "P&L on the trade: -1,240", "P&L -3.2%", "Unrealized gain: $630"),
        (
            "an unrealized loss of $12 million on swaps",
            "The profit and loss statement has 12 lines.",
            "Unrealized losses were recognised.",
        ),
        numeric=True,
        gate=_PNL_VALUE_HEAD,
    ),
    position(
        "result",
        rf"(?:{_RESULT_HEAD})"
        rf"(?:an?\s|about\s|roughly\s){{0,2}}(?:(?:{PERCENT}|{FIGURE})\s?(?:k\s)?(?:on\s(?:it|this|the|our)"
        r"|since\s(?:entry|we|inception)|loss|gain|profit|in\sthe|so\sfar)|(?:paper\s|large\s|small\s)?(?:loss"
        r"|gain|profit)\b)",
        ("You are down 12% on it.", "We're sitting on a loss.", "The position is up $4,200 since entry."),
        ("We are down to 3 candidates.", "Revenue is up 12% so far.", "We are up against strong rivals."),
        gate=_RESULT_HEAD,
    ),
    position(
        "winning",
        rf"(?:{_WINNING_HEAD})"
        rf"{ADVERB}(?:losing\b|winning\b|profitable\b|under\s?water\b|in\sthe\s(?:red|green|money)\b|(?:up\s"
        rf"|down\s)?(?:about\s|roughly\s)?{PERCENT})",
        ("The open trade is losing money.", "The trade is 4% in the red.", "our book is up 2% this month"),
        ("The portfolio is broad.", "The position is open to candidates.", "Our account is with a bank."),
        gate=_WINNING_HEAD,
    ),
    position(
        "account",
        rf"(?:{_ACCOUNT_HEAD})"
        rf"{SAYS}{FIGURE}{END}",
        ("Available cash: $13,250.40", "Your buying power is 20,000", "Portfolio value = 101,200.55"),
        (
            "Available cash was $300 million at year end.",
            "The account balance page failed to load.",
            "Book value is $45 per share.",
        ),
        numeric=True,
        gate=_ACCOUNT_HEAD,
    ),
    position(
        "stop_value",
        rf"(?:{_STOP_VALUE_HEAD})"
        rf"{SAYS}(?:{PERCENT}|{FIGURE}{END})",
        ("Stop-loss: $38.50", "take profit 44", "trailing stop at 5%"),
        ("Propose a stop-loss and a target.", "Include stop_loss in your answer.", "a stop-gap of $12"),
        numeric=True,
        gate=_STOP_VALUE_HEAD,
    ),
    position(
        "orders",
        rf"\b(?:{OURS}|the|existing|current|active)\s(?:trailing\s)?(?:stop(?:[- ]loss)?|take[- ]profit)\s(?:order\s)?"
        r"(?:is|sits|was|at|of|stands|has)\b|\b(?:working|resting)\s(?:limit|stop|buy|sell)\sorders?\b"
        r"|\bstopped\sout\s(?:at|of|on)\b|\b(?:we|you)\stake\s(?:some\s)?profits?\b",
        ("Our stop is at 38.50.", "There is a resting limit order.", "It was stopped out on Friday."),
        ("Propose a stop-loss and a target.", "The stop-gap measure is set.", "We take orders by mail."),
    ),
    position(
        "order_line",
        rf"(?:{_ORDER_LINE_HEAD})"
        rf"(?:shares\s|{TICKER}\s)?(?:@|at)\s(?:{MONEY}|{LEVEL}|{NUMBER}){END}",
        ("open order: buy 100 @ 40.50", "sold 200 shares at $44", "buy 2 SYNB at 17"),
        ("It sold 1,200 units at the fair.", "We buy 12 licences.", "sold 300,000 shares of common stock"),
        numeric=True,
        gate=_ORDER_LINE_HEAD,
    ),
    position(
        "entered",
        rf"\b{WE}\s{ADVERB}(?:bought|entered|shorted|exited|trimmed|added\sto|opened|averaged\sdown|took\sprofits?"
        rf"|initiated|scaled)"
        rf"\s(?:(?:in|into|out\sof)\s{NAME}|a\s(?:long|short|position)\b|{NAME}|(?:the|our|your)\s(?:position|holding|stake)s?\b"
        r"(?!\sin\s(?:the|a|our)\s(?:joint|subsidiary|business|venture|company))|at\s\d|more\sshares)"
        rf"|\b{WE}\s{ADVERB}paid\s{MONEY}\s(?:a|per|/)\s?share\b(?![^.\n]{{0,60}}"
        r"(?:dividend|distribut|repurchas|tender|buy-?back|acqui|merger|business))",
        (
            "We bought SYNTHETIC_A on Monday.",
            "You entered at 39.10.",
            "The desk trimmed the position.",
            "You trimmed the holding in spring.",
            "Remember that we paid $39.10 a share.",
        ),
        (
            "We entered into a credit agreement.",
            "We opened a plant in March.",
            "We bought the business in 2014.",
            "We bought the stake in the joint venture in 2014.",
            "We paid $0.25 per share in dividends.",
        ),
    ),
    position(
        "since",
        r"\b(?:since|when|after|before|where|what)\s(?:we|you)\s(?:bought|entered(?!\sinto\b)|opened\s(?:the|this"
        r"|our)\s(?:position|trade)"
        r"|went\s(?:long|short))\b|\b(?:held|holding)\s(?:it\s|the\s(?:position|stock|shares)\s)since\b"
        r"|\b(?:long|short)\sfrom\s\$?\d|\bsince\s(?:our\s)?entry\b",
        ("What changed since we entered?", "held it since March", "long from 41.20"),
        ("since we entered into the lease in 2019", "We have held the view since March.", "since the entry of a rival"),
    ),
    position(
        "part",
        r"\b(?:sold|bought|trimmed|added|closed|exited|reduced|doubled)\s(?:half|part|all|some|most|a\s(?:third"
        r"|quarter)|\d{1,3}\s?%)"
        r"\s(?:of\s)?(?:our|your)\s(?:position|stake|holding|shares)s?\b"
        r"(?!\sin\s(?:the|a|our)\s(?:joint|subsidiary|business|venture|company))",
        ("We sold half of our stake last week.", "trimmed a third of our position", "You closed 50% of your holding"),
        (
            "We sold part of our stake in the joint venture.",
            "We closed half of our stores.",
            "doubled most of our capacity",
        ),
    ),
)
