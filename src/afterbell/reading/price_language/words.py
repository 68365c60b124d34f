"""The words that rules of price language share: numbers, separators, tickers, securities, and what is not a security.

Fragments of patterns, all bounded, and the shape of a rule. It matches nothing by itself and knows no rule.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from afterbell.reading.patterns import Rule

NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,8})?|\d{1,9}\.\d{1,8}|\d{1,9}(?!,\d{3}(?!\d)))"
# Not the middle of a longer number, a date or a clock time; not an amount in millions, a multiple or a percentage.
END = (
    r"(?!\.?\d)(?!-\d\d-\d)(?!/\d{1,2}/)(?!:\d\d)(?!\s{0,2}(?:(?:million|billion|trillion|thousand|mn|bn|tn|mm|m|b"
    r"|x|times|bps|bp|percent|pct|years?|months?|weeks?|days??|minutes?)\b|%|％|万|亿|倍|年|月|日|天|个|家|次))"
)
CURRENCY = r"(?:(?:US|HK|C|A|S|NT)?\$|€|£|¥|￥|₹|(?:USDT|USD|EUR|GBP|HKD|CNY|RMB|JPY|CAD|AUD|CHF)\b)\s{0,2}"
MONEY = (
    rf"(?:{CURRENCY}{NUMBER}|{NUMBER}\s?(?:USDT|USD|EUR|GBP|HKD|CNY|RMB|JPY|CAD|CHF|dollars?|euros?|pence|yen|yuan|元|美元"
    rf"|港元|円)(?![a-z]))"
)
# A figure that looks like a quote without its currency: with decimals or a thousands separator.
LEVEL = rf"(?:{CURRENCY})?(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}(?:\.\d{{1,8}})?|\d{{1,7}}\.\d{{1,8}})"
FIGURE = rf"(?:{CURRENCY})?{NUMBER}"
_COUNTS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|twenty-five|thirty|forty|fifty)"
    r"(?:\sand\sa\shalf|\spoint\s\w{3,5})?"
)
PERCENT = (
    rf"(?:(?:{NUMBER}\s{{0,2}}(?:%|％)|(?:{NUMBER}|{_COUNTS})\s{{0,2}}(?:percent\b|per\scent\b|pct\b))(?!\s?points?\b))"
)
PART = r"(?:an?\s(?:third|quarter|fifth|tenth)|half|two\sthirds|three\squarters)"
QUOTED = r"\\{0,2}[\"']"  # as JSON has it, also within a text of JSON
GAP = r"[ \t\"'`*_|:：=~≈(\\\-–—→]"
SAYS = (
    rf"{GAP}{{0,8}}(?:(?:is|was|of|at|now|stands|currently|about|around|near|approximately|roughly|just|to|reads?"
    rf"|sits|the"
    rf"|today|usd){GAP}{{1,4}}|为|是|在|约|报|至|到){{0,4}}"
)
ABOUT = (
    r"(?:\s(?:by|about|around|roughly|nearly|almost|more|than|over|as|much|another|some|an|additional|a|further|sharply"
    r"|modestly|slightly|higher|lower|back|at|least|close|to|just|only|approximately|well|up|down|now|already|total|of"
    r"|in|price|value)){0,5}"
)
TICKER = r"(?:\$(?-i:[A-Z]{1,6})|(?-i:SYNTHETIC_[A-Z0-9]{1,6})|(?-i:[A-Z]{2,6}(?:[.\-/][A-Z]{1,4})?))"

OURS = r"(?:our|your|my|the\s(?:fund|desk|book|account|portfolio|strategy|agent)(?:'s)?|this\s(?:fund|account|book))"
WE = r"(?:we|you|i|the\s(?:fund|desk|book|account|portfolio|strategy|agent))"
STATE = r"(?:current|existing|open|outstanding|remaining|present|net|total|core|long|short|losing|winning|underwater)"

COINS = r"bitcoin|ethereum|ether|solana|dogecoin|ripple|(?-i:BTC|ETH|SOL|DOGE|XRP|BNB|ADA|AVAX|LINK|LTC)(?:[-/]?USDT?)?"
INDICES = (
    r"s&p(?:\s?500)?|(?:the\s)?nasdaq(?:\scomposite|[- ]100)?|dow(?:\sjones)?|russell(?:\s2000)?|nikkei|hang\sseng|ftse"
    r"|dax|csi\s?300|sse\scomposite|stoxx|kospi|vix"
)
SECURITY = (
    rf"(?:share|stock|token|coin|equity|index)\sprices?"
    rf"|(?<!market )(?<!per )(?<!wallet )(?<!revenue )(?<!a )(?<!gained )(?<!lost )\bshare\b(?!\s(?:of\b|count"
    rf"|repurchase|buyback|price|issu|based)|-)"
    rf"|\bshares\b(?!\s(?:of\s(?:global|wallet|revenue"
    rf"|sales|spend|market|voice)\b|repurchase|issu|outstanding|authori[sz]ed)|-)"
    rf"|(?<!in )\bstocks?\b(?!-|\s(?:option|compensation|based|level|keeping|of\b|unit|award|grant|repurchase|buyback"
    rf"|room|out\b))"
    rf"|\bprice\saction\b|\b(?:the|this)\s(?:name|ticker|token|coin|security|tape"
    rf"|pair|etf|adr)\b|\badrs\b|\bmarket\s(?:cap(?:itali[sz]ation)?|value)\b|\bfutures\b|\b(?:{COINS})\b"
    rf"|\b(?:{INDICES})\b"
    rf"|\$(?-i:[A-Z]{{1,6}})\b|\b(?-i:SYNTHETIC_[A-Z0-9]{{1,6}})\b|\b(?:the|this|our|your)\s(?:open\s)?(?:position"
    rf"|portfolio|book|trade)\b(?!\s(?:of|fair|war|deal|deficit|balance|receivable|value)|-)"
)
PRICE = r"\bprices?\b"  # of what, the words around it say
COMMODITIES = (
    r"copper|steel|alumini?um|iron\sore|lithium|nickel|cobalt|zinc|gold|silver|crude|brent|wti|oil|diesel|gasoline"
    r"|fuel|gas|lng"
    r"|coal|power|electricity|energy|wheat|corn|soy(?:bean)?s?|sugar|coffee|cocoa|cotton|beef|pork|milk|egg|feed"
    r"|grain|lumber|pulp"
    r"|paper|resin|plastics?|chemicals?|cement|dram|nand|memory|chip|wafer|polysilicon|panel|raw[- ]materials?"
    r"|inputs?|commodity"
    r"|commodities|component|freight|shipping|container|charter|spot\srates?|labou?r|rent(?:al)?|home|house|housing"
    r"|land|food"
    r"|grocery|drug|airfare|fare|ticket|used[- ](?:car|vehicle)|vehicle|import|export|producer|consumer|wholesale"
    r"|retail|list"
    r"|selling|unit|product|subscription|menu|catalogue?|contract|transfer|rack|tuition"
)
FUNDAMENTAL = (
    rf"(?:{COMMODITIES})\s(?:spot\s|selling\s)?(?:prices?|pricing|costs?|rates?)"
    r"|revenues?|sales|turnover|incomes?|profits?|profitability|earnings|ebitda?r?|eps|(?<!price )per[- ]share|margins?"
    r"|cash\s?flows?|fcf|costs?"
    r"|expenses?|opex|capex|expenditures?|spend(?:ing)?|investments?|dividends?|payouts?|distributions?|backlogs?"
    r"|orders?|bookings?"
    r"|billings?|arr|mrr|nrr|rpo|shipments?|deliver(?:y|ies)|volumes?|units?|production|output|capacity"
    r"|utili[sz]ation|inventor(?:y|ies)"
    r"|headcount|employees?|workforce|staff|customers?|clients?|subscribers?|users?|members(?:hip)?|dau|mau|arpu"
    r"|traffic|visits?"
    r"|downloads?|gmv|tpv|aum|deposits?|loans?|nim|nii|provisions?|debt|borrowings?|leverage|tax(?:es)?|rates?"
    r"|yields?|inflation|cpi"
    r"|ppi|pce|gdp|pmi|unemployment|jobless|payrolls?|wages?|pricing|tariffs?|market\sshare|(?:gained|lost|took|its"
    r"|our)\sshare\b(?!\sprice)|share\sof"
    r"|penetration|adoption|churn|retention|guidance|outlook|demand|supply|consumption|imports?|exports?|growth"
    r"|outstanding"
    r"|share\scount|share\srepurchases?|buybacks?|compensation|comps?|comparables?|same[- ]store|occupancy|revpar"
    r"|traffic|basket"
    r"|segments?|divisions?|business(?:es)?|cloud|services|products?|licen[sc]es?|royalt(?:y|ies)|price\s?/\s?mix"
    r"|prices?\sof\s(?:the|our|its|a|an)\s(?!stock|shares?\b|security|token|coin|name|adr)|price\s(?:increases?"
    r"|hikes?|cuts?|rises?|realization|inflation)|book\svalue|assets?|liabilit(?:y|ies)"
    r"|(?<!the )equity(?!\sprice)|reserves?|claims?|premiums?|ratio|efficiency|productivity|emissions|stores?"
    r"|locations|store\scount"
    r"|average\sticket"
    r"|interest|ownership|stakes?|conversion|engagement|impressions|transactions?|accounts?|contracts?|pipeline"
    r"|miles|square\sfeet"
    rf"|(?:{COMMODITIES})"
)
# Upper-case words of filings and macro reports that are not tickers, though they look like them.
_NO_TICKERS = """
EPS EBIT EBITDA EBITDAR ARR MRR NRR GMV TPV RPO CRPO FCF OCF CFO CFFO FFO AFFO NOI NII NIM AUM ROE ROA ROIC ROCE
ROI IRR NPV DCF WACC CAPEX OPEX COGS SGA RND ASP ARPU ARPPU DAU MAU LTV CAC CPI PPI PCE GDP PMI ISM SAAR YOY QOQ
MOM TTM LTM NTM FY CY QTD YTD MTD US USA UK EU UAE PRC EMEA APAC LATAM AMER ANZ ROW NA AI ML IT TV PC EV EVS BEV
ICE GPU CPU TPU DRAM NAND HBM SSD OEM ODM LNG NGL WTI OPEC OECD IMF ECB FED FOMC BOJ SEC FDA EPA DOJ FTC IFRS
GAAP NONGAAP FX USD EUR GBP JPY CNY RMB HKD CAD AUD CHF SAAS PAAS IAAS API SDK AWS GCP B2B B2C D2C DTC SMB CEO
COO CTO IPO SPAC REIT ETF NAV TAM SAM SOM R&D SG&A M&A D&A P&L P&C ADR REVPAR ROFE ROTE RONA RORAC CSM ACV TCV
NPS KPI TEU FEU KWH MWH GWH BOE BBL MMBTU NOTE ALL THE AND FOR NOT NO ANY TOTAL NET GROSS UP DOWN OUR YOU WE IF
IN ON AT BY TO OF OR AS IS RSI MACD EMA SMA ATR VWAP OHLC MA KDJ ADX UTC GMT EST EDT PST AM PM OK JSON CSV XML
URL ID PDF
"""
ACRONYMS = frozenset(_NO_TICKERS.split())

WEIGHTS = {"high": 1.0, "medium": 0.5, "low": 0.2}  # ten matches of high severity saturate a score

Subject = Literal["", "security", "not_fundamental", "market_context", "product", "bar"]


class PriceRule(Rule, frozen=True, kw_only=True):
    """A rule of price language and what else must hold where it matches.

    `subject`: "security" (what moves must be a security), "not_fundamental" (it must not be a figure of a business or
    an economy), "market_context" (a key of JSON that quotes share with catalogues), "product" (a price, but not that
    of a product), "bar" (the four figures must be able to be open, high, low and close). `numeric`: the match holds a
    figure, so that a sentence that forbids it has still told it.
    """

    subject: Subject = ""
    numeric: bool = False


def quote(
    name: str,
    pattern: str,
    examples: Iterable[str],
    counterexamples: Iterable[str],
    subject: Subject = "product",
    gate: str = "",
) -> PriceRule:
    """Return a rule that reads a quote: of high severity, for it shows a number."""
    return PriceRule(
        id=f"quote.{name}", family="quote", pattern=pattern, severity="high", weight=WEIGHTS["high"],
        numeric=True, subject=subject, examples=tuple(examples), counterexamples=tuple(counterexamples),
        gate=gate,
    )  # fmt: skip
