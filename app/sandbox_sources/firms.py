"""What the sandboxes know of a firm: register, risk platform, credit bureau and courts, the same for the same code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

TEN_THOUSAND = 10_000
CAUSES = ("sale_contract", "loan_contract", "lease_contract", "labour_dispute")


def digits(*parts: str) -> list[int]:
    """32 numbers below 256 that only these texts give."""
    return list(hashlib.sha256("|".join(parts).encode()).digest())


def enterprise_registry(about: Mapping[str, Any], on: date) -> dict[str, Any]:
    """In business under the name that was asked for, registered some years ago."""
    seed = digits("registry", about["credit_code"])
    return {
        "status": "active",
        "company_name": about["company_name"],
        "registered_on": f"{on.year - 3 - seed[0] % 15}-{1 + seed[1] % 12:02d}-{1 + seed[2] % 28:02d}",
        "registered_capital": Decimal(100 + seed[3] * 20) * TEN_THOUSAND,
        "abnormal": False,
        "shareholders": _shareholders(about["credit_code"]),
    }


def _shareholders(credit_code: str) -> list[dict[str, Any]]:
    """Two persons, or with some firms a holding company with the majority and a person."""
    seed = digits("shareholders", credit_code)
    first, surnames = Decimal(51 + seed[0] % 40), "陈李王张刘周吴徐"
    person = {"name": f"{surnames[seed[1] % 8]}某", "share_percent": 100 - first}
    if seed[2] % 3:
        return [{"name": f"{surnames[seed[3] % 8]}某某", "share_percent": first}, person]
    code = f"91330000MA2H{seed[4]:03d}{seed[5] % 100:02d}"
    holding = {"name": f"浙江第{seed[4]}控股有限公司", "unified_social_credit_code": code + uscc.calc_check_digit(code)}
    return [holding | {"share_percent": first}, person]


def risk_platform(about: Mapping[str, Any], _on: date) -> dict[str, Any]:
    """A score from 0 (worst) to 100 and warning signs."""
    seed = digits("risk", about["credit_code"])
    flags = [flag for flag, hit in (("executed_person", seed[1] < 4), ("tax_arrears", seed[2] < 8)) if hit]
    return {
        "score": 55 + seed[0] % 41,
        "flags": flags,
        "lawsuits_open": max(0, seed[3] % 9 - 6),
        "tax_grade": "ABBM"[seed[4] % 4],
        "invoice_revenue_12m": Decimal(200 + seed[5] * 13) * TEN_THOUSAND,
    }


def credit_bureau(about: Mapping[str, Any], _on: date) -> dict[str, Any]:
    """Loans, overdue days and enquiries."""
    seed = digits("bureau", about["credit_code"])
    return {
        "overdue_days_max": 0 if seed[0] < 225 else seed[1] % 120,
        "queries_6m": seed[2] % 9,
        "open_loans": seed[3] % 5,
        "balance_yuan": Decimal(seed[4] * 3) * TEN_THOUSAND if seed[3] % 5 else Decimal(0),
    }


def court_records(about: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Cases, enforcement and the list of dishonest debtors; it agrees with what the risk platform says of the firm."""
    risk, seed = risk_platform(about, on), digits("court", about["credit_code"])
    enforced = 1 if "executed_person" in risk["flags"] else 0
    count = risk["lawsuits_open"] + enforced
    judgments = [_judgment(seed[4 * number : 4 * number + 4], number < enforced, on) for number in range(count)]
    return {
        "cases_open": risk["lawsuits_open"],
        "enforced": enforced,
        "dishonest": bool(enforced) and seed[30] < 64,
        "amount_yuan": sum((one["amount_yuan"] for one in judgments), Decimal(0)),
        "judgments": judgments,
    }


def _judgment(seed: list[int], enforced: bool, on: date) -> dict[str, Any]:
    day = on - timedelta(days=40 + seed[0] * 2)
    kind = "执" if enforced else "民初"
    return {
        "case_no": f"（{day.year}）浙0106{kind}{1000 + seed[1] * 7}号",
        "court": "杭州市西湖区人民法院",
        "cause": CAUSES[seed[2] % len(CAUSES)],
        "role": "defendant",
        "status": "enforced" if enforced else "open",
        "amount_yuan": Decimal(3 + seed[3] % 60) * TEN_THOUSAND,
        "on": day.isoformat(),
    }


def market_rates(_about: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The one-year loan prime rate, a fixed sample value."""
    return {"lpr_percent": Decimal("3.00"), "published_on": on.replace(day=20 if on.day >= 20 else 1).isoformat()}
