"""Whether a status, an error or the body of a tool's result says that a provider throttled the caller.

A bad request, a refused key, a full context window and a plain server error are other faults. A text about rate limits
is no notice: the notice is the whole body, and short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from afterbell.reading.json_text import parsed

THROTTLED: Final = frozenset({429, 503, 529})
OUT: Final = frozenset(range(500, 600))
"""Statuses of a server that is not there or fails."""
_OTHER_FAULTS: Final = frozenset({400, 401, 403, 404, 422})
_LONGEST, _BODY, _FEW_KEYS = 4000, 600, 8

_CLASS = re.compile(
    r"rate[ _-]?limit(?:s|ed|ing|_?error|_?exceeded|_?reached)?(?:error|exception|_error)?(?![a-z])"
    r"|too[ _-]?many[ _-]?requests"
    r"|overloaded(?:_?error|_?exception)?(?![a-z])|resource[ _-]?(?:has been )?exhausted|insufficient[ _-]quota"
    r"|throttl(?:ing|ed)(?:_?error|_?exception)?|quota[ _-]?exceeded|service[ _-]?unavailable",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\berror code: (?:429|503|529)\b|\b(?:429|503|529) (?:client error|server error|too many|service unavailable"
    r"|error)"
    r"|\bexceeded (?:your|the) (?:\w{1,20} ){0,3}(?:quota|rate limit|limit of (?:requests|calls))"
    r"|\b(?:status|http)(?:[ _]code)?[ :=]{1,3}(?:429|503|529)\b",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r"context[ _-]?(?:length|window)|maximum context|context_length_exceeded", re.IGNORECASE)
_NOTICE = re.compile(
    r"\brate[ _-]?limit(?:s|ed|ing)?\b(?: \w{1,12}){0,3} (?:exceeded|reached|hit|error|is \d{1,6})"
    r"|\b(?:api )?rate limited\b"
    r"|\b(?:exceed(?:ed|s)?|reached|hit)(?: \w{1,12}){0,4} (?:rate[ _-]?limits?|quota|(?:call|request|api|daily"
    r"|monthly|usage)"
    r" (?:limit|volume|frequency)|maximum(?: number of)? (?:requests|calls)|limit of (?:requests|calls))"
    r"|\btoo many requests\b|\b(?:api|call|request|daily|usage|quota)(?: \w{1,12}){0,2} limit(?: (?:is|was|has been))?"
    r" (?:reached|exceeded|hit|exhausted)|\bquota(?: \w{1,12}){0,2} (?:exceeded|exhausted|reached)|\bthrottl(?:ed"
    r"|ing)\b"
    r"|\brate limit is \d{1,6} (?:requests|calls)|\b\d{1,6} (?:api )?(?:requests|calls) per (?:second|minute|hour"
    r"|day)\b"
    r"|\b(?:429|503|529)\b[^\n]{0,20}(?:too many|client error|unavailable|overloaded)|\berror code: (?:429|503|529)\b"
    r"|\bservice (?:is )?(?:temporarily )?(?:unavailable|overloaded)\b|\boverloaded_error\b|\bRateLimitError\b"
    r"|请求(?:过于|太)频繁|访问(?:过于|太)频繁|超(?:过|出)[^。\n]{0,12}(?:频率|次数|配额|限额)|(?:已|被)限流",
    re.IGNORECASE,
)
_OUTAGE = re.compile(
    r"\b(?:api)?(?:connection|connect|read|write|pool|request|gateway|remote)?[ _-]?time(?:d[ _-]?)?out"
    r"(?:[ _-]?error)?\b"
    r"|\b(?:api|new)?connect(?:ion)?[ _-]?(?:error|reset|refused|aborted|closed|failed|lost|timeout)(?:[ _-]?error)?\b"
    r"|\bbroken[ _-]?pipe(?:error)?\b|\bproxy[ _-]?error\b|\bssl[ _-]?error\b|\bstatuscode\.unavailable\b"
    r"|\b(?:remote|local)[ _-]?protocol[ _-]?error\b|\bpeer closed connection\b|\bserver disconnected\b"
    r"|\b(?:server|remote end|peer) closed (?:the )?connection\b|\bdeadline[ _-]?exceeded\b"
    r"|\b(?:internal[ _-]?)server[ _-]?error\b|\bapi_?error\b|\bbad[ _-]?gateway(?:[ _-]?error)?\b"
    r"|\bgateway[ _-]?time-?out(?:[ _-]?error)?\b"
    r"|\bservice[ _-]?unavailable(?:[ _-]?error)?\b|\b(?:provider|model|service|upstream|api)(?: \w{1,12}){0,2} "
    r"(?:outage|down|unreachable|unavailable|not available)\b|\b(?:temporary )?outage\b|\bname resolution\b"
    r"|\bmax retries exceeded\b|\bnetwork (?:is )?unreachable\b|\b(?:error code|status(?: code)?|http)[ :=]{1,3}5\d\d\b"
    r"|\b5(?:00|02|03|04|2\d) (?:internal|bad|service|gateway|server|error|web)",
    re.IGNORECASE,
)
_OUT_REASON = re.compile(
    r"\b5\d\d\b|(?:\b|_)(?:outage|unavailable|connection|timeout|server[ _-]?error|provider[ _-]?error|unreachable"
    r"|down)\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:429|503|529)\b|(?:\b|_)(?:rate[ _-]?limit|quota|overload|throttl)", re.IGNORECASE)
_TELLING = ("error", "errors", "message", "msg", "note", "information", "detail", "details", "reason", "description",
            "title", "info", "warning", "code", "status", "status_code", "statuscode", "type", "error_type",
            "error_code", "errmsg")  # fmt: skip
_STATUS_KEYS = ("code", "status", "status_code", "statuscode", "error_code", "http_status")


def http_status(text: str) -> int | None:
    """Return the HTTP status that a text is, three digits and nothing else, or None."""
    return int(text) if text.isdecimal() and len(text) == 3 else None  # noqa: PLR2004 - a status has three digits


def throttled_error(status: int | None, kind: str, said: str) -> bool:
    """Tell whether an error with this HTTP status, class and message is a provider's throttle."""
    if status in THROTTLED:
        return True
    kind, said = kind[:_LONGEST], said[:_LONGEST]
    if status in _OTHER_FAULTS or _CONTEXT.search(said):
        return False
    return named_limit(kind) is not None or named_limit(said) is not None


