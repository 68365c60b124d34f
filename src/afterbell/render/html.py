r"""Whole HTML pages from templates, for a file or for a server; every text on them is inert.

Whatever a template prints is escaped, and what cannot be seen (controls, NUL, bidi marks, odd spaces) is written as
its number, `\u{202E}`; line breaks and tabs stay. A page for a file forbids scripts, images, forms and every load by
a policy of its own; what a served one may do is said in its headers. It judges nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from afterbell.model.wording import counted, first_of, since
from afterbell.reading.times import from_ns
from afterbell.render import inert

_ODD = re.compile(r"[^ -~\n\t]")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def page(template: str, **values: Any) -> str:
    """Return the page for a file that a template makes of the values, encodable as UTF-8 whatever they hold."""
    sheet = Markup(style())  # noqa: S704 - our own file, which holds no value
    return _environment().get_template(template).render(style=sheet, policy=_policy(), **values)


def room(template: str, **values: Any) -> str:
    """Return a page for the server: its style and scripts are files beside it."""
    return _environment().get_template(template).render(**values)


def visible(text: str) -> str:
    r"""Return text with everything that cannot be seen as itself spelled out; line breaks and tabs stay."""
    return _ODD.sub(lambda match: inert.number(match[0]) if inert.hidden(match[0]) else match[0], text)


def shown(value: Any) -> Any:
    """Return what a template prints of a value: markup of our own as it is, everything else as visible text."""
    if isinstance(value, Markup | int):
        return value
    return "" if value is None else visible(str(value))


def moment(at: datetime | int | None) -> str:
    """Return a time, or nanoseconds since 1970, in UTC; a dash without one.

    The first day of 1970 is no time: sources without a clock count from there.
    """
    known = from_ns(at) if isinstance(at, int) and at >= _DAY * 10**9 else at
    return f"{known:%Y-%m-%d %H:%M:%S}Z" if isinstance(known, datetime) else "-"


def duration(seconds: int | None) -> str:
    """Return a length of time in its two largest units, or `not known`."""
    if seconds is None:
        return "not known"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    if seconds < 3 * _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"


def cut(text: str, most: int) -> str:
    """Return at most `most` characters of a text, and how many it has when some are left out."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def quoted(text: str) -> str:
    """Return a text as one part of an address."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("afterbell.render", "templates"), autoescape=True, finalize=shown, trim_blocks=True,
        lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    made.filters |= {
        "moment": moment, "duration": duration, "cut": cut, "counted": counted, "quoted": quoted, "length_of": since,
        "first_of": first_of,
    }  # fmt: skip
    return made


@cache
def style() -> str:
    """Return the style sheet that all pages share."""
    loader = _environment().loader
    return loader.get_source(_environment(), "style.css")[0] if loader else ""


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
