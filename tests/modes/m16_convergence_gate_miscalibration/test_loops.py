"""What is a loop, what its steps are and whose signal counts, beside the worked examples of the mode."""

from decimal import Decimal

from afterbell.catalog.cases import traces
from afterbell.model.casefile import CaseFile
from afterbell.model.vocabulary import Answer
from afterbell.modes.m16_convergence_gate_miscalibration import mode
from afterbell.reading.loops.signals import series_of


def row(kind, number, /, **more):
    return {"type": kind, "trace": "t", "id": f"{kind}{number}", "at": f"2026-01-05T14:{number:02d}:00Z",
            "until": f"2026-01-05T14:{number:02d}:20Z", **more}  # fmt: skip


def call(number, output, **more):
    asked = f"Step {number}: go on with SYNTHETIC_A and update your belief."
    return row("call", number, **{"model": "m", "messages": asked, "output": output, **more})


def asked(*rows, **knobs):
    first, *kin = traces(rows).values()
    return mode.detect(CaseFile(trace=first, kin=tuple(kin), knobs={**mode.KNOBS, **knobs}))


def step(number, posterior=None, **more):
    stated = {} if posterior is None else {"posterior": posterior}
    return row("research", number, **{"step": number, "idea": "a", **stated, **more})


def test_steps_are_in_the_order_of_their_numbers():
    (loop,) = series_of(
        next(iter(traces([step(1, 0.7, step=3), step(2, 0.5, step=1), step(3, 0.69, step=2)]).values()))
    )
    assert [each.probability for each in loop.steps] == [Decimal("0.5"), Decimal("0.69"), Decimal("0.7")]


def test_each_idea_has_its_own_signal():
    said = asked(step(1, 0.5), step(2, 0.8, idea="b"), step(3, 0.51), step(4, 0.81, idea="b"))
    assert said.answer is Answer.NO


def test_research_in_another_trace_of_the_idea():
    decision = row("decision", 9, idea="a", action="buy")
    far = ({**step(1, 0.5), "trace": "k"}, {**step(2, 0.7), "trace": "k"})
    assert asked(decision, *far).answer is Answer.YES
    assert asked({**decision, "idea": "z"}, *far).answer is Answer.NA


def test_a_last_step_without_its_signal_is_not_known_to_have_settled():
    assert asked(step(1, 0.5), step(2, 0.51), step(3)).answer is Answer.UNKNOWN
    silent = {key: value for key, value in call(3, "").items() if key != "output"}
    said = asked(call(1, '{"posterior": 0.5}'), call(2, '{"posterior": 0.6}'), silent)
    assert (said.answer, said.missing) == (Answer.UNKNOWN, ("the output of the loop's last step",))


def test_a_debate_of_agents_is_no_loop_of_one_signal():
    turns = (("bull", "buy"), ("bear", "sell"), ("bull", "buy"), ("bear", "sell"), ("manager", "hold"))
    rows = [call(number, f"Recommendation: {word}", agent=agent) for number, (agent, word) in enumerate(turns, 1)]
    assert asked(*rows).answer is Answer.NO


def test_one_question_about_several_securities_is_no_loop():
    rated = (("SYNTHETIC_A", "buy"), ("SYNTHETIC_B", "sell"), ("SYNTHETIC_C", "hold"))
    rows = [call(number, word, messages=f"Rate {name} and say buy, sell or hold.")
            for number, (name, word) in enumerate(rated, 1)]  # fmt: skip
    assert asked(*rows).answer is Answer.NA


def test_samples_side_by_side_and_second_opinions_are_no_steps():
    late = "2026-01-05T14:30:00Z"
    assert (
        asked(call(1, "buy", messages="Q", until=late), call(2, "sell", messages="Q", until=late)).answer is Answer.NA
    )
    assert asked(call(1, "buy", messages="Q"), call(2, "sell", messages="Q", model="other")).answer is Answer.NA


def test_a_history_that_grows_is_a_loop():
    history = [{"role": "user", "content": "Research SYNTHETIC_A."}]
    rows = []
    for number, said in enumerate(("Leaning: hold", "Leaning: hold", "Leaning: buy"), 1):
        rows.append(call(number, said, messages=list(history)))
        history += [{"role": "assistant", "content": said}, {"role": "user", "content": f"Look at source {number}."}]
    assert asked(*rows).answer is Answer.YES


def test_calls_under_a_monitor_are_no_steps():
    watch = row("monitor", 5, until="2026-01-05T15:00:00Z")
    rows = [call(number, '{"posterior": 0.61}', parent="monitor5") for number in range(10, 16)]
    assert asked(call(1, '{"posterior": 0.6}'), call(2, '{"posterior": 0.61}'), watch, *rows).answer is Answer.NO


def test_the_knobs():
    rows = (step(1, 0.5), step(2, 0.54))
    assert asked(*rows).answer is Answer.NO
    assert asked(*rows, moved=0.03).answer is Answer.YES
    assert asked(step(1, 0.5), step(2, 0.5), step(3, 0.5), settled_steps=2).answer is Answer.YES


def test_a_sum_of_calls_hides_the_loop():
    agent = {"type": "span", "trace": "t", "id": "a", "name": "agent", "kind": "agent",
             "llm.token_count.prompt": 10, "llm.token_count.completion": 900}  # fmt: skip
    assert asked(agent).answer is Answer.UNKNOWN


def test_a_sum_hides_the_steps_only_where_its_calls_are_not_there():
    agent = row("span", 1, name="agent", until="2026-01-05T14:09:00Z", **{"gen_ai.operation.name": "invoke_agent",
                "gen_ai.usage.input_tokens": 900, "gen_ai.usage.output_tokens": 90})  # fmt: skip
    assert asked(agent).answer is Answer.UNKNOWN
    assert asked(agent, call(2, "It holds.", parent="span1")).answer is Answer.NA
