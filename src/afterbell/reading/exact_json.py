"""JSON whose numbers keep all their digits: what has a point or an exponent is a Decimal, never binary."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class NotJsonError(ValueError):
    """The bytes or the text are no JSON, or hold a number that no Decimal can be; the text says what and where."""


def loads(data: bytes | str) -> Any:
    """Return the JSON in `data`. Raises NotJsonError, and nothing else: for bad UTF-8 and deep nesting too."""
    try:
        return _DECODER.decode(data)
    except InvalidOperation:
        raise NotJsonError("a number is beyond all decimals") from None
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)[:120]) from None
