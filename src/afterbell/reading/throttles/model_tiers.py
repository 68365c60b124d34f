"""Which of two models is the weaker one: by the operator's tiers, else by size and generation within a family.

The table below ships as the default. Across families only the coarse class is compared (small or not): nobody can say
from names alone that one maker's large model is weaker than another's. What cannot be told is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

from afterbell.reading.model_names import ROUTE, plain_name, same_model

BASE: Final = 5
_SMALL: Final = 4  # up to this size a model is of the small class, whoever made it

SIZES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("nano", "tiny", "micro"), 1),
    **dict.fromkeys(("lite", "light", "instant"), 2),
    **dict.fromkeys(("mini", "haiku", "small", "weak", "cheap", "babbage", "ada"), 3),
    **dict.fromkeys(("flash", "fast", "air", "scout"), 4),
    **dict.fromkeys(("sonnet", "medium", "plus", "standard", "base", "maverick"), BASE),
    **dict.fromkeys(("opus", "pro", "large", "max", "big", "strong"), 6),
    **dict.fromkeys(("ultra", "heavy", "premier", "behemoth", "xl", "xlarge"), 7),
}
"""The words for size in models' names, weakest first; a name without one stands at BASE."""

KNOWN: Final = frozenset({
    "gpt", "claude", "gemini", "llama", "mistral", "qwen", "deepseek", "grok", "command", "nova", "o", "glm", "kimi",
    "phi", "gemma",
})  # fmt: skip
"""Families whose unmarked models are known to be of the large class, so that classes can be compared across."""

_SPELT: Final = {"chatgpt": "gpt", "ministral": "mistral", "mixtral": "mistral", "magistral": "mistral", "qwq": "qwen",
                 "meta": "llama"}  # fmt: skip
_OF_A_KIND: Final[Mapping[str, int]] = {"ministral": 3, "mixtral": 4, "phi": 3, "gemma": 4}
_PARTICULAR: Final = (
    (re.compile(r"\Agpt-?3\.?5"), 3),
    (re.compile(r"\A(?:text-)?davinci"), 3),
    (re.compile(r"\Aqwen\d{0,2}(?:\.\d)?-turbo"), 4),
    (re.compile(r"\Acommand-?r-?plus"), 6),
    (re.compile(r"\Aclaude-instant"), 2),
)  # fmt: skip
_PREFIX = re.compile(rf"\A{ROUTE}(?:(?:anthropic|amazon|meta|mistral|cohere)\.)?")
_TOKEN = re.compile(r"\d+x\d+b|\d+(?:\.\d+)?b|[a-z]+|\d+(?:\.\d+)?")
_BILLIONS = re.compile(r"\A(?:(\d{1,4})x)?(\d{1,5}(?:\.\d{1,3})?)b\Z")
_DATE = re.compile(
    r"(?:\A|[-@_])(?:20\d{6}|20\d\d-\d\d-\d\d|\d{4})(?=\Z|-v\d|[-_])|-v\d+(?::\d+)?\Z|-(?:latest|preview|exp)\b"
)
_NEWEST = Decimal(20)  # what is larger than this in a name is a date or a window, not a generation
_A_STEP = Decimal("0.5")  # between generations; 4.1 and 4.0 are neighbours, 3.5 and 3.0 are not
_PARAMETERS = ((15, 3), (40, 4), (120, BASE))


class Standing(StrEnum):
    """How the second of two models stands to the first."""

    SAME = "same"
    WEAKER = "weaker"
    NOT_WEAKER = "not weaker"
    UNTOLD = "untold"


class Grade(Struct, frozen=True, kw_only=True):
    """What a name tells: its family, its size (1 weakest), its generation, and what is left without size words."""

    family: str
    size: int
    generation: Decimal | None = None
    billions: Decimal | None = None
    rest: str = ""
    marked: bool = False


def standing(first: str, second: str, tiers: Mapping[str, int] | None = None) -> Standing:
    """Return how `second` stands to `first`. `tiers` are the policy's: higher is stronger; they beat the table."""
    if not first or not second:
        return Standing.UNTOLD
    if same_model(first, second):
        return Standing.SAME
    one, other = _tier(first, tiers or {}), _tier(second, tiers or {})
    if one is not None and other is not None:
        return Standing.WEAKER if other < one else Standing.NOT_WEAKER
    return _by_grade(grade(first), grade(second))


def _tier(name: str, tiers: Mapping[str, int]) -> int | None:
    plain = plain_name(name)
    exact = next((tier for known, tier in tiers.items() if plain_name(known) == plain), None)
    return (
        exact if exact is not None else next((tier for known, tier in tiers.items() if same_model(known, name)), None)
    )


def grade(name: str) -> Grade:
    """Return what a model's name tells of its family, size and generation."""
    plain = _DATE.sub("", _PREFIX.sub("", name.strip().lower()).split(":")[0])
    tokens = _TOKEN.findall(plain)
    words = [token for token in tokens if token.isalpha()]
    first = words[0] if words else ""
    family = _SPELT.get(first, first)
    sizes = [SIZES[word] for word in words if word in SIZES]
    billions = next((_billions(token) for token in tokens if _BILLIONS.match(token)), None)
    particular = next((size for pattern, size in _PARTICULAR if pattern.match(plain)), None)
    size = particular or (min(sizes) if sizes else _by_parameters(billions) or _OF_A_KIND.get(first, BASE))
    numbers = [Decimal(token) for token in tokens if token[0].isdigit() and not _BILLIONS.match(token)]
    generation = next((number for number in numbers if number <= _NEWEST), None)
    # Claude 3-5 and 3.5 are one spelling each of the same generation.
    spelt = re.search(r"(?<!\d)(\d)-(\d)(?!\d)", plain)
    if spelt is not None and generation == Decimal(spelt[1]):
        generation = Decimal(f"{spelt[1]}.{spelt[2]}")
    rest = "-".join(token for token in tokens if token not in SIZES and not _BILLIONS.match(token))
    return Grade(family=family, size=size, generation=generation, billions=billions, rest=rest,
                 marked=bool(sizes or billions or particular))  # fmt: skip


def _billions(token: str) -> Decimal:
    hit = _BILLIONS.match(token)
    return Decimal(hit[2]) * Decimal(hit[1] or 1) if hit else Decimal(0)


def _by_parameters(billions: Decimal | None) -> int | None:
    if billions is None:
        return None
    return next((size for most, size in _PARAMETERS if billions <= most), 6)


def _by_grade(one: Grade, other: Grade) -> Standing:
    if one.family != other.family:
        told = {one.family, other.family} <= KNOWN
        if not told:
            return Standing.UNTOLD
        return Standing.WEAKER if other.size <= _SMALL < one.size else Standing.NOT_WEAKER
    if one.family not in KNOWN and one.rest != other.rest:
        return Standing.UNTOLD
    if one.billions is not None and other.billions is not None:
        weaker = other.billions < one.billions
    elif one.size != other.size:
        weaker = other.size < one.size
    elif one.generation is not None and other.generation is not None:
        weaker = one.generation - other.generation >= _A_STEP
    else:
        return Standing.NOT_WEAKER if one.family in KNOWN else Standing.UNTOLD
    return Standing.WEAKER if weaker else Standing.NOT_WEAKER
