"""The words that rules about instructions share: who is addressed, what may be overridden, where a request begins.

All are pieces of patterns, bounded, for case-insensitive ASCII matching. They judge nothing.
"""

from __future__ import annotations

_DASHES = "\u2014\u2013\u2022\u201c"
S = r"[\s*_]{1,3}"
"""Space between words, with the marks of emphasis and quotes that writers put there."""
GAP = r"(?:[^.!?\n]|[.!?](?=\S)){0,120}?"
"""A stretch within one sentence; the dot of an address does not end it."""

BEGIN = rf"(?:^|[\n.!?:;>\]\)}}\-*#|\"'=,/({_DASHES}][\s*_\"'#>\-]{{0,8}})"
"""Where a sentence, a field or a list entry begins."""
ASKED = (
    rf"(?:{BEGIN}(?:(?:so|now|then|and|first|instead|next|also|just|simply"
    r"|kindly|please|immediately|always|you|step\s\d|\d{1,2}[.)]|important|urgent|critical|note|action required"
    r"|don't hesitate to)[\s,:!*]{1,4}){0,3}"
    r"|\b(?:please|kindly|(?:you|must|should|shall|need\sto|have\sto|want\syou\sto|going\sto|required\sto"
    r"|instructed\sto|told\sto|asked\sto"
    r"|sure\sto|ready\sto|remember\sto|able\sto|free\sto|authori[sz]ed\sto|then|and|will|to\sfirst|now|instead|is\sto)"
    r"(?:[\s,]{1,3}(?:also|always|first|then|now|immediately|completely|simply|just|please|instead)){0,2})[\s,:]{1,4})"
)
"""Where a request begins: the beginning of a sentence, or after a word that asks."""

AI = (
    r"(?:AIs?|A\.I\.|artificial\sintelligences?|LLMs?|large\slanguage\smodels?|language\smodels?|chat\s?bots?"
    r"|neural\snetworks?"
    r"|GPT(?:-?\d[\w.]{0,6})?|ChatGPT"
    r"|Claude|Gemini|Copilot|Llama|Grok|DeepSeek|(?:AI|LLM|virtual|digital|research|trading|automated|autonomous"
    r"|smart|helpful|language|investment"
    r"|financial|sentiment|news|summari[sz]ation|analysis|decision|execution|portfolio|risk|reading|robot"
    r"|NLP)[\s-](?:assistants?|agents?|models?|bots?"
    r"|systems?|engines?|readers?|parsers?|algorithms?|classifiers?|scorers?|pipelines?)|assistants?|bots?|agents?"
    r"|summari[sz]ers?|crawlers?)"
)
"""Whom an instruction to a machine addresses."""
AI_SURE = (
    r"(?:AIs?|A\.I\.|artificial\sintelligences?|LLMs?|large\slanguage\smodels?|language\smodels?|chat\s?bots?"
    r"|GPT(?:-?\d[\w.]{0,6})?|ChatGPT|neural\snetworks?"
    r"|(?:AI|LLM|virtual|automated|autonomous|trading|sentiment|language|NLP|summari[sz]ation)[\s-](?:assistants?"
    r"|agents?|models?|bots?|systems?|engines?|readers?"
    r"|parsers?|algorithms?|classifiers?|scorers?|pipelines?)|summari[sz]ers?)"
)
"""The same without words that also name people."""

