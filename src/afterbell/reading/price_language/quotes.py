"""Rules that read a quote of a security: those of labels, prose and levels stand here, those of data beside it.

Rules are data; `price_language` decides where one counts. All are of high severity: each shows a number.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

from afterbell.reading.price_language.indicators import INDICATORS
from afterbell.reading.price_language.quote_tables import TABLES
from afterbell.reading.price_language.words import (
    COINS,
    END,
    FIGURE,
    GAP,
    LEVEL,
    MONEY,
    NUMBER,
    SAYS,
    TICKER,
    PriceRule,
    quote,
)

_WHICH = (
    r"current|last|latest|spot|market|closing|opening|mark|mid|index|stock|share|live|real[- ]?time|settlement"
    r"|intraday|trading"
    r"|pre-?market|after-?hours|(?:previous|prior|prev)(?:\s(?:close|closing|day'?s))?|yesterday'?s?(?:\s(?:close"
    r"|closing|opening))?"
    r"|today'?s?(?:\s(?:open|opening|closing|buying|selling|current))?|last\straded|adjusted\sclosing"
    r"|average\strading|volume[- ]weighted\saverage"
)
_NAMED = (
    r"(?:\s?\((?:[\w./\- ]{1,40})\))?"
    rf"(?:\s(?:of|for|on)\s(?:the\s)?(?:stock|shares|security|token|coin|pair|contract|future|ETF|underlying"
    rf"|{TICKER}|{COINS})|\sper\sshare)?"
)
_LABELLED_HEAD = rf"(?<![\w-])(?:{_WHICH})[ _-]"
_PRINTED_HEAD = r"\blast\s(?:sale|print|trade|printed|seen)\b"

_LABELLED: tuple[PriceRule, ...] = (
    quote(
        "labelled",
        rf"(?:{_LABELLED_HEAD})"
        r"(?:(?:trade|traded|trading|market|share|stock|closing)[ _-]){0,2}(?:prices?|quote|close)\b"
        rf"(?!\s(?:target|objective)){_NAMED}{SAYS}{FIGURE}{END}",
        (
            "Current price: $182.40",
            "The last traded price of SYNTHETIC_A is 41.20.",
            "| Closing price | 1,204.50 |",
            "Its share price was about €17.85 on Friday.",
            "Yesterday's closing price = 402.10",
        ),
        (
            "The list price is $1,299 per unit.",
            "The target price is $150.",
            "The current price of copper is $9,800 a ton.",
            "Prices are withheld from this prompt; reason from fundamentals alone.",
            "The purchase price was $1.2 billion in cash.",
        ),
        gate=_LABELLED_HEAD,
    ),
    quote(
        "read_off",
        rf"\b(?:quote|ticker|tape|screen)\s(?:on\s(?:the\s|our\s)?\w{{3,12}}\s)?(?:now\s)?(?:reads?|shows?|says?"
        rf"|flashes)\s(?:{FIGURE}){END}|\b(?:coin|token|share|stock|shares|{COINS})\s(?:now\s"
        rf"|currently\s)?(?:fetch(?:es)?|goes?\sfor|sells?\sfor|can\sbe\shad\sfor|(?:is"
        rf"|are)\squoted\sat)\s(?:about\s)?{FIGURE}{END}|\bclos(?:ed|es)\sthe\s(?:week|day|session|month|year"
        rf"|auction)\s(?:just\s|a\shair\s|slightly\s|well\s)?(?:below|above|near|under|over|around"
        rf"|at)\s{FIGURE}{END}",
        (
            "The quote on the screen reads 5,310.",
            "The coin fetches 2,041 USDT.",
            "It closed the week a hair below 90.",
        ),
        (
            "The screen shows three panels.",
            "They closed the week below plan.",
            "He is on the spot at noon.",
            "The note reads 12 pages.",
        ),
    ),
    quote(
        "line",
        rf"(?:^|[\n|,;{{(•])[ \t*\"'_\-]{{0,6}}"
        rf"(?:price|last|close|quote|px(?:_last)?|mid|vwap|spot)(?:\s(?:now"
        rf"|today))?(?:\s?\((?:[\w$ /.-]{{1,16}})\))?{GAP}{{0,3}}"
        rf"(?:[:：=|]{GAP}{{0,4}}|(?<=last)\s)(?:{MONEY}|{LEVEL}){END}",
        ("Price: $41.20", "Symbol: SYNTHETIC_A\nLast: 41.20", "SYNTHETIC_B, close = 1,204.50"),
        (
            "Price: $1,299 per seat",
            "Last: 2026-01-05",
            "Close: 16:00 New York time",
            "Price: withheld",
            "Product: X100 pump\nPrice: $1,299.00",
        ),
    ),
)
_PROSE: tuple[PriceRule, ...] = (
    quote(
        "bid_ask",
        rf"\bbid(?:\sprice)?{SAYS}{FIGURE}[\s,;/|x×\d@]{{1,16}}?(?:and\s)?(?:the\s)?(?:ask"
        rf"|offer)(?:ed)?(?:\sprice)?{SAYS}{FIGURE}{END}",
        ("bid: 451.18, ask: 451.22", "Bid 41.20 / offer 41.25", "bid is 12.70 and the ask is 12.75"),
        (
            "The bid valued the company at $4 billion.",
            "They bid for 12 blocks; ask for 3 more.",
            "bid and ask are hidden",
        ),
    ),
    quote(
        "two_sided",
        rf"(?:\b(?:pre-?market|after-?hours|quoted?|bid/ask|indicated)\b"
        rf"|{TICKER})[^.\d\n]{{0,20}}{LEVEL}\s?[x×]\s?{LEVEL}"
        r"(?!\.?\d)(?!\s?(?:[x×]|mm\b|cm\b|m\b|inch|in\b|ft\b|\"))",
        ("premarket SYNTHETIC_A: 39.80 x 39.85", "SYNTHETIC_B 1,204.5 x 1,205.0", "quoted 41.20 x 41.25"),
        ("a module of 10.5 x 20.3 cm", "The SKU X100 measures 10.5 x 20.3 mm.", "quoted in lots of 10 x 20"),
        "",
    ),
    quote(
        "trading_at",
        rf"\b(?:trad(?:es|ing|ed)|chang(?:es|ed|ing)\shands|quoted)\b(?:\s(?:now|currently|today|just|only|recently"
        rf"|last|thinly|flat|sideways|higher|lower|up|down)){{0,2}}"
        rf"\s(?:at|around|near|above|below|for|close\sto|between|north\sof|as\shigh\sas|as\slow\sas)\s(?:about\s"
        rf"|around\s|roughly\s"
        rf"|nearly\s|just\s(?:over|under|above|below)\s)?(?:{MONEY}|{LEVEL}|\d{{2,6}}(?=[\s.,;]|$)){END}",
        (
            "SYNTHETIC_A is trading at $41.20 right now.",
            "It changed hands at 1,204.50 this morning.",
            "the name trades around 41 with thin volume",
        ),
        (
            "It trades at 12.5x earnings.",
            "Copper traded at $9,800 per tonne.",
            "It trades at a 12% discount to peers.",
            "The company has traded on the exchange since 2014.",
        ),
    ),
    quote(
        "went_to",
        r"\b(?:clos(?:ed|es|ing)|settl(?:ed|es)|finish(?:ed|es)|end(?:ed|s)|open(?:ed|s)|traded|fell|rose|dropped"
        r"|climbed|slid|jumped"
        r"|rallied|slipped|surged|plunged|sank|dipped|hit|touched|reached|peaked|bottomed|broke|crossed|moved|went"
        r"|printed|is|was|now"
        r"|stood|stands|sits|hovers)"
        r"\b(?:\s[\w'%.-]{1,12}){0,4}?\s?(?:at|to|above|below|through|near|around|high\sof|low\sof|@)?\s"
        rf"(?:about\s|roughly\s|nearly\s)?(?:{MONEY}|{LEVEL}){END}",
        (
            "The stock closed at $41.20.",
            "Shares slid 4% to $39.10 after the call.",
            "BTC hit 97,250 overnight.",
            "SYNTHETIC_A opened yesterday at 40.10",
        ),
        (
            "The dividend rose to $0.25.",
            "Net debt fell to $412 million.",
            "Diluted EPS was $2.31.",
            "Freight rates climbed to $3,200 per container.",
            "The plant closed at 5 pm.",
        ),
        "security",
    ),
    quote(
        "from_to",
        r"\b(?:moved|went|rose|fell|dropped|climbed|slid|jumped|rallied|slipped|surged|plunged|sank|drifted|ran|up"
        r"|down)"
        rf"\s(?:\w{{1,10}}\s)?from\s{FIGURE}\sto\s{FIGURE}{END}(?!\s(?:stores|employees|points|units))",
        (
            "The stock dropped from $45 to $41.",
            "Price moved from 39.10 to 41.20 in an hour.",
            "SYNTHETIC_A ran from 39 to 44",
        ),
        ("Headcount went from 300 to 412.", "The margin fell from 41.2 to 39.1", "Churn dropped from 3 to 2"),
        "security",
    ),
    quote(
        "stock_at",
        r"\b(?:stocks?|shares?|share\sprice|adrs|token|coin|name|security)\s(?:[\w'%]{1,10}\s){0,2}?"
        rf"(?:at|to|@|near|around|below|above)\s{MONEY}{END}"
        rf"|\bat\s{MONEY},?\s(?:is|are|does|do|would|the|this|our)\s(?:the\s|this\s)?(?:stock|shares?|name|market"
        rf"|token|coin)\b"
        rf"|\b(?:a|an)\s{MONEY}\s(?:stock|share\sprice)\b",
        ("With shares at $41.20, what is left?", "At $41.20, is the stock cheap?", "It is a $41 stock."),
        (
            "The company issued shares at $12.00 per share.",
            "Shares were sold in the offering at $12.00.",
            "stocks of copper near $9,800 a ton",
        ),
        "not_fundamental",
    ),
    quote(
        "assigned",
        rf"(?<![\w\"'-])(?:price|px|last|close|bid|ask|mid)\s?=\s?[\"']?(?:{MONEY}|{LEVEL}){END}|<(?:price|last"
        rf"|close|bid"
        rf"|ask)>\s?{FIGURE}{END}"
        rf"|'s\sprice\b{SAYS}(?:{MONEY}|{LEVEL}){END}",
        (
            "tick SYNTHETIC_A px=41.20",
            "price=$41.20",
            "<quote symbol='SYNTHETIC_A' last='41.20'/>",
            "<quote symbol='SYNTHETIC_A'><last>41.20</last></quote>",
        ),
        ("unit_price=41.20", "price=withheld", "<product><price>1299.00</price></product>"),
    ),
    quote(
        "list",
        rf"\b(?:closes|prices|price\s(?:history|series|chart)|quotes|candles"
        rf"|closing\slevels)\b[^:\n]{{0,40}}[:：=]\s?\[?(?:20\d\d-\d\d-\d\d[ =:]{{1,2}})?"
        rf"{LEVEL}\s?[,;]\s?(?:20\d\d-\d\d-\d\d[ =:]{{1,2}})?{NUMBER}"
        rf"|\b(?:trading|price)\srange\b[^:.\n\d]{{0,30}}[:：=]?\s?(?:{MONEY}|{LEVEL})\s?(?:to|-|–|and)\s?(?:{MONEY}"
        rf"|{LEVEL}){END}",
        (
            "Daily closes: 40.80, 41.20, 40.95",
            "Stock price chart: 40.1, 40.9, 41.3",
            "Price history: 2026-01-02 40.80; 2026-01-05 41.20",
            "Trading range this week: 39.80 to 41.90",
        ),
        ("Steel prices by quarter: 812.0, 790.5", "The quotes: none, 0", "price range withheld"),
    ),
    quote(
        "printed",
        rf"(?:{_PRINTED_HEAD})"
        rf"{SAYS}(?:{MONEY}|{LEVEL}){END}",
        ("The last sale was at $41.20.", "SYNTHETIC_A last printed 41.20", "last trade: 41.20"),
        ("The last sale was 412 units.", "The last trade fair was in 2019.", "last seen on Friday"),
        gate=_PRINTED_HEAD,
    ),
    quote(
        "bar_row",
        r"(?:20\d\d-\d\d-\d\d|20\d\d/\d\d?/\d\d?)(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?[\"']?[\s,|;]{1,4}"
        rf"{NUMBER}[\s,|;]{{1,4}}{NUMBER}[\s,|;]{{1,4}}{NUMBER}[\s,|;]{{1,4}}{NUMBER}(?![\w-])",
        (
            '[["2026-01-02", 40.1, 41.0, 39.9, 40.8]]',
            "SYNTHETIC_A,2026-01-02,40.10,41.05,39.90,40.80,100000",
            "2026-01-02 09:30 | 12.1 | 12.4 | 12.0 | 12.2",
        ),
        (
            "2026-01-02, 412, 398, 371, 352",
            "2025-12-31 | 1,204.5 | 12.1 | 3.4 | 0.2",
            "2026-01-02: 4 calls, 3 tools",
        ),
        "bar",
    ),
    quote(
        "beside_symbol",
        rf"(?<![^\s(\[*|,;:\"'`]){TICKER}\)?\s{{0,2}}(?:[@:=|,(]|at|is|-)?\s{{0,2}}(?:{MONEY}"
        rf"|{LEVEL}){END}(?![^\s.,;:)\]|*\"'`!?/])",
        ("SYNTHETIC_A 451.20", "$SYNB @ 12.75", "Watchlist: SYNTHETIC_A: $41.20; SYNTHETIC_B: $17.05", "BTC $67,400"),
        ("EPS $2.31 against 2.25 expected", "SYNTHETIC_A $1.2 billion revenue", "ARPU: $12.40", "GAAP 1.20"),
        "security",
    ),
    quote(
        "extreme",
        rf"\b(?:52[- ]?w(?:ee)?k|all-?time|ytd|intraday|day'?s|session|\d{{1,3}}-(?:day|week|month))[ _-](?:high|low"
        rf"|range|peak)s?\b"
        rf"{SAYS}{FIGURE}{END}",
        ("52-week high: $199.60", "an intraday low of 39.8", "The all-time high is 73,800."),
        (
            "Record revenue of $412 million, an all-time high.",
            "Revenue reached an all-time high of 412.",
            "near its 52-week high",
        ),
        "not_fundamental",
    ),
    quote(
        "level",
        rf"\b(?:(?<!we )support|resistance|pivot|neckline|breakout)\s?(?:level|zone|line|area"
        rf"|point)?s?\b(?=[ :=]{{0,3}}(?:at|near|around|is|of|level|[:=$€£\d])){SAYS}(?:{MONEY}|{LEVEL}){END}",
        ("support at $38.50", "Resistance level: 44.10", "with resistance near 1,250.00"),
        ("Customer support costs $12.50 per hour.", "We support 1,200 locations.", "support level withheld"),
    ),
)
QUOTES: tuple[PriceRule, ...] = (*_LABELLED, *TABLES, *_PROSE, *INDICATORS)
