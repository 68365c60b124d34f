"""What a parse finds where the rules of shape found nothing: who did what a predicate says, in either voice.

Pure: the parser is handed in. Only blocks in which a verb or noun of a rule occurs are parsed at all, and a sentence in
which a fault stands already is left alone, so that a parse only ever adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from afterbell.blameless.parse import Parser, Sentence, Tree, Word
from afterbell.blameless.parsed_rules import PARSED_RULES, ParsedRule
from afterbell.blameless.somebody import Certainty, begin, certainty
from afterbell.blameless.words import MENDED, RECEIVED

_BLOCK = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+#|>]|\d{1,3}[.)])\s?)|\||(?<=[a-z0-9)\]][.!?])\s+(?=[A-Z])")
_MARKS = re.compile(
    r"\A[ \t\n]{0,20}(?:(?:[-*+#>]{1,6}|\d{1,3}[.)]|\[[ xX]\])[ \t]{1,8})+|[*_]{1,3}|\s|[\ud800-\udfff]"
)
_LARGEST = 5_000  # characters of a block; a longer one is no prose, and is cut
_CLAUSES = frozenset(("advcl", "relcl", "ccomp", "conj", "acl", "parataxis", "csubj", "nsubj", "agent"))
_HELD = frozenset(("can", "could", "may", "might", "would", "should", "will", "shall", "must"))
_NEGATED = frozenset(("no", "not", "n't", "n\u2019t", "never"))
_NO_ACT = re.compile(rf"(?:{MENDED})|(?:{RECEIVED}|be|see|say|tell|ask|give)\Z", re.IGNORECASE)
_PREPOSITIONS = frozenset(("on", "in", "out", "of", "against", "without", "for", "to"))
_PAST = frozenset(("VBD", "VBN"))
_COMMON = frozenset(
    ("*", "be|seem|grow|become|get", "cause|trigger", "take", "get", "go", "keep", "leave", "let", "lose")
)
"""Verbs that are too common to tell a sentence worth parsing."""
_BEFORE_NOUNS = frozenset(("compound", "amod", "nmod"))
"""What stands so is no part of a predicate: nobody cut a corner who cut the corner cases."""
_FILL = "\u00b7"


class Finding(Struct, frozen=True, kw_only=True):
    """A rule that a parse broke, with character offsets in the text."""

    rule: ParsedRule
    start: int
    end: int


def find(shown: str, taken: Sequence[int], parser: Parser) -> tuple[Finding, ...]:
    """Return what a parse adds to the faults that begin at `taken`, in order; `shown` is the masked text."""
    blocks = [(start, _plain(piece)) for start, piece in _blocks(shown) if _telling().search(piece)]
    found = []
    for (offset, _), sentences in zip(blocks, parser([piece for _, piece in blocks]), strict=True):
        for sentence in sentences:
            start, end = offset + sentence[0].start, offset + sentence[-1].end
            if not any(start <= each < end for each in taken) and sentence[-1].text != "?":
                first = min(_in(sentence), key=lambda each: each.start, default=None)
                if first is not None:
                    found.append(Finding(rule=first.rule, start=offset + first.start, end=offset + first.end))
    return tuple(found)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end, begun in [*(mark.span() for mark in _BLOCK.finditer(text)), (len(text), len(text))]:
        for at in range(start, end, _LARGEST):
            yield at, text[at : min(end, at + _LARGEST)]
        start = begun


def _plain(block: str) -> str:
    """Return a block as one line without what is no word, and with a noun for what is masked, at the same length."""
    line = _MARKS.sub(lambda mark: " " * len(mark[0]), block)
    return re.sub(rf"{_FILL}+", lambda run: "code"[: len(run[0])].ljust(len(run[0])), line)


@cache
def _telling() -> re.Pattern[str]:
    """Return what finds a word without which no predicate holds: the verb, after a common one a rarer word."""
    stems = set()
    for rule in PARSED_RULES:
        for predicate in (*rule.human, *rule.shared, *rule.traits, *rule.owned):
            verb, rest = _parts(predicate)
            rare = max(rest, key=lambda word: min(map(len, word.split("|")))) if rest and verb in _COMMON else verb
            stems.update(rare.split("|"))
    forms = {form for stem in stems for form in (*_present(stem), *_past(stem))}
    return re.compile(rf"\b(?:{'|'.join(sorted(forms))})\b", re.IGNORECASE)


_IRREGULAR: Mapping[str, frozenset[str]] = {
    "forget": frozenset(("forgot", "forgotten")), "mistake": frozenset(("mistook", "mistaken")),
    "cling": frozenset(("clung",)), "sit": frozenset(("sat",)), "get": frozenset(("got",)),
    "lose": frozenset(("lost",)), "take": frozenset(("took", "taken")), "catch": frozenset(("caught",)),
    "oversleep": frozenset(("overslept",)), "misread": frozenset(("misread",)), "let": frozenset(("let",)),
    "misunderstand": frozenset(("misunderstood",)), "be": frozenset(("was", "were", "been")),
    "keep": frozenset(("kept",)), "leave": frozenset(("left",)), "go": frozenset(("went", "gone")),
    "grow": frozenset(("grew", "grown")), "become": frozenset(("became",)),
}  # fmt: skip
"""Past forms that are not made with -ed. A parser of this size does not know the base form of every verb."""


@cache
def _pasts() -> frozenset[str]:
    verbs = {_parts(each)[0] for rule in PARSED_RULES for each in (*rule.human, *rule.shared)}
    return frozenset(form for verb in verbs for each in verb.split("|") for form in _past(each))


@cache
def _parts(predicate: str) -> tuple[str, tuple[str, ...]]:
    """Return the verb of a predicate, and the words that it needs beside it."""
    verb, *rest = predicate.removeprefix("to ").split()
    return verb, tuple(rest)


def _present(word: str) -> tuple[str, ...]:
    """Return a word with the endings that a verb or noun takes."""
    stem = word.removesuffix("e")
    return word, word + "s", word + "es", stem + "ing", word + word[-1] + "ing"


@cache
def _past(verb: str) -> frozenset[str]:
    """Return the past forms of a verb."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    stem = verb[:-1] if verb.endswith(("e", "y")) else verb
    return frozenset((verb + "ed", stem + "ed", stem + "ied", verb + verb[-1] + "ed"))


