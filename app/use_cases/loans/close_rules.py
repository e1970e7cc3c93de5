"""The rules of a loan's close: what its contract fixed when it was paid out, and the tables in force on a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.allocation import AllocationOrder
from app.lending.loan_facts import CloseRules
from app.lending.penalty import PenaltyRule, penalty_rate_percent
from app.lending.steps import Steps, steps_of
from app.storage.loans import Loan
from app.use_cases.definitions.rules_in_force import RuleInForce, rules_in_force

ORDER, CLASSIFICATION, LADDER = "allocation_order", "risk_classification", "collections_ladder"
PENALTY, GRACE, REMINDERS = "penalty_rate", "grace_days", "reminder_plan"
# no class and no rung begins later
LAST_STEP_DAY = 720


def rules_of(session: Session, loan: Loan, on: date) -> CloseRules:
    """What a close of `on` goes by: penalty and grace of the contract, classes, ladder and order in force that day."""
    found, fixed = rules_in_force(session, (ORDER, CLASSIFICATION, LADDER), on), loan.rules
    return CloseRules(
        order=_order(found[ORDER], loan.asset_class, bool(fixed["principal_first_agreed"])),
        penalty=PenaltyRule(
            Decimal(fixed["penalty_rate_percent"]), fixed["grace_days"], fixed["on_interest"], fixed["day_count"]
        ),
        class_floors=_steps(found[CLASSIFICATION]),
        ladder=_steps(found[LADDER]),
        bill_days_before=fixed["bill_days_before"],
        dpd_grace_days=fixed["dpd_grace_days"],
    )


def order_in_force(session: Session, loan: Loan, on: date) -> tuple[dict[str, Any], str]:
    """The order in which money that comes on a date is spread, as plain values, and the hash of its table."""
    rule = rules_in_force(session, [ORDER], on)[ORDER]
    order = _order(rule, loan.asset_class, bool(loan.rules["principal_first_agreed"]))
    return plain_order(order), rule.sha256


def plain_order(order: AllocationOrder) -> dict[str, Any]:
    """An order as it is stored with a receipt."""
    named = {"due": list(order.due), "in_advance": list(order.in_advance)}
    return named | {"processing": order.processing, "future": order.future}


def stored_order(given: Mapping[str, Any]) -> AllocationOrder:
    """The order that `plain_order` wrote."""
    return AllocationOrder(tuple(given["due"]), tuple(given["in_advance"]), given["processing"], given["future"])


def contract_rules(
    session: Session, rate_percent: Decimal, uplift_percent: Decimal | None, on: date, terms: Mapping[str, object]
) -> dict[str, Any]:
    """What is fixed for a loan's life when it is paid out on a date, with the hashes of the tables that said so.

    `terms` are the `product` and `term_months`, by which a table may decide. The penalty is the contract's uplift on
    its rate where the parties agreed on one, else the table's multiplier.
    """
    found = rules_in_force(session, (PENALTY, GRACE, REMINDERS), on)
    penalty, grace = _decided(found[PENALTY], terms), _decided(found[GRACE], terms)
    agreed = Decimal(penalty["multiplier"]) if uplift_percent is None else 1 + uplift_percent / 100
    return {
        "penalty_rate_percent": f"{penalty_rate_percent(rate_percent, [agreed]):f}",
        "on_interest": penalty["on_interest"],
        "day_count": penalty["day_count"],
        "grace_days": int(grace["days"]),
        "dpd_grace_days": int(grace["dpd_days"]),
        "bill_days_before": _days(found[REMINDERS], terms),
        "principal_first_agreed": False,
        "tables": {key: rule.sha256 for key, rule in found.items()},
    }


def _decided(rule: RuleInForce, variables: Mapping[str, object]) -> Mapping[str, Any]:
    value = rule.decide(variables)
    if not isinstance(value, Mapping) or any(part is None for part in value.values()):
        raise _unusable(rule)
    return value


def _days(rule: RuleInForce, variables: Mapping[str, object]) -> int:
    value = rule.decide(variables)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _unusable(rule)
    return value


@lru_cache(maxsize=64)
def _order(rule: RuleInForce, asset_class: str, principal_first_agreed: bool) -> AllocationOrder:
    found = _decided(rule, {"asset_class": asset_class, "principal_first_agreed": principal_first_agreed})
    try:
        return AllocationOrder(
            tuple(found["order_due"]), tuple(found["order_in_advance"]), found["processing"], found["future"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(rule) from error


@lru_cache(maxsize=64)
def _steps(rule: RuleInForce) -> Steps:
    return steps_of(lambda dpd: _named(rule, dpd), LAST_STEP_DAY)


def _named(rule: RuleInForce, dpd: int) -> str:
    value = rule.decide({"dpd": dpd})
    if not isinstance(value, str):
        raise _unusable(rule)
    return value


def _unusable(rule: RuleInForce) -> Refused:
    return Refused(
        f"规则表“{rule.key}”没有给出贷款能用的结果，请检查已发布的版本。",
        f'The rule table "{rule.key}" gave nothing that a loan can use; please check what is published.',
    )
