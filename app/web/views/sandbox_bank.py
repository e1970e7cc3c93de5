"""The sandbox bank's counter: in the demo and in training somebody outside sends money here."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for

from app.errors import Refused
from app.texts import Text
from app.use_cases.payments.simulate_credit import VERB, Credit, simulate_credit
from app.use_cases.permissions import require
from app.web.menu import is_borrower
from app.web.session import actor, logged_in
from app.web.texts import language

blueprint = Blueprint("sandbox_bank", __name__)
FIELDS = ("remark", "amount", "payer_name", "payer_account")


@dataclass(frozen=True)
class CounterPage:
    """What was typed, and why it was not taken; `own` says that a firm pays in its own name."""

    own: bool
    entered: dict[str, str] = field(default_factory=dict)
    error: Text | None = None


@blueprint.get("/sandbox-bank")
@logged_in
def show() -> Any:
    """The form; a link may bring remark and amount along."""
    _require_here()
    return _page({name: request.args.get(name, "")[:200] for name in FIELDS})


@blueprint.post("/sandbox-bank")
@logged_in
def pay() -> Any:
    """Sends the money; what comes of it is told by the bank's call-back."""
    _require_here()
    given = {name: request.form.get(name, "")[:200].strip() for name in FIELDS}
    try:
        amount = Decimal(given["amount"].replace(",", "").replace("，", ""))
        simulate_credit(actor(), Credit(given["remark"], amount, given["payer_name"], given["payer_account"]))
    except InvalidOperation:
        return _page(given, Text("金额应为数字，例如 10000.00。", "The amount is a number, such as 10000.00.")), 422
    except Refused as error:
        return _page(given, error.text), 422
    done = Text(
        f"沙箱银行已受理 {amount:,.2f} 元，几秒后到账。",
        f"The sandbox bank took {amount:,.2f} yuan; it arrives within seconds.",
    )
    flash(done.of(language()), "done")
    return redirect(url_for("sandbox_bank.show"))


def _require_here() -> None:
    require(VERB, actor())
    if not current_app.config["SETTINGS"].sandbox_bank:
        abort(404)
    g.nav_key = "sandbox_bank"


def _page(entered: dict[str, str], error: Text | None = None) -> str:
    return render_template("sandbox_bank.html", page=CounterPage(is_borrower(actor()), entered, error))
