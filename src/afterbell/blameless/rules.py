"""The rules of blameless language as data: pattern, why, the question behind the rewrite, and examples on both sides.

The examples are the tests and the documentation. A rule judges the shape of a sentence; `controls` finds the words of
the rewrite, `lint` decides where a rule applies. Sources: the specification's pairs and its two SRE references.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from afterbell.blameless.words import (
    ACTED,
    ADVERB,
    ASIDE,
    BAD,
    DUTY,
    MACHINE,
    PARTICIPLE,
    PERSON,
    RECEIVED,
    ROLES,
    SLIP,
    SYSTEM,
    S,
)

ANYWHERE: frozenset[str] = frozenset()


class Rule(Struct, frozen=True, kw_only=True):
    """One rule. `fields` restricts it to fields of the record; empty means everywhere.

    With `required` true the fault is that the pattern is absent from the whole text.
    """

    id: str
    pattern: re.Pattern[str]
    why: str
    ask: str
    match: tuple[str, ...]
    miss: tuple[str, ...]
    fields: frozenset[str] = ANYWHERE
    required: bool = False


def _shape(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{item})" for item in alternatives), re.IGNORECASE)


def _in(fields: str) -> frozenset[str]:
    return frozenset(fields.split())


_NOT = r"(?:did|does|had|has|have|was|were|is|are)(?:\s{1,8}not|n['\u2019]t)"
_HAVE = r"(?:(?:had|has|have|having|then|also|simply|just|apparently|again)\s{1,8}){0,2}"
_STATE = (
    r"asleep|sleeping|drunk|careless|negligent|sloppy|distracted|inattentive|complacent|overconfident|reckless|lazy"
    r"|incompetent|inexperienced|unqualified|tired|exhausted|confused|too\s{1,8}(?:slow|late|busy|trusting|hasty)|absent"
    r"|not\s{1,8}(?:careful|attentive|diligent|vigilant|thorough|watching|monitoring|looking|paying|checking|following"
    r"|listening|awake|prepared|trained|competent|at\s{1,8}(?:his|her|their|the)\s{1,8}desk)|at\s{1,8}fault|to\s{1,8}blame"
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="blame.left_undone",
        pattern=_shape(
            rf"{PERSON}{ASIDE}{S}{_HAVE}(?:fail(?:ed|s|ing)?{S}to|forgot(?:ten)?|forgets?|neglect(?:ed|s)?|omit(?:ted|s)?"
            rf"|overlook(?:ed|s)?|ignor(?:ed|es)|skipp(?:ed|s)|miss(?:ed|es)|disregard(?:ed|s)|never{S}(?:{PARTICIPLE}|{DUTY}))\b",
            rf"{PERSON}{ASIDE}{S}(?:did(?:{S}not|n['\u2019]t)(?!{S}(?:{RECEIVED})\b)|(?:had|has|have)(?:{S}not|n['\u2019]t)"
            rf"{S}(?:checked|tested|verified|monitored|reviewed|validated|updated|read|noticed|documented|followed)"
            rf"|do(?:es)?(?:{S}not|n['\u2019]t){S}(?:check|test|verify|monitor|review|validate|watch|pay|follow)){S}?\w{{0,20}}",
            rf"(?<![\w-])(?:they|people|who){S}(?:did(?:{S}not|n['\u2019]t){S}(?:check|verify|test|monitor|review|validate|bother"
            rf"|pay|notice|remember)|forgot|neglected|overlooked)\b",
            rf"(?<![\w-])forgot{S}to\b|\bfailure{S}(?:of|by){S}{PERSON}{S}to\b",
        ),
        why="It names what a person left undone; the system let it matter.",
        ask="Which control would have done it, or made its absence visible?",
        match=(
            "The operator did not check the dashboard",
            "A technician failed to copy the new binary to one host.",
            "Unfortunately we failed to verify that the agent was running.",
            "The reviewer, under time pressure, overlooked the diff.",
            "The engineer who made the change forgot to restart the worker.",
            "Operator missed the invalidation signal",
        ),
        miss=(
            "The validator did not check the schema version.",
            "The on-call engineer did not receive a page.",
            "The prometheus-operator failed to reconcile the rule.",
            "The operator dashboard failed to load.",
            "The order did not fill before the close.",
        ),
    ),
    Rule(
        id="blame.wrong_act",
        pattern=_shape(
            rf"{PERSON}{ASIDE}{S}{_HAVE}(?:{ACTED}){S}(?:(?:\w{{1,20}}|,){S}){{0,3}}?(?:{BAD})\b",
            rf"{PERSON}{ASIDE}{S}{_HAVE}(?:{ACTED}){S}[^.;:!?\n]{{0,60}}?\bwithout{S}"
            rf"(?:\w{{1,20}}{S})?(?:testing|reviewing|checking|verifying|reading|approval|authori[sz]ation|asking|review|test)",
            rf"{PERSON}{ASIDE}{S}{_HAVE}(?:made{S}(?:an?|the|some|several|two|this|that){S}(?:\w{{1,20}}{S})?"
            rf"(?:mistakes?|errors?|typos?|slips?|blunders?)|mis(?:took|read|judged|configured|understood|handled|typed|used"
            rf"|interpreted|managed|calculated|communicated|labell?ed|placed|applied|keyed)|botched|bungled|(?:messed|screwed)"
            rf"{S}up|fat-?fingered|broke|let{S}\w{{1,20}}{S}down|overreacted|panicked)\b",
            rf"{PERSON}{ASIDE}{S}(?:\w{{2,20}}{S})?(?:{ADVERB})\b(?:{S}\w{{2,20}})?",
            rf"{PERSON}{ASIDE}{S}\w{{2,20}}{S}(?:[^.;:!?\n]{{1,40}}?{S})?(?:by{S}(?:mistake|accident)|in{S}error)\b",
        ),
        why="It says a person acted wrongly; the same act will be possible tomorrow.",
        ask="Which control would have refused or reversed this act?",
        match=(
            "The reviewer approved a bad prompt",
            "Someone pushed the wrong config",
            "An engineer mistakenly wiped the primary data directory.",
            "A developer merged the change without testing it.",
            "The trader made a typo in the size of the order.",
            "We deployed the old image by mistake.",
        ),
        miss=(
            "The operator halted the agent at 15:52 UTC.",
            "The reviewer approved the change at 09:10 UTC.",
            "The deploy script selected the wrong region.",
            "The engineer identified and corrected the wrong limit.",
        ),
    ),
    Rule(
        id="blame.state",
        pattern=_shape(
            rf"{PERSON}{ASIDE}{S}(?:was|were|is|are|being|been|seemed|became|got){S}(?:(?:too|very|clearly|simply|probably|just)"
            rf"{S})?(?:{_STATE})\b",
            rf"{PERSON}{ASIDE}{S}(?:wasn|weren|isn|aren)['\u2019]t{S}(?:careful|attentive|diligent|vigilant|thorough|watching"
            rf"|monitoring|looking|paying|checking|following|listening|awake|prepared|trained)\b",
            rf"{PERSON}{ASIDE}{S}(?:fell{S}asleep|slept|lost{S}(?:focus|concentration)|lacked|should{S}know{S}better)\b",
            rf"\b(?:an?|the){S}(?:careless|negligent|sloppy|distracted|exhausted|reckless|incompetent|inattentive|lazy|junior){S}"
            rf"(?:{ROLES})\b",
            rf"\b(?:blame|fault){S}(?:lies{S}with|of|is{S}with){S}{PERSON}",
        ),
        why="It describes a person's condition; a system may not depend on it.",
        ask="Which control works whoever is on duty and however they feel?",
        match=(
            "The on-call was asleep",
            "The operator was not watching",
            "The reviewer was careless with the diff.",
            "The blame lies with the operator.",
        ),
        miss=(
            "The on-call engineer was paged at 15:50 UTC.",
            "The operator was not paged.",
            "The staging cluster was asleep outside market hours.",
            "The team was on a call with the provider.",
        ),
    ),
    Rule(
        id="blame.hindsight",
        pattern=_shape(
            rf"{PERSON}{ASIDE}{S}(?:should|ought{S}to|must)(?:{S}not|n['\u2019]t)?{S}(?:also{S}|really{S})?have{S}"
            rf"(?:(?:also|really|already|at{S}least){S})?(?:{PARTICIPLE})\b",
            rf"(?<![\w-])(?:they|people){S}(?:should|ought{S}to)(?:{S}not|n['\u2019]t)?{S}have{S}(?:{PARTICIPLE})\b",
            rf"\bshould(?:{S}not|n['\u2019]t)?{S}have{S}(?:\w{{2,20}}{S})?been{S}(?:(?:better|more|properly|fully|\w{{2,20}}ly){S})?"
            rf"(?:tested|checked|reviewed|noticed|caught|spotted|verified|anticipated|foreseen|known|communicated|remembered|read"
            rf"|questioned|double-?checked|careful)\b",
            rf"{PERSON}{ASIDE}{S}could{S}(?:easily{S})?have{S}(?:prevented|avoided|caught|noticed|spotted|seen|checked)\b",
        ),
        why="It judges with what is known only now.",
        ask="What would have shown this at the time?",
        match=(
            "The engineer should have tested the migration.",
            "We should have known that the feed was stale.",
            "The change should have been reviewed more closely and should have been tested.",
        ),
        miss=(
            "The position should have been closed by the invalidation monitor at 15:47 UTC.",
            "We should have a second provider behind the gateway.",
            "The job should have finished within its deadline.",
        ),
    ),
    Rule(
        id="blame.passive",
        pattern=_shape(
            rf"\b(?:was|were|been|being|is|are|got){S}(?:(?:{ADVERB}|simply|not|never|completely){S})?(?:missed|overlooked|ignored"
            rf"|forgotten|neglected|mishandled|misconfigured|misread|misjudged|misunderstood|botched|broken|skipped|mistyped"
            rf"|disregarded){S}(?:[^.;:!?\n]{{1,30}}?{S})?by{S}{PERSON}",
            rf"\b(?:was|were|been|being|got){S}(?:(?:{ADVERB}){S}\w{{2,20}}|not{S}(?:checked|tested|reviewed|verified|noticed|updated)"
            rf"){S}(?:[^.;:!?\n]{{1,30}}?{S})?by{S}{PERSON}",
            rf"\b(?:caused|triggered|introduced){S}by{S}(?:an?{S})?(?:error|mistake|carelessness|negligence|oversight){S}"
            rf"(?:of|by|from){S}{PERSON}",
            rf"\b(?:mistakes?|errors?|oversights?|failures?|negligence|carelessness|slips?){S}(?:made{S}|committed{S})?"
            rf"(?:by|on{S}the{S}part{S}of){S}{PERSON}",
        ),
        why="The passive hides the verb, not the blame.",
        ask="Which control would have acted in the place of this person?",
        match=(
            "The alert was missed by the operator.",
            "The flag was incorrectly set by an engineer.",
            "The outage followed a mistake by the reviewer.",
            "The change was not tested by the developer.",
        ),
        miss=(
            "The agent was halted by the operator at 15:52 UTC.",
            "The alert was acknowledged by the on-call engineer.",
            "The message was skipped by the consumer.",
        ),
    ),
    Rule(
        id="blame.possessive",
        pattern=_shape(
            rf"(?<![\w-])(?:{ROLES})['\u2019]s?{S}(?:\w{{2,20}}{S})?(?:mistakes?|errors?|failure|negligence|carelessness|oversight"
            rf"|fault|inattention|lack{S}of|inability|blunder|poor|incompetence|misunderstanding|misjudge?ment|forgetfulness)\b",
            rf"\b(?:my|our|his|her|their){S}(?:own{S})?(?:mistakes?|fault|negligence|carelessness|oversight|blunder)\b",
        ),
        why="It makes the failing the property of a person.",
        ask="Which control was missing around this person's work?",
        match=(
            "The loss followed the operator's mistake.",
            "Root cause: the engineer's lack of attention.",
            "It was our fault that the cap was off.",
        ),
        miss=(
            "Malware on an engineer's laptop stole the session.",
            "The operator's approval was recorded at 14:02 UTC.",
            "The model's error rate doubled.",
        ),
    ),
    Rule(
        id="blame.human_error",
        pattern=_shape(
            rf"(?<![\w-])(?:human|operator|operational|user|pilot|manual|administrator|engineer|developer|trader"
            rf"|personnel|clerical){S}(?:error|mistake|failure|slip|blunder)s?\b",
            r"\b(?:carelessness|negligence|inattention|complacency|incompetence|recklessness|sloppiness|forgetfulness)\b",
            r"\b(?:fat|thick)[- ]finger(?:s|ed)?\b",
            rf"\b(?:lack|want){S}of{S}(?:\w{{2,20}}{S})?(?:attention|care|diligence|discipline|vigilance|judge?ment|focus|rigou?r|skill"
            rf"|common{S}sense)\b",
            rf"\bpoor{S}(?:judge?ment|decision(?:-|{S})making|discipline)\b|\ban{S}(?:honest{S})?oversight\b|\bdue{S}to{S}oversight\b",
        ),
        why="Human error is where an analysis starts, not where it ends.",
        ask="Which control would have stopped or shown the slip?",
        match=(
            "The root cause was human error.",
            "Operator error led to a double order.",
            "The limit was off through carelessness.",
            "A fat finger in the size field.",
        ),
        miss=(
            "The error rate of the retriever doubled.",
            "No human oversight gate stands before live orders.",
            "The gate is there to prevent human error from reaching production.",
        ),
    ),
    Rule(
        id="blame.slip",
        pattern=_shape(
            rf"\b(?:was|were|been|being|got|is|are|be){S}(?:\w{{2,20}}{S})?(?:{SLIP})\b(?:{S}\w{{2,20}})?",
            rf"\b(?:was|were|been|being|got)\b[^.;:!?\n]{{1,60}}?(?:{SLIP}|by{S}(?:mistake|accident))(?=[\s]{{0,3}}(?:[.,;:!?)]|$))",
            rf"(?<!script )(?<!job )(?<!which )(?<!that )(?<![\w-])(?:{SLIP}){S}(?:\w{{2,20}}ed|wrote|sent|put|set|ran|left|took|\w{{2,20}}ing)\b",
        ),
        why="An accident has no owner, and so no one changes what made it possible.",
        ask="Which control would have stopped it: a guard, a confirmation, a permission?",
        match=(
            "The production database was accidentally deleted.",
            "The check had been mistakenly removed during a refactoring.",
            "The runtime had been set as the default accidentally.",
        ),
        miss=(
            "The database was deleted by the retention job.",
            "The retry job unintentionally doubles load during an outage.",
            "The limit was removed in commit 0a1b2c3.",
        ),
    ),
    Rule(
        id="blame.personified",
        pattern=_shape(
            rf"(?<![\w-])(?:{MACHINE}){ASIDE}{S}{_HAVE}(?:(?:just|simply|completely|totally|suddenly){S})?(?:(?:went|gone|goes|going|ran){S}"
            rf"(?:(?:completely|totally|right){S})?(?:off{S}the{S}rails|rogue|crazy|insane|wild|haywire|berserk|mad|nuts|bonkers|amok)"
            rf"|blew{S}(?:up|it)|blown{S}up|lost{S}(?:its|his|her){S}(?:mind|way|head)|freaked{S}out|panicked|got{S}(?:greedy|confused|stuck"
            rf"{S}in{S}its{S}head|scared|cocky|lazy)|(?:was|is|were|acted|being){S}(?:\w{{2,20}}{S})?(?:stupid|dumb|lazy|greedy|crazy|insane"
            rf"|stubborn|reckless|careless|confused|drunk|evil|overconfident)|misbehaved|messed{S}up|screwed{S}up|lied|cheated"
            rf"|gambled|threw{S}a{S}tantrum|gave{S}up|(?:did|does){S}(?:whatever|what){S}it{S}wanted|thought{S}it{S}knew|wanted{S}to"
            rf"|refused{S}to{S}listen|melted{S}down)\b",
        ),
        why="A model has no character; it has inputs, limits and gates.",
        ask="Which limit, gate or check was missing around the model?",
        match=(
            "The agent went off the rails",
            "The bot blew up on the second trade.",
            "The model got confused and the strategy lost its mind.",
        ),
        miss=(
            "The agent placed an order at 14:02 UTC.",
            "The model returned an empty plan.",
            "The loop exceeded its token budget.",
        ),
    ),
    Rule(
        id="blame.intention",
        pattern=_shape(
            rf"\b(?:be|being|become|stay|remain){S}(?:(?:much|even){S})?(?:more{S}|extra{S}|very{S})?(?:careful|vigilant|diligent|mindful|attentive"
            rf"|alert|cautious|thorough|aware)\b",
            rf"\b(?:pay|give|paying){S}(?:more{S}|closer{S}|better{S}|extra{S}|full{S})?attention\b|\btry(?:ing)?{S}(?:harder|to)\b"
            rf"|\b(?:do|does|must){S}(?:better|remember)\b",
            rf"\bremember{S}to\b|\b(?:do{S}not|don['\u2019]t|never){S}forget\b|\bkeep{S}(?:an|a{S}close){S}eye\b|\bdo{S}better\b"
            rf"|\bdouble-?check(?:ing)?\b|\b(?:take|taking){S}(?:more{S}|greater{S}|extra{S})?care\b|\bexercise{S}(?:more{S})?caution\b",
            rf"\b(?:remind|retrain|re-?train|train|coach|educate|discipline|warn){S}(?:the{S}|all{S}|our{S}|every{S})?(?:\w{{2,20}}{S})?"
            rf"(?:{ROLES}|everyone|people)\b",
            rf"\b(?:make{S}sure|ensure){S}(?:that{S})?(?:the{S}|all{S}|our{S})?(?:{ROLES}|everyone|people|we)\b|\bwatch{S}(?:more{S})?closely\b"
            rf"|\bmore{S}(?:careful|attention|diligence|vigilance|discipline|care)\b",
        ),
        why="An intention is not there at three in the morning; a detector is.",
        ask="Which metric, alert, test, gate, monitor, check or limit would show it earlier?",
        fields=_in("prevention fix"),
        match=(
            "The team will be more careful.",
            "We will pay closer attention to the dashboard.",
            "Everyone must remember to run the test.",
            "Make sure the operator checks the limit.",
        ),
        miss=(
            "The ingestion pipeline emits a schema-version metric; an alert fires on change.",
            "A gate refuses orders above the limit.",
            "A test compares the tool schema of both runs.",
        ),
    ),
    Rule(
        id="factor.no_system",
        pattern=re.compile(rf"(?<![a-z])(?:{SYSTEM})|\w_\w|(?-i:[a-z][A-Z])", re.IGNORECASE),
        why="A factor names something that a ticket can change.",
        ask="Which part of the system (a validator, limit, prompt, cache, alert) made this possible?",
        fields=_in("contributing_factors"),
        required=True,
        match=("Bad luck.", "Things moved fast that day.", "Nobody knew."),
        miss=(
            "No paging integration for this class of alert",
            "No max_steps ceiling; no convergence gate",
            "The cache held content of an earlier run.",
        ),
    ),
    Rule(
        id="summary.judgement",
        pattern=_shape(
            r"\b(?:terribl[ey]|horribl[ey]|stupid(?:ly)?|awful(?:ly)?|embarrassing(?:ly)?|disastrous(?:ly)?|unacceptabl[ey]|sloppy"
            r"|incompetent(?:ly)?|foolish(?:ly)?|ridiculous(?:ly)?|inexcusabl[ey]|obvious(?:ly)?|unfortunate(?:ly)?|sadly|reckless(?:ly)?"
            r"|careless(?:ly)?|negligent(?:ly)?|shameful(?:ly)?|needless(?:ly)?|absurd(?:ly)?|dismal(?:ly)?|pathetic|appalling(?:ly)?)\b",
        ),
        why="The summary states the event; a judgement starts an argument.",
        ask="Which measured figure says the same?",
        fields=_in("summary"),
        match=(
            "A terrible loss in SYNTHETIC_A.",
            "Unfortunately the stop was not set.",
            "An obviously stale quote was used.",
        ),
        miss=(
            "Position in SYNTHETIC_A was not closed on invalidation at 15:47 UTC.",
            "Realised loss 1.4 percent of deployed capital.",
            "The loop used 300,000 tokens against a plan of 50,000.",
        ),
    ),
)


def rules_for(field: str) -> Iterable[Rule]:
    """Return the rules that apply to a field of the record ("timeline.3.event" counts as timeline)."""
    root = field.partition(".")[0]
    return (rule for rule in RULES if not rule.fields or root in rule.fields)
