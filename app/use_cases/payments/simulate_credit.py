"""Lets somebody outside send money at the sandbox bank: for the demo and for training, never in production."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.errors import NotFound, Refused
from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.payments import NotTaken, ResultUnknown, SandboxChannel
from app.storage import audit
from app.storage.database import unit_of_work
from app.use_cases.permissions import Actor, require

VERB = "simulate_credits"
MOST = Decimal("1000000000.00")
LONGEST = 200
BORROWER = "borrower"


@dataclass(frozen=True)
class Credit:
    """What the payer sends: `remark` is a loan's number, a case's or a disposal's; `amount` in yuan."""

    remark: str
    amount: Decimal
    payer_name: str = ""
    payer_account: str = ""


def simulate_credit(actor: Actor, credit: Credit) -> str:
    """The serial that the sandbox bank gave; its call-back brings the money. A firm pays in its own name.

    Raises Forbidden, NotFound where the bank is a real one, or Refused (bad amount, the sandbox bank is silent).
    """
    require(VERB, actor)
    channel = gateway.current()
    if not isinstance(channel, SandboxChannel):
        raise NotFound
    payer = actor.organisation_name.zh if actor.organisation_kind == BORROWER else credit.payer_name.strip()
    _require_sound(credit, payer)
    moment = clock.moment()
    try:
        serial = channel.credit(
            credit.remark.strip(), credit.amount, payer, credit.payer_account.strip(), moment.business_on.isoformat()
        )
    except (NotTaken, ResultUnknown) as error:
        raise Refused(error.text.zh, error.text.of("en")) from error
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="simulate_credit",
            target=serial,
            detail={"amount": credit.amount, "payer": payer, "remark": credit.remark.strip()},
            at=clock.real_now(),
        )
    return serial


def _require_sound(credit: Credit, payer: str) -> None:
    amount = credit.amount
    if not amount.is_finite() or not 0 < amount <= MOST or amount != amount.quantize(Decimal("0.01")):
        raise Refused(
            "金额须大于零、不超过十亿元，最多两位小数。",
            "The amount must be above zero, at most a billion yuan, with two decimal places at most.",
        )
    texts = (credit.remark, payer, credit.payer_account)
    if not payer or not credit.remark.strip() or max(map(len, texts)) > LONGEST or not "".join(texts).isprintable():
        raise Refused(
            "付款人和附言都要填写，每项不超过 200 字。",
            "The payer and the remark are needed; each has 200 characters at most.",
        )
