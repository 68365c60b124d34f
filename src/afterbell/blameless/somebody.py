"""Whether a word of a parsed sentence stands for a person: a role, a nickname of one, a pronoun, a name.

A parser's own word for it ("PERSON") counts for nothing: it was said of two in five of 76 first names and of one in six
of 178 products, so that it would blame programs. A name is told by the sentence itself ("who", a role beside it);
without that it is a mere name, which only fits what programs are never said to do.
"""

from __future__ import annotations

import re
from enum import IntEnum

from afterbell.blameless.parse import Tree
from afterbell.blameless.words import DEPARTMENTS, NAME, NICKNAMES, NO_PROGRAM, ROLES

_MAY_BE_NAMES = frozenset(("", "ORG", "PERSON"))  # the first names of half the world are taken for firms
_PRONOUNS = frozenset(
    ("i", "we", "he", "she", "someone", "somebody", "everyone", "everybody", "anyone", "nobody", "whoever")
)
_ROLE = re.compile(rf"(?<![\w-]){NO_PROGRAM}(?<![\w-])(?:{ROLES}|{NICKNAMES})\Z", re.IGNORECASE)
_DEPARTMENT = re.compile(rf"(?:{DEPARTMENTS})\Z", re.IGNORECASE)
_NAME = re.compile(rf"(?:{NAME})\Z")
_TITLE = re.compile(r"(?:mr|mrs|ms|dr)\.?\Z", re.IGNORECASE)
_PHRASE = ("compound", "amod", "nmod")
_ARTICLES = ("det", "poss", "predet", "nummod", "case")


class Certainty(IntEnum):
    """How sure a parse is that a word stands for a person."""

    NO = 0
    PERHAPS = 1  # a mere name that no list knows: enough before what only people do
    YES = 2


def certainty(tree: Tree, place: int) -> Certainty:
    """Tell how sure it is that the word at `place` stands for a person; a relative "who" for what it refers to."""
    word = tree.words[place]
    if word.text.lower() == "who":
        clause = tree.words[word.head]
        return certainty(tree, clause.head) if clause.relation == "relcl" else Certainty.NO
    if word.text.lower() in _PRONOUNS:
        return Certainty.YES
    if word.tag == "NNP":
        found = _name(tree, place)
        if found:
            return found
    if word.tag.startswith(("NN", "JJ")) and (_ROLE.search(phrase(tree, place)) or _is_department(tree, place)):
        return Certainty.YES
    return Certainty.NO


def phrase(tree: Tree, place: int) -> str:
    """Return a noun with the words that stand before it and belong to it, without article."""
    return " ".join(tree.words[each].text for each in _before(tree, place, _PHRASE))


def begin(tree: Tree, place: int) -> int:
    """Return the character at which the phrase begins whose head stands at `place`."""
    return tree.words[_before(tree, place, (*_PHRASE, *_ARTICLES))[0]].start


def _before(tree: Tree, place: int, relations: tuple[str, ...]) -> list[int]:
    found = [each for each in tree.under(place, *relations) if each < place]
    return list(range(found[0], place + 1)) if found else [place]


def _is_department(tree: Tree, place: int) -> bool:
    """Tell whether the word is a department as a name is: without an article or anything else before it."""
    return not tree.under(place) and _DEPARTMENT.match(tree.words[place].text) is not None


def _name(tree: Tree, place: int) -> Certainty:
    word = tree.words[place]
    parts = [tree.words[each].text for each in _before(tree, place, ("compound",))]
    while parts and (_TITLE.match(parts[0]) or _ROLE.search(parts[0])):
        parts = parts[1:]
    if not parts or tree.under(place, "det", "amod") or not _NAME.match(" ".join(parts)):
        return Certainty.NO
    told = len(parts) < place - _before(tree, place, ("compound",))[0] + 1
    if told or _is_told(tree, place):
        return Certainty.YES
    return Certainty.PERHAPS if word.entity in _MAY_BE_NAMES else Certainty.NO


def _is_told(tree: Tree, place: int) -> bool:
    """Tell whether the sentence itself says that a name is a person's: "who", a role beside it, a role coordinated."""
    if any(
        tree.words[each].text.lower() == "who" for clause in tree.under(place, "relcl") for each in tree.under(clause)
    ):
        return True
    beside = tree.under(place, "appos", "conj")
    if tree.words[place].relation in {"appos", "conj"}:
        beside.append(tree.words[place].head)
    return any(_ROLE.search(phrase(tree, each)) for each in beside)