MACHINES = (
    rf"(?:(?:(?:automated|autonomous|algorithmic|large|AI)[\s-])?{AI_SURE}|(?:AI|automated|automatic|algorithmic|autonomous|machine|computer|robotic|robo|electronic)[\s-]"
    r"(?:analysts?|advis[eo]rs?|traders?|readers?|reviewers?|scorers?|raters?|screeners?|parsers?|crawlers?|systems?"
    r"|tools?|software)"
    r"|(?:news|text|ranking|scoring|screening|quant)[\s-](?:algorithms?|algos?|classifiers?|parsers?|scrapers?|bots?"
    r"|engines?|readers?|models?)"
    r"|algorithms?|algos?|classifiers?|robots?|scrapers?|parsers?|crawlers?)"
)
"""Also machines under names that news uses for other things; only with a text or a verdict as their object."""
MACHINE_GATE = (
    r"(?:AI|A\.I\.|artificial\sintelligence|LLM|GPT|Claude|Gemini|model|bot|agent|algorithm|algo|classifier|robot"
    r"|scraper|parser|crawler|engine|assistant|system|analyst|advis[eo]r|trader|reader|reviewer|scorer|rater|screener"
    r"|tool|software|summari[sz]er|pipeline|machine|network)"
)
"""What every machine's name ends with, but for a plural or a number."""
READING = (
    r"(?:read(?:s|ing)?|compar(?:es?|ing)|scrap(?:es?|ing)|process(?:es|ing)?|pars(?:es?|ing)|analy[sz](?:es?|ing)|summari[sz](?:es?|ing)"
    r"|review(?:s|ing)?|scan(?:s|ning)?|ingest(?:s|ing)?|evaluat(?:es?|ing)|consum(?:es?|ing)|index(?:es|ing)?"
    r"|scor(?:es?|ing)|rat(?:es?|ing)|classif(?:ies|y|ying)|crawl(?:s|ing)?|se(?:es?|eing)|receiv(?:es?|ing)"
    r"|handl(?:es?|ing)|digest(?:s|ing)?|trad(?:es?|ing)\son)"
)
TEXT = (
    r"(?:(?:this|the|that)\s(?:headline|article|text|document|page|news|item|story|release|filing|message|note|post"
    r"|report|passage|paragraph|transcript|content|entry|announcement|file|e-?mail))"
)
"""The text itself, as it speaks of itself."""
MUST = (
    r"(?:must|should|shall|ought\sto|ha(?:s|ve)\sto|needs?\sto|(?:is|are)\s(?:to|(?:required|instructed|advised"
    r"|directed|ordered|asked|expected|requested|urged|supposed|obliged|told)\sto))"
)

PRIOR = (
    r"(?:all|any|every|each|the|your|my|our|of|these|those|that|this|previous|previously|prior|preceding|earlier"
    r"|above|foregoing|existing|original"
    r"|initial|former|past|other|current|system|safety|content|default|given|user'?s?|human'?s?|developer'?s?"
    r"|operator'?s?|and|or|before|pre-?existing"
    r"|aforementioned|standing|everything|what|contextual|core|internal|old|usual|normal)"
)
ORDERS = r"(?:instructions?|directions|directives?|prompts?|guard\s?rails?|programming|system\smessages?|commands?)"
"""What a model is told, under words that mean little else."""
BOUNDS = (
    r"(?:rules?|guidelines?|polic(?:y|ies)|constraints?|restrictions?|requests?|context|training|messages?|tasks?"
    r"|questions?|conversation|inputs?"
    r"|(?:output\s)?formats?|schemas?|safeguards?|filters?|limits?|risk\s(?:limits|checks|rules)|safety\s(?:rules"
    r"|checks|measures)|protocols?|orders?)"
)
"""What a model is told, under words that mean other things too."""
FORGET = (
    r"(?:ignore|disregard|forget|override|overwrite|overrule|bypass|discard|neglect|abandon|set\saside"
    r"|pay\sno\s(?:attention|heed)\sto|put\saside"
    r"|(?:do\snot|don't|never|stop|cease|quit)\s(?:follow(?:ing)?|obey(?:ing)?|comply(?:ing)?\swith|adher(?:e"
    r"|ing)\sto|listen(?:ing)?\sto|consider(?:ing)?)"
    r"|cancel|erase|delete|clear|reset|drop|suspend|disable|skip)"
)
ABOUT = (
    r"(?!\s{1,3}(?:for|in|on|about|concerning|relating|contained|set\sout|regarding|with\srespect|as\sto)\b"
    r"(?!\s{1,3}(?:your|the)\s{1,3}(?:system|prompt|context)\b))"
    r"(?!\s{1,3}(?:from|by|of|given\sto|given\sby|sent|received|issued)\s{1,3}(?:(?:the|our|a|an|any|its|such|other"
    r"|either|your)\s{1,3})?(?!system|user|developer|operator|model|prompt|creator|me\b|your?\b)\w)"
)
"""Not followed by what makes them instructions of a filing: for voting, in the letter, from the broker."""

