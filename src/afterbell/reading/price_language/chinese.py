"""The rules of price language for Chinese text: quotes, moves, positions and sentiment.

Real logs are often Chinese. Rules are data, with the same families and severities as the English ones.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

from collections.abc import Iterable

from afterbell.reading.price_language.words import CURRENCY, END, FIGURE, NUMBER, WEIGHTS, PriceRule, Subject

SECURITY = (
    r"股价|股票|个股|该股|A股|港股|美股|B股|指数|大盘|沪指|深成指|创业板|科创板|恒指|纳指|标普|道指|盘中|盘后|盘前|早盘|午后|尾盘|今日收盘"
    r"|收盘|开盘|比特币|以太坊|代币|币价|市值|交易日|两市|板块|停牌|复牌|行情"
)
FUNDAMENTAL = (
    r"营收|营业额|收入|利润|净利|毛利率?|净利率|盈利|业绩|成本|费用|销量|销售额?|订单|产量|产能|份额|市占率|用户|客户|原材料|售价|单价|出厂价"
    r"|产品价格|商品价格|[铜铝钢锂油煤气粮硅棉]价|运价|运费|电价|房价|金价|现金流|库存|存货|每股收益|分红|股息|每股净资产|每股派|应收|研发|投入|投资|利率"
    r"|[债券国]收益率|负债|资产|通胀|工资|人数|员工|门店|出货|交付|需求|供给|出口|进口|价格指数|渗透率|周转|费率|同店|客单价|预算"
)
_JOIN = r"(?:了|达到?|为|是|约|近|逾|超过?|接近|至|到|在|[:：=|\s]){0,4}"
_VERB = (
    r"(?:收|累计|大幅|小幅|再度|一度|继续)?(?:上涨|下跌|涨|跌|上升|下降|升|降|回落|反弹|下挫|大涨|大跌|暴涨|暴跌|飙升|跳水|回撤|高开|低开|攀升"
    r"|走高|走低|下滑|上扬|走强|走弱)(?:幅度?)?"
)

_LABELLED_HEAD = (
    r"现价|当前(?:股|市|成交|交易)?价格?|最新(?:股|成交|交易)?价格?|收盘价?格?|开盘价?格?|最高价|最低价|昨收价?|今开|前收盘?价?|成交价|市价|股价"
    r"|币价|收盘点位|最新报价"
)


def _rule(
    name: str,
    pattern: str,
    examples: Iterable[str],
    counterexamples: Iterable[str],
    *,
    severity: str = "high",
    subject: Subject = "",
    numeric: bool = False,
    gate: str = "",
) -> PriceRule:
    family, _, short = name.partition(".")
    return PriceRule(
        id=f"{family}.zh_{short}", family=family, pattern=pattern, severity=severity, weight=WEIGHTS[severity],
        subject=subject, numeric=numeric, examples=tuple(examples), counterexamples=tuple(counterexamples), gate=gate,
    )  # fmt: skip


CHINESE: tuple[PriceRule, ...] = (
    _rule(
        "quote.labelled",
        rf"(?:{_LABELLED_HEAD})"
        rf"(?:[（(][^）)\n]{{1,12}}[）)])?[\"'*|]{{0,3}}(?:目前|现|约|已|一度|当前|最新)?{_JOIN}[\"']?(?:{CURRENCY}"
        rf"|人民币)?{FIGURE}{END}"
        r"(?!\s?[%％])",
        ("现价：41.20 元", "该公司股价为 182.4 美元", "| 收盘价 | 12.05 |", "昨日收盘价 1,204.50"),
        ("目标价 150 元", "股价 2 年内翻倍的说法不予采信", "现价不提供", "产品售价为 1,299 元"),
        subject="product",
        numeric=True,
        gate=_LABELLED_HEAD,
    ),
    _rule(
        "quote.verb",
        rf"(?:(?:股价|该股|个股)已?(?:跌破|突破|站上|失守|逼近)|跌到|涨到|升到|回到|收于|收报|报收于?|报于|现报|交投于|交易于|成交于|开于|涨至|跌至|升至|触及|报)\s?(?:约)?(?:{CURRENCY}|人民币)?{FIGURE}\s?(?:元"
        rf"|美元|港元|港币"
        rf"|点)(?!/)"
        r"(?!\s?每)",
        ("该股收于 41.20 元", "沪指报 3204.5 点", "股价跌至 17.05 美元", "股价已跌破 41.20 元"),
        ("铜价升至 9800 美元每吨", "客单价升至 41 元", "毛利率升至 41.2%"),
        subject="not_fundamental",
        numeric=True,
    ),
    _rule(
        "move.figure",
        rf"{_VERB}{_JOIN}[+\-−]?(?:{NUMBER}\s?(?:[%％]|个百分点|个点)|百分之[一二三四五六七八九十点零\d]{{1,6}})",
        ("该股今日上涨 3.2%", "股价下跌了 12％", "沪指收跌0.8%", "盘中涨幅超过5%"),
        ("营收同比增长 12%", "原材料价格上涨 8%", "毛利率下降3个百分点", "市场份额上升2个百分点", "铜价上涨 5%"),
        subject="security",
        numeric=True,
    ),
    _rule(
        "move.label",
        rf"(?:涨跌幅?|涨幅|跌幅|(?:日|周|月|年初至今|近\s?\d{{1,2}}\s?[日天周月])(?:涨跌幅?|涨幅|跌幅|收益率"
        rf"|回报率?))[\"'*|（(%）)]{{0,4}}{_JOIN}[\"']?[+\-−]?"
        rf"{NUMBER}\s?[%％]?",
        ("涨跌幅：-3.2%", "日涨幅 1.4%", "年初至今收益率为 23%"),
        ("价格涨幅未提供", "铜价涨幅为 5%", "营收涨幅 12%"),
        subject="not_fundamental",
        numeric=True,
    ),
    _rule(
        "move.points",
        rf"(?:涨|跌|上涨|下跌)了?\s?{NUMBER}\s?(?:元|美元|港元|点)(?!/)",
        ("股价跌了 4.2 元", "沪指上涨 32 点", "该股涨 0.5 美元"),
        ("运费上涨 300 美元", "单价跌了 2 元", "成本上涨 3 元/件"),
        subject="security",
        numeric=True,
    ),
    _rule(
        "move.limit",
        r"(?<!不)(?<!上)涨停(?!滞|产|跌停|限制|幅度?|规则|板?制度|价)|(?<!涨)跌停(?!滞|产|限制|幅度?|规则|板?制度|价)",
        ("该股昨天涨停", "连续跌停", "盘中触及涨停板"),
        ("上涨停滞", "不涨停产", "跌势停止"),
        subject="not_fundamental",
    ),
    _rule(
        "move.direction",
        r"大涨|大跌|暴涨|暴跌|飙升|跳水|反弹|连涨|连跌|走强|走弱|闪崩|高开|低开|收涨|收跌|普涨|普跌",
        ("该股昨日大跌", "股价连涨三日", "大盘跳水"),
        ("原材料成本暴涨", "销量大跌", "运价飙升"),
        severity="medium",
        subject="security",
    ),
    _rule(
        "move.chart",
        r"支撑位|阻力位|压力位|金叉|死叉|超买|超卖|均线(?:多头|空头|上方|下方|附近)|突破(?:前高|压力|阻力|平台|均线|颈线|新高)|站[上稳]\s?\d{0,3}\s?[日周月]?均?线"
        r"|跌破(?:\s?\d{0,3}\s?[日周月]?均?线|支撑|前低|颈线)"
        r"|K线|放量(?:上涨|下跌|突破)|缩量|创(?:历史|阶段|年内|近期)?新[高低]|(?:上升|下降|上涨|下跌)(?:趋势|通道)|头肩[顶底]|双[顶底]形?态?|箱体|技术面",
        ("股价跌破 20 日均线", "出现金叉", "处于上升趋势"),
        ("技术支撑团队", "营收创历史新高", "突破性疗法"),
        severity="medium",
        subject="not_fundamental",
    ),
    _rule(
        "position.held",
        rf"(?:我们?|我方|你们?|您|账户|基金|组合|本策略|策略|目前|当前|现在?)(?:目前|当前|现在|已经?|仍|还|共)?(?:持有|持仓|做多|做空|买入了?|卖出了?)\s?(?:约)?"
        rf"(?:\S{{1,16}}\s?)?{NUMBER}\s?(?:股|手|份|张|枚|个(?:比特币|以太坊|币))",
        ("我们目前持有 300 股", "账户持有 SYNTHETIC_A 200 手", "你已买入 1000 股"),
        ("公司持有 51% 的股权", "我们持有 300 项专利", "股东持有情况"),
        numeric=True,
    ),
    _rule(
        "position.state",
        r"(?:我们?的?|你们?的?|您的?|当前|目前|现有|已有|最新|今日|账户)(?:的)?(?:持仓|仓位|头寸|浮盈|浮亏|盈亏(?!平衡)|持股|敞口)|(?:持仓|仓位|头寸)(?:成本|均价|数量|市值"
        r"|盈亏|情况|明细|状态)?"
        r"\s?[:：=]|(?:我们?|你们?|您|账户|组合)(?:目前|当前|现在|已)?(?:做多|做空|空仓|满仓|半仓|轻仓|重仓|被套|没有持仓|无持仓)",
        ("请结合我们的持仓评估", "当前仓位：多头", "账户目前空仓"),
        ("仓位管理是另一个模块的工作", "市场地位稳固", "盈亏平衡点为 300 件"),
    ),
    _rule(
        "position.pnl",
        rf"(?:未实现|已实现|累计|当日|今日|浮动)(?:盈亏|损益|盈利|亏损|收益)|(?:浮盈|浮亏|浮动盈亏)|盈亏{_JOIN}[+\-−]?(?:{CURRENCY})?{NUMBER}",
        ("未实现盈亏 -1240 元", "该笔浮亏 12%", "盈亏：+320"),
        ("盈亏平衡", "公允价值变动损益", "减少亏损面"),
    ),
    _rule(
        "position.cost",
        rf"(?:持仓成本|成本价|建仓价|建仓成本|开仓均?价|买入均?价|入场价|平均成本|持仓均价){_JOIN}(?:{CURRENCY})?{FIGURE}{END}|(?:止损|止盈)(?:价|位|线"
        rf"|点)?{_JOIN}(?:{CURRENCY})?"
        rf"{FIGURE}{END}|(?:可用资金|可用现金|账户余额|账户净值|账户总资产|账户总值|购买力){_JOIN}(?:{CURRENCY})?{FIGURE}{END}",
        ("成本价 41.20 元", "止损位：38.5", "可用资金 20000 元"),
        ("单位成本 41 元", "请给出止损位", "平均成本法"),
        numeric=True,
    ),
    _rule(
        "sentiment.mood",
        r"看涨|看跌|看多|看空|利好|利空|市场情绪|恐慌|贪婪|追涨|抄底|牛市|熊市",
        ("市场情绪偏暖", "重大利好", "恐慌蔓延"),
        ("看一看", "空调", "牛奶"),
        severity="low",
    ),
)
