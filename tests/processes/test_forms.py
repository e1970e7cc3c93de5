"""The shipped forms: both languages everywhere, the sample answers fit, and what must not be entered is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.forms import Component, Form, parse_form
from app.moment import Moment
from tests.processes import answers, bill_answers, collection_answers, disposal_answers, payout_answers

FORMS = Path(__file__).parents[2] / "forms"
APPLICATIONS = ("working-capital-application", "trade-order-application", "warehouse-receipt-application")
KEYS = sorted(path.stem for path in FORMS.glob("*.form"))
MOMENT = Moment.at(datetime(2026, 11, 21, 2, tzinfo=UTC))
CONTEXT: dict[str, Any] = {
    "product": "working-capital",
    "channel": "online",
    "company_name": answers.BORROWER_NAME,
    "requested_amount": Decimal("4000000.00"),
    "term_months": 24,
    "approved": {"term_months": 12},
    "repayment_method": "interest_monthly",
    "order_amount": Decimal("1250000.00"),
    "goods_quantity": Decimal("30.500"),
    "document_checklist": [
        {"kind": "business_license", "name": "营业执照", "name_en": "Business licence", "mandatory": True},
        {"kind": "invoices", "name": "发票", "name_en": "Invoices", "mandatory": False},
    ],
    "missing": [],
    "duplicates": [],
    "enterprise": {"status": "active"},
    "knockouts": [{"code": "RATING_D", "reason_zh": "评级为 D", "reason_en": "The rating is D"}],
    "limit": {
        "max_amount": Decimal("4260000.00"),
        "max_term_months": 24,
        "methods": ["interest_monthly", "equal_instalment", "equal_principal"],
    },
    "pricing": {"rate_percent": Decimal("4.65"), "floor_percent": Decimal("4.35"), "spread_bp": 165},
    "basis": {"amount": Decimal("3000000.00"), "rate_percent": Decimal("4.65"), "term_months": 12},
    "risk": None,
    "bureau": None,
    "registry": None,
    "court": None,
    "checklist": None,
    "market_valuation": None,
    "ratios": {"dscr": None},
    **collection_answers.CONTEXT,
    **bill_answers.CONTEXT,
    **disposal_answers.CONTEXT,
    "wanted": [{"name": "合同已签署", "name_en": "Signed", "mandatory": True, "waivable": True}],
    "screening": {"list_version": "2026-11-01", "hits": []},
    "compliance_hold": {"hold_id": 1, "state": "open", "persons_needed": 1},
    "payment_max": Decimal("3000000.00"),
}


def form(key: str) -> Form:
    return parse_form((FORMS / f"{key}.form").read_bytes())


def parts(components: tuple[Component, ...]) -> list[Component]:
    return [found for each in components for found in (each, *parts(each.children))]


def refused(key: str, entered: dict[str, Any], **context: Any) -> list[str]:
    return [error.path for error in form(key).check(entered, CONTEXT | context, MOMENT).errors]


@pytest.mark.parametrize("key", KEYS)
def test_every_label_hint_and_option_is_in_both_languages(key: str) -> None:
    parsed = form(key)
    assert parsed.key == key and parsed.name.zh and parsed.name.en
    for part in parts(parsed.components):
        texts = [part.label, *([part.hint] if part.hint.zh else []), *(option.label for option in part.options)]
        assert all(text.zh and text.en for text in texts), part.id


@pytest.mark.parametrize(
    ("key", "number"), [(key, number) for key, found in answers.BY_FORM.items() for number in range(len(found))]
)
def test_the_sample_answers_fit_their_form(key: str, number: int) -> None:
    given = answers.BY_FORM[key][number]
    asked = "order" if given is answers.SUPPLEMENT_ORDER else "receipt"
    item = {"kind": asked, "name": "核对", "name_en": "Check", "mandatory": False, "upload": False}
    missing = [item] if given in (answers.SUPPLEMENT_ORDER, answers.SUPPLEMENT_RECEIPT) else []
    assert refused(key, given, missing=missing) == []


def test_every_form_that_asks_something_has_sample_answers() -> None:
    assert set(KEYS) - set(answers.BY_FORM) == {"upload_documents"}


def test_a_product_says_what_it_is_and_which_process_it_starts() -> None:
    products = [form(key).properties for key in KEYS if "product" in form(key).properties]
    assert {found["product"] for found in products} == {"working-capital", "trade-order", "warehouse-receipt"}
    for found in products:
        assert (FORMS.parent / "processes" / f"{found['process']}.bpmn").exists()
        assert all(found[f"product_{part}_{language}"] for part in ("name", "text") for language in ("zh", "en"))


@pytest.mark.parametrize("key", APPLICATIONS)
def test_personal_numbers_are_marked_sensitive(key: str) -> None:
    marked = {part.path for part in parts(form(key).components) if part.sensitive}
    assert {"representative_name", "representative_id_card", "representative_phone", "account_number"} <= marked


@pytest.mark.parametrize("key", APPLICATIONS)
def test_amount_and_term_go_to_the_columns_of_the_case(key: str) -> None:
    columns = form(key).columns()
    assert columns["requested_amount"] == "amount" and columns["term_months"] == "term_months"


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("requested_amount", "12.345"),
        ("requested_amount", "1e6"),
        ("term_months", "12.5"),
        ("term_months", "37"),
        ("unified_social_credit_code", "91330206MA2A1K37XJ"),
        ("representative_id_card", "330106198305123712"),
        ("established_on", "2026-11-22"),
        ("consent_credit", ""),
        ("company_name", ""),
    ],
)
def test_a_wrong_entry_is_refused_beside_its_field(field: str, entry: str) -> None:
    assert refused("working-capital-application", answers.WORKING_CAPITAL | {field: entry}) == [field]


def test_an_amount_above_the_products_most_is_refused_and_asks_for_statements() -> None:
    entered = answers.WORKING_CAPITAL | {"requested_amount": "10000000.01"}
    assert refused("working-capital-application", entered) == ["requested_amount", "statements"]


def test_a_mandatory_document_must_be_uploaded_and_an_optional_one_need_not() -> None:
    assert refused("upload_documents", answers.uploaded(["business_license"])) == []
    assert refused("upload_documents", answers.uploaded(["invoices"])) != []


def test_the_consent_on_paper_is_asked_of_batch_customers_only() -> None:
    entered = answers.uploaded(["business_license"])
    assert refused("upload_documents", entered, channel="batch") == ["consent_credit"]


@pytest.mark.parametrize(
    ("field", "entry"), [("amount", "4260000.01"), ("rate_percent", "4.34"), ("term_months", "25")]
)
@pytest.mark.parametrize(
    ("key", "group", "valid"),
    [("initial_review", "proposal", answers.INITIAL_PASS), ("second_review", "approved", answers.SECOND_APPROVE)],
)
def test_terms_beyond_the_systems_bound_are_refused(
    key: str, group: str, valid: dict[str, Any], field: str, entry: str
) -> None:
    assert refused(key, valid | {group: valid[group] | {field: entry}}) == [f"{group}.{field}"]


@pytest.mark.parametrize(
    ("key", "valid"), [("initial_review", answers.INITIAL_PASS), ("lead_decision", answers.LEAD_TAKES_OVER)]
)
def test_a_repayment_method_that_the_rating_does_not_allow_is_refused(key: str, valid: dict[str, Any]) -> None:
    entered = valid | {"proposal": valid["proposal"] | {"repayment_method": "bullet"}}
    assert refused(key, entered) == ["proposal.repayment_method"]


def test_a_check_that_fails_needs_a_remark_and_a_cover_below_one_says_how_it_is_repaid() -> None:
    poor = answers.INITIAL_PASS | {"qualification": "no", "qualification_remark": ""}
    assert refused("initial_review", poor) == ["qualification_remark"]
    uncovered = answers.INITIAL_PASS | {"verified": answers.VERIFIED | {"dscr": "0.98"}}
    assert refused("initial_review", uncovered) == ["verified.remark"]


def test_a_site_visit_needs_two_photos() -> None:
    assert refused("site_visit", answers.SITE_VISIT | {"photos": [1]}) == ["photos"]


@pytest.mark.parametrize(
    ("key", "valid"), [("initial_review", answers.INITIAL_PASS), ("second_review", answers.SECOND_APPROVE)]
)
def test_an_opinion_under_twenty_characters_is_refused(key: str, valid: dict[str, Any]) -> None:
    assert refused(key, valid | {"opinion": "同意。"}) == ["opinion"]


@pytest.mark.parametrize(
    ("key", "valid"), [("initial_review", answers.INITIAL_FAIL), ("second_review", answers.SECOND_REFUSE)]
)
def test_a_refusal_needs_its_reason(key: str, valid: dict[str, Any]) -> None:
    entered = {name: value for name, value in valid.items() if not name.startswith("reason_")}
    assert refused(key, entered) == ["reason_code", "reason_text"]


@pytest.mark.parametrize("doubt", [{"lists_clear": "hit"}, {"payee_clear": "doubt"}])
def test_compliance_cannot_clear_what_it_found_a_hit_or_a_doubt_in(doubt: dict[str, str]) -> None:
    found = payout_answers.COMPLIANCE_CLEAR | doubt
    assert refused("compliance_check", found) == ["decision"]
    assert refused("compliance_check", found | {"decision": "hold", "remark": "待核实身份。"}) == []


def test_a_payable_above_the_order_is_refused() -> None:
    assert refused("confirm_payable", answers.CONFIRM_PAYABLE | {"payable_amount": "1250000.01"}) == ["payable_amount"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"quantity_found": "30.499"}, "quantity_found"),
        ({"counted_on": "2026-11-22"}, "counted_on"),
        ({"custody_promise": ""}, "custody_promise"),
        ({"decision": "refuse"}, "goods_remark"),
    ],
)
def test_goods_are_confirmed_as_the_receipt_says_or_refused_with_a_reason(change: dict[str, Any], path: str) -> None:
    assert refused("confirm_goods", answers.CONFIRM_GOODS | change) == [path]


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("receipt_number", "C1"),
        ("receipt_expires_on", "2026-11-20"),
        ("goods_quantity", "0"),
        ("goods_quantity", "1.0005"),
        ("receipt_value", "0"),
        ("custodian_code", "91330200MA2D3M012X"),
        ("statement_owner", ""),
        ("consent_custodian", ""),
    ],
)
def test_a_wrong_entry_on_the_receipt_is_refused_beside_its_field(field: str, entry: str) -> None:
    assert refused("warehouse-receipt-application", answers.WAREHOUSE_RECEIPT | {field: entry}) == [field]


def test_the_warehouse_reads_of_the_application_the_receipt_and_nothing_of_finances() -> None:
    opened = {
        part.path
        for part in form("warehouse-receipt-application").fields
        if "custodian" in part.properties.get("visible_to", "").split(",")
    }
    assert opened == {"company_name", "statement_owner", *answers.RECEIPT} - {"custodian_code"}


@pytest.mark.parametrize(("ends_on", "wrong"), [("2027-11-20", ["ends_on"]), ("2027-11-21", [])])
def test_a_pledge_is_registered_until_the_loan_matures_or_longer(ends_on: str, wrong: list[str]) -> None:
    entered = payout_answers.REGISTRATION | {"registered_on": "2026-11-20", "ends_on": ends_on}
    assert refused("register_pledge", entered) == wrong


def test_the_warehouse_reads_the_unit_of_the_goods_in_its_language() -> None:
    nodes = form("confirm_goods").view({}, CONTEXT | {"goods_unit": "吨"}, MOMENT)
    assert "30.5 tonnes" in nodes[0].label.of("en") and "30.5 吨" in nodes[0].label.zh
