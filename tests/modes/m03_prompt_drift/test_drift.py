"""What counts as drift between two runs of an idea, in OpenTelemetry's words and in OpenInference's."""

import orjson
import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m03_prompt_drift import mode

RULES = "You are an equity analyst. Use the filing only. Never risk more than two percent. Answer in JSON."
HOURS = {"research": "09", "execution": "15"}


def stage(trace, kind, **more):
    return {"type": kind, "trace": trace, "id": f"{trace}-{kind}", "at": f"2026-01-05T{HOURS[trace]}:00:01Z",
            "until": f"2026-01-05T{HOURS[trace]}:09:00Z", "idea": "I-1", **more}  # fmt: skip


def call(trace, system=RULES, number=1, **more):
    told = {} if system is None else {"system": system}
    return {"type": "call", "trace": trace, "id": f"{trace}-{number}", "at": f"2026-01-05T{HOURS[trace]}:0{number}:00Z",
            "until": f"2026-01-05T{HOURS[trace]}:0{number}:05Z", "model": "m-1", "answered": "m-1", "messages": "Begin.",
            "output": "Done.", **told, **more}  # fmt: skip


def inference(trace, system, **more):
    attributes = {"llm.model_name": "m-1", "llm.input_messages.0.message.role": "system",
                  "llm.input_messages.0.message.content": system, "llm.input_messages.1.message.role": "user",
                  "llm.input_messages.1.message.content": "Begin.", "llm.output_messages.0.message.role": "assistant",
                  "llm.output_messages.0.message.content": "Done.", **more}  # fmt: skip
    return {"type": "span", "kind": "LLM", "name": "ChatModel", "trace": trace, "id": f"{trace}-llm",
            "at": f"2026-01-05T{HOURS[trace]}:00:02Z", "until": f"2026-01-05T{HOURS[trace]}:00:09Z",
            "attributes": attributes}  # fmt: skip


def asked(*rows, of="execution", action="buy"):
    every = traces((stage("research", "research"), stage("execution", "decision", action=action), *rows))
    by_name = {trace.spans[0].trace_id_raw: trace for trace in every.values()}
    trace = by_name.pop(of)
    said = mode.detect(CaseFile(trace=trace, kin=tuple(by_name.values())))
    for proof in said.evidence:
        run = next(each for each in (trace, *by_name.values()) if each.trace_id == proof.trace_id)
        span = run.span(proof.span_id)
        if isinstance(value := span.attributes.get(proof.field), str):
            assert value[proof.start : proof.end] == proof.excerpt != ""
    return said


def both(one, other, **more):
    return asked(call("research", one, **more), call("execution", other, **more))


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("Never", "Always"),
        lambda text: text.replace("two percent", "five percent"),
        lambda text: text + " Prefer momentum.",
        lambda text: text.replace(" Use the filing only.", ""),
        lambda text: text.replace("JSON", "prose"),
        lambda text: text.replace("equity", "aggressive equity"),
    ],
)
def test_any_edited_word_is_drift(edit):
    assert both(RULES, edit(RULES)).answer is Answer.YES
    assert both(RULES, edit(RULES), agent="analyst").answer is Answer.YES
    assert both(RULES, edit(RULES), prompt={"name": "thesis"}).answer is Answer.YES
    assert asked(inference("research", RULES), inference("execution", edit(RULES))).answer is Answer.YES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Price 41.20, RSI 44.", "Price 1,039.75, RSI 61.9."),
        ("It is Jan 5, 2026, 9:31 AM.", "It is 2026-01-06T15:02:11Z."),
        ("Positions: {'SYNA': 12, 'SYNB': 3}.", "Positions: {'SYNA': 4, 'SYNB': 0}."),
        ("Bars:\n1 2 3\n4 5 6\n", "Bars:\n7 8 9\n"),
        ("Cash  12.\n\nGo.", "Cash 13. Go."),
        ("今日2025-10-30，价格12.5元。", "今日2025-11-03，价格9.75元。"),
    ],
)
def test_what_a_template_fills_in_is_no_drift(one, other):
    assert both(f"{RULES}\n{one}", f"{RULES}\n{other}").answer is Answer.NO


