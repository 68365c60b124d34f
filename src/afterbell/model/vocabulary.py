"""The closed vocabularies, in the words of the specification, OpenTelemetry, OpenInference and FIX."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """What a question may be answered. `unknown` names missing evidence; it is never a quiet no."""

    YES = "yes"
    NO = "no"
    NA = "na"
    UNKNOWN = "unknown"


class RootCause(StrEnum):
    """The five labels; every record carries exactly one."""

    COST = "cost"
    CORRECTNESS = "correctness"
    COMPLIANCE = "compliance"
    SECURITY = "security"
    OPERATIONAL = "operational"


class RowStage(StrEnum):
    """The stage of a timeline row."""

    IDEA = "idea"
    DECISION = "decision"
    EXECUTION = "execution"
    OUTCOME = "outcome"


class Stage(StrEnum):
    """The stage of a model call (`trading.stage`)."""

    RESEARCH = "research"
    DECISION = "decision"
    RISK = "risk"
    EXECUTION = "execution"


class RecordStatus(StrEnum):
    """Whether the meeting filled every field."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


class Verdict(StrEnum):
    """What the meeting concluded about the control."""

    CONTROL_FAILED = "control failed"
    AS_DESIGNED = "system behaved as designed"


class TriggerName(StrEnum):
    """The six conditions that deserve a postmortem."""

    DRAWDOWN = "drawdown"
    THESIS_NOT_EXITED = "thesis_not_exited"
    OPERATOR_WOULD_NOT_APPROVE = "operator_would_not_approve"
    TOKEN_OVERRUN = "token_overrun"  # noqa: S105 - a trigger's name, not a secret
    INJECTION_OR_SCHEMA = "injection_or_schema"
    PROVIDER_CASCADE = "provider_cascade"


class SpanKind(StrEnum):
    """What a physical span stands for, whatever convention said so."""

    LLM = "llm"
    EMBEDDING = "embedding"
    TOOL = "tool"
    AGENT = "agent"
    WORKFLOW = "workflow"
    CHAIN = "chain"
    RETRIEVER = "retriever"
    RERANKER = "reranker"
    GUARDRAIL = "guardrail"
    EVALUATOR = "evaluator"
    DECISION_MODEL = "decision_model"
    MCP = "mcp"
    MEMORY = "memory"
    TRADING = "trading"
    HTTP = "http"
    OTHER = "other"


class ContentState(StrEnum):
    """Why content is or is not there: gone is a state, not an absence."""

    CAPTURED = "captured"
    NOT_CAPTURED = "not_captured"
    REDACTED = "redacted"
    TRUNCATED = "truncated"
    EVICTED = "evicted"
    REF = "ref"
    LOST = "lost"


class UsageConvention(StrEnum):
    """Whether reported input tokens include cached ones (OTel, OpenInference) or not (Anthropic raw, Langfuse)."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"
    UNKNOWN = "unknown"


class Book(StrEnum):
    """Books ingested beside traces; complete for an account from their first to their last row."""

    FILLS = "fills"
    EQUITY = "equity"
    FLOWS = "flows"
    POSITIONS = "positions"
    PRICES = "prices"
    FACTS = "facts"
    EVENTS = "events"
    DIARY = "diary"
    REVIEWS = "reviews"
    CALIBRATORS = "calibrators"
    FORECASTS = "forecasts"
    MODEL_PRICES = "model_prices"
    COST_LEDGER = "cost_ledger"
    BILLING = "billing"
    GATEWAY = "gateway"
