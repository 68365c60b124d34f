"""Words that anchor sentiment: of low severity, they raise a score and decide nothing. Rules are data."""

from __future__ import annotations

from collections.abc import Iterable

from afterbell.reading.price_language.words import WEIGHTS, PriceRule

FAMILY = "sentiment"


def _anchor(name: str, pattern: str, examples: Iterable[str], counterexamples: Iterable[str]) -> PriceRule:
    return PriceRule(
        id=f"sentiment.{name}", family=FAMILY, pattern=pattern, severity="low", weight=WEIGHTS["low"],
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