def test_equal_versions_settle_it_without_texts_and_differing_ones_too():
    bare = {"messages": None, "output": None}
    named = {"prompt": {"name": "thesis", "version": "3"}}
    said = asked(call("research", None, **bare, **named), call("execution", None, **bare, **named))
    assert said.answer is Answer.NO
    other = {"prompt": {"name": "thesis", "version": "4"}}
    assert asked(call("research", None, **bare, **named), call("execution", None, **bare, **other)).answer is Answer.YES
    assert asked(call("research", None, **bare), call("execution", None, **bare)).answer is Answer.UNKNOWN


def test_an_unversioned_edit_is_drift_under_an_equal_version():
    named = {"prompt": {"name": "thesis", "version": "3"}}
    assert both(RULES, RULES.replace("only", "and the news"), **named).answer is Answer.YES


def test_two_names_or_two_agents_are_two_roles():
    trader = "You are a trader. Turn the thesis into an order."
    for key in ("agent", "prompt"):
        one, two = ({key: each} if key == "agent" else {key: {"name": each}} for each in ("first", "second"))
        assert asked(call("research", **one), call("execution", trader, **two)).answer is Answer.NO
    assert both(RULES, trader).answer is Answer.NO, "what each is told to be sets them apart"


def test_a_second_prompt_of_an_agent_is_no_change_of_the_first():
    extra = call("execution", "Summarise the day in one line for the desk.", 2, agent="analyst")
    assert asked(call("research", agent="analyst"), call("execution", agent="analyst"), extra).answer is Answer.NO
    edited = call("execution", RULES.replace("two", "nine"), 2, agent="analyst")
    assert asked(call("research", agent="analyst"), call("execution", agent="analyst"), edited).answer is Answer.YES


def test_a_cut_text_counts_as_far_as_it_goes():
    cut = RULES[:60] + "… [truncated 90 characters]"
    assert both(RULES, cut).answer is Answer.UNKNOWN
    assert both(RULES, cut.replace("filing", "rumours")).answer is Answer.YES


def test_tools_in_the_words_of_other_apis():
    schema = {"type": "object", "properties": {"symbol": {"type": "string"}}, "required": ["symbol"]}
    openai = [{"type": "function", "function": {"name": "quote", "description": "A quote.", "parameters": schema}}]
    anthropic = [{"name": "quote", "description": "A quote.", "input_schema": schema}]
    assert asked(call("research", tools=openai), call("execution", tools=anthropic)).answer is Answer.NO
    for change in (
        {"name": "quotes", "description": "A quote.", "input_schema": schema},
        {"name": "quote", "description": "The last quote.", "input_schema": schema},
        {"name": "quote", "description": "A quote.", "input_schema": {**schema, "required": []}},
    ):
        said = asked(call("research", tools=openai), call("execution", tools=[change]))
        assert said.answer is Answer.YES
        assert said.figures["changed"] == ["tools"]


def test_tools_of_openinference_are_cited_where_they_stand():
    def tool(kind):
        return {"llm.tools.0.tool.json_schema": orjson.dumps({"type": "function", "function": {
            "name": "quote", "parameters": {"type": "object", "properties": {"days": {"type": kind}}}}}).decode()}  # fmt: skip

    said = asked(inference("research", RULES, **tool("integer")), inference("execution", RULES, **tool("string")))
    assert said.answer is Answer.YES
    assert {proof.field for proof in said.evidence} == {"llm.tools.0.tool.json_schema"}


def test_tools_kept_on_one_side_only_are_unknown():
    tools = [{"name": "quote", "input_schema": {"type": "object"}}]
    said = asked(call("research", tools=tools), call("execution"))
    assert said.answer is Answer.UNKNOWN
    assert said.missing == ("tool definitions of the execution run",)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("gpt-5", "openai/GPT-5-2025-08-07", Answer.NO),
        ("gpt-5-2025-08-07", "gpt-5-2025-11-01", Answer.YES),
        ("gpt-4o", "gpt-4o-mini", Answer.YES),
    ],
)
def test_which_models_are_one(one, other, answer):
    assert asked(call("research", answered=one), call("execution", answered=other)).answer is answer


