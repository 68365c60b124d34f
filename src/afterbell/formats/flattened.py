"""Groups attributes that were flattened with a number in their name: `prefix.{i}.rest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Rows = dict[int, dict[str, Any]]

_LONGEST_NUMBER = 6


def rows(attributes: Mapping[str, Any], *prefixes: str) -> dict[str, Rows]:
    """Return, for each prefix (ending in a dot), its rows by number; keys without a number are left out."""
    found: dict[str, Rows] = {prefix: {} for prefix in prefixes}
    for key, value in attributes.items():
        if not key.startswith(prefixes):
            continue
        for prefix in prefixes:
            if key.startswith(prefix):
                number, dot, rest = key[len(prefix) :].partition(".")
                if dot and len(number) <= _LONGEST_NUMBER and number.isascii() and number.isdigit():
                    found[prefix].setdefault(int(number), {})[rest] = value
                break
    return found


def under(row: Mapping[str, Any], prefix: str) -> Rows:
    """Return the rows nested in a row under `prefix`."""
    return rows(row, prefix)[prefix]


def has_gap(found: Rows) -> bool:
    """Tell whether rows are missing before or between those that are there."""
    return bool(found) and max(found) != len(found) - 1
