"""One firm from all sides: links, loans, applications, limits, guarantees, documents, reports, alerts, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import party_links, releases
from app.storage.cases import CaseParty, LoanCase
from app.storage.compliance import BLOCKING, ComplianceHold
from app.storage.database import reading
from app.storage.documents import Document
from app.storage.limits import CreditLimit
from app.storage.loans import ACTIVE, Loan
from app.storage.notifications import Notification
from app.storage.organisations import Organisation
from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.firms.contacts import Contact, contacts_of
from app.use_cases.firms.firm_alerts import Alert, alerts_of
from app.use_cases.firms.firm_links import LinkLine, link_lines
from app.use_cases.firms.firm_scope import BORROWER, cases_of, found_firm
from app.use_cases.permissions import Actor

MOST_ROWS = 50  # of each section; lists have their own pages
MOST_NOTICES = 12
GUARANTOR = "guarantor"
NOT_OF_THE_FIRM = ("market_rate", "goods_price")  # kinds of report that say nothing of the firm


@dataclass(frozen=True)
class Application:
    """A case of the firm; `capacity` is what it is in it."""

    case: LoanCase
    product: Text
    capacity: str
    borrower: Text


@dataclass(frozen=True)
class GivenGuarantee:
    """A case that the firm guarantees, with what is owed on its loans."""

    case: LoanCase
    borrower: Text
    outstanding: Decimal


@dataclass(frozen=True)
class FirmView:
    """What the reader may know of a firm; everything from cases is of the reader's own funder alone.

    `controlling` are the ids of the links that are control.
    """

    firm: Organisation
    links: tuple[LinkLine, ...]
    controlling: frozenset[int]
    group: tuple[Organisation, ...]
    loans: tuple[tuple[Loan, Text], ...]
    applications: tuple[Application, ...]
    others: tuple[Application, ...]
    limits: tuple[tuple[CreditLimit, Text], ...]
    guarantees: tuple[GivenGuarantee, ...]
    documents: tuple[tuple[Document, str], ...]
    reports: tuple[tuple[ExternalReport, str], ...]
    alerts: tuple[Alert, ...]
    contacts: tuple[Contact, ...]
    notices: tuple[tuple[Notification, str], ...]


def show_firm(actor: Actor, firm_id: int) -> FirmView:
    """The whole picture; raises Forbidden, or NotFound for what is no firm."""
    with reading() as session:
        firm = found_firm(session, actor, firm_id)
        scope = actor.case_scope
        group = _group(session, firm.id, scope)
        cases = _applications(session, firm.id, scope)
        lent = _loans(session, firm.id, scope)
        reported = _reports(session, firm.id, scope)
        limits = _limits(session, firm.id, scope, group)
        return FirmView(
            firm=firm,
            links=link_lines(session, firm.id, scope),
            controlling=party_links.controlling(session, firm.id, scope),
            group=group,
            loans=lent,
            applications=tuple(one for one in cases if one.capacity == BORROWER),
            others=tuple(one for one in cases if one.capacity not in (BORROWER, GUARANTOR)),
            limits=limits,
            guarantees=_guarantees(session, cases, scope),
            documents=_documents(session, firm.id, scope),
            reports=reported,
            alerts=alerts_of(
                [loan for loan, _ in lent],
                [report for report, _ in reported],
                _holds(session, firm.id, scope),
                [limit for limit, _ in limits],
                clock.moment().business_on,
            ),
            contacts=contacts_of(session, firm.id, scope),
            notices=_notices(session, firm.id, scope),
        )


def _group(session: Session, firm_id: int, scope: int | None) -> tuple[Organisation, ...]:
    ids = party_links.group_of(session, firm_id, funder_id=scope) - {firm_id}
    return tuple(session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)))


def _loans(session: Session, firm_id: int, scope: int | None) -> tuple[tuple[Loan, Text], ...]:
    query = select(Loan, Organisation).join(Organisation, Organisation.id == Loan.funder_id)
    query = query.where(Loan.borrower_id == firm_id)
    query = query if scope is None else query.where(Loan.funder_id == scope)
    rows = session.execute(query.order_by(Loan.state != ACTIVE, Loan.id.desc()).limit(MOST_ROWS))
    return tuple((loan, funder.name) for loan, funder in rows)


def _applications(session: Session, firm_id: int, scope: int | None) -> tuple[Application, ...]:
    query = select(LoanCase, CaseParty.capacity).join(CaseParty, CaseParty.case_id == LoanCase.id)
    query = query.where(CaseParty.organisation_id == firm_id, LoanCase.id.in_(cases_of(scope, firm_id)))
    rows = session.execute(query.order_by(LoanCase.id.desc()).limit(MOST_ROWS)).all()
    named = {key: Text(one.name_zh, one.name_en) for key, one in releases.products(session).items()}
    borrowers = _borrowers(session, [case.id for case, _ in rows])
    return tuple(
        Application(
            case,
            named.get(case.product_key, Text(case.product_key)),
            capacity,
            borrowers.get(case.id, Text(case.applicant_name)),
        )
        for case, capacity in rows
    )


def _borrowers(session: Session, case_ids: Sequence[int]) -> dict[int, Text]:
    query = select(CaseParty.case_id, Organisation).join(Organisation, Organisation.id == CaseParty.organisation_id)
    rows = session.execute(query.where(CaseParty.case_id.in_(case_ids), CaseParty.capacity == BORROWER))
    return {case_id: firm.name for case_id, firm in rows}


def _limits(
    session: Session, firm_id: int, scope: int | None, group: Sequence[Organisation]
) -> tuple[tuple[CreditLimit, Text], ...]:
    """The firm's own limits and those of its group, each with its funder."""
    members = [str(one.id) for one in group]
    of_firm = CreditLimit.kind.in_(["borrower", "group", "core_enterprise"]) & (CreditLimit.subject == str(firm_id))
    of_group = (CreditLimit.kind == "group") & CreditLimit.subject.in_(members)
    query = select(CreditLimit, Organisation).join(Organisation, Organisation.id == CreditLimit.funder_id)
    query = query.where(of_firm | of_group)
    query = query if scope is None else query.where(CreditLimit.funder_id == scope)
    return tuple((limit, funder.name) for limit, funder in session.execute(query.order_by(CreditLimit.id)))


