"""The forms that figures take, and the forms that only look like figures: patterns and words. Data only.

`grammar` applies them. All patterns are linear: every repeat is bounded.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

import re
from typing import Final

from afterbell.reading.quantities import scales

GAP: Final = "\u00a0\u202f\u2009\u2007"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
# Begins with a plain digit set: the engine then skips text without digits at the speed of memory.
TOKEN: Final = re.compile(
    rf"""[0-9](?:
    (?P<skip>
        \d{{3}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[T ]\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?(?:Z|[+-]\d\d:?\d\d)?)?
      | \d?/\d{{1,2}}/\d{{2,4}}(?!\d) | \d?\.\d{{1,2}}\.(?:19|20)\d\d(?!\d)
      | \d{{3}}-\d{{2}}(?![\d.,])(?=\b)
      | \d?:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?(?:\s?[ap]\.?m\b)?
      | \d?(?:st|nd|rd|th)?\s{{1,2}}{_MONTH}\b(?:[,.]?\s{{1,2}}\d{{4}})?
      | (?<=[12])[09]\d\d\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d)(?![\d.,%])
      | \d{{3}}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)? | \d?月\d{{1,2}}日
      | \d{{0,2}}(?:st|nd|rd|th)\b
      | \d{{0,2}}-[KQFkq](?:/A)?\b | \d?[KQ]\b(?=\s(?:filing|report|form))
      | \d{{0,4}}(?:\.\d{{1,5}}){{2,8}}(?![\d,])
      | \d{{0,3}}\s?/\s?(?:10|100|5)(?![\d/]|[.,]\d) | \d{{0,2}}/\d{{1,3}}(?![\d%/]|[.,]\d)
      | \d{{2,5}}\.(?:SH|SZ|SS|HK|BJ|TW|KS|KQ|T)\b
      | \d{{0,3}}\([a-z]\) | \d{{9}}-\d{{2}}-\d{{6}}(?!\d) | (?<=0)\d{{4,20}}(?![\d.,])
      | (?=[0-9]{{0,40}}[a-f])[0-9a-f]{{11,63}}\b
    )
  | (?P<num>
        \d{{0,2}}(?:[,'’{GAP}]\d{{3}}){{1,8}}(?!\d)(?:\.\d{{1,18}})?
      | \d{{0,2}}(?:\.\d{{3}}){{2,6}}(?:,\d{{1,4}})?(?!\d)
      | \d?(?:,\d{{2}}){{1,4}},\d{{3}}(?!\d)(?:\.\d{{1,6}})?
      | \d{{0,23}}(?:\.\d{{1,24}})?(?:[eE][-+]?\d{{1,2}}(?![\w.]))?
    ))""",
    re.VERBOSE,
)
BEFORE: Final = re.compile(
    rf"(?P<sign1>[-–+~]\s?)?(?P<open1>\(\s?)?(?P<sign2>[-–+]\s?)?(?P<cur>{scales.SIGNS}\s{{0,3}})?(?P<open2>\(\s?)?(?P<sign3>[-–+]\s?)?\Z",
    re.IGNORECASE,
)
AFTER: Final = re.compile(
    rf"""(?P<close>\s?\))?
    (?:\s{{0,2}}-?(?P<long>{scales.LONG})\b|\s?(?P<zh>{scales.CHINESE})
       |(?P<short>[kKmMbBTt]|[mM][nM]|[mM]ln|[bB]n|[tT]n|[bB]ln|MM|Mrd|Mio)\b
       |\s(?P<spaced>mn|mln|bn|tn|bln|Mrd|Mio|[MBK](?=[\s,.;:)\]]|$))(?![A-Za-z]))?
    (?P<close2>\s?\))?
    (?:\s{{0,2}}(?P<percent>%|per\s?cent(?:age\s(?:point)s?)?\b|pct\b|percentage\spoints?\b|p\.?p\.?t?s?\b|个?百分点)
      |\s{{0,2}}-?(?P<points>bps?\b|basis[\s-]points?\b|个?基点)
      |\s?(?P<times>[xX×](?![\w])|倍)|\s(?P<times2>times\b)|-(?P<fold>fold\b)
      |\s{{0,2}}(?P<cur>(?:US\s)?dollars?\b|USD[TC]?\b|EUR\b|GBP\b|RMB\b|CNY\b|JPY\b|HKD\b|CHF\b|euros?\b|pounds\b
         |yuan\b|yen\b|€|£|cents?\b|美元|人民币|港元|元)
      |\s{{0,2}}-?\s?(?P<time>(?:trading\s|calendar\s|business\s)?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?
         |months?|quarters?|years?|yrs?|ms)\b|天|日|年|个?月|周|小时|分钟))?
    (?P<close3>\s?\))?
    (?P<pershare>\s{{0,2}}(?:per|a|/|each|/\s?)\s?(?:(?:common|ordinary|diluted|basic|adjusted)\s){{0,2}}(?:share|ADS|unit)\b)?
    (?P<shares>\s(?:common\s|ordinary\s|treasury\s)?(?:shares|units|employees|stores|customers|users|subscribers
        |contracts|coins|股|人)\b)?""",
    re.VERBOSE,
)
HEDGE: Final = re.compile(
    r"(?:(?P<about>\b(?:about|around|approx(?:imately|\.)?|roughly|circa|some|close to|ca\.)|大约|[~≈约])"
    r"|(?P<over>\b(?:over|more than|above|exceed(?:s|ed|ing)?|at least|upwards of|surpass(?:es|ed|ing)?)|[>≥逾超]=?过?)"
    r"|(?P<under>\b(?:under|less than|below|nearly|almost|up to|at most|just shy of)|[<≤近]=?|不足))[\s$€£¥(]{0,4}\Z",
    re.IGNORECASE,
)
_NAMING = (
    "Item Items Note Notes Section Sec Exhibit Ex Form Level Step Phase Figure Fig Table Chapter Part Page p pp"
    " No Nr Article Rule Topic ASC ASU IFRS IAS SFAS Tier Round Version ver v Option Scenario Case Source Ref"
    " Scope Class Series Type Schedule Appendix Volume Vol Week Day Quarter Year FY CY Q1 Q2 Q3 Q4 H1 H2 Fiscal"
    " fiscal GPT COVID S&P Nasdaq Russell Fortune Nifty CSI Stoxx STOXX ISO Basel Boeing Airbus Dow Nikkei FTSE"
    " CAC DAX Zone Stage Gen Windows iPhone Model Jan January Feb February Mar March Apr April May Jun June Jul"
    " July Aug August Sep Sept September Oct October Nov November Dec December 第 item note level step phase"
    " page pages paragraph paragraphs section sections chapter footnote slide line lines clause exhibit appendix"
)
NAMES: Final = frozenset(_NAMING.split())
_OF_TIME = (
    "Quarter Year FY CY Q1 Q2 Q3 Q4 H1 H2 Fiscal fiscal Jan January Feb February Mar March Apr April May Jun June Jul"
    " July Aug August Sep Sept September Oct October Nov November Dec December"
)
PERIODS: Final = frozenset(_OF_TIME.split())
