"""What secures a case, as facts to read: the pledged goods, who keeps them, and their registration."""

from __future__ import annotations

from typing import Any

from app.texts import Text
from app.use_cases.cases.case_file import CaseFile
from app.web.page_models import Fact, FactGroup

STATES = {
    "pledged": Text("已质押", "Pledged"),
    "secured": Text("已接管，待处置", "Taken over for disposal"),
    "sold": Text("已变现", "Sold"),
    "released": Text("已解除", "Released"),
}


def collateral_groups(file: CaseFile) -> tuple[FactGroup, ...]:
    """A group for each thing that secures the case or did, the newest first; one that was replaced is left out."""
    last = file.collateral[-1:]
    shown = [one for one in file.collateral if one.state != "released" or one in last]
    units = _units(file)
    return tuple(_group(one, units.get(one.unit, Text(one.unit))) for one in reversed(shown))


def _units(file: CaseFile) -> dict[str, Text]:
    """The units that the application offered, by what is stored."""
    given = file.applications()
    return {option.value: option.label for part in given[-1].form.fields for option in part.options} if given else {}


def _group(one: Any, unit: Text) -> FactGroup:
    facts = [
        Fact(Text("担保物编号", "Collateral"), one.number, "code"),
        Fact(Text("状态", "State"), STATES[one.state]),
        Fact(Text("仓单号", "Receipt"), one.receipt_number, "code"),
        Fact(Text("货物", "Goods"), one.goods),
        Fact(Text("数量", "Quantity"), Text(f"{one.quantity} {unit.zh}", f"{one.quantity} {unit.of('en')}")),
        Fact(Text("价值（元）", "Value (CNY)"), one.value, "money"),
        Fact(Text("存放地点", "Kept at"), one.warehouse),
        Fact(Text("仓储期至", "Stored until"), one.expires_on, "date"),
    ]
    if one.registration_no:
        facts.append(Fact(Text("登记编号", "Registration"), one.registration_no, "code"))
        facts.append(Fact(Text("登记期限至", "Registered until"), one.registration_ends_on, "date"))
    return FactGroup(Text("质押货物", "Pledged goods"), tuple(facts))
