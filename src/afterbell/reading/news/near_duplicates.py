"""Which texts are copies of one another: canonical addresses, canonical words, shingles, clusters.

Two items are copies when their canonical URLs are equal, their canonical bodies are equal, their sets of 3-word
shingles have a Jaccard index of at least 0.5 (Broder 1997), or nine tenths (0.85) of the shorter one's shingles stand
in the longer one. Scripts that write no spaces (Chinese, Japanese, Thai) are shingled by characters. Passages of one
address whose texts differ are not copies, and a digest that holds several different stories is a copy of none.

Work grows with the length of all texts, not with its square: equal texts meet by hash, the others through an
inverted index whose lists are cut at LONGEST_LIST. It does not judge how many copies are too many.
"""

from __future__ import annotations

import heapq
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

JACCARD = 0.5
CONTAINMENT = 0.85
WIDTH = 3
MAX_WORDS = 4000  # read of one text; a wire story has a few hundred
SHORTEST_CONTAINED = 8  # shingles; below it, being contained in a long text says little
SHORTEST_BODY = 8  # words; below it, equal bodies say little
SHORTEST_TEXT = 4  # words; below it ("10-K", "Update") not even equal texts say anything
LONGEST_LIST = 32  # items an index entry names; who shares only commoner shingles with all others is no copy
CANDIDATES = 24  # texts compared exactly with each text
BUDGET = 1_000_000  # words read of all texts together; many texts are read less far, at least FEWEST words each
FEWEST = 64
PROBE = 8
_PROBED = 2000
_CHARACTERS_A_WORD = 50
_MAX_URL = 4000

_TRACKING = re.compile(
    r"utm_.{1,40}|gaa_.{1,10}|(?:fb|g|dc|y|tw|tt|mscl)cl(?:k)?id|msclkid|gbraid|wbraid|igshid|mc_[ce]id|_hs(?:enc|mi)|wt_mc"
    r"|ref|ref_src|refsrc|referrer|source|src|cmpid|cid|ncid|ocid|smid|spm|guccounter|guce_referrer(?:_sig)?|campaign|mod"
    r"|tsrc|siteid|yptr|feed|feedtype|feedname|rss|partner|via|share|soc_(?:src|trk)|at_(?:medium|campaign)|taid|xtor|amp",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrt])")
_TAG = re.compile(r"<[^<>]{0,400}>")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"')\]]{1,2000}", re.IGNORECASE)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[.,][0-9]+)*")


class Item(Struct, frozen=True, kw_only=True):
    """One text to compare. `body` is its text, `title` its headline, `url` its address; any may be empty."""

    title: str = ""
    body: str = ""
    url: str = ""


class Probe(Struct, frozen=True, kw_only=True):
    """The first words of an item's headline and body, by which it is found again in a longer text."""

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


class _Read(Struct, frozen=True, kw_only=True):
    """What is compared of an item: its address, the hash keys of its words, its shingles."""

    url: str
    body: tuple[str, ...]
    words: tuple[str, ...]
    shingles: frozenset[int]


class _Sets:
    """Disjoint sets of numbers; the smallest member names its set."""

    def __init__(self, size: int) -> None:
        self._up = list(range(size))

    def find(self, one: int) -> int:
        while self._up[one] != one:
            self._up[one] = self._up[self._up[one]]
            one = self._up[one]
        return one

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._up[high] = low


def canonical_url(url: str) -> str:
    """Return an address without scheme, `www.`, fragment, tracking parameters, default page and closing slash.

    What is no web address stays empty: it identifies nothing.
    """
    try:
        parts = urlsplit(url.strip()[:_MAX_URL])
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or "." not in host:
        return ""
    kept = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    path = re.sub(r"/(?:index\.(?:html?|php)|amp)?/?\Z", "", parts.path)
    shown = f":{port}" if port and port not in {80, 443} else ""
    return f"{host}{shown}{path}" + (f"?{urlencode(kept)}" if kept else "")


def canonical_words(text: str, longest: int = MAX_WORDS) -> tuple[str, ...]:
    """Return the words of a text without case, markup, addresses and punctuation; in unspaced scripts its characters.

    At most `longest` words are read, of at most 50 characters on average.
    """
    text = text[: _CHARACTERS_A_WORD * longest]
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    text = unicodedata.normalize("NFKC", text).casefold()
    found = []
    for hit in _WORD.finditer(text):
        found.append(hit.group())
        if len(found) == longest:
            break
    return tuple(found)


def shingles(words: Sequence[str]) -> frozenset[int]:
    """Return the hashes of every run of WIDTH words; of a shorter text the hash of all of it, of none nothing."""
    if not words:
        return frozenset()
    if len(words) < WIDTH:
        return frozenset((hash(tuple(words)),))
    return frozenset(hash(tuple(words[at : at + WIDTH])) for at in range(len(words) - WIDTH + 1))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of common shingles in all shingles of two texts; 0 when either has none."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller text's shingles that the larger one has; 0 for texts too short to tell."""
    small = min(len(one), len(other))
    return len(one & other) / small if small >= SHORTEST_CONTAINED else 0.0