def test_a_failed_call_was_answered_by_no_model():
    failed = {**call("execution", number=1), "model": "m-2", "error": {"type": "RateLimitError"}}
    assert asked(call("research"), failed, call("execution", number=2)).answer is Answer.NO


def test_one_run_that_researches_and_executes():
    rows = (stage("execution", "research"), call("execution", parent="execution-research", prompt={"name": "p"}))
    later = call("execution", RULES.replace("only", "or not"), 2, parent="execution-decision", prompt={"name": "p"})
    file = CaseFile(trace=next(iter(traces((stage("execution", "decision", action="buy"), *rows, later)).values())))
    assert mode.detect(file).answer is Answer.YES
    file = CaseFile(trace=next(iter(traces((stage("execution", "decision", action="buy"), *rows)).values())))
    assert mode.detect(file).answer is Answer.NO


def test_an_idea_named_on_the_calls_alone():
    rows = (call("research", idea="I-2"), call("execution", RULES + " Be bold.", idea="I-2"),
            {**stage("execution", "decision", action="buy"), "idea": "I-2"})  # fmt: skip
    research, execution = traces(rows).values()
    assert mode.detect(CaseFile(trace=execution, kin=(research,))).answer is Answer.YES


def test_users_turns_without_a_system_prompt():
    turn = "Rate {0} from the notes below. Answer in JSON with action and reason, nothing else.\nNotes: {1}"
    one = turn.format("SYNA", "Orders rose at the plant in spring.")
    other = turn.format("SYNA", "A court dismissed the claim of a supplier.")
    said = asked(call("research", None, messages=one), call("execution", None, messages=other))
    assert said.answer is Answer.NO, "the notes are what the turn is about"
    other = other.replace("action and reason", "action, size and reason")
    said = asked(call("research", None, messages=one), call("execution", None, messages=other))
    assert said.answer is Answer.YES


def test_several_prompts_that_nothing_names():
    second = "Summarise the morning's headlines in five lines for the desk."
    early = (call("research"), call("research", second, 2))
    assert asked(*early, call("execution", second), call("execution", RULES, 2)).answer is Answer.NO
    assert asked(*early, call("execution", RULES.replace("two", "nine"))).answer is Answer.YES
    said = asked(*early, call("execution", "Price the order near the middle of the book."))
    assert said.answer is Answer.UNKNOWN
    assert "gen_ai.prompt.name" in said.missing[0]
    assert asked(*early, call("execution", second, answered="m-9")).answer is Answer.YES


APART = (
    ("Extract revenue and guidance from the filing. Return JSON. Add no figure.", "Decide between buy, hold and sell."),
    ("Summarise the news below in five bullets.", "Check the proposed order against the limits of the book."),
    ("As the research manager, weigh the debate and commit to a plan.", "Place the order with the tool. Keep its size."),
    ("你是一名基本面分析师。阅读公告并列出事实。用JSON回答。", "你是一名交易员。给出买入或卖出的决定。用JSON回答。"),
    ("You are a helpful assistant. Work with the others. You are a researcher of filings.",
     "You are a helpful assistant. Work with the others. You are a trader of one book."),
)  # fmt: skip
NEARLY = ("Argue the bull case. Use the reports below.", "Argue the bear case. Use the reports below.")


@pytest.mark.parametrize(("one", "other"), [*APART, NEARLY])
@pytest.mark.parametrize("vendor", [call, inference])
def test_two_nameless_agents_of_one_run_do_not_drift(one, other, vendor):
    first, second = vendor("research", one), vendor("research", other)
    second |= {"id": "second", "at": "2026-01-05T09:05:00Z", "until": "2026-01-05T09:05:05Z"}
    decided = stage("research", "decision", action="buy") | {"at": "2026-01-05T09:04:00Z"}
    every = traces((stage("research", "research"), first, decided, second))
    assert mode.detect(CaseFile(trace=next(iter(every.values())))).answer is Answer.NO


@pytest.mark.parametrize(("one", "other"), APART)
def test_nameless_prompts_of_two_runs_in_wholly_other_words_are_no_drift(one, other):
    assert both(one, other).answer is not Answer.YES
    assert asked(inference("research", one), inference("execution", other)).answer is not Answer.YES
