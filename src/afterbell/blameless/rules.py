"""The rules of blameless language as data, in the order in which they speak when two fit the same words.

The examples are the tests and the documentation. A rule judges the shape of a sentence; `controls` finds the words of
the rewrite, `lint` decides where a rule applies. Sources: the specification's pairs and its two SRE references.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterbell.blameless import agentless, field_rules, persons
from afterbell.blameless.rule import Rule

RULES: tuple[Rule, ...] = (
    persons.LEFT_UNDONE,
    persons.WRONG_ACT,
    persons.STATE,
    persons.HINDSIGHT,
    persons.PASSIVE,
    persons.POSSESSIVE,
    agentless.HUMAN_ERROR,
    agentless.SLIPPED,
    agentless.PERSONIFIED,
    field_rules.INTENTION,
    field_rules.NO_SYSTEM,
    field_rules.JUDGEMENT,
)


def rules_for(field: str) -> Iterable[Rule]:
    """Return the rules that apply to a field of the record ("timeline.3.event" counts as timeline)."""
    root = field.partition(".")[0]
    return (rule for rule in RULES if not rule.fields or root in rule.fields)
