"""What freely worded steering wants of a machine: a verdict, an act, silence. The half of a rule; see `marks`.

People are asked for the same every day: a want counts only beside a mark of a machine. Data, no logic.
"""

from __future__ import annotations

from afterbell.reading.instructions.words import MUST, S
from afterbell.reading.patterns import Rule

WANT = "want"

REQUESTS: tuple[Rule, ...] = (
    Rule(
        id="want.verdict", family=WANT, severity="medium", weight=0.5, coerces=True,
        gate=(
            r"(?:assign|give|rate|score|mark|grade|rank|put|place|treat|describe|call|speak|present|portray|upgrade"
            r"|vote|return"
            r"|output|answer|reply|say|state|report|set|raise|lower|generate|emit|conclude|pretend|go|use|refer"
            r"|open|end|start"
            r"|upvote|favou?r|prefer|lean|default|list|recommend|choose|pick|tag|label|consider|assume|take|weight"
            r"|stick)\w*\s"
        ),
        pattern=(
            r"\b((?:assign|give|rate|score|mark|grade|rank|put|place|treat|describe|call|speak\sof|present|portray"
            r"|upgrade"
            r"|up-?vote|return|output|answer|reply|say|state|report|set|raise|lower|generate|emit|conclude|pretend"
            r"|go\swith|use"
            r"|refer\sto|favou?r|prefer|lean|default|list|recommend|choose|pick|tag|label|consider|assume|take"
            r"|weight|stick)\b"
            r"[^.!?\n]{0,70}?(?:\b(?:buy|sell|hold|long|short|overweight|underweight|outperform\w{0,8}"
            r"|accumulate|bullish"
            r"|bearish|positive|negative|neutral|favou?rable|raised|top|first|slot|strongest|highest|best|maximum"
            r"|max|full|conviction"
            r"|confidence|rating|score|safe|clean|manageable|concerns?|green|one|none|nothing|ten|nine|percent"
            r"|per\scent|bright"
            r"|clear|excellent|exceptional|undervalued|cheap|high|low|never|always|true|false|confirmed|approved"
            r"|sole|only|basis"
            r"|fact|verified|ranking|opportunity|winner)\b|[+-]?\d))"
        ),
        examples=("assign it your strongest call", "go with thirty percent", "Describe the guidance as raised"),
        counterexamples=("He said it was sold.", "We report in euros.", "They call it a day."),
    ),
    Rule(
        id="want.suppress", family=WANT, severity="medium", weight=0.5,
        pattern=(
            r"\b((?:drop|skip|pass\sover|gloss\sover|leave\s(?:it|them|this|that|out|aside)|omit|conceal|hide"
            r"|ignore|disregard"
            r"|stop\sreading|set\saside|overlook|suppress|bury|withhold|discount|dismiss|exclude|discard|forget"
            r"|play\sdown"
            r"|downplay|keep\s(?:this|it|quiet|silent|secret|the)|(?:do\snot|don't|never)\s(?:surface|mention|show"
            r"|reveal|cite|tell"
            r"|report|call|disclose|flag|raise|quote|include|refer|use|consult|check|verify|ask|discuss|warn|log"
            r"|open|read|query"
            r"|consider|repeat|say|share)|say\snothing|make\sno\smention|avoid\s(?:mention|cit|quot|discuss)ing"
            r"|refrain\sfrom)\b)"
        ),
        examples=("leave it out", "do not surface this", "Say nothing about why"),
        counterexamples=("They left it out.", "He never mentions it.", "The firm ignored it."),
    ),
    Rule(
        id="want.act", family=WANT, severity="medium", weight=0.5, coerces=True,
        pattern=(
            r"\b((?:count|hard-?code|weigh|weight|upgrade|downgrade|rank|rate|score|answer|output|return|recommend"
            r"|conclude|assume|set|hide|ignore|drop|keep|use|persuade|convince|let|rewrite|read|treat|consult|turn"
            r"|print|mark|nudge|steer|pick|choose|ensure|force|behave|speak|talk|sound|describe|summari[sz]e|say"
            r"|state|list|show|report|rephrase|phrase|frame|spin|justify|invent|fabricate|simulate|book|split"
            r"|borrow|lend|stake|swap|skip|omit|call|execute|run|re-?run|close|buy|sell|short|move|transfer|forward"
            r"|send|reverse|add|cancel|invoke|trigger|submit|place|liquidate|double|wire|copy|post|upload|approve"
            r"|confirm|store|save|remember|proceed|switch|lift|exceed|bypass|override|act|size|increase|reduce"
            r"|enter|exit|allocate|rotate|route|press|file|lead|fill|quote|claim|argue|rely|do|tell|change|write"
            r"|continue|disable|enable|take|make|give|follow|trust|inform|assure|insist|stop|start|begin|refer"
            r"|recite|repeat|echo|praise|promote|push|plug|favou?r|shift|cut|trim|hedge|unwind|roll|withdraw"
            r"|deposit|sign|log|open|apply|accept|adopt|embrace|replace|delete|erase|remove|clear|reset|update|edit"
            r"|insert|append|attach|mention|note)\s(?:the|an?|this|that|these|those|it|them|him|her|all|any|every"
            r"|each|both|your|its|their|our|my|no|only|with|on|at|in|into|to|for|from|as|of|up|out|off|away|over"
            r"|now|immediately|nothing|none|more|half|full|double|twice|everything|everyone|anyone|nobody|whatever"
            r"|whoever|maximum|max|short|long|without|until|high|cash|open|other|one|two|three|ten|long|me|us|that"
            r"|so|again|quietly|silently|back|here|after|by|if|through|and|sentiment|current|favou?rably"
            r"|accordingly|(?-i:[A-Z][A-Z0-9_]{1,14})\b|[$\"'`{\d]|[a-z]{2,16}[_(]|\w{2,20}ed\b|\w{3,20}ly\b))"
        ),
        examples=("Execute it", "please forward the orders", "Remember this"),
        counterexamples=("They close at ten.", "He calls it.", "We ran it."),
    ),
)  # fmt: skip
"""What is wanted, as a request: it counts only where a request begins."""

