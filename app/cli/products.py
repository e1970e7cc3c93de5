"""`flask products`: which funder offers what."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from app.cli.speaking import ProductGroup, language_option, said
from app.texts import Text
from app.use_cases.products.offer_product import list_offered
from app.use_cases.products.offer_product import offer_product as offer_now

products = ProductGroup("products", help="Products and the funders that offer them.")


@products.command("list")
@language_option
def list_command(language: str) -> None:
    """Each product with its funders."""
    for one in list_offered():
        funders = "、".join(said(funder, language) for funder in one.funders) or "—"
        click.echo(f"{one.product_key}  {said(one.name, language)}  {funders}")


@products.command("offer")
@click.argument("product")
@click.option("--funder", required=True, help="Name or credit code of the funder.")
@click.option("--limit", "limit", required=True, help="The most it lends in this product, in yuan.")
@language_option
def offer_command(product: str, funder: str, limit: str, language: str) -> None:
    """Lets a funder offer PRODUCT; doing it again changes the limit."""
    name = offer_now(product, funder, _yuan(limit))
    click.echo(said(Text(f"{name.zh}现在提供“{product}”。", f'{name.of("en")} now offers "{product}".'), language))


def _yuan(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        amount = Decimal(0)
    if (
        not amount.is_finite()
        or amount <= 0
        or amount >= Decimal(10) ** 15
        or amount != amount.quantize(Decimal("0.01"))
    ):
        raise click.BadParameter("an amount in yuan above 0 with at most two places / 大于 0、最多两位小数的金额（元）")
    return amount.quantize(Decimal("0.01"))
