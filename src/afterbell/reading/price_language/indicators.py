"""Rules that read the values of technical indicators: they are made of prices, and show them. Rules are data."""

# ruff: noqa: RUF001 - a typographic sign is what is read here

from __future__ import annotations

from afterbell.reading.price_language.words import END, LEVEL, MONEY, NUMBER, SAYS, PriceRule, quote

_OSCILLATORS = (
    r"rsi|macd(?:[_ ](?:signal|histogram|hist|line))?|stochastic(?:\s%?[kd])?|stoch[_ ]?rsi|kdj(?:[: ]{1,2}[kdj])?"
    r"|williams\s%?r|relative\sstrength\sindex|bollinger"
    r"(?:\s(?:upper|lower|middle|mid))?(?:\sband)?|boll[_ ](?:ub|lb|upper|lower|mid)"
)
_AVERAGES = (
    r"(?:ema|sma|wma|ma|vwap|vwma|atr|adx|obv|mfi|cci|average\strue\srange|money\sflow\sindex)[_ ]?\(?\d{0,3}\)?"
)

_INDICATOR_HEAD = rf"(?:(?<![\w/+])|(?<=[a-z]_))(?:{_OSCILLATORS})"

INDICATORS: tuple[PriceRule, ...] = (
    quote(
        "indicator",
        rf"(?:{_INDICATOR_HEAD})s?(?:[_ ]?\(?\d{{1,3}}(?:[- ]?(?:day|period|d))?\)?)?(?:\sindicators?)?"
        rf"(?:\s\(?\d{{1,3}}[- ‑]period\)?)?{SAYS}"
        rf"(?:(?:upper|lower|middle|mid)(?:\sband)?{SAYS})?\[?-?{NUMBER}(?![\w/+-])(?!\s(?:day|period|and\sabove))",
        (
            "RSI 71",
            "RSI(14) = 71.3",
            "MACD: -0.42",
            "current_rsi (7 period) = 57.6",
            "The relative strength index is 31.2.",
            "Bollinger bands: upper 111.27, lower 72.37",
        ),
        (
            "Report the RSI and the MACD.",
            "the Williams family, 2014",
            "the RSI over 14 days",
            "The relative strength index was devised in 1978.",
        ),
        "",
        gate=_INDICATOR_HEAD,
    ),
    quote(
        "overlay",
        rf"(?:(?<![\w/+])|(?<=[a-z]_))(?:{_AVERAGES}){SAYS}\[?{LEVEL}",
        ("current_ema20 = 113771.213", "SMA50: 41.07", "ATR(14): 1.25"),
        ("MA in economics, 2014", "the ATR 42 turboprop", "Report the EMA and the SMA."),
        "",
    ),
    quote(
        "average",
        rf"\b\d{{1,3}}[- ](?:day|week|period|hour|d)\s(?:simple\s|exponential\s)?(?:moving\saverage|ma|ema|sma"
        rf"|average)\b{SAYS}"
        rf"(?:{MONEY}|{LEVEL}|\d{{2,6}}){END}",
        ("its 50-day moving average at $38.90", "200-day MA: 36.12", "20-period EMA is 1,204.5"),
        ("below its 200-day moving average", "a 30-day average of 12 days", "the 7-day average was not given"),
    ),
)
