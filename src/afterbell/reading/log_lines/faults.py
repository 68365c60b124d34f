"""The words by which logs tell that an answer failed the parser or validator, and that a later try did not.

`FAULT` alone does not say whose text failed: settings and data of providers fail parsers too (`SETTING`, `DATA`).
"""

from __future__ import annotations

import re
from typing import Final

from afterbell.reading.log_lines.shapes import Shape, any_of

_OUTPUT = (
    r"(?:json|answers?|responses?|outputs?|repl(?:y|ies)|completions?|decisions?|generations?|messages?|verdicts?"
    r"|signals?|llms?|models?)"
)
_PARSED = r"pars(?:e|ed|er|ing)|decod(?:e|ed|er|ing)|validat(?:e|ed|or|ion|ing)|deseriali[sz]\w{1,6}"  # of both below
_READ = rf"(?:{_PARSED}|extract(?:ed|ion|ing)?|coerc(?:e|ed|ing)|interpret(?:ed)?|understood|read)"
_FORM = (
    rf"(?:{_PARSED}|extraction|schema|guardrail|json|structured output|response[ _]format"
    r"|tool[ _-]calls?(?:'s)?(?: arguments)?|arguments)"
)
_BAD = (
    r"(?:fail(?:ed|ure|s|ing)?|errors?|exception|reject(?:ed|s|ion)?|refus(?:ed|es|al)|invalid|mismatch"
    r"|violat(?:ed|es|ion)|gave up|giving up|unusable|[1-9]\d{0,2} (?:errors|faults)"
    r"|wrong (?:type|shape|structure|format|keys?|fields?)|not (?:be )?\w{0,12})"
)

