"""Sample answers of those who dispose of collateral; as a browser would post them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

PLAN: dict[str, Any] = {
    "appraiser": "91330100MA2D3M013K",
    "perishable": "no",
    "plan": "先通知债务人和出质人，期满后委托评估并按规则表处置。",
}
PERISHABLE_PLAN: dict[str, Any] = PLAN | {"perishable": "yes"}
GOODS_PRESENT: dict[str, Any] = {
    "decision": "present",
    "quantity_found": "300 吨",
    "place_found": "北仑一号库 3 区 12 排",
    "condition": "good",
    "insured_until": "2027-06-30",
}
GOODS_SHORT: dict[str, Any] = GOODS_PRESENT | {
    "decision": "short",
    "quantity_found": "180 吨",
    "shortage": "少 120 吨，盘点时发现，出库记录不全。",
}
GOODS_MISSING: dict[str, Any] = {"decision": "missing", "shortage": "整批货物已被出库，去向不明。"}
GO_ON: dict[str, Any] = {"decision": "go_on", "opinion": "按现有数量继续处置，缺口向监管仓追偿。"}
GIVE_UP: dict[str, Any] = {"decision": "give_up", "opinion": "货物全部缺失，终止处置，向监管仓和债务人追索。"}
EXTERNAL_VALUE: dict[str, Any] = {
    "value": "900000.00",
    "valued_on": "2026-11-20",
    "method": "market",
    "report_number": "HH-2026-118",
    "independent": "true",
}
INTERNAL_VALUE: dict[str, Any] = {
    "value": "860000.00",
    "valued_on": "2026-11-20",
    "basis": "按近三个月现货均价扣除运费和税费估算。",
}
ANNOUNCED: dict[str, Any] = {"auction_house": "宁波产权拍卖中心", "lot_number": "NB-2026-0091", "deposit": "50000.00"}
UNSOLD: dict[str, Any] = {"decision": "unsold", "unsold_reason": "截止时无人出价。"}
WAIT_FOR_BUYER: dict[str, Any] = {"decision": "wait", "remark": "已书面催告，买方承诺月底付清。"}
RESELL: dict[str, Any] = {"decision": "resell", "remark": "买方书面放弃，保证金不退。"}
COSTS: dict[str, Any] = {
    "costs": [
        {"what": "仓储费", "amount": "3000.00", "voucher_no": "FP-3001", "paid_by": "funder", "payee": "金石仓储"},
        {"what": "评估费", "amount": "2000.00", "voucher_no": "FP-3002", "paid_by": "owed", "payee": "衡恒评估"},
    ],
    "taxes": [{"what": "增值税", "amount": "1800.00", "voucher_no": "WS-77"}],
    "complete": "true",
}
NO_COSTS: dict[str, Any] = {"complete": "true"}
CANCELLED: dict[str, Any] = {"cancelled_on": "2026-11-20", "certificate_number": "ZX-2026-5511"}


# what the process knows when these are asked
DISPOSAL: dict[str, Any] = {
    "number": "CZ202611210001",
    "debt": Decimal("123900.00"),
    "kind": "warehouse_receipt",
    "goods": "电解铜 Cu-CATH-1",
    "quantity": "300 吨",
    "place": "北仑一号库",
    "receipts": "CD20260007",
    "value": Decimal("950000.00"),
    "registration_no": "20261121-0098-7716",
    "owner": "清溪织造有限公司",
    "company_name": "清溪织造有限公司",
    "has_custodian": True,
    "panel": [{"value": "91330100MA2D3M013K", "label": "衡恒资产评估有限公司", "label_en": "Hengheng Appraisal"}],
}
CONTEXT: dict[str, Any] = {
    "disposal": DISPOSAL,
    "loan_no": "DK202611210001",
    "way": "auction",
    "auction": {"round": 1, "reserve": Decimal("688000.00")},
    "valuation": {"external": Decimal("900000.00"), "internal": Decimal("860000.00"), "lower": Decimal("860000.00")},
    "least_price": Decimal("688000.00"),
    "sale": {"way": "auction", "buyer_name": "大江铜业有限公司", "price": Decimal("800000.00")},
}


def sold(price: str, buyer: str = "大江铜业有限公司") -> dict[str, Any]:
    """A buyer at a price in yuan."""
    return {
        "decision": "sold",
        "buyer_name": buyer,
        "price": price,
        "evidence": "成交确认书 CJ-2026-18",
        "buyer_independent": "true",
    }


BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "plan_disposal": (PLAN, PERISHABLE_PLAN),
    "secure_goods": (GOODS_PRESENT, GOODS_SHORT, GOODS_MISSING),
    "missing_goods": (GO_ON, GIVE_UP),
    "value_collateral": (EXTERNAL_VALUE,),
    "desk_valuation": (INTERNAL_VALUE,),
    "list_auction": (ANNOUNCED,),
    "record_sale": (sold("800000.00"), UNSOLD),
    "buyer_default": (WAIT_FOR_BUYER, RESELL),
    "proceeds_costs": (COSTS, NO_COSTS),
    "cancel_registration": (CANCELLED,),
}
