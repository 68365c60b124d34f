"""Finds text that people do not see and a model reads, and reads it.

Tag characters, zero-width and bidi tricks, look-alike letters, base64, HTML comments and invisible styles count. Flag
emoji, joiners in emoji and in Persian or Indic words, marks of direction in Hebrew or Arabic text, soft hyphens and
byte order marks are normal. It does not judge what the hidden text says: `instructions` does.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import disarm
from msgspec import Struct

from afterbell.reading.views import View, rewritten

_ODD = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uff01-\uff5e\uffa0\U0001d400-\U0001d7ff\U000e0000-\U000e01ef\u0370-\u052f\u13a0-\u13f5\u2100-\u214f\u24b6-\u24e9]"
)
_TAGS = re.compile("[\U000e0001\U000e0020-\U000e007f]{1,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_ZERO = "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u180e\ufeff"
_LATIN = "A-Za-z\u00c0-\u024f"
_BETWEEN = re.compile(f"(?<=[{_LATIN}])[\u200b\u200c\u200d\u2060-\u2064\u180e]{{1,}}(?=[{_LATIN}])")
_RUN = re.compile(f"[{_ZERO}]{{4,}}")
_TURNED = re.compile("[\u202d\u202e\u2066\u2067]([^\u202c\u2069\n]{1,400})")
_UNSEEN = re.compile(
    f"[{_ZERO}\u00ad\u034f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\u3164\U000e0000-\U000e01ef]{{1,}}"
)
_FLAG = "\U0001f3f4"
_WORD = re.compile("[A-Za-z\u0370-\u052f\u13a0-\u13f5]{2,64}")
_WIDE = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff\u24b6-\u24e9\u2100-\u214f]{1,400}")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])(?<!==)[A-Za-z0-9+/_-]{32,16384}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){24,8192}(?![0-9A-Za-z])")
_ENTITIES = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,15})\b([^<>]{0,600})>")
_INVISIBLE = re.compile(
    r"(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}(?:hidden|collapse)"
    r"|opacity\s{0,3}:\s{0,3}0(?:\.0{1,3})?\s{0,3}[;\"'}]"
    r"|font-size\s{0,3}:\s{0,3}0?\.?[01](?:px|pt|em|rem|%)?\s{0,3}[;\"'!}]"
    r"|(?<![-\w])color\s{0,3}[:=]\s{0,3}[\"']?(?:#f{3}(?:f{3})?\b|white\b|transparent"
    r"|rgba?\(\s{0,2}255\s{0,2},\s{0,2}255\s{0,2},"
    r"\s{0,2}255|rgba\([^)]{1,30},\s{0,2}0\s{0,2}\))"
    r"|text-indent\s{0,3}:\s{0,3}-\d{3,5}|(?:left|top)\s{0,3}:\s{0,3}-\d{3,5}"
    r"|(?<![-\w])(?:max-)?height\s{0,3}:\s{0,3}0(?:px)?\s{0,3}[;\"']"
    r"|clip\s{0,3}:\s{0,3}rect\(0|(?<![-\w])hidden(?:\s|=|$)|aria-hidden\s{0,3}=\s{0,3}[\"']?true)",
    re.IGNORECASE,
)
_VOID = {"img", "br", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"}
_ASIDE = re.compile(r"\[(?://|comment)\]\s{0,3}:\s{0,3}(?:#|<>)\s{0,3}[(\"']([^\n]{1,2000})[)\"']", re.IGNORECASE)
_LONGEST = 20_000
_PRINTABLE = 0.9
_GREEK = re.compile("[\u0370-\u03ff]")
_SYMBOL = 3
_FEWEST_TAGS = 3
_FEWEST_WORDS = 2


class Disguise(StrEnum):
    """How a text is hidden."""

    TAGS = "tag characters"
    SELECTORS = "variation selectors"
    ZERO_WIDTH = "zero-width characters inside words"
    BIDI = "reversed direction over Latin text"
    HOMOGLYPHS = "look-alike letters"
    BASE64 = "base64"
    HEX = "hexadecimal"
    COMMENT = "a comment"
    STYLE = "an invisible style"


ALONE = frozenset({Disguise.TAGS, Disguise.SELECTORS, Disguise.ZERO_WIDTH, Disguise.BIDI})
"""Disguises that nothing honest needs; the others count only for what they hide."""


class Hidden(Struct, frozen=True, kw_only=True):
    """One hidden text: how it is hidden, where it stands in the given view, and what it says."""

    disguise: Disguise
    start: int
    end: int
    text: str


def hidden(seen: View) -> tuple[Hidden, ...]:
    """Return the hidden texts of a view in order of place. Any text is accepted; work is linear in its length."""
    text = seen.text
    found: list[Hidden] = []
    if not text.isascii() and _ODD.search(text):
        found += [*_tagged(text), *_selected(text), *_zero_width(text), *_reversed(text)]
    found += [*_encoded(text), *_comments(text), *_unseen(text)]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def visible(seen: View) -> View:
    """Return the view with unseen characters gone, look-alike and wide letters as the plain ones, entities as text.

    The very same view comes back when there is nothing to change.
    """
    found = seen
    if "&" in found.text and _ENTITIES.search(found.text):
        found = rewritten(found, _ENTITIES, lambda match: html.unescape(match[0]))
    if not found.text.isascii() and _ODD.search(found.text):
        found = rewritten(found, _UNSEEN, lambda _: "")
        found = rewritten(found, _WIDE, lambda match: unicodedata.normalize("NFKC", match[0]))
        found = rewritten(found, _WORD, _latin)
    return found


def mixed_words(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of words that mix Latin letters with letters that only look like them."""
    if text.isascii():
        return ()
    return tuple(match.span() for match in _WORD.finditer(text) if _latin(match) != match[0])


