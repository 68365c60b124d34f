"""Whether two prompts are the same: by template hash, by version, by the recorded template, else by their texts.

Texts are compared with rendered variables masked. A comparison that cannot be made says what is missing. It does not
say which prompts belong together across runs; the modes do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState
from afterbell.reading.prompts.calls import TEMPLATE_HASH, Prompt
from afterbell.reading.prompts.json_tokens import Token
from afterbell.reading.prompts.rendered import Mask, begins_alike, difference, likeness, masked, words

ALIKE: Final = 0.5  # from this Jaccard index of their words on, two texts are two versions of one prompt
GONE: Final = frozenset({ContentState.REDACTED, ContentState.TRUNCATED, ContentState.EVICTED, ContentState.REF,
                         ContentState.LOST})  # fmt: skip
_CUT = re.compile(r"(?:…|\.\.\.)\s{0,3}[\[(<]truncated[^\])>\n]{0,60}[\])>]\s{0,9}\Z", re.IGNORECASE)
_EXCERPT, _LONGEST_MARK, _BEGINNING = 160, 120, 2000
_ROLE = re.compile(r"\b(?:You are|Act as|Du bist|Tu es|Vous êtes|Eres) (?:an? |the |our |eine? |une? |una? )?"
                   r"((?:[\w'-]{1,30} ){0,6}?[\w'-]{1,30})"
                   r"(?=[.,;:!\n(]|$| (?:for|that|who|at|in|of|with|on|tasked|responsible|whose|working|and|to)\b)",
                   re.IGNORECASE)  # fmt: skip
_ROLE_CHINESE = re.compile(r"你(?:是|作为|担任)[^，。,.；;\n]{0,30}?(\w{3})(?=[，。,.；;\n]|\Z)")
_ORDERS = re.compile(
    r"(?:please |then |you (?:must|should|may|can) )?(?:not |never |always |only |do not |don't ){0,6}"
    r"(?:return|reply|respond|answer|output|provide|give|write|include|use|analy[sz]e|decide|consider|rate|choose"
    r"|make"
    r"|must|never|always|do|don't|only|avoid|ensure|keep|state|list|explain|think|act|be|you)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"[\s#*<\[]{0,6}(?:the |latest |recent |retrieved )?(?:notes?|news|documents?|filings?|articles?|texts?|data"
    r"|context"
    r"|headlines?|transcripts?|reports?|items?|stor(?:y|ies)|excerpts?|tables?|prices|bars|positions|portfolio"
    r"|market data"
    r"|search results|results)\b[^:>\n]{0,30}[:>\]]|[\s#【]{0,4}(?:新闻|公告|资料|数据|文章|正文|行情"
    r"|持仓)[^:：\n]{0,10}[:：】]",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]{1,2000}(?:[.!?](?!\d)|[。！？]|\n|\Z)|[^\n]{1,2000}")
_FEWEST_WORDS = 3  # words of an order by which two prompts are known as one
_EDITED, _LONG_SENTENCE, _MOST_SENTENCES = 0.7, 8, 25  # likeness and length from which a sentence is one edited


class Outcome(StrEnum):
    """How two prompts compare."""

    SAME = "same"
    CHANGED = "changed"
    UNDECIDED = "undecided"


class Compared(Struct, frozen=True, kw_only=True):
    """The outcome, what changed in words, where it shows in both, and what is missing when it cannot be told."""

    outcome: Outcome
    what: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


SAME = Compared(outcome=Outcome.SAME)


@lru_cache(maxsize=64)
def _masked(text: str, symbols: frozenset[str], values: tuple[str, ...]) -> tuple[Token, ...]:
    return masked(text, Mask(symbols=symbols, values=tuple(value for value in values if value != text)))


def tokens(prompt: Prompt, other: Prompt) -> tuple[Token, ...]:
    """Return the prompt's text as it is compared with another: what either run fills in is masked in both."""
    mask = _mask(prompt, other)
    return _masked(prompt.text, mask.symbols, mask.values)


def _mask(one: Prompt, other: Prompt) -> Mask:
    values = one.mask.values if one.mask.values == other.mask.values else {*one.mask.values, *other.mask.values}
    return Mask(symbols=one.mask.symbols | other.mask.symbols, values=tuple(sorted(values)))


def compare(one: Prompt, other: Prompt, *, versions: bool = True) -> Compared:
    """Compare two prompts of one role. With `versions`, a differing version is a change even if no text was kept."""
    if one.digest and other.digest:
        if plain_hash(one.digest) != plain_hash(other.digest):
            return _told("the template hash differs", one.digest, other.digest)
        return SAME
    if versions and one.version and other.version and one.version != other.version:
        return _told(f"the version was {one.version} and is {other.version}", one.version_proof, other.version_proof)
    found = _by_template(one, other)
    if found is not None and (found.outcome is not Outcome.SAME or _covers(one) or _covers(other)):
        return found
    texts = _by_text(one, other)
    if texts.outcome is Outcome.UNDECIDED:
        same = found is not None or (versions and one.version and one.version == other.version and not _visible(texts))
        return SAME if same else texts
    return texts


