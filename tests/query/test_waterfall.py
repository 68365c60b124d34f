import pytest

from afterbell.catalog.cases import traces
from afterbell.model.vocabulary import SpanKind
from afterbell.query import trace_views, waterfall
from afterbell.query.trace_views import Arranged
from afterbell.query.waterfall import Window

SECOND = 10**9
ROWS = (
    {"type": "run", "id": "run", "name": "desk", "at": SECOND, "until": 11 * SECOND},
    {"type": "call", "id": "a", "parent": "run", "at": 2 * SECOND, "until": 4 * SECOND, "model": "m",
     "messages": "hello", "output": "good day", "tokens": {"input": 820, "output": 44}},
    {"type": "tool", "id": "b", "parent": "run", "at": 5 * SECOND, "until": 6 * SECOND, "name": "get_news",
     "call_id": "1", "error": {"type": "Timeout", "message": "took too long"}},
    {"type": "span", "id": "c", "parent": "run", "name": "monitor", "at": 7 * SECOND},
)  # fmt: skip


@pytest.fixture(scope="module")
def arranged():
    (trace,) = traces([{"trace": "t", **row} for row in ROWS]).values()
    return Arranged(trace)


def test_rows_say_what_a_reader_needs_without_colour(arranged):
    run, call, tool, monitor = arranged.rows
    assert (run.depth, call.depth, call.tokens, call.took) == (0, 1, "820 in, 44 out", "2 s")
    assert (tool.failed, tool.failure) == (True, "took too long")
    assert monitor.took == "never ended"
    assert call.steps == (1, 2)


def test_a_moment_hides_what_was_not_known(arranged):
    at = next(step for step in arranged.steps if step.heading == "tool get_news runs")
    moment = arranged.moment(at.number)
    run, call, tool = trace_views.rows_of(arranged, moment)
    assert (run.running, call.running, tool.running) == (True, False, True)
    assert (tool.failed, tool.failure, tool.tokens, tool.end_ns) == (False, "", "", moment.at_ns)
    assert tool.steps == (at.number,)
    shown = trace_views.span_view(arranged, tool, SpanKind.TOOL, moment=moment)
    assert shown.hidden
    assert not shown.fields
    assert "model calls" not in dict(trace_views.summary(arranged, moment).facts)


def test_every_step_of_a_replay_shows_what_the_one_before_it_showed(arranged):
    for step in range(1, len(arranged.steps) + 1):
        moment = arranged.moment(step)
        talk = trace_views.talk(arranged, page=0, moment=moment)
        assert [each.step.number for each in talk.steps] == list(range(1, step + 1))
    assert arranged.moment(0) is None
    assert arranged.moment(10**9).step == len(arranged.steps)


def test_bars_stay_within_the_axis_and_say_where_they_go_on(arranged):
    window = Window(start_ns=2 * SECOND, end_ns=6 * SECOND)
    run, call, tool, monitor = (waterfall.bar(row, window) for row in arranged.rows)
    assert (run.x, run.width, run.before, run.after) == (0, 100, True, True)
    assert (call.x, call.width) == (0, 50)
    assert tool.x == 75
    assert monitor is None
    wide = waterfall.window(arranged.rows)
    for row in arranged.rows:
        drawn = waterfall.bar(row, wide)
        assert drawn.x >= 0
        assert drawn.x + drawn.width <= 100.001


def test_every_bar_of_a_run_on_one_page_is_drawn():
    rows = [{"type": "call", "id": "a", "at": 2 * SECOND, "until": 4 * SECOND, "model": "m", "messages": "hello"},
            {"type": "tool", "id": "b", "parent": "a", "at": 5 * SECOND, "until": 6 * SECOND, "name": "late"}]  # fmt: skip
    (trace,) = traces([{"trace": "t", **row} for row in rows]).values()
    late = Arranged(trace)
    call, tool = (line.bar for line in trace_views.fall(late, late.rows, {}, page=1).lines)
    assert (call.x, call.width, tool.x, tool.width) == (0, 50, 75, 25)


def test_what_goes_on_after_a_page_fills_its_axis(arranged):
    first = trace_views.fall(arranged, arranged.rows, {}, page=1, size=2)
    assert [(line.bar.x, line.bar.width, line.bar.before, line.bar.after) for line in first.lines] == [
        (0, 100, True, True), (0, 100, False, False),
    ]  # fmt: skip


def test_a_run_without_a_clock_claims_no_times():
    rows = [{"type": "tool", "trace": "t", "id": str(n), "at": n, "until": n + 1, "name": "x", "result": "y"}
            for n in range(1, 30)]  # fmt: skip
    (trace,) = traces(rows).values()
    arranged = Arranged(trace)
    assert trace_views.fall(arranged, arranged.rows, {}, page=1).ticks == ()
    assert dict(trace_views.summary(arranged).facts)["length"] == "not stated, only the order of its steps"
    assert {step.since for step in trace_views.talk(arranged, page=1).steps} == {"0 s"}


@pytest.mark.parametrize("length", [10**6, 7 * SECOND, 3600 * SECOND, 10**17, 10**19])
def test_an_axis_has_a_few_marks_at_any_length(length):
    found = waterfall.ticks(Window(start_ns=SECOND, end_ns=SECOND + length), SECOND)
    assert 1 <= len(found) <= 6
    assert all(0 <= tick.x <= 100 for tick in found)


def test_lanes_are_bounded_however_long_the_run_is():
    rows = [{"type": "call", "trace": "t", "id": str(n), "at": n * SECOND, "until": n * SECOND + 1, "model": "m",
             "messages": f"question {n}", "output": f"answer {n}"} for n in range(1, 1001)]  # fmt: skip
    (trace,) = traces(rows).values()
    arranged = Arranged(trace)
    fall = trace_views.fall(arranged, arranged.rows, {}, page=3)
    assert [track.total for track in fall.tracks] == [1000, 1000]
    assert all(sum(blip.count for blip in track.blips) == 1000 and len(track.blips) <= 200 for track in fall.tracks)
    assert (fall.pages.page, fall.pages.pages, fall.pages.first, fall.pages.last) == (3, 5, 401, 600)
    assert 30 < fall.x < 50
    assert len(fall.lines) == 200


def test_a_page_begins_with_what_its_first_row_hangs_on():
    rows = [{"type": "span", "trace": "t", "id": f"s{n}", "name": f"n{n}", "at": n + 1, "until": 900,
             "parent": f"s{n - 1}" if n else ""} for n in range(450)]  # fmt: skip
    (trace,) = traces(rows).values()
    arranged = Arranged(trace)
    fall = trace_views.fall(arranged, arranged.rows, {}, page=2)
    assert [row.name for row in fall.above] == [f"n{n}" for n in range(200)]


def test_sums_that_stand_for_calls_are_added_as_the_triggers_add_them():
    def agent(number, tokens):
        return {"trace": "t", "type": "span", "id": f"a{number}", "parent": "run", "at": number * SECOND,
                "until": (number + 1) * SECOND, "gen_ai.operation.name": "invoke_agent",
                "gen_ai.usage.input_tokens": tokens, "gen_ai.usage.output_tokens": 10}  # fmt: skip

    (trace,) = traces([{"trace": "t", **ROWS[0]}, agent(1, 900), agent(2, 4000)]).values()
    facts = dict(trace_views.summary(Arranged(trace)).facts)
    assert facts["tokens"] == "4,920"
    assert facts["model calls"] == "0 one by one, and 2 sums over others"
