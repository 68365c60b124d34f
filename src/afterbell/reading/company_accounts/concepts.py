"""The word list: by which words and keys people name a concept of us-gaap or ifrs-full, as data.

One line a concept of the accounts: its words, the most usual first, and the tags that report it. A tag's own name, with
or without prefix and however it is spelt (`us-gaap:GrossProfit`, `gross_profit`), names it too. Words that make
another figure of it (cost of revenue, revenue per employee, non-GAAP net income) are told apart here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

_CONCEPTS: Final = """
revenue, revenues, net revenue, net revenues, total revenue, total revenues, sales, net sales, total sales, turnover, top line, 营业收入, 营收, 总收入 | Revenues RevenueFromContractWithCustomerExcludingAssessedTax RevenueFromContractWithCustomerIncludingAssessedTax SalesRevenueNet SalesRevenueGoodsNet RevenuesNetOfInterestExpense Revenue RevenueFromContractsWithCustomers RevenueFromSaleOfGoods
cost of revenue, cost of revenues, cost of sales, cost of goods sold, cogs, 营业成本 | CostOfRevenue CostOfGoodsAndServicesSold CostOfGoodsSold CostOfSales
gross profit, gross income, 毛利 | GrossProfit
research and development, research and development expense, r&d, r&d expense, r&d spending, 研发费用, 研发支出 | ResearchAndDevelopmentExpense ResearchAndDevelopmentExpenseExcludingAcquiredInProcessCost
sales and marketing, sales and marketing expense, selling and marketing, selling expense | SellingAndMarketingExpense MarketingExpense SalesAndMarketingExpense
general and administrative, general and administrative expense, g&a, administrative expense | GeneralAndAdministrativeExpense AdministrativeExpense
selling general and administrative, selling general and administrative expense, sg&a, sga | SellingGeneralAndAdministrativeExpense
operating expenses, operating expense, total operating expenses, total costs and expenses, opex | OperatingExpenses CostsAndExpenses OperatingExpense
operating income, operating profit, operating loss, operating result, income from operations, loss from operations, profit from operations, operating earnings, ebit, 营业利润 | OperatingIncomeLoss ProfitLossFromOperatingActivities
net income, net loss, net profit, net earnings, net result, profit for the period, profit for the year, loss for the period, loss for the year, bottom line, 净利润, 净亏损 | NetIncomeLoss ProfitLoss NetIncomeLossAvailableToCommonStockholdersBasic ProfitLossAttributableToOwnersOfParent
pretax income, income before taxes, income before income taxes, profit before tax, loss before tax, loss before income taxes, earnings before tax, 利润总额 | IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest IncomeLossFromContinuingOperationsBeforeIncomeTaxesMinorityInterestAndIncomeLossFromEquityMethodInvestments ProfitLossBeforeTax
income tax expense, income taxes, provision for income taxes, tax expense, income tax benefit | IncomeTaxExpenseBenefit IncomeTaxExpenseContinuingOperations
interest expense, finance costs | InterestExpense InterestExpenseNonoperating FinanceCosts
comprehensive income, comprehensive loss, total comprehensive income | ComprehensiveIncomeNetOfTax ComprehensiveIncome
diluted eps, diluted earnings per share, diluted loss per share, eps diluted, diluted net income per share, 稀释每股收益 | EarningsPerShareDiluted DilutedEarningsLossPerShare EarningsPerShareBasicAndDiluted
basic eps, basic earnings per share, basic loss per share, eps basic, basic net income per share, 基本每股收益 | EarningsPerShareBasic BasicEarningsLossPerShare EarningsPerShareBasicAndDiluted
eps, earnings per share, loss per share, net income per share, net loss per share, 每股收益 | EarningsPerShareDiluted EarningsPerShareBasic EarningsPerShareBasicAndDiluted DilutedEarningsLossPerShare BasicEarningsLossPerShare
dividend per share, dividends per share, dividend | CommonStockDividendsPerShareDeclared CommonStockDividendsPerShareCashPaid DividendsRecognisedAsDistributionsToOwnersPerShare
shares outstanding, outstanding shares, share count, common shares outstanding | CommonStockSharesOutstanding EntityCommonStockSharesOutstanding NumberOfSharesOutstanding SharesOutstanding
diluted shares, diluted share count, weighted average diluted shares, diluted weighted average shares | WeightedAverageNumberOfDilutedSharesOutstanding AdjustedWeightedAverageShares
basic shares, weighted average shares, weighted average shares outstanding | WeightedAverageNumberOfSharesOutstandingBasic WeightedAverageShares
total assets, assets, 总资产, 资产总计 | Assets
current assets, total current assets | AssetsCurrent CurrentAssets
total liabilities, liabilities, 总负债, 负债合计 | Liabilities
current liabilities, total current liabilities | LiabilitiesCurrent CurrentLiabilities
shareholders equity, stockholders equity, total equity, total shareholders equity, total stockholders equity, equity, book value, 股东权益, 净资产 | StockholdersEquity StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest Equity EquityAttributableToOwnersOfParent
cash and cash equivalents, cash, cash position, cash and equivalents, 货币资金 | CashAndCashEquivalentsAtCarryingValue CashAndCashEquivalents CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents Cash
short-term investments, marketable securities | ShortTermInvestments MarketableSecuritiesCurrent
accounts receivable, receivables, trade receivables, 应收账款 | AccountsReceivableNetCurrent ReceivablesNetCurrent TradeAndOtherCurrentReceivables CurrentTradeReceivables
inventory, inventories, 存货 | InventoryNet Inventories
goodwill, 商誉 | Goodwill
intangible assets, intangibles | IntangibleAssetsNetExcludingGoodwill FiniteLivedIntangibleAssetsNet IntangibleAssetsOtherThanGoodwill
property plant and equipment, pp&e, property and equipment, fixed assets, investment property | PropertyPlantAndEquipmentNet PropertyPlantAndEquipment InvestmentProperty
accounts payable, payables, trade payables, 应付账款 | AccountsPayableCurrent AccountsPayableTradeCurrent TradeAndOtherCurrentPayables
deferred revenue, contract liabilities, unearned revenue | DeferredRevenueCurrent ContractWithCustomerLiabilityCurrent ContractWithCustomerLiability DeferredRevenue ContractLiabilities
remaining performance obligations, remaining performance obligation, rpo | RevenueRemainingPerformanceObligation
long-term debt, total debt, debt, borrowings, notes payable, term debt, 长期借款 | LongTermDebt LongTermDebtNoncurrent DebtLongtermAndShorttermCombinedAmount DebtInstrumentCarryingAmount Borrowings LongtermBorrowings
retained earnings, accumulated deficit | RetainedEarningsAccumulatedDeficit RetainedEarnings
operating cash flow, cash flow from operations, cash from operations, cash flow from operating activities, cash provided by operating activities, net cash provided by operating activities, net cash from operating activities, cash generated from operations, 经营活动现金流 | NetCashProvidedByUsedInOperatingActivities NetCashProvidedByUsedInOperatingActivitiesContinuingOperations CashFlowsFromUsedInOperatingActivities
investing cash flow, cash flow from investing activities, net cash used in investing activities | NetCashProvidedByUsedInInvestingActivities CashFlowsFromUsedInInvestingActivities
financing cash flow, cash flow from financing activities, net cash from financing activities | NetCashProvidedByUsedInFinancingActivities CashFlowsFromUsedInFinancingActivities
capital expenditures, capital expenditure, capex, purchases of property and equipment, purchase of property plant and equipment, 资本开支 | PaymentsToAcquirePropertyPlantAndEquipment PaymentsToAcquireProductiveAssets PurchaseOfPropertyPlantAndEquipmentClassifiedAsInvestingActivities
depreciation and amortization, depreciation, d&a, depreciation and amortisation | DepreciationDepletionAndAmortization DepreciationAmortizationAndAccretionNet DepreciationAndAmortization Depreciation DepreciationAndAmortisationExpense
stock-based compensation, share-based compensation, stock compensation, sbc | ShareBasedCompensation AllocatedShareBasedCompensationExpense AdjustmentsForSharebasedPayments
share repurchases, stock repurchases, buybacks, repurchases of common stock, share buyback | PaymentsForRepurchaseOfCommonStock StockRepurchasedDuringPeriodValue PaymentsToAcquireOrRedeemEntitysShares
"""  # noqa: E501 - one concept a line

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^a-z0-9&\u4e00-\u9fff]{1,40}")
_PREFIX = re.compile(r"(?:us-gaap|us_gaap|usgaap|ifrs-full|ifrs_full|ifrs|dei)[:/_]", re.IGNORECASE)
_TAG = re.compile(r"\b(?:(?:us-gaap|ifrs-full|dei):)?[A-Z][a-z]{1,30}(?:[A-Z][A-Za-z]{1,30}){1,20}\b")
_LONGEST_KEY = 200
# Words before or after a concept's own that make it another figure than the one the accounts report under its tag.
_OTHER_BEFORE = re.compile(
    r"(?:non-?\s?gaap|adjusted|underlying|pro[- ]forma|segment|core|organic|expected|projected|forecast(?:ed)?|guidance"
    r"|consensus|estimated|net\sof|per|recurring|billed|free)\s{0,2}\Z"
)
_OTHER_AFTER = re.compile(
    r"\s{0,2}(?:growth|margins?|multiples?|yields?|per\s(?:share|employee|user|customer)|guidance|estimates?|forecasts?|"
    r"ratio|turnover|target|beat|miss|surprise|team|cycle|mix)\b"
)


class Named(Struct, frozen=True, kw_only=True):
    """Tags that a stretch of text names, and where it stands there."""

    tags: frozenset[str]
    start: int
    end: int


def _lines() -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    for line in _CONCEPTS.strip().splitlines():
        words, _, tags = line.partition("|")
        yield tuple(word.strip() for word in words.split(",")), frozenset(tags.split())


WORDS: Final[dict[str, frozenset[str]]] = {}
for _words, _tags in _lines():
    for _word in _words:
        WORDS[_word] = WORDS.get(_word, frozenset()) | _tags
_OF_TAG: Final[dict[str, frozenset[str]]] = {}
for _words, _tags in _lines():
    for _tag in _tags:
        _OF_TAG.setdefault(_tag, _tags)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return one pattern for all words, the longest first; hyphens, blanks, apostrophes and commas are one gap."""
    shapes = []
    for word in sorted(words, key=len, reverse=True):
        shape = r"(?:[\s\-\u2019'_,]|s['\u2019]|['\u2019]s){1,3}".join(map(re.escape, re.split(r"[\s-]", word)))
        shapes.append(shape if not word.isascii() else rf"(?<![\w&]){shape}(?![\w&])")
    return re.compile("|".join(shapes), re.IGNORECASE)


