"""A loan in arrears with pledged goods, and the operations of its disposal, called as a drawing of any shape could."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.storage import disposals
from app.storage.database import reading, unit_of_work
from app.storage.disposals import Disposal, DisposalLine
from app.use_cases.operation import Call
from app.use_cases.operations import find
from app.use_cases.payments.book_receipt import book_receipt
from tests.desk import Desk
from tests.use_cases.collateral.receipts import pledged_case
from tests.use_cases.loans.lent import PAID_OUT, at, close_to, lent

CALLED_IN, OPENED, SOLD = (PAID_OUT + timedelta(days=days) for days in (150, 160, 230))
RANKS = [
    {"claim": claim, "rank": rank}
    for claim, rank in (
        *(("cost", 1), ("loan_cost", 1), ("tax", 2), ("creditor_before", 3)),
        *(("loan_interest", 4), ("loan_principal", 5), ("creditor_after", 6)),
    )
]
COST = {"what": "仓储费", "amount": "3000.00", "voucher_no": "V-1", "paid_by": "funder", "payee": "金石仓储"}
OWED_COST = COST | {"amount": "2000.00", "voucher_no": "V-2", "paid_by": "owed"}
TAX = {"what": "增值税", "amount": "1800.00", "voucher_no": "T-1"}


@dataclass
class Sale:
    """One disposal on a desk: its case, its loan and, once it is open, its number."""

    desk: Desk
    case_number: str
    loan_no: str
    number: str = ""

    def call(self, type_: str, on: date, **inputs: Any) -> dict[str, Any]:
        """What an operation gives on a business date; what it raises undoes the unit."""
        with self.desk.app.app_context(), unit_of_work() as session:
            call = Call(1, self.desk.case(self.case_number), inputs, {}, at(on))
            result: dict[str, Any] = find(type_).record(session, call, None)
            return result

    def open(self, on: date = OPENED) -> dict[str, Any]:
        """Opens the disposal."""
        told: dict[str, Any] = self.call("open_disposal", on, loan_no=self.loan_no)["disposal"]
        self.number = told["number"]
        return told

    def sold(self, price: str, on: date = SOLD) -> Sale:
        """Opens it, secures and values the goods and binds a buyer."""
        self.open()
        self.call("secure_collateral", on, disposal_no=self.number)
        self.call(
            "record_valuations", on, disposal_no=self.number, external_value="200000.00", internal_value="190000.00"
        )
        self.call("bind_buyer", on, disposal_no=self.number, way="auction", buyer_name="大江铜业", price=price)
        return self

    def pay(self, amount: str, *, serial: str = "S-1", on: date = SOLD, remark: str | None = None) -> str:
        """The bank tells of money with the disposal's number as remark."""
        said = {
            "serial": serial,
            "amount": Decimal(amount),
            "currency": "CNY",
            "payer_name": "大江铜业",
            "payer_account": "",
            "remark": remark or self.number,
            "reference": f"B-{serial}",
            "value_on": on,
        }
        with self.desk.app.app_context(), unit_of_work() as session:
            return book_receipt(session, "sandbox", said, "0" * 64, at(on))

    def settle(self, on: date = SOLD, **wanted: Any) -> dict[str, Any]:
        """Distributes the proceeds."""
        given = {"costs": [], "taxes": [], "creditors": [], "ranks": RANKS} | wanted
        told: dict[str, Any] = self.call("settle_proceeds", on, disposal_no=self.number, **given)["settlement"]
        return told

    def row(self) -> Disposal:
        """The disposal as it is now."""
        with self.desk.app.app_context(), reading() as session:
            found = disposals.by_number(session, self.number)
            assert found is not None
            return found

    def lines(self) -> list[DisposalLine]:
        with self.desk.app.app_context(), reading() as session:
            return disposals.lines(session, self.row().id)


def in_arrears(desk: Desk, *, called_in: bool = True) -> Sale:
    """A loan of 120,000 that never paid, called in after 150 days, with copper pledged for it."""
    case_number = pledged_case(desk)
    loan_no = lent(desk, case_number=case_number)
    sale = Sale(desk, case_number, loan_no)
    close_to(desk, loan_no, CALLED_IN, 10)
    if called_in:
        sale.call("accelerate_loan", CALLED_IN, loan_no=loan_no)
    close_to(desk, loan_no, OPENED, 5)
    return sale
