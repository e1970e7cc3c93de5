"""Opens the disposal of what secures a loan whose whole debt is due and not paid; a loan has one at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals, loans
from app.storage.cases import next_number, parties
from app.storage.collateral import Collateral
from app.storage.disposals import Disposal, DisposalItem
from app.storage.loans import Loan
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.disposals.asked_disposal import refused
from app.use_cases.loans.loan_facts_of import plan_in_force
from app.use_cases.loans.loan_standing import asked_loan
from app.use_cases.operation import Call, Operation
from app.use_cases.panels.panel_options import options_of

APPRAISER, DISPOSAL_COMPANY = "appraiser", "disposal_company"


def open_disposal(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"disposal": {number, debt, kind, goods, quantity, place, value, receipts, owner, ..., panel, companies}}.

    Of the loan `loan_no`. `panel` and `companies` are the panel's appraisers and disposal companies as options of a
    form. Error NotAllowed unless the loan is active, its whole debt is called in or due, something live secures it, an
    appraiser is there, and no other disposal of it is open.
    """
    loan = asked_loan(session, call)
    if loan is None:
        raise refused("这件申请没有借据，无从处置。", "This case has no loan; there is nothing to dispose of.")
    loans.lock(session, loan)
    items = collateral.of_case(session, call.case.id, live_only=True)
    panel = options_of(session, loan.funder_id, APPRAISER, call.moment.business_on)
    _require_ripe(session, call, loan)
    if not items:
        raise refused(f"借据 {loan.number} 没有在押的担保物。", f"Nothing secures the loan {loan.number}.")
    if not panel:
        raise refused("合作名录里没有评估机构。", "No appraiser is on the panel; nothing can be valued.")
    made = _made(session, call, loan, items)
    companies = options_of(session, loan.funder_id, DISPOSAL_COMPANY, call.moment.business_on)
    return {"disposal": _told(session, made, loan, items) | {"panel": panel, "companies": companies}}


def _require_ripe(session: Session, call: Call, loan: Loan) -> None:
    if loan.state != loans.ACTIVE or loan.outstanding <= 0:
        raise refused(f"借据 {loan.number} 没有欠款。", f"Nothing is owed on the loan {loan.number}.")
    # the row of a debt that was called in on a due date falls due the day after
    last_day = call.moment.business_on + timedelta(days=1)
    if any(row.due_on > last_day for row in plan_in_force(session, loan.id)):
        raise refused(
            f"借据 {loan.number} 还没有宣布全部到期，不能处置担保物。",
            f"The whole debt of the loan {loan.number} has not been called in; its collateral cannot be sold.",
        )
    under_way = [one for one in disposals.of_case(session, loan.case_id) if one.state in disposals.LIVE]
    if under_way:
        raise refused(
            f"本申请的处置 {under_way[0].number} 还没有结束。",
            f"The disposal {under_way[0].number} of this case has not ended.",
        )


def _made(session: Session, call: Call, loan: Loan, items: list[Collateral]) -> Disposal:
    made = Disposal(
        number=next_number(session, "CZ", call.moment.business_on),
        case_id=call.case.id,
        loan_id=loan.id,
        funder_id=loan.funder_id,
        episode=loan.episode,
        state=disposals.OPEN,
        debt=loan.outstanding,
        opened_at=call.moment.now,
    )
    session.add(made)
    session.flush()
    session.add_all(DisposalItem(disposal_id=made.id, collateral_id=item.id, value=item.value) for item in items)
    return made


def _told(session: Session, made: Disposal, loan: Loan, items: list[Collateral]) -> dict[str, Any]:
    """What forms and rules read; several items are named side by side."""
    numbers = [item.registration_no for item in items if item.registration_no]
    return {
        "number": made.number,
        "debt": made.debt,
        "kind": items[0].kind,
        "goods": _joined(item.goods for item in items),
        "quantity": _joined(f"{item.quantity} {item.unit}" for item in items),
        "place": _joined(item.warehouse for item in items),
        "receipts": _joined(item.receipt_number for item in items),
        "value": sum((item.value for item in items[1:]), items[0].value),
        "registration_no": _joined(numbers) if numbers else None,
        "owner": session.get_one(Organisation, items[0].owner_id).name_zh,
        "company_name": session.get_one(Organisation, loan.borrower_id).name_zh,
        "has_custodian": "custodian" in parties(session, made.case_id),
    }


def _joined(words: Any) -> str:
    return "；".join(dict.fromkeys(words))


OPEN_DISPOSAL = Operation("open_disposal", Text("登记处置", "open a disposal"), open_disposal)
