"""What somebody who looks at a firm must see first: arrears, holds, hits of screening, courts, the register, limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.lending.classification import CLASSES
from app.moment import BUSINESS_ZONE
from app.storage.compliance import ComplianceHold
from app.storage.limits import CreditLimit
from app.storage.loans import ACTIVE, Loan
from app.storage.reports import ExternalReport
from app.texts import Text

PASS = "pass"


@dataclass(frozen=True)
class Alert:
    """`tone` red or amber; `on` the day it is known from; `case_number` or `loan_number` where it leads to."""

    tone: str
    text: Text
    on: date | None = None
    case_number: str = ""
    loan_number: str = ""


def alerts_of(
    loans: Sequence[Loan],
    reports: Sequence[ExternalReport],
    holds: Sequence[tuple[ComplianceHold, str]],
    limits: Sequence[CreditLimit],
    today: date,
) -> tuple[Alert, ...]:
    """All alerts, the red ones first."""
    found = [*_of_loans(loans), *_of_holds(holds), *_of_reports(reports), *_of_limits(limits, today)]
    return tuple(sorted(found, key=lambda alert: alert.tone != "red"))


def _of_loans(loans: Sequence[Loan]) -> Iterator[Alert]:
    for loan in loans:
        if loan.state != ACTIVE:
            continue
        if loan.dpd > 0:
            days = "day" if loan.dpd == 1 else "days"
            text = Text(
                f"借据 {loan.number} 逾期 {loan.dpd} 天，应还未还 {loan.overdue:,} 元",
                f"Loan {loan.number} is {loan.dpd} {days} overdue, CNY {loan.overdue:,} due now",
            )
            yield Alert("red", text, loan_number=loan.number)
        elif loan.asset_class != PASS:
            name = CLASSES.get(loan.asset_class, Text(loan.asset_class, loan.asset_class))
            text = Text(f"借据 {loan.number} 分类为{name.zh}", f"Loan {loan.number} is classified {name.of('en')}")
            yield Alert("amber", text, loan_number=loan.number)


def _of_holds(holds: Sequence[tuple[ComplianceHold, str]]) -> Iterator[Alert]:
    for hold, number in holds:
        english = hold.reason_en or hold.reason
        text = Text(f"合规暂缓：{hold.reason}", f"Held by compliance: {english}")
        yield Alert("red", text, hold.opened_at.astimezone(BUSINESS_ZONE).date(), case_number=number)


def _of_reports(reports: Sequence[ExternalReport]) -> Iterator[Alert]:
    for report in reports:
        data = report.data if isinstance(report.data, dict) else {}
        for tone, text in _told(report.kind, data):
            yield Alert(tone, text, report.at.astimezone(BUSINESS_ZONE).date())


def _told(kind: str, data: dict[str, Any]) -> Iterator[tuple[str, Text]]:
    if kind == "screening" and data.get("hits"):
        count = len(data["hits"])
        yield "red", Text(f"名单筛查有 {count} 处疑似命中", f"Screening found {count} possible match{_es(count)}")
    if kind == "court":
        yield from _courts(data)
    if kind == "enterprise" and data.get("status") not in (None, "active"):
        yield "red", Text("登记机关显示已不在营业", "The register says that it is no longer in business")
    if kind == "enterprise" and data.get("abnormal") is True:
        yield "amber", Text("列入经营异常名录", "The register lists it as abnormal")
    if kind == "bureau" and isinstance(days := data.get("overdue_days_max"), int) and days > 0:
        yield "amber", Text(f"征信报告：最长逾期 {days} 天", f"Credit bureau: overdue for up to {days} days")


def _courts(data: dict[str, Any]) -> Iterator[tuple[str, Text]]:
    if data.get("dishonest") is True:
        yield "red", Text("列入失信被执行人", "On the list of dishonest judgment debtors")
    if isinstance(enforced := data.get("enforced"), int) and enforced > 0:
        yield "red", Text(f"有 {enforced} 件执行案件", f"{enforced} enforcement case{_s(enforced)}")
    if isinstance(opened := data.get("cases_open"), int) and opened > 0:
        yield "amber", Text(f"有 {opened} 件在审案件", f"{opened} lawsuit{_s(opened)} pending")


def _of_limits(limits: Sequence[CreditLimit], today: date) -> Iterator[Alert]:
    for limit in limits:
        reason, until = limit.frozen_reason, limit.valid_until
        if reason:
            yield Alert("amber", Text(f"额度已冻结：{reason}", f"A limit is frozen: {reason}"))
        if until is not None and until < today:
            yield Alert("amber", Text(f"额度已于 {until} 到期", f"A limit ended on {until}"))


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _es(count: int) -> str:
    return "" if count == 1 else "es"
