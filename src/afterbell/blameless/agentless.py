"""Rules for blame without an agent: human error, slips that nobody made, machines with a character."""

from __future__ import annotations

from afterbell.blameless.rule import Rule, any_of
from afterbell.blameless.words import ASIDE, CLAUSE, MACHINE, PEOPLE, SLIP, S

HUMAN_ERROR = Rule(
    id="blame.human_error",
    shapes=any_of(
        rf"(?<![\w-])(?:human|operator|user|pilot|manual|administrator|engineer|developer|trader|personnel|clerical)"
        rf"{S}(?:errors?|mistakes?|slips?|blunders?)(?!{S}(?:messages?|pages?|logs?|codes?|reports?|rates?))\b"
        rf"|(?<![\w-])(?:human|pilot|personnel){S}failures?\b|\boperational{S}(?:mistake|blunder|slip)s?\b",
        r"\b(?:carelessness|negligence|inattention|complacency|incompetence|recklessness|sloppiness|forgetfulness|laziness"
        r"|arrogance|hubris)\b",
        r"\b(?:fat|thick)[- ]finger(?:s|ed)?\b",
        rf"\b(?:lack|want){S}of{S}(?:\w{{2,20}}{S})?(?:attention|care|diligence|discipline|vigilance|judge?ment|focus|rigou?r|skill"
        rf"|common{S}sense)\b",
        rf"\b(?:lapses?|errors?|failures?){S}(?:in|of){S}(?:judge?ment|attention|concentration|discipline)\b",
        rf"\b(?:careless|sloppy|negligent|reckless|silly|stupid|dumb|rookie|foolish|embarrassing|honest|clumsy|lazy){S}(?:\w{{2,20}}{S})?"
        rf"(?:mistakes?|errors?|typos?|slips?|work|handling|coding|reviews?|changes?|decisions?|approach|configuration|testing)\b",
        rf"\b(?:due{S}to|because{S}of|caused{S}by|result{S}of|owing{S}to){S}(?:(?:an?|the|some){S})?(?:\w{{2,20}}{S}){{0,2}}"
        rf"(?:mistakes?|blunders?|slip-?ups?)\b|\b(?:came|comes|boil(?:ed|s)){S}down{S}to{S}(?:an?|the|one|some){S}(?:\w{{2,20}}{S})?"
        rf"(?:mistakes?|slips?|typos?|oversights?)\b|\b(?:an?|the|one){S}mistakes?{S}(?:during|while|when)\b"
        rf"|\bfailures?{S}to{S}(?:follow|read|obey|heed|consult){S}(?:the|our|an?|its?){S}|\bmistakes?{S}(?:(?:(?:was|were){S})?made|went|slipped|remained)\b"
        rf"|\b(?:was|were){S}(?:an?{S})?(?:\w{{2,20}}{S})?mistakes?\b|\bball{S}was{S}dropped\b|\b(?:was|were|been|got){S}(?:botched|bungled|fumbled)\b"
        rf"|\b(?:was|were|is){S}(?:\w{{2,20}}{S})?(?:sloppy|careless|negligent)\b",
        rf"\b(?:poor|bad){S}(?:judge?ment|decision(?:-|{S})making|discipline|communication|coordination|teamwork)\b|\ban{S}(?:\w{{2,20}}{S})?oversight\b"
        rf"|\b(?:due{S}to|because{S}of|caused{S}by|through|owing{S}to){S}(?:human{S})?oversight\b|\bmis-?communications?\b"
        rf"|\bmisunderstandings?{S}(?:between|among|by){S}{PEOPLE}|\bmy{S}bad\b",
    ),
    why="Human error is where an analysis starts, not where it ends.",
    ask="Which control would have stopped or shown the slip?",
    match=(
        "The root cause was human error.",
        "Operator error led to a double order.",
        "The limit was off through carelessness.",
        "A fat finger in the size field.",
        "It boiled down to a simple slip.",
        "The cause was a failure to follow the checklist.",
    ),
    miss=(
        "The error rate of the retriever doubled.",
        "No human oversight gate stands before live orders.",
        "The gate is there to prevent human error from reaching production.",
    ),
)

_NO_USER = "".join(rf"(?<!\b{who}\s)" for who in ("user", "users", "customer", "customers", "clients", "people"))
"""What befalls a user is what a system did."""

