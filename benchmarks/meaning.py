"""How well similar records are found when an incident is told in other words: by words, and by meaning.

    python benchmarks/meaning.py [--records N]

Found: the texts of `_told_twice.py` are filed, a summary each and nothing else, and each of a pair is asked for what is
like it. Counted is how often the other of the pair comes first, and among the first three; as no word is shared, words
can find it only through the plainest ones. *Both* orders by the sum of 1 / (60 + rank) in the two lists (Cormack,
Clarke and Büttcher, Reciprocal Rank Fusion, 2009), and is not built. Then the time: of the model, and of a question
among N records (1,000), whose vectors are made first. Needs the embeddings extra (`make bench-similar`).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import afterbell
from _houses import filled
from _told_twice import HELD, OTHERS, PAIRS
from afterbell.disk.house import House
from afterbell.engines.embedder import embedder
from afterbell.steps import init, search, similar
from afterbell.steps.records import find

_SMOOTH = 60
_NEAR = 3
_ROUNDS = 11
_TEXTS = 200

Order = Callable[[str], Sequence[str]]


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long work takes, and how much of the processor's time, in milliseconds."""
    passed, busy = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - passed) * 1e3, (time.process_time() - busy) * 1e3


def told(root: Path, pairs: Sequence[tuple[str, str]], others: Sequence[str]) -> tuple[House, list[tuple[str, str]]]:
    """Return a house of every summary, and the ids of the pairs."""
    house = House(root)
    init.init(house)
    house.make_store()
    texts = [text for pair in pairs for text in pair]
    ids = [
        afterbell.append(afterbell.Postmortem(summary=text), path=house.postmortems / "log.jsonl").id
        for text in (*texts, *others)
    ]
    return house, list(zip(ids[: len(texts) : 2], ids[1 : len(texts) : 2], strict=True))


def ranked(house: House, by: similar.By) -> Order:
    def order(name: str) -> Sequence[str]:
        found = similar.nearest(house, similar.of_record(find(house, name)), most=1000, by=by)
        return [each.row.id for each in found]

    return order


def both(words: Order, meaning: Order) -> Order:
    def order(name: str) -> Sequence[str]:
        scores: dict[str, float] = {}
        for found in (words(name), meaning(name)):
            for rank, each in enumerate(found, 1):
                scores[each] = scores.get(each, 0.0) + 1 / (_SMOOTH + rank)
        return sorted(scores, key=lambda each: -scores[each])

    return order


def found(what: str, house: House, pairs: Sequence[tuple[str, str]]) -> None:
    words, meaning = ranked(house, similar.By.WORDS), ranked(house, similar.By.MEANING)
    print(f"{what:<34} {'first':>8} {'in 3':>8}   of {2 * len(pairs)}")
    for how, order in (("by words", words), ("by meaning", meaning), ("both", both(words, meaning))):
        lists = [(order(one), other) for pair in pairs for one, other in (pair, pair[::-1])]
        first, near = (sum(other in names[:most] for names, other in lists) for most in (1, _NEAR))
        print(f"{how:<34} {first:>8} {near:>8}", flush=True)
    print()


def speed(house: House, loaded: tuple[float, float]) -> None:
    rows = search.listed(house)
    print(f"{f'milliseconds, {len(rows):,} records':<34} {'passed':>8} {'busy':>8}")
    row("the model, once", loaded)
    some = [each.summary for each in rows[:_TEXTS]]
    passed, busy = spent(lambda: list(embedder().vectors(some)))
    row("a summary", (passed / len(some), busy / len(some)))
    one = similar.of_record(find(house, rows[0].id))
    row("by words", usual(lambda: similar.nearest(house, one)))
    row("by meaning, all vectors anew", spent(lambda: similar.nearest(house, one, by=similar.By.MEANING)))
    row("by meaning", usual(lambda: similar.nearest(house, one, by=similar.By.MEANING)))


def usual(work: Callable[[], object]) -> tuple[float, float]:
    times = [spent(work) for _ in range(_ROUNDS)]
    return median(each[0] for each in times), median(each[1] for each in times)


def row(what: str, times: tuple[float, float]) -> None:
    print(f"{what:<34} {times[0]:>8.1f} {times[1]:>8.1f}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    asked = parser.parse_args()
    loaded = spent(embedder)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"model {embedder().model}\n")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        texts = tuple(text for pair in PAIRS for text in pair)
        found("told twice", *told(Path(name) / "told", PAIRS, OTHERS))
        found("held back", *told(Path(name) / "held", HELD, texts))
        speed(filled(Path(name) / "desk", asked.records), loaded)
    return 0


if __name__ == "__main__":
    sys.exit(main())
