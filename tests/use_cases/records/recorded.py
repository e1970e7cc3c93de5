"""Cases played for decision records, and their hashes as an examiner would compare them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.storage import cases
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.use_cases.records.decision_record import decision_record
from app.use_cases.records.list_records import list_records
from app.use_cases.records.record import Record
from tests.desk import CONFIRMER, FIRM, KEEPER, OTHER_FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers

SMALL = "400000.00"


def record(desk: Desk, number: str) -> Record:
    """The record of a case as it is made now."""
    with desk.app.app_context(), reading() as session:
        case = cases.visible(session, number, None)
        assert case is not None
        return decision_record(session, case)


def digests(desk: Desk) -> list[str]:
    """A line for each case: number, hash of its record, hash of its PDF."""
    with desk.app.app_context():
        return [f"{one.number} {one.record} {one.pdf}" for one in list_records("zh")]


def refused(desk: Desk, login: str) -> str:
    """A case that the initial review refused."""
    number = desk.at_initial_review(login, requested_amount=SMALL)
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_FAIL)
    return number


def offered(desk: Desk, login: str) -> str:
    """A case whose firm has an offer to accept."""
    number = desk.at_second_review(login, requested_amount=SMALL)
    terms = answers.INITIAL_PASS["proposal"] | {"amount": SMALL}
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": terms})
    return number


def contracted(desk: Desk, login: str) -> str:
    """A case whose contract waits for signatures; where a firm's other loans ask for more reviewers, for those."""
    number = offered(desk, login)
    if desk.waits_for(number, "accept_offer"):
        desk.complete(login, number, "accept_offer", answers.ACCEPT)
    return number


def confirmed(desk: Desk, login: str) -> str:
    """A trade order whose payable the core enterprise confirmed."""
    number = desk.at_confirmation(login, requested_amount=SMALL)
    desk.complete(CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE)
    return number


def stored_goods(desk: Desk, login: str) -> str:
    """A warehouse receipt that its keeper confirmed or refused; each case has a receipt of its own."""
    receipt = f"CD-2026-{len(numbers(desk)):05d}"
    number = desk.at_goods(login, receipt_number=receipt, requested_amount=SMALL)
    desk.complete(KEEPER, number, "confirm_goods", answers.REFUSE_GOODS)
    return number


def numbers(desk: Desk) -> list[str]:
    """The numbers of all cases."""
    with desk.app.app_context(), reading() as session:
        return list(session.scalars(select(LoanCase.number)))


PLAYS: tuple[Callable[[Desk, str], str], ...] = (
    lambda desk, login: desk.submit(login, requested_amount=SMALL),
    refused,
    offered,
    confirmed,
    stored_goods,
    contracted,
    lambda desk, login: desk.start(login),
)


def play(desk: Desk, count: int) -> None:
    """So many cases of two firms, each of a sort after another: submitted, refused, offered, signed and so on."""
    for index in range(count):
        PLAYS[index % len(PLAYS)](desk, (FIRM, OTHER_FIRM)[index % 2])
