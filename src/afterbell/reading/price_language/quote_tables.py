"""Rules that read quotes from data: keys of JSON, tables and series of bars. Rules are data, as in `quotes`."""

from __future__ import annotations

from afterbell.reading.price_language.words import END, FIGURE, GAP, QUOTED, PriceRule, quote

_KEY = (
    r"(?:current|last|latest|market|spot|mark|mid|clos(?:e|ing)|open(?:ing)?|high|low|stock|share|trade"
    r"|last[_ -]?trade[d]?|quote[d]?"
    r"|bid|ask|best[_ -]?(?:bid|ask)|prev(?:ious)?[_ -]?close|pre[_ -]?market|post[_ -]?market|settle(?:ment)?"
    r"|regular[_ -]?market"
    r"|adj(?:usted)?[_ -]?close|index|buy|sell|coin|token|execution|exec|fill)[_ -]?price"
    r"|price[_ -]?(?:usd|usdt|now|current|last|close|latest)|regular[_ -]?market[_ -]?(?:open|day[_ -]?(?:high|low)"
    r"|previous[_ -]?close)"
    r"|prev(?:ious)?[_ -]?close|last[_ -]?close|adj(?:usted)?[_. -]?close|day[_ -]?(?:high|low)|(?:fifty[_ -]?two"
    r"|52)[_ -]?w(?:ee)?k"
    r"[_ -]?(?:high|low)|vwap|best[_ -]?(?:bid|ask)|ltp|px[_ -]?last|last[_ -]?px|nav[_ -]?per[_ -]?share"
    r"|(?:fifty|two[_ -]?hundred|50|200)[_ -]?day[_ -]?average|mid[_ -]?prices?|bids|asks|ohlcv?|klines?|candles"
    r"|closes|(?-i:[A-Z]{2,6}(?:\.[A-Z]{1,3})?)_price"
)
_OPENS = rf"[\[{{]{{0,2}}(?:{QUOTED}(?:value|amount|raw|usd){QUOTED}\s?:\s?)?(?:{QUOTED})?"
_KEY_HEAD = rf"{QUOTED}(?:{_KEY}){QUOTED}\s{{0,3}}:|(?<![\w\"'-])(?:{_KEY})\s{{0,2}}="
_KEY_SHARED_HEAD = rf"{QUOTED}(?:prices?|last|close|open|high|low|bid|ask|mid|px|[ohlc])(?:\s?\((?:usd|\$)\))?{QUOTED}"
_BARS_HEAD = r"(?<![a-z])open[\s,|;\"']{1,12}high"
_SERIES_HEAD = r"(?<![a-z])(?:date|time|timestamp|day)[ \t,|;\"']{1,6}"

TABLES: tuple[PriceRule, ...] = (
    quote(
        "key",
        rf"(?:{_KEY_HEAD})"
        rf"\s{{0,3}}(?:Decimal\()?{_OPENS}-?{FIGURE}{END}",
        (
            '{"symbol": "SYNTHETIC_A", "current_price": 41.2}',
            "{'regularMarketPrice': 182.4}",
            'the tool said {\\"previousClose\\": \\"41.05\\"}',
            "current_price = 113.5, volume = 3",
            '"SYNB_price": 12.75',
        ),
        (
            '{"list_price": 1299, "sku": "X100"}',
            '{"current_price": null}',
            '{"current_price": {"type": "number"}}',
            '{"target_price": 150}',
        ),
        "",
        gate=_KEY_HEAD,
    ),
    quote(
        "key_shared",
        rf"(?:{_KEY_SHARED_HEAD})"
        rf"\s{{0,3}}:\s{{0,3}}{_OPENS}{FIGURE}{END}",
        (
            '{"symbol": "SYNTHETIC_A", "price": 41.2}',
            '{"date": "2026-01-05", "open": 40.1, "high": 41.9, "low": 39.8, "close": 41.2}',
            '[{"t": 1, "ticker": "SYNB", "bid": "12.70", "ask": "12.75"}]',
        ),
        (
            '{"product": "X100 pump", "price": 1299}',
            '{"tickets": {"open": 12, "high": 3}}',
            '{"symbol": "SYNTHETIC_A", "close": "16:00"}',
            '{"plan": "pro", "price": 49, "billing": "monthly"}',
        ),
        "market_context",
        gate=_KEY_SHARED_HEAD,
    ),
    quote(
        "bars",
        rf"(?:{_BARS_HEAD})"
        r"[\s,|;\"']{1,12}low[\s,|;\"']{1,12}(?:adj(?:usted)?[ ._]?)?close[^\n]{0,120}\n"
        r"(?:[|:\-\s+]{3,200}\n)?[^\n]{0,80}\d{1,7}(?:\.\d{1,6})?",
        (
            "Date,Open,High,Low,Close,Volume\n2026-01-05,40.1,41.9,39.8,41.2,120000",
            "| Date | Open | High | Low | Close |\n|---|---|---|---|---|\n| 2026-01-05 | 40.1 | 41.9 | 39.8 | 41.2 |",
            "timestamp open high low close\n09:30 12 13 11 12",
        ),
        (
            "Severity,Open,Closed\nhigh,3,9\nlow,5,2",
            "The columns open, high, low and close were dropped.",
            "Date,Revenue,Net income\n2026-01-05,401,12",
        ),
        "",
        gate=_BARS_HEAD,
    ),
    quote(
        "series",
        rf"(?:{_SERIES_HEAD})"
        r"(?:(?:symbol|ticker)[ \t,|;\"']{1,6})?(?:adj(?:usted)?[ ._]?)?(?:close|price|last)\b[^\n]{0,80}\n"
        r"(?:[|:\-\s+]{3,200}\n)?[^\n]{0,60}\d{1,7}\.\d{1,6}",
        (
            "date,close\n2026-01-05,41.20\n2026-01-06,41.90",
            "| Date | Price |\n|---|---|\n| 2026-01-05 | 41.20 |",
            "time\tsymbol\tlast\n14:02\tSYNTHETIC_A\t41.20",
        ),
        (
            "date,units\n2026-01-05,41.20",
            "Date of close: 5 January",
            "date,close\nnot provided",
        ),
        "product",
        gate=_SERIES_HEAD,
    ),
    quote(
        "bar_inline",
        rf"(?<![a-z])o(?:pen)?{GAP}{{1,3}}{FIGURE}[,;|/\s]{{1,4}}h(?:igh)?{GAP}{{1,3}}{FIGURE}[,;"
        rf"|/\s]{{1,4}}l(?:ow)?{GAP}{{1,3}}{FIGURE}",
        (
            "Open: 40.1, High: 41.9, Low: 39.8, Close: 41.2",
            "O=40.1 H=41.9 L=39.8 C=41.2",
            "open 12 / high 13 / low 11",
        ),
        ("Open issues: 3, high: 2", "open, high, low and close are hidden", "Low 3, high 9"),
        "",
    ),
)
