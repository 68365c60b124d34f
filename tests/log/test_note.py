"""Signed notes against the published vectors of C2SP and Go, and against every small change of them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import LogError
from afterbell.log import note
from afterbell.log.note import KeyType, Signer

TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = (
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # a published test vector
)
PETER_LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = (
    "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
)
WITNESS = Signer(name="witness.example/w", type=KeyType.COSIGNATURE, seed=bytes(range(32)))


def test_the_published_note_is_made_and_read_byte_for_byte():
    key = note.signer(PETER_PRIVATE)
    assert str(key.verifier) == PETER
    assert key.text == PETER_PRIVATE
    assert note.sign(TEXT, key) == PETER_LINE
    both = note.signed_by(TEXT, [PETER_LINE, ENOCH_LINE], [note.verifier(PETER), note.verifier(ENOCH)])
    assert [each.verifier.name for each in both] == ["PeterNeumann", "EnochRoot"]
    assert PETER_PRIVATE[-20:] not in repr(key)


def test_unknown_keys_are_passed_over_and_a_bad_known_one_spoils_the_note():
    assert note.signed_by(TEXT, [PETER_LINE, ENOCH_LINE], [note.verifier(ENOCH)])[0].verifier.name == "EnochRoot"
    assert note.signed_by(TEXT, [PETER_LINE], [note.verifier(ENOCH)]) == ()
    with pytest.raises(LogError, match="does not hold"):
        note.signed_by(TEXT + "x\n", [PETER_LINE], [note.verifier(PETER)])
    assert len(note.signed_by(TEXT, [PETER_LINE, PETER_LINE], [note.verifier(PETER)])) == 1


@pytest.mark.parametrize("spoiled", [ENOCH_LINE.replace(" rwz", " x rwz"), ENOCH_LINE + " x", ENOCH_LINE[2:], ""])
def test_a_line_of_another_form_spoils_the_note_whoevers_it_is(spoiled):
    with pytest.raises(LogError):
        note.signed_by(TEXT, [PETER_LINE, spoiled], [note.verifier(PETER)])


def test_no_flipped_bit_of_a_signature_is_accepted():
    name, _, word = PETER_LINE.removeprefix("\u2014 ").partition(" ")
    blob = base64.b64decode(word)
    for place in range(4, len(blob)):
        for bit in range(8):
            spoiled = bytearray(blob)
            spoiled[place] ^= 1 << bit
            line = f"\u2014 {name} {base64.b64encode(spoiled).decode()}"
            with pytest.raises(LogError):
                note.signed_by(TEXT, [line], [note.verifier(PETER)])


def test_a_cosignature_binds_its_time():
    line = note.sign(TEXT, WITNESS, at=1_767_690_000)
    (held,) = note.signed_by(TEXT, [line], [WITNESS.verifier])
    assert held.at == 1_767_690_000
    name, _, word = line.removeprefix("\u2014 ").partition(" ")
    blob = bytearray(base64.b64decode(word))
    blob[11] ^= 1
    with pytest.raises(LogError):
        note.signed_by(TEXT, [f"\u2014 {name} {base64.b64encode(blob).decode()}"], [WITNESS.verifier])
    with pytest.raises(LogError, match="time"):
        note.sign(TEXT, WITNESS)


@pytest.mark.parametrize("text", [PETER, str(WITNESS.verifier)])
def test_no_shortened_or_changed_key_is_a_key(text):
    assert str(note.verifier(text)) == text
    for place in range(len(text)):
        for spoiled in (text[:place], text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]):
            with pytest.raises(LogError):
                note.verifier(spoiled)


@given(st.text(max_size=200))
def test_nothing_but_a_log_error_leaves_the_readers(text):
    for read in (note.verifier, note.signer, lambda line: note.signed_by(TEXT, [line], [note.verifier(PETER)])):
        with pytest.raises(LogError):
            read(text)


def test_base64_with_stray_bits_is_refused():
    with pytest.raises(LogError):
        note.decode("AB==" if base64.b64encode(base64.b64decode("AB==")) != b"AB==" else "AA=")
