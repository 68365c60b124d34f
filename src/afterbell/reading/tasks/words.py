"""The words that order a task: extraction, summary, classification, sentiment, or work that asks for judgement.

Data for `task_types.py`, in English and Chinese. Each pattern reads one sentence from its beginning, because an order
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
    r"(?:(?:read|given|from|using|in|for|based on|look at|take|here is|below is)\b[^.\n]{0,80}?(?:,|:| and"
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
    r"|(?:answer|reply|respond|return|output|say|choose|pick)\b[^.\n]{0,60}?\b(?:positive|bullish)\b[^.\n]{0,20}?"
    r"\b(?:negative|bearish)\b"
)
_CLASSIFICATION = (
    r"classify\b|categori[sz]e\b|(?:label|tag) (?:the|this|each|every|these)\b|which (?:category|sector|topic|class"
    r"|label)\b"
    rf"|assign (?:an?|one|the){_SOME}{{0,3}} (?:label|category|class|topic|tag|sector)\b"
    rf"|(?:decide|determine|say|tell|state|check|answer|judge)(?: me)? (?:whether|if) (?:the|this|each"
    rf"|an?){_SOME}{{0,2}}"
    rf" {_THING}\b{_SOME}{{0,3}} (?:is|are|mentions?|concerns?|names?|relates?)\b"
    rf"|is (?:the|this){_SOME}{{0,2}} {_THING} (?:positive|negative|relevant|about|good|bad)\b"
    r"|route (?:the|this|each) (?:message|ticket|request|query)\b"
)
_SUMMARY = (
    r"summari[sz]e\b|condense\b|shorten\b|tl;?dr\b"
    r"|(?:give|write|provide|produce|return|create|prepare|make)(?: me)? (?:an? |the |one |two |three )?"
    r"(?:[\w-]{1,20} ){0,4}(?:summary|summaries|digest|synopsis|abstract)\b"
)
_EXTRACTION = (
    r"extract\b|(?:pull|copy) (?:out )?(?:the|all|every)\b|parse\b"
    r"|(?:list|find|identify|return|give|get|locate|read)(?: me)? (?:all |every |the |each "
    r"|any ){0,2}(?:[\w-]{1,20} ){0,3}"
    r"(?:entities|entity|names|tickers?|symbols?|dates?|figures|numbers|amounts|fields|values|companies|mentions"
    r"|keywords"
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
    rf"\A(?i:{_LEAD}){_JUDGES}|\A(?i:should (?:we|i)|what should|how (?:would|should) (?:we|i|you)|what is your"
    r" (?:view|recommendation|decision)|(?:answer|reply|respond|return|output|say)\b[^.\n]{0,60}?\bbuy\b[^.\n]{0,20}?"
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
