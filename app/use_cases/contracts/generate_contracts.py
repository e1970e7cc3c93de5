"""Makes the contracts of a case from its accepted offer: typeset, stored, and waiting for signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.gateways import files
from app.gateways.typesetting import typeset
from app.moment import BUSINESS_ZONE
from app.storage import contracts, offers
from app.storage.contracts import Contract, ContractSignature
from app.storage.offers import Offer
from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.contracts.content import common_content, content_of, printed
from app.use_cases.contracts.contract_input import ContractInput
from app.use_cases.contracts.kinds import CAPACITIES, KINDS, LOAN, Kind
from app.use_cases.offers.amounts import checked
from app.use_cases.offers.lawful_price import RateAboveCap, Terms, all_in_percent, cap_on, require_within
from app.use_cases.operation import Call, Operation, OperationRefused

TYPE = "generate_contracts"
NEEDS = {"receivable_notice": "receivable", "warehouse_pledge": "receipt"}


@dataclass(frozen=True)
class Draft:
    """One contract before it is made: `printed` is what the PDF says, `content` what is stored of it."""

    kind: Kind
    content: dict[str, Any]
    printed: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Typeset:
    """The contract's file, stored under its hash; nobody knows of it before its row is written."""

    draft: Draft
    sha256: str


def _prepare(session: Session, call: Call) -> list[Draft] | OperationRefused:
    # a refusal is handed on, so that the diagram gets it as an error that it may catch
    try:
        return _drafts(session, call)
    except OperationRefused as refusal:
        return refusal


def _drafts(session: Session, call: Call) -> list[Draft]:
    if contracts.of_call(session, call.key):
        return []
    wanted = checked(ContractInput(), call.inputs)
    kinds = [KINDS[key] for key in dict.fromkeys(wanted["contracts"])]
    offer = _accepted_offer(session, call)
    _require_lawful_price(session, call, offer)
    common = common_content(session, call, offer, wanted)
    _require_all_that_is_printed(kinds, common)
    numbers = {kind.key: _number(session, call, kind) for kind in kinds}
    loan_number = numbers.get(LOAN) or _loan_number(session, call)
    # midnight: the same contract made twice on a day is the same file
    at = datetime.combine(call.moment.business_on, time(), BUSINESS_ZONE)
    made = [content_of(common, kind, numbers[kind.key], loan_number) for kind in kinds]
    return [Draft(kind, one, printed(session, one), at) for kind, one in zip(kinds, made, strict=True)]


def _ask(drafts: list[Draft] | OperationRefused) -> list[Typeset] | OperationRefused:
    if isinstance(drafts, OperationRefused):
        return drafts
    return [Typeset(one, files.put(typeset(one.kind.key, one.printed, one.at))) for one in drafts]


def generate_contracts(session: Session, call: Call, reply: list[Typeset] | OperationRefused) -> dict[str, Any]:
    """{"contracts": [{number, kind}], "signatures": [{key, contract, kind, capacity}]}, the funder's signatures last.

    The same call gives the same contracts, however often it runs. Open ones of the same kinds that an earlier call
    made lapse. Errors: BadInput; NotAllowed without an accepted offer or party, where one is in force already, or where
    the all-in yearly cost lies above the cap of the contract's day.
    """
    if isinstance(reply, OperationRefused):
        raise reply
    made = contracts.of_call(session, call.key)
    if not made:
        _end_earlier(session, call, {one.draft.kind.key for one in reply})
        offer = _accepted_offer(session, call)
        made = [_recorded(session, call, one, offer) for one in reply]
    places = sorted(contracts.signatures(session, [one.id for one in made]), key=lambda place: _order(place, made))
    by_id = {one.id: one for one in made}
    return {
        "contracts": [{"number": one.number, "kind": one.kind} for one in made],
        "signatures": [
            {
                "key": signature_key(by_id[place.contract_id].number, place.capacity),
                "contract": by_id[place.contract_id].number,
                "kind": by_id[place.contract_id].kind,
                "capacity": place.capacity,
            }
            for place in places
        ],
    }


def signature_key(number: str, capacity: str) -> str:
    """The correlation key of the message SignatureCompleted for one signature."""
    return f"{number}/{capacity}"


