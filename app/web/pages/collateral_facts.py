"""What secures a case and what was seen on site, as facts: pledged goods, their keeper, registration and values."""

from __future__ import annotations

from collections.abc import Mapping
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


BY_WHOM = {
    "stated": Text("申报价值（元）", "Stated value (CNY)"),
    "desk": Text("内部估值（元）", "Desk value (CNY)"),
}


def valuation_groups(variables: Mapping[str, Any]) -> tuple[FactGroup, ...]:
    """Both valuations of the pledged goods, the lower that counts, and what is lent on it; () where none were made."""
    made = variables.get("valuation")
    if not isinstance(made, Mapping):
        return ()
    desk = variables.get("desk_value")
    checked = Text("监管仓核过", "checked by the keeper")
    basis = Text(str(desk["basis"])) if isinstance(desk, Mapping) and desk.get("basis") else checked
    facts = [
        Fact(Text("市场行情（元）", "Market price (CNY)"), made.get("first"), "money"),
        Fact(BY_WHOM.get(str(made.get("by")), BY_WHOM["stated"]), made.get("second"), "money", basis),
        Fact(Text("取低者（元）", "The lower counts (CNY)"), made.get("used"), "money"),
        Fact(Text("可贷比例（%）", "Loan to value (%)"), variables.get("haircut"), "count"),
    ]
    return (FactGroup(Text("货物两次估值", "Two values of the goods"), tuple(facts)),)


VISIT = {
    "visited_on": (Text("走访日期", "Visited on"), "date"),
    "place": (Text("地点", "Place"), "text"),
    "person_met": (Text("会见的人", "Who was met"), "text"),
    "photos": (Text("照片（张）", "Photos"), "count"),
    "findings": (Text("走访情况", "Findings"), "text"),
}


def visit_groups(variables: Mapping[str, Any]) -> tuple[FactGroup, ...]:
    """What a site visit found; () where there was none."""
    found = variables.get("visit")
    if not isinstance(found, Mapping):
        return ()
    facts = tuple(Fact(label, found[key], kind) for key, (label, kind) in VISIT.items() if found.get(key) is not None)
    return (FactGroup(Text("现场尽调", "Site visit"), facts),)


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
