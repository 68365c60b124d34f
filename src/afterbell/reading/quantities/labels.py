"""The words that name a figure: content words of a label or clause, and the basis of accounting and period they state.

Words are compared by a plain stem. It does not decide what a figure means; `grounding` compares words with words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD = re.compile(r"[A-Za-z][A-Za-z&]{1,30}|[\u4e00-\u9fff]{2,12}|(?<!\d)(?:19|20)\d\d(?!\d)")
_FISCAL = re.compile(r"\b(?:FY|CY|F)\s?[\u2019']?(\d\d)\b")
_FIRST_CHINESE = "\u4e00"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_WORDLESS = (
    "the a an of in on at to for from by with and or as is was were are be been has have had its it this that"
    " these those which what how much many did do does not no than then over under between during per into about"
    " approximately around also while both each all any their our we they he she his her there year years ended"
    " end december september june march january february april may july august october november quarter quarters"
    " fiscal fy month months day days date period periods million millions billion billions thousand thousands"
    " trillion percent percentage usd us dollar dollars amount amounts figure figures value values company firm"
    " group change changed changes increase increased increases decrease decreased decreases growth grew grow rose"
    " rise fell fall up down average mean sum ratio share difference compared versus vs respectively was were"
    " reported report reports stood amounted came reached showed shows show stands answer question data approx mn"
    " bn compute computed calculate calculated new current recent latest strong overall proportion table following"
)
_STOP: Final = frozenset(_WORDLESS.split())
_BASES: Final = (
    (
        "non-gaap",
        re.compile(
            r"\bnon[-_ ]?(?:gaap|ifrs)|\badjusted\b|\bunderlying\b|\bpro[- ]?forma\b|\bcore (?:eps|earnings|profit)"
            r"|\bex(?:cluding|-)(?: one-time)? items\b",
            re.IGNORECASE,
        ),
    ),
    (
        "gaap",
        re.compile(
            r"(?<!non-)(?<!non_)(?<!non )(?<!non)\b(?:us[- ])?gaap\b|\bas reported\b|\bstatutory\b", re.IGNORECASE
        ),
    ),
    ("ifrs", re.compile(r"(?<!non-)(?<!non )\bifrs\b|\bias \d", re.IGNORECASE)),
    ("diluted", re.compile(r"\bdiluted|稀释", re.IGNORECASE)),
    ("basic", re.compile(r"\bbasic\b|basic(?=eps)|基本每股", re.IGNORECASE)),
    ("quarter", re.compile(r"\bquarter(?:ly|s)?\b|\bq[1-4]\b|\bthree months\b|\b[1-4]q\d\d|季度", re.IGNORECASE)),
    (
        "year",
        re.compile(
            r"\b(?:full[- ]year|annual(?:ly)?|fiscal year|twelve months|12 months|for the year|year ended|fy ?\d{2,4}"
            r"|fy)\b|全年|年度",
            re.IGNORECASE,
        ),
    ),
)
_QUICK = re.compile(
    r"gaap|ifrs|\bias\b|adjusted|underlying|forma|core|items|reported|statutory|diluted|basic|quarter|\bq[1-4]|months|[1-4]q"
    r"|year|annual|\bfy|[稀基季全年]",
    re.IGNORECASE,
)
CLASSES: Final = (
    frozenset({"gaap", "non-gaap"}), frozenset({"gaap", "ifrs"}), frozenset({"diluted", "basic"}),
    frozenset({"quarter", "year"}),
)  # fmt: skip


def spaced(key: str) -> str:
    """Return a key of data as words: `dilutedEPS` and `diluted_eps` as two."""
    return _CAMEL.sub(" ", key)


@lru_cache(maxsize=8192)
def words(text: str) -> frozenset[str]:
    """Return the content words of a label or clause, stemmed, and its years; of Chinese, each pair of characters."""
    found = {f"20{year}" for year in _FISCAL.findall(text)}
    for word in _WORD.findall(spaced(text)):
        if word[0] >= _FIRST_CHINESE:
            found.update(word[place : place + 2] for place in range(len(word) - 1))
            continue
        low = word.lower()
        if low not in _STOP and len(low) > 1:
            found.add(stem(low))
    return frozenset(found)


def stem(word: str) -> str:
    """Return a word without the ending of its number."""
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties" keeps its ending
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # noqa: PLR2004 - "gas" keeps its ending
        return word[:-1]
    return word


def years(names: frozenset[str]) -> frozenset[str]:
    """Return the years among words."""
    return frozenset(word for word in names if word[0].isdigit())


@lru_cache(maxsize=8192)
def basis(text: str) -> frozenset[str]:
    """Return which bases a label or sentence states: gaap, non-gaap, ifrs, diluted, basic, quarter, year."""
    if not _QUICK.search(text):
        return frozenset()
    return frozenset(name for name, pattern in _BASES if pattern.search(text))
