"""JSON that stands in a prompt, as words and marks: its keys in one order, and the limits that a schema in it sets.

Two prompts that print one schema with its keys in another order read the same. Text that only looks like JSON (a
template's `{symbol}`, a set in prose) is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

_LIMITS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
                            "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf"})  # fmt: skip
_NEAR = 24  # words and marks within which a schema says the type that a limit belongs to
_DEEPEST = 40
_QUOTE, _ESCAPE = '"', "\\"


class Token(NamedTuple):
    """One word or mark of a text, as compared, with its place; `opens` where a line or sentence begins."""

    said: str
    start: int
    end: int
    opens: bool


def in_key_order(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with the members of each JSON object sorted by key; every token keeps its place in the text."""
    if not any(token.said == "{" for token in tokens):
        return list(tokens)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        ordered, after = _object(tokens, at, 0) if tokens[at].said == "{" else (None, at)
        if ordered is None:
            found.append(tokens[at])
            at += 1
        else:
            found += ordered
            at = after
    return found


def sets_a_limit(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the token is the value of a limit in a JSON schema: `"maximum": 1` beside a `"type"`."""
    key = [token.said for token in tokens[max(0, at - 4) : at]]
    if key[1:2] and key[-1] == ":" and key[-2] == _QUOTE and len(key) > 2 and key[-3] in _LIMITS:  # noqa: PLR2004
        near = [token.said for token in tokens[max(0, at - _NEAR) : at + _NEAR]]
        return any(near[place : place + 3] == [_QUOTE, "type", _QUOTE] for place in range(len(near)))
    return False


def _object(tokens: Sequence[Token], at: int, depth: int) -> tuple[list[Token] | None, int]:
    """Return the object that opens at a token with its members sorted, and what stands after it; None if it is none."""
    members: list[tuple[str, list[Token]]] = []
    commas: list[Token] = []
    here = at + 1
    while depth < _DEEPEST:
        key, member, here = _member(tokens, here, depth)
        if key is None or here >= len(tokens):
            break
        members.append((key, member))
        if tokens[here].said == "}":
            members.sort(key=lambda each: each[0])
            made = [tokens[at]]
            for number, (_key, inside) in enumerate(members):
                made += [commas[number - 1], *inside] if number else inside
            return [*made, tokens[here]], here + 1
        commas.append(tokens[here])
        here += 1
    return None, at


def _member(tokens: Sequence[Token], at: int, depth: int) -> tuple[str | None, list[Token], int]:
    """Return the key of the member that begins at a token, its tokens, and where the comma or brace after it stands."""
    after = _string(tokens, at)
    if after is None or after >= len(tokens) or tokens[after].said != ":":
        return None, [], at
    key = " ".join(token.said for token in tokens[at + 1 : after - 1])
    found, here, brackets = list(tokens[at : after + 1]), after + 1, 0
    while here < len(tokens):
        said = tokens[here].said
        if not brackets and said in {",", "}"}:
            return key, found, here
        inner, end = _object(tokens, here, depth + 1) if said == "{" else (None, here)
        if inner is None and said == _QUOTE:
            end = _string(tokens, here) or here
            inner = list(tokens[here:end]) or None
        if inner is None:
            brackets += (said in {"[", "{"}) - (said in {"]", "}"})
            inner, end = [tokens[here]], here + 1
        found += inner
        here = end
    return None, [], at


def _string(tokens: Sequence[Token], at: int) -> int | None:
    """Return what stands after the string that opens at a token, or None."""
    if at >= len(tokens) or tokens[at].said != _QUOTE:
        return None
    for here in range(at + 1, len(tokens)):
        if tokens[here].said == _QUOTE and tokens[here - 1].said != _ESCAPE:
            return here + 1
    return None
