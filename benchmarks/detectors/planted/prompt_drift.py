"""Prompts, tools, retrieval templates and models that change between research and execution; and what may change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from itertools import cycle
from random import Random
from typing import Any

from msgspec import structs

from plant import FAULTY, GENAI, INNOCENT, NATIVE, UNTOLD, Plant
from planted._floor import MARKS, Tape, moment, stroll, symbol
from planted._floor import facts as facts_of
from planted._pairs import AGENTS, Side, beside, other_role, pair, run_of, side_of, system_of, unkept, versioned
from planted._templates import CHANGES, FOREIGN, MODELS_MOVED, OPENINGS, RULES, SAME_MODELS, VALUES, tools_of, touched

SLUG = "prompt_drift"

_QUERIES = (
    "latest news about {symbol}",
    "{symbol} filings since {date}",
    "what customers say about {company}",
    "{company} guidance and outlook",
    "supply chain of {symbol}",
)
_Making = Callable[[Random], Plant]


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield pairs of runs that drifted, and the same with nothing that joins or compares them."""
    for told in cycle(_DRIFTS):
        yield told(chance)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield pairs of runs that differ only in what may differ."""
    for told in cycle(_STABLE):
        yield told(chance)


def _faulty(chance: Random, wording: str, before: Side, after: Side, fault: str, *, blind: bool = False,
            bare: Callable[[Side], Side] | None = None) -> tuple[Plant, Plant]:  # fmt: skip
    """Return the drift and its twin: without ideas, or (where `bare` takes a side's facts) with nothing to compare.

    `blind` leaves out the prompts' texts.
    """
    seed = chance.getrandbits(64)
    mark = chance.choice(("", *MARKS))
    rows, trace = pair(Random(seed), before, after)  # noqa: S311
    rows = unkept(rows, mark) if blind else rows
    plant = Plant(wording=wording, rows=rows, trace=trace, answers=FAULTY, fault=fault)
    forms = plant.forms
    if bare is None or chance.random() < 0.4:
        lost, trace = pair(Random(seed), before, after, idea=False)  # noqa: S311
        lost = unkept(lost, mark) if blind else lost
    else:
        lost, trace = pair(Random(seed), bare(before), bare(after), wider=False)  # noqa: S311
        lost = unkept(lost, mark)
        forms = (NATIVE, GENAI)
    return plant, Plant(wording=wording, rows=lost, trace=trace, answers=UNTOLD, forms=forms)


def _anonymous(side: Side) -> Side:
    """Return a side of which neither version nor hash is known."""
    facts = {key: value for key, value in side.facts.items() if "hash" not in key and "template" not in key}
    if "prompt" in facts:
        facts["prompt"] = {"name": facts["prompt"]["name"]}
    return structs.replace(side, facts=facts)


def _rewritten(chance: Random) -> tuple[Plant, Plant]:
    before, after, fault = chance.choice(CHANGES)
    side, seed = side_of(chance), chance.getrandbits(64)
    sides = [structs.replace(side, system=system_of(Random(seed), rule)) for rule in (before, after)]  # noqa: S311
    return _faulty(chance, "a rule is rewritten", *sides, fault, bare=_anonymous)


def _dropped(chance: Random) -> tuple[Plant, Plant]:
    side, seed, rule = side_of(chance), chance.getrandbits(64), chance.choice(CHANGES)[0]
    sides = [structs.replace(side, system=system_of(Random(seed), *rules)) for rules in ((rule,), ())]  # noqa: S311
    fault = rule.rstrip(".").rsplit(" ", 2)[-1]
    return _faulty(chance, "a sentence is gone", *sides, fault, bare=_anonymous)


def _amid_values(chance: Random) -> tuple[Plant, Plant]:
    """Change a rule of a prompt whose figures, times and symbols change with every run anyway."""
    before, after, fault = chance.choice(CHANGES)
    side, values = side_of(chance), chance.sample(VALUES, 3)
    sides = [structs.replace(side, system="\n".join([chance_opening, *values, *rules]))
             for chance_opening in [chance.choice(OPENINGS)] for rules in ((before,), (after,))]  # fmt: skip
    return _faulty(chance, "a rule changes amid figures", *sides, fault, bare=_anonymous)


def _foreign(chance: Random) -> tuple[Plant, Plant]:
    before, after, fault = chance.choice(FOREIGN)
    side = side_of(chance)
    sides = [structs.replace(side, system=text) for text in (before, after)]
    return _faulty(chance, "a prompt in another language", *sides, fault, bare=_anonymous)


def _version(chance: Random) -> tuple[Plant, Plant]:
    number, side = chance.randint(2, 60), side_of(chance)
    old, new = chance.choice((
        (str(number), str(number + 1)), (f"v{number}.0", f"v{number}.1"), (f"2025-03-{number % 28 + 1:02}", "2025-04"),
        (f"{number}.2.0", f"{number}.2.0-hotfix"), ("production", "staging"),
    ))  # fmt: skip
    sides = [versioned(side, version) for version in (old, new)]
    return _faulty(chance, "another version under one name", *sides, new, blind=chance.random() < 0.7, bare=_anonymous)


def _hash(chance: Random, text: str) -> str:
    return chance.choice(("", "sha256:")) + sha256(text.encode()).hexdigest()


def _hashed(chance: Random) -> tuple[Plant, Plant]:
    side = side_of(chance)
    hashes = [_hash(chance, f"{chance.random()}") for _ in range(2)]
    sides = [beside(side, **{"trading.prompt.template_hash": each}) for each in hashes]
    return _faulty(chance, "another hash of the template", *sides, hashes[1], blind=True, bare=_anonymous)


def _template(chance: Random) -> tuple[Plant, Plant]:
    """Change a figure of the recorded template; in a rendered text alone it might be a value."""
    low = chance.randint(1, 4)
    rule = chance.choice((
        "Risk at most {} % of the book on one idea.", "Stop after {} sources.", "Weigh news older than {} days less.",
        "Propose at most {} names a day.", "Accept a spread of up to {} basis points.",
    ))  # fmt: skip
    side, opening = side_of(chance), chance.choice(OPENINGS)
    made = []
    for figure in (low, low + chance.randint(1, 5)):
        text = f"{opening}\n{rule.format(figure)}\nYou look at {{symbol}} on {{date}}."
        made.append(
            beside(
                structs.replace(side, system=text),
                **{"llm.prompt_template.template": text.replace("{", "{{").replace("}", "}}")},
            )
        )
        fault = str(figure)
    return _faulty(chance, "a figure of the recorded template", *made, fault, bare=_anonymous)


def _tools_changed(chance: Random) -> tuple[Plant, Plant]:
    side = structs.replace(side_of(chance), tools=tools_of(chance, at_least=2))
    changed, fault = touched(chance, side.tools)
    after = structs.replace(side, tools=changed)
    return _faulty(chance, "the tools' schema", side, after, fault, bare=_redacted_tools)


def _redacted_tools(side: Side) -> Side:
    return structs.replace(_anonymous(side), tools=(), facts={**_anonymous(side).facts,
                           "gen_ai.tool.definitions": "[REDACTED]"})  # fmt: skip


def _tools_hash(chance: Random) -> tuple[Plant, Plant]:
    side = structs.replace(side_of(chance), tools=())
    hashes = [_hash(chance, f"{chance.random()}") for _ in range(2)]
    sides = [beside(side, **{"trading.prompt.tools_hash": each}) for each in hashes]
    return _faulty(chance, "another hash of the tools", *sides, hashes[1], bare=_redacted_tools)


def _retrieval(chance: Random) -> tuple[Plant, Plant]:
    side, (old, new) = side_of(chance), chance.sample(_QUERIES, 2)
    if chance.random() < 0.4:
        new = old + chance.choice((" -site:example.org", " opinion", " rumours", " short report"))
    sides = [structs.replace(side, query={"trading.retrieval.template": each}) for each in (old, new)]
    return _faulty(chance, "another retrieval template", *sides, new)


def _model(chance: Random) -> tuple[Plant, Plant]:
    before, after = chance.choice(MODELS_MOVED)
    side = side_of(chance)
    seed, sides = chance.getrandbits(64), [structs.replace(side, model=model) for model in (before, after)]
    rows, trace = pair(Random(seed), *sides)  # noqa: S311
    nameless = [structs.replace(side, model=("openai", "desk-default", "")) for _ in sides]
    lost, asked = pair(Random(seed), *nameless, wider=False)  # noqa: S311
    return (
        Plant(wording="another model answered", rows=rows, trace=trace, answers=FAULTY, fault=after[2]),
        Plant(wording="another model answered", rows=lost, trace=asked, answers=UNTOLD),
    )


def _one_run(chance: Random) -> tuple[Plant, Plant]:
    """Change a rule within the one run that both researches and executes."""
    before, after, fault = chance.choice(CHANGES)
    seed, opening, name = chance.getrandbits(64), chance.choice(OPENINGS), {"name": "idea-review"}
    plants = []
    for idea in ({"idea": f"IDEA-{chance.randint(100, 999)}"}, {}):
        tape = Tape(Random(seed), symbol="SYNTHETIC_W", system=f"{opening} {before}", **idea)  # noqa: S311
        tape.beside = {"prompt": name, "stage": "research"}
        tape.user()
        stroll(tape, 3)
        tape.call()
        tape.system, tape.beside, tape.history = f"{opening} {after}", {"prompt": name, "stage": "decision"}, []
        tape.user("Decide now.")
        tape.call("Buy a little.")
        tape.decide("buy", **idea)
        tape.trade("buy", **idea)
        answers = FAULTY if idea else UNTOLD
        plants.append(Plant(wording="both in one run", rows=tape.told(), answers=answers, fault=fault))
    return plants[0], plants[1]


def _persona(chance: Random) -> tuple[Plant, Plant]:
    """Swap one word of who the model is told to be."""
    old, new = chance.choice((("cautious", "fearless"), ("sceptical", "trusting"), ("patient", "fast"),
                              ("independent", "obedient")))  # fmt: skip
    side, rules = side_of(chance), " ".join(chance.sample(RULES, 3))
    who = chance.choice(("You are a {} analyst. {}", "Be {} in all you do. {}", "{} Above all, stay {}."))
    texts = [who.format(*((rules, word) if who.endswith("{}.") else (word, rules))) for word in (old, new)]
    sides = [structs.replace(side, system=text) for text in texts]
    return _faulty(chance, "one word of the persona", *sides, new, bare=_anonymous)


_DRIFTS = (_rewritten, _dropped, _amid_values, _foreign, _version, _hashed, _template, _tools_changed, _tools_hash,
           _retrieval, _model, _one_run, _persona)  # fmt: skip


def _innocent(chance: Random, wording: str, before: Side, after: Side, **facts: Any) -> Plant:
    rows, trace = pair(chance, before, after, **facts)
    return Plant(wording=wording, rows=rows, trace=trace, answers=INNOCENT)


def _same_rules(chance: Random) -> Plant:
    side = structs.replace(side_of(chance), system="\n".join([chance.choice(OPENINGS), *chance.sample(VALUES, 4),
                                                            chance.choice(RULES)]))  # fmt: skip
    return _innocent(chance, "only figures, times and symbols", side, side)


def _spaced(chance: Random) -> Plant:
    side = side_of(chance)
    lines = side.system.replace("\n", " \n ").replace(". ", ".\n\n")
    return _innocent(chance, "only white space", side, structs.replace(side, system=f"  {lines}\n"))


def _key_order(chance: Random) -> Plant:
    side = structs.replace(side_of(chance), tools=tools_of(chance, at_least=2))
    return _innocent(chance, "tools in another key order", side, structs.replace(side, tools=_turned(side.tools)))


def _turned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _turned(each) for key, each in reversed(value.items())}
    return tuple(_turned(each) for each in value) if isinstance(value, tuple) else value


def _same_model(chance: Random) -> Plant:
    before, after = chance.choice(SAME_MODELS)
    side = side_of(chance)
    sides = [structs.replace(side, model=model) for model in (before, after)]
    return _innocent(chance, "one model under two names", *sides)


def _sampling(chance: Random) -> Plant:
    side = side_of(chance)
    hot = {"gen_ai.request.temperature": chance.choice((0.2, 0.7, 1.0)), "gen_ai.request.seed": chance.randint(1, 99)}
    after = {"gen_ai.request.temperature": 0.0, "gen_ai.request.max_tokens": chance.choice((512, 4096))}
    return _innocent(chance, "sampling parameters", beside(side, **hot), beside(side, **after))


def _two_roles(chance: Random) -> Plant:
    """Ask the analyst alike in both runs; another role with its own prompt and model acts in one of them."""
    side = structs.replace(side_of(chance), facts={"agent": chance.choice(AGENTS)})
    before = run_of(chance, side, moment(chance), {"idea": "IDEA-7", "symbol": "SYNTHETIC_R"})
    before.call("The case holds.")
    after = run_of(chance, side, before.at + timedelta(hours=5), {"idea": "IDEA-7", "symbol": "SYNTHETIC_R"})
    other_role(chance.choice((before, after)))
    after.call("Agreed.")
    after.decide("buy")
    after.trade("buy")
    return Plant(wording="two roles", rows=before.told() + after.told(), trace=after.trace, answers=INNOCENT)


def _equal_version(chance: Random) -> Plant:
    side = versioned(side_of(chance), str(chance.randint(1, 50)))
    rows, trace = pair(chance, side, side, wider=False)
    return Plant(wording="one version, texts not kept", rows=unkept(rows, ""), trace=trace, answers=INNOCENT)


def _equal_hash(chance: Random) -> Plant:
    text = system_of(chance)
    digest = sha256(text.encode()).hexdigest()
    side = structs.replace(side_of(chance), system=text)
    sides = [beside(side, **{"trading.prompt.template_hash": each}) for each in (digest, f"sha256:{digest.upper()}")]
    return _innocent(chance, "one hash spelled in two ways", *sides)


def _skipped(chance: Random) -> Plant:
    """Drop the idea: there is no execution run to drift from."""
    side = side_of(chance)
    tape = run_of(chance, side, moment(chance), {"idea": f"IDEA-{chance.randint(1, 999)}", "symbol": symbol(chance)})
    tape.call("There is no edge here.")
    tape.decide("skip", reason=chance.choice(("no edge", "too small", "source not trusted")))
    return Plant(wording="the idea was skipped", rows=tape.told(), answers=INNOCENT)


def _another_idea(chance: Random) -> Plant:
    """Research of another idea was asked otherwise; that is no drift of this one."""
    side, other = side_of(chance), side_of(chance)
    rows, trace = pair(chance, side, side)
    strange = run_of(
        chance, structs.replace(other, facts=side.facts), moment(chance), {"idea": "IDEA-0", "symbol": symbol(chance)}
    )
    strange.call("Not for us.")
    return Plant(wording="another idea's prompt", rows=rows + strange.told(), trace=trace, answers=INNOCENT)


def _template_filled(chance: Random) -> Plant:
    """One recorded template, filled with other words each time."""
    opening = chance.choice(OPENINGS)
    template = opening + "\nMood of the desk: {{mood}}. You look at {{symbol}}."
    side = side_of(chance)
    moods = chance.sample(("calm", "busy", "short of staff", "waiting for the print"), 2)
    sides = [beside(structs.replace(side, system=f"{opening}\nMood of the desk: {mood}. You look at {{symbol}}."),
                   **{"llm.prompt_template.template": template}) for mood in moods]  # fmt: skip
    return _innocent(chance, "one template filled otherwise", *sides)


def _other_words(chance: Random) -> Plant:
    side = structs.replace(side_of(chance), query={"trading.retrieval.template": chance.choice(_QUERIES)})
    return _innocent(chance, "one retrieval template, other queries", side, side)


def _declared(chance: Random) -> Plant:
    """Fill declared variables with other words."""
    side, opening = side_of(chance), chance.choice(OPENINGS)
    moods = chance.sample(("risk is high", "calm markets", "the desk is short of staff", "a holiday week"), 2)
    sides = [beside(structs.replace(side, system=f"{opening} Note of the day: {mood}. {RULES[0]}"),
                   **{"llm.prompt_template.variables": f'{{"note": "{mood}"}}'}) for mood in moods]  # fmt: skip
    return _innocent(chance, "declared variables", *sides)


def _failed(chance: Random) -> Plant:
    """Ask another model that does not answer, before the usual one does."""
    side = side_of(chance)
    before = run_of(chance, side, moment(chance), {"idea": "IDEA-8", "symbol": "SYNTHETIC_V"})
    before.call("The case holds.")
    after = run_of(chance, side, before.at + timedelta(hours=3), {"idea": "IDEA-8", "symbol": "SYNTHETIC_V"})
    history = [*after.history]
    error = {"type": "ServiceUnavailableError", "message": "Error code: 503"}
    row = after.call("", model="gpt-5-mini", answered="", error=error)
    for key in ("output", "response_id", "tokens", "finish"):
        del row[key]
    after.history = history
    after.call("Agreed.")
    after.decide("buy")
    after.trade("buy")
    return Plant(wording="a failed call to another model", rows=before.told() + after.told(), answers=INNOCENT)


def _enum_order(chance: Random) -> Plant:
    kinds = chance.sample(("market", "limit", "stop", "close"), 3)
    fields = ["symbol", "kind", "quantity"]
    sides, side = [], side_of(chance)
    for turn in (kinds, kinds[::-1]):
        fields.reverse()
        of = {"symbol": {"type": "string"}, "quantity": {"type": "integer"}, "kind": {"type": "string", "enum": turn}}
        schema = {"type": "object", "properties": of, "required": [*fields]}
        tool = {"name": "submit_order", "description": "Send an order.", "parameters": schema}
        sides.append(structs.replace(side, tools=(tool,)))
    return _innocent(chance, "enums and required names in another order", *sides)


def _context(chance: Random) -> Plant:
    """Paste what was retrieved into the system prompt."""
    side, found = side_of(chance), []
    for _ in range(2):
        text = facts_of(chance)
        tape = Tape(chance, idea="IDEA-5", symbol="SYNTHETIC_U", system=f"{OPENINGS[1]} {RULES[0]}\nContext:\n{text}",
                    at=found[0].at + timedelta(hours=9) if found else None)  # fmt: skip
        tape.model, tape.beside = side.model, {"agent": "desk agent"}
        about = {"id": f"d{chance.randint(1, 99)}", "title": "Background", "text": text}
        tape.put("retrieval", name="search", query="background", documents=[about])
        tape.user()
        tape.call()
        found.append(tape)
    found[1].decide("buy")
    found[1].trade("buy")
    rows = found[0].told() + found[1].told()
    return Plant(wording="retrieved context in the system prompt", rows=rows, answers=INNOCENT)


_STABLE: tuple[_Making, ...] = (
    _same_rules, _spaced, _key_order, _same_model, _sampling, _two_roles, _equal_version, _equal_hash, _skipped,
    _another_idea, _template_filled, _other_words, _declared, _failed, _enum_order, _context,
)  # fmt: skip
