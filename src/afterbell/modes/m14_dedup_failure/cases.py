"""Worked examples of dedup failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_WIRE = (
    "SYNTHETIC_A said on Monday that first quarter revenue rose 12 percent from a year earlier to 340 million dollars, "
    "ahead of the guidance it gave in January, and that it had begun shipping its new sensor to two carmakers."
)
_EDITED = _WIRE.replace("said on Monday", "announced Monday").replace("had begun shipping", "has started shipping")
_RATES = "The central bank left its rate unchanged and said that it expects inflation to return to target next year."
_RIVAL = "SYNTHETIC_B named a new finance chief, the third in two years, and withdrew its outlook for the second half."
_UNION = (
    "Workers at the company's largest plant voted to accept a three year contract with a raise in each of the years."
)
_ROUNDUP = (
    "A roundup of the morning: shares in Asia fell, oil was little changed, and bond yields rose before the auction."
)
_CHINESE = (
    "合成甲公司周一表示第一季度营收同比增长百分之十二至三亿四千万元"
    "超过一月份给出的指引并已开始向两家汽车制造商交付新传感器"
)


def _document(title: str, text: str, url: str) -> Mapping[str, Any]:
    return {"title": title, "content": text, "url": url}


def _search(trace: str, *documents: Mapping[str, Any], ident: str = "search", at: str = "14:00:01") -> Row:
    return {"type": "retrieval", "trace": trace, "id": ident, "at": f"2026-01-05T{at}Z", "until": f"2026-01-05T{at}.5Z",
            "query": "SYNTHETIC_A news", "documents": list(documents)}  # fmt: skip


def _call(trace: str, prompt: Any, output: str, *, ident: str = "call", at: str = "14:00:10") -> Row:
    return {"type": "call", "trace": trace, "id": ident, "at": f"2026-01-05T{at}Z", "until": f"2026-01-05T{at}.9Z",
            "model": "model-a", "messages": prompt, "output": output}  # fmt: skip


def _tool(trace: str, name: str, result: Any, *, ident: str, at: str = "14:00:02") -> Row:
    return {"type": "tool", "trace": trace, "id": ident,
            "at": f"2026-01-05T{at}Z", "until": f"2026-01-05T{at}.5Z",
            "name": name, "call_id": f"call-{ident}", "arguments": {"query": "SYNTHETIC_A"},
            "result": result}  # fmt: skip


_FIVE = tuple(
    _document(f"SYNTHETIC_A beats guidance ({site})", text, f"https://{site}.example/markets/synthetic-a-q1")
    for site, text in (
        ("one", _WIRE),
        ("two", _EDITED),
        ("three", _WIRE),
        ("four", _EDITED + " Shares rose."),
        ("five", _WIRE),
    )
)
_OTHERS = (
    _document("Rates unchanged", _RATES, "https://one.example/rates"),
    _document("New finance chief at SYNTHETIC_B", _RIVAL, "https://two.example/b-finance"),
    _document("Plant workers accept contract", _UNION, "https://three.example/contract"),
    _document("Morning roundup", _ROUNDUP, "https://four.example/roundup"),
)  # fmt: skip
_UNLIKE = tuple(
    _document(f"Other {number}", text, f"https://two.example/{number}")
    for number, text in enumerate((
        "Shipping costs on the northern route fell for a fourth week as new vessels entered service there.",
        "A court dismissed the claim of a former supplier against the maker of sensors for want of evidence.",
        "The city approved a second test track for driverless vans near the airport after a public hearing.",
        "Analysts at a broker started coverage of five makers of components with a neutral view of all.",
        "Copper stocks in warehouses rose to the highest since March while demand from builders stayed weak.",
    ))
)  # fmt: skip
_LISTED = "\n\n".join(
    f"### Article {number}\nTitle: {each['title']}\nSource: Newswire\nDate: 2026-01-05\nURL: {each['url']}\n"
    f"Content: {each['content']}"
    for number, each in enumerate((*_FIVE, _OTHERS[0]), 1)
)
_PASTED = "News of the day:\n\n" + "\n\n".join(
    f"### {each['title']} (source: Newswire)\n\n{each['content']}" for each in (*_FIVE[:4], *_OTHERS[:2])
)


CASES = (
    Case(
        name="five sites, one wire story",
        answer=Answer.YES,
        teaches="Edited reprints under other addresses are one story: five items, one cluster.",
        given=(
            _search("t", *_FIVE),
            _call("t", "\n\n".join(each["content"] for each in _FIVE), "Five reports confirm the beat: buy."),
        ),
        excerpt="SYNTHETIC_A said on Monday",
        figures={"items": 5, "clusters": 1},
    ),
    Case(
        name="one story is most of the evidence",
        answer=Answer.YES,
        teaches="Three copies among five items are the majority, although the ratio (1.67) is under the limit.",
        given=(_search("t", *_FIVE[:3], *_OTHERS[:2]), _call("t", "Read the news and judge.", "Bullish.")),
        figures={"items": 5, "clusters": 3, "largest_cluster": 3},
    ),
    Case(
        name="several searches return the same items",
        answer=Answer.YES,
        teaches="Each search gives the same two articles again: every appearance counts, as it does in the prompt.",
        given=tuple(
            _tool("t", "search_news", orjson.dumps({"articles": [_FIVE[0], _OTHERS[0]]}).decode(), ident=f"s{number}",
                  at=f"14:00:0{number}")
            for number in range(1, 6)
        ),
        figures={"items": 10, "clusters": 2, "ratio": "5.00"},
    ),
    Case(
        name="article blocks in a text result",
        answer=Answer.YES,
        teaches="A tool that prints its articles one below the other is read like a list.",
        given=(_tool("t", "collect_news", _LISTED, ident="a"),),
        excerpt="SYNTHETIC_A beats guidance",
        figures={"items": 6, "clusters": 2},
    ),
    Case(
        name="copies pasted into the prompt",
        answer=Answer.YES,
        teaches="Without spans for the search, the articles in the prompt itself are counted.",
        given=(_call("t", _PASTED, "Strong momentum."),),
        figures={"items": 6, "clusters": 3},
    ),
    Case(
        name="characters instead of words",
        answer=Answer.YES,
        teaches="Scripts without spaces are compared by characters.",
        given=(
            _search("t", *(
                _document("", _CHINESE[cut:], f"https://{site}.example.cn/a")
                for site, cut in (("yi", 0), ("er", 2), ("san", 4))
            )),
        ),
        excerpt="合成甲公司周一表示",
    ),
    Case(
        name="the same pages again and again",
        answer=Answer.YES,
        teaches="Five items come back word for word under their address and are a third of all: yes below the limit.",
        given=(
            _search("t", *(
                _document(f"Story {number}", f"Report number {number} on " + text, f"https://one.example/{number}")
                for number, text in enumerate((_WIRE, _RATES, _RIVAL, _UNION, _ROUNDUP))
            ), *_UNLIKE),
            _search("t", *(
                _document(f"Story {number}", f"Report number {number} on " + text, f"https://one.example/{number}")
                for number, text in enumerate((_WIRE, _RATES, _RIVAL, _UNION, _ROUNDUP))
            ), ident="again", at="14:00:03"),
        ),
        figures={"items": 15, "clusters": 10, "exact_repeats": 5},
    ),
    Case(
        name="independent reports",
        answer=Answer.NO,
        teaches="Different stories about one company are different witnesses.",
        given=(_search("t", _FIVE[0], *_OTHERS), _call("t", "Read the news.", "Mixed.")),
        figures={"items": 5, "clusters": 5},
    ),
    Case(
        name="exactly two per story",
        answer=Answer.NO,
        teaches="The limit is exceeded above 2.0, not at it.",
        given=(_search("t", _FIVE[0], _FIVE[1], _OTHERS[0], {**_OTHERS[0], "url": "https://x.example/r"}),),
        figures={"items": 4, "clusters": 2, "ratio": "2.00"},
    ),
    Case(
        name="copies removed before the prompt",
        answer=Answer.NO,
        teaches="Six were found and two were shown to the model.",
        given=(
            _search("t", *_FIVE, _OTHERS[0]),
            _call("t", f"Sources after clustering:\n1. {_WIRE}\n2. {_RATES}", "One confirmed beat."),
        ),
        figures={"items": 6, "in_prompt": 2},
    ),
    Case(
        name="counted once",
        answer=Answer.NO,
        teaches="The output says that the reprints are one source.",
        given=(
            _search("t", *_FIVE),
            _call("t", "Read the news.", "All five articles carry the same wire story, counted once: one witness."),
        ),
        excerpt="counted once",
    ),
    Case(
        name="passages of one filing",
        answer=Answer.NO,
        teaches="Passages of one address with different texts are parts of a document, not copies of it.",
        given=(
            _search("t", *(
                _document("Annual report", text, "https://filings.example/10-k.htm#part")
                for text in (_WIRE, _RATES, _RIVAL, _UNION)
            )),
        ),
        figures={"clusters": 4},
    ),
    Case(
        name="history repeats the result",
        answer=Answer.NO,
        teaches="Each later call repeats the conversation; the articles were read once.",
        given=(
            _tool("t", "search_news", [_FIVE[0], *_OTHERS[:2]], ident="a"),
            *(
                _call("t", [
                    {"role": "user", "content": "Judge SYNTHETIC_A."},
                    {"role": "assistant", "tool_calls": [{"id": "call-a", "name": "search_news", "arguments": "{}"}]},
                    {"role": "tool", "tool_call_id": "call-a",
                     "content": orjson.dumps([_FIVE[0], *_OTHERS[:2]]).decode()},
                    *({"role": "user", "content": f"Go on ({step})."} for step in range(number)),
                ], f"Step {number}.", ident=f"c{number}", at=f"14:01:0{number}")
                for number in range(1, 5)
            ),
        ),
        figures={"items": 3, "clusters": 3},
    ),
    Case(
        name="a digest and its stories",
        answer=Answer.NO,
        teaches="A digest that holds several stories word for word is a copy of none of them.",
        given=(
            _search("t", _FIVE[0], *_OTHERS[:3],
                    _document("Evening digest", f"{_WIRE} {_RATES} {_RIVAL} {_UNION}", "https://d.example/digest")),
        ),
        figures={"items": 5, "clusters": 5},
    ),
    Case(
        name="price rows are no articles",
        answer=Answer.NA,
        teaches="A list of bars, however alike, is not a list of stories.",
        given=(
            _tool("t", "get_bars", [{"date": "2026-01-05", "open": "10.0", "close": "10.1"}] * 8, ident="b"),
            _call("t", "Describe the week.", "Quiet."),
        ),
    ),
    Case(
        name="one document",
        answer=Answer.NO,
        teaches="One document is never too many.",
        given=(_search("t", _FIVE[0]),),
    ),
    Case(
        name="documents by number only",
        answer=Answer.UNKNOWN,
        teaches="Ids and scores do not tell whether texts are copies.",
        given=(_search("t", *({"id": f"doc-{number}", "score": 0.9} for number in range(6))),),
    ),
    Case(
        name="results not captured",
        answer=Answer.UNKNOWN,
        teaches="A news tool ran and what it returned was not kept.",
        given=(
            {"type": "tool", "trace": "t", "id": "n", "at": "2026-01-05T14:00:01Z", "until": "2026-01-05T14:00:02Z",
             "name": "get_news", "call_id": "c1", "arguments": {"symbol": "SYNTHETIC_A"}},
            _call("t", "Read the news.", "Bullish."),
        ),
    ),
)  # fmt: skip
