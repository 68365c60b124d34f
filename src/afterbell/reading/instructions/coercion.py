"""Whether an attempt to steer reaches for tools, orders, money, data or a verdict: what makes a security event.

Many rules say so of themselves. One that only addresses a machine, overrides its instructions or plays a role coerces
when the words that follow ask for any of these. A request that people put to people ("send the signed proxy card") does
not, unless it is about what only the agent holds.
"""

from __future__ import annotations

import re

from afterbell.reading.instructions import Finding
from afterbell.reading.instructions.acts import ACT

REACH = 400
_ENDS = re.compile(r"['\"]\s{0,3}[,}\]]|\n\s{0,9}\n")
_BACK = 160
_WANTS = re.compile(
    r"\b(?:buy|sell|short|cover|liquidate|invest|trade|dump|accumulate|go\s(?:long|short)"
    r"|clos(?:e|ing)\s(?:all|every|the|out))\b"
    r"|\b(?:place|submit|enter|execute|issue|open|put)\s(?:\w{1,12}\s){0,4}?(?:order|trade|position)s?\b"
    r"|\b(?:call|invoke|use|run|execute|trigger)\s(?:\w{1,12}\s){0,3}?(?:tool|function|api|plugin|[a-z]{2,20}_[a-z_]{2,40})\b"
    r"|\b(?:skip|bypass|disable|override|ignore|lift|remove)\s(?:\w{1,12}\s){0,3}?(?:risk|approvals?|validat\w{2,5}|limits?"
    r"|confirmation|guardrails?|checks?|compliance)\b"
    r"|\b(?:transfer|wire|withdraw|pay)\b"
    r"|\b(?:send|forward|e-?mail|post|upload|share|reveal|print|leak|export|append|include|output|show)\b[^.\n]{0,100}?"
    r"(?:portfolio|positions?|holdings|\bkeys?\b|credentials?|prompt|history|balances?|accounts?|conversation|passwords?"
    r"|secrets?|https?://|@)"
    r"|\b(?:rat(?:e|ed|ing)s?|scor(?:e|ed|ing)|confidence|conviction|recommend(?:ed|ation)?|sentiment|classif(?:y|ied)"
    r"|bullish|bearish|signal|verdict|outperform|overweight|underweight)\b"
    r"|\u4e70|\u5356|\u4e0b\u5355|\u8f6c\u8d26|\u8bc4\u7ea7|\u8bc4\u4e3a|\u7f6e\u4fe1\u5ea6|\u53d1\u9001|\u6301\u4ed3|\u5bc6\u94a5",
    re.IGNORECASE,
)
_TO_PEOPLE = re.compile(
    r"\b(?:share|stock|note|bond|unit)?holders\b|\bprox(?:y|ies)\b|\bballots?\b|\benclosed\b|\b(?:annual|general|special)"
    r"\smeeting\b|\bbefore\sthe\smeeting\b|\byour\s(?:administrator|broker|bank|advis[eo]r|employer|manager|lawyer|doctor|local"
    r"|insurer|accountant|it\s(?:team|desk|department))\b|\b(?:transfer\sagent|registrar|company\ssecretary)\b",
    re.IGNORECASE,
)
_AGENT_HOLDS = re.compile(
    r"\b(?:api\s?keys?|system\sprompt|credentials?|passwords?|portfolio|positions|conversation|chat\shistory"
    r"|my\s\w{2,20})\b",
    re.IGNORECASE,
)


def coerces(text: str, finding: Finding) -> bool:
    """Tell whether a finding in a text reaches for what an agent can do or decide."""
    if finding.coerces:
        return finding.family != ACT or not _among_people(text, finding)
    return _WANTS.search(reach(text, finding.start, finding.end, finding.said)) is not None


def reach(text: str, start: int, end: int, said: str) -> str:
    """Return an attempt (`said`, found from `start` to `end`) with the words after it, where its object often stands.

    It goes on to the end of the field or paragraph that holds it.
    """
    stop = _ENDS.search(text, end)
    return f"{said}\n{text[start : min(end + REACH, stop.start() if stop else len(text))]}"


def _among_people(text: str, finding: Finding) -> bool:
    around = text[max(0, finding.start - _BACK) : finding.end + _BACK]
    return _TO_PEOPLE.search(around) is not None and _AGENT_HOLDS.search(finding.said) is None
