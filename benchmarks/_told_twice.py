"""Summaries of incidents for `meaning.py`: one class told twice in other words, and others beside them.

`PAIRS` and `OTHERS` were written before anything was tried on them; `HELD` after that first try and before its own, to
judge what was changed then. The two of a pair share no word that says something (`PLAIN` holds those that do not).
`OTHERS` are incidents of the same trade that belong to no class of `PAIRS`; the others of `HELD` are those of `PAIRS`.
"""

from __future__ import annotations

PLAIN = frozenset({
    "the", "and", "that", "was", "were", "for", "from", "with", "had", "not", "its", "one",
    "two", "this", "than", "then", "which", "when", "while", "who", "into", "over", "out", "off",
    "did", "has", "have", "all", "any", "after", "before", "until", "between", "under", "because", "been",
    "being", "but", "only", "more", "most", "other", "though", "where", "would", "could", "should", "there",
    "they", "them", "their", "each", "every", "again", "still", "yet", "same",
})  # fmt: skip

PAIRS: tuple[tuple[str, str], ...] = (
    (
        "The agent bought on a quote that was two days old.",
        "An order relied upon stale market data, since the feed had stopped updating.",
    ),
    (
        "The retry after a timeout entered the position a second time.",
        "A duplicate order was sent because the first acknowledgement came late.",
    ),
    (
        "A hidden sentence on a web page told the model to sell everything.",
        "Instructions smuggled into a news article steered the agent towards liquidation.",
    ),
    (
        "The research loop called its tools four hundred times and spent the monthly budget.",
        "Runaway iterations burned through the token allowance.",
    ),
    (
        "Revenue given in thousands was read as millions, and the valuation came out wrong.",
        "A unit mix-up inflated the figures from the earnings report by a factor of one thousand.",
    ),
    (
        "The model quoted an analyst report that does not exist.",
        "A decision cited fabricated research.",
    ),
    (
        "The stop was hit in the morning and nobody closed the position until the evening.",
        "An exit condition had been met, yet the holding stayed open for hours.",
    ),
    (
        "When the provider went down, a smaller fallback model made the trades with far worse reasoning.",
        "An outage switched decisions to a backup LLM of lower quality.",
    ),
    (
        "The answer was not valid JSON, and the parser put in a default of buy.",
        "Malformed output slipped past schema validation and became an order to purchase.",
    ),
    (
        "Three headlines that repeated one wire story were counted as three independent confirmations.",
        "Copies of the same press release were treated as separate sources of evidence.",
    ),
    (
        "The backtest knew the closing price before the simulated order was placed.",
        "Historical evaluation leaked future information to the strategy.",
    ),
    (
        "A prompt was edited on Friday without review, and the agent became far more aggressive on Monday.",
        "An unapproved change of the instructions altered risk appetite.",
    ),
    (
        "The position grew to four times the permitted share of the portfolio.",
        "Exposure exceeded the concentration limit.",
    ),
    (
        "An API key was printed into the trace and had to be revoked.",
        "Credentials leaked through the logs.",
    ),
    (
        "The agent said that it was ninety-five percent sure and was wrong on most of those trades.",
        "Stated confidence bore no relation to actual accuracy.",
    ),
)  # fmt: skip

OTHERS: tuple[str, ...] = (
    "The split of SYNTHETIC_A was not applied to the cost basis, and a gain was shown as a loss.",
    "Orders were sent on a holiday on which the exchange was closed.",
    "The clock of the gateway ran six minutes behind, and the opening auction was missed.",
    "A dividend was booked twice in the account.",
    "The agent shorted a share that could not be borrowed.",
    "The currency conversion used the rate of the wrong day.",
    "Two agents of the same desk traded against each other and paid the spread.",
    "A market order in a thin book moved the price by four percent.",
    "The ticker of a delisted company was taken for that of its successor.",
    "The broker rejected every order because the margin was not sufficient.",
    "A limit order was left in the book overnight and was filled at the gap.",
    "The context window overflowed, and the earlier risk rules fell out of the prompt.",
    "The tool for the order book returned an empty list, and the agent concluded that there was no liquidity.",
    "The agent kept its view although five new facts spoke against it.",
    "The memory of an earlier session was mixed into that of another client.",
    "The hedge was sold before the position that it covered.",
    "The deployment overwrote the configuration of the paper account with that of the live one.",
    "A rate limit of the news provider left the sentiment at its neutral value for a day.",
    "The option expired in the money and was exercised without anyone having planned it.",
    "The fee of each small trade was larger than its expected gain.",
    "The debate between bull and bear agents never ended in agreement, and the session closed without a decision.",
    "The certificate of the execution gateway expired, and positions could not be changed for an hour.",
    "The embedding index was rebuilt with half of the documents missing.",
    "The agent read a satirical article as news.",
    "The sign of the funding rate was reversed in the calculation.",
    "The approval of a trade came from a queue that nobody watched.",
    "A symbol without a venue was routed to a foreign exchange.",
    "The drawdown alert was muted for maintenance and was not switched on again.",
    "The summary of the conference call left out the warning on profits.",
    "The rebalancing ran twice on the day on which the clocks were changed.",
)  # fmt: skip

HELD: tuple[tuple[str, str], ...] = (
    (
        "The earnings call was summarised by the model with the sign of the guidance reversed.",
        "A raised outlook was understood as a cut.",
    ),
    (
        "Both the long and the short leg were unwound at the worst moment of the flash crash.",
        "Panic selling in a sudden collapse closed every holding near the low.",
    ),
    (
        "The agent asked a tool that had been removed and went on as though it had answered.",
        "A call to a function that no longer exists was followed by invented results.",
    ),
    (
        "A human approved two hundred trades in four minutes without reading them.",
        "The reviewer waved proposals through, so oversight was only a formality.",
    ),
    (
        "Test orders reached the live exchange.",
        "The staging environment traded with real money.",
    ),
    (
        "The agent doubled its bet after each loss.",
        "Averaging down on a losing investment multiplied the damage.",
    ),
    (
        "The vendor renamed a field, and the sentiment became zero everywhere.",
        "An unannounced schema change upstream left a signal silently blank.",
    ),
    (
        "The kill switch did nothing because its service account lacked permission.",
        "Emergency stop failed: it was not authorised to cancel orders.",
    ),
    (
        "The model confused two companies with similar names.",
        "A ticker lookup resolved to the wrong issuer.",
    ),
    (
        "The daylight saving change shifted the schedule, and the close was missed by an hour.",
        "A time zone error made the job run after the market had shut.",
    ),
    (
        "The conversation grew so long that the mandate of the client was cut off.",
        "Truncation of the context dropped the investment guidelines.",
    ),
    (
        "One agent repeated the opinion of another until all of them agreed.",
        "Groupthink among the panel removed any dissent.",
    ),
    (
        "Positions in the ledger did not match those at the broker.",
        "Reconciliation revealed a discrepancy between internal books and the custodian.",
    ),
    (
        "The strategy traded so often that commissions ate the profit.",
        "Excessive turnover let transaction costs consume returns.",
    ),
    (
        "An old memory about a merger that was called off drove a purchase.",
        "Outdated recollection of a cancelled takeover led to buying.",
    ),
)  # fmt: skip
