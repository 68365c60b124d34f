"""Dedup failure: copies of one story counted as independent support.

What it asks
    Did the research take in many copies of the same story, so that repetition passed for confirmation?

Why it matters
    One wire story is reprinted by dozens of sites within the hour. A model that reads twelve headlines sees twelve
    witnesses where there was one, and its conviction grows with each. Nothing in the answer shows it.

How it looks
    Documents, and articles in tool results, are put into clusters: equal canonical URL (tracking parameters and
    fragments dropped), equal text, Jaccard index of 3-word shingles >= 0.5, or >= 0.85 of the shorter text contained in
    the longer. Yes when items per cluster exceed `limit` (2.0); when one cluster of at least `copies` (3) items is more
    than half of all; or when at least `repeats` (5) items are copies under the headline or address of an earlier one
    and make up a quarter of all (0 switches this clause off). The same item from several searches counts each time, a
    repeated history does not. Copies that were removed before the prompt, or an output that says it counted the story
    once, are no fault. Passages of one document are not copies of each other. One document is never too many.
    No documents: not applicable. Documents without text, headline or address, or none and a prompt that was not kept:
    unknown.

What would prevent it
    Clusters formed before the prompt, with one text and the number of outlets for each; conviction tied to the number
    of independent sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from afterbell.model.calls import ROLLUP
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import Answer, ContentState
from afterbell.reading.news.items import NewsItem, Reading, in_prompts, read
from afterbell.reading.news.near_duplicates import canonical_url, canonical_words, clusters
from afterbell.reading.news.shown import held_in_prompts, said_once

NUMBER = 14
SLUG = "dedup_failure"
QUESTION = (
    "Did the research ingest many copies of the same wire story, so that repetition stood in for independent "
    "confirmation?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS = {"limit": 2.0, "copies": 3, "repeats": 5}

_SHARE_OF_REPEATS = 4  # a quarter of the items
_SHOWN_CLUSTERS, _SHOWN_COPIES = 3, 6


class _Count(Struct, frozen=True, kw_only=True):
    """How many items fall into how many clusters; `largest` is the biggest one.

    `repeats` are copies that come back under a headline or address already seen.
    """

    items: int
    clusters: int
    largest: int
    repeats: int = 0

    @property
    def ratio(self) -> Decimal:
        """Items per cluster, to two digits."""
        return round(Decimal(self.items) / max(1, self.clusters), 2)

    def with_strangers(self, lost: int) -> _Count:
        """Return the count if items that cannot be compared are stories of their own."""
        return _Count(
            items=self.items + lost, clusters=self.clusters + lost, largest=self.largest, repeats=self.repeats
        )

    def with_copies(self, lost: int) -> _Count:
        """Return the count if items that cannot be compared are copies of the most repeated story."""
        return _Count(
            items=self.items + lost, clusters=self.clusters, largest=self.largest + lost, repeats=self.repeats
        )

    @property
    def figures(self) -> dict[str, Any]:
        """The figures as they are reported."""
        return {"items": self.items, "clusters": self.clusters, "ratio": str(self.ratio),
                "largest_cluster": self.largest, "exact_repeats": self.repeats}  # fmt: skip


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the copies side by side, no, na without documents, unknown where they cannot be compared."""
    trace, knobs = case.trace, {**KNOBS, **case.knobs}
    retrieved, pasted = _of_reading(trace, knobs), _of_prompts(trace, knobs)
    found = [each for each in (retrieved, pasted) if each is not None]
    for answer in (Answer.YES, Answer.UNKNOWN):
        told = next((each for each in found if each.answer is answer), None)
        if told is not None:
            return told
    if found:
        return found[0]
    lost = sum(
        call.states.get("input") is not ContentState.CAPTURED for call in trace.calls if call.operation != ROLLUP
    )
    if lost:
        calls = "the model call" if len(trace.calls) == 1 else f"{lost} model calls"
        return unknown("The run retrieved no documents, and prompts that may hold some were not kept.",
                       (f"prompt of {calls}",))  # fmt: skip
    return na("The run used no documents.")


def _of_reading(trace: Trace, knobs: Mapping[str, Any]) -> Suggestion | None:
    """Judge what spans and tools brought; None where they brought nothing."""
    found = read(trace)
    items = found.items
    if not items and not found.missing:
        return None
    groups = clusters([each.item for each in items])
    count = _count(items, groups)
    limit = {"limit": str(knobs["limit"])}
    if not items and found.lost == len(found.missing) == 1:
        return no("The run read one document.", limit)
    if not items:
        return unknown(
            "The documents that the run read were not kept, so that copies cannot be told.", found.missing, limit
        )
    if not _too_many(count.with_strangers(found.lost), knobs):
        return _perhaps(count, found, knobs)
    said = said_once(trace)
    if said is not None:
        return no("The run read copies, and its output says that it counted the story once.",
                  count.figures | limit, (said,))  # fmt: skip
    used = _held(trace, items, groups, count.repeats)
    if used and not any(_too_many(each, knobs) for each in used):
        shown = max(used, key=lambda each: each.items)
        stories = "one story" if shown.clusters == 1 else f"{shown.clusters} stories"
        return no(f"Of {count.items} items read the prompts hold {shown.items} ({stories}): copies were removed before"
                  " the prompt.", count.figures | limit | {"in_prompt": shown.items})  # fmt: skip
    return yes(
        _told(count, knobs), _copies(items, groups), count.figures | limit | _named(items, groups), found.missing
    )


