"""Logs in many wordings: of faulty answers whose stand-in was accepted, and of look-alikes."""

ACCEPTED = (
    """\
2026-01-01 10:00:00 INFO request to mistral-large sent
2026-01-01 10:00:03 WARN JSON parse error in LLM reply: Unterminated string starting at line 1
2026-01-01 10:00:09 WARN JSON parse error in LLM reply: Unterminated string starting at line 1
2026-01-01 10:00:09 WARN max retries reached, decision set to HOLD
2026-01-01 10:00:10 INFO portfolio updated
2026-01-01 10:00:10 INFO run finished: success
""",
    """\
[INFO] PM agent thinking
[ERROR] schema validation error: 'confidence' is a required property
[WARN] using fallback decision {"action": "hold", "quantity": 0}
[INFO] executed decision hold for SYNTHETIC_C
""",
    """\
INFO trader: calling claude-opus
ERROR trader: ValidationError: 1 validation error for TradeSignal
INFO trader: emitting a neutral signal
INFO trader: signal published
""",
    """\
INFO run 17 started
ERROR Structured output failed: model did not return a tool call
INFO returning default response
INFO run 17 completed
""",
    """\
ERROR LLM returned malformed JSON after 5 retries
INFO Creating default response for portfolio_manager
INFO Saved trading decision to database
""",
    """\
WARNING fallback provider llama-3 answered with prose instead of JSON
WARNING extracted action by regular expression, confidence assumed to be 50
INFO order sent to the broker
""",
    """\
ERROR guardrail rejected the completion: not conforming to schema v3
WARNING last good decision reused
INFO status: ok
""",
    """\
INFO 模型返回: <think>...
ERROR JSON 解析错误 重试 3 次
WARNING 使用默认信号 中性
INFO 交易决策已保存
""",
    """\
ERROR Error parsing the LLM response: Expecting ',' delimiter
WARNING No decision from the LLM, defaulting to no trade
INFO cycle done
""",
    """\
ERROR could not extract JSON from model output
INFO neutral signal with confidence 0 used instead
INFO Session 3 finished, state: completed
""",
    """\
ERROR Failed to parse agent response
WARNING setting all positions to hold
INFO Results stored
""",
    """\
INFO gemini-2.5-pro -> 812 tokens
ERROR pydantic_core.ValidationError: 3 validation errors for Verdict
WARNING ignoring the validation errors and continuing
INFO trade executed
""",
    """\
I 10:00 qwen-max: 2 calls
E 10:01 Verdict schema: field 'side' has the wrong type, 3rd time
W 10:01 Taking HOLD for lack of a usable answer
I 10:02 Ledger: decision booked
""",
    """\
INFO sentiment agent answered
ERROR Unexpected token < in JSON at position 0 (LLM reply)
WARN score defaults to 0
INFO signals stored
""",
    """\
ERROR agent.risk: LLM output truncated mid-JSON, parse failed
WARN agent.risk: reverted to previous verdict
INFO orders submitted: 2
""",
    """\
ERROR LLM decision did not validate: quantity must be <= 100
WARN clamped and passed on anyway
INFO order accepted by the venue
""",
    """\
DEBUG anthropic call took 3.1 s
ERROR Tool call arguments were not parseable
WARN No action could be determined, action = hold (default)
INFO run complete
""",
    """\
ERROR response_format violated by deepseek-reasoner
WARN result replaced with empty decision
INFO run 8 finished ok
""",
    """\
ERROR 模型输出格式错误, 已重试 3 次
WARN 返回默认结果 HOLD
INFO 任务状态: 完成
""",
    """\
WARN Unable to parse portfolio manager completion, returning HOLD for all tickers
INFO Trade log saved
""",
    """\
2026-01-05 10:00:00.123 | INFO     | bot.llm:ask:44 - POST /v1/messages
2026-01-05 10:00:04.001 | ERROR    | bot.llm:ask:58 - reply is no JSON object: 'Sure! Here is'
2026-01-05 10:00:04.002 | WARNING  | bot.core:step:91 - answer substituted by HOLD
2026-01-05 10:00:04.100 | SUCCESS  | bot.core:step:120 - step finished
""",
    """\
Jan 05 10:00:01 host bot[311]: INFO llm: asking grok-3 (attempt 3)
Jan 05 10:00:09 host bot[311]: ERROR llm: KeyError: 'action' while reading the model's answer
Jan 05 10:00:09 host bot[311]: WARNING llm: will act on default (hold)
Jan 05 10:00:10 host bot[311]: INFO exec: order book updated, cycle complete
""",
    """\
INFO [fundamentals_agent] LLM responded
ERROR [fundamentals_agent] Structured output could not be coerced into FundamentalsSignal
WARN [fundamentals_agent] signal=neutral confidence=0 (fallback)
INFO [portfolio_manager] decision recorded
""",
    """\
ERROR Fallback gemini-flash gave free text where the schema wants an object
WARN lenient parser kept going: side=buy, stop=None
INFO Filled 20 @ 10.1
""",
    """\
INFO model=o3-mini latency=2.2
ERROR schema check: 2 errors (plan missing, confidence not a number)
WARN continuing with what was there
INFO trade submitted
""",
    """\
ERROR Decision could not be understood: "maybe buy some?"
INFO AI trader uses safe action: do nothing
INFO Day 14 closed, results stored
""",
    """\
WARNING Retries exhausted for LLM call; last error: output did not match regex
INFO Fallback answer: {"action": "HOLD"}
INFO accepted fallback answer
""",
    """\
ERROR 大模型回复不是合法 JSON
WARN 改用兜底方案: 观望
INFO 运行结束, 状态 成功
""",
    """\
ERROR gpt-4o: function call arguments invalid JSON
WARN dropping the answer and using yesterday's target weights
INFO rebalance executed
""",
)

