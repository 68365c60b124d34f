"""The words that order a task: extraction, summary, classification, sentiment, or work that asks for judgement.

Data for `types.py`, in English and Chinese. Each pattern reads one sentence from its beginning, because an order
begins with its verb; the sentences of the material that the order is about seldom do.
"""

from __future__ import annotations

import re
from typing import Final

EXTRACTION, SUMMARY, CLASSIFICATION, SENTIMENT = "extraction", "summary", "classification", "sentiment"

_LEAD = (
    r"(?:\d{1,2}[.)] {0,2})?(?:please,? |kindly |then,? |now,? |first,? |next,? |finally,? |only |just |can you "
    r"|could you "
    r"|(?:your|the) (?:only )?(?:task|job|goal|role) is (?:only )?to |you (?:(?:must|should|will|are to|need to) )?"
    r"|i want you to |i need you to |task: ?|instructions?: ?){0,3}"
    r"(?:(?:read|given|from|using|in|on|for|based on|look at|take|here is|below is)\b[^.\n]{0,80}?(?:,|:| and"
    r"| then) ){0,1}"
)
_THING = (
    r"(?:text|article|headline|news|story|stories|posts?|tweets?|transcript|filing|documents?|message|comment|passage"
    r"|report|call|sentence|paragraph|email|item|release|note|headlines|articles|following|above|below|it|each)"
)
_SOME = r"(?: [\w'-]{1,20})"
_SENTIMENT = (
    rf"(?:analy[sz]e|rate|score|classify|determine|assess|judge|label|detect|identify|give|return|state|tell|output"
    rf"|report|evaluate|predict|what is|what's)(?: me)?{_SOME}{{0,5}} sentiment\b(?!,| and)"
    r"|sentiment\b[^.\n]{0,20}\b(?:positive|bullish)"
    r"|(?:rate|score|grade|judge|classify|determine|assess|tell)(?: me)? (?:the "
    r"|its )(?:overall )?(?:tone|mood|polarity)\b"
    r"|(?:is|are) (?:the |its )?(?:[\w-]{1,20} ){0,2}(?:tone|mood|polarity|stance)\b[^.\n?]{0,60}"
    r"\b(?:positive|bullish)\b"
    r"|(?:[\w' -]{0,40}[:,] ?)?(?:positive|bullish)\b[^.\n?\w]{1,4}(?:\w{2,8}[^.\n?\w]{1,4}){0,2}(?:negative|bearish)\b"
    r"[^.\n?]{0,24}[?:]"
    r"|how (?:upbeat|downbeat|positive|negative|bullish|bearish|optimistic|pessimistic) (?:is|are|does)\b"
    r"|(?:answer|reply|respond|return|output|say|choose|pick)\b[^.\n]{0,60}?\b(?:positive|bullish)\b[^.\n]{0,20}?"
    r"\b(?:negative|bearish)\b"
)
_CLASSIFICATION = (
    r"classify\b|categori[sz]e\b|(?:decide|say|tell|determine|choose|pick)(?: me)? which (?:of )?[^.\n]{0,30}"
    r"\b(?:topics?|categor(?:y|ies)|class(?:es)?|labels?|sectors?|buckets?|groups?)\b"
    r"|(?:mark|flag|tag|label)\b[^.\n]{1,40}\bas [\w-]{2,20} or [\w-]{2,20}\b"
    r"|is (?:this|it) an? (?!buy|sell|hold|long|short|good|bad)[^.\n?]{1,40} or (?:an? )?[^.\n?]{1,30}\?"
    r"|(?:label|tag) (?:the|this|each|every|these|all|news|headlines|items|documents)\b"
    r"|(?:choose|pick|select) (?:exactly )?(?:one|an?|the) (?:[\w-]{1,20} )?(?:tag|label|category|class|topic|bucket)\b"
    r"|which (?:category|sector|topic|class|label|bucket|group)\b"
    rf"|assign (?:exactly |only |just )?(?:an?|one|the|each|every){_SOME}{{0,6}} (?:label|category|class|topic|tag"
    r"|sector|bucket|group|code)s?\b"
    rf"|(?:sort|bucket|put|file|place|group|route){_SOME}{{1,5}} (?:into|under|to) (?:exactly |only )?(?:one|an?|the"
    r"|these|its|their)\b[^.\n]{0,30}\b(?:buckets?|categor(?:y|ies)|class(?:es)?|groups?|labels?"
    r"|topics?|bins?|folders?)\b"
    rf"|(?:do|does) (?:the|this|each|any of these){_SOME}{{0,2}} {_THING}\b{_SOME}{{0,1}}"
    r" (?:concern|mention|name|relate|refer|discuss|belong|contain)\b"
    rf"|(?:decide|determine|say|tell|state|check|answer|judge)(?: me)? (?:whether|if) (?:the|this|each"
    rf"|an?){_SOME}{{0,2}}"
    rf" {_THING}\b{_SOME}{{0,3}} (?:is|are|mentions?|concerns?|names?|relates?)\b"
    rf"|is (?:the|this){_SOME}{{0,2}} {_THING} (?:positive|negative|relevant|about|good|bad)\b"
    r"|route (?:the|this|each) (?:message|ticket|request|query)\b"
)
_SUMMARY = (
    r"summari[sz]e\b|condense\b|shorten\b|abridge\b|tl;?dr\b|recap (?:the|this|these)\b"
    r"|(?:boil|cut|trim|reduce) (?:this|it|the|these)\b[^.\n]{0,40}\b(?:down|to \w{1,9} (?:words|sentences|lines))\b"
    r"|(?:give|write|provide|produce|return|create|prepare|make)(?: me)? (?:an? |the |one |two |three )?"
    r"(?:[\w-]{1,20} ){0,4}(?:summary|summaries|digests?|synops[ie]s|abstracts?|recaps?|gist|minutes|key points"
    r"|main points)\b"
    r"|(?:[\w-]{1,9} )?(?:bullets?|bullet points|sentences?|lines|words) (?:on|about|for) (?:the|this|each|these)\b"
    r"|(?:rewrite|rephrase|compress|restate|put)\b[^.\n]{1,40}\b(?:as|in|into|to) (?:an? |one |two "
    r"|three |\d{1,3} |single ){1,2}"
    r"(?:sentences?|lines?|paragraphs?|words|bullets?)\b"
    r"|what (?:does|do|did) (?:the|this|these)\b[^.\n?]{0,30}\bsay\b"
    r"|what (?:is|are) the (?:gist|minutes|key points"
    r"|main points)\b"
)
_JUDGED = (
    r"[^.\n]{0,60}\b(?:decisions?|trades?|recommendations?|actions?|signals?|ratings?|thes[ie]s|positions?|views?)\b"
)
_EXTRACTION = (
    r"extract\b|(?:pull|copy) (?:out )?(?:the|all|every)\b|parse\b"
    r"|(?:pull|copy|lift|take|read|collect)\b[^.\n]{1,60}\b(?:out of|from) (?:the |this |each |these )?"
    r"(?:\w{1,20} )?(?:texts?|articles?|reports?|filings?|documents?|tables?|releases?|transcripts?"
    r"|passages?|pages?|below|above)\b"
    rf"|(?:read|take|scan)\b[^.\n]{{1,40}}\band (?:return|report|give|output|list) (?!{_JUDGED})"
    r"|fill (?:in|out) (?:the|this|these|each)\b"
    r"|(?:turn|convert|transform|map|put)\b[^.\n]{1,60}\b(?:into|to|as) (?:an? |the )?(?:[\w-]{1,20} ){0,2}"
    r"(?:json|csv|rows?|tables?|records?|fields|columns|key-value)\b"
    rf"|(?:give|return|list|output|report|state|write)(?: me)? (?:the|all|every"
    rf"|each) (?!{_JUDGED})[^.\n]{{1,80}} as (?:json|csv"
    r"|a table|rows)\b"
    r"|(?:which|what|who) (?:[\w-]{1,20} ){0,6}(?:is|are|was|were) (?:named|mentioned|listed|stated"
    r"|cited|reported|given)\b"
    r"|(?:list|find|identify|return|give|get|locate|read|note|collect|copy)(?: me)? (?:all |every |the |each "
    r"|any ){0,2}(?:[\w-]{1,20} ){0,3}"
    r"(?:entities|entity|names?|tickers?|symbols?|dates?|figures?|numbers?|amounts?|fields|values|companies|mentions"
    r"|keywords|places?|locations?|people|persons?|organi[sz]ations?|percentages|currencies|deadlines"
    r"|line items|table cells|eps)\b"
    rf"|convert (?:the|this|each){_SOME}{{1,4}} (?:to|into) (?:json|csv|a table)\b"
    rf"|convert (?:the|this|each){_SOME} to json\b"
)
ORDERS: Final = tuple(
    (kind, re.compile(rf"\A{_LEAD}(?:{words})", re.IGNORECASE))
    for kind, words in (
        (SENTIMENT, _SENTIMENT),
        (CLASSIFICATION, _CLASSIFICATION),
        (SUMMARY, _SUMMARY),
        (EXTRACTION, _EXTRACTION),
    )
)
"""Orders of simple work, the most particular first."""

