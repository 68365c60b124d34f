"""When two model names mean the same model: prefix, separators and case ignored; dated and numbered snapshots told."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

ROUTE: Final = r"(?:[\w.:-]{1,80}/){0,6}(?:(?:us|us-gov|eu|apac|jp|au|ca|global)\.(?=\w+\.))?"
"""What may stand before a maker's name: the path of providers, and the region."""

_PREFIX = re.compile(rf"^{ROUTE}(?:(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|qwen|openai)\.)?")
_MONTH = r"(?:0[1-9]|1[0-2])"
_DATE = re.compile(rf"(?:20\d{{6}}|20\d\d{_MONTH}|{_MONTH}20\d\d|\d{{4}})(?:v\d+(?:\d+)?)?$|00[1-9]$")
_SNAPSHOT = re.compile(
    r"(?<![0-9])(?:20\d{6}|20\d\d-\d\d-\d\d|20\d\d-\d\d|\d\d-20\d\d|(?<=[-.@])\d{4}|(?<=-)00[1-9])(?:-?v\d(?::\d)?)?$"
)
_SEPARATORS = re.compile(r"[\s._:@-]+")


@lru_cache(maxsize=1024)
def plain_name(name: str) -> str:
    """Return a model's name without provider prefix, separators and case: `openai/GPT-5` -> `gpt5`."""
    return _SEPARATORS.sub("", _PREFIX.sub("", name.strip().lower()))


@lru_cache(maxsize=1024)
def same_model(one: str, other: str) -> bool:
    """Tell whether two names mean one model: equal, or one is a dated or numbered (-002) snapshot of the other."""
    first, second = sorted((plain_name(one), plain_name(other)), key=len)
    if first == second:
        return True
    rest = second.removeprefix(first)
    return bool(first) and rest != second and (rest == "latest" or bool(_DATE.fullmatch(rest)))


def is_snapshot(name: str) -> bool:
    """Tell whether a name ends in a date, and so means one model for good."""
    return bool(_SNAPSHOT.search(name.strip()))
