"""What a reviewer is shown of a trade: everything that was there when the model decided, and what was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from afterbell.model.calls import Source


class SeenKind(StrEnum):
    """What a piece of the view is."""

    MESSAGE = "message"
    TOOLS = "tools"
    TOOL = "tool"
    DOCUMENT = "document"


class Seen(Struct, frozen=True, kw_only=True):
    """One thing that was there to be seen. `call` numbers the model call it went into or came out of, 0 = none.

    `label` is the role and part of a message, the name of a tool, the title of a document; `deciding` marks what went
    into the deciding call.
    """

    kind: SeenKind
    at_ns: int
    label: str
    text: str
    call: int = 0
    deciding: bool = False
    source: Source


class Proposal(Struct, frozen=True, kw_only=True):
    """What the run proposed, as the decision itself states it; blank = not stated. `price` is a limit, not a fill."""

    at_ns: int
    action: str = ""
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    currency: str = ""
    exchange: str = ""


class BlindView(Struct, frozen=True, kw_only=True):
    """Everything up to `cutoff_ns`, in order of time. `withheld` counts what was left out, by reason."""

    proposal: Proposal
    cutoff_ns: int
    seen: tuple[Seen, ...]
    withheld: Mapping[str, int] = {}
