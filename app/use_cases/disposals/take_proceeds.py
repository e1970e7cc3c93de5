"""Takes the buyer's money for a disposal by the remark that names it, and tells the diagram when all of it is there."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage import disposals
from app.storage.cases import LoanCase
from app.storage.disposals import Disposal, DisposalMoney
from app.storage.payments import Payment
from app.use_cases.instances.throw_message import throw

PROCEEDS, PROCEEDS_RECEIVED = "proceeds", "ProceedsReceived"


def disposal_for(session: Session, remark: str, amount: Decimal) -> Disposal | None:
    """The sold disposal whose number the remark is, locked, where `amount` yuan are not more than is still to come.

    Money that is too much, or comes for no bound buyer, is for a person to look at.
    """
    found = disposals.by_number(session, remark.strip(), locked=True)
    if found is None or found.state != disposals.SOLD or found.price is None:
        return None
    return found if disposals.received(session, found.id) + amount <= found.price else None


def take_proceeds_in(session: Session, disposal: Disposal, payment: Payment, moment: Moment) -> None:
    """Notes the payment as a part of the price; the message ProceedsReceived goes out with the part that completes it.

    The ledger books the price when it is distributed (Books.proceeds); until then the payment waits as unapplied.
    """
    value_on = payment.value_on or moment.business_on
    session.add(DisposalMoney(payment_id=payment.id, disposal_id=disposal.id, amount=payment.amount, value_on=value_on))
    session.flush()
    came = disposals.received(session, disposal.id)
    if came == disposal.price:
        told = {
            "case_number": session.get_one(LoanCase, disposal.case_id).number,
            "disposal_no": disposal.number,
            "received": came,
        }
        throw(session, PROCEEDS_RECEIVED, disposal.number, told, disposal.case_id, moment)