def _order(place: ContractSignature, made: list[Contract]) -> tuple[int, int]:
    return list(CAPACITIES).index(place.capacity), [one.id for one in made].index(place.contract_id)


def _accepted_offer(session: Session, call: Call) -> Offer:
    accepted = [offer for offer in offers.of_case(session, call.case.id) if offer.state == "accepted"]
    if not accepted:
        raise OperationRefused(
            "NotAllowed",
            "没有已接受的授信方案，不能生成合同。",
            "There is no accepted offer; no contract can be made.",
        )
    return accepted[-1]


def _require_lawful_price(session: Session, call: Call, offer: Offer) -> None:
    """The cap is that of the day of the contract: LPR may have fallen since the offer."""
    terms = Terms(offer.amount, Decimal(offer.rate_percent_per_year), offer.term_months, offer.repayment_method)
    on = call.moment.business_on
    try:
        require_within(all_in_percent(terms, offer.fees, on), cap_on(session, offer.funder_id, on))
    except RateAboveCap as above:
        raise OperationRefused("NotAllowed", above.text.zh, above.text.of("en")) from above


def _require_all_that_is_printed(kinds: list[Kind], common: Mapping[str, Any]) -> None:
    there = {party["capacity"] for party in common["parties"]}
    for kind in kinds:
        for capacity in kind.capacities:
            if capacity not in there:
                name = CAPACITIES[capacity]
                raise OperationRefused(
                    "NotAllowed",
                    f"“{kind.name.zh}”需要{name.zh}签署，但本申请没有登记这一方。",
                    f"The {kind.name.en.lower()} is signed by a {name.en.lower()}, and this case has none.",
                )
        needed = NEEDS.get(kind.key)
        if needed and common[needed] is None:
            raise OperationRefused(
                "BadInput",
                f"流程图没有给出“{kind.name.zh}”要写的内容（{needed}）。",
                f"The diagram gave nothing to print in the {kind.name.en.lower()} ({needed}).",
            )


def _number(session: Session, call: Call, kind: Kind) -> str:
    """As "JK202611210001-1": the kind, the case's digits, and how often contracts of the case were made."""
    rows = select(func.count()).where(
        OutboxRow.case_id == call.case.id, OutboxRow.name == TYPE, OutboxRow.id <= call.row_id
    )
    digits = call.case.number.removeprefix("LN")
    return f"{kind.prefix}{digits}-{session.scalar(rows)}"


def _loan_number(session: Session, call: Call) -> str:
    there = [
        one.number
        for one in contracts.of_case(session, call.case.id)
        if one.kind == LOAN and one.state != contracts.LAPSED
    ]
    if not there:
        raise OperationRefused(
            "NotAllowed",
            "担保合同须与借款合同一起生成，或者在借款合同之后生成。",
            "A contract of security is made with the loan contract or after it.",
        )
    return there[-1]


def _end_earlier(session: Session, call: Call, kinds: set[str]) -> None:
    for earlier in contracts.of_case(session, call.case.id):
        if earlier.kind not in kinds:
            continue
        contract = contracts.locked(session, earlier.id)
        if contract.state == contracts.IN_FORCE:
            raise OperationRefused(
                "NotAllowed",
                f"合同 {contract.number} 已经生效，不能再生成一份。",
                f"The contract {contract.number} is in force; no second one is made.",
            )
        if contract.state == contracts.OPEN:
            contract.state, contract.lapsed_at = contracts.LAPSED, call.moment.now


def _recorded(session: Session, call: Call, made: Typeset, offer: Offer) -> Contract:
    contract = Contract(
        number=made.draft.content["number"],
        case_id=call.case.id,
        kind=made.draft.kind.key,
        reference=call.key,
        offer_id=offer.id,
        content=made.draft.content,
        document_sha256=made.sha256,
        generated_at=call.moment.now,
    )
    session.add(contract)
    session.flush()
    session.add_all(
        ContractSignature(
            contract_id=contract.id,
            position=position,
            capacity=signatory["capacity"],
            organisation_id=signatory["organisation_id"],
        )
        for position, signatory in enumerate(made.draft.content["signatories"])
    )
    session.flush()
    return contract


GENERATE_CONTRACTS = Operation(
    TYPE, Text("生成合同", "make the contracts"), generate_contracts, prepare=_prepare, ask=_ask
)
