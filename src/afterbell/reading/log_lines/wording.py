"""The words by which logs tell of faulty answers, of what stood in for them, and of how the run ended.

Each pattern is a shape: a verb of a class beside a noun of a class, in either order, with few words between.
"""

from __future__ import annotations

import re
from typing import Final

from afterbell.reading.log_lines.defaults import ANSWERS, OF_AN_ANSWER, SAYS_DEFAULT

_OUTPUT = (
    r"(?:json|answers?|responses?|outputs?|repl(?:y|ies)|completions?|decisions?|generations?|messages?|verdicts?"
    r"|signals?|llms?|models?)"
)
_READ = (
    r"(?:pars(?:e|ed|er|ing)|decod(?:e|ed|er|ing)|validat(?:e|ed|or|ion|ing)|deseriali[sz]\w{1,6}"
    r"|extract(?:ed|ion|ing)?|coerc(?:e|ed|ing)|interpret(?:ed)?|understood|read)"
)
_FORM = (
    r"(?:pars(?:e|ed|er|ing)|decod(?:e|ed|er|ing)|validat(?:e|ed|or|ion|ing)|deseriali[sz]\w{1,6}|extraction"
    r"|schema|guardrail|json|structured output|response[ _]format|tool[ _-]calls?(?:'s)?(?: arguments)?"
    r"|arguments)"
)
_BAD = (
    r"(?:fail(?:ed|ure|s|ing)?|errors?|exception|reject(?:ed|s|ion)?|refus(?:ed|es|al)|invalid|mismatch|violat(?:ed"
    r"|es"
    r"|ion)|gave up|giving up|unusable|[1-9]\d{0,2} (?:errors|faults)|wrong (?:type|shape|structure|format|keys?"
    r"|fields?)|not (?:be )?\w{0,12})"
)
FAULT: Final = re.compile(
    rf"(?<!no )(?<!0 )\b{_FORM}\b(?![^\n]{{0,20}}\b(?:passed|ok|succe))[^\n]{{0,40}}?(?<!no )(?<!0 )\b{_BAD}(?!\w)"
    rf"|\b(?:fail(?:ed|ure|s|ing)?|errors?|exception|unable|reject(?:ed|s)|could not|cannot|can(?:no|')t|couldn't"
    rf"|did not)"
    rf"(?: to| in| while| when| by)?(?: the| a| an| its| be)? (?:{_READ}|{_FORM})\b"
    rf"|\b(?:reject(?:ed|s)|refus(?:ed|es)) the {_OUTPUT}\b|\b{_OUTPUT}\b[^\n]{{0,20}}\b(?:rejected|refused) by\b"
    r"|\b(?:is|was|are|were|answer|output|reply)(?: not|n't|not) (?:a |an |in |of )?(?:valid|json|pars(?:e)?able"
    r"|well[ -]formed|conform\w{0,4})"
    r"|\b(?:does|did|do)(?: not|n't) (?:match|conform|fit|satisfy|follow|meet)[^\n]{0,40}\b(?:pattern|regex|schema"
    r"|format|contract"
    r"|model)|\b(?:did|does)(?: not|n't) (?:return|give|produce|contain|hold|call) (?:a |an |any |the )?(?:valid "
    r"|usable )?"
    r"(?:json|tool|structured|object|decision)"
    rf"|\b(?:malformed|broken|truncated|invalid|non|unusable)[ -](?:json |structured |model |llm )?{_OUTPUT}\b"
    r"|\bunpars(?:e)?able\b|\bunexpected (?:token|character|end of)\b|\bunterminated (?:string|object)\b|\b(?:extra"
    r"|trailing)"
    r" data\b|\b(?:prose|text|markdown|an essay|plain words) (?:instead of|where|not"
    r"|rather than) (?:a |the )?"
    r"(?:json|object|structured|schema)|\boutput[ _]?pars(?:er|ing)[ _]?(?:exception|failure|failed|error)"
    r"|\bjson[ _]?deco(?:de|ding)[ _]?error\b|\bvalidation[ _]?error\b|\bexpecting value: line \d"
    r"|\b[1-9]\d{0,2} validation errors? for \w|\bno (?:valid |usable )?json\b|\bnot (?:valid )?json\b"
    r"|\b(?:key|type|value)error\b[^\n]{0,40}\b(?:answer|reply|output|completion|decision)\b"
    r"|\b(?:free text|prose|text) where the (?:schema|validator|parser)\b|\bis a required (?:property|key|field)\b"
    r"|\b(?:lacks?|missing|without) (?:the )?(?:required )?(?:key|field|property|properties|keys|fields)\b"
    r"|解析[^\n]{0,12}(?:失败|错误|异常)|(?:无法|不能)解析|格式(?:错误|不符|无效)|(?:校验|验证)[^\n]{0,8}(?:失败"
    r"|未通过)"
    r"|不是(?:有效|合法)的? ?json",
    re.IGNORECASE,
)
"""A text failed a parser, a validator or a schema."""
SETTING: Final = re.compile(
    r"\.(?:ya?ml|toml|ini|env|csv|parquet|conf|cfg)\b|\bconfig(?:uration|s)?\b|\bsettings?\b|\benvironment variable",
    re.IGNORECASE,
)
"""The text was a setting."""
DATA: Final = re.compile(
    r"\b(?:quotes?|prices?|market[ -]data|feeds?|web ?socket|order[ -]book|candles?|ticks?|bars?|fundamentals"
    r"|filings?"
    r"|holidays?|calendar|brokers?|exchange|venue|(?:cache|state|portfolio) file|data provider|vendor|http body"
    r"|cookie"
    r"|request body|webhook|csv|xml|html|rows?|columns?|positions from|arg(?:ument)? parser|headlines?|dates?"
    r"|timestamps?)\b",
    re.IGNORECASE,
)
"""The text was data of a provider."""
OF_MODEL: Final = re.compile(
    r"\b(?:answers?|completions?|decisions?|structured output|model(?:'s)? (?:output|response|reply)|output[ _]?pars"
    r"|json output|decider|trader|portfolio ?manager|analyst)|回答|应答|决策|模型",
    re.IGNORECASE,
)
"""The text was what a model or an agent gave, even where no model is named."""
SUPPOSED: Final = re.compile(
    r"\b(?:if|when|whenever|in case|unless|should)\b[^\n]{0,40}\Z|如果[^\n]{0,20}\Z", re.IGNORECASE
)
"""What follows is only supposed."""
MENDED: Final = re.compile(
    r"(?<!in)(?<!not )(?<!no )(?<!never )\b(?:parsed|validated|decoded)(?: (?:ok\b|fine|cleanly|successfully|well"
    r"|on|at"
    r"|after|now|as)|\Z)|\b(?:attempt|retry|try|call|reply|answer|response)\b[^\n]{0,40}\b(?:parsed|succeeded|passed"
    r"|(?:gave|returned|brought|is|was) (?:a )?valid|valid\Z|ok)\b|\b(?<!un)successfully (?:parsed|validated"
    r"|decoded)\b"
    r"|(?<!in)\bvalid (?:json|answer|response|output|decision)(?: \w{1,12}){0,2} (?:on|at|after|from|received"
    r"|obtained"
    r"|returned)\b|\b(?:validation|schema check|schema|json|parse) (?:ok\b|pass(?:ed|es)|succeeded)"
    r"|\brepaired\b[^\n]{0,40}\b(?:parsed|passed|valid)\b|解析成功|重试成功|(?:校验|验证)通过",
    re.IGNORECASE,
)
"""A later try was read well."""
_IDLE = r"(?:hold|neutral|no[ -]trade|stub|placeholder|do(?:ing)? nothing)"
_OLD = (
    r"(?:default|flat|skip|canned|empty|zero|blank|fallback|last(?: good| known)?|previous|earlier|cached|stale|safe"
    r"|yesterday's)"
)
_NONE = rf"(?:{_IDLE}\b|{_OLD}{OF_AN_ANSWER})"
_PUT = (
    r"(?:return(?:ed|ing|s)?|us(?:ed|ing|es)|f(?:e|a)ll(?:s|ing)? back (?:to|on)|revert(?:ed|ing|s)? to"
    r"|substitut(?:ed|ing"
    r"|es)|insert(?:ed|ing|s)|emitt(?:ed|ing)|emits|issu(?:ed|ing|es)|appl(?:ied|ying|ies)|creat(?:ed|ing|es)"
    r"|assum(?:ed"
    r"|ing|es)|defaults?(?:ed|ing)? to|choos(?:ing|es)|chose|go(?:ing|es)? with|went with|tak(?:ing|es)|took"
    r"|(?:taken|treat(?:ed|ing)|recorded|counted)(?: it)? as|act(?:ed|ing|s)? on|reus(?:ed|ing|es)"
    r"|replac(?:ed|ing|es)(?: \w{1,12}){0,3} (?:by|with)|set(?:ting|s)?(?: \w{1,12}){0,4} to)"
)
_IGNORED = r"(?:ignor|bypass|suppress|swallow|overlook|skipp)(?:ed|ing|es|s)"
STOOD_IN: Final = re.compile(
    rf"{SAYS_DEFAULT.pattern}"
    rf"|\b{_PUT} (?:a |an |the |its )?(?:\w{{1,12}} )?{_NONE}"
    rf"|\b{_NONE}(?: \w{{1,12}}){{0,5}} (?:(?:is |was )?(?:used|taken|applied|issued|returned"
    rf"|inserted|assumed"
    r"|substituted|reused)(?: instead)?|instead)\b"
    r"|\b(?:missing|absent|empty|invalid) (?:fields?|keys?|values?|properties)[^\n]{0,40}\b(?:filled|set|replaced"
    r"|completed|defaulted|padded)\b"
    r"|\b(?:fill(?:ed|ing)|pad(?:ded|ding)|complet(?:ed|ing))(?: in)? (?:\w{1,12} ){0,2}(?:missing|absent)"
    r"|\b(?:continu|proceed|carr|go|went|kept|keep)(?:ed|ing|es|s|ied|ying)? (?:on |going )?with (?:what|whatever"
    r"|the rest|a partial|it)\b"
    r"|\b(?:lenient|tolerant|loose) (?:parser|validator|mode)\b[^\n]{0,20}\b(?:kept|took|accepted|let|passed)"
    rf"|\b{ANSWERS}(?: (?:was|is))? (?:left|set to|stays) (?:blank|empty|null|none)\b|\b(?:fallback|substitute"
    rf"|stand-in) {ANSWERS}\b"
    r"(?! (?:failed|rejected|refused))|\((?:fallback|stub|placeholder)\)|\b(?:us|accept|tak|keep|kept|pass|proceed"
    r"|continu|go)(?:ed|ing|es|s|en)?\b[^\n]{0,40}\b(?:anyway|regardless"
    r"|as it (?:is|was|stood)|as is|raw (?:text|output|response|answer)|partial (?:output|response|answer|json))\b"
    rf"|\b{_IGNORED} (?:the |all |its )?(?:\w{{1,12}} )?(?:validation|schema|parse|parsing"
    rf"|parser)(?:'s)? (?:errors?|faults?"
    r"|failures?|result|check)\b"
    r"|\b(?:extract|guess|pick|recover|read)(?:ed|ing)?\b[^\n]{0,30}\b(?:by|with|via|using|from) (?:a "
    r"|an )?(?:regular"
    r" expression|regex|pattern|keywords?|heuristic|the prose|free text)\b"
    r"|\b(?:score|confidence|quantity|action|decision|signal|verdict|weight|size)s? (?:now )?defaults? to \w"
    r"|\((?:the )?default\)"
    r"|(?:使用|采用|返回|取|回到)默认(?!配置|参数|设置|超时|模型|路径)|兜底|回退(?:到|至)?默认|以默认|按(?:持有"
    r"|观望)处理",
    re.IGNORECASE,
)
"""Something else was put in the place of an answer, or a faulty answer was taken as it was."""
_KEPT = (
    r"(?:saved|stored|recorded|persisted|submitted|placed|executed|filled|sent|accepted|committed|published|booked"
    r"|updated|completed?|finished|succeeded|done|closed|ended)"
)
_THING = (
    r"(?:decisions?|orders?|trades?|signals?|positions?|portfolio|results?|actions?|answer|run|cycle|session|pipeline"
    r"|workflow|step|round|loop|day|rebalance|report|ledger|task|job)"
)
_PLACE = r"(?:database|broker|venue|book|exchange)"
_LOST = (
    r"(?:rejected|refused|discarded|dropped|aborted|halted|cancel+ed|blocked|quarantined|voided|not (?:be )?(?:sent"
    r"|saved"
    r"|accepted|used|executed|stored|submitted|placed|recorded))"
)
ACCEPTED: Final = re.compile(
    r"\b(?:status|state|result|outcome)\b ?[:=]? ?(?:is |was )?[\"']?(?:completed?|ok|success(?:ful)?|done"
    r"|finished)\b"
    rf"|(?<!not )(?<!never )(?<!be )\b(?:{_KEPT}|booking|saving|storing|executing|submitting|placing"
    rf"|sending)\b[^\n]{{0,40}}"
    rf"\b(?:{_THING}|{_PLACE})\b"
    rf"|\b{_THING}\b[^\n]{{0,40}}?(?<!not )(?<!never )(?<!be )\b{_KEPT}\b"
    r"|\b(?:filled|bought|sold|executed|placed|submitted) \d|(?:运行|任务|流程)(?:结束|完成)|已完成"
    r"|状态[:：]? ?(?:已)?(?:完成|成功)|(?:保存|提交|执行)[^\n]{0,12}(?:决策|信号|订单|交易)|已(?:保存|提交"
    r"|执行|成交)|下单成功",
    re.IGNORECASE,
)
"""The run ended well, or what it decided was kept, sent or executed."""
REFUSED: Final = re.compile(
    rf"\b(?:{_THING}|defaults?|it)\b[^\n]{{0,30}}?\b{_LOST}\b"
    r"|\b(?:aborting|halting|aborted|halted|stopping|rejecting|discarding|refusing)\b[^\n]{0,30}\b(?:run|cycle"
    r"|trad(?:e"
    r"|ing)|orders?|decisions?|session|defaults?|step)\b|\b(?:status|state|result|outcome)\b ?[:=]? ?(?:is "
    r"|was )?[\"']?"
    r"(?:fail(?:ed|ure)|abort(?:ed)?|rejected|halted|error)\b"
    r"|\b(?:no (?:order|trade|decision)s?|nothing|none) (?:was |were |is |will be )?(?:sent|placed|made|taken|saved"
    r"|traded"
    r"|executed|recorded)\b"
    r"|\bhand(?:ed|ing) (?:over )?to (?:a |the )?(?:person|operator|human|desk)|已(?:拒绝|中止|放弃|取消)|未(?:保存"
    r"|提交"
    r"|执行)",
    re.IGNORECASE,
)
"""What was decided was thrown away, or the run was stopped."""
WHO: Final = re.compile(
    r"\b[a-z][\w.]{0,30}?(?:agent|analyst|manager|decider|trader|researcher|planner)\w{0,10}\b", re.IGNORECASE
)
"""The agent that a line is of."""
