"""Rules for sentences that put the cause in somebody: a person, a role, a name, everybody, nobody."""

from __future__ import annotations

from afterbell.blameless.rule import Rule, any_of
from afterbell.blameless.words import (
    ADVERB,
    ASIDE,
    BAD,
    CLAUSE,
    DID,
    DUTY,
    FULL_NAME,
    GAP,
    LET_IN,
    MENDED,
    NAME,
    NOBODY,
    NOT_GIVEN,
    PARTICIPLE,
    PEOPLE,
    PERSON,
    RECEIVED,
    ROLES,
    SLIP,
    S,
)

_HAVE = (
    r"(?:(?:had|has|have|having|then|also|simply|just|apparently|again|still|both|all|probably|repeatedly|clearly)"
    r"\s{1,8}){0,2}"
)
_STATE = (
    r"asleep|sleeping|drunk|careless|negligent|sloppy|distracted|inattentive|complacent|overconfident|reckless|lazy"
    r"|incompetent|inexperienced|unqualified|tired|exhausted|confused|slow\s{1,8}to|late\s{1,8}to|too\s{1,8}(?:slow|late|busy"
    r"|trusting|hasty|lazy|eager|confident|tired|optimistic)|absent|wrong\s{1,8}to|(?<=had )fallen\s{1,8}asleep"
    r"|not\s{1,8}(?:careful|attentive|diligent|vigilant|thorough|watching|monitoring|looking|paying|checking|following"
    r"|listening|awake|prepared|trained|competent|at\s{1,8}(?:his|her|their|the)\s{1,8}desk)|at\s{1,8}fault|to\s{1,8}blame"
    r"|away\s{1,8}from\s{1,8}(?:the|his|her|their)\s{1,8}(?:desk|screens?|keyboard)|in\s{1,8}a\s{1,8}(?:hurry|rush)"
)
_DONE = (
    r"checked|tested|verified|monitored|reviewed|validated|updated|read|noticed|documented|followed|watched|looked"
    r"|questioned|remembered|paid|closed|acted|reacted|responded|escalated|spotted|caught|listened|asked"
)
_CARELESS = (
    r"test(?:ing|s)?|review(?:ing|s)?|check(?:ing|s)?|verifying|reading|approval|authori[sz]ation|asking|looking|thinking"
    r"|telling|informing|notifying|understanding|considering|knowing|permission|validating|validation|verification"
    r"|waiting|care|warning|justification"
)
_FAILING = (
    r"mis(?:took|read|judged|configured|understood|handled|typed|used|interpreted|managed|calculated|communicated|labell?ed"
    r"|placed|applied|keyed)|botched|bungled|fumbled|flubbed|fat-?fingered|violated|disobeyed|flouted"
    rf"|rubber(?:-|{S})?stamped|did{S}nothing|took{S}no{S}action"
    r"|circumvented|underestimated|overestimated|overreacted|panicked|hesitated|procrastinated|dithered|slacked"
    rf"|(?:messed|screwed){S}(?:\w{{1,20}}{S})?up|let{S}(?:us|them|everyone|\w{{1,20}}{S}\w{{1,20}}|\w{{1,20}}){S}down"
    rf"|broke{S}(?!down|out|up|off|into|even)|(?:got|getting){S}it{S}wrong|dropped{S}the{S}ball|jumped{S}the{S}gun|cut{S}corners"
    rf"|turned{S}a{S}blind{S}eye|let{S}(?:\w{{1,20}}{S}){{1,4}}?(?:slip|through|pass)|(?:waved|nodded){S}(?:\w{{1,20}}{S}){{1,3}}?through|pressured|bullied|coerced"
    rf"|(?:chose|decided|opted|preferred){S}to{S}(?:ignore|disregard|hide|conceal|look{S}away)|refused{S}to"
    rf"|(?:kept|keeps?|continued?|continues){S}(?:to{S})?(?:forget|ignor|miss|overlook|skip|fail)\w{{0,5}}"
)
_FAULT_NOUN = r"mistakes?|errors?|typos?|slips?|blunders?|oversights?|lapses?"
_OWNER = rf"(?<![\w-])(?=[\w-]{{1,20}}(?:\s{{1,8}}[\w-]{{1,20}})?['\u2019])(?:{ROLES})"
_MIND = r"notic|bother|realis|realiz|remember|pay|understand|think|care"

