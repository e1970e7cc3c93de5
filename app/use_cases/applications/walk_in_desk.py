"""Finds in whose name walk-in customers are entered: a funder that offers the product, and its customer manager."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage import organisations, releases
from app.storage.database import reading
from app.storage.organisations import Organisation
from app.use_cases.administration.find_actor import find_actor
from app.use_cases.permissions import Actor

VERB = "apply_for_others"


def managers_by_product(funder: str = "", login: str = "") -> dict[str, Actor]:
    """Product key -> who enters its applications; the actor's organisation is the funder.

    Only products that are published and offered; `funder` is a name or a credit code, `login` a person with the right
    to apply for others. By default the first funder and its first such person. Raises NotFound saying what is missing.
    """
    with reading() as session:
        chosen = _funder(session, funder) if funder else None
        published = releases.products(session).keys()
        managers: dict[str, Actor] = {}
        for key, organisation in organisations.funder_products(session):
            if key in published and key not in managers and (chosen is None or organisation.id == chosen.id):
                actor = find_actor(session, VERB, organisation_id=organisation.id, login=login)
                if actor is not None:
                    managers[key] = actor
    if not managers:
        raise NotFound(
            "没有资金方提供已发布的产品并有可以代客户录入申请的人员，请检查 --funder 和 --as。",
            "No funder offers a published product and has somebody who may apply for customers; "
            "check --funder and --as.",
        )
    return managers


def _funder(session: Session, given: str) -> Organisation:
    names = (Organisation.name_zh, Organisation.name_en, Organisation.unified_social_credit_code)
    found = session.scalar(select(Organisation).where(or_(*(name == given for name in names))).limit(1))
    if found is None:
        raise NotFound(f"没有资金方“{given}”。", f'There is no funder "{given}".')
    return found
