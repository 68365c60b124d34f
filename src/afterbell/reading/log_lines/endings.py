"""The words by which logs tell how a run ended: what was decided was kept, sent or executed, or it was thrown away."""

from __future__ import annotations

from typing import Final

from afterbell.reading.log_lines.shapes import Shape, any_of

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
    r"(?:rejected|refused|discarded|dropped|aborted|halted|cancell?ed|blocked|quarantined|voided"
    r"|not (?:be )?(?:sent|saved|accepted|used|executed|stored|submitted|placed|recorded))"
)
_STATUS_IS = r"\b(?:status|state|result|outcome)\b ?[:=]? ?(?:is |was )?[\"']?"

ACCEPTANCES: Final = (
    Shape(
        "a good status",
        rf"{_STATUS_IS}(?:completed?|ok|success(?:ful)?|done|finished)\b",
        ("run saved, status COMPLETED", "INFO: result: success", "status=done"),
        ("status: FAILED", "state of the union"),
    ),
    Shape(
        "kept, then what",
        rf"(?<!not )(?<!never )(?<!be )\b(?:{_KEPT}|booking|saving|storing|executing|submitting|placing|sending)\b"
        rf"[^\n]{{0,40}}\b(?:{_THING}|{_PLACE})\b",
        ("Saved trading decision to database", "executed decision hold", "storing the answer"),
        ("nothing saved", "not stored in the database"),
    ),
    Shape(
        "what, then kept",
        rf"\b{_THING}\b[^\n]{{0,40}}?(?<!not )(?<!never )(?<!be )\b{_KEPT}\b",
        ("decision stored: SYNTHETIC_A neutral 0", "INFO cycle finished"),
        ("no order was sold", "decision was not saved", "the run started"),
    ),
    Shape(
        "so many were traded",
        r"\b(?:filled|bought|sold|executed|placed|submitted) \d",
        ("INFO Filled 20 @ 10.1", "sold 300 SYNTHETIC_A"),
        ("would buy 20", "filled in by hand"),
    ),
    Shape(
        "in Chinese",
        r"(?:运行|任务|流程)(?:结束|完成)|已完成|状态[:：]? ?(?:已)?(?:完成|成功)"
        r"|(?:保存|提交|执行)[^\n]{0,12}(?:决策|信号|订单|交易)|已(?:保存|提交|执行|成交)|下单成功",
        ("运行结束", "会话已完成", "任务状态: 完成", "交易决策已保存", "下单成功"),
        ("运行开始", "未提交"),
    ),
)
ACCEPTED: Final = any_of(ACCEPTANCES)
"""The run ended well, or what it decided was kept, sent or executed."""

REFUSALS: Final = (
    Shape(
        "it was thrown away",
        rf"\b(?:{_THING}|defaults?|it)\b[^\n]{{0,30}}?\b{_LOST}\b",
        ("risk gate: decision rejected", "default decision hold not accepted"),
        ("decision accepted", "the news was dropped on Monday"),
    ),
    Shape(
        "the run is stopped",
        r"\b(?:aborting|halting|aborted|halted|stopping|rejecting|discarding|refusing)\b[^\n]{0,30}\b(?:run|cycle"
        r"|trad(?:e|ing)|orders?|decisions?|session|defaults?|step)\b",
        ("ERROR halting the run", "aborting, no trade"),
        ("the stop is at 40", "running the session"),
    ),
    Shape(
        "a bad status",
        rf"{_STATUS_IS}(?:fail(?:ed|ure)|abort(?:ed)?|rejected|halted|error)\b",
        ("INFO status: FAILED", "the outcome was aborted"),
        ("status: COMPLETED", "a fault of the outcome"),
    ),
    Shape(
        "nothing was sent",
        r"\b(?:no (?:order|trade|decision)s?|nothing|none) (?:was |were |is |will be )?(?:sent|placed|made|taken|saved"
        r"|traded|executed|recorded)\b",
        ("INFO no order was sent", "nothing will be traded"),
        ("nothing is new", "the order was sent"),
    ),
    Shape(
        "handed to people",
        r"\bhand(?:ed|ing) (?:over )?to (?:a |the )?(?:person|operator|human|desk)",
        ("handed over to the operator", "handing to a human"),
        ("handed to the parser", "the operator is at hand"),
    ),
    Shape(
        "in Chinese",
        r"已(?:拒绝|中止|放弃|取消)|未(?:保存|提交|执行)",
        ("运行已中止", "订单未提交"),
        ("订单已提交", "已保存"),
    ),
)
REFUSED: Final = any_of(REFUSALS)
"""What was decided was thrown away, or the run was stopped."""
