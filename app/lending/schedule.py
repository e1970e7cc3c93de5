"""Plans of repayment: due dates, principal and interest of each instalment, exact to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from app.lending.day_count import interest_on, year_fraction
from app.lending.due_dates import DueRule, Period, periods
from app.lending.money import EXACT, HALF_UP_TO_FEN, ZERO, Rounding

METHODS = ("equal_instalment", "equal_principal", "interest_monthly", "bullet")
ALL_METHODS = (*METHODS, "fixed_principal")
MOST_INSTALMENTS = 1200


@dataclass(frozen=True)
class Instalment:
    """What is due on a day, in the loan's currency: `total` is principal and interest, `balance` is owed afterwards."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    balance: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


@dataclass(frozen=True)
class Disbursement:
    """Money paid out on a day; on a due date it is added after that instalment."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """What a contract says of repayment.

    `method`: equal_instalment, equal_principal, interest_monthly (interest each time, principal at the end), bullet
    (all at the end) or fixed_principal (`principal_part` each time, the rest at the end). `flat`: interest of the
    whole term on the first amount, spread evenly. `count` instalments, or None with `until_zero` and a given
    `instalment`. `interest_only_count` first instalments repay no principal. Interest pieces inside a period (after a
    disbursement) are rounded one by one unless `round_each_piece` is off.
    """

    disbursements: tuple[Disbursement, ...]
    rate_percent: Decimal
    count: int | None
    method: str = "equal_instalment"
    flat: bool = False
    due: DueRule = field(default_factory=DueRule)
    day_count: str = "30/360"
    rounding: Rounding = HALF_UP_TO_FEN
    instalment_rounding: Rounding | None = None
    round_each_piece: bool = True
    instalment: Decimal | None = None
    principal_part: Decimal | None = None
    interest_only_count: int = 0
    until_zero: bool = False

    def __post_init__(self) -> None:
        paid_out = min((one.amount for one in self.disbursements), default=ZERO)
        known = self.method in ALL_METHODS and (self.count or 1) > 0
        if paid_out <= 0 or not known or self.rate_percent < 0:
            raise ValueError("a loan needs an amount and a term above zero, a rate not below it, and a known method")
        if self.method == "fixed_principal" and self.principal_part is None:
            raise ValueError("fixed_principal needs the principal part")
        if self.count is None and not (self.until_zero and self.instalment):
            raise ValueError("without a count of instalments the instalment is given and runs until zero")
        if self.flat and len(self.disbursements) > 1:
            raise ValueError("flat interest is on one disbursement")

    @property
    def start_on(self) -> date:
        """The day of the first disbursement."""
        return min(one.on for one in self.disbursements)

    def periods(self) -> tuple[Period, ...]:
        """The periods by the contract's due rule."""
        return periods(self.start_on, self.count or MOST_INSTALMENTS, self.due)

    def level_rounding(self) -> Rounding:
        """How a level instalment is rounded: as all amounts unless agreed otherwise."""
        return self.instalment_rounding or self.rounding


def make_schedule(terms: Terms, agreed: Sequence[Period] | None = None) -> tuple[Instalment, ...]:
    """The plan by the contract's periods, or by `agreed` ones.

    The principals add up to what is paid out; the last instalment takes what rounding left. A level instalment is
    what was paid out, valued at the first due date, over the annuity-due factor of the periods left, and is made anew
    after each disbursement. ValueError where money is paid out outside the term or an instalment does not cover the
    interest for ever.
    """
    spans = tuple(agreed) if agreed is not None else terms.periods()
    if any(not spans[0].start_on <= one.on < spans[-1].due_on for one in terms.disbursements):
        raise ValueError("money is paid out before the last due date")
    with localcontext(EXACT):
        if terms.method == "bullet":
            return _bullet(terms, spans)
        if terms.flat:
            amount = terms.disbursements[0].amount
            return flat_rows(terms, spans, base=amount, balance=amount)
        return tuple(_declining(terms, spans))


def interest_pieces(
    terms: Terms, span: Period, steps: Iterable[tuple[date, date, Decimal]], rate: Decimal | None = None
) -> Decimal:
    """The interest of one period over pieces (from, to, balance), not rounded."""
    rate = terms.rate_percent if rate is None else rate
    return sum(
        (interest_on(balance, rate, year_fraction(terms.day_count, left, right, span.month_marks))
         for left, right, balance in steps if right > left),
        Decimal(0),
    )  # fmt: skip


def rounded_interest(terms: Terms, span: Period, steps: Sequence[tuple[date, date, Decimal]]) -> Decimal:
    """The interest of one period as it is charged: each piece rounded, or the sum where the terms say so."""
    if not terms.round_each_piece:
        return terms.rounding.of(interest_pieces(terms, span, steps))
    return sum((terms.rounding.of(interest_pieces(terms, span, [step])) for step in steps), ZERO)


def level_instalment(terms: Terms, spans: Sequence[Period], value_at_first_due: Decimal) -> Decimal:
    """The equal instalment over `spans` whose first one is due when the debt is worth `value_at_first_due`."""
    with localcontext(EXACT):
        factor = discount = Decimal(1)
        for span in spans[1:]:
            discount /= 1 + interest_pieces(terms, span, [(span.start_on, span.due_on, Decimal(1))])
            factor += discount
        return terms.level_rounding().of(value_at_first_due / factor)


