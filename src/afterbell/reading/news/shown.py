"""What the model was shown of copies, and what it said of them: items found again in prompts, "counted once".

It does not say how many copies are too many.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from afterbell.model.calls import PartKind
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.news.items import NewsItem
from afterbell.reading.news.near_duplicates import places, probe

_LONGEST_OUTPUT = 100_000
_ONE = r"(?:one|1|a single|the same)"
_MANY = r"(?:stories|sources|reports|items|articles)"
_COPIES = r"(?:copies|duplicates|reprints)"
_GONE = r"(?:remov|dropp|ignor|discard|merg|collaps)"
_ONCE = re.compile(
    r"\b(?:count(?:ed|ing)?(?! on\b)|treat(?:ed|ing)?|weigh(?:ed|ing|t)?|consider(?:ed|ing)?)\b[^.\n]{0,60}?"
    r"\b(?:once|(?:as|to be) (?:a single|one)(?: \w{1,20}){0,2} (?:source|story|item|report|confirmation|data ?point)"
    r"|as one(?! of\b))\b"
    r"|\bone (?:underlying |original |independent |wire )?(?:story|source|report|release)\b(?! of\b)[^.\n]{0,40}"
    r"\b(?:not|rather than) (?:(?:\w{1,12} )?independent|several|many|multiple|two|three|four|five|six|\d{1,3})\b"
    rf"|\b(?:{_COPIES}|syndicated (?:copies|versions|reprints))[^.\n]{{0,60}}"
    rf"\b(?:{_GONE}ed|not (?:independent|counted))\b"
    rf"|\b{_GONE}(?:ed|ing)\b[^.\n]{{0,40}}\b{_COPIES}\b"
    rf"|\b(?:these|they|{_MANY}) are not independent\b(?! of\b)"
    rf"|\bthe (?:rest|others) (?:are|were) (?:all )?(?:syndicated|{_COPIES})\b"
    rf"|\b(?:trac|go|lead|point)\w{{0,2}} back to {_ONE} (?:\w{{1,12}} ){{0,2}}"
    r"(?:story|source|report|release|note|wire)\b"
    rf"|\b(?:number|count) of (?:distinct |independent |unique |effective )?{_MANY}(?: is| was|:)? {_ONE}\b"
    rf"|\bset\b[^.\n]{{0,20}}\b{_COPIES} aside\b|\b{_COPIES}\b[^.\n]{{0,20}}\bset aside\b"
    r"|\bde-?duplicat(?:ed|ing)\b"
    r"|\u540c\u4e00(?:\u7bc7|\u6761|\u5219)?(?:\u65b0\u95fb|\u62a5\u9053|\u6765\u6e90)[^\u3002\n]{0,20}\u4e00\u6b21",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:stor(?:y|ies)|wires?|reports?|articles?|releases?|sources?|news|cop(?:y|ies)|headlines?|items?|duplicates"
    r"|reprints?)\b|[\u65b0\u62a5][\u95fb\u9053]",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|no|without|cannot|unable to|failed to|should have)\b[^.\n]{0,30}\Z", re.IGNORECASE
)

Run = tuple[str, ...]


def said_once(trace: Trace) -> Evidence | None:
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


def held_in_prompts(trace: Trace, items: Sequence[NewsItem], groups: Sequence[int]) -> Iterator[Mapping[int, int]]:
    """Yield, for each call's prompt and for all tool messages together, how often each cluster's items stand there."""
    wanted: set[Run] = set()
    bodies: dict[int, set[Run]] = {}
    titles: dict[int, set[Run]] = {}
    for each, group in zip(items, groups, strict=True):
        found = probe(each.item)
        for kept, run in ((bodies, found.body), (titles, found.title)):
            kept.setdefault(group, set()).update({run} if run else ())
            wanted.update({run} if run else ())
    of_message = {sha: places(wanted, message.text) for sha, message in trace.messages.items()
                  if message.role != "assistant"}  # fmt: skip
    for held in _prompts(trace, of_message):
        # A prompt may list headlines or texts or both: the more frequent of the two tells how often a story stands.
        yield {group: max(sum(held[run] for run in bodies[group]), sum(held[run] for run in titles[group]))
               for group in bodies}  # fmt: skip


def _prompts(trace: Trace, of_message: Mapping[str, Counter[Run]]) -> Iterator[Counter[Run]]:
    """Yield what all tool messages hold together (each message once), then what each call's prompt holds."""
    tools: Counter[Run] = Counter()
    for sha, found in of_message.items():
        if trace.messages[sha].role == "tool":
            tools.update(found)
    yield tools
    for call in trace.calls:
        total: Counter[Run] = Counter()
        for ref in (*call.system, *call.input):
            total.update(of_message.get(ref.sha256, {}))
        yield total
