"""Copies of a story as outlets print them: edited, set in other type, under tracked addresses, in other languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from planted._desk import PUBLISHERS, Made, Newsroom

TRACKING = ("", "?utm_source=feed", "?utm_medium=social&utm_campaign=daily", "#comments", "?fbclid=IwAR0x9",
            "/?ref=home", "?gclid=Cj0KCQ", "?utm_source=mail#top")  # fmt: skip
_TITLES = (
    "{c} baut ein zweites Werk",
    "{c} ouvre un second site",
    "{c} abre una segunda planta",
    "{c} investe in un secondo impianto",
)
_TEXTS = """\
Der Vorstand von {c} hat beschlossen, ein zweites Werk zu bauen und {n} Menschen einzustellen. Die Genehmigung liegt \
seit {m} Wochen vor, und die Bauarbeiten beginnen im Herbst, teilte das Unternehmen am Abend mit.
La direction de {c} a annoncé l'ouverture d'un second site et l'embauche de {n} personnes. Les travaux commenceront \
dans {m} semaines, selon un communiqué publié dans la soirée par le groupe.
El consejo de {c} aprobó la apertura de una segunda planta y la contratación de {n} personas. Las obras empezarán \
dentro de {m} semanas, según un comunicado que la empresa difundió por la noche.
Il consiglio di {c} ha approvato un secondo impianto e l'assunzione di {n} persone. I lavori cominceranno tra {m} \
settimane, ha fatto sapere la società in una nota diffusa in serata."""
LANGUAGES = tuple(zip(_TITLES, _TEXTS.splitlines(), strict=True))
ONCE = (
    "These are copies of the same story, which I counted once; that leaves little support.",
    "All of them reprint one wire report, so I treat them as a single source.",
    "The articles are duplicates: same story, counted once.",
    "Four of the items are the same press release, so together they count as one source.",
    "Since every article repeats the same report, this is one independent source and not several.",
    "After removing duplicates, one story is left.",
    "I kept one and set the other copies aside.",
    "They are not independent: each is a reprint of the agency's note.",
    "All of the articles go back to the same press release, so the count of independent sources is one.",
)


def story(news: Newsroom, lines: int = 0) -> str:
    """Return a story of its own."""
    return news.body(lines or news.chance.randrange(2, 4))


def reworded(chance: Random, news: Newsroom, text: str, number: int) -> str:
    """Return a light edit of a story: a dateline, a few words changed or left out, a line at its end."""
    if not number:
        return text
    words = text.split()
    for _ in range(chance.randrange(1, 3)):
        words[chance.randrange(4, len(words))] = chance.choice(("also", "today", "now", "about"))
    start = chance.choice((f"({chance.choice(PUBLISHERS)}) - ", "UPDATE: ", ""))
    end = chance.choice((f" {news.tail()}", "", " Read more on our site."))
    return f"{start}{' '.join(words)}{end}"


def shouted(text: str, number: int) -> str:
    """Return a story in another setting: capitals, other quotes and dashes, markup, broken lines."""
    ways = (
        text,
        text.upper(),
        "\n".join(f"  {line}." for line in text.rstrip(".").split(". ")),
        f"<p>{text.replace('. ', '.</p> <p>')}</p>",
        text.replace("'", "\u2019").replace(" ", "\u00a0 "),
        text.replace("&", "&amp;").replace(",", " ,"),
    )
    return ways[number % len(ways)]


def _sections(found: Sequence[Made]) -> str:
    return "\n\n".join(f"### {each['title']} (source: {each['source']})\n\n{each['text']}\nLink: {each['url']}"
                       for each in found)  # fmt: skip


def _fields(found: Sequence[Made]) -> str:
    return "\n---\n".join(f"Title: {each['title']}\nSource: {each['source']}\nPublished: {each['published_at']}\n"
                          f"Summary: {each['text']}" for each in found)  # fmt: skip


def _feed(found: Sequence[Made]) -> str:
    items = "".join(f"<item><title>{each['title']}</title><link>{escape(each['url'])}</link>"
                    f"<description>{escape(each['text'])}</description></item>" for each in found)  # fmt: skip
    return f'<rss version="2.0"><channel>{items}</channel></rss>'


def _numbered(found: Sequence[Made]) -> str:
    return "\n".join(f"{number}. **{each['title']}** ({each['source']}, {each['published_at'][:10]})\n   {each['text']}"
                     for number, each in enumerate(found, 1))  # fmt: skip


PRINTED: Mapping[str, Callable[[Sequence[Made]], Any]] = {
    "tool-json": lambda found: {"articles": list(found)},
    "tool-list": list,
    "tool-sections": _sections,
    "tool-fields": _fields,
    "tool-feed": _feed,
    "tool-numbered": _numbered,
}
"""How a tool prints articles for a model to read."""
