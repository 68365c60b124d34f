"""The twenty questions by number: the specification's order, and the slug under which each is filed for ever.

A question's text lives with its mode. The list stands here because records name questions whose detector may not
be installed, and because the checklist is answered whole: twenty answers for every trace.
"""

from __future__ import annotations

CHECKLIST: tuple[tuple[int, str], ...] = (
    (1, "price_blind_leak"),
    (2, "numeric_fabrication"),
    (3, "prompt_drift"),
    (4, "token_runaway"),
    (5, "audit_amnesia"),
    (6, "cache_poisoning"),
    (7, "tool_result_injection"),
    (8, "rate_limit_degradation"),
    (9, "fallback_schema_mismatch"),
    (10, "schema_version_drift"),
    (11, "unit_or_gaap_confusion"),
    (12, "restatement_blindness"),
    (13, "timestamp_error"),
    (14, "dedup_failure"),
    (15, "calibration_drift"),
    (16, "convergence_gate_miscalibration"),
    (17, "after_hours_boundary_miss"),
    (18, "thinking_token_tax"),
    (19, "research_diary_gap"),
    (20, "cost_attribution_drift"),
)
