"""Whatever a borrower pays and whenever the days are closed, the books hold, and closing again finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import create_app
from app.errors import Refused
from app.storage import ledger, loans
from app.storage.cases import LoanCase
from app.storage.database import db
from app.storage.loans import ACTIVE, Loan
from app.use_cases.ledger_check.check_ledger import INVARIANTS, check_in
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.loan_books import every_loan
from app.use_cases.loans.accelerate_loan import accelerate_loan
from app.use_cases.loans.charge_loan import charge_in
from app.use_cases.loans.close_loan import close_loan_in
from app.use_cases.loans.take_receipt import take_receipt_in
from app.use_cases.operation import Call
from tests import databases as prepared
from tests.databases import Databases
from tests.desk import FIRM, FIRM_OF_TWO, OTHER_FIRM, Desk
from tests.soak import soaking
from tests.use_cases.loans.lent import PAID_OUT, at, lent
from tests.use_cases.loans.undone import undone

TERMS = (
    {"login": FIRM},
    {"login": OTHER_FIRM, "amount": "100000.01", "months": 6, "rate": "7.35", "method": "equal_instalment"},
    {"login": FIRM_OF_TWO, "amount": "99999.99", "months": 3, "rate": "5.60", "method": "bullet"},
    {"login": FIRM, "amount": "50000.00", "months": 4, "rate": "12.00", "method": "interest_monthly"},
)


@dataclass(frozen=True)
class Village:
    """A desk with one loan of each kind of terms."""

    desk: Desk
    loan_numbers: tuple[str, ...]


@pytest.fixture(scope="module")
def village(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    folder = tmp_path_factory.mktemp("village")
    desk = Desk(create_app(prepared.settings(folder / "var", databases.sqlite("demo", folder / "loan.db"))))
    yield Village(desk, tuple(lent(desk, **terms) for terms in TERMS))  # type: ignore[arg-type]
    with desk.app.app_context():
        db.engine.dispose()


@dataclass(frozen=True)
class Move:
    """What happens `days` after the move before: a close, money of an earlier value date, a charge, a calling-in."""

    kind: str
    days: int
    fen: int = 0
    back: int = 0


DAYS = st.integers(0, 45)
FEN = st.one_of(st.integers(1, 999), st.integers(100_00, 25_000_00), st.integers(50_000_00, 130_000_00))
PAYS = st.builds(Move, st.just("pay"), DAYS, FEN, st.integers(0, 70))
CLOSES = st.builds(Move, st.just("close"), DAYS)
CHARGES = st.builds(Move, st.sampled_from(["cost", "fee"]), DAYS, st.integers(1, 5_000_00))
CALLS = st.builds(Move, st.just("call in"), DAYS)
LIVES = st.lists(st.one_of(PAYS, PAYS, PAYS, CLOSES, CLOSES, CHARGES, CALLS), min_size=1, max_size=9)


class Life:
    """One loan's life within a session that is undone."""

    def __init__(self, session: Session, number: str) -> None:
        self.session, self.number, self.on, self.moved = session, number, PAID_OUT, 0

    @property
    def loan(self) -> Loan:
        found = loans.by_number(self.session, self.number)
        assert found is not None
        return found

    def live(self, move: Move) -> None:
        """Does the move on its day."""
        self.on, self.moved = self.on + timedelta(days=move.days), self.moved + 1
        loan, moment, amount = self.loan, at(self.on), Decimal(move.fen).scaleb(-2)
        if move.kind == "pay":
            value_on = max(self.on - timedelta(days=move.back), PAID_OUT)
            take_receipt_in(self.session, loan, f"RC-{self.moved}", amount, value_on, moment)
        elif move.kind in ("cost", "fee"):
            try:
                charge_in(self.session, loan, move.kind, amount, f"V-{self.moved}", "", moment)
            except Refused:
                assert loan.state != ACTIVE
        elif move.kind == "call in" and loan.state == ACTIVE:
            case = self.session.get_one(LoanCase, loan.case_id)
            accelerate_loan(self.session, Call(1, case, {"loan_no": self.number}, {}, moment), None)
        self.close()

    def close(self) -> None:
        close_loan_in(self.session, self.loan, self.on, at(self.on))
        self.session.flush()

    def require_sound_books(self) -> None:
        """Every invariant of the loan holds, its trial balance is zero, and closing again finds nothing."""
        self.session.flush()
        books = next(each for each in every_loan(self.session) if each.number == self.number)
        for invariant in INVARIANTS:
            found = Findings()
            for check in invariant.of_loan:
                check(books, found)
            assert found.violations == [], invariant.number
        assert sum(self.balances().values()) == 0
        again = close_loan_in(self.session, self.loan, self.on, at(self.on))
        assert again is not None and again.is_empty

    def balances(self) -> dict[str, Decimal]:
        found = ledger.balances(self.session, loan_id=self.loan.id)
        return {account: amount for (_, account), amount in found.items() if amount}


@soaking(25)
@given(which=st.sampled_from(range(len(TERMS))), life=LIVES)
def test_the_books_hold_after_every_payment_close_charge_and_calling_in(
    village: Village, which: int, life: list[Move]
) -> None:
    with undone(village.desk) as session:
        lived = Life(session, village.loan_numbers[which])
        for move in life:
            lived.live(move)
            lived.require_sound_books()
        assert [found for one in check_in(session) for found in one.violations] == []


@soaking(15)
@given(
    which=st.sampled_from(range(len(TERMS))),
    life=st.lists(PAYS, min_size=1, max_size=3),
    step=st.sampled_from([1, 7, 31]),
)
def test_closing_daily_or_only_at_the_end_comes_to_the_same(
    village: Village, which: int, life: list[Move], step: int
) -> None:
    ends = []
    for closes_between in (True, False):
        with undone(village.desk) as session:
            lived = Life(session, village.loan_numbers[which])
            for move in life:
                day = lived.on + timedelta(days=move.days)
                while closes_between and lived.on + timedelta(days=step) < day:
                    lived.on += timedelta(days=step)
                    lived.close()
                lived.live(Move(move.kind, (day - lived.on).days, move.fen, move.back))
            lived.on += timedelta(days=20)
            lived.close()
            loan = lived.loan
            ends.append((lived.balances(), loan.dpd, loan.overdue, loan.outstanding, loan.state, loan.stage))
    assert ends[0] == ends[1]