def _declining(terms: Terms, spans: Sequence[Period]) -> Iterable[Instalment]:
    balance, part_or_level = ZERO, Decimal(0)
    for index, span in enumerate(spans):
        drawn = [one for one in terms.disbursements if span.start_on <= one.on < span.due_on]
        steps = _steps(span, balance, drawn)
        balance += sum((one.amount for one in drawn), Decimal(0))
        interest = rounded_interest(terms, span, steps)
        if drawn or index == terms.interest_only_count:
            part_or_level = _regular_amount(terms, spans[index:], steps, balance)
        last = span is spans[-1] and terms.count is not None
        part = balance if last else _principal_part(terms, index, part_or_level, interest, balance)
        balance -= part
        yield Instalment(span.number, span.due_on, part, interest, balance)
        if balance == 0 and all(one.on < span.due_on for one in terms.disbursements):
            return
    if balance:
        raise ValueError("the instalment never repays the loan")


def _steps(span: Period, balance: Decimal, drawn: Sequence[Disbursement]) -> list[tuple[date, date, Decimal]]:
    """The pieces of a period: from each day on which money is paid out to the next."""
    steps, left = [], span.start_on
    for one in sorted(drawn, key=lambda one: one.on):
        steps.append((left, one.on, balance))
        left, balance = one.on, balance + one.amount
    return [step for step in [*steps, (left, span.due_on, balance)] if step[1] > step[0]]


def _regular_amount(
    terms: Terms, spans: Sequence[Period], steps: Sequence[tuple[date, date, Decimal]], balance: Decimal
) -> Decimal:
    """The level instalment, or the principal part, from now on."""
    if terms.method == "equal_instalment":
        if terms.instalment is not None:
            return terms.instalment
        return level_instalment(terms, spans, balance + interest_pieces(terms, spans[0], steps))
    if terms.method == "equal_principal":
        return terms.rounding.of(balance / len(spans))
    return terms.principal_part or ZERO


def _principal_part(terms: Terms, index: int, amount: Decimal, interest: Decimal, balance: Decimal) -> Decimal:
    if index < terms.interest_only_count or terms.method == "interest_monthly":
        return ZERO
    part = amount - interest if terms.method == "equal_instalment" else amount
    return min(max(part, ZERO), balance)


def flat_rows(terms: Terms, spans: Sequence[Period], *, base: Decimal, balance: Decimal) -> tuple[Instalment, ...]:
    """Flat interest on `base` and the `balance` in even parts over `spans`; the last row takes the rest."""
    with localcontext(EXACT):
        years = sum(
            (year_fraction(terms.day_count, one.start_on, one.due_on, one.month_marks) for one in spans), Fraction(0)
        )
        interest = terms.rounding.of(interest_on(base, terms.rate_percent, years))
        share = terms.rounding.of(interest / len(spans))
        even = balance / max(len(spans) - terms.interest_only_count, 1)
        rows: list[Instalment] = []
        for index, span in enumerate(spans):
            last = span is spans[-1]
            charged = interest - sum((row.interest for row in rows), ZERO)
            charged = charged if last else min(share, charged)
            part = balance if last else _flat_part(terms, index, even, charged, balance)
            balance -= part
            rows.append(Instalment(span.number, span.due_on, part, charged, balance))
        return tuple(rows)


def _flat_part(terms: Terms, index: int, even: Decimal, charged: Decimal, balance: Decimal) -> Decimal:
    if index < terms.interest_only_count or terms.method == "interest_monthly":
        return ZERO
    if terms.method == "fixed_principal":
        return min(terms.principal_part or ZERO, balance)
    if terms.instalment is not None:
        even = terms.instalment - charged
    elif terms.instalment_rounding is not None and terms.method == "equal_instalment":
        even = terms.instalment_rounding.of(even + charged) - charged
    return min(max(terms.rounding.of(even), ZERO), balance)


def _bullet(terms: Terms, spans: Sequence[Period]) -> tuple[Instalment, ...]:
    """One row at maturity: all principal, and simple interest of the whole term, rounded once."""
    interest, balance = Decimal(0), ZERO
    for span in spans:
        drawn = [one for one in terms.disbursements if span.start_on <= one.on < span.due_on]
        steps = _steps(span, balance, drawn)
        interest += interest_pieces(terms, span, steps)
        balance = steps[-1][2]
    return (Instalment(1, spans[-1].due_on, balance, terms.rounding.of(interest), ZERO),)


def plan(
    principal: Decimal, rate_percent_per_year: Decimal, term_months: int, method: str, paid_out_on: date
) -> tuple[Instalment, ...]:
    """The plan of an offer, in monthly periods of a twelfth of the yearly rate, each amount rounded half up to the fen.

    `method` is one of METHODS. Due on the payout's day of the month, or the month's last day where it has fewer.
    ValueError for an amount or term that is not above zero.
    """
    if term_months <= 0 or method not in METHODS:
        raise ValueError("a loan needs an amount and a term above zero, a rate not below it, and a known method")
    return make_schedule(Terms((Disbursement(paid_out_on, principal),), rate_percent_per_year, term_months, method))
