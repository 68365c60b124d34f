"""Names the control behind a sentence of blame, so that a rewrite proposes a ticket and not only a reproach.

It proposes; people decide. Where nothing here fits, the rule's own question stands alone.
"""

from __future__ import annotations

import re

from msgspec import Struct

_OBJECT = (
    r"(?:{S}(?:to|at|on|in|the|an?|that|this|his|her|their|our|its|off|it|bad|wrong|incorrect|broken|faulty|untested)\b){{0,6}}"
    r"{S}(?P<thing>[\w-]{{1,30}}(?:{S}(?!(?:at|on|in|to|for|of|by|before|after|until|when|while|and|or|because|during|with|from|was|were"
    r"|is|are|that|which|but)\b)[\w-]{{1,30}}){{0,2}})"
).format(S=r"[ \t\n]{1,8}")


class Control(Struct, frozen=True, kw_only=True):
    """Where the pattern is found in the sentence, `control` names what was missing; {thing} is what was acted upon."""

    pattern: re.Pattern[str]
    control: str


def _on(pattern: str, control: str) -> Control:
    return Control(pattern=re.compile(pattern, re.IGNORECASE), control=control)


CONTROLS: tuple[Control, ...] = (
    _on(
        r"\basleep|\bslept|\bsleeping|\bpager\b|\bpaged?\b|\bawake",
        "no paging integration for this class of alert",
    ),
    _on(
        r"off\s{1,8}the\s{1,8}rails|\brogue|\bhaywire|\bberserk|\bamok|\bloop|\bwild\b|\bcrazy",
        "no max_steps ceiling, no convergence gate",
    ),
    _on(r"\bblew\s{1,8}up|\bgambl|\bgreedy|\bpanick", "no pre-trade limit on size and loss"),
    _on(
        rf"\b(?:missed|overlooked|not(?:ic|\s{{1,8}}notic)\w{{0,12}}){_OBJECT}(?<=signal)",
        "no automated monitor on the {thing}",
    ),
    _on(
        rf"\b(?:check|watch|monitor|look|notice|see|spot|miss|missed|overlook|overlooked|ignore|ignored|read)(?:ed|ing)?{_OBJECT}",
        "no alert on the {thing} metric",
    ),
    _on(r"\bwatching|\bmonitoring|\bto monitor|\battent|\bnoticed?\b", "no alert on this metric"),
    _on(
        rf"\b(?:push|deploy|ship|releas|roll|upload|appli|appl|set|enter)\w{{0,12}}{_OBJECT}(?<=config)\w{{0,12}}|\bmis-?configur|\bconfig",
        "no config-schema validation in the deploy pipeline",
    ),
    _on(
        rf"\b(?:approved?|approving|merged?|merging|reviewed|accepted|signed(?:\s{{1,8}}off)?(?:\s{{1,8}}on)?){_OBJECT}",
        "no automated regression test on the {thing} change",
    ),
    _on(
        r"\bdelet|\bwip(?:ed|ing)|\bdropp|\buninstall|\bremov|\brm\b|\boverwr",
        "no guard against destructive commands in production",
    ),
    _on(
        r"\bpush|\bdeploy|\bship|\breleas|\bmerg|\bcommit",
        "no automated test or staged rollout in the deploy pipeline",
    ),
    _on(r"\btyp|\benter|\bfinger|\bsize\b|\bkeyed", "no range check on the entered value"),
    _on(r"\bclos|\bexit|\binvalidat|\bthesis", "no automated invalidation monitor on open positions"),
    _on(r"\btest|\bverif|\bvalidat", "no automated test that blocks the change"),
    _on(
        r"\bforg[eo]t|\bcopy|\bcopied|\bskip|\bomit|\bupdat|\bdocument|\bfollow",
        "no automated step that does this, or blocks without it",
    ),
    _on(r"\bcommunicat|\btell|\binform|\bnotif|\bescalat", "no automatic notification of the change"),
)


def control_behind(sentence: str) -> str | None:
    """Return the words of the first control that fits a sentence of blame, or None."""
    for item in CONTROLS:
        if found := item.pattern.search(sentence):
            thing = (found.groupdict().get("thing") or "").strip().lower()
            return item.control.replace("{thing}", " ".join(thing.split()))
    return None