REPLY = (
    r"(?:responses?|answers?|repl(?:y|ies)|outputs?|summar(?:y|ies)|completions?|final\s(?:answer|response|output"
    r"|report))"
)
"""What a model produces."""
SAY = (
    r"(?:include|add|append|insert|prepend|put|place|embed|integrate|incorporate|introduce|attach|mention|state|write"
    r"|say|print|output|return|repeat"
    r"|begin|start|end|finish|conclude|respond|reply|answer|generate|produce|provide|give|render|modify|change|alter"
    r"|augment|enhance|enrich|replace"
    r"|substitute|convert|encode|translate|rewrite|format|misspell|scramble|jumble|rearrange|shuffle|anagram|remove"
    r"|omit|group|combine|use|make|suggest"
    r"|recommend|tease|express|highlight|promote|advertise|display|show|reveal|leave\sout|limit|restrict|weave|blend"
    r"|fuse|merge|infuse|inject|spell"
    r"|reverse|capitali[sz]e|hide|ensure|reflect|refer|direct|encourage|invite|tell)"
)
RATING = (
    r"(?:(?:strong|conviction|definite|clear|hard|outright)[\s_-]{1,2})?(?:buy|sell|hold|overweight|underweight"
    r"|outperform|underperform|bullish|bearish"
    r"|long|short|accumulate|top\spick)"
)
SURE = (
    r"(?:(?:the\s)?(?:maximum|max|maximal|highest(?:\spossible)?|full|absolute|complete|total|utmost|100\s?%|1\.0"
    r"|10\s?/\s?10|very\shigh|high)"
    r"\s{1,3}(?:confidence|conviction|certainty|score|rating|priority)|(?:confidence|conviction|certainty|probability"
    r"|score)(?:\s(?:score|level|of|field"
    r"|value)){0,2}[\s:=\"']{1,4}(?:of\s|to\s|at\s)?(?:1\.0{0,2}|0\.9\d?|100\s?%|9\d\s?%|10\s?/\s?10|10\b"
    r"|max(?:imum)?|high(?:est)?))"
)
FIELD = (
    r"(?:sentiment|confidence|conviction|rating|score|recommendation|action|signal|decision|verdict|probability"
    r"|price\starget|target\sprice|position\ssize"
    r"|weight|allocation|quantity|side|stance|risk(?:\s|_)(?:score|level|rating))(?:[\s_](?:score|value|field|level"
    r"|label|rating|key|parameter))?"
)
"""Fields of an agent's answer."""
DATA = (
    r"(?:(?:wallet|encryption|ssh|signing|master|admin)\s?(?:keys?|passwords?)|contents\sof\s(?:the|your"
    r"|this)\s\w{2,20}|conversation|chat\s(?:history|log|transcript)|message\shistory|context(?:\swindow)?"
    r"|system\s(?:prompt|message|instructions)|(?:hidden|initial"
    r"|secret|internal|full|original)\s(?:prompt|instructions?)|api[\s_-]?(?:keys?|tokens?|secrets?)|access\s(?:keys?|tokens?)"
    r"|auth(?:entication)?\stokens?|secret\s?keys?|private\skeys?|seed\sphrases?"
    r"|credentials?|passwords?|secrets?|environment\svariables?|env\svars?|tokens|portfolio|positions?|holdings"
    r"|account\s(?:details?|balances?|numbers?|data|info(?:rmation)?)"
    r"|balances?|order\s(?:history|book)|trad(?:e|ing)\s(?:history|log)s?|transaction\shistory|(?:user|customer"
    r"|client|personal|private|confidential|sensitive|financial|genetic"
    r"|medical|health|internal)(?:'s)?\s(?:data|details|info(?:rmation)?|records?|files?|documents?|emails?|messages?"
    r"|contacts?)|contact\slist|browsing\shistory|search\shistory"
    r"|memory|notes|files|everything\syou\sknow|all\s(?:the\s)?(?:data|information|files|documents|records|emails"
    r"|messages|contacts))"
)
ADDRESS = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
PEOPLE = (
    r"(?:the\s|any\s|your\s|a\s)?(?:users?|operators?|humans?|humans?\sin\sthe\sloop|traders?|risk\s(?:desk|team"
    r"|manager)|supervisors?|reviewers?|owners?|principals?|developers?|admins?)"
)