def _perhaps(count: _Count, found: Reading, knobs: Mapping[str, Any]) -> Suggestion:
    """Answer where what can be compared holds no copies in excess: no, or unknown where the rest could tip it."""
    figures = count.figures | {"limit": str(knobs["limit"])}
    if len(found.missing) > bool(found.lost):
        return unknown("Part of what the run read was not kept; the rest holds no copies in excess.",
                       found.missing, figures)  # fmt: skip
    if found.lost and _too_many(count.with_copies(found.lost), knobs):
        return unknown("Some documents have neither text nor headline nor address, and they could be copies.",
                       found.missing, figures)  # fmt: skip
    return no(_clean(count), figures)


def _of_prompts(trace: Trace, knobs: Mapping[str, Any]) -> Suggestion | None:
    """Judge articles that were pasted into prompts, call by call: each call reads its own prompt."""
    judged = []
    for items in in_prompts(trace):
        groups = clusters([each.item for each in items])
        judged.append((_count(items, groups), items, groups))
    if not judged:
        return None
    limit = {"limit": str(knobs["limit"])}
    bad = next((each for each in judged if _too_many(each[0], knobs)), None)
    if bad is None:
        count = max((each[0] for each in judged), key=lambda each: each.ratio)
        return no(_clean(count), count.figures | limit)
    count, items, groups = bad
    said = said_once(trace)
    if said is not None:
        return no("The prompt holds copies, and the output says that it counted the story once.",
                  count.figures | limit, (said,))  # fmt: skip
    return yes(_told(count, knobs), _copies(items, groups), count.figures | limit | _named(items, groups))


def _count(items: Sequence[NewsItem], groups: Sequence[int]) -> _Count:
    sizes = Counter(groups)
    seen: set[tuple[int, object]] = set()
    repeats = 0
    for each, group in zip(items, groups, strict=True):
        keys = {(group, key) for key in (canonical_url(each.item.url), canonical_words(each.item.title)) if key}
        repeats += not keys.isdisjoint(seen)
        seen |= keys
    return _Count(items=len(items), clusters=len(sizes), largest=max(sizes.values(), default=0), repeats=repeats)


def _too_many(count: _Count, knobs: Mapping[str, Any]) -> bool:
    if count.items <= 1:
        return False
    over = count.items > Decimal(str(knobs["limit"])) * count.clusters
    majority = count.largest >= int(knobs["copies"]) and count.largest * 2 > count.items
    least = int(knobs["repeats"])
    repeated = 0 < least <= count.repeats and count.repeats * _SHARE_OF_REPEATS >= count.items
    return over or majority or repeated


def _clean(count: _Count) -> str:
    if count.items == 1:
        return "The run read one document."
    stories = "one story" if count.clusters == 1 else f"{count.clusters} stories"
    return f"{count.items} items are {stories} ({count.ratio} items per story)."


def _told(count: _Count, knobs: Mapping[str, Any]) -> str:
    stories = "one story" if count.clusters == 1 else f"{count.clusters} stories"
    what = f"{count.items} items are {stories} ({count.ratio} copies each, limit {knobs['limit']})"
    if count.largest > 1:
        what += f"; the most repeated stands there {count.largest} times"
    return f"{what}: repetition could pass for independent confirmation."


def _big(groups: Sequence[int]) -> list[int]:
    sizes = Counter(groups)
    return [group for group, size in sorted(sizes.items(), key=lambda each: (-each[1], each[0])) if size > 1]


def _copies(items: Sequence[NewsItem], groups: Sequence[int]) -> tuple[Evidence, ...]:
    found = []
    for group in _big(groups)[:_SHOWN_CLUSTERS]:
        members = [each for each, own in zip(items, groups, strict=True) if own == group]
        found += [each.evidence for each in members[:_SHOWN_COPIES]]
    return tuple(found)


def _named(items: Sequence[NewsItem], groups: Sequence[int]) -> dict[str, Any]:
    sizes = Counter(groups)
    return {"stories": [{"story": items[group].shown, "copies": sizes[group]} for group in _big(groups)[:10]]}


def _held(trace: Trace, items: Sequence[NewsItem], groups: Sequence[int], repeats: int) -> list[_Count]:
    """Count the items again as the prompts hold them: one count for each prompt that holds any copied story."""
    copied = {group for group, size in Counter(groups).items() if size > 1}
    found = []
    for sizes in held_in_prompts(trace, items, groups):
        if any(sizes[group] for group in copied):
            held = [size for size in sizes.values() if size]
            again = min(repeats, sum(held) - len(held))
            found.append(_Count(items=sum(held), clusters=len(held), largest=max(held), repeats=again))
    return found
