"""Every rule of the record: one draft that breaks it, and the faultless draft that breaks none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from afterbell.model import filing
from afterbell.model.amendment import judge_addendum
from afterbell.model.judge import judge
from afterbell.model.record import Addendum, Draft, Factor, Fix, Record, Reference, ReferenceKind
from afterbell.model.rules import RULES
from afterbell.model.scan import ModeAnswer, PersonAnswer, Suggestion
from afterbell.model.vocabulary import Answer, RecordStatus, TriggerName, Verdict

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
LINK = "https://git.example/desk/agents/issues/7"
ELSEWHERE = timezone(timedelta(hours=1))


def _row(place, **change):
    return lambda draft: replace(
        draft,
        timeline=tuple(replace(row, **change) if number == place else row for number, row in enumerate(draft.timeline)),
    )


def _factor(**change):
    return lambda draft: replace(
        draft, contributing_factors=(replace(draft.contributing_factors[0], **change), *draft.contributing_factors[1:])
    )


def _to(**change):
    return lambda draft: replace(draft, **change)


def _fix(**change):
    return lambda draft: replace(draft, fix=replace(draft.fix, **change))


def _deferred(**change):
    plain = {"paragraph": "No change; documented and deferred.", "commit_sha": None, "ticket": LINK, "changed": False}
    return lambda draft: replace(draft, fix=Fix(**{**plain, **change}))


def _answers(change):
    return lambda draft: replace(draft, answers=change(draft.answers))


def _references(*kinds):
    return lambda draft: replace(draft, references=tuple(ref for ref in draft.references if ref.kind in kinds))


def _more(field, count):
    return lambda draft: replace(draft, **{field: getattr(draft, field) * count})


TRACE, COMMIT, PR, TICKET = ReferenceKind.TRACE, ReferenceKind.COMMIT, ReferenceKind.PR, ReferenceKind.TICKET

BROKEN = {
    "summary.missing": _to(summary=" \n"),
    "summary.words": _to(summary="word " * 41),
    "summary.sentences": _to(summary="One thing happened. Another followed. A third came."),
    "timeline.few": lambda draft: replace(draft, timeline=draft.timeline[:4]),
    "timeline.many": _more("timeline", 5),
    "timeline.time_missing": _row(2, at=None),
    "timeline.utc": _row(2, at=datetime(2026, 1, 5, 15, 45, tzinfo=ELSEWHERE)),
    "timeline.order": _row(2, at=datetime(2026, 1, 4, tzinfo=UTC)),
    "timeline.stage_missing": _row(2, stage=None),
    "timeline.event_missing": _row(2, event=" "),
    "timeline.trace_missing": _row(2, trace_id=""),
    "timeline.trace_form": _row(2, trace_id="two words"),
    "root_cause.missing": _to(root_cause=None),
    "contributing_factors.few": lambda draft: replace(draft, contributing_factors=draft.contributing_factors[:2]),
    "contributing_factors.many": _more("contributing_factors", 2),
    "contributing_factors.empty": _factor(text="  "),
    "contributing_factors.uncovered": _factor(modes=()),
    "contributing_factors.unknown_mode": _factor(modes=("token_runaway", "no_such_mode")),
    "contributing_factors.not_yes": _factor(modes=("token_runaway", "prompt_drift")),
    "fix.missing": _fix(paragraph=""),
    "fix.paragraph": _fix(paragraph="Added max_steps.\n\nAlso a gate."),
    "fix.commit_missing": _fix(commit_sha=None),
    "fix.commit_form": _fix(commit_sha="main"),
    "fix.commit_unknown": _fix(commit_sha="ffffffffffff"),
    "fix.contradiction": _fix(changed=False),
    "fix.words": _deferred(paragraph="We leave it."),
    "fix.ticket_missing": _deferred(ticket=None),
    "fix.ticket_form": _deferred(ticket="the usual place"),
    "prevention.missing": _to(prevention=""),
    "prevention.paragraph": _to(prevention="An alert fires.\n\nA test, too."),
    "prevention.detector": _to(prevention="Everybody knows better now."),
    "references.few": _references(TRACE, COMMIT),
    "references.many": _more("references", 3),
    "references.trace_missing": _references(COMMIT, PR),
    "references.change_missing": _references(TRACE, PR),
    "references.pr_missing": _references(TRACE, COMMIT),
    "references.form": lambda draft: replace(
        draft, references=(*draft.references, Reference(kind=PR, value="javascript:alert(1)"))
    ),
    "references.twice": _more("references", 2),
    "references.fix": _fix(commit_sha="bbbbbbbb"),
    "id.missing": _to(id=""),
    "event.differs": _to(event_id="ev-other"),
    "answers.missing": _answers(lambda answers: answers[1:]),
    "answers.unknown_mode": _answers(
        lambda answers: (*answers, PersonAnswer(number=99, mode="no_such_mode", answer=Answer.NO))
    ),
    "answers.twice": _answers(lambda answers: (*answers, answers[0])),
    "answers.unknown_note": _answers(lambda answers: (replace(answers[0], answer=Answer.UNKNOWN), *answers[1:])),
    "verdict.missing": _to(verdict=None),
    "roles.missing": _to(roles=()),
    "roles.many": _to(roles=("system operator", "code owner", "reviewer", "trader")),
    "roles.name": _to(roles=("Jan Novak",)),
    "evidence.form": _to(evidence=("0" * 63,)),
    "text.unwritable": _to(summary="A lone surrogate \ud800 was logged."),
    "record.size": _to(extra={"x-notes": "n" * 64_000}),
}


@pytest.fixture
def faults_of(known_modes):
    def faults(draft, **given):
        given.setdefault("commits", {"ffffffffffff": False, "0a1b2c3d4e5f": True})
        return judge(draft, known_modes=known_modes, **given)

    return faults


def test_the_faultless_draft_has_no_fault(sound, faults_of):
    assert faults_of(sound) == ()


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_finds_its_fault(sound, faults_of, rule):
    found = [fault for fault in faults_of(BROKEN[rule](sound)) if fault.rule == rule]
    assert found
    for fault in found:
        assert fault.missing == RULES[rule].missing
        assert (fault.why, fault.rewrite) == (RULES[rule].why, RULES[rule].rewrite)
        assert 0 <= fault.start <= fault.end


def _filed(sound, known_modes):
    holed = replace(sound, root_cause=None)
    return filing.incomplete(holed, CREATED.date(), created=CREATED, known_modes=known_modes)


def _completion(sound, known_modes):
    return filing.record(sound, created=CREATED, known_modes=known_modes)


ADDENDA = {
    "addendum.parent": {"parent_id": "another", "note": "n"},
    "addendum.empty": {"note": " "},
    "addendum.field": {"field": "roles", "note": "n"},
    "addendum.form": {"field": "root_cause", "replacement": "bad luck"},
    "addendum.completion": {"completion": "complete", "replacement": "x", "field": "summary"},
    "addendum.date": {"created": CREATED - timedelta(seconds=1), "note": "n"},
}


def _addendum(given, sound, known_modes):
    parent = _filed(sound, known_modes)
    base = {"id": "a", "parent_id": parent.id, "created": CREATED, "role": "code owner"}
    if "completion" in given:
        given = {**given, "completion": _completion(sound, known_modes)}
    return Addendum(**{**base, **given}), parent


@pytest.mark.parametrize("rule", ADDENDA)
def test_each_rule_of_an_addendum_finds_its_fault(sound, known_modes, rule):
    addendum, parent = _addendum(ADDENDA[rule], sound, known_modes)
    assert rule in [fault.rule for fault in judge_addendum(addendum, parent)]


def test_the_dates_of_an_incomplete_record(sound, known_modes):
    dates = {"reconvene_by.missing": None, "reconvene_by.late": CREATED.date() + timedelta(days=8)}
    for rule, date in dates.items():
        faults = filing.incomplete(sound, date, created=CREATED, known_modes=known_modes)
        assert not isinstance(faults, Record)
        assert [fault.rule for fault in faults] == [rule]


def test_no_rule_is_without_a_draft_that_breaks_it():
    assert set(RULES) == {*BROKEN, *ADDENDA, "reconvene_by.missing", "reconvene_by.late"}
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert rule.rewrite


def test_all_faults_come_at_once_and_in_the_order_of_the_fields(faults_of):
    found = faults_of(Draft(id=""))
    roots = list(dict.fromkeys(fault.root for fault in found))
    assert roots == [
        "summary", "timeline", "root_cause", "contributing_factors", "fix", "prevention", "references",
        "answers", "id", "verdict", "roles",
    ]  # fmt: skip
    assert all(fault.missing for fault in found if fault.rule != "id.missing")


@pytest.mark.parametrize(
    ("summary", "rules"),
    [
        (" ".join(["word"] * 40), []),
        ("Loss of 1.4 percent at 14:02 UTC. Position closed, e.g. SYNTHETIC_A vs. the plan.", []),
        ("SYNTHETIC_A fell 3.2 percent... The agent held.", []),
        ("Was it held? It was! It was not.", ["summary.sentences"]),
        ('It said "stop." It did not stop. Then it sold.', ["summary.sentences"]),
        ("J. Doe Inc. fell.", []),
    ],
)
def test_words_and_sentences_of_a_summary(sound, faults_of, summary, rules):
    assert [fault.rule for fault in faults_of(replace(sound, summary=summary))] == rules


def test_the_span_of_a_long_summary_is_what_is_too_much(sound, faults_of):
    text = " ".join(["word"] * 40 + ["surplus", "tail"])
    (fault,) = faults_of(replace(sound, summary=text))
    assert text[fault.start : fault.end] == "surplus tail"


def test_one_factor_may_cite_several_modes_and_cover_them(sound, faults_of):
    answers = tuple(replace(row, answer=Answer.YES) for row in sound.answers)
    modes = tuple(row.mode for row in answers)
    factors = (Factor(text="No gate on the prompt", modes=modes), *sound.contributing_factors[1:])
    assert faults_of(replace(sound, answers=answers, contributing_factors=factors)) == ()
    uncovered = faults_of(replace(sound, answers=answers))
    assert [fault.rule for fault in uncovered] == ["contributing_factors.uncovered"] * 3


def test_a_deferred_fix_needs_its_ticket_and_no_commit(sound, faults_of):
    deferred = _deferred()(sound)
    references = (*_references(TRACE)(sound).references, Reference(kind=TICKET, value=LINK))
    assert {fault.rule for fault in faults_of(replace(deferred, references=references))} == {"references.few"}
    third = Reference(kind=TICKET, value="DESK-12")
    assert faults_of(replace(deferred, references=(*references, third))) == ()
    other = (references[0], third, Reference(kind=TICKET, value="desk/agents#9"))
    assert [fault.rule for fault in faults_of(replace(deferred, references=other))] == ["references.fix"]


@pytest.mark.parametrize(
    "words", ["no change; documented and deferred", "No change, documented and deferred until Q2."]
)
def test_the_words_of_the_specification_defer(sound, faults_of, words):
    rules = {fault.rule for fault in faults_of(_deferred(paragraph=words)(sound))}
    assert "fix.words" not in rules
    assert "fix.contradiction" in {fault.rule for fault in faults_of(_fix(paragraph=words)(sound))}


@pytest.mark.parametrize("value", ["0a1b2c3", "0A1B2C3D", "https://git.example/desk/agents/commit/0a1b2c3d4e5f"])
def test_a_commit_reference_may_be_a_shorter_sha_or_a_link(sound, faults_of, value):
    references = tuple(replace(ref, value=value) if ref.kind is COMMIT else ref for ref in sound.references)
    assert faults_of(replace(sound, references=references)) == ()


@pytest.mark.parametrize(
    "role", ["system operator", "code owner", "reviewer", "on-call engineer", "SRE", "risk officer"]
)
def test_roles(sound, faults_of, role):
    assert faults_of(replace(sound, roles=(role,))) == ()


@pytest.mark.parametrize("role", ["", "Jan", "jan novak", "Jan Novak (operator)", "operator " * 9, "x" * 9000])
def test_names_are_not_roles(sound, faults_of, role):
    (fault,) = faults_of(replace(sound, roles=(role,)))
    assert fault.rule == "roles.name"
    assert len(fault.message) < 200


def test_a_record_written_without_a_meeting_has_no_verdict_and_no_roles(sound, faults_of):
    draft = replace(sound, verdict=None, roles=())
    assert faults_of(draft, met=False) == ()
    assert {fault.rule for fault in faults_of(draft)} == {"verdict.missing", "roles.missing"}


def test_a_mode_from_elsewhere_counts_when_the_scan_named_it(sound, faults_of):
    suggested = ModeAnswer(number=21, mode="own_mode", suggestion=Suggestion(answer=Answer.YES, reason="r"))
    answer = PersonAnswer(number=21, mode="own_mode", answer=Answer.YES)
    draft = replace(sound, suggestions=(*sound.suggestions, suggested), answers=(*sound.answers, answer))
    assert [fault.rule for fault in faults_of(draft)] == ["contributing_factors.uncovered"]
    assert faults_of(_factor(modes=("token_runaway", "own_mode"))(draft)) == ()


def test_a_naive_time_is_not_in_utc(sound, faults_of):
    naive = datetime(2026, 1, 5, 14, 20)  # noqa: DTZ001 - what a careless source may hold
    assert [fault.rule for fault in faults_of(_row(1, at=naive)(sound))] == ["timeline.utc"]


def _nested(depth):
    value = "end"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [40, 400, 20_000])
def test_what_is_nested_too_deep_is_a_fault_and_no_crash(sound, faults_of, depth):
    found = faults_of(replace(sound, extra={"x-deep": _nested(depth)}))
    assert [fault.rule for fault in found] == ["text.unwritable"]


def test_whatever_a_form_holds_is_judged_and_never_raises(any_draft, known_modes):
    from hypothesis import HealthCheck, given, settings

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(draft=any_draft)
    def check(draft):
        for fault in judge(draft, known_modes=known_modes):
            assert fault.rule in RULES

    check()


def test_the_vocabularies_that_rules_speak_of():
    assert {Verdict.CONTROL_FAILED.value, Verdict.AS_DESIGNED.value} == {
        "control failed", "system behaved as designed",
    }  # fmt: skip
    assert [status.value for status in RecordStatus] == ["complete", "incomplete"]
    assert len(TriggerName) == 6