FAULTS: Final = (
    Shape(
        "a form that failed",
        rf"(?<!no )(?<!0 )\b{_FORM}\b(?![^\n]{{0,20}}\b(?:passed|ok|succe))[^\n]{{0,40}}?(?<!no )(?<!0 )\b{_BAD}(?!\w)",
        ("completion failed: schema mismatch", "Verdict schema: field 'side' has the wrong type", "JSON parse error"),
        ("schema check passed, 0 errors", "no validation errors", "the order failed at the venue"),
    ),
    Shape(
        "a failure to read",
        r"\b(?:fail(?:ed|ure|s|ing)?|errors?|exception|unable|reject(?:ed|s)|could not|cannot|can(?:no|')t|couldn't"
        rf"|did not)(?: to| in| while| when| by)?(?: the| a| an| its| be)? (?:{_READ}|{_FORM})\b",
        ("could not parse LLM output", "Decision could not be understood", "Error parsing the LLM response"),
        ("failed to connect to the broker", "could not place the order"),
    ),
    Shape(
        "an answer was refused",
        rf"\b(?:reject(?:ed|s)|refus(?:ed|es)) the {_OUTPUT}\b"
        rf"|\b{_OUTPUT}\b[^\n]{{0,20}}\b(?:rejected|refused) by\b",
        ("guardrail rejected the completion", "the verdict was refused by the checker"),
        ("the venue rejected the order", "the model refused to trade"),
    ),
    Shape(
        "it is not valid",
        r"\b(?:is|was|are|were|answer|output|reply)(?: not|n't|not) (?:a |an |in |of )?(?:valid|json|pars(?:e)?able"
        r"|well[ -]formed|conform\w{0,4})",
        ("model output is not valid JSON", "the reply wasn't well-formed", "guardrail: not conforming, reply not json"),
        ("the answer is valid", "the order is not filled"),
    ),
    Shape(
        "it does not match",
        r"\b(?:does|did|do)(?: not|n't) (?:match|conform|fit|satisfy|follow|meet)[^\n]{0,40}\b(?:pattern|regex|schema"
        r"|format|contract|model)",
        ("output did not match regex", "response does not match the schema (action missing)"),
        ("the price does not match the limit", "output matches the schema"),
    ),
    Shape(
        "it did not hold what was asked for",
        r"\b(?:did|does)(?: not|n't) (?:return|give|produce|contain|hold|call) (?:a |an |any |the )?(?:valid |usable )?"
        r"(?:json|tool|structured|object|decision)",
        ("model did not return a tool call", "the text doesn't contain any valid JSON"),
        ("the account does not hold SYNTHETIC_A", "model returned a tool call"),
    ),
    Shape(
        "a malformed answer",
        rf"\b(?:malformed|broken|truncated|invalid|non|unusable)[ -](?:json |structured |model |llm )?{_OUTPUT}\b"
        r"|\bunpars(?:e)?able\b",
        ("LLM returned malformed JSON after 5 retries", "truncated model reply", "unparseable text"),
        ("malformed ticket", "broken connection to the model"),
    ),
    Shape(
        "an error of a JSON reader",
        r"\bunexpected (?:token|character|end of)\b|\bunterminated (?:string|object)\b|\b(?:extra|trailing) data\b",
        ("Unexpected token < at position 0", "Unterminated string starting at line 1", "Extra data: line 2 column 1"),
        ("unexpected drop of the price", "trailing stop at 40"),
    ),
    Shape(
        "prose where an object was wanted",
        r"\b(?:prose|text|markdown|an essay|plain words) (?:instead of|where|not|rather than) (?:a |the )?"
        r"(?:json|object|structured|schema)",
        ("llama-3 answered with prose instead of JSON", "markdown rather than a structured answer"),
        ("text of the filing", "a tool call instead of prose"),
    ),
    Shape(
        "the name of an exception",
        r"\boutput[ _]?pars(?:er|ing)[ _]?(?:exception|failure|failed|error)|\bjson[ _]?deco(?:de|ding)[ _]?error\b"
        r"|\bvalidation[ _]?error\b|\bexpecting value: line \d|\b[1-9]\d{0,2} validation errors? for \w",
        ("OutputParserException: I would wait", "json.JSONDecodeError", "2 validation errors for PortfolioDecision"),
        ("ConnectionError: timed out", "0 validation errors"),
    ),
    Shape(
        "no JSON",
        r"\bno (?:valid |usable )?json\b|\bnot (?:valid )?json\b",
        ("attempt 1 of 3: no JSON", "reply was not JSON: Sure!"),
        ("the answer is JSON", "no answer"),
    ),
    Shape(
        "an error over an answer's parts",
        r"\b(?:key|type|value)error\b[^\n]{0,40}\b(?:answer|reply|output|completion|decision)\b",
        ("KeyError: 'action' while reading the model's answer", "ValueError in decision of risk"),
        ("KeyError: 'SYNTHETIC_A'", "TypeError in positions"),
    ),
    Shape(
        "free text where a schema stands",
        r"\b(?:free text|prose|text) where the (?:schema|validator|parser)\b",
        ("gave free text where the schema wants an object", "prose where the validator expected numbers"),
        ("free text where the user types", "text of the parser's manual"),
    ),
    Shape(
        "a part is missing",
        r"\bis a required (?:property|key|field)\b"
        r"|\b(?:lacks?|missing|without) (?:the )?(?:required )?(?:key|field|property|properties|keys|fields)\b",
        (
            "'confidence' is a required property",
            "missing required keys stop, target",
            "the object lacks the field side",
        ),
        ("the key is required to sign", "missing bars for 2 days"),
    ),
    Shape(
        "in Chinese",
        r"解析[^\n]{0,12}(?:失败|错误|异常)|(?:无法|不能)解析|格式(?:错误|不符|无效)"
        r"|(?:校验|验证)[^\n]{0,8}(?:失败|未通过)|不是(?:有效|合法)的? ?json",
        ("模型输出解析失败", "无法解析模型的回答", "模型输出格式错误", "校验未通过", "大模型回复不是合法 JSON"),
        ("解析成功", "校验通过", "下单失败"),
    ),
)
FAULT: Final = any_of(FAULTS)
"""A text failed a parser, a validator or a schema."""

SETTINGS: Final = (
    Shape(
        "a file of settings",
        r"\.(?:ya?ml|toml|ini|env|csv|parquet|conf|cfg)\b",
        ("failed to parse rules.yaml", "cannot read book.csv"),
        ("failed to parse the answer", "the answer was yaml"),
    ),
    Shape(
        "a setting",
        r"\bconfig(?:uration|s)?\b|\bsettings?\b|\benvironment variable",
        ("invalid configuration: model missing", "could not parse the settings"),
        ("the figure is set", "the environment of rates"),
    ),
)
SETTING: Final = any_of(SETTINGS)
"""The text was a setting."""

