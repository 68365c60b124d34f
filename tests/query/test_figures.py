"""Counts by month, waits, and the machine against people: what cannot be counted is a figure of its own."""

from datetime import UTC, datetime, timedelta

from afterbell.model.amendment import amended
from afterbell.model.event import event
from afterbell.model.record import Record
from afterbell.model.scan import PersonAnswer
from afterbell.model.vocabulary import Answer, RootCause, TriggerName
from afterbell.query import figures
from afterbell.query.records import row

NOW = datetime(2026, 2, 3, tzinfo=UTC)
AT = datetime(2026, 1, 5, 21, tzinfo=UTC)


def fired(subject="s", at=AT):
    return event(TriggerName.DRAWDOWN, subject=subject, occurred_at=at, due_hours=72, measured="1", limit="1", unit="x",
                 reason="r")  # fmt: skip


def view(name="r", **facts):
    return amended(Record(**{"id": name, "created": AT + timedelta(hours=20), **facts}), ())


def test_months_before_and_after_the_window_have_columns_only_when_needed():
    dated = [("a", datetime(2025, 3, 1, tzinfo=UTC)), ("a", NOW), ("b", datetime(2025, 2, 28, tzinfo=UTC))]
    found = figures.by_month(dated, ["a", "b"], NOW)
    assert (found.columns[0], found.columns[1], found.columns[-1]) == ("earlier", "2025-03", "2026-02")
    assert [(line.name, line.counts[0], line.counts[1], line.counts[-1], line.total) for line in found.lines] == [
        ("a", 0, 1, 1, 2), ("b", 1, 0, 0, 1)
    ]  # fmt: skip
    ends = [("a", datetime.max.replace(tzinfo=UTC)), ("a", datetime.min.replace(tzinfo=UTC))]
    assert figures.by_month(ends, ["a"], NOW).columns[::13] == ("earlier", "later")
    assert len(figures.by_month([], ["a"], NOW).columns) == 12


def test_an_event_whose_moment_moved_is_one_event_and_the_first_source_holds():
    later = fired(at=AT + timedelta(hours=1))
    assert figures.known_events([fired()], [later], [fired("other")]) == tuple(
        sorted([fired(), fired("other")], key=lambda each: each.event_id)
    )


def test_waits_say_what_cannot_be_measured():
    views = [
        view("late", event_id=fired().event_id, created=AT + timedelta(hours=73)), view("timely", event=fired()),
        view("backwards", event=fired(), created=AT - timedelta(hours=1)), view("none"),
    ]  # fmt: skip
    found = figures.waits(views, [fired()])
    assert [(each.record, each.seconds, each.late) for each in found] == [
        ("late", 73 * 3600, True), ("timely", 20 * 3600, False), ("backwards", None, False)
    ]  # fmt: skip
    assert figures.median_wait(found) == (73 + 20) * 1800
    assert figures.median_wait(()) is None


def test_unknown_on_either_side_is_not_compared():
    yes, no, na, unknown = Answer.YES, Answer.NO, Answer.NA, Answer.UNKNOWN
    pairs = [(yes, yes), (no, na), (yes, no), (no, yes), (unknown, yes), (None, no), (yes, unknown)]
    views = [
        view(str(place), answers=(PersonAnswer(number=4, mode="token_runaway", suggested=machine, answer=people),))
        for place, (machine, people) in enumerate(pairs)
    ]
    (row,) = figures.agreement(views)
    assert (row.answered, row.same, row.not_confirmed, row.not_suggested) == (7, 2, 1, 1)
    assert (row.machine_unknown, row.people_unknown, row.agreement) == (2, 1, "0.500")


def test_records_without_a_cause_or_a_trigger_are_counted_as_such():
    rows = [row(view()), row(view("x", root_cause=RootCause.COST, trigger=TriggerName.DRAWDOWN))]
    for count, name in ((figures.causes_by_month, "cost"), (figures.triggers_by_month, "drawdown")):
        totals = {line.name: line.total for line in count(rows, NOW).lines}
        assert (totals[figures.NOT_STATED], totals[name]) == (1, 1)
        assert figures.NOT_STATED not in [line.name for line in count([], NOW).lines]
