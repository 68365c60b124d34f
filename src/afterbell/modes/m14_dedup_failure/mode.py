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
    No documents: not applicable. Documents without text, headline or address: unknown.

What would prevent it
    Clusters formed before the prompt, with one text and the number of outlets for each; conviction tied to the number
    of independent sources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from afterbell.model.calls import PartKind
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.reading.near_duplicates import Probe, canonical_url, canonical_words, clusters, places, probe
from afterbell.reading.news_items import NewsItem, in_prompt, read

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
_LONGEST_OUTPUT = 100_000
_ONCE = re.compile(
    r"\b(?:count(?:ed|ing)?|treat(?:ed|ing)?|weigh(?:ed|ing|t)?|consider(?:ed|ing)?)\b[^.\n]{0,60}?"
    r"\b(?:once|(?:as|to be) (?:a single|one)(?: \w{1,20}){0,2} (?:source|story|item|report|confirmation|data ?point)"
    r"|as one(?! of\b))\b"
    r"|\bone (?:underlying |original |independent |wire )?(?:story|source|report|release)[^.\n]{0,40}"
    r"\b(?:not|rather than) (?:\w{1,12} )?independent"
    r"|\b(?:copies|duplicates|reprints|syndicated (?:copies|versions|reprints))[^.\n]{0,60}"
    r"\b(?:removed|dropped|ignored|discarded|merged|collapsed|not (?:independent|counted))\b"
    r"|\b(?:removed|dropped|ignor(?:ed|ing)|discarded|merged|collapsed)\b[^.\n]{0,40}\b(?:copies|duplicates|reprints)\b"
    r"|\bde-?duplicat(?:ed|ing)\b|\u540c\u4e00(?:\u7bc7|\u6761|\u5219)?(?:\u65b0\u95fb|\u62a5\u9053|\u6765\u6e90)[^\u3002\n]{0,20}\u4e00\u6b21",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:stor(?:y|ies)|wires?|reports?|articles?|releases?|sources?|news|cop(?:y|ies)|headlines?|items?|duplicates"
    r"|reprints)\b|[\u65b0\u62a5][\u95fb\u9053]",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|no|without|cannot|unable to|failed to|should have)\b[^.\n]{0,30}\Z", re.IGNORECASE
)