def named_limit(text: str) -> tuple[int, int] | None:
    """Return where an error's class or words name a throttle, as offsets into the text; else None."""
    text = text[:_LONGEST]
    hit = _CLASS.search(text) or _SAID.search(text) or _NOTICE.search(text)
    return hit.span() if hit else None


def names_limit(reason: str) -> bool:
    """Tell whether a recorded reason (of a fallback, a skip, a default) is a throttle."""
    reason = reason[:_LONGEST]
    return _REASON.search(reason) is not None or named_limit(reason) is not None


def outage_error(status: int | None, kind: str, said: str) -> bool:
    """Tell whether an error with this HTTP status, class and message is an outage: a 5xx or a lost connection."""
    if status is not None:
        return status in OUT
    return named_outage(kind) is not None or named_outage(said) is not None


def named_outage(text: str) -> tuple[int, int] | None:
    """Return where an error's class or words name an outage, as offsets into the text; else None."""
    hit = _OUTAGE.search(text[:_LONGEST])
    return hit.span() if hit else None


def names_outage(reason: str) -> bool:
    """Tell whether a recorded reason (of a fallback, a skip, a default) is an outage."""
    return _OUT_REASON.search(reason[:_LONGEST]) is not None or named_outage(reason) is not None


def limit_notice(body: str) -> tuple[int, int] | None:
    """Return where a result's body says that its caller was throttled, if that is all it says; else None."""
    text = body.strip()
    if not text or len(text) > _LONGEST:
        return None
    value = parsed(text) if text[0] in '{["' else None
    if isinstance(value, str):
        text, value = value, None
    if value is None:
        hit = _NOTICE.search(body) if len(text) <= _BODY else None
        return hit.span() if hit else None
    if not isinstance(value, Mapping) or len(value) > _FEW_KEYS:
        return None
    told = list(_told(value))
    if not told or _holds_more(value):
        return None
    status = next((each for key, each in told if key in _STATUS_KEYS and str(each) in {"429", "503", "529"}), None)
    if status is not None:
        place = body.find(str(status))
        return place, place + len(str(status))
    if not any(_NOTICE.search(str(each)) for _key, each in told):
        return None
    hit = _NOTICE.search(body)
    return hit.span() if hit else (0, min(len(body), 160))


def _told(value: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if str(key).lower() in _TELLING and isinstance(inner, (str, int)) and len(str(inner)) <= _BODY:
            yield str(key).lower(), inner
        elif isinstance(inner, Mapping) and depth < 2:  # noqa: PLR2004 - {"error": {"details": {...}}}
            yield from _told(inner, depth + 1)


def _holds_more(value: Mapping[str, Any]) -> bool:
    """Tell whether the result brings data beside the notice: a list of anything, or a long text."""
    return any((isinstance(inner, list) and inner) or (isinstance(inner, str) and len(inner) > _BODY)
               for inner in value.values())  # fmt: skip
