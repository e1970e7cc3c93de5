"""What a service task may call: operation type -> use case."""

from __future__ import annotations

from app.texts import Text
from app.use_cases.applications.check_duplicates import CHECK_DUPLICATES
from app.use_cases.applications.load_facts import LOAD_FACTS
from app.use_cases.applications.read_internal_history import INTERNAL_HISTORY
from app.use_cases.assessment.work_out_ratios import WORK_OUT_RATIOS
from app.use_cases.collateral.pledge_collateral import PLEDGE_COLLATERAL
from app.use_cases.collateral.record_registration import RECORD_REGISTRATION
from app.use_cases.collateral.release_collateral import RELEASE_COLLATERAL
from app.use_cases.compliance.open_hold import OPEN_COMPLIANCE_HOLD
from app.use_cases.contracts.generate_contracts import GENERATE_CONTRACTS
from app.use_cases.contracts.lapse_contract import LAPSE_CONTRACT
from app.use_cases.contracts.require_contracts import REQUIRE_CONTRACTS
from app.use_cases.disposals.bind_buyer import BIND_BUYER
from app.use_cases.disposals.book_surplus_paid import BOOK_SURPLUS_PAID
from app.use_cases.disposals.open_disposal import OPEN_DISPOSAL
from app.use_cases.disposals.record_valuations import RECORD_VALUATIONS
from app.use_cases.disposals.release_buyer import RELEASE_BUYER
from app.use_cases.disposals.secure_collateral import SECURE_COLLATERAL
from app.use_cases.disposals.settle_proceeds import SETTLE_PROCEEDS
from app.use_cases.disposals.stop_disposal import STOP_DISPOSAL
from app.use_cases.loans.accelerate_loan import ACCELERATE_LOAN
from app.use_cases.loans.activate_loan import ACTIVATE_LOAN
from app.use_cases.offers.issue_offer import ISSUE_OFFER
from app.use_cases.offers.lapse_offer import LAPSE_OFFER
from app.use_cases.offers.quote_market_rate import MARKET_RATE
from app.use_cases.offers.record_acceptance import RECORD_ACCEPTANCE
from app.use_cases.offers.release_limit import RELEASE_LIMIT
from app.use_cases.offers.reserve_limit import RESERVE_LIMIT
from app.use_cases.operation import Operation, UnknownOperation
from app.use_cases.parties.ask_goods_price import GOODS_PRICE
from app.use_cases.parties.ask_sources import (
    BUREAU_REPORT,
    COURT_RECORDS,
    REGISTRY_RECORD,
    RISK_PLATFORM_REPORT,
    VERIFY_ENTERPRISE,
)
from app.use_cases.parties.check_consent import CHECK_CONSENT
from app.use_cases.parties.notify_party import NOTIFY_PARTY
from app.use_cases.parties.screen_parties import SCREEN_PARTIES
from app.use_cases.payments.book_refund import BOOK_REFUND
from app.use_cases.payments.cancel_payment import CANCEL_PAYMENT
from app.use_cases.payments.claim_receipt import CLAIM_RECEIPT
from app.use_cases.payments.pay_out import PAY_OUT
from app.use_cases.payments.query_payment import QUERY_PAYMENT

OPERATIONS: dict[str, Operation] = {
    operation.type: operation
    for operation in (
        VERIFY_ENTERPRISE,
        CHECK_DUPLICATES,
        RISK_PLATFORM_REPORT,
        CHECK_CONSENT,
        BUREAU_REPORT,
        REGISTRY_RECORD,
        COURT_RECORDS,
        GOODS_PRICE,
        SCREEN_PARTIES,
        INTERNAL_HISTORY,
        MARKET_RATE,
        WORK_OUT_RATIOS,
        LOAD_FACTS,
        RESERVE_LIMIT,
        RELEASE_LIMIT,
        ISSUE_OFFER,
        LAPSE_OFFER,
        RECORD_ACCEPTANCE,
        NOTIFY_PARTY,
        GENERATE_CONTRACTS,
        LAPSE_CONTRACT,
        REQUIRE_CONTRACTS,
        OPEN_COMPLIANCE_HOLD,
        PAY_OUT,
        CANCEL_PAYMENT,
        QUERY_PAYMENT,
        CLAIM_RECEIPT,
        BOOK_REFUND,
        ACTIVATE_LOAN,
        ACCELERATE_LOAN,
        PLEDGE_COLLATERAL,
        RECORD_REGISTRATION,
        RELEASE_COLLATERAL,
        OPEN_DISPOSAL,
        SECURE_COLLATERAL,
        RECORD_VALUATIONS,
        BIND_BUYER,
        RELEASE_BUYER,
        SETTLE_PROCEEDS,
        BOOK_SURPLUS_PAID,
        STOP_DISPOSAL,
    )
}


def find(type_: str) -> Operation:
    """The operation of this type; raises UnknownOperation."""
    if type_ not in OPERATIONS:
        raise UnknownOperation(f"系统没有名为“{type_}”的操作。", f'There is no operation named "{type_}".')
    return OPERATIONS[type_]


def name_of(type_: str) -> Text:
    """What people call an operation; its type where the product does not have it."""
    return OPERATIONS[type_].name if type_ in OPERATIONS else Text(type_, type_)


def asks_outside(type_: str) -> bool:
    """Whether an operation waits for the answer of somebody outside."""
    return type_ in OPERATIONS and OPERATIONS[type_].ask is not None