_TITLE = r"(?:[\w-]{1,20} ){0,3}"
TITLES: Final = tuple(
    (kind, re.compile(rf"\A(?:task: ?)?{_TITLE}(?:{words})(?: task)?\W{{0,3}}\Z", re.IGNORECASE))
    for kind, words in (
        (SENTIMENT, r"sentiment (?:analysis|classification|scoring|labell?ing)"),
        (CLASSIFICATION, r"classification|categori[sz]ation|labell?ing|tagging"),
        (SUMMARY, r"summari[sz]ation"),
        (EXTRACTION, r"extraction|entity recognition"),
    )
)
"""A task named by a noun: `Task: headline sentiment classification.`"""

_OBJECT = (
    r"(?:(?i:the|this|that|these|those|our|your|its|an?|all|each|every|whether|if|how|what|which)\b"
    r"|[A-Z][A-Z0-9_.]{1,20}(?![a-z]))"
)
# Words that are nouns too open a sentence of the material as well; an object tells the order from the news.
_JUDGES = (
    r"(?:(?i:analy[sz]e|investigate|evaluate|assess|predict|decide|recommend|develop|propose|compare|weigh|argue"
    r"|challenge"
    r"|criti[qc]ue|devise|allocate|optimi[sz]e|rebalance|derive|solve|advise|conclude)\b"
    r"|(?i:research|value|estimate|forecast|plan|design|debate|review|judge|build|size|trade|rank|rate|price|model"
    r"|buy|sell"
    rf"|hold|choose|determine|select|form|make|write|update|calculate|compute) {_OBJECT})"
)
DEMANDS: Final = re.compile(
    rf"\A(?i:{_LEAD}){_JUDGES}|\A(?i:should (?:we|i)|what should|how (?:\w{{1,12}} )?(?:would|should|could) "
    rf"|what is your (?:view|recommendation|decision)|(?:{_LEAD})(?:plan|size|design) (?:research"
    rf"|positions|portfolios|trades)\b"
    r"|which (?:questions|assumptions|scenarios|risks) |(?:what|why) (?:must|would|could|might) "
    r"|(?:lay|set|spell) out\b|find (?:the |a |any )?(?:holes?|flaws?|weak\w{0,8})\b|make the case\b"
    r"|(?:is|are) [^.\n?]{1,40}\b(?:cheap|dear|expensive|overvalued|undervalued|fairly valued"
    r"|mispriced|worth)\b[^.\n]{0,60}\?"
    r"|what (?:are|is) (?:the |our |its )?(?:[\w-]{1,20} ){0,3}(?:risks?|weakness(?:es)?"
    r"|weak(?:est)? points?|arguments?"
    r"|catalysts?|assumptions?|upside|downside|value|thesis|trade)\b"
    r"|(?:answer|reply|respond|return|output|say)\b[^.\n]{0,60}?\bbuy\b[^.\n]{0,20}?"
    r"\b(?:sell|hold)\b)"
)
"""Orders that ask for judgement."""

