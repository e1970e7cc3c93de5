"""Brings named sets of facts from tables into the variables of an instance, drawn where a rule needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.storage import reports
from app.storage.cases import parties
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.collateral.collateral_facts import collateral_facts
from app.use_cases.loans.loan_standing import loan_standing
from app.use_cases.offers.exposure_facts import exposure_facts, security_facts
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.panels.panel_options import panel_options
from app.use_cases.payments.payout_facts import payout_facts
from app.use_cases.payments.receipt_facts import receipt_facts


def _application(session: Session, call: Call) -> dict[str, Any]:
    kept = {
        key: value for key, value in application_data(session, call.case).items() if not isinstance(value, dict | list)
    }
    return kept


def _reports(session: Session, call: Call) -> dict[str, Any]:
    return {report.kind: report.data for report in reports.of_case(session, call.case.id)}


def _parties(session: Session, call: Call) -> dict[str, Any]:
    return {
        capacity: session.get_one(Organisation, id_).name_zh for capacity, id_ in parties(session, call.case.id).items()
    }


def _invoices(session: Session, call: Call) -> dict[str, Any]:
    """{numbers: of the invoices that the firm listed}."""
    listed = application_data(session, call.case).get("invoices")
    rows = listed if isinstance(listed, list) else []
    return {"numbers": [row["invoice_number"] for row in rows if isinstance(row, dict) and row.get("invoice_number")]}


def _collateral(session: Session, call: Call) -> dict[str, Any]:
    return collateral_facts(session, call.case.id)


def _panel(session: Session, call: Call) -> dict[str, Any]:
    """{kind: options} of the firms that the case's funder may give work to today."""
    return panel_options(session, parties(session, call.case.id)["funder"], call.moment.business_on)


FACTS: dict[str, Callable[[Session, Call], dict[str, Any]]] = {
    "application": _application,
    "reports": _reports,
    "parties": _parties,
    "loan": loan_standing,
    "receipt": receipt_facts,
    "collateral": _collateral,
    "invoices": _invoices,
    "payout": payout_facts,
    "panel": _panel,
    "exposure": exposure_facts,
    "security": security_facts,
}


def load_facts(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"facts": {set name: facts}} for the sets in the input `sets` (a list, or names with commas)."""
    wanted = call.inputs.get("sets") or list(FACTS)
    names = [part.strip() for part in wanted.split(",")] if isinstance(wanted, str) else list(wanted)
    unknown = [name for name in names if name not in FACTS]
    if unknown:
        raise OperationRefused(
            "UnknownFacts", f"没有这些事实：{'、'.join(unknown)}", f"There are no facts named {', '.join(unknown)}"
        )
    return {"facts": {name: FACTS[name](session, call) for name in names}}


LOAD_FACTS = Operation("load_facts", Text("读取事实", "load facts"), load_facts)