LEFT_UNDONE = Rule(
    id="blame.left_undone",
    shapes=any_of(
        rf"{PERSON}{ASIDE}{S}{_HAVE}(?:fail(?:ed|s|ing)?{S}to|forgot(?:ten)?|forgets?|neglect(?:ed|s)?|omitt?(?:ed|s)?"
        rf"|overlook(?:ed|s)?|ignor(?:ed|es)|skipp(?:ed|s){S}(?:the|an?|every|all){S}(?:\w{{1,20}}{S})?(?:check\w{{0,6}}|tests?|review"
        rf"|steps?|gate|validation|runbook|procedure|approval)|miss(?:ed|es)|disregard(?:ed|s)|dismiss(?:ed|es){S}(?:\w{{1,20}}{S}){{0,2}}?(?:alerts?|warnings?|alarms?|pages?)"
        rf"|never{S}(?!{NOT_GIVEN})(?:{PARTICIPLE}|{DUTY}))\b",
        rf"{PERSON}{ASIDE}{S}(?:did(?:{S}not|n['\u2019]t)(?!{S}(?:{RECEIVED})\b)(?!{S}\w{{1,20}}{S}any\b)"
        rf"|(?:had|has|have)(?:{S}not|n['\u2019]t){S}(?:{_DONE})"
        rf"|do(?:es)?(?:{S}not|n['\u2019]t){S}(?:check|test|verify|monitor|review|validate|watch|pay|follow)){S}?\w{{0,20}}",
        rf"(?<![\w-])(?:they|people|(?<!users )(?<!customers )(?<!clients )who){S}(?:did(?:{S}not|n['\u2019]t){S}"
        rf"(?:check|verify|test|monitor|review|validate|bother|pay|notice|remember)|forgot|neglected|overlooked)\b",
        rf"(?<![\w-])who{S}(?:did{S}not|didn['\u2019]t){S}(?:understand|read|follow|look|think)\b"
        rf"|(?<![\w-])whoever{S}(?:\w{{1,20}}{S}){{1,5}}?(?:did{S}not|didn['\u2019]t|forgot|failed{S}to)\b",
        rf"(?<![\w-])(?<!users )(?<!customers )(?<!who )forgot{S}to\b|\bfailure{S}(?:of|by){S}{PEOPLE}{S}to\b",
        rf"{PERSON}{ASIDE}{S}{DID}{S}{CLAUSE}{{1,40}}?\band{S}(?:then{S})?(?:never{S}(?!{NOT_GIVEN})[\w-]{{2,20}}ed|forgot"
        rf"|failed{S}to|(?:did{S}not|didn['\u2019]t){S}(?:{DUTY}))\b",
        rf"{NOBODY}{ASIDE}{S}{_HAVE}(?:bothered|{_DONE}|saw|thought|realised|realized|told|stopped|halted|cared|took{S}over|picked{S}up|followed{S}up"
        rf"|(?:was|were){S}(?:watching|monitoring|looking|paying|checking|awake|listening))\b(?!{S}any\b)",
        rf"{NAME}{S}{_HAVE}(?:forgot|neglected|overlooked|(?:fail(?:ed|s){S}to|did{S}not|didn['\u2019]t|never)"
        rf"{S}(?:(?:{_MIND})\w{{0,4}}(?!{S}any\b)|review|read|follow|look|ask|tell|document|escalate|double-?check|question)"
        rf"|(?:missed|ignored|skipped){S}(?:the|an?|every|all|two|three|several){S}(?:\w{{1,20}}{S})?(?:alerts?|warnings?|pages?"
        rf"|signals?|reviews?|checklist|runbook|meeting|handover|deadline|bug))\b",
        rf"{FULL_NAME}{S}{_HAVE}(?:fail(?:ed|s){S}to|did{S}not|didn['\u2019]t|never){S}(?:checke?d?|verif(?:y|ied)|monitor(?:ed)?"
        rf"|watch(?:ed)?|validated?|test(?:ed)?|update[d]?|close[d]?|react(?:ed)?|respond(?:ed)?)\b(?!{S}any\b)",
        rf"\bif{S}(?:only{S})?{PEOPLE}{ASIDE}{S}had{S}(?:only{S}|not{S})?(?:{_DONE}|been{S}(?:paying|watching|more|careful"
        rf"|awake|looking|monitoring|checking|attentive|faster))\b",
        rf"(?:^|[.;]{S})had{S}{PEOPLE}{S}(?:only{S}|not{S})?(?:{_DONE}|been{S}(?:paying|watching|more|careful|awake|faster))\b",
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
        "Nobody on the desk looked at the alert.",
        "Someone disabled the alert and never re-enabled it.",
        "If the operator had been paying attention, the loss would be smaller.",
    ),
    miss=(
        "The validator did not check the schema version.",
        "The on-call engineer did not receive a page.",
        "The prometheus-operator failed to reconcile the rule.",
        "The operator dashboard failed to load.",
        "The order did not fill before the close.",
        "The operator with access to the console, which failed to load, was paged.",
        "We did not notice any errors in staging.",
        "We had never been told about the second account.",
        "Nobody was paged because the alert had no route.",
        "If the operator had access to the console, the switch would be reachable.",
    ),
)

