"""Issues the funder's offer on a case; refused unless its amount is reserved and two persons reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.storage import limits, offers, user_tasks
from app.storage.cases import next_number, parties
from app.storage.offers import Offer
from app.texts import Text
from app.use_cases.offers.amounts import OfferInput, checked
from app.use_cases.offers.lawful_price import Price, RateAboveCap, Terms, require_lawful
from app.use_cases.operation import Call, Operation, OperationRefused

# the duties (property `duty` of a user task) without which no credit is given, whatever else a diagram draws
REVIEW, APPROVAL = "credit_review", "credit_approval"


def issue_offer(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"offer": {number, valid_until}}; errors: NotAllowed when a control that holds whatever was drawn is not met;
    RateAboveCap with figure and rule when interest and fees cost more a year than the law allows.
    """
    wanted = checked(OfferInput(), call.inputs)
    _require_controls(session, call, wanted["amount"])
    price = _lawful_price(session, call, wanted)
    for earlier in offers.of_case(session, call.case.id):
        if earlier.state == "open":
            earlier.state, earlier.decided_at = "lapsed", call.moment.now
    offer = Offer(
        number=next_number(session, "OF", call.moment.business_on),
        case_id=call.case.id,
        funder_id=parties(session, call.case.id)["funder"],
        amount=wanted["amount"],
        rate_percent_per_year=f"{wanted['rate_percent']:f}",
        term_months=wanted["term_months"],
        repayment_method=wanted["repayment_method"],
        fees=list(price.fees),
        valid_until=call.moment.business_on + timedelta(days=wanted["valid_days"]),
        issued_at=call.moment.now,
    )
    session.add(offer)
    return {"offer": {"number": offer.number, "valid_until": offer.valid_until.isoformat()}}


def _lawful_price(session: Session, call: Call, wanted: Mapping[str, Any]) -> Price:
    terms = Terms(wanted["amount"], wanted["rate_percent"], wanted["term_months"], wanted["repayment_method"])
    try:
        return require_lawful(session, call.case, terms, call.moment.business_on)
    except RateAboveCap as above:
        raise OperationRefused("RateAboveCap", above.text.zh, above.text.of("en")) from above


def _require_controls(session: Session, call: Call, amount: Any) -> None:
    held = limits.reservations(session, call.case.id)
    if not held or any(reservation.amount < amount for reservation in held):
        raise OperationRefused(
            "NotAllowed",
            "额度没有占用足额，不能发出方案。",
            "The limit is not reserved in full; no offer can be issued.",
        )
    # what was reviewed before the firm changed its application is no review of what it asks for now
    first, second = (
        user_tasks.performers(session, call.case.id, call.case.round, [duty]) for duty in (REVIEW, APPROVAL)
    )
    if not first or not second or first & second:
        raise OperationRefused(
            "NotAllowed",
            "方案须由两个不同的人先后审查，现在还没有。",
            "An offer needs two reviews by different persons; that is not so yet.",
        )


ISSUE_OFFER = Operation("issue_offer", Text("发出授信方案", "issue the offer"), issue_offer)