SLIPPED = Rule(
    id="blame.slip",
    shapes=any_of(
        rf"\b(?=[abgiw]){_NO_USER}(?:was|were|been|being|got|is|are|be){S}(?:\w{{2,20}}{S})?(?:{SLIP})\b(?:{S}\w{{2,20}})?",
        rf"\b(?=[bgw]){_NO_USER}(?:was|were|been|being|got)\b[^.;:!?\n]{{1,60}}?(?:(?:{SLIP})(?=[\s]{{0,3}}(?:[.,;:!?)]|$))"
        rf"|by{S}(?:mistake|accident)\b(?!-))",
        rf"\b(?:was|were|been|got|is|are){S}(?:\w{{2,20}}{S})?(?:mis-?typed|mis-?keyed|fat-?fingered|forgotten|overlooked)\b",
        rf"\b(?:was|were|been|being|got){S}(?:{CLAUSE}{{1,40}}?{S})?\w{{2,20}}(?:ed|en){S}(?:{CLAUSE}{{1,30}}?{S})?in{S}error"
        rf"(?=[\s]{{0,3}}(?:[.,;:!?)]|$))",
        rf"(?:^|[.;:!?,|(*-])[ \t*-]{{0,4}}(?:{SLIP}){S}(?:\w{{2,20}}(?:ed|ing)|wrote|sent|put|set|ran|left|took)\b",
        rf"\b(?:by|while|of|after|from){S}(?:{SLIP}){S}\w{{2,20}}ing\b",
        rf"(?<!was )(?<!were )(?<!been )(?<!being )(?<!got )(?<![\w-])(?:{SLIP}){S}"
        rf"(?!resulted|contributed|exited|failed|crashed|entered|escalated)\w{{2,20}}(?:ed|en)"
        rf"(?=[ \t]{{0,3}}(?:[.,;:!?)\n]|$)|{S}(?:by|in|during|from|after|when|while|at|with|out|to)\b)",
        rf"(?:^|[.;]{S})by{S}(?:mistake|accident),",
    ),
    why="An accident has no owner, and so no one changes what made it possible.",
    ask="Which control would have stopped it: a guard, a confirmation, a permission?",
    match=(
        "The production database was accidentally deleted.",
        "The check had been mistakenly removed during a refactoring.",
        "The runtime had been set as the default accidentally.",
        "Production configuration accidentally reverted",
        "The outage began by mistakenly executing a cleanup on the primary.",
    ),
    miss=(
        "The database was deleted by the retention job.",
        "The retry job unintentionally doubles load during an outage.",
        "The limit was removed in commit 0a1b2c3.",
        "The change inadvertently introduced a regression in the parser.",
        "The pods were in error.",
    ),
)

PERSONIFIED = Rule(
    id="blame.personified",
    shapes=any_of(
        rf"(?<![\w-])(?:{MACHINE}){ASIDE}{S}(?:(?:had|has|have|then|also|just|again){S}){{0,2}}(?:\w{{2,20}}{S}(?:\w{{2,20}}{S})?and{S})?(?:(?:just|simply|completely|totally|suddenly){S})?(?:(?:went|gone|goes|going|ran){S}"
        rf"(?:(?:completely|totally|right){S})?(?:off{S}the{S}rails|rogue|crazy|insane|wild|haywire|berserk|mad|nuts|bonkers|amok)"
        rf"|blew{S}(?:up|it)|blown{S}up|lost{S}(?:its|his|her){S}(?:mind|way|head)|freaked{S}out|panicked|got{S}(?:greedy|confused|stuck"
        rf"{S}in{S}its{S}head|scared|cocky|lazy)|(?:was|is|were|acted|being){S}(?:\w{{2,20}}{S})?(?:stupid|dumb|lazy|greedy|crazy|insane"
        rf"|stubborn|reckless|careless|confused(?!{S}(?:with|for)\b|-)|drunk|evil|overconfident)|misbehaved|messed{S}up|screwed{S}up|lied|cheated"
        rf"|gambled|threw{S}a{S}tantrum|(?:did|does){S}(?:whatever|what){S}it{S}wanted|(?:thought|decided|believed){S}it{S}knew|wanted{S}to"
        rf"|refused{S}to{S}listen|decided{S}to{S}(?:ignore|disobey)|had{S}a{S}(?:mind|bad{S}day)|melted{S}down)\b",
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
        "The pipeline gave up after three attempts.",
    ),
)
