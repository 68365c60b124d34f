"""One tree for faults in the world: each has a message, a hint and an exit code, and is caught once, in `__main__`.

Faults in content (a summary of 41 words, a missing timeline row) are not exceptions: they are returned,
all at once, as values. Nothing outside this tree may leave a reader, a parser or a verifier on bad input.
"""

from __future__ import annotations

FINE = 0
FOUND = 1
USAGE = 2
STALE = 3
BUG = 70
INTERRUPTED = 130


class AfterbellError(Exception):
    """A fault in the world: one line that says what, one line that says what to do about it."""

    exit_code = USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AfterbellError):
    """The request cannot be understood or names something that is not there."""


class FormatError(AfterbellError):
    """Bytes that no reader accepts, or that a reader had to give up on."""


class CanonError(AfterbellError):
    """A value or a text that has no canonical JSON form."""


class PolicyError(AfterbellError):
    """`afterbell.toml` holds a key or a value that nothing here understands."""


class StoreError(AfterbellError):
    """The working store cannot be read or written; evidence is never lost with it."""


class LogError(AfterbellError):
    """The append-only log refuses: a second use of an id, an unknown parent, a tampered history."""

    exit_code = FOUND


class DiskError(AfterbellError):
    """A write or an fsync failed: nothing was acknowledged, and the same write is not retried."""


class CatalogError(AfterbellError):
    """Something on the shelves is incomplete: a mode without cases, a plug-in that does not import."""


class ProviderError(AfterbellError):
    """Who says who somebody is cannot be reached, or says what cannot be trusted: nobody is let in."""


class MissingExtraError(AfterbellError):
    """A feature needs an optional package; the hint is the one command that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the optional '{extra}' packages", f"pip install 'afterbell[{extra}]'")
