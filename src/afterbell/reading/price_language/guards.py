"""Where a match of price language tells nothing: forbidden, absent, only supposed, a tool's description.

Looks at the sentence around a match (both sides bounded), never at a whole text.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

import re
from collections.abc import Collection

from afterbell.reading.price_language.subjects import about
from afterbell.reading.price_language.words import PriceRule

_REACH = 240
_END = re.compile(r"[.!?](?=[\s\"')\]]|$)|[\n。！？；]|;\s")
_IGNORE = re.IGNORECASE | re.ASCII

_FORBID = re.compile(
    r"\b(?:do(?:es)?\s(?:not|n't)|don'?t|doesn'?t|never|must\s?not|mustn'?t|may\snot|can\s?not|can'?t|should\s?not"
    r"|shouldn'?t|shall\snot|will\snot"
    r"|won'?t|not\s(?:allowed|permitted|supposed)\sto|not\sto|avoid|refrain\sfrom|forbid(?:s|den)?|prohibit(?:s|ed)?"
    r"|bans?|banned|reject(?:ed|s)?|fails?|violat(?:es?|ion)|strip"
    r"|without|exclud(?:e|es|ed|ing)|omit(?:s|ted|ting)?|ignore|remov(?:e|es|ed|ing)|withh(?:o|e)ld(?:s|ing)?"
    r"|redact(?:s|ed)?|hides?|hidden"
    r"|mask(?:s|ed)?|blind\sto|free\s(?:of|from)|stripped\sof|unaware\sof|no\sknowledge\sof|no\saccess\sto|kept\sfrom"
    r"|flag|instead\sof)\b"
    r"|(?:不得|不要|不能|不可|不许|不应|禁止|请勿|切勿|严禁|避免|不(?:会)?(?:提供|包含|包括|含|披露|涉及|告知|显示|使用|引用|参考|考虑)|未(?:提供|包含|披露|显示)"
    r"|没有(?:提供|包含|给出)|无需|勿|删除|屏蔽|隐藏|剔除|已移除|看不到|不知道)",
    _IGNORE,
)
_NEEDS_VERB = re.compile(r"do|does|don|never|must|may|can|should|shall|will|won|not", _IGNORE)
_TELLS = re.compile(
    r"\b(?:mention|use|using|refer|reference|discuss|state|cite|consider|include|contain|rely|quote|assume|infer"
    r"|guess|ask|look|request|see|know"
    r"|provide|reveal|disclose|show|give|output|write|say|comment|speculate|base|take|account|rated?|repeat|estimate"
    r"|anchor|receive|carry|draw|add"
    r"|speak|think|need|let|be|have|attempt|try|search|fetch|seek|pass|leak|expose|phrase)\w{0,4}\b",
    _IGNORE,
)
_ABSENT_BEFORE = re.compile(
    r"(?:\b(?:no|not|nor|neither|without|any|lacks?|lacking|excluding|omitting|minus|never|zero)\b|\bfree\sof\b"
    r"|\bblind\sto\b)(?:[^.;:!?\n]{0,80})$"
    r"|(?:不含|没有|无|不提供|不包含|不包括|未提供|剔除|去除|不得|禁止|不要)[^。；！？\n]{0,30}$",
    _IGNORE,
)
_ABSENT_AFTER = re.compile(
    r"^[^.;:!?\n]{0,60}\b(?:(?:is|are|was|were|be|been|being)\s(?:\w{1,12}\s)?(?:not|never|withheld|removed|hidden"
    r"|omitted|redacted|stripped|excluded|masked"
    r"|deliberately|intentionally|out\sof\s(?:scope|bounds)|off[- ]limits|forbidden|prohibited|banned|unavailable"
    r"|unknown|irrelevant|none\sof)"
    r"|(?:withheld|redacted|removed|hidden|masked|excluded|not\s(?:shown|given|provided|included|available|disclosed"
    r"|supplied|applicable)|n/a))\b"
    r"|^[^。；！？\n]{0,20}(?:不提供|不予|已(?:移除|删除|屏蔽|隐藏)|未提供|未披露|均不|一律不|不得|不在此)",
    _IGNORE,
)
_EXAMPLE = re.compile(
    r"\b(?:such\sas|e\.?g\.?|for\s(?:example|instance)|like|including|phrases?|wording|words?|statements?|sentences?"
    r"|expressions?|anything|language)\b|例如|比如|诸如|之类",
    _IGNORE,
)
_OPENED = re.compile(r"(?:[“‘「『]|(?<=[\s(:])['`])[^”’」』'`]{0,120}$")
_KEYED = re.compile(r"[\"']\s{0,3}:")
_CONDITION = re.compile(
    r"(?:\b(?:if|unless|whenever|once|should|would|could|might|may|were\sto|suppose|assuming|in\scase"
    r"|until)\b(?![^,.;:]{0,60}\b(?:after|having|since)\b)"
    r"[^,.;:\n]{0,60}|(?:如果|若|假如|一旦|倘若|除非)[^，。；\n]{0,24})$",
    _IGNORE,
)
_WHETHER = re.compile(r"\b(?:whether|if)\s$|是否$", _IGNORE)
_TOOL = re.compile(
    r"`?\b[a-z]{2,20}_[a-z_]{2,40}\b`?\s?(?:\([^)\n]{0,80}\))?`?\s{0,2}[:：—–-]|\b[a-z_]{3,40}\([^)\n]{0,80}\)"
    r"|[\"']description[\"']\s?:|\b(?:tool|function|endpoint"
    r"|api|argument|parameter|field|column|schema|module|component|stage|step)s?\b[^.\n]{0,60}\b(?:returns?|gives?"
    r"|fetch(?:es)?|gets?|reads?|lists?|holds?|handles?"
    r"|decides?|manages?|looks?\sup|provides?|owns?|keeps?|tracks?|sets?)\b|(?:工具|函数|接口|模块)",
    _IGNORE,
)
_UNIT = re.compile(
    r"^\s?(?:USD\s?|dollars\s?)?(?:(?:per|a|an|each)\s|/\s?)(?:metric\s)?(?:tons?|tonnes?|t\b|barrels?|bbl|ounces?|oz"
    r"|lbs?|pounds?|kg|kilo|kwh|mwh|gallons?|bushels?|units?|months?"
    r"|years?|seats?|users?|nights?|miles?|containers?|teu|feu|days?|hours?|square|sq|subscribers?|rooms?|tickets?|gb"
    r"|mmbtu|carats?|head|vehicles?|licen[sc]es?"
    r"|devices?|wafers?|chips?|boxes|box|bottles?|cases?|pieces?|visits?|patients?|doses?|customers?|passengers?"
    r"|trips?|orders?|thousand|million|1,?000|acre|week)"
    r"|^\s?(?:元|美元|港元)?(?:/|每)(?:吨|桶|件|台|套|瓶|盒|辆|箱|公斤|千克|度|月|年|人|克|平)",
    _IGNORE,
)
_EARNED = re.compile(
    r"^\s?(?:EPS|(?:in\s)?(?:diluted|basic|adjusted|non-gaap|gaap|earnings|dividends?|revenue|sales|book))\b", _IGNORE
)
_GRANTED = re.compile(
    r"\b(?:grant[- ]date|fair\svalue|dividends?|distributions?|par\svalue|stated\svalue|book\svalue|exercise[ds]?"
    r"|strike|issu\w{1,6}|placement|at-the-market|awards?|options?|rsus?|warrants?|repurchased?|buy-?backs?"
    r"|bought\sback|tender(?:ed)?|offering|conversion|liquidation\spreference|acquisition|acquired?|merger|takeover"
    r"|eps|(?:earnings|income|loss|revenue|sales|cash\sflow)\sper)\b"
    r"(?:(?!,\s(?:and|but|while)|\band\s(?:its|the|our)\b|;)[^.\n]){0,120}$",
    _IGNORE,
)
_BENIGN_BEFORE = re.compile(
    r"\b(?:strengthen|improv|solidif|bolster|maintain|defend|enhanc|leverag|cement|expand|extend|consolidat|reinforc"
    r"|secur|build|built|clarif|explain|argu|stat|hir|fill|recruit)"
    r"\w{0,5}\s(?:\w{1,12}\s){0,3}$|\b(?:financial|cash|market|competitive|leading|leadership|liquidity|capital|tax"
    r"|legal|strategic|industry|bargaining)\s(?:\w{1,10}\s)?$",
    _IGNORE,
)
_BENIGN_IN = re.compile(
    r"\b(?:financial|cash|market|competitive|leading|leadership|liquidity|capital|tax|legal|strategic|industry"
    r"|bargaining|job|hiring)\s(?:position|exposure|holding)",
    _IGNORE,
)
_BENIGN_AFTER = re.compile(
    r"^\s?(?:as\s(?:an?|the|one|leader|market)|within\s(?:the|our)|on\s(?:th(?:is|e|at)|each"
    r"|any)\s(?:\w{1,12}\s)?(?:issue|matter|question|topic|point|bill|debate)|that\b|regarding|of\strust"
    r"|in\s(?:the|our|this|an?|each|all|key|most|many|north|south|latin|europe|asia|china|india|emerging|global"
    r"|domestic|high|low)\b(?!\s(?:stock|name|shares?|security|token|coin|position|company))"
    r"|in\s(?:interest|currency|currencies|foreign|credit|commodity|fuel|fx|derivatives?|swaps?|forwards?)\b"
    r"|is\s(?:strong|solid|sound|a|an|the|senior|lead)|remains\s(?:strong|solid|sound)|at\s(?:the\s)?(?:company|firm"
    r"|end\sof)|to\s(?:currency|foreign|interest|credit|commodity|inflation|market)"
    r"|(?:for|in)\s(?:engineer|sales|marketing|operations|management|hiring|staff))\b",
    _IGNORE,
)
_NOUNS = {"position.state", "position.ours", "position.open", "position.none_held", "position.owned", "position.side"}
_HIRING = re.compile(
    r"\b(?:hir(?:e|es|ed|ing)|recruit\w{0,6}|vacanc\w{0,4}|headcount|staff\w{0,5}|engineers?|engineering|careers?"
    r"|employees?|job)\b",
    _IGNORE,
)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence around a match, at most 240 characters beyond it on either side."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    for mark in _END.finditer(text, low, start):
        low = mark.end()
    after = _END.search(text, end, high)
    return low, after.start() if after else high


def told(rule: PriceRule, text: str, start: int, end: int, symbols: Collection[str]) -> bool:
    """Tell whether a match tells the reader a price, a move or a state.

    False for what a sentence forbids, announces as absent, only supposes or ascribes to a tool, and for figures of a
    business, a product or an economy. `symbols` are known tickers, upper case.
    """
    low, high = sentence(text, start, end)
    before, after = text[low:start], text[end:high]
    if _refused(rule, text[start:end], text, low, before, after):
        return False
    if rule.family in {"move", "quote"} and _CONDITION.search(before):
        return False
    if rule.id in _NOUNS and _not_ours(text[start:end], before, after, text[low:high]):
        return False
    if rule.family == "quote" and _GRANTED.search(before):
        return False
    if rule.family == "quote" and (_UNIT.match(text[end : end + 24]) or _EARNED.match(text[end : end + 24])):
        return False
    return about(rule, text, (start, end), (low, high), symbols)


def _refused(rule: PriceRule, match: str, text: str, low: int, before: str, after: str) -> bool:
    """Tell whether the sentence (or the line above a list) forbids the words or says that they are absent."""
    if _KEYED.search(match):
        return False
    heading = _heading(text, low)
    forbids = _FORBID.search(before) or _FORBID.search(heading)
    if rule.numeric:
        if not forbids:
            return bool(_FORBID.search(after) and _as_example(before, 0))
        return _as_example(before, forbids.end()) if forbids.string is before else _as_example(heading, 0)
    if rule.family == "position" and _WHETHER.search(before):
        return True
    if forbids and (forbids.string is not before or _TELLS.search(before, forbids.start()) or _near(before, forbids)):
        return True
    if rule.id == "position.none_held":
        return False
    return bool(_ABSENT_BEFORE.search(before) or _ABSENT_AFTER.match(after) or _TOOL.search(before))


def _as_example(before: str, since: int) -> bool:
    """Tell whether what follows is given as an example of words: named as one, or within quotation marks."""
    return bool(_EXAMPLE.search(before, since) or _OPENED.search(before) or before.count('"') % 2)


def _near(before: str, forbids: re.Match[str]) -> bool:
    """Tell whether a word that excludes by itself ("without our position") stands a few words before."""
    return not _NEEDS_VERB.match(forbids[0]) and len(before) - forbids.end() <= 40  # noqa: PLR2004 - characters


def _heading(text: str, low: int) -> str:
    """Return the line that introduces the list in which a sentence stands, or nothing."""
    lines = text[max(0, low - 800) : low].split("\n")
    own = text[low : low + 4].lstrip()
    if not own[:1] or own[0] not in "-*•–\"'`(0123456789":
        return ""
    for line in reversed(lines[:-1] if not lines[-1].strip() else lines):
        bare = line.strip()
        if bare.endswith((":", "：")):
            return bare[-200:]
        if bare and bare[0] not in "-*•–\"'`(0123456789":
            return ""
    return ""


def _not_ours(match: str, before: str, after: str, whole: str) -> bool:
    if _BENIGN_IN.search(match) or _BENIGN_AFTER.match(after) or _BENIGN_BEFORE.search(before[-60:]):
        return True
    return "position" in match.lower() and bool(_HIRING.search(whole))
