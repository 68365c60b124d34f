"""Each rule against its own examples, the spans it points at, what it must not read, and that it stays linear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.blameless import controls, lint, mask
from afterbell.blameless.lint import lint_text
from afterbell.blameless.rules import RULES, rules_for
from afterbell.model.record import Factor

MATCHES = [(rule, text) for rule in RULES for text in rule.match]
MISSES = [(rule, text) for rule in RULES for text in rule.miss]


def _field(rule):
    return min(rule.fields, default="") + (".1" if rule.required else "")


def _named(pair):
    return f"{pair[0].id}: {pair[1]}"


@pytest.mark.parametrize("pair", MATCHES, ids=_named)
def test_what_a_rule_shows_as_a_fault_is_one(pair):
    rule, text = pair
    assert rule.id in [fault.rule for fault in lint_text(text, _field(rule))]


@pytest.mark.parametrize("pair", MISSES, ids=_named)
def test_what_a_rule_shows_as_fine_is_fine_by_every_rule(pair):
    rule, text = pair
    assert lint_text(text, _field(rule)) == ()


def test_every_rule_explains_itself():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert len(rule.match) >= 3
        assert len(rule.miss) >= 3
        assert rule.why.endswith(".")
        assert rule.ask.endswith("?")


# Sentences in shapes that the rules' own examples do not have.
BLAME = """
Maria did not notice the drift in the prompt.
Jan Novak approved the change without reading it.
Dave pushed the wrong config on Friday.
No operator noticed the halt.
None of the reviewers spotted the change.
Had the reviewer read the diff, the bug would not have shipped.
The reviewer rubber-stamped the pull request.
The trader entered 10,000 contracts instead of 1,000.
The quant trusted the model too much.
The on-call engineer was slow to respond to the page.
The new hire was inexperienced.
The desk dropped the ball on the alert.
The trader bought when he should have sold.
The order was entered incorrectly by the trader.
The migration had been executed in the wrong environment by an engineer.
The dashboard should have been monitored.
The wrong branch was deployed in error.
A careless mistake during the release.
The limit was off due to a mistake in the sheet.
The model hallucinated and went crazy.
An engineer unfamiliar with the system restarted the wrong cluster.
The risk manager should not have overridden the cap.
One of the engineers forgot to re-enable replication.
The operator took no action on the alert.
Jan Novak failed to verify the fill.
The instance was terminated by accident during a cleanup.
Miscommunication between the teams delayed the rollback.
""".strip().splitlines()

FACTS = """
The operator halted the agent at 15:52 UTC, after the model failed to return a plan.
The engineer restarted the faulty node and deleted the bad pods.
We did not make any changes to the network that day.
We did not have an alert for this condition.
We should have automated tests for the fallback chain.
Nobody was paged because the alert had no route.
The script written by the engineer failed to copy the file.
The operator of the venue with a console which failed to load was paged.
The Postgres operator did not fail over.
The session manager failed to close the idle connections.
The cluster members did not elect a leader.
Google Cloud did not publish a notice.
The update accidentally disabled the cache for all tenants.
The reviewer declined the trade in the blind review.
The team was unable to reach the management network.
Customers who forgot to renew were charged twice by the job.
Prometheus did not notice that the target was gone.
Terraform pushed the wrong tag.
Our fault injection tests do not cover this path.
The wrong value passed the parser because the config has no schema.
An engineer can deploy without approval.
The trader's terminal lost its connection.
A human approves each order above 10,000 dollars.
""".strip().splitlines()


@pytest.mark.parametrize("text", BLAME)
def test_blame_in_other_words(text):
    assert lint_text(text) != ()


@pytest.mark.parametrize("text", FACTS)
def test_people_and_machines_in_statements_of_fact(text):
    assert lint_text(text) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("At noon the operator did not check it.", "the operator did not check"),
        ("Unfortunately we failed to verify it.", "we failed to"),
        ("Fine so far. Accidentally deleted the index.", "Accidentally deleted"),
        ("\u26a0\ufe0f \U0001f600 the reviewer approved a bad prompt", "the reviewer approved a bad"),
        ("All well.\r\nThe on-call was asleep\r\n", "The on-call was asleep"),
        ("The  operator\n did not\tcheck it", "The  operator\n did not\tcheck"),
        ("we did not ", "we did not"),
    ],
)
def test_the_span_is_the_words(text, said):
    (fault,) = lint_text(text)
    assert text[fault.start : fault.end] == said


@pytest.mark.parametrize(
    "text",
    [
        'The channel showed "the operator did not check the dashboard" at 14:02 UTC.',
        "The commit says `we forgot to test`.",
        "```\nthe operator was asleep\n```",
        "> The reviewer was careless.",
        "The page \u201cHuman error\u201d was linked.",
        "See https://git.example/the-operator-was-asleep/human/error for the diff.",
        "Le message \u00abthe operator was asleep\u00bb.",
    ],
)
def test_quotations_code_and_links_are_not_judged(text):
    assert lint_text(text) == ()


def test_text_around_a_quotation_is_judged():
    text = 'The operator did not read "max_steps" in `config.toml`.'
    (fault,) = lint_text(text)
    assert fault.rule == "blame.left_undone"


def test_two_sentences_have_two_faults_and_one_clause_has_one():
    text = "The operator was asleep. The reviewer approved a bad prompt by mistake through carelessness."
    assert [fault.rule for fault in lint_text(text)] == ["blame.state", "blame.wrong_act"]


def test_a_gate_against_human_error_is_no_blame():
    assert lint_text("A confirmation protects against human error in the size field.") == ()


def test_intentions_are_judged_only_where_a_detector_is_asked_for():
    text = "The team will be more careful."
    assert [fault.rule for fault in lint_text(text, "prevention")] == ["blame.intention"]
    assert lint_text(text, "summary") == ()
    assert {rule.id for rule in rules_for("timeline.3.event")} < {rule.id for rule in RULES}


def test_a_note_at_the_factors_is_no_factor():
    assert lint_text("Seen again on Tuesday.", "contributing_factors") == ()
    assert [fault.rule for fault in lint_text("Bad luck.", "contributing_factors.2")] == ["factor.no_system"]


@pytest.mark.parametrize(
    "text",
    [
        "The operator will check the dashboard every hour.",
        "Reviewers will read each diff more carefully.",
        "Retrain the operators on the runbook.",
        "We plan to review the limits regularly.",
        "Everyone should double-check the size.",
        "The desk will keep a closer eye on the positions.",
    ],
)
def test_intentions(text):
    assert "blame.intention" in [fault.rule for fault in lint_text(text, "prevention")]


@pytest.mark.parametrize(
    "text",
    [
        "An alert will warn the operator within one minute.",
        "A gate ensures that the operator confirms each order above the limit.",
        "The adapter will try to reconnect three times, then the monitor pages the desk.",
        "We added a limit of 40 steps.",
        "The agent must be aware of half days: a test runs the calendar of 2026.",
    ],
)
def test_detectors_that_mention_people(text):
    assert lint_text(text, "prevention") == ()


def test_a_draft_is_judged_in_every_text_that_people_write(sound):
    import msgspec

    blame = "The operator was asleep."
    assert lint.lint(sound) == ()
    row = msgspec.structs.replace(sound.timeline[1], event=blame)
    draft = msgspec.structs.replace(
        sound,
        summary=blame,
        timeline=(sound.timeline[0], row, *sound.timeline[2:]),
        contributing_factors=(Factor(text=blame), *sound.contributing_factors[1:]),
        fix=msgspec.structs.replace(sound.fix, paragraph=blame),
        prevention=blame,
        answers=(msgspec.structs.replace(sound.answers[0], note=blame), *sound.answers[1:]),
    )
    places = [fault.field for fault in lint.lint(draft)]
    assert places == ["summary", "timeline.2.event", "contributing_factors.1", "fix", "prevention", "answers.1"]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered_with_faults_in_place(text):
    for field in ("", "prevention", "summary", "contributing_factors.2"):
        for fault in lint_text(text, field):
            assert 0 <= fault.start < fault.end <= len(text)
            assert fault.field == field
            assert fault.message
            assert fault.rewrite


@given(st.text(max_size=200))
def test_masking_keeps_every_place(text):
    shown = mask.masked(text)
    assert len(shown) == len(text)
    assert [place for place, char in enumerate(shown) if char == "\n"] == [
        place for place, char in enumerate(text) if char == "\n"
    ]


def _unbounded(parsed, inside=False):
    """Yield every repetition without an upper bound, and every bounded one of more than 60 that stands in another."""
    for operator, value in parsed:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _low, high, body = value
            if high is re._parser.MAXREPEAT or (inside and high > 60):
                yield name
            yield from _unbounded(body, inside=True)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _unbounded(branch, inside)
        elif name == "SUBPATTERN":
            yield from _unbounded(value[-1], inside)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            yield from _unbounded(value[1], inside)
        elif name == "ATOMIC_GROUP":
            yield from _unbounded(value, inside)


@pytest.mark.parametrize(
    "pattern",
    [*(each for rule in RULES for each in rule.patterns), *(control.pattern for control in controls.CONTROLS)],
)
def test_every_repetition_is_bounded(pattern):
    assert list(_unbounded(re._parser.parse(pattern.pattern, pattern.flags))) == []


def test_the_check_of_repetitions_sees_them():
    assert list(_unbounded(re._parser.parse(r"(?:a|b(?=c*))"))) == ["MAX_REPEAT"]
    assert list(_unbounded(re._parser.parse(r"(?:\w{1,90} ){1,9}"))) == ["MAX_REPEAT"]
    assert list(_unbounded(re._parser.parse(r"(?:\w{1,30} ){1,9}"))) == []
