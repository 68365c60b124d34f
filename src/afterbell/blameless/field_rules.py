"""Rules of single fields: prevention names a detector, a factor names part of the system, a summary does not judge."""

from __future__ import annotations

from afterbell.blameless.rule import Rule, any_of
from afterbell.blameless.words import ASIDE, PERSON, ROLES, SYSTEM, S

_MADE = (
    r"platform|apps?\b|application|release|rollout|launch|requirement|contract|architecture|design|infrastructur|vendor"
    r"|rotation|on-call|signal|instruction|response|grounded|grounding|verif|review|plan\b|ownership|separation|firmware"
)
"""Further things that a ticket can change; too common as words to tell a name from a program."""

INTENTION = Rule(
    id="blame.intention",
    shapes=any_of(
        rf"\b(?:be|being|become|stay|remain|get){S}(?:(?:much|even){S})?(?:more{S}|extra{S}|very{S}|better{S})?(?:careful|vigilant"
        rf"|diligent|mindful|attentive|alert(?!-)|cautious|thorough|disciplined|proactive|responsible|conscientious)\b",
        rf"\b(?:be|being|become|stay|remain){S}(?:more{S}|better{S}|very{S})aware\b|\braise{S}awareness\b|\bthink{S}twice\b",
        rf"\b(?:pay|give|paying|giving){S}(?:more{S}|closer{S}|better{S}|extra{S}|full{S})?attention\b|\btry(?:ing)?{S}harder\b"
        rf"|\b(?:do|must){S}(?:better|remember)\b|\b(?:strive|endeavou?r|make{S}(?:an|every){S}effort|do{S}(?:our|their){S}best){S}to\b",
        rf"\bremember{S}to\b|\b(?:do{S}not|don['\u2019]t|never){S}forget\b|\bkeep{S}(?:an|a{S}close(?:r)?|a{S}better){S}eye\b"
        rf"|(?<!a )\bdouble-?check(?:ing)?\b|\b(?:take|taking){S}(?:more{S}|greater{S}|extra{S}|better{S})?care\b"
        rf"|\bexercise{S}(?:more{S}|greater{S})?caution\b|\buse{S}(?:more{S}|better{S})?(?:judge?ment|common{S}sense)\b",
        rf"\b(?:remind|retrain|re-?train|train|coach|educate|discipline){S}(?:the{S}|all{S}|our{S}|every{S})?(?:\w{{2,20}}{S})?"
        rf"(?:{ROLES}|everyone|people)\b(?!{S}(?:dashboard|console|model|agent|bot|classifier))",
        rf"{PERSON}{ASIDE}{S}(?:will|shall|must|should|need{S}to){S}be{S}(?:reminded|re-?trained|trained|educated|coached|told|warned|disciplined)\b",
        rf"(?<!to )(?<!will )(?<!that )(?<!which )(?<!can )\b(?:make{S}sure|ensure){S}(?:that{S})?"
        rf"(?:the{S}|all{S}|our{S})?(?:\w{{2,20}}{S})?(?:{ROLES}|everyone|people|we)\b",
        rf"\bwatch{S}(?:\w{{1,20}}{S}){{0,3}}?(?:more{S})?(?:closely|carefully)\b"
        rf"|\bmore{S}(?:carefully|careful|attention|diligence|vigilance|discipline|care)\b",
        rf"{PERSON}{ASIDE}{S}(?:will|shall|must|should|are{S}to|is{S}to|need{S}to|needs{S}to|promise{S}to|agreed{S}to|plans?{S}to|intends?{S}to)"
        rf"{S}(?:(?:now|always|also|then|all|from{S}now{S}on|manually|regularly|personally|try{S}to|\w{{2,20}}ly){S}){{0,2}}"
        rf"(?:check|watch|look|keep|remember|try|read|verify|review|pay|ask|think|notice|care|follow|communicate|make{S}sure|double-?check"
        rf"|discuss|supervise|observe|avoid|learn|improve|monitor{S}(?:the|it|this|that|them|all|more))\b",
    ),
    why="An intention is not there at three in the morning; a detector is.",
    ask="Which metric, alert, test, gate, monitor, check or limit would show it earlier?",
    fields=frozenset(("prevention", "fix")),
    match=(
        "The team will be more careful.",
        "We will pay closer attention to the dashboard.",
        "Everyone must remember to run the test.",
        "Make sure the operator checks the limit.",
        "The operator will check the dashboard every hour.",
        "The desk will be reminded of the procedure.",
    ),
    miss=(
        "The ingestion pipeline emits a schema-version metric; an alert fires on change.",
        "A gate refuses orders above the limit.",
        "A test compares the tool schema of both runs.",
        "An alert pages the on-call engineer when the queue is older than one minute.",
        "The gate will ask a reviewer to approve each order above the limit.",
    ),
)

NO_SYSTEM = Rule(
    id="factor.no_system",
    shapes=any_of(
        rf"(?<![a-z])(?:{SYSTEM}|{_MADE})|\w_\w|(?-i:[a-z][A-Z])|^\s{{0,3}}(?:no|missing|lack{S}of|absence{S}of|insufficient"
        rf"|incomplete|inadequate|undocumented|untested|unbounded|unversioned){S}(?!luck|one|idea)",
    ),
    why="A factor names something that a ticket can change.",
    ask="Which part of the system (a validator, limit, prompt, cache, alert) made this possible?",
    fields=frozenset(("contributing_factors",)),
    required=True,
    match=("Bad luck.", "Things moved fast that day.", "Nobody knew."),
    miss=(
        "No paging integration for this class of alert",
        "No max_steps ceiling; no convergence gate",
        "The cache held content of an earlier run.",
        "No domain review of legal content before launch",
        "The same flawed pattern was copied across the platform.",
    ),
)

JUDGEMENT = Rule(
    id="summary.judgement",
    shapes=any_of(
        r"\b(?:terribl[ey]|horribl[ey]|stupid(?:ly)?|awful(?:ly)?|embarrassing(?:ly)?|disastrous(?:ly)?|unacceptabl[ey]|sloppy"
        r"|incompetent(?:ly)?|foolish(?:ly)?|ridiculous(?:ly)?|inexcusabl[ey]|obvious(?:ly)?|unfortunate(?:ly)?|sadly|reckless(?:ly)?"
        r"|careless(?:ly)?|negligent(?:ly)?|shameful(?:ly)?|needless(?:ly)?|absurd(?:ly)?|dismal(?:ly)?|pathetic|appalling(?:ly)?)\b",
    ),
    why="The summary states the event; a judgement starts an argument.",
    ask="Which measured figure says the same?",
    fields=frozenset(("summary",)),
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
)
