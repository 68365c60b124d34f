"""Dedup failure: one story in several copies counted as independent support; the look-alikes are separate stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from afterbell.formats.messages import as_text
from plant import FAULTY, FORMS, INNOCENT, UNTOLD, Plant
from planted._desk import PUBLISHERS, Clock, Made, Newsroom, call, hexes, slug, symbol
from planted._stories import LANGUAGES, ONCE, PRINTED, TRACKING, reworded, shouted, story

SLUG = "dedup_failure"

_ASKS = ("Summarise what the sources say about {c}.", "How many sources support the thesis on {c}?",
         "Read the articles and give a view on {c}.", "What is new at {c}? Weigh the evidence.")  # fmt: skip
_SAYS = ("Several independent outlets report the same; the evidence is broad.",
         "All articles point the same way, so confidence is high.", "The coverage is wide and agrees.",
         "Support comes from every source that was read.")  # fmt: skip


class Floor:
    """A run in the making: its clock, its newsroom, and the documents that each search returned."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.clock, self.news, self.trace = Clock(chance), Newsroom(chance), hexes(chance)
        self.searches: list[list[Made]] = []
        self.shown: list[Made] | None = None
        self.says = chance.choice(_SAYS)
        self.ways: dict[int, str] = {}
        self.extra: list[Made] = []
        self.way = chance.choice(("retrieval", "retrieval", *PRINTED))

    def document(self, title: str = "", text: str = "", url: str = "") -> Made:
        """Return a document of its own: a title, a text, an address and a publisher that no other has."""
        title = title or self.news.title()
        publisher = self.chance.choice(PUBLISHERS)
        place = f"https://{slug(publisher)}.example.com/{hexes(self.chance, 4)}/{slug(title)}"
        return {"id": f"doc-{hexes(self.chance, 8)}", "title": title, "text": text or story(self.news),
                "url": url or place, "source": publisher,
                "published_at": self.clock.before(self.chance.randrange(2, 40))}  # fmt: skip

    def others(self, least: int, most: int) -> list[Made]:
        """Return so many separate stories."""
        return [self.document() for _ in range(self.chance.randrange(least, most + 1))]

    def rows(self) -> tuple[Made, ...]:
        """Return the run: each search with what it found, then a call that was shown it, and a decision."""
        made: list[Made] = [{"type": "run", "trace": self.trace, "id": "run", "name": "news_desk", "at": self.clock(),
                             "until": "", "symbol": symbol(self.chance), "idea": f"IDEA-{self.trace[:6]}"}]  # fmt: skip
        question = self.chance.choice(_ASKS).format(c=self.news.company)
        history: list[Made] = [{"role": "user", "content": question}]
        for number, found in enumerate(self.searches if self.way != "pasted" else ()):
            made += self._search(number, found, history)
        made += self.extra
        if self.way == "retrieval" and self.searches:
            shown = self.shown if self.shown is not None else [each for found in self.searches for each in found]
            listed = "\n\n".join(f"[{number}] {each['title']}\n{each['text']}" for number, each in enumerate(shown, 1))
            history = [{"role": "user", "content": f"{question}\n\nSources:\n\n{listed}"}]
        elif self.way == "pasted":
            printed = as_text(PRINTED[self.chance.choice(tuple(PRINTED))](self.searches[0]))
            history = [{"role": "user", "content": self.chance.choice((f"{question}\n\n{printed}", printed))}]
        made.append(call(self.clock, self.trace, "read", "run", messages=history, output=self.says, task="research"))
        made.append({"type": "decision", "trace": self.trace, "id": "decision", "parent": "run", "at": self.clock(),
                     "until": self.clock(), "action": "hold", "idea": f"IDEA-{self.trace[:6]}"})  # fmt: skip
        made[0]["until"] = self.clock()
        return tuple(made)

    def _search(self, number: int, found: list[Made], history: list[Made]) -> Iterator[Made]:
        frame = {"trace": self.trace, "id": f"search-{number}", "parent": "run"}
        query = self.chance.choice((f"{self.news.company} news", f"{self.news.company} outlook", self.news.company))
        way = self.ways.get(number, self.way)
        if way == "retrieval":
            yield {"type": "retrieval", **frame, "at": self.clock(), "until": self.clock(), "query": query,
                   "documents": found}  # fmt: skip
            return
        ident = f"call_{hexes(self.chance, 10)}"
        ask = {"role": "assistant", "content": "", "tool_calls": [
            {"id": ident, "name": "search_news", "arguments": {"query": query, "page": number}}]}  # fmt: skip
        yield call(self.clock, self.trace, f"ask-{number}", "run", messages=list(history), output=ask,
                   finish="tool_calls")  # fmt: skip
        result = PRINTED[way](found)
        yield {"type": "tool", **frame, "at": self.clock(), "until": self.clock(), "name": "search_news",
               "call_id": ident, "arguments": {"query": query, "page": number}, "result": result}  # fmt: skip
        history += [ask, {"role": "tool", "tool_call_id": ident, "content": as_text(result)}]