ALSO: Final = re.compile(rf"(?i:(?:\band|\bthen|[,;:]) (?:then |also )?){_JUDGES}")
"""A second order within a sentence: `extract the margins and decide whether to buy`."""

_ASK = r"\A(?:请你?|你需要|你的任务是|任务[:：]|需要)?[^。！？\n]{0,24}?"
CHINESE: Final = (
    (
        SENTIMENT,
        re.compile(rf"{_ASK}(?:判断|分析|识别|评估|给出)[^。！？\n]{{0,20}}(?:情感|情绪)|\A[^。！？\n]{{0,8}}情感分类"),
    ),
    (CLASSIFICATION, re.compile(rf"{_ASK}(?:分类|归类|归入)")),
    (SUMMARY, re.compile(rf"{_ASK}(?:总结|概括|摘要)")),
    (EXTRACTION, re.compile(rf"{_ASK}(?:提取|抽取|摘录)")),
)
CHINESE_DEMANDS: Final = re.compile(r"(?:分析(?!师)|研究(?!员|所|院)|评估|预测|决策|决定|建议|制定|推荐|交易(?!所|日))")
CHINESE_ORDER: Final = re.compile(rf"{_ASK}{CHINESE_DEMANDS.pattern}")

NAMES: Final = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        (SENTIMENT, r"sentiment[ _-]?(?:classif|scor|label|tag)|(?:classif|scor|label)\w{0,4}[ _-]?sentiment"),
        (CLASSIFICATION, r"classif(?:y|ier|ication)|categori[sz]|\btagg(?:er|ing)|labell?er"),
        (SUMMARY, r"summari[sz]|summary|digest"),
        (EXTRACTION, r"extract|parser\b|\bner\b"),
    )
)
"""What a prompt's name says of its task."""

