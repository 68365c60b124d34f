"""Rules that read our own state (position, cost, profit and loss, orders) and words that anchor sentiment.

State is of high severity with or without a figure; sentiment is low and decides nothing alone. Rules are data.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

from collections.abc import Iterable

from afterbell.reading.price_language_words import (
    COINS,
    CURRENCY,
    END,
    FIGURE,
    GAP,
    LEVEL,
    MONEY,
    NUMBER,
    OURS,
    PERCENT,
    SAYS,
    STATE,
    TICKER,
    WE,
    WEIGHTS,
    PriceRule,
)

FAMILY = "position"
SENTIMENT = "sentiment"

_ADV = (
    r"(?:(?:already|currently|still|now|also|presently|only|just|recently|each|have|has|had|been|yesterday|today)\s)"
    r"{0,3}"
)
_NAME = (
    rf"(?:{TICKER}|{COINS}|(?:it|the|this|that|these|those)\s"
    r"(?:stock|name|shares|position|trade|security|token|coin)|shares)"
)
_PNL = r"(?:p\s?(?:&|&amp;|/|and)\s?l|pnl|profit[- ]and[- ]loss|profit/loss)"
_KEYS = (
    r"(?:un)?reali[sz]ed[_ -]?(?:pn?l|p&l|profit|gain|loss|profit[_ ]?loss|return)(?:[_ -]?(?:pct|percent|usd))?|(?:u"
    r"|total|daily|open|net)?[_ -]?"
    r"pnl(?:[_ -]?(?:pct|percent|usd|today))?|(?:avg|average)[_ -]?(?:entry|cost|buy|fill|open)(?:[_ -]?(?:price|cost"
    r"|basis))?|cost[_ -]?basis"
    r"|entry[_ -]?price|position[_ -]?(?:size|qty|quantity|value|side|pnl|state)|current[_ -]?positions?"
    r"|open[_ -]?positions?|net[_ -]?position"
    r"|(?:shares|qty|quantity|units)[_ -]?held|holding[_ -]?(?:qty|quantity|shares|value)|liquidation[_ -]?price"
    r"|notional[_ -]?usd"
    r"|account[_ -]?(?:value|equity|balance)|buying[_ -]?power|available[_ -]?cash|cash[_ -]?(?:available|balance)"
    r"|portfolio[_ -]?value|margin[_ -]?used|unreali[sz]edPL"
)
_QUOTED = r"\\{0,2}[\"']"


def _rule(
    name: str, pattern: str, examples: Iterable[str], counterexamples: Iterable[str], *, numeric: bool = False
) -> PriceRule:
    return PriceRule(
        id=f"position.{name}", family=FAMILY, pattern=pattern, severity="high", weight=WEIGHTS["high"], numeric=numeric,
        examples=tuple(examples), counterexamples=tuple(counterexamples),
    )  # fmt: skip


POSITIONS: tuple[PriceRule, ...] = (
    _rule(
        "held",
        rf"\b{WE}\s{_ADV}(?:holds?|holding|own|owns|(?:has|have)(?!\s[\d,.]{{1,12}}\scontracts)|carry|carries|long|short|are\s(?:currently\s|now\s"
        rf"|still\s)?(?:holding|long"
        rf"|short)|is\s(?:long|short|holding)|'re\s(?:long|short|holding)|bought|shorted|accumulated"
        rf"|added)\s(?:about\s|a\stotal\sof\s|roughly\s)?"
        rf"{FIGURE}k?\s(?:(?:shares?|lots|coins|calls|puts)\b|contracts\b(?!\s(?:with|to|for|in)\b)|units\sof\s{TICKER}|{TICKER}"
        rf"|(?:{COINS})\b)"
        rf"(?!\s(?:outstanding|issued|authori[sz]ed|of\s(?:our\s|its\s|class|common|preferred|treasury)))",
        ("You hold 300 shares of SYNTHETIC_A.", "We currently own 1.5 BTC.", "The fund is long 2,000 shares."),
        (
            "We have 52,341,000 shares outstanding.",
            "We hold 300 patents.",
            "You have 3 documents to read.",
            "We repurchased 300,000 shares of our common stock.",
        ),
        numeric=True,
    ),
    _rule(
        "owned",
        rf"\b{WE}\s{_ADV}(?:holds?|owns?|(?:are|is)\sholding)\s(?:some\s|a\sfew\s)?(?:{TICKER}|{COINS}|(?:the|this"
        rf"|that|its|their)\s(?:stock|shares|name|security"
        rf"|token|coin))\b(?!\s(?:patents?|brands?|stores?))",
        ("We already own the stock.", "you hold SYNTHETIC_A", "The fund still holds the shares."),
        ("We own the trade mark.", "We hold the view that margins widen.", "You hold a degree."),
    ),
    _rule(
        "sized",
        rf"\b(?:long|short|holding)\s{FIGURE}\s?(?:shares\b|contracts\b|lots\b|{TICKER}|@|at\s(?:an?\s)?(?:{CURRENCY}"
        rf"|average|avg))",
        ("Position: long 300 shares", "short 2 contracts at an average of 41", "Long 500 SYNTHETIC_A"),
        ("a short 3 page note", "long 20 year leases", "As long as 3 shares vest, hold."),
        numeric=True,
    ),
    _rule(
        "side",
        rf"\b{WE}(?:\s|')(?:are|is|re|am|remain|remains|stay|went|was|were)\s{_ADV}(?:(?:net|slightly|heavily|fully"
        rf"|modestly|outright|deeply)\s)?"
        rf"(?:(?:long|short)(?=[.,;]|\s(?:{_NAME}|it|and|into|since|from|through|going)\b)|flat(?=[.,;]|\s(?:{_NAME}"
        rf"|in|on|and|since|going|into)\b)"
        rf"|underwater|under\swater|stopped\sout|in\sthe\s(?:red|green)\b)",
        (
            "We are long SYNTHETIC_A into the print.",
            "You're currently flat.",
            "The book is net short the name.",
            "we are underwater",
        ),
        (
            "We are long overdue for a new system.",
            "You are short on time, so be brief.",
            "We are a long-term investor.",
        ),
    ),
    _rule(
        "state",
        rf"\b{OURS}\s(?:(?:{STATE}|\d[\w,-]{{0,14}})\s){{1,3}}(?:{TICKER}\s)?(?:position|holding|stake|exposure|trade"
        rf"|bet)s?\b"
        rf"|\b{OURS}\s(?:{TICKER}|{COINS})\s(?:position|holding|stake|exposure|shares|trade)s?\b",
        (
            "Weigh this against our existing position.",
            "your current holdings",
            "Does it threaten the fund's long position?",
        ),
        (
            "our current cash position",
            "our current position as a market leader",
            "State your current position on this question.",
        ),
    ),
    _rule(
        "ours",
        rf"\b(?:{OURS})\s(?:position|holding|stake|exposure|shares)s?\s(?:in|to|on|of)\s{_NAME}"
        rf"|\b(?:exit|exiting|close|closing|trim|trimming|add(?:ing)?\sto|reduce|reducing|unwind(?:ing)?|hedge"
        rf"|hedging|size|sizing|sell|liquidate"
        rf"|double|keep|hold|holding|justify|increase|cut|scale|review|protect)\s(?:down\s|up\s"
        rf"|out\sof\s)?{OURS}\s(?:position|holding|stake|shares)s?\b"
        rf"|\b{OURS}\s(?:position|holding|trade|shares|bet)s?\s(?:is|are|was|has|have|went|stands?|sits?)\s(?:{_ADV})"
        rf"(?:up|down|long|short|flat|under\s?water|losing|profitable|winning|lost|gained|in\sthe\s(?:red|green"
        rf"|money)|at\sa\s(?:loss|gain|profit)"
        rf"|showing|worth|making|bleeding|working|against)\b"
        rf"|\b(?:for|about|with|affects?|threatens?|helps?|hurts?|against|support|supports|given|considering"
        rf"|despite)\sour\sposition(?=\s?[.?!,;\n]|$)",
        (
            "Our position in SYNTHETIC_A was opened last week.",
            "Should we trim our position?",
            "The position matters: our position is under water.",
            "What does this mean for our position?",
        ),
        (
            "This strengthens our position in North America.",
            "Defend your position with evidence from the filing.",
            "Our position on the tax question is set out in note 12.",
        ),
    ),
    _rule(
        "open",
        r"\b(?:the\s|an?\s|any\s)?(?:open|existing|live)\s(?:long\s|short\s|equity\s|crypto\s)?positions?\b"
        r"|\b(?:a|the|this|existing|current|open|net|large|small)\s(?:long|short)\s(?:position|exposure)s?\b"
        r"|\b(?:open|existing)\s(?:long|short)s?\b(?!-)|\bsince\s(?:our\s)?entry\b",
        ("There is an open position from Monday.", "Open positions: SYNTHETIC_A", "A long position is already on."),
        ("We have 40 open positions in engineering.", "an open question", "a long-standing position of trust"),
    ),
    _rule(
        "label",
        rf"(?:^|[\n|{{(*•,;])[ \t*\"'#_\-]{{0,6}}(?:{STATE}\s|your\s|our\s|today's\s){{0,2}}"
        r"(?:positions?|holdings?|portfolio|exposure)"
        rf"(?:\sstate|\ssize|\sside)?{GAP}{{0,3}}[:：=|]{GAP}{{0,4}}(?:long|short|flat|none|no\sposition|empty"
        rf"|[+-]?{NUMBER}|\{{\s?[\"'\w](?!type|description|properties|enum|anyOf|oneOf|\$ref|title)"
        rf"|\[\s?[{{\"'(]|{TICKER}\b)",
        (
            "Position: long 300",
            "Current position: flat",
            "Holdings: {'SYNTHETIC_A': 300}",
            "| Portfolio | SYNTHETIC_A 30% |",
        ),
        ("Position: Senior analyst", "Current position: not disclosed", "Holdings: see the annual report"),
    ),
    _rule(
        "none_held",
        rf"\b{WE}\s{_ADV}(?:have|has|hold|holds)\sno\s(?:open\s|current\s|existing\s)?(?:position|holding|exposure"
        rf"|shares)s?\b(?!\s(?:on|limits?|data|state|language))",
        ("You currently have no open position.", "We hold no shares.", "The book has no exposure"),
        ("We have no position on this bill.", "You hold no opinion.", "You have no position data."),
    ),
    _rule(
        "cost",
        rf"\b(?:avg|average|mean)[ _.-]{{1,2}}(?:entry|fill|buy)(?:[ _-](?:price|cost))?\b|\b(?:avg\.?|average|mean"
        rf"|{OURS})[ _-](?:avg\.?\s|average\s)?"
        rf"(?:cost(?:[ _-](?:basis|price))?|purchase\sprice){SAYS}{FIGURE}{END}(?!\s?(?:per|/))|\b{OURS}\s(?:avg\.?\s"
        rf"|average\s)?(?:cost\sbasis|entry(?:\sprice)?"
        rf"|break-?even)\b|\b(?:cost\sbasis|entry(?:\sprice)?|bought\sat|entered\sat|filled\sat"
        rf"|opened\sat){SAYS}{FIGURE}{END}(?!\s?(?:per|/)\s?(?!share))",
        ("Average cost: 41.20", "our cost basis", "avg entry 40.75", "Entry price: $39.10", "bought at $41.20"),
        (
            "Inventory is valued by the average cost method.",
            "The weighted average cost of capital is 8%.",
            "Give an entry price and a horizon.",
            "The average cost per unit was $4.10.",
        ),
        numeric=True,
    ),
    _rule(
        "pnl",
        rf"\b(?:un-?)?reali[sz]ed\s{_PNL}|\b{OURS}\s(?:open\s|current\s)?un-?reali[sz]ed\s(?:profit|loss|gain)\b"
        rf"|\bun-?reali[sz]ed\s(?:profit|loss|gain)"
        rf"{GAP}{{0,3}}(?:[:=|]|\bof\b|\bis\b){GAP}{{0,3}}[+\-−]?(?:{MONEY}|{LEVEL}|{PERCENT}){END}"
        rf"|\b{OURS}\s(?:(?:current|open|daily|total|session|"
        rf"realised|realized|running|floating|paper|mark-to-market)\s){{0,2}}{_PNL}\b|\b(?:open|daily|session|running"
        rf"|floating|trade|position|day)\s{_PNL}\b"
        rf"|(?<![\w&]){_PNL}(?:\s(?:today|so\sfar|to\sdate))?{SAYS}[+\-−]?\s?(?:{FIGURE})|\b(?:paper"
        rf"|floating)\s(?:loss|profit|gain)s?\b",
        ("Unrealized P&L: -$1,240", "The desk's daily PnL", "our open profit and loss", "PnL so far: +320"),
        (
            "Net unrealized gains on available-for-sale securities were $12 million.",
            "the consolidated profit and loss statement",
            "The move reduced P&L leverage.",
        ),
    ),
    _rule(
        "result",
        rf"\b(?:our|your|the)\s(?:book|account|portfolio|desk)\s(?:is|was)\s(?:up|down)\s(?:about\s|roughly\s)?{PERCENT}"
        rf"|\b(?:our|your|the|this)\s(?:open\s)?(?:trade|position|bet)\s(?:is|has\sbeen|was)\s(?:{_ADV})(?:losing"
        rf"|working|profitable|under\s?water|{PERCENT}\s(?:in|up|down)|in\sthe"
        rf"\s(?:red|green|money))|\b(?:{WE}|it|{OURS}\s(?:position|trade|book)|the\s(?:position|trade))(?:\s|')(?:are"
        rf"|is|re|am|has|have|was)\s{_ADV}(?:sitting\son\s|running\s"
        rf"|showing\s|made\s|lost\s|up\s|down\s|gained\s|losing\s|at\s)(?:an?\s|about\s"
        rf"|roughly\s){{0,2}}(?:(?:{MONEY}|{PERCENT}|{FIGURE})\s?(?:k\s)?"
        rf"(?:on\s(?:it|this|the|our)|since\s(?:entry|we|inception)|loss|gain|profit|in\sthe|so\sfar)|(?:paper\s"
        rf"|large\s|small\s)?(?:loss|gain|profit)\b)",
        ("You are down 12% on it.", "We're sitting on a loss.", "The position is up $4,200 since entry."),
        ("We are down to 3 candidates.", "Revenue is up 12% so far.", "We are up against strong rivals."),
    ),
    _rule(
        "keys",
        rf"(?:{_QUOTED}(?:{_KEYS}){_QUOTED}\s{{0,3}}:"
        rf"|(?<![\w\"'-])(?:{_KEYS})\*{{0,2}}\s{{0,2}}[:=])\s{{0,3}}(?:Decimal\()?(?:{_QUOTED})?(?:[+-]?{FIGURE}"
        rf"|(?:long|short|flat)\b"
        rf"|[\[{{]\s{{0,3}}[\"'{{\w](?!type|description|properties|enum|anyOf|oneOf|\$ref|title))",
        (
            '{"unrealized_pnl": -1240.5}',
            "{'avg_cost': '41.20'}",
            'positions follow: {"position_side": "long"}',
            "entry_price = 40.1",
        ),
        ('{"unrealized_pnl": null}', '{"entry_price": {"type": "number"}}', '{"cash_flow": 12}'),
        numeric=True,
    ),
    _rule(
        "rows",
        rf"{_QUOTED}(?:positions?|holdings?"
        rf"|portfolio){_QUOTED}\s{{0,3}}:\s{{0,3}}(?:\{{\s{{0,3}}{_QUOTED}(?!type|description|properties|enum|anyOf|oneOf|\$ref|title)"
        rf"|\[\s{{0,3}}\{{\s{{0,3}}{_QUOTED}(?:symbol|ticker|asset|coin|qty|quantity|shares|side))",
        (
            '{"positions": {"SYNTHETIC_A": 300}}',
            '{"holdings": [{"symbol": "SYNB", "qty": 2}]}',
            "{'portfolio': {'CASH': 10}}",
        ),
        ('{"positions": {"type": "array"}}', '{"positions": []}', '{"holdings": null}'),
    ),
    _rule(
        "map",
        rf"{_QUOTED}\s{{0,2}}:\s{{0,2}}-?{NUMBER}\s{{0,2}},\s{{0,2}}{_QUOTED}cash{_QUOTED}\s{{0,2}}:\s{{0,2}}-?{NUMBER}",
        ('{"SYNTHETIC_A": 300, "CASH": 1200.5}', "{'SYNB': 2, 'CASH': 0.0}", '[{"SYNTHETIC_A":0,"CASH":13}]'),
        ('{"revenue": 412, "net_cash": 12}', '{"CASH": null}', '{"current_assets": {"cash": 12}}'),
        numeric=True,
    ),
    _rule(
        "account",
        rf"\b(?:{OURS}|account|available|current|remaining)\s(?:account\s)?(?:value|equity|cash(?:\sbalance)?|balance"
        rf"|buying\spower|net\sliquidation|margin)"
        rf"(?:\s\(?(?:usd|cash)\)?)?{SAYS}(?:{MONEY}|{NUMBER}){END}|\b(?:buying\spower|(?:portfolio|account)\svalue)\b{SAYS}{FIGURE}{END}"
        rf"|\bcurrent\s(?:account|portfolio)\svalue\b",
        ("Available cash: $13,250.40", "Your buying power is 20,000", "Account value = 101,200.55"),
        (
            "Available cash was $300 million at year end.",
            "The account balance page failed to load.",
            "Book value is $45 per share.",
        ),
        numeric=True,
    ),
    _rule(
        "orders",
        rf"\b(?:{OURS}|the|existing|current|active)\s(?:trailing\s)?(?:stop(?:[- ]loss)?"
        rf"|take[- ]profit)\s(?:order\s)?(?:is|sits|was|at|of|stands)\b"
        rf"|\b(?:stop[- ]?loss|take[- ]?profit|trailing\sstop|profit\starget)(?:\s(?:order|price"
        rf"|level))?{SAYS}(?:{FIGURE}|{PERCENT})"
        rf"|\b(?:working|resting)\s(?:limit|stop|buy|sell)\sorders?\b|\bstopped\sout\s(?:at|of|on)\b",
        ("Our stop is at 38.50.", "Stop-loss: $38.50", "There is a resting limit order.", "take profit 44"),
        ("Propose a stop-loss and a target.", "The stop-gap measure is set.", "Include stop_loss in your answer."),
    ),
    _rule(
        "entered",
        rf"\b{WE}\s{_ADV}(?:bought|entered|shorted|exited|trimmed|added\sto|opened|averaged\sdown|took\sprofits?"
        rf"|initiated|scaled)\s"
        rf"(?:(?:in|into|out\sof)\s{_NAME}|a\s(?:long|short|position)\b|{_NAME}|the\sposition|at\s{FIGURE}"
        rf"|more\s(?:shares|{TICKER}))"
        r"|\b(?:sold|bought|trimmed|added|closed|exited|reduced|doubled)\s(?:half|part|all|some|most|a\s(?:third|quarter)|\d{1,3}\s?%)"
        r"\s(?:of\s)?(?:our|your)\s(?:position|stake|holding|shares)s?\b(?!\sin\s(?:the|a|our)\s(?:joint|subsidiary|business|venture|company))"
        r"|\b(?:we|you)\stake\s(?:some\s)?profits?\b"
        rf"|\b(?:buy|sell)\s{NUMBER}\s(?:shares\s|{TICKER}\s)?(?:@|at)\s{FIGURE}"
        rf"|\b(?:since|when|after|before)\s(?:we|you)\s(?:bought|entered|opened\s(?:the|this|our)\s(?:position|trade)"
        rf"|went\s(?:long|short))\b"
        rf"|\b(?:held|holding)\s(?:it\s|the\s(?:position|stock|shares)\s)since\b|\b(?:long|short)\sfrom\s{FIGURE}",
        ("We bought SYNTHETIC_A on Monday.", "since we entered", "held it since March", "long from 41.20"),
        ("We entered into a credit agreement.", "We opened a plant in March.", "We bought the business in 2014."),
    ),
)


def _anchor(name: str, pattern: str, examples: Iterable[str], counterexamples: Iterable[str]) -> PriceRule:
    return PriceRule(
        id=f"sentiment.{name}", family=SENTIMENT, pattern=pattern, severity="low", weight=WEIGHTS["low"],
        examples=tuple(examples), counterexamples=tuple(counterexamples),
    )  # fmt: skip


ANCHORS: tuple[PriceRule, ...] = (
    _anchor(
        "stance",
        r"\b(?:bull|bear)ish\b|\b(?:hawk|dov)ish\b|\brisk[- ]o(?:n|ff)\b|\b(?:bull|bear)\s(?:market|run)\b",
        ("Sentiment is bullish.", "a dovish Fed", "risk-off tape"),
        ("a bull terrier brand", "a hawk-eyed auditor", "risk of loss"),
    ),
    _anchor(
        "mood",
        r"\beuphori[ac]\b|\bcapitulat(?:ion|ed|ing)\b|\bfear\s(?:and|&)\sgreed\b|\bfomo\b|\bpanic\s(?:selling|buying)\b"
        r"|\b(?:market|investor|retail)\ssentiment\b",
        ("euphoria everywhere", "panic selling", "Investor sentiment is poor."),
        ("customer sentiment", "the panic room brand", "fear of litigation"),
    ),
    _anchor(
        "rating",
        r"\b(?:strong\s(?:buy|sell)|price\starget|(?:over|under)weight\srating|consensus\s(?:buy|sell|hold))\b",
        ("rated strong buy", "analysts raised the price target", "consensus hold"),
        ("strong buying interest in the product", "a sales target", "weight training"),
    ),
)
