"""Findings for code hosts: SARIF 2.1.0, and the annotation lines that a GitHub job prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from afterbell.model.fault import Fault

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Place(Struct, frozen=True, kw_only=True):
    """A fault in a file: character offsets, and line and column counted from 1."""

    path: str
    fault: Fault
    start: int
    end: int
    line: int
    column: int


def sarif(found: Iterable[Place], version: str) -> Mapping[str, Any]:
    """Return the findings as one SARIF log. Offsets are characters, as SARIF counts them with unicodeCodePoints."""
    places = list(found)
    rules = {each.fault.rule: each.fault for each in places}
    driver = {
        "name": "afterbell",
        "version": version,
        "rules": [
            {"id": rule, "shortDescription": {"text": fault.why}, "help": {"text": fault.rewrite}}
            for rule, fault in sorted(rules.items())
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in places],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(each: Place) -> Mapping[str, Any]:
    region = {
        "startLine": each.line,
        "startColumn": each.column,
        "charOffset": each.start,
        "charLength": max(0, each.end - each.start),
    }
    return {
        "ruleId": each.fault.rule,
        "level": "error",
        "message": {"text": f"{each.fault.message}. {each.fault.rewrite}"},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": each.path.replace("\\", "/")}, "region": region}}
        ],
    }


def annotation(each: Place) -> str:
    """Return the line that makes a GitHub job mark the place. What a text holds cannot end the line or the command."""
    where = f"file={_property(each.path)},line={each.line},col={each.column},title={_property(each.fault.rule)}"
    return f"::error {where}::{_data(f'{each.fault.message}. {each.fault.rewrite}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
