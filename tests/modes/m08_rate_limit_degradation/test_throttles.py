"""What is a throttle, what belongs to its step and what made it good, beside the worked examples of the mode."""

import pytest

from afterbell.catalog.cases import books, traces
from afterbell.model.books import GatewayRow
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import Policy
from afterbell.model.run import Trace
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Answer
from afterbell.modes.m08_rate_limit_degradation import mode
from afterbell.reading.throttles.gateway import Attempt, attempts
from afterbell.reading.throttles.throttling import throttles, untold

TASK = "Judge whether SYNTHETIC_A can hold its margin given input costs and the two new plants."
LIMIT = {"type": "openai.RateLimitError", "message": "Error code: 429 - rate_limit_exceeded"}
OK = {"http.response.status_code": 200}


def row(kind, number, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:20Z", **more}  # fmt: skip


def call(number, model="gpt-5", /, **more):
    return row("call", number, **{"model": model, "messages": TASK, "output": "It can.", **more})


def failed(number, model="gpt-5", /, **more):
    return {key: value for key, value in call(number, model, **{"error": LIMIT, **more}).items() if key != "output"}


def event(number, name, **more):
    return {"name": name, "at": f"2026-01-05T14:{number:02d}:10Z", **more}


def trace(*rows):
    return next(iter(traces(rows).values()))


def asked(*rows, tiers=None):
    return mode.detect(CaseFile(trace=trace(*rows), policy=Policy(model_tiers=tiers or {})))


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        ("claude-opus-4-1", "claude-haiku-4-5", {"type": "anthropic.OverloadedError", "message": "Error code: 529"}),
        ("gemini-2.5-pro", "gemini-2.5-flash", {"type": "google.api_core.exceptions.ResourceExhausted", "message": ""}),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-haiku-20240307-v1:0",
         {"type": "ThrottlingException", "message": "Too many tokens"}),
        ("gpt-4o", "gpt-4o-mini", {"type": "insufficient_quota", "message": "You exceeded your current quota"}),
        ("gpt-5", "claude-3-5-haiku-latest", LIMIT),
    ],
)  # fmt: skip
def test_downshifts_of_several_providers(first, second, error):
    said = asked(failed(1, first, error=error), call(2, second))
    assert (said.answer, said.figures["effects"]) == (Answer.YES, "weaker model")
    assert said.evidence[-1].excerpt == second
    assert asked(failed(1, second, error=error), call(2, first)).answer is Answer.NO


@pytest.mark.parametrize("kind", ["AuthenticationError", "APITimeoutError", "NotFoundError"])
def test_other_faults_lead_to_unknown_while_statuses_are_not_told(kind):
    error = {"type": kind, "message": "it failed"}
    assert asked(failed(1, error=error), call(2, "gpt-5-mini")).answer is Answer.UNKNOWN
    assert asked(failed(1, error=error), call(2, "gpt-5-mini", **OK)).answer is Answer.NO


def test_a_status_alone_is_a_failed_call():
    first = {key: value for key, value in call(1).items() if key != "output"} | {"http.response.status_code": 429}
    assert asked(first, call(2, "gpt-5-mini")).answer is Answer.YES


def test_http_spans_below_a_call_tell_what_it_met():
    http = {"name": "POST", "parent": "call1"}
    retried = row("span", 1, id="a", **http, **{"http.response.status_code": 429})
    fine = row("span", 1, id="b", **http, **{"http.status_code": "200"})
    assert [each.call.span_id for each in throttles(trace(call(1), retried, fine))] == [trace(call(1)).calls[0].span_id]
    assert asked(call(1), retried, fine).answer is Answer.NO
    assert asked(call(1), fine).answer is Answer.NO
    assert untold(trace(call(1), fine)) == ()


def test_an_error_that_bubbles_up_is_one_throttle():
    chain = row("span", 1, id="chain", name="chain", kind="chain", until="2026-01-05T14:09:00Z", error=LIMIT)
    assert len(throttles(trace(chain, failed(1, parent="chain")))) == 1


def test_a_weaker_model_before_the_throttle_or_on_another_step():
    assert asked(call(1, "gpt-5-mini"), failed(2), call(3)).answer is Answer.NO
    other = call(2, "gpt-5-mini", messages=TASK.replace("_A", "_B"), symbol="SYNTHETIC_B", **OK)
    assert asked(failed(1, symbol="SYNTHETIC_A"), other).answer is Answer.NO


