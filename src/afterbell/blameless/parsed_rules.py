"""Rules that hold only where a sentence was parsed: data, like the rules of shape, and only for what those leave open.

A predicate is written as lemmas: the verb first ("*" is any but those of finding, mending and being given), then words
that must stand within its reach, behind a preposition as its object, "|" between alternatives; "not" asks for a
negation, "that" for a clause, "to" at the front for a person to whom it was done ("was carried away"). Only what was
done is judged: past tense, no question, no "if", no "could".
"""

from __future__ import annotations

from msgspec import Struct

from afterbell.blameless.rule import ANYWHERE


class ParsedRule(Struct, frozen=True, kw_only=True):
    """One rule over a parse: a person did, or had done by them ("by"), what a predicate says.

    `human` fits nothing but people, so that a mere name will do; `shared` is said of programs, firms and markets too
    and needs a person who is told as one. `traits` and `owned` are the same for what a person has ("X's oversight").
    """

    id: str
    why: str
    ask: str
    match: tuple[str, ...]
    miss: tuple[str, ...]
    human: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    owned: tuple[str, ...] = ()
    fields: frozenset[str] = ANYWHERE


def _each(lemmas: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in lemmas.split(","))


INATTENTIVE = ParsedRule(
    id="blame.inattentive",
    human=_each(
        "doze off, nod off, zone out, tune out, daydream, oversleep, slack off, lose nerve, drag foot|feet|heel"
        ", to bother not, get round|around to not, look way|away, twiddle, sleepwalk"
        ", sneer, pooh, procrastinate, dither, to carry away, take eye off, take granted, chicken out"
        ", kick can, pass buck, hope for best, leave to chance"
    ),
    shared=_each(
        "scoff, forget, neglect, ignore, overlook, disregard, miss alert|warning|signal|page|deadline|sign|bug"
        ", keep quiet, lose track|sight|patience|interest|concentration|focus, drift off"
        ", let lapse|slide|ring|slip|rot, brush aside|off|away, shrug off, laugh off"
        ", wave off|away|aside, play down, explain away"
        ", sit on alert|warning|page|ticket|report|request|alarm|message|rollback|fix"
        ", be|seem|grow|become|get careless|sloppy|negligent|lazy|distracted|inattentive|complacent|overconfident"
        "|reckless|incompetent|asleep|tired|exhausted|drunk|stubborn|arrogant|impatient|greedy|cocky|bored"
    ),
    why="It says that somebody's mind was elsewhere; minds always are at times.",
    ask="Which control would have acted without anybody's attention?",
    match=(
        "The desk head dozed off during the auction.",
        "After the release the operator had lost track of the open orders.",
        "The warnings were shrugged off by the old hands.",
        "Support could not be bothered to call back.",
        "The second page was disregarded by Maria, who was on duty.",
        "The page was muted by somebody who was tired of it.",
    ),
    miss=(
        "The consumer lost track of its offset.",
        "The operator sat on the trading floor.",
        "Kafka forgot the offsets after a week.",
        "The alert was brushed aside by the new filter.",
        "If the desk loses sight of the order, the monitor pages.",
        "The team never got around the limit, which is enforced by the gateway.",
    ),
)

HEEDLESS = ParsedRule(
    id="blame.heedless",
    human=_each(
        "eyeball, breeze through|past, talk into, railroad, browbeat, fib, go gut, take gamble|punt|flyer"
        ", sweep under, * without tell|consult, * on hunch|whim|gut"
        ", * out of pride|laziness|haste|boredom|frustration|impatience|spite|greed, * against judgment|judgement"
    ),
    shared=_each(
        "gloss over, skim, fudge, guess second, jump to conclusion, leap to conclusion, take word, bluff"
        ", cut corner, take shortcut, rush through, wing, gamble, bank on, double down"
        ", cling to, paper over, fiddle with, tinker with, meddle with|in, mess with|around, cave in, overreach"
        ", tunnel on, * without ask|check|read|look|test|think|warn|inform|verify|understand|notify|wait"
        ", * out of habit|fear, * in hurry|rush|haste|panic|temper, * against advice|warning"
        ", trust|rely luck|memory|gut|instinct"
    ),
    why="It judges how somebody acted; the system let the act through.",
    ask="Which gate, check or second pair of eyes would have held this act?",
    match=(
        "The reviewer skimmed the change.",
        "The corporate action was glossed over by the analyst.",
        "The portfolio manager gambled on a quick recovery.",
        "The cap was lifted by the risk officer on a whim.",
        "The gateway was restarted by our release guru without asking the desk.",
    ),
    miss=(
        "The parser skimmed the header and read the body.",
        "The image was built by Jenkins without waiting for the lock.",
        "The page glossed over the retry policy.",
        "The desk got the wrong file from the vendor.",
        "The analyst cut the corner cases from the test set.",
        "The gateway fell back without waiting for the operator.",
        "The operator can lift the cap without asking the desk.",
        "Banks doubled down on the sector.",
    ),
)

MISTAKEN = ParsedRule(
    id="blame.mistaken",
    human=_each("goof, flub, mistype"),
    shared=_each(
        "conflate, muddle, bungle, misremember, blunder, assume that, presume that, mistake for, misread, misunderstand"
        ", misconfigure, mishandle, mislabel, mix up, confuse with|for, botch, fumble, misjudge, underestimate"
        ", overestimate, cause|trigger outage|incident|loss|breach|crash|disaster|mess"
    ),
    why="A belief that turned out wrong was reasonable with what was shown at the time.",
    ask="What would have shown the difference at that moment: a check, a label, a test?",
    match=(
        "The analyst conflated bookings with revenue.",
        "We assumed that the feed carries adjusted prices.",
        "The two accounts were mixed up by the night shift.",
        "Nadia, the data engineer, assumed that the sandbox was live.",
    ),
    miss=(
        "The deputy assumed command of the incident at 15:10 UTC.",
        "Airflow assumed the time zone of the host.",
        "The parser mistook the footnote for a figure.",
        "The reviewers do not assume that the feed is adjusted.",
        "The validator mixed up both schemas.",
        "For the estimate we assumed 250 trading days.",
    ),
)

OWNED = ParsedRule(
    id="blame.owned",
    traits=_each(
        "oversight, carelessness, negligence, blunder, inattention, laziness, stubbornness, hesitation, ego"
        ", arrogance, overconfidence, sloppiness, indecision, forgetfulness, greed, inexperience"
    ),
    owned=_each(
        "mistake, error, slip, typo, lapse, failing, misjudgment, misjudgement, misunderstanding, misreading"
        ", ignorance, incompetence, impatience, panic, haste, fault"
    ),
    why="It makes the failing the property of a person.",
    ask="Which control was missing around this person's work?",
    match=(
        "The loss followed the hesitation of Maria, who was on duty.",
        "The drawdown grew with the rates guys' stubbornness.",
        "The blunder of the desk head doubled the position.",
        "Sofia's hesitation left the position open.",
    ),
    miss=(
        "Dependabot's mistake was caught by the gate.",
        "The parser's error was logged.",
        "The desk's order was halted.",
        "The error of the model was two basis points.",
    ),
)

PARSED_RULES: tuple[ParsedRule, ...] = (INATTENTIVE, HEEDLESS, MISTAKEN, OWNED)
