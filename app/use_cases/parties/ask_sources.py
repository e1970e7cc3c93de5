"""Asks outside sources about the borrower and keeps each answer with its origin and time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from app.gateways import sources
from app.gateways.sources import FirmSource, Reply
from app.storage import answers, cases
from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.parties.register_links import register_links


@dataclass(frozen=True)
class Question:
    """What a source is asked; `key` repeats with every attempt, so that the source can see a repeated request."""

    key: str
    credit_code: str
    company_name: str
    at: datetime
    consented: bool


def question(session: Session, call: Call) -> Question:
    """The question about the case's borrower, from the drawn inputs or else from the application."""
    facts = application_data(session, call.case)
    code = call.inputs.get("unified_social_credit_code") or facts.get("unified_social_credit_code") or ""
    name = call.inputs.get("company_name") or facts.get("company_name") or call.case.applicant_name
    return Question(call.key, str(code), str(name), call.moment.now, _has_consented(session, call))


def _has_consented(session: Session, call: Call) -> bool:
    """Whether any form of the case holds the consent: the application, or a later one for whom it was missing there."""
    return any(answer.data.get("consent_credit") is True for answer in answers.of_case(session, call.case.id))


def _asker(port: Callable[[], FirmSource]) -> Callable[[Question], Reply | None]:
    def ask(asked: Question) -> Reply | None:
        # a source that may not be asked is not asked; `record` then says why
        if not uscc.is_valid(asked.credit_code):
            return None
        return port().ask(asked.key, asked.credit_code, asked.company_name, asked.at)

    return ask


def _ask_bureau(asked: Question) -> Reply | None:
    return _asker(lambda: sources.current().credit_bureau)(asked) if asked.consented else None


def report_of(call: Call, kind: str, reply: Reply) -> ExternalReport:
    """The answer as a report of the case, not stored yet."""
    return ExternalReport(
        case_id=call.case.id,
        kind=kind,
        source_zh=reply.source.zh,
        source_en=reply.source.of("en"),
        reference=reply.reference,
        data=reply.data,
        at=reply.at,
    )


def verify_enterprise(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"enterprise": the registry's facts}; error CheckFailed for a wrong code or a firm not in business."""
    asked = question(session, call)
    if reply is None:
        raise OperationRefused(
            "CheckFailed",
            f"统一社会信用代码“{asked.credit_code}”的校验位不对。",
            f'The check digit of credit code "{asked.credit_code}" is wrong.',
        )
    report = report_of(call, "enterprise", reply)
    if reply.data.get("status") != "active":
        raise OperationRefused(
            "CheckFailed",
            "登记机关显示该企业不在营业状态。",
            "The registry says that the firm is not in business.",
            evidence=(report,),
        )
    session.add(report)
    _learn(session, call, reply.data)
    return {"enterprise": reply.data | {"fetched_at": reply.at.isoformat()}}


def _learn(session: Session, call: Call, answer: Mapping[str, Any]) -> None:
    borrower = cases.parties(session, call.case.id).get("borrower")
    if borrower is not None:
        register_links(session, borrower, answer, call.moment)


def risk_platform_report(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"risk": {score, flags, ...}}; error CheckFailed when the firm's code is wrong."""
    return _kept(session, call, "risk", reply)


def bureau_report(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"bureau": {...}}; error ConsentMissing when the firm has not authorised the enquiry."""
    if not question(session, call).consented:
        raise OperationRefused(
            "ConsentMissing", "企业还没有授权征信查询。", "The firm has not authorised a credit enquiry."
        )
    return _kept(session, call, "bureau", reply)


def registry_record(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"enterprise": {status, company_name, name_matches, registered_on, registered_capital, abnormal, fetched_at}}.

    The register asked again at the review: a firm that is struck off is a fact for the rules. CheckFailed: wrong code.
    """
    kept = _kept(session, call, "enterprise", reply)["enterprise"]
    _learn(session, call, kept)
    asked = question(session, call)
    matches = _plain_name(str(kept.get("company_name"))) == _plain_name(asked.company_name)
    return {"enterprise": kept | {"name_matches": matches}}


def court_records(session: Session, call: Call, reply: Reply | None) -> dict[str, Any]:
    """{"court": {cases_open, enforced: counts, dishonest: bool, amount_yuan: Decimal, judgments: [...], fetched_at}}.

    A judgment has case_no, court, cause, role, status, amount_yuan and on (ISO date). CheckFailed: wrong code.
    """
    return _kept(session, call, "court", reply)


def _plain_name(name: str) -> str:
    """A firm's name without differences of width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _kept(session: Session, call: Call, kind: str, reply: Reply | None) -> dict[str, Any]:
    if reply is None:
        raise OperationRefused(
            "CheckFailed", "统一社会信用代码不对，无法查询。", "The credit code is wrong; nothing could be asked."
        )
    session.add(report_of(call, kind, reply))
    return {kind: reply.data | {"fetched_at": reply.at.isoformat()}}


VERIFY_ENTERPRISE = Operation(
    "verify_enterprise",
    Text("核验企业", "verify the enterprise"),
    verify_enterprise,
    question,
    _asker(lambda: sources.current().enterprise_registry),
)
RISK_PLATFORM_REPORT = Operation(
    "risk_platform_report",
    Text("查询风控报告", "get the risk platform's report"),
    risk_platform_report,
    question,
    _asker(lambda: sources.current().risk_platform),
)
BUREAU_REPORT = Operation(
    "bureau_report", Text("查询征信报告", "get the credit bureau's report"), bureau_report, question, _ask_bureau
)
REGISTRY_RECORD = Operation(
    "registry_record",
    Text("复查工商登记", "ask the register again"),
    registry_record,
    question,
    _asker(lambda: sources.current().enterprise_registry),
)
COURT_RECORDS = Operation(
    "court_records",
    Text("查询涉诉与执行", "get court records"),
    court_records,
    question,
    _asker(lambda: sources.current().court_records),
)
