"""Which limits a case falls under, by its parties and product and by the table of what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Refused
from app.storage import limits, organisations, party_links, releases
from app.storage.cases import LoanCase, parties
from app.storage.limits import CreditLimit
from app.texts import Text
from app.use_cases.definitions.rules_in_force import RuleInForce, rules_in_force

POLICY = "limit_policy"
KIND_NAMES = {
    "funder": Text("资金方总额度", "the funder's total limit"),
    "product": Text("产品额度", "the product's limit"),
    "core_enterprise": Text("核心企业额度", "the core enterprise's limit"),
    "group": Text("集团额度", "the group's limit"),
    "borrower": Text("借款人额度", "the borrower's limit"),
}
AS_REPAID = "as_repaid"


@dataclass(frozen=True)
class Sides:
    """Who stands behind a case: `group` are the borrower and the firms linked to it by control."""

    funder: int
    borrower: int
    core_enterprise: int | None
    group: frozenset[int]


def sides_of(session: Session, case_id: int) -> Sides:
    """The case's parties as limits and concentration see them; links that only another bank knows do not count."""
    who = parties(session, case_id)
    group = party_links.group_of(session, who["borrower"], funder_id=who["funder"])
    return Sides(who["funder"], who["borrower"], who.get("core_enterprise"), frozenset(group))


def limits_of_case(session: Session, case: LoanCase, sides: Sides, on: date) -> list[CreditLimit]:
    """The funder's limits that the case falls under, in the order in which they are locked.

    Raises LimitExceeded where one that the table asks for is not set.
    """
    subjects = {
        "funder": {str(sides.funder)},
        "product": {case.product_key},
        "borrower": {str(sides.borrower)},
        "group": {str(member) for member in sides.group},
        "core_enterprise": {str(sides.core_enterprise)} if sides.core_enterprise else set(),
    }
    found = [row for row in limits.of_funder(session, sides.funder) if row.subject in subjects[row.kind]]
    there = {row.kind for row in found}
    for kind, wanted in subjects.items():
        if wanted and kind not in there and policy_of(session, kind, case.product_key, on)["required"]:
            name = KIND_NAMES[kind]
            raise LimitExceeded(f"还没有设定{name.zh}，不能放贷。", f"There is no amount set for {name.en}.")
    return found


class LimitExceeded(Refused):
    """A limit does not allow an amount; the message names the limit, what is left of it and what is needed."""


def policy_of(session: Session, kind: str, product: str, on: date) -> Mapping[str, Any]:
    """{required, release} for a kind of limit and a product, by the table in force on a date."""
    return _policy(rules_in_force(session, [POLICY], on)[POLICY], kind, product)


@lru_cache(maxsize=256)
def _policy(rule: RuleInForce, kind: str, product: str) -> Mapping[str, Any]:
    found = rule.decide({"kind": kind, "product": product})
    if not isinstance(found, Mapping):
        raise Refused(
            f"规则表“额度规则”没有说明{KIND_NAMES[kind].zh}，请检查已发布的版本。",
            f'The rule table "limits that a case needs" says nothing of {KIND_NAMES[kind].en}.',
        )
    return found


def limit_name(session: Session, limit: CreditLimit) -> Text:
    """A limit as people call it: its kind and whose it is."""
    kind = KIND_NAMES[limit.kind]
    if limit.kind == "funder":
        return kind
    if limit.kind == "product":
        product = releases.products(session).get(limit.subject)
        whose = Text(product.name_zh, product.name_en) if product else Text(limit.subject, limit.subject)
    else:
        whose = organisations.names(session, [int(limit.subject)])[int(limit.subject)]
    return Text(f"“{whose.zh}”的{kind.zh}", f'{kind.en} of "{whose.of("en")}"')
