"""What is one prompt of a batch, what is filled in, and which version a change is held against."""

import orjson
import pytest

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m10_schema_version_drift import mode

RULES = "You rate one stock a time. Mixed evidence is a hold. Answer in JSON with action and confidence."
SCHEMA = {"type": "object", "properties": {"action": {"type": "string"}, "size": {"type": "integer"}},
          "required": ["action"]}  # fmt: skip


def call(number, system=RULES, version="1", **more):
    named = {"prompt": {"name": "rating", **({"version": version} if version else {})}}
    told = {} if system is None else {"system": system}
    return {"type": "call", "trace": f"t{number}", "id": f"c{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:05Z", "model": "m-1", "messages": "Begin.", "output": "hold",
            "trading.batch.id": "B", **told, **named, **more}  # fmt: skip


def asked(*rows):
    first, *others = traces(rows).values()
    return mode.detect(CaseFile(trace=first, kin=tuple(others)))


@pytest.mark.parametrize(
    "edit",
    [
        ("Mixed evidence is a hold.", "Mixed evidence is a buy."),
        ("action and confidence", "action and conviction"),
        (" Mixed evidence is a hold.", ""),
        ("Answer in JSON", 'Example: {"action": "buy"}. Answer in JSON'),
    ],
)
def test_words_examples_rules_and_field_names_count(edit):
    assert asked(call(1), call(2), call(3, RULES.replace(*edit))).answer is Answer.YES
    assert asked(call(1), call(2), call(3, RULES.replace(*edit), "2")).answer is Answer.NO


def test_a_variable_that_is_also_a_word_of_the_template():
    def given(number, side):
        text = f"{RULES} Say buy, sell or hold. The desk leans to {side}."
        return call(number, text, **{"llm.prompt_template.variables": orjson.dumps({"side": side}).decode()})

    assert asked(given(1, "buy"), given(2, "sell"), given(3, "hold")).answer is Answer.NO


def test_retrieved_context_in_the_prompt_is_not_the_prompt():
    news = (
        "Orders rose at the plant in the north, the union said on Monday.",
        "A court dismissed the supplier's claim.",
    )
    rows = []
    for number, text in enumerate(news, 1):
        rows += [call(number, f"{RULES}\nContext: {text}"),
                 {"type": "retrieval", "trace": f"t{number}", "id": f"r{number}", "at": "2026-01-05T14:00:00Z",
                  "documents": [{"content": text}]}]  # fmt: skip
    assert asked(*rows).answer is Answer.NO


def test_texts_that_differ_from_trace_to_trace_are_filled_in():
    views = ("rates stay high for long", "growth comes back soon", "the cycle has turned down", "credit is tight again")
    said = asked(*(call(number, f"{RULES} House view: {view}.") for number, view in enumerate(views, 1)))
    assert said.answer is Answer.UNKNOWN
    assert "declared variables" in said.missing[0]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"properties": {**SCHEMA["properties"], "size": {"type": "number"}}}, Answer.YES),
        ({"required": ["action", "size"]}, Answer.YES),
        ({"properties": {**SCHEMA["properties"], "action": {"type": "string", "enum": ["buy"]}}}, Answer.YES),
        ({"required": ["action"]}, Answer.NO),
    ],
)
def test_a_response_format_under_one_version(change, answer):
    def given(number, schema, version="7"):
        text = orjson.dumps({"type": "json_schema", "json_schema": {"name": "rating", "schema": schema}}).decode()
        return call(number, **{"gen_ai.request.response_format": text,
                               "trading.decision.output_schema.version": version})  # fmt: skip

    changed = {**SCHEMA, **change}
    said = asked(given(1, SCHEMA), given(2, changed))
    assert said.answer is answer
    assert asked(given(1, SCHEMA), given(2, changed, "8")).answer is Answer.NO


