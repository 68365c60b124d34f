"""The benchmark of detectors, on a few plants of each planter: the corpus is sound, whatever the detectors say of it."""

import importlib
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "detectors"
PLANTERS = sorted(path.stem for path in (BENCHMARK / "planted").glob("[a-z]*.py"))


@pytest.fixture(scope="module")
def judge():
    sys.path.insert(0, str(BENCHMARK))
    yield importlib.import_module("judge")
    sys.path.remove(str(BENCHMARK))


@pytest.mark.parametrize("slug", PLANTERS)
def test_a_planter_keeps_to_its_interface(judge, slug):
    row = judge.judge(judge.Work(slug=slug, count=6, seed=20, look=40, crossed=0))
    assert not row.faults
    assert {each.side for each in row.asked} >= {judge.POSITIVE, judge.NEGATIVE}


def test_every_planter_is_judged(judge):
    assert sorted(judge.slugs()) == PLANTERS


def test_no_mode_says_yes_to_an_empty_trace(judge):
    assert judge.empty() == []


def test_every_format_tells_the_same_facts(judge):
    """A run in three formats has the same calls, tools, documents and trades."""
    dress = importlib.import_module("dress")
    plants = importlib.import_module("plant")
    (found, _twin) = next(judge.planter("audit_amnesia").positives(judge.Random("formats")))
    told = set()
    for form in plants.FORMS:
        (run,) = dress.read(dress.dressed(found.rows, form)).values()
        legs = [(tool.name, tool.call_id, tool.arguments, tool.result) for tool in run.tools]
        texts = [document.text for document in run.documents]
        trades = [(str(trade.kind), trade.side, str(trade.quantity)) for trade in run.trades]
        said = [run.message(ref).text for call in run.calls for ref in (*call.system, *call.input, *call.output)]
        told.add(repr((legs, texts, trades, said)))
    assert len(told) == 1


def test_evidence_that_stands_elsewhere_is_not_proven(judge):
    proof = importlib.import_module("_proof")
    dress = importlib.import_module("dress")
    scan = importlib.import_module("afterbell.model.scan")
    (found, _twin) = next(judge.planter("audit_amnesia").positives(judge.Random("proof")))
    runs = dress.read(dress.dressed(found.rows, "otlp-genai"))
    (run,) = runs.values()
    span = next(span for span in run.spans if "gen_ai.tool.call.arguments" in span.attributes)
    text = span.attributes["gen_ai.tool.call.arguments"]
    right = scan.Evidence(trace_id=run.trace_id, span_id=span.span_id, field="gen_ai.tool.call.arguments",
                          excerpt=text[2:8], start=2, end=8)  # fmt: skip
    books = importlib.import_module("afterbell.model.books").Books()
    assert proof.holds(right, runs, books)
    for change in ({"start": 3, "end": 9}, {"field": "gen_ai.tool.call.result"}, {"span_id": "0" * 16}):
        assert not proof.holds(judge.structs.replace(right, **change), runs, books)


@pytest.mark.shared_data
@pytest.mark.usefixtures("judge")
@pytest.mark.parametrize("name", ["aitrader_agent_logs", "llm_recommendations_outcomes", "tradingagents_run_results"])
def test_real_sets_are_measured(shared_data, name):
    real = importlib.import_module("real")
    (found,) = [each for each in real.sets(shared_data) if each.name == name]
    figures = real.measure(found)
    assert figures
    assert all(each.met is not False for each in figures)


@pytest.mark.usefixtures("judge")
def test_sets_that_are_not_there_are_named(tmp_path):
    real = importlib.import_module("real")
    assert list(real.sets(tmp_path)) == []
    assert "aitrader_agent_logs" in real.absent(tmp_path)
