"""Handing on the key, interrupted at every system call: readers of either key can go on, and so can the log."""

import itertools
import os
import shutil

import pytest

import afterbell
from afterbell.disk import files, keys
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log.verdict import Level, Ruling
from afterbell.steps import init, key, seal, verify
from afterbell.steps.records import journal
from afterbell.steps.verify import Given

ORIGIN = "example.com/team/log"
EVERY = bool(os.environ.get("AFTERBELL_TORTURE"))  # every call; else a sample of them
CHANGING = ("create", "write", "fsync", "close", "link", "rename", "unlink", "sync_directory")


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-05T14:00:00Z")
    for name in ("AFTERBELL_KEY", "AFTERBELL_PIN"):
        monkeypatch.delenv(name, raising=False)
    house = House(tmp_path / "house")
    house.root.mkdir()
    init.init(house)
    house.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
    return house


def kill_at(monkeypatch, calls):
    """Let so many changing calls through, of whatever room, and end the process at the next."""
    left = itertools.count(calls, -1)

    def counted(call):
        def run(*args):
            if next(left) <= 0:
                raise Killed
            return call(*args)

        return run

    for name in CHANGING:
        monkeypatch.setattr(files.Ops, name, counted(getattr(files.Ops, name)))


def holds(house, *pins):
    for pin in pins:
        verdict = verify.verify(house, Given(pins=[str(pin)], level=Level.L2), remember=False).verdict
        assert verdict.verdict in {Ruling.OK, Ruling.STALE}, verdict
        assert verdict.level is Level.L2, verdict


def add(house):
    afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")


def start(house):
    made = key.new(house)
    add(house)
    seal.seal(house)
    return made.verifier


def test_killed_at_any_call(house, tmp_path, monkeypatch):
    first = start(house)
    before = [tmp_path / "house", tmp_path / "config"]
    for each in before:
        shutil.copytree(each, tmp_path / f"{each.name}-before")
    for calls in itertools.count(0, 1 if EVERY else 7):
        for each in before:
            shutil.rmtree(each)
            shutil.copytree(tmp_path / f"{each.name}-before", each)
        with monkeypatch.context() as patch:
            kill_at(patch, calls)
            try:
                key.rotate(house)
            except Killed:
                done = False
            else:
                done = True
        holds(house, first)
        add(house)
        seal.seal(house)
        holds(house, first, keys.signer(ORIGIN).verifier)
        second = key.rotate(house).verifier
        assert second != first
        assert keys.signer(ORIGIN).verifier == second
        add(house)
        seal.seal(house)
        holds(house, first, second)
        if done:
            assert calls > 30
            break


def test_a_first_key_killed_at_any_call_is_made_by_making_it_again(house, tmp_path, monkeypatch):
    for calls in itertools.count():
        shutil.rmtree(tmp_path / "config", ignore_errors=True)
        with monkeypatch.context() as patch:
            kill_at(patch, calls)
            try:
                key.new(house)
            except Killed:
                done = False
            else:
                done = True
        held = keys.stored(ORIGIN)
        if held is not None and keys.pinned(ORIGIN):
            with pytest.raises(UsageError, match="has a key already"):
                key.new(house)
        else:
            made = key.new(house)
            assert held is None or made.verifier == held.verifier, "never another key in the place of one"
        assert keys.pins(ORIGIN) == (keys.signer(ORIGIN).verifier,)
        if done:
            assert calls > 10
            break


def test_a_key_whose_place_is_in_the_house_is_not_even_written(house, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(house.root / "config"))
    with pytest.raises(UsageError, match="inside the house"):
        key.new(house)
    assert not (house.root / "config").exists()


def test_a_log_that_is_pinned_here_gets_no_second_key(house):
    made = key.new(house)
    made.path.unlink()
    with pytest.raises(UsageError, match="its key is elsewhere"):
        key.new(house)
    assert keys.pins(ORIGIN) == (made.verifier,)


def test_a_rotation_that_was_interrupted_is_finished_with_the_key_it_made(house, monkeypatch):
    first = start(house)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "promote", lambda _signer: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            key.rotate(house)
    size = journal(house).head().size
    assert keys.signer(ORIGIN).verifier == first
    second = keys.successor(ORIGIN).verifier
    assert key.rotate(house).verifier == second
    assert journal(house).head().size == size
    assert (keys.signer(ORIGIN).verifier, keys.successor(ORIGIN)) == (second, None)
    assert key.rotate(house).verifier != second, "the next rotation makes a key of its own"


def test_whoever_still_holds_the_old_key_is_told(house, monkeypatch):
    made = key.new(house)
    old = made.path.read_text()
    add(house)
    seal.seal(house)
    key.rotate(house)
    add(house)
    monkeypatch.setenv("AFTERBELL_KEY", old.strip())
    with pytest.raises(LogError, match="handed on"):
        seal.seal(house)
    monkeypatch.delenv("AFTERBELL_KEY")
    seal.seal(house)
    holds(house, made.verifier)


def test_a_key_that_only_the_environment_holds_is_not_rotated_here(house, monkeypatch):
    made = key.new(house)
    monkeypatch.setenv("AFTERBELL_KEY", made.path.read_text().strip())
    made.path.unlink()
    add(house)
    seal.seal(house)
    with pytest.raises(UsageError, match="no key file"):
        key.rotate(house)


def test_every_private_key_stays_private(house):
    made = key.new(house)
    key.rotate(house)
    for path in made.path.parent.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
