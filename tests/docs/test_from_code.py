"""Pages made from the code: every place is filled, and what a docstring means literally stays so."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from afterbell.blameless.rules import RULES as LANGUAGE_RULES
from afterbell.catalog import shelves
from afterbell.model.checklist import CHECKLIST
from afterbell.model.rules import RULES as FIELD_RULES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("from_code", DOCS / "from_code.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_function_has_a_place_and_every_place_a_function(made: ModuleType) -> None:
    places = [name for page in DOCS.rglob("*.md") for name in made.PLACE.findall(page.read_text(encoding="utf-8"))]
    assert sorted(places) == sorted(made.PAGES)


def test_pages_hold_everything_on_the_shelves(made: ModuleType) -> None:
    asked = made.checklist()
    assert all(slug in asked for _number, slug in CHECKLIST)
    sections = made.modes()
    for mode in shelves.modes().values():
        assert f"## {mode.number}. {mode.slug}" in sections
        assert all(f"### {heading}" in sections for heading in shelves.HEADINGS)
        assert all(f"`{knob}`" in sections for knob in mode.knobs)
    assert all(f"## {name}" in made.triggers() for name in shelves.triggers())
    assert all(f"### {name}" in made.envelopes() for name in shelves.envelopes())
    assert all(f"`{name}`" in made.fields() for name in FIELD_RULES)
    assert all(f"### {rule.id}" in made.language() for rule in LANGUAGE_RULES)
    assert "## afterbell ingest" in made.commands()


def test_names_and_tags_in_docstrings_stay_literal(made: ModuleType) -> None:
    assert made._tame("reads a_b and `c_d` in <b>") == r"reads a\_b and `c_d` in \<b\>"


def test_hidden_characters_of_examples_are_spelled_out(made: ModuleType) -> None:
    assert made._row({"text": "a\u202eb"}) == '{"text": "a\\u202eb"}'
    assert "```" not in made._fence("x ``` y").splitlines()[0].replace("````", "")
