"""The report for a bug of our own: what to paste, without anything from the user's data."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Sequence

from afterbell import __version__


def report(arguments: Sequence[str]) -> str:
    """Return the text to paste into an issue. Paths and values of the user's are not in it, code lines are."""
    kind, error, trace = sys.exc_info()
    frames = "".join(traceback.format_tb(trace, limit=-8))
    return (
        f"afterbell: this is a bug of ours ({kind.__name__ if kind else 'unknown'}: {str(error)[:200]})\n"
        "  hint: nothing that was acknowledged is lost; please report the lines below\n"
        f"  version {__version__}, Python {platform.python_version()}, {platform.system()}; "
        f"command: {arguments[0] if arguments else '(none)'}\n{frames}"
    )