WRONG_ACT = Rule(
    id="blame.wrong_act",
    shapes=any_of(
        rf"{PERSON}{ASIDE}{S}{_HAVE}(?:{LET_IN}){S}{GAP}(?:{BAD})(?![\w-])",
        rf"{PERSON}{ASIDE}{S}{_HAVE}{DID}{S}{GAP}(?:the|an?|his|her|their|our|some){S}(?:wrong|untested|unreviewed)(?![\w-])",
        rf"{PERSON}{ASIDE}{S}{_HAVE}{DID}{S}{CLAUSE}{{0,60}}?\bwithout{S}(?:\w{{1,20}}{S})?(?:{_CARELESS})\b",
        rf"{PERSON}{ASIDE}{S}{_HAVE}(?:(?:made|committed){S}(?:an?|the|some|several|two|this|that){S}(?:\w{{1,20}}{S})?(?:{_FAULT_NOUN})"
        rf"|(?:introduced|caused|shipped|left){S}(?:an?|the|this){S}(?:\w{{1,20}}{S}){{0,2}}?(?:bug|error|defect|regression|typo|mistake"
        rf"|vulnerability|flaw|outage|incident|loss|losses|breach)|{_FAILING})\b",
        rf"{PERSON}{ASIDE}{S}(?:(?!(?:was|were|is|are|been|being|be|had|has|have|{MENDED}\w{{0,5}})\b)\w{{2,20}}{S})?(?:{ADVERB})\b"
        rf"(?:{S}\w{{2,20}})?",
        rf"{PERSON}{ASIDE}{S}{_HAVE}{DID}{S}(?:{CLAUSE}{{1,40}}?{S})?(?:{ADVERB}|by{S}(?:mistake|accident)|in{S}error"
        rf"|(?:way{S}|far{S})?too{S}much)(?=[\s]{{0,3}}(?:[.,;:!?)]|$))",
        rf"{PERSON}{ASIDE}{S}{_HAVE}(?:waited|took|reacted|responded|acted|escalated|acknowledged|trusted|relied|looked|moved"
        rf"|came|arrived|closed|exited|halted|stopped|intervened|noticed){S}(?:{CLAUSE}{{1,40}}?{S})?(?:far{S}|much{S}|way{S})?too{S}"
        rf"(?:late|long|slow(?:ly)?|quickly|hasti?ly|heavily|early|soon)\b",
        rf"{PERSON}{ASIDE}{S}{_HAVE}(?:entered|typed|keyed|clicked|pasted|deleted|wiped|dropped|sold|bought|sent|unplugged){S}"
        rf"{CLAUSE}{{1,40}}?\binstead{S}of\b",
        rf"{NAME}{S}{_HAVE}(?:fat-?fingered|misread|misjudged|misunderstood|botched|panicked|rubber-?stamped"
        rf"|(?:{SLIP}){S}\w{{2,20}}|made{S}(?:an?|the){S}(?:\w{{1,20}}{S})?(?:{_FAULT_NOUN})"
        rf"|(?:approved|signed{S}off|merged|pushed|clicked|typed|pasted|entered|committed){S}{GAP}(?:{BAD})(?![\w-])"
        rf"|(?:approved|merged|pushed|signed{S}off){S}{CLAUSE}{{0,40}}?\bwithout{S}(?:\w{{1,20}}{S})?(?:{_CARELESS}))\b",
        rf"(?<![\w-])(?<!users )(?<!customers )(?:who|they){S}(?:had{S})?(?:{SLIP}){S}\w{{2,20}}",
        rf"(?<![\w-])(?:someone|somebody){S}(?:had{S})?left{S}{CLAUSE}{{1,40}}?{S}(?:on|off|open|enabled|disabled|running|in|out|unlocked)\b",
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
        "An engineer ran the migration against the wrong database.",
        "The on-call engineer waited too long before escalating.",
        "Someone left the dry-run switch off.",
    ),
    miss=(
        "The operator halted the agent at 15:52 UTC.",
        "The reviewer approved the change at 09:10 UTC.",
        "The deploy script selected the wrong region.",
        "The engineer identified and corrected the wrong limit.",
        "The engineer restarted the faulty node.",
        "We deployed a fix for the broken queue.",
        "The reviewer was incorrectly blocked by the gate.",
        "An engineer can deploy without approval.",
        "Terraform pushed the wrong tag.",
    ),
)