def _visible(found: Compared) -> bool:
    """Tell whether an undecided comparison has seen texts that differ."""
    return bool(found.evidence)


def plain_hash(proof: Evidence) -> str:
    """Return a recorded SHA-256 as it is compared: in lower case, without the name of its kind."""
    return proof.excerpt.strip().lower().removeprefix("sha256:")


def _told(what: str, *proofs: Evidence | None) -> Compared:
    return Compared(outcome=Outcome.CHANGED, what=what, evidence=tuple(each for each in proofs if each is not None))


def _by_template(one: Prompt, other: Prompt) -> Compared | None:
    """Compare recorded templates word by word, figures too; None where one has none."""
    if one.template is None or other.template is None:
        return None
    first, second = words(one.template_text), words(other.template_text)
    if [each.said for each in first] == [each.said for each in second]:
        return SAME
    place = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a.said != b.said),
        min(len(first), len(second)) - 1,
    )
    proofs = [_within(proof, text, tokens_[max(0, min(place, len(tokens_) - 1) - 3)].start if tokens_ else 0)
              for proof, text, tokens_ in ((one.template, one.template_text, first),
                                           (other.template, other.template_text, second))]  # fmt: skip
    return _told("the recorded template differs", *proofs)


def _within(proof: Evidence, text: str, start: int) -> Evidence:
    end = min(len(text), start + _EXCERPT)
    return Evidence(trace_id=proof.trace_id, span_id=proof.span_id, field=proof.field, excerpt=text[start:end],
                    start=start, end=end)  # fmt: skip


def _covers(prompt: Prompt) -> bool:
    """Tell whether the recorded template is that of the system prompt, so that its rendering need not be read."""
    if not prompt.system:
        return True
    said = {each.said for each in words(prompt.template_text) if len(each.said) > 1}
    rendered = {each.said for each in words(prompt.text)}
    return len(said & rendered) >= ALIKE * len(said)


def _by_text(one: Prompt, other: Prompt) -> Compared:
    if one.text == other.text and one.state is other.state is ContentState.CAPTURED:
        return SAME
    first, second = tokens(one, other), tokens(other, one)
    if one.state in GONE or other.state in GONE:
        cut = {one.state, other.state} <= {ContentState.CAPTURED, ContentState.TRUNCATED}
        if cut and one.system and other.system and not begins_alike(_seen(one, first), _seen(other, second)):
            return _changed(one, other, first, second)
    if one.state is not ContentState.CAPTURED or other.state is not ContentState.CAPTURED:
        return Compared(outcome=Outcome.UNDECIDED, missing=tuple(dict.fromkeys(_lost((one, other)))))
    if one.system and other.system:
        return _changed(one, other, first, second)
    if one.system or other.system:
        having = one if one.system else other
        return _told("one run has a system prompt and the other has none", _whole(having))
    return _by_orders(one, other, first, second)


def _seen(prompt: Prompt, tokens_: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens before the mark that says where a text was cut."""
    hit = _CUT.search(prompt.text, max(0, len(prompt.text) - _LONGEST_MARK))
    return [token for token in tokens_ if token.end <= hit.start()] if hit else tokens_


def _lost(both: Sequence[Prompt]) -> Iterator[str]:
    for prompt in both:
        if prompt.state is not ContentState.CAPTURED:
            yield f"prompt text or template hash of call {prompt.call.span_id} ({prompt.state})"


def _changed(one: Prompt, other: Prompt, first: Sequence[Token], second: Sequence[Token]) -> Compared:
    change = difference(first, second)
    if change is None:
        return SAME
    left, right = _cite(one, *change.one), _cite(other, *change.other)
    return _told("the system prompt differs" if one.system else "the prompt's instructions differ", left, right)


def _cite(prompt: Prompt, start: int, end: int) -> Evidence | None:
    """Cite a stretch of the prompt's text in the part in which it begins."""
    place = 0
    for text, source in prompt.system or prompt.asked:
        if start <= place + len(text):
            begin, stop = max(0, start - place), min(len(text), max(end - place, start - place))
            return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                            excerpt=text[begin:stop], start=begin, end=stop)  # fmt: skip
        place += len(text) + 1
    return None


def _whole(prompt: Prompt) -> Evidence | None:
    return _cite(prompt, 0, _EXCERPT)


