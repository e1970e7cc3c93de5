"""What a drawdown is paid against: entrusted to a trading partner for contracts and invoices, or to the borrower."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.errors import Refused

ENTRUSTED, OWN = "entrusted", "own"


def require_basis(order: Mapping[str, Any]) -> None:
    """Raises Refused where what was drawn and filled in does not fit the way of payment (`payment_method`).

    Entrusted: the payee is not the borrower, and the lines (contract, invoice, yuan) come to the amount. Own: the payee
    is the borrower.
    """
    method, payee = order.get("payment_method"), str(order.get("payee_name") or "").strip()
    borrower = str(order.get("borrower_name") or "").strip()
    if method == ENTRUSTED:
        if payee == borrower:
            raise Refused(
                "受托支付的收款人是交易对手，不能是借款人自己。",
                "An entrusted payment goes to the trading partner, not to the borrower.",
            )
        lines = order.get("evidence_lines") or []
        total = sum((Decimal(line.get("line_amount") or 0) for line in lines), Decimal(0))
        if total != Decimal(order.get("amount") or 0):
            raise Refused(
                f"付款依据合计 {total:,.2f} 元，与付款金额不一致。",
                f"The contracts and invoices come to {total:,.2f} yuan, which is not the amount of the payment.",
            )
    elif method == OWN and payee != borrower:
        raise Refused("自主支付只能付到借款人自己的账户。", "An own payment goes to the borrower's own account.")
