"""Scales from every place that states one, signs and bases, beside the worked examples."""

import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m11_unit_or_gaap_confusion import mode


def row(kind, second, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{second}", "at": f"2026-01-05T14:00:{second:02d}Z",
            "until": f"2026-01-05T14:00:{second:02d}.5Z", "stage": "research", **more}  # fmt: skip


def asked(source, output, **more):
    if isinstance(source, str):
        given = row("retrieval", 1, documents=[{"id": "d", "title": "Report", "content": source, **more}])
    else:
        given = row("tool", 1, name="lookup", call_id="c", arguments={"symbol": "SYNTHETIC_A"}, result=source)
    call = row("call", 20, model="model-a", messages="Judge the business.", output=output)
    return mode.detect(CaseFile(trace=next(iter(traces([given, call]).values()))))


SALES = "| | 2025 | 2024 |\n|---|---|---|\n| Sales | 412,300 | 380,000 |\n"


@pytest.mark.parametrize(
    ("source", "more"),
    [
        (f"(in thousands)\n\n{SALES}", {}),
        (f"{SALES}\nAll amounts are in thousands of dollars unless stated otherwise.", {}),
        (SALES.replace("| |", "| $000 |", 1), {}),
        (SALES.replace("Sales", "Sales ($ thousands)"), {}),
        (SALES, {"units": "thousands of USD"}),
        (SALES, {"units": "USD thousands"}),
        ({"units": "thousands", "sales": {"2025": 412300, "2024": 380000}}, {}),
        ({"scale": "thousand", "data": [{"year": "2025", "sales": 412300}, {"year": "2024", "sales": 380000}]}, {}),
    ],
)
def test_a_scale_is_found_where_it_is_stated(source, more):
    assert asked(source, "Sales were $412.3 million in 2025.", **more).answer is Answer.NO
    for wrong in ("Sales were $412.3 billion in 2025.", "Sales were $412.3 thousand in 2025."):
        said = asked(source, wrong, **more)
        assert said.answer is Answer.YES, said.reason
        assert said.figures["scale"] == 1


def test_facts_of_xbrl_are_in_ones():
    facts = {"facts": {"us-gaap": {"Sales": {"units": {"USD": [{"end": "2025-12-31", "val": 412300000}]}}}}}
    assert asked(facts, "Sales were $412.3 million.").answer is Answer.NO
    assert asked(facts, "Sales were $412.3 billion.").answer is Answer.YES


def test_a_growth_off_by_a_thousand_is_found_through_its_step():
    assert asked(f"(in thousands)\n\n{SALES}", "Sales rose by $32.3 billion from 2024 to 2025.").answer is Answer.YES
    assert asked(f"(in thousands)\n\n{SALES}", "Sales rose by $32.3 million from 2024 to 2025.").answer is Answer.NO


@pytest.mark.parametrize(
    ("source", "output", "answer"),
    [
        ("Net income was $(61.8) million.", "Net income was $61.8 million.", Answer.YES),
        ("Net income was $(61.8) million.", "The net loss was $61.8 million.", Answer.NO),
        ("Net income was $61.8 million.", "The company made a net loss of $61.8 million.", Answer.YES),
        ("The net loss was $61.8 million.", "The company lost $61.8 million.", Answer.NO),
        ("Cash used in investing was (1,204) thousand.", "Investing used cash of 1,204 thousand.", Answer.NO),
    ],
)
def test_signs(source, output, answer):
    assert asked(source, output).answer is answer


@pytest.mark.parametrize(
    ("source", "output", "answer"),
    [
        ("Adjusted EPS was $2.50 and GAAP EPS was $2.00.", "GAAP EPS was $2.50.", Answer.YES),
        ("Adjusted EPS was $2.50 and GAAP EPS was $2.00.", "Adjusted EPS was $2.50.", Answer.NO),
        ("Adjusted EPS was $2.50 and GAAP EPS was $2.00.", "EPS was $2.50.", Answer.NO),
        ("Revenue for the three months ended March 31 was $412.3 million.", "Full-year revenue was $412.3 million.", Answer.YES),
        ("Quarterly revenue was $412.3 million.", "The annual run rate starts from revenue of $412.3 million.", Answer.NO),
        ("Non-GAAP EPS was $2.50 in 2025. GAAP EPS was $2.00 in 2024.", "EPS grew 25% from 2024 to 2025.", Answer.YES),
        ("GAAP EPS was $2.50 in 2025. GAAP EPS was $2.00 in 2024.", "EPS grew 25% from 2024 to 2025.", Answer.NO),
        ("Prepared in accordance with IFRS, the accounts show a profit of $51.0 million.", "US GAAP profit was $51.0 million.", Answer.YES),
    ],
)  # fmt: skip
def test_bases(source, output, answer):
    said = asked(source, output)
    assert said.answer is answer, said.reason


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("Revenue rose from $380.0 million in 2024 to $412.3 million in 2025.", Answer.YES),
        ("Revenue, recast to US GAAP, rose from $380.0 million in 2024 to $412.3 million in 2025.", Answer.NO),
        ("Revenue was $412.3 million in 2025.", Answer.NO),
    ],
)
def test_two_standards_side_by_side(output, answer):
    documents = [
        {"id": "a", "title": "2024", "content": "Revenue was $380.0 million in 2024.", "accounting_standard": "IFRS"},
        {
            "id": "b",
            "title": "2025",
            "content": "Revenue was $412.3 million in 2025.",
            "accounting_standard": "US-GAAP",
        },
    ]
    rows = [
        row("retrieval", 1, documents=documents),
        row("call", 20, model="model-a", messages="Judge.", output=output),
    ]
    assert mode.detect(CaseFile(trace=next(iter(traces(rows).values())))).answer is answer


def test_percent_fraction_and_basis_points():
    assert asked({"grossMargins": 0.389, "name": "SYNTHETIC_A"}, "Gross margin was 38.9%.").answer is Answer.NO
    assert asked({"grossMargins": 0.389, "name": "SYNTHETIC_A"}, "Gross margin was 0.389%.").answer is Answer.YES
    assert asked("The spread was 120 bps.", "The spread was 1.2%.").answer is Answer.NO
    assert asked("The spread was 120 bps.", "The spread was 120%.").answer is Answer.YES


def test_claim_and_source_are_shown_side_by_side():
    said = asked(f"(in thousands)\n\n{SALES}", "Sales were $412.3 billion.")
    assert [proof.excerpt for proof in said.evidence] == ["$412.3 billion", "412,300"]


def test_a_figure_without_source_is_not_this_questions_business():
    assert asked(f"(in thousands)\n\n{SALES}", "Cash was $97.4 million.").answer is Answer.NO
    assert asked("No figures here.", "Cash was $97.4 million.").answer is Answer.UNKNOWN