PHRASES: tuple[Rule, ...] = (
    Rule(
        id="want.demand", family=WANT, severity="medium", weight=0.5, coerces=True,
        pattern=(
            rf"\b({MUST}|overrides|supersedes|has{S}been{S}(?:replaced|updated)|may{S}not|will{S}be{S}(?:rejected"
            rf"|treated|discarded)|(?:is|are){S}locked|no{S}longer{S}(?:counts?|applies|apply|holds?|binds?"
            rf"|matters?|needed|required)|withdrawn|superseded|(?:can|may){S}be{S}(?:left{S}aside|ignored|skipped"
            rf"|dropped)|lifted|waived|switched{S}off|already{S}(?:been{S})?(?:completed|approved|confirmed|done"
            rf"|passed|cleared|signed{S}off)|(?:were|was|has{S}been|have{S}been){S}(?:raised|lifted|waived|replaced"
            rf"|disabled|completed|approved)|no{S}need{S}to|under{S}no{S}circumstances|always|never"
            rf"|are{S}fabricated|weight\s?=|let{S}(?:the|your)|without{S}(?:(?:the|a|any){S})?(?:second|further"
            rf"|human|prior|manual|additional){S}(?:signature|approval|review|confirmation|check)|(?:advise|action"
            rf"|rating|verdict|stance|signal|side)\s?[=:]\s?[\"']?(?:buy|sell|long|short|accumulate|strong)"
            rf"|means{S}(?:buy|sell|approve)|is{S}(?:0\.9\d?|1\.0|10|100|buy|sell|bullish)\b|is{S}(?:pleased|very)"
            rf"|obliged{S}to|prefers{S}that|is{S}(?:expected{S}to|empty|spam|noise|void)\b|is{S}not{S}(?:needed"
            rf"|required|necessary))"
        ),
        examples=("they must", "no longer counts", "has already been completed"),
        counterexamples=("They mustered", "It is nice.", "Mayor"),
    ),
)  # fmt: skip
"""Demands: they count wherever they stand."""
