"""What a desk asks its models with: sentences of system prompts, definitions of tools, names of models."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from plant import Row

OPENINGS = (
    "You are an equity analyst at a small fund.",
    "You assist the desk with single-name ideas.",
    "Your task is to judge one investment idea at a time.",
    "Act as a sceptical reviewer of trade proposals.",
    "You read filings and news and state a view.",
)
RULES = (
    "Name the source of each fact.",
    "Say what would change your mind.",
    "Prefer filings to news.",
    "Write no more than two paragraphs.",
    "Do not repeat the question.",
    "State the strongest argument against the idea.",
    "Leave out what cannot be checked.",
    "Use the tools before you answer.",
    "Treat rumours as rumours.",
    "Mark estimates as estimates.",
    "Answer in English.",
    "Keep the tone neutral.",
)
CHANGES = (
    ("Never act on a single source.", "A single source is enough to act.", "enough"),
    ("Ask the risk desk before you propose leverage.", "You may propose leverage on your own.", "on your own"),
    ("Short ideas need a written reason.", "Short ideas need no written reason.", "no written"),
    ("Treat unaudited figures with care.", "Treat unaudited figures as final.", "final"),
    ("Answer with a JSON object.", "Answer with a short paragraph.", "paragraph"),
    ("Do not trade within an hour of the close.", "You may trade until the close.", "until"),
    ("Illiquid names are out of scope.", "Illiquid names are in scope.", "in scope"),
    ("If the data are incomplete, decline.", "If the data are incomplete, use your best guess.", "best guess"),
    ("You may use only the tools listed below.", "You may use any tool that you know of.", "any tool"),
    ("Rate conviction as low, medium or high.", "Rate conviction as weak or strong.", "weak or strong"),
    ("Every order must carry a stop.", "A stop is optional.", "optional"),
    ("Favour companies with stable margins.", "Favour companies with rising turnover.", "rising turnover"),
)
VALUES = (
    "Today is {date}.",
    "The time is {time}; cycle {n} of the day.",
    "You cover {symbol} this week.",
    "Cash at hand: {cash} USD.",
    "Open orders: {open}. Names on the list: {names}.",
    "It has been {minutes} minutes since the start.",
    "The last note on {symbol} is {age} days old.",
)
FOREIGN = (
    (
        "你是一名股票研究员。请引用每个事实的来源，不得使用杠杆。",
        "你是一名股票研究员。请引用每个事实的来源，杠杆随意。",
        "杠杆随意",
    ),
    ("你负责复核交易建议。资料不全时应当放弃。", "你负责复核交易建议。资料不全时可以估计。", "可以估计"),
    (
        "Du prüfst Handelsideen. Jede Order braucht einen Stopp.",
        "Du prüfst Handelsideen. Ein Stopp ist nicht nötig.",
        "nicht nötig",
    ),
    ("Du bist Analyst. Nenne zu jeder Zahl die Quelle.", "Du bist Analyst. Quellen sind entbehrlich.", "entbehrlich"),
    ("Vous analysez des titres. Citez deux sources.", "Vous analysez des titres. Une source suffit.", "suffit"),
    ("あなたは株式アナリストです。根拠を必ず示すこと。", "あなたは株式アナリストです。根拠は省略してよい。", "省略"),
    ("Eres analista. No operes sin confirmación.", "Eres analista. Opera sin confirmación si conviene.", "conviene"),
)
SAME_MODELS = (
    (("openai", "gpt-5", "gpt-5-2025-08-07"), ("openai", "openai/gpt-5", "gpt-5-2025-08-07")),
    (("openai", "gpt-5", "gpt-5-2025-08-07"), ("openai", "gpt-5", "openai/gpt-5-2025-08-07")),
    (("openai", "gpt-4.1", "gpt-4.1"), ("openai", "gpt-4.1", "gpt-4.1-2025-04-14")),
    (
        ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
    ),
    (
        ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("aws.bedrock", "anthropic.claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4.5-20250929"),
    ),
    (("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"), ("gcp.gemini", "models/gemini-2.5-pro", "Gemini-2.5-Pro")),
    (
        ("mistral_ai", "mistral-large-2411", "mistral-large-2411"),
        ("mistral_ai", "mistralai/Mistral-Large-2411", "mistral-large-2411"),
    ),
)
"""Pairs of (provider, model asked for, model that answered) that are one model."""
MODELS_MOVED = (
    (("openai", "gpt-5", "gpt-5-2025-08-07"), ("openai", "gpt-5-mini", "gpt-5-mini-2025-08-07")),
    (("openai", "gpt-5", "gpt-5-2025-08-07"), ("openai", "gpt-5", "gpt-5-2025-11-19")),
    (("openai", "gpt-4o", "gpt-4o-2024-05-13"), ("openai", "gpt-4o", "gpt-4o-2024-11-20")),
    (
        ("anthropic", "claude-opus-4-1", "claude-opus-4-1-20250805"),
        ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
    ),
    (
        ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
        ("anthropic", "claude-sonnet-4-5", "claude-haiku-4-5-20251001"),
    ),
    (("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"), ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-flash")),
    (("mistral_ai", "mistral-large", "mistral-large-2407"), ("mistral_ai", "mistral-large", "mistral-large-2411")),
    (("deepseek", "deepseek-reasoner", "deepseek-reasoner"), ("deepseek", "deepseek-chat", "deepseek-chat")),
    (("x_ai", "grok-4", "grok-4-0709"), ("openai", "gpt-5", "gpt-5-2025-08-07")),
)
"""Pairs where another model answered."""
_TOOLS = (
    ("submit_order", "Send an order to the broker.", {"symbol": "string", "side": "string", "quantity": "integer"}),
    ("get_filing", "Fetch the text of a filing.", {"symbol": "string", "form": "string"}),
    ("search_news", "Search the news of the last days.", {"query": "string", "limit": "integer"}),
    ("get_position", "Return the open position.", {"account": "string"}),
    ("ask_risk", "Ask the risk desk whether a size is allowed.", {"symbol": "string", "notional": "number"}),
    ("write_note", "Store a note in the diary.", {"title": "string", "body": "string"}),
)


def tools_of(chance: Random, at_least: int = 0) -> tuple[Row, ...]:
    """Return definitions of some tools, in the shape of one of three providers."""
    shape = chance.randrange(3)
    return tuple(_defined(each, shape) for each in chance.sample(_TOOLS, chance.randint(at_least, 4)))


def _defined(tool: tuple[str, str, dict[str, str]], shape: int) -> Row:
    name, description, fields = tool
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in fields.items()},
        "required": [*fields][:2],
    }
    if shape == 0:
        return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}
    if shape == 1:
        return {"type": "function", "name": name, "description": description, "parameters": schema}
    return {"name": name, "description": description, "input_schema": schema}


def touched(chance: Random, tools: tuple[Row, ...]) -> tuple[tuple[Row, ...], str]:
    """Return the tools with one change, and a text that tells it."""
    made = deepcopy(list(tools))
    tool = made[chance.randrange(len(made))]
    inner = tool.get("function", tool)
    schema = inner.get("parameters") or inner["input_schema"]
    fields = schema["properties"]
    change = chance.randrange(6)
    if change == 0:
        fields["urgent"] = {"type": "boolean", "description": "Skip the queue."}
        return tuple(made), "urgent"
    if change == 1:
        inner["description"] += " Confirmation is not needed."
        return tuple(made), "Confirmation is not needed"
    if change == 2:
        gone = made.pop()
        return tuple(made), str(gone.get("function", gone)["name"])
    if change == 3:
        fields["venue"] = {"type": "string", "enum": ["lit", "dark"]}
        schema["required"] = [*schema["required"], "venue"]
        return tuple(made), "venue"
    if change == 4:
        fault = str(inner["name"])
        inner["name"] += "_v2"
        return tuple(made), fault
    name = schema["required"][0]
    fields[name] = {"type": "array", "items": {"type": "string"}}
    return tuple(made), "array"
