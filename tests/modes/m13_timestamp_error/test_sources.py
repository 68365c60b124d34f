"""Which sources answer to which decision, and by which limit, beside the worked examples."""

import orjson
import pytest

from afterbell.catalog.cases import traces
from afterbell.catalog.intake import trace_of
from afterbell.formats.envelopes import aitrader_steps
from afterbell.formats.items import Context
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import from_mapping
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Answer
from afterbell.modes.m13_timestamp_error import mode


def search(published, at="2026-01-05T13:59:00Z", trace="t", ident="news", title="SYNTHETIC_A in the news", **more):
    document = {"title": title, "text": f"{title}.", "url": "https://w.example/1", "published_at": published}
    return {"type": "retrieval", "trace": trace, "id": ident, "at": at, "until": at, "documents": [document], **more}


def decision(at="2026-01-05T14:00:00Z", trace="t", ident="d", **more):
    return {"type": "decision", "trace": trace, "id": ident, "at": at, "until": more.pop("until", at), "idea": "I-1",
            "action": "buy", **more}  # fmt: skip


def asked(*rows, policy=None):
    first, *kin = traces(rows).values()
    return mode.detect(CaseFile(trace=first, kin=tuple(kin), policy=from_mapping({"policy": policy or {}}, {})))


def test_a_strategy_has_its_own_window():
    table = {"strategy": {"fast": {"decay_window": "PT2H"}}}
    old = search("2026-01-05T09:00:00Z")
    assert asked(old, decision(strategy="fast"), policy=table).answer is Answer.YES
    assert asked(old, decision(strategy="slow"), policy=table).answer is Answer.NO


def test_the_decision_may_stand_in_another_trace_of_the_idea():
    found = asked(search("2025-12-01T09:00:00Z", idea="I-1", trace="a"),
                  {"type": "idea", "trace": "a", "id": "i", "at": "2026-01-05T13:00:00Z", "idea": "I-1"},
                  decision(trace="b"))  # fmt: skip
    assert found.answer is Answer.YES


def test_what_is_read_while_deciding_is_not_from_the_future():
    inside = search("2026-01-05T14:00:10Z", at="2026-01-05T14:00:20Z", parent="d")
    assert asked(decision(until="2026-01-05T14:01:00Z"), inside).answer is Answer.NO


def test_each_decision_answers_for_what_was_read_since_the_one_before():
    rows = (search("2026-01-05T09:00:00Z"), decision(), search("2026-01-19T09:00:00Z", "2026-01-19T13:00:00Z", ident="n2", title="Later news of the firm"),
            decision("2026-01-19T14:00:00Z", ident="d2"))  # fmt: skip
    assert asked(*rows).answer is Answer.NO
    assert asked(rows[0], rows[1], rows[3]).answer is Answer.YES


def test_a_clock_without_a_day_cannot_be_placed():
    found = asked(search("14:05"), decision())
    assert (found.answer, found.evidence[0].excerpt) == (Answer.YES, "14:05")


def test_an_asof_without_a_zone_that_would_decide_is_named():
    rows = (search("2026-01-05T13:00:00Z"), decision(data_asof="2026-01-05 14:00:00", mode="backtest"))
    found = asked(*rows)
    assert found.answer is Answer.UNKNOWN
    assert "zone of trading.decision.data_asof" in found.missing[0]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("get_fills", [{"symbol": "S", "price": "1", "side": "buy", "timestamp": "2025-01-05T14:00:00Z"}]),
        ("earnings_calendar", [{"symbol": "S", "epoch": 1600000000}]),
        ("get_events", [{"event": "CPI", "as_of": "2025-01-05T14:00:00Z"}]),
        ("get_bars", [{"symbol": "S", "close": 1, "timestamp": f"2025-01-0{day}T14:00:00Z"} for day in (1, 2, 3)]),
    ],
)
def test_fills_calendars_and_bars_are_no_sources(name, result):
    tool = {"type": "tool", "trace": "t", "id": "x", "at": "2026-01-05T13:00:00Z", "until": "2026-01-05T13:00:00Z",
            "name": name, "call_id": "c", "arguments": {}, "result": orjson.dumps(result).decode()}  # fmt: skip
    assert asked(tool, decision()).answer is Answer.NA


def test_evidence_shows_the_date_in_its_place():
    text = "Title: SYNTHETIC_A opens a plant\nURL: https://w.example/p\nPublish Time: 2025-11-02T19:55:55+00:00\nContent: It opened."
    tool = {"type": "tool", "trace": "t", "id": "x", "at": "2026-01-05T13:00:00Z", "until": "2026-01-05T13:00:00Z",
            "name": "search_news", "call_id": "c", "arguments": {}, "result": text}  # fmt: skip
    proof = asked(tool, decision()).evidence[0]
    assert text[proof.start : proof.end] == proof.excerpt == "2025-11-02T19:55:55+00:00"


@pytest.mark.shared_data
def test_every_labelled_article_that_is_out_of_its_window_is_found(shared_data):
    folder = shared_data / "aitrader_agent_logs"
    wanted = {}
    for line in (folder / "labels_news_age.jsonl").read_bytes().splitlines():
        label = orjson.loads(line)
        if not 0 <= label["age_days"] <= 7:
            wanted.setdefault(label["file"], set()).add(label["publish_time"])
    for name, stamps in wanted.items():
        with (folder / name).open("rb") as stream:
            spans = [each for each in aitrader_steps.read(stream, Context(name=name)) if isinstance(each, Span)]
        found = mode.detect(CaseFile(trace=trace_of(spans[0].trace_id, spans, ())))
        assert found.answer is Answer.YES
        assert stamps <= {each["dated"] for each in found.figures["sources_at_fault"]}
