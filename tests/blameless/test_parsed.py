"""What the rules over a parse make of it, with parses written by hand: no parser is needed to judge."""

from __future__ import annotations

import pytest

from afterbell.blameless.lint import lint_text
from afterbell.blameless.parse import Word
from afterbell.blameless.parsed_rules import PARSED_RULES
from afterbell.blameless.rules import RULES

SKIMMED = "skimmed/skim/VBD/ROOT/2 the/the/DT/det/4 diff/diff/NN/dobj/2 ././././2"
LIFTED = "The/the/DT/det/1 cap/cap/NN/nsubjpass/3 was/be/VBD/auxpass/3 lifted/lift/VBN/ROOT/3 by/by/IN/agent/3"


def parser_of(*lines):
    """Return a parser that knows these sentences only: word/lemma/tag/relation/head[/entity]."""
    known = {}
    for line in lines:
        rows = [each.rsplit("/", maxsplit=each.count("/")) for each in line.split()]
        text = " ".join(row[0] for row in rows).replace(" .", ".").replace(" '", "'").replace(" ?", "?")
        at, words = 0, []
        for row in rows:
            start = text.index(row[0], at)
            at = start + len(row[0])
            entity = row[5] if len(row) > 5 else ""
            words.append(
                Word(
                    text=row[0],
                    lemma=row[1],
                    tag=row[2],
                    relation=row[3],
                    head=int(row[4]),
                    entity=entity,
                    start=start,
                    end=at,
                )
            )
        known[text] = tuple(words)
    return lambda texts: [[known[text.strip()]] for text in texts]


def found(line):
    parser = parser_of(line)
    text = (
        " ".join(each.split("/")[0] for each in line.split()).replace(" .", ".").replace(" '", "'").replace(" ?", "?")
    )
    assert lint_text(text) == ()
    return [(fault.rule, text[fault.start : fault.end]) for fault in lint_text(text, "", parser)]


def test_every_rule_explains_itself():
    assert len({rule.id for rule in (*RULES, *PARSED_RULES)}) == len(RULES) + len(PARSED_RULES)
    for rule in PARSED_RULES:
        assert len(rule.match) >= 3
        assert len(rule.miss) >= 3
        assert rule.why.endswith(".")
        assert rule.ask.endswith("?")


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("The/the/DT/det/1 quant/quant/NN/nsubj/2", True),
        ("Prompt/prompt/NN/compound/1 gurus/guru/NNS/nsubj/2", True),
        ("The/the/DT/det/1 parser/parser/NN/nsubj/2", False),
        ("Trader/trader/NNP/compound/1 Maria/maria/NNP/nsubj/2/ORG", True),
        ("Our/our/PRP$/poss/1 Maria/maria/NNP/nsubj/2/PERSON", False),
        ("Our/our/PRP$/poss/1 Kafka/kafka/NNP/nsubj/2/PERSON", False),
        ("Our/our/PRP$/poss/1 SYNB/synb/NNP/nsubj/2/PERSON", False),
        ("The/the/DT/det/1 Maria/maria/NNP/nsubj/2/GPE", False),
    ],
)
def test_only_people_are_judged(subject, said):
    rules = [rule for rule, _words in found(f"{subject} {SKIMMED}")]
    assert rules == (["blame.heedless"] if said else [])


@pytest.mark.parametrize(
    "line",
    [
        "The/the/DT/det/1 quant/quant/NN/nsubj/3 could/could/MD/aux/3 skim/skim/VB/ROOT/3 ././././3",
        "The/the/DT/det/1 quant/quant/NN/nsubj/4 had/have/VBD/aux/4 not/not/RB/neg/4 skimmed/skim/VBN/ROOT/4 ././././4",
        "The/the/DT/det/1 quant/quant/NN/nsubj/2 skimmed/skim/VBD/ROOT/2 it/it/PRP/dobj/2 ?/?/./punct/2",
        "If/if/IN/mark/3 the/the/DT/det/2 quant/quant/NN/nsubj/3 skimmed/skim/VBD/ROOT/3 it/it/PRP/dobj/3 ././././3",
    ],
)
def test_what_was_not_done_is_not_judged(line):
    assert found(line) == []


def test_a_name_needs_more_where_the_verb_is_said_of_programs_too():
    line = "{} conflated/conflate/VBD/ROOT/2 the/the/DT/det/4 zones/zone/NNS/dobj/2 ././././2"
    assert found(line.format("So/so/RB/advmod/2 Priya/priya/NNP/nsubj/2/PERSON")) == []
    assert found(line.format("Engineer/engineer/NN/compound/1 Priya/priya/NNP/nsubj/2/ORG")) == [
        ("blame.mistaken", "Engineer Priya conflated")
    ]
    assert found(line.format("Engineer/engineer/NN/compound/1 Airflow/airflow/NNP/nsubj/2/PERSON")) == []


def test_the_passive_and_the_manner_of_an_act():
    line = f"{LIFTED} Lena/lena/NNP/pobj/4 on/on/IN/prep/3 a/a/DT/det/8 whim/whim/NN/pobj/6 ././././3"
    assert found(line) == [("blame.heedless", "lifted by Lena on a whim")]
    assert found(line.replace("Lena/lena", "Envoy/envoy")) == []


def test_a_failing_that_somebody_has():
    line = "{}/x/NNP/poss/2 's/'s/POS/case/0 {}/{}/NN/nsubj/3 grew/grow/VBD/ROOT/3 ././././3"
    assert found(line.format("Sofia", "stubbornness", "stubbornness")) == [("blame.owned", "Sofia's stubbornness")]
    assert found(line.format("Sofia", "error", "error")) == []
    assert found(line.format("Kafka", "stubbornness", "stubbornness")) == []


def test_a_sentence_with_a_fault_is_left_to_it_and_not_parsed_for_more():
    text = "The quant forgot it and skimmed the diff."
    line = (
        "The/the/DT/det/1 quant/quant/NN/nsubj/2 forgot/forget/VBD/ROOT/2 it/it/PRP/dobj/2 and/and/CC/cc/2"
        " skimmed/skim/VBD/conj/2 the/the/DT/det/7 diff/diff/NN/dobj/5 ././././2"
    )
    assert lint_text(text, "", parser_of(line)) == lint_text(text)


def test_a_text_without_a_telling_word_is_never_parsed():
    def parser(texts):
        assert list(texts) == []
        return []

    assert lint_text("The gate refused the order.\n\nThe desk halted the agent.", "", parser) == ()
