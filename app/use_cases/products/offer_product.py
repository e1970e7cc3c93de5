"""Lets a funder offer a product of the catalogue, with its limit; or lists who offers what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.gateways import clock
from app.storage import audit, organisations, releases
from app.storage.database import reading, unit_of_work
from app.storage.limits import CreditLimit
from app.storage.organisations import FunderProduct, Organisation
from app.texts import Text


@dataclass(frozen=True)
class Offered:
    """A product of the catalogue and the funders that offer it."""

    product_key: str
    name: Text
    funders: tuple[Text, ...]


def offer_product(product_key: str, funder: str, limit: Decimal) -> Text:
    """The funder (its name or credit code) offers the product up to `limit` yuan in all; gives the funder's name.

    Doing it again sets the limit. Raises NotFound, or Refused when less than what is already used would remain.
    """
    with unit_of_work() as session:
        if session.get(releases.Product, product_key) is None:
            known = ", ".join(releases.products(session))
            raise NotFound(
                f"没有产品“{product_key}”，可选：{known}。", f'There is no product "{product_key}"; there are {known}.'
            )
        place = _funder(session, funder)
        session.merge(FunderProduct(organisation_id=place.id, product_key=product_key))
        _set_limit(session, place, product_key, limit)
        audit.record(
            session,
            organisation_id=place.id,
            person_id=None,
            verb="offer_product",
            target=product_key,
            detail={"limit": limit},
            at=clock.real_now(),
        )
        return place.name


def list_offered() -> list[Offered]:
    """Every product with the funders that offer it."""
    with reading() as session:
        pairs = organisations.funder_products(session)
        return [
            Offered(key, Text(p.name_zh, p.name_en), tuple(funder.name for offered, funder in pairs if offered == key))
            for key, p in releases.products(session).items()
        ]


def _funder(session: Session, wanted: str) -> Organisation:
    named = or_(
        Organisation.name_zh == wanted,
        Organisation.name_en == wanted,
        Organisation.unified_social_credit_code == wanted,
    )
    found = session.scalar(select(Organisation).where(Organisation.kind == "funder", Organisation.active, named))
    if found is None:
        raise NotFound(
            f"没有名称或信用代码为“{wanted}”的资金方。", f'There is no funder with the name or code "{wanted}".'
        )
    return found


def _set_limit(session: Session, funder: Organisation, product_key: str, total: Decimal) -> None:
    query = select(CreditLimit).where(
        CreditLimit.funder_id == funder.id, CreditLimit.kind == "product", CreditLimit.subject == product_key
    )
    limit = session.scalar(query.with_for_update())
    if limit is None:
        session.add(
            CreditLimit(funder_id=funder.id, kind="product", subject=product_key, total=total, used=Decimal("0.00"))
        )
    elif limit.used > total:
        raise Refused(
            f"额度已用 {limit.used:,.2f} 元，不能降到 {total:,.2f} 元。",
            f"{limit.used:,.2f} yuan are in use; the limit cannot be set to {total:,.2f}.",
        )
    else:
        limit.total = total
