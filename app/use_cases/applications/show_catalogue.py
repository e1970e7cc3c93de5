"""The products that a firm may apply for, with the funders that offer each."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage import organisations, releases
from app.storage.database import reading
from app.texts import Text
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class CatalogueEntry:
    """A product of one funder."""

    product_key: str
    name: Text
    text: Text
    funder_id: int
    funder_name: Text


def show_catalogue(actor: Actor) -> tuple[CatalogueEntry, ...]:
    """Every product that is published and offered, in catalogue order."""
    require("apply", actor)
    with reading() as session:
        products = releases.products(session)
        offered = organisations.funder_products(session)
        return tuple(
            CatalogueEntry(key, Text(p.name_zh, p.name_en), Text(p.text_zh, p.text_en), funder.id, funder.name)
            for key, p in products.items()
            for product_key, funder in offered
            if product_key == key
        )
