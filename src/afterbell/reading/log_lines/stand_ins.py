"""The words by which logs tell what stood in for an answer: a default, a stub, or the faulty text as it was.

Each shape is a verb of a class beside a noun of a class, in either order, with few words between.
"""

from __future__ import annotations

from typing import Final

from afterbell.reading.log_lines.defaults import ANSWERS, DEFAULTS, OF_AN_ANSWER
from afterbell.reading.log_lines.shapes import Shape, any_of

_IDLE = r"(?:hold|neutral|no[ -]trade|stub|placeholder|do(?:ing)? nothing)"
_OLD = (
    r"(?:default|flat|skip|canned|empty|zero|blank|fallback|last(?: good| known)?|previous|earlier|cached|stale|safe"
    r"|yesterday's)"
)
_NONE = rf"(?:{_IDLE}\b|{_OLD}{OF_AN_ANSWER})"
_PUT = (
    r"(?:return(?:ed|ing|s)?|us(?:ed|ing|es)|f(?:e|a)ll(?:s|ing)? back (?:to|on)|revert(?:ed|ing|s)? to"
    r"|substitut(?:ed|ing|es)|insert(?:ed|ing|s)|emitt(?:ed|ing)|emits|issu(?:ed|ing|es)|appl(?:ied|ying|ies)"
    r"|creat(?:ed|ing|es)|assum(?:ed|ing|es)|defaults?(?:ed|ing)? to|choos(?:ing|es)|chose|go(?:ing|es)? with|went with"
    r"|tak(?:ing|es)|took|(?:taken|treat(?:ed|ing)|recorded|counted)(?: it)? as|act(?:ed|ing|s)? on"
    r"|reus(?:ed|ing|es)|replac(?:ed|ing|es)(?: \w{1,12}){0,3} (?:by|with)|set(?:ting|s)?(?: \w{1,12}){0,4} to)"
)
_IGNORED = r"(?:ignor|bypass|suppress|swallow|overlook|skipp)(?:ed|ing|es|s)"

STAND_INS: Final = (
    *DEFAULTS,
    Shape(
        "something was put there",
        rf"\b{_PUT} (?:a |an |the |its )?(?:\w{{1,12}} )?{_NONE}",
        ("falling back to neutral for SYNTHETIC_A", "substituted a placeholder", "reverted to previous verdict"),
        ("falling back to fallback model claude-small", "using default timeout 30 s", "took profit"),
    ),
    Shape(
        "something was used instead",
        rf"\b{_NONE}(?: \w{{1,12}}){{0,5}} (?:(?:is |was )?(?:used|taken|applied|issued|returned|inserted|assumed"
        r"|substituted|reused)(?: instead)?|instead)\b",
        ("last good decision reused", "neutral signal with confidence 0 used instead"),
        ("the last bar was used", "the model used the news"),
    ),
    Shape(
        "missing parts were filled",
        r"\b(?:missing|absent|empty|invalid) (?:fields?|keys?|values?|properties)[^\n]{0,40}\b(?:filled|set|replaced"
        r"|completed|defaulted|padded)\b|\b(?:fill(?:ed|ing)|pad(?:ded|ding)|complet(?:ed|ing))(?: in)?"
        r" (?:\w{1,12} ){0,2}(?:missing|absent)",
        ("missing keys set to 0", "filling in the missing fields"),
        ("missing keys stop, target", "order filled, nothing missing"),
    ),
    Shape(
        "went on with what there was",
        r"\b(?:continu|proceed|carr|go|went|kept|keep)(?:ed|ing|es|s|ied|ying)? (?:on |going )?with (?:what|whatever"
        r"|the rest|a partial|it)\b",
        ("continuing with what was there", "went on with a partial answer"),
        ("continuing with the next ticker", "going through it"),
    ),
    Shape(
        "a lenient parser took it",
        r"\b(?:lenient|tolerant|loose) (?:parser|validator|mode)\b[^\n]{0,20}\b(?:kept|took|accepted|let|passed)",
        ("lenient parser kept side=buy", "tolerant validator: accepted"),
        ("strict parser accepted", "lenient parser is off"),
    ),
    Shape(
        "left empty",
        rf"\b{ANSWERS}(?: (?:was|is))? (?:left|set to|stays) (?:blank|empty|null|none)\b",
        ("target left blank", "the verdict was set to none"),
        ("target left at 40", "the order was left open"),
    ),
    Shape(
        "named as a stand-in",
        rf"\b(?:fallback|substitute|stand-in) {ANSWERS}\b(?! (?:failed|rejected|refused))"
        r"|\((?:fallback|stub|placeholder)\)",
        ("Fallback answer: hold", "signal=neutral confidence=0 (fallback)"),
        ("fallback answer rejected", "fallback model answered"),
    ),
    Shape(
        "taken anyway",
        r"\b(?:us|accept|tak|keep|kept|pass|proceed|continu|go)(?:ed|ing|es|s|en)?\b[^\n]{0,40}\b(?:anyway|regardless"
        r"|as it (?:is|was|stood)|as is|raw (?:text|output|response|answer)"
        r"|partial (?:output|response|answer|json))\b",
        ("clamped and passed on anyway", "using the raw text of the reply"),
        ("stopped anyway", "accepted by the schema"),
    ),
    Shape(
        "the fault was ignored",
        rf"\b{_IGNORED} (?:the |all |its )?(?:\w{{1,12}} )?(?:validation|schema|parse|parsing|parser)(?:'s)?"
        r" (?:errors?|faults?|failures?|result|check)\b",
        ("ignoring the validation errors", "skipped schema check"),
        ("ignoring the news", "the schema check failed"),
    ),
    Shape(
        "guessed from the prose",
        r"\b(?:extract|guess|pick|recover|read)(?:ed|ing)?\b[^\n]{0,30}\b(?:by|with|via|using|from) (?:a |an )?"
        r"(?:regular expression|regex|pattern|keywords?|heuristic|the prose|free text)\b",
        ("extracted action by regular expression", "guessing the side from the prose"),
        ("extracted text from the filing", "answer did not match the regex"),
    ),
    Shape(
        "a part defaults",
        r"\b(?:score|confidence|quantity|action|decision|signal|verdict|weight|size)s? (?:now )?defaults? to \w"
        r"|\((?:the )?default\)",
        ("score defaults to 0", "action = hold (default)"),
        ("timeout defaults to 30", "the default of the loan"),
    ),
    Shape(
        "in Chinese, what stood in",
        r"(?:使用|采用|返回|取|回到)默认(?!配置|参数|设置|超时|模型|路径)|兜底|回退(?:到|至)?默认|以默认"
        r"|按(?:持有|观望)处理",
        ("返回默认结果 HOLD", "改用兜底方案: 观望", "回退到默认信号", "按观望处理"),
        ("使用默认配置", "使用默认超时 30 秒"),
    ),
)
STOOD_IN: Final = any_of(STAND_INS)
"""Something else was put in the place of an answer, or a faulty answer was taken as it was."""
