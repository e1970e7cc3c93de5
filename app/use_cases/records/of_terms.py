"""The sections on what came of it: offers, limits and security, contracts, compliance, and the money paid out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.storage.contracts import Contract
from app.storage.limits import CreditLimit
from app.texts import Text
from app.use_cases.contracts.kinds import CAPACITIES, KINDS
from app.use_cases.offers.limits_of_case import KIND_NAMES
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS
from app.use_cases.payments.payment_kinds import PAYMENT_KINDS
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.of_application import product_of
from app.use_cases.records.record import (
    DASH,
    Fact,
    Facts,
    Grid,
    Part,
    Section,
    day,
    fact,
    fingerprint,
    heads,
    joined,
    moment,
    said,
    yuan,
)

OFFERS = {
    "open": Text("待接受", "open"),
    "accepted": Text("已接受", "accepted"),
    "declined": Text("已放弃", "declined"),
    "lapsed": Text("已失效", "lapsed"),
}
CONTRACTS = {
    "open": Text("待签署", "to be signed"),
    "in_force": Text("已生效", "in force"),
    "lapsed": Text("已失效", "lapsed"),
}
COLLATERAL = {
    "pledged": Text("已质押", "pledged"),
    "secured": Text("已接管", "taken over"),
    "sold": Text("已变现", "sold"),
    "released": Text("已解除", "released"),
}
PAYMENTS = {
    "prepared": Text("待复核", "to be confirmed"),
    "authorised": Text("已复核，待发送", "confirmed, to be sent"),
    "sent": Text("已发送", "sent"),
    "unknown": Text("结果未知", "result unknown"),
    "succeeded": Text("已付", "paid"),
    "failed": Text("付款失败", "failed"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
HOLDS = {
    "open": Text("暂缓中", "open"),
    "cleared": Text("已解除", "cleared"),
    "upheld": Text("维持暂缓", "upheld"),
    "clear": Text("同意解除", "clear"),
    "uphold": Text("维持", "uphold"),
    "screening": Text("名单筛查", "list screening"),
    "officer": Text("合规人员", "compliance officer"),
}


def terms_of(rows: CaseRows) -> Section:
    """Offers as they were made, what was held on limits for them, and what secures the loan."""
    parts = [_offers(rows), _reservations(rows), *_security(rows)]
    return Section("terms", Text("授信方案、额度与担保", "Offer, limits and security"), _told(parts))


def _told(parts: list[Part]) -> tuple[Part, ...]:
    """The parts that say something."""
    return tuple(one for one in parts if any(not isinstance(block, Grid) or block.rows for block in one.blocks))


def _offers(rows: CaseRows) -> Part:
    lines = tuple(
        (
            Text(one.number),
            yuan(one.amount),
            Text(f"{one.rate_percent_per_year}%"),
            Text(f"{one.term_months} 个月", f"{one.term_months} months"),
            REPAYMENT_METHODS.get(one.repayment_method, Text(one.repayment_method)),
            _fees(one.fees),
            moment(one.issued_at),
            day(one.valid_until),
            _standing(OFFERS, one.state, one.decided_at),
        )
        for one in rows.file.offers
    )
    titles = heads(
        ("方案编号", "Offer"),
        ("金额", "Amount"),
        ("年利率", "Rate a year"),
        ("期限", "Term"),
        ("还款方式", "Repayment"),
        ("费用", "Fees"),
        ("发出", "Issued"),
        ("有效期至", "Valid until"),
        ("结果", "Outcome"),
    )
    return Part(Text("授信方案", "Offers"), Text(""), (Grid(titles, lines, (4, 4, 2, 2, 4, 3, 3, 3, 4), (1, 2)),))


def _fees(fees: Any) -> Text:
    told = []
    for fee in fees or ():
        name, amount = Text(str(fee.get("name_zh") or ""), str(fee.get("name_en") or "")), yuan(Decimal(fee["amount"]))
        told.append(Text(f"{name.zh} {amount.zh}".strip(), f"{name.of('en')} {amount.of('en')}".strip()))
    return joined(told)


def _standing(words: dict[str, Text], state: str, at: Any) -> Text:
    name, time = words.get(state, Text(state)), moment(at)
    return name if time == DASH else Text(f"{name.zh} {time.zh}", f"{name.of('en')} {time.zh}")


def _reservations(rows: CaseRows) -> Part:
    lines = tuple(
        (
            KIND_NAMES.get(limit.kind, Text(limit.kind)),
            _subject(rows, limit),
            yuan(row.amount),
            Text(row.reference),
            moment(row.reserved_at),
            moment(row.released_at),
        )
        for row, limit in rows.reservations
    )
    titles = heads(
        ("额度", "Limit"),
        ("对象", "Of whom"),
        ("占用", "Held"),
        ("占用凭据", "Reference"),
        ("占用时间", "Held since"),
        ("释放时间", "Released"),
    )
    return Part(Text("额度占用", "Held on limits"), Text(""), (Grid(titles, lines, (4, 4, 4, 4, 3, 3), (2,)),))


def _subject(rows: CaseRows, limit: CreditLimit) -> Text:
    if limit.subject == rows.case.product_key:
        return product_of(rows)
    named = rows.organisation(int(limit.subject), rows.case.created_at) if limit.subject.isdigit() else Text("")
    return named if named.zh else Text(limit.subject)


def _security(rows: CaseRows) -> list[Part]:
    units = {o.value: o.label for one in rows.file.applications()[-1:] for f in one.form.fields for o in f.options}
    parts = []
    for one in rows.file.collateral:
        unit = units.get(one.unit, Text(one.unit))
        facts = (
            fact("仓单号", "Receipt", one.receipt_number),
            fact("货物", "Goods", one.goods),
            fact("数量", "Quantity", Text(f"{one.quantity} {unit.zh}", f"{one.quantity} {unit.of('en')}")),
            fact("价值", "Value", yuan(one.value)),
            fact("保管人", "Kept by", rows.organisation(one.custodian_id, one.pledged_at)),
            fact("存放地点", "Kept at", one.warehouse),
            fact("仓储期至", "Stored until", day(one.expires_on)),
            fact("登记编号", "Registration", one.registration_no),
            fact("登记期限至", "Registered until", day(one.registration_ends_on)),
            fact("质押", "Pledged", moment(one.pledged_at)),
            fact("状态", "State", _standing(COLLATERAL, one.state, one.ended_at)),
            fact("证据指纹", "Fingerprint of the evidence", fingerprint(one.evidence)),
        )
        parts.append(Part(Text(f"担保物 {one.number}", f"Collateral {one.number}"), Text(""), (Facts(facts),)))
    return parts


def contracts_of(rows: CaseRows) -> Section:
    """Contracts with the hashes of their files, before and after each signature."""
    parts = tuple(_contract(rows, one) for one in rows.contracts)
    return Section("contracts", Text("合同", "Contracts"), parts)


def _contract(rows: CaseRows, one: Contract) -> Part:
    kind = KINDS[one.kind].name if one.kind in KINDS else Text(one.kind)
    lines = tuple(
        (
            CAPACITIES.get(place.capacity, Text(place.capacity)),
            rows.organisation(place.organisation_id, place.signed_at or one.generated_at),
            rows.person(place.person_id, place.signed_at) if place.person_id else DASH,
            moment(place.signed_at),
            joined((Text(f"{said(place.certificate_serial).zh}"), said(place.authority)), " ", " "),
            said(place.sha256_after),
        )
        for place in rows.signatures
        if place.contract_id == one.id
    )
    titles = heads(
        ("身份", "Capacity"),
        ("机构", "Organisation"),
        ("签署人", "Signed by"),
        ("时间", "Time"),
        ("证书", "Certificate"),
        ("签署后文件哈希", "Hash of the file after it"),
    )
    facts = (
        fact("生成", "Made", moment(one.generated_at)),
        fact("状态", "State", _standing(CONTRACTS, one.state, one.in_force_at or one.lapsed_at)),
        fact("内容指纹", "Fingerprint of its content", fingerprint(one.content)),
        fact("文件哈希", "Hash of the file", one.document_sha256),
    )
    title = Text(f"{kind.zh} {one.number}", f"{kind.of('en')} {one.number}")
    return Part(title, Text(""), (Facts(facts), Grid(titles, lines, (2, 3, 2, 3, 5, 5))))


def compliance_of(rows: CaseRows) -> Section:
    """Holds with their reasons and what each officer said of them."""
    parts = []
    for hold in rows.holds:
        facts = (
            fact("来源", "From", HOLDS.get(hold.source, Text(hold.source))),
            fact("提出", "Opened", moment(hold.opened_at)),
            fact("提出人", "Opened by", rows.person(hold.opened_by, hold.opened_at)),
            fact("须几人解除", "Persons needed to clear it", str(hold.persons_needed)),
            fact("状态", "State", _standing(HOLDS, hold.state, hold.closed_at)),
            fact("筛查结果指纹", "Fingerprint of the findings", fingerprint(hold.findings)),
        )
        lines = tuple(
            (
                rows.person(one.person_id, one.at),
                HOLDS.get(one.decision, Text(one.decision)),
                moment(one.at),
                Text(one.reason),
                said(one.evidence),
            )
            for one in rows.hold_opinions
            if one.hold_id == hold.id
        )
        titles = heads(
            ("人员", "Who"), ("结论", "Decision"), ("时间", "Time"), ("理由", "Reason"), ("依据", "Evidence")
        )
        blocks = (Facts(facts), Grid(titles, lines, (2, 2, 3, 6, 4))) if lines else (Facts(facts),)
        parts.append(Part(Text("合规暂缓", "Compliance hold"), Text(hold.reason, hold.reason_en), blocks))
    return Section("compliance", Text("合规", "Compliance"), tuple(parts))


def payouts_of(rows: CaseRows) -> Section:
    """What was paid out, by whom it was prepared and confirmed, and the loans that came of it."""
    parts = []
    for one in rows.payments:
        facts = (
            fact("金额", "Amount", yuan(one.amount)),
            fact("收款人", "Payee", one.counterparty_name),
            fact("开户行", "Bank", one.counterparty_bank),
            fact("账号", "Account", one.account_masked),
            fact("用途", "Purpose", one.purpose),
            fact("经办", "Prepared by", rows.person(one.maker_id, one.created_at)),
            fact("经办时间", "Prepared", moment(one.created_at)),
            fact("复核", "Confirmed by", rows.person(one.checker_id, one.confirmed_at) if one.checker_id else None),
            fact("复核时间", "Confirmed", moment(one.confirmed_at)),
            fact("发送", "Sent", moment(one.sent_at)),
            fact("结果", "Outcome", _standing(PAYMENTS, one.state, one.settled_at)),
            fact("银行流水号", "Bank's reference", one.bank_reference),
            fact("起息日", "Value date", day(one.value_on)),
            *((fact("原因", "Reason", one.reason),) if one.reason else ()),
        )
        kind = PAYMENT_KINDS[one.kind].name if one.kind in PAYMENT_KINDS else Text(one.kind)
        title = Text(f"{kind.zh} {one.number}", f"{kind.of('en')} {one.number}")
        parts.append(Part(title, Text(""), (Facts(facts),)))
    parts += [_loan(one) for one in rows.loans]
    return Section("payout", Text("放款", "Payout"), tuple(parts))


def _loan(one: Any) -> Part:
    """What the loan was at its payout; how it stands since is no part of the decision."""
    tables = (one.rules or {}).get("tables", {})
    facts: tuple[Fact, ...] = (
        fact("本金", "Principal", yuan(one.principal)),
        fact("年利率", "Rate a year", f"{one.rate_percent_per_year}%"),
        fact("期限", "Term", Text(f"{one.term_months} 个月", f"{one.term_months} months")),
        fact("还款方式", "Repayment", REPAYMENT_METHODS.get(one.repayment_method, Text(one.repayment_method))),
        fact("放款日", "Paid out on", day(one.paid_out_on)),
        fact("到期日", "Matures on", day(one.matures_on)),
        fact("约定的罚息、宽限等指纹", "Fingerprint of penalty, grace and the like", fingerprint(one.rules)),
        fact("所用规则表", "Tables used", joined(Text(f"{key} {sha256}") for key, sha256 in sorted(tables.items()))),
    )
    return Part(Text(f"借据 {one.number}", f"Loan {one.number}"), Text(""), (Facts(facts),))
