"""The date that a text carries of itself: a line that says when it was published, or what a web page tells machines.

It looks at the head of the text only; a date that the story tells about is none. It judges no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from afterbell.reading.moments.places import Place, place

_HEAD = 1500  # characters of a text in which its own date may stand
_MARKUP_HEAD = 20_000  # the same of a web page, which has a head of its own
_FEW = 5
_LINE = re.compile(
    r"^[^\w\n]{0,6}(?:(?:first |last )?published|publish(?:ed)? (?:time|date)|posted|publication date|filed|filing date"
    r"|date filed|filed as of date|发布时间|发布日期|公告日期)(?: on| at)?"
    r"[ \t]{0,3}[:：]?[ \t]{0,3}\*{0,2}[ \t]{0,3}(.{3,60})$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMES = r"(?:article:published_time|datePublished|date_published|pub_?date|publish(?:ed)?[-_]?(?:date|time))"
_MARKUP = re.compile(
    r'"datePublished"\s{0,4}:\s{0,4}"([^"\n]{4,60})"'
    rf"|<(?:meta|time)\b(?=[^<>]{{0,400}}\b{_NAMES}\b)[^<>]{{0,400}}\b(?:content|datetime)\s?=\s?[\"']([^\"'<>\n]{{4,60}})",
    re.IGNORECASE,
)


def own_date(text: str, read_ns: int) -> tuple[str, Place] | None:
    """Return the first date that a text states as that of its publication, as written and placed; else None.

    `read_ns` is when it was read, which an age in words counts from.
    """
    for said in _said(text):
        for stamp in (said, said.split(" | ")[0].strip(), said.split(" by ")[0].strip()):
            where = place(stamp, read_ns)
            if where is not None:
                return stamp, where
    return None


def _said(text: str) -> Iterator[str]:
    for line in islice(_LINE.finditer(text[:_HEAD]), _FEW):
        yield line[1].strip(" *").removesuffix(".")
    if '"datePublished"' in text or "<" in text[:_MARKUP_HEAD]:
        for mark in islice(_MARKUP.finditer(text[:_MARKUP_HEAD]), _FEW):
            yield (mark[1] or mark[2]).strip()
