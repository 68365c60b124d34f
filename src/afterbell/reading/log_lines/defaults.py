"""Words that say that a default stood in for an answer: a default decision, not the default of a setting."""

from __future__ import annotations

import re
from typing import Final

ANSWERS: Final = (
    r"(?:decisions?|actions?|signals?|responses?|outputs?|answers?|repl(?:y|ies)|positions?|verdicts?|ratings?"
    r"|recommendations?|hold|neutral|flat|weights?|targets?|allocations?|scores?|opinions?|views?|plan|json|object"
    r"|results?"
    r"|completions?|stances?)"
)
"""What a model is asked for."""
OF_AN_ANSWER: Final = rf"(?:[ _-](?:\w{{1,12}} )?{ANSWERS}\b|(?=\s?(?:[^\w\s]|\Z)))"
"""After a word like default: that of an answer is meant, not that of a setting."""
_SETTING_OF = (
    r"(?![ _-](?:horizons?|periods?|windows?|rules?|limits?|sizes?|models?|config\w*|settings?|values?|times?)\b)"
)
_WAITING = r"(?:hold|holding|neutral|no[ -]trade|flat|cash|skip|wait|previous|last)"
_TAKEN = r"(?:us(?:ing|ed?)|return(?:s|ed|ing)?|f(?:e|a)ll(?:ing)? back to|revert(?:ed|ing) to|took|taking)"
SAYS_DEFAULT: Final = re.compile(
    rf"\b(?:using |used )?(?:the )?default(?:s|ed|ing)? {ANSWERS}\b{_SETTING_OF}"
    rf"|\bdefault(?:s|ed|ing)? to (?:a |an |the )?(?:safe |conservative )?{_WAITING}\b"
    rf"|\b{_TAKEN}(?: the| a| our)? default{OF_AN_ANSWER}|默认(?:决策|操作|动作|为|持有|观望)",
    re.IGNORECASE,
)