def similar(one: Item, other: Item) -> bool:
    """Tell whether two items alone are copies of one another."""
    return len(set(clusters((one, other)))) == 1


def clusters(items: Sequence[Item]) -> tuple[int, ...]:
    """Return for each item the number of the first item of its cluster; items of one number are copies.

    An item of fewer than SHORTEST_TEXT words joins others by its address alone.
    """
    longest = min(MAX_WORDS, max(FEWEST, BUDGET // max(1, len(items))))
    read = [_read(item, longest) for item in items]
    sets = _Sets(len(items))
    distinct = _join_equal(read, sets)
    _join_similar(read, distinct, sets)
    _join_addresses(read, sets)
    return tuple(sets.find(number) for number in range(len(items)))


def probe(item: Item) -> Probe:
    """Return what finds an item again: PROBE words of headline and body, nothing where they are too short."""
    title, body = canonical_words(item.title, PROBE), canonical_words(item.body[:_PROBED], PROBE)
    return Probe(title=title if len(title) >= SHORTEST_TEXT else (), body=body if len(body) >= SHORTEST_TEXT else ())


def places(wanted: Iterable[tuple[str, ...]], text: str) -> Counter[tuple[str, ...]]:
    """Count how often each run of words stands in a text. Linear: one pass for each length that occurs."""
    by_length: dict[int, set[tuple[str, ...]]] = {}
    for run in wanted:
        by_length.setdefault(len(run), set()).add(run)
    words = canonical_words(_ESCAPE.sub(_plain, text), BUDGET)
    found: Counter[tuple[str, ...]] = Counter()
    for length, runs in by_length.items():
        for at in range(len(words) - length + 1):
            here = words[at : at + length]
            if here in runs:
                found[here] += 1
    return found


def _plain(hit: re.Match[str]) -> str:
    """Return what a JSON escape stands for, a space for a line's end."""
    return chr(int(hit.group(1), 16)) if hit.group(1) else " "


def _read(item: Item, longest: int) -> _Read:
    body = canonical_words(item.body, longest)
    words = (canonical_words(item.title, longest) + body)[:longest]
    return _Read(url=canonical_url(item.url), body=body, words=words, shingles=shingles(words))


def _join_equal(read: Sequence[_Read], sets: _Sets) -> list[int]:
    """Join items with equal words or equal bodies; return one number of each text that differs from the others."""
    first: dict[tuple[str, ...], int] = {}
    bodies: dict[tuple[str, ...], int] = {}
    distinct = []
    for number, each in enumerate(read):
        if len(each.words) < SHORTEST_TEXT:
            continue
        known = first.setdefault(each.words, number)
        sets.join(known, number)
        if known == number:
            distinct.append(number)
        if len(each.body) >= SHORTEST_BODY:
            sets.join(bodies.setdefault(each.body, number), number)
    return distinct


def _join_similar(read: Sequence[_Read], distinct: Sequence[int], sets: _Sets) -> None:
    """Join texts by Jaccard index, then the shorter ones that stand within a longer one of the same story."""
    index: dict[int, list[int]] = {}
    within: dict[int, list[int]] = {}
    for number in distinct:
        mine = read[number].shingles
        shared: Counter[int] = Counter()
        for shingle in mine:
            listed = index.setdefault(shingle, [])
            shared.update(listed)
            if len(listed) < LONGEST_LIST:
                listed.append(number)
        for other, _ in heapq.nsmallest(CANDIDATES, shared.items(), key=_most_shared):
            theirs = read[other].shingles
            if jaccard(mine, theirs) >= JACCARD:
                sets.join(number, other)
            elif containment(mine, theirs) >= CONTAINMENT:
                short, long = sorted((number, other), key=lambda each: len(read[each].shingles))
                within.setdefault(long, []).append(short)
    for long, parts in within.items():
        # A morning digest holds many stories word for word: it is a copy of none of them.
        if len({sets.find(part) for part in parts}) == 1:
            sets.join(long, parts[0])


def _most_shared(found: tuple[int, int]) -> tuple[int, int]:
    number, shared = found
    return -shared, number


def _join_addresses(read: Sequence[_Read], sets: _Sets) -> None:
    """Join items of one address unless both have a text and the texts differ (passages of one document)."""
    by_url: dict[str, list[int]] = {}
    for number, each in enumerate(read):
        if "/" in each.url or "?" in each.url:  # the front page of a site is no story
            by_url.setdefault(each.url, []).append(number)
    for numbers in by_url.values():
        told = next((number for number in numbers if len(read[number].body) >= SHORTEST_BODY), numbers[0])
        for number in numbers:
            if len(read[number].body) < SHORTEST_BODY:
                sets.join(told, number)
