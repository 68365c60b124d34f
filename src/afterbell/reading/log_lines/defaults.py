"""Words that say that a default stood in for an answer: a default decision, not the default of a setting."""

from __future__ import annotations

from typing import Final

from afterbell.reading.log_lines.shapes import Shape, any_of

ANSWERS: Final = (
    r"(?:decisions?|actions?|signals?|responses?|outputs?|answers?|repl(?:y|ies)|positions?|verdicts?|ratings?"
    r"|recommendations?|hold|neutral|flat|weights?|targets?|allocations?|scores?|opinions?|views?|plan|json|object"
    r"|results?|completions?|stances?)"
)
"""What a model is asked for."""
OF_AN_ANSWER: Final = rf"(?:[ _-](?:\w{{1,12}} )?{ANSWERS}\b|(?=\s?(?:[^\w\s]|\Z)))"
"""After a word like default: that of an answer is meant, not that of a setting."""
_SETTING_OF = (
    r"(?![ _-](?:horizons?|periods?|windows?|rules?|limits?|sizes?|models?|config\w{0,12}|settings?|values?|times?)\b)"
)
_WAITING = r"(?:hold|holding|neutral|no[ -]trade|flat|cash|skip|wait|previous|last)"
_TAKEN = r"(?:us(?:ing|ed?)|return(?:s|ed|ing)?|f(?:e|a)ll(?:ing)? back to|revert(?:ed|ing) to|took|taking)"

DEFAULTS: Final = (
    Shape(
        "a default answer",
        rf"\b(?:using |used )?(?:the )?default(?:s|ed|ing)? {ANSWERS}\b{_SETTING_OF}",
        ("INFO Default decision: hold", "using the default signal for SYNTHETIC_A"),
        ("Default decision window is 5 minutes", "using default timeout 30 s", "the default position limits apply"),
    ),
    Shape(
        "defaulted to waiting",
        rf"\bdefault(?:s|ed|ing)? to (?:a |an |the )?(?:safe |conservative )?{_WAITING}\b",
        ("WARNING defaulting to no trade", "the agent defaulted to a safe hold"),
        ("the level defaults to INFO", "it did not default to holdings of last year"),
    ),
    Shape(
        "a default was taken",
        rf"\b{_TAKEN}(?: the| a| our)? default{OF_AN_ANSWER}",
        ("no answer, using the default", "falling back to default risk verdict"),
        ("using the default model gpt-5", "returned default value 30 for timeout"),
    ),
    Shape(
        "in Chinese",
        r"默认(?:决策|操作|动作|为|持有|观望)",
        ("使用默认决策: 持有", "解析失败，默认观望"),
        ("使用默认配置", "默认模型 gpt-5"),
    ),
)
SAYS_DEFAULT: Final = any_of(DEFAULTS)
