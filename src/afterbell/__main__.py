"""The door: runs a command and catches each fault once, as one line that says what and one that says what to do."""

from __future__ import annotations

import os
import sys

from afterbell.errors import BUG, FINE, INTERRUPTED, AfterbellError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from click import ClickException, exceptions  # noqa: PLC0415 - keeps `import afterbell.__main__` light

    from afterbell.cli import afterbell  # noqa: PLC0415

    try:
        result = afterbell.main(arguments, prog_name="afterbell", standalone_mode=False)
    except AfterbellError as error:
        return _say(error.message, error.hint, error.exit_code)
    except ClickException as error:
        error.show()
        return error.exit_code
    except (exceptions.Abort, KeyboardInterrupt):
        return _say("interrupted", "what was acknowledged is kept", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception:  # noqa: BLE001 - the last resort: a report to paste, and the exit code that says it is our bug
        from afterbell.cli.bug import report  # noqa: PLC0415

        sys.stderr.write(report(sys.argv[1:]))
        return BUG
    return result if isinstance(result, int) else FINE


def _say(message: str, hint: str, code: int) -> int:
    sys.stderr.write(f"afterbell: {message}\n" + (f"  hint: {hint}\n" if hint else ""))
    return code


if __name__ == "__main__":
    sys.exit(main())