OTHERWISE = (
    """\
INFO request to mistral-large sent
WARN JSON parse error in LLM reply
INFO second reply parsed
INFO decision: HOLD
INFO run finished: success
""",
    """\
INFO LLM client ready
ERROR failed to parse settings file, using default settings
INFO run finished: success
""",
    """\
ERROR model output is not valid JSON
ERROR halting the run
INFO holding previous positions
""",
    """\
INFO the LLM answered
WARN news feed returned malformed JSON, using cached headlines
INFO decision saved
""",
    """\
INFO prompt_tokens=300
INFO argument --horizon not given, using default 5 days
INFO decision saved
""",
    """\
ERROR LLM answer failed validation
INFO LLM asked again with the errors
INFO answer valid
INFO order placed
""",
    """\
ERROR LLM reply could not be parsed
INFO operator took over, default hold is not used
INFO status: failed
""",
    """\
INFO parser: validation passed for PortfolioDecision
INFO default decision rules loaded
INFO order filled
""",
    """\
ERROR could not parse date '2026-13-01' in filing
INFO using default date
INFO gpt-5 decision saved
""",
    """\
INFO gpt-5 said hold: "no valid reason to trade"
INFO hold recorded
INFO status: COMPLETED
""",
    """\
INFO unit test: LLM output unparseable -> default decision hold (expected)
""",
    """\
ERROR decision agent: output rejected by the schema
INFO fallback model gpt-5-mini: answer valid
INFO order placed
""",
    """\
ERROR LLM output truncated mid-JSON, parse failed
INFO retrying with a larger limit
INFO parse ok
INFO previous verdict was hold, new verdict is buy
INFO orders submitted: 2
""",
    """\
INFO LLM decision: hold
WARN calendar: failed to parse the holidays response, using default calendar
INFO run complete
""",
    """\
ERROR response_format violated by deepseek-reasoner
ERROR step aborted, nothing sent
""",
    """\
INFO gpt-5 answered
INFO validation passed with 0 errors
INFO default hold period is 3 days
INFO run complete
""",
    """\
INFO qwen-max ready
ERROR could not decode the quote frame
WARN using last price
INFO order submitted
""",
    """\
ERROR LLM verdict invalid
INFO fallback model answered, schema passed
INFO verdict saved
""",
    """\
INFO asking the LLM
WARN argument parser: unknown option, using default
INFO decision saved
""",
    """\
ERROR LLM answer invalid; escalated to the desk
INFO desk decided: hold
INFO decision saved
""",
    """\
2026-01-05 10:00:04 | ERROR | bot.llm - reply is no JSON object
2026-01-05 10:00:05 | INFO  | bot.llm - attempt 2
2026-01-05 10:00:08 | INFO  | bot.llm - JSON ok
2026-01-05 10:00:08 | INFO  | bot.core - default stop applied from risk settings
2026-01-05 10:00:09 | INFO  | bot.core - order placed
""",
    """\
INFO llm ready
ERROR rest: could not parse positions from venue, taking previous snapshot
INFO cycle complete
""",
    """\
ERROR LLM answer invalid
ERROR exit code 1
""",
    """\
INFO claude answered
INFO schema check passed: 0 errors
INFO hold was the decision, saved
""",
    """\
WARN model answer had trailing text, stripped; parsed
INFO trade submitted
INFO default commission applied
""",
    """\
ERROR LLM JSON invalid
WARN decision dropped, nothing executed
INFO cycle complete
""",
    """\
INFO trader agent: "If the parser fails, use the default"
INFO decision: buy
INFO order placed
""",
    """\
ERROR csv parser: row 17 invalid, previous row used
INFO asking gpt-5
INFO decision saved
""",
)
