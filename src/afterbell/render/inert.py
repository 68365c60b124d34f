r"""Text that stays text: hostile content shown in Markdown so that nothing in it acts, and read back byte-equal.

A backslash stands before what Markdown, HTML or the form would act on; a character that cannot be seen is written
as its number, `\u{202E}`. It redacts nothing and judges nothing.
"""

from __future__ import annotations

import re
import unicodedata

_ACTIVE = frozenset("\\`<>[]")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_AUTOLINK = re.compile(r"(?<=:)/(?=/)|(?i:(?<=www))\.")
_LINE_START = re.compile(r"([-#+*=~|:])|(\d{1,9})([.)])")
_ESCAPE = re.compile(r"\\u\{([0-9A-Fa-f]{1,6})\}|\\([!-/:-@\[-`{-~])")
_SOFT_BREAK = re.compile(r"(?<=\S)(\n{1,2})(?=\S)")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def hidden(character: str) -> bool:
    """Tell whether a character cannot be seen as itself: controls, bidi marks, fillers, odd spaces, unassigned."""
    if character == " ":
        return False
    return unicodedata.category(character) in _HIDDEN or _UNSEEN.match(character) is not None


def number(character: str) -> str:
    r"""Return the visible form of any character, `\u{A}` for a line feed."""
    return f"\\u{{{ord(character):X}}}"


def line(text: str, *, also: str = "", links: bool = False) -> str:
    """Return `text` on one line; `also` are further characters to disarm, `links` leaves https:// clickable.

    `free(line(text)) == text` for every text, also after an editor strips or pads the ends of the line.
    """
    active = _ACTIVE | set(also)
    body = text.strip(" ")
    head = len(text) - len(text.lstrip(" ")) if body else len(text)
    tail = len(text) - head - len(body)
    acting = set() if links else {match.start() for match in _AUTOLINK.finditer(body)}
    acting |= {match.start() for match in _ENTITY.finditer(body)}
    shown = []
    for place, character in enumerate(body):
        if hidden(character):
            shown.append(number(character))
        else:
            shown.append("\\" + character if character in active or place in acting else character)
    return number(" ") * head + "".join(shown) + number(" ") * tail


def block(text: str) -> str:
    """Return `text` with its line breaks kept where they survive an editor; no line of it opens Markdown structure."""
    parts = _SOFT_BREAK.split(text)
    return "".join(part if index % 2 else _plain_start(line(part)) for index, part in enumerate(parts))


def free(shown: str) -> str:
    """Return the text that `line` or `block` showed; a backslash before anything else is itself."""
    return _ESCAPE.sub(_one, shown)


def _plain_start(shown: str) -> str:
    if not (start := _LINE_START.match(shown)):
        return shown
    cut = start.start() if start[1] else start.end() - 1
    return shown[:cut] + "\\" + shown[cut:]


def _one(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if code < 0x110000 else match[0]  # noqa: PLR2004 - one past the last code point
