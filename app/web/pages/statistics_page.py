"""The operator desk: figures, charts and tables of the work, in words and places to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.texts import Text
from app.use_cases.reporting.outcomes import Outcomes
from app.use_cases.reporting.periods import PERIODS
from app.use_cases.reporting.portfolio import Bucket, Roll
from app.use_cases.reporting.show_statistics import LimitUse, Statistics
from app.web import charts, present
from app.web.page_models import Choice
from app.web.pages.business_date_page import CloseRow, close_row
from app.web.texts import language

LIMIT_KINDS = {
    "borrower": Text("单户额度", "Per borrower"),
    "core_enterprise": Text("核心企业额度", "Per core enterprise"),
    "product": Text("产品额度", "Per product"),
    "funder": Text("总额度", "In all"),
}
NOTHING = "—"


@dataclass(frozen=True)
class Figure:
    """A key figure: the number, its unit, and what to compare it with."""

    label: Text
    number: str
    unit: Text
    note: Text
    is_worse: bool = False


@dataclass(frozen=True)
class StepRow:
    """A week or month, or a product, in the table of outcomes."""

    name: Text | str
    outcomes: Outcomes
    rate: str


@dataclass(frozen=True)
class BarRow:
    """A name, up to two bars in percent of the longest one, and what is written beside them."""

    name: Text
    dark: float
    pale: float
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TrendCard:
    """A ratio over the months: its last value, how it changed, and each value for those who read the table."""

    name: Text
    last: str
    chart: charts.Trend | None
    note: Text
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LimitRow:
    funder: Text
    kind: Text
    many: int
    used: Decimal
    total: Decimal
    percent: int
    nearly_full: int


@dataclass(frozen=True)
class PersonRow:
    name: str
    tasks: int
    median: str


@dataclass(frozen=True)
class StatisticsPage:
    """`figures` on top; `balances` says what all accounts add up to, None for a reader of one funder."""

    periods: tuple[Choice, ...]
    funders: tuple[Choice, ...]
    business_on: date
    closed_on: date | None
    figures: tuple[Figure, ...]
    by_month: bool
    columns: charts.Columns
    steps: tuple[StepRow, ...]
    products: tuple[StepRow, ...]
    approval: TrendCard
    stages: tuple[BarRow, ...]
    times: tuple[BarRow, ...]
    buckets: tuple[BarRow, ...]
    late: TrendCard
    rolls: tuple[TrendCard, ...]
    money: tuple[tuple[Text, Decimal, Decimal, Decimal], ...]
    balances: str | None
    is_balanced: bool
    limits: tuple[LimitRow, ...]
    people: tuple[PersonRow, ...]
    closes: tuple[CloseRow, ...]


def statistics_page(found: Statistics) -> StatisticsPage:
    """The page of what was found, in the reader's language."""
    steps = [(f"{day:%Y-%m}" if found.period.by_month else f"{day:%m-%d}", one) for day, one in found.steps]
    everybody = Choice("", Text("全部资金方", "All funders"), found.funder_id is None)
    choices = (everybody, *(Choice(str(id_), name, id_ == found.funder_id) for id_, name in found.funders))
    balances = found.balances
    return StatisticsPage(
        periods=tuple(Choice(one.key, one.name, one is found.period) for one in PERIODS.values()),
        funders=choices if found.funders else (),
        business_on=found.business_on,
        closed_on=found.closed_on,
        figures=_figures(found),
        by_month=found.period.by_month,
        columns=charts.columns([(name[-5:], one.every, one.approved) for name, one in steps]),
        steps=tuple(StepRow(name, one, _percent(one.approval_rate)) for name, one in reversed(steps)),
        products=tuple(StepRow(name, one, _percent(one.approval_rate)) for name, one in found.products),
        approval=_card(Text("批准率", "Approval rate"), [(name, one.approval_rate) for name, one in steps]),
        stages=_stages(found),
        times=_times(found),
        buckets=_buckets(found.portfolio.buckets),
        late=_card(Text("逾期 30 天以上", "Over 30 days past due"), _by_month(found.portfolio.late_months)),
        rolls=tuple(_roll(one) for one in found.portfolio.rolls),
        money=tuple((one.name, one.received, one.paid_out, one.unapplied) for one in found.money),
        balances=None if balances is None else " ".join(present.money(one) for one in balances.values()) or "0.00",
        is_balanced=not any((balances or {}).values()),
        limits=tuple(_limit(one) for one in found.limits),
        people=tuple(
            PersonRow(Text(one.name_zh, one.name_en).of(language()), one.tasks, _length(one.median))
            for one in found.busiest
        ),
        closes=tuple(close_row(one) for one in found.closes),
    )


