"""Sample prices of goods that are pledged as warehouse receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

TONNE = "吨"
# words of a quotation -> yuan a tonne without tax, as rounded sample values
QUOTATIONS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("nonferrous", ("铜", "copper"), 70_200),
    ("nonferrous", ("铝", "aluminium", "aluminum"), 20_050),
    ("nonferrous", ("锌", "zinc"), 23_400),
    ("nonferrous", ("铅", "lead"), 16_900),
    ("nonferrous", ("镍", "nickel"), 126_000),
    ("steel", ("不锈", "stainless"), 13_600),
    ("steel", ("冷轧", "cold rolled"), 4_350),
    ("steel", ("热轧", "hot rolled"), 3_920),
    ("steel", ("螺纹", "rebar"), 3_680),
    ("grain", ("大豆", "soy"), 4_520),
    ("grain", ("糖", "sugar"), 6_480),
    ("grain", ("玉米", "corn", "maize"), 2_380),
    ("grain", ("小麦", "wheat"), 2_520),
    ("grain", ("稻", "米", "rice"), 3_900),
    ("pulp", ("针叶", "softwood"), 5_720),
    ("pulp", ("阔叶", "hardwood"), 4_650),
    ("textile", ("涤纶", "polyester"), 8_150),
    ("textile", ("棉", "cotton"), 15_600),
    ("textile", ("粘胶", "viscose"), 13_300),
    ("chemical", ("纯碱", "soda ash"), 1_790),
    ("chemical", ("聚丙烯", "polypropylene"), 7_520),
    ("chemical", ("聚乙烯", "polyethylene"), 8_100),
    ("chemical", ("甲醇", "methanol"), 2_450),
)


def goods_prices(about: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The quotation that the goods' name asks for; unit_price None where nobody quotes such goods in such a unit."""
    name = str(about["goods"]).casefold()
    fits = [row for row in QUOTATIONS if row[0] == about["goods_kind"] and any(word in name for word in row[1])]
    quoted = fits[0] if fits and about["unit"] == TONNE else None
    return {
        "goods": quoted[1][0] if quoted else str(about["goods"]),
        "unit": str(about["unit"]),
        "unit_price": Decimal(quoted[2]) if quoted else None,
        "quoted_on": on.isoformat(),
    }
