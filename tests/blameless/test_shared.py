"""Precision and recall on sentences of real postmortems, and the specification's own pairs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from afterbell.blameless.lint import lint_text

HERE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SHARED = Path(os.environ.get("AFTERBELL_SHARED_DATA", HERE))
PEOPLE = ("blame_person", "human_error_agentless")
GOAL_RECALL, GOAL_FALSE = 0.95, 0.02

# The specification's pairs: what its rewrite names, which ours must name too.
PAIRS = (
    ("The operator did not check the dashboard", "No alerting on the dashboard metric", ("alert", "dashboard metric")),
    (
        "The reviewer approved a bad prompt",
        "No automated regression test on the prompt change",
        ("automated regression test", "prompt change"),
    ),
    ("The agent went off the rails", "No max_steps ceiling; no convergence gate", ("max_steps", "convergence gate")),
    (
        "Someone pushed the wrong config",
        "No config-schema validation in the deploy pipeline",
        ("config-schema validation", "deploy pipeline"),
    ),
    ("The on-call was asleep", "No paging integration for this class of alert", ("paging integration",)),
)


@pytest.mark.parametrize(("blame", "blameless", "named"), PAIRS)
def test_the_specifications_pairs(blame, blameless, named):
    (fault,) = lint_text(blame, "contributing_factors.1")
    for words in named:
        assert words in fault.rewrite
    for field in ("", "summary", "contributing_factors.1"):
        assert lint_text(blameless, field) == ()


@pytest.fixture(scope="module")
def sentences():
    path = SHARED / "blame_sentences" / "blame_sentences.jsonl"
    if not path.is_file():
        pytest.skip("the labelled sentences are not on this machine")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [row for row in rows if not row["borderline"]]


@pytest.mark.shared_data
@pytest.mark.parametrize("label", PEOPLE)
def test_recall(sentences, label):
    blamed = [row["sentence"] for row in sentences if row["label"] == label]
    missed = [text for text in blamed if not lint_text(text)]
    assert blamed
    assert len(missed) <= (1 - GOAL_RECALL) * len(blamed), missed


@pytest.mark.shared_data
@pytest.mark.parametrize("label", ["person_neutral", "system"])
def test_false_faults(sentences, label):
    neutral = [row["sentence"] for row in sentences if row["label"] == label]
    wrong = [text for text in neutral if lint_text(text)]
    assert neutral
    assert len(wrong) <= GOAL_FALSE * len(neutral), wrong


@pytest.mark.shared_data
def test_pairs_of_the_set(sentences):  # noqa: ARG001 - skips where the data is absent
    rows = [json.loads(line) for line in (SHARED / "blame_sentences" / "spec_pairs.jsonl").read_text().splitlines()]
    assert [row["blame"] for row in rows if not lint_text(row["blame"])] == []
    assert [row["blameless"] for row in rows if lint_text(row["blameless"])] == []


@pytest.mark.shared_data
def test_real_blameless_postmortems_have_few_faults():
    home = SHARED / "postmortems_fulltext"
    if not home.is_dir():
        pytest.skip("the postmortems are not on this machine")
    pages = [path for path in home.rglob("*") if path.suffix in {".md", ".qmd", ".erb"}]
    faults = sum(len(lint_text(path.read_text(errors="replace"))) for path in pages)
    assert len(pages) > 20
    assert faults <= len(pages) / 2
