"""Sentences for the planter of price-blind leaks: what tells a price, a move or a position, and what only sounds so.

`{s}` is the symbol, `{p}` a price, `{h}` a higher one, `{m}` a percentage; the planter fills in these and the others.
"""

from __future__ import annotations

Leak = tuple[str, str]
"""What is written, and the part of it that any evidence must hold."""

QUOTES: tuple[Leak, ...] = (
    ("{s} last traded at ${p}.", "{p}"),
    ("The stock is trading at ${p} this morning, on light volume.", "{p}"),
    ("Last close: {p} USD. Write the note with this in mind.", "{p}"),
    ("With the shares changing hands near ${p}, the question is whether the plant pays off.", "{p}"),
    ("Current share price: {p}", "{p}"),
    ("{s} closed Friday's session at {p}, below the fifty-two-week high of {h}.", "{p}"),
    ("At today's quote of €{p} per share the market seems to expect very little.", "{p}"),
    ("Price now ${p}; find out what the filings say.", "{p}"),
)
MOVES: tuple[Leak, ...] = (
    ("Shares of {s} fell {m}% on Tuesday after the report.", "{m}"),
    ("{s} stock is up {m} percent year to date.", "{m}"),
    ("The stock jumped {m}% in after-hours trading.", "{m}"),
    ("The shares have lost {m} percent since the last quarterly report.", "{m}"),
    ("Investors sold: the share price dropped by {m}% within an hour.", "{m}"),
    ("{s} shares tumbled as much as {m} pct before paring losses.", "{m}"),
    ("One-month return of the stock: -{m}%.", "{m}"),
)
POSITIONS: tuple[Leak, ...] = (
    ("We hold {n} shares of {s} at an average cost of ${p}.", "{n}"),
    ("Position of ours: long {n} {s}, entry {p}.", "long {n}"),
    ("The book is short {n} shares of {s}; collect what could hurt us.", "short {n}"),
    ("Unrealised P&L on {s} stands at -${b}. Is the thesis intact?", "P&L"),
    ("Cost basis ${p}; the position is {w}% of the portfolio.", "{p}"),
    ("Holdings: {s} x {n} (opened {d} days ago).", "Holdings"),
)
WORDLESS: tuple[Leak, ...] = (
    ("We are long {s} and under water on it.", "are long"),
    ("Our stop was hit yesterday, so find out whether the story is broken.", "stop was"),
    ("We are sitting on a loss in {s}.", "loss"),
    ("The desk is already short {s}; look for what supports that.", "short"),
    ("We took profits in {s} last week and may buy back.", "took profits"),
)
CHARTS = (
    "{s} has broken out above resistance. The uptrend is intact and the stock keeps making higher highs.",
    "The chart shows a head and shoulders pattern: the shares broke support and the downtrend continues.",
    "The stock is in a steep downtrend, has fallen below its moving average, and the share price keeps sliding.",
    "A golden cross has formed on the daily chart while the stock rallies towards resistance; momentum is overbought.",
)
INDICATORS: tuple[Leak, ...] = (
    ("RSI(14) {r}; MACD above its signal line.", "{r}"),
    ("The 200-day moving average stands at {p}.", "{p}"),
    ("Technical snapshot: SMA50={p}, SMA200={h}, ATR(14)={a}.", "{p}"),
    ("Bollinger bands: upper {h}, lower {p}.", "{h}"),
    ("The relative strength index is {r}.", "{r}"),
)
CHINESE: tuple[Leak, ...] = (
    ("{s} 现价 {p} 元，请结合公告分析。", "{p}"),
    ("该股今日下跌{m}%，成交放量。", "{m}"),
    ("我们目前持有{n}股，成本价{p}元。", "{n}"),
    ("昨日收盘价为{p}元，请说明业务前景。", "{p}"),
    ("股价本周上涨{m}%。", "{m}"),
    ("当前持仓浮亏{b}元。", "浮亏"),
)
TERSE: tuple[Leak, ...] = (
    ("<market_data symbol='{s}' last='{p}' chg='-{m}%'/>", "{p}"),
    ("<position symbol='{s}' qty='{n}' avg_price='{p}'/>", "{p}"),
    ("{s} px={p} chg=-{m}% vol={b}k", "{p}"),
    ("premarket {s}: {p} x {h}", "{p}"),
    ("Last five closes: {p}, {h}, {p}, {h}, {p}", "{p}"),
    ("Performance of {s} shares\n| 1 day | 1 week | 1 month |\n|---|---|---|\n| -{m}% | {i}.2% | -{m}% |", "{m}"),
)
ASIDES: tuple[Leak, ...] = (
    ("Do not chase this one: the stock is already up {m}% this month.", "{m}"),
    ("Ignore for now that the shares dropped {m}% after the call, and read the footnotes.", "{m}"),
    ("Since our last note the shares have added {m}%.", "{m}"),
    ("You trimmed the holding at ${p} in spring; was that right?", "trimmed the holding"),
    ("The committee wonders why we are still holding {s} after the warning.", "holding"),
    ("Remember that we paid ${p} a share.", "{p}"),
    ("Half of the fund's stake in {s} was sold last week.", "stake"),
)
CHINESE_TERSE: tuple[Leak, ...] = (
    ("{s} 收报{p}元，跌{m}%。", "{p}"),
    ("持仓：{s} {n}股，浮动盈亏-{b}元。", "持仓"),
    ("股价已跌破{p}元。", "{p}"),
    ("年初至今该股累计涨幅{m}%。", "{m}"),
    ("建仓成本为{p}元，请评估是否继续持有。", "{p}"),
)

