"""Which registrants a run is about: by cik where it names one, else by its symbol as a word of a registrant's name.

A cik stands in `trading.security.id` (id_source cik), in arguments and results of tools, in facts of documents. It
knows no table of tickers: a symbol that is no word of a name stays unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from afterbell.model.run import Trace

_CIK = re.compile(
    r"""\bcik(?:_str|_number)?["']{0,2}\s{0,4}[:=]\s{0,4}["']?(?:CIK)?0{0,9}([1-9]\d{0,9})\b""", re.IGNORECASE
)
_CIK_PATH = re.compile(r"\bCIK0{0,9}([1-9]\d{0,9})\b|/edgar/data/0{0,9}([1-9]\d{0,9})\b")
_SYMBOL = re.compile(r'"(?:symbol|ticker)"\s{0,4}:\s{0,4}"([A-Za-z0-9_.\-/^=]{1,24})"', re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_]+")
_COIN = re.compile(
    r"(?:[A-Z0-9]{2,10}[-/_])?(?:USDT|USDC|BUSD)\Z|[A-Z0-9]{2,10}[-/](?:USD|EUR|BTC|ETH)\Z|[A-Z]{2,6}(?:USDT|USDC)\Z"
)
_COINS = frozenset({"BTC", "ETH", "SOL", "XRP", "DOGE", "BNB", "ADA", "XBT"})
_TYPES = frozenset(
    {"crypto", "cryptocurrency", "crypto_spot", "crypto_perpetual", "perpetual", "fx", "forex", "commodity"}
)
_HEAD = 200_000


class Issuers(Struct, frozen=True, kw_only=True):
    """The registrants that a run names: ciks of ten digits, symbols; `coins` says that it names only what has none."""

    ciks: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    coins: bool = False

    @property
    def said(self) -> str:
        """The registrants for people."""
        return ", ".join([f"CIK {cik}" for cik in self.ciks[:3]] or list(self.symbols[:3])) or "the issuer"


def issuers(trace: Trace) -> Issuers:
    """Return the registrants a run names, in order of first mention."""
    ciks: list[str] = []
    symbols: list[str] = []
    types: set[str] = set()
    for span in trace.spans:
        attributes = span.attributes
        source = str(attributes.get("trading.security.id_source", "")).lower()
        named = str(attributes.get("trading.security.id", "")).strip()
        if source == "cik" and named.upper().removeprefix("CIK").isdigit():
            ciks.append(named.upper().removeprefix("CIK"))
        if attributes.get("trading.symbol"):
            symbols.append(str(attributes["trading.symbol"]))
        types.add(str(attributes.get("trading.security.type", "")).lower())
        types.add("crypto" if str(attributes.get("trading.exchange", "")).upper() == "CRYPTO" else "")
    symbols += [trade.symbol for trade in trace.trades if trade.symbol]
    for tool in trace.tools:
        for text in (tool.arguments, tool.result[:_HEAD]):
            ciks += _ciks(text)
        symbols += [hit[1] for hit in _SYMBOL.finditer(tool.arguments)]
    for document in trace.documents:
        named = str(document.metadata.get("cik", "")).upper().removeprefix("CIK")
        ciks += [named] if named.isdigit() else []
        ciks += [hit[1] or hit[2] for hit in _CIK_PATH.finditer(document.url)]
        ciks += _keyed(document.text[:_HEAD]) if document.text[:1] in {"{", "["} else []
    seen = tuple(dict.fromkeys(symbol.upper() for symbol in symbols))
    whole = tuple(dict.fromkeys(cik.lstrip("0").zfill(10) for cik in ciks if len(cik.lstrip("0")) <= 10))  # noqa: PLR2004 - a cik's digits
    coins = not whole and (bool(types & _TYPES) or bool(seen)) and (
        bool(types & _TYPES) or all(_COIN.fullmatch(each) or each in _COINS for each in seen)
    )  # fmt: skip
    return Issuers(ciks=whole, symbols=seen, coins=coins)


def _ciks(text: str) -> list[str]:
    pathed = _CIK_PATH.finditer(text) if "CIK" in text or "/edgar/data/" in text else ()
    return _keyed(text) + [hit[1] or hit[2] for hit in pathed]


def _keyed(text: str) -> list[str]:
    return [hit[1] for hit in _CIK.finditer(text)] if "cik" in text.lower() else []


def registrants(named: Issuers, known: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return which of the known registrants (cik, name) a run names; none when a symbol fits several."""
    listed = list(dict.fromkeys(known))
    if named.ciks:
        return tuple(dict.fromkeys(cik for cik, _name in listed if cik in named.ciks))
    found: list[str] = []
    words = [(cik, {word.upper() for word in _WORD.findall(name)}) for cik, name in listed]
    for symbol in named.symbols:
        hits = [cik for cik, of_name in words if len(symbol) > 1 and symbol in of_name]
        found += hits if len(set(hits)) == 1 else []
    return tuple(dict.fromkeys(found))