def _in(sentence: Sentence) -> Iterator[Finding]:
    tree = Tree(sentence)
    for place, word in enumerate(sentence):
        if _is_past(tree, place) and not _is_open(tree, place):
            yield from _done(tree, place)
        elif word.tag in {"NN", "NNS"}:
            yield from _owned(tree, place)


def _is_past(tree: Tree, place: int) -> bool:
    """Tell whether a word says what was done, also where a rare verb is taken for a noun or an adjective."""
    word = tree.words[place]
    told = word.tag in _PAST or tree.under(place, "agent")
    return bool(told) or (word.relation == "ROOT" and word.text.lower() in _pasts())


def _done(tree: Tree, place: int) -> Iterator[Finding]:
    people = [(each, sure, passive) for each, passive in _people(tree, place) if (sure := certainty(tree, each))]
    if not people:
        return
    closed = _CLAUSES - {"ccomp"} if tree.words[place].lemma == "let" else _CLAUSES
    reach = sorted(tree.reach(place, closed))
    lemmas: dict[str, list[int]] = {}
    for each in reach:
        if tree.words[each].relation not in _BEFORE_NOUNS:
            lemmas.setdefault(tree.words[each].lemma, []).append(each)
    for rule in PARSED_RULES:
        for person, sure, passive in people:
            for predicate in (*rule.human, *(rule.shared if sure is Certainty.YES else ())):
                last = _said(predicate, tree, place, lemmas, passive=passive)
                if last is not None:
                    places = (begin(tree, person), tree.words[person].end, tree.words[place].end, tree.words[last].end)
                    start = min(places[0], tree.words[place].start)
                    yield Finding(rule=rule, start=start, end=max(places[1:]))
                    return


def _people(tree: Tree, place: int) -> Iterator[tuple[int, bool]]:
    """Yield who did what a verb says, or to whom it was done (true): its subjects, its agent, or those of its twin."""
    for agent in tree.under(place, "agent"):
        for each in tree.under(agent, "pobj"):
            yield each, False
    subjects = tree.under(place, "nsubj", "nsubjpass")
    if not subjects and tree.words[place].tag not in _PAST:
        subjects = tree.under(place, "compound", "amod")
    at = place
    while not subjects and tree.words[at].relation == "conj":
        at = tree.words[at].head
        subjects = tree.under(at, "nsubj", "nsubjpass")
    for each in subjects:
        happened = tree.words[each].relation == "nsubjpass"
        for one in (each, *tree.under(each, "conj")):
            yield one, happened


def _said(predicate: str, tree: Tree, place: int, lemmas: Mapping[str, list[int]], *, passive: bool) -> int | None:
    """Return the last place of what a predicate says when the verb at `place` says it, else None."""
    happened = predicate.startswith("to ")
    verb, rest = _parts(predicate)
    if happened is not passive or not _is_verb(verb, tree.words[place]):
        return None
    negated = any(tree.words[each].lemma in _NEGATED for each in tree.under(place, "neg"))
    if negated is not ("not" in rest) or ("that" in rest and not tree.under(place, "ccomp")):
        return None
    last, before = place, None
    for word in rest:
        if word in {"not", "that"}:
            continue
        found = [at for each in word.split("|") for at in lemmas.get(each, ())]
        if before is not None:
            found = [at for at in found if tree.words[at].head in before]
        if not found:
            return None
        last = max(last, found[0])
        before = found if word in _PREPOSITIONS else None
    return last


def _is_verb(verb: str, word: Word) -> bool:
    if verb == "*":
        return not _NO_ACT.match(word.lemma)
    return any(word.lemma == each or word.text.lower() in _past(each) for each in verb.split("|"))


def _owned(tree: Tree, place: int) -> Iterator[Finding]:
    lemma = tree.words[place].lemma
    owners = [each for each in tree.under(place, "poss") if tree.words[each].tag != "PRP$"]
    whose = [
        each for of in tree.under(place, "prep") if tree.words[of].lemma == "of" for each in tree.under(of, "pobj")
    ]
    for rule in PARSED_RULES:
        trait = lemma in rule.traits
        named = [each for each in whose if trait or tree.words[each].tag != "NNP"]
        for owner in (*owners, *named) if trait or lemma in rule.owned else ():
            if certainty(tree, owner) >= (Certainty.PERHAPS if trait else Certainty.YES):
                start = min(begin(tree, owner), tree.words[place].start)
                yield Finding(rule=rule, start=start, end=max(tree.words[owner].end, tree.words[place].end))
                return


def _is_open(tree: Tree, place: int) -> bool:
    """Tell whether a verb only says what might be or should be, or stands under an "if"."""
    at = place
    while True:
        word = tree.words[at]
        around = [tree.words[each] for each in tree.under(at, "aux", "mark", "advmod")]
        if any(each.lemma in _HELD or each.lemma in {"if", "unless"} or each.tag == "TO" for each in around):
            return not any(tree.words[each].lemma in _NEGATED for each in tree.under(at, "neg"))
        if word.relation not in {"conj", "xcomp", "ccomp"} or word.head == at:
            return False
        at = word.head