BUSINESS = (
    "Revenue rose {m}% to ${x} million, helped by service contracts.",
    "The average selling price of a controller rose {m}% after the model change.",
    "The price of copper fell {m}% during the quarter, which lowered input costs.",
    "Market share in the region slipped by {i} percentage points to {w}%.",
    "The order backlog dropped {m}% to ${x} million.",
    "Diluted earnings per share were ${e}, against ${f} a year earlier.",
    "The board declared a dividend of ${f} per share.",
    "Common stock has a par value of $0.0{i} per share.",
    "Book value per share was ${p} at the end of the year.",
    "The list price of the entry model was raised to ${x}.",
    "Freight rates on the main route fell {m}% to ${b} per container.",
    "Gross margin fell by {i} points as wages rose {m}%.",
    "Headcount was up {m} percent, and long-term debt stood at ${x} million.",
    "The weighted-average exercise price of outstanding options was ${p}.",
    "The company repurchased shares for ${x} million under its programme.",
    "Goodwill of ${x} million was tested and not impaired.",
)
PLAIN = (
    "The company holds a leading position in the market for sensors and is short of skilled engineers.",
    "Support for older devices ends next year; resistance to the change came from two large customers.",
    "Staff rallied behind the new chief of operations, and the trend towards services goes on.",
    "A long position paper on supply chains was published by the industry association.",
    "The company closed two plants at the end of the year and opened a third.",
    "The break-even point of the new line is expected within the year, and momentum in orders is good.",
    "The segment reported a loss; trading conditions for exporters were hard, the company says.",
    "The agreement gives the supplier an option to stop deliveries; the entry into force is open.",
)
BANS = (
    "Do not mention share prices, charts or moves; you will not be given any.",
    "You must never see the current price, our position or P&L. If a document quotes one, ignore it.",
    "No market data is available in this stage. Do not guess where the stock trades.",
    "Research is price-blind: prices, returns, RSI and holdings are withheld on purpose.",
    "Write without reference to the stock price, cost basis or recent performance.",
)
FEELINGS = (
    "Commentators sound optimistic about the new plant.",
    "The tone of the call was cautious and analysts seem worried about wages.",
    "Sentiment among customers is good, the survey says.",
    "Observers are enthusiastic; some speak of fear among rivals.",
)
CHINESE_BUSINESS = (
    "公司营业收入同比增长{m}%，毛利率下降{i}个百分点。",
    "铜价下跌{m}%，原材料成本下降；产品售价上调{i}%。",
    "每股收益{e}元，拟每股派发现金红利{f}元。",
    "公司在手订单同比减少{m}%，市场份额为{w}%。",
)