def test_a_cut_prompt_by_flag_or_under_the_same_name():
    assert asked(failed(1), call(2, **{"trading.prompt.truncated": True})).figures["effects"] == "shorter prompt"
    name = {"name": "margin"}
    said = asked(failed(1, prompt=name), call(2, messages="Margin of SYNTHETIC_A?", prompt=name))
    assert said.figures["effects"] == "shorter prompt"


def test_the_conversation_goes_on_with_a_weaker_model():
    first = [{"role": "user", "content": TASK}]
    more = [*first, {"role": "user", "content": "The provider was busy; please answer now, and say why. " * 20}]
    assert asked(failed(1, messages=first), call(2, "gpt-5-mini", messages=more)).answer is Answer.YES


def test_a_validation_that_was_made_good():
    check = row("validation", 5, until="2026-01-05T14:08:00Z", verdict="pass")
    order = row("order", 9, side="buy")
    rows = (failed(5, parent="validation5", messages="check"), call(6, parent="validation5", messages="check"))
    assert asked(check, *rows, order).answer is Answer.NO
    assert asked(row("validation", 5), rows[0], order).answer is Answer.YES
    assert asked(row("validation", 5), rows[0], row("validation", 7, verdict="reject"), order).answer is Answer.NO
    assert asked(row("validation", 5), rows[0]).answer is Answer.NO, "nothing was ordered"


def test_skips_and_their_reasons():
    def skip(why):
        return row("decision", 5, action="buy",
                   events=[event(5, "trading.validation_skipped", **{"trading.validation.skip_reason": why})])  # fmt: skip

    assert asked(call(1, **OK), skip("provider returned 429")).answer is Answer.YES
    assert asked(failed(1), call(2), skip("not configured for paper")).answer is Answer.NO


def test_defaults():
    marked = row("decision", 5, action="hold", events=[event(5, "trading.default_action")])
    assert asked(failed(1), failed(2), marked).figures["effects"] == "default action"
    parsed = row("span", 3, name="parse", **{"output.value": "Default decision: hold"})
    assert asked(failed(1), failed(2), parsed).figures["effects"] == "default action"
    assert asked(call(1, output="The default decision is hold."), failed(2), call(3)).answer is Answer.NO


def test_a_data_providers_notice():
    tool = {"name": "get_prices", "arguments": {"symbol": "SYNTHETIC_A"}}
    notice = row("tool", 1, call_id="a", result={"Information": "The rate limit is 25 requests per day."}, **tool)
    again = row("tool", 2, call_id="b", result={"close": "12.1"}, **tool)
    assert asked(notice, again, call(3)).answer is Answer.NO
    reasoned = call(2, output="Credit default swaps widened and default risk is high. Hold.", **OK)
    assert asked(notice, reasoned, row("decision", 3, action="hold")).answer is Answer.NO


def test_recorded_fallbacks():
    def fallback(reason, to):
        return {"trading.llm.fallback.reason": reason, "trading.llm.fallback.from_model": "azure/gpt-4o",
                "trading.llm.fallback.to_model": to}  # fmt: skip

    assert asked(call(1, "gpt-4o", **fallback("rate_limit", "openai/gpt-4o"))).answer is Answer.NO
    assert asked(call(1, "gpt-4o", **fallback("timeout", "gpt-4o-mini"))).answer is Answer.UNKNOWN
    told = call(1, "gpt-4o", events=[event(1, "fallback", **fallback("overloaded", "gpt-4o-mini"))])
    assert asked(told).answer is Answer.YES


def test_what_was_never_recorded_is_unknown():
    assert asked(call(1)).answer is Answer.UNKNOWN
    agent = {"type": "span", "trace": "t", "id": "a", "name": "agent", "kind": "agent",
             "llm.token_count.prompt": 10, "llm.token_count.completion": 900}  # fmt: skip
    assert asked(agent).answer is Answer.UNKNOWN


def test_the_policys_tiers():
    rows = (failed(1, "model-a"), call(2, "model-b"))
    assert asked(*rows).answer is Answer.UNKNOWN
    assert asked(*rows, tiers={"model-a": 1, "model-b": 2}).answer is Answer.NO


def test_a_deployments_own_name_is_no_other_model():
    assert asked(failed(1, "desk-deployment"), call(2, "desk-deployment", answered="gpt-5")).answer is Answer.NO