def _figures(found: Statistics) -> tuple[Figure, ...]:
    now, before = _last_two([one for _, one in found.steps])
    step = Text("本月", "this month") if found.period.by_month else Text("本周", "this week")
    earlier = Text("上月", "last month") if found.period.by_month else Text("上周", "last week")
    book, payout = found.portfolio, found.to_payout
    late = [(end, share) for end, share in book.late_months if end < found.business_on]
    return (
        Figure(
            Text(f"{step.zh}进件", f"Applications {step.en}"),
            present.count(now.every),
            Text("笔", "cases"),
            Text(f"{earlier.zh} {present.count(before.every)} 笔", f"{present.count(before.every)} {earlier.en}"),
        ),
        Figure(
            Text("批准率", "Approval rate"),
            _number(sum_rate := _overall(found)),
            Text("%" if sum_rate is not None else "", "%" if sum_rate is not None else ""),
            Text(f"{found.period.name.zh}，已有结论的申请", f"of decided applications, {found.period.name.en}"),
        ),
        Figure(
            Text("进件到放款，中位", "Application to payout, median"),
            _length(payout.median) if payout else NOTHING,
            Text("", ""),
            _loans(payout.many) if payout else Text("还没有放款", "no loan yet"),
        ),
        Figure(
            Text("本月放款", "Paid out this month"),
            present.yuan_short(found.lent_this_month.amount, language()),
            Text("", ""),
            _loans(found.lent_this_month.many),
        ),
        Figure(
            Text("逾期 30 天以上", "Over 30 days past due"),
            _number(book.late_share),
            Text("%" if book.late_share is not None else "", "%" if book.late_share is not None else ""),
            Text(f"{late[-1][0]:%Y-%m} 末 {late[-1][1]}%", f"{late[-1][1]}% at the end of {late[-1][0]:%Y-%m}")
            if late
            else Text("占尚欠本息", "of all that is owed"),
            is_worse=bool(late) and book.late_share is not None and book.late_share > late[-1][1],
        ),
    )


def _loans(many: int) -> Text:
    number = present.count(many)
    return Text(f"{number} 笔放款", "1 loan" if many == 1 else f"{number} loans")


def _last_two(steps: Sequence[Outcomes]) -> tuple[Outcomes, Outcomes]:
    return steps[-1], steps[-2]


def _overall(found: Statistics) -> Decimal | None:
    approved, refused = (sum(getattr(one, kind) for _, one in found.steps) for kind in ("approved", "refused"))
    return Outcomes(approved + refused, approved=approved, refused=refused).approval_rate


def _stages(found: Statistics) -> tuple[BarRow, ...]:
    most = max((one.reached for one in found.stages), default=0) or 1
    return tuple(
        BarRow(
            Text(f"{place} {one.name.zh}", f"{place} {one.name.of('en')}"),
            round(100 * one.reached / most, 1),
            0,
            (present.count(one.reached), present.count(one.now)),
        )
        for place, one in enumerate(found.stages, 1)
    )


def _times(found: Statistics) -> tuple[BarRow, ...]:
    longest = max((one.times.ninety for one in found.times), default=0) or 1
    return tuple(
        BarRow(
            one.name,
            round(100 * one.times.median / longest, 1),
            round(100 * one.times.ninety / longest, 1),
            (_length(one.times.median), _length(one.times.ninety), present.count(one.times.many)),
        )
        for one in found.times
    )


def _buckets(buckets: Sequence[Bucket]) -> tuple[BarRow, ...]:
    most = max((one.amount for one in buckets), default=Decimal(0)) or Decimal(1)
    return tuple(
        BarRow(
            Text(f"{_days(one)}\u00a0天", f"{_days(one)}\u00a0days")
            if one.ends
            else Text(f"{one.begins}\u00a0天以上", f"{one.begins}+\u00a0days"),
            float(round(100 * one.amount / most, 1)),
            0,
            (present.money(one.amount / 10_000), present.count(one.loans), f"{one.share}%"),
        )
        for one in buckets
    )


def _days(one: Bucket) -> str:
    return f"{one.begins}–\u2060{one.ends}"  # joined: a line does not end within it


def _roll(one: Roll) -> TrendCard:
    names = {0: ("正常", "current", "1–30"), 1: ("1–30", "1–30", "31–60"), 31: ("31–60", "31–60", "61–90")}
    zh, en, farther = names.get(one.begins, ("61–90", "61–90", "91+"))
    return _card(Text(f"{zh} → {farther}", f"{en} → {farther}"), _by_month(one.points))


def _by_month(points: Sequence[tuple[date, Decimal]]) -> list[tuple[str, Decimal | None]]:
    return [(f"{end:%Y-%m}", share) for end, share in points]


def _card(name: Text, points: Sequence[tuple[str, Decimal | None]]) -> TrendCard:
    there = [value for _, value in points if value is not None]
    chart = charts.trend([value for _, value in points])
    if chart is None or not there:
        note = Text("还没有数据", "nothing to show yet")
    else:
        span = f"{points[0][0]} – {points[-1][0]}"
        note = Text(f"纵轴 {chart.low}–{chart.high}%，{span}", f"axis {chart.low}–{chart.high}%, {span}")
    return TrendCard(
        name,
        _percent(there[-1] if there else None),
        chart,
        note,
        tuple((label, _percent(value)) for label, value in reversed(points)),
    )


def _limit(one: LimitUse) -> LimitRow:
    percent = int(100 * one.used / one.total) if one.total else 0
    kind = LIMIT_KINDS.get(one.kind, Text("其他额度", "Other limits"))
    return LimitRow(one.funder, kind, one.many, one.used, one.total, percent, one.nearly_full)


def _percent(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value}%"


def _number(value: Decimal | None) -> str:
    return NOTHING if value is None else str(value)


def _length(minutes: int | None) -> str:
    return NOTHING if minutes is None else present.duration(timedelta(minutes=minutes), language())