def test_a_schema_without_a_version_names_the_field_to_record():
    def given(number, schema):
        return {"type": "decision", "trace": f"t{number}", "id": f"d{number}", "at": f"2026-01-05T14:{number:02d}:09Z",
                "action": "hold", "output_schema.json": None,
                "trading.decision.output_schema.json": orjson.dumps(schema).decode()}  # fmt: skip

    said = asked(call(1), given(1, SCHEMA), call(2), given(2, {**SCHEMA, "required": []}))
    assert said.answer is Answer.UNKNOWN
    assert said.missing == ("trading.decision.output_schema.version",)
    assert all(proof.excerpt for proof in said.evidence)


def test_versions_of_service_and_model_are_no_version_of_the_prompt():
    service = {"attributes": {"service.version": "9"}, "answered": "m-1-2026-01-01"}
    said = asked(call(1, version=None, **service), call(2, RULES + " Be bold.", None, **service))
    assert said.answer is Answer.UNKNOWN


def test_traces_of_the_batch_that_are_not_here():
    size = {"trading.batch.size": 5}
    said = asked(call(1, **size), call(2, **size))
    assert said.answer is Answer.UNKNOWN
    assert said.missing == ("3 of the 5 traces of the batch",)
    assert asked(call(1, **size), call(2, RULES + " Be bold.", **size)).answer is Answer.YES


def test_agents_of_one_trace_have_prompts_of_their_own():
    def given(number, agent, system):
        row = {**call(number, system), "trace": "t", "agent": agent, "trading.batch.id": None}
        del row["prompt"]
        return row

    bull, bear = "You are a bull. Argue for the stock.", "You are a bear. Argue against the stock."
    said = asked(given(1, "bull", bull), given(2, "bear", bear), given(3, "bull", bull), given(4, "bear", bear))
    assert said.answer is Answer.NO
    loose = [given(1, None, bull), given(2, None, bear)]
    assert asked(*loose).answer is Answer.NA


def test_a_template_hash_speaks_for_a_text_that_was_not_kept():
    def given(number, digest):
        return call(number, None, messages=None, **{"trading.prompt.template_hash": digest})

    assert asked(given(1, "aa" * 32), given(2, "AA" * 32)).answer is Answer.NO
    assert asked(given(1, "aa" * 32), given(2, "bb" * 32)).answer is Answer.YES
    assert asked(call(1, None, messages=None), call(2, None, messages=None)).answer is Answer.UNKNOWN


TURN = "Rate the stock. {0}\n\n{1}"
ITEMS = ("The plant opened. It makes pumps.", "The court ruled. Both sides appeal.", "The backlog grew in spring.")


def turns(*rules, **more):
    return [{"type": "call", "trace": f"t{number}", "id": f"t{number}-c", "at": f"2026-01-05T09:0{number}:00Z",
             "until": f"2026-01-05T09:0{number}:01Z", "model": "m", "output": "{}", "trading.batch.id": "B",
             "messages": TURN.format(rule, ITEMS[number]), "prompt": {"name": "rating", "version": "4"}, **more}
            for number, rule in enumerate(rules)]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [
    ("Confidence runs from 0 to 1.", "Confidence runs from 0 to 100."), ("", "Insider sales weigh double."),
    ("Mixed evidence means hold.", "Mixed evidence means the bolder side."),
    ('Fields: {"action": "..."}', 'Fields: {"side": "..."}'), ("Example: good -> buy.", "Example: good -> hold."),
    ("", ""),
])  # fmt: skip
def test_users_turns_without_variables_are_unknown(before, after):
    first, *others = traces(turns(before, before, after)).values()
    said = mode.detect(CaseFile(trace=first, kin=tuple(others)))
    assert said.answer is Answer.UNKNOWN
    assert "declared variables" in said.missing[0]


def test_unnamed_turns_of_one_trace_are_unknown():
    rows = turns("Confidence runs from 0 to 1.", "Confidence runs from 0 to 100.", trace="t")
    for row in rows:
        del row["prompt"], row["trading.batch.id"]
    (only,) = traces(rows).values()
    assert mode.detect(CaseFile(trace=only)).answer is Answer.UNKNOWN