def test_a_request_beside_models_and_tools_that_was_sent_again():
    def get(number, status):
        error = {"error": {"type": "HTTPError", "message": "too many requests"}} if status == 429 else {}
        return row("span", number, name="GET bars", **{"http.response.status_code": status}, **error)

    assert asked(call(1), get(2, 429), get(3, 200)).answer is Answer.NO
    assert asked(call(1), get(2, 429), get(3, 429)).answer is Answer.UNKNOWN


def test_what_was_not_kept_of_a_retry_is_no_shorter_prompt():
    gone = call(2, messages="[REDACTED]")
    assert asked(failed(1), gone).figures.get("effects") != "shorter prompt"


def test_a_truth_value_is_cited_as_it_is_written():
    said = asked(failed(1), call(2, **{"trading.prompt.truncated": True}))
    assert [(each.field, each.excerpt) for each in said.evidence][-1] == ("trading.prompt.truncated", "true")


GATEWAY = {"request_id": "r1", "trace_id": "t", "startTime": "2026-01-05T14:01:01Z", "model_group": "gpt-5",
           "model": "gpt-5", "status": "failure", "error_information": {"error_code": "429"}}  # fmt: skip
ANSWER = {"request_id": "resp-1", "trace_id": "t", "startTime": "2026-01-05T14:01:05Z", "model_group": "gpt-5",
          "model": "gpt-5", "status": "success"}  # fmt: skip


def behind_a_gateway(*rows, **more):
    run = trace(call(1, response_id="resp-1", **more))
    said = mode.detect(CaseFile(trace=run, books=books({"gateway": rows})))
    return said.answer, [each.field for each in said.evidence]


def test_a_gateway_tells_what_the_trace_does_not():
    assert behind_a_gateway() == (Answer.UNKNOWN, [])
    assert behind_a_gateway(ANSWER) == (Answer.NO, [])
    assert behind_a_gateway(GATEWAY, ANSWER)[0] is Answer.NO
    weaker = {**ANSWER, "model": "openai/gpt-5-mini"}
    assert behind_a_gateway(GATEWAY, weaker) == (Answer.YES, ["gateway:1:error_code", "gateway:2:model"])
    assert behind_a_gateway(GATEWAY)[0] is Answer.NO  # the call itself ended well, on the model that was asked
    assert behind_a_gateway(GATEWAY, answered="gpt-5-mini")[0] is Answer.YES


@pytest.mark.parametrize(
    "change",
    [
        {"error_information": {"error_code": "400"}},
        {"error_information": {"error_code": "500", "error_class": "InternalServerError"}},
        {"trace_id": "another", "request_id": "r9"},
        {"status": "success", "error_information": None},
    ],
)
def test_rows_of_a_gateway_that_show_no_limit_of_this_trace(change):
    assert behind_a_gateway({**GATEWAY, **change}, {**ANSWER, "model": "gpt-5-mini"})[0] is Answer.NO


def test_rows_are_joined_by_the_response_and_earlier_attempts_by_model_and_time():
    alone = {key: value for key, value in ANSWER.items() if key != "trace_id"} | {"model": "gpt-5-mini"}
    assert behind_a_gateway(GATEWAY, alone)[0] is Answer.YES
    other = {**GATEWAY, "model_group": "claude-opus-4-1", "startTime": "2026-01-05T14:09:00Z"}
    assert behind_a_gateway(other, ANSWER)[0] is Answer.UNKNOWN  # of a call that the trace does not hold


def test_a_group_of_the_gateways_own_name_is_judged_by_what_it_tried():
    tried, answer = {**GATEWAY, "model_group": "house-large"}, {**ANSWER, "model_group": "house-large"}
    assert behind_a_gateway(tried, answer, model="house-large")[0] is Answer.NO
    assert behind_a_gateway(tried, {**answer, "model": "gpt-5-mini"}, model="house-large")[0] is Answer.YES


def test_each_book_is_looked_up_in_itself():
    run = trace(call(1, response_id="resp-1"))
    first, second = (books({"gateway": rows}).gateway for rows in ((ANSWER,), (GATEWAY, ANSWER)))
    for book in (first, second, first, ()):
        assert [each.row for each in attempts(run, book)] == list(book)


@pytest.mark.parametrize("name", ["error.type", "http.response.status_code"])
def test_a_sign_that_is_no_decimal_is_no_status(name):
    odd = Span(trace_id="t", span_id="s", name="step", attributes={name: "²²²"})
    assert not throttles(Trace(trace_id="t", spans=(odd,)), outages=True)


def test_an_error_code_that_is_no_decimal_is_no_status():
    assert Attempt(row=GatewayRow(row=1, error_code="²²²")).code is None