def _shown(floor: Floor, copy: Made) -> str:
    """Return what the evidence must hold of a copy: words of its text, or the headline in a list of headlines."""
    return str(copy["title"]) if floor.way != "retrieval" else " ".join(copy["text"].split()[1:4])


# ---- faults: each fills the floor and returns words that every copy has ----------------------------------------------


def _copies(floor: Floor, change: Callable[[str, int], str], least: int = 3, most: int = 6) -> str:
    """Search once and find one story so often, each copy changed, among at most as many others less one."""
    first = floor.document(text=story(floor.news, 4))
    count = floor.chance.randrange(least, most + 1)
    copies = [first | {"text": change(first["text"], number), "id": f"doc-{hexes(floor.chance, 8)}",
                       "source": floor.chance.choice(PUBLISHERS),
                       "url": f"https://{slug(floor.chance.choice(PUBLISHERS))}.example.com/{hexes(floor.chance, 8)}"}
              for number in range(count)]  # fmt: skip
    found = copies + floor.others(0, count - 2)
    floor.chance.shuffle(found)
    floor.searches = [found]
    if floor.way == "retrieval":
        for each in copies[1:]:  # outlets write headlines of their own
            each["title"] = floor.chance.choice((first["title"], f"{each['source']}: {floor.news.told('{c} in {m}')}"))
    return _shown(floor, first)


def _verbatim(floor: Floor) -> str:
    return _copies(floor, lambda text, _number: text)


def _edited(floor: Floor) -> str:
    return _copies(floor, lambda text, number: reworded(floor.chance, floor.news, text, number))


