"""What a person enters for a limit, checked at the border: kind, whose, amount, dates and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.storage import limits, organisations, releases
from app.texts import Text
from app.use_cases.offers.amounts import Amount

NET_CAPITAL = "net_capital"
KINDS = {
    "borrower": Text("借款人额度", "Borrower"),
    "group": Text("集团额度", "Group"),
    "core_enterprise": Text("核心企业额度", "Core enterprise"),
    "product": Text("产品额度", "Product"),
    "funder": Text("资金方总额度", "The bank's total"),
    NET_CAPITAL: Text("资本净额", "Net capital"),
}
FUNDER_TYPES = {
    "bank": Text("银行", "Bank"),
    "small_loan": Text("小额贷款公司", "Small-loan company"),
    "factoring": Text("商业保理公司", "Factoring company"),
    "leasing": Text("融资租赁公司", "Leasing company"),
    "private": Text("民间出借人", "Private lender"),
}
LIMIT_KINDS = limits.KINDS
PROPOSED, APPROVED, REFUSED = limits.PROPOSED, limits.APPROVED, limits.REFUSED
SHORTEST, LONGEST = 4, 500
LABELS = {
    "kind": Text("种类", "the kind"),
    "total": Text("金额（元，最多两位小数）", "the amount (yuan, at most two places)"),
    "valid_from": Text("起始日", "the first day"),
    "valid_until": Text("到期日", "the last day"),
    "reason": Text(f"理由（{SHORTEST} 至 {LONGEST} 字）", f"the reason ({SHORTEST} to {LONGEST} characters)"),
}


@dataclass(frozen=True)
class Entered:
    """A change as it was entered; `subject` as limits keep it."""

    kind: str
    subject: str
    total: Decimal
    valid_from: date | None
    valid_until: date | None
    reason: str


class _Entry(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    total = Amount(required=True)
    valid_from = fields.Date(load_default=None)
    valid_until = fields.Date(load_default=None)
    reason = fields.String(required=True, validate=validate.Length(min=SHORTEST, max=LONGEST))


def entered(session: Session, given: Mapping[str, str], funder_id: int) -> Entered:
    """What was typed; raises Refused naming what does not fit, NotFound where nobody has the credit code."""
    typed = {key: given.get(key, "").strip().replace(",", "") for key in ("total", "valid_from", "valid_until")}
    typed |= {"kind": given.get("kind", ""), "reason": given.get("reason", "").strip()}
    try:
        found: dict[str, Any] = _Entry().load({key: value for key, value in typed.items() if value})
    except ValidationError as error:
        labels = [LABELS[key] for key in LABELS if key in error.normalized_messages()]
        raise Refused(
            f"请检查：{'、'.join(one.zh for one in labels)}。",
            f"Please check {', '.join(one.of('en') for one in labels)}.",
        ) from error
    first, last = found["valid_from"], found["valid_until"]
    if first and last and last < first:
        raise Refused("到期日早于起始日。", "The last day lies before the first.")
    return Entered(subject=_subject(session, found["kind"], given.get("subject", "").strip(), funder_id), **found)


def _subject(session: Session, kind: str, typed: str, funder_id: int) -> str:
    if kind == "funder":
        return str(funder_id)
    known = FUNDER_TYPES if kind == NET_CAPITAL else releases.products(session) if kind == "product" else None
    if known is not None:
        if typed not in known:
            raise Refused("请从列表中选择。", "Please choose one of the list.")
        return typed
    organisation = organisations.by_credit_code(session, typed.upper())
    if organisation is None:
        raise NotFound(f"没有统一社会信用代码为“{typed}”的机构。", f'No organisation has the credit code "{typed}".')
    return str(organisation.id)
