"""Explain: the page of a mode, a trigger or a lint rule, from the one text that is also its documentation."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from afterbell.blameless.parsed_rules import PARSED_RULES, ParsedRule
from afterbell.blameless.rule import Rule
from afterbell.blameless.rules import RULES as LANGUAGE_RULES
from afterbell.catalog import shelves
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.rules import RULES

_LANGUAGE: tuple[Rule | ParsedRule, ...] = (*LANGUAGE_RULES, *PARSED_RULES)


def contents() -> list[dict[str, str]]:
    """Return everything that has a page: name, kind, what it is about."""
    built = {mode.slug: mode.question for mode in shelves.modes().values()}
    rows = [{"name": slug, "kind": f"mode {number}", "about": built.get(slug, "(people answer; no detector yet)")}
            for number, slug in CHECKLIST]  # fmt: skip
    rows += [{"name": mode.slug, "kind": f"mode {mode.number}", "about": mode.question}
             for mode in shelves.modes().values() if mode.number > len(CHECKLIST)]  # fmt: skip
    rows += [{"name": each.name, "kind": "trigger", "about": each.title} for each in shelves.triggers().values()]
    rows += [{"name": name, "kind": "rule", "about": rule.why} for name, rule in RULES.items()]
    rows += [{"name": rule.id, "kind": "rule", "about": rule.why} for rule in _LANGUAGE]
    return rows


def page(name: str) -> dict[str, Any]:
    """Return title, page and cases. Raises UsageError, naming what is near, for what has no page."""
    for mode in shelves.modes().values():
        if name in {mode.slug, str(mode.number)}:
            cases = [{"name": case.name, "answer": case.answer.value, "teaches": case.teaches} for case in mode.cases]
            return {
                "title": f"{mode.number}. {mode.slug}: {mode.question}",
                "page": mode.page,
                "cases": cases,
            }
    for trigger in shelves.triggers().values():
        if name == trigger.name:
            cases = [{"name": case.name, "answer": "fires" if case.fires else "quiet", "teaches": case.teaches}
                     for case in trigger.cases]  # fmt: skip
            return {"title": f"{trigger.name}: {trigger.title}", "page": trigger.page, "cases": cases}
    if name in RULES:
        return {"title": name, "page": f"{RULES[name].why}\n{RULES[name].rewrite}", "cases": []}
    for rule in _LANGUAGE:
        if name == rule.id:
            cases = [{"name": text, "answer": "fault", "teaches": ""} for text in rule.match]
            cases += [{"name": text, "answer": "fine", "teaches": ""} for text in rule.miss]
            when = "\nOnly with a parser: afterbell lint --nlp." if isinstance(rule, ParsedRule) else ""
            return {"title": name, "page": f"{rule.why}\n{rule.ask}{when}", "cases": cases}
    known = [row["name"] for row in contents()]
    near = get_close_matches(name, known, n=1)
    raise UsageError(
        f"nothing is called {name!r}", f"did you mean {near[0]}?" if near else "afterbell explain lists all"
    )
