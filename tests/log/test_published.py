"""Signed notes that others published: each is read, and none of its neighbours is."""

import itertools

import pytest

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note

# The example of c2sp.org/signed-note, and checkpoints that sum.golang.org signed; the key is the one built into Go.
SPECIFIED = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n",
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
)
GOLANG = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
CHECKPOINTS = {
    size: (f"go.sum database tree\n{size}\n{root}\n", f"\u2014 sum.golang.org {signature}")
    for size, root, signature in (
        (
            756113,
            "k9nFMBuXq8uk+9SQNxs/Vadri2XDkaoo96u4uMa0qE0=",
            "Az3grgIHxiDLRpsKUElIX5vJMlFS79SqfQDSgHQmON922lNdJ5zxF8SSPPcah3jhIkpG8LSKNaWXiy7IldOSDCt4Pwk=",
        ),
        (
            6476701,
            "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=",
            "Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=",
        ),
        (
            35225469,
            "vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=",
            "Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=",
        ),
        (
            52544510,
            "+TGlZfnTizQCJgyZR56QixD8+X4dd8Wefy8U1w6k0Ig=",
            "Az3grn6d1PSjcypDf9bfcFVU5fvJB7VkLc0MAbz8jqeQVnSbAj9pKcsB5dJt5VdswPDUtiFar5LPRBu+uEQAT1CDfAc=",
        ),
        (
            59045944,
            "LE6Lx+GNVyuFBv/jKcFIiPkG1WC7DHwG0clpfN/TBlA=",
            "Az3grk9ctaTv+CITXOwxCEHU3APAw5X7Ck14+fvFlh0GCktwX15+XPzy//GgL2G50ZgY05e8eXFTWcvW6pN5tozsLQQ=",
        ),
    )
}


def test_the_example_of_the_specification():
    key = note.verifier(SPECIFIED)
    assert str(key) == SPECIFIED
    text, line = EXAMPLE
    assert [each.verifier for each in note.signed_by(text, [line], [key])] == [key]


@pytest.mark.parametrize("size", CHECKPOINTS)
def test_checkpoints_of_the_go_checksum_database(size):
    text, line = CHECKPOINTS[size]
    data = f"{text}\n{line}\n".encode()
    read = checkpoints.parse(data)
    assert (read.origin, read.head.size, read.signatures) == ("go.sum database tree", size, (line,))
    assert checkpoints.text(read) == text
    (held,) = note.signed_by(text, read.signatures, [note.verifier(GOLANG)])
    assert held.verifier.name == "sum.golang.org"


def test_no_text_is_signed_by_the_signature_of_another():
    key = note.verifier(GOLANG)
    for one, other in itertools.permutations(CHECKPOINTS, 2):
        with pytest.raises(LogError, match="does not hold"):
            note.signed_by(CHECKPOINTS[one][0], [CHECKPOINTS[other][1]], [key])


def opened(data):
    """Return the signatures of the database's key over a checkpoint file."""
    read = checkpoints.parse(data)
    return note.signed_by(checkpoints.text(read), read.signatures, [note.verifier(GOLANG)])


def test_every_flip_of_every_bit_of_a_signed_note_is_refused():
    text, line = CHECKPOINTS[35225469]
    data = f"{text}\n{line}\n".encode()
    assert opened(data)
    flips = 0
    for at, bit in itertools.product(range(len(data)), range(8)):
        spoiled = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        try:
            held = opened(spoiled)
        except LogError:
            held = ()
        assert held == (), (at, bit)
        flips += 1
    assert flips == 8 * len(data) > 1_300


def test_every_cut_and_every_byte_more_of_a_signed_note_is_refused():
    text, line = CHECKPOINTS[35225469]
    data = f"{text}\n{line}\n".encode()
    changed = [data[:at] for at in range(len(data))] + [data[:at] + b"A" + data[at:] for at in range(len(data) + 1)]
    for spoiled in changed:
        try:
            held = opened(spoiled)
        except LogError:
            held = ()
        assert held == ()
