"""The operator's policy: limits with the specification's defaults, overrides per strategy, and knobs per mode.

Reads plain values (a parsed `afterbell.toml`), never a file. An unknown key is an error that names the nearest
known one: a misspelt limit that silently keeps its default would be worse than none.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct, structs

from afterbell.errors import PolicyError

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?\Z", re.ASCII
)
_LARGEST = 10**12
_LEAST: Mapping[str, int] = {"drawdown_rolling_sessions": 1, "meeting_due_hours": 1}
"""Limits of which zero would make no sense; the others may be zero."""


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as P7D or PT30M."""
    found = _DURATION.match(text)
    if not found:
        raise PolicyError(f"not an ISO 8601 duration: {text[:40]!r}", "write it as P7D or PT30M")
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    try:
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise PolicyError(f"too long a duration: {text[:40]!r}", "a limit of years is no limit") from None


class Limits(Struct, frozen=True, kw_only=True):
    """The limits of `[policy]`. Percentages are decimals of deployed capital; defaults are the specification's."""

    drawdown_session_pct: Decimal = Decimal("1.0")
    drawdown_rolling_pct: Decimal = Decimal("3.0")
    drawdown_rolling_sessions: int = 5
    token_overrun_factor: Decimal = Decimal(5)
    tokens_planned: int = 0
    cost_planned: Decimal = Decimal(0)
    thesis_grace: timedelta = timedelta(0)
    decay_window: timedelta = timedelta(days=7)
    decay_window_quote: timedelta | None = None
    decay_window_filing: timedelta | None = None
    meeting_due_hours: int = 72
    reconvene_days: int = 7
    fix_shown_days: int = 0


class Policy(Struct, frozen=True, kw_only=True):
    """Limits for everybody, overrides per `trading.strategy.id`, knobs per mode slug, tiers of models."""

    limits: Limits = Limits()
    strategies: Mapping[str, Limits] = {}
    knobs: Mapping[str, Mapping[str, Any]] = {}
    model_tiers: Mapping[str, int] = {}

    def of(self, strategy_id: str) -> Limits:
        """Return the limits that hold for a strategy; the general ones when it has none of its own."""
        return self.strategies.get(strategy_id, self.limits)


_TABLES = frozenset({"strategy", "mode", "model_tiers", "language"})
_TIERS: Mapping[str, int] = {
    **dict.fromkeys(("small", "low", "weak", "cheap", "fast"), 1),
    **dict.fromkeys(("medium", "mid", "standard"), 2),
    **dict.fromkeys(("large", "high", "strong"), 3),
    "frontier": 4,
}
"""Words for tiers in `[policy.model_tiers]`, beside plain numbers."""
_TOP = ("policy", "house", "web")
_FIELDS = {field.name: field for field in structs.fields(Limits)}


