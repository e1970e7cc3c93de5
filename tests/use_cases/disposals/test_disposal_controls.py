"""Controls of a disposal that hold whatever is drawn: when it opens, sells, takes money and stops."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import payments
from app.storage.database import reading
from app.storage.loans import Loan, Schedule, ScheduleRow
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment
from app.use_cases.disposals.open_disposal import open_disposal
from app.use_cases.operation import Call, OperationRefused
from tests.desk import Desk
from tests.use_cases.collateral.receipts import states
from tests.use_cases.disposals.selling import CALLED_IN, OPENED, SOLD, Sale, in_arrears
from tests.use_cases.loans.lent import at, loan, receive
from tests.use_cases.loans.undone import undone


def test_opening_names_the_debt_the_goods_and_the_panel(desk: Desk) -> None:
    told = in_arrears(desk).open()

    assert told["number"].startswith("CZ") and told["debt"] > Decimal("120000.00")
    assert (told["kind"], told["goods"], told["quantity"]) == ("warehouse_receipt", "电解铜 Cu-CATH-1", "300 吨")
    assert told["has_custodian"] is True
    assert [one["value"] for one in told["panel"]] == ["91330100MA2D3M013K"]


def test_a_second_open_disposal_of_a_loan_is_refused(desk_on_each_database: Desk) -> None:
    sale = in_arrears(desk_on_each_database)
    sale.open()

    with pytest.raises(OperationRefused):
        sale.open()


def test_of_two_openings_at_once_one_is_refused(desk_on_each_database: Desk) -> None:
    sale, together, ends = in_arrears(desk_on_each_database), Barrier(2), []

    def opening() -> None:
        together.wait()
        try:
            ends.append(sale.open()["number"])
        except OperationRefused as refusal:
            ends.append(refusal.code)

    threads = [Thread(target=opening) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ends) == 2 and ends.count("NotAllowed") == 1


def test_one_disposal_of_a_case_at_a_time_because_its_loans_share_the_goods(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()
    with undone(desk) as session:
        second = _copy(session, desk, sale.loan_no)
        call = Call(1, desk.case(sale.case_number), {"loan_no": second.number}, {}, at(OPENED))
        with pytest.raises(OperationRefused, match=sale.number):
            open_disposal(session, call, None)


def _copy(session: Session, desk: Desk, number: str) -> Loan:
    """A second drawdown of the case that stands as the first one does."""
    first = loan(desk, number)
    paid = session.get_one(Payment, first.payment_id)
    session.add(payment := Payment(**_values(paid) | {"number": "PO-2"}))
    session.flush()
    session.add(second := Loan(**_values(first) | {"number": "DK-2", "payment_id": payment.id}))
    session.flush()
    session.add(schedule := Schedule(loan_id=second.id, version=1, reason="x", from_on=OPENED, made_at=at(OPENED).now))
    session.flush()
    asked = {"principal": second.principal, "interest": Decimal(0), "balance": Decimal(0)}
    session.add(ScheduleRow(schedule_id=schedule.id, number=1, due_on=CALLED_IN, **asked))
    session.flush()
    return second


def _values(row: Payment | Loan) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}


def test_a_debt_that_is_not_called_in_is_not_sold_for(desk: Desk) -> None:
    with pytest.raises(OperationRefused):
        in_arrears(desk, called_in=False).open(CALLED_IN)


def test_a_sale_needs_both_valuations_and_secured_goods(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()
    buyer = {"way": "sale", "buyer_name": "大江铜业", "price": "1.00"}

    with pytest.raises(OperationRefused):
        sale.call("bind_buyer", SOLD, disposal_no=sale.number, **buyer)
    sale.call("record_valuations", SOLD, disposal_no=sale.number, external_value="2.00", internal_value="3.00")
    with pytest.raises(OperationRefused):
        sale.call("bind_buyer", SOLD, disposal_no=sale.number, **buyer)

    assert sale.row().state == "open"


def test_the_lower_valuation_counts(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()

    told = sale.call("record_valuations", SOLD, disposal_no=sale.number, external_value="9.00", internal_value="8.00")

    assert told["valuation"]["lower"] == Decimal("8.00")


def test_a_price_in_two_parts_is_told_once_and_with_the_second(desk_on_each_database: Desk) -> None:
    sale = in_arrears(desk_on_each_database).sold("60000.00")

    sale.pay("20000.00")
    told_early = [key for name, key, _ in _messages(sale) if name == "ProceedsReceived"]
    sale.pay("40000.00", serial="S-2")

    assert told_early == []
    assert [key for name, key, _ in _messages(sale) if name == "ProceedsReceived"] == [sale.number]


def test_the_same_call_back_again_counts_once(desk_on_each_database: Desk) -> None:
    sale = in_arrears(desk_on_each_database).sold("60000.00")

    ends = [sale.pay("60000.00") for _ in range(3)]

    assert ends == ["booked", "known", "known"]
    assert [key for name, key, _ in _messages(sale) if name == "ProceedsReceived"] == [sale.number]


def test_money_over_the_price_or_before_a_buyer_is_no_price(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()
    sale.pay("10.00")
    sale.call("secure_collateral", SOLD, disposal_no=sale.number)
    sale.call("record_valuations", SOLD, disposal_no=sale.number, external_value="2.00", internal_value="3.00")
    sale.call("bind_buyer", SOLD, disposal_no=sale.number, way="sale", buyer_name="大江铜业", price="60000.00")
    sale.pay("60000.01", serial="S-2")

    with desk.app.app_context(), reading() as session:
        kinds = [one.kind for one in payments.of_case(session, desk.case(sale.case_number).id, payments.IN)]
    assert "proceeds" not in kinds
    assert [name for name, _, _ in _messages(sale) if name == "ProceedsReceived"] == []


def test_stopping_pledges_the_goods_again_and_another_disposal_may_open(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()
    sale.call("secure_collateral", OPENED, disposal_no=sale.number)

    sale.call("stop_disposal", OPENED, loan_no=sale.loan_no, outcome="stopped")

    assert (sale.row().state, states(desk, sale.case_number)) == ("stopped", ["pledged"])
    assert sale.open(OPENED + timedelta(days=1))["number"] != ""


def test_a_sold_disposal_cannot_be_stopped(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")

    with pytest.raises(OperationRefused):
        sale.call("stop_disposal", SOLD, loan_no=sale.loan_no, outcome="stopped")


def test_a_buyer_who_paid_nothing_can_be_released_and_one_who_paid_a_part_cannot(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.call("release_buyer", SOLD, disposal_no=sale.number)
    released = sale.row()
    sale.call("bind_buyer", SOLD, disposal_no=sale.number, way="sale", buyer_name="东江铜业", price="50000.00")
    sale.pay("1000.00")

    with pytest.raises(OperationRefused):
        sale.call("release_buyer", SOLD, disposal_no=sale.number)

    assert (released.state, released.price) == ("open", None)
    assert states(desk, sale.case_number) == ["sold"]


def test_goods_of_a_bound_buyer_are_not_released_when_the_debtor_pays(desk: Desk) -> None:
    sale = in_arrears(desk).sold("180000.00")
    sale.pay(str(loan(desk, sale.loan_no).outstanding + Decimal("5000.00")), serial="S-2", remark=sale.loan_no)

    released = sale.call("release_collateral", SOLD)

    assert loan(desk, sale.loan_no).state == "settled"
    assert (released["released"], states(desk, sale.case_number)) == ([], ["sold"])


def test_the_disposal_of_another_case_is_out_of_reach(desk: Desk) -> None:
    sale = in_arrears(desk)
    sale.open()
    sale.case_number = desk.start("lu.ming")

    with pytest.raises(OperationRefused):
        sale.call("secure_collateral", SOLD, disposal_no=sale.number)


def _messages(sale: Sale) -> list[tuple[str, str, dict[str, object]]]:
    with sale.desk.app.app_context(), reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "message").order_by(OutboxRow.id))
        return [(row.name, row.payload["key"], row.payload["payload"]) for row in rows]


def test_nothing_is_sold_for_a_debt_that_was_paid_also_when_an_earlier_buyer_did_not_pay(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    receive(desk, sale.loan_no, f"{loan(desk, sale.loan_no).outstanding + 10_000}", SOLD)
    sale.call("release_buyer", SOLD, disposal_no=sale.number)

    with pytest.raises(OperationRefused) as refusal:
        sale.call("bind_buyer", SOLD, disposal_no=sale.number, way="sale", buyer_name="大江铜业", price="60000.00")
    sale.call("stop_disposal", SOLD, loan_no=sale.loan_no, outcome="stopped")

    assert (refusal.value.code, sale.row().state) == ("DebtPaid", "stopped")
    assert states(desk, sale.case_number) == ["pledged"]