def _shorter(floor: Floor) -> str:
    """Let each further copy be the beginning of the first, as blurbs are."""

    def cut(text: str, number: int) -> str:
        words = text.split()
        return " ".join(words[: len(words) - number * max(1, len(words) // 9)])

    return _copies(floor, cut, most=4)


def _longer(floor: Floor) -> str:
    """Let an outlet put the whole wire story into a longer article of its own."""
    tails = [floor.news.body(1) for _ in range(4)]
    return _copies(floor, lambda text, number: f"{text} {tails[number]}" if number == 1 else text, most=4)


def _set_otherwise(floor: Floor) -> str:
    return _copies(floor, shouted)


def _same_address(floor: Floor) -> str:
    first = floor.document(text=story(floor.news, 3))
    count = floor.chance.randrange(3, 7)
    tracks = floor.chance.sample(TRACKING, count)
    copies = [first | {"id": f"doc-{hexes(floor.chance, 8)}", "url": first["url"] + track} for track in tracks]
    floor.searches = [copies + floor.others(0, count - 2)]
    return _shown(floor, first)


def _several_searches(floor: Floor) -> str:
    """Let every search return the same items."""
    kept = floor.others(1, 3)
    floor.searches = [list(kept) for _ in range(floor.chance.randrange(3, 6))]
    return _shown(floor, kept[0])


def _many_pairs(floor: Floor) -> str:
    """Let no story be the majority, though each stands three times or more."""
    stories = [floor.document() for _ in range(floor.chance.randrange(2, 4))]
    found = [each | {"id": f"doc-{hexes(floor.chance, 8)}", "source": floor.chance.choice(PUBLISHERS),
                     "url": f"https://copies.example.com/{hexes(floor.chance, 8)}"}
             for each in stories for _ in range(3)]  # fmt: skip
    floor.chance.shuffle(found)
    floor.searches = [found]
    return _shown(floor, stories[0])


def _just_majority(floor: Floor) -> str:
    """Let a story have one copy more than half, which keeps items to clusters at two or less."""
    first = floor.document(text=story(floor.news, 4))
    copies = [first | {"id": f"doc-{hexes(floor.chance, 8)}", "url": f"https://c.example.com/{number}"}
              for number in range(4)]  # fmt: skip
    floor.searches = [copies + floor.others(3, 3)]
    return _shown(floor, first)


def _another_language(floor: Floor) -> str:
    title, text = floor.chance.choice(LANGUAGES)
    text = text.format(c=floor.news.company, n=floor.chance.randrange(20, 900), m=floor.chance.randrange(2, 19))
    found = [floor.document(title=title.format(c=floor.news.company), text=text)
             for _ in range(floor.chance.randrange(3, 6))]  # fmt: skip
    floor.searches = [found + floor.others(0, 1)]
    return _shown(floor, found[0])


def _headlines(floor: Floor) -> str:
    """Let items have a headline and a blurb only."""
    title, blurb = floor.news.title(), floor.news.body(1)
    found = [floor.document(title=title, text=blurb) for _ in range(floor.chance.randrange(3, 6))]
    floor.searches = [found + floor.others(0, 1)]
    return _shown(floor, found[0])


def _pasted(floor: Floor) -> str:
    """Paste the articles into the prompt; nothing was retrieved within the run."""
    floor.way = "pasted"
    return _verbatim(floor)


def _search_and_feed(floor: Floor) -> str:
    """Find a story by a retriever, and again in what a tool printed."""
    floor.way = "retrieval"
    shown = _verbatim(floor)
    floor.searches.append(list(floor.searches[0]))
    floor.ways[1] = floor.chance.choice(tuple(PRINTED))
    return shown


_FAULTS: Sequence[tuple[str, Callable[[Floor], str]]] = (
    ("a wire story printed word for word by several outlets", _verbatim),
    ("a wire story lightly edited by each outlet", _edited),
    ("shorter versions of one story", _shorter),
    ("one story inside a longer one", _longer),
    ("one story in other type, quotes and spaces", _set_otherwise),
    ("one address with tracking parameters", _same_address),
    ("several searches return the same items", _several_searches),
    ("every story three times and no majority", _many_pairs),
    ("one story is just more than half", _just_majority),
    ("one story in another language", _another_language),
    ("one headline and blurb", _headlines),
    ("articles pasted into the prompt", _pasted),
    ("a retriever and a tool bring one story", _search_and_feed),
)


def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
    """Yield runs whose evidence is mostly one story, each with the run whose documents were not kept."""
    while True:
        for wording, fault in _FAULTS:
            floor = Floor(chance)
            shown = fault(floor)
            rows = floor.rows()
            plant = Plant(wording=wording, rows=rows, answers=FAULTY, fault=shown)
            yield plant, Plant(wording=wording, rows=_untold(chance, rows), answers=UNTOLD, forms=FORMS)


def _untold(chance: Random, rows: Sequence[Made]) -> tuple[Made, ...]:
    """Return the rows without what documents say: none of their texts, titles, addresses or results is left."""
    masked = chance.choice((True, False))
    found = []
    for row in rows:
        kept = dict(row)
        if row["type"] == "retrieval":
            bare = [{"id": f"item-{number}"} for number, _document in enumerate(row["documents"])]
            mask = chance.choice(({"text": "[REDACTED]"}, {"title": "__REDACTED__", "url": "__REDACTED__"}))
            kept["documents"] = [each | mask for each in bare] if masked else bare
        elif row["type"] == "tool":
            kept.pop("result")
            if masked:
                kept["result"] = "[REDACTED]"
        elif row["type"] == "call":
            for key in ("messages", "output", "system"):
                kept.pop(key, None)
        found.append(kept)
    return tuple(found)


# ---- look-alikes -----------------------------------------------------------------------------------------------------


def _separate(floor: Floor) -> None:
    floor.searches = [floor.others(2, 4), floor.others(1, 2)][: floor.chance.randrange(1, 3)]


def _pairs(floor: Floor) -> None:
    """Print every story twice: two items a story, and the limit is more than two."""
    stories = [each for each in floor.others(1, 4) for _ in range(2)]
    floor.searches = [[each | {"id": f"doc-{number}", "url": f"https://twice.example.com/{hexes(floor.chance, 8)}"}
                       for number, each in enumerate(stories)]]  # fmt: skip


def _half(floor: Floor) -> None:
    first = floor.document()
    copies = [first | {"id": f"doc-{number}", "url": f"https://half.example.com/{number}"} for number in range(3)]
    floor.searches = [copies + floor.others(3, 4)]


def _passages(floor: Floor) -> None:
    """Return passages of one filing, each with an anchor, under one address."""
    url = f"https://filings.example.org/{hexes(floor.chance, 10)}/10-k"
    floor.searches = [[floor.document(title=f"{floor.news.company} annual report", url=f"{url}#part-{number}")
                       for number in range(floor.chance.randrange(3, 6))]]  # fmt: skip


def _removed(floor: Floor) -> None:
    """Find copies and show the model each story once."""
    floor.way = "retrieval"
    kept = floor.others(2, 3)
    copies = [kept[0] | {"id": f"doc-{number}", "url": f"https://same.example.com/{number}"}
              for number in range(floor.chance.randrange(4, 6))]  # fmt: skip
    floor.searches = [kept + copies]
    floor.shown = kept


def _said_so(floor: Floor) -> None:
    _verbatim(floor)
    floor.says = f"{floor.chance.choice(ONCE)} {floor.chance.choice(('I hold.', 'Confidence is low.', ''))}".strip()


def _history(floor: Floor) -> None:
    """Repeat one result in every later prompt, as a conversation does."""
    floor.way = floor.chance.choice(tuple(PRINTED))
    floor.searches = [[floor.document()] for _ in range(floor.chance.randrange(3, 6))]


def _single(floor: Floor) -> None:
    floor.searches = [[floor.document()]]


def _none(floor: Floor) -> None:
    floor.says = f"Nothing was searched for {floor.news.company}; the plan stays."


def _shared_tail(floor: Floor) -> None:
    """Let separate stories end with the same disclaimer."""
    tail = floor.news.tail() + " Past results say nothing about later ones."
    stories = [f"{story(floor.news, 4)} {tail}" for _ in range(floor.chance.randrange(3, 5))]
    floor.searches = [[floor.document(text=text) for text in stories]]


def _same_headline(floor: Floor) -> None:
    """Give separate stories a column's standing title."""
    title = f"{floor.news.company}: the week"
    floor.searches = [[floor.document(title=title, text=story(floor.news, 4))
                       for _ in range(floor.chance.randrange(3, 5))]]  # fmt: skip


def _one_quote(floor: Floor) -> None:
    """Quote one sentence of a press release in stories that differ otherwise."""
    quote = floor.news.body(1)
    floor.searches = [[floor.document(text=f"{story(floor.news, 3)} \u201c{quote}\u201d {story(floor.news, 2)}")
                       for _ in range(3)]]  # fmt: skip


def _page_ids(floor: Floor) -> None:
    """Serve separate stories under one path, each with an id in its query."""
    path = f"https://{slug(floor.news.company)}.example.com/story"
    floor.searches = [[floor.document(url=f"{path}?id={floor.chance.randrange(10**6)}")
                       for _ in range(floor.chance.randrange(3, 5))]]  # fmt: skip


def _notices(floor: Floor) -> None:
    """Search again and again and be told each time that there is nothing."""
    floor.way = "pasted"
    floor.searches = [[floor.document()]]
    said = floor.chance.choice(("No articles found.", "No news available for this symbol.", "[]", "0 results"))
    for number in range(floor.chance.randrange(3, 6)):
        floor.extra.append({"type": "tool", "trace": floor.trace, "id": f"empty-{number}", "parent": "run",
                            "at": floor.clock(), "until": floor.clock(), "name": "search_news",
                            "arguments": {"query": floor.news.company, "page": number}, "result": said})  # fmt: skip


def _reranked(floor: Floor) -> None:
    """Let rerankers, one after the other, pass on what a retriever found."""
    floor.way = "retrieval"
    floor.searches = [floor.others(2, 4)]
    for number in range(floor.chance.randrange(2, 4)):
        facts = {}
        for place, each in enumerate(floor.searches[0]):
            facts[f"reranker.output_documents.{place}.document.content"] = each["text"]
            facts[f"reranker.output_documents.{place}.document.id"] = each["id"]
        floor.extra.append({"type": "span", "trace": floor.trace, "id": f"rerank-{number}", "parent": "run",
                            "name": "rerank", "kind": "RERANKER", "at": floor.clock(), "until": floor.clock(),
                            "attributes": facts})  # fmt: skip


_ALIKE: Sequence[tuple[str, Callable[[Floor], object]]] = (
    ("separate stories of one company", _separate),
    ("every story twice", _pairs),
    ("three copies are half of the evidence or less", _half),
    ("passages of one filing", _passages),
    ("copies were removed before the prompt", _removed),
    ("the output says that the copies count once", _said_so),
    ("a result repeated by the history", _history),
    ("one document", _single),
    ("no documents", _none),
    ("separate stories with one disclaimer", _shared_tail),
    ("separate stories under one standing title", _same_headline),
    ("separate stories that quote one sentence", _one_quote),
    ("separate stories under one path", _page_ids),
    ("searches that find nothing", _notices),
    ("rerankers pass on the same documents", _reranked),
)


def negatives(chance: Random) -> Iterator[Plant]:
    """Yield runs whose documents are separate, few, or counted once."""
    while True:
        for wording, change in _ALIKE:
            floor = Floor(chance)
            change(floor)
            yield Plant(wording=wording, rows=floor.rows(), answers=INNOCENT)
