"""Prompts in parts, and changes of one part; for the planter of schema-version drift."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct


class Prompt(Struct, kw_only=True):
    """What a prompt is made of; a fault changes one part."""

    opening: str
    rules: list[str]
    examples: list[str]
    schema: dict[str, Any]
    form: int

    def text(self) -> str:
        """Return the prompt as it is sent."""
        rules = "\n".join(f"{number}. {rule}" for number, rule in enumerate(self.rules, 1))
        if self.form == 1:
            rules = "\n".join(f"- {rule}" for rule in self.rules)
        shown = "\n".join(f"Example: {example}" for example in self.examples)
        fields = json.dumps(self.schema, indent=2 if self.form else None)
        if self.form == 2:
            return f"# Role\n{self.opening}\n\n# Output\nReturn JSON that fits\n{fields}\n\n# Rules\n{rules}\n\n{shown}"
        return f"{self.opening}\n{rules}\n{shown}\nAnswer with JSON:\n{fields}"


_OPENINGS = ("You grade company news for a small-cap desk.", "You are the risk reader of an equity desk.",
             "Du bewertest Meldungen für einen Handelstisch.",
             "You turn a filing into a trade idea, or into none.")  # fmt: skip
_RULES = ("Use only what the text states.", "Treat unaudited figures with a conservative eye.", "Ignore rumours.",
          "Prefer the primary source.", "Say unknown when the text is silent.", "Never quote a price.",
          "Antworte knapp und ohne Wertung.", "Mention each counter-argument once.",
          "Keep the rationale under two lines.")  # fmt: skip
NEW_RULES = ("Assume that management is truthful.", "Weigh insider sales twice.", "Round in favour of the trade.",
              "Skip companies without analyst coverage.", "Nenne immer eine Gegenmeinung.")  # fmt: skip
_EXAMPLES = ("a plant reopens early -> positive", "the auditor resigns -> negative",
             "a dividend is confirmed -> neutral", "a recall is announced -> negative")  # fmt: skip
_NEW_EXAMPLES = (
    "a lawsuit is settled -> positive",
    "a director leaves -> neutral",
    "guidance is withdrawn -> negative",
)
_SWAPS = (("conservative", "generous"), ("only", "mostly"), ("primary", "latest"), ("Ignore", "Consider"),
          ("unknown", "neutral"))  # fmt: skip


def new_prompt(chance: Random) -> Prompt:
    """Return a prompt of its own."""
    fields: dict[str, Any] = {
        "verdict": {"type": "string", "enum": ["positive", "neutral", "negative"]},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "rationale": {"type": "string"},
    }
    if chance.random() < 0.5:
        fields["sources"] = {"type": "array", "items": {"type": "string"}}
    return Prompt(
        opening=chance.choice(_OPENINGS), rules=[*chance.sample(_RULES[:3], 2), *chance.sample(_RULES[3:], 3)],
        examples=chance.sample(_EXAMPLES, chance.randint(1, 3)), form=chance.randrange(3),
        schema={"type": "object", "properties": fields, "required": ["verdict", "score"]},
    )  # fmt: skip


def copy_of(prompt: Prompt) -> Prompt:
    """Return the same prompt, to be changed."""
    return Prompt(opening=prompt.opening, rules=list(prompt.rules), examples=list(prompt.examples), form=prompt.form,
                  schema=json.loads(json.dumps(prompt.schema)))  # fmt: skip


Changed = tuple[Prompt, str, str]  # the new prompt, what only the old one holds ("" = nothing), what only the new holds


def _word(chance: Random, old: Prompt) -> Changed:
    new, text = copy_of(old), " ".join(old.rules)
    before, after = chance.choice([pair for pair in _SWAPS if pair[0] in text] or [("", "")])
    if not before:
        return _rule_swapped(chance, old)
    new.rules = [rule.replace(before, after) for rule in new.rules]
    return new, before, after


def _rule_added(chance: Random, old: Prompt) -> Changed:
    new, added = copy_of(old), chance.choice(NEW_RULES)
    new.rules.insert(chance.randrange(len(new.rules) + 1), added)
    return new, "", added


def _rule_swapped(chance: Random, old: Prompt) -> Changed:
    new, added, place = copy_of(old), chance.choice(NEW_RULES), chance.randrange(len(old.rules))
    new.rules[place] = added
    return new, old.rules[place], added


def _example(chance: Random, old: Prompt) -> Changed:
    new, added, place = copy_of(old), chance.choice(_NEW_EXAMPLES), chance.randrange(len(old.examples))
    new.examples[place] = added
    return new, old.examples[place].partition(" ->")[0], added.partition(" ->")[0]


def field_name(chance: Random, old: Prompt) -> Changed:
    """Rename a field of the answer."""
    new, name = copy_of(old), chance.choice(("reason", "explanation", "why"))
    fields = new.schema["properties"]
    new.schema["properties"] = {name if key == "rationale" else key: value for key, value in fields.items()}
    return new, "rationale", name


def _type(chance: Random, old: Prompt) -> Changed:
    new = copy_of(old)
    new.schema["properties"]["score"] = {"type": chance.choice(("string", "boolean"))}
    return new, "minimum", new.schema["properties"]["score"]["type"]


def enum(chance: Random, old: Prompt) -> Changed:
    """Allow one more word."""
    new, word = copy_of(old), chance.choice(("mixed", "unclear", "very_negative"))
    new.schema["properties"]["verdict"]["enum"].append(word)
    return new, "", word


def limits(chance: Random, old: Prompt) -> Changed:
    """Widen the range of a number."""
    new, most = copy_of(old), chance.choice((5, 10, 100))
    new.schema["properties"]["score"]["maximum"] = most
    return new, 'maximum": 1', f'maximum": {most}'


def required(_chance: Random, old: Prompt) -> Changed:
    """Require one more field."""
    new = copy_of(old)
    new.schema["required"].append("rationale")
    return new, "", "rationale"


def _negated(chance: Random, old: Prompt) -> Changed:
    new, rule = copy_of(old), chance.choice(("You must cite the filing.", "You may use the previous verdict."))
    old.rules.append(rule)
    new.rules.append(rule.replace("You must", "You must not").replace("You may", "You may never"))
    return new, rule, new.rules[-1][4:]


def _labels_in_a_table(chance: Random, old: Prompt) -> Changed:
    new, label = copy_of(old), chance.choice(("mixed", "unclear", "stale"))
    rows = "| label | meaning |\n|---|---|\n| positive | good for holders |\n| negative | bad for holders |"
    old.opening += f"\n{rows}"
    new.opening += f"\n{rows}\n| {label} | both at once |"
    return new, "", label


def _in_tags(chance: Random, old: Prompt) -> Changed:
    new, swap = copy_of(old), chance.choice((("two", "four"), ("brief", "detailed"), ("filing", "rumour")))
    tagged = f"<policy><tone>{'brief'}</tone><basis>the filing</basis><depth>two layers</depth></policy>"
    old.opening += f"\n{tagged}"
    new.opening += f"\n{tagged.replace(*swap)}"
    return new, swap[0], swap[1]


def _in_chinese(chance: Random, old: Prompt) -> Changed:
    new, word = copy_of(old), chance.choice(("谣言", "盘后消息", "社交媒体"))
    old.rules.append("只使用公司公告。")
    new.rules.append(f"可以使用{word}。")
    return new, "公告", word


CHANGES: tuple[Callable[[Random, Prompt], Changed], ...] = (
    _word, _rule_added, _rule_swapped, _example, field_name, _type, enum, limits, required,
    _negated, _labels_in_a_table, _in_tags, _in_chinese)  # fmt: skip
