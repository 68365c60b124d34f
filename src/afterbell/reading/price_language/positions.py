"""Rules that read what is held: a position, its side and size, as prose, labels, keys of JSON and maps of tickers.

State is of high severity with or without a figure. What a position cost and earned is in `account`.
Rules are data; `price_language` decides where one counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterbell.reading.price_language.words import (
    COINS,
    CURRENCY,
    FIGURE,
    GAP,
    NUMBER,
    OURS,
    QUOTED,
    STATE,
    TICKER,
    WE,
    WEIGHTS,
    PriceRule,
)

ADVERB = (
    r"(?:(?:already|currently|still|now|also|presently|only|just|recently|each|have|has|had|been|yesterday|today)\s)"
    r"{0,3}"
)
NAME = (
    rf"(?:{TICKER}|{COINS}|(?:it|the|this|that|these|those)\s"
    r"(?:stock|name|shares|position|trade|security|token|coin)|shares)"
)
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


def position(
    name: str,
    pattern: str,
    examples: Iterable[str],
    counterexamples: Iterable[str],
    *,
    numeric: bool = False,
    gate: str = "",
) -> PriceRule:
    """Return a rule that reads what is held, or what it cost and earned: of high severity."""
    return PriceRule(
        id=f"position.{name}", family="position", pattern=pattern, severity="high", weight=WEIGHTS["high"],
        numeric=numeric, examples=tuple(examples), counterexamples=tuple(counterexamples), gate=gate,
    )  # fmt: skip


POSITIONS: tuple[PriceRule, ...] = (
    position(
        "held",
        rf"\b{WE}\s{ADVERB}(?:holds?|holding|own|owns|(?:has|have)(?!\s[\d,.]{{1,12}}\scontracts)|carry|carries|long"
        rf"|short|are\s(?:currently\s|now\s"
        rf"|still\s)?(?:holding|long"
        rf"|short)|is\s(?:long|short|holding)|'re\s(?:long|short|holding)|bought|shorted|accumulated"
        rf"|added)\s(?:about\s|a\stotal\sof\s|roughly\s)?"
        rf"{FIGURE}k?\s(?:(?:shares?|lots|coins|calls|puts)\b|contracts\b(?!\s(?:with|to|for|in)\b)"
        rf"|units\sof\s{TICKER}|{TICKER}"
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
    position(
        "owned",
        rf"\b{WE}\s{ADVERB}(?:holds?|owns?|(?:are|is)\s{ADVERB}holding)\s(?:some\s|a\sfew\s)?(?:{TICKER}|{COINS}"
        rf"|(?:the|this"
        rf"|that|its|their)\s(?:stock|shares|name|security"
        rf"|token|coin))\b(?!\s(?:patents?|brands?|stores?))",
        (
            "We already own the stock.",
            "you hold SYNTHETIC_A",
            "Why are we still holding it? We are still holding SYNB.",
            "The fund still holds the shares.",
        ),
        ("We own the trade mark.", "We hold the view that margins widen.", "You hold a degree."),
    ),
    position(
        "sized",
        rf"\b{NUMBER}\s(?:shares?|contracts|coins)(?:\s(?:long|short)\b|[,;]?\s(?:at\s|@\s)?(?:an\s)?(?:avg|average"
        rf"|cost)\b)|\b(?:long|short|holding)\s{FIGURE}\s?(?:shares\b|contracts\b|lots\b|{TICKER}|@"
        rf"|at\s(?:an?\s)?(?:{CURRENCY}"
        rf"|average|avg))",
        ("Position: long 300 shares", "short 2 contracts at an average of 41", "Long 500 SYNTHETIC_A"),
        ("a short 3 page note", "long 20 year leases", "As long as 3 shares vest, hold."),
        numeric=True,
    ),
    position(
        "side",
        rf"\b{WE}(?:\s|')(?:are|is|re|am|remain|remains|stay|went|was|were|(?:has|have)\sbeen)\s{ADVERB}(?:(?:net"
        rf"|slightly|heavily|fully"
        rf"|modestly|outright|deeply)\s)?"
        rf"(?:(?:long|short)(?=[.,;]|\s(?:{NAME}|it|and|into|since|from|through|going)\b)|flat(?=[.,;]|\s(?:{NAME}"
        rf"|in|on|and|since|going|into|after|again|now|today)\b)"
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
    position(
        "state",
        rf"\b{OURS}\s(?:(?:{STATE}|\d[\w,-]{{0,14}})\s){{1,3}}(?:{TICKER}\s)?(?:position|holding|stake|exposure|trade"
        rf"|bet)s?\b"
        rf"|\bcurrent\s(?:account|portfolio)\svalue\b|\bportfolio\sweight\s(?:of|in)\b|\b(?:our|your)\s(?:portfolio"
        rf"|book)\s(?:already\s|still\s)?(?:has|holds|carries)\b|\b{OURS}\s(?:{TICKER}|{COINS})\s(?:position|holding"
        rf"|stake"
        rf"|exposure|shares|trade)s?\b",
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
    position(
        "ours",
        rf"\b(?:{OURS})\s(?:position|holding|stake|exposure|shares)s?\s(?:in|to|on|of)\s{NAME}"
        rf"|\b(?:exit|exiting|close|closing|trim|trimming|add(?:ing)?\sto|reduce|reducing|unwind(?:ing)?|hedge"
        rf"|hedging|size|sizing|sell|liquidate"
        rf"|double|keep|hold|holding|justify|increase|cut|scale|review|protect)\s(?:down\s|up\s"
        rf"|out\sof\s)?{OURS}\s(?:position|holding|stake|shares)s?\b"
        rf"|\b{OURS}\s(?:position|holding|stake|lot|trade|shares|bet)s?\s(?:is|are|was|has|have|went|stands?"
        rf"|sits?)\s(?:{ADVERB})"
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
    position(
        "open",
        r"\b(?:the\s|an?\s|any\s)?(?:open|existing|live)\s(?:long\s|short\s|equity\s|crypto\s)?positions?\b"
        r"|\b(?:a|the|this|existing|current|open|net|large|small)\s(?:long|short)\s(?:position|exposure)s?\b"
        r"(?!\s(?:papers?|statements?|descriptions?|titles?)\b)"
        r"|\b(?:open|existing)\s(?:long|short)s?\b(?!-)|\b(?:have|hold|run|carry)\sa\s(?:small\s|large\s)?(?:long"
        r"|short)\s(?:on|in)\b|\b(?:our|your|my)\s(?:long|short)s?\b(?=\s?[.,;:?!)]|\s(?:in"
        r"|from|at|and|is|was)\b|$)"
        r"|\b(?:drawdown|gain|loss|profit|return|p&l)\s(?:of\s\S{1,14}\s)?(?:on|of)\s(?:the|our|your"
        r"|this)\s(?:open\s)?(?:position|trade|holding)s?\b",
        ("There is an open position from Monday.", "Open positions: SYNTHETIC_A", "A long position is already on."),
        (
            "We have 40 open positions in engineering.",
            "an open question",
            "a long-standing position of trust",
            "A long position paper on supply chains was published.",
        ),
    ),
    position(
        "parts",
        rf"\b{WE}\s{ADVERB}(?:trimmed|cut|sold|closed|reduced|halved|doubled|covered|unwound|added\sto|took\soff"
        rf"|exited)\s(?:(?:half|part|most|some|all|a\s(?:third|quarter|half|fifth)|the\srest"
        rf"|two\sthirds)\sof\s)?(?:our|the|your|its)\s(?:long|short|position|shares|lot|bet)s?\b(?!\s(?:of|price"
        rf"|class|capital|papers?|in\s(?:the|our|its)))|\b(?:limit|stop|market|buy|sell"
        rf"|resting)\sorders?\s(?:of\s(?:ours|yours)\s)?(?:at\s{FIGURE}\s)?(?:was|were|got|has\sbeen"
        rf"|have\sbeen)\s(?:partly\s|fully\s)?filled\b",
        (
            "We trimmed half of our long.",
            "The fund added to its position.",
            "A limit order of ours at 15.50 was filled.",
        ),
        ("We sold the shares of our unit.", "They cut the long tail.", "The order was filled out by hand."),
    ),
    position(
        "paper_result",
        rf"\b(?:open|paper|floating|running)\s(?:loss|gain|profit)(?:es|s)?\s(?:of|at|is|stands\sat)\s{FIGURE}"
        rf"|\b(?:our|your|the\sfund's|the\sbook's)\s(?:largest|biggest|smallest|top|second[- ]largest|main"
        rf"|core)\s(?:holding|position|bet)"
        rf"\s(?:at\s|with\s|of\s|,\s)?{NUMBER}\s?(?:%|percent)"
        rf"|\b(?:taking|took|booked|locked\sin|banked)\s(?:a\s)?(?:profit|gain|loss)s?\sof\s{FIGURE}",
        ("an open loss of 2,300", "It is our largest holding at 14% of the book.", "flat after taking profit of 900"),
        ("an open question of 3 parts", "our largest holding company", "a profit of 900 million"),
        numeric=True,
    ),
    position(
        "traded_side",
        rf"\b(?:close|cover|exit|reduce|keep|unwind|justify|add\sto|closing|covering)\s(?:the|our|your|this)\s(?:long"
        rf"|short)\b(?=\s?[.?!,;]|\s(?:in|on|of)\s)"
        rf"|\b{WE}\s{ADVERB}(?:carr(?:y|ies)|holds?|has|have)\s{NUMBER}\s?(?:%|percent)\s(?:in|of)\s(?:{TICKER}"
        rf"|{COINS}|the\sstock)",
        (
            "What would make us close the short in SYNTHETIC_A?",
            "The portfolio carries 4% in SYNTHETIC_B.",
            "Is it time to cover the short?",
        ),
        ("They cover the long way home.", "We have 4% of the market.", "Keep the short version of the note."),
    ),
    position(
        "label",
        rf"(?:^|[\n|{{(*•,;]|(?<=[.!?:])\s(?=(?:your\s|our\s|current\s|open\s)?(?:positions?|holdings?)\b))"
        rf"[ \t*\"'#_\-]{{0,6}}(?:{STATE}\s|your\s|our\s|today's\s){{0,2}}"
        r"(?:positions?|holdings?|portfolio|exposure)"
        rf"(?:\sstate|\ssize|\sside)?{GAP}{{0,3}}[:：=|]{GAP}{{0,4}}(?:long|short|flat|none|no\sposition|empty"
        rf"|[+-]?{NUMBER}|\{{\s?[\"'\w](?!type|description|properties|enum|anyOf|oneOf|\$ref|title)"
        rf"|\[\s?[{{\"'(]|{TICKER}\b)",
        (
            "Position: long 300",
            "Current position: flat",
            "Holdings: {'SYNTHETIC_A': 300}",
            "| Portfolio | SYNTHETIC_A 30% |",
            "Cash 1,200. Positions: SYNTHETIC_A 300 @ 41.20",
        ),
        (
            "Position: Senior analyst",
            "Apply by June. Position: Engineer",
            "Current position: not disclosed",
            "Holdings: see the annual report",
        ),
    ),
    position(
        "none_held",
        rf"\b(?:{WE}\s{ADVERB}(?:have|has|hold|holds)|currently|presently)\sno\s(?:open\s|current\s"
        rf"|existing\s)?(?:position|holding|exposure"
        rf"|shares)s?\b(?!\s(?:on|limits?|data|state|language))",
        ("You currently have no open position.", "We hold no shares.", "The book has no exposure"),
        ("We have no position on this bill.", "You hold no opinion.", "You have no position data."),
    ),
    position(
        "keys",
        rf"(?:{QUOTED}(?:{_KEYS}){QUOTED}\s{{0,3}}:"
        rf"|(?<![\w\"'-])(?:{_KEYS})\*{{0,2}}\s{{0,2}}[:=])\s{{0,3}}(?:Decimal\()?(?:{QUOTED})?(?:[+-]?{FIGURE}"
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
    position(
        "lot",
        rf"(?:{QUOTED})?\b(?:qty|quantity|shares|size"
        rf"|units)(?:{QUOTED})?\s?[:=]\s?(?:{QUOTED})?-?{NUMBER}(?:{QUOTED})?"
        rf"[,;\s]{{1,4}}(?:{QUOTED})?(?:avg|average|entry|cost|buy)[_ -]?(?:price|cost|px)(?:{QUOTED})?"
        rf"\s?[:=]\s?(?:{QUOTED})?{FIGURE}",
        (
            "<position qty='300' avg_price='41.20'/>",
            '{"qty": 300, "average_price": 41.2}',
            "shares=300, cost_price=41.2",
        ),
        ('{"qty": null, "avg_price": null}', '{"units": 300, "unit_price": 41.2}', "qty and avg_price are withheld"),
        numeric=True,
    ),
    position(
        "rows",
        rf"{QUOTED}(?:positions?|holdings?"
        rf"|portfolio){QUOTED}\s{{0,3}}:\s{{0,3}}(?:\{{\s{{0,3}}{QUOTED}(?!type|description|properties|enum|anyOf"
        rf"|oneOf|\$ref|title)"
        rf"|\[\s{{0,3}}\{{\s{{0,3}}{QUOTED}(?:symbol|ticker|asset|coin|qty|quantity|shares|side))",
        (
            '{"positions": {"SYNTHETIC_A": 300}}',
            '{"holdings": [{"symbol": "SYNB", "qty": 2}]}',
            "{'portfolio': {'CASH': 10}}",
        ),
        ('{"positions": {"type": "array"}}', '{"positions": []}', '{"holdings": null}'),
    ),
    position(
        "map",
        rf"{QUOTED}\s{{0,2}}:\s{{0,2}}-?{NUMBER}\s{{0,2}},\s{{0,2}}{QUOTED}cash{QUOTED}\s{{0,2}}:\s{{0,2}}-?{NUMBER}",
        ('{"SYNTHETIC_A": 300, "CASH": 1200.5}', "{'SYNB': 2, 'CASH': 0.0}", '[{"SYNTHETIC_A":0,"CASH":13}]'),
        ('{"revenue": 412, "net_cash": 12}', '{"CASH": null}', '{"current_assets": {"cash": 12}}'),
        numeric=True,
    ),
)
