"""The words by which a line of a log speaks of model calls, and those that say that there were none."""

from __future__ import annotations

from typing import Final

from afterbell.reading.log_lines.shapes import Shape, any_of

_NAMES = (
    r"(?:gpt[ -]?\d|gpt-oss|chatgpt|o[134]-(?:mini|preview|pro)|claude|gemini[ -]?\d|gemini-|deepseek|qwen|llama-?\d"
    r"|mistral|mixtral|glm-\d|kimi|minimax|grok-?\d|command-r|doubao|ernie|hunyuan|openai|anthropic|openrouter|ollama"
    r"|litellm|langchain|langgraph|crewai|autogen)"
)
_MODEL = rf"(?:llms?|language[ -]models?|chat[ -]?models?|{_NAMES}[\w.:-]{{0,40}})"

CALLS: Final = (
    Shape(
        "a model, or what serves it",
        rf"(?<![\w/]){_MODEL}(?![\w/])",
        ("INFO asking gpt-5 for a decision", "LLM retry 1/2 failed", "deepseek-chat answered in 2.1 s"),
        ("new model year of SYNTHETIC_A cars", "GET /ollama/index"),
    ),
    Shape(
        "the address of an API",
        r"\bchat[./ _]?completions?\b|/v1/(?:messages|responses|completions)\b|/api/(?:chat|generate)\b"
        r"|generatecontent\b",
        ("POST https://llm.example.org/v1/chat/completions", "POST /v1/messages", "models/x:generateContent"),
        ("GET /v1/orders", "chat window opened"),
    ),
    Shape(
        "tokens",
        r"\b(?:prompt|completion|reasoning)[ _]tokens?\b",
        ("prompt_tokens=812", "90 completion tokens"),
        ("token of the broker", "api_token=x"),
    ),
    Shape(
        "the reading of an answer",
        r"\boutput[ _-]?pars(?:er|ing)|\binvalid json output\b|</?think>",
        ("OutputParserException", "invalid json output", "<think>the margin grew"),
        ("output of the plant", "I think so"),
    ),
    Shape(
        "what a model did",
        r"\b(?:the |primary |fallback |backup )?model(?:'s)? (?:call|output|response|answer|reply|completion|returned"
        r"|refused|answered|replied|said|timed out|did not answer)",
        ("primary model returned 529", "model output is not valid JSON"),
        ("model year 2026", "business model of SYNTHETIC_A"),
    ),
    Shape(
        "what an assistant or agent said",
        r"\b(?:assistant|completion|agent)(?:'s)? (?:message|output|response|answer|reply|call|returned|answered"
        r"|replied|said)",
        ("Failed to parse agent response", "assistant message received"),
        ("transfer agent of the fund", "completion of the merger"),
    ),
    Shape(
        "an agent at work",
        r"\bagents? (?:is |are )?(?:think|decid|reason|analy[sz]|answer|propos)(?:s|es|ed|ing|e)\b",
        ("PM agent thinking", "agents are deciding"),
        ("datadog agent started", "agents of change"),
    ),
    Shape(
        "an agent by its name",
        r"(?<![\w-])agent ?[:=] ?\w|\b\w{2,30}_agent\b|\b(?:analyst|trader|trading|research|risk|portfolio|decision"
        r"|news)[ -]agents?\b|\bagents?\.\w{2,30} - ",
        ("INFO Agent: news | Signal: bearish", "trader_agent decided: hold", "risk agent", "agents.decider - ERROR"),
        ("user-agent: browser", "agents.txt was read"),
    ),
    Shape(
        "a mark in brackets",
        r"\[(?:reasoning|tool call|assistant|llm)\]",
        ("10:42:48 [Reasoning] the margin grew", "[Tool Call] get_bars"),
        ("[INFO] started", "[data] bars"),
    ),
    Shape(
        "the setting of a model",
        r"\busing (?:the )?(?:specified |configured )?model ?[:=]",
        ("using model: small", "using the configured model=x"),
        ("using the risk model", "model: sedan"),
    ),
    Shape(
        "in Chinese",
        r"大(?:语言)?模型|模型(?:调用|输出|返回|回答|响应|应答)|调用模型",
        ("调用大模型 第 3 次", "模型输出解析失败", "正在调用模型"),
        ("风险模型更新", "新车型"),
    ),
)
SPEAKS: Final = any_of(CALLS)
"""A line speaks of model calls."""

NO_CALLS: Final = (
    Shape(
        "no model",
        rf"\b(?:no|without|(?:never|not) (?:us|call|ask|runn?)(?:ed|ing|e)?)(?: an?| any| the)? {_MODEL}(?!\w)",
        ("no LLM was used in this run", "ran without any language model"),
        ("the LLM gave no answer", "no answer of gpt-5"),
    ),
    Shape(
        "a model that is off",
        rf"(?<!\w){_MODEL}(?: \w{{1,12}}){{0,2}}(?: is| are| was| were)? ?(?:[:=] ?)?(?:disabled|off\b|none\b|false\b"
        r"|not (?:used|configured|called|enabled|needed|required|installed)|skipped|unused)",
        ("LLM disabled, rules only", "openai client not configured", "llm: none"),
        ("LLM enabled", "LLM offers a view"),
    ),
    Shape(
        "in Chinese",
        r"(?:未|不)(?:使用|调用)大?模型",
        ("未使用大模型", "本次不调用模型"),
        ("使用大模型", "模型未返回"),
    ),
)
WITHOUT: Final = any_of(NO_CALLS)
"""A line says that no model was used."""
