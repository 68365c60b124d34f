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

_DURATION = re.compile(r"P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z", re.ASCII)


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as P7D or PT30M."""
    found = _DURATION.match(text)
    if not found:
        raise PolicyError(f"not an ISO 8601 duration: {text[:40]!r}", "write it as P7D or PT30M")
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


class Limits(Struct, frozen=True, kw_only=True):
    """The limits of `[policy]`. Percentages are decimals of deployed capital; defaults are the specification's."""

    drawdown_session_pct: Decimal = Decimal("1.0")
    drawdown_rolling_pct: Decimal = Decimal("3.0")
    drawdown_rolling_sessions: int = 5
    token_overrun_factor: Decimal = Decimal(5)
    tokens_planned: int = 0
    thesis_grace: timedelta = timedelta(0)
    decay_window: timedelta = timedelta(days=7)
    decay_window_quote: timedelta | None = None
    decay_window_filing: timedelta | None = None
    meeting_due_hours: int = 72
    reconvene_days: int = 7


class Policy(Struct, frozen=True, kw_only=True):
    """Limits for everybody, overrides per `trading.strategy.id`, knobs per mode slug."""

    limits: Limits = Limits()
    strategies: Mapping[str, Limits] = {}
    knobs: Mapping[str, Mapping[str, Any]] = {}

    def of(self, strategy_id: str) -> Limits:
        """Return the limits that hold for a strategy; the general ones when it has none of its own."""
        return self.strategies.get(strategy_id, self.limits)


_FIELDS = {field.name: field for field in structs.fields(Limits)}


def _unknown_key(key: str, where: str, known: Iterable[str]) -> PolicyError:
    near = difflib.get_close_matches(key, list(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"
    return PolicyError(f"unknown key {key!r} in [{where}]", hint)


def _value(key: str, value: Any, where: str) -> Any:
    kind = str(_FIELDS[key].type)
    wrong = PolicyError(f"{key} in [{where}] cannot be {value!r}", "see docs/guide/policy.md for its form")
    if isinstance(value, bool):
        raise wrong
    if "timedelta" in kind:
        if not isinstance(value, str):
            raise wrong
        return duration(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite() or number < 0:
        raise wrong
    if "Decimal" in kind:
        return number
    if number != number.to_integral_value():
        raise wrong
    return int(number)


def _limits(table: Mapping[str, Any], where: str, base: Limits) -> Limits:
    changes = {}
    for key, value in table.items():
        if key not in _FIELDS:
            raise _unknown_key(key, where, _FIELDS)
        changes[key] = _value(key, value, where)
    return structs.replace(base, **changes)


def from_mapping(document: Mapping[str, Any], known_knobs: Mapping[str, Mapping[str, Any]]) -> Policy:
    """Read a parsed `afterbell.toml`. `known_knobs` maps each mode's slug to its KNOBS (names and defaults).

    Raises PolicyError for an unknown key, a wrong type or a value out of range.
    """
    for key in document:
        if key not in {"policy", "house"}:
            raise _unknown_key(key, "top level", ("policy", "house"))
    table = document.get("policy", {})
    if not isinstance(table, Mapping):
        raise PolicyError("[policy] is not a table", "write [policy] on a line of its own")
    plain = {key: value for key, value in table.items() if key not in {"strategy", "mode", "model_tiers"}}
    limits = _limits(plain, "policy", Limits())
    strategies = {
        name: _limits(part, f"policy.strategy.{name}", limits) for name, part in table.get("strategy", {}).items()
    }
    knobs: dict[str, Mapping[str, Any]] = {}
    for slug, part in table.get("mode", {}).items():
        if slug not in known_knobs:
            raise _unknown_key(slug, "policy.mode", known_knobs)
        for key in part:
            if key not in known_knobs[slug]:
                raise _unknown_key(key, f"policy.mode.{slug}", known_knobs[slug])
        knobs[slug] = dict(part)
    return Policy(limits=limits, strategies=strategies, knobs=knobs)