def unknown_key(key: str, where: str, known: Iterable[str]) -> PolicyError:
    """Return the error for a key of `[where]` that is not known; its hint is the nearest one that is."""
    near = difflib.get_close_matches(key, list(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"
    return PolicyError(f"unknown key {key[:60]!r} in [{where}]", hint)


def _value(key: str, value: Any, where: str) -> Any:
    kind = str(_FIELDS[key].type)
    wrong = _wrong(key, value, where)
    if "timedelta" in kind:
        if not isinstance(value, str):
            raise wrong
        return duration(value)
    number = _number(value)
    if number is None or not _LEAST.get(key, 0) <= number <= _LARGEST:
        raise wrong
    if "Decimal" in kind:
        return number
    if number != int(number):
        raise wrong
    return int(number)


def _wrong(key: str, value: Any, where: str) -> PolicyError:
    return PolicyError(f"{key} in [{where}] cannot be {str(value)[:60]!r}", "see docs/guide/policy.md for its form")


def _number(value: Any) -> Decimal | None:
    """Read a number, also one written as text; None for what is no finite number of a reasonable size."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(value))
        return number if number.is_finite() and -_LARGEST <= number <= _LARGEST else None
    except (InvalidOperation, ValueError):
        return None


def _knob(key: str, value: Any, default: Any, where: str) -> Any:
    """Return a knob's value in the type of its default; a detector must never meet a text where it adds numbers."""
    if isinstance(default, (int, float, Decimal)) and not isinstance(default, bool):
        number = _number(value)
        if number is None or (isinstance(default, int) and number != int(number)):
            raise _wrong(key, value, where)
        return type(default)(number)
    if isinstance(default, (list, tuple)) and isinstance(value, (list, tuple)):
        return type(default)(value)
    if default is not None and not isinstance(value, Mapping if isinstance(default, Mapping) else type(default)):
        raise _wrong(key, value, where)
    return value


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"[{where}] is not a table", f"write [{where}] on a line of its own")
    return value


def _limits(table: Mapping[str, Any], where: str, base: Limits) -> Limits:
    changes = {}
    for key, value in table.items():
        if key not in _FIELDS:
            raise unknown_key(key, where, _FIELDS)
        changes[key] = _value(key, value, where)
    return structs.replace(base, **changes)


def _knobs(tables: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for slug, part in tables.items():
        where = f"policy.mode.{slug}"
        if slug not in known:
            raise unknown_key(slug, "policy.mode", known)
        for key in _table(part, where):
            if key not in known[slug]:
                raise unknown_key(key, where, known[slug])
        found[slug] = {key: _knob(key, value, known[slug][key], where) for key, value in part.items()}
    return found


def _model_tiers(table: Mapping[str, Any]) -> dict[str, int]:
    """Read `[policy.model_tiers]`: a model and its tier, or a tier and its models; a tier is a number or a word."""
    where = "policy.model_tiers"
    found: dict[str, int] = {}
    for key, value in table.items():
        if isinstance(value, (list, tuple)):
            if not all(isinstance(name, str) and name for name in value):
                raise _wrong(key, value, where)
            found |= dict.fromkeys(value, _tier(key, key, where))
        else:
            found[key] = _tier(value, key, where)
    return found


def _tier(value: Any, key: str, where: str) -> int:
    word = _TIERS.get(value.strip().lower()) if isinstance(value, str) else None
    number = Decimal(word) if word is not None else _number(value)
    if number is None or number != int(number) or not 0 <= number <= _LARGEST:
        raise _wrong(key, value, where)
    return int(number)


def parses_language(document: Mapping[str, Any]) -> bool:
    """Read `[policy.language] nlp` of a parsed `afterbell.toml`: whether language is judged with a parser too.

    Raises PolicyError for another key or what is neither true nor false.
    """
    where = "policy.language"
    table = _table(_table(document.get("policy", {}), "policy").get("language", {}), where)
    for key, value in table.items():
        if key != "nlp":
            raise unknown_key(key, where, ("nlp",))
        if not isinstance(value, bool):
            raise _wrong(key, value, where)
    return bool(table.get("nlp", False))


def from_mapping(document: Mapping[str, Any], known_knobs: Mapping[str, Mapping[str, Any]]) -> Policy:
    """Read a parsed `afterbell.toml`. `known_knobs` maps each mode's slug to its KNOBS (names and defaults).

    Raises PolicyError for an unknown key, a wrong type or a value out of range.
    """
    for key in document:
        if key not in _TOP:
            raise unknown_key(key, "top level", _TOP)
    table = _table(document.get("policy", {}), "policy")
    plain = {key: value for key, value in table.items() if key not in _TABLES}
    limits = _limits(plain, "policy", Limits())
    strategies = {
        name: _limits(_table(part, f"policy.strategy.{name}"), f"policy.strategy.{name}", limits)
        for name, part in _table(table.get("strategy", {}), "policy.strategy").items()
    }
    knobs = _knobs(_table(table.get("mode", {}), "policy.mode"), known_knobs)
    tiers = _model_tiers(_table(table.get("model_tiers", {}), "policy.model_tiers"))
    parses_language(document)
    return Policy(limits=limits, strategies=strategies, knobs=knobs, model_tiers=tiers)