def _latin(match: re.Match[str]) -> str:
    """Return a mixed word in Latin letters; words of one script, and mixtures that do not become Latin, stay."""
    word = match[0]
    return word if word.isascii() else _plain(word)


@cache
def _alike(letter: str) -> str:
    changed = str(disarm.normalize_confusables(letter))
    return changed if len(changed) == 1 and changed.isascii() and changed.isalpha() else ""


def _plain(word: str) -> str:
    if not any(letter.isascii() for letter in word) or (len(word) <= _SYMBOL and _GREEK.search(word)):
        return word
    changed = [letter if letter.isascii() else _alike(letter) for letter in word]
    return "".join(changed) if all(changed) else word


def _tagged(text: str) -> Iterator[Hidden]:
    for match in _TAGS.finditer(text):
        said = "".join(chr(ord(each) - 0xE0000) for each in match[0] if 0xE0020 <= ord(each) < 0xE007F)  # noqa: PLR2004 - the block
        flag = text[match.start() - 1 : match.start()] == _FLAG and len(said) <= 6  # noqa: PLR2004 - a region's code
        if not flag and len(said) >= _FEWEST_TAGS:
            yield Hidden(disguise=Disguise.TAGS, start=match.start(), end=match.end(), text=said)


def _selected(text: str) -> Iterator[Hidden]:
    for match in _SELECTORS.finditer(text):
        data = bytes(
            ord(each) - 0xFE00 if ord(each) < 0x10000 else ord(each) - 0xE0100 + 16  # noqa: PLR2004 - two blocks
            for each in match[0]
        )
        said = _printed(data)
        if said:
            yield Hidden(disguise=Disguise.SELECTORS, start=match.start(), end=match.end(), text=said)


def _zero_width(text: str) -> Iterator[Hidden]:
    for match in _BETWEEN.finditer(text):
        start, end = match.start(), match.end()
        while start and text[start - 1].isalpha() and match.start() - start < 40:  # noqa: PLR2004 - a word's length
            start -= 1
        while end < len(text) and (text[end].isalpha() or text[end] in _ZERO) and end - match.end() < 40:  # noqa: PLR2004 - a word's length
            end += 1
        said = _UNSEEN.sub("", text[start:end])
        yield Hidden(disguise=Disguise.ZERO_WIDTH, start=start, end=end, text=said)
    for match in _RUN.finditer(text):
        yield Hidden(disguise=Disguise.ZERO_WIDTH, start=match.start(), end=match.end(), text="")


def _reversed(text: str) -> Iterator[Hidden]:
    for match in _TURNED.finditer(text):
        said = match[1]
        letters = [each for each in said if each.isalpha()]
        latin = sum(each < "\u0250" for each in letters)
        if latin >= 4 and latin * 2 > len(letters):  # noqa: PLR2004 - most letters, and more than an abbreviation
            turned = text[match.start()] in "\u202e\u2067"
            if turned:
                yield Hidden(disguise=Disguise.BIDI, start=match.start(), end=match.end(), text=said[::-1])


def _encoded(text: str) -> Iterator[Hidden]:
    for match in _BASE64.finditer(text):
        said = _printed(_decoded(match[0]))
        if said and " " in said:
            yield Hidden(disguise=Disguise.BASE64, start=match.start(), end=match.end(), text=said)
    for match in _HEX.finditer(text):
        said = _printed(bytes.fromhex(match[0]))
        if said and " " in said:
            yield Hidden(disguise=Disguise.HEX, start=match.start(), end=match.end(), text=said)


def _decoded(said: str) -> bytes:
    plain = said.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _printed(data: bytes) -> str:
    """Return the bytes as text when they are one: UTF-8 (or UTF-16) and mostly printable."""
    for coding in ("utf-8", "utf-16-le"):
        try:
            said = data.decode(coding)
        except UnicodeDecodeError:
            continue
        plain = sum(each.isprintable() or each in "\n\t\r" for each in said)
        if said and plain >= _PRINTABLE * len(said) and (coding == "utf-8" or said.isascii()):
            return said
    return ""


def _comments(text: str) -> Iterator[Hidden]:
    place = text.find("<!--")
    while place >= 0:
        end = text.find("-->", place + 4)
        if end < 0:
            end = len(text)
        said = text[place + 4 : min(end, place + _LONGEST)].strip()
        if said and not said.startswith("["):
            yield Hidden(disguise=Disguise.COMMENT, start=place, end=min(end + 3, len(text)), text=said)
        place = text.find("<!--", end)
    if "]:" in text:
        for match in _ASIDE.finditer(text):
            yield Hidden(disguise=Disguise.COMMENT, start=match.start(1), end=match.end(1), text=match[1])


def _unseen(text: str) -> Iterator[Hidden]:
    done = 0
    for match in _TAG.finditer(text):
        if match.start() < done or match[1].lower() in _VOID or not _INVISIBLE.search(match[2]):
            continue
        end = text.find(f"</{match[1]}", match.end(), match.end() + _LONGEST)
        end = min(len(text), match.end() + _LONGEST) if end < 0 else end
        said = re.sub(r"<[^<>]{0,600}>", " ", text[match.end() : end]).strip()
        done = end
        if len(said.split()) >= _FEWEST_WORDS or len(said) > 20:  # noqa: PLR2004 - Chinese has no spaces
            yield Hidden(disguise=Disguise.STYLE, start=match.end(), end=end, text=said)
