"""What is printed in a contract: parties, terms, plan, conditions and what is pledged, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage import answers, party_store
from app.storage.cases import LoanCase, parties
from app.storage.offers import Offer
from app.storage.organisations import Organisation
from app.use_cases.applications.application_data import application_data, application_form_key
from app.use_cases.contracts.capitals import in_capitals
from app.use_cases.contracts.kinds import CAPACITIES, Kind
from app.use_cases.definitions.load_release import load_release
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS, preview_schedule
from app.use_cases.operation import Call
from app.use_cases.parties import party_key

Plain = dict[str, Any]


def common_content(session: Session, call: Call, offer: Offer, wanted: Mapping[str, Any]) -> Plain:
    """What every contract of the call says; personal values are references (`printed` puts them in)."""
    given = application_data(session, call.case)
    made_on = call.moment.business_on.isoformat()
    return {
        "case_number": call.case.number,
        "offer_number": offer.number,
        "made_on": made_on,
        "plan_on": made_on,
        "parties": _parties(session, call.case, given),
        "terms": _terms(session, call.case, offer, wanted["penalty_uplift_percent"]),
        "account": {"bank": given.get("account_bank") or "", "number": given.get("account_number") or ""},
        "conditions": wanted["conditions"],
        **_plan(call, offer),
        "receivable": _receivable(wanted["receivable"]),
        "receipt": _receipt(wanted["receipt"]),
    }


def content_of(common: Plain, kind: Kind, number: str, loan_number: str) -> Plain:
    """What one contract says, with those who sign it in their order."""
    signatories = [
        party for capacity in kind.capacities for party in common["parties"] if party["capacity"] == capacity
    ]
    return common | {"number": number, "loan_number": loan_number, "signatories": signatories}


def printed(session: Session, content: Any) -> Any:
    """The content with personal values in clear, for the printer's eyes only: never stored as a value."""
    if isinstance(content, dict) and "$party" in content:
        return party_store.reveal(session, party_key.current(), str(content["$party"])) or content.get("masked", "")
    if isinstance(content, dict):
        return {key: printed(session, value) for key, value in content.items()}
    return [printed(session, value) for value in content] if isinstance(content, list) else content


def _parties(session: Session, case: LoanCase, given: Mapping[str, Any]) -> list[Plain]:
    found = []
    for capacity, organisation_id in parties(session, case.id).items():
        if capacity not in CAPACITIES:
            continue
        organisation = session.get_one(Organisation, organisation_id)
        title = CAPACITIES[capacity]
        found.append(
            {
                "capacity": capacity,
                "title": {"zh": title.zh, "en": title.en},
                "organisation_id": organisation_id,
                "name": organisation.name_zh,
                "name_en": organisation.name_en,
                "credit_code": organisation.unified_social_credit_code or "",
                "representative": (given.get("representative_name") or "") if capacity == "borrower" else "",
            }
        )
    return sorted(found, key=lambda party: list(CAPACITIES).index(party["capacity"]))


def _terms(session: Session, case: LoanCase, offer: Offer, uplift: Decimal | None) -> Plain:
    method = REPAYMENT_METHODS[offer.repayment_method]
    return {
        "amount": money(offer.amount),
        "amount_words": in_capitals(offer.amount),
        "rate": offer.rate_percent_per_year,
        "term_months": offer.term_months,
        "method": {"zh": method.zh, "en": method.en},
        "purpose": _purpose(session, case),
        "penalty_uplift": None if uplift is None else f"{uplift.normalize():f}",
    }


def _purpose(session: Session, case: LoanCase) -> Plain:
    """The words of the option that the firm chose; the form says which field is the purpose."""
    chosen = case.purpose or ""
    answer = answers.latest(session, case.id, application_form_key(session, case))
    try:
        form = load_release(session, answer.release_id).form(answer.form_key) if answer else None
    except NotFound:
        form = None
    for field in form.fields if form else ():
        if field.properties.get("column") == "purpose":
            for option in field.options:
                if option.value == chosen:
                    return {"zh": option.label.zh, "en": option.label.en}
    return {"zh": chosen, "en": ""}


def _plan(call: Call, offer: Offer) -> Plain:
    rows = preview_schedule(
        amount=offer.amount,
        rate_percent=Decimal(offer.rate_percent_per_year),
        term_months=offer.term_months,
        method=offer.repayment_method,
        on=call.moment.business_on,
    ).rows
    shown = [
        {
            "number": row.number,
            "due_on": row.due_on.isoformat(),
            **{name: money(getattr(row, name)) for name in ("total", "principal", "interest", "balance")},
        }
        for row in rows
    ]
    names = ("total", "principal", "interest")
    totals = {name: money(sum((getattr(row, name) for row in rows), Decimal(0))) for name in names}
    return {"schedule": shown, "totals": totals}


def _receivable(given: Mapping[str, Any] | None) -> Plain | None:
    if given is None:
        return None
    amount = given["payable_amount"]
    return {
        "order_number": given["order_number"],
        "payable": money(amount),
        "payable_words": in_capitals(amount),
        "due_on": given["payable_due_on"].isoformat(),
        "invoices": list(given["invoices"]),
    }


def _receipt(given: Mapping[str, Any] | None) -> Plain | None:
    if given is None:
        return None
    expires_on = given["expires_on"]
    return {name: given[name] for name in ("number", "goods", "quantity", "unit", "warehouse")} | {
        "value": money(given["value"]),
        "value_words": in_capitals(given["value"]),
        "expires_on": expires_on.isoformat() if expires_on else "",
    }


def money(amount: Decimal) -> str:
    """Decimal("1200000.00") as "1,200,000.00"."""
    return f"{amount:,.2f}"