_SHORT = 20_000  # characters of a text worth remembering
_PATTERN: Final = _pattern(tuple(WORDS))


def in_text(text: str) -> tuple[Named, ...]:
    """Return the concepts that a text names in words or by tag, in order."""
    return (_in_text if len(text) <= _SHORT else _in_text.__wrapped__)(text)


@lru_cache(maxsize=256)
def _in_text(text: str) -> tuple[Named, ...]:
    found = []
    for hit in _PATTERN.finditer(text):
        low = text[max(0, hit.start() - 24) : hit.start()].lower()
        if _OTHER_BEFORE.search(low) or _OTHER_AFTER.match(text[hit.end() : hit.end() + 24].lower()):
            continue
        tags = WORDS.get(_plain(hit[0]))
        if tags:
            found.append(Named(tags=tags, start=hit.start(), end=hit.end()))
    for hit in _TAG.finditer(text):
        name = _PREFIX.sub("", hit[0])
        found.append(Named(tags=frozenset({name}), start=hit.start(), end=hit.end()))
    return tuple(sorted(found, key=lambda each: (each.start, -each.end)))


@lru_cache(maxsize=8192)
def of_key(key: str) -> frozenset[str]:
    """Return the tags that a key of data names: a tag in any spelling, or words of the list."""
    if len(key) > _LONGEST_KEY:
        return frozenset()
    bare = _PREFIX.sub("", key.strip(), count=1)
    words = _plain(bare)
    if "_" in bare or " " in bare or not bare[:1].isupper() or bare in WORDS:
        return WORDS.get(words, frozenset()) | frozenset(tag for tag in (_SPELT.get(words),) if tag)
    return WORDS.get(words, frozenset()) | frozenset({bare})


def akin(tag: str) -> frozenset[str]:
    """Return the tags that the list puts beside a tag, itself among them."""
    return _OF_TAG.get(tag, frozenset()) | {tag}


def spelt(tag: str) -> str:
    """Return a tag as plain words: `GrossProfit` as "gross profit"."""
    return _plain(tag)


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    text = text.replace("\u2019", "'").replace("'s", "s").replace("s'", "s")
    words = _NO_WORD.sub(" ", _CAMEL.sub(" ", text).lower()).strip()
    return _HYPHENED.get(words, words)


_HYPHENED: Final = {re.sub("-", " ", word): word for word in WORDS if "-" in word}
_SPELT: Final = {_plain(tag): tag for tags in WORDS.values() for tag in tags}
