"""A desk's day for planters: names, a clock, stories that share nothing, model calls, an order and its fill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Made = dict[str, Any]

_FIRST = ("Alder", "Brenta", "Corvane", "Dunmore", "Estrel", "Fennick", "Galvion", "Hartwin", "Isolde", "Jarrow",
          "Kestrel", "Lumora", "Marrick", "Norvale", "Ostrava", "Pellion", "Quarrel", "Rivane", "Solvent",
          "Tarnow")  # fmt: skip
_SECOND = ("Foods", "Logistics", "Semiconductor", "Water", "Therapeutics", "Freight", "Bancorp", "Chemicals",
           "Software", "Lighting", "Insurance", "Mining", "Retail", "Aerospace", "Power")  # fmt: skip
_PLACES = (
    "Leeds",
    "Turin",
    "Osaka",
    "Tampere",
    "Lyon",
    "Gdansk",
    "Boise",
    "Haifa",
    "Porto",
    "Durban",
    "Quito",
    "Bergen",
)
_MONTHS = ("January", "March", "April", "June", "August", "September", "October", "December")
PUBLISHERS = ("Example Wire", "Harbour Daily", "The Ledger Post", "Market Notebook", "Northern Courier", "Desk Digest",
              "Filing Watch", "Regional Gazette")  # fmt: skip
MODELS = (("openai", "gpt-5", "gpt-5-2025-08-07"),
          ("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929"),
          ("gcp.gemini", "gemini-2.5-pro", "gemini-2.5-pro"),
          ("mistral_ai", "mistral-large", "mistral-large-2411"))  # fmt: skip

# Each line is one fact about one subject; a story takes lines that no other story of its trace takes.
_LINES = (
    "{c} will open a second plant near {p} and hire {n} people by {m}.",
    "The regulator in {p} closed its inquiry into {c} without a finding after {n} days.",
    "A union representing {n} workers at the {p} site voted to accept the new contract.",
    "{c} named a new head of operations, who joins in {m} from a supplier based in {p}.",
    "Customers in {p} returned {n} units because of a faulty seal, the company told distributors.",
    "The board of {c} approved a buyback of up to {n} million shares through next {m}.",
    "Auditors signed off the accounts of the {p} subsidiary, ending a delay that began in {m}.",
    "An appeals court in {p} upheld the patent that covers {n} of the firm's products.",
    "Management said that inventories fell for the {n}th week in a row as dealers restocked.",
    "{c} agreed to supply turbines for a wind park off {p} under a contract of {n} months.",
    "A storm in {m} shut the warehouse at {p}, and about {n} orders were shipped late.",
    "Research spending rose to {n} million as {c} moved its laboratory to {p}.",
    "Two former executives were cleared by a tribunal in {p} of charges brought last {m}.",
    "The firm refinanced {n} million of notes that were due in {m} with a bank in {p}.",
    "Its largest supplier in {p} warned that lead times would stretch to {n} weeks.",
    "{c} ended the pilot of its subscription service after {n} households had signed up in {p}.",
    "A customs dispute held {n} containers at the port of {p} for most of {m}.",
    "Insurers paid {n} million for the fire at the {p} depot, less than the carrying value.",
    "The pension fund of {p} disclosed a holding of {n} thousand shares in {c}.",
    "Engineers recalled a controller after {n} faults were logged by an operator in {p}.",
    "{c} licensed its coating process to a rival in {p} until {m} of next year.",
    "Water restrictions around {p} cut output of the mill by {n} tonnes in {m}.",
    "The company moved its annual meeting to {p} and added {n} items to the agenda.",
    "Dealers in {p} said that the new model sold {n} units on its first weekend.",
    "An index provider adds {c} to its small-cap family in {m}, replacing a builder from {p}.",
    "Trial data from {n} patients at a clinic in {p} will be read out in {m}.",
    "{c} withdrew its bid for a lot of {n} licences after the auction in {p} ran over.",
    "The tax office of {p} refunded {n} million in a case that dates from a merger in {m}.",
    "Staff turnover at the service desk in {p} dropped after shifts were shortened by {n} minutes.",
    "A drought left the reservoir that feeds the {p} works at {n} percent of its capacity.",
    "{c} bought {n} delivery vans from a maker in {p} and will lease them out from {m}.",
    "The export credit agency guaranteed {n} million for a pipeline that passes {p}.",
)
_HEADS = (
    "{c} moves on plans for {p}", "Inside the {m} turn at {c}", "{p} works keep {c} busy",
    "What {c} told dealers in {m}",
    "{c}: notes from {p}", "Regulators, ports and {c}", "A quiet {m} for {c}", "{c} and the {p} question",
    "Suppliers read {c} differently", "{c} after the {p} vote",
)  # fmt: skip
_TAILS = (
    "The company did not comment.", "Figures were not audited.", "The next report is due in {m}.",
    "Trading volume was average.", "A spokesperson in {p} confirmed the dates.",
)  # fmt: skip
TOOLS = ("get_filing", "search_news", "get_fundamentals", "read_transcript", "list_insiders", "get_supply_chain")


class Clock:
    """Counts up; every reading is later than the one before."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.now = datetime(2025, 1, 6, 13, tzinfo=UTC) + timedelta(
            days=chance.randrange(600), seconds=chance.randrange(14_400)
        )

    def __call__(self, seconds: int = 0) -> str:
        """Return a moment, `seconds` (or a few) after the last one."""
        self.now += timedelta(seconds=seconds or self.chance.randrange(1, 40), milliseconds=self.chance.randrange(1000))
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def before(self, hours: int) -> str:
        """Return a moment so many hours ago."""
        return (self.now - timedelta(hours=hours)).isoformat(timespec="seconds").replace("+00:00", "Z")