def _by_orders(one: Prompt, other: Prompt, first: Sequence[Token], second: Sequence[Token]) -> Compared:
    """Compare the user's turns, where no system prompt is.

    A sentence that tells the model what to do, or that was edited, is of the template; what stands under a heading like
    "News:" is what the turn is about, and may differ. Of any other that differs nothing says which it is.
    """
    if difference(first, second) is None:
        return SAME
    if one.declared and other.declared:
        return _changed(one, other, first, second)
    mask = _mask(one, other)
    left, right = _sentences(one, mask), _sentences(other, mask)
    shared = {_said(each) for each in left} & {_said(each) for each in right}
    lost, gained = ([each for each in side if _said(each) not in shared][:_MOST_SENTENCES] for side in (left, right))
    edited = next(((a, b) for a in lost for b in gained if _is_edit(a, b)), None)
    if edited is not None:
        return _told("the prompt's wording differs", _cite(one, *edited[0].span), _cite(other, *edited[1].span))
    ordered = [any(each.orders for each in side) for side in (left, right)]
    changed = [(prompt, each) for prompt, side in ((one, lost), (other, gained)) for each in side if each.orders]
    if all(ordered) and all(each.handed for each in (*lost, *gained)):
        return SAME
    if not all(ordered) or likeness(first, second) < ALIKE or not changed:
        lacking = f"declared variables, template or {TEMPLATE_HASH} of prompts without a system prompt"
        return Compared(outcome=Outcome.UNDECIDED, missing=(lacking,),
                        evidence=tuple(each for each in (_whole(one), _whole(other)) if each))  # fmt: skip
    return _told("the prompt's instructions differ", *(_cite(prompt, *each.span) for prompt, each in changed[:2]))


class _Sentence(Struct, frozen=True, kw_only=True):
    """One sentence as compared, its place, whether it tells the model what to do, whether it is data handed over."""

    tokens: tuple[Token, ...]
    span: tuple[int, int]
    orders: bool
    handed: bool


def _sentences(prompt: Prompt, mask: Mask) -> tuple[_Sentence, ...]:
    return _split(prompt.text, mask.symbols, mask.values)


@lru_cache(maxsize=64)
def _split(text: str, symbols: frozenset[str], values: tuple[str, ...]) -> tuple[_Sentence, ...]:
    every = iter(_masked(text, symbols, values))
    found = []
    token = next(every, None)
    heading, done = False, 0
    for hit in _SENTENCE.finditer(text):
        orders = _ORDERS.match(hit[0].lstrip(" \t-*•0123456789.)")) is not None
        heading = _HEADING.match(hit[0]) is not None or (heading and not text[done : hit.start()].strip(" \t"))
        done = hit.end()
        tokens_ = []
        while token is not None and token.start < hit.end():
            tokens_.append(token)  # what was filled in may run over several sentences; it is of the first
            token = next(every, None)
        if tokens_:
            found.append(
                _Sentence(tokens=tuple(tokens_), span=hit.span(), orders=orders, handed=heading and not orders)
            )
    return tuple(found)


def _said(sentence: _Sentence) -> tuple[str, ...]:
    return tuple(token.said for token in sentence.tokens)


def _is_edit(one: _Sentence, other: _Sentence) -> bool:
    long = min(len(one.tokens), len(other.tokens)) >= _LONG_SENTENCE
    return long and likeness(one.tokens, other.tokens) >= _EDITED and difference(one.tokens, other.tokens) is not None


def share_orders(one: Prompt, other: Prompt) -> bool:
    """Tell whether two prompts without a system prompt tell the model to do the same, in one sentence at least."""
    mask = _mask(one, other)
    told = [{_said(each) for each in _sentences(prompt, mask) if each.orders and len(each.tokens) >= _FEWEST_WORDS}
            for prompt in (one, other)]  # fmt: skip
    return not one.system and not other.system and bool(told[0] & told[1])


def roles_of(prompt: Prompt) -> frozenset[str]:
    """Return the roles that a prompt gives the model, their last words: `You are a cautious analyst.` -> analyst.

    A preamble that many agents share ("You are a helpful assistant") may come before the agent's own.
    """
    text = prompt.text[:_BEGINNING]
    return frozenset((*(hit[1].split()[-1].lower() for hit in _ROLE.finditer(text)), *_ROLE_CHINESE.findall(text)))


def nearness(one: Prompt, other: Prompt) -> float:
    """Return how alike two prompts read, 0 to 1, whatever was filled in."""
    return likeness(tokens(one, other), tokens(other, one))


def alike(one: Prompt, other: Prompt) -> bool:
    """Tell whether two unnamed prompts read like two versions of one."""
    return nearness(one, other) >= ALIKE