class _Count(Struct, frozen=True, kw_only=True):
    """How many items fall into how many clusters; `largest` is the biggest cluster; `repeats` are copies that come
    back under a headline or address already seen."""

    items: int
    clusters: int
    largest: int
    repeats: int = 0

    @property
    def ratio(self) -> Decimal:
        """Items per cluster, to two digits."""
        return round(Decimal(self.items) / max(1, self.clusters), 2)

    @property
    def figures(self) -> dict[str, Any]:
        """The figures as they are reported."""
        return {"items": self.items, "clusters": self.clusters, "ratio": str(self.ratio),
                "largest_cluster": self.largest, "exact_repeats": self.repeats}  # fmt: skip


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the copies side by side, no, na without documents, unknown where they cannot be compared."""
    trace, knobs = case.trace, {**KNOBS, **case.knobs}
    found = read(trace)
    if not found.items and not found.missing:
        return _of_prompts(trace, knobs)
    items = found.items
    groups = clusters([each.item for each in items])
    count = _count(items, groups)
    limit = {"limit": str(knobs["limit"])}
    if not items and found.lost == len(found.missing) == 1:
        return no("The run read one document.", limit)
    if not items:
        return unknown(
            "The documents that the run read were not kept, so that copies cannot be told.", found.missing, limit
        )
    worst = _Count(items=count.items + found.lost, clusters=count.clusters + found.lost, largest=count.largest,
                   repeats=count.repeats)  # fmt: skip
    if not _too_many(worst, knobs):
        if found.missing and len(found.missing) > bool(found.lost):
            return unknown("Part of what the run read was not kept; the rest holds no copies in excess.",
                           found.missing, count.figures | limit)  # fmt: skip
        most = _Count(items=count.items + found.lost, clusters=count.clusters, largest=count.largest + found.lost,
                      repeats=count.repeats)  # fmt: skip
        if found.lost and _too_many(most, knobs):
            return unknown("Some documents have neither text nor headline nor address, and they could be copies.",
                           found.missing, count.figures | limit)  # fmt: skip
        return no(_clean(count), count.figures | limit)
    said = _said_once(trace)
    if said is not None:
        return no("The run read copies, and its output says that it counted the story once.",
                  count.figures | limit, (said,))  # fmt: skip
    used = _in_prompts(trace, items, groups)
    if used and not any(_too_many(each, knobs) for each in used):
        shown = max(used, key=lambda each: each.items)
        return no(f"Of {count.items} items read, the prompts hold {shown.items} in {shown.clusters} clusters: copies "
                  "were removed before the prompt.", count.figures | limit | {"in_prompt": shown.items})  # fmt: skip
    return yes(
        _told(count, knobs), _copies(items, groups), count.figures | limit | _named(items, groups), found.missing
    )


def _of_prompts(trace: Trace, knobs: Mapping[str, Any]) -> Suggestion:
    """Judge articles that were pasted into prompts, call by call: each call reads its own prompt."""
    judged = []
    for call in trace.calls:
        items = in_prompt(trace, call)
        if items:
            groups = clusters([each.item for each in items])
            judged.append((_count(items, groups), items, groups))
    limit = {"limit": str(knobs["limit"])}
    if not judged:
        return na("The run used no documents.")
    bad = next((each for each in judged if _too_many(each[0], knobs)), None)
    if bad is None:
        count = max((each[0] for each in judged), key=lambda each: each.ratio)
        return no(_clean(count), count.figures | limit)
    count, items, groups = bad
    said = _said_once(trace)
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


def _said_once(trace: Trace) -> Evidence | None:
    """Return where an output says that copies were counted once; "could not be deduplicated" does not say it."""
    for call in trace.calls:
        for _message, part, source in trace.parts(call.output):
            if part.kind is not PartKind.TEXT:
                continue
            for hit in _ONCE.finditer(part.text, 0, _LONGEST_OUTPUT):
                around = part.text[max(0, hit.start() - 60) : hit.end() + 60]
                if _STORY.search(around) and not _DENIED.search(part.text[max(0, hit.start() - 60) : hit.start()]):
                    return Evidence(
                        trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=hit.group(),
                        start=hit.start(), end=hit.end(),
                    )  # fmt: skip
    return None


def _in_prompts(trace: Trace, items: Sequence[NewsItem], groups: Sequence[int]) -> list[_Count]:
    """Count the items again as the prompts hold them: one count for each call whose prompt holds any of them."""
    probes = [probe(each.item) for each in items]
    wanted = {run for each in probes for run in (each.title, each.body) if run}
    of_message = {sha: places(wanted, message.text) for sha, message in trace.messages.items()
                  if message.role != "assistant"}  # fmt: skip
    return [count for found in _prompts(trace, of_message) if (count := _as_held(found, probes, groups)) is not None]


def _prompts(
    trace: Trace, of_message: Mapping[str, Counter[tuple[str, ...]]]
) -> Iterator[Counter[tuple[str, ...]]]:  # fmt: skip
    """Yield what each call's prompt holds, and what all tool messages hold together (each message once)."""
    tools: Counter[tuple[str, ...]] = Counter()
    for sha, found in of_message.items():
        if trace.messages[sha].role == "tool":
            tools.update(found)
    yield tools
    for call in trace.calls:
        total: Counter[tuple[str, ...]] = Counter()
        for ref in (*call.system, *call.input):
            total.update(of_message.get(ref.sha256, {}))
        yield total


def _as_held(
    found: Counter[tuple[str, ...]], probes: Sequence[Probe], groups: Sequence[int]
) -> _Count | None:  # fmt: skip
    bodies: dict[int, set[tuple[str, ...]]] = {}
    titles: dict[int, set[tuple[str, ...]]] = {}
    for each, group in zip(probes, groups, strict=True):
        bodies.setdefault(group, set()).add(each.body)
        titles.setdefault(group, set()).add(each.title)
    sizes = {
        group: max(sum(found[run] for run in bodies[group] if run), sum(found[run] for run in titles[group] if run))
        for group in bodies
    }
    held = [size for size in sizes.values() if size]
    copied = {group for group, size in Counter(groups).items() if size > 1}
    if not any(sizes[group] for group in copied):
        return None
    return _Count(items=sum(held), clusters=len(held), largest=max(held))