STATED: Final = tuple(
    (kind, re.compile(rf"\A(?:{words})\Z"))
    for kind, words in (
        (EXTRACTION, r"extract\w{0,6}|(?:entity|information|data)[ _-]extraction|ner|parsing"),
        (SUMMARY, r"summar\w{0,9}|(?:text|news|document)[ _-]summar\w{0,9}"),
        (CLASSIFICATION, r"classif\w{0,8}|(?:text|news|topic)[ _-]classification|categori[sz]ation|labell?ing|tagging"),
        (SENTIMENT, r"sentiment(?:[ _-](?:analysis|classification|scoring|score))?"),
    )
)
"""Spellings of a stated task type."""

WORKER: Final = re.compile(
    r"\byou are (?:an? |the )?(?:[\w-]{1,20} ){0,4}(?:(?P<summary>summari[sz]er)|(?P<classification>classifier|tagger"
    r"|labell?er)|(?P<extraction>extractor|extraction (?:engine|assistant|system|model|tool)|parser)"
    r"|(?P<sentiment>sentiment (?:classifier|scorer|analy[sz]er|model)))\b",
    re.IGNORECASE,
)
"""A role that is nothing but simple work."""

JUDGE: Final = re.compile(
    r"\byou are (?:an? |the |our )?(?:[\w-]{1,20} ){0,5}(?:analyst|trader|manager|strategist|researcher|advis[oe]r"
    r"|planner"
    r"|economist|investor|reviewer|quant)\b",
    re.IGNORECASE,
)
"""A role that judges, where no order tells more."""