STATE = Rule(
    id="blame.state",
    shapes=any_of(
        rf"{PERSON}{ASIDE}{S}(?:had{S})?(?:was|were|is|are|being|been|seemed|became|got){S}(?:(?:very|clearly|simply|probably|just)"
        rf"{S})?(?:{_STATE})\b(?!-)",
        rf"{PERSON}{ASIDE}{S}(?:wasn|weren|isn|aren)['\u2019]t{S}(?:careful|attentive|diligent|vigilant|thorough|watching"
        rf"|monitoring|looking|paying|checking|following|listening|awake|prepared|trained)\b",
        rf"{PERSON}{ASIDE}{S}(?:(?:fell|had{S}fallen){S}asleep|slept|lost{S}(?:focus|concentration)|lacked|should{S}know{S}better"
        rf"|(?:did{S}not|didn['\u2019]t){S}know{S}(?:what{S}(?:they|he|she|we){S}(?:was|were)|better))\b",
        rf"\b(?:an?|the){S}(?:careless|negligent|sloppy|distracted|exhausted|reckless|incompetent|inattentive|lazy|junior"
        rf"|inexperienced){S}(?:{ROLES})\b",
        rf"\b(?:blame|fault){S}(?:lies{S}with|of|is{S}with){S}{PEOPLE}",
        rf"\b(?:because|as|since){S}(?:they|he|she|everyone|everybody){S}(?:was|were|felt){S}(?:{_STATE})\b(?!-)",
        rf"{NAME}{S}(?:was|is){S}(?:(?:very|clearly|simply|probably|just){S})?(?:asleep|careless|negligent|distracted|inattentive"
        rf"|complacent|reckless|lazy|incompetent|drunk|at{S}fault|to{S}blame|not{S}(?:careful|watching|paying|looking))\b",
        rf"{NAME}{S}(?:fell{S}asleep|slept|lost{S}(?:focus|concentration))\b",
    ),
    why="It describes a person's condition; a system may not depend on it.",
    ask="Which control works whoever is on duty and however they feel?",
    match=(
        "The on-call was asleep",
        "The operator was not watching",
        "The reviewer was careless with the diff.",
        "The blame lies with the operator.",
        "The person on duty had fallen asleep.",
        "The check was cut short because everyone was in a rush.",
    ),
    miss=(
        "The on-call engineer was paged at 15:50 UTC.",
        "The operator was not paged.",
        "The staging cluster was asleep outside market hours.",
        "The team was on a call with the provider.",
    ),
)

