"""Contracts of demo cases for tests: made by a real drawing from an accepted offer, signed, changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from sqlalchemy import delete

from app.gateways import clock, files
from app.storage import contracts
from app.storage.cases import set_party
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.storage.offers import Offer
from app.storage.releases import MessageStart
from app.use_cases.contracts.sign_contract import SignedContract, sign_contract
from app.use_cases.contracts.verify_contract import ContractCheck, verify_contract
from app.use_cases.definitions.publish import publish
from tests.desk import CONFIRMER, FIRM, FUNDER_SIGNATORY, PDF, REVIEWER, SECOND_REVIEWER, Desk
from tests.engine.diagrams import bpmn, element
from tests.processes import answers
from tests.use_cases import small_processes
from tests.use_cases.small_processes import operation, straight, task

RECEIVABLE = (
    '={order_number: "PO-2026-11083", payable_amount: 1200000, payable_due_on: "2027-05-31", invoices: ["20261108"]}'
)
RECEIPT = (
    '={number: "CD20260007", goods: "铝锭 A00", quantity: "120", unit: "吨", value: 2400000, warehouse: "北仑一号库"}'
)
LOAN_ONLY = {"contracts": '=["loan"]', "conditions": '=["回款账户变更为监管账户"]', "penalty_uplift_percent": "=50"}

SIGNATURE_MADE = """
<bpmn:message id="m_signed" name="SignatureCompleted"><bpmn:extensionElements>
  <zeebe:subscription correlationKey="=signature.key" /></bpmn:extensionElements></bpmn:message>
"""
EACH_SIGNATURE = """
<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>
  <zeebe:loopCharacteristics inputCollection="=signatures" inputElement="signature"/>
</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>
"""


def without_signing(desk: Desk) -> None:
    """Takes the shipped signing process away, so that a test draws what makes the contracts of its case itself."""
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(delete(MessageStart).where(MessageStart.name == "CreditApproved"))


def accepted(desk: Desk) -> str:
    """A working capital case whose offer of 3,000,000.00 was accepted, and nothing follows."""
    without_signing(desk)
    number = desk.at_second_review()
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)
    return number


def accepted_order(desk: Desk) -> str:
    """The same for a trade order, with its core enterprise."""
    without_signing(desk)
    return order_at_signing(desk)


def order_at_signing(desk: Desk) -> str:
    """A trade order whose offer was accepted, with its core enterprise; the shipped process makes its contracts."""
    number = desk.at_confirmation()
    desk.complete(CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE)
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "900000.00", "term_months": "6", "repayment_method": "bullet"}
    if desk.waits_for(number, "site_visit"):
        desk.complete("zhou.lan", number, "site_visit", answers.SITE_VISIT)
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": terms})
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)
    return number


def add_party(desk: Desk, number: str, capacity: str, organisation: str) -> None:
    """Another party of a case, as a later process registers it."""
    with desk.app.app_context(), unit_of_work() as session:
        set_party(session, desk.case(number).id, capacity, desk.organisation(organisation).id)


def generate(desk: Desk, number: str, inputs: dict[str, str] | None = None) -> list[Contract]:
    """Runs a drawing that makes contracts and asks for all their signatures; gives all contracts of the case."""
    key = f"signing{len(desk.instances(number))}"
    made = operation("p1", "generate_contracts", inputs=inputs or LOAN_ONLY)
    signed = element("receiveTask", "p2", inner=EACH_SIGNATURE, messageRef="m_signed")
    with desk.app.app_context():
        publish({"processes/signing.bpmn": bpmn(straight(key, made, signed, task("p3")), declared=SIGNATURE_MADE)})
    small_processes.start(desk, key, number)
    desk.work()
    return contracts_of(desk, number)


def loan_contract(desk: Desk) -> str:
    """The number of an open loan contract of FIRM and Zhijiang Bank."""
    return generate(desk, accepted(desk))[-1].number


def unsigned_row(desk: Desk, case_number: str) -> str:
    """The number of a loan contract as a row and any file, on a case that has come to no offer yet."""
    case, now = desk.case(case_number), clock.real_now()
    firm, funder = (desk.organisation(key).id for key in ("qingxi", "zhijiang"))
    with desk.app.app_context(), unit_of_work() as session:
        offer = Offer(
            number="OF1",
            case_id=case.id,
            funder_id=funder,
            amount=Decimal("3000000.00"),
            rate_percent_per_year="4.65",
            term_months=12,
            repayment_method="bullet",
            valid_until=now.date(),
            state="accepted",
            issued_at=now,
        )
        session.add(offer)
        session.flush()
        contract = Contract(
            number="JK1",
            case_id=case.id,
            kind="loan",
            reference="x",
            offer_id=offer.id,
            content={"terms": {"amount": "3,000,000.00"}},
            document_sha256=files.put(PDF),
            generated_at=now,
        )
        session.add(contract)
        session.flush()
        session.add_all(
            ContractSignature(contract_id=contract.id, position=place, capacity=capacity, organisation_id=who)
            for place, (capacity, who) in enumerate((("borrower", firm), ("funder", funder)))
        )
        return contract.number


def contracts_of(desk: Desk, number: str) -> list[Contract]:
    with desk.app.app_context(), reading() as session:
        return contracts.of_case(session, desk.case(number).id)


def contract(desk: Desk, number: str) -> Contract:
    """The contract as it is now."""
    with desk.app.app_context(), reading() as session:
        found = contracts.visible(session, number, None)
        assert found is not None
        return found


def places(desk: Desk, number: str) -> list[ContractSignature]:
    with desk.app.app_context(), reading() as session:
        return contracts.signatures(session, [contract(desk, number).id])


def document(desk: Desk, number: str) -> bytes:
    return files.get(contract(desk, number).document_sha256)


def words(content: bytes) -> str:
    """The text of a PDF without white space."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def sign(desk: Desk, login: str, number: str, *, logged_in_at: datetime | None = None) -> SignedContract:
    actor = desk.actor(login)
    with desk.app.app_context():
        return sign_contract(actor, number, logged_in_at=logged_in_at or clock.real_now())


def signed_loan_contract(desk: Desk) -> str:
    """The number of a loan contract that both parties signed."""
    number = loan_contract(desk)
    sign(desk, FIRM, number)
    sign(desk, FUNDER_SIGNATORY, number)
    return number


def verify(desk: Desk, number: str, login: str = FIRM) -> ContractCheck:
    actor = desk.actor(login)
    with desk.app.app_context():
        return verify_contract(actor, number)


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    """The content with one bit changed."""
    changed: Any = bytearray(content)
    changed[at % len(content)] ^= 1 << bit
    return bytes(changed)