class Newsroom:
    """Makes stories about one company that have no line in common."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.company = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"
        self.lines = list(_LINES)
        chance.shuffle(self.lines)
        self.heads = list(_HEADS)
        chance.shuffle(self.heads)

    def told(self, line: str) -> str:
        """Return a line with its names and numbers."""
        chance = self.chance
        return line.format(c=self.company, p=chance.choice(_PLACES), m=chance.choice(_MONTHS),
                           n=chance.randrange(12, 980))  # fmt: skip

    def title(self) -> str:
        """Return a headline of its own."""
        return self.told(self.heads.pop())

    def body(self, lines: int = 0) -> str:
        """Return a story of two to four lines (or so many) that no other story uses."""
        taken = [self.lines.pop() for _ in range(lines or self.chance.randrange(2, 5))]
        return " ".join(self.told(line) for line in taken)

    def tail(self) -> str:
        """Return a closing line that other stories may have too."""
        return self.told(self.chance.choice(_TAILS))


def symbol(chance: Random) -> str:
    """Return a synthetic ticker."""
    return "SYNTHETIC_" + "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(chance.randrange(1, 4)))


def hexes(chance: Random, digits: int = 32) -> str:
    """Return an id of hex digits."""
    return f"{chance.getrandbits(digits * 4):0{digits}x}"


def slug(text: str) -> str:
    """Return a headline as it stands in an address."""
    return "-".join("".join(each for each in word if each.isalnum()) for word in text.lower().split())


def call(desk: Clock, trace: str, name: str, parent: str, **facts: Any) -> Made:
    """Return a model call; `facts` are its keys beside the frame."""
    chance = desk.chance
    provider, model, answered = facts.pop("model", None) or chance.choice(MODELS)
    asked = {"input": chance.randrange(300, 6000), "output": chance.randrange(40, 900)}
    return {"type": "call", "trace": trace, "id": name, "parent": parent, "at": desk(), "until": desk(),
            "provider": provider, "model": model, "answered": answered, "response_id": f"resp-{hexes(chance, 12)}",
            "tokens": asked, "finish": "stop"} | facts  # fmt: skip


def traded(desk: Clock, trace: str, parent: str, ticker: str, *, action: str = "buy") -> list[Made]:
    """Return a decision, the order, and the report of its fill, all under `parent`."""
    chance = desk.chance
    quantity, price = str(chance.randrange(1, 90) * 10), f"{chance.randrange(800, 40_000) / 100:.2f}"
    order_id = f"CO-{hexes(chance, 8)}"
    side = {"buy": "buy"}.get(action, "sell")
    shared = {"trace": trace, "idea": f"IDEA-{trace[:8]}", "symbol": ticker, "exchange": "XNYS"}
    return [
        {"type": "decision", **shared, "id": "decision", "parent": parent, "at": desk(), "until": desk(),
         "decision": f"DEC-{trace[:6]}", "action": action, "quantity": quantity,
         "confidence": chance.randrange(50, 90) / 100},
        {"type": "order", **shared, "id": "order", "parent": parent, "at": desk(), "until": desk(),
         "decision": f"DEC-{trace[:6]}", "client_order_id": order_id, "side": side, "trading.order.type": "limit",
         "quantity": quantity, "price": price, "status": "filled",
         "position_effect": "open" if action == "buy" else "close"},
        {"type": "execution_report", **shared, "span": "order", "at": desk(), "client_order_id": order_id,
         "exec_id": f"EX-{hexes(chance, 8)}", "exec_type": "trade", "side": side, "status": "filled",
         "last_quantity": quantity, "last_price": price, "cumulative_quantity": quantity, "leaves_quantity": "0"},
    ]  # fmt: skip