HINDSIGHT = Rule(
    id="blame.hindsight",
    shapes=any_of(
        rf"{PERSON}{ASIDE}{S}(?:should|ought{S}to|must)(?:{S}not|n['\u2019]t)?(?:{S}(?:also{S}|really{S})?have|['\u2019]ve){S}"
        rf"(?:(?:also|really|already|at{S}least){S})?(?:double{S})?(?:{PARTICIPLE})\b",
        rf"(?<![\w-])(?:they|people){S}(?:should|ought{S}to)(?:{S}not|n['\u2019]t)?(?:{S}have|['\u2019]ve){S}(?:{PARTICIPLE})\b",
        rf"\bshould(?:{S}not|n['\u2019]t)?(?:{S}have|['\u2019]ve){S}(?:\w{{2,20}}{S})?been{S}(?:(?:better|more|properly|fully|\w{{2,20}}ly){S})?"
        rf"(?:tested|checked|reviewed|noticed|caught|spotted|verified|anticipated|foreseen|known|communicated|remembered|read"
        rf"|questioned|double-?checked|careful|monitored|documented|considered|planned|prepared|audited|inspected|rehearsed"
        rf"|consulted|discussed|(?:done|run){S}(?:before|earlier|first|beforehand))\b(?!{S}by\b)",
        rf"\bshould(?:{S}not|{S}never|n['\u2019]t)?{S}(?:never{S})?have{S}(?:never{S})?been{S}[\w-]{{2,20}}{S}by{S}{PEOPLE}",
        rf"{PERSON}{ASIDE}{S}could{S}(?:easily{S}|also{S})?have{S}(?:easily{S})?(?:prevented|avoided|caught|noticed|spotted|seen"
        rf"|checked|stopped|halted|closed|reacted|acted|tested|verified)\b",
        rf"{NAME}{S}(?:should|ought{S}to){S}have{S}(?:known|realised|realized|read|looked|paid|asked|thought|remembered|tested"
        rf"|reviewed|been{S}(?:more{S})?(?:careful|attentive))\b",
    ),
    why="It judges with what is known only now.",
    ask="What would have shown this at the time?",
    match=(
        "The engineer should have tested the migration.",
        "We should have known that the feed was stale.",
        "The change should have been reviewed more closely and should have been tested.",
        "The operator could have stopped this earlier.",
    ),
    miss=(
        "The position should have been closed by the invalidation monitor at 15:47 UTC.",
        "We should have a second provider behind the gateway.",
        "The job should have finished within its deadline.",
        "The job should have been run at 02:00 UTC.",
    ),
)