def _guarantees(session: Session, cases: Sequence[Application], scope: int | None) -> tuple[GivenGuarantee, ...]:
    given = [one for one in cases if one.capacity == GUARANTOR]
    query = select(Loan.case_id, func.sum(Loan.outstanding)).where(
        Loan.case_id.in_([one.case.id for one in given]), Loan.state == ACTIVE
    )
    query = query if scope is None else query.where(Loan.funder_id == scope)
    owed = {case_id: amount for case_id, amount in session.execute(query.group_by(Loan.case_id))}
    return tuple(GivenGuarantee(one.case, one.borrower, owed.get(one.case.id, Decimal(0))) for one in given)


def _documents(session: Session, firm_id: int, scope: int | None) -> tuple[tuple[Document, str], ...]:
    query = select(Document, LoanCase.number).join(LoanCase, LoanCase.id == Document.case_id)
    query = query.where(Document.case_id.in_(cases_of(scope, firm_id, BORROWER)))
    rows = session.execute(query.order_by(Document.id.desc()).limit(MOST_ROWS))
    return tuple((document, number) for document, number in rows)


def _reports(session: Session, firm_id: int, scope: int | None) -> tuple[tuple[ExternalReport, str], ...]:
    """The newest of each kind that a case of the reader's asked for."""
    newest = select(func.max(ExternalReport.id)).where(ExternalReport.case_id.in_(cases_of(scope, firm_id, BORROWER)))
    query = select(ExternalReport, LoanCase.number).join(LoanCase, LoanCase.id == ExternalReport.case_id)
    newest = newest.where(ExternalReport.kind.not_in(NOT_OF_THE_FIRM))
    query = query.where(ExternalReport.id.in_(newest.group_by(ExternalReport.kind)))
    rows = session.execute(query.order_by(ExternalReport.at.desc()))
    return tuple((report, number) for report, number in rows)


def _holds(session: Session, firm_id: int, scope: int | None) -> list[tuple[ComplianceHold, str]]:
    """What compliance holds is told to the case's own funder and to nobody else."""
    if scope is None:
        return []
    query = select(ComplianceHold, LoanCase.number).join(LoanCase, LoanCase.id == ComplianceHold.case_id)
    query = query.where(
        ComplianceHold.case_id.in_(cases_of(scope, firm_id, BORROWER)), ComplianceHold.state.in_(BLOCKING)
    )
    rows = session.execute(query.order_by(ComplianceHold.id.desc()))
    return [(hold, number) for hold, number in rows]


def _notices(session: Session, firm_id: int, scope: int | None) -> tuple[tuple[Notification, str], ...]:
    query = select(Notification, LoanCase.number).join(LoanCase, LoanCase.id == Notification.case_id)
    query = query.where(Notification.organisation_id == firm_id, Notification.case_id.in_(cases_of(scope, firm_id)))
    query = query.where(Notification.person_id.is_(None))
    rows = session.execute(query.order_by(Notification.id.desc()).limit(MOST_NOTICES))
    return tuple((notice, number) for notice, number in rows)
