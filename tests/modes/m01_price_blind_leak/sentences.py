"""Sentences of a research prompt that tell a price, a move or our position, and some that use the same words."""

LEAKS = """\
SYNTHETIC_A changes hands at 41.20 this morning.
The shares were last seen near 118 dollars apiece.
The stock has shed a tenth of its value since Monday.
We are sitting on 400 shares bought at 37.
The name has more than doubled in a month.
Our stake is under water by 6 percent.
Last print 12.04, bid 12.03, ask 12.05.
It closed the week a hair below 90.
RSI stands at 71 and the MACD has crossed.
The quote on the screen reads 5,310.
Pre-market it is up three and a half percent.
We trimmed half of our long yesterday and still hold the rest.
The book shows an open loss of 2,300 on this idea.
SYNTHETIC_A trades at 23 times earnings with a share price of 46.
The ticker slid from 77 to 69 within two sessions.
A limit order of ours at 15.50 was filled last night.
The market cap fell by 9% on the day.
It is our largest holding at 14% of the book.
Candles: O 10.1 H 10.6 L 9.9 C 10.4.
The coin fetches 2,041 USDT.
Since we bought, the position has gained 11%.
Bollinger upper band is at 33.2.
Average entry 88.1, mark 84.9.
The equity line is down 4% this week.
The bonds of the issuer yield less because the shares jumped 8%.
Stop at 19, target at 26, last 21.4.
We are flat after taking profit of 900.
Its price action is bullish: higher highs and higher lows.
目前股价为12.35元，较昨日下跌3.1%。
我们持有该股500股，成本价9.8元。
该币现报2041美元。
我们的仓位浮亏4%。
昨日收盘价45.6元。
The ticker now stands at 63.40 after the bell.
We added to our long at the close.
SYNTHETIC_A lost 7% on Thursday.
Our short in the name is up 300 dollars.
The security was marked at 98.6.
The stock gained a quarter of its value this year.
Paper profit of 1,200 so far.
You own 25 contracts of SYNTHETIC_B.
Price action: bid 4.01, offer 4.03.
The shares are up 22 percent since January.
Entry 71.5; current 69.9.
The portfolio has 3% in SYNTHETIC_C.
The stock sank 5 percent after hours.
We closed our position at a loss.
The 50-day moving average sits at 120.
The token has tripled since our purchase.
Coin price now 0.52 USD.
The screen shows 77.15 for the stock.
Unrealised gain: 640.
SYNTHETIC_D is quoted at 55.
A buy order was filled at 30.1.
We are short 300 SYNTHETIC_E.
The share sells for 8.90.
Shares opened at 41 and closed at 43.
The stock is down by half from its peak.
Stochastics at 88.
It ended the session at 66.2.
We booked a gain of 480 on it.
The stop order was filled on Friday.
Daily return of the stock: -2.4%.
Your stake in SYNTHETIC_F is in the red.
该股今日上涨5.2%。
持仓：300股，成本12.1元。
最新价18.6元。
"""

PLAIN = """\
Revenue rose 12 percent to 412 million.
Do not use share prices; judge the filing only.
The dividend is 0.40 per share.
Copper costs 9,100 a tonne, up 4% since March.
Gross margin fell to 41 percent from 44.
The company sold 1.2 million units at an average price of 310 dollars.
No price, chart or position is given on purpose.
Par value 0.01 per share.
Book value stands at 18 per share.
Headcount dropped by 7 percent.
The plant runs at 88 percent of capacity.
The patent suit was settled for 30 million.
Freight rates climbed 20 percent.
The loan carries 5.25 percent.
Bookings doubled in a year.
Market share slid from 24 to 21 percent.
The list price of the device is 999.
EPS came in at 2.31 against 2.05.
The fiscal year closes at the end of June.
The firm holds 400 patents and bought 37 more.
It opened a store and closed two.
Customers pay 12 dollars a month.
The order book grew by 9% on the year.
Its largest customer is 14% of sales.
The board approved a buyback of 500 million.
Wages went up three and a half percent.
The tool get_price must not be called in this stage.
The auditor has been in position since 2011.
Inventory days moved from 77 to 69.
The target for emissions is 26 percent.
Churn is bullish for rivals, said the memo on customers.
The rally of staff in front of the plant drew 300 people.
Interest cover is 8 times and debt is 2.3 times EBITDA.
The chart of accounts has 120 lines.
Volume shipped was 3.4 million tonnes.
The new high-speed line opens in May.
公司营收同比增长12%，达到4.1亿元。
每股股息0.5元。
产品售价为310元，较上年上涨4%。
研究阶段不提供股价与持仓。
Sales stood at 63.4 million after the merger.
We added to our staff at the close of the year.
The unit lost 7% of its clients.
Our short list has three names.
The exam was marked at 98.6 by the board.
The firm gained a quarter of the market.
Profit of 1,200 million so far.
The company owns 25 contracts with states.
Offers were 4 percent higher.
Wages are up 22 percent since January.
Entry into force: 2027.
The portfolio of brands has 3% in Asia.
Output sank 5 percent after the strike.
We closed our plant at a loss of 300 jobs.
The five-year average of claims sits at 120.
Temperatures touched 18.75 degrees.
Users have tripled since our launch.
Electricity price now 0.52 USD per unit.
The table shows 77.15 million for the segment.
Unbilled revenue: 640.
The drug is listed at 55 dollars a dose.
A purchase order was filled at the plant.
The price index for food fell 1.2 points.
Our cost is 14.2 million.
We are short of welders.
The book sells for 8.90 in stores.
Its largest customer, 12% of sales, is this one.
Debt is down by half from its peak.
Utilisation at 88.
The year ended with cash of 66.2 million.
We booked a provision of 480 million.
The tender was filled on Friday.
ISO(14)=31
Return on equity: 12.4%.
The region is in the red.
公司今日上调产能5.2%。
公司持有300项专利。
最新产品售价18.6元。
公司昨天裁减了一半员工。
"""