PASSIVE = Rule(
    id="blame.passive",
    shapes=any_of(
        rf"\b(?:was|were|been|being|is|are|got){S}(?:(?:{ADVERB}|simply|not|never|completely){S})?(?:missed|overlooked|ignored"
        rf"|forgotten|neglected|mishandled|misconfigured|misread|misjudged|misunderstood|botched|bungled|broken|skipped|mistyped"
        rf"|disregarded|fumbled|mismanaged|rushed){S}(?:[^.;:!?\n]{{1,30}}?{S})?by{S}{PEOPLE}",
        rf"\b(?:was|were|been|being|got){S}(?:(?:{ADVERB}){S}\w{{2,20}}|(?!{MENDED})\w{{2,20}}{S}(?:{ADVERB})|(?:not|never){S}(?:checked|tested"
        rf"|reviewed|verified|noticed|updated|closed|stopped|halted|read|monitored|watched|spotted|caught|followed|validated"
        rf"|documented|escalated|completed|communicated)|left{S}(?:on|off|open|enabled|disabled|running|unattended|in))"
        rf"{S}(?:[^.;:!?\n]{{1,30}}?{S})?by{S}{PEOPLE}",
        rf"\b(?:not|never){S}been{S}(?:checked|tested|reviewed|verified|noticed|updated|monitored|read|validated|documented){S}by{S}{PEOPLE}",
        rf"\b(?:wrong|bad|incorrect|untested){S}(?:\w{{1,20}}{S}){{1,3}}?(?:was|were|got){S}(?!{MENDED})\w{{2,20}}{S}(?:(?:in|out|up|over){S})?by{S}{PEOPLE}",
        rf"\b(?:was|were|been|got){S}(?!{MENDED})\w{{2,20}}{S}(?:{CLAUSE}{{1,20}}?{S})?(?:in|on|to|against|at|with|into){S}the{S}wrong{S}\w{{2,20}}"
        rf"{S}by{S}{PEOPLE}",
        rf"\b(?:dismissed|waved{S}through|rubber-?stamped){S}by{S}{PEOPLE}",
        rf"\bcaused{S}by{S}(?:an?|the|one|our|some){S}(?:\w{{2,20}}{S})?(?:{ROLES})\b(?!['\u2019-]|{S}(?:console|dashboard|tool|script|agent|bot|queue))",
        rf"\b(?:caused|triggered|introduced){S}by{S}(?:an?{S})?(?:error|mistake|carelessness|negligence|oversight){S}"
        rf"(?:of|by|from){S}{PEOPLE}",
        rf"\b(?:{_FAULT_NOUN}|failures?|negligence|carelessness|(?:bad|poor|wrong){S}(?:\w{{1,20}}{S})?(?:decisions?|calls?|choices?|making|judge?ment))"
        rf"{S}(?:made{S}|committed{S})?(?:by|on{S}the{S}part{S}of){S}{PEOPLE}",
    ),
    why="The passive hides the verb, not the blame.",
    ask="Which control would have acted in the place of this person?",
    match=(
        "The alert was missed by the operator.",
        "The flag was incorrectly set by an engineer.",
        "The outage followed a mistake by the reviewer.",
        "The change was not tested by the developer.",
        "The wrong symbol was typed by the analyst.",
        "The outage was caused by an engineer.",
    ),
    miss=(
        "The agent was halted by the operator at 15:52 UTC.",
        "The alert was acknowledged by the on-call engineer.",
        "The message was skipped by the consumer.",
        "The order was not approved by the operator.",
    ),
)

POSSESSIVE = Rule(
    id="blame.possessive",
    shapes=any_of(
        rf"{_OWNER}['\u2019]s?{S}(?:\w{{2,20}}{S})?(?:{_FAULT_NOUN}|failure(?!{S}(?:domain|mode|rate|zone|test|inject|budget|scenario))|negligence|carelessness"
        rf"|fault|inattention|lack{S}of|inability|poor|incompetence|misunderstanding|misjudge?ment|forgetfulness)\b",
        rf"(?<![\w-])(?:someone|somebody)['\u2019]s{S}(?:\w{{2,20}}{S})?(?:{_FAULT_NOUN}|negligence|carelessness|fault)\b",
        rf"{_OWNER}['\u2019]s?{S}(?:sloppy|careless|reckless|negligent|hasty|lazy|bad|wrong|clumsy)\b",
        rf"\b(?:{_FAULT_NOUN}|fault|failure){S}on{S}(?:my|our|his|her|their){S}(?:part|side|end)\b",
        rf"\b(?<!not )(?:my|our|his|her|their){S}(?:own{S})?"
        rf"(?:mistakes?|fault(?!{S}(?:toleran|inject|isol|domain|detect|model|handl))"
        rf"|negligence|carelessness|blunder)\b",
    ),
    why="It makes the failing the property of a person.",
    ask="Which control was missing around this person's work?",
    match=(
        "The loss followed the operator's mistake.",
        "Root cause: the engineer's lack of attention.",
        "It was our fault that the cap was off.",
        "Somebody's mistake in the allow list.",
    ),
    miss=(
        "Malware on an engineer's laptop stole the session.",
        "The operator's approval was recorded at 14:02 UTC.",
        "The model's error rate doubled.",
        "Our fault isolation held.",
    ),
)
