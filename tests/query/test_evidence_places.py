"""Where evidence stands on the page: exactly, by its words, or not at all and why."""

import msgspec
import pytest

from afterbell.catalog import cases, shelves
from afterbell.catalog.cases import traces
from afterbell.catalog.scan import ask
from afterbell.model.scan import Evidence
from afterbell.query.conversation import told
from afterbell.query.evidence_places import Finder, marks, raw_marks
from afterbell.query.span_fields import fields

LONG = "The stock closed at 101.24 after the call, up 3 percent from the open."
ROWS = (
    {"type": "call", "trace": "t", "id": "a", "at": 1, "until": 2, "model": "m", "output": "first",
     "messages": [{"role": "user", "content": LONG}]},
    {"type": "call", "trace": "t", "id": "b", "at": 3, "until": 4, "model": "m", "output": "second",
     "messages": [{"role": "user", "content": LONG}, {"role": "assistant", "content": "first"}]},
    {"type": "span", "trace": "t", "id": "c", "name": "guard", "at": 5, "until": 6,
     "attributes": {"note": {"deep": [{"said": "so"}]}, "quoted": '{"said": "a \\"b\\""}'}},
)  # fmt: skip


@pytest.fixture(scope="module")
def trace():
    (found,) = traces(ROWS).values()
    return found


@pytest.fixture(scope="module")
def finder(trace):
    return Finder(trace, told(trace))


def cited(trace, name, field, excerpt, start=0):
    span_id = next((span.span_id for span in trace.spans if name in (span.span_id_raw, span.name)), name)
    return Evidence(trace_id=trace.trace_id, span_id=span_id, field=field, excerpt=excerpt, start=start,
                    end=start + len(excerpt))  # fmt: skip


def source(trace, place):
    """Return the field of the first message of a call's prompt."""
    return trace.calls[place].input[0].sources[0]


def test_a_text_that_a_later_call_repeats_is_marked_where_it_is_shown(trace, finder):
    for place in (0, 1):
        at = source(trace, place)
        evidence = cited(trace, at.span_id, at.field, "101.24", LONG.index("101.24"))
        found = finder.finding(7, 1, "price_blind_leak", evidence)
        assert (found.place.step, found.place.start, found.said) == (1, LONG.index("101.24"), "")
        assert marks([found]) == {(1, found.place.passage): [(found.place.start, found.place.end, 7)]}


def test_wrong_places_are_found_by_their_words_and_say_so(trace, finder):
    at = source(trace, 0)
    moved = finder.finding(1, 1, "x", cited(trace, at.span_id, at.field, "up 3 percent", 1))
    assert (moved.place.step, moved.place.start) == (1, LONG.index("up 3 percent"))
    assert "by its words" in moved.said
    elsewhere = finder.finding(1, 1, "x", cited(trace, at.span_id, "no.such.field", "up 3 percent"))
    assert "by its words" in elsewhere.said


def test_raw_fields_are_cited_by_the_path_of_a_leaf(trace, finder):
    found = finder.finding(1, 1, "x", cited(trace, "guard", "note.deep[0].said", "so"))
    assert (found.place.step, found.place.field, found.said) == (0, "note.deep[0].said", "")
    assert raw_marks([found], found.place.span_id) == {"note.deep[0].said": [(0, 2, 1)]}
    escaped = finder.finding(1, 1, "x", cited(trace, "guard", "quoted.said", 'a "b"'))
    assert (escaped.place.field, "by its words" in escaped.said) == ("quoted", True)


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ({"trace_id": "0" * 32}, "another trace"),
        ({"span_id": "", "field": "equity:12:realized_pnl"}, "a book, equity:12"),
        ({"excerpt": ""}, "nothing is recorded"),
        ({"excerpt": "", "field": "note"}, "a whole field"),
        ({"excerpt": "", "field": ""}, "the whole span"),
        ({"span_id": "f" * 16}, "its span was not recorded"),
        ({"excerpt": "never said"}, "stand nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_says_why(trace, finder, evidence, reason):
    base = cited(trace, "guard", "field", "words")
    found = finder.finding(1, 1, "x", msgspec.structs.replace(base, **evidence))
    assert found.place is None
    assert reason in found.said


@pytest.mark.parametrize("mode", shelves.modes().values(), ids=lambda mode: mode.slug)
def test_what_every_detector_cites_in_its_examples_is_placed(mode):
    for case in mode.cases:
        seen = cases.casefile(case, mode.slug)
        conversation = told(seen.trace)
        finder = Finder(seen.trace, conversation)
        for evidence in ask(mode, seen).evidence:
            found = finder.finding(1, mode.number, mode.slug, evidence)
            here = evidence.trace_id == seen.trace.trace_id and evidence.span_id and evidence.excerpt
            assert bool(found.place) == bool(here), (case.name, evidence, found.said)
            if found.place and found.place.step:
                text = conversation.steps[found.place.step - 1].passages[found.place.passage].text
            elif found.place:
                raw = fields(seen.trace, seen.trace.span(evidence.span_id))
                text = next(field.text for field in raw if field.name == found.place.field)
            if found.place and not found.said:
                assert text[found.place.start : found.place.end] == evidence.excerpt