DATA_OF_PROVIDERS: Final = (
    Shape(
        "data of a provider",
        r"\b(?:quotes?|prices?|market[ -]data|feeds?|web ?socket|order[ -]book|candles?|ticks?|bars?|fundamentals"
        r"|filings?|holidays?|calendar|brokers?|exchange|venue|(?:cache|state|portfolio) file|data provider|vendor"
        r"|http body|cookie|request body|webhook|csv|xml|html|rows?|columns?|positions from|arg(?:ument)? parser"
        r"|headlines?|dates?|timestamps?)\b",
        ("quote feed: JSONDecodeError", "could not parse the broker response"),
        ("could not parse LLM output", "the reply was not JSON"),
    ),
)
DATA: Final = any_of(DATA_OF_PROVIDERS)
"""The text was data of a provider."""

ANSWERS_OF_MODELS: Final = (
    Shape(
        "an answer, or the agent who gave it",
        r"\b(?:answers?|completions?|decisions?|structured output|model(?:'s)? (?:output|response|reply)"
        r"|output[ _]?pars|json output|decider|trader|portfolio ?manager|analyst)|回答|应答|决策|模型",
        ("decision failed schema validation", "OutputParserException", "模型输出解析失败"),
        ("failed to parse the body of the request", "JSONDecodeError: line 1"),
    ),
)
OF_MODEL: Final = any_of(ANSWERS_OF_MODELS)
"""The text was what a model or an agent gave, even where no model is named."""

SUPPOSITIONS: Final = (
    Shape(
        "if, before what follows",
        r"\b(?:if|when|whenever|in case|unless|should)\b[^\n]{0,40}\Z|如果[^\n]{0,20}\Z",
        ("retry if the answer ", "will hold when JSON ", "如果模型"),
        ("the answer ", "iffy answer "),
    ),
)
SUPPOSED: Final = any_of(SUPPOSITIONS)
"""What follows is only supposed: to be searched in what stands before."""

MENDS: Final = (
    Shape(
        "it was parsed",
        r"(?<!in)(?<!not )(?<!no )(?<!never )\b(?:parsed|validated|decoded)"
        r"(?: (?:ok\b|fine|cleanly|successfully|well|on|at|after|now|as)|\Z)",
        ("decision parsed on attempt 2", "INFO second reply parsed"),
        ("could not be parsed, asking again", "not parsed"),
    ),
    Shape(
        "a try succeeded",
        r"\b(?:attempt|retry|try|call|reply|answer|response)\b[^\n]{0,40}\b(?:parsed|succeeded|passed"
        r"|(?:gave|returned|brought|is|was) (?:a )?valid|valid\Z|ok)\b",
        ("retry gave a valid answer", "attempt 2: schema check passed"),
        ("attempt 2 failed", "the order succeeded"),
    ),
    Shape(
        "successfully",
        r"\b(?<!un)successfully (?:parsed|validated|decoded)\b",
        ("successfully parsed the reply of risk", "decision successfully validated by the gate"),
        ("unsuccessfully parsed twice", "successfully connected"),
    ),
    Shape(
        "a valid answer came",
        r"(?<!in)\bvalid (?:json|answer|response|output|decision)(?: \w{1,12}){0,2} (?:on|at|after|from|received"
        r"|obtained|returned)\b",
        ("valid JSON on the second attempt", "got valid output from claude-small after all"),
        ("invalid json returned", "no valid answer"),
    ),
    Shape(
        "a check passed",
        r"\b(?:validation|schema check|schema|json|parse) (?:ok\b|pass(?:ed|es)|succeeded)",
        ("INFO schema ok", "INFO validation passed"),
        ("validation failed", "risk check skipped"),
    ),
    Shape(
        "it was repaired",
        r"\brepaired\b[^\n]{0,40}\b(?:parsed|passed|valid)\b",
        ("repaired JSON is valid", "the repaired text passed the schema"),
        ("the repaired text failed", "connection repaired"),
    ),
    Shape(
        "in Chinese",
        r"解析成功|重试成功|(?:校验|验证)通过",
        ("第 2 次解析成功", "校验通过"),
        ("解析失败", "校验未通过"),
    ),
)
MENDED: Final = any_of(MENDS)
"""A later try was read well."""

WHO: Final = re.compile(
    r"\b[a-z][\w.]{0,30}?(?:agent|analyst|manager|decider|trader|researcher|planner)\w{0,10}\b", re.IGNORECASE
)
"""The agent that a line is of."""
